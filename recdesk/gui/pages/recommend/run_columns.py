"""Lists of several runs in columns, with what marks agreement and moves, the held-out item, and why in each."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QModelIndex, QObject, Qt, Signal
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from recdesk.gui import theme, words
from recdesk.gui.messages import translated
from recdesk.gui.pages.recommend.run_choice import validation_ndcg
from recdesk.gui.widgets.buttons import Chip
from recdesk.gui.widgets.tables import ArrayTable, Column
from recdesk.gui.widgets.text import ElidedText, Paragraph, Text
from recdesk.workspace.runs import Run

if TYPE_CHECKING:
    from recdesk.recommend.side_by_side import Line, ModelList, SideBySide

_NARROWEST = 200
_IN_SIGHT = 8
_CELL = 24
"""Pixels beside the text of a cell."""


class RunColumn(QObject):
    """The list of one run, as widgets of one column of a grid, so that all lists have the same height.

    Signals:
        item_chosen: id of the item of the current row.

    Attributes:
        table: rank with mark, item, score.
        held_out: where the run ranks the held-out item; hidden for people who are not measured.
        note: what of the request has no effect on this list; hidden where there is nothing to say.
        why: why the chosen item is there, or where it is otherwise.
    """

    item_chosen = Signal(str)

    def __init__(self, run: Run) -> None:
        super().__init__()
        title = words.run_title(run)
        self.title = ElidedText(title, "strong", in_middle=True)
        ndcg = validation_ndcg(run)
        self.facts = ElidedText("" if ndcg is None else f"NDCG@10 {ndcg:.3f}", "small", "secondary")
        self.table = ArrayTable(self.tr("Recommendations of {run}").format(run=title), sortable=False)
        self.table.make_dense()
        self.table.setMinimumHeight(self.table.height_of_rows(_IN_SIGHT))
        self.table.row_chosen.connect(self._chosen)
        self.held_out, self.note = Paragraph("", "small"), Paragraph("", "small", "warning")
        self.why = Paragraph("", "small", "secondary")
        for text in (self.held_out, self.note, self.why):
            text.hide()
        self._lines: Sequence[Line] = ()
        self._choosing = False

    @property
    def widgets(self) -> tuple[QWidget, ...]:
        """From top to bottom; the third is the list."""
        return self.title, self.facts, self.table, self.held_out, self.note, self.why

    def show_list(self, one: "ModelList", model_note: str) -> None:
        """Show a list."""
        self._lines, self._choosing = one.lines, True
        tones = [_TONES[line.mark] if line.mark != "moved" else _moved_tone(line) for line in one.lines]
        titles = [f"◎ {line.item.title}" if line.held_out else line.item.title for line in one.lines]
        columns = [
            Column("#", [f"{line.item.rank}  {self._mark(line)}" for line in one.lines], tones=tones),
            Column(self.tr("Item"), titles, tones=["accent" if line.held_out else "text" for line in one.lines]),
            Column(self.tr("Score"), [line.item.score for line in one.lines], lambda score: f"{score:.3f}", True),
        ]
        advance = QFontMetrics(theme.font("body", tabular=True)).horizontalAdvance
        ranks = max((advance(str(text)) for text in columns[0].values), default=24) + _CELL
        scores = max((advance(f"{line.item.score:.3f}") for line in one.lines), default=30) + _CELL
        self.table.set_columns(columns if one.lines else [], (ranks, 0, scores) if one.lines else ())
        self._choosing = False
        self._say(self.held_out, translated(one.held_out.sentence) if one.held_out else "")
        self.held_out.set_tone("secondary" if one.held_out is None or not one.held_out.hit else "good")
        self._say(self.note, words.together(translated(model_note), *map(translated, one.notes)))

    def ids(self) -> list[str]:
        """Ids of the listed items."""
        return [line.item.item_id for line in self._lines]

    def mark(self, item_id: str) -> None:
        """Make an item the current one, where it is in the list."""
        ids, self._choosing = self.ids(), True
        if item_id in ids:
            self.table.choose(ids.index(item_id))
        else:
            self.table.clearSelection()
            self.table.setCurrentIndex(QModelIndex())
        self._choosing = False

    def say_why(self, sentence: str) -> None:
        """Show why the chosen item is recommended here; "" for none."""
        self._say(self.why, sentence)

    def _mark(self, line: "Line") -> str:
        if line.mark == "agrees":
            return "="
        if line.mark == "alone":
            return self.tr("alone")
        if line.mark == "moved":
            return f"▲ {line.moved}" if line.moved > 0 else f"▼ {-line.moved}"
        others = [rank for rank in line.ranks if rank is not None]
        if len(line.ranks) == 2:
            return f"→ {others[1]}"
        return self.tr("{n} of {lists}").format(n=len(others), lists=len(line.ranks))

    def _say(self, paragraph: Paragraph, text: str) -> None:
        paragraph.setText(text)
        paragraph.setVisible(bool(text))

    def _chosen(self, row: int) -> None:
        if not self._choosing and 0 <= row < len(self._lines):
            self.item_chosen.emit(self._lines[row].item.item_id)


class RunColumns(QWidget):
    """Two to four columns, with one choice of item for all of them.

    Signals:
        item_chosen: id of the item that was chosen in any column; "" for none.
        measured_changed: whether lists are made as they were measured.
        runs_requested: compare these runs on the Runs page.
        ended: show one run again.

    Attributes:
        columns: one a run.
        item_id: of the chosen item; "" for none.
    """

    item_chosen = Signal(str)
    measured_changed = Signal(bool)
    runs_requested = Signal()
    ended = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.columns: list[RunColumn] = []
        self.item_id = ""
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(8)
        outer.addLayout(self._head())
        content = QWidget()
        self._grid = QGridLayout(content)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(theme.GAP)
        self._grid.setVerticalSpacing(4)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setWidget(content)
        content.setAutoFillBackground(False)
        area.viewport().setAutoFillBackground(False)
        outer.addWidget(area, 1)
        self.legend = Paragraph("", "small", "secondary")
        outer.addWidget(self.legend)

    def set_runs(self, runs: Sequence[Run]) -> None:
        """Make a column for each run."""
        for at, column in enumerate(self.columns):
            self._grid.setColumnMinimumWidth(at, 0)
            self._grid.setColumnStretch(at, 0)
            for widget in column.widgets:
                self._grid.removeWidget(widget)
                widget.setParent(None)
                widget.deleteLater()
            column.deleteLater()
        self.columns, self.item_id = [RunColumn(run) for run in runs], ""
        for at, column in enumerate(self.columns):
            column.setParent(self)
            column.item_chosen.connect(self.choose)
            self._grid.setColumnMinimumWidth(at, _NARROWEST)
            self._grid.setColumnStretch(at, 1)
            for row, widget in enumerate(column.widgets):
                self._grid.addWidget(widget, row, at)
        self._grid.setRowStretch(2, 1)
        self.sentence.setText("")
        first = (
            self.tr("→ n: number n in the other list")
            if len(runs) == 2
            else self.tr("n of m: in n of m lists, the first that has it")
        )
        self.legend.setText(
            " · ".join(
                [
                    self.tr("= the same rank"),
                    self.tr("▲ ▼ ranks above or below the first list that has it"),
                    first,
                    self.tr("alone: in no other list"),
                    self.tr("◎ held out"),
                ]
            )
        )

    def show_lists(self, found: "SideBySide", notes: Sequence[str]) -> None:
        """Show the lists, in the order of the runs, with a note on each model; the chosen item stays."""
        for column, one, note in zip(self.columns, found.lists, notes, strict=True):
            column.show_list(one, note)
        self.sentence.setText(translated(found.sentence))
        known = [item for column in self.columns for item in column.ids()]
        self.choose(self.item_id if self.item_id in known else next(iter(known), ""))

    def choose(self, item_id: str) -> None:
        """Choose an item in all columns; "" for none."""
        self.item_id = item_id
        for column in self.columns:
            column.mark(item_id)
            column.say_why("")
        self.item_chosen.emit(item_id)

    def _head(self) -> QHBoxLayout:
        self.sentence = Text("", "small", "secondary")
        self.measured = Chip(self.tr("as measured"), checkable=True)
        self.measured.setToolTip(
            self.tr("Make the lists from the history before the held-out item, as in the test of the runs")
        )
        self.measured.toggled.connect(self.measured_changed)
        self.to_runs = Chip(self.tr("compare these in Runs ›"))
        self.to_runs.clicked.connect(self.runs_requested)
        self.end = Chip(self.tr("one run again"))
        self.end.clicked.connect(self.ended)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self.sentence)
        row.addStretch(1)
        for chip in (self.measured, self.to_runs, self.end):
            row.addWidget(chip)
        return row


_TONES = {"agrees": "secondary", "shared": "secondary", "alone": "accent"}


def _moved_tone(line: "Line") -> str:
    return "good" if line.moved > 0 else "warning"
