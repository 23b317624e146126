"""Carries out a study in the window: one trial after the other, through the one way that runs are trained."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from recdesk.errors import RecdeskError
from recdesk.gui.jobs import JobContext, Jobs
from recdesk.gui.training_controller import TrainingController
from recdesk.training.events import Event, Failed

if TYPE_CHECKING:
    from recdesk.workspace.runs import Run
    from recdesk.workspace.tuning import Study


class TuningController(QObject):
    """Starts the next trial when one has ended, gives up those that fall behind.

    Signals:
        changed: a study began or ended, or a trial did.
        failure: the next trial could not be made (a RecdeskError); the study is over and can be resumed.

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
        self._given_up = self._stopped = False
        training.events.connect(self._hear)
        training.state_changed.connect(self._state_changed)

    def start(self, study: "Study") -> None:
        """Carry a study out, from its next trial on. Only when nothing is trained."""
        assert self._training.state == "idle", "a run is under way"
        self.study, self.active, self._stopped = study, True, False
        self._next()

    def stop(self) -> None:
        """End the study after the current step; it can be resumed."""
        if not self.active:
            return
        self._stopped = True
        if self._training.state != "idle":
            self._training.stop()
            self._training.stop()

    def _next(self) -> None:
        study = self.study
        assert study is not None
        if self._stopped:
            self._end()
            return

        def work(_context: JobContext) -> "Run | None":
            return study.next_run()

        self._jobs.run(self.tr("Choosing the next settings"), work, self._begin, self._failed, replaces="tuning.next")
        self.changed.emit()

    def _begin(self, run: "Run | None") -> None:
        if run is None or self._stopped or self._training.state != "idle":
            self._end()
            return
        self._run, self._given_up = run, False
        self._training.start(run, resume=run.state != "queued")
        self.changed.emit()

    def _hear(self, events: list[Event]) -> None:
        if not self.active or self.study is None or self._training.run is not self._run:
            return
        for event in events:
            if isinstance(event, Failed):
                self._stopped = True
            elif not self._given_up and self._training.state == "running" and self.study.hear(event):
                self._given_up = True
                self._training.stop()
                self._training.stop()

    def _state_changed(self, state: str) -> None:
        if state == "stopping" and self.active and not self._given_up:
            self._stopped = True
        if state != "idle" or not self.active or self._run is None:
            return
        run, self._run = self._run, None
        if self._given_up and self.study is not None:
            try:
                self.study.give_up(run)
            except RecdeskError as error:
                self._failed(error)
                return
        self._next()

    def _failed(self, error: RecdeskError) -> None:
        self._end()
        self.failure.emit(error)

    def _end(self) -> None:
        self.active, self._run = False, None
        self.changed.emit()
