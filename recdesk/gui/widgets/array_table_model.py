"""A table over arrays: nothing is copied, sorting and filtering are permutations of row numbers."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from recdesk.gui import theme
from recdesk.gui.widgets.text import plain_tooltip

SHARE_ROLE = int(Qt.ItemDataRole.UserRole) + 1
TONE_ROLE = SHARE_ROLE + 1
Index = QModelIndex | QPersistentModelIndex


def plain(value: Any) -> str:
    """Text as it stands, whole numbers with thousands marks."""
    if isinstance(value, (int, np.integer)):
        return f"{value:,}"
    return str(value)


@dataclass(frozen=True)
class Column:
    """One column.

    Attributes:
        title: its head.
        values: array, index or sequence of one length with all others.
        text: how a value is shown.
        numeric: figures: right-aligned, of one width.
        shares: float [n] 0..1 drawn as a bar by `ScoreBarDelegate`, or None.
        tones: role of the theme for each row's text, or None.
        key: what to sort by instead of the values, or None.
    """

    title: str
    values: Sequence[Any] | NDArray[Any] | pd.Index
    text: Callable[[Any], str] = plain
    numeric: bool = False
    shares: NDArray[np.float64] | None = None
    tones: Sequence[str] | None = None
    key: Sequence[Any] | NDArray[Any] | None = None


class ArrayTableModel(QAbstractTableModel):
    """Rows are looked up when they are drawn, so a table of any length opens at once."""

    def __init__(self, columns: Sequence[Column] = (), parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.columns: list[Column] = []
        self._rows = np.empty(0, np.int64)
        self._order: NDArray[np.int64] | None = None
        self._mask: NDArray[np.bool_] | None = None
        self.set_columns(columns)

    def set_columns(self, columns: Sequence[Column]) -> None:
        """Show other data; order and filter start anew."""
        self.beginResetModel()
        self.columns = list(columns)
        self._order = self._mask = None
        self._rows = np.arange(self._length(), dtype=np.int64)
        self.endResetModel()

    def set_filter(self, mask: NDArray[np.bool_] | None) -> None:
        """Show only the rows with True (bool [n], by source row); None for all."""
        self.beginResetModel()
        self._mask = mask
        self._arrange()
        self.endResetModel()

    def source_row(self, row: int) -> int:
        """Row of the data behind a shown row."""
        return int(self._rows[row])

    def shown_row(self, source: int) -> int | None:
        """Shown row of a row of the data, or None while it is filtered out."""
        found = np.flatnonzero(self._rows == source)
        return int(found[0]) if len(found) else None

    def rowCount(self, parent: Index | None = None) -> int:
        """Rows that pass the filter."""
        return 0 if parent is not None and parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index | None = None) -> int:
        """Columns."""
        return 0 if parent is not None and parent.isValid() else len(self.columns)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """A cell, as the role asks."""
        if not index.isValid():
            return None
        column, source = self.columns[index.column()], int(self._rows[index.row()])
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return column.text(column.values[source])
            case Qt.ItemDataRole.ToolTipRole:
                text = column.text(column.values[source])
                return plain_tooltip(text) if len(text) > 24 or column.shares is not None else None
            case Qt.ItemDataRole.TextAlignmentRole:
                side = Qt.AlignmentFlag.AlignRight if column.numeric else Qt.AlignmentFlag.AlignLeft
                return int(side | Qt.AlignmentFlag.AlignVCenter)
            case Qt.ItemDataRole.FontRole:
                return theme.font("body", tabular=True) if column.numeric else None
            case Qt.ItemDataRole.ForegroundRole if column.tones is not None:
                return theme.roles().of(column.tones[source])
            case _ if role == SHARE_ROLE and column.shares is not None:
                return float(column.shares[source])
        return None

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Titles, aligned as their column."""
        if orientation == Qt.Orientation.Vertical or not 0 <= section < len(self.columns):
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return self.columns[section].title
        if role == Qt.ItemDataRole.TextAlignmentRole:
            side = Qt.AlignmentFlag.AlignRight if self.columns[section].numeric else Qt.AlignmentFlag.AlignLeft
            return int(side | Qt.AlignmentFlag.AlignVCenter)
        return None

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        """Sort by a column; equal values keep the order of the data, also when descending. -1: as in the data."""
        self.layoutAboutToBeChanged.emit()
        before, kept = self._rows, self.persistentIndexList()
        self._order = None if not 0 <= column < len(self.columns) else self._sorted(column, order)
        self._arrange()
        if kept:
            place = np.full(self._length(), -1, dtype=np.int64)
            place[self._rows] = np.arange(len(self._rows))
            rows = [int(place[before[old.row()]]) for old in kept]
            moved = [
                self.index(row, old.column()) if row >= 0 else QModelIndex()
                for row, old in zip(rows, kept, strict=True)
            ]
            self.changePersistentIndexList(kept, moved)
        self.layoutChanged.emit()

    def _sorted(self, column: int, order: Qt.SortOrder) -> NDArray[np.int64]:
        chosen = self.columns[column]
        keys = chosen.values if chosen.key is None else chosen.key
        texts = len(keys) > 0 and isinstance(keys[0], str)
        values = np.asarray(keys, dtype=object if texts else None)  # numpy's own texts lose what ends in NUL
        if order == Qt.SortOrder.AscendingOrder:
            return np.argsort(values, kind="stable")
        return len(values) - 1 - np.argsort(values[::-1], kind="stable")[::-1]

    def _arrange(self) -> None:
        rows = np.arange(self._length(), dtype=np.int64) if self._order is None else self._order
        self._rows = rows if self._mask is None else rows[self._mask[rows]]

    def _length(self) -> int:
        return len(self.columns[0].values) if self.columns else 0
