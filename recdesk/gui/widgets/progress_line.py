"""A thin line that says how far something is."""

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from recdesk.gui import theme


class ProgressLine(QWidget):
    """A line filled from the left, 0 to 1."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._name = name
        self._value = 0.0
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.set_value(0.0)

    def value(self) -> float:
        """How far, 0 to 1."""
        return self._value

    def set_value(self, value: float) -> None:
        """Say how far, 0 to 1."""
        self._value = min(max(value, 0.0), 1.0)
        self.setAccessibleName(self._name)
        self.setAccessibleDescription(f"{self._value:.0%}")
        self.update()

    def sizeHint(self) -> QSize:
        """Six pixels high."""
        return QSize(120, 6)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw ground and line."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        area = QRectF(self.rect())
        painter.setBrush(theme.roles().line)
        painter.drawRoundedRect(area, 3, 3)
        if self._value > 0:
            area.setWidth(max(6.0, area.width() * self._value))
            painter.setBrush(theme.roles().accent)
            painter.drawRoundedRect(area, 3, 3)
