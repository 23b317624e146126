"""Runs beside each other: figures with paired differences, the settings that differ, whose lists changed most."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from recdesk.core.errors import RecdeskError, UsageError
from recdesk.core.messages import Message
from recdesk.core.task import UNWATCHED, Task
from recdesk.data.dataset import Dataset
from recdesk.evaluation.figures import BEYOND, Figure, accuracy_figures, list_figures, mean_figure, per_person
from recdesk.evaluation.metrics import NEVER, bootstrap
from recdesk.evaluation.results import Results
from recdesk.evaluation.sentences import p_text
from recdesk.evaluation.significance import LEVEL, holm, randomization_p
from recdesk.experiment.pipeline import dataset_of
from recdesk.experiment.run_figures import Part, part_of, split_of, with_notes
from recdesk.training.config import KINDS
from recdesk.workspace.run_results import load_results
from recdesk.workspace.runs import Run

FEWEST, MOST = 2, 8
COMPARED = ("ndcg@10", "recall@10", "mrr@10", "accuracy@1")
SHOWN = (*COMPARED, *BEYOND)
PEOPLE = 20
NO_SETTING = object()
"""Stands for the value of a setting that the model of a run does not have."""


@dataclass(frozen=True)
class Difference:
    """How a run differs from the first one in a metric, over the same people.

    Attributes:
        run: its id.
        name: of the metric.
        difference: mean of (run - first).
        low, high: confidence interval; those of one comparison hold together with 95 % (Bonferroni).
        p: of the paired randomization test.
        p_holm: the same corrected for all differences of the comparison.
    """

    run: str
    name: str
    difference: float
    low: float
    high: float
    p: float
    p_holm: float

    @property
    def real(self) -> bool:
        """Whether it is more than chance, by Holm's method and by its interval, which is corrected more strictly."""
        return self.p_holm < LEVEL and not self.low <= 0 <= self.high


@dataclass(frozen=True)
class SettingRow:
    """A setting that differs.

    Attributes:
        name: of the field.
        title: its title, as declared.
        values: of each run; `NO_SETTING` where its model has no such setting.
    """

    name: str
    title: str
    values: tuple[Any, ...]


@dataclass(frozen=True)
class ChangedPerson:
    """Somebody whose list changed.

    Attributes:
        user_id: as in the file.
        common: mean number of items that another run's list shares with the first run's.
        title: of the held-out item.
        ranks: of that item in each run, from 1; None where it cannot be recommended.
    """

    user_id: str
    common: float
    title: str
    ranks: tuple[int | None, ...]


@dataclass(frozen=True)
class Comparison:
    """Runs beside each other; the first one is what the others are compared with.

    Attributes:
        runs: two to eight.
        part: whose figures are compared.
        figures: of each run, by name.
        differences: of each later run from the first, by metric; [] where results are missing.
        settings: that differ.
        changed: people whose lists differ most, first.
        common: by run, mean number of items that its lists share with the first run's.
        people: that are measured.
        lacks: a sentence on what is missing; "" for nothing.
    """

    runs: tuple[Run, ...]
    part: Part
    figures: tuple[dict[str, Figure], ...]
    settings: tuple[SettingRow, ...]
    differences: tuple[Difference, ...] = ()
    changed: tuple[ChangedPerson, ...] = ()
    common: dict[str, float] = field(default_factory=dict)
    people: int = 0
    lacks: str = ""

    def difference(self, run: Run, name: str) -> Difference | None:
        """That of a run in a metric; None for the first run, and where it is not known."""
        return next((each for each in self.differences if (each.run, each.name) == (run.id, name)), None)

    def sentences(self, names: Mapping[str, str] | None = None) -> list[str]:
        """What can be said of it in words; `names` of runs by id, their ids if None."""
        called = {run.id: run.id for run in self.runs} | dict(names or {})
        first, said = called[self.runs[0].id], list[str]()
        for run in self.runs[1:]:
            if (found := self.difference(run, "ndcg@10")) is not None:
                said.append(difference_sentence(found, called[run.id], first))
        if self.differences:
            said.append(Message("compare.method", count=len(self.differences), people=self.people))
        for run_id, common in self.common.items():
            said.append(Message("compare.lists-common", run=called[run_id], first=first, common=common))
        return [*said, self.lacks] if self.lacks else said


def difference_sentence(found: Difference, run: str, first: str) -> str:
    """A difference of NDCG@10 in words, with what the two runs are called."""
    values = {
        "run": run, "first": first, "difference": found.difference, "low": found.low, "high": found.high,
        "p": p_text(found.p_holm),
    }  # fmt: skip
    if not found.real:
        return Message("compare.no-clear-difference", **values)
    return Message("compare.better", **values) if found.difference > 0 else Message("compare.worse", **values)


def check_comparable(runs: Sequence[Run]) -> None:
    """Whether runs can be compared.

    Raises:
        UsageError: they are too few or too many, one has no figures, or they were measured on other data or by another
            protocol.
    """
    if len({run.id for run in runs}) != len(runs):
        raise UsageError(Message("compare.same-run"), Message("compare.name-others"))
    if not FEWEST <= len(runs) <= MOST:
        raise UsageError(Message("compare.wrong-number", fewest=FEWEST, most=MOST), Message("compare.name-others"))
    for run in runs:
        if part_of(run) not in run.metrics:
            raise UsageError(Message("figures.none-yet", run=run.id), Message("figures.train-or-evaluate", run=run.id))
    first = runs[0]
    for run in runs[1:]:
        if run.dataset_hash != first.dataset_hash:
            raise UsageError(
                Message("compare.other-data", first=first.id, run=run.id), Message("compare.train-on-same")
            )
        if run.protocol.get("hash") != first.protocol.get("hash") or part_of(run) != part_of(first):
            raise UsageError(
                Message("compare.other-protocol", first=first.id, run=run.id), Message("compare.train-on-same")
            )


def compare_runs(runs: Sequence[Run], task: Task = UNWATCHED) -> Comparison:
    """Compare runs with the first of them.

    Raises:
        UsageError: see `check_comparable`.
        CancelledError: it was cancelled.
    """
    check_comparable(runs)
    part, settings = part_of(runs[0]), tuple(differing_settings(runs))
    recorded = tuple(_recorded(run, part) for run in runs)
    try:
        dataset = dataset_of(runs[0])
        task.step(0.2)
        every = [load_results(run, dataset.n_users, dataset.n_items).get(part) for run in runs]
    except RecdeskError as error:
        lacks = Message("compare.lacks-because", reason=error.sentence)
        return Comparison(tuple(runs), part, recorded, settings, lacks=lacks)
    known = [results for results in every if results is not None]
    if len(known) < len(runs):
        names = ", ".join(run.id for run, results in zip(runs, every, strict=True) if results is None)
        return Comparison(tuple(runs), part, recorded, settings, lacks=Message("compare.lacks-results", names=names))
    users = known[0].ranks.users
    for results in known[1:]:
        users = np.intersect1d(users, results.ranks.users, assume_unique=True)
    known = [results.of_users(users) for results in known]
    task.step(0.4)
    figures = tuple(_figures(run, results, dataset) for run, results in zip(runs, known, strict=True))
    task.step(0.7)
    changed, common = _changed(runs, known, dataset, part)
    return Comparison(
        tuple(runs), part, figures, settings, tuple(_differences(runs, known)), changed, common, len(users)
    )


def _recorded(run: Run, part: Part) -> dict[str, Figure]:
    kept = run.metrics[part]
    return {name: Figure(name, kept[name], people=int(kept.get("users", 0))) for name in SHOWN if name in kept}


def _figures(run: Run, results: Results, dataset: Dataset) -> dict[str, Figure]:
    figures = accuracy_figures(results.ranks, COMPARED[:3])
    figures["accuracy@1"] = mean_figure("accuracy@1", per_person(results.ranks, "accuracy@1"))
    return with_notes(run, figures | list_figures(results, split_of(run, dataset)), results)


def _differences(runs: Sequence[Run], every: Sequence[Results]) -> list[Difference]:
    """Of each later run from the first one; Holm over all that are shown."""
    found: list[tuple[str, str, float, float, float, float]] = []
    family = len(COMPARED) * (len(runs) - 1)
    for name in COMPARED:
        first = per_person(every[0].ranks, name)
        for run, results in zip(runs[1:], every[1:], strict=True):
            difference = per_person(results.ranks, name) - first
            low, high = bootstrap(difference, family)
            mean = float(difference.mean()) if len(difference) else 0.0
            found.append((run.id, name, mean, low, high, randomization_p(difference)))
    adjusted = holm([values[-1] for values in found])
    return [Difference(*values, p_holm) for values, p_holm in zip(found, adjusted, strict=True)]


def _changed(
    runs: Sequence[Run], every: Sequence[Results], dataset: Dataset, part: Part
) -> tuple[tuple[ChangedPerson, ...], dict[str, float]]:
    first, users = every[0].lists, every[0].ranks.users
    shared = [common_items(first, results.lists) for results in every[1:]]
    if not len(users):
        return (), {}
    common = {run.id: float(each.mean()) for run, each in zip(runs[1:], shared, strict=True)}
    means = np.mean(shared, axis=0)
    split = split_of(runs[0], dataset)
    made = []
    for row in np.argsort(means, kind="stable")[:PEOPLE].tolist():
        user = int(users[row])
        item = int(split.dataset.items[split.targets(part)[user]]) - 1
        ranks = tuple(_rank(results, row) for results in every)
        made.append(ChangedPerson(str(dataset.user_ids[user]), float(means[row]), str(dataset.titles[item]), ranks))
    return tuple(made), common


def _rank(results: Results, row: int) -> int | None:
    ranks = results.ranks
    if ranks.greater[row] >= NEVER:
        return None
    return int(ranks.greater[row] + ranks.equal[row] // 2) + 1


def common_items(first: "np.typing.NDArray[np.int32]", second: "np.typing.NDArray[np.int32]") -> Any:
    """How many items two lists of each person share, int64 [n]; lists are int32 [n, k] with -1 for no item."""
    return ((first[:, :, None] == second[:, None, :]) & (first[:, :, None] >= 0)).sum((1, 2))


def differing_settings(runs: Sequence[Run]) -> list[SettingRow]:
    """The settings in which runs differ, in the order of their declaration."""
    values = [run.config.model_dump() for run in runs]
    names = list(dict.fromkeys(name for each in values for name in each))
    rows = []
    for name in names:
        of_each = tuple(each.get(name, NO_SETTING) for each in values)
        if any(value != of_each[0] for value in of_each[1:]):
            rows.append(SettingRow(name, _title(runs, name), of_each))
    return rows


def _title(runs: Sequence[Run], name: str) -> str:
    for run in runs:
        declared = KINDS[run.kind].model_fields.get(name) if run.kind in KINDS else None
        if declared is not None and declared.title:
            return declared.title
    return "Model" if name == "kind" else name
