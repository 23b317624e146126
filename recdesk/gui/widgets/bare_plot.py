"""What all plots have in common: a quiet ground, axes in the theme's colours, a readout, pictures of themselves."""

import pyqtgraph as pg
from PySide6.QtCore import QBuffer, QByteArray, QPointF, QRectF, Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget

from recdesk.gui import theme

LEFT_WIDTH = 46


class BarePlot(QWidget):
    """An empty plot without menus and buttons. Subclasses put items into it, answer the mouse in `hover`, and colour
    what is theirs in `colour`."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        self.setMinimumHeight(120)
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
        self.plot.hideButtons()
        self.plot.showGrid(x=False, y=True, alpha=0.14)
        self.readout = pg.TextItem(anchor=(0, 0))
        self.readout.setZValue(10)
        self.readout.setVisible(False)
        self.plot.addItem(self.readout, ignoreBounds=True)
        self._mouse = pg.SignalProxy(self.graphics.scene().sigMouseMoved, rateLimit=60, slot=self._moved)
        theme.theme().changed.connect(self.colour)

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

    def hover(self, position: float | None) -> None:
        """The mouse is at a place of the horizontal axis; None when it is outside."""

    def dots(self) -> list[pg.ScatterPlotItem]:
        """Dots drawn as ready-made pictures, which a drawing of lines must draw anew."""
        return []

    def colour(self) -> None:
        """Take on the theme's colours."""
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

    def _moved(self, event: tuple[QPointF]) -> None:
        inside = self.plot.sceneBoundingRect().contains(event[0])
        self.hover(self.view.mapSceneToView(event[0]).x() if inside else None)

    def _draw_svg(self, buffer: QBuffer) -> None:
        from PySide6.QtSvg import QSvgGenerator

        area = self.graphics.viewport().rect()
        generator = QSvgGenerator()
        generator.setOutputDevice(buffer)
        generator.setSize(area.size())
        generator.setViewBox(area)
        generator.setResolution(self.logicalDpiX())
        generator.setTitle(self.accessibleName())
        dots = self.dots()
        for item in dots:
            item.setExportMode(True)
        painter = QPainter(generator)
        self.graphics.render(painter, QRectF(area), area)
        painter.end()
        for item in dots:
            item.setExportMode(False)
