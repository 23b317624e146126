"""Reads the rows of an import once, and forecasts what the cleaning rules remove."""

from typing import TYPE_CHECKING, Literal

from PySide6.QtCore import QObject, Signal

from recdesk.core.errors import RecdeskError
from recdesk.gui.jobs import Job, JobContext
from recdesk.gui.pages.data.draft import ImportDraft
from recdesk.gui.session import Session

if TYPE_CHECKING:
    from recdesk.data.cleaning.engine import Forecast
    from recdesk.data.cleaning.rules import Rules
    from recdesk.data.importing import Intake
    from recdesk.data.plan import ImportPlan

State = Literal["waiting", "reading", "stopped", "failed", "read"]


class IntakeReader(QObject):
    """Reads the interactions as soon as their columns are known, and forecasts with every change of the rules.

    Signals:
        changed: state, intake or forecast changed.
        progressed: share (0..1) and sentence, while it reads.

    Attributes:
        state: waiting (for columns), reading, stopped (by the user), failed, or read.
        intake: the rows; None unless the state is "read".
        forecast: what the rules remove; None while it is computed, or if the rules are invalid.
        counted: the rules of the forecast.
        error: why reading or counting failed.
    """

    changed = Signal()
    progressed = Signal(float, object)

    def __init__(self, session: Session, draft: ImportDraft) -> None:
        super().__init__(draft)
        self._session, self._draft = session, draft
        self.state: State = "waiting"
        self.intake: Intake | None = None
        self.forecast: Forecast | None = None
        self.error: RecdeskError | None = None
        self._reading: ImportPlan | None = None
        self.counted: Rules | None = None
        self._job: Job[Intake] | None = None
        draft.changed.connect(self._follow)

    def start(self) -> None:
        """Read the rows of the plan's files in a job."""
        plan = self._draft.plan
        if plan is None or self._draft.missing():
            return
        self._forget()
        self._reading = plan

        def work(context: JobContext) -> "Intake":
            from recdesk.data.importing import take_in

            return take_in(plan, context)

        title = self.tr("Reading {file}").format(file=plan.interactions.name)
        self._job = self._session.jobs.run(title, work, self._read, self._failed, replaces="data.intake")
        self._job.progressed.connect(self.progressed)
        self._set("reading")

    def stop(self) -> None:
        """Stop reading; it starts again by `start`, or when files or columns change."""
        if self.state == "reading":
            reading = self._reading
            self._forget()
            self._reading = reading
            self._set("stopped")

    def forget(self) -> None:
        """Drop the rows and the forecast, and stop reading."""
        self._forget()
        self._set("waiting")

    def _follow(self) -> None:
        """Read again if files or columns changed; forecast again if rules changed."""
        from recdesk.data.plan import read_alike

        plan = self._draft.plan
        if plan is None or self._draft.missing():
            if self.state != "waiting":
                self.forget()
        elif self._reading is None or not read_alike(plan, self._reading):
            self.start()
        elif self.state == "read":
            self._count()

    def _read(self, intake: "Intake") -> None:
        self._job, self.intake = None, intake
        self.state = "read"
        self._count()
        self.changed.emit()

    def _failed(self, error: RecdeskError) -> None:
        self._job, self.error = None, error
        self._set("failed")

    def _count(self) -> None:
        plan, intake = self._draft.plan, self.intake
        assert plan is not None and intake is not None
        rules = plan.rules
        if rules == self.counted:
            return
        self.counted, self.forecast, self.error = rules, None, None

        def work(context: JobContext) -> "Forecast":
            return intake.forecast(rules, context)

        self._session.jobs.run(
            self.tr("Counting what the rules remove"),
            work,
            self._counted,
            self._cannot,
            visible=False,
            replaces="data.forecast",
        )
        self.changed.emit()

    def _counted(self, forecast: "Forecast") -> None:
        self.forecast = forecast
        self.changed.emit()

    def _cannot(self, error: RecdeskError) -> None:
        self.error = error
        self.changed.emit()

    def _forget(self) -> None:
        self._session.jobs.drop("data.intake")
        self._session.jobs.drop("data.forecast")
        self._job = self.intake = self.forecast = self.error = self._reading = self.counted = None

    def _set(self, state: State) -> None:
        self.state = state
        self.changed.emit()
