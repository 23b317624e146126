"""What an empty place says: what to do next, and a button that does it."""

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget

from recdesk.gui.widgets.text import Text


class EmptyState(QWidget):
    """A sentence in the middle of an empty place, with the action that fills it (none without `action_text`)."""

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
        self.button.setVisible(bool(action_text))  # not before it has a parent: it would be a window
        layout.addStretch(1)

    def set_text(self, text: str, with_action: bool = True) -> None:
        """Say something else; without the action where it would not help."""
        self._text.setText(text)
        self.button.setVisible(with_action and bool(self.button.text()))
