"""Horizontal lines across a plot, such as baselines, with their names in a margin at its right."""

import math
from collections.abc import Sequence

import pyqtgraph as pg
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QBrush, QFontMetrics
from PySide6.QtWidgets import QGraphicsLineItem, QGraphicsSimpleTextItem

from recdesk.gui import theme

_WIDEST = 150
"""Pixels; a longer name is elided, its value never."""
_GAP = 6.0


class ReferenceLine:
    """A horizontal line with its name; hidden and reused, never removed from its plot.

    Attributes:
        entry: its name and height, or None while it is not shown.
        name: item in the margin with the name and the value.
    """

    def __init__(self, plot: pg.PlotItem) -> None:
        self.entry: tuple[str, float] | None = None
        self._log = False
        self._line = pg.InfiniteLine(angle=0, movable=False)
        plot.addItem(self._line, ignoreBounds=True)
        self._line.setVisible(False)
        self.name = QGraphicsSimpleTextItem(plot)
        self._leader = QGraphicsLineItem(plot)
        self.hide_name()
        self.colour()

    @property
    def value(self) -> float | None:
        """Its height, or None while it is not shown."""
        return None if self.entry is None else self.entry[1]

    def show_value(self, entry: tuple[str, float] | None) -> None:
        """Show a value with its name; None hides the line."""
        self.entry = entry
        if entry is not None:
            metrics = QFontMetrics(theme.font("small"))
            name = metrics.elidedText(entry[0], Qt.TextElideMode.ElideRight, _WIDEST)
            self.name.setText(f"{name} {entry[1]:.3f}")
            self.name.setToolTip("" if name == entry[0] else entry[0])
        self._place()

    def set_log(self, log: bool) -> None:
        """Use a logarithmic scale, on which values of zero or less are not shown."""
        self._log = log
        self._place()

    def colour(self, pixels: float = 1.0) -> None:
        """Use the theme's colours, for a device with so many pixels for one of the window."""
        secondary = theme.roles().secondary
        self._line.setPen(pg.mkPen(secondary, width=pixels, style=Qt.PenStyle.DashLine))
        self._leader.setPen(pg.mkPen(theme.roles().edge, width=pixels))
        self.name.setBrush(QBrush(secondary))
        self.name.setFont(theme.font("small"))

    def is_shown(self) -> bool:
        """Whether the line is drawn."""
        return bool(self._line.isVisible())

    def height_in(self, view: pg.ViewBox) -> float:
        """Pixels from the top of the view; outside of 0 to its height where the view does not reach."""
        low, high = view.viewRange()[1]
        return float((high - self._line.value()) / (high - low) * view.height())

    def put_name(self, at: QPointF, line_end: QPointF) -> None:
        """Put the middle of the name's left edge at a point of the plot; a leader joins it to the end of its line."""
        self.name.setPos(at.x() + _GAP, at.y() - self.name.boundingRect().height() / 2)
        self.name.setVisible(True)
        self._leader.setLine(line_end.x(), line_end.y(), at.x() + _GAP - 1, at.y())
        self._leader.setVisible(abs(at.y() - line_end.y()) > 1)

    def hide_name(self) -> None:
        """Show no name."""
        self.name.setVisible(False)
        self._leader.setVisible(False)

    def _place(self) -> None:
        shown = self.value is not None and (self.value > 0 or not self._log)
        self._line.setVisible(shown)
        if shown and self.value is not None:
            self._line.setValue(math.log10(self.value) if self._log else self.value)


class ReferenceLines:
    """The reference lines of a plot. Their names have a margin of their own, so that they cover no point."""

    def __init__(self, plot: pg.PlotItem) -> None:
        self._plot, self._view = plot, plot.getViewBox()
        self._log, self._pixels = False, 1.0
        self.lines: list[ReferenceLine] = []
        self._wanted = self._least = 0
        margin = plot.getAxis("right")
        margin.setStyle(showValues=False, tickLength=0)
        margin.setPen(pg.mkPen(None))
        margin.setWidth(0)
        plot.showAxis("right")
        self._view.sigResized.connect(lambda *_: self.place_names())
        self._view.sigYRangeChanged.connect(lambda *_: self.place_names())

    def show_values(self, values: Sequence[tuple[str, float]]) -> None:
        """Show values with their names, and make the margin as wide as these need."""
        while len(self.lines) < len(values):
            self.lines.append(ReferenceLine(self._plot))
            self.lines[-1].set_log(self._log)
            self.lines[-1].colour(self._pixels)
        for line, entry in zip(self.lines, [*values, *[None] * len(self.lines)], strict=False):
            line.show_value(entry)
        widths = [line.name.boundingRect().width() for line in self.lines if line.value is not None]
        self._wanted = math.ceil(max(widths) + _GAP) if widths else 0
        self._set_margin()
        self.place_names()

    def margin(self) -> int:
        """Pixels that the names need."""
        return self._wanted

    def set_least_margin(self, pixels: int) -> None:
        """Keep a margin as wide as that of a plot above or below, so that one position is one step in both."""
        self._least = pixels
        self._set_margin()

    def _set_margin(self) -> None:
        wanted = max(self._wanted, self._least)
        margin = self._plot.getAxis("right")
        if margin.fixedWidth != wanted:
            margin.setWidth(wanted)

    def values(self) -> list[float]:
        """The values that are shown."""
        return [value for _, value in self.entries()]

    def entries(self) -> list[tuple[str, float]]:
        """Names and values that are shown."""
        return [line.entry for line in self.lines if line.entry is not None]

    def set_log(self, log: bool) -> None:
        """Use a logarithmic scale."""
        self._log = log
        for line in self.lines:
            line.set_log(log)

    def colour(self, pixels: float = 1.0) -> None:
        """See `ReferenceLine.colour`."""
        self._pixels = pixels
        for line in self.lines:
            line.colour(pixels)

    def place_names(self) -> None:
        """Put each name beside its line, moved up or down where another one is in the way."""
        height = self._view.height()
        placed: list[ReferenceLine] = []
        for line in self.lines:
            if line.is_shown() and 0 <= line.height_in(self._view) <= height:
                placed.append(line)
            else:
                line.hide_name()
        placed.sort(key=lambda line: line.height_in(self._view))
        wanted = [line.height_in(self._view) for line in placed]
        step = max((line.name.boundingRect().height() for line in placed), default=0.0)
        for line, y, end in zip(placed, spread(wanted, step, height), wanted, strict=True):
            right = self._view.width()
            line.put_name(*(self._plot.mapFromItem(self._view, QPointF(right, at)) for at in (y, end)))


def spread(wanted: Sequence[float], step: float, height: float) -> list[float]:
    """Positions as near to `wanted` (ascending) as room allows: `step` apart, the first and the last half a step within
    0 to `height`; where that is too little room for all, they go beyond it at the top."""
    positions: list[float] = []
    for position in wanted:
        lowest = positions[-1] + step if positions else step / 2
        positions.append(max(position, lowest))
    limit = height - step / 2
    for at in range(len(positions) - 1, -1, -1):
        positions[at] = min(positions[at], limit)
        limit = positions[at] - step
    return positions
