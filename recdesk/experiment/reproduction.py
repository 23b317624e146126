"""Training a run again from what is stored of it, and comparing both bit by bit."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import zip_longest
from pathlib import Path
from typing import Any

from recdesk.core.errors import RecdeskError, UsageError
from recdesk.core.messages import Message, word
from recdesk.core.records import read_object
from recdesk.core.task import UNWATCHED, Task
from recdesk.core.temporary import temporary_folder
from recdesk.data.manifest import describe
from recdesk.experiment.open_model import open_model
from recdesk.experiment.run_data import dataset_of
from recdesk.workspace.dataset_versions import folder_of_version
from recdesk.workspace.folders import folder_lock
from recdesk.workspace.run_store import RunStore
from recdesk.workspace.runs import METRICS, MODEL, Run

TOP = 10
ENVIRONMENT = "environment.json"
COMPARED = ("recdesk", "python", "system", "machine", "torch", "transformers", "numpy", "pandas", "duckdb", "threads")
COMPARED_PLAN = ("device", "precision")


@dataclass(frozen=True)
class Check:
    """Whether one result of two runs is the same, bit by bit.

    Attributes:
        what: of the weights, the figures, the recommendations.
        same: whether it is.
        first: where they differ first, a sentence; "" if they are the same.
    """

    what: str
    same: bool
    first: str = ""


@dataclass(frozen=True)
class FigureChange:
    """A figure that is another one. `part` is "test", "validation" or "train"."""

    part: str
    name: str
    before: float
    again: float


@dataclass(frozen=True)
class Reproduction:
    """A run and what came of training it again.

    Attributes:
        run, again: both.
        checks: of weights, figures and recommendations.
        environment: name, value before and value now of all versions and devices that differ.
        figures: those that differ.
        notes: sentences on what else may explain a difference.
    """

    run: Run
    again: Run
    checks: list[Check]
    environment: list[tuple[str, str, str]]
    figures: list[FigureChange] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    @property
    def same(self) -> bool:
        """Everything is the same."""
        return all(check.same for check in self.checks)

    @property
    def sentence(self) -> str:
        """The answer."""
        if self.same:
            return Message("reproduce.same", run=self.run.id)
        names = ", ".join(name for name, _, _ in self.environment)
        if names:
            return Message("reproduce.differs-with", run=self.run.id, names=names)
        return Message("reproduce.differs", run=self.run.id)


def begin_reproduction(run: Run) -> Run:
    """Create a queued run with settings, seed, split and data of a finished one.

    Raises:
        UsageError: the run is not finished: how far it came was not in its settings.
        DataError: its data is gone or damaged.
    """
    if run.state != "finished":
        raise UsageError(Message("run.in-state", run=run.id, state=word(run.state)), Message("reproduce.finished-only"))
    dataset_of(run)
    store = RunStore.of(run)
    with folder_lock(run.workspace):
        facts = describe(folder_of_version(run.workspace, run.dataset_name, run.dataset_hash))
        again = store.create(run.dataset_name, facts, run.config, run.split)
        store.set_state(again, again.state, reproduces=run.id)
    return Run.read(again.folder)


def reproduced_by(run: Run) -> Run:
    """The run that another one is to reproduce.

    Raises:
        UsageError: it is to reproduce none.
        RecdeskError: that run was removed or is damaged.
    """
    if not run.reproduces:
        raise UsageError(Message("reproduce.of-none", run=run.id))
    return RunStore.of(run).current(run.reproduces)


def compare_reproduction(run: Run, again: Run, task: Task = UNWATCHED) -> Reproduction:
    """Compare weights, figures and the top 10 of everybody of two runs.

    Raises:
        UsageError: one has no model.
        RecdeskError: one is damaged, or its data is gone.
        CancelledError: it was cancelled.
    """
    for each in (run, again):
        each.require_model()
    task.step(0.0, Message("reproduce.comparing-weights"))
    weights = _weights(run.folder / MODEL, again.folder / MODEL)
    task.step(0.1, Message("reproduce.comparing-figures"))
    figures, changes = _figures(run, again)
    lists = _lists(run, again, task.part(0.2, 1.0))
    notes: list[str] = [Message("reproduce.time-limited", minutes=run.config.minutes)] if run.config.minutes else []
    return Reproduction(run, again, [weights, figures, lists], _environment(run, again), changes, notes)


def _weights(before: Path, again: Path) -> Check:
    import torch

    from recdesk.core.tensors import load_tensors

    what = Message("reproduce.weights")
    ours, theirs = load_tensors(before)[0], load_tensors(again)[0]
    for name in sorted(ours.keys() | theirs.keys()):
        if name not in ours or name not in theirs:
            return Check(what, False, Message("reproduce.tensor-missing", name=name))
        old, new = ours[name], theirs[name]
        if old.shape != new.shape or old.dtype != new.dtype:
            return Check(what, False, Message("reproduce.tensor-shape", name=name))
        if not torch.equal(old.reshape(-1).view(torch.uint8), new.reshape(-1).view(torch.uint8)):
            apart = (old.double() - new.double()).abs()
            count, largest = int((apart > 0).sum()), float(apart.max())
            text = Message("reproduce.tensor-differs", name=name, count=count, total=old.numel(), largest=largest)
            return Check(what, False, text)
    return Check(what, True)


def _figures(run: Run, again: Run) -> tuple[Check, list[FigureChange]]:
    """The check of all that the metrics file holds, and the metrics that differ."""
    what = Message("reproduce.figures")
    ours, theirs = ({name: getattr(each, name) for name in ("metrics", "baselines")} for each in (run, again))
    for problem in (*run.problems, *again.problems):
        raise problem
    changes = [
        FigureChange(part, name, value, again.metrics[part][name])
        for part, figures in run.metrics.items()
        for name, value in figures.items()
        if again.metrics.get(part, {}).get(name, value) != value
    ]
    first = next(_differing(ours, theirs, ()), None)
    if first is None:
        return Check(what, True), []
    path, old, new = first
    text = Message("reproduce.figure-differs", name=" · ".join(path), before=str(old), again=str(new), path=METRICS)
    return Check(what, False, text), changes


def _differing(ours: Any, theirs: Any, path: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], Any, Any]]:
    """Paths to values that differ, with both."""
    if isinstance(ours, dict) and isinstance(theirs, dict):
        for name in dict.fromkeys([*ours, *theirs]):
            yield from _differing(ours.get(name, "–"), theirs.get(name, "–"), (*path, str(name)))
    elif ours != theirs:
        yield path, ours, theirs


def _lists(run: Run, again: Run, task: Task) -> Check:
    """Export the top 10 of everybody from both, and compare the files."""
    from recdesk.recommend.export import export_top_n

    what = Message("reproduce.top", n=TOP)
    with temporary_folder() as folder:
        files = [folder / "plain-before.csv", folder / "plain-again.csv"]
        for number, (each, file) in enumerate(zip((run, again), files, strict=True)):
            part = task.part(number / 2, (number + 1) / 2, Message("reproduce.comparing-lists"))
            export_top_n(open_model(each), file, TOP, task=part)
        with files[0].open(encoding="utf-8-sig") as ours, files[1].open(encoding="utf-8-sig") as theirs:
            for line, (old, new) in enumerate(zip_longest(ours, theirs, fillvalue="–"), 1):
                if old != new:
                    text = Message("reproduce.line-differs", line=line, before=old.strip(), again=new.strip())
                    return Check(what, False, text)
    return Check(what, True)


def _environment(run: Run, again: Run) -> list[tuple[str, str, str]]:
    """Names and values of what differs between the environments of two runs."""
    ours, theirs = _environment_of(run), _environment_of(again)
    return [
        (name, ours.get(name, "–"), theirs.get(name, "–"))
        for name in dict.fromkeys([*ours, *theirs])
        if ours.get(name) != theirs.get(name)
    ]


def _environment_of(run: Run) -> dict[str, str]:
    try:
        values = read_object(run.folder / ENVIRONMENT)
    except RecdeskError:  # of an older version, or damaged: nothing is known then
        return {}
    plan = values.get("plan")
    plan = plan if isinstance(plan, dict) else {}
    found = {name: str(values[name]) for name in COMPARED if name in values}
    return found | {name: str(plan[name]) for name in COMPARED_PLAN if name in plan}
