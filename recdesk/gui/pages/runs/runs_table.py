"""The table of runs, with the columns that a person chooses."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtWidgets import QMenu

from recdesk.evaluation.measured import Measured
from recdesk.gui import words
from recdesk.gui.messages import translated
from recdesk.gui.pages.runs.figure_text import figure_title
from recdesk.gui.preferences import Preferences
from recdesk.gui.widgets.tables import ArrayTable, Column
from recdesk.workspace.runs import Run

_NAME = "runs"
_FIGURES = ("ndcg@10", "recall@10", "mrr@10", "accuracy@1", "coverage@10", "diversity@10")
_USUAL = ("star", "run", "dataset", "state", "training", "ndcg@10", "recall@10", "on")
_WIDTHS = {
    "star": 30, "run": 262, "dataset": 0, "tags": 130, "note": 160, "model": 110, "created": 110, "state": 96,
    "training": 84, "on": 132,
}  # fmt: skip


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

    def has(self, text: str) -> bool:
        """Whether each word of a search stands in its texts, in any case."""
        run = self.run
        here = " ".join(
            (self.title, run.id, run.kind, self.dataset, *run.labels.tags, run.labels.note, words.state(self.state))
        ).casefold()
        return all(word in here for word in text.casefold().split())


class RunsTable(ArrayTable):
    """Runs, newest first, sortable by every column; several may be chosen to compare. The menu of the head chooses
    columns; a click on the first column gives or takes the star.

    Args:
        preferences: keep the chosen columns and their widths.

    Signals:
        star_clicked: index of a row whose star was clicked.
    """

    star_clicked = Signal(int)

    def __init__(self, preferences: Preferences) -> None:
        super().__init__("", several=True)
        self.setAccessibleName(self.tr("Runs"))
        self.rows: list[RunRow] = []
        self._kept = preferences
        self.remember_widths(preferences, _NAME)
        self._shown = [key for key in preferences.columns(_NAME) if key in self.titles()] or list(_USUAL)
        head = self.horizontalHeader()
        head.setMinimumSectionSize(30)
        head.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        head.customContextMenuRequested.connect(self._choose_columns)
        self.clicked.connect(self._clicked)

    def titles(self) -> dict[str, str]:
        """Titles of all columns that can be chosen, in order."""
        return {
            "star": "★",
            "run": self.tr("Run"),
            "dataset": self.tr("Dataset"),
            "tags": self.tr("Tags"),
            "note": self.tr("Note"),
            "model": self.tr("Model"),
            "created": self.tr("Created"),
            "state": self.tr("State"),
            "training": self.tr("Training"),
            **{name: figure_title(name) for name in _FIGURES},
            "on": self.tr("On"),
        }

    def show_rows(self, rows: Sequence[RunRow]) -> None:
        """Show these runs."""
        self.rows = list(rows)
        titles = self.titles()
        make = self._columns(rows)
        widths = tuple(_WIDTHS.get(key, 96) for key in self._shown)
        if 0 not in widths:  # one takes the room that is left
            widths = (*widths[:-1], 0)
        self.set_columns([make[key](titles[key]) for key in self._shown], widths, keep_order=True)

    def show_columns(self, keys: Sequence[str]) -> None:
        """Show these columns, in their usual order; the run itself always."""
        self._shown = [key for key in self.titles() if key in keys or key == "run"]
        self._kept.set_columns(_NAME, self._shown)
        self.sortByColumn(-1, Qt.SortOrder.AscendingOrder)
        self.show_rows(self.rows)

    def column_menu(self) -> QMenu:
        """A menu with every column, those that are shown checked."""
        menu = QMenu(self)
        for key, title in self.titles().items():
            action = menu.addAction(self.tr("star") if key == "star" else title)
            action.setCheckable(True)
            action.setChecked(key in self._shown)
            action.setEnabled(key != "run")
            action.toggled.connect(lambda on, key=key: self._toggle(key, on))
        return menu

    def _toggle(self, key: str, on: bool) -> None:
        self.show_columns([*self._shown, key] if on else [each for each in self._shown if each != key])

    def _choose_columns(self, position: QPoint) -> None:
        menu = self.column_menu()
        menu.exec(self.horizontalHeader().mapToGlobal(position))
        menu.deleteLater()

    def _clicked(self, index: object) -> None:
        row, section = index.row(), index.column()  # type: ignore[attr-defined]
        if self._shown[section] == "star":
            self.star_clicked.emit(self.table_model.source_row(row))

    def _columns(self, rows: Sequence[RunRow]) -> Mapping[str, Callable[[str], Column]]:
        """What makes each column of its title."""

        def figure(name: str) -> Callable[[str], Column]:
            values = [row.metrics.get(name, -1.0) for row in rows]
            return lambda title: Column(title, values, lambda v: "–" if v < 0 else f"{v:.4f}", numeric=True)

        stars = [row.run.labels.star for row in rows]
        created = [row.created.timestamp() for row in rows]
        tones = [words.state_tone(row.state) for row in rows]
        notes = [" ".join(row.run.labels.note.split()) for row in rows]
        return {
            "star": lambda title: Column(
                title, stars, lambda star: "★" if star else "☆", tones=["warning" if s else "edge" for s in stars]
            ),
            "run": lambda title: Column(title, [row.title for row in rows], key=created),
            "dataset": lambda title: Column(title, [row.dataset for row in rows]),
            "tags": lambda title: Column(title, [words.listed(row.run.labels.tags) for row in rows]),
            "note": lambda title: Column(title, notes),
            "model": lambda title: Column(title, [row.run.kind for row in rows]),
            "created": lambda title: Column(title, [words.moment(row.created) for row in rows], key=created),
            "state": lambda title: Column(title, [row.state for row in rows], words.state, tones=tones),
            "training": lambda title: Column(title, [row.seconds for row in rows], _duration, numeric=True),
            "on": lambda title: Column(title, [self._on(row) for row in rows]),
            **{name: figure(name) for name in _FIGURES},
        }

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
