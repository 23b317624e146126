"""A map of many points that is panned, zoomed, pointed at, and from which points are chosen by a lasso."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFontMetrics,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QPolygonF,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QWidget

from recdesk.gui import theme
from recdesk.gui.widgets.point_raster import PointRaster

NEAR = 9.0
"""Pixels within which a point is pointed at."""
_EDGE = 24
_CLOSEST = 4000.0
"""Zoom at most."""
_CLICK = 4.0
"""A shorter movement of the mouse is a click."""
_RADII = ((1_000, 4.5), (5_000, 3.5), (20_000, 2.6), (60_000, 2.0))
_SMALLEST = 1.5


@dataclass(frozen=True)
class Points:
    """What a map shows.

    Attributes:
        xy: float32 [n, 2], y upwards.
        colours: uint8 [n], positions in the palette.
        palette: uint8 [n_colours, 3]; the first is for points that are not highlighted.
        behind: uint8 positions in the palette that are drawn behind the others.
    """

    xy: NDArray[np.float32]
    colours: NDArray[np.uint8]
    palette: NDArray[np.uint8]
    behind: Sequence[int] = field(default_factory=tuple)


class PointMap(QWidget):
    """The map. Drag to move, wheel to zoom, drag with Shift or in lasso mode to choose; by keyboard: arrows, +, -, 0.

    Signals:
        chosen: int64 rows within a lasso, or of a clicked point.
        opened: row of a point that was double-clicked.

    Attributes:
        readout: text of a row, shown beside the mouse.
        lasso_mode: dragging chooses instead of moving.
        hovered: row under the mouse, -1 for none.
    """

    chosen = Signal(object)
    opened = Signal(int)

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMinimumSize(240, 200)
        self.readout: Callable[[int], str] = str
        self.lasso_mode = False
        self.hovered = -1
        self._points = Points(np.empty((0, 2), np.float32), np.empty(0, np.uint8), np.zeros((1, 3), np.uint8))
        self._highlight: NDArray[np.bool_] | None = None
        self._history: NDArray[np.int64] = np.empty(0, np.int64)
        self._ranked: list[tuple[int, int]] = []
        self._raster, self._image = PointRaster(), QImage()
        self._sorted: tuple[NDArray[np.float32], NDArray[np.float32], NDArray[np.uint8]] | None = None
        self._centre, self._scale, self._whole = np.zeros(2), 1.0, 1.0
        self._fitted, self._stale = True, True
        self._pressed: QPointF | None = None
        self._dragged_from = QPointF()
        self._lasso: list[QPointF] | None = None
        theme.theme().changed.connect(self.redraw)

    def sizeHint(self) -> QSize:
        """Room to look at something."""
        return QSize(720, 560)

    def show_points(self, points: Points) -> None:
        """Show other points; where only colours differ, the view stays."""
        same = np.array_equal(points.xy, self._points.xy)
        self._points = points
        if not same:
            self._highlight, self.hovered = None, -1
            self.fit()
        self._sort()

    def highlight(self, rows: NDArray[np.bool_] | None) -> None:
        """Make all other points faint (bool [n]); None for all as they are."""
        self._highlight = rows
        self._sort()

    def mark(self, history: NDArray[np.int64], ranked: Sequence[tuple[int, int]]) -> None:
        """Mark rows of a history, and (rank, row) of recommendations."""
        self._history, self._ranked = history, list(ranked)
        self.update()

    def fit(self) -> None:
        """Show all points."""
        xy = self._points.xy
        low, high = (xy.min(axis=0), xy.max(axis=0)) if len(xy) else (np.zeros(2), np.ones(2))
        self._centre = (low.astype(np.float64) + high) / 2
        room = max(min(self.width(), self.height()) - 2 * _EDGE, 10)
        wide, high_ = np.maximum((high - low).astype(np.float64), 1e-9)
        across, up = max(self.width() - 2 * _EDGE, 10) / wide, max(self.height() - 2 * _EDGE, 10) / high_
        self._scale = self._whole = float(min(across, up)) if len(xy) > 1 else float(room)
        self._fitted = True
        self.redraw()

    def show_rows(self, rows: NDArray[np.int64]) -> None:
        """Move so that these points are in the middle of the view."""
        if len(rows):
            self._centre = self._points.xy[rows].mean(axis=0).astype(np.float64)
            self._fitted = False
            self.redraw()

    def zoom(self, factor: float, at: QPointF | None = None) -> None:
        """Zoom in (above 1) or out around a place of the widget, the middle where there is none."""
        place = np.array([at.x(), at.y()]) if at is not None else np.array([self.width(), self.height()]) / 2
        under = self._to_map(place)
        self._scale = min(max(self._scale * factor, self._whole / 4), self._whole * _CLOSEST)
        self._centre = self._centre + under - self._to_map(place)
        self._fitted = False
        self.redraw()

    def move_by(self, right: float, down: float) -> None:
        """Move what is seen by so many pixels."""
        self._centre = self._centre - np.array([right, -down]) / self._scale
        self._fitted = False
        self.redraw()

    def redraw(self) -> None:
        """Draw the points again with the theme's colours."""
        self._stale = True
        self.update()

    def places(self) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """Where all points are in the widget, in pixels: x and y, float32 [n]."""
        return self._placed(*self._points.xy.T)

    def _placed(
        self, x: NDArray[np.float32], y: NDArray[np.float32], ratio: float = 1.0
    ) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        scale = np.float32(self._scale * ratio)
        right = np.float32(ratio * (self.width() / 2 - self._centre[0] * self._scale))
        down = np.float32(ratio * (self.height() / 2 + self._centre[1] * self._scale))
        return x * scale + right, y * -scale + down

    def row_at(self, at: QPointF) -> int:
        """The nearest point within `NEAR` pixels, a marked one first; -1 for none."""
        x, y = self.places()
        away = (x - np.float32(at.x())) ** 2 + (y - np.float32(at.y())) ** 2
        marked = np.array([*(row for _, row in self._ranked), *self._history.tolist()], np.int64)
        for rows in (marked, None):
            some = away if rows is None else away[rows]
            if len(some) and some.min() <= NEAR**2:
                nearest = int(some.argmin())
                return nearest if rows is None else int(rows[nearest])
        return -1

    def rows_in(self, outline: Sequence[QPointF]) -> NDArray[np.int64]:
        """Rows of the points within an outline of places of the widget, judged by pixels."""
        mask = QImage(self.size(), QImage.Format.Format_Grayscale8)
        mask.fill(0)
        painter = QPainter(mask)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(Qt.GlobalColor.white)
        painter.drawPolygon(QPolygonF(list(outline)))
        painter.end()
        filled = np.frombuffer(mask.constBits(), np.uint8).reshape(mask.height(), mask.bytesPerLine())
        x, y = self.places()
        inside = (x >= 0) & (x < self.width()) & (y >= 0) & (y < self.height())
        rows = np.flatnonzero(inside)
        return rows[filled[y[rows].astype(np.intp), x[rows].astype(np.intp)] > 0]

    def picture(self, pixels: float) -> QImage:
        """What is seen, with so many pixels for one of the window."""
        size = self.size() * pixels
        image = QImage(size, QImage.Format.Format_RGB32)
        raster = PointRaster()  # whose memory the drawn image shares
        painter = QPainter(image)
        painter.drawImage(0, 0, self._drawn(raster, size, pixels))
        painter.scale(pixels, pixels)
        self._draw_marks(painter)
        painter.end()
        return image

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the points if they changed, then marks, lasso, and what is pointed at."""
        ratio = self.devicePixelRatioF()
        if self._stale:
            self._image = self._drawn(self._raster, self.size() * ratio, ratio)
            self._image.setDevicePixelRatio(ratio)
            self._stale = False
        painter = QPainter(self)
        painter.drawImage(0, 0, self._image)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._draw_marks(painter)
        if self._lasso is not None:
            self._draw_lasso(painter)
        elif self.hovered >= 0:
            self._draw_readout(painter)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Show all points again, unless a person has moved the view."""
        super().resizeEvent(event)
        self.fit() if self._fitted else self.redraw()

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Zoom around the mouse."""
        self.zoom(1.0015 ** event.angleDelta().y(), event.position())
        event.accept()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Begin to move, or a lasso."""
        if event.button() != Qt.MouseButton.LeftButton:
            return
        self._pressed = self._dragged_from = event.position()
        shifted = event.modifiers() & Qt.KeyboardModifier.ShiftModifier
        self._lasso = [event.position()] if self.lasso_mode or shifted else None

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Move, go on with the lasso, or point at what is there."""
        at = event.position()
        if self._pressed is None:
            self._point_at(at)
        elif self._lasso is not None:
            self._lasso.append(at)
            self.update()
        else:
            moved, self._dragged_from = at - self._dragged_from, at
            self.hovered = -1
            self.move_by(moved.x(), moved.y())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """End the lasso; a click chooses the point there, or none."""
        if self._pressed is None or event.button() != Qt.MouseButton.LeftButton:
            return
        pressed, outline, self._pressed, self._lasso = self._pressed, self._lasso, None, None
        moved = event.position() - pressed
        if abs(moved.x()) + abs(moved.y()) < _CLICK and len(outline or ()) < 8:
            row = self.row_at(event.position())
            self.chosen.emit(np.array([row] if row >= 0 else [], np.int64))
        elif outline is not None:
            self.chosen.emit(self.rows_in(outline))
        self.update()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Open the point there."""
        row = self.row_at(event.position())
        if row >= 0:
            self.opened.emit(row)

    def leaveEvent(self, event: object) -> None:
        """Nothing is pointed at."""
        super().leaveEvent(event)  # type: ignore[arg-type]
        self.hovered = -1
        self.update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows move, + and - zoom, 0 shows all."""
        key, step = event.key(), 60.0
        moves = {Qt.Key.Key_Left: (step, 0.0), Qt.Key.Key_Right: (-step, 0.0), Qt.Key.Key_Up: (0.0, step),
                 Qt.Key.Key_Down: (0.0, -step)}  # fmt: skip
        if key in moves:
            self.move_by(*moves[Qt.Key(key)])
        elif key in (Qt.Key.Key_Plus, Qt.Key.Key_Equal):
            self.zoom(1.25)
        elif key == Qt.Key.Key_Minus:
            self.zoom(0.8)
        elif key in (Qt.Key.Key_0, Qt.Key.Key_Home):
            self.fit()
        else:
            super().keyPressEvent(event)

    def _to_map(self, place: NDArray[np.float64]) -> NDArray[np.float64]:
        away = (place - np.array([self.width(), self.height()]) / 2) / self._scale
        return self._centre + away * (1, -1)

    def _sort(self) -> None:
        """The order of drawing: faint ones, those behind, all others; each in an order of chance."""
        colours, n = self._points.colours, len(self._points.colours)
        height = (~np.isin(colours, np.array(self._points.behind, np.uint8))).astype(np.int8)
        if self._highlight is not None:
            height = height + 2 * self._highlight.astype(np.int8)
        chance = np.random.default_rng(0).permutation(n)
        order, xy = chance[np.argsort(height[chance], kind="stable")], self._points.xy
        shown = colours if self._highlight is None else np.where(self._highlight, colours, 0).astype(np.uint8)
        self._sorted = (xy[order, 0], xy[order, 1], shown[order])
        self.redraw()

    def _drawn(self, raster: PointRaster, size: QSize, ratio: float) -> QImage:
        """An image of the points; it shares the memory of the raster."""
        nothing = np.empty(0, np.float32)
        x, y, colours = self._sorted or (nothing, nothing, np.empty(0, np.uint8))
        ground = theme.roles().card
        pixels = raster.draw(
            *self._placed(x, y, ratio),
            colours,
            self._points.palette,
            (ground.red(), ground.green(), ground.blue()),
            (max(size.width(), 1), max(size.height(), 1)),
            self._radius() * ratio,
        )
        return QImage(_bytes(pixels), size.width(), size.height(), pixels.strides[0], _FORMAT)

    def _radius(self) -> float:
        """Of a point, in pixels: smaller where there are many, larger where one looks closely."""
        base = next((radius for most, radius in _RADII if len(self._points.xy) <= most), _SMALLEST)
        return float(min(base * max(self._scale / self._whole, 1.0) ** 0.3, 7.0))

    def _point_at(self, at: QPointF) -> None:
        row = self.row_at(at)
        if row != self.hovered:
            self.hovered = row
            self.update()

    def _place(self, row: int) -> QPointF:
        x, y = self.places()
        return QPointF(float(x[row]), float(y[row]))

    def _draw_marks(self, painter: QPainter) -> None:
        """Squares around the history; numbered discs on recommendations, the best on top."""
        roles = theme.roles()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        x, y = self.places()
        squares = [QRectF(float(x[row]) - 4.5, float(y[row]) - 4.5, 9, 9) for row in self._history.tolist()]
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for pen in (QPen(roles.card, 3.4), QPen(roles.text, 1.6)):
            painter.setPen(pen)
            painter.drawRects(squares)
        painter.setFont(theme.font("small", tabular=True))
        for rank, row in reversed(self._ranked):
            disc = QRectF(float(x[row]) - 9, float(y[row]) - 9, 18, 18)
            painter.setPen(QPen(roles.card, 2))
            painter.setBrush(roles.accent)
            painter.drawEllipse(disc)
            painter.setPen(roles.on_accent)
            painter.drawText(disc, Qt.AlignmentFlag.AlignCenter, str(rank))

    def _draw_lasso(self, painter: QPainter) -> None:
        roles = theme.roles()
        inside = QColor(roles.accent)
        inside.setAlphaF(0.12)
        painter.setBrush(inside)
        painter.setPen(QPen(roles.accent, 1.5, Qt.PenStyle.DashLine))
        painter.drawPolygon(QPolygonF(self._lasso or []))

    def _draw_readout(self, painter: QPainter) -> None:
        """A ring around the point under the mouse, and its text beside it, within the widget."""
        roles, at = theme.roles(), self._place(self.hovered)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(roles.text, 2))
        painter.drawEllipse(at, 8, 8)
        painter.setFont(theme.font("small"))
        metrics = QFontMetrics(theme.font("small"))
        lines = [metrics.elidedText(line, Qt.TextElideMode.ElideMiddle, max(self.width() - 60, 80))
                 for line in self.readout(self.hovered).splitlines()]  # fmt: skip
        size = QSize(max(map(metrics.horizontalAdvance, lines), default=0) + 20, metrics.height() * len(lines) + 12)
        left = at.x() + 14 if at.x() + 14 + size.width() < self.width() else at.x() - 14 - size.width()
        top = min(max(at.y() - size.height() / 2, 4), self.height() - size.height() - 4)
        box = QRectF(max(left, 4), top, size.width(), size.height())
        painter.setPen(QPen(roles.edge, 1))
        painter.setBrush(roles.raised)
        painter.drawRoundedRect(box, 6, 6)
        painter.setPen(roles.text)
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, "\n".join(lines))


_FORMAT = QImage.Format.Format_RGB32


def _bytes(pixels: NDArray[np.uint32]) -> memoryview:
    """The memory of an image whose rows are parts of longer ones, from its first pixel on."""
    whole = pixels.base
    assert isinstance(whole, np.ndarray)
    first = (pixels.ctypes.data - whole.ctypes.data) // whole.itemsize
    return whole.reshape(-1)[first:].data.cast("B")
