"""Settings that are texts."""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QObject, Signal
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QComboBox, QLineEdit, QWidget

from recdesk.gui import theme


class TextBox(QLineEdit):
    """A line of text.

    Signals:
        value_changed: the text.
    """

    value_changed = Signal(str)

    def __init__(self, empty: str = "", parent: QWidget | None = None) -> None:
        """`empty` says what no text means."""
        super().__init__(parent)
        self.setPlaceholderText(empty)
        self.setMinimumHeight(theme.CONTROL_HEIGHT)
        self.textChanged.connect(self.value_changed)

    def value(self) -> str:
        """The text."""
        return self.text()

    def setValue(self, value: str) -> None:
        """Show a text from its beginning."""
        self.setText(value)
        self.setCursorPosition(0)


class SuggestBox(QComboBox):
    """A line of text with a few that are likely; the wheel scrolls the page, not the choice.

    Signals:
        value_changed: the text that is meant.
    """

    value_changed = Signal(str)

    def __init__(self, choices: Sequence[tuple[str, str]], parent: QWidget | None = None) -> None:
        """`choices` are (what is shown, what it means)."""
        super().__init__(parent)
        self.setEditable(True)
        self.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        self.setMinimumHeight(theme.CONTROL_HEIGHT)
        for shown, meant in choices:
            self.addItem(shown, meant)
        line = self.lineEdit()
        assert line is not None
        line.installEventFilter(self)
        self.currentTextChanged.connect(lambda _text: self.value_changed.emit(self.value()))

    def value(self) -> str:
        """What the text means: one of the choices, or itself."""
        place = self.findText(self.currentText())
        return str(self.itemData(place)) if place >= 0 else self.currentText().strip()

    def setValue(self, value: str) -> None:
        """Show a choice by what it means, or any other text."""
        place = self.findData(value)
        if place >= 0:
            self.setCurrentIndex(place)
        else:
            self.setEditText(value)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Left to whatever scrolls."""
        event.ignore()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """The same over the line of text."""
        if event.type() == QEvent.Type.Wheel:
            event.ignore()
            return True
        return super().eventFilter(watched, event)
