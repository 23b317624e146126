"""Several runs for one person: which, their models, their lists, and why each recommends an item."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QVBoxLayout, QWidget

from recdesk.core.errors import RecdeskError
from recdesk.core.task import Task
from recdesk.gui import words
from recdesk.gui.pages.recommend.run_choice import validation_ndcg
from recdesk.gui.pages.recommend.run_columns import RunColumns
from recdesk.gui.pages.recommend.why_card import because
from recdesk.gui.session import Session
from recdesk.gui.widgets.buttons import Chip
from recdesk.gui.widgets.tables import ArrayTable, Column
from recdesk.gui.widgets.text import Paragraph
from recdesk.workspace.runs import Run

if TYPE_CHECKING:
    from recdesk.experiment.several_runs import SeveralRuns
    from recdesk.recommend.explanations import Explanation
    from recdesk.recommend.recommender import LiveModel
    from recdesk.recommend.side_by_side import Asked, SideBySide

MOST_OTHERS = 3
_OPEN, _LISTS, _WHY = "recommend.several", "recommend.lists", "recommend.lists.why"
_LONGEST_NAME = 40


@dataclass(frozen=True)
class ForWhom:
    """For whom the lists are made.

    Attributes:
        asked: history and what all lists have in common.
        user_id: of a person in the data, whose held-out item is looked for; "" for a new one.
    """

    asked: "Asked"
    user_id: str


class RunComparison(QObject):
    """Shows the lists of the run on the page and of up to three others in columns.

    Signals:
        changed: the comparison began or ended.
        outdated: the lists have to be asked for again (`show`).

    Attributes:
        chip: asks for the runs.
        view: the columns.
    """

    changed = Signal()
    outdated = Signal()

    def __init__(self, session: Session, window: QWidget) -> None:
        super().__init__(window)
        self._session, self._window = session, window
        self.chip = Chip(self.tr("compare…"))
        self.chip.setToolTip(self.tr("Lists of several runs for this person, side by side"))
        self.chip.clicked.connect(self.ask)
        self.view = RunColumns()
        self.view.item_chosen.connect(self._explain)
        self.view.measured_changed.connect(lambda _on: self.outdated.emit())
        self.view.runs_requested.connect(self.compare_in_runs)
        self.view.ended.connect(self.end)
        self._runs: Sequence[Run] = ()
        self._run: Run | None = None
        self._model: LiveModel | None = None
        self._others: list[str] = []
        self._several: SeveralRuns | None = None
        self._shown: tuple[ForWhom, SideBySide] | None = None
        self._update()

    @property
    def active(self) -> bool:
        """Whether several runs are shown."""
        return bool(self._others) and self._run is not None

    @property
    def possible(self) -> bool:
        """Whether there is another run to compare with."""
        return self._model is not None and bool(self._candidates())

    @property
    def run_ids(self) -> list[str]:
        """Ids of the runs, that of the page first."""
        return [self._run.id, *self._others] if self._run is not None else []

    def open(self, run: Run, model: "LiveModel", runs: Sequence[Run]) -> None:
        """Compare with this run from now on; the others stay, where they are of its dataset."""
        self._run, self._model = run, model
        self.offer(runs)
        self.changed.emit()
        if self._others:
            self._open_models()

    def offer(self, runs: Sequence[Run]) -> None:
        """Offer these runs from now on, such as one that has just ended."""
        self._runs = runs
        if self._run is not None:
            there = [other.id for other in self._candidates()]
            self._others = [run_id for run_id in self._others if run_id in there]
        self._update()

    def close(self) -> None:
        """The model of the page is no longer open."""
        for key in (_OPEN, _LISTS, _WHY):
            self._session.jobs.drop(key)
        self._run = self._model = self._several = self._shown = None
        self._update()
        self.changed.emit()

    def ask(self) -> None:
        """Ask for the other runs, then compare."""
        if not self.possible or self._run is None:
            return
        dialog = CompareDialog(self._run, self._candidates(), self._others, self._window)
        accepted, chosen = dialog.exec(), dialog.chosen()
        dialog.deleteLater()
        if accepted and chosen:
            self.compare_with(chosen)

    def compare_with(self, run_ids: Sequence[str]) -> None:
        """Show the lists of these runs beside that of the page."""
        self._others = list(run_ids)[:MOST_OTHERS]
        self._open_models()
        self.changed.emit()

    def end(self) -> None:
        """Show the run of the page alone."""
        for key in (_OPEN, _LISTS, _WHY):
            self._session.jobs.drop(key)
        self._others, self._several, self._shown = [], None, None
        self.changed.emit()

    def compare_in_runs(self) -> None:
        """Show the comparison of these runs on the Runs page."""
        self._session.compare_runs(self.run_ids)

    def show(self, whom: ForWhom) -> None:
        """Make the lists in a job, once the models are open."""
        several = self._several
        if several is None or not self.active:
            return
        self._session.jobs.run(
            self.tr("Recommending"),
            lambda context: several.lists(whom.asked, whom.user_id, context),
            lambda found: self._show(several, whom, found),
            visible=False,
            replaces=_LISTS,
        )

    def _candidates(self) -> list[Run]:
        """Other runs of the dataset."""
        run = self._run
        return [] if run is None else [r for r in self._runs if r.id != run.id and r.dataset_name == run.dataset_name]

    def _open_models(self) -> None:
        """Open the models of the other runs in a job."""
        run, model = self._run, self._model
        assert run is not None and model is not None
        by_id = {other.id: other for other in self._runs}
        runs = [run, *(by_id[run_id] for run_id in self._others)]
        self._several = self._shown = None
        self.view.set_runs(runs)
        self._session.jobs.run(
            self.tr("Opening {n} runs").format(n=len(runs)),
            lambda context: _opened(runs, model, context),
            self._use,
            self._not_opened,
            replaces=_OPEN,
            reads=True,
        )

    def _use(self, several: "SeveralRuns") -> None:
        self._several = several
        self.outdated.emit()

    def _not_opened(self, error: RecdeskError) -> None:
        self.end()
        self._session.fail(error)

    def _show(self, several: "SeveralRuns", whom: ForWhom, found: "SideBySide") -> None:
        self._shown = whom, found
        self.view.show_lists(found, [model.note for model in several.models])

    def _explain(self, item_id: str) -> None:
        """Explain an item in every run, in a job."""
        self._session.jobs.drop(_WHY)
        several, shown = self._several, self._shown
        if several is None or shown is None or not item_id:
            return
        self._session.jobs.run(
            self.tr("Explaining"),
            lambda context: _explained(several, shown, item_id, context),
            self._say_why,
            visible=False,
            replaces=_WHY,
        )

    def _say_why(self, told: "list[Explanation | None]") -> None:
        for column, one in zip(self.view.columns, told, strict=True):
            column.say_why(self.tr("This run does not know the item.") if one is None else because(one, _LONGEST_NAME))

    def _update(self) -> None:
        self.chip.setEnabled(self.possible)


class CompareDialog(QDialog):
    """Asks for one to three runs to compare the one of the page with."""

    def __init__(self, run: Run, others: Sequence[Run], chosen: Sequence[str], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Compare runs for a person"))
        self.resize(620, 380)
        self._others = list(others)
        title = words.run_title(run)
        said = self.tr("Choose one to three runs to stand beside {run}; several with Ctrl or Shift.").format(run=title)
        self.table = ArrayTable(self.tr("Runs of the same dataset"), several=True)
        self.table.make_dense()
        ndcg = [validation_ndcg(other) for other in others]
        self.table.set_columns(
            [
                Column(self.tr("Run"), [words.run_title(other) for other in others]),
                Column(self.tr("Model"), [other.kind for other in others]),
                Column("NDCG@10", [-1.0 if value is None else value for value in ndcg],
                       lambda value: "–" if value < 0 else f"{value:.3f}", numeric=True),
                Column(self.tr("Trained"), [words.moment(other.created) for other in others]),
            ],
            (0, 110, 80, 130),
        )  # fmt: skip
        buttons = QDialogButtonBox()
        self.accept_button = buttons.addButton(self.tr("Compare"), QDialogButtonBox.ButtonRole.AcceptRole)
        buttons.addButton(self.tr("Cancel"), QDialogButtonBox.ButtonRole.RejectRole)
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.addWidget(Paragraph(said, "body", "secondary"))
        layout.addWidget(self.table, 1)
        layout.addWidget(buttons)
        self.table.selectionModel().selectionChanged.connect(lambda *_: self._check())
        self.table.doubleClicked.connect(lambda _index: self.accept())
        ids = [other.id for other in others]
        rows = [ids.index(run_id) for run_id in chosen if run_id in ids] or [0]
        self.table.choose_several(rows, rows[0])
        self._check()

    def chosen(self) -> list[str]:
        """Ids of the chosen runs, in the order of the list."""
        return [self._others[row].id for row in self.table.selected()]

    def _check(self) -> None:
        self.accept_button.setEnabled(1 <= len(self.table.selected()) <= MOST_OTHERS)


def _opened(runs: Sequence[Run], model: "LiveModel", context: Task) -> "SeveralRuns":
    from recdesk.experiment.several_runs import SeveralRuns

    return SeveralRuns.open([Run.read(run.folder) for run in runs], context, {runs[0].id: model})


def _explained(
    several: "SeveralRuns", shown: "tuple[ForWhom, SideBySide]", item_id: str, context: Task
) -> "list[Explanation | None]":
    """Why each run recommends an item; None where its catalogue lacks it."""
    from recdesk.recommend.side_by_side import codes_of

    whom, found = shown
    told: list[Explanation | None] = []
    for model, one in zip(several.models, found.lists, strict=True):
        context.check()
        codes, _ = codes_of(model.dataset, [item_id])
        rules = model.bind(whom.asked.rules)
        told.append(
            model.explain(one.history, codes[0], whom.asked.exclude_seen, one.wish, rules=rules) if codes else None
        )
    return told
