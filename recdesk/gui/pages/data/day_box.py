"""A day, or none."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLineEdit

from recdesk.core.errors import UsageError
from recdesk.data.cleaning.rules import moment, moment_text
from recdesk.gui import theme


class DayBox(QLineEdit):
    """A day (or month, year, or moment) as text; empty for none. What is no date is not taken, and said.

    Signals:
        value_changed: epoch seconds, or None.
        refused: a UsageError that says why a text is no date.

    Args:
        end: a day means its last second.
    """

    value_changed = Signal(object)
    refused = Signal(object)

    def __init__(self, end: bool = False) -> None:
        super().__init__()
        self._end = end
        self._value: int | None = None
        self.setMinimumHeight(theme.CONTROL_HEIGHT)
        self.setPlaceholderText(self.tr("year-month-day"))
        self.editingFinished.connect(self._take)

    def value(self) -> int | None:
        """Epoch seconds (UTC), or None."""
        return self._value

    def set_value(self, value: int | None) -> None:
        """Show a moment, or none."""
        self._value = value
        self.setText("" if value is None else moment_text(value))

    def _take(self) -> None:
        text = self.text().strip()
        try:
            value = moment(text, self._end) if text else None
        except UsageError as error:
            self.refused.emit(error)
            return
        if value != self._value:
            self.set_value(value)
            self.value_changed.emit(value)
