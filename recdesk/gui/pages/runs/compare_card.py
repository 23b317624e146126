"""Quality curves of several runs over each other."""

from collections.abc import Sequence

from recdesk.gui import theme, words
from recdesk.gui.core_words import core
from recdesk.gui.widgets.card import Card
from recdesk.gui.widgets.curve_plot import Curve, CurvePlot
from recdesk.gui.widgets.series_key import SeriesKey
from recdesk.gui.widgets.text import Text
from recdesk.monitor.curves import RunCurves
from recdesk.monitor.series import Series

_MOST = 6


class CompareCard(Card):
    """NDCG@10 on validation by step, a line a run; warns when the runs were not measured alike."""

    def __init__(self) -> None:
        super().__init__()
        self.set_title(self.tr("NDCG@10 on validation"))
        self.warning = Text("", "small", "warning", wrap=True)
        self.warning.hide()
        self.body.addWidget(self.warning)
        self.plot = CurvePlot(self.tr("NDCG@10 on validation"))
        self.plot.set_from_zero()
        self.body.addWidget(self.plot, 1)
        self._lines = [self.plot.add_curve(Curve("", theme.SERIES[i], markers=True)) for i in range(_MOST)]
        self._keys: list[SeriesKey] = []

    def show_runs(self, named: Sequence[tuple[str, RunCurves]], protocols: set[str]) -> None:
        """Show curves by name; `protocols` are the hashes they were measured by."""
        for key in self._keys:
            key.deleteLater()
        self._keys = []
        for index, line in enumerate(self._lines):
            line.series = named[index][1].metrics["ndcg@10"] if index < len(named) else Series()
            line.name = named[index][0] if index < len(named) else ""
            if index < len(named):
                key = SeriesKey(line.name, line.style)
                self._keys.append(key)
                self.head.addWidget(key)
        first = named[0][1] if named else RunCurves()
        references = [(core(name), value) for name, value in first.references("ndcg@10")]
        self.plot.set_references(references if len(protocols) < 2 else [])
        self.plot.set_best(float(first.best[1]) if len(named) == 1 and first.best is not None else None)
        unlike = self.tr("These runs were measured on other data or in other ways: their figures cannot be compared.")
        said = dict.fromkeys(sentence for _, curves in named for sentence in curves.caveats)
        sentences = [unlike] if len(protocols) > 1 else [core(sentence) for sentence in said]
        self.warning.setText(words.together(*sentences))
        self.warning.setVisible(bool(sentences))
        self.plot.follow()
