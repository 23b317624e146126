"""A small plot of figures that stand still: bars, or a line with the ground under it filled."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QBuffer, QByteArray, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter
from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget

from recdesk.gui import theme

_LEFT_WIDTH = 46
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


class SmallPlot(QWidget):
    """Bars or a line over evenly spaced places; as many labels at the foot as there is room for."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        self.setMinimumHeight(120)
        self._figures = Figures([], [], [])
        self._build(name)
        theme.theme().changed.connect(self._colour)
        self._colour()

    def show_figures(self, figures: Figures) -> None:
        """Draw these."""
        self._figures = figures
        self.setAccessibleDescription("; ".join(figures.said[:20]))
        self._draw()

    def image(self, kind: str) -> bytes:
        """The plot as a picture: ".svg" or ".png"."""
        content = QByteArray()
        buffer = QBuffer(content)
        buffer.open(QBuffer.OpenModeFlag.WriteOnly)
        if kind == ".svg":
            self._draw_svg(buffer)
        else:
            self.grab().save(buffer, "PNG")
        return bytes(content.data())

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

    def _build(self, name: str) -> None:
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        self.graphics = pg.PlotWidget(background=None)
        self.graphics.setAccessibleName(name)
        self.graphics.setFrameShape(self.graphics.Shape.NoFrame)
        self.graphics.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.graphics.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Ignored)
        layout.addWidget(self.graphics)
        self.plot = self.graphics.getPlotItem()
        self.view = self.plot.getViewBox()
        self.plot.setMenuEnabled(False)
        self.plot.setMouseEnabled(False, False)
        self.plot.hideButtons()
        self.view.disableAutoRange()
        self.plot.showGrid(x=False, y=True, alpha=0.14)
        self.bars = pg.BarGraphItem(x=[0], height=[0], width=0.8)
        self.curve = pg.PlotDataItem(fillLevel=0)
        self._readout = pg.TextItem(anchor=(0.5, 1))
        self._readout.setZValue(10)
        self._readout.setVisible(False)
        for item in (self.bars, self.curve):
            self.plot.addItem(item)
        self.plot.addItem(self._readout, ignoreBounds=True)
        self._mouse = pg.SignalProxy(self.graphics.scene().sigMouseMoved, rateLimit=60, slot=self._hover)

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
        room = max(int((self.width() - _LEFT_WIDTH) / _LABEL_ROOM), 2)
        step = 25 if self._figures.line else max(-(-len(labels) // room), 1)
        self.plot.getAxis("bottom").setTicks([[(at, labels[at]) for at in range(0, len(labels), step)]])

    def _hover(self, event: tuple[QPointF]) -> None:
        inside = self.plot.sceneBoundingRect().contains(event[0])
        position = self.view.mapSceneToView(event[0]).x() if inside else -1.0
        words = self.said_at(position)
        self._readout.setVisible(bool(words))
        if words:
            at = round(position)
            self._readout.setText(words)
            self._readout.setAnchor((at / max(len(self._figures.said) - 1, 1), 0))
            self._readout.setPos(at, self.view.viewRange()[1][1])

    def _draw_svg(self, buffer: QBuffer) -> None:
        from PySide6.QtSvg import QSvgGenerator

        area = self.graphics.viewport().rect()
        generator = QSvgGenerator()
        generator.setOutputDevice(buffer)
        generator.setSize(area.size())
        generator.setViewBox(area)
        generator.setResolution(self.logicalDpiX())
        generator.setTitle(self.accessibleName())
        painter = QPainter(generator)
        self.graphics.render(painter, QRectF(area), area)
        painter.end()

    def _colour(self) -> None:
        roles = theme.roles()
        self.graphics.setBackground(roles.card)
        self.plot.getAxis("left").setWidth(_LEFT_WIDTH)
        for side in ("left", "bottom"):
            axis = self.plot.getAxis(side)
            axis.setTextPen(roles.secondary)
            axis.setPen(pg.mkPen(roles.line) if side == "bottom" else pg.mkPen(None))
            axis.setTickFont(theme.font("small", tabular=True))
            axis.setStyle(tickLength=0, tickTextOffset=6)
        self._readout.setColor(roles.text)
        self._readout.fill = pg.mkBrush(roles.raised)
        self._readout.setFont(theme.font("small"))
        self._draw()
