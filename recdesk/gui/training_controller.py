"""Running the training of the window: the thread that executes a run, and the controller that starts and stops it."""

import contextlib
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from PySide6.QtCore import QObject, QThread, QTimer, Signal

from recdesk.core.errors import RecdeskError
from recdesk.core.machine import lower_priority
from recdesk.gui.jobs import explained
from recdesk.gui.preload_torch import preload_torch
from recdesk.gui.trials_runner import TrialNews, TrialsRunner, TrialUnderWay
from recdesk.monitor.control import Control
from recdesk.monitor.events import Emit, Event, Failed
from recdesk.workspace.run_log import curves_of
from recdesk.workspace.runs import Run

if TYPE_CHECKING:  # curves bring numpy, for which the first sight of the window does not wait
    from recdesk.experiment.study import Study
    from recdesk.monitor.curves import RunCurves
    from recdesk.workspace.run_cluster import ClusterRecord

_STACK_BYTES = 16 << 20  # macOS gives secondary threads 512 KiB, too little for deep graphs
TrainingState = Literal["idle", "running", "paused", "stopping"]
Ready = tuple[Run, "RunCurves | None"]
"""Arguments of `TrainingController.start`: a run, and its curves so far if it is resumed."""
STARTING = "run.start"
"""Key of the job that prepares a run."""
FLUSH_INTERVAL_MS = 66  # about 15 times a second


class ThreadRunner(QObject):
    """Executes runs (`cluster.runner.execute`) in a QThread, one at a time.

    Signals:
        ended: the run is over and its thread has finished (on the GUI thread, after the last event was emitted); a
            The run as it was left, None where that cannot be read.
    """

    ended = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._thread: QThread | None = None
        self._worker: _Worker | None = None
        self._control: Control | None = None
        self._elsewhere = False

    @property
    def busy(self) -> bool:
        """Whether a run is under way."""
        return self._thread is not None

    def start(self, run: "Run", resume: bool, emit: Emit) -> Control:
        """Start a run and return at once; `emit` is called on the worker thread."""
        assert self._thread is None, "one run at a time"
        self._control, self._elsewhere = Control(), run.cluster is not None
        self._thread = QThread(self)
        self._thread.setStackSize(_STACK_BYTES)
        self._worker = _Worker(run.folder, self._control, emit, resume)
        self._worker.moveToThread(self._thread)
        self._thread.started.connect(self._worker.work)
        self._worker.over.connect(self._thread.quit)
        self._thread.finished.connect(self._clear)
        self._thread.start(QThread.Priority.LowPriority)  # for Windows and macOS; for Linux see `lower_priority`
        return self._control

    def shutdown(self) -> None:
        """Stop the run, keeping it, and wait for its thread; one on a cluster goes on there."""
        if self._thread is not None and self._control is not None:
            (self._control.leave if self._elsewhere else self._control.stop)()
            self._thread.quit()
            self._thread.wait()
            self._clear()

    def _clear(self) -> None:
        if self._thread is None or self._worker is None:
            return
        left = self._worker.left
        self._thread.deleteLater()
        self._thread = self._worker = self._control = None
        self.ended.emit(left)


class _Worker(QObject):
    over = Signal()

    def __init__(self, folder: Path, control: Control, emit: Emit, resume: bool) -> None:
        super().__init__()
        self._folder, self._control, self._emit, self._resume = folder, control, emit, resume
        self.left: Run | None = None

    def work(self) -> None:
        """Execute the run; `over` is emitted whatever happens."""
        try:
            lower_priority()
            preload_torch()
            from recdesk.cluster.runner import execute
            from recdesk.workspace.runs import Run

            execute(Run.read(self._folder), self._control, self._emit, self._resume)
        except BaseException as error:
            failure = explained(error)
            self._emit(Failed(sentence=failure.sentence, suggestion=failure.suggestion, details=failure.details))
        finally:
            self._look()
            self.over.emit()

    def _look(self) -> None:
        from recdesk.workspace.runs import Run

        with contextlib.suppress(RecdeskError):
            self.left = Run.read(self._folder)


class EventBuffer:
    """Events between the worker, which adds them, and the GUI thread, which takes them. Thread-safe."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._events: list[Event] = []

    def add(self, event: Event) -> None:
        """Append an event."""
        with self._lock:
            self._events.append(event)

    def take(self) -> list[Event]:
        """Remove and return all events, in order."""
        with self._lock:
            events, self._events = self._events, []
        return events


class TrainingController(QObject):
    """Starts, pauses, resumes and stops the one run of this window, or trials of a study that train at the same time.
    Of several trials one is followed, which is the run that everybody else sees.

    Signals:
        events: the run's events since the last batch (a list of `monitor.events.Event`), about 15 times a second.
        state_changed: idle, running, paused or stopping; "idle" is emitted after the last events.
        followed_changed: another trial is followed, while the state stays.
        trials_changed: a trial began or ended beside others.
        trials_over: no trial is under way any more; a RecdeskError, or None.

    Attributes:
        run: snapshot of the active run from before its start, or of the last run from its end; None before the first.
        state: idle, running, paused or stopping.
        trials: those under way at the same time, by id, oldest first.
        chosen: id of the trial to follow; "" for the newest.
    """

    events = Signal(list)
    state_changed = Signal(str)
    followed_changed = Signal()
    trials_changed = Signal()
    trials_over = Signal(object)

    def __init__(self, runner: ThreadRunner | None = None, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.run: Run | None = None
        self.state: TrainingState = "idle"
        self._curves: RunCurves | None = None
        self.trials: dict[str, TrialUnderWay] = {}
        self.chosen = ""
        self._runner = runner or ThreadRunner(self)
        self._runner.ended.connect(self._over)
        self._trials_runner = TrialsRunner(self)
        self._trials_runner.ended.connect(self._trials_ended)
        self._control: Control | None = None
        self._buffer = EventBuffer()
        self._news: TrialNews | None = None
        self._timer = QTimer(self, interval=FLUSH_INTERVAL_MS)
        self._timer.timeout.connect(self._flush)

    @property
    def curves(self) -> "RunCurves":
        """Of that run, up to the last batch of events."""
        if self._curves is None:
            from recdesk.monitor.curves import RunCurves

            self._curves = RunCurves()
        return self._curves

    @property
    def waits(self) -> bool:
        """Whether the run waits because its disk is full or its folder cannot be reached."""
        return self.state == "running" and self.curves.holding

    @property
    def goes_on_elsewhere(self) -> bool:
        """Whether the run under way is on a cluster, where it goes on without this window."""
        return self.state != "idle" and self.run is not None and self.run.cluster is not None

    @property
    def has_trials(self) -> bool:
        """Whether trials of a study train, or are about to; also while their last events are told."""
        return self._news is not None

    @property
    def said(self) -> list[Event]:
        """What the trial that is followed said so far, without single steps; [] for a run that trains alone."""
        return self.trials[self.run.id].said if self.run is not None and self.run.id in self.trials else []

    def start(self, run: Run, earlier: "RunCurves | None" = None) -> None:
        """Train `run`; one with `earlier` curves resumes from its last checkpoint. Only when idle."""
        assert self.state == "idle" and self._control is None, "a run is under way"
        self.run, self._curves = run, earlier
        self.curves.holding = False
        self._buffer = EventBuffer()
        self._timer.start()
        self._enter("running")
        self._control = self._runner.start(run, earlier is not None, self._buffer.add)

    def start_trials(self, study: "Study", count: int, cluster: "ClusterRecord | None" = None) -> None:
        """Train so many trials of a study at the same time, until its time is used up. Only when idle; the state
        changes when the first one begins.

        Args:
            study: the study, new or to be resumed.
            count: of trials.
            cluster: where new ones are trained; None for this computer.
        """
        assert self.state == "idle" and self._control is None, "a run is under way"
        self.trials, self.chosen, self._news = {}, "", TrialNews()
        self._timer.start()
        self._control = self._trials_runner.start(study, count, cluster, self._news)

    def follow(self, run_id: str) -> None:
        """Follow one of several trials; "" for the newest."""
        self.chosen = run_id if run_id in self.trials else ""
        self._follow_due()

    def pause(self) -> None:
        """Pause the run after its current step."""
        if self.state == "running" and self._control is not None:
            self._control.pause()
            self._enter("paused")

    def resume(self) -> None:
        """Continue a paused run."""
        if self.state == "paused" and self._control is not None:
            self._control.resume()
            self._enter("running")

    def stop(self) -> None:
        """Stop the run after its current step and keep it; a second call skips the final evaluation."""
        if self._control is not None:
            self._control.stop()
            if self.state != "idle":
                self._enter("stopping")

    def shutdown(self) -> None:
        """Stop the active run, if any, and wait for its end; one on a cluster is left to go on."""
        self._runner.shutdown()
        self._trials_runner.shutdown()

    def _flush(self) -> None:
        if self._news is not None:
            self._flush_trials(self._news)
            return
        gathered = self._buffer.take()
        for event in gathered:
            self.curves.add(event)
        if gathered:
            self.events.emit(gathered)

    def _flush_trials(self, news: TrialNews) -> None:
        """Take what is new of the trials; the events of the one that is followed go on."""
        gathered: list[Event] = []
        changed = False
        for run_id, what in news.take():
            if isinstance(what, Event):
                self.trials[run_id].add(what)
                if self.run is not None and run_id == self.run.id:
                    gathered.append(what)
                continue
            changed = True
            if isinstance(what, TrialUnderWay):
                self.trials[run_id] = what
            else:
                del self.trials[run_id]
                if self.run is not None and run_id == self.run.id:
                    self.run = what
        if gathered:
            self.events.emit(gathered)
        if changed:
            self._follow_due()
            self.trials_changed.emit()

    def _follow_due(self) -> None:
        """Follow the trial that was chosen, or the newest; the last one stays when none is under way."""
        if self.chosen not in self.trials:
            self.chosen = ""
        due = self.chosen or next(reversed(self.trials), "")
        if not due or (self.run is self.trials[due].run and self.state != "idle"):
            return
        self.run, self._curves = self.trials[due].run, self.trials[due].curves
        if self.state == "idle":
            self._enter("running")
        else:
            self.followed_changed.emit()

    def _over(self, left: Run | None) -> None:
        self._timer.stop()
        self._flush()
        self._control = None
        self.run = left or self.run
        self._enter("idle")

    def _trials_ended(self, error: RecdeskError | None) -> None:
        self._timer.stop()
        self._flush()
        self._control = self._news = None
        self.trials = {}
        self._enter("idle")
        self.trials_over.emit(error)

    def _enter(self, state: TrainingState) -> None:
        if state != self.state:
            self.state = state
            self.state_changed.emit(state)


def ready(folder: Path, resume: bool = False) -> Ready:
    """Read the folder of a run that is to be started or resumed."""
    run = Run.read(folder)
    return run, curves_of(run) if resume else None
