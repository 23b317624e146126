"""The head of a page: title, one line of facts, actions at the right."""

from collections.abc import Callable

from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from recdesk.gui import theme
from recdesk.gui.widgets.primary_button import PrimaryButton
from recdesk.gui.widgets.text import ElidedText, Text


class PageHead(QWidget):
    """Title and facts at the left, buttons at the right, the primary one last."""

    def __init__(self, title: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(12)
        words = QVBoxLayout()
        words.setSpacing(2)
        self._title = Text(title, "title")
        self._facts = ElidedText("", "body", "secondary")
        words.addWidget(self._title)
        words.addWidget(self._facts)
        row.addLayout(words, 1)
        self._buttons = QHBoxLayout()
        self._buttons.setSpacing(12)
        row.addLayout(self._buttons)

    def set_title(self, title: str) -> None:
        """Name the page."""
        self._title.setText(title)

    def set_facts(self, facts: str) -> None:
        """Say what the page is about in one line, such as "MovieLens · 610 users"."""
        self._facts.setText(facts)

    def facts(self) -> str:
        """The line under the title."""
        return self._facts.text()

    def add_widget(self, widget: QWidget) -> None:
        """Add a control at the right of the others."""
        self._buttons.addWidget(widget)

    def add_primary(self, text: str, callback: Callable[[], object]) -> PrimaryButton:
        """Add the action that the page is for."""
        button = self.add_button(text, callback, primary=True)
        assert isinstance(button, PrimaryButton)
        return button

    def add_button(self, text: str, callback: Callable[[], object], primary: bool = False) -> QPushButton:
        """Add an action; each new one stands at the right of the others."""
        button = PrimaryButton(text) if primary else QPushButton(text)
        button.setAccessibleName(text)
        button.setMinimumHeight(theme.CONTROL_HEIGHT)
        button.clicked.connect(lambda: callback())
        self._buttons.addWidget(button)
        return button
