"""A card with a plot: what the cards of losses and of quality share."""

from pathlib import Path

from recdesk.gui.session import Session
from recdesk.gui.widgets.card import Card
from recdesk.gui.widgets.chip import Chip
from recdesk.gui.widgets.curve_plot import Curve, CurvePlot
from recdesk.gui.widgets.save_chip import SaveChip
from recdesk.gui.widgets.series_key import SeriesKey
from recdesk.monitor.curves import RunCurves
from recdesk.monitor.encoder_curves import EncoderCurves
from recdesk.monitor.series import Axis


class PlotCard(Card):
    """A plot with keys, a chip that brings the whole into view again, and export."""

    def __init__(self, session: Session, title: str, file_name: str) -> None:
        super().__init__()
        self.set_title(title)
        self.plot = CurvePlot(title)
        self.body.addWidget(self.plot, 1)
        self.fit = Chip(self.tr("show all"))
        self.fit.hide()
        self.fit.clicked.connect(self.plot.follow)
        self.plot.following_changed.connect(lambda following: self.fit.setVisible(not following))
        self.save = SaveChip(session, self.plot, file_name)
        self._curves: RunCurves | EncoderCurves = RunCurves()
        self._axis: Axis = "step"

    def add_curve(self, curve: Curve, key: str) -> Curve:
        """Draw a line and say which it is."""
        self.head.addWidget(SeriesKey(key, curve.style))
        return self.plot.add_curve(curve)

    def add_tools(self) -> None:
        """Put the chips that every plot has at the end of the head."""
        self.head.addWidget(self.fit)
        self.head.addWidget(self.save)

    def set_axis(self, axis: Axis) -> None:
        """Steps, epochs or minutes at the foot."""
        self._axis = axis
        self.plot.set_axis(
            "", lambda steps: self._curves.positions(steps, axis), lambda at: self._curves.step_at(at, axis)
        )

    def export_to(self, path: Path) -> None:
        """Save by the ending of the path: PNG, SVG or CSV."""
        self.save.save_to(path)
