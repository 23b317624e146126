"""How long texts are: a histogram with the place marked where reading ends."""

import numpy as np
import pyqtgraph as pg
from numpy.typing import NDArray
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from recdesk.gui import theme
from recdesk.gui.widgets.bare_plot import BarePlot


class LengthPlot(BarePlot):
    """Bars of texts by pieces of words; those behind the limit stand out by colour and by the line before them."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(name, parent)
        self.setMinimumHeight(140)
        self._edges, self._counts = np.array([0, 1], np.int64), np.zeros(1, np.int64)
        self._limit = 0
        self.plot.setMouseEnabled(False, False)
        self.bars = pg.BarGraphItem(x0=[0], x1=[1], y0=[0], y1=[0])
        self._mark = pg.InfiniteLine(angle=90, movable=False, label="", labelOpts={"position": 0.94, "movable": False})
        self._mark.setVisible(False)
        self.plot.addItem(self.bars)
        self.plot.addItem(self._mark, ignoreBounds=True)
        self.colour()

    def show_lengths(self, edges: NDArray[np.int64], counts: NDArray[np.int64], limit: int) -> None:
        """Draw bars; `edges` [m + 1] and `counts` [m] as of `text.lengths.histogram`."""
        self._edges, self._counts, self._limit = edges, counts, limit
        self._mark.setVisible(True)
        self._mark.setValue(limit + 0.5)
        self._mark.label.setText(self.tr("read up to {n}").format(n=limit))
        self._draw()

    def _draw(self) -> None:
        roles, begins = theme.roles(), self._edges[:-1]
        brushes = [roles.warning if begin > self._limit else roles.accent for begin in begins]
        height = max(int(self._counts.max(initial=0)), 1)
        self.bars.setOpts(
            x0=begins - 0.5, x1=self._edges[1:] - 0.5, y0=np.zeros(len(begins)), y1=self._counts,
            brushes=[pg.mkBrush(colour) for colour in brushes], pens=[pg.mkPen(roles.card)] * len(begins),
        )  # fmt: skip
        left, right = float(self._edges[0]) - 0.5, float(self._edges[-1]) - 0.5
        self.view.setRange(xRange=(left, right), yRange=(0, 1.18 * height), padding=0.02)
        share = (self._limit + 0.5 - left) / (right - left)
        self._mark.label.anchors = [(1.0, 0.5), (1.0, 0.5)] if share > 0.5 else [(0.0, 0.5), (0.0, 0.5)]
        self._mark.label.updatePosition()

    def hover(self, position: float | None) -> None:
        """See `BarePlot.hover`."""
        bar = -1 if position is None else int(np.searchsorted(self._edges, position + 0.5, side="right")) - 1
        self.readout.setVisible(0 <= bar < len(self._counts))
        if self.readout.isVisible():
            begin, end = self._edges[bar : bar + 2]
            self.readout.setText(self.said(bar))
            share = bar / max(len(self._counts) - 1, 1)
            self.readout.setAnchor((share, 1))
            self.readout.setPos((begin + end - 1) / 2, self._counts[bar])

    def said(self, bar: int) -> str:
        """What a bar says when the mouse is over it."""
        begin, end = (int(edge) for edge in self._edges[bar : bar + 2])
        if bar == len(self._counts) - 1 and begin > self._limit:
            return self.tr("{n} texts of {low} pieces or more").format(n=f"{self._counts[bar]:,}", low=begin)
        if end - begin == 1:
            return self.tr("{n} texts of {low} pieces").format(n=f"{self._counts[bar]:,}", low=begin)
        return self.tr("{n} texts of {low} to {high} pieces").format(
            n=f"{self._counts[bar]:,}", low=max(begin, 1), high=end - 1
        )

    def colour(self) -> None:
        """See `BarePlot.colour`."""
        super().colour()
        roles = theme.roles()
        self._mark.setPen(pg.mkPen(roles.text, width=1, style=Qt.PenStyle.DashLine))
        self._mark.label.setColor(roles.text)
        self._mark.label.fill = pg.mkBrush(roles.card)
        self._mark.label.setFont(theme.font("small"))
        self._draw()
