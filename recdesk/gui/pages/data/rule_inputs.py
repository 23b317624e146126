"""Inputs that only cleaning rules need: a day, and types of events."""

from collections.abc import Mapping

from PySide6.QtCore import QLocale, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QLineEdit, QMenu, QPushButton

from recdesk.core.errors import UsageError
from recdesk.data.cleaning.rules import moment, moment_text
from recdesk.gui import theme, words

_MOST = 40


class DayBox(QLineEdit):
    """A day (or month, year, or time) as text; empty for none. Text that is no date is refused.

    Signals:
        value_changed: epoch seconds, or None.
        refused: the UsageError of a text that is no date.

    Args:
        end: whether a day stands for its last second.
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


class EventsBox(QPushButton):
    """Opens a list of the event types in the data with their counts; all are kept unless some are chosen.

    Signals:
        value_changed: the types that are kept (a tuple), or None for all.
    """

    value_changed = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self._counts: Mapping[str, int] = {}
        self._value: tuple[str, ...] | None = None
        self.setMinimumHeight(theme.CONTROL_HEIGHT)
        self.clicked.connect(self._open)
        self._show()

    def value(self) -> tuple[str, ...] | None:
        """The types that are kept; None for all."""
        return self._value

    def set_value(self, value: tuple[str, ...] | None) -> None:
        """Show which types are kept."""
        self._value = value
        self._show()

    def offer(self, counts: Mapping[str, int]) -> None:
        """Set the types in the data with their counts."""
        self._counts = counts

    def menu_of_types(self) -> QMenu:
        """A checkable entry a type."""
        menu = QMenu(self)
        for name, count in list(self._counts.items())[:_MOST]:
            action = QAction(f"{name} · {QLocale().toString(count)}", menu, checkable=True)
            action.setChecked(self._value is None or name in self._value)
            action.toggled.connect(lambda on, name=name: self._toggle(name, on))
            menu.addAction(action)
        return menu

    def _open(self) -> None:
        menu = self.menu_of_types()
        menu.exec(self.mapToGlobal(self.rect().bottomLeft()))
        menu.deleteLater()

    def _toggle(self, name: str, on: bool) -> None:
        kept = [known for known in self._counts if self._value is None or known in self._value]
        kept = [known for known in self._counts if (known in kept and known != name) or (known == name and on)]
        if kept:  # at least one stays
            self.set_value(None if len(kept) == len(self._counts) else tuple(kept))
            self.value_changed.emit(self._value)

    def _show(self) -> None:
        self.setText(self.tr("all") if self._value is None else words.listed(self._value))
