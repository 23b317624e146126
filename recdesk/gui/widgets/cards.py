"""Containers: cards, the head of a page, and the empty state."""

from collections.abc import Callable, Iterable

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QScrollArea, QVBoxLayout, QWidget

from recdesk.gui import theme
from recdesk.gui.widgets.buttons import PrimaryButton
from recdesk.gui.widgets.text import ElidedText, Paragraph, Text


class Card(QWidget):
    """A rounded surface with a title, cut in its middle where it is too long, and a body.

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
        self._title = ElidedText(title, "card", in_middle=True)
        self.head = QHBoxLayout()
        self.head.setSpacing(8)
        self._row = QHBoxLayout()
        self._row.setSpacing(8)
        self._title.setMinimumHeight(24)  # as high as a chip, so that titles side by side are aligned
        self._row.addWidget(self._title)
        self._row.addStretch(1)
        self._row.addLayout(self.head)
        if title:
            outer.addLayout(self._row)
        self.body = QVBoxLayout()
        self.body.setSpacing(8)
        outer.addLayout(self.body, 1)

    def set_title(self, title: str) -> None:
        """Set the title (a card made without one gets its head now)."""
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


class PageHead(QWidget):
    """Title and facts at the left, buttons at the right, the primary one last."""

    def __init__(self, title: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._outer = QVBoxLayout(self)
        self._outer.setContentsMargins(0, 0, 0, 0)
        self._outer.setSpacing(2)
        row = QHBoxLayout()
        row.setSpacing(12)
        self._outer.addLayout(row)
        words = QVBoxLayout()
        words.setSpacing(2)
        self._title = Text(title, "title")
        self._facts: Text = ElidedText("", "body", "secondary")
        words.addWidget(self._title)
        words.addWidget(self._facts)
        row.addLayout(words, 1)
        self._buttons = QHBoxLayout()
        self._buttons.setSpacing(12)
        row.addLayout(self._buttons)

    def place_facts_below(self) -> None:
        """Give the facts the whole width, and lines as they need them, below title and buttons."""
        self._facts.setParent(None)
        self._facts = Paragraph("", "body", "secondary")
        self._outer.addWidget(self._facts)

    def set_title(self, title: str) -> None:
        """Set the title."""
        self._title.setText(title)

    def set_facts(self, facts: str) -> None:
        """Set the line under the title, such as "MovieLens · 610 users"."""
        self._facts.setText(facts)

    def facts(self) -> str:
        """The line under the title."""
        return self._facts.text()

    def add_widget(self, widget: QWidget) -> None:
        """Add a control at the right of the others."""
        self._buttons.addWidget(widget)

    def add_primary(self, text: str, callback: Callable[[], object]) -> PrimaryButton:
        """Add the button of the page's main action."""
        button = self.add_button(text, callback, primary=True)
        assert isinstance(button, PrimaryButton)
        return button

    def add_button(self, text: str, callback: Callable[[], object], primary: bool = False) -> QPushButton:
        """Add a button at the right of the others."""
        button = PrimaryButton(text) if primary else QPushButton(text)
        button.setAccessibleName(text)
        button.setMinimumHeight(theme.CONTROL_HEIGHT)
        button.clicked.connect(lambda: callback())
        self._buttons.addWidget(button)
        return button


class EmptyState(QWidget):
    """A sentence shown instead of missing content, with a button that provides it (none without `action_text`)."""

    def __init__(
        self,
        text: str,
        action_text: str = "",
        callback: Callable[[], object] | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        layout = QVBoxLayout(self)
        layout.setSpacing(14)
        layout.addStretch(1)
        self._text = Text(text, "body", "secondary", wrap=True)
        self._text.setAlignment(Qt.AlignmentFlag.AlignCenter)
        layout.addWidget(self._text)
        self.button = QPushButton(action_text)
        self.button.setAccessibleName(action_text)
        if callback is not None:
            self.button.clicked.connect(lambda: callback())
        layout.addWidget(self.button, 0, Qt.AlignmentFlag.AlignHCenter)
        self.button.setVisible(bool(action_text))  # after it has a parent, without which it would be a window
        layout.addStretch(1)

    def set_text(self, text: str, with_action: bool = True) -> None:
        """Change the sentence, and whether the button is shown."""
        self._text.setText(text)
        self.button.setVisible(with_action and bool(self.button.text()))


def scrolling_column(cards: Iterable[QWidget], width: int) -> QScrollArea:
    """Cards below each other in a column of fixed width, in pixels, that scrolls by itself."""
    side = QWidget()
    column = QVBoxLayout(side)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(theme.GAP)
    for card in cards:
        column.addWidget(card)
    column.addStretch(1)
    area = QScrollArea()
    area.setWidgetResizable(True)
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    area.setFixedWidth(width)
    area.setWidget(side)
    side.setAutoFillBackground(False)
    area.viewport().setAutoFillBackground(False)
    return area
