"""Figures by groups of people: by the length of their history, by the held-out item, by any imported feature."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from recdesk.core.messages import Message
from recdesk.core.task import UNWATCHED, Task
from recdesk.data.categories import MOST_CATEGORIES, Categories, are_numbers, separator_of
from recdesk.data.dataset import Dataset
from recdesk.data.splitting import Split, train_popularity
from recdesk.evaluation.figures import Figure, mean_figure, per_person
from recdesk.evaluation.measured import FEW
from recdesk.evaluation.results import Results

BINS = 5
"""Groups of about equal size that numbers are cut into."""
MOST_GROUPS = 8
"""Categories with a row of their own; the others are one row."""
SHOWN = ("ndcg@10", "recall@10")
POPULAR_SHARES = (
    (0.01, Message("figures.most-popular-share")),
    (0.1, Message("figures.next-popular-share")),
    (1.0, Message("figures.less-popular-rest")),
)
"""Ends of the groups by popularity, as shares of the catalogue."""


@dataclass(frozen=True)
class Group:
    """People of one kind.

    Attributes:
        label: who they are: a message, or a value of a feature.
        people: how many.
        figures: by name, see `SHOWN`.
    """

    label: str
    people: int
    figures: dict[str, Figure]


@dataclass(frozen=True)
class Breakdown:
    """Figures by groups.

    Attributes:
        title: by what.
        kind: of what it is a property.
        groups: in order.
        overlapping: whether a person may be in several groups.
    """

    title: str
    kind: Literal["history", "item", "person"]
    groups: tuple[Group, ...]
    overlapping: bool = False


HOUR, DAY = 3600, 86_400
GAPS = (
    (0, Message("figures.gap-none")),
    (HOUR, Message("figures.gap-hour")),
    (DAY, Message("figures.gap-day")),
    (7 * DAY, Message("figures.gap-week")),
    (30 * DAY, Message("figures.gap-month")),
    (365 * DAY, Message("figures.gap-year")),
    (2**62, Message("figures.gap-longer")),
)
"""Groups by the time since the last event: the most seconds of each."""
NEW_SHARE = 0.1
"""Of all time that the data has, the last part; who came in it first is new."""
Rows = NDArray[np.integer]


def breakdowns(
    results: Results, split: Split, part: Literal["validation", "test"], task: Task = UNWATCHED
) -> list[Breakdown]:
    """Every breakdown that the data allows.

    Raises:
        CancelledError: it was cancelled.
    """
    dataset, users = split.dataset, results.ranks.users
    values = {name: per_person(results.ranks, name) for name in SHOWN}
    rows = split.targets(part)[users]
    lengths, held_out = rows - dataset.offsets[users], dataset.items[rows].astype(np.int64) - 1
    popularity = train_popularity(split)
    found = [
        Breakdown(Message("figures.by-history"), "history", _groups(_bins(lengths), values)),
        Breakdown(Message("figures.by-popularity"), "item", _groups(_by_popularity(held_out, popularity), values)),
    ]
    if dataset.times is not None:
        found += _by_time(dataset, dataset.times, users, rows, values)
    sources: tuple[tuple[pd.DataFrame, NDArray[np.int64], Literal["item", "person"]], ...] = (
        (dataset.item_features, held_out, "item"),
        (dataset.user_features, users, "person"),
    )
    for frame, positions, kind in sources:
        for name in frame.columns:
            task.check()
            if name == dataset.title_column and kind == "item":
                continue
            labelled = _by_feature(frame[name], positions)
            if labelled is not None:
                labels, overlapping = labelled
                found.append(Breakdown(_feature_title(kind, str(name)), kind, _groups(labels, values), overlapping))
    return [breakdown for breakdown in found if len(breakdown.groups) > 1]


def _by_time(
    dataset: Dataset, times: NDArray[np.int64], users: Rows, rows: Rows, values: dict[str, NDArray[np.float64]]
) -> Iterator[Breakdown]:
    """By the time since the last event, and new and older people."""
    before = rows > dataset.offsets[users]
    gaps = np.where(before, times[rows] - times[np.maximum(rows - 1, 0)], -1)
    labelled: list[tuple[str, Rows]] = []
    above = -1
    for most, label in GAPS:
        labelled.append((label, np.flatnonzero((gaps > above) & (gaps <= most))))
        above = most
    yield Breakdown(Message("figures.by-gap"), "history", _groups(labelled, values))
    first, last = int(times.min()), int(times.max())
    border = last - (last - first) * NEW_SHARE
    new = times[dataset.offsets[users]] >= border
    sides = [
        (Message("figures.new-people"), np.flatnonzero(new)),
        (Message("figures.older-people"), np.flatnonzero(~new)),
    ]
    yield Breakdown(Message("figures.by-arrival"), "person", _groups(sides, values))


def _feature_title(kind: str, name: str) -> str:
    if kind == "item":
        return Message("figures.by-item-feature", name=name)
    return Message("figures.by-person-feature", name=name)


def _groups(labelled: Sequence[tuple[str, Rows]], values: dict[str, NDArray[np.float64]]) -> tuple[Group, ...]:
    made = []
    for label, rows in labelled:
        if len(rows):
            figures = {name: mean_figure(name, each[rows]) for name, each in values.items()}
            if len(rows) < FEW:
                figures = {n: f.noted(Message("figures.too-few-in-group", count=len(rows))) for n, f in figures.items()}
            made.append(Group(label, len(rows), figures))
    return tuple(made)


def _bins(numbers: NDArray[np.number]) -> list[tuple[str, Rows]]:
    """Groups of about equal size by a number, each with its range as label; equal numbers stay together."""
    if not len(numbers):
        return []
    edges = np.unique(np.quantile(numbers, np.linspace(0, 1, BINS + 1)[1:-1], method="lower"))
    places = np.searchsorted(edges, numbers, side="left")
    made: list[tuple[str, Rows]] = []
    for place in np.unique(places):
        rows = np.flatnonzero(places == place)
        low, high = _plain(numbers[rows].min()), _plain(numbers[rows].max())
        label = low if low == high else Message("figures.range", low=low, high=high)
        made.append((label, rows))
    return made


def _plain(number: float) -> str:
    return f"{int(number):,}" if float(number).is_integer() and abs(number) >= 10_000 else f"{number:g}"


def _by_popularity(held_out: NDArray[np.int64], popularity: NDArray[np.int64]) -> list[tuple[str, Rows]]:
    """Groups by the place of the held-out item in the order of popularity."""
    place = np.empty(len(popularity), np.int64)
    place[np.argsort(-popularity, kind="stable")] = np.arange(len(popularity))
    shares = place[held_out] / len(popularity)
    unseen = popularity[held_out] == 0
    made: list[tuple[str, Rows]] = []
    below = 0.0
    for share, label in POPULAR_SHARES:
        made.append((label, np.flatnonzero((shares >= below) & (shares < share) & ~unseen)))
        below = share
    return [*made, (Message("figures.nobody-in-training"), np.flatnonzero(unseen))]


def _by_feature(texts: pd.Series, positions: NDArray[np.int64]) -> tuple[list[tuple[str, Rows]], bool] | None:
    """Groups by a text feature, and whether they overlap; None where it sorts nobody: names, texts, ids."""
    texts = texts.reset_index(drop=True)
    known = texts[texts != ""]
    if not len(known):
        return None
    if known.nunique() > MOST_GROUPS and are_numbers(known):
        every = pd.to_numeric(texts, errors="coerce").to_numpy(np.float64, na_value=np.nan)[positions]
        there = np.flatnonzero(~np.isnan(every))
        labelled = [(label, there[rows]) for label, rows in _bins(every[there])]
        return [*labelled, (Message("figures.unknown-value"), np.flatnonzero(np.isnan(every)))], False
    separator = separator_of(known)
    distinct = known.str.split(separator, regex=False).explode().nunique() if separator else known.nunique()
    if not 2 <= distinct <= min(MOST_CATEGORIES, max(len(known) / 2, 2)):
        return None
    categories = Categories.of("", texts)
    overlapping = bool((np.diff(categories.offsets) > 1).any())
    return list(_category_groups(categories, positions)), overlapping


def _category_groups(categories: Categories, positions: NDArray[np.int64]) -> Iterator[tuple[str, Rows]]:
    people: dict[int, Rows] = {}
    starts = categories.offsets[positions]
    lengths = categories.offsets[positions + 1] - starts
    person = np.repeat(np.arange(len(positions)), lengths)
    at = np.repeat(starts - (np.cumsum(lengths) - lengths), lengths) + np.arange(len(person))
    codes = categories.codes[at]
    counted = np.bincount(codes, minlength=len(categories.names))
    order = [int(code) for code in np.argsort(-counted, kind="stable") if counted[code]]
    for code in order[:MOST_GROUPS]:
        people[code] = person[codes == code]
        yield categories.names[code], people[code]
    rest = order[MOST_GROUPS:]
    if rest:
        yield Message("figures.other-values", count=len(rest)), np.unique(person[np.isin(codes, rest)])
    yield Message("figures.unknown-value"), np.flatnonzero(lengths == 0)
