"""What the person took, newest first, to look at and to change; above it what else is known of them."""

from PySide6.QtCore import QModelIndex, QSignalBlocker, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLineEdit

from recdesk.data.cleaning.rules import instant
from recdesk.data.dataset import Dataset
from recdesk.gui.pages.recommend.history import History
from recdesk.gui.pages.recommend.person_line import PersonLine
from recdesk.gui.widgets.array_table import ArrayTable
from recdesk.gui.widgets.array_table_model import Column
from recdesk.gui.widgets.card import Card
from recdesk.gui.widgets.chip import Chip
from recdesk.gui.widgets.text import Text


class HistoryTable(ArrayTable):
    """Delete takes the current item out, and so does a click on its ×.

    Signals:
        removal: source row.
    """

    removal = Signal(int)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Delete or Backspace."""
        if event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace) and self.chosen() >= 0:
            self.removal.emit(self.chosen())
        else:
            super().keyPressEvent(event)


class HistoryCard(Card):
    """The history as a table.

    Signals:
        add_wanted: the person wants to add an item.
        wish_changed: what is asked for in words, "" for nothing.
    """

    add_wanted = Signal()
    wish_changed = Signal(str)

    def __init__(self, history: History) -> None:
        super().__init__()
        self.set_title(self.tr("History"))
        self._history = history
        self._dataset: Dataset | None = None
        self.count = Chip("", fact=True)
        self.add = Chip(self.tr("+ add"))
        self.add.setToolTip(self.tr("Add an item, as if it was taken now"))
        self.add.clicked.connect(self.add_wanted)
        self.head.addWidget(self.count)
        self.head.addWidget(self.add)
        self.person = PersonLine()
        self.person.hide()
        self.body.addWidget(self.person)
        self.wish = QLineEdit()
        self.wish.setPlaceholderText(self.tr("what they want, in words…"))
        self.wish.setAccessibleName(self.tr("Wish in words"))
        self.wish.setToolTip(
            self.tr("Say what is wanted, such as “science fiction with humour”, then Enter; it counts as taken last")
        )
        self.wish.setClearButtonEnabled(True)
        self.wish.editingFinished.connect(self._wish_edited)
        self.wish.textChanged.connect(self._wish_typed)
        self.wish.hide()
        self._wish = ""
        self.body.addWidget(self.wish)
        self.hint = Text("", "small", "secondary", wrap=True)
        self.body.addWidget(self.hint)
        self.table = HistoryTable(self.tr("History"), sortable=False)
        self.table.clicked.connect(self._clicked)
        self.table.removal.connect(self._remove)
        self.body.addWidget(self.table, 1)
        history.changed.connect(self.refresh)

    def show_dataset(self, dataset: Dataset, reads_words: bool = False) -> None:
        """Titles come from this dataset; a wish can be told to a model that reads words."""
        self._dataset = dataset
        self.wish.setVisible(reads_words)
        self.person.make_room(len(dataset.user_features.columns))
        self.person.setVisible(bool(len(dataset.user_features.columns)))
        self.refresh()

    def clear(self) -> None:
        """Show nothing."""
        self._dataset = None
        self._wish = ""
        with QSignalBlocker(self.wish):
            self.wish.clear()
        self.wish.hide()
        self.person.hide()
        self.count.setText("")
        self.hint.hide()
        self.table.set_columns([], ())

    def refresh(self) -> None:
        """Show the history as it is now."""
        if self._dataset is None:
            return
        titles, codes = self._dataset.titles, self._history.codes
        order = range(len(codes) - 1, -1, -1)
        columns = [Column(self.tr("Item"), [str(titles[codes[i] - 1]) for i in order])]
        widths = [0]
        if self._dataset.times is not None:
            columns.append(Column(self.tr("When"), [_day(self._history.when(i)) or self.tr("now") for i in order]))
            widths.append(98)
        columns.append(Column("", ["×"] * len(codes)))
        self.table.set_columns(columns, (*widths, 34))
        self.count.setText(self.tr("{n} items").format(n=f"{len(codes):,}"))
        user = self._history.user
        self.person.show_features(self._dataset.known_of_user(user) if user >= 0 else {})
        self.hint.setVisible(not codes)
        self.hint.setText(self.tr("Nothing yet. Add a few items that this person likes."))

    def _wish_typed(self, text: str) -> None:
        if not text:  # cleared: no need to press Enter
            self._wish_edited()

    def _wish_edited(self) -> None:
        wish = self.wish.text().strip()
        if wish != self._wish:
            self._wish = wish
            self.wish_changed.emit(wish)

    def _clicked(self, index: QModelIndex) -> None:
        if index.column() == len(self.table.table_model.columns) - 1:
            self._remove(self.table.table_model.source_row(index.row()))

    def _remove(self, row: int) -> None:
        self._history.remove(len(self._history.codes) - 1 - row)
        if self._history.codes:  # the next one becomes current, so that Delete can go on
            self.table.choose(min(row, len(self._history.codes) - 1))


def _day(seconds: int | None) -> str:
    return "" if seconds is None else f"{instant(seconds):%Y-%m-%d}"
