"""Whether a run can be compared with a figure that others published, and how it compares."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from recdesk.core.errors import RecdeskError
from recdesk.core.messages import Message, word
from recdesk.data.manifest import describe
from recdesk.evaluation.figure import Figure
from recdesk.workspace.dataset_versions import folder_of_version
from recdesk.workspace.published import PublishedFigure, load_published
from recdesk.workspace.runs import Run


@dataclass(frozen=True)
class AgainstPublished:
    """A run beside a published figure.

    Attributes:
        figure: the published one.
        reasons: why they cannot be compared; () where they can.
        own: the run's figure; None where they cannot.
    """

    figure: PublishedFigure
    reasons: tuple[str, ...]
    own: Figure | None = None

    @property
    def sentences(self) -> list[str]:
        """In words."""
        figure, own = self.figure, self.own
        values: dict[str, Any] = {
            "model": figure.model, "source": figure.source, "name": metric_name(figure.metric), "value": figure.value,
        }  # fmt: skip
        if own is None:
            return [Message("published.not-comparable", **values), *self.reasons]
        values["own"] = own.value
        if own.low is None or own.high is None:
            return [Message("published.beside", **values)]
        values |= {"low": own.low, "high": own.high}
        if own.low > figure.value:
            return [Message("published.better", **values)]
        if own.high < figure.value:
            return [Message("published.worse", **values)]
        return [Message("published.level", **values)]


def metric_name(metric: str) -> str:
    """What a metric is called: "NDCG@10"."""
    gain, _, cutoff = metric.partition("@")
    return f"{gain.upper() if gain in ('ndcg', 'mrr') else gain.capitalize()}@{cutoff}"


def against_published(run: Run, figures: Mapping[str, Figure]) -> list[AgainstPublished]:
    """A run beside every figure that is noted for its dataset.

    Args:
        run: a run with figures.
        figures: its own by name.

    Raises:
        DataError: the file of the figures is damaged.
    """
    noted = load_published(run.workspace, run.dataset_name)
    facts = _facts(run) if noted else {}
    found = []
    for figure in noted:
        reasons = tuple(_reasons(figure, run, facts, figures))
        found.append(AgainstPublished(figure, reasons, None if reasons else figures[figure.metric]))
    return found


def _facts(run: Run) -> dict[str, Any]:
    """Counts of the run's version of its dataset; {} where it is gone."""
    try:
        return dict(describe(folder_of_version(run.workspace, run.dataset_name, run.dataset_hash)))
    except (RecdeskError, OSError):
        return {}


def _reasons(
    figure: PublishedFigure, run: Run, facts: Mapping[str, Any], figures: Mapping[str, Figure]
) -> Iterator[str]:
    """Why a run cannot be compared with a figure."""
    split = str(run.protocol.get("split", run.split))
    if figure.split != split or "test" not in run.metrics:
        yield Message("published.other-split", theirs=word(figure.split), ours=word(split))
    if figure.candidates == "sampled":
        yield Message("published.sampled", negatives=figure.negatives, run=run.id)
    if not figure.seen_excluded:
        yield Message("published.seen-ranked")
    if figure.knows_moment != (run.protocol.get("moment", "unknown") == "known"):
        yield Message("published.moment-known") if figure.knows_moment else Message("published.moment-known-here")
    if figure.metric not in figures:
        yield Message("published.other-cutoff", name=metric_name(figure.metric))
    yield from _filtering(figure, facts)


def _filtering(figure: PublishedFigure, facts: Mapping[str, Any]) -> Iterator[str]:
    """Whether the data has the same size after its filters."""
    theirs = {"users": figure.users, "items": figure.items, "interactions": figure.interactions}
    noted = {name: count for name, count in theirs.items() if count is not None}
    if figure.users is None or figure.items is None:
        yield Message("published.filters-unknown")
    differing = {name: count for name, count in noted.items() if facts.get(name) != count}
    for name, count in differing.items():
        ours = facts.get(name)
        if ours is not None:
            yield Message("published.other-filters", what=word(name), theirs=count, ours=ours)
    if noted and not facts:
        yield Message("published.data-gone")
