"""What the text encoder has learned."""

from recdesk.gui import theme
from recdesk.gui.pages.train.plot_card import PlotCard
from recdesk.gui.pages.train.smooth_chip import SmoothChip
from recdesk.gui.session import Session
from recdesk.gui.widgets.curve_plot import Curve
from recdesk.monitor.encoder_curves import EncoderCurves


class EncoderAccuracyCard(PlotCard):
    """Share of hidden words guessed right, raw and smoothed, beside that on words kept apart, before and after."""

    def __init__(self, session: Session) -> None:
        super().__init__(session, "", "encoder-accuracy")
        self.set_title(self.tr("Encoder: hidden words guessed right"))
        self.line = self.add_curve(
            Curve(self.tr("guessed right"), theme.series("masked-token accuracy")), self.tr("training")
        )
        self.smooth = SmoothChip(self.line, self.plot.refresh)
        self.head.addWidget(self.smooth)
        self.add_tools()
        self.plot.set_from_zero()
        self._encoder = EncoderCurves()

    def show_run(self, curves: EncoderCurves) -> None:
        """Draw another run."""
        self._curves = self._encoder = curves
        self.smooth.draw(curves.accuracy)
        self.set_axis("step")
        self.refresh()

    def refresh(self) -> None:
        """Draw what has come."""
        apart = self._encoder.held_out
        names = self.tr("kept apart, before"), self.tr("kept apart, after")
        self.plot.set_references([] if apart is None else list(zip(names, apart, strict=True)))
        self.plot.refresh()
