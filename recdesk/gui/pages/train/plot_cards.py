"""A card with a plot, its legend, horizontal axes and export; and a chip that smooths a curve."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QButtonGroup

from recdesk.gui.pages.base import Kept
from recdesk.gui.session import Session
from recdesk.gui.widgets.buttons import Chip, Segments
from recdesk.gui.widgets.cards import Card
from recdesk.gui.widgets.curve_plot import Curve, CurvePlot, SeriesKey
from recdesk.gui.widgets.files import SaveChip
from recdesk.monitor.curves import Mark, RunCurves
from recdesk.monitor.encoder_curves import EncoderCurves
from recdesk.monitor.series import Axis, Series, Smoothed

_WEIGHTS = (0.0, 0.6, 0.9, 0.97)


class SmoothChip(Chip):
    """Smooths a curve (exponential moving average); a click uses the next weight and calls `redraw`."""

    def __init__(self, curve: Curve, redraw: Callable[[], None]) -> None:
        super().__init__("")
        self._curve, self._redraw, self.weight = curve, redraw, _WEIGHTS[2]
        self.setToolTip(self.tr("How much the past counts in the smoothed line; click for the next"))
        self.clicked.connect(self._next)
        self.draw(curve.series)
        self._update_text()

    def set_weight(self, weight: float) -> None:
        """Use this weight of the past, one of those that clicks go through."""
        self.weight = weight
        if self._curve.smoothed is not None:
            self._curve.smoothed.set_weight(weight)
        self._update_text()
        self._redraw()

    def draw(self, series: Series) -> None:
        """Draw another series with the same weight."""
        self._curve.series, self._curve.smoothed = series, Smoothed(series, self.weight)

    def _next(self) -> None:
        self.set_weight(_WEIGHTS[(_WEIGHTS.index(self.weight) + 1) % len(_WEIGHTS)])

    def _update_text(self) -> None:
        self.setText(self.tr("smooth {weight}").format(weight=f"{self.weight:g}"))


class PlotCard(Card):
    """A card with a plot, its legend, and export.

    Signals:
        axis_changed: another horizontal axis was chosen.
    """

    axis_changed = Signal(str)

    def __init__(self, session: Session, title: str, file_name: str) -> None:
        super().__init__()
        self.plot = CurvePlot(title)
        self.set_title(title)
        self.body.addWidget(self.plot, 1)
        self.save = SaveChip(session, self.plot, file_name)
        self._curves: RunCurves | EncoderCurves = RunCurves()
        self._axis: Axis = "step"
        self._axis_chips: dict[Axis, Chip] = {}

    def set_title(self, title: str) -> None:
        """See `Card.set_title`; pictures have the title too."""
        super().set_title(title)
        if title:
            self.plot.setAccessibleName(title)
            self.plot.graphics.setAccessibleName(title)
            self.plot.value_name = title
            self.plot.name_axes()

    def add_curve(self, curve: Curve, key: str) -> Curve:
        """Add a curve and its legend entry."""
        self.head.addWidget(SeriesKey(key, curve.style))
        return self.plot.add_curve(curve)

    def add_axes(self, *axes: tuple[Axis, str]) -> None:
        """A chip for each horizontal axis; the first one is chosen."""
        group, segments = QButtonGroup(self), Segments()
        self.head.addWidget(segments)
        for axis, title in axes:
            chip = self._axis_chips[axis] = Chip(title, tab=True)
            segments.add(chip)
            chip.setChecked(axis == axes[0][0])
            chip.clicked.connect(lambda _checked=False, axis=axis: self.set_axis(axis))
            group.addButton(chip)

    @property
    def axis(self) -> Axis:
        """The horizontal axis."""
        return self._axis

    def add_tools(self) -> None:
        """Add the chips of every plot at the end of the head."""
        self.head.addWidget(self.save)

    def show_marks(self) -> None:
        """Mark where a checkpoint was saved, and the run was paused and resumed."""
        names: dict[Mark, str] = {
            "checkpoint": self.tr("checkpoint"),
            "paused": self.tr("paused here"),
            "resumed": self.tr("resumed here"),
        }
        marks = self._curves.marks if isinstance(self._curves, RunCurves) else {}
        self.plot.set_marks({names[mark]: steps for mark, steps in marks.items()})

    def set_axis(self, axis: Axis) -> None:
        """Use steps, epochs or minutes as the horizontal axis."""
        moved, self._axis = axis != self._axis, axis
        names: dict[Axis, str] = {"step": self.tr("step"), "epoch": self.tr("epoch"), "time": self.tr("minutes")}
        self.plot.set_axis(
            names[axis], lambda steps: self._curves.positions(steps, axis), lambda at: self._curves.step_at(at, axis)
        )
        if moved:
            self.axis_changed.emit(axis)

    def kept(self) -> Kept:
        """See `Page.kept`."""
        return {"axis": self._axis, "zoom": self.plot.zoom()}

    def take(self, kept: Kept) -> None:
        """See `Page.take`; without the zoom, which an axis that is set takes away from all that are linked."""
        if kept["axis"] in self._axis_chips:
            self._axis_chips[kept["axis"]].setChecked(True)
        self.set_axis(kept["axis"])

    def export_to(self, path: Path) -> None:
        """Save by the ending of the path: PNG, SVG or CSV."""
        self.save.save_to(path)
