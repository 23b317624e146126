"""Figures that tell a person whether the data is what they think it is."""

from dataclasses import dataclass
from datetime import datetime

from recdesk.data.cleaning.rules import instant
from recdesk.data.dataset import Dataset
from recdesk.data.health import Health


@dataclass(frozen=True)
class Summary:
    """A dataset in figures.

    Attributes:
        health: its shape and likely problems.
        first, last: earliest and latest time (UTC), None without times.
    """

    health: Health
    first: datetime | None
    last: datetime | None


def summarise(dataset: Dataset, health: Health) -> Summary:
    """Put the figures together; a pass over the times."""
    first = last = None
    if dataset.times is not None and len(dataset.times):
        first, last = (_moment(int(value)) for value in (dataset.times.min(), dataset.times.max()))
    return Summary(health, first, last)


def _moment(seconds: int) -> datetime | None:
    try:
        return instant(seconds)
    except OverflowError:
        return None
