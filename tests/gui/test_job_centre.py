import threading

import pytest

from recdesk.gui.job_centre import JobCentre
from recdesk.gui.main_window import MainWindow
from recdesk.gui.widgets.buttons import Chip
from tests.gui.driver import window_on
from tests.gui.pages.train.driver import TrainPageDriver
from tests.gui.trained import add_dataset

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")


@pytest.fixture
def driver(session, qtbot) -> TrainPageDriver:
    made = TrainPageDriver(window_on(session, qtbot), qtbot)
    made.use(add_dataset(session.workspace))
    return made


def buttons(centre: JobCentre) -> list[str]:
    return [chip.text() for row in centre.rows for chip in row.findChildren(Chip)]


def press(centre: JobCentre, text: str) -> None:
    next(chip for row in centre.rows for chip in row.findChildren(Chip) if chip.text() == text).click()


def test_jobs_are_listed_with_their_progress_and_can_be_cancelled(session, qtbot):
    window = MainWindow(session)
    qtbot.addWidget(window)
    window.show()
    centre, go_on = window.job_centre, threading.Event()

    def work(context):
        context.report(0.25)
        while not go_on.wait(0.01):
            context.check()

    job = session.jobs.run("Reading a book", work)
    centre.open()
    assert [row.accessibleName() for row in centre.rows] == ["Reading a book"]
    qtbot.waitUntil(lambda: centre.rows[0].line.value() == 0.25)
    press(centre, "Cancel")
    assert job.state == "cancelled"
    assert centre.rows == []
    assert centre._nothing.isVisible()
    centre.close()
    go_on.set()


def test_a_run_is_paused_resumed_and_discarded_from_the_list(driver: TrainPageDriver):
    session, centre = driver.session, driver.window.job_centre
    driver.start(epochs=100_000, patience=1000)
    centre.open()
    assert buttons(centre) == ["Show", "Pause", "Stop and keep", "Discard"]
    press(centre, "Pause")
    assert session.training.state == "paused"
    assert buttons(centre) == ["Show", "Go on", "Stop and keep", "Discard"]
    press(centre, "Go on")
    assert session.training.state == "running"
    run = session.training.run
    assert run is not None
    press(centre, "Discard")
    driver.until(lambda: session.training.state == "idle" and not session.jobs._jobs)
    assert session.workspace.runs() == []
    assert (session.workspace.folder / "trash").is_dir()
    assert session.run_id is None
    centre.close()


def test_the_desktop_is_told_of_what_took_long_while_the_window_is_not_in_front(session, qtbot, monkeypatch):
    window = MainWindow(session)
    qtbot.addWidget(window)
    told = []
    monkeypatch.setattr(window.notifications, "tell", lambda title, text: told.append((title, text)))
    session.jobs.run("Quick", lambda context: None)
    qtbot.waitUntil(lambda: not session.jobs._jobs)
    assert told == []
    monkeypatch.setattr("recdesk.gui.notifications.LONG_SECONDS", 0.0)
    session.jobs.run("Slow", lambda context: None)
    session.jobs.run("Out of sight", lambda context: None, visible=False)
    qtbot.waitUntil(lambda: not session.jobs._jobs)
    assert told == [("Slow", "Done.")]
    monkeypatch.setattr(window, "isActiveWindow", lambda: True)
    session.jobs.run("In front", lambda context: None)
    qtbot.waitUntil(lambda: not session.jobs._jobs)
    assert told == [("Slow", "Done.")]
