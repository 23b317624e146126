"""How good a run is, beside the baselines, in words and numbers."""

from recdesk.evaluation.measured import family_sentence
from recdesk.evaluation.metrics import in_words
from recdesk.gui import words
from recdesk.gui.core_words import core
from recdesk.gui.widgets.array_table import ArrayTable
from recdesk.gui.widgets.array_table_model import Column
from recdesk.gui.widgets.card import Card
from recdesk.gui.widgets.chip import Chip
from recdesk.gui.widgets.text import Text
from recdesk.workspace.snapshot import RunSnapshot


class FiguresCard(Card):
    """A sentence, then a small table: this run, then each baseline on the same split."""

    def __init__(self) -> None:
        super().__init__()
        self.set_title(self.tr("How good it is"))
        self.steps = Chip(self.tr("steps ›"))
        self.steps.setToolTip(self.tr("What each step over texts took and brought"))
        self.steps.hide()
        self.head.addWidget(self.steps)
        self.sentence = Text("", "body", wrap=True)
        self.body.addWidget(self.sentence)
        self.table = ArrayTable(self.tr("Figures of this run and of the baselines"), sortable=False)
        self.table.setMinimumHeight(120)
        self.body.addWidget(self.table, 1)

    def show_run(self, run: RunSnapshot) -> None:
        """Show a run's figures."""
        metrics = run.metrics
        part = "test" if "test" in metrics else "validation"
        figures = metrics.get(part, {})
        self.sentence.setText(self._sentence(run, part, figures))
        others = {core(name): values.get(part, {}) for name, values in run.baselines.items()}
        rows = {run.kind: figures, **others} if figures else {}
        first = self.tr("On test items") if part == "test" else self.tr("On validation items")
        columns = [Column(first, list(rows))]
        shown = {
            "ndcg@10": "NDCG@10",
            "recall@10": "Recall@10",
            "mrr@10": "MRR@10",
            "accuracy@1": "Acc@1",
            "coverage@10": self.tr("Coverage"),
        }
        for key, title in shown.items():
            values = [row.get(key, -1.0) for row in rows.values()]
            columns.append(Column(title, values, lambda v: "–" if v < 0 else f"{v:.4f}", numeric=True))
        self.table.set_columns(columns, (0, 86, 84, 76, 64, 76))
        self.table.setVisible(bool(rows))

    def _sentence(self, run: RunSnapshot, part: str, figures: dict[str, float]) -> str:
        if not figures:
            return core(run.reason) or self.tr("There are no figures yet.")
        sentences = [words.found_sentence(figures)]
        popular = run.baselines.get("most popular", {}).get(part)
        if popular:
            n = in_words(popular).ten
            sentences.append(self.tr("With the most popular items alone it would be {n}.").format(n=n))
        counted = run.measured
        sentences += [core(sentence) for sentence in counted.sentences] if counted else []
        compared = run.comparisons if counted is None or counted.comparable else {}
        hardest = min(compared, key=lambda name: compared[name]["difference"], default="")
        sentences += [self._comparison(n, compared[n]) for n in compared if n in ("most popular", hardest)]
        sentences.append(core(family_sentence(compared)))
        if run.ceiling is not None:
            sentences.append(
                self.tr(
                    "Accuracy@1 is {reached} on {part} and {train} on training data; who knows the rule gets {ceiling}."
                ).format(
                    reached=f"{figures.get('accuracy@1', 0):.1%}",
                    part=words.part(part),
                    train=f"{run.metrics.get('train', {}).get('accuracy@1', 0):.1%}",
                    ceiling=f"{run.ceiling:.1%}",
                )
            )
        if run.synthetic:
            sentences.append(core(run.synthetic))
        return words.together(*sentences)

    def _comparison(self, name: str, result: dict[str, float]) -> str:
        values = {key: f"{result[key]:+.3f}" for key in ("difference", "low", "high")}
        if result["low"] > 0:
            words_ = self.tr("Better than {name}: NDCG@10 {difference} (95 % confidence interval {low} to {high}).")
        elif result["high"] < 0:
            words_ = self.tr("Worse than {name}: NDCG@10 {difference} (95 % confidence interval {low} to {high}).")
        else:
            words_ = self.tr(
                "No clear difference to {name}: NDCG@10 {difference} (95 % confidence interval {low} to {high})."
            )
        return words_.format(name=core(name), **values)
