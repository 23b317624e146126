"""The table of runs."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from recdesk.evaluation.measured import Measured
from recdesk.gui import words
from recdesk.gui.messages import translated
from recdesk.gui.widgets.tables import ArrayTable, Column
from recdesk.workspace.runs import Run


@dataclass(frozen=True)
class RunRow:
    """A row of the table of runs.

    Attributes:
        part: "test" or "validation", whose metrics are shown.
        measured: which users they were measured on, and their limits.
    """

    run: Run
    title: str
    created: datetime
    dataset: str
    state: str
    seconds: float
    part: str
    metrics: dict[str, float]
    measured: Measured | None = None

    @classmethod
    def of(cls, run: Run) -> "RunRow":
        """Of a run."""
        every = run.metrics
        part = "test" if "test" in every else "validation"
        return cls(
            run, words.run_title(run), run.created, run.dataset_title, run.state, run.seconds, part,
            every.get(part, {}), run.measured,
        )  # fmt: skip


class RunsTable(ArrayTable):
    """Runs, newest first, sortable by every column; several may be chosen to compare."""

    def __init__(self) -> None:
        super().__init__("", several=True)
        self.setAccessibleName(self.tr("Runs"))
        self.rows: list[RunRow] = []

    def show_rows(self, rows: Sequence[RunRow]) -> None:
        """Show these runs."""
        self.rows = list(rows)

        def figure(name: str) -> Column:
            values = [row.metrics.get(name, -1.0) for row in rows]
            title = {"ndcg@10": "NDCG@10", "recall@10": "Recall@10"}[name]
            return Column(title, values, lambda v: "–" if v < 0 else f"{v:.4f}", numeric=True)

        columns = [
            Column(self.tr("Run"), [row.title for row in rows], key=[row.created.timestamp() for row in rows]),
            Column(self.tr("Dataset"), [row.dataset for row in rows]),
            Column(
                self.tr("State"),
                [row.state for row in rows],
                words.state,
                tones=[words.state_tone(row.state) for row in rows],
            ),
            Column(self.tr("Training"), [row.seconds for row in rows], _duration, numeric=True),
            figure("ndcg@10"),
            figure("recall@10"),
            Column(self.tr("On"), [self._on(row) for row in rows]),
        ]
        self.set_columns(columns, (276, 0, 96, 84, 92, 100, 132), keep_order=True)

    def _on(self, row: RunRow) -> str:
        """The part, and the limits of its figures: few users measured, or a value fixed by the data."""
        if not row.metrics:
            return ""
        part = {"test": self.tr("test"), "validation": self.tr("validation")}.get(row.part, "")
        few = row.measured is not None and row.measured.measured < 100
        notes = [*([row.measured.who] if few and row.measured else []), *(row.measured.limits if row.measured else [])]
        return " · ".join([part, *(translated(sentence) for sentence in notes if sentence)])


def _duration(seconds: float) -> str:
    return words.duration(seconds) if seconds else "–"
