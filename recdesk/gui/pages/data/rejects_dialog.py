"""All rejected rows of an import."""

from PySide6.QtCore import QAbstractTableModel, QLocale, QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QTableView, QVBoxLayout, QWidget

from recdesk.gui.pages.data.rejects import Rejects
from recdesk.gui.widgets.calm_table import calm
from recdesk.gui.widgets.text import Text, plain_tooltip

_Index = QModelIndex | QPersistentModelIndex


class RejectsDialog(QDialog):
    """A table of file, line, column, value, reason and the row as it stood."""

    def __init__(self, rejects: Rejects, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(self.tr("Rows that could not be used"))
        self.resize(900, 520)
        self.table = QTableView()
        self.table.setModel(_RejectsModel(rejects, self))
        calm(self.table, self.tr("Rows that could not be used"))
        self.table.verticalHeader().setDefaultSectionSize(28)
        self.table.horizontalHeader().setStretchLastSection(True)
        self.table.horizontalHeader().setResizeContentsPrecision(100)
        self.table.resizeColumnsToContents()
        count = QLocale().toString(len(rejects.rows))
        words = (
            self.tr("The first {count} rows; all are in rejects.csv beside the dataset.")
            if rejects.cut
            else self.tr("{count} rows")
        )
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.addWidget(Text(words.format(count=count), "body", "secondary"))
        layout.addWidget(self.table, 1)
        layout.addWidget(buttons)


class _RejectsModel(QAbstractTableModel):
    def __init__(self, rejects: Rejects, parent: QDialog) -> None:
        super().__init__(parent)
        self._rejects = rejects

    def rowCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008  (Qt's own default)
        return 0 if parent.isValid() else len(self._rejects.rows)

    def columnCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self._rejects.columns)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if role not in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
            return None
        row = self._rejects.rows[index.row()]
        text = str(row[index.column()]) if index.column() < len(row) else ""
        return plain_tooltip(text) if role == Qt.ItemDataRole.ToolTipRole else text

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if role == Qt.ItemDataRole.DisplayRole and orientation == Qt.Orientation.Horizontal:
            return self._rejects.columns[section]
        return None
