"""Rejected rows of an import: read from the folder of a dataset, and shown in a table."""

import csv
from collections.abc import Iterable
from dataclasses import astuple, dataclass, fields
from pathlib import Path

from PySide6.QtCore import QAbstractTableModel, QCoreApplication, QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QTableView, QVBoxLayout, QWidget

from recdesk.core.messages import Message, known
from recdesk.data.report import Reject
from recdesk.data.safe_csv import bare_cell
from recdesk.gui.messages import translated
from recdesk.gui.widgets.table_style import style_table
from recdesk.gui.widgets.text import Text, plain_tooltip

_MOST = 100_000
_Index = QModelIndex | QPersistentModelIndex


@dataclass(frozen=True)
class Rejects:
    """The table of `rejects.csv`: columns, rows (as texts), and whether it was cut at 100,000 rows."""

    columns: list[str]
    rows: list[list[str]]
    cut: bool = False

    def sentence(self, row: list[str]) -> str:
        """A row in words: "ratings.csv, line 17, column “score”: a rating that is no number: “n/a”"."""
        values = dict(zip(self.columns, row, strict=False))
        location = QCoreApplication.translate("Rejects", "{file}, line {line}")
        if values.get("column"):
            location = QCoreApplication.translate("Rejects", "{file}, line {line}, column “{column}”")
        text = QCoreApplication.translate("Rejects", "{place}: {reason}")
        if values.get("value"):
            text = QCoreApplication.translate("Rejects", "{place}: {reason} (“{value}”)")
        named = {name: values.get(name, "") for name in ("file", "line", "column")}
        return text.format(
            place=location.format(**named),
            reason=translated(known(values.get("reason", ""), "reason")),
            value=values.get("value", "")[:40],
        )


def rejects_of(found: Iterable[Reject]) -> Rejects:
    """Rejected rows of an import under preparation."""
    columns = [field.name for field in fields(Reject)]
    return Rejects(columns, [[str(value) for value in astuple(reject)] for reject in found])


def read_rejects(folder: Path) -> Rejects:
    """Read the rejected rows from the folder of a dataset; none if there is no such file."""
    path = folder / "rejects.csv"
    if not path.exists():
        return Rejects([], [])
    with path.open(encoding="utf-8-sig", newline="") as stream:
        reader = csv.reader(stream)
        columns = next(reader, [])
        rows: list[list[str]] = []
        for row in reader:
            if len(rows) == _MOST:
                return Rejects(columns, rows, cut=True)
            rows.append([bare_cell(cell) for cell in row])
    return Rejects(columns, rows)


class RejectsDialog(QDialog):
    """A table of file, line, column, value, reason and the original row."""

    def __init__(self, rejects: Rejects, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(self.tr("Rows that could not be used"))
        self.resize(900, 520)
        self.table = QTableView()
        self.table.setModel(_RejectsModel(rejects, self))
        style_table(self.table, self.tr("Rows that could not be used"))
        self.table.verticalHeader().setDefaultSectionSize(28)
        self.table.horizontalHeader().setStretchLastSection(True)
        self.table.horizontalHeader().setResizeContentsPrecision(100)
        self.table.resizeColumnsToContents()
        words = translated(Message("count.rows", count=len(rejects.rows)))
        if rejects.cut:
            words = self.tr("The first {rows}; all are in rejects.csv beside the dataset.").format(rows=words)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.addWidget(Text(words, "body", "secondary"))
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
