"""The window's thread reads and writes no file of the workspace: a slow drive never holds the window up."""

import os
import shutil
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt

from recdesk.gui.main_window import MainWindow
from recdesk.gui.preferences import Preferences
from recdesk.gui.session import Session
from recdesk.monitor.events import Step
from recdesk.workspace.runs import Run
from recdesk.workspace.workspace import Workspace
from tests.gui.driver import WindowDriver, cells
from tests.gui.trained import answer, leave, train_until, trained_workspace

# Said by the platform without a screen whenever a window opens
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")

RUNS = 300


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    """With "chain", a finished run on it and 299 like it, and one that was stopped."""
    workspace = trained_workspace(tmp_path / "trained")
    (run,) = workspace.runs()
    for number in range(RUNS - 1):
        copy = run.folder.with_name(f"{run.id}-{number:03}")
        shutil.copytree(run.folder, copy, copy_function=os.link)
        shutil.copy(run.folder / "run.json", copy / "own.json")
        (copy / "own.json").replace(copy / "run.json")
    return workspace


@pytest.fixture
def window(workspace: Workspace, preferences: Preferences, qapp, qtbot) -> Iterator[MainWindow]:
    session = Session(workspace, preferences)
    window = MainWindow(session)
    qtbot.addWidget(window, before_close_func=leave)
    window.resize(1280, 800)
    with qtbot.waitExposed(window):
        window.show()
    settle(window, qtbot)
    yield window
    leave(window)
    session.deleteLater()


def settle(window: MainWindow, qtbot) -> None:
    """No job is under way, nor one that a timer or the end of another is about to begin."""
    jobs = window.session.jobs
    for _ in range(3):
        qtbot.wait(20)
        qtbot.waitUntil(lambda: not jobs._jobs, timeout=60_000)


@pytest.mark.slow
def test_no_file_of_the_workspace_is_touched_on_the_windows_thread(
    window: MainWindow, workspace: Workspace, preferences: Preferences, watching, tmp_path: Path, qtbot
):
    session, driver = window.session, WindowDriver(window, qtbot)
    watch = watching(workspace.folder, threading.get_ident())
    touched: dict[str, list[tuple[str, str]]] = {}

    def done(step: str) -> None:
        settle(window, qtbot)
        if watch.seen:
            touched[step] = list(watch.seen)
        watch.seen.clear()

    window.show_page("runs")
    done("open Runs")
    table = window.pages["runs"].table
    assert len(table.rows) == RUNS
    for row in (3, 200):
        table.choose(row)
        done(f"choose run {row}")
    table.choose_several([1, 2, 5], 1)
    done("compare runs")
    window.pages["runs"].export_metrics(tmp_path / "metrics.csv")
    done("export metrics")
    assert len((tmp_path / "metrics.csv").read_text(encoding="utf-8").splitlines()) > RUNS
    answer("Move to trash")
    window.pages["runs"].remove()
    done("remove the runs that were compared")
    assert len(table.rows) == RUNS - 3
    window.pages["runs"].new_from_this()
    done("show a run on Train")
    session.choose_run(table.rows[7].run.id)
    done("choose another run on Train")
    assert session.dataset is not None and len(window.pages["train"].loss.plot.curves[0].series)

    window.show_page("recommend")
    done("open Recommend")
    page = window.pages["recommend"]
    page.run_box.activated.emit(11)
    done("choose a run on Recommend")
    assert page.run.id == page.loader.runs[11].id and page.model is not None
    qtbot.keyClicks(page.users.search, "user-01")
    done("search users")
    assert len(cells(page.users.table)) == 10

    window.show_page("data")
    done("open Data")
    assert len(window.pages["data"].datasets.model.infos) == 1
    session.choose_dataset(None)
    session.choose_dataset("chain")
    done("choose a dataset")
    window.show_page("settings")
    done("open Settings")

    window.show_page("train")
    done("open Train")
    driver.click(window.pages["train"].start_button)
    qtbot.waitUntil(lambda: session.training.state == "running", timeout=60_000)
    session.training.stop()
    qtbot.waitUntil(lambda: session.training.state == "idle", timeout=60_000)
    done("train and stop")
    window.show_page("runs")
    done("open Runs again")
    window.pages["runs"].table.selectRow(0)
    done("choose the stopped run")
    assert touched == {}


@pytest.mark.slow
def test_resuming_a_run_reads_it_on_another_thread(window: MainWindow, workspace: Workspace, watching, qtbot):
    run = train_until(workspace, lambda event: isinstance(event, Step) and event.step >= 3, epochs=3)
    window.show_page("runs")
    settle(window, qtbot)
    page = window.pages["runs"]
    page.table.choose([row.run.id for row in page.table.rows].index(run.id))
    settle(window, qtbot)
    watch = watching(workspace.folder, threading.get_ident())
    page.resume()
    training = window.session.training
    qtbot.waitUntil(lambda: training.run is not None and training.state == "idle", timeout=60_000)
    settle(window, qtbot)
    assert watch.seen == []
    assert (training.run.id, training.run.state, Run.read(run.folder).state) == (run.id, "finished", "finished")


def test_what_was_chosen_last_time_is_chosen_again_on_another_thread(
    workspace: Workspace, preferences: Preferences, watching, qapp, qtbot
):
    wanted = workspace.runs()[100].id
    preferences.set_last_choice("run", workspace.folder, wanted)
    session = Session(workspace, preferences)
    watch = watching(workspace.folder, threading.get_ident())
    session.restore()
    qtbot.waitUntil(lambda: session.dataset is not None, timeout=60_000)
    assert (session.run_id, session.dataset_name) == (wanted, "chain")
    assert watch.seen == []
    session.shutdown()
    session.deleteLater()


def test_a_run_that_is_clicked_away_is_not_shown_when_it_has_been_read(window: MainWindow, workspace: Workspace, qtbot):
    window.show_page("runs")
    settle(window, qtbot)
    page = window.pages["runs"]
    shown: list[str] = []
    genuine = page.details.show_runs
    page.details.show_runs = lambda runs, *more: (shown.extend(run.id for run in runs), genuine(runs, *more))
    for row in range(10, 60):
        page.table.choose(row)
    settle(window, qtbot)
    assert shown[-1] == page.table.rows[59].run.id
    assert len(shown) < 50
    assert page.table.rows[59].run.id in page.details.view.toPlainText()


def test_a_dataset_that_is_chosen_while_a_run_is_looked_up_wins(workspace: Workspace, preferences, chain, qapp, qtbot):
    other = workspace.folder / "datasets" / "other"
    shutil.copytree(workspace.folder / "datasets" / "chain", other)
    session = Session(workspace, preferences)
    session.choose_run(workspace.runs()[0].id)
    session.choose_dataset("other")
    qtbot.waitUntil(lambda: not session.jobs._jobs, timeout=60_000)
    assert (session.run_id, session.dataset_name) == (None, "other")
    session.shutdown()
    session.deleteLater()


def test_recent_files_that_are_gone_are_not_offered(session: Session, tmp_path: Path, qtbot):
    from recdesk.gui.pages.data.add_card import AddCard, RecentButton

    gone, there = tmp_path / "gone.csv", tmp_path / "there.csv"
    there.touch()
    session.preferences.add_recent_import(there)
    session.preferences.add_recent_import(there, gone)
    card = AddCard(session)
    qtbot.addWidget(card)
    qtbot.waitUntil(lambda: not session.jobs._jobs)
    assert [button.paths for button in card.findChildren(RecentButton)] == [(there,)]


def test_the_newest_of_many_searches_is_the_one_that_is_shown(window: MainWindow, qtbot):
    window.show_page("recommend")
    settle(window, qtbot)
    users = window.pages["recommend"].users
    for text in ("0", "03", "user-0", "user-04", "nobody", "user-05"):
        users.search.setText(text)
    settle(window, qtbot)
    assert [row[0] for row in cells(users.table)] == [f"user-05{n}" for n in range(10)]
    users.search.setText("nobody")
    users.search.clear()
    settle(window, qtbot)
    assert len(cells(users.table)) == 60


@pytest.mark.slow
def test_an_item_is_added_by_what_was_typed_last_however_quick_the_person_is(window: MainWindow, qtbot):
    from recdesk.gui.pages.recommend.item_dialogs import ItemDialog

    window.show_page("recommend")
    settle(window, qtbot)
    dataset = window.pages["recommend"].model.dataset
    dialog = ItemDialog(dataset, window.session.jobs, window)
    dialog.open()
    qtbot.keyClicks(dialog.search, dataset.item_ids[22])
    qtbot.keyClick(dialog.search, Qt.Key.Key_Return)
    with qtbot.waitSignal(dialog.finished):
        pass
    assert dialog.code() == 23


def test_every_way_to_touch_a_file_is_heard(watching, tmp_path: Path):
    """What the tests above rely on: nothing slips by them, and another thread is free to read."""
    path = tmp_path / "run.json"
    path.write_text("{}", encoding="utf-8")

    def descriptor() -> None:
        os.close(os.open(path, os.O_RDONLY))

    def written() -> None:
        with path.open("a", encoding="utf-8") as stream:
            stream.write(" ")

    def elsewhere(way) -> None:
        thread = threading.Thread(target=way)
        thread.start()
        thread.join()

    watch = watching(tmp_path, threading.get_ident())
    for way in (path.read_text, path.read_bytes, descriptor, written, path.exists, lambda: list(tmp_path.iterdir())):
        elsewhere(way)
        assert watch.seen == []
        way()
        assert watch.seen
        watch.seen.clear()
