"""Health of a dataset: figures of its shape for charts, and likely problems in plain words."""

import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from recdesk.core.messages import Message
from recdesk.core.task import UNWATCHED, Task
from recdesk.data.dataset import Dataset, empty_rows
from recdesk.data.interaction_log import CHUNK
from recdesk.data.pseudonyms import keeps_file_order

DAY = 86_400
LENGTHS = (1, 2, 3, 4, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000, 20_000, 50_000, 100_000)
"""Lower bounds of the bins of the histogram of history lengths."""
UNITS = {"hour": "h", "day": "D", "week": "W", "month": "M", "year": "Y"}
MOST_BARS = 120
TAIL_POINTS = 101
FIRST_LIKELY = 631_152_000  # 1990: recorded behaviour is hardly older


@dataclass(frozen=True)
class Health:
    """Figures of a dataset; shares are 0..1.

    Attributes:
        users, items, interactions: counts.
        density: share of all pairs of user and item that occur.
        repeats: share of interactions that take an item again.
        lengths: histogram of history lengths: "from" (first length of each bar) and "users".
        median_length, longest: of histories.
        tail: the long tail: "items" (share of the items, the most popular first) and "interactions" (their share).
        gini: inequality of the items' popularity; 0 when all are equal, near 1 when a few have all.
        over_time: "unit" (hour, day, week, month, year or part), "from" (epoch seconds) and "interactions" of each bar;
            None without times.
        tied: share of interactions at the same second as another one of the same user; None without times.
        items_without_text: items of which no feature is known.
        problems: likely ones, in sentences.
        users_without_features: users of whom no feature is known.
    """

    users: int
    items: int
    interactions: int
    density: float
    repeats: float
    lengths: dict[str, list[int]]
    median_length: float
    longest: int
    tail: dict[str, list[float]]
    gini: float
    over_time: dict[str, Any] | None
    tied: float | None
    items_without_text: int
    problems: list[str] = field(default_factory=list)
    users_without_features: int = 0

    def to_dict(self) -> dict[str, Any]:
        """Plain values, for `health.json`."""
        return asdict(self)

    @classmethod
    def from_dict(cls, values: dict[str, Any]) -> "Health":
        """The inverse of `to_dict`."""
        return cls(**{"users_without_features": values.get("users", 0), **values})  # older ones know of no features


def health(dataset: Dataset, task: Task = UNWATCHED, now: float | None = None) -> Health:
    """Compute the health of a dataset.

    Args:
        dataset: what to look at; it has an interaction at least.
        task: checked several times a second.
        now: epoch seconds after which a time is in the future; the present by default.
    """
    lengths = np.diff(dataset.offsets)
    counts = dataset.popularity
    task.check()
    distinct, tied = _pairs_and_ties(dataset, task)
    features = dataset.item_features
    empty = empty_rows(features) if len(features.columns) else dataset.n_items
    unknown = empty_rows(dataset.user_features) if len(dataset.user_features.columns) else dataset.n_users
    found = Health(
        users=dataset.n_users,
        items=dataset.n_items,
        interactions=dataset.n_interactions,
        density=distinct / (dataset.n_users * dataset.n_items),
        repeats=1 - distinct / dataset.n_interactions,
        lengths=_histogram(lengths),
        median_length=float(np.median(lengths)),
        longest=int(lengths.max()),
        tail=_tail(counts),
        gini=_gini(counts),
        over_time=None if dataset.times is None else _over_time(dataset.times, task),
        tied=None if dataset.times is None else tied / dataset.n_interactions,
        items_without_text=empty,
        users_without_features=unknown,
    )
    task.check()
    found.problems.extend(of_pseudonyms(dataset))
    found.problems.extend(_problems(dataset, found, lengths, counts, time.time() if now is None else now))
    return found


def of_pseudonyms(dataset: Dataset) -> Iterator[str]:
    """Problems with the pseudonyms of a dataset."""
    if keeps_file_order(dataset):
        yield (Message("people.old-order-update"))


def _pairs_and_ties(dataset: Dataset, task: Task) -> tuple[int, int]:
    """Distinct pairs of user and item, and rows at the same time as a neighbour of the same user."""
    distinct = tied = 0
    offsets, times = dataset.offsets, dataset.times
    begin = 0
    while begin < dataset.n_users:
        task.check()
        end = max(int(np.searchsorted(offsets, offsets[begin] + CHUNK, side="right")) - 1, begin + 1)
        part = slice(int(offsets[begin]), int(offsets[end]))
        users = np.repeat(np.arange(end - begin, dtype=np.int64), np.diff(offsets[begin : end + 1]))
        distinct += len(pd.unique(users * (dataset.n_items + 1) + dataset.items[part]))
        if times is not None:
            same = (users[1:] == users[:-1]) & (np.diff(times[part]) == 0)
            tied += int(np.count_nonzero(np.append(same, False) | np.append(False, same)))
        begin = end
    return distinct, tied


def _histogram(lengths: NDArray[np.int64]) -> dict[str, list[int]]:
    used = [edge for edge in LENGTHS if edge <= lengths.max()]
    counts = np.histogram(lengths, bins=[*used, np.inf])[0]
    return {"from": used, "users": counts.tolist()}


def _tail(counts: NDArray[np.int64]) -> dict[str, list[float]]:
    total = np.concatenate(([0], np.cumsum(np.sort(counts)[::-1])))
    shares = np.linspace(0, 1, TAIL_POINTS)
    reached = np.interp(shares * len(counts), np.arange(len(total)), total) / total[-1]
    return {"items": np.round(shares, 4).tolist(), "interactions": np.round(reached, 6).tolist()}


def _gini(counts: NDArray[np.int64]) -> float:
    n = len(counts)
    ranks = np.arange(1, n + 1)
    return float(2 * np.dot(ranks, np.sort(counts)) / (n * counts.sum()) - (n + 1) / n)


def _over_time(times: NDArray[np.int64], task: Task) -> dict[str, Any]:
    """Interactions a calendar unit, the finest that gives at most MOST_BARS bars."""
    first, last = int(times.min()), int(times.max())
    for name, code in UNITS.items():
        ends = np.array([first, last], "datetime64[s]").astype(f"datetime64[{code}]").astype(np.int64)
        if (bars := int(ends[1] - ends[0]) + 1) <= MOST_BARS:
            counts = np.zeros(bars, dtype=np.int64)
            for begin in range(0, len(times), CHUNK):
                task.check()
                moments = np.asarray(times[begin : begin + CHUNK]).astype("datetime64[s]")
                counts += np.bincount(moments.astype(f"datetime64[{code}]").astype(np.int64) - ends[0], minlength=bars)
            starts = (ends[0] + np.arange(bars)).astype(f"datetime64[{code}]").astype("datetime64[s]").astype(np.int64)
            return {"unit": name, "from": starts.tolist(), "interactions": counts.tolist()}
    counts, edges = np.histogram(times, bins=MOST_BARS)
    return {"unit": "part", "from": edges[:-1].astype(np.int64).tolist(), "interactions": counts.tolist()}


def _problems(
    dataset: Dataset, found: Health, lengths: NDArray[np.int64], counts: NDArray[np.int64], now: float
) -> Iterator[str]:
    """Likely problems, those that spoil most first."""
    yield from _of_times(dataset, found, now)
    few = float((lengths < 3).mean())
    if few >= 0.5:
        yield Message("health.short-histories", share=_percent(few))
    yield from _of_robots(found, lengths)
    if found.users < 100:
        yield Message("health.few-people", count=found.users)
    once = float((counts == 1).mean())
    if once >= 0.5:
        yield Message("health.items-taken-once", share=_percent(once))
    top = found.tail["interactions"][1]
    if top >= 0.5 and found.items >= 100:
        yield Message("health.few-items-dominate", share=_percent(top))
    if found.repeats >= 0.2:
        again = _percent(found.repeats)
        yield Message("health.items-taken-again", share=again)
    yield from _of_ratings(dataset)
    if len(dataset.item_features.columns) and found.items_without_text:
        yield Message("health.items-without-text", count=found.items_without_text)


def _of_times(dataset: Dataset, found: Health, now: float) -> Iterator[str]:
    times = dataset.times
    if times is None or found.tied is None:
        return
    odd = int(np.count_nonzero((times < FIRST_LIKELY) | (times > now + DAY)))
    if odd:
        yield Message("health.times-unlikely", count=odd)
    if found.tied >= 0.1:
        days = not (np.asarray(times) % DAY).any()
        unknown = Message("health.order-in-day") if days else Message("health.order-of-ties")
        yield Message("health.times-tied", share=_percent(found.tied), order=unknown)


def _of_robots(found: Health, lengths: NDArray[np.int64]) -> Iterator[str]:
    share = found.longest / found.interactions
    if share >= 0.05 and found.users >= 100:
        yield Message("health.robot-by-share", share=_percent(share))
        return
    many = int(np.count_nonzero(lengths > max(100 * found.median_length, 1000)))
    if many == 1:
        yield Message("health.robot")
    elif many:
        yield Message("health.robots", count=many)


def _of_ratings(dataset: Dataset) -> Iterator[str]:
    found = low_ratings(dataset)
    if found is not None:
        yield Message("health.low-ratings-liked", share=_percent(found[1]))


def low_ratings(dataset: Dataset) -> tuple[float, float] | None:
    """The lowest rating of the upper half of the scale and the share of ratings below it, where these are many and no
    rule drops them; None otherwise."""
    if dataset.ratings is None or dataset.rules.get("min_rating") is not None:
        return None
    known = np.asarray(dataset.ratings)
    known = known[~np.isnan(known)]
    if not len(known):
        return None
    high = known >= (known.min() + known.max()) / 2
    share = float((~high).mean())
    return (float(known[high].min()), share) if share >= 0.1 else None


def _percent(share: float) -> str:
    return f"{100 * share:.0f} %"
