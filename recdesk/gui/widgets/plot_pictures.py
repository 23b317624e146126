"""Pictures of plots to save: the plot with its title, legend and axis names around it."""

from typing import Protocol

import pyqtgraph as pg
from PySide6.QtCore import QBuffer, QByteArray, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QImage, QPainter, QPen, QTransform

from recdesk.gui import theme

SCALE = 2
"""Pixels of a PNG per pixel of the window, so that it can be printed."""
_MARGIN = 16
_LINE = 22
_KEY = 22


class Pictured(Protocol):
    """A plot of which a picture can be made."""

    graphics: pg.PlotWidget

    def accessibleName(self) -> str:
        """The title."""

    def set_pixels(self, pixels: float | None) -> None:
        """Draw lines for a device with so many pixels for one of the window; None for the screen."""

    def legend(self) -> list[tuple[str, QPen]]:
        """Name and pen of each line."""

    def axis_names(self) -> tuple[str, str]:
        """Names of the horizontal and the vertical axis."""

    def dots(self) -> list[pg.ScatterPlotItem]:
        """Scatter items, which must be drawn as vectors."""


def picture(plot: Pictured, kind: str) -> bytes:
    """A plot as a picture, ".svg" or ".png"."""
    size = _size(plot)
    plot.set_pixels(1.0 if kind == ".svg" else SCALE)
    try:
        return _svg(plot, size) if kind == ".svg" else _png(plot, size)
    finally:
        plot.set_pixels(None)


def _png(plot: Pictured, size: QSize) -> bytes:
    image = QImage(size * SCALE, QImage.Format.Format_RGB32)
    painter = QPainter(image)
    painter.scale(SCALE, SCALE)
    _draw(plot, painter, size)
    painter.end()
    content, buffer = _buffer()
    image.save(buffer, "PNG")  # type: ignore[call-overload]
    return bytes(content.data())


def _svg(plot: Pictured, size: QSize) -> bytes:
    from PySide6.QtSvg import QSvgGenerator

    content, buffer = _buffer()
    generator = QSvgGenerator()
    generator.setOutputDevice(buffer)
    generator.setSize(size)
    generator.setViewBox(QRectF(QPointF(0, 0), size))
    generator.setResolution(plot.graphics.logicalDpiX())
    generator.setTitle(plot.accessibleName())
    painter = QPainter(generator)
    _draw(plot, painter, size)
    painter.end()
    return bytes(content.data())


def _buffer() -> tuple[QByteArray, QBuffer]:
    content = QByteArray()
    buffer = QBuffer(content)
    buffer.open(QBuffer.OpenModeFlag.WriteOnly)
    return content, buffer


def _size(plot: Pictured) -> QSize:
    """The plot as shown, and the room for title, legend and axis names around it."""
    area, (across, up) = plot.graphics.viewport().rect(), plot.axis_names()
    head = 2 * _LINE if plot.legend() else _LINE
    return QSize(
        area.width() + 2 * _MARGIN + (_LINE if up else 0), area.height() + head + 2 * _MARGIN + (_LINE if across else 0)
    )


def _draw(plot: Pictured, painter: QPainter, size: QSize) -> None:
    roles, area = theme.roles(), plot.graphics.viewport().rect()
    across, up = plot.axis_names()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.fillRect(QRectF(QPointF(0, 0), size), roles.card)
    painter.setFont(theme.font("card"))
    painter.setPen(roles.text)
    painter.drawText(QPointF(_MARGIN, _MARGIN + 13), plot.accessibleName())
    painter.setFont(theme.font("small"))
    top = _MARGIN + _LINE
    if plot.legend():
        _draw_legend(plot, painter, top)
        top += _LINE
    left = _MARGIN + (_LINE if up else 0)
    inside = QRectF(left, top, area.width(), area.height())
    painter.setPen(roles.secondary)
    painter.drawText(QRectF(left, inside.bottom(), inside.width(), _LINE), Qt.AlignmentFlag.AlignCenter, across)
    painter.save()
    painter.setTransform(QTransform.fromTranslate(_MARGIN, inside.center().y()), True)
    painter.rotate(-90)
    painter.drawText(QRectF(-inside.height() / 2, 0, inside.height(), _LINE), Qt.AlignmentFlag.AlignCenter, up)
    painter.restore()
    dots = plot.dots()
    for item in dots:
        item.setExportMode(True)
    try:
        plot.graphics.render(painter, inside, area)
    finally:
        for item in dots:
            item.setExportMode(False)


def _draw_legend(plot: Pictured, painter: QPainter, top: float) -> None:
    x, metrics = float(_MARGIN), QFontMetrics(theme.font("small"))
    for name, pen in plot.legend():
        painter.setPen(pen)
        painter.drawLine(QPointF(x, top + _LINE / 2), QPointF(x + _KEY, top + _LINE / 2))
        painter.setPen(theme.roles().secondary)
        painter.drawText(QPointF(x + _KEY + 6, top + _LINE / 2 + 4), name)
        x += _KEY + 6 + metrics.horizontalAdvance(name) + 18
