"""All figures of a run with their intervals and footnotes, groups of people, and who is served best and worst."""

from collections.abc import Sequence

from PySide6.QtCore import QModelIndex, Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from recdesk.evaluation.figures import BEYOND
from recdesk.evaluation.groups import SHOWN, Breakdown
from recdesk.evaluation.metrics import CUTOFFS
from recdesk.evaluation.persons import Person
from recdesk.experiment.run_figures import HowGood
from recdesk.gui import theme, words
from recdesk.gui.messages import translated
from recdesk.gui.pages.runs.figure_text import Footnotes, Notes, figure_meaning, figure_text, figure_title
from recdesk.gui.widgets.buttons import Chip, Segments
from recdesk.gui.widgets.cards import Card
from recdesk.gui.widgets.inputs import ChoiceBox
from recdesk.gui.widgets.tables import ArrayTable, Column
from recdesk.gui.widgets.text import Text


def _small_table(name: str) -> ArrayTable:
    table = ArrayTable(name, sortable=False)
    table.make_dense()
    return table


class AllFiguresCard(Card):
    """Metrics of the rank at every cutoff, with the footnotes below."""

    def __init__(self) -> None:
        super().__init__()
        self.set_title(self.tr("Figures with their 95 % confidence intervals"))
        self.choice = ChoiceBox()
        self.choice.setAccessibleName(self.tr("What is ranked"))
        self.choice.addItems([self.tr("the whole catalogue"), self.tr("100 random items, as in older papers")])
        self.choice.currentIndexChanged.connect(self._show)
        self.head.addWidget(self.choice)
        self._found: HowGood | None = None
        self.table = _small_table(self.tr("Figures at every cutoff"))
        self.body.addWidget(self.table, 1)
        self.notes = Notes(self.tr("What weakens the figures"))
        self.body.addWidget(self.notes)

    def show_figures(self, found: HowGood) -> None:
        """Show those of a run."""
        self._found = found
        self.choice.setVisible(found.sampled is not None)
        self._show()

    def _show(self) -> None:
        """Over the whole catalogue or, where that is asked for, as older papers report it."""
        found = self._found
        if found is None:
            return
        footnotes, drawn = Footnotes(), found.sampled if self.choice.currentIndex() else None

        def cell(name: str) -> str:
            return f"{drawn.figures[name]:.4f}" if drawn else figure_text(found.figures.get(name), footnotes)

        columns = [Column(words.part(found.part), [self.tr("first {n}").format(n=cutoff) for cutoff in CUTOFFS])]
        for gain, title in (("ndcg", "NDCG"), ("recall", "Recall"), ("mrr", "MRR")):
            columns.append(Column(title, [cell(f"{gain}@{cutoff}") for cutoff in CUTOFFS], numeric=True))
        self.table.set_columns(columns, (0, 172, 172, 172))
        self.notes.say(translated(drawn.sentence) if drawn else "", footnotes.text(), translated(found.lacks))


class ListFiguresCard(Card):
    """Metrics of the lists of ten, and all of it in words."""

    def __init__(self) -> None:
        super().__init__()
        self.set_title(self.tr("Lists of ten, and in words"))
        self.table = _small_table(self.tr("Figures of the lists"))
        self.body.addWidget(self.table, 1)
        self.sentences = Notes(self.tr("How good it is, in words"), 104)
        self.body.addWidget(self.sentences)

    def show_figures(self, found: HowGood) -> None:
        """Show those of a run."""
        names = [name for name in BEYOND if name in found.figures]
        titles = [figure_title(name) for name in names]
        if found.diversity_by and "diversity@10" in names:
            by = self.tr("{figure}, by “{feature}”")
            titles[names.index("diversity@10")] = by.format(
                figure=figure_title("diversity@10"), feature=found.diversity_by
            )
        values = [figure_text(found.figures[name], Footnotes()) for name in names]
        self.table.set_columns(
            [Column(self.tr("Figure"), titles), Column(self.tr("Value"), values, numeric=True)], (0, 160)
        )
        meanings = [f"{figure_title(name)}: {figure_meaning(name)}" for name in names]
        self.sentences.say(*map(translated, found.sentences), *meanings)


class GroupsCard(Card):
    """Figures by groups of people, by a property that is chosen."""

    def __init__(self) -> None:
        super().__init__()
        self.set_title(self.tr("For whom it works"))
        self.choice = ChoiceBox()
        self.choice.setAccessibleName(self.tr("Groups"))
        self.choice.setMinimumWidth(220)
        self.choice.currentIndexChanged.connect(self._show)
        self.head.addWidget(self.choice)
        self.table = _small_table(self.tr("Figures by groups of people"))
        self.body.addWidget(self.table, 1)
        self.notes = Notes(self.tr("What weakens the figures"), 44)
        self.body.addWidget(self.notes)
        self._breakdowns: Sequence[Breakdown] = ()
        self._lacks = ""

    def show_groups(self, found: HowGood) -> None:
        """Offer the breakdowns of a run; the one that was shown stays where there is one of its name."""
        before = self.choice.currentText()
        self._breakdowns, self._lacks = found.breakdowns, translated(found.lacks)
        self.choice.blockSignals(True)
        self.choice.clear()
        self.choice.addItems([translated(breakdown.title) for breakdown in found.breakdowns])
        self.choice.setCurrentIndex(max(self.choice.findText(before), 0) if found.breakdowns else -1)
        self.choice.blockSignals(False)
        self.choice.setVisible(bool(found.breakdowns))
        self._show()

    def _show(self) -> None:
        index = self.choice.currentIndex()
        if not 0 <= index < len(self._breakdowns):
            self.table.set_columns([], ())
            self.notes.say(self._lacks)
            return
        breakdown, footnotes = self._breakdowns[index], Footnotes()
        groups = breakdown.groups
        columns = [
            Column(self.tr("Group"), [translated(group.label) for group in groups]),
            Column(self.tr("People"), [group.people for group in groups], numeric=True),
        ]
        for name in SHOWN:
            cells = [figure_text(group.figures[name], footnotes) for group in groups]
            columns.append(Column(figure_title(name), cells, numeric=True))
        self.table.set_columns(columns, (0, 60, 166, 166))
        several = self.tr("A person may be in several groups.") if breakdown.overlapping else ""
        each = self.tr("Each interval holds by itself.")
        self.notes.say(words.together(each, several), footnotes.text())


class PeopleCard(Card):
    """Who is served best, or worst.

    Signals:
        person_chosen: the id of a person who was clicked.
    """

    person_chosen = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.set_title(self.tr("Best and worst served"))
        self.worst, self.best = (Chip(text, tab=True) for text in (self.tr("worst served"), self.tr("best served")))
        self.worst.setChecked(True)
        for chip, other in ((self.worst, self.best), (self.best, self.worst)):
            chip.clicked.connect(lambda _checked, chip=chip, other=other: self._choose(chip, other))
        self.head.addWidget(Segments(self.worst, self.best))
        self.table = _small_table(self.tr("People served best or worst"))
        self.table.clicked.connect(self._clicked)
        self.table.activated.connect(self._clicked)
        self.body.addWidget(self.table, 1)
        self.hint = Text(self.tr("A click opens them in Recommend."), "small", "secondary", wrap=True)
        self.body.addWidget(self.hint)
        self._people: tuple[tuple[Person, ...], tuple[Person, ...]] = (), ()

    def show_people(self, found: HowGood) -> None:
        """Show those of a run."""
        self._people = found.worst, found.best
        self._show()

    def shown(self) -> tuple[Person, ...]:
        """Who is listed."""
        return self._people[1 if self.best.isChecked() else 0]

    def _choose(self, chip: Chip, other: Chip) -> None:
        chip.setChecked(True)
        other.setChecked(False)
        self._show()

    def _show(self) -> None:
        people = self.shown()
        self.table.set_columns(
            [
                Column(self.tr("Person"), [person.user_id for person in people]),
                Column(self.tr("History"), [person.length for person in people], numeric=True),
                Column(self.tr("Held-out item"), [person.title for person in people]),
                Column(self.tr("Its rank"), [person.rank for person in people], numeric=True),
            ],
            (110, 64, 0, 76),
        )
        self.hint.setVisible(bool(people))

    def _clicked(self, index: QModelIndex) -> None:
        self.person_chosen.emit(self.shown()[self.table.table_model.source_row(index.row())].user_id)


def side_by_side(first: QWidget, second: QWidget, shares: tuple[int, int] = (1, 1)) -> QWidget:
    """Two cards, as wide as their shares."""
    widget = QWidget()
    row = QHBoxLayout(widget)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(theme.GAP)
    row.addWidget(first, shares[0])
    row.addWidget(second, shares[1])
    return widget
