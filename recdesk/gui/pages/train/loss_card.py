"""The loss while training."""

from PySide6.QtWidgets import QButtonGroup

from recdesk.gui import theme
from recdesk.gui.pages.train.plot_card import PlotCard
from recdesk.gui.pages.train.smooth_chip import SmoothChip
from recdesk.gui.session import Session
from recdesk.gui.widgets.chip import Chip
from recdesk.gui.widgets.curve_plot import Curve
from recdesk.monitor.curves import RunCurves
from recdesk.monitor.series import Axis


class LossCard(PlotCard):
    """Training loss, raw and smoothed, and validation loss, over steps, epochs or minutes."""

    def __init__(self, session: Session) -> None:
        super().__init__(session, "", "loss")
        self.set_title(self.tr("Loss"))
        self.train = self.add_curve(Curve(self.tr("training"), theme.series("loss")), self.tr("training"))
        self.validation = self.add_curve(
            Curve(self.tr("validation"), theme.series("validation loss"), markers=True), self.tr("validation")
        )
        self._axes = QButtonGroup(self)
        axes: tuple[tuple[Axis, str], ...] = (
            ("step", self.tr("step")),
            ("epoch", self.tr("epoch")),
            ("time", self.tr("minutes")),
        )
        for axis, words in axes:
            chip = Chip(words, checkable=True)
            chip.setChecked(axis == "step")
            chip.clicked.connect(lambda _checked=False, axis=axis: self.set_axis(axis))
            self._axes.addButton(chip)
            self.head.addWidget(chip)
        self.smooth = SmoothChip(self.train, self.plot.refresh)
        self.log = Chip(self.tr("log"), checkable=True)
        self.log.setToolTip(self.tr("Logarithmic scale; values of zero or less are not drawn"))
        self.log.toggled.connect(self.plot.set_log)
        self.head.addWidget(self.smooth)
        self.head.addWidget(self.log)
        self.add_tools()

    def show_run(self, curves: RunCurves) -> None:
        """Draw another run."""
        self._curves = curves
        self.smooth.draw(curves.train_loss)
        self.validation.series = curves.validation_loss
        self.set_axis(self._axis)
