"""Quality on held-out items while training."""

from recdesk.gui import theme, words
from recdesk.gui.core_words import core
from recdesk.gui.pages.train.plot_card import PlotCard
from recdesk.gui.session import Session
from recdesk.gui.widgets.chip import Chip
from recdesk.gui.widgets.curve_plot import Curve
from recdesk.gui.widgets.text import Text
from recdesk.monitor.curves import RunCurves

_METRICS = (("ndcg@10", "NDCG@10"), ("recall@10", "Recall@10"))


class QualityCard(PlotCard):
    """NDCG@10 and Recall@10 by epoch, with the baselines as lines to beat."""

    def __init__(self, session: Session) -> None:
        super().__init__(session, "", "quality")
        self.set_title(self.tr("Quality on held-out items"))
        self.chips: dict[str, Chip] = {}
        self._lines: dict[str, Curve] = {}
        explanations = {
            "ndcg@10": self.tr("How high the item that was really taken next stands among the first ten (1 is on top)"),
            "recall@10": self.tr("How often the item that was really taken next is among the first ten"),
        }
        for name, title in _METRICS:
            self._lines[name] = self.plot.add_curve(Curve(title, theme.series(name), markers=True))
            chip = self.chips[name] = Chip(title, checkable=True)
            chip.setToolTip(explanations[name])
            chip.setChecked(name == "ndcg@10")
            chip.toggled.connect(self._choose)
            self.head.addWidget(chip)
        self.add_tools()
        self.caveats = Text("", "small", "secondary", wrap=True)
        self.caveats.hide()
        self.body.insertWidget(0, self.caveats)
        self.plot.set_from_zero()
        self._axis = "epoch"
        self._run = RunCurves()
        self._choose()

    def show_run(self, curves: RunCurves) -> None:
        """Draw another run."""
        self._curves = self._run = curves
        for name, line in self._lines.items():
            line.series = curves.metrics[name]
        self.set_axis("epoch")
        self.refresh()

    def refresh(self) -> None:
        """Draw what has come, with the baselines of the first metric shown, and say what holds for all of it."""
        self.caveats.setText(words.together(*map(core, self._run.caveats)))
        self.caveats.setVisible(bool(self._run.caveats))
        shown = next((name for name in self.chips if self.chips[name].isChecked()), "ndcg@10")
        self.plot.set_references([(core(name), value) for name, value in self._run.references(shown)])
        self.plot.set_best(None if self._run.best is None else float(self._run.best[1]))
        self.plot.refresh()

    def _choose(self) -> None:
        for name, line in self._lines.items():
            line.visible = self.chips[name].isChecked()
        self.refresh()
