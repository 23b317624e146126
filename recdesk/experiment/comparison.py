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
from recdesk.evaluation.seeds import mean_over_seeds, welch_interval
from recdesk.evaluation.sentences import p_text
from recdesk.evaluation.significance import LEVEL, holm, randomization_p
from recdesk.experiment.differing_settings import SettingRow, differing_settings
from recdesk.experiment.run_data import dataset_of
from recdesk.experiment.run_figures import Part, part_of, split_of, with_notes
from recdesk.experiment.seed_figures import mean_figures
from recdesk.workspace.run_groups import RunGroup
from recdesk.workspace.run_results import load_results
from recdesk.workspace.runs import Run

FEWEST, MOST = 2, 8
COMPARED = ("ndcg@10", "recall@10", "mrr@10", "accuracy@1")
SHOWN = (*COMPARED, *BEYOND)
PEOPLE = 20
Entry = Run | RunGroup
"""What is compared: a run, or the runs of several seeds as one."""


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
        seeds_low, seeds_high: confidence interval over seeds (Welch), corrected as the other; None where one of the two
            is a single run.
    """

    run: str
    name: str
    difference: float
    low: float
    high: float
    p: float
    p_holm: float
    seeds_low: float | None = None
    seeds_high: float | None = None

    @property
    def real(self) -> bool:
        """Whether it is more than chance: of the people, by Holm's method and by its interval, which is corrected more
        strictly; and of the seeds, where both have several."""
        over_seeds = self.seeds_low is None or self.seeds_high is None or not self.seeds_low <= 0 <= self.seeds_high
        return self.p_holm < LEVEL and not self.low <= 0 <= self.high and over_seeds


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
        runs: two to eight; the first finished one of a group stands for it.
        groups: of each of them; None for a single run.
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
    groups: tuple[RunGroup | None, ...] = ()

    @property
    def ids(self) -> dict[str, str]:
        """By id of each run, that of its group where it stands for one."""
        return {run.id: (group or run).id for run, group in zip(self.runs, self.groups, strict=True)}

    def difference(self, run: Run, name: str) -> Difference | None:
        """That of a run in a metric; None for the first run, and where it is not known."""
        return next((each for each in self.differences if (each.run, each.name) == (run.id, name)), None)

    def sentences(self, names: Mapping[str, str] | None = None) -> list[str]:
        """What can be said of it in words; `names` of runs by id, their ids if None."""
        called = self.ids | dict(names or {})
        first, said = called[self.runs[0].id], list[str]()
        for run in self.runs[1:]:
            if (found := self.difference(run, "ndcg@10")) is not None:
                said.append(difference_sentence(found, called[run.id], first))
                if found.seeds_low is not None and found.seeds_high is not None:
                    ends = {"low": found.seeds_low, "high": found.seeds_high}
                    said.append(Message("seeds.welch", run=called[run.id], first=first, **ends))
        if any(self.groups):
            said += [Message("seeds.people-mean"), Message("seeds.interval-note")]
            single = [called[run.id] for run, group in zip(self.runs, self.groups, strict=True) if group is None]
            said += [Message("seeds.single", run=name) for name in single]
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


def check_comparable(entries: Sequence[Entry]) -> None:
    """Whether runs can be compared.

    Raises:
        UsageError: they are too few or too many, one has no figures, or they were measured on other data or by another
            protocol.
    """
    every = [run.id for entry in entries for run in (entry.runs if isinstance(entry, RunGroup) else (entry,))]
    if len(set(every)) != len(every):
        raise UsageError(Message("compare.same-run"), Message("compare.name-others"))
    if not FEWEST <= len(entries) <= MOST:
        raise UsageError(Message("compare.wrong-number", fewest=FEWEST, most=MOST), Message("compare.name-others"))
    for entry in entries:
        if not all(part_of(run) in run.metrics for run in measured_runs(entry)):
            raise UsageError(
                Message("figures.none-yet", run=entry.id), Message("figures.train-or-evaluate", run=entry.id)
            )
    first = measured_runs(entries[0])[0]
    for entry in entries:
        for run in measured_runs(entry):
            if run.dataset_hash != first.dataset_hash:
                raise UsageError(
                    Message("compare.other-data", first=first.id, run=run.id), Message("compare.train-on-same")
                )
            if run.protocol.get("hash") != first.protocol.get("hash") or part_of(run) != part_of(first):
                raise UsageError(
                    Message("compare.other-protocol", first=first.id, run=run.id), Message("compare.train-on-same")
                )


def measured_runs(entry: Entry) -> tuple[Run, ...]:
    """The runs whose figures count: a run itself, the finished ones of a group.

    Raises:
        UsageError: none of a group has finished.
    """
    if not isinstance(entry, RunGroup):
        return (entry,)
    if not entry.finished:
        raise UsageError(
            Message("seeds.none-finished", group=entry.id), Message("figures.train-or-evaluate", run=entry.first.id)
        )
    return entry.finished


def compare_runs(entries: Sequence[Entry], task: Task = UNWATCHED) -> Comparison:
    """Compare runs with the first of them.

    Raises:
        UsageError: see `check_comparable`.
        CancelledError: it was cancelled.
    """
    check_comparable(entries)
    every = [measured_runs(entry) for entry in entries]
    runs = tuple(members[0] for members in every)
    groups = tuple(entry if isinstance(entry, RunGroup) else None for entry in entries)
    part = part_of(runs[0])
    settings = tuple(row for row in differing_settings(runs) if row.name != "seed" or not any(groups))
    recorded = tuple(_recorded(members, part) for members in every)
    try:
        dataset = dataset_of(runs[0])
        task.step(0.2)
        kept = [[load_results(run, dataset.n_users, dataset.n_items).get(part) for run in each] for each in every]
    except RecdeskError as error:
        lacks = Message("compare.lacks-because", reason=error.sentence)
        return Comparison(runs, part, recorded, settings, lacks=lacks, groups=groups)
    lacking = [
        run.id for members, each in zip(every, kept, strict=True)
        for run, results in zip(members, each, strict=True) if results is None
    ]  # fmt: skip
    if lacking:
        lacks = Message("compare.lacks-results", names=", ".join(lacking))
        return Comparison(runs, part, recorded, settings, lacks=lacks, groups=groups)
    results = _of_same_people([[each for each in of_entry if each is not None] for of_entry in kept])
    task.step(0.4)
    figures = tuple(_figures(members, each, dataset) for members, each in zip(every, results, strict=True))
    task.step(0.7)
    leading = [each[0] for each in results]
    changed, common = _changed(runs, leading, dataset, part)
    people = len(leading[0].ranks.users)
    differences = tuple(_differences(runs, results))
    return Comparison(runs, part, figures, settings, differences, changed, common, people, groups=groups)


def _of_same_people(every: Sequence[Sequence[Results]]) -> list[list[Results]]:
    """Results of the people that all of them have."""
    users = every[0][0].ranks.users
    for each in every:
        for results in each:
            users = np.intersect1d(users, results.ranks.users, assume_unique=True)
    return [[results.of_users(users) for results in each] for each in every]


def _recorded(runs: tuple[Run, ...], part: Part) -> dict[str, Figure]:
    if len(runs) > 1:
        return {name: figure for name, figure in mean_figures(runs, part).items() if name in SHOWN}
    kept = runs[0].metrics[part]
    return {name: Figure(name, kept[name], people=int(kept.get("users", 0))) for name in SHOWN if name in kept}


def _figures(runs: tuple[Run, ...], every: Sequence[Results], dataset: Dataset) -> dict[str, Figure]:
    """Figures of a run; of several seeds their means with intervals over seeds."""
    if len(runs) == 1:
        return with_notes(runs[0], _figures_of_one(runs[0], every[0], dataset), every[0])
    each = [_figures_of_one(run, results, dataset) for run, results in zip(runs, every, strict=True)]
    people = len(every[0].ranks.users)
    names = [name for name in each[0] if all(name in figures for figures in each)]
    means = {name: mean_over_seeds(name, [figures[name].value for figures in each], people) for name in names}
    return with_notes(runs[0], means, every[0])


def _figures_of_one(run: Run, results: Results, dataset: Dataset) -> dict[str, Figure]:
    figures = accuracy_figures(results.ranks, COMPARED[:3])
    figures["accuracy@1"] = mean_figure("accuracy@1", per_person(results.ranks, "accuracy@1"))
    return figures | list_figures(results, split_of(run, dataset))


def _differences(runs: Sequence[Run], every: Sequence[Sequence[Results]]) -> list[Difference]:
    """Of each later run from the first one; Holm over all that are shown. A person's value of several seeds is its mean
    over them."""
    found: list[tuple[str, str, float, float, float, float]] = []
    over_seeds: list[tuple[float, float] | None] = []
    family = len(COMPARED) * (len(runs) - 1)
    for name in COMPARED:
        values = [np.stack([per_person(results.ranks, name) for results in each]) for each in every]
        for run, ours in zip(runs[1:], values[1:], strict=True):
            difference = ours.mean(0) - values[0].mean(0)
            low, high = bootstrap(difference, family)
            mean = float(difference.mean()) if len(difference) else 0.0
            found.append((run.id, name, mean, low, high, randomization_p(difference)))
            over_seeds.append(welch_interval(ours.mean(1).tolist(), values[0].mean(1).tolist(), family))
    adjusted = holm([each[-1] for each in found])
    return [
        Difference(*each, p_holm, *(ends or (None, None)))
        for each, p_holm, ends in zip(found, adjusted, over_seeds, strict=True)
    ]


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
