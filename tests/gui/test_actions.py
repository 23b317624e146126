import pytest
from PySide6.QtGui import QKeySequence

from recdesk.gui.actions import Actions, ActionSpec
from recdesk.gui.preferences import Preferences
from recdesk.gui.widgets.command_palette import matching


@pytest.fixture
def actions(qapp, preferences):
    made = Actions(preferences)
    yield made
    made.deleteLater()


def spec(name: str, title: str = "", **more) -> ActionSpec:
    return ActionSpec(name, title or name, more.pop("callback", lambda: None), **more)


def test_an_action_does_its_work_by_menu_and_by_name(actions):
    done = []
    action = actions.add(spec("a", callback=lambda: done.append("a")))
    action.trigger()
    actions.trigger("a")
    assert done == ["a", "a"]


def test_what_cannot_be_done_now_is_not_done(actions):
    done, free = [], []
    actions.add(spec("a", callback=lambda: done.append("a"), enabled=lambda: bool(free)))
    actions.show_enabled()
    assert not actions.action("a").isEnabled()
    actions.trigger("a")
    assert done == []
    free.append(True)
    actions.show_enabled()
    assert actions.action("a").isEnabled()
    actions.action("a").trigger()
    assert done == ["a"]


def test_actions_stand_in_the_order_in_which_they_came(actions, qtbot):
    for name in ("b", "a", "c"):
        with qtbot.waitSignal(actions.changed):
            actions.add(spec(name))
    assert [known.id for known in actions.all()] == ["b", "a", "c"]


def test_an_action_with_the_same_id_replaces_the_first(actions):
    done = []
    first = actions.add(spec("a", "First", callback=lambda: done.append(1)))
    second = actions.add(spec("a", "Second", callback=lambda: done.append(2)))
    assert first is second
    assert (second.text(), len(actions.all())) == ("Second", 1)
    second.trigger()
    assert done == [2]


def test_an_action_that_is_taken_off_is_gone(actions):
    actions.add(spec("a"))
    actions.remove("a")
    actions.remove("a")
    assert actions.all() == []


def test_a_shortcut_of_the_persons_own_is_remembered_and_the_default_forgotten(actions, preferences):
    actions.add(spec("a", shortcut="Ctrl+J"))
    assert actions.action("a").shortcut() == QKeySequence("Ctrl+J")
    actions.set_shortcut("a", "Ctrl+Shift+U")
    assert actions.action("a").shortcut() == QKeySequence("Ctrl+Shift+U")
    assert preferences.shortcut("a", "Ctrl+J") == "Ctrl+Shift+U"
    actions.set_shortcut("a", "Ctrl+J")
    assert preferences.shortcut("a", "another default") == "another default"


def test_an_action_can_be_without_a_shortcut_for_good(actions, preferences):
    actions.add(spec("a", shortcut="Ctrl+J"))
    actions.set_shortcut("a", "")
    assert actions.action("a").shortcut().isEmpty()
    again = Actions(preferences, actions)
    assert again.add(spec("a", shortcut="Ctrl+J")).shortcut().isEmpty()


def test_a_remembered_shortcut_is_used_by_the_next_window(actions, preferences, tmp_path):
    actions.add(spec("a", shortcut="Ctrl+J"))
    actions.set_shortcut("a", "Ctrl+,")
    preferences.sync()
    again = Actions(Preferences(tmp_path / "settings.ini"), actions)
    assert again.add(spec("a", shortcut="Ctrl+J")).shortcut() == QKeySequence("Ctrl+,")


def test_the_owner_of_a_shortcut_is_found(actions):
    actions.add(spec("a", shortcut="Ctrl+J"))
    actions.add(spec("b"))
    assert actions.owner_of("Ctrl+J").id == "a"
    assert actions.owner_of("Ctrl+U") is None
    assert actions.owner_of("") is None


@pytest.mark.parametrize(
    ("typed", "titles"),
    [
        ("", ["Open file…", "Go to Data", "Stop training", "Train a model"]),
        ("train", ["Train a model", "Stop training"]),
        ("TRAIN stop", ["Stop training"]),
        ("  data  ", ["Go to Data"]),
        ("run", ["Stop training"]),
        ("nothing", []),
    ],
)
def test_typing_finds_titles_and_menus_and_puts_beginnings_first(typed, titles):
    specs = [
        spec("1", "Open file…", menu="File"),
        spec("2", "Go to Data", menu="View"),
        spec("3", "Stop training", menu="Run"),
        spec("4", "Train a model", menu="View"),
    ]
    assert [found.title for found in matching(specs, typed)] == titles
