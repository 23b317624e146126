"""The first rows of a file as a table."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt

from recdesk.data.files.normalized import LOST
from recdesk.gui.widgets.text import plain_tooltip

if TYPE_CHECKING:
    from recdesk.data.planning import Preview

_Index = QModelIndex | QPersistentModelIndex
_LONGEST, _LONGEST_TIP = 300, 2000
"""Characters of a cell that are shown: more would cost time and could not be seen."""


class PreviewModel(QAbstractTableModel):
    """Cells as they stand in the file."""

    def __init__(self) -> None:
        super().__init__()
        self._columns: list[str] = []
        self._rows: list[list[str]] = []

    def show(self, preview: "Preview") -> None:
        """Show this preview."""
        self.beginResetModel()
        self._columns, self._rows = list(preview.columns), list(preview.rows)
        self.endResetModel()

    def rowCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008  (Qt's own default)
        """Rows of the preview."""
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008
        """Columns of the file."""
        return 0 if parent.isValid() else len(self._columns)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """The text of a cell; a row may be shorter than the head. The tooltip says what is odd about it."""
        if role not in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
            return None
        row = self._rows[index.row()]
        text = str(row[index.column()]) if index.column() < len(row) else ""
        if role == Qt.ItemDataRole.DisplayRole:
            return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"
        text = text[:_LONGEST_TIP]
        if LOST in text:
            text = self.tr("{text}\nFramed: bytes that do not fit the encoding.").format(text=text)
        return plain_tooltip(text)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Names of the columns."""
        if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return self._columns[section]
        return None
