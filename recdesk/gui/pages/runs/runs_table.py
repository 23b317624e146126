"""The table of runs, groups of seeds and trials of studies folded, with the columns that a person chooses."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from PySide6.QtCore import QModelIndex, QPoint, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QMenu

from recdesk.core.messages import Message
from recdesk.evaluation.measured import Measured
from recdesk.experiment.seed_figures import SeedFigures, seed_figures
from recdesk.gui import words
from recdesk.gui.messages import translated
from recdesk.gui.pages.runs.figure_text import figure_title
from recdesk.gui.preferences import Preferences
from recdesk.gui.widgets.tables import ArrayTable, Column
from recdesk.workspace.run_groups import RunGroup, folded
from recdesk.workspace.runs import ACTIVE, Run

_NAME = "runs"
_FIGURES = ("ndcg@10", "recall@10", "mrr@10", "accuracy@1", "coverage@10", "diversity@10")
_WITH_INTERVAL = 130
_WITH_HOST = 220
"""Of the column of states, where one names a cluster."""
_MARK = 24
"""Width of the mark that unfolds a group."""
_USUAL = ("star", "run", "dataset", "state", "training", "ndcg@10", "recall@10", "on")
_WIDTHS = {
    "star": 30, "run": 284, "dataset": 0, "tags": 130, "note": 160, "model": 110, "created": 110, "state": 96,
    "training": 84, "on": 132, "where": 130,
}  # fmt: skip


@dataclass(frozen=True)
class RunRow:
    """A row of the table of runs: a run, a group of seeds, the best trial of a study, or a run that is folded in one.

    Attributes:
        run: of a group the first one that has finished, else the first.
        state: of the run or of the group.
        part: "test" or "validation", whose metrics are shown.
        metrics: of a group, means over its seeds.
        measured: which users they were measured on, and their limits.
        group: None for a single run.
        found: the result of a group; None where none of its runs has finished.
        others: of the best trial of a study the other trials, in order.
        parent: the row of the group or study below which a run stands; None for others.
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
    group: RunGroup | None = None
    found: SeedFigures | None = None
    others: tuple[Run, ...] = ()
    parent: "RunRow | None" = None

    @classmethod
    def of(cls, run: Run, parent: "RunRow | None" = None, others: tuple[Run, ...] = ()) -> "RunRow":
        """Of a run."""
        every = {} if run.state in ACTIVE else run.metrics  # those of an earlier stop are out of date soon
        part = "test" if "test" in every else "validation"
        return cls(
            run, words.run_title(run), run.created, run.dataset_title, run.state, run.seconds, part,
            every.get(part, {}), run.measured, others=others, parent=parent,
        )  # fmt: skip

    @classmethod
    def of_group(cls, group: RunGroup) -> "RunRow":
        """Of a group."""
        found = seed_figures(group) if group.finished else None
        lead = next(iter(group.finished), group.first)
        metrics = {} if found is None else {name: figure.value for name, figure in found.figures.items()}
        return cls(
            lead, words.group_title(group), group.newest.created, lead.dataset_title, group.state,
            sum(run.seconds for run in group.runs), "validation" if found is None else found.part, metrics,
            lead.measured, group, found,
        )  # fmt: skip

    @property
    def key(self) -> str:
        """Id of the run or of the group."""
        return self.run.id if self.group is None else self.group.id

    @property
    def runs(self) -> tuple[Run, ...]:
        """The run, or those of the group."""
        return (self.run,) if self.group is None else self.group.runs

    @property
    def inside(self) -> tuple[Run, ...]:
        """The run or those of the group, and what is folded in it."""
        return (*self.runs, *self.others)

    def holds(self, run_id: str | None) -> bool:
        """Whether a run is among those inside."""
        return any(run.id == run_id for run in self.inside)

    @property
    def folds(self) -> bool:
        """Whether rows can be unfolded below it."""
        return self.group is not None or bool(self.others)

    @property
    def labelled(self) -> Run:
        """The run that has the labels of the row."""
        return self.run if self.group is None else self.group.first

    @property
    def resumable(self) -> bool:
        """Whether there is something left to train."""
        return self.run.resumable if self.group is None else bool(self.group.left)

    @property
    def sorted_as(self) -> "RunRow":
        """The row by whose values it is sorted, so that runs stay below their group."""
        return self.parent or self

    def members(self) -> "list[RunRow]":
        """Rows of the runs of a group, or of the other trials of a study; [] for a single run."""
        return [RunRow.of(run, self) for run in (self.others if self.group is None else self.group.runs)]

    def has(self, text: str) -> bool:
        """Whether each word of a search stands in its texts, in any case."""
        run = self.labelled
        names = (self.title, self.key, *(each.id for each in self.inside), run.kind, self.dataset)
        labels = (*run.labels.tags, run.labels.note, words.state(self.state))
        here = " ".join((*names, *labels)).casefold()
        return all(word in here for word in text.casefold().split())


def rows_of(runs: Sequence[Run]) -> list[RunRow]:
    """A row for each single run, each group of seeds, and each study in the place of its newest trial."""
    rows, seen = [], set()
    for each in folded(runs):
        if isinstance(each, RunGroup):
            rows.append(RunRow.of_group(each))
        elif not each.study:
            rows.append(RunRow.of(each))
        elif each.study not in seen:
            seen.add(each.study)
            rows.append(_of_study([run for run in runs if run.study == each.study]))
    return rows


def _of_study(trials: Sequence[Run]) -> RunRow:
    """The trial with the best validation NDCG@10, a finished one before others, with the others folded in it."""
    best = max(
        trials,
        key=lambda run: (run.state == "finished", run.metrics.get("validation", {}).get("ndcg@10", -1.0), -run.trial),
    )
    return RunRow.of(best, others=tuple(sorted((run for run in trials if run is not best), key=lambda run: run.trial)))


class RunsTable(ArrayTable):
    """Runs, newest first, sortable by every column; several may be chosen to compare. The menu of the head chooses
    columns; a click on the first column gives or takes the star. A group of seeds is a row that unfolds: by a click on
    its mark, a double click, Enter, or the arrows to the right and left.

    Args:
        preferences: keep the chosen columns and their widths.

    Signals:
        star_clicked: index of a row whose star was clicked.
        fold_clicked: index of the row of a group or study that is to be unfolded or folded.

    Attributes:
        rows: that are shown, in the order of the data.
        unfolded: keys of the rows whose runs stand below them.
    """

    star_clicked = Signal(int)
    fold_clicked = Signal(int)

    def __init__(self, preferences: Preferences) -> None:
        super().__init__("", several=True)
        self.setAccessibleName(self.tr("Runs"))
        self.rows: list[RunRow] = []
        self.unfolded: set[str] = set()
        self._kept = preferences
        self.remember_widths(preferences, _NAME)
        self._shown = [key for key in preferences.columns(_NAME) if key in self.titles()] or list(_USUAL)
        head = self.horizontalHeader()
        head.setMinimumSectionSize(30)
        head.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        head.customContextMenuRequested.connect(self._choose_columns)
        self.clicked.connect(self._clicked)
        self.activated.connect(lambda index: self._fold(index.row()))

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
            "where": self.tr("Trained on"),
        }

    def show_rows(self, rows: Sequence[RunRow]) -> None:
        """Show these runs and groups, and the runs of groups that are unfolded."""
        groups = any(row.found is not None for row in rows)
        self.rows = [each for row in rows for each in (row, *(row.members() if row.key in self.unfolded else ()))]
        titles = self.titles()
        make = self._columns(self.rows)
        away = any(row.run.cluster is not None and row.state != "finished" for row in rows)
        known = {**_WIDTHS, "state": _WITH_HOST} if away else _WIDTHS
        widths = tuple(known.get(key, _WITH_INTERVAL if groups else 96) for key in self._shown)
        if 0 not in widths:  # one takes the room that is left
            widths = (*widths[:-1], 0)
        self.set_columns([make[key](titles[key]) for key in self._shown], widths, keep_order=True)

    def show_columns(self, keys: Sequence[str]) -> None:
        """Show these columns, in their usual order; the run itself always."""
        self._shown = [key for key in self.titles() if key in keys or key == "run"]
        self._kept.set_columns(_NAME, self._shown)
        self.sortByColumn(-1, Qt.SortOrder.AscendingOrder)
        self.show_rows([row for row in self.rows if row.parent is None])

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

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """The arrows to the right and left unfold and fold a group or study."""
        row = self.chosen()
        wanted = {Qt.Key.Key_Right: True, Qt.Key.Key_Left: False}.get(Qt.Key(event.key()))
        if wanted is not None and row >= 0 and self.rows[row].folds:
            if wanted != (self.rows[row].key in self.unfolded):
                self.fold_clicked.emit(row)
            return
        super().keyPressEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """A click on the mark of a group unfolds or folds it."""
        super().mouseReleaseEvent(event)
        at = event.position().toPoint()
        index = self.indexAt(at)
        on_run = index.isValid() and self._shown[index.column()] == "run"
        if on_run and event.button() == Qt.MouseButton.LeftButton and at.x() - self.visualRect(index).left() <= _MARK:
            self._fold(index.row())

    def _clicked(self, index: QModelIndex) -> None:
        row, section = index.row(), index.column()
        if self._shown[section] == "star":
            self.star_clicked.emit(self.table_model.source_row(row))

    def _fold(self, row: int) -> None:
        source = self.table_model.source_row(row)
        if self.rows[source].folds:
            self.fold_clicked.emit(source)

    def _columns(self, rows: Sequence[RunRow]) -> Mapping[str, Callable[[str], Column]]:
        """What makes each column of its title."""

        def column(value: Callable[[RunRow], Any], text: Callable[[RunRow], str], **more: Any) -> Callable[..., Column]:
            keys = [value(row.sorted_as) for row in rows]
            return lambda title: Column(title, [text(row) for row in rows], key=keys, **more)

        def figure(name: str) -> Callable[[str], Column]:
            return column(lambda row: row.metrics.get(name, -1.0), lambda row: _figure(row, name), numeric=True)

        stars = ["warning" if row.labelled.labels.star else "edge" for row in rows]
        tones = [words.state_tone(row.state) for row in rows]
        return {
            "star": column(lambda row: row.labelled.labels.star, self._star, tones=stars),
            "run": column(lambda row: row.created.timestamp(), self._title),
            "dataset": column(lambda row: row.dataset, lambda row: row.dataset),
            "tags": column(_tags, _tags),
            "note": column(_note, _note),
            "model": column(lambda row: row.run.kind, lambda row: row.run.kind),
            "created": column(lambda row: row.created.timestamp(), lambda row: words.moment(row.created)),
            "state": column(lambda row: row.state, self._state, tones=tones),
            "training": column(lambda row: row.seconds, lambda row: _duration(row.seconds), numeric=True),
            "on": column(self._on, self._on),
            "where": column(self._where, self._where),
            **{name: figure(name) for name in _FIGURES},
        }

    def _star(self, row: RunRow) -> str:
        return "★" if row.labelled.labels.star else "☆"

    def _title(self, row: RunRow) -> str:
        if row.parent is not None:
            return "        " + (row.run.labels.name or (row.title if row.run.study else seed_title(row.run)))
        title = row.title
        if row.others:
            title += f" · {translated(Message('recommend.best-of-trials', count=len(row.inside)))}"
        return f"{'▾' if row.key in self.unfolded else '▸'}  {title}" if row.folds else title

    def _state(self, row: RunRow) -> str:
        group = row.group
        active = [run.state for run in row.others if run.state in ACTIVE]
        if active:
            return words.state(active[-1])
        if group is None and row.run.cluster is not None and row.state != "finished":
            return self.tr("{state}, on {host}").format(state=words.state(row.state), host=row.run.cluster.host)
        if group is None or len(group.finished) == group.size:
            return words.state(row.state)
        return self.tr("{n} of {m} done").format(n=len(group.finished), m=group.size)

    def _where(self, row: RunRow) -> str:
        return row.run.cluster.host if row.run.cluster is not None else self.tr("this computer")

    def _on(self, row: RunRow) -> str:
        """The part, and the limits of its figures: few users measured, or a value fixed by the data."""
        if not row.metrics:
            return ""
        part = {"test": self.tr("test"), "validation": self.tr("validation")}.get(row.part, "")
        few = row.measured is not None and row.measured.measured < 100
        notes = [*([row.measured.who] if few and row.measured else []), *(row.measured.limits if row.measured else [])]
        mean = "" if row.group is None else self.tr("mean ± half the 95 % interval over seeds")
        return " · ".join(filter(None, [part, mean, *(translated(sentence) for sentence in notes if sentence)]))


def seed_title(run: Run) -> str:
    """What a run is called among those of its group."""
    return translated(Message("seeds.seed", seed=run.config.seed))


def _figure(row: RunRow, name: str) -> str:
    """A metric; of a group with half the width of its interval over seeds."""
    figure = row.found.figures.get(name) if row.found is not None else None
    if figure is not None and figure.high is not None:
        return f"{figure.value:.4f} ±{figure.high - figure.value:.4f}"
    return f"{row.metrics[name]:.4f}" if name in row.metrics else "–"


def _tags(row: RunRow) -> str:
    return words.listed(row.labelled.labels.tags)


def _note(row: RunRow) -> str:
    return " ".join(row.labelled.labels.note.split())


def _duration(seconds: float) -> str:
    return words.duration(seconds) if seconds else "–"
