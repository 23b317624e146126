"""Everybody in the data, found by id."""

import numpy as np
from PySide6.QtCore import QModelIndex, Signal
from PySide6.QtWidgets import QLineEdit

from recdesk.data.dataset import Dataset
from recdesk.gui.widgets.array_table import ArrayTable
from recdesk.gui.widgets.array_table_model import Column
from recdesk.gui.widgets.card import Card
from recdesk.gui.widgets.chip import Chip
from recdesk.gui.widgets.text import Text


class UsersCard(Card):
    """A search field and a table of users.

    Signals:
        user_chosen: user code.
        newcomer: a person who is not in the data is wanted.
    """

    user_chosen = Signal(int)
    newcomer = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.set_title(self.tr("Users"))
        self.count = Chip("", fact=True)
        self.new = Chip(self.tr("+ new"))
        self.new.setToolTip(self.tr("Recommend to a person who is not in the data: pick a few items they like"))
        self.new.clicked.connect(self.newcomer)
        self.head.addWidget(self.count)
        self.head.addWidget(self.new)
        self.search = QLineEdit()
        self.search.setPlaceholderText(self.tr("part of a user id…"))
        self.search.setAccessibleName(self.tr("Search users"))
        self.search.setClearButtonEnabled(True)
        self.search.textChanged.connect(self._search)
        self.table = ArrayTable(self.tr("Users"))
        self.table.row_chosen.connect(self._chosen)
        self.hint = Text("", "small", "secondary", wrap=True)
        self.hint.hide()
        self.body.addWidget(self.search)
        self.body.addWidget(self.hint)
        self.body.addWidget(self.table, 1)
        self._dataset: Dataset | None = None

    def show_dataset(self, dataset: Dataset) -> None:
        """List the users of a dataset."""
        self._dataset = dataset
        self.search.clear()
        self.count.setText(f"{dataset.n_users:,}")
        columns = [
            Column(
                self.tr("User"), dataset.user_ids.to_numpy(), key=_sortable(dataset.user_ids.to_numpy(dtype=object))
            ),
            Column(self.tr("Items"), np.diff(dataset.offsets), numeric=True),
        ]
        self.table.set_columns(columns, (0, 76))

    def clear(self) -> None:
        """List nobody."""
        self._dataset = None
        self.search.clear()
        self.count.setText("")
        self.table.set_columns([], ())

    def choose_nobody(self) -> None:
        """Let go of the current user, who can then be chosen again."""
        self.table.clearSelection()
        self.table.setCurrentIndex(QModelIndex())

    def choose(self, user: int) -> None:
        """Make a user the current one."""
        self.table.choose(user)

    def _search(self, text: str) -> None:
        if self._dataset is None:
            return
        wanted = text.strip()
        mask = None
        if wanted:
            mask = np.asarray(self._dataset.user_ids.str.contains(wanted, case=False, regex=False), dtype=bool)
        self.table.table_model.set_filter(mask)
        self.count.setText(f"{self.table.table_model.rowCount():,}")
        self.hint.setVisible(not self.table.table_model.rowCount())
        self.hint.setText(self.tr("No user id contains “{text}”.").format(text=wanted))
        if wanted and self.table.table_model.rowCount():
            self.table.selectRow(0)

    def _chosen(self, user: int) -> None:
        if user >= 0:
            self.user_chosen.emit(user)


def _sortable(ids: np.ndarray) -> np.ndarray:
    """Ids that are all whole numbers sort as numbers."""
    try:
        return ids.astype(np.int64)
    except (ValueError, OverflowError):
        return ids.astype(str)
