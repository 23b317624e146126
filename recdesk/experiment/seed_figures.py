"""Figures of a group of runs that differ in their seed only: one result with its interval over seeds."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from recdesk.core.errors import RecdeskError, UsageError
from recdesk.core.messages import Message, word
from recdesk.core.task import UNWATCHED, Task
from recdesk.evaluation.figures import ACCURACY, BEYOND, Figure, list_figures
from recdesk.evaluation.seeds import mean_over_seeds
from recdesk.evaluation.sentences import verdict
from recdesk.experiment.run_data import dataset_of
from recdesk.experiment.run_figures import HowGood, Part, how_good, part_of, published_sentences, split_of
from recdesk.workspace.run_groups import RunGroup
from recdesk.workspace.run_results import load_results
from recdesk.workspace.runs import Run


@dataclass(frozen=True)
class AgainstBaseline:
    """How the runs of a group compare with a baseline.

    Attributes:
        name: of the baseline.
        figure: mean difference of NDCG@10 over seeds, positive where the runs are better.
        better, worse: seeds on which the paired test over people says so.
    """

    name: str
    figure: Figure
    better: int
    worse: int

    @property
    def sentence(self) -> str:
        """In words; "" for one seed, which has no interval."""
        if self.figure.low is None or self.figure.high is None:
            return ""
        return Message(
            "seeds.against-baseline", name=word(self.name), difference=self.figure.value, low=self.figure.low,
            high=self.figure.high, better=self.better, worse=self.worse, seeds=self.figure.seeds,
        )  # fmt: skip


@dataclass(frozen=True)
class SeedFigures:
    """One result of several seeds.

    Attributes:
        group: its runs.
        part: whose figures stand for them.
        figures: means over the finished runs by name.
        against: the baselines, as every run was compared with them.
    """

    group: RunGroup
    part: Part
    figures: dict[str, Figure]
    against: tuple[AgainstBaseline, ...] = field(default=())

    @property
    def sentences(self) -> list[str]:
        """The result in words."""
        runs, figure = self.group.finished, self.figures["ndcg@10"]
        said: list[str] = []
        if figure.low is not None and figure.high is not None:
            said.append(
                Message(
                    "seeds.mean-is", name="NDCG@10", value=figure.value, seeds=figure.seeds, low=figure.low,
                    high=figure.high, count=figure.seeds - 1, people=figure.people,
                )
            )  # fmt: skip
            values = [run.metrics[self.part]["ndcg@10"] for run in runs]
            said.append(Message("seeds.spread", lowest=min(values), highest=max(values)))
        else:
            said.append(Message("seeds.one-only"))
        if len(runs) < self.group.size:
            said.append(Message("seeds.some-finished", finished=len(runs), size=self.group.size))
        counted = runs[0].measured
        said += counted.sentences if counted else []
        if counted is None or counted.comparable:
            said += [each.sentence for each in self.against if each.sentence]
        return said


def seed_figures(group: RunGroup) -> SeedFigures:
    """The result of a group, of what its runs have recorded.

    Raises:
        UsageError: none of its runs has finished.
    """
    runs = group.finished
    if not runs:
        raise UsageError(
            Message("seeds.none-finished", group=group.id), Message("figures.train-or-evaluate", run=group.first.id)
        )
    part = part_of(runs[0])
    runs = tuple(run for run in runs if part in run.metrics)
    return SeedFigures(group, part, mean_figures(runs, part), tuple(_against(runs)))


def how_good_group(found: SeedFigures, task: Task = UNWATCHED) -> HowGood:
    """How good a group is: its means over seeds; groups of people and examples are those of its first finished run.

    Raises:
        CancelledError: it was cancelled.
    """
    first = how_good(found.group.finished[0], task.part(0.0, 0.5))
    notes = {name: figure.notes for name, figure in first.figures.items()}
    every = found.figures | ({} if first.lacks else _list_means(found, task.part(0.5, 1.0)))
    figures = {name: figure.noted(*notes.get(name, ())) for name, figure in every.items()}
    return replace(
        first, figures=figures, sampled=None, lacks=Message("seeds.groups-of-one", run=first.run.id),
        in_words=tuple(found.sentences), published=published_sentences(first.run, found.figures),
    )  # fmt: skip


def _list_means(found: SeedFigures, task: Task) -> dict[str, Figure]:
    """Means over seeds of the metrics beyond accuracy, from the lists that the runs kept; {} where one kept none."""
    runs = found.group.finished
    try:
        dataset = dataset_of(runs[0])
        each: list[dict[str, Figure]] = []
        for number, run in enumerate(runs):
            task.step(number / len(runs))
            results = load_results(run, dataset.n_users, dataset.n_items)[found.part]
            each.append(list_figures(results, split_of(run, dataset)))
    except (RecdeskError, KeyError):
        task.check()
        return {}
    names = [name for name in each[0] if all(name in figures for figures in each)]
    people = found.figures["ndcg@10"].people
    return {name: mean_over_seeds(name, [figures[name].value for figures in each], people) for name in names}


def mean_figures(runs: tuple[Run, ...], part: Part) -> dict[str, Figure]:
    """Means over runs of every figure that all of them have recorded."""
    every = [run.metrics[part] for run in runs]
    people = int(every[0].get("users", 0))
    names = [name for name in (*ACCURACY, "accuracy@1", *BEYOND) if all(name in figures for figures in every)]
    return {name: mean_over_seeds(name, [figures[name] for figures in every], people) for name in names}


def _against(runs: tuple[Run, ...]) -> Iterator[AgainstBaseline]:
    """Of each baseline that all runs were compared with."""
    for name in runs[0].comparisons:
        every = [run.comparisons[name] for run in runs if name in run.comparisons]
        if len(every) == len(runs):
            verdicts = [verdict(each) for each in every]
            figure = mean_over_seeds(name, [each["difference"] for each in every])
            yield AgainstBaseline(name, figure, verdicts.count(1), verdicts.count(-1))
