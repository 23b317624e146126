"""The loss while the text encoder learns."""

from PySide6.QtWidgets import QButtonGroup

from recdesk.gui import theme
from recdesk.gui.pages.train.plot_card import PlotCard
from recdesk.gui.pages.train.smooth_chip import SmoothChip
from recdesk.gui.session import Session
from recdesk.gui.widgets.chip import Chip
from recdesk.gui.widgets.curve_plot import Curve
from recdesk.monitor.encoder_curves import EncoderCurves
from recdesk.monitor.series import Axis


class EncoderLossCard(PlotCard):
    """Loss of the hidden words, raw and smoothed, over steps or minutes."""

    def __init__(self, session: Session) -> None:
        super().__init__(session, "", "encoder-loss")
        self.set_title(self.tr("Encoder: loss of hidden words"))
        self.line = self.add_curve(Curve(self.tr("loss"), theme.series("loss")), self.tr("training"))
        self._axes = QButtonGroup(self)
        axes: tuple[tuple[Axis, str], ...] = (("step", self.tr("step")), ("time", self.tr("minutes")))
        for axis, words in axes:
            chip = Chip(words, checkable=True)
            chip.setChecked(axis == "step")
            chip.clicked.connect(lambda _checked=False, axis=axis: self.set_axis(axis))
            self._axes.addButton(chip)
            self.head.addWidget(chip)
        self.smooth = SmoothChip(self.line, self.plot.refresh)
        self.head.addWidget(self.smooth)
        self.add_tools()

    def show_run(self, curves: EncoderCurves) -> None:
        """Draw another run."""
        self._curves = curves
        self.smooth.draw(curves.loss)
        self.set_axis(self._axis)
