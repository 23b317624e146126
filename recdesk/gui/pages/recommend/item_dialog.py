"""Pick an item of the catalogue."""

import numpy as np
import pandas as pd
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QLineEdit, QVBoxLayout, QWidget

from recdesk.data.dataset import Dataset
from recdesk.gui.widgets.array_table import ArrayTable
from recdesk.gui.widgets.array_table_model import Column


class ItemDialog(QDialog):
    """Search by any text of an item; popular ones come first.

    Attributes:
        new_button: asks for an item that is not there; None where the model knows ids only.
    """

    NEW = 2
    """Result of `exec` when a new item is wanted."""

    def __init__(self, dataset: Dataset, parent: QWidget | None = None, can_be_new: bool = False) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Add an item"))
        self.resize(560, 480)
        self._dataset = dataset
        layout = QVBoxLayout(self)
        self.search = QLineEdit()
        self.search.setPlaceholderText(self.tr("part of a title, id or feature…"))
        self.search.setAccessibleName(self.tr("Search items"))
        self.search.textChanged.connect(self._search)
        self.table = ArrayTable(self.tr("Items"))
        layout.addWidget(self.search)
        layout.addWidget(self.table, 1)
        buttons = QDialogButtonBox()
        self.accept_button = buttons.addButton(self.tr("Add"), QDialogButtonBox.ButtonRole.AcceptRole)
        buttons.addButton(self.tr("Cancel"), QDialogButtonBox.ButtonRole.RejectRole)
        self.new_button = None
        if can_be_new:
            self.new_button = buttons.addButton(self.tr("New item…"), QDialogButtonBox.ButtonRole.ActionRole)
            self.new_button.clicked.connect(lambda: self.done(self.NEW))
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        self.table.doubleClicked.connect(lambda _index: self.accept())
        layout.addWidget(buttons)
        self._order = np.argsort(-dataset.popularity, kind="stable")
        titles, ids = dataset.titles[self._order], dataset.item_ids.to_numpy(dtype=object)[self._order]
        columns = [
            Column(self.tr("Item"), titles),
            Column(self.tr("Id"), ids),
            Column(self.tr("Taken"), dataset.popularity[self._order], numeric=True),
        ]
        self.table.set_columns(columns, (0, 120, 80))
        self.table.selectRow(0)

    def code(self) -> int:
        """Code of the picked item, 0 for none."""
        row = self.table.chosen()
        return int(self._order[row]) + 1 if row >= 0 else 0

    def _search(self, text: str) -> None:
        mask = matching(self._dataset, text)
        self.table.table_model.set_filter(None if mask is None else mask[self._order])
        if self.table.table_model.rowCount():
            self.table.selectRow(0)


def matching(dataset: Dataset, text: str) -> np.ndarray | None:
    """bool [n_items]: items with the text in title, id or a feature; None when there is no text."""
    wanted = text.strip()
    if not wanted:
        return None
    mask = np.asarray(dataset.item_ids.str.contains(wanted, case=False, regex=False), dtype=bool)
    for name in dataset.item_features.columns:
        column: pd.Series = dataset.item_features[name]
        mask |= column.str.contains(wanted, case=False, regex=False).to_numpy(dtype=bool)
    return mask
