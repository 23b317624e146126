"""Inputs of forms: choices, numbers, texts, and their labels."""

import math
import re
from collections.abc import Callable, Sequence

from PySide6.QtCore import QEvent, QLocale, QObject, QSignalBlocker, Signal
from PySide6.QtGui import QKeyEvent, QValidator, QWheelEvent
from PySide6.QtWidgets import QComboBox, QDoubleSpinBox, QLineEdit, QSizePolicy, QSpinBox, QWidget

from recdesk.gui import theme
from recdesk.gui.widgets.text import Text

_NARROWEST = 84
# More than any float has, so that Qt rounds nothing
_DECIMALS = 323
_BEING_TYPED = re.compile(r"\d*[.,]?\d*(?:[eE][+-]?\d*)?")
_WITH_MARKS = re.compile(r"\d*[.,][\d.,]*")


def narrow(control: QWidget) -> QWidget:
    """Let a control be as narrow as its column, whatever its size hint."""
    control.setMinimumWidth(_NARROWEST)
    control.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
    return control


class FormLabel(Text):
    """Label at the middle of its control's height; its mnemonic gives the control the focus."""

    def __init__(self, text: str, control: QWidget | None = None) -> None:
        super().__init__(text, "body", "secondary")
        self.setMinimumHeight(theme.CONTROL_HEIGHT)
        if control is not None:
            self.setBuddy(control)
            if not control.accessibleName():
                control.setAccessibleName(text)


class ChoiceBox(QComboBox):
    """One of several; the wheel scrolls the page, not the choice."""

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Leave the wheel to the page."""
        event.ignore()


class WholeBox(QSpinBox):
    """A whole number; the wheel scrolls the page, not the number.

    With `let_empty` the box can be empty: Qt's special value, one step below the lowest number, stands for None.
    """

    _none = False

    def let_empty(self, none_text: str) -> None:
        """Show a text where no number is chosen; call it when range and step are set."""
        self._none = True
        self.setMinimum(self.minimum() - self.singleStep())
        self.setSpecialValueText(none_text)

    def number(self) -> int | None:
        """The number, or None for none."""
        return None if self._none and self.value() == self.minimum() else self.value()

    def set_number(self, number: int | None) -> None:
        """Show a number; None for none."""
        self.setValue(self.minimum() if number is None else number)

    def valueFromText(self, text: str) -> int:
        """The number; empty text is None."""
        return self.minimum() if self._none and not text.strip() else super().valueFromText(text)

    def validate(self, text: str, position: int) -> tuple[QValidator.State, str, int]:
        """Accept digits only; Qt would read 2,5 as 25."""
        if self._none and not text.strip():
            return QValidator.State.Acceptable, text, position
        if _WITH_MARKS.fullmatch(text.strip()):
            return QValidator.State.Intermediate, text, position
        return super().validate(text, position)

    def fixup(self, text: str) -> str:
        """Correct nothing: what is not a whole number is rejected."""
        return text

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Leave the wheel to the page."""
        event.ignore()


class FloatBox(QDoubleSpinBox):
    """A number shown with at most six digits; the value itself is not rounded.

    With `none_text` the box can be empty: Qt's special value, below the lowest number, stands for None. A comma is read
    as a decimal point, and powers of ten may be written as 1e-4.
    """

    def __init__(self, low: float, high: float, none_text: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._none = bool(none_text)
        self._low = low
        self.setDecimals(_DECIMALS)
        none = 0.0 if low > 0 else low - 1.0
        self.setRange(none if self._none else low, high)
        self.setSpecialValueText(none_text)
        self.setLocale(QLocale.c())

    def number(self) -> float | None:
        """The number, or None for none."""
        return None if self._none and self.value() == self.minimum() else self.value()

    def set_number(self, number: float | None) -> None:
        """Show a number; None for none."""
        self.setValue(self.minimum() if number is None else number)

    def textFromValue(self, value: float) -> str:
        """Six digits at most."""
        return f"{value:.6g}"

    def valueFromText(self, text: str) -> float:
        """The exact value while its text is not edited, else the number in the text."""
        if text == self.textFromValue(self.value()):
            return self.value()
        number = self._parsed(text)
        return self.value() if number is None else number

    def validate(self, text: str, position: int) -> tuple[QValidator.State, str, int]:
        """Accept a number in range; text that can become one is intermediate."""
        number = self._parsed(text)
        none = number is not None and self._none and number == self.minimum()
        if number is not None and (none or self._low <= number <= self.maximum()):
            return QValidator.State.Acceptable, text, position
        becoming = _BEING_TYPED.fullmatch(text.strip()) is not None
        return (QValidator.State.Intermediate if becoming else QValidator.State.Invalid), text, position

    def fixup(self, text: str) -> str:
        """Correct nothing: what is not a number in range is rejected."""
        return text

    def stepBy(self, steps: int) -> None:
        """Step by a tenth to a hundredth of the number, to a number with few digits."""
        self.interpretText()
        if self.number() is None and self._low <= 0:
            if steps > 0:
                self.setValue(self._low)
            return
        size = abs(self.value()) / (1.01 if steps < 0 else 1.0)
        from_zero = 1.0 if self.maximum() >= 100 else 0.01
        step = 10.0 ** (math.floor(math.log10(size)) - 1) if size else from_zero
        value = float(f"{self.value() + steps * step:.12g}")
        self.setValue(self.minimum() if value < self._low else value)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Let typing replace the text that stands for None."""
        if self._none and event.text() and self.text() == self.specialValueText():
            self.selectAll()
        super().keyPressEvent(event)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Leave the wheel to the page."""
        event.ignore()

    def _parsed(self, text: str) -> float | None:
        """The number in a text; None while there is none."""
        text = text.strip()
        if self._none and text in ("", self.specialValueText()):
            return self.minimum()
        if not _BEING_TYPED.fullmatch(text):
            return None
        try:
            return float(text.replace(",", "."))
        except ValueError:
            return None


class TextBox(QLineEdit):
    """A line of text.

    Signals:
        value_changed: the text.
    """

    value_changed = Signal(str)

    def __init__(self, empty: str = "", parent: QWidget | None = None) -> None:
        """`empty` is the placeholder: what no text means."""
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
    """A line of text with suggestions; the wheel scrolls the page, not the choice.

    The list may end with actions, such as choosing a folder; choosing one runs it and does not change the text.

    Signals:
        value_changed: the new value.
    """

    value_changed = Signal(str)

    def __init__(self, choices: Sequence[tuple[str, str]], parent: QWidget | None = None) -> None:
        """`choices` are (text that is shown, value)."""
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
        """The value of the choice that is shown, or the text itself."""
        index = self.findText(self.currentText())
        if index < 0:
            return self.currentText().strip()
        meant = self.itemData(index)
        return meant if isinstance(meant, str) else self._meant

    def setValue(self, value: str) -> None:
        """Show a choice by its value, or any other text."""
        index = self.findData(value)
        if index >= 0:
            self.setCurrentIndex(index)
        else:
            self.setEditText(value)
        self._meant = self.value()
        self._from_the_beginning()

    def offer(
        self, choices: Sequence[tuple[str, str]], actions: Sequence[tuple[str, Callable[[], object]]] = ()
    ) -> None:
        """Replace choices and actions; the value stays."""
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

    def _activated(self, index: int) -> None:
        self._from_the_beginning()
        action = self.itemData(index)
        if callable(action):
            with QSignalBlocker(self):
                self.setValue(self._meant)
            action()

    def _from_the_beginning(self) -> None:
        """Show the beginning of a text that is too long for the box."""
        line = self.lineEdit()
        assert line is not None
        line.setCursorPosition(0)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Leave the wheel to the page."""
        event.ignore()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Leave the wheel over the line of text to the page too."""
        if event.type() == QEvent.Type.Wheel:
            event.ignore()
            return True
        return super().eventFilter(watched, event)
