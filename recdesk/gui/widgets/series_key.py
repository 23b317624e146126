"""The key of a curve: a piece of its line and its name."""

from PySide6.QtCore import QPointF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from recdesk.gui import theme


class SeriesKey(QWidget):
    """Says which line is which, by its pen and a word."""

    def __init__(self, name: str, style: theme.SeriesStyle, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.name, self.style_of_line = name, style
        self.setAccessibleName(name)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        """Line, gap, word."""
        return QSize(26 + QFontMetrics(theme.font("small")).horizontalAdvance(self.name) + 4, 24)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw both."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        middle = self.height() / 2
        painter.setPen(self.style_of_line.pen())
        painter.drawLine(QPointF(0, middle), QPointF(20, middle))
        painter.setFont(theme.font("small"))
        painter.setPen(theme.roles().secondary)
        painter.drawText(self.rect().adjusted(26, 0, 0, 0), Qt.AlignmentFlag.AlignVCenter, self.name)
