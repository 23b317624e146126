import shlex

import pytest
import typer
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

import recdesk.__main__  # noqa: F401  (registers every command)
from recdesk.cli.app import app
from recdesk.gui.command_actions import ScriptDialog
from recdesk.gui.context_menu import action_menu
from recdesk.gui.main_window import MainWindow
from recdesk.gui.session import Session
from recdesk.workspace.run_labels import Labels
from tests.gui.trained import add_dataset, leave, trained_workspace

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")


@pytest.fixture
def window(session, qtbot) -> MainWindow:
    made = MainWindow(session)
    qtbot.addWidget(made)
    made.show()
    return made


def copied() -> list[str]:
    return shlex.split(QApplication.clipboard().text())


def test_the_command_of_the_train_page_has_its_settings(window, session, qtbot):
    name = add_dataset(session.workspace)
    session.choose_dataset(name)
    qtbot.waitUntil(lambda: session.dataset is not None)
    window.show_page("train").settings.form.set_values({"patience": 3})
    session.actions.trigger("window.copy-command")
    words = ["recdesk", "train", name, "--model", "bert-causal", "--set", "patience=3"]
    assert copied() == [*words, "--workspace", str(session.workspace.folder)]


def test_a_page_without_a_command_copies_nothing(window, session):
    QApplication.clipboard().setText("before")
    window.show_page("settings")
    session.actions.trigger("window.copy-command")
    assert QApplication.clipboard().text() == "before"


def test_the_palette_copies_the_command_of_an_action(window, session, qtbot):
    palette = window.palette_popup
    palette.open()
    palette.field.setText("example in chinese")
    qtbot.keyClick(palette.field, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert not palette.isVisible()
    assert copied()[:4] == ["recdesk", "example", "--language", "zh"]


def test_the_script_can_be_saved(session, qtbot, tmp_path):
    session.script.add(["example", "--language", "en"])
    dialog = ScriptDialog(session)
    qtbot.addWidget(dialog)
    dialog.save_to(tmp_path / "again.sh")
    qtbot.waitUntil(lambda: (tmp_path / "again.sh").exists())
    assert (tmp_path / "again.sh").read_text() == dialog.view.toPlainText()
    assert 'recdesk example --language en --workspace "$WORKSPACE"' in dialog.view.toPlainText()


@pytest.fixture
def working(tmp_path, preferences, qapp, qtbot):
    """The window on a workspace with a dataset and a finished run, all pages made."""
    made = Session(trained_workspace(tmp_path / "w"), preferences)
    window = MainWindow(made)
    qtbot.addWidget(window, before_close_func=leave)
    window.show()
    made.choose_run(made.workspace.runs()[0].id)
    qtbot.waitUntil(lambda: made.dataset is not None, timeout=30_000)
    for key in ("data", "train", "runs", "recommend"):
        window.show_page(key)
        qtbot.waitUntil(lambda: not made.jobs._jobs, timeout=60_000)
    yield window
    made.shutdown()
    made.deleteLater()


def test_every_action_has_a_command_that_can_be_parsed_or_a_reason_why_not(working):
    session, without = working.session, []
    known = typer.main.get_command(app)
    for spec in session.actions.all():
        words = spec.words()
        if words is None:
            assert spec.reason.endswith("."), f"{spec.id} has neither a command nor a reason"
            without.append(spec.id)
            continue
        command = known.commands[words[0]]
        context = command.make_context(words[0], [*words[1:], "--workspace", str(session.workspace.folder)])
        assert context.params["workspace"] == session.workspace.folder, spec.id
    asked = {
        "data.open",
        "data.update",
        "runs.metrics",
        "runs.label",
        "runs.trash",
        "package.open",
        "package.import-model",
    }
    server = {"runs.serve-stop"}
    run = {"queue.pause", "training.pause", "training.resume", "training.stop"}
    tried = {"recommend.undo", "recommend.redo", "recommend.block", "recommend.rules"}
    page = {"runs.compare"}  # one run is chosen
    window = {id for id in without if id.split(".")[0] in ("go", "window", "help", "theme", "language", "workspace")}
    assert set(without) - window == asked | server | run | tried | page | {"recommend.find", "recommend.item"}


@pytest.mark.slow
def test_commands_of_the_pages_name_what_is_chosen(working):
    session = working.session
    (run,) = session.workspace.runs()
    words = {spec.id: spec.words() for spec in session.actions.all()}
    page = working.pages["recommend"]
    person, item = page.history.name(page.history.user), str(page.model.dataset.item_ids[page.top.codes[0] - 1])
    assert words["recommend.explain"] == ["explain", run.id, person, item, "--top", "10"]
    assert words["recommend.similar"] == ["similar", run.id, item]
    assert words["recommend.export"] == ["export", run.id, "--out", "recommendations.csv", "--top", "10"]
    assert words["runs.resume"] == ["resume", run.id] and words["runs.remove"] == ["runs", "--remove", run.id]
    assert words["runs.report"] == ["report", run.id, "--out", f"{run.id}.html"]
    assert words["data.remove"] == ["datasets", "--remove", "chain"]
    assert words["train.texts"] == ["texts", "chain"] and words["train.tune"][:3] == ["tune", "chain", "--minutes"]


def test_a_context_menu_copies_the_commands_of_its_actions(working):
    session = working.session
    menu = action_menu(session, ["runs.resume", "runs.metrics", "runs.remove"], working)
    assert [action.text() for action in menu.actions() if action.text()][:3] == [
        "Resume run", "Export metrics…", "Remove run…"
    ]  # fmt: skip
    copies = menu.actions()[-1].menu()
    assert copies.title() == "Copy as command"
    assert [action.text() for action in copies.actions()] == ["Resume run", "Remove run…"]
    copies.actions()[1].trigger()
    assert copied()[:3] == ["recdesk", "runs", "--remove"]
    menu.deleteLater()


def test_an_action_without_a_command_says_why(working, qtbot):
    with qtbot.waitSignal(working.session.status_changed) as told:
        working.palette_popup.command_copied.emit(
            next(spec for spec in working.session.actions.all() if spec.id == "training.pause")
        )
    assert told.args[0].startswith("No command does this. It is about the run")


@pytest.mark.slow
def test_what_is_changed_of_runs_stands_in_the_session_script(working, qtbot, monkeypatch):
    session, page = working.session, working.pages["runs"]
    (run,) = session.workspace.runs()
    page.run_actions.save(run, Labels("best", True, ("a", "b"), "it's good"))
    qtbot.waitUntil(lambda: len(session.script.entries) == 1)
    words = ["runs", run.id, "--name", "best", "--star", "--tags", "a,b", "--note", "it's good"]
    assert list(session.script.entries[0].words) == words
    monkeypatch.setattr("recdesk.gui.pages.runs.run_actions.is_sure", lambda *_: True)
    page.run_actions.remove([run])
    qtbot.waitUntil(lambda: len(session.script.entries) == 2)
    assert list(session.script.entries[1].words) == ["runs", "--remove", run.id]
