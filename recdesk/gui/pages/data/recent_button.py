"""Files imported lately, to open again."""

from pathlib import Path

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QSizePolicy

from recdesk.gui import resources, theme
from recdesk.gui.widgets.text import plain_tooltip


class RecentButton(QAbstractButton):
    """Files of one import by name and folder; the name is never cut before the folder is."""

    def __init__(self, paths: tuple[Path, ...]) -> None:
        super().__init__()
        self.paths = paths
        names = " + ".join(path.name for path in paths)
        self.setText(f"{names} · {paths[0].parent.name}")
        self.setToolTip(plain_tooltip("\n".join(str(path) for path in paths)))
        self.setAccessibleName(self.text())
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        """One row, as wide as there is room."""
        return QSize(120, 30)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw icon and text."""
        roles = theme.roles()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self.underMouse() or self.hasFocus():
            painter.setPen(QPen(roles.accent if self.hasFocus() else roles.line, 1))
            painter.setBrush(roles.raised)
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 6, 6)
        painter.drawPixmap(6, (self.height() - 16) // 2, resources.pixmap("file", roles.secondary))
        painter.setPen(roles.text if self.isEnabled() else roles.secondary)
        area = self.rect().adjusted(30, 0, -8, 0)
        text = painter.fontMetrics().elidedText(self.text(), Qt.TextElideMode.ElideRight, area.width())
        painter.drawText(area, Qt.AlignmentFlag.AlignVCenter, text)
