"""What is shown below the list of runs: overview, figures, groups of people, runs beside each other, settings."""

from collections.abc import Callable, Iterable, Sequence
from functools import cached_property, partial
from typing import TypeVar

from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from recdesk.core.errors import RecdeskError
from recdesk.experiment.comparison import Comparison, compare_runs
from recdesk.experiment.run_figures import HowGood, how_good
from recdesk.experiment.seed_figures import how_good_group
from recdesk.gui import words
from recdesk.gui.jobs import JobContext
from recdesk.gui.messages import translated
from recdesk.gui.pages.runs.comparison_view import ComparisonCard, DifferencesCard
from recdesk.gui.pages.runs.fidelity_card import FidelityCard
from recdesk.gui.pages.runs.figures_view import AllFiguresCard, GroupsCard, ListFiguresCard, PeopleCard, side_by_side
from recdesk.gui.pages.runs.selection import Selected
from recdesk.gui.session import Session
from recdesk.gui.widgets.buttons import Chip, Segments
from recdesk.gui.widgets.text import Text
from recdesk.workspace.runs import Run

T = TypeVar("T")
_JOB = "runs.view"


class RunViews(QWidget):
    """Chips that choose a view, and the view. What a view needs is computed in a job when it is looked at.

    Args:
        session: the shared state.
        overview: the first view.
        details: the view of how a run was made.

    Attributes:
        figures, lists, groups, people, comparison, differences, fidelity: cards of the views, made when they are asked
            for: all together take a tenth of a second.
        entries: the runs and groups of seeds that are shown, the current one first.
        state: what is being computed, or why there is nothing to see; hidden else.
    """

    def __init__(self, session: Session, overview: QWidget, details: QWidget) -> None:
        super().__init__()
        self._session = session
        self.entries: tuple[Selected, ...] = ()
        self._found: tuple[tuple[str, ...], HowGood] | None = None
        self._compared: tuple[tuple[str, ...], Comparison | RecdeskError] | None = None
        self.chips = [
            Chip(text, tab=True)
            for text in (
                self.tr("overview"),
                self.tr("figures"),
                self.tr("for whom"),
                self.tr("side by side"),
                self.tr("how it was made"),
                self.tr("explanations"),
            )
        ]
        self._makers: dict[int, Callable[[], QWidget]] = {
            1: lambda: side_by_side(self.figures, self.lists, (3, 2)),
            2: lambda: side_by_side(self.groups, self.people, (4, 3)),
            3: lambda: side_by_side(self.comparison, self.differences, (4, 3)),
            5: lambda: self.fidelity,
        }
        self._stack = QStackedWidget()
        self._places: list[QVBoxLayout] = []
        for made in (overview, None, None, None, details, None):
            self._places.append(QVBoxLayout(holder := QWidget()))
            self._places[-1].setContentsMargins(0, 0, 0, 0)
            self._stack.addWidget(holder)
            if made is not None:
                self._places[-1].addWidget(made)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(8)
        row = QHBoxLayout()
        row.setSpacing(8)
        for index, chip in enumerate(self.chips):
            chip.clicked.connect(partial(self.choose, index))
        row.addWidget(Segments(*self.chips))
        self.state = Text("", "small", "secondary")
        row.addWidget(self.state)
        row.addStretch(1)
        outer.addLayout(row)
        outer.addWidget(self._stack, 1)
        self.choose(0)

    @cached_property
    def figures(self) -> AllFiguresCard:
        """See `RunViews`."""
        return AllFiguresCard()

    @cached_property
    def lists(self) -> ListFiguresCard:
        """See `RunViews`."""
        return ListFiguresCard()

    @cached_property
    def groups(self) -> GroupsCard:
        """See `RunViews`."""
        return GroupsCard()

    @cached_property
    def people(self) -> PeopleCard:
        """See `RunViews`."""
        made = PeopleCard()
        made.person_chosen.connect(self._open_person)
        return made

    @cached_property
    def comparison(self) -> ComparisonCard:
        """See `RunViews`."""
        return ComparisonCard()

    @cached_property
    def differences(self) -> DifferencesCard:
        """See `RunViews`."""
        made = DifferencesCard()
        made.person_chosen.connect(self._open_person)
        return made

    @cached_property
    def fidelity(self) -> FidelityCard:
        """See `RunViews`."""
        return FidelityCard(self._session)

    @property
    def view(self) -> int:
        """Number of the view that is shown, see `choose`."""
        return self._stack.currentIndex()

    def choose(self, index: int, _checked: bool = True) -> None:
        """Show a view: 0 overview, 1 figures, 2 for whom, 3 side by side, 4 how it was made, 5 explanations."""
        for number, chip in enumerate(self.chips):
            chip.setChecked(number == index)
        self.make([index])
        self._stack.setCurrentIndex(index)
        self._fill()

    @property
    def made(self) -> list[int]:
        """Numbers of the views whose cards are made."""
        return [index for index in range(len(self._places)) if index not in self._makers]

    def make(self, views: Iterable[int]) -> None:
        """Make the cards of views, in this order; those that are made stay."""
        for index in views:
            if index in self._makers:
                self._places[index].addWidget(self._makers[index]())
                del self._makers[index]

    @property
    def runs(self) -> tuple[Run, ...]:
        """The runs that are shown, the current one first; of a group the one that stands for it."""
        return tuple(entry.run for entry in self.entries)

    def show_runs(self, entries: Sequence[Selected]) -> None:
        """Show these, the current one first."""
        self.entries = tuple(entries)
        self.chips[3].setEnabled(len(entries) > 1)
        if len(entries) < 2 and self._stack.currentIndex() == 3:
            self.choose(0)
        else:
            self._fill()

    def _fill(self) -> None:
        """Compute what the current view shows, unless it is known."""
        self._session.jobs.drop(_JOB)
        view = self._stack.currentIndex()
        self.state.setText("")
        if not self.entries or view in (0, 4):
            return
        if view == 5:
            self.fidelity.show_run(self.runs[0])
        elif view == 3:
            self._compare()
        else:
            self._measure()

    def _measure(self) -> None:
        first = self.entries[0]
        key = _key(self.entries[:1])
        if self._found is not None and self._found[0] == key:
            self._show_found(self._found[1])
            return

        def done(found: HowGood) -> None:
            self._found = key, found
            self._show_found(found)

        self.state.setText(self.tr("Reading the figures of {run}…").format(run=first.title))
        self._run(lambda context: _how_good(first, context), done)

    def _show_found(self, found: HowGood) -> None:
        several = self.tr("Of {run}.").format(run=self.entries[0].title) if len(self.entries) > 1 else ""
        self.state.setText(several)
        if self.view == 1:
            self.figures.show_figures(found)
            self.lists.show_figures(found)
        elif self.view == 2:
            self.groups.show_groups(found)
            self.people.show_people(found)

    def _compare(self) -> None:
        entries, key = [entry.entry for entry in self.entries], _key(self.entries)
        if self._compared is not None and self._compared[0] == key:
            self._show_compared(self._compared[1])
            return

        def work(context: JobContext) -> Comparison | RecdeskError:
            try:
                return compare_runs(entries, context)
            except RecdeskError as error:
                context.check()
                return error

        def done(found: Comparison | RecdeskError) -> None:
            self._compared = key, found
            self._show_compared(found)

        self.state.setText(self.tr("Comparing…"))
        self._run(work, done)

    def _show_compared(self, found: Comparison | RecdeskError) -> None:
        self.state.setText("")
        if isinstance(found, RecdeskError):
            self.comparison.show_reason(found)
            self.differences.show_comparison(None)
            return
        self.comparison.show_comparison(found)
        self.differences.show_comparison(found)

    def _run(self, work: Callable[[JobContext], T], done: Callable[[T], None]) -> None:
        title = self.tr("Reading figures")
        self._session.jobs.run(title, work, done, self._failed, visible=False, replaces=_JOB, reads=True)

    def _failed(self, error: RecdeskError) -> None:
        """A run without figures is nothing that failed: say it where they would stand."""
        self.state.setText(words.together(translated(error.sentence), translated(error.suggestion)))

    def _open_person(self, person: str) -> None:
        self._session.recommend_with(self.runs[0].id, person)


def _how_good(selected: Selected, context: JobContext) -> HowGood:
    return how_good(selected.run, context) if selected.found is None else how_good_group(selected.found, context)


def _key(entries: Sequence[Selected]) -> tuple[str, ...]:
    """Equal as long as what is computed of runs stays the same."""
    runs = (run for entry in entries for run in (entry.run, *(entry.group.runs if entry.group else ())))
    return tuple(f"{run.id} {run.state} {run.seconds} {bool(run.metrics)} {run.has}" for run in runs)
