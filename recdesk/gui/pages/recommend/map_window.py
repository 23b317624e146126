"""The window with the map of the items: the map, its legend, and the chosen items."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QSignalBlocker, Qt, QTimer, Signal
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLineEdit, QPushButton, QStackedWidget, QVBoxLayout, QWidget

from recdesk.core.messages import Message
from recdesk.data.dataset import Dataset
from recdesk.gui import theme, words
from recdesk.gui.job_centre import time_left
from recdesk.gui.jobs import Job
from recdesk.gui.messages import translated
from recdesk.gui.pages.recommend.map_legend import Legend, points_of
from recdesk.gui.widgets.buttons import Chip
from recdesk.gui.widgets.cards import Card
from recdesk.gui.widgets.inputs import ChoiceBox
from recdesk.gui.widgets.point_map import PointMap
from recdesk.gui.widgets.status import ProgressLine
from recdesk.gui.widgets.tables import ArrayTable, Column
from recdesk.gui.widgets.text import Paragraph, Text
from recdesk.recommend.map_colours import POPULARITY, Colouring
from recdesk.recommend.map_files import NO_MARKS, Marks

if TYPE_CHECKING:
    from recdesk.recommend.item_map import ItemMap

_SIDE = 300
_TYPING_MS = 250


@dataclass(frozen=True)
class MapLook:
    """What a job found for the window: the map, a sentence if it could not be kept, how it is coloured, and by what it
    could be."""

    found: "ItemMap"
    problem: str
    colours: Colouring
    choices: tuple[str, ...]


class MapWindow(QDialog):
    """Shows a map beside the main window. It does no work itself: what it asks for, its owner does in jobs.

    Signals:
        colour_wanted: colour by this feature.
        search_wanted: pick out the items with this text.
        item_opened: open the page of the item with this code.
        block_wanted: never recommend the items with these codes.
        export_wanted: write the items with these codes.
        make_wanted: make the map.
        cancel_wanted: stop making it.
    """

    colour_wanted = Signal(str)
    search_wanted = Signal(str)
    item_opened = Signal(int)
    block_wanted = Signal(object)
    export_wanted = Signal(object)
    make_wanted = Signal()
    cancel_wanted = Signal()

    def __init__(self, save: QWidget, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.look: MapLook | None = None
        self.marks = NO_MARKS
        self.codes: NDArray[np.int64] = np.empty(0, np.int64)
        self._dataset: Dataset | None = None
        self._job: Job[MapLook] | None = None
        self.setWindowTitle(self.tr("Map of the items"))
        self.resize(1120, 700)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(theme.GAP, theme.GAP, theme.GAP, 12)
        outer.setSpacing(12)
        outer.addLayout(self._tools(save))
        middle = QHBoxLayout()
        middle.setSpacing(theme.GAP)
        self.stack = QStackedWidget()
        self.stack.addWidget(self._waiting())
        self.map = PointMap(self.windowTitle())
        frame = Card()
        frame.body.addWidget(self.map)
        self.stack.addWidget(frame)
        middle.addWidget(self.stack, 1)
        middle.addLayout(self._side())
        outer.addLayout(middle, 1)
        self.notes = Paragraph("", "small", "secondary")
        outer.addWidget(self.notes)
        self._connect()
        self._choose(self.codes)

    def wait_for(self, job: "Job[MapLook]") -> None:
        """Show how far the job is that makes the map."""
        self._job = job
        self.stack.setCurrentIndex(0)
        self._enable(False)
        self.state.setText(self.tr("The map is being made. It is kept with the run, so this happens once."))
        self.cancel_button.setText(self.tr("Cancel"))
        self._show_progress(0.0, "")
        job.progressed.connect(self._show_progress)

    def show_problem(self, sentence: str) -> None:
        """Say why there is no map, and offer to try again."""
        self._job = None
        self.stack.setCurrentIndex(0)
        self.state.setText(sentence)
        self.step.setText("")
        self.line.hide()
        self.cancel_button.setText(self.tr("Make the map"))

    def show_look(self, dataset: Dataset, look: MapLook) -> None:
        """Show a map, or the same one in other colours."""
        self._job, self._dataset = None, dataset
        fresh = self.look is None or self.look.found is not look.found
        self.look = look
        self._enable(True)
        self.stack.setCurrentIndex(1)
        with QSignalBlocker(self.colour):
            self.colour.clear()
            for name in look.choices:
                popular = name == POPULARITY and (look.colours.popular or name not in dataset.item_features.columns)
                self.colour.addItem(translated(Message("map.popularity")) if popular else name, name)
            self.colour.setCurrentIndex(self.colour.findData(look.colours.feature))
        self.map.show_points(points_of(look.found, look.colours))
        self._mark()
        if fresh:
            self._choose(np.empty(0, np.int64))
        self.map.highlight(self._picked_out())
        sentences = [translated(note) for note in look.found.notes]
        sentences += [translated(look.problem)] if look.problem else []
        sentences.append(self.tr("Near items are alike to the model; directions and large distances mean nothing."))
        self.notes.setText(words.together(*sentences))

    def show_marks(self, marks: Marks) -> None:
        """Mark the items of a person."""
        self.marks = marks
        if self.look is not None:
            self._mark()

    def show_found(self, mask: "NDArray[np.bool_] | None") -> None:
        """Pick out the items with the text that was looked for; None for no text."""
        look = self.look
        if look is not None:
            codes = np.empty(0, np.int64) if mask is None else look.found.codes[mask[look.found.codes - 1]]
            self._choose(codes, searched=mask is not None)
            self.map.show_rows(look.found.rows_of(codes))

    def recolour(self) -> None:
        """Draw in the colours of the theme."""
        if self.look is not None:
            self.map.show_points(points_of(self.look.found, self.look.colours))
            self.map.highlight(self._picked_out())

    def _tools(self, save: QWidget) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(8)
        self.colour = ChoiceBox()
        self.colour.setAccessibleName(self.tr("Coloured by"))
        self.colour.setMinimumWidth(150)
        self.search = QLineEdit()
        self.search.setAccessibleName(self.tr("Find items on the map"))
        self.search.setPlaceholderText(self.tr("title, id or feature…"))
        self.search.setClearButtonEnabled(True)
        self.lasso = Chip(self.tr("lasso"), checkable=True)
        self.lasso.setToolTip(self.tr("Draw around items to choose them (or drag with Shift)"))
        self.whole = Chip(self.tr("whole map"))
        self.whole.setToolTip(self.tr("Show all items (0); arrows move, + and − zoom"))
        row.addWidget(Text(self.tr("Coloured by"), "body", "secondary"))
        row.addWidget(self.colour)
        row.addWidget(self.search, 1)
        for widget in (self.lasso, self.whole, save):
            row.addWidget(widget)
        for control in (self.colour, self.search):
            control.setMinimumHeight(theme.CONTROL_HEIGHT)
        self._save = save
        return row

    def _waiting(self) -> QWidget:
        """What is shown while there is no map."""
        card = Card()
        card.body.addStretch(1)
        self.state = Paragraph("", "body")
        self.state.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.line = ProgressLine(self.tr("Making the map"))
        self.line.setFixedWidth(320)
        self.step = Text("", "small", "secondary", tabular=True)
        self.cancel_button = QPushButton(self.tr("Cancel"))
        card.body.addWidget(self.state)
        for widget in (self.line, self.step, self.cancel_button):
            card.body.addWidget(widget, 0, Qt.AlignmentFlag.AlignHCenter)
        card.body.addStretch(1)
        return card

    def _side(self) -> QVBoxLayout:
        column = QVBoxLayout()
        column.setSpacing(theme.GAP)
        self.legend_card = Card(self.tr("Legend"))
        self.legend = Legend()
        self.legend_card.body.addWidget(self.legend)
        self.list_card = Card(self.tr("Chosen items"))
        self.none = Chip(self.tr("none"))
        self.none.setToolTip(self.tr("Choose nothing"))
        self.list_card.head.addWidget(self.none)
        self.hint = Paragraph("", "small", "secondary")
        self.table = ArrayTable(self.tr("Chosen items"), several=True)
        self.table.make_dense()
        row = QHBoxLayout()
        row.setSpacing(2)
        self.open_chip, self.block_chip = Chip(self.tr("open…")), Chip(self.tr("never recommend"))
        self.export_chip = Chip(self.tr("export…"))
        self.open_chip.setToolTip(self.tr("Opens the page of the item"))
        self.block_chip.setToolTip(self.tr("Adds the selected items, or all, to the rules of the page"))
        self.export_chip.setToolTip(self.tr("Writes these items as CSV"))
        for chip in (self.open_chip, self.block_chip, self.export_chip):
            row.addWidget(chip)
        row.addStretch(1)
        for widget in (self.hint, self.table):
            self.list_card.body.addWidget(widget, 1 if widget is self.table else 0)
        self.list_card.body.addLayout(row)
        self.list_card.body.addStretch(0)
        for card, stretch in ((self.legend_card, 0), (self.list_card, 1)):
            card.setFixedWidth(_SIDE)
            column.addWidget(card, stretch)
        return column

    def _connect(self) -> None:
        self._typing = QTimer(self, singleShot=True, interval=_TYPING_MS)
        self._typing.timeout.connect(lambda: self.search_wanted.emit(self.search.text()))
        self.search.textChanged.connect(lambda _text: self._typing.start())
        self.colour.activated.connect(lambda at: self.colour_wanted.emit(self.colour.itemData(at)))
        self.lasso.toggled.connect(self._set_lasso)
        self.whole.clicked.connect(self.map.fit)
        self.none.clicked.connect(lambda: self._choose(np.empty(0, np.int64)))
        self.cancel_button.clicked.connect(self._cancel_or_make)
        self.map.chosen.connect(self._choose_rows)
        self.map.opened.connect(lambda row: self.item_opened.emit(int(self._look().found.codes[row])))
        self.map.readout = self._readout
        self.legend.picked.connect(self._pick)
        self.table.activated.connect(lambda index: self._open(self.table.table_model.source_row(index.row())))
        self.open_chip.clicked.connect(lambda: self._open(self.table.chosen()))
        self.block_chip.clicked.connect(lambda: self.block_wanted.emit(self._selected()))
        self.export_chip.clicked.connect(lambda: self.export_wanted.emit(self._selected()))
        theme.theme().changed.connect(self.recolour)

    def keyPressEvent(self, event: "object") -> None:
        """Enter belongs to the search and the table; Escape lets go of what is chosen, then closes."""
        key = getattr(event, "key", lambda: None)()
        if key == Qt.Key.Key_Escape and (len(self.codes) or self.search.text()):
            self.search.clear()
            self._choose(np.empty(0, np.int64))
        elif key not in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            super().keyPressEvent(event)  # type: ignore[arg-type]

    def _look(self) -> MapLook:
        assert self.look is not None
        return self.look

    def _enable(self, there: bool) -> None:
        for widget in (self.colour, self.search, self.lasso, self.whole, self._save):
            widget.setEnabled(there)
        self.legend_card.setVisible(there)

    def _show_progress(self, share: float, text: str) -> None:
        if self._job is None:
            return
        self.line.show()
        self.line.set_value(share)
        left = time_left(self._job)
        said = self.tr("{time} left").format(time=left) if left else ""
        self.step.setText(" · ".join(filter(None, (translated(text), said))))

    def _cancel_or_make(self) -> None:
        if self._job is None:
            self.make_wanted.emit()
        else:
            self.cancel_wanted.emit()

    def _set_lasso(self, on: bool) -> None:
        self.map.lasso_mode = on
        self.map.setCursor(Qt.CursorShape.CrossCursor if on else Qt.CursorShape.ArrowCursor)

    def _mark(self) -> None:
        look, marks = self._look(), self.marks
        history = look.found.rows_of(np.array(marks.history, np.int64))
        ranked = [
            (rank, int(row))
            for rank, code in enumerate(marks.recommended, 1)
            for row in look.found.rows_of(np.array([code]))
        ]
        self.map.mark(history, ranked)
        said: list[tuple[str, str]] = []
        if marks.person:
            message = Message("map.history-marks", count=len(marks.history), person=marks.person)
            said.append(("square", translated(message)))
            said.append(("disc", translated(Message("map.recommended-marks", count=len(marks.recommended)))))
            off = len(marks.codes) - len(look.found.rows_of(marks.codes))
            if off:
                said.append(("", translated(Message("map.marks-off", count=off, person=marks.person))))
        self.legend_card.set_title(translated(look.colours.title))
        self.legend.show_colours(look.colours, said)
        self._describe([text for _, text in said])

    def _describe(self, marks: Sequence[str]) -> None:
        """What the map shows, in words, for those who do not see it."""
        look = self._look()
        items = translated(Message("count.items", count=len(look.found.codes)))
        colour = self.tr("{items}, coloured by {feature}").format(items=items, feature=translated(look.colours.title))
        groups = [row.accessibleName() for row in self.legend.rows]
        self.map.setAccessibleDescription("; ".join([colour, *groups, *marks]))

    def _readout(self, row: int) -> str:
        look, dataset = self._look(), self._dataset
        assert dataset is not None
        code = int(look.found.codes[row])
        text = str(look.colours.texts[code - 1]) or translated(Message("map.unknown-category"))
        lines = [str(dataset.titles[code - 1]), f"{translated(look.colours.title)}: {text}"]
        if code in self.marks.recommended:
            lines.append(self.tr("recommendation {rank}").format(rank=self.marks.recommended.index(code) + 1))
        elif code in self.marks.history:
            lines.append(self.tr("in the history"))
        return "\n".join(lines)

    def _pick(self, slot: int | None) -> None:
        self._choose(np.empty(0, np.int64), keep_legend=True)

    def _picked_out(self) -> "NDArray[np.bool_] | None":
        """bool [n on the map]: chosen items, else those of the category that is picked out; None for all."""
        look = self.look
        if look is None:
            return None
        if len(self.codes):
            mask = np.zeros(len(look.found.codes), bool)
            mask[look.found.rows_of(self.codes)] = True
            return mask
        picked = next((row.slot for row in self.legend.rows if row.isChecked()), None)
        return None if picked is None else look.colours.having(picked)[look.found.codes - 1]

    def _choose_rows(self, rows: NDArray[np.int64]) -> None:
        self._choose(self._look().found.codes[rows])

    def _choose(self, codes: NDArray[np.int64], searched: bool = False, keep_legend: bool = False) -> None:
        """List items, and pick them out on the map."""
        self.codes = codes
        if not keep_legend:
            self.legend.let_go()
        there = len(codes) > 0
        for widget in (self.table, self.none, self.open_chip, self.block_chip, self.export_chip):
            widget.setVisible(there)
        title = self.tr("Chosen items")
        self.list_card.set_title(f"{title} · {len(codes):,}" if there else title)
        hint = self.tr("Draw around items with the lasso, click one, or search: they are listed here.")
        self.hint.setText("" if there else self.tr("Nothing on the map has this text.") if searched else hint)
        self.hint.setVisible(not there)
        if there and self._dataset is not None:
            rows = codes - 1
            taken = Column(self.tr("Taken"), self._dataset.popularity[rows], numeric=True)
            self.table.set_columns([Column(self.tr("Item"), self._dataset.titles[rows]), taken], (0, 70))
        if self.look is not None:
            self.map.highlight(self._picked_out())

    def _selected(self) -> NDArray[np.int64]:
        """Codes of the selected rows of the list; of all where none is."""
        rows = self.table.selected()
        return self.codes[rows] if rows else self.codes

    def _open(self, row: int) -> None:
        if 0 <= max(row, 0) < len(self.codes):
            self.item_opened.emit(int(self.codes[max(row, 0)]))
