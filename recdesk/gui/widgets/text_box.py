"""Settings that are texts."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QEvent, QObject, QSignalBlocker, Signal
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

    Behind the likely ones may stand actions, such as to choose a folder: they are done, and never the text.

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
        self._meant = self.value()
        line = self.lineEdit()
        assert line is not None
        line.installEventFilter(self)
        self.currentTextChanged.connect(self._changed)
        self.activated.connect(self._activated)

    def value(self) -> str:
        """What the text means: one of the choices, or itself."""
        place = self.findText(self.currentText())
        if place < 0:
            return self.currentText().strip()
        meant = self.itemData(place)
        return meant if isinstance(meant, str) else self._meant

    def setValue(self, value: str) -> None:
        """Show a choice by what it means, or any other text."""
        place = self.findData(value)
        if place >= 0:
            self.setCurrentIndex(place)
        else:
            self.setEditText(value)
        self._meant = self.value()
        self._from_the_beginning()

    def offer(
        self, choices: Sequence[tuple[str, str]], actions: Sequence[tuple[str, Callable[[], object]]] = ()
    ) -> None:
        """Offer these from now on; the text that is meant stays."""
        value = self.value()
        with QSignalBlocker(self):
            self.clear()
            for shown, meant in choices:
                self.addItem(shown, meant)
            if actions:
                self.insertSeparator(self.count())
            for shown, callback in actions:
                self.addItem(shown, callback)
            self.setValue(value)

    def _changed(self) -> None:
        value = self.value()
        if self.findText(self.currentText()) < 0 or isinstance(self.currentData(), str):
            self._meant = value
        self.value_changed.emit(value)

    def _activated(self, place: int) -> None:
        self._from_the_beginning()
        action = self.itemData(place)
        if callable(action):
            with QSignalBlocker(self):
                self.setValue(self._meant)
            action()

    def _from_the_beginning(self) -> None:
        """Of a text that is too long for the box the beginning is seen."""
        line = self.lineEdit()
        assert line is not None
        line.setCursorPosition(0)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Left to whatever scrolls."""
        event.ignore()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """The same over the line of text."""
        if event.type() == QEvent.Type.Wheel:
            event.ignore()
            return True
        return super().eventFilter(watched, event)
