"""What the window knows of the run under way, and how it steers it."""

import threading
from pathlib import Path
from typing import Literal

from PySide6.QtCore import QObject, QTimer, Signal

from recdesk.gui.thread_runner import ThreadRunner
from recdesk.monitor.control import Control
from recdesk.monitor.curves import RunCurves
from recdesk.monitor.events import Event
from recdesk.workspace.run_log import curves_of
from recdesk.workspace.snapshot import RunSnapshot

TrainingState = Literal["idle", "running", "paused", "stopping"]
Ready = tuple[RunSnapshot, RunCurves | None]
"""What `TrainingController.start` needs: a run, and its curves so far where it goes on."""
FLUSH_INTERVAL_MS = 66  # about 15 times a second


class EventBuffer:
    """Where the worker leaves events and the GUI thread takes them. Thread-safe."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._events: list[Event] = []

    def add(self, event: Event) -> None:
        """Leave one."""
        with self._lock:
            self._events.append(event)

    def take(self) -> list[Event]:
        """Take all, in order."""
        with self._lock:
            events, self._events = self._events, []
        return events


class TrainingController(QObject):
    """Starts, pauses, resumes and stops the one run of this window.

    Signals:
        events: what the run said since the last batch (a list of `training.events.Event`), about 15 times a second.
        state_changed: idle, running, paused or stopping. "idle" comes after the last events.

    Attributes:
        run: the run under way as it stood before, or the last one as it was left; None before the first.
        state: idle, running, paused or stopping.
        curves: of that run, up to the last batch of events.
    """

    events = Signal(list)
    state_changed = Signal(str)

    def __init__(self, runner: ThreadRunner | None = None, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.run: RunSnapshot | None = None
        self.state: TrainingState = "idle"
        self.curves = RunCurves()
        self._runner = runner or ThreadRunner(self)
        self._runner.ended.connect(self._over)
        self._control: Control | None = None
        self._buffer = EventBuffer()
        self._timer = QTimer(self, interval=FLUSH_INTERVAL_MS)
        self._timer.timeout.connect(self._flush)

    @property
    def waits(self) -> bool:
        """The run holds by itself: its folder is full or gone."""
        return self.state == "running" and self.curves.holding

    def start(self, run: RunSnapshot, earlier: RunCurves | None = None) -> None:
        """Carry out `run`; one that has `earlier` curves goes on from its last checkpoint. Only when idle."""
        assert self.state == "idle", "a run is under way"
        self.run = run
        self.curves = earlier or RunCurves()
        self.curves.holding = False
        self._buffer = EventBuffer()
        self._timer.start()
        self._enter("running")
        self._control = self._runner.start(run, earlier is not None, self._buffer.add)

    def pause(self) -> None:
        """Hold the run after its current step."""
        if self.state == "running" and self._control is not None:
            self._control.pause()
            self._enter("paused")

    def resume(self) -> None:
        """Let a paused run go on."""
        if self.state == "paused" and self._control is not None:
            self._control.resume()
            self._enter("running")

    def stop(self) -> None:
        """End the run after its current step, keeping everything; a second time skips the final figures."""
        if self.state != "idle" and self._control is not None:
            self._control.stop()
            self._enter("stopping")

    def shutdown(self) -> None:
        """Stop whatever runs and wait for it."""
        self._runner.shutdown()

    def _flush(self) -> None:
        gathered = self._buffer.take()
        for event in gathered:
            self.curves.add(event)
        if gathered:
            self.events.emit(gathered)

    def _over(self, left: RunSnapshot | None) -> None:
        self._timer.stop()
        self._flush()
        self._control = None
        self.run = left or self.run
        self._enter("idle")

    def _enter(self, state: TrainingState) -> None:
        if state != self.state:
            self.state = state
            self.state_changed.emit(state)


def ready(folder: Path, resume: bool = False) -> Ready:
    """Read the folder of a run that is to be started or resumed."""
    run = RunSnapshot.read(folder)
    return run, curves_of(run) if resume else None
