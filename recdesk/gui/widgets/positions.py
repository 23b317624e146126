"""Where lists are scrolled to and what has the focus, to be restored in a copy of a widget tree."""

from typing import NamedTuple

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QAbstractScrollArea, QApplication, QScrollBar, QWidget


class Positions(NamedTuple):
    """Positions in a tree of widgets.

    Attributes:
        scrolled: class and both scroll positions of each scroll area, in the order of the tree.
        focus: class of the focused widget and its number among those of its class; None where none has the focus.
    """

    scrolled: tuple[tuple[str, int, int], ...]
    focus: tuple[str, int] | None


def positions(root: QWidget) -> Positions:
    """The positions below a widget."""
    areas = root.findChildren(QAbstractScrollArea)
    scrolled = tuple(
        (type(area).__name__, area.horizontalScrollBar().value(), area.verticalScrollBar().value()) for area in areas
    )
    focused = QApplication.focusWidget()
    if focused is None or not root.isAncestorOf(focused):
        return Positions(scrolled, None)
    return Positions(scrolled, (type(focused).__name__, _alike(root, type(focused).__name__).index(focused)))


def restore(root: QWidget, kept: Positions) -> None:
    """Restore them in a tree built alike. Areas that are filled later are scrolled then."""
    for area, (kind, across, down) in zip(root.findChildren(QAbstractScrollArea), kept.scrolled, strict=False):
        if type(area).__name__ == kind:
            _scroll(area.horizontalScrollBar(), across)
            _scroll(area.verticalScrollBar(), down)
    if kept.focus is not None:
        kind, number = kept.focus
        alike = _alike(root, kind)
        if number < len(alike):
            alike[number].setFocus()


def _alike(root: QWidget, kind: str) -> list[QWidget]:
    return [widget for widget in root.findChildren(QWidget) if type(widget).__name__ == kind]


def _scroll(bar: QScrollBar, value: int) -> None:
    if value <= bar.maximum():
        bar.setValue(value)
    else:
        _ScrollLater(bar, value)


class _ScrollLater(QObject):
    """Scrolls a bar once its range allows it, unless a person has scrolled meanwhile."""

    def __init__(self, bar: QScrollBar, value: int) -> None:
        super().__init__(bar)
        self._bar, self._value = bar, value
        bar.rangeChanged.connect(self._try)
        bar.actionTriggered.connect(self._give_up)

    def _try(self, _low: int, high: int) -> None:
        if high >= self._value:
            self._bar.setValue(self._value)
            self._give_up()

    def _give_up(self, *_: object) -> None:
        self._bar.rangeChanged.disconnect(self._try)
        self._bar.actionTriggered.disconnect(self._give_up)
        self.deleteLater()
