"""The view of an `ArrayTableModel`."""

from collections.abc import Sequence

from PySide6.QtCore import QItemSelectionModel, QModelIndex, QSize, Qt, Signal
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView, QWidget

from recdesk.gui.widgets.array_table_model import ArrayTableModel, Column
from recdesk.gui.widgets.calm_table import calm


class ArrayTable(QTableView):
    """A calm, sortable table over arrays.

    Signals:
        row_chosen: source row of the current row, -1 for none.
    """

    row_chosen = Signal(int)

    def __init__(self, name: str, sortable: bool = True, several: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        calm(self, name)
        self.table_model = ArrayTableModel(parent=self)
        self.setModel(self.table_model)
        if several:
            self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self._sortable = sortable
        if sortable:
            self.setSortingEnabled(True)
            self.horizontalHeader().setSortIndicatorClearable(True)
            self.sortByColumn(-1, Qt.SortOrder.AscendingOrder)
        self.selectionModel().currentRowChanged.connect(self._chosen)

    def set_columns(self, columns: Sequence[Column], widths: Sequence[int], keep_order: bool = False) -> None:
        """Show data; a width of 0 takes what is left, others are pixels (what numbers need is never cut).

        With `keep_order` the order that the person chose stays.
        """
        header = self.horizontalHeader()
        by, order = header.sortIndicatorSection(), header.sortIndicatorOrder()
        self.table_model.set_columns(columns)
        for section, width in enumerate(widths):
            mode = QHeaderView.ResizeMode.Stretch if width == 0 else QHeaderView.ResizeMode.Interactive
            header.setSectionResizeMode(section, mode)
            if width:
                self.setColumnWidth(section, width)
        if self._sortable:
            self.sortByColumn(*((by, order) if keep_order else (-1, Qt.SortOrder.AscendingOrder)))

    def sizeHint(self) -> QSize:
        """Small: tables take what room there is and scroll by themselves."""
        return QSize(160, 120)

    def minimumSizeHint(self) -> QSize:
        """A head and two rows."""
        return QSize(120, 96)

    def choose(self, source: int) -> None:
        """Make a row of the data current and show it."""
        row = self.table_model.shown_row(source)
        if row is not None:
            self.setCurrentIndex(self.table_model.index(row, 0))
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

    def _chosen(self, current: QModelIndex) -> None:
        self.row_chosen.emit(self.table_model.source_row(current.row()) if current.isValid() else -1)
