"""Runs as one file in the window: saved, opened, dropped, reproduced."""

from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPoint, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QApplication, QFileDialog

from recdesk.experiment.onnx_folder import OnnxExport
from recdesk.experiment.onnx_parity import Parity
from recdesk.gui.main_window import MainWindow
from recdesk.gui.pages.runs.model_dialog import ModelChoice, ModelDialog
from recdesk.gui.pages.runs.pack_dialog import PackDialog
from recdesk.gui.session import Session
from recdesk.workspace.packing import Choice, pack
from recdesk.workspace.unpacking import open_package
from recdesk.workspace.workspace import Workspace
from tests.gui.pages.runs.driver import RunsPageDriver
from tests.gui.trained import trained_workspace

# Said by the platform without a screen whenever a window opens
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    """With "chain" and a finished run on it."""
    return trained_workspace(tmp_path / "trained")


@pytest.fixture
def driver(session: Session, qtbot) -> RunsPageDriver:
    return RunsPageDriver(session, qtbot)


def drop(window: MainWindow, *files: Path) -> None:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(file)) for file in files])
    given = (Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier)
    enter = QDragEnterEvent(QPoint(5, 5), *given)
    window.dragEnterEvent(enter)
    assert enter.isAccepted()
    window.dropEvent(QDropEvent(QPoint(5, 5).toPointF(), *given))


def test_the_chosen_runs_are_saved_as_one_file(driver: RunsPageDriver, session: Session, tmp_path: Path, monkeypatch):
    run = driver.session.workspace.runs()[0]
    target = tmp_path / "mine.recdesk"
    monkeypatch.setattr(PackDialog, "exec", lambda dialog: dialog.models.setChecked(False) or 1)
    monkeypatch.setattr("recdesk.gui.pages.runs.run_files.ask_for_file", lambda *_: target)
    session.actions.trigger("package.save")
    driver.until(lambda: target.exists() and not session.jobs.working())
    expected = tmp_path / "expected.recdesk"
    pack([run], expected, Choice(models=False))
    assert target.read_bytes() == expected.read_bytes()
    assert session.script.entries[-1].words == ("pack", run.id, "--out", str(target), "--without-models")
    driver.until(lambda: "Saved to" in driver.window.run_files.notice.text())


def test_the_dialog_says_what_the_file_holds_of_people(driver: RunsPageDriver, qtbot, check_controls):
    dialog = PackDialog(driver.session.workspace.runs(), driver.window)
    assert dialog.choice == Choice() and "holds the histories of the people" in dialog.consequence.text()
    dialog.people.setChecked(True)
    assert dialog.choice == Choice(people=True)
    dialog.data.setChecked(False)
    assert dialog.choice == Choice(data=False) and "holds no history" in dialog.consequence.text()
    check_controls(dialog)
    dialog.deleteLater()


@pytest.mark.slow
def test_a_file_dropped_anywhere_is_opened_and_its_run_shown(session: Session, driver: RunsPageDriver, tmp_path: Path):
    package = tmp_path / "mine.recdesk"
    workspace = session.workspace
    pack(workspace.runs(), package)
    workspace.remove_run(workspace.runs()[0].id)
    session.runs_changed.emit()
    driver.until(lambda: not driver.rows())
    driver.window.show_page("settings")
    drop(driver.window, package)
    driver.until(lambda: driver.window.stack.currentWidget() is driver.page and len(driver.rows()) == 1)
    assert session.run_id == workspace.runs()[0].id
    assert driver.window.run_files.notice.text() == "Opened mine.recdesk: 1 run added."
    assert session.script.entries[-1].words == ("open", str(package))


@pytest.mark.slow
def test_the_same_file_is_opened_from_the_dialog_and_from_the_data_page(
    session: Session, driver: RunsPageDriver, tmp_path: Path, monkeypatch
):
    package = tmp_path / "mine.recdesk"
    pack(session.workspace.runs(), package)
    monkeypatch.setattr(QFileDialog, "getOpenFileNames", lambda *_: ([str(package)], ""))
    notice = driver.window.run_files.notice
    for action in ("package.open", "data.open"):
        notice.hide()
        session.actions.trigger(action)
        driver.until(lambda: notice.text() == "Opened mine.recdesk: 0 runs added.")
    assert "is here already, with the same content" in notice.accessibleDescription()
    assert len(session.workspace.runs()) == 1


def test_a_damaged_file_changes_nothing_and_says_why(session: Session, driver: RunsPageDriver, tmp_path: Path):
    package = tmp_path / "mine.recdesk"
    pack(session.workspace.runs(), package)
    package.write_bytes(package.read_bytes()[:-200])
    drop(driver.window, package)
    driver.until(lambda: driver.window.failures.isVisible())
    assert len(session.workspace.runs()) == 1 and not session.jobs.working()


@pytest.mark.slow
def test_a_run_is_reproduced_and_the_window_says_whether_it_is_the_same(session: Session, driver: RunsPageDriver):
    run = session.workspace.runs()[0]
    driver.choose_runs(run)
    assert session.actions.spec("runs.reproduce").enabled()
    session.actions.trigger("runs.reproduce")
    notice = driver.window.run_files.notice
    driver.until(lambda: bool(notice.text()))
    assert notice.text() == f"Run {run.id} came out the same, bit by bit."
    again = next(each for each in session.workspace.runs() if each.id != run.id)
    assert again.reproduces == run.id and again.metrics == run.metrics


def test_the_menu_has_all_of_it(driver: RunsPageDriver, session: Session, qtbot):
    from PySide6.QtCore import QTimer
    from PySide6.QtWidgets import QMenu

    seen: list[list[str]] = []

    def look() -> None:
        menu = QApplication.activePopupWidget()
        if not isinstance(menu, QMenu):
            QTimer.singleShot(10, look)
            return
        seen.append([action.text() for action in menu.actions() if action.isEnabled()])
        menu.close()

    QTimer.singleShot(10, look)
    driver.page.more_chip.click()
    assert seen[0][:5] == [
        "Save runs as one file…", "Open runs from one file…", "Reproduce this run", "Export the model as a folder…",
        "Import a model from a folder…",
    ]  # fmt: skip


def test_what_is_opened_is_there_for_commands_too(session: Session, tmp_path: Path):
    pack(session.workspace.runs(), tmp_path / "a.recdesk")
    other = Workspace(tmp_path / "other")
    assert [run.fate for run in open_package(other, tmp_path / "a.recdesk").runs] == ["added"]


def test_a_model_goes_out_as_a_folder_and_comes_back_as_a_run(
    session: Session, driver: RunsPageDriver, tmp_path: Path, monkeypatch
):
    run, notice = session.workspace.runs()[0], driver.window.run_files.notice
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: str(tmp_path))
    monkeypatch.setattr(ModelDialog, "exec", lambda dialog: dialog.license.setText(" mit ") or 1)
    session.actions.trigger("runs.export-model")
    driver.until(lambda: "Model written to" in notice.text())
    assert "under the licence mit" in (tmp_path / run.id / "README.md").read_text(encoding="utf-8")
    assert session.script.entries[-1].words[-2:] == ("--license", "mit")
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: str(tmp_path / run.id))
    session.actions.trigger("package.import-model")
    driver.until(lambda: "is a run of “chain” now" in notice.text() and len(driver.rows()) == 2)
    other = next(each for each in session.workspace.runs() if each.id != run.id)
    assert session.run_id == other.id and other.metrics == run.metrics and other.has_model


def test_a_model_as_onnx_is_written_beside_it_and_says_what_the_comparison_gave(
    session: Session, driver: RunsPageDriver, tmp_path: Path, monkeypatch
):
    run, notice, asked = session.workspace.runs()[0], driver.window.run_files.notice, []

    def export(*given) -> OnnxExport:
        asked.append(given[:4])
        return OnnxExport(Parity(60, common=0.96, before=0.5, after=0.5, int8=True), ("A note.",))

    monkeypatch.setattr("recdesk.experiment.onnx_folder.export_onnx", export)
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: str(tmp_path))
    monkeypatch.setattr(ModelDialog, "exec", lambda dialog: dialog.form.setCurrentIndex(2) or 1)
    session.actions.trigger("runs.export-model")
    driver.until(lambda: "Model written to" in notice.text())
    folder = tmp_path / f"{run.id}-onnx-int8"
    assert [(given[0].id, *given[1:]) for given in asked] == [(run.id, folder, "", True)]
    said = notice.accessibleDescription()
    assert "96.00% of their places hold the same items" in said and "A note." in said
    assert session.script.entries[-1].words[2:] == ("--out", str(folder), "--format", "onnx", "--int8")
    monkeypatch.setattr(ModelDialog, "exec", lambda _: 0)
    session.actions.trigger("runs.export-model")
    assert len(asked) == 1


def test_the_dialog_of_models_says_what_each_form_is_for(driver: RunsPageDriver, qtbot, check_controls):
    dialog = ModelDialog(driver.session.workspace.runs()[0], driver.window)
    qtbot.addWidget(dialog)
    assert dialog.choice == ModelChoice()
    said = set()
    for index in range(3):
        dialog.form.setCurrentIndex(index)
        said.add(dialog.consequence.text())
    assert len(said) == 3 and dialog.choice.options == ["--format", "onnx", "--int8"]
    check_controls(dialog)
