"""The study of the Train page: begun, watched, resumed, its best settings taken over."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal

from recdesk.gui.jobs import JobContext
from recdesk.gui.pages.train.tuning_card import TuningCard
from recdesk.gui.session import Session
from recdesk.training.config import RunConfig, config_from_dict

if TYPE_CHECKING:
    from recdesk.data.splitting import SplitKind
    from recdesk.experiment.study import Study, TrialRow


@dataclass(frozen=True)
class ShownStudy:
    """What is shown of a study, read off the GUI thread; `best` is the id of the best run, "" before."""

    study: "Study"
    rows: "list[TrialRow]"
    spent: float
    settings: dict[str, Any]
    best: str
    more: bool

    @classmethod
    def of(cls, study: "Study") -> "ShownStudy":
        """Read it."""
        best = study.best()
        rows, settings = study.rows(), study.best_settings()
        return cls(study, rows, study.spent(), settings, best.id if best else "", study.can_go_on)


class TuningPanel(QObject):
    """Fills the card with the study under way, or with an unfinished one of the chosen dataset.

    Signals:
        found: a study is over: its best settings (a RunConfig) and how it was measured.

    Attributes:
        card: where it is shown.
    """

    found = Signal(object, str)

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self.card = TuningCard()
        self._study: Study | None = None
        self._told: tuple[str, int] | None = None
        session.tuning.changed.connect(self.show_study)
        session.dataset_changed.connect(self.show_study)
        self.card.go_on.connect(self._go_on)

    def start(self, config: RunConfig, split: "SplitKind", minutes: float) -> None:
        """Make a study that begins with these settings, and carry it out."""
        workspace, name = self._session.workspace, self._session.dataset_name
        if name is None:
            return

        def work(_context: JobContext) -> "Study":
            from recdesk.experiment.study import create_study

            return create_study(workspace, name, config, split, minutes)

        self._session.jobs.run(self.tr("Preparing the search"), work, self._begin, replaces="tuning.create")

    def show_study(self) -> None:
        """Read the trials off the GUI thread and show them; at the end tell the best settings."""
        tuning, workspace, dataset = self._session.tuning, self._session.workspace, self._session.dataset_name
        study, active = tuning.study, tuning.active

        def work(_context: JobContext) -> ShownStudy | None:
            from recdesk.experiment.study import studies

            shown = study if study is not None and study.dataset_name == dataset else None
            if shown is None:
                shown = next((s for s in studies(workspace) if s.dataset_name == dataset and s.can_go_on), None)
            return None if shown is None else ShownStudy.of(shown)

        def done(shown: ShownStudy | None) -> None:
            self._show(shown, active)

        self._session.jobs.run(self.tr("Reading trials"), work, done, visible=False, replaces="tuning.rows")

    def _show(self, shown: ShownStudy | None, active: bool) -> None:
        self._study = shown.study if shown is not None else None
        if shown is None:
            self.card.hide()
            return
        self.card.show_trials(shown.rows, shown.spent, shown.study.minutes, active, shown.more)
        over = shown.study is self._session.tuning.study and not active and bool(shown.best)
        if over and self._told != (shown.study.id, len(shown.rows)):
            self._told = (shown.study.id, len(shown.rows))
            self.found.emit(config_from_dict(shown.settings), shown.study.split)
            self._session.choose_run(shown.best)

    def _begin(self, study: "Study") -> None:
        if self._session.training.state == "idle":
            self._session.tuning.start(study)

    def _go_on(self) -> None:
        ready = self._session.training.state == "idle" and not self._session.tuning.active
        if self._study is not None and ready and not self._session.read_only:
            self._session.tuning.start(self._study)
