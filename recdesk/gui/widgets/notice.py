"""A notice: a sentence and a second line on a surface of its own, with buttons at the right."""

from collections.abc import Callable

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from recdesk.gui import theme
from recdesk.gui.widgets.buttons import PrimaryButton
from recdesk.gui.widgets.text import Text


class Notice(QWidget):
    """Says something that matters for a while or waits for a decision. It blocks nothing and is hidden until it is told
    what to say.

    Args:
        name: for screen readers.
        tone: role of the theme of the bar at the left.
    """

    def __init__(self, name: str, tone: str = "warning", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._tone = tone
        self.setAccessibleName(name)
        self._sentence = Text("", "strong", wrap=True)
        self._more = Text("", "body", "secondary", wrap=True)
        row = QHBoxLayout(self)
        row.setContentsMargins(20, 12, 14, 12)
        row.setSpacing(8)
        texts = QVBoxLayout()
        texts.setSpacing(3)
        texts.addWidget(self._sentence)
        texts.addWidget(self._more)
        row.addLayout(texts, 1)
        self._row = row
        self.hide()

    def add_button(self, text: str, callback: Callable[[], object], primary: bool = False) -> QPushButton:
        """Add a button at the right of the others."""
        button = PrimaryButton(text) if primary else QPushButton(text)
        button.setAccessibleName(text)
        button.setMinimumHeight(theme.CONTROL_HEIGHT)
        button.clicked.connect(lambda: callback())
        self._row.addWidget(button, 0, Qt.AlignmentFlag.AlignVCenter)
        return button

    def say(self, sentence: str, more: str = "") -> None:
        """Show a sentence, and a second line below it."""
        self._sentence.setText(sentence)
        self._more.setText(more)
        self._more.setVisible(bool(more))
        self.setAccessibleDescription(f"{sentence} {more}".strip())
        self.show()

    def text(self) -> str:
        """The sentence that is shown; "" while it is hidden."""
        return "" if self.isHidden() else self._sentence.text()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the surface, its frame, and a bar at the left."""
        roles = theme.roles()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(roles.edge, 1))
        painter.setBrush(roles.card)
        area = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        painter.drawRoundedRect(area, theme.CARD_RADIUS, theme.CARD_RADIUS)
        painter.setPen(QPen(roles.of(self._tone), 3))
        painter.drawLine(8, 14, 8, self.height() - 14)
