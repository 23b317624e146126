"""A sortable table over arrays."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import (
    QAbstractTableModel,
    QItemSelectionModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QFont, QFontMetrics, QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from recdesk.gui import theme
from recdesk.gui.preferences import Preferences
from recdesk.gui.widgets.table_style import TableDelegate, style_table
from recdesk.gui.widgets.text import plain_tooltip

if TYPE_CHECKING:
    import pandas as pd

SHARE_ROLE = int(Qt.ItemDataRole.UserRole) + 1
Index = QModelIndex | QPersistentModelIndex
Orders = tuple[NDArray[np.int64], NDArray[np.int64]]
"""Rows in ascending and in descending order."""


def plain(value: Any) -> str:
    """Text as it is, whole numbers with thousands separators."""
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
        orders: the rows sorted beforehand, where that takes too long for the window's thread; or None.
    """

    title: str
    values: "Sequence[Any] | NDArray[Any] | pd.Index"
    text: Callable[[Any], str] = plain
    numeric: bool = False
    shares: NDArray[np.float64] | None = None
    tones: Sequence[str] | None = None
    key: Sequence[Any] | NDArray[Any] | None = None
    orders: Orders | None = None


class ArrayTableModel(QAbstractTableModel):
    """A table over arrays: nothing is copied, and sorting and filtering are permutations of row numbers."""

    def __init__(self, columns: Sequence[Column] = (), parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.columns: list[Column] = []
        self._rows = np.empty(0, np.int64)
        self._order: NDArray[np.int64] | None = None
        self._found: NDArray[np.int64] | None = None
        self.set_columns(columns)

    def set_columns(self, columns: Sequence[Column]) -> None:
        """Show other data, unsorted and unfiltered."""
        self.beginResetModel()
        self.columns = list(columns)
        self._order = self._found = None
        self._rows = np.arange(self._length(), dtype=np.int64)
        self.endResetModel()

    def set_column(self, section: int, column: Column) -> None:
        """Show another column of the same rows in the place of one; the rows stay where they are."""
        self.columns[section] = column
        self.headerDataChanged.emit(Qt.Orientation.Horizontal, section, section)
        if len(self._rows):
            self.dataChanged.emit(self.index(0, section), self.index(len(self._rows) - 1, section))

    def set_filter(self, mask: NDArray[np.bool_] | None) -> None:
        """Show only the rows with True (bool [n], by source row); None for all."""
        self.set_found(None if mask is None else np.flatnonzero(mask))

    def set_found(self, rows: NDArray[np.int64] | None) -> None:
        """Show only these rows of the data, int64 in ascending order; None for all."""
        self.beginResetModel()
        self._found = rows
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
            shown = np.full(self._length(), -1, dtype=np.int64)
            shown[self._rows] = np.arange(len(self._rows))
            rows = [int(shown[before[old.row()]]) for old in kept]
            moved = [
                self.index(row, old.column()) if row >= 0 else QModelIndex()
                for row, old in zip(rows, kept, strict=True)
            ]
            self.changePersistentIndexList(kept, moved)
        self.layoutChanged.emit()

    def _sorted(self, column: int, order: Qt.SortOrder) -> NDArray[np.int64]:
        chosen = self.columns[column]
        if chosen.orders is not None:
            return chosen.orders[order == Qt.SortOrder.DescendingOrder]
        keys = chosen.values if chosen.key is None else chosen.key
        texts = len(keys) > 0 and isinstance(keys[0], str)
        values = np.asarray(keys, dtype=object if texts else None)  # numpy's own texts lose what ends in NUL
        if order == Qt.SortOrder.AscendingOrder:
            return np.argsort(values, kind="stable")
        return len(values) - 1 - np.argsort(values[::-1], kind="stable")[::-1]

    def _arrange(self) -> None:
        if self._found is None:
            self._rows = np.arange(self._length(), dtype=np.int64) if self._order is None else self._order
        elif self._order is None:
            self._rows = self._found
        else:
            shown = np.zeros(self._length(), dtype=bool)
            shown[self._found] = True
            self._rows = self._order[shown[self._order]]

    def _length(self) -> int:
        return len(self.columns[0].values) if self.columns else 0


class ScoreBarDelegate(TableDelegate):
    """Draws a share of 0..1 as a bar behind its number.

    Attributes:
        number_width: pixels for the number.
    """

    number_width = 0

    def make_room(self, numbers: Sequence[str], font: QFont) -> None:
        """Make the numbers' column as wide as the widest of them."""
        widest = max((QFontMetrics(font).horizontalAdvance(text) for text in numbers), default=0)
        self.number_width = widest + 8 if widest else 0

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        """Draw the ground of the cell, then the bar."""
        share = index.data(SHARE_ROLE)
        if share is None:
            super().paint(painter, option, index)
            return
        self.initStyleOption(option, index)
        number, option.text = option.text, ""
        widget = option.widget
        if widget is not None:
            widget.style().drawControl(widget.style().ControlElement.CE_ItemViewItem, option, painter, widget)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        cell = QRectF(option.rect)
        if self.number_width:
            painter.setPen(theme.roles().text)
            painter.setFont(theme.font("body", tabular=True))
            room = QRectF(cell.left() + 6, cell.top(), self.number_width, cell.height())
            painter.drawText(room, int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft), number)
            painter.setPen(Qt.PenStyle.NoPen)
            cell.setLeft(room.right())
        bar = QRectF(cell.left() + 6, cell.center().y() - 3, max(cell.width() - 18, 8), 6)
        painter.setBrush(theme.roles().line)
        painter.drawRoundedRect(bar, 3, 3)
        bar.setWidth(max(bar.width() * min(abs(share), 1.0), 6.0))
        painter.setBrush(theme.roles().accent if share >= 0 else theme.roles().warning)
        painter.drawRoundedRect(bar, 3, 3)
        painter.restore()


class ArrayTable(QTableView):
    """A sortable table over arrays, the view of an `ArrayTableModel`.

    Signals:
        row_chosen: source row of the current row, -1 for none.
    """

    row_chosen = Signal(int)

    def __init__(self, name: str, sortable: bool = True, several: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        style_table(self, name)
        self.table_model = ArrayTableModel(parent=self)
        self.setModel(self.table_model)
        if several:
            self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self._sortable = sortable
        self._preferences: Preferences | None = None
        self._own_widths: dict[str, int] = {}
        self._arranging = False
        self.horizontalHeader().sectionResized.connect(self._resized)
        if sortable:
            self.setSortingEnabled(True)
            self.horizontalHeader().setSortIndicatorClearable(True)
            self.sortByColumn(-1, Qt.SortOrder.AscendingOrder)
        self.selectionModel().currentRowChanged.connect(self._chosen)

    def remember_widths(self, preferences: Preferences, name: str) -> None:
        """Keep the widths that a person gives to columns under this name."""
        self._preferences, self._name = preferences, name
        self._own_widths = preferences.widths(name)

    def set_columns(self, columns: Sequence[Column], widths: Sequence[int], keep_order: bool = False) -> None:
        """Show data; a width of 0 takes the remaining room, others are pixels.

        A column that a person has made wider or narrower stays so. With `keep_order` the rows stay sorted as they were.
        """
        self._arranging = True
        header = self.horizontalHeader()
        by, order = header.sortIndicatorSection(), header.sortIndicatorOrder()
        self.table_model.set_columns(columns)
        for section, width in enumerate(widths):
            mode = QHeaderView.ResizeMode.Stretch if width == 0 else QHeaderView.ResizeMode.Interactive
            header.setSectionResizeMode(section, mode)
            if width:
                self.setColumnWidth(section, self._own_widths.get(columns[section].title, width))
        self._arranging = False
        if self._sortable:
            self.sortByColumn(*((by, order) if keep_order else (-1, Qt.SortOrder.AscendingOrder)))

    def make_dense(self) -> None:
        """Use low rows and cut in the middle, for lists that are read."""
        self.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        self.verticalHeader().setDefaultSectionSize(theme.DENSE_ROW_HEIGHT)
        self.horizontalHeader().setFixedHeight(theme.DENSE_CONTROL_HEIGHT)
        self.horizontalHeader().setMinimumSectionSize(24)

    def height_of_rows(self, rows: int) -> int:
        """The height in pixels at which this many rows are in sight."""
        return self.horizontalHeader().height() + rows * self.verticalHeader().defaultSectionSize()

    def sizeHint(self) -> QSize:
        """A small size, because tables expand to the room available and scroll."""
        return QSize(160, 120)

    def minimumSizeHint(self) -> QSize:
        """The header and two rows."""
        return QSize(120, 96)

    def choose(self, source: int) -> None:
        """Make a row of the data current and show it."""
        row = self.table_model.shown_row(source)
        if row is not None:
            index = self.table_model.index(row, 0)
            if self.selectionMode() == QTableView.SelectionMode.NoSelection:
                self.setCurrentIndex(index)
            else:  # not by the view, which would add to the selection while Ctrl is held
                flags = QItemSelectionModel.SelectionFlag.ClearAndSelect | QItemSelectionModel.SelectionFlag.Rows
                self.selectionModel().setCurrentIndex(index, flags)
            self.scrollTo(self.table_model.index(row, 0))

    def choose_several(self, sources: Sequence[int], current: int) -> None:
        """Select rows of the data, one of them current."""
        self.choose(current)
        flags = QItemSelectionModel.SelectionFlag.Select | QItemSelectionModel.SelectionFlag.Rows
        for source in sources:
            row = self.table_model.shown_row(source)
            if row is not None:
                self.selectionModel().select(self.table_model.index(row, 0), flags)

    def chosen(self) -> int:
        """Source row of the current row, -1 for none."""
        index = self.currentIndex()
        return self.table_model.source_row(index.row()) if index.isValid() else -1

    def selected(self) -> list[int]:
        """Source rows of the selected rows, in shown order."""
        rows = sorted(index.row() for index in self.selectionModel().selectedRows())
        return [self.table_model.source_row(row) for row in rows]

    def _resized(self, section: int, _before: int, width: int) -> None:
        """Remember a width that comes from a person, not from the table."""
        by_hand = self.horizontalHeader().sectionResizeMode(section) == QHeaderView.ResizeMode.Interactive
        if self._arranging or not by_hand or section >= len(self.table_model.columns):
            return
        self._own_widths[self.table_model.columns[section].title] = width
        if self._preferences is not None:
            self._preferences.set_widths(self._name, self._own_widths)

    def _chosen(self, current: QModelIndex) -> None:
        self.row_chosen.emit(self.table_model.source_row(current.row()) if current.isValid() else -1)
