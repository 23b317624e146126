"""The loss while training."""

from PySide6.QtWidgets import QButtonGroup

from recdesk.gui import theme
from recdesk.gui.pages.train.plot_card import PlotCard
from recdesk.gui.session import Session
from recdesk.gui.widgets.chip import Chip
from recdesk.gui.widgets.curve_plot import Curve
from recdesk.training.curves import Axis, RunCurves, Smoothed

_WEIGHTS = (0.0, 0.6, 0.9, 0.97)


class LossCard(PlotCard):
    """Training loss, raw and smoothed, and validation loss, over steps, epochs or minutes."""

    def __init__(self, session: Session) -> None:
        super().__init__(session, "", "loss")
        self.set_title(self.tr("Loss"))
        self.train = self.add_curve(Curve(self.tr("training"), theme.series("loss")), self.tr("training"))
        self.train.smoothed = Smoothed(self.train.series, _WEIGHTS[2])
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
        self.smooth = Chip("")
        self.smooth.clicked.connect(self._next_weight)
        self.log = Chip(self.tr("log"), checkable=True)
        self.log.setToolTip(self.tr("Logarithmic scale; values of zero or less are not drawn"))
        self.log.toggled.connect(self.plot.set_log)
        self.head.addWidget(self.smooth)
        self.head.addWidget(self.log)
        self.add_tools()
        self._say_weight()

    def show_run(self, curves: RunCurves) -> None:
        """Draw another run."""
        self._curves = curves
        self.train.series = curves.train_loss
        self.train.smoothed = Smoothed(curves.train_loss, self._weight())
        self.validation.series = curves.validation_loss
        self.set_axis(self._axis)

    def _weight(self) -> float:
        return self.train.smoothed.weight if self.train.smoothed is not None else _WEIGHTS[2]

    def _next_weight(self) -> None:
        index = (_WEIGHTS.index(self._weight()) + 1) % len(_WEIGHTS)
        if self.train.smoothed is not None:
            self.train.smoothed.set_weight(_WEIGHTS[index])
        self._say_weight()
        self.plot.refresh()

    def _say_weight(self) -> None:
        self.smooth.setText(self.tr("smooth {weight}").format(weight=f"{self._weight():g}"))
        self.smooth.setToolTip(self.tr("How much the past counts in the smoothed line; click for the next"))
