"""The users of the dataset, searched by id."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from PySide6.QtCore import QModelIndex, Signal
from PySide6.QtWidgets import QLineEdit

from recdesk.data.dataset import Dataset
from recdesk.gui import theme
from recdesk.gui.jobs import Jobs
from recdesk.gui.pages.recommend.history import ChangedPerson
from recdesk.gui.widgets.buttons import Chip
from recdesk.gui.widgets.cards import Card
from recdesk.gui.widgets.tables import ArrayTable, Column
from recdesk.gui.widgets.text import Text

_SEARCH = "recommend.users"
_NARROWEST, _WIDEST, _ITEMS_WIDTH, _CELL_PADDING = 184, 360, 64, 16
_CHANGED_IN_SIGHT, _DISCARD = 5, 1
"""Rows of the list of edited people, and its column that discards them."""
_SAMPLE = 500
"""Ids whose widths are measured."""


@dataclass(frozen=True)
class UserList:
    """Columns of the table of users; for a million users it takes seconds to compute.

    Attributes:
        ids: as in the data.
        order: int64 [n], sort keys: the ids as numbers where all are whole numbers, else their alphabetical ranks.
        taken: int64 [n], number of interactions.
    """

    ids: pd.Index
    order: NDArray[np.int64]
    taken: NDArray[np.int64]

    @classmethod
    def of(cls, dataset: Dataset) -> "UserList":
        """Of a dataset, computed without holding the GIL."""
        return cls(dataset.user_ids, _order(dataset.user_ids), np.diff(dataset.offsets))

    def containing(self, text: str) -> NDArray[np.bool_]:
        """bool [n]: users whose id contains the text, whatever its case."""
        return np.asarray(self.ids.str.contains(text, case=False, regex=False), dtype=bool)


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
        self.table = ArrayTable(self.tr("Users"))
        self.table.make_dense()
        self.table.row_chosen.connect(self._chosen)
        self.hint = Text("", "small", "secondary", wrap=True)
        self.hint.hide()
        self.body.addWidget(self.search)
        self.changed = ArrayTable(self.tr("Edited and new people"), sortable=False)
        self.changed.make_dense()
        self.changed.horizontalHeader().hide()
        self.changed.hide()
        self.changed.clicked.connect(self._changed_clicked)
        self.changed.row_chosen.connect(self._changed_chosen)
        self._changed: list[ChangedPerson] = []
        self._edited: set[str] = set()
        self._listing = False
        self.body.addWidget(self.hint)
        self.body.addWidget(self.changed)
        self.body.addWidget(self.table, 1)
        self._users: UserList | None = None

    def show_users(self, users: UserList) -> None:
        """List these."""
        self._users = users
        self.search.clear()
        columns = [
            Column(self.tr("User"), users.ids, self._marked, key=users.order),
            Column(self.tr("Items"), users.taken, numeric=True),
        ]
        self.table.set_columns(columns, (0, _ITEMS_WIDTH))
        self._show(None, "")

    def show_changed(self, people: Sequence[ChangedPerson]) -> None:
        """List people with edits, and mark those among them who are in the data."""
        row = self.changed.chosen()
        current = self._changed[row].user if row >= 0 else None
        self._changed = list(people)
        self._edited = {person.name for person in people if person.user >= 0}
        names = [f"✎ {person.name}" if person.user >= 0 else person.name for person in people]
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
        self.table.viewport().update()

    def wanted_width(self) -> int:
        """The width at which ids are whole, as a sample of them tells; at most `_WIDEST`."""
        ids = self._users.ids if self._users is not None else ()
        sample = [str(ids[at]) for at in np.linspace(0, len(ids) - 1, min(len(ids), _SAMPLE)).astype(int)]
        widest = max((self.table.fontMetrics().horizontalAdvance(name) for name in sample), default=0)
        around = _ITEMS_WIDTH + 2 * theme.PADDING + 3 * _CELL_PADDING
        return min(max(widest + around, _NARROWEST), _WIDEST)

    def clear(self) -> None:
        """Empty the table."""
        self._users = None
        self.search.clear()
        self._jobs.drop(_SEARCH)
        self.count.setText("")
        self.table.set_columns([], ())

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
            self.changed.choose(next(row for row, person in enumerate(self._changed) if person.user == user))

    def _search(self, text: str) -> None:
        """Search in a job: it takes 0.2 s among a million users."""
        users, wanted = self._users, text.strip()
        self._jobs.drop(_SEARCH)
        if users is None:
            return
        if not wanted:
            self._show(None, "")
            return
        self._jobs.run(
            self.tr("Looking for users"),
            lambda _context: users.containing(wanted),
            lambda found: self._show(found, wanted),
            visible=False,
            replaces=_SEARCH,
        )

    def _show(self, found: NDArray[np.bool_] | None, wanted: str) -> None:
        """List those found; None for all."""
        self.table.table_model.set_filter(found)
        count = self.table.table_model.rowCount()
        self.count.setText(f"{count:,}")
        self.hint.setVisible(found is not None and not count)
        self.hint.setText(self.tr("No user id contains “{text}”.").format(text=wanted))
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


def _order(ids: pd.Index) -> NDArray[np.int64]:
    import pyarrow as pa
    import pyarrow.compute as pc

    texts = pa.array(ids, pa.large_string())
    try:
        return pc.cast(texts, pa.int64()).to_numpy(zero_copy_only=False)
    except pa.ArrowInvalid:
        order = np.empty(len(ids), np.int64)
        order[pc.array_sort_indices(texts).to_numpy()] = np.arange(len(ids))
        return order
