"""How good a run is: figures with intervals and footnotes, by groups of people, and whom it serves best and worst."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from recdesk.core.errors import RecdeskError, UsageError
from recdesk.core.messages import Message
from recdesk.core.task import UNWATCHED, Task
from recdesk.data.categories import item_categories
from recdesk.data.dataset import Dataset
from recdesk.data.splitting import Protocol, Split, make_split
from recdesk.evaluation.figures import ACCURACY, BEYOND, Figure, accuracy_figures, list_figures
from recdesk.evaluation.groups import Breakdown, breakdowns
from recdesk.evaluation.persons import Person, best_and_worst
from recdesk.evaluation.results import Results
from recdesk.evaluation.sampled import Sampled, sampled
from recdesk.evaluation.sentences import (
    comparison_sentences,
    found_sentence,
    interval_sentence,
    leakage_note,
    tie_note,
    weaker_than,
)
from recdesk.experiment.pipeline import held_out, measure
from recdesk.experiment.published import against_published
from recdesk.experiment.run_data import dataset_of
from recdesk.workspace.run_results import load_results, save_results
from recdesk.workspace.run_store import RunStore
from recdesk.workspace.runs import METRICS, RESULTS, Run

Part = Literal["validation", "test"]


@dataclass(frozen=True)
class HowGood:
    """How good a run is on its held-out items.

    Attributes:
        run: the run.
        part: which of them: test, or validation where nothing is tested.
        figures: by name; those of older runs lack most intervals.
        breakdowns: figures by groups of people.
        best, worst: people served best and worst.
        diversity_by: feature by which the diversity of lists is measured; "" for none.
        lacks: a sentence on what is missing and what to do about it; "" for nothing.
        sampled: figures by the protocol of older papers; None where ranks are missing.
        in_words: the same in words, where that is not what a single run says.
        published: how it compares with figures that are noted for its dataset, and why it does not.
    """

    run: Run
    part: Part
    figures: dict[str, Figure]
    breakdowns: tuple[Breakdown, ...] = ()
    best: tuple[Person, ...] = ()
    worst: tuple[Person, ...] = ()
    diversity_by: str = ""
    lacks: str = ""
    sampled: Sampled | None = None
    in_words: tuple[str, ...] = ()
    published: tuple[str, ...] = ()

    @property
    def sentences(self) -> list[str]:
        """The same in words."""
        if self.in_words:
            return [*self.in_words, *self.published]
        run, figures = self.run, self.run.metrics[self.part]
        said = [found_sentence(figures), interval_sentence("NDCG@10", self.figures["ndcg@10"])]
        counted = run.measured
        said += counted.sentences if counted else []
        if counted is None or counted.comparable:
            said += comparison_sentences(run.comparisons)
        return [sentence for sentence in (*said, *self.published) if sentence]


def part_of(run: Run) -> Part:
    """The part whose figures stand for a run: test, or validation where nothing is tested."""
    return "test" if "test" in run.metrics else "validation"


def how_good(run: Run, task: Task = UNWATCHED) -> HowGood:
    """Everything that is known of how good a run is.

    Raises:
        UsageError: it has no figures yet.
        CancelledError: it was cancelled.
    """
    part = part_of(run)
    if part not in run.metrics:
        raise UsageError(Message("figures.none-yet", run=run.id), Message("figures.train-or-evaluate", run=run.id))
    try:
        dataset = dataset_of(run)
        task.step(0.3)
        results = load_results(run, dataset.n_users, dataset.n_items).get(part)
    except RecdeskError as error:  # the data is gone or a file is damaged: what stands in the record is still true
        return _from_record(run, part, Message("figures.lacks-because", reason=error.sentence))
    if results is None:
        return _from_record(run, part, Message("figures.lacks-results", run=run.id))
    split = split_of(run, dataset)
    figures = accuracy_figures(results.ranks)
    task.step(0.6)
    figures |= list_figures(results, split)
    by = item_categories(dataset)
    best, worst = best_and_worst(results, split, part)
    groups = breakdowns(results, split, part, task)
    return HowGood(
        run,
        part,
        with_notes(run, figures, results),
        tuple(groups),
        tuple(best),
        tuple(worst),
        by.feature if by else "",
        sampled=sampled(results.ranks, split, part),
        published=published_sentences(run, figures),
    )


def split_of(run: Run, dataset: Dataset) -> Split:
    """The split that a run was measured on."""
    protocol = Protocol.from_dict(run.protocol) if run.protocol else None
    return make_split(dataset, run.split, protocol.max_users if protocol else None, protocol.seed if protocol else 0)


def _from_record(run: Run, part: Part, lacks: str) -> HowGood:
    """Of what `metrics.json` holds."""
    kept = run.metrics[part]
    people = int(kept.get("users", 0))
    figures = {name: Figure(name, kept[name], people=people) for name in (*ACCURACY, *BEYOND) if name in kept}
    if {"ndcg@10", "ndcg@10 low", "ndcg@10 high"} <= set(kept):
        figures["ndcg@10"] = Figure("ndcg@10", kept["ndcg@10"], kept["ndcg@10 low"], kept["ndcg@10 high"], people)
    noted = with_notes(run, figures, None)
    return HowGood(run, part, noted, lacks=lacks, published=published_sentences(run, figures))


def published_sentences(run: Run, figures: dict[str, Figure]) -> tuple[str, ...]:
    """A run beside the figures that are noted for its dataset, in words; where these cannot be read, why."""
    try:
        return tuple(sentence for each in against_published(run, figures) for sentence in each.sentences)
    except RecdeskError as error:
        return (Message("published.damaged", reason=error.sentence),)


def with_notes(run: Run, figures: dict[str, Figure], results: Results | None) -> dict[str, Figure]:
    """Figures with footnotes on what weakens each of them."""
    general = tuple(_notes_of_ranks(run, results))
    noted = {}
    for name, figure in figures.items():
        notes = () if name in BEYOND else general
        if name == "ndcg@10" and (weaker := weaker_than(run.comparisons)):
            notes = (*notes, weaker)
        noted[name] = figure.noted(*notes)
    return noted


def _notes_of_ranks(run: Run, results: Results | None) -> Iterator[str]:
    """Footnotes of all figures of the rank."""
    if run.measured is not None:
        yield from run.measured.limits
    if run.protocol.get("moment") == "known":
        yield Message("figures.note-moment")
    if sentence := leakage_note(run.notes.get("leakage", {})):
        yield sentence
    tied = 0.0 if results is None or not len(results.ranks.users) else float((results.ranks.equal > 0).mean())
    if sentence := tie_note(tied):
        yield sentence


def measure_again(run: Run, task: Task = UNWATCHED) -> tuple[dict[str, dict[str, float]], dict[str, Results], Split]:
    """Rank everything again from the saved model; keeps the results of each person with a run that lacks them.

    Returns:
        Metrics and results by part, both {} when cancelled, and the split.

    Raises:
        RecdeskError: the run has no model, its data is gone, or its folder cannot be written.
    """
    from recdesk.recommend.recommender import LiveModel

    run.require_model()
    dataset = dataset_of(run)
    model = LiveModel.open(run.best_folder, dataset, run.config.device).model
    split = make_split(dataset, run.split)
    results, metrics = measure(split, model, task)
    if results and not (run.folder / RESULTS).exists() and METRICS in run.has:
        save_results(run, held_out(results))
        RunStore.of(run).note_written(run, RESULTS)
    return metrics, results, split


def parts_of(results: dict[str, Results]) -> Part:
    """The part that stands for results."""
    return "test" if "test" in results else "validation"
