"""Curves of runs over each other."""

from collections.abc import Sequence

import numpy as np
from PySide6.QtWidgets import QGridLayout, QWidget

from recdesk.core.messages import word
from recdesk.gui import theme, words
from recdesk.gui.messages import translated
from recdesk.gui.widgets.cards import Card
from recdesk.gui.widgets.curve_plot import Curve, CurvePlot, SeriesKey
from recdesk.gui.widgets.inputs import ChoiceBox
from recdesk.gui.widgets.text import Text
from recdesk.monitor.curves import RunCurves
from recdesk.monitor.series import Axis, Series

MOST = 8
"""Runs whose curves are drawn."""
_LEGEND_COLUMNS = 2


class RunsPlot(CurvePlot):
    """Curves whose points stand on the axis that is shown, as each run has epochs and pace of its own.

    Attributes:
        unit: of the axis, for the readout.
    """

    unit = ""

    def _read(self, step: float) -> str:
        at = [(abs(curve.series.x - step).argmin(), curve) for curve in self._shown()]
        parts = [f"{curve.name} {curve.series.y[index]:.4g}" for index, curve in at]
        return "   ".join([f"{self.unit} {step:,.4g}", *parts])

    def table(self) -> tuple[list[str], list[list[object]]]:
        """Every point of every curve, with the name of its run."""
        rows: list[list[object]] = [
            [curve.name, float(x), float(y)]
            for curve in self._shown()
            for x, y in zip(curve.series.x, curve.series.y, strict=True)
        ]
        return ["run", self.unit, self.value_name], rows


class CurvesCard(Card):
    """NDCG@10 on validation, a curve a run, by step, epoch or time; warns where the protocols differ."""

    def __init__(self) -> None:
        super().__init__()
        self.set_title(self.tr("NDCG@10 on validation"))
        self.axis = ChoiceBox()
        self.axis.setAccessibleName(self.tr("Horizontal axis"))
        axes: tuple[tuple[str, Axis], ...] = (
            (self.tr("by step"), "step"),
            (self.tr("by epoch"), "epoch"),
            (self.tr("by minutes"), "time"),
        )
        for title, axis in axes:
            self.axis.addItem(title, axis)
        self.axis.currentIndexChanged.connect(self._draw)
        self.head.addWidget(self.axis)
        self.warning = Text("", "small", "warning", wrap=True)
        self.warning.hide()
        self.body.addWidget(self.warning)
        self.plot = RunsPlot(self.tr("NDCG@10 on validation"))
        self.plot.set_from_zero()
        self.plot.setMinimumHeight(96)
        self.body.addWidget(self.plot, 1)
        self._legend = QWidget()
        self._grid = QGridLayout(self._legend)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setSpacing(0)
        self.body.addWidget(self._legend)
        self._lines: list[Curve] = []
        self._keys: list[SeriesKey] = []
        self._named: Sequence[tuple[str, RunCurves]] = ()

    def show_runs(self, named: Sequence[tuple[str, RunCurves]], protocols: set[str]) -> None:
        """Show curves by name; `protocols` are the hashes of their evaluation protocols."""
        self._named = named[:MOST]
        for style in theme.SERIES[len(self._lines) : len(self._named)]:
            self._lines.append(self.plot.add_curve(Curve("", style, markers=True)))
        for key in self._keys:
            key.deleteLater()
        self._keys = [SeriesKey(name, line.style) for (name, _), line in zip(self._named, self._lines, strict=False)]
        for index, key in enumerate(self._keys):
            self._grid.addWidget(key, index // _LEGEND_COLUMNS, index % _LEGEND_COLUMNS)
        first = named[0][1] if named else RunCurves()
        references = [(translated(word(name)), value) for name, value in first.references("ndcg@10")]
        self.plot.set_references(references if len(protocols) < 2 else [])
        unlike = self.tr("These runs were measured on other data or in other ways: their figures cannot be compared.")
        said = dict.fromkeys(sentence for _, curves in named for sentence in curves.caveats)
        sentences = [unlike] if len(protocols) > 1 else [translated(sentence) for sentence in said]
        self.warning.setText(words.together(*sentences))
        self.warning.setVisible(bool(sentences))
        self._draw()

    def _draw(self) -> None:
        axis: Axis = self.axis.currentData()
        for index, line in enumerate(self._lines):
            there = index < len(self._named)
            line.name = self._named[index][0] if there else ""
            line.series = on_axis(self._named[index][1], axis) if there else Series()
        units = {"step": self.tr("step"), "epoch": self.tr("epoch"), "time": self.tr("minutes")}
        self.plot.unit = units[axis]
        best = self._named[0][1].best if len(self._named) == 1 else None
        at = None if best is None else self._named[0][1].positions(np.array([float(best[1])]), axis)
        self.plot.set_best(None if at is None else float(at[0]))
        self.plot.set_axis(units[axis], lambda steps: steps, lambda position: position)


def on_axis(curves: RunCurves, axis: Axis) -> Series:
    """NDCG@10 of a run with positions on an axis instead of steps."""
    by_step, made = curves.metrics["ndcg@10"], Series()
    made.extend(curves.positions(by_step.x, axis), by_step.y)
    return made
