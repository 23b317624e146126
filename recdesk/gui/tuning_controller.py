"""Runs a study (hyperparameter search) in the window through the training controller: trial after trial, or several
trials at the same time."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from recdesk.core.errors import RecdeskError
from recdesk.gui.jobs import JobContext, Jobs
from recdesk.gui.training_controller import Ready, TrainingController, ready
from recdesk.monitor.events import Event, Failed

if TYPE_CHECKING:
    from recdesk.experiment.study import Study
    from recdesk.workspace.run_cluster import ClusterRecord
    from recdesk.workspace.runs import Run


class TuningController(QObject):
    """Starts the next trial when one has ended, and stops trials that are to be pruned.

    Signals:
        changed: a study or a trial began or ended.
        failure: the next trial could not be created (a RecdeskError); the study has ended and can be resumed.

    Attributes:
        study: the study under way, or the last one; None before the first.
        active: whether it is under way.
    """

    changed = Signal()
    failure = Signal(object)

    def __init__(self, training: TrainingController, jobs: Jobs, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.study: Study | None = None
        self.active = False
        self._training, self._jobs = training, jobs
        self._run: Run | None = None
        self._cluster: ClusterRecord | None = None
        self._pruned = self._stopped = False
        training.events.connect(self._on_events)
        training.state_changed.connect(self._state_changed)
        training.trials_changed.connect(self.changed)
        training.trials_over.connect(self._trials_over)

    def start(self, study: "Study", at_once: int = 1, cluster: "ClusterRecord | None" = None) -> None:
        """Run a study from its next trial on. Only when nothing is trained.

        Args:
            study: new, or to be resumed.
            at_once: trials at the same time.
            cluster: where new trials are trained; None for this computer.
        """
        assert self._training.state == "idle", "a run is under way"
        self.study, self.active, self._stopped, self._cluster = study, True, False, cluster
        if at_once == 1:
            self._next()
            return
        self._training.start_trials(study, at_once, cluster)
        self.changed.emit()

    def stop(self) -> None:
        """End the study after the current step; it can be resumed."""
        if not self.active:
            return
        self._stopped = True
        self._training.stop()
        self._training.stop()

    def _next(self, pruned: "Run | None" = None) -> None:
        """Record that a trial was pruned, if one was, and begin the next."""
        study, stopped, cluster = self.study, self._stopped, self._cluster
        assert study is not None
        if stopped and pruned is None:
            self._end()
            return

        def work(_context: JobContext) -> Ready | None:
            if pruned is not None:
                study.mark_pruned(pruned)
            run = None if stopped else study.next_run(cluster=cluster)
            return None if run is None else ready(run.folder, resume=run.state != "queued")

        self._jobs.run(self.tr("Choosing the next settings"), work, self._begin, self._failed, replaces="tuning.next")
        self.changed.emit()

    def _begin(self, found: Ready | None) -> None:
        if found is None or self._stopped or self._training.state != "idle":
            self._end()
            return
        run, earlier = found
        self._run, self._pruned = run, False
        self._training.start(run, earlier)
        self.changed.emit()

    def _on_events(self, events: list[Event]) -> None:
        if not self.active or self.study is None or self._run is None or self._training.run is not self._run:
            return
        for event in events:
            if isinstance(event, Failed):
                self._stopped = True
            elif not self._pruned and self._training.state == "running" and self.study.should_prune(self._run, event):
                self._pruned = True
                self._training.stop()
                self._training.stop()

    def _state_changed(self, state: str) -> None:
        if state == "stopping" and self.active and not self._pruned:
            self._stopped = True
        if state != "idle" or not self.active or self._run is None:
            return
        run, self._run = self._run, None
        self._next(run if self._pruned else None)

    def _trials_over(self, error: RecdeskError | None) -> None:
        self._end()
        if error is not None:
            self.failure.emit(error)

    def _failed(self, error: RecdeskError) -> None:
        self._end()
        self.failure.emit(error)

    def _end(self) -> None:
        self.active, self._run = False, None
        self.changed.emit()
