"""Boxes for numbers that leave a number as it is until it is edited."""

from PySide6.QtCore import QLocale
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QAbstractSpinBox, QDoubleSpinBox, QSpinBox, QWidget


class WholeBox(QSpinBox):
    """A whole number; the wheel scrolls the page, not the number."""

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Leave the wheel to the page."""
        event.ignore()


class FloatBox(QDoubleSpinBox):
    """A number shown with as many digits as it needs, without rounding what is kept.

    With `none_text` the box can be empty, which stands at its lower end and is read as None.
    """

    def __init__(self, low: float, high: float, none_text: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._none = bool(none_text)
        self.setDecimals(15)
        self.setRange(0.0 if self._none else low, high)
        self.setSpecialValueText(none_text)
        self.setStepType(QAbstractSpinBox.StepType.AdaptiveDecimalStepType)
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

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Leave the wheel to the page."""
        event.ignore()
