"""Figures that tell a person whether the data is what they think it is."""

from dataclasses import dataclass
from datetime import UTC, datetime

import numpy as np

from recdesk.data.dataset import Dataset


@dataclass(frozen=True)
class Summary:
    """A dataset in figures.

    Attributes:
        density: share of all (user, item) pairs that are there.
        mean_history, median_history: interactions a user.
        first, last: earliest and latest time (UTC), None without times.
        tied: share of interactions at the same second as the same user's one before, None without times.
    """

    users: int
    items: int
    interactions: int
    density: float
    mean_history: float
    median_history: float
    first: datetime | None
    last: datetime | None
    tied: float | None


def summarise(dataset: Dataset) -> Summary:
    """Compute the figures; a few passes over the arrays."""
    lengths = np.diff(dataset.offsets)
    first = last = tied = None
    if dataset.times is not None and len(dataset.times):
        first, last = (_moment(int(value)) for value in (dataset.times.min(), dataset.times.max()))
        tied = _tied(dataset.times, dataset.offsets)
    return Summary(
        users=dataset.n_users,
        items=dataset.n_items,
        interactions=dataset.n_interactions,
        density=dataset.n_interactions / max(dataset.n_users * dataset.n_items, 1),
        mean_history=float(lengths.mean()) if len(lengths) else 0.0,
        median_history=float(np.median(lengths)) if len(lengths) else 0.0,
        first=first,
        last=last,
        tied=tied,
    )


def _tied(times: np.ndarray, offsets: np.ndarray) -> float:
    same = np.diff(times) == 0
    borders = offsets[1:-1] - 1
    same[borders[(borders >= 0) & (borders < len(same))]] = False
    return float(same.sum()) / len(times)


def _moment(seconds: int) -> datetime | None:
    try:
        return datetime.fromtimestamp(seconds, UTC)
    except (ValueError, OverflowError, OSError):
        return None
