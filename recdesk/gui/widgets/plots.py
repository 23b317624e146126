"""Plots: the base class, a small plot of fixed values, and a histogram of text lengths."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import pyqtgraph as pg
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QColor, QHideEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget

from recdesk.core.messages import Message
from recdesk.gui import theme
from recdesk.gui.messages import translated
from recdesk.gui.widgets.plot_pictures import picture

LEFT_WIDTH = 46
HEIGHT = 120
"""Least height of a plot."""
_LABEL_ROOM = 62
"""Width of an axis label, in pixels."""


class BarePlot(QWidget):
    """An empty plot without menus and buttons. Subclasses add items, and override `hover` and `colour`."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        self.setMinimumHeight(HEIGHT)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        self.graphics = pg.PlotWidget(background=None, enableMenu=False)  # a menu takes longer than the plot
        self.graphics.setAccessibleName(name)
        self.graphics.setFrameShape(self.graphics.Shape.NoFrame)
        self.graphics.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.graphics.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Ignored)
        layout.addWidget(self.graphics)
        self.plot = self.graphics.getPlotItem()
        self.view = self.plot.getViewBox()
        self.plot.setMenuEnabled(False)
        self.plot.hideButtons()
        self.plot.showGrid(x=False, y=True, alpha=0.14)
        self.readout = pg.TextItem(anchor=(0, 0))
        self.readout.setZValue(10)
        self.readout.setVisible(False)
        self.plot.addItem(self.readout, ignoreBounds=True)
        self._mouse = pg.SignalProxy(self.graphics.scene().sigMouseMoved, rateLimit=60, slot=self._moved)
        theme.theme().changed.connect(self.colour)

    def image(self, kind: str) -> bytes:
        """The plot as a picture, ".svg" or ".png", with its title, legend and axis names; a PNG in twice the pixels."""
        return picture(self, kind)

    def set_pixels(self, pixels: float | None) -> None:
        """Draw lines for a device with so many pixels for one of the window; None for the screen."""

    def legend(self) -> list[tuple[str, QPen]]:
        """Name and pen of each line, for pictures."""
        return []

    def axis_names(self) -> tuple[str, str]:
        """Names of the horizontal and the vertical axis, for pictures; "" for none."""
        return "", ""

    def hover(self, position: float | None) -> None:
        """The mouse is at this position of the horizontal axis; None when it is outside."""

    def dots(self) -> list[pg.ScatterPlotItem]:
        """Scatter items drawn from cached pixmaps; for SVG they must be drawn as vectors."""
        return []

    def colour(self) -> None:
        """Use the theme's colours."""
        roles = theme.roles()
        self.graphics.setBackground(roles.card)
        self.plot.getAxis("left").setWidth(LEFT_WIDTH)
        for side in ("left", "bottom"):
            axis = self.plot.getAxis(side)
            axis.setTextPen(roles.secondary)
            axis.setPen(pg.mkPen(roles.line) if side == "bottom" else pg.mkPen(None))
            axis.setTickFont(theme.font("small", tabular=True))
            axis.setStyle(tickLength=0, tickTextOffset=8)
        self.readout.setColor(roles.text)
        self.readout.fill = pg.mkBrush(roles.raised)
        self.readout.setFont(theme.font("small"))

    def leaveEvent(self, event: QEvent) -> None:
        """The mouse is elsewhere now, whatever was said of it last."""
        super().leaveEvent(event)
        self.hover(None)

    def hideEvent(self, event: QHideEvent) -> None:
        """Another page is shown."""
        super().hideEvent(event)
        self.hover(None)

    def _moved(self, event: tuple[QPointF]) -> None:
        # the proxy tells of the last movement a little later, when the mouse may have left
        inside = self.underMouse() and self.plot.sceneBoundingRect().contains(event[0])
        self.hover(self.view.mapSceneToView(event[0]).x() if inside else None)


@dataclass(frozen=True)
class Figures:
    """Contents of a small plot.

    Attributes:
        heights: a value for each bar or point of the line.
        labels: of the bars, for the axis.
        readouts: text of each bar while the mouse is over it.
        line: a line instead of bars; with a label at every 25th point.
        header, rows: the same as a table.
    """

    heights: Sequence[float]
    labels: Sequence[str]
    readouts: Sequence[str]
    line: bool = False
    header: list[str] = field(default_factory=list)
    rows: list[list[object]] = field(default_factory=list)


class SmallPlot(BarePlot):
    """Bars or a line over evenly spaced positions, with as many labels on the axis as there is room for."""

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
        """Draw these values."""
        self._figures = figures
        self.setAccessibleDescription("; ".join(figures.readouts[:20]))
        self._draw()

    def table(self) -> tuple[list[str], list[list[object]]]:
        """What is drawn, as header and rows."""
        return self._figures.header, self._figures.rows

    def resizeEvent(self, event: object) -> None:
        """Adapt the number of labels."""
        super().resizeEvent(event)  # type: ignore[arg-type]
        self._label()

    def readout_at(self, position: float) -> str:
        """Readout of the bar nearest to a position of the axis; "" where there is none."""
        at = round(position)
        return self._figures.readouts[at] if 0 <= at < len(self._figures.readouts) else ""

    def _draw(self) -> None:
        roles, figures = theme.roles(), self._figures
        positions, heights = np.arange(len(figures.heights)), np.array(figures.heights, dtype=float)
        self.bars.setVisible(not figures.line)
        self.curve.setVisible(figures.line)
        if figures.line:
            ground = QColor(roles.accent)
            ground.setAlphaF(0.14)
            self.curve.setData(positions, heights)
            self.curve.setPen(pg.mkPen(roles.accent, width=2))
            self.curve.setFillBrush(pg.mkBrush(ground))
        else:
            width = 0.82 if len(positions) < 40 else 1.0
            brush, pen = pg.mkBrush(roles.accent), pg.mkPen(None)
            self.bars.setOpts(x=positions, height=heights, width=width, brush=brush, pen=pen)
        top = float(heights.max(initial=0)) or 1.0
        ends = (0, max(len(positions) - 1, 1)) if figures.line else (-0.6, max(len(positions) - 0.4, 0.6))
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
        words = "" if position is None else self.readout_at(position)
        self.readout.setVisible(bool(words))
        if position is not None and words:
            at = round(position)
            self.readout.setText(words)
            self.readout.setAnchor((at / max(len(self._figures.readouts) - 1, 1), 0))
            self.readout.setPos(at, self.view.viewRange()[1][1])

    def colour(self) -> None:
        """See `BarePlot.colour`."""
        super().colour()
        self._draw()


class LengthPlot(BarePlot):
    """Histogram of texts by their number of tokens; a line marks the limit, and bars beyond it have another colour."""

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
            self.readout.setText(self.readout_of(bar))
            share = bar / max(len(self._counts) - 1, 1)
            self.readout.setAnchor((share, 1))
            self.readout.setPos((begin + end - 1) / 2, self._counts[bar])

    def readout_of(self, bar: int) -> str:
        """Readout of a bar."""
        begin, end = (int(edge) for edge in self._edges[bar : bar + 2])
        texts = translated(Message("count.texts", count=self._counts[bar]))
        if bar == len(self._counts) - 1 and begin > self._limit:
            return self.tr("{texts} of {low} tokens or more").format(texts=texts, low=begin)
        if end - begin == 1:
            tokens = translated(Message("count.tokens", count=begin))
            return self.tr("{texts} of {tokens}").format(texts=texts, tokens=tokens)
        return self.tr("{texts} of {low} to {high} tokens").format(texts=texts, low=max(begin, 1), high=end - 1)

    def colour(self) -> None:
        """See `BarePlot.colour`."""
        super().colour()
        roles = theme.roles()
        self._mark.setPen(pg.mkPen(roles.text, width=1, style=Qt.PenStyle.DashLine))
        self._mark.label.setColor(roles.text)
        self._mark.label.fill = pg.mkBrush(roles.card)
        self._mark.label.setFont(theme.font("small"))
        self._draw()
