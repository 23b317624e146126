"""What is selected in the list of runs: single runs and groups of seeds, read afresh with what is shown of them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from recdesk.core.errors import RecdeskError
from recdesk.experiment.seed_figures import SeedFigures, seed_figures
from recdesk.gui import words
from recdesk.gui.pages.runs.runs_table import RunRow, seed_title
from recdesk.monitor.curves import RunCurves
from recdesk.workspace.run_groups import RunGroup
from recdesk.workspace.run_log import curves_of
from recdesk.workspace.runs import ACTIVE, Run


@dataclass(frozen=True)
class Selected:
    """A run, or a group of runs that differ in their seed only.

    Attributes:
        run: it itself; of a group the first run that has finished, else the first.
        group: None for a single run.
        found: the result of a group; None for a single run, and where none has finished.
    """

    run: Run
    group: RunGroup | None = None
    found: SeedFigures | None = None

    @property
    def entry(self) -> Run | RunGroup:
        """What comparisons and reports take."""
        return self.group or self.run

    @property
    def title(self) -> str:
        """What it is called."""
        return words.run_title(self.run) if self.group is None else words.group_title(self.group)

    @property
    def part(self) -> str:
        """The part whose figures stand for it."""
        return "test" if "test" in self.run.metrics else "validation"

    def figures(self, part: str) -> dict[str, float]:
        """Metrics by name; of a group their means over seeds."""
        if self.found is not None and part == self.found.part:
            return {name: figure.value for name, figure in self.found.figures.items()}
        if self.group is not None or self.run.state in ACTIVE:  # an earlier stop's are out of date soon
            return {}
        return self.run.metrics.get(part, {})

    @classmethod
    def read(cls, row: RunRow) -> "Selected | None":
        """Read the run or the runs of a row again; None if they were removed meanwhile.

        Raises:
            RecdeskError: a run cannot be read any more.
        """
        runs = _still_there([row.run] if row.group is None else row.group.runs)
        if row.group is None or not runs:
            return cls(runs[0]) if runs else None
        group = RunGroup(row.group.id, runs, row.group.size)
        lead = next(iter(group.finished), group.first)
        return cls(lead, group, seed_figures(group) if group.finished else None)


@dataclass(frozen=True)
class RunSelection:
    """The selected runs that are still there: the current one first, title and curves by run id, and hashes of their
    protocols."""

    entries: tuple[Selected, ...]
    curves: dict[str, tuple[str, RunCurves]]
    protocols: set[str]

    @classmethod
    def read(cls, rows: Sequence[RunRow], most: int) -> "RunSelection":
        """Read the runs of rows again, at most so many, and as many curves. Of a group alone every seed has its curve.
        A run that is removed between its record and its log or figures is left out like those removed before.

        Raises:
            RecdeskError: a run cannot be read any more.
        """
        runs = [run for row in rows[:most] for run in row.runs]
        there = [run.id for run in runs if not _is_gone(run)]
        while True:
            try:
                return cls._read(rows, most)
            except RecdeskError:
                before, there = there, [run.id for run in runs if not _is_gone(run)]
                if there == before:
                    raise

    @classmethod
    def _read(cls, rows: Sequence[RunRow], most: int) -> "RunSelection":
        entries = tuple(entry for row in rows[:most] if (entry := Selected.read(row)) is not None)
        runs = [entry.run for entry in entries]
        drawn = {run.id: (entry.title, run) for run, entry in zip(runs, entries, strict=True)}
        if len(entries) == 1 and entries[0].group is not None:
            drawn = {run.id: (seed_title(run), run) for run in entries[0].group.runs[:most]}
        curves = {run_id: (title, curves_of(run)) for run_id, (title, run) in drawn.items()}
        return cls(entries, curves, {str(run.protocol["hash"]) for run in runs if run.protocol})

    @property
    def runs(self) -> tuple[Run, ...]:
        """The runs; of a group the one that stands for it."""
        return tuple(entry.run for entry in self.entries)

    def curves_of(self, run: Run) -> RunCurves:
        """Of a run; empty ones if they were not read."""
        return self.curves.get(run.id, ("", RunCurves()))[1]


def _still_there(runs: Iterable[Run]) -> tuple[Run, ...]:
    """Runs as they are now, without those that were removed since they were listed.

    Raises:
        RecdeskError: one cannot be read any more.
    """
    found = []
    for run in runs:
        try:
            found.append(Run.read(run.folder))
        except RecdeskError:
            if not _is_gone(run):
                raise
    return tuple(found)


def _is_gone(run: Run) -> bool:
    """Whether a run was removed; where its drive is gone it was not."""
    return not run.folder.is_dir() and run.folder.parent.is_dir()
