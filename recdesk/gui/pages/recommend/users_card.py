"""The users of the dataset: searched by id and feature, and sorted."""

import random
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QModelIndex, QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLineEdit

from recdesk.data.cleaning.rules import instant
from recdesk.gui import theme
from recdesk.gui.jobs import Jobs
from recdesk.gui.pages.base import Kept
from recdesk.gui.pages.recommend.history import ChangedPerson
from recdesk.gui.pages.recommend.user_columns import ITEMS, NEWEST, RANK, UserColumns
from recdesk.gui.widgets.buttons import Chip
from recdesk.gui.widgets.cards import Card
from recdesk.gui.widgets.inputs import ChoiceBox
from recdesk.gui.widgets.tables import ArrayTable, Column
from recdesk.gui.widgets.text import Text

_SEARCH = "recommend.users"
_NARROWEST, _WIDEST, _FIGURE_WIDTH, _CELL_PADDING = 184, 360, 80, 16
_CHANGED_IN_SIGHT, _DISCARD = 5, 1
"""Rows of the list of edited people, and its column that discards them."""
_MARKS = {(True, False): "✎ ", (False, False): "", (False, True): "★ "}
"""Before names of users with edits, of new people, and of people who were saved."""
_WORTH_NARROWING = 4
"""Users are looked for among those found before where these are fewer than one in so many."""
_SAMPLE = 500
"""Ids whose widths are measured."""


class UsersCard(Card):
    """A search field and a table of users.

    Signals:
        user_chosen: user code; below 0 for a new person.
        new_user: recommendations for a new user are wanted.
        discard_requested: discard the edits of a person (user code, below 0 for a new person).
    """

    user_chosen = Signal(int)
    new_user = Signal()
    discard_requested = Signal(int)

    def __init__(self, jobs: Jobs) -> None:
        super().__init__()
        self._jobs = jobs
        self.set_title(self.tr("Users"))
        self.count = Chip("", fact=True)
        self.new = Chip(self.tr("+ new"))
        self.new.setToolTip(self.tr("Recommend to a person who is not in the data: pick a few items they like"))
        self.new.clicked.connect(self.new_user)
        self.head.addWidget(self.count)
        self.head.addWidget(self.new)
        self.search = QLineEdit()
        self.search.setPlaceholderText(self.tr("part of a user id…"))
        self.search.setAccessibleName(self.tr("Search users"))
        self.search.setClearButtonEnabled(True)
        self.search.textChanged.connect(self._search)
        self.order = ChoiceBox()
        self.order.setAccessibleName(self.tr("Order of the users"))
        self.order.activated.connect(self._sort)
        self.any = Chip(self.tr("any"))
        self.any.setToolTip(self.tr("Show one of the users in the list at random"))
        self.any.clicked.connect(self._choose_any)
        self.table = ArrayTable(self.tr("Users"))
        self.table.make_dense()
        self.table.row_chosen.connect(self._chosen)
        self.hint = Text("", "small", "secondary", wrap=True)
        self.hint.hide()
        self.body.addWidget(self.search)
        row = QHBoxLayout()
        row.setSpacing(0)
        row.addWidget(self.order, 1)
        row.addWidget(self.any)
        self.body.addLayout(row)
        self.changed = ArrayTable(self.tr("Edited and new people"), sortable=False)
        self.changed.make_dense()
        self.changed.horizontalHeader().hide()
        self.changed.hide()
        self.changed.clicked.connect(self._changed_clicked)
        self.changed.row_chosen.connect(self._changed_chosen)
        self._people: list[ChangedPerson] = []
        self._changed: list[ChangedPerson] = []  # of these, those that the search finds
        self._edited: set[str] = set()
        self._listing = False
        self._last: tuple[str, NDArray[np.int64]] = "", np.empty(0, np.int64)
        self.body.addWidget(self.hint)
        self.body.addWidget(self.changed)
        self.body.addWidget(self.table, 1)
        self._users: UserColumns | None = None

    def show_users(self, users: UserColumns) -> None:
        """List these."""
        self._users = users
        self._last = "", np.empty(0, np.int64)
        self.search.clear()
        known = self.tr("part of an id or feature…") if users.known is not None else self.tr("part of a user id…")
        self.search.setPlaceholderText(known)
        self._list_orders(users)
        columns = [Column(self.tr("User"), users.ids, self._marked, orders=users.orders), self._column(users, ITEMS)]
        self.table.set_columns(columns, (0, _FIGURE_WIDTH))
        self._show(None, "")

    def show_changed(self, people: Sequence[ChangedPerson]) -> None:
        """List people with edits, new and saved ones, and mark those among them who are in the data."""
        self._people = list(people)
        self._edited = {person.name for person in people if person.user >= 0}
        self._list_changed()
        self.table.viewport().update()

    def _list_changed(self) -> None:
        """List those of them whose name has the text that is looked for."""
        row = self.changed.chosen()
        current = self._changed[row].user if row >= 0 else None
        wanted = self.search.text().strip().casefold()
        people = self._changed = [person for person in self._people if wanted in person.name.casefold()]
        names = [f"{_MARKS[person.user >= 0, person.saved]}{person.name}" for person in people]
        columns = [Column(self.tr("User"), names, tones=["accent"] * len(people)), Column("", ["×"] * len(people))]
        self._listing = True
        self.changed.set_columns(columns if people else [], (0, 30) if people else ())
        for row, person in enumerate(people):
            if person.user == current:
                self.changed.choose(row)
        self._listing = False
        rows = min(len(people), _CHANGED_IN_SIGHT)
        self.changed.setFixedHeight(max(rows, 1) * self.changed.verticalHeader().defaultSectionSize())
        self.changed.setVisible(bool(people))

    def wanted_width(self) -> int:
        """The width at which ids are whole, as a sample of them tells; at most `_WIDEST`."""
        ids = self._users.ids if self._users is not None else ()
        sample = [str(ids[at]) for at in np.linspace(0, len(ids) - 1, min(len(ids), _SAMPLE)).astype(int)]
        widest = max((self.table.fontMetrics().horizontalAdvance(name) for name in sample), default=0)
        around = _FIGURE_WIDTH + 2 * theme.PADDING + 3 * _CELL_PADDING
        return min(max(widest + around, _NARROWEST), _WIDEST)

    def clear(self) -> None:
        """Empty the table."""
        self._users = None
        self._last = "", np.empty(0, np.int64)
        self.search.clear()
        self._jobs.drop(_SEARCH)
        self.count.setText("")
        self.order.clear()
        self.table.set_columns([], ())

    def focus_search(self) -> None:
        """Put the focus into the search."""
        self.search.setFocus()
        self.search.selectAll()

    def kept(self) -> Kept:
        """See `Page.kept`."""
        return {"search": self.search.text(), "found": self._last}

    def take(self, kept: Kept) -> None:
        """See `Page.take`; after the users are listed, and before one is chosen."""
        with QSignalBlocker(self.search):
            self.search.setText(kept["search"])
        wanted, found = kept["found"]
        if wanted:
            self._show(found, wanted)

    def choose_none(self) -> None:
        """Choose no user; the current one can then be chosen again."""
        self.table.clearSelection()
        self.table.setCurrentIndex(QModelIndex())

    def choose(self, user: int) -> None:
        """Make a user or a new person the current one."""
        if user >= 0:
            self.table.choose(user)
        else:
            self.choose_none()
            if user not in [person.user for person in self._changed]:
                self.search.clear()
            self.changed.choose(next(row for row, person in enumerate(self._changed) if person.user == user))

    def _list_orders(self, users: UserColumns) -> None:
        """Offer the orders that this data and this run have; begin with that of the data."""
        ascending, descending = Qt.SortOrder.AscendingOrder, Qt.SortOrder.DescendingOrder
        offered = (
            (self.tr("as given"), ITEMS, None),
            (self.tr("most items first"), ITEMS, descending),
            (self.tr("newest first"), NEWEST, descending),
            (self.tr("worst served first"), RANK, descending),
            (self.tr("best served first"), RANK, ascending),
        )
        self.order.clear()
        for text, figure, order in offered:
            if figure in users.figures:
                self.order.addItem(text, (figure, order))

    def _sort(self, _index: int) -> None:
        """Sort by the order chosen and show its figure; the orders were computed with the list."""
        if self._users is None:
            return
        figure, order = self.order.currentData()
        self.table.table_model.set_column(1, self._column(self._users, figure))
        self.table.sortByColumn(-1 if order is None else 1, order or Qt.SortOrder.AscendingOrder)
        self.table.scrollToTop()

    def _column(self, users: UserColumns, figure: str) -> Column:
        titles = {ITEMS: self.tr("Items"), NEWEST: self.tr("Newest"), RANK: self.tr("Rank")}
        texts = {NEWEST: lambda seconds: f"{instant(int(seconds)):%Y-%m-%d}", RANK: _rank}
        known = users.figures[figure]
        text = texts.get(figure, lambda count: f"{count:,}")
        return Column(titles[figure], known.values, text, numeric=True, orders=known.orders)

    def _choose_any(self) -> None:
        """Show somebody of the list, drawn at random."""
        if count := self.table.table_model.rowCount():
            self.table.choose(self.table.table_model.source_row(random.randrange(count)))

    def _search(self, text: str) -> None:
        """Search in a job, among those found before where the text goes on: a million users take 0.1 s."""
        self._list_changed()
        users, wanted = self._users, text.strip()
        before, rows = self._last
        self._jobs.drop(_SEARCH)
        if users is None:
            return
        if not wanted:
            self._show(None, "")
            return
        narrower = bool(before) and before in wanted and len(rows) * _WORTH_NARROWING < len(users.ids)
        within = rows if narrower else None
        self._jobs.run(
            self.tr("Looking for users"),
            lambda context: users.containing(wanted, within, context),
            lambda found: self._show(found, wanted),
            visible=False,
            replaces=_SEARCH,
        )

    def _show(self, found: NDArray[np.int64] | None, wanted: str) -> None:
        """List those found; None for all."""
        self._last = wanted, np.empty(0, np.int64) if found is None else found
        self.table.table_model.set_found(found)
        count = self.table.table_model.rowCount()
        self.count.setText(f"{count:,}")
        self.hint.setVisible(found is not None and not count and not self._changed)
        self.hint.setText(self.tr("No user id or feature contains “{text}”.").format(text=wanted))
        if found is not None and count:
            self.table.selectRow(0)

    def _chosen(self, user: int) -> None:
        if user >= 0:
            self.changed.clearSelection()
            self.changed.setCurrentIndex(QModelIndex())
            self.user_chosen.emit(user)

    def _changed_chosen(self, row: int) -> None:
        if 0 <= row < len(self._changed) and not self._listing:
            self.choose_none()
            self.user_chosen.emit(self._changed[row].user)

    def _changed_clicked(self, index: QModelIndex) -> None:
        if index.column() == _DISCARD:
            self.discard_requested.emit(self._changed[index.row()].user)

    def _marked(self, user_id: str) -> str:
        return f"✎ {user_id}" if user_id in self._edited else str(user_id)


def _rank(rank: int) -> str:
    """Of the held-out item; a dash where it was not measured."""
    return f"{rank:,}" if rank else "–"
