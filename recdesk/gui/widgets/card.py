"""A card: the surface on which content lies."""

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from recdesk.gui import theme
from recdesk.gui.widgets.text import ElidedText


class Card(QWidget):
    """A rounded surface with a title and a body.

    Attributes:
        head: layout at the right of the title, for chips and small buttons.
        body: layout for the content.
    """

    def __init__(self, title: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(title)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(theme.PADDING, 12, theme.PADDING, theme.PADDING)
        outer.setSpacing(10)
        self._title = ElidedText(title, "card")
        self.head = QHBoxLayout()
        self.head.setSpacing(8)
        self._row = QHBoxLayout()
        self._row.setSpacing(8)
        self._title.setMinimumHeight(24)  # as high as a chip, so that titles side by side stand on one line
        self._row.addWidget(self._title)
        self._row.addStretch(1)
        self._row.addLayout(self.head)
        if title:
            outer.addLayout(self._row)
        self.body = QVBoxLayout()
        self.body.setSpacing(8)
        outer.addLayout(self.body, 1)

    def set_title(self, title: str) -> None:
        """Name the card (one that was made without a title gets its head now)."""
        if self._row.parent() is None:
            layout = self.layout()
            assert isinstance(layout, QVBoxLayout)
            layout.insertLayout(0, self._row)
        self._title.setText(title)
        self.setAccessibleName(title)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the surface."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(theme.roles().line, 1))
        painter.setBrush(theme.roles().card)
        area = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        painter.drawRoundedRect(area, theme.CARD_RADIUS, theme.CARD_RADIUS)
