"""The history that recommendations are made from: of a user or edited by hand, with the user's features."""

import textwrap
import time
from collections.abc import Mapping

from PySide6.QtCore import QModelIndex, QRect, QSignalBlocker, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QLineEdit

from recdesk.core.messages import Message
from recdesk.data.cleaning.rules import instant, moment_text
from recdesk.data.dataset import Dataset
from recdesk.gui import words
from recdesk.gui.messages import translated
from recdesk.gui.pages.recommend.added_items import AddedItemsLine
from recdesk.gui.pages.recommend.history import History
from recdesk.gui.pages.recommend.history_table import HistoryTable
from recdesk.gui.pages.recommend.moment_dialog import MomentDialog
from recdesk.gui.pages.recommend.user_columns import RANK, UserColumns
from recdesk.gui.widgets.buttons import Chip
from recdesk.gui.widgets.cards import Card
from recdesk.gui.widgets.tables import Column
from recdesk.gui.widgets.text import ElidedText, Text, plain_tooltip
from recdesk.recommend.edited_histories import Entry

_IN_ONE_ROW = 2
"""Features for which one row has room."""
_SHOWN = 32
"""Characters of a value in the line, so that a long one leaves room for the others."""
_IN_TOOLTIP = 300
"""Characters of a value in the tooltip."""
_TIP_WIDTH = 72
_WIDEST_EVENT = 110
_SHORT_NAME = 9
"""Characters of a user id beside which the heading has room for more."""
_HIT = 10
"""A rank of the held-out item that is good."""
_BETWEEN, _MORE = " · ", " · …"


class PersonLine(ElidedText):
    """A user's features as “age: 25 · occupation: writer”; where some are cut the tooltip has a line for each."""

    def __init__(self) -> None:
        self._features: dict[str, str] = {}
        self._rows = 1
        super().__init__("", "small", "secondary")

    def make_room(self, features: int) -> None:
        """Reserve the rows that this many features need, the same for all users, so that nothing below moves."""
        self._rows = 1 if features <= _IN_ONE_ROW else 2
        self.updateGeometry()

    def show_features(self, features: Mapping[str, str]) -> None:
        """Show texts by name; where there are none, say so."""
        self._features = {" ".join(name.split()): " ".join(text.split()) for name, text in features.items()}
        self.setText(_BETWEEN.join(self._pairs(_SHOWN)) or self.tr("nothing else is known of this person"))

    def shown(self) -> list[str]:
        """The text of each row, elided as it is drawn."""
        rows: list[str] = []
        rest = self._pairs(_SHOWN) or [self.text()]
        while rest and len(rows) < self._rows:
            end = "" if len(rows) + 1 < self._rows else _MORE
            count = self._fitting(rest, end)
            rows.append(_BETWEEN.join(rest[:count]) + (end if count < len(rest) else ""))
            rest = rest[count:]
        return [self.fontMetrics().elidedText(row, Qt.TextElideMode.ElideRight, self.width()) for row in rows]

    def sizeHint(self) -> QSize:
        """As high as the rows."""
        return QSize(super().sizeHint().width(), self._rows * self.fontMetrics().lineSpacing())

    def minimumSizeHint(self) -> QSize:
        """A few letters wide."""
        return QSize(super().minimumSizeHint().width(), self.sizeHint().height())

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the rows."""
        painter = QPainter(self)
        painter.setPen(self.palette().color(self.foregroundRole()))
        height = self.fontMetrics().lineSpacing()
        for at, row in enumerate(self.shown()):
            painter.drawText(QRect(0, at * height, self.width(), height), Qt.AlignmentFlag.AlignVCenter, row)

    def _fitting(self, parts: list[str], end: str) -> int:
        """How many parts fit into a row, with `end` after them if not all do; at least one."""
        width = self.fontMetrics().horizontalAdvance
        rows = [_BETWEEN.join(parts[:n]) + (end if n < len(parts) else "") for n in range(1, len(parts) + 1)]
        return max((n for n, row in enumerate(rows, 1) if width(row) < self.width()), default=1)

    def _explain(self) -> None:
        pairs = self._pairs(_IN_TOOLTIP)
        cut = bool(pairs) and _BETWEEN.join(self.shown()) != _BETWEEN.join(pairs)
        lines = [line for pair in pairs for line in textwrap.wrap(pair, _TIP_WIDTH)]
        self.setToolTip(plain_tooltip("\n".join(lines)) if cut else "")

    def _pairs(self, most: int) -> list[str]:
        template = self.tr("{name}: {text}")
        return [template.format(name=name, text=_cut(text, most)) for name, text in self._features.items()]


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else f"{text[: most - 1].rstrip()}…"


class HistoryCard(Card):
    """The history as a table.

    Signals:
        add_requested: add an item.
        discard_requested: discard the edits of this person.
        save_requested: save this person under a name.
    """

    add_requested = Signal()
    discard_requested = Signal()
    save_requested = Signal()

    def __init__(self, history: History) -> None:
        super().__init__()
        self.set_title(self.tr("History"))
        self._history = history
        self._dataset: Dataset | None = None
        self._users: UserColumns | None = None
        self._titles_alone = False
        self.count = Chip("", fact=True)
        self.moment = Chip(self.tr("as of…"))
        self.moment.clicked.connect(self._moment_clicked)
        self.add = Chip(self.tr("+ add"))
        self.add.setToolTip(self.tr("Add an item, as if it was taken now"))
        self.add.clicked.connect(self.add_requested)
        self.discard = Chip(self.tr("discard"), tone="warning")
        self.discard.clicked.connect(self.discard_requested)
        self.discard.hide()
        self.save = Chip(self.tr("save as…"))
        self.save.setToolTip(self.tr("Keep this history and wish under a name, to find and export it again"))
        self.save.clicked.connect(self.save_requested)
        self.save.hide()
        for chip in (self.count, self.discard, self.save, self.moment):
            self.head.addWidget(chip)
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
        self.body.addWidget(self.wish)
        self.hint = Text("", "small", "secondary", wrap=True)
        self.body.addWidget(self.hint)
        self.table = HistoryTable(self.tr("History"))
        self.table.make_dense()
        self.table.clicked.connect(self._clicked)
        self.table.removal.connect(self._remove)
        self.table.moving.connect(self._move)
        self.body.addWidget(self.table, 1)
        self.held_out = Text("", "small", "secondary", wrap=True)
        self.held_out.setToolTip(self.tr("Hidden from the model while it learned, then looked for in its list"))
        self.held_out.hide()
        self.body.addWidget(self.held_out)
        self.gone = Text("", "small", "warning", wrap=True)
        self.gone.hide()
        self.body.addWidget(self.gone)
        self.added = AddedItemsLine()
        self.body.addWidget(self.added)
        history.changed.connect(self.refresh)

    def show_dataset(self, dataset: Dataset, reads_words: bool = False, users: UserColumns | None = None) -> None:
        """Use the titles of this dataset.

        Args:
            dataset: of the histories.
            reads_words: whether the model takes a wish in words.
            users: with the items that the run was measured on, if it was.
        """
        self._dataset, self._users = dataset, users
        self.wish.setVisible(reads_words)
        self.person.make_room(len(dataset.user_features.columns))
        self.person.setVisible(bool(len(dataset.user_features.columns)))
        self.refresh()

    def show_titles_alone(self, alone: bool) -> None:
        """Leave ratings and times out, where there is little room, or show them again."""
        self._titles_alone = alone
        self.refresh()

    def clear(self) -> None:
        """Show nothing."""
        self._dataset = self._users = None
        self.held_out.hide()
        with QSignalBlocker(self.wish):
            self.wish.clear()
        self.wish.hide()
        self.person.hide()
        self.set_title(self.tr("History"))
        self.count.setText("")
        for widget in (self.hint, self.gone, self.save, self.discard):
            widget.hide()
        self.table.set_columns([], ())

    def code(self, row: int) -> int:
        """Code of the item of a row; 0 for one that is gone."""
        return self._history.entries[-1 - row].code

    def refresh(self) -> None:
        """Show the history as it is now."""
        if self._dataset is None:
            return
        history, titles = self._history, self._dataset.titles
        entries = history.entries[::-1]
        held_out, gone = self._say_held_out(), self.tr("{id} · not in the catalogue")
        names = [str(titles[entry.code - 1]) if entry.code else gone.format(id=entry.gone) for entry in entries]
        tones = [_tone(entry, held_out, history.moment) for entry in entries]
        columns = [Column(self.tr("Item"), names, tones=tones)]
        widths = [0]
        if self._dataset.ratings is not None and not self._titles_alone:
            ratings = ["" if entry.rating is None else words.rating(entry.rating) for entry in entries]
            columns.append(Column(self.tr("Rated"), ratings))
            widths.append(54)
        if self._dataset.events is not None and not self._titles_alone:
            advance = self.table.fontMetrics().horizontalAdvance
            columns.append(Column(self.tr("Event"), [entry.event for entry in entries]))
            widest = max((advance(entry.event) for entry in entries), default=0)
            widths.append(min(max(widest, advance(self.tr("Event"))) + 24, _WIDEST_EVENT))
        timed = history.user >= 0 or any(entry.when is not None for entry in entries)
        if self._dataset.times is not None and timed and not self._titles_alone:
            now = self.tr("now") if history.user >= 0 else ""
            columns.append(Column(self.tr("When"), [_day(entry.when) or now for entry in entries]))
            widths.append(self.table.fontMetrics().horizontalAdvance("0000-00-00") + 20)
        columns.append(Column("", ["×"] * len(entries)))
        self.table.set_columns(columns, (*widths, 26))
        name = history.name(history.user)
        title = self.tr("History of {user}").format(user=name) if name else self.tr("History")
        self.set_title(title if len(name) <= _SHORT_NAME else name)
        self.setAccessibleName(title)
        self.count.setText(translated(Message("count.items", count=len(entries))))
        crowded = history.edited or history.user < 0 or self._titles_alone
        self.count.setHidden(crowded)  # room for the name and what can be done with it
        self.person.show_features(self._dataset.known_of_user(history.user) if history.user >= 0 else {})
        for chip in (self.discard, self.save):
            chip.setVisible(history.edited or history.user < 0)
        self._show_moment()
        self.save.setText(self.tr("rename…") if history.saved else self.tr("save as…"))
        self.gone.setText(translated(Message("people.items-gone", count=history.gone)) if history.gone else "")
        self.gone.setVisible(bool(history.gone))
        self.discard.setToolTip(
            self.tr("Forget this person") if history.user < 0 else self.tr("Back to the history in the data")
        )
        self.hint.setVisible(not entries)
        self.hint.setText(self.tr("Nothing yet. Add a few items that this person likes."))
        if self.wish.text().strip() != history.wish:
            with QSignalBlocker(self.wish):
                self.wish.setText(history.wish)

    def _say_held_out(self) -> int:
        """Position of the item that the run was measured on, of which the rank is said; -2 for none."""
        users, user = self._users, self._history.user
        position = int(users.held_out[user]) if users is not None and users.held_out is not None and user >= 0 else -1
        code = next((entry.code for entry in self._history.entries if entry.position == position >= 0), 0)
        self.held_out.setVisible(bool(code))
        if not code or users is None or self._dataset is None:
            return -2
        rank = int(users.figures[RANK].values[user])
        ranked = self.tr("◎ {title} was held out in the test: the run ranked it number {rank}.")
        never = self.tr("◎ {title} was held out in the test, but taken before too, so it is never in the list.")
        title = _cut(str(self._dataset.titles[code - 1]), _SHOWN)
        self.held_out.setText((ranked if rank else never).format(title=title, rank=f"{rank:,}"))
        self.held_out.set_tone("good" if 0 < rank <= _HIT else "secondary")
        return position

    def ask_moment(self) -> None:
        """Ask for the moment for which is recommended."""
        history = self._history
        times = [entry.when for entry in history.entries if entry.when is not None]
        shown = history.moment if history.moment is not None else max(times, default=int(time.time()))
        dialog = MomentDialog(shown, self)
        if dialog.exec():
            history.set_moment(dialog.chosen())
        dialog.deleteLater()

    def _moment_clicked(self) -> None:
        if self._history.moment is None:
            self.ask_moment()
        else:
            self._history.set_moment(None)

    def _show_moment(self) -> None:
        """The chip of the moment, where the data has times."""
        history = self._history
        timed = any(entry.when is not None for entry in history.entries)
        self.moment.setVisible(history.has_times and (timed or history.moment is not None))
        if history.moment is None:
            self.moment.setText(self.tr("as of…"))
            self.moment.setToolTip(self.tr("Recommend as at an earlier day, from what was known then"))
            return
        day = moment_text(history.moment)
        self.moment.setText(self.tr("as of {day} ×").format(day=day))
        left = len(history.read)
        self.moment.setToolTip(
            translated(Message("recommend.as-of-history", count=left, of=len(history.codes), moment=day))
        )

    def _wish_typed(self, text: str) -> None:
        if not text:  # cleared: no need to press Enter
            self._wish_edited()

    def _wish_edited(self) -> None:
        if self._dataset is not None:
            self._history.set_wish(self.wish.text().strip())

    def _clicked(self, index: QModelIndex) -> None:
        if index.column() == len(self.table.table_model.columns) - 1:
            self._remove(self.table.table_model.source_row(index.row()))

    def _remove(self, row: int) -> None:
        self._history.remove(len(self._history.entries) - 1 - row)
        if self._history.entries:  # the next one becomes current, so that Delete can go on
            self.table.choose(min(row, len(self._history.entries) - 1))

    def _move(self, row: int, to: int) -> None:
        last = len(self._history.entries) - 1
        self._history.move(last - row, last - to)
        self.table.choose(to)


def _tone(entry: Entry, held_out: int, moment: int | None) -> str:
    """Of an item: gone from the catalogue or of a later moment, held out in the test (at a position), or neither."""
    if not entry.code or (moment is not None and entry.when is not None and entry.when > moment):
        return "secondary"
    return "accent" if entry.position == held_out else "text"


def _day(seconds: int | None) -> str:
    return "" if seconds is None else f"{instant(seconds):%Y-%m-%d}"
