"""The plots of the text encoder's own training."""

from recdesk.gui import theme
from recdesk.gui.pages.base import Kept
from recdesk.gui.pages.train.plot_cards import PlotCard, SmoothChip
from recdesk.gui.session import Session
from recdesk.gui.widgets.curve_plot import Curve
from recdesk.monitor.encoder_curves import EncoderCurves


class EncoderLossCard(PlotCard):
    """Loss on masked tokens, raw and smoothed, over steps or minutes."""

    def __init__(self, session: Session) -> None:
        super().__init__(session, "", "encoder-loss")
        self.set_title(self.tr("Encoder: loss of hidden words"))
        self.line = self.add_curve(Curve(self.tr("loss"), theme.series("loss")), self.tr("training"))
        self.add_axes(("step", self.tr("step")), ("time", self.tr("minutes")))
        self.smooth = SmoothChip(self.line, self.plot.refresh)
        self.head.addWidget(self.smooth)
        self.add_tools()

    def kept(self) -> Kept:
        """See `Page.kept`."""
        return {**super().kept(), "weight": self.smooth.weight}

    def take(self, kept: Kept) -> None:
        """See `Page.take`."""
        self.smooth.set_weight(kept["weight"])
        super().take(kept)

    def show_run(self, curves: EncoderCurves) -> None:
        """Draw another run."""
        self._curves = curves
        self.smooth.draw(curves.loss)
        self.set_axis(self._axis)


class EncoderAccuracyCard(PlotCard):
    """Accuracy on masked tokens, raw and smoothed, beside that on held-out tokens before and after training."""

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

    def kept(self) -> Kept:
        """See `Page.kept`."""
        return {**super().kept(), "weight": self.smooth.weight}

    def take(self, kept: Kept) -> None:
        """See `Page.take`."""
        self.smooth.set_weight(kept["weight"])
        super().take(kept)

    def show_run(self, curves: EncoderCurves) -> None:
        """Draw another run."""
        self._curves = self._encoder = curves
        self.smooth.draw(curves.accuracy)
        self.set_axis("step")
        self.refresh()

    def refresh(self) -> None:
        """Draw the current curves."""
        apart = self._encoder.held_out
        names = self.tr("kept apart, before"), self.tr("kept apart, after")
        self.plot.set_references([] if apart is None else list(zip(names, apart, strict=True)))
        self.plot.refresh()
