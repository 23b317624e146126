"""A place to drop files on."""

from pathlib import Path

from PySide6.QtCore import QMimeData, QRectF, Signal
from PySide6.QtGui import QDragEnterEvent, QDragLeaveEvent, QDropEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QVBoxLayout, QWidget

from recdesk.gui import theme


class DropZone(QWidget):
    """An outlined area that takes files and folders.

    Signals:
        dropped: the list of paths.

    Attributes:
        body: layout for what stands inside.
    """

    dropped = Signal(list)

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        self.setAcceptDrops(True)
        self._over = False
        self.body = QVBoxLayout(self)
        self.body.setContentsMargins(24, 24, 24, 24)
        self.body.setSpacing(12)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Take files, nothing else."""
        if local_paths(event.mimeData()):
            event.acceptProposedAction()
            self._set_over(True)

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        """Back to normal."""
        super().dragLeaveEvent(event)
        self._set_over(False)

    def dropEvent(self, event: QDropEvent) -> None:
        """Tell which files."""
        self._set_over(False)
        event.acceptProposedAction()
        self.dropped.emit(local_paths(event.mimeData()))

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the dashed outline."""
        roles = theme.roles()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        pen = QPen(roles.accent if self._over else roles.edge, 1.5 if self._over else 1)
        pen.setDashPattern([5, 4])
        painter.setPen(pen)
        painter.setBrush(roles.raised if self._over else roles.card)
        area = QRectF(self.rect()).adjusted(1, 1, -1, -1)
        painter.drawRoundedRect(area, theme.CARD_RADIUS, theme.CARD_RADIUS)

    def _set_over(self, over: bool) -> None:
        self._over = over
        self.update()


def local_paths(data: QMimeData) -> list[Path]:
    """The files and folders in what is dragged."""
    return [Path(url.toLocalFile()) for url in data.urls() if url.isLocalFile()]
