import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication, QKeySequence
from PySide6.QtWidgets import QFileDialog

from recdesk import __version__
from recdesk.gui import theme
from recdesk.gui.main_window import MainWindow
from recdesk.gui.pages.settings.cards import AboutCard, AppearanceCard, WorkspaceCard
from recdesk.gui.pages.settings.page import SettingsPage
from recdesk.gui.session import Session
from recdesk.gui.widgets.text import Text
from tests.gui.driver import cells
from tests.gui.markup import labels
from tests.gui.trained import button, leave

# Said by the platform without a screen whenever a window opens
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")


@pytest.fixture
def window(session: Session, qtbot) -> MainWindow:
    made = MainWindow(session)
    qtbot.addWidget(made, before_close_func=leave)
    with qtbot.waitActive(made):
        made.show()
        made.activateWindow()
    made.show_page("settings")
    return made


@pytest.fixture
def page(window: MainWindow) -> SettingsPage:
    shown = window.pages["settings"]
    assert isinstance(shown, SettingsPage)
    return shown


def choose(page: SettingsPage, action_id: str) -> None:
    """Choose an action in the list of shortcuts."""
    row = [spec.id for spec in page.session.actions.all()].index(action_id)
    page.shortcuts.table.selectRow(row)


def press(qtbot, page: SettingsPage, key: Qt.Key, *held: Qt.KeyboardModifier) -> None:
    """Press keys in the editor and leave it."""
    modifiers = Qt.KeyboardModifier.NoModifier
    for modifier in held:
        modifiers |= modifier
    editor = page.shortcuts.editor
    editor.setFocus()
    with qtbot.waitSignal(editor.editingFinished):
        qtbot.keyClick(editor, key, modifiers)


CTRL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier


def test_every_action_is_listed_with_its_keys(page: SettingsPage):
    actions = page.session.actions
    assert cells(page.shortcuts.table) == [[spec.title, actions.shortcut(spec.id)] for spec in actions.all()]
    assert ["Commands…", "Ctrl+K"] in cells(page.shortcuts.table)


def test_the_list_of_shortcuts_is_a_table(page: SettingsPage, qtmodeltester):
    qtmodeltester.check(page.shortcuts.table.model(), force_py=True)


def test_keys_pressed_are_the_keys_of_the_chosen_action(page: SettingsPage, window: MainWindow, qtbot):
    choose(page, "go.runs")
    assert page.shortcuts.editor.keySequence() == QKeySequence("Ctrl+3")
    press(qtbot, page, Qt.Key.Key_J, CTRL, SHIFT)
    assert page.session.actions.shortcut("go.runs") == "Ctrl+Shift+J"
    assert page.session.preferences.shortcut("go.runs", "Ctrl+3") == "Ctrl+Shift+J"
    assert ["Go to Runs", "Ctrl+Shift+J"] in cells(page.shortcuts.table)
    window.activateWindow()
    qtbot.keySequence(window, QKeySequence("Ctrl+Shift+J"))
    assert window.stack.currentWidget() is window.pages["runs"]


def test_keys_that_another_action_has_are_refused_with_its_name(page: SettingsPage, qtbot):
    choose(page, "go.runs")
    press(qtbot, page, Qt.Key.Key_K, CTRL)
    assert "“Commands…” has Ctrl+K. Choose another one." in labels(page.shortcuts)
    assert page.session.actions.shortcut("go.runs") == "Ctrl+3"
    assert page.session.actions.shortcut("window.palette") == "Ctrl+K"
    (note,) = [label for label in page.shortcuts.findChildren(Text) if "Choose another one." in label.text()]
    assert note.isVisible()
    choose(page, "go.train")
    assert not note.isVisible()


@pytest.mark.parametrize("keys", ["Esc", "A", "Shift+A", "Return", "Tab"])
def test_a_key_that_is_needed_by_itself_is_no_shortcut(page: SettingsPage, keys: str):
    choose(page, "go.runs")
    page.shortcuts.set_shortcut(QKeySequence(keys))
    assert page.session.actions.shortcut("go.runs") == "Ctrl+3"
    assert any("alone is needed" in text for text in labels(page.shortcuts))
    page.shortcuts.set_shortcut(QKeySequence("F7"))
    assert page.session.actions.shortcut("go.runs") == "F7"


def test_the_default_comes_back_with_one_click(page: SettingsPage, qtbot):
    choose(page, "go.runs")
    press(qtbot, page, Qt.Key.Key_J, CTRL, SHIFT)
    qtbot.mouseClick(button(page, "Default"), Qt.MouseButton.LeftButton)
    assert page.session.actions.shortcut("go.runs") == "Ctrl+3"
    assert page.shortcuts.editor.keySequence() == QKeySequence("Ctrl+3")
    assert page.session.preferences.shortcut("go.runs", "another") == "another"


def test_an_action_can_be_left_without_a_shortcut(page: SettingsPage):
    choose(page, "go.runs")
    page.shortcuts.editor.clear()
    page.shortcuts.editor.editingFinished.emit()
    assert page.session.actions.shortcut("go.runs") == ""
    choose(page, "go.train")
    page.shortcuts.editor.clear()
    page.shortcuts.editor.editingFinished.emit()
    assert page.session.actions.shortcut("go.train") == ""


def test_the_colours_change_at_once_from_here_and_follow_the_menu(page: SettingsPage, window: MainWindow, qtbot):
    (card,) = page.findChildren(AppearanceCard)
    try:
        card.themes.setFocus()
        qtbot.keyClicks(card.themes, "Dark")
        assert theme.theme().scheme == "dark"
        assert page.session.preferences.theme == "dark"
    finally:
        page.session.actions.trigger("theme.light")
    assert card.themes.currentText() == "Light"


def test_a_language_is_remembered_and_asked_for_at_once(page: SettingsPage, qtbot):
    (card,) = page.findChildren(AppearanceCard)
    assert [card.languages.itemText(i) for i in range(card.languages.count())] == [
        "As the system",
        "English",
        "简体中文",
    ]
    card.languages.setFocus()
    with qtbot.waitSignal(page.session.language_chosen):
        qtbot.keyClick(card.languages, Qt.Key.Key_End)
    assert page.session.preferences.language == "zh_CN"
    with qtbot.assertNotEmitted(page.session.language_chosen):
        page.session.choose_language("zh_CN")


def test_the_workspace_is_shown_and_another_one_can_be_asked_for(page: SettingsPage, tmp_path, monkeypatch, qtbot):
    (card,) = page.findChildren(WorkspaceCard)
    assert str(page.session.workspace.folder) in labels(card)
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: str(tmp_path / "other"))
    with qtbot.waitSignal(page.session.workspace_requested) as asked:
        qtbot.mouseClick(button(card, "Another workspace…"), Qt.MouseButton.LeftButton)
    assert asked.args == [tmp_path / "other", False]


def test_versions_can_be_read_and_copied(page: SettingsPage, qtbot):
    (card,) = page.findChildren(AboutCard)
    assert any(f"recdesk {__version__}" in said and "PyTorch" in said for said in labels(card))
    qtbot.mouseClick(button(card, "Copy versions"), Qt.MouseButton.LeftButton)
    copied = QGuiApplication.clipboard().text()
    assert copied.startswith(f"recdesk {__version__}")
    assert "–" not in copied  # every part is found
