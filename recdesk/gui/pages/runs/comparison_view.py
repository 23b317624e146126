"""Runs beside each other: figures with paired differences, settings that differ, lists that changed."""

from PySide6.QtCore import QModelIndex, Signal
from PySide6.QtWidgets import QStackedWidget

from recdesk.core.errors import RecdeskError
from recdesk.evaluation.sentences import p_text
from recdesk.experiment.comparison import COMPARED, SHOWN, Comparison, Difference
from recdesk.experiment.differing_settings import NO_SETTING
from recdesk.gui import words
from recdesk.gui.messages import translated
from recdesk.gui.pages.runs.figure_text import Footnotes, Notes, figure_text, figure_title
from recdesk.gui.widgets.buttons import Chip, Segments
from recdesk.gui.widgets.cards import Card
from recdesk.gui.widgets.tables import ArrayTable, Column
from recdesk.gui.widgets.text import Text
from recdesk.training.config import KINDS


class ComparisonCard(Card):
    """A column a run: figures, and below them the differences to the first run."""

    def __init__(self) -> None:
        super().__init__()
        self.set_title(self.tr("Side by side"))
        self.table = ArrayTable(self.tr("Figures of runs beside each other"), sortable=False)
        self.table.make_dense()
        self.body.addWidget(self.table, 1)
        self.sentences = Notes(self.tr("The comparison in words"), 84)
        self.body.addWidget(self.sentences)

    def show_comparison(self, found: Comparison) -> None:
        """Show runs."""
        footnotes = Footnotes()
        names = [name for name in SHOWN if any(name in figures for figures in found.figures)]
        compared = [name for name in COMPARED if found.differences]
        titles = [figure_title(name) for name in names]
        for name in compared:
            titles += [self.tr("{figure}: difference").format(figure=figure_title(name)), self.tr("   p (Holm)")]
        columns, titles_of = [Column(self.tr("Figure"), titles)], _titles(found)
        for run, figures in zip(found.runs, found.figures, strict=True):
            cells = [figure_text(figures.get(name), footnotes) for name in names]
            tones = ["text"] * len(cells)
            for name in compared:
                texts, tone = self._difference(found.difference(run, name))
                cells += texts
                tones += [tone, tone]
            columns.append(Column(titles_of[run.id], cells, tones=tones))
        self.table.set_columns(columns, (150, *[192] * (len(found.runs) - 1), 0 if len(found.runs) < 3 else 192))
        star = self.tr("* more than chance (Holm, 5 %)") if found.differences else ""
        self.sentences.say(star, *map(translated, found.sentences(titles_of)), footnotes.text())

    def _difference(self, each: Difference | None) -> tuple[list[str], str]:
        """Cells of a difference and its p-value, and their tone."""
        if each is None:
            return [self.tr("compared with"), ""], "secondary"
        tone = "text" if not each.real else "good" if each.difference > 0 else "bad"
        interval = f"{each.difference:+.4f} ({each.low:+.3f} … {each.high:+.3f})"
        return [interval, p_text(each.p_holm).removeprefix("= ") + (" *" if each.real else "")], tone

    def show_reason(self, error: RecdeskError) -> None:
        """Say why runs cannot be compared."""
        self.table.set_columns([], ())
        self.sentences.say(words.together(translated(error.sentence), translated(error.suggestion)))


def _titles(found: Comparison) -> dict[str, str]:
    """What the runs and groups are called, by id of the run that stands for them."""
    return {
        run.id: words.run_title(run) if group is None else words.group_title(group)
        for run, group in zip(found.runs, found.groups, strict=True)
    }


class DifferencesCard(Card):
    """The settings in which runs differ, or the people whose lists changed most.

    Signals:
        person_chosen: the id of a person who was clicked.
    """

    person_chosen = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.set_title(self.tr("What differs"))
        self.settings_chip = Chip(self.tr("settings"), tab=True)
        self.people_chip = Chip(self.tr("people's lists"), tab=True)
        self.settings_chip.setChecked(True)
        self.settings, self.people = (
            ArrayTable(name, sortable=False)
            for name in (self.tr("Settings that differ"), self.tr("People whose lists changed most"))
        )
        self.stack = QStackedWidget()
        for table, chip in ((self.settings, self.settings_chip), (self.people, self.people_chip)):
            table.make_dense()
            self.stack.addWidget(table)
            chip.clicked.connect(lambda _checked, table=table: self._choose(table))
        self.head.addWidget(Segments(self.settings_chip, self.people_chip))
        self.people.clicked.connect(self._clicked)
        self.people.activated.connect(self._clicked)
        self.body.addWidget(self.stack, 1)
        self.note = Text("", "small", "secondary", wrap=True)
        self.body.addWidget(self.note)
        self._found: Comparison | None = None

    def show_comparison(self, found: Comparison | None) -> None:
        """Show runs; None for runs that cannot be compared."""
        self._found = found
        if found is None:
            self.settings.set_columns([], ())
            self.people.set_columns([], ())
            self.note.setText("")
            return
        numbered = list(_titles(found).values())
        titles = [self.tr("Model") if row.name == "kind" else words.config_words(row.title) for row in found.settings]
        columns = [Column(self.tr("Setting"), titles)]
        for at, title in enumerate(numbered):
            columns.append(Column(title, [self._value(found, row.name, row.values[at]) for row in found.settings]))
        self.settings.set_columns(columns, (124, *[146] * (len(numbered) - 1), 0 if len(numbered) < 3 else 146))
        people = found.changed
        columns = [
            Column(self.tr("Person"), [person.user_id for person in people]),
            Column(self.tr("In common"), [self.tr("{n} of 10").format(n=f"{p.common:.3g}") for p in people]),
            Column(self.tr("Held-out item"), [person.title for person in people]),
        ]
        for at, title in enumerate(numbered):
            ranks = ["–" if p.ranks[at] is None else f"{p.ranks[at]:,}" for p in people]
            columns.append(Column(self.tr("Rank: {run}").format(run=title), ranks, numeric=True))
        self.people.set_columns(columns, (90, 84, 0, *[90] * len(numbered)))
        self._choose(self.people if self.people_chip.isChecked() else self.settings)

    def _value(self, found: Comparison, name: str, value: object) -> str:
        if value is NO_SETTING:
            return "–"
        for run in found.runs:
            field = KINDS[run.kind].model_fields.get(name)
            if field is not None and value is not None:
                return words.setting(field, value)
        return words.choice("auto") if value is None else str(value)

    def _choose(self, table: ArrayTable) -> None:
        self.settings_chip.setChecked(table is self.settings)
        self.people_chip.setChecked(table is self.people)
        self.stack.setCurrentWidget(table)
        found = self._found
        if table is self.people:
            self.note.setText(self.tr("A click opens them in Recommend.") if found and found.changed else "")
        else:
            self.note.setText("" if found is None or found.settings else self.tr("All settings are the same."))

    def _clicked(self, index: QModelIndex) -> None:
        if self._found is not None:
            row = self.people.table_model.source_row(index.row())
            self.person_chosen.emit(self._found.changed[row].user_id)
