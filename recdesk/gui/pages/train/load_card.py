"""Memory and load of the run, over the axis of the other plots."""

from PySide6.QtWidgets import QButtonGroup

from recdesk.gui import theme
from recdesk.gui.pages.base import Kept
from recdesk.gui.pages.train.plot_cards import PlotCard
from recdesk.gui.session import Session
from recdesk.gui.widgets.buttons import Chip, Segments
from recdesk.gui.widgets.curve_plot import Curve
from recdesk.monitor.curves import RunCurves
from recdesk.monitor.series import Axis


class LoadCard(PlotCard):
    """Memory of the program with its child processes, and of the GPU if there is one; or the load of the CPUs."""

    def __init__(self, session: Session) -> None:
        super().__init__(session, "", "load")
        self.set_title(self.tr("Memory and load"))
        self.memory = self.plot.add_curve(Curve(self.tr("program"), theme.series("memory")))
        self.gpu = self.plot.add_curve(Curve(self.tr("GPU"), theme.series("gpu memory")))
        self.cpu = self.plot.add_curve(Curve(self.tr("CPU"), theme.series("cpu load")))
        group, segments = QButtonGroup(self), Segments()
        self.chips = {"memory": Chip(self.tr("memory"), tab=True), "cpu": Chip(self.tr("CPU load"), tab=True)}
        for name, chip in self.chips.items():
            segments.add(chip)
            group.addButton(chip)
            chip.setChecked(name == "memory")
            chip.toggled.connect(self._choose)
        self.chips["memory"].setToolTip(self.tr("Of this program and its child processes, and of the GPU, in GB"))
        self.chips["cpu"].setToolTip(self.tr("In percent of the processors that this program may use"))
        self.head.addWidget(segments)
        self.add_tools()
        self.plot.set_from_zero()
        self._drawn: tuple[object, ...] = ()
        self._choose()

    def show_run(self, curves: RunCurves) -> None:
        """Draw another run."""
        self._curves = curves
        self.memory.series, self.cpu.series, self.gpu.series = (curves.load[name] for name in ("memory", "cpu", "gpu"))
        self._drawn = ()
        self.set_axis(self._axis)

    def use_axis(self, axis: Axis) -> None:
        """Use the axis of the plot above."""
        self.set_axis(axis)

    def kept(self) -> Kept:
        """See `Page.kept`."""
        return {**super().kept(), "load": self.chips["cpu"].isChecked()}

    def take(self, kept: Kept) -> None:
        """See `Page.take`."""
        self.chips["cpu" if kept["load"] else "memory"].setChecked(True)
        super().take(kept)

    def refresh(self) -> None:
        """Draw the samples, unless there are no new ones."""
        self.show_marks()
        series = self.memory.series
        drawn = (id(series), len(series), series.cuts, self.cpu.visible, self._axis, self.plot.following, self.end())
        if drawn != self._drawn:
            self._drawn = drawn
            self.plot.refresh()

    def end(self) -> float:
        """The step up to which the linked plots go, so that all show the same part while they follow the run."""
        return float(self._curves.step) if isinstance(self._curves, RunCurves) else 0.0

    def _choose(self) -> None:
        load = self.chips["cpu"].isChecked()
        self.cpu.visible, self.memory.visible, self.gpu.visible = load, not load, not load
        self.plot.value_name = self.tr("% of the CPUs") if load else self.tr("GB")
        self.plot.name_axes()
        self.refresh()
