"""The queue of runs in the window."""

import threading
from pathlib import Path

import pytest
from PySide6.QtCore import QTimer

from recdesk.gui.widgets.buttons import Chip
from recdesk.workspace.runs import Run
from tests.gui.driver import window_on
from tests.gui.pages.train.driver import TrainPageDriver
from tests.gui.trained import add_dataset
from tests.workspace.conftest import small_config

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")


class QueueDriver(TrainPageDriver):
    def add(self, **settings) -> None:
        """Press *Add to the queue* with small settings."""
        before = len(self.session.queue.waiting)
        self.page.use_settings(small_config(**settings), "leave-one-out")
        self.click(self.page.queue_button)
        self.until(lambda: len(self.session.queue.waiting) == before + 1)

    def listed(self) -> list[str]:
        return [line.accessibleName()[:2] for line in self.window.job_centre.queue.lines]

    def press(self, name: str) -> None:
        rows = self.window.job_centre.queue
        chips = [chip for chip in rows.findChildren(Chip) if chip.isVisible()]
        next(chip for chip in chips if (chip.accessibleName() or chip.text()).startswith(name)).click()
        self.settle()

    def waiting(self) -> list[int]:
        """Seeds of the runs that wait, as another process reads them."""
        return [run.config.seed for run in self.session.workspace.queue.waiting()]


@pytest.fixture
def driver(session, qtbot) -> QueueDriver:
    made = QueueDriver(window_on(session, qtbot), qtbot)
    made.use(add_dataset(session.workspace))
    return made


def test_runs_are_added_ordered_and_taken_out(driver: QueueDriver):
    for seed in range(3):
        driver.add(seed=seed)
    assert driver.session.training.state == "idle" and driver.waiting() == [0, 1, 2]
    driver.window.job_centre.open()
    assert driver.listed() == ["1.", "2.", "3."]
    assert driver.window.job_centre.queue.count.text() == "3 runs wait in the queue."
    driver.press("Later: 1.")
    assert driver.waiting() == [1, 0, 2]
    driver.press("Earlier: 3.")
    assert driver.waiting() == [1, 2, 0]
    driver.press("Take out: 1.")
    assert driver.waiting() == [2, 0] and len(driver.session.workspace.runs()) == 3
    driver.window.job_centre.close()


def test_a_slow_look_at_the_queue_hides_nothing_that_was_added_meanwhile(driver: QueueDriver, monkeypatch):
    queue, read, go_on = driver.session.queue, threading.Event(), threading.Event()
    waiting = type(driver.session.workspace.queue).waiting

    def slowly(of) -> list[Run]:
        found = waiting(of)
        if not read.is_set():
            read.set()
            go_on.wait(30)
        return found

    monkeypatch.setattr(type(driver.session.workspace.queue), "waiting", slowly)
    queue.refresh()
    driver.until(read.is_set)
    driver.page.use_settings(small_config(seed=7), "leave-one-out")
    driver.click(driver.page.queue_button)
    QTimer.singleShot(100, go_on.set)
    driver.until(lambda: bool(driver.waiting()))
    driver.settle()
    assert [run.config.seed for run in queue.waiting] == [7]


@pytest.mark.slow  # trains twice, as does the next one
def test_the_queue_trains_one_after_the_other(driver: QueueDriver):
    for seed in range(2):
        driver.add(seed=seed, epochs=1)
    driver.session.actions.trigger("queue.start")
    driver.until(lambda: not driver.session.queue.waiting and driver.session.training.state == "idle")
    driver.settle()
    assert [run.state for run in driver.session.workspace.runs()] == ["finished", "finished"]
    assert not driver.session.queue.active and driver.waiting() == []


@pytest.mark.slow
def test_a_run_that_fails_stops_no_other(driver: QueueDriver):
    driver.add(seed=0, epochs=1)
    broken = driver.session.queue.waiting[0]
    (broken.folder / "checkpoints").write_text("in the way")
    driver.add(seed=1, epochs=1)
    driver.session.queue.start()
    driver.until(lambda: len(driver.session.queue.waiting) == 1)
    driver.until(lambda: not driver.session.queue.waiting and driver.session.training.state == "idle")
    driver.settle()
    states = {run.config.seed: Run.read(run.folder).state for run in driver.session.workspace.runs()}
    assert states == {0: "failed", 1: "finished"}


@pytest.mark.slow
def test_stopping_a_run_and_pausing_begin_no_other(driver: QueueDriver):
    for seed in range(3):
        driver.add(seed=seed, epochs=100_000, patience=1000)
    driver.session.queue.start()
    driver.until(lambda: driver.session.training.state == "running")
    driver.session.queue.pause()
    driver.settle()
    assert driver.session.training.state == "running" and not driver.session.queue.active
    driver.session.queue.start()
    driver.settle()
    driver.stop()
    driver.settle()
    assert driver.session.training.state == "idle" and driver.waiting() == [1, 2]


def test_what_waited_is_there_after_a_restart(driver: QueueDriver, session, tmp_path: Path, preferences):
    from recdesk.gui.session import Session
    from recdesk.workspace.workspace import Workspace

    driver.add(seed=4)
    other = Session(Workspace(session.workspace.folder), preferences, read_only=True)
    other.queue.refresh()
    driver.until(lambda: len(other.queue.waiting) == 1)
    assert not other.queue.active
    other.shutdown()
    other.deleteLater()


def test_the_strip_says_that_runs_wait(driver: QueueDriver):
    driver.add(seed=0)
    assert driver.window.strip.state() == "idle, 1 in the queue"
