"""A horizontal line with its name on it."""

import math
from collections.abc import Sequence

import pyqtgraph as pg
from PySide6.QtCore import QRectF, Qt

from recdesk.gui import theme

_RIGHT = 0.99
_GAP = 2.0


class ReferenceLine:
    """A value to compare with, such as a baseline; kept and reused, never removed from its plot.

    Attributes:
        value: where it is, or None while it is not shown.
    """

    def __init__(self, plot: pg.PlotItem, log: bool = False) -> None:
        self.value: float | None = None
        self._log = log
        self._line = pg.InfiniteLine(angle=0, movable=False)
        self._label = pg.InfLineLabel(self._line, "", position=_RIGHT, anchors=[(1, 1), (1, 1)])
        plot.addItem(self._line, ignoreBounds=True)
        self._line.setVisible(False)
        self.colour()

    def show_value(self, entry: tuple[str, float] | None) -> None:
        """Stand at a value under a name, or go."""
        self.value = None if entry is None else entry[1]
        self._place()
        if entry is not None:
            self._label.setText(f"{entry[0]} {entry[1]:.3f}")

    def set_log(self, log: bool) -> None:
        """Stand on a logarithmic scale, where values of zero or less have no place."""
        self._log = log
        text = self._label.textItem.toPlainText()
        self._place()
        self._label.setText(text)  # pyqtgraph empties it when the line moves

    def colour(self) -> None:
        """Take the colours in force."""
        self._line.setPen(pg.mkPen(theme.roles().secondary, width=1, style=Qt.PenStyle.DashLine))
        self._label.setColor(theme.roles().secondary)
        self._label.fill = pg.mkBrush(theme.roles().card)
        self._label.setFont(theme.font("small"))

    def is_shown(self) -> bool:
        """Whether the line can be seen."""
        return bool(self._line.isVisible())

    def height(self, view: pg.ViewBox) -> float:
        """Pixels from the top of the view."""
        low, high = view.viewRange()[1]
        return float((high - self._line.value()) / (high - low) * view.height())

    def places(self, view: pg.ViewBox) -> list[QRectF]:
        """Where the name can be, in pixels of the view: over the line, under it, and further to the left."""
        size = self._label.textItem.boundingRect().size()
        y, right = self.height(view), _RIGHT * view.width()
        columns = [right - column * (size.width() + 4 * _GAP) for column in range(3)]
        tops = (y - size.height(), y)
        return [QRectF(x - size.width(), top, size.width(), size.height()) for x in columns for top in tops]

    def put_name(self, place: QRectF | None, rank: int, view: pg.ViewBox) -> None:
        """Show the name at one of its places, or not at all; `rank` counts the lines from the top."""
        self._line.setZValue(rank / 100)  # so that no higher line goes through a name that stands across it
        self._label.setOpacity(0.0 if place is None else 1.0)
        place = self.places(view)[0] if place is None else place
        under = place.top() >= self.height(view)
        self._label.anchors = [(1, 0 if under else 1)] * 2
        self._label.setPosition(place.right() / max(view.width(), 1.0))

    def _place(self) -> None:
        shown = self.value is not None and (self.value > 0 or not self._log)
        self._line.setVisible(shown)
        if shown and self.value is not None:
            self._line.setValue(math.log10(self.value) if self._log else self.value)


def keep_names_apart(lines: Sequence[ReferenceLine], view: pg.ViewBox) -> None:
    """Put the name of each line over it, or where it covers no other name; one without room is not shown."""
    taken: list[QRectF] = []
    inside = QRectF(0, 0, view.width(), view.height())
    from_top = sorted((line for line in lines if line.is_shown()), key=lambda line: line.height(view))
    for rank, line in enumerate(from_top):
        apart = (p for p in line.places(view) if not any(_close(p, other) for other in taken))
        place = next((p for p in apart if inside.contains(p)), None)
        line.put_name(place, rank, view)
        if place is not None:
            taken.append(place)


def _close(place: QRectF, other: QRectF) -> bool:
    return place.adjusted(-_GAP, 0, _GAP, 0).intersects(other)
