"""A small plot of figures that stand still: bars, or a line with the ground under it filled."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import pyqtgraph as pg
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QWidget

from recdesk.gui import theme
from recdesk.gui.widgets.bare_plot import LEFT_WIDTH, BarePlot

_LABEL_ROOM = 62
"""Pixels for a label at the foot."""


@dataclass(frozen=True)
class Figures:
    """What a small plot shows.

    Attributes:
        heights: a value for each place.
        labels: of the places, for the foot.
        said: what each place says when the mouse is over it.
        line: a line instead of bars; with a label at every 25th place.
        header, rows: the same as a table.
    """

    heights: Sequence[float]
    labels: Sequence[str]
    said: Sequence[str]
    line: bool = False
    header: list[str] = field(default_factory=list)
    rows: list[list[object]] = field(default_factory=list)


class SmallPlot(BarePlot):
    """Bars or a line over evenly spaced places; as many labels at the foot as there is room for."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(name, parent)
        self._figures = Figures([], [], [])
        self.plot.setMouseEnabled(False, False)
        self.view.disableAutoRange()
        self.bars = pg.BarGraphItem(x=[0], height=[0], width=0.8)
        self.curve = pg.PlotDataItem(fillLevel=0)
        for item in (self.bars, self.curve):
            self.plot.addItem(item)
        self.colour()

    def show_figures(self, figures: Figures) -> None:
        """Draw these."""
        self._figures = figures
        self.setAccessibleDescription("; ".join(figures.said[:20]))
        self._draw()

    def table(self) -> tuple[list[str], list[list[object]]]:
        """What is drawn, as header and rows."""
        return self._figures.header, self._figures.rows

    def resizeEvent(self, event: object) -> None:
        """Room for more labels, or fewer."""
        super().resizeEvent(event)  # type: ignore[arg-type]
        self._label()

    def said_at(self, position: float) -> str:
        """What the place nearest to a position of the axis says; "" where there is none."""
        at = round(position)
        return self._figures.said[at] if 0 <= at < len(self._figures.said) else ""

    def _draw(self) -> None:
        roles, figures = theme.roles(), self._figures
        places, heights = np.arange(len(figures.heights)), np.array(figures.heights, dtype=float)
        self.bars.setVisible(not figures.line)
        self.curve.setVisible(figures.line)
        if figures.line:
            ground = QColor(roles.accent)
            ground.setAlphaF(0.14)
            self.curve.setData(places, heights)
            self.curve.setPen(pg.mkPen(roles.accent, width=2))
            self.curve.setFillBrush(pg.mkBrush(ground))
        else:
            width = 0.82 if len(places) < 40 else 1.0
            brush, pen = pg.mkBrush(roles.accent), pg.mkPen(None)
            self.bars.setOpts(x=places, height=heights, width=width, brush=brush, pen=pen)
        top = float(heights.max(initial=0)) or 1.0
        ends = (0, max(len(places) - 1, 1)) if figures.line else (-0.6, max(len(places) - 0.4, 0.6))
        self.view.setRange(xRange=ends, yRange=(0, 1.06 * top), padding=0.02)
        self._label()

    def _label(self) -> None:
        labels = self._figures.labels
        if not labels:
            return
        room = max(int((self.width() - LEFT_WIDTH) / _LABEL_ROOM), 2)
        step = 25 if self._figures.line else max(-(-len(labels) // room), 1)
        self.plot.getAxis("bottom").setTicks([[(at, labels[at]) for at in range(0, len(labels), step)]])

    def hover(self, position: float | None) -> None:
        """See `BarePlot.hover`."""
        words = "" if position is None else self.said_at(position)
        self.readout.setVisible(bool(words))
        if position is not None and words:
            at = round(position)
            self.readout.setText(words)
            self.readout.setAnchor((at / max(len(self._figures.said) - 1, 1), 0))
            self.readout.setPos(at, self.view.viewRange()[1][1])

    def colour(self) -> None:
        """See `BarePlot.colour`."""
        super().colour()
        self._draw()
