"""The datasets of the workspace as a table."""

from datetime import datetime
from typing import TYPE_CHECKING

from PySide6.QtCore import QAbstractTableModel, QLocale, QModelIndex, QPersistentModelIndex, Qt

from recdesk.gui.widgets.text import plain_tooltip

if TYPE_CHECKING:
    from recdesk.workspace.workspace import DatasetInfo

_Index = QModelIndex | QPersistentModelIndex
_COUNTS = {1: "users", 2: "items", 3: "interactions"}


class DatasetsModel(QAbstractTableModel):
    """Name, users, items, interactions, when it was imported."""

    def __init__(self) -> None:
        super().__init__()
        self.infos: list[DatasetInfo] = []

    def show(self, infos: "list[DatasetInfo]") -> None:
        """Show these."""
        self.beginResetModel()
        self.infos = infos
        self.endResetModel()

    def row_of(self, name: str | None) -> int:
        """Row of a dataset, -1 if it is not there."""
        return next((row for row, info in enumerate(self.infos) if info.name == name), -1)

    def rowCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008  (Qt's own default)
        """One row a dataset."""
        return 0 if parent.isValid() else len(self.infos)

    def columnCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008
        """Five."""
        return 0 if parent.isValid() else 5

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Texts and their alignment."""
        if role == Qt.ItemDataRole.TextAlignmentRole and index.column() in _COUNTS:
            return int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        info = self.infos[index.row()]
        if role == Qt.ItemDataRole.ToolTipRole:
            return plain_tooltip(info.name)
        if role != Qt.ItemDataRole.DisplayRole:
            return None
        if index.column() == 0:
            return info.title if info.title == info.name else f"{info.title} ({info.name})"
        if index.column() in _COUNTS:
            return QLocale().toString(int(info.facts.get(_COUNTS[index.column()], 0)))
        return _when(info.facts.get("created"))

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Names of the columns, aligned as their cells."""
        if orientation != Qt.Orientation.Horizontal:
            return None
        if role == Qt.ItemDataRole.TextAlignmentRole and section in _COUNTS:
            return int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        if role != Qt.ItemDataRole.DisplayRole:
            return None
        return (self.tr("Name"), self.tr("Users"), self.tr("Items"), self.tr("Interactions"), self.tr("Imported"))[
            section
        ]


def _when(created: object) -> str:
    """A manifest's time of creation (ISO text or epoch seconds), local; "" if there is none."""
    try:
        moment = (
            datetime.fromtimestamp(created)
            if isinstance(created, (int, float))
            else datetime.fromisoformat(str(created))
        )
    except (ValueError, OverflowError, OSError):
        return ""
    return f"{moment.astimezone():%Y-%m-%d %H:%M}"
