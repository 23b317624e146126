"""Another language puts a new window in the place of the old one: nothing is lost, and nothing is left behind."""

import gc
import sys
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QObject, QProcess, QThread, QTimer
from PySide6.QtWidgets import QApplication
from shiboken6 import isValid

from recdesk.core.errors import RecdeskError
from recdesk.gui.language import install_translation
from recdesk.gui.main_window import MainWindow
from recdesk.gui.preferences import Preferences
from recdesk.gui.preload_pages import PagePreload
from recdesk.gui.session import Session
from recdesk.gui.windows import Windows
from recdesk.workspace.workspace import Workspace
from tests.gui.test_main_window import start_run, stop_run
from tests.gui.trained import leave, trained_workspace

# Said by the platform without a screen whenever a window opens
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")


@pytest.fixture
def windows(tmp_path: Path, preferences: Preferences, qapp: QApplication, qtbot) -> Iterator[Windows]:
    """An English window on a workspace with a dataset and a finished run."""
    preferences.language = "en"
    session = Session(trained_workspace(tmp_path / "w"), preferences)
    made = Windows(session)
    made.window.resize(1280, 800)
    with qtbot.waitExposed(made.window):
        made.window.show()
    session.choose_run(session.workspace.runs()[0].id)
    qtbot.waitUntil(lambda: session.dataset is not None)
    yield made
    session = made.session
    leave(made.window)
    session.shutdown()
    qtbot.waitUntil(lambda: not made._left, timeout=30_000)
    made.window.close()
    made.window.deleteLater()
    made.deleteLater()
    session.deleteLater()
    install_translation(qapp, "en")
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def switch(windows: Windows, language: str, qtbot) -> MainWindow:
    """Choose a language and wait until the old window is gone; gives the new one."""
    old = windows.window
    windows.session.choose_language(language)
    qtbot.waitUntil(lambda: windows.window is not old and not isValid(old), timeout=60_000)
    return windows.window


def page(windows: Windows, key: str, ready: Callable[[object], bool], qtbot) -> object:
    """A page once it shows what it has to show."""
    shown = windows.window.show_page(key)
    qtbot.waitUntil(lambda: ready(shown), timeout=30_000)
    return shown


@pytest.mark.slow
def test_a_run_trains_on_through_changes_of_language_and_the_train_page_stays_as_it_was(windows, qtbot):
    session = windows.session
    start_run(session, qtbot)
    before = page(windows, "train", lambda page: len(page.loss.train.series) > 20, qtbot)
    before.loss.set_axis("epoch")
    before.loss._axis_chips["epoch"].setChecked(True)
    before.quality.chips["mrr"].setChecked(True)
    before.log_chip.setChecked(True)
    before.loss.plot.show_range(0.1, 0.3)
    zoom = before.loss.plot.zoom()
    form, run, lines = before.settings.form.values(), session.training.run, before.log.view.toPlainText().count("\n")

    switch(windows, "zh_CN", qtbot)
    after = windows.window.pages["train"]
    assert after.accessibleName() == "训练" and after.pause_button.text() == "暂停"
    assert session.training.state == "running" and session.training.run is run
    assert after.settings.form.values() == form
    assert [name for name, chip in after.quality.chips.items() if chip.isChecked()] == ["ndcg@10", "mrr"]
    assert after.loss._axis == "epoch" and after.loss.plot.zoom() == zoom
    assert after.log.isVisible() and after.log.view.toPlainText().count("\n") >= lines
    steps = session.training.curves.step
    qtbot.waitUntil(lambda: session.training.curves.step > steps + 5)

    switch(windows, "en", qtbot)
    again = windows.window.pages["train"]
    assert again.accessibleName() == "Train" and again.loss.plot.zoom() == zoom
    windows.window.job_centre.open()
    assert [row.accessibleName().split()[0] for row in windows.window.job_centre.rows] == ["Training"]
    windows.window.job_centre.close()
    stop_run(session, qtbot)
    assert session.training.run.state == "stopped" and not windows.window.failures.isVisible()


@pytest.mark.slow
def test_a_form_that_is_half_filled_stays_so(windows, qtbot):
    train = page(windows, "train", lambda page: bool(page.estimate.lines[0].text()), qtbot)
    train.model.choices["hybrid"].click()
    train.settings.preset.setCurrentIndex(2)
    train.settings.form.set_values({"hidden": 96, "epochs": 7})
    train.settings.form.more.setChecked(True)
    train.settings.split.setCurrentIndex(1)
    values = train.settings.form.values()
    for language in ("zh_CN", "en"):
        switch(windows, language, qtbot)
        shown = windows.window.pages["train"].settings
        assert windows.window.pages["train"].model.kind() == "hybrid"
        assert shown.form.values() == values and shown.form.more.isChecked()
        assert shown.preset.currentIndex() == 2 and shown.split.currentIndex() == 1
    assert shown.form.differing() == ["Hidden size", "Epochs"] or len(shown.form.differing()) == 2


@pytest.mark.slow
def test_person_edits_and_filters_of_the_recommend_page_stay_and_can_still_be_undone(windows, qtbot):
    shown = page(windows, "recommend", lambda page: bool(page.top.codes) and bool(page.history.codes), qtbot)
    shown.users.search.setText("1")
    qtbot.waitUntil(lambda: not windows.session.jobs._jobs, timeout=30_000)
    found = shown.users.count.text()
    shown.history.remove(0)
    shown.history.remove(0)
    shown.top.number.setValue(7)
    user, codes, model = shown.history.user, shown.history.codes, shown.model
    switch(windows, "zh_CN", qtbot)
    after = windows.window.pages["recommend"]
    assert after.model is model, "it was not opened again"
    assert (after.history.user, after.history.codes, after.top.n()) == (user, codes, 7)
    assert (after.users.search.text(), after.users.count.text()) == ("1", found)
    qtbot.waitUntil(lambda: len(after.top.codes) == 7)
    after.history.undo()
    after.history.undo()
    assert len(after.history.codes) == len(codes) + 2 and not after.history.can_undo


@pytest.mark.slow
def test_selection_view_and_order_of_the_runs_stay(windows, qtbot):
    session = windows.session
    (run,) = session.workspace.runs()
    session.workspace.create_run("chain", run.config, "leave-one-out")
    shown = page(windows, "runs", lambda page: len(page.table.rows) == 2, qtbot)
    shown.table.choose_several([0, 1], 1)
    for view in (2, 1, 4):
        shown.views.choose(view)
    shown.table.sortByColumn(2, shown.table.horizontalHeader().sortIndicatorOrder())
    ids, current = {run.id for run in shown.selected()}, shown.chosen().id
    shown_made = shown.views.made
    switch(windows, "zh_CN", qtbot)
    after = windows.window.pages["runs"]
    assert ({run.id for run in after.selected()}, after.chosen().id) == (ids, current)
    assert after.views.made == shown_made == [0, 1, 2, 4]
    assert after.views.view == 4 and after.table.horizontalHeader().sortIndicatorSection() == 2
    qtbot.waitUntil(lambda: bool(after.details.view.toPlainText()))


@pytest.mark.slow
def test_an_import_under_preparation_keeps_its_plan_and_what_was_read(windows, tmp_path, qtbot):
    file = tmp_path / "log.csv"
    file.write_text(
        "user,item,timestamp\n" + "".join(f"u{n % 9},i{n % 7},2024-01-{n % 28 + 1:02}\n" for n in range(90))
    )
    data = windows.window.show_page("data")
    data.open_files([file])
    qtbot.waitUntil(lambda: data.importing.isVisible() and data.importing.reader.state == "read", timeout=60_000)
    data.importing.draft.set_role("time", "")
    data.importing.files.name.setText("mine")
    data.importing.files.name.editingFinished.emit()
    qtbot.waitUntil(lambda: data.importing.reader.state == "read", timeout=60_000)
    plan, intake = data.importing.draft.plan, data.importing.reader.intake
    switch(windows, "zh_CN", qtbot)
    after = windows.window.pages["data"]
    assert after.importing.isVisible() and after.import_button.text() == "导入"
    assert after.importing.draft.plan == plan and after.importing.reader.intake is intake
    assert after.importing.files.name.text() == "mine"
    after.import_button.click()
    qtbot.waitUntil(lambda: windows.session.dataset_name == "mine", timeout=30_000)
    assert not after.importing.isVisible()


@pytest.mark.slow
def test_an_import_that_runs_is_taken_over_with_its_progress_and_its_end(windows, tmp_path, qtbot, monkeypatch):
    from threading import Event

    import recdesk.gui.pages.data.import_view as view

    go_on, carry_out = Event(), view._import
    monkeypatch.setattr(view, "_import", lambda *given: go_on.wait(30) and carry_out(*given))
    file = tmp_path / "slow.csv"
    file.write_text("user,item\n" + "".join(f"u{n % 9},i{n % 7}\n" for n in range(90)))
    data = windows.window.show_page("data")
    data.open_files([file])
    qtbot.waitUntil(lambda: data.importing.isVisible() and data.importing.reader.state == "read", timeout=60_000)
    data.importing.start()
    old = windows.window
    windows.session.choose_language("zh_CN")
    qtbot.waitUntil(lambda: windows.window is not old and not isValid(old), timeout=60_000)
    after = windows.window.pages["data"]
    assert isValid(data) and after.importing.busy and not after.import_button.isEnabled()
    go_on.set()
    qtbot.waitUntil(lambda: windows.session.dataset_name == "slow", timeout=30_000)
    qtbot.waitUntil(lambda: not isValid(data))
    assert not after.importing.isVisible() and not after.importing.busy
    assert windows.session.script.entries[-1].words[0] == "import"


@pytest.mark.slow
def test_errors_the_tour_and_the_place_of_the_window_stay(windows, qtbot):
    window = windows.window
    window.setGeometry(40, 50, 1100, 700)
    window.tour.start()
    windows.session.fail(RecdeskError("It broke."))
    windows.session.fail(RecdeskError("It broke again."))
    after = switch(windows, "zh_CN", qtbot)
    assert after.geometry() == window_geometry(40, 50, 1100, 700)
    assert after.failures.isVisible() and after.failures.sentence() == "It broke again."
    assert len(after.failures.errors) == 2 and after.tour.at == 0 and after.tour.notice.text()


def window_geometry(*numbers: int) -> object:
    from PySide6.QtCore import QRect

    return QRect(*numbers)


@pytest.mark.slow
def test_changes_leave_no_window_timer_or_thread_behind(windows, qtbot):
    session = windows.session
    keys = ("data", "train", "runs", "recommend", "settings")
    for key in keys:
        windows.window.show_page(key)

    def at_rest() -> bool:
        creating = [each for each in windows.window.findChildren(PagePreload) if each.findChild(QTimer).isActive()]
        return windows.window.pages.keys() >= set(keys) and not creating and not session.jobs._jobs

    settled = partial(qtbot.waitUntil, at_rest, timeout=60_000)

    def counted() -> tuple[int, int, int]:
        settled()
        for _ in range(3):
            QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
            gc.collect()
        objects = [each for each in gc.get_objects() if isinstance(each, QObject) and isValid(each)]
        timers = [t for t in objects if isinstance(t, QTimer) and t.isActive() and not t.isSingleShot()]
        threads = [each for each in objects if isinstance(each, QThread)]
        return len([each for each in objects if isinstance(each, MainWindow)]), len(timers), len(threads)

    settled()
    switch(windows, "zh_CN", qtbot)
    first = counted()
    for language in ("en", "zh_CN"):
        switch(windows, language, qtbot)
    assert counted() == first == (1, *first[1:])


def switch_workspace(windows: Windows, folder: Path, qtbot) -> MainWindow:
    old = windows.window
    windows.session.workspace_requested.emit(folder, False)
    qtbot.waitUntil(lambda: windows.window is not old and not isValid(old), timeout=60_000)
    return windows.window


@pytest.mark.slow
def test_another_workspace_opens_in_the_place_of_this_one_and_back(windows, tmp_path, qtbot):
    first, session = windows.session.workspace.folder, windows.session
    preferences = session.preferences
    second = switch_workspace(windows, tmp_path / "second", qtbot)
    assert second.session.workspace.folder == tmp_path / "second" and not second.session.read_only
    assert second.session is windows.session and second.session.dataset_name is None
    assert preferences.recent_workspaces == [tmp_path / "second", first]
    assert preferences.workspace == tmp_path / "second"
    qtbot.waitUntil(lambda: not isValid(session), timeout=30_000)  # it is unlocked, and its threads have ended
    specs = {spec.id: spec for spec in second.session.actions.all()}
    qtbot.waitUntil(specs["workspace.recent.0"].enabled, timeout=30_000)
    second.session.actions.trigger("workspace.recent.0")
    qtbot.waitUntil(lambda: windows.window is not second and not isValid(second), timeout=60_000)
    assert windows.session.workspace.folder == first and not windows.session.read_only
    qtbot.waitUntil(lambda: windows.session.dataset is not None, timeout=30_000)  # as it was left


@pytest.mark.slow
def test_while_something_runs_another_workspace_opens_in_a_second_window(windows, tmp_path, qtbot, monkeypatch):
    started = []
    monkeypatch.setattr(QProcess, "startDetached", lambda *given: (started.append(given), (True, 1))[1])
    start_run(windows.session, qtbot)
    window = windows.window
    with qtbot.waitSignal(windows.session.status_changed) as told:
        windows.session.workspace_requested.emit(tmp_path / "second", False)
    assert "Something runs in this window" in told.args[0]
    assert started == [(sys.executable, ["-m", "recdesk", "--workspace", str(tmp_path / "second")])]
    assert windows.window is window and windows.session.training.state == "running"
    stop_run(windows.session, qtbot)
    windows.session.workspace_requested.emit(tmp_path / "third", True)
    assert started[-1][1][-1] == str(tmp_path / "third") and windows.window is window


@pytest.mark.slow
def test_a_folder_that_cannot_be_a_workspace_is_refused_and_this_one_stays(windows, tmp_path, qtbot):
    newer = Workspace(tmp_path / "newer").folder
    (newer / "workspace.json").write_text('{"format": 999}')
    window, folder = windows.window, windows.session.workspace.folder
    windows.session.workspace_requested.emit(newer, False)
    qtbot.waitUntil(window.failures.isVisible, timeout=30_000)
    assert "newer recdesk" in window.failures.sentence()
    assert windows.window is window and windows.session.workspace.folder == folder
    assert windows.session.preferences.workspace is None


def test_workspaces_whose_folder_is_gone_are_listed_and_cannot_be_chosen(windows, tmp_path, qtbot):
    preferences = windows.session.preferences
    Workspace(tmp_path / "here")
    for name in ("gone", "here"):
        preferences.add_recent_workspace(tmp_path / name)
    windows.session.choose_language("zh_CN")
    switch(windows, "en", qtbot)
    actions = windows.session.actions
    qtbot.waitUntil(lambda: any("gone: not there now" in spec.title for spec in actions.all()), timeout=30_000)
    qtbot.waitUntil(lambda: not windows.session.jobs._jobs, timeout=30_000)
    told = {spec.title: spec.enabled() for spec in actions.all() if spec.id.startswith("workspace.recent")}
    assert told[f"Workspace {tmp_path / 'here'}"] is True
    assert told[f"Workspace {tmp_path / 'gone'}: not there now"] is False
    file = windows.window._menus._menus["File"]
    assert file.actions()[-1].text() == "Quit" and file.actions()[-2].menu().title() == "&Workspaces"
