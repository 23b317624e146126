"""Several trials of a study at the same time: the thread that carries the study out, and news of each trial."""

import threading
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QThread, Signal

from recdesk.core.errors import RecdeskError
from recdesk.core.machine import lower_priority
from recdesk.gui.jobs import explained
from recdesk.monitor.control import Controls
from recdesk.monitor.events import EncoderStep, Event, Load, StageProgress, Step
from recdesk.workspace.run_log import curves_of
from recdesk.workspace.runs import Run

if TYPE_CHECKING:
    from recdesk.experiment.study import Study
    from recdesk.monitor.curves import RunCurves
    from recdesk.workspace.run_cluster import ClusterRecord


@dataclass(eq=False)
class TrialUnderWay:
    """A trial as the window follows it.

    Attributes:
        run: snapshot from before it began.
        curves: so far.
        said: its events so far, without those of single steps.
    """

    run: Run
    curves: "RunCurves"
    said: list[Event] = field(default_factory=list)

    def add(self, event: Event) -> None:
        """Take an event."""
        self.curves.add(event)
        if not isinstance(event, Step | EncoderStep | StageProgress | Load):
            self.said.append(event)


News = tuple[str, TrialUnderWay | Event | Run]
"""Id of a trial, and what is new: it began, an event, or the run as it was left in the end."""


class TrialNews:
    """What happens to trials, between the thread that carries them out and the GUI thread; a `trials.Watch`."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._news: list[News] = []

    def begun(self, run: Run) -> None:
        """See `trials.Watch`."""
        from recdesk.monitor.curves import RunCurves

        curves = RunCurves() if run.state == "queued" else curves_of(run)
        curves.holding = False
        self._add(run.id, TrialUnderWay(run, curves))

    def happened(self, run: Run, event: Event) -> None:
        """See `trials.Watch`."""
        self._add(run.id, event)

    def ended(self, run: Run) -> None:
        """See `trials.Watch`."""
        self._add(run.id, run)

    def take(self) -> list[News]:
        """Remove and return all news, in order."""
        with self._lock:
            news, self._news = self._news, []
        return news

    def _add(self, run_id: str, what: TrialUnderWay | Event | Run) -> None:
        with self._lock:
            self._news.append((run_id, what))


class TrialsRunner(QObject):
    """Carries studies out in a QThread, one at a time; each trial has a process or a job of its own.

    Signals:
        ended: the thread has finished; a RecdeskError, or None.
    """

    ended = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._thread: _StudyThread | None = None
        self._controls: Controls | None = None
        self._elsewhere = False

    def start(self, study: "Study", count: int, cluster: "ClusterRecord | None", news: TrialNews) -> Controls:
        """Start or resume a study and return at once; `news` hears of its trials."""
        assert self._thread is None, "one study at a time"
        self._controls, self._elsewhere = Controls(), cluster is not None
        self._thread = _StudyThread(study, count, cluster, news, self._controls, self)
        self._thread.finished.connect(self._clear)
        self._thread.start(QThread.Priority.LowPriority)
        return self._controls

    def shutdown(self) -> None:
        """Stop the trials, keeping them, and wait for their ends; those on a cluster go on there."""
        if self._thread is not None and self._controls is not None:
            (self._controls.leave if self._elsewhere else self._controls.stop)()
            self._thread.wait()
            self._clear()

    def _clear(self) -> None:
        if self._thread is None:
            return
        error = self._thread.error
        self._thread.deleteLater()
        self._thread = self._controls = None
        self.ended.emit(error)


class _StudyThread(QThread):
    def __init__(
        self,
        study: "Study",
        count: int,
        cluster: "ClusterRecord | None",
        news: TrialNews,
        controls: Controls,
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._study, self._count, self._cluster = study, count, cluster
        self._news, self._controls = news, controls
        self.error: RecdeskError | None = None

    def run(self) -> None:
        """Carry the study out."""
        try:
            lower_priority()  # the processes inherit it
            from recdesk.cluster.runner import carry_out_study

            carry_out_study(self._study, self._news, self._controls, self._count, self._cluster)
        except BaseException as error:
            self.error = error if isinstance(error, RecdeskError) else explained(error)
