"""A plot of growing curves: cheap at a million points, following the data until it is zoomed or panned."""

import time
from collections.abc import Callable, Sequence
from collections.abc import Mapping as Mapping_
from dataclasses import dataclass, field

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QEvent, QPointF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from recdesk.gui import theme
from recdesk.gui.widgets.buttons import Chip
from recdesk.gui.widgets.plots import LEFT_WIDTH, BarePlot
from recdesk.gui.widgets.reference_lines import ReferenceLines
from recdesk.gui.widgets.text import Text
from recdesk.monitor.series import Series, Smoothed

Mapping = Callable[[np.ndarray], np.ndarray]
Zoom = tuple[tuple[float, ...], tuple[float, ...]]
_NEAR_PIXELS = 4.0
_SUMMARY_POINTS = 64
_DESCRIBE_SECONDS = 2.0
"""Between two summaries for screen readers while data arrive."""
_TICK_HEIGHTS = (0.03, 0.12, 0.2)
"""Of the marks in order: shares of the height of the plot."""


class SeriesKey(QWidget):
    """Legend entry of a curve: a piece of its line, and its name."""

    def __init__(self, name: str, style: theme.SeriesStyle, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.name, self.style_of_line = name, style
        self.setAccessibleName(name)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        """Line, gap, word."""
        return QSize(26 + QFontMetrics(theme.font("small")).horizontalAdvance(self.name) + 4, 24)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw both."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        middle = self.height() / 2
        painter.setPen(self.style_of_line.pen())
        painter.drawLine(QPointF(0, middle), QPointF(20, middle))
        painter.setFont(theme.font("small"))
        painter.setPen(theme.roles().secondary)
        painter.drawText(self.rect().adjusted(26, 0, 0, 0), Qt.AlignmentFlag.AlignVCenter, self.name)


@dataclass
class Curve:
    """One line of a plot.

    Attributes:
        name: in the readout and the export.
        style: its pen.
        series: the points; may be replaced at any time.
        smoothed: the moving average drawn over the faint raw line, or None.
        markers: whether the points are drawn as dots too.
        visible: whether it is drawn.
    """

    name: str
    style: theme.SeriesStyle
    series: Series = field(default_factory=Series)
    smoothed: Smoothed | None = None
    markers: bool = False
    visible: bool = True


class CurvePlot(BarePlot):
    """Curves over steps, shown over any axis that a mapping gives. Linked plots show the same part of one axis.

    Signals:
        following_changed: whether the view follows the data (it does until it is zoomed or panned).

    Attributes:
        curves: the lines.
        following: see `following_changed`.
        references: horizontal lines.
        fit: shows all again; it lies over the plot, so that a zoom changes no layout.
        value_name: name of the vertical axis in pictures.
    """

    following_changed = Signal(bool)

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(name, parent)
        self._pixels: float | None = None
        self.curves: list[Curve] = []
        self.following = True
        self._to_axis: Mapping = lambda steps: steps
        self._to_step: Callable[[float], float] = lambda position: position
        self._axis_name, self.value_name = self.tr("step"), name
        self._log = False
        self._from_zero = False
        self._best: float | None = None
        self.references = ReferenceLines(self.plot)
        self._linked: list[CurvePlot] = []
        self._marks: dict[str, list[float]] = {}
        self._placed: dict[str, tuple[str, list[float]]] = {}
        self._ticks: dict[str, pg.VTickGroup] = {}
        self._lines: list[tuple[pg.PlotDataItem, pg.PlotDataItem]] = []
        self.view.disableAutoRange()
        self.view.sigRangeChangedManually.connect(self._zoomed)
        self._marker, self._cross = (pg.InfiniteLine(angle=90, movable=False) for _ in range(2))
        for line in (self._marker, self._cross):
            line.setVisible(False)
            self.plot.addItem(line, ignoreBounds=True)
        self.fit = Chip(self.tr("show all"), parent=self)
        self.fit.hide()
        self.fit.clicked.connect(self.follow)
        self.following_changed.connect(lambda following: self.fit.setVisible(not following))
        self._later = QTimer(self, singleShot=True, interval=30)
        self._later.timeout.connect(self.refresh)
        self._names = (Text("", "small", "secondary"), Text("", "small", "secondary"))
        for label in self._names:
            label.setParent(self)
            label.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.plot.setContentsMargins(0, self._names[1].sizeHint().height(), 0, 0)  # or curves run through the name
        self._described = 0.0
        self.colour()
        self.name_axes()

    def add_curve(self, curve: Curve) -> Curve:
        """Draw one more line."""
        raw, main = pg.PlotDataItem(skipFiniteCheck=False), pg.PlotDataItem()
        for item in (raw, main):
            self.plot.addItem(item)
            item.setLogMode(False, self._log)
        self.curves.append(curve)
        self._lines.append((raw, main))
        self._pens()
        return curve

    def set_axis(self, name: str, to_axis: Mapping, to_step: Callable[[float], float]) -> None:
        """Show the curves over another axis, zoomed out, as the ranges differ. Its name is written in pictures."""
        self._axis_name, self._to_axis, self._to_step = name, to_axis, to_step
        self.name_axes()
        self.follow()

    def name_axes(self) -> None:
        """Write the names of the axes where both begin."""
        for label, name in zip(self._names, self.axis_names(), strict=True):
            label.setText(name)
            label.adjustSize()
        self._place_names()

    def _place_names(self) -> None:
        across, up = self._names
        across.move(max(LEFT_WIDTH - 8 - across.width(), 0), self.height() - across.height())
        up.move(LEFT_WIDTH - 8, 0)

    def summary(self) -> str:
        """What the curves show, in words, for screen readers."""
        parts = [self._told(curve) for curve in self._shown()]
        parts += [f"{name} {value:.4g}" for name, value in self.references.entries()]
        marks = [f"{name}: {len(steps)}" for name, steps in self._marks.items() if steps]
        return "; ".join([*parts, *marks]) if parts else self.tr("nothing yet")

    def _told(self, curve: Curve) -> str:
        steps, values = curve.series.window(-np.inf, np.inf, _SUMMARY_POINTS)
        known = np.isfinite(values)
        if not known.any():
            return curve.name
        steps, values = steps[known], values[known]
        return self.tr("{curve}: {last} at {axis} {at}, first {first}, lowest {lowest}, highest {highest}").format(
            curve=curve.name,
            last=f"{values[-1]:.4g}",
            axis=self._axis_name,
            at=f"{float(self._to_axis(steps[-1:])[0]):,.6g}",
            first=f"{values[0]:.4g}",
            lowest=f"{values.min():.4g}",
            highest=f"{values.max():.4g}",
        )

    def describe(self) -> None:
        """Give screen readers the summary as it is now."""
        self._described = time.monotonic()
        self.setAccessibleDescription(self.summary())

    def set_log(self, log: bool) -> None:
        """Logarithmic values; those of zero or less are not drawn."""
        self._log = log
        self.plot.setLogMode(False, log)
        self.references.set_log(log)
        self.follow()

    def set_from_zero(self) -> None:
        """Begin the vertical axis at zero."""
        self._from_zero = True

    def set_references(self, values: Sequence[tuple[str, float]]) -> None:
        """Horizontal lines with their names, such as baselines."""
        self.references.show_values(values)

    def set_best(self, step: float | None) -> None:
        """Mark the best evaluation."""
        self._best = step

    def link(self, other: "CurvePlot") -> None:
        """Zoom, pan and follow together with another plot."""
        self._linked.append(other)
        other._linked.append(self)

    def set_marks(self, marks: Mapping_[str, Sequence[float]]) -> None:
        """Mark steps by the names of what happened there: ticks at the foot, named in the readout."""
        self._marks = {name: list(steps) for name, steps in marks.items()}
        for name in self._marks:
            if name not in self._ticks:
                height = _TICK_HEIGHTS[min(len(self._ticks), len(_TICK_HEIGHTS) - 1)]
                ticks = self._ticks[name] = pg.VTickGroup(yrange=[0, height])
                self.plot.addItem(ticks, ignoreBounds=True)
        self._place_marks()
        self.colour_marks()

    def colour_marks(self) -> None:
        """Use the theme's colours for marks; they differ by length too."""
        tones = (theme.roles().edge, theme.roles().warning, theme.roles().good)
        for number, ticks in enumerate(self._ticks.values()):
            ticks.setPen(pg.mkPen(tones[number % len(tones)], width=2))

    def follow(self) -> None:
        """Show all data, including what is added later; linked plots too."""
        self.following = True
        self.following_changed.emit(True)
        self.refresh()
        for other in self._linked:
            if not other.following:
                other.follow()

    def show_range(self, low: float, high: float) -> None:
        """Show a part of the axis, as a linked plot does."""
        self._stop_following()
        self.view.setXRange(low, high, padding=0)
        self._later.start()

    def zoom(self) -> Zoom | None:
        """The part in view, on both axes; None while it follows the data."""
        return None if self.following else (tuple(self.view.viewRange()[0]), tuple(self.view.viewRange()[1]))

    def show_zoom(self, zoom: Zoom | None) -> None:
        """Show such a part; None changes nothing."""
        if zoom is not None:
            self._stop_following()
            self.view.setRange(xRange=zoom[0], yRange=zoom[1], padding=0)
            self._later.start()

    def refresh(self) -> None:
        """Draw the current data: one `setData` per line, of at most a few points per pixel."""
        low, high = self._range()
        points = max(self.view.width(), 100.0)
        lowest, highest = np.inf, -np.inf
        for curve, (raw, main) in zip(self.curves, self._lines, strict=True):
            shown = curve.visible and len(curve.series) > 0
            raw.setVisible(shown and curve.smoothed is not None)
            main.setVisible(shown)
            if not shown:
                continue
            front = curve.smoothed.update() if curve.smoothed is not None else curve.series
            steps, y = curve.series.window(low, high, int(points))
            if curve.smoothed is not None:
                raw.setData(self._to_axis(steps), y)
                main_steps, main_y = front.window(low, high, int(points))
                main.setData(self._to_axis(main_steps), main_y)
            else:
                main.setData(self._to_axis(steps), y)
            finite = y[np.isfinite(y) & ((y > 0) | (not self._log))]
            if len(finite):
                lowest, highest = min(lowest, float(finite.min())), max(highest, float(finite.max()))
        self._place_best()
        self._place_marks()
        if self.following:
            self._frame(lowest, highest)
        self.references.place_names()
        if time.monotonic() - self._described >= _DESCRIBE_SECONDS:
            self.describe()

    def table(self) -> tuple[list[str], list[list[object]]]:
        """Every point of every visible curve: step, then a column for each; "" where a curve has no point. Reference
        lines are columns too, with the same value in every row."""
        shown, lines = self._shown(), self.references.entries()
        steps = sorted({float(x) for curve in shown for x in curve.series.x})
        values = [dict(zip(curve.series.x.tolist(), curve.series.y.tolist(), strict=True)) for curve in shown]
        level = [value for _, value in lines]
        rows: list[list[object]] = [[int(step), *(column.get(step, "") for column in values), *level] for step in steps]
        return ["step", *(curve.name for curve in shown), *(name for name, _ in lines)], rows

    def resizeEvent(self, event: QResizeEvent) -> None:
        """More pixels show more points."""
        super().resizeEvent(event)
        self.fit.resize(self.fit.sizeHint())
        self.fit.move(self.width() - self.fit.width() - 4, 4)
        self._place_names()
        self._later.start()

    def set_pixels(self, pixels: float | None) -> None:
        """See `BarePlot.set_pixels`."""
        self._pixels = pixels
        self._pens()
        self.references.colour(self._per_pixel())

    def event(self, event: QEvent) -> bool:
        """Lines are as wide on a screen of another scale."""
        if event.type() in (QEvent.Type.DevicePixelRatioChange, QEvent.Type.Show):
            self.set_pixels(self._pixels)
        return super().event(event)

    def _per_pixel(self) -> float:
        return self.devicePixelRatioF() if self._pixels is None else self._pixels

    def legend(self) -> list[tuple[str, QPen]]:
        """See `BarePlot.legend`."""
        return [(curve.name, curve.style.pen(pixels=self._per_pixel())) for curve in self._shown()]

    def axis_names(self) -> tuple[str, str]:
        """See `BarePlot.axis_names`."""
        return self._axis_name, self.value_name

    def dots(self) -> list[pg.ScatterPlotItem]:
        """See `BarePlot.dots`."""
        return [main.scatter for _, main in self._lines]

    def _range(self) -> tuple[float, float]:
        """Steps in view."""
        if self.following:
            return -np.inf, np.inf
        low, high = self.view.viewRange()[0]
        return self._to_step(low), self._to_step(high)

    def _frame(self, lowest: float, highest: float) -> None:
        ends = [float(curve.series.x[-1]) for plot in (self, *self._linked) for curve in plot._shown()]
        if not ends or not np.isfinite(lowest):
            self.view.setRange(xRange=(0, 1), yRange=(0, 1), padding=0.04)
            return
        references = self.references.values()
        lowest, highest = min([lowest, *references]), max([highest, *references])
        if self._from_zero and not self._log:
            lowest = min(0.0, lowest)
        right = float(self._to_axis(np.array([max(ends)]))[0])
        if self._log:
            lowest, highest = np.log10(max(lowest, 1e-9)), np.log10(max(highest, 1e-9))
        if highest - lowest < 1e-9:
            lowest, highest = lowest - 0.05, highest + 0.05
        self.view.setRange(xRange=(0, max(right, 1e-6)), yRange=(lowest, highest), padding=0.04)

    def _zoomed(self, *_: object) -> None:
        self._stop_following()
        self._later.start()
        for other in self._linked:
            other.show_range(*self.view.viewRange()[0])

    def _stop_following(self) -> None:
        if self.following:
            self.following = False
            self.following_changed.emit(False)

    def _place_marks(self) -> None:
        for name, ticks in self._ticks.items():
            steps = self._marks.get(name, [])
            if self._placed.get(name) != (self._axis_name, steps):
                self._placed[name] = self._axis_name, steps
                ticks.setXVals(self._to_axis(np.asarray(steps, dtype=float)).tolist() if steps else [])

    def _place_best(self) -> None:
        self._marker.setVisible(self._best is not None)
        if self._best is not None:
            self._marker.setValue(float(self._to_axis(np.array([self._best]))[0]))

    def hover(self, position: float | None) -> None:
        """See `BarePlot.hover`."""
        step = None if position is None else self._step_near(position)
        self._cross.setVisible(step is not None)
        self.readout.setVisible(step is not None)
        if step is None:
            return
        x = float(self._to_axis(np.array([step]))[0])
        self._cross.setValue(x)
        left, right = self.view.viewRange()[0]
        self.readout.setAnchor((1.0 if x > (left + right) / 2 else 0.0, 0))
        self.readout.setText(self._read(step))
        self.readout.setPos(x, self.view.viewRange()[1][1])

    def _shown(self) -> list[Curve]:
        return [curve for curve in self.curves if curve.visible and len(curve.series)]

    def _step_near(self, position: float) -> float | None:
        """Step of the first curve nearest to a position on the axis; None without curves."""
        shown = self._shown()
        if not shown:
            return None
        steps = shown[0].series.x
        return float(steps[_nearest(steps, self._to_step(position))])

    def _read(self, step: float) -> str:
        """The curves' values at the step nearest to `step`, as text."""
        parts = [f"{c.name} {c.series.y[_nearest(c.series.x, step)]:.4g}" for c in self._shown()]
        parts += [name for name, steps in self._marks.items() if self._is_at(steps, step)]
        return "   ".join([self.tr("step {step}").format(step=f"{int(step):,}"), *parts])

    def _is_at(self, steps: Sequence[float], step: float) -> bool:
        """Whether one of these steps is within some pixels of a step."""
        low, high = self.view.viewRange()[0]
        width = self._to_step(high) - self._to_step(low)
        return any(abs(at - step) <= width * _NEAR_PIXELS / max(self.view.width(), 1.0) for at in steps)

    def colour(self) -> None:
        """See `BarePlot.colour`."""
        super().colour()
        self.colour_marks()
        roles = theme.roles()
        self._marker.setPen(pg.mkPen(roles.good, width=1, style=Qt.PenStyle.DotLine))
        self._cross.setPen(pg.mkPen(roles.secondary, width=1, style=Qt.PenStyle.DotLine))
        self.references.colour(self._per_pixel())
        self._pens()
        self.refresh()

    def _pens(self) -> None:
        for curve, (raw, main) in zip(self.curves, self._lines, strict=True):
            raw.setPen(curve.style.pen(faint=True, pixels=self._per_pixel()))
            main.setPen(curve.style.pen(pixels=self._per_pixel()))
            if curve.markers:
                main.setSymbol("o")
                main.setSymbolSize(5)
                main.setSymbolPen(pg.mkPen(None))
                main.setSymbolBrush(curve.style.colour)


def _nearest(steps: np.ndarray, step: float) -> int:
    """Index of the step nearest to `step`; `steps` is ascending."""
    right = min(int(np.searchsorted(steps, step)), len(steps) - 1)
    return right - 1 if right > 0 and step - steps[right - 1] < steps[right] - step else right
