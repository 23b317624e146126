"""What each step of a run over texts took and brought."""

from collections.abc import Sequence

from recdesk.gui import words
from recdesk.gui.core_words import core
from recdesk.gui.widgets.array_table import ArrayTable
from recdesk.gui.widgets.array_table_model import Column
from recdesk.gui.widgets.card import Card
from recdesk.gui.widgets.chip import Chip
from recdesk.gui.widgets.text import Text
from recdesk.monitor.five_steps import SKIPPING, MethodStep


class StepsCard(Card):
    """A row a step: time, figures on validation before and after; below, what the rows leave open."""

    def __init__(self) -> None:
        super().__init__()
        self.set_title(self.tr("What each step brought"))
        self.back = Chip(self.tr("‹ figures"))
        self.back.setToolTip(self.tr("How good the run is beside the baselines"))
        self.head.addWidget(self.back)
        self.table = ArrayTable(self.tr("Steps of this run"), sortable=False)
        self.table.setMinimumHeight(120)
        self.body.addWidget(self.table, 1)
        self.notes = Text("", "small", "secondary", wrap=True)
        self.body.addWidget(self.notes)

    def show_steps(self, steps: Sequence[MethodStep], caveats: Sequence[str] = ()) -> None:
        """Show the steps of a run, and what must be said of its figures."""
        columns = [
            Column(self.tr("Step"), [f"{n} {words.step(step.name)}" for n, step in enumerate(steps, 1)]),
            Column(self.tr("Time"), [self._time(step) for step in steps]),
        ]
        for key, title in (("ndcg@10", "NDCG@10"), ("recall@10", "Recall@10")):
            shown = [_change(step.before.get(key), step.after.get(key)) for step in steps]
            tones = ["good" if _rose(step, key) else "text" for step in steps]
            columns.append(Column(title, shown, tones=tones))
        self.table.set_columns(columns, (0, 84, 132, 132))
        self.notes.setText("\n".join([*self._notes(steps), *map(core, caveats)]))

    def _time(self, step: MethodStep) -> str:
        if step.state == "skipped":
            return self.tr("skipped")
        return "–" if step.seconds is None else words.short_duration(step.seconds)

    def _notes(self, steps: Sequence[MethodStep]) -> list[str]:
        notes = [self.tr("Figures on validation, before → after.")]
        for number, step in enumerate(steps, 1):
            if step.words is not None:
                before, after = (words.percent(share) for share in step.words)
                said = self.tr("Step {n}: {before} → {after} of hidden words guessed right.")
                guessed = said.format(n=number, before=before, after=after)
                alone = self.tr("Its figures are those of the most similar texts, nothing learned of what people do.")
                notes.append(words.together(guessed, alone if step.after else ""))
            if step.state == "skipped":
                notes.append(self.tr("Step {n}: {cost}").format(n=number, cost=core(SKIPPING[step.name])))
        return notes


def _change(before: float | None, after: float | None) -> str:
    """Such as "0.0194 → 0.0628"; the only one there is; a dash for none."""
    known = [f"{value:.4f}" for value in (before, after) if value is not None]
    return " → ".join(known) or "–"


def _rose(step: MethodStep, key: str) -> bool:
    return key in step.before and key in step.after and step.after[key] > step.before[key]
