"""What is known of an item: its features, how often it was taken over time, and who took it."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from recdesk.core.errors import UsageError
from recdesk.core.messages import Message
from recdesk.data.dataset import Dataset

NEWEST = 20
MOST_BARS = 36
_UNITS = ("D", "M", "Y")


@dataclass(frozen=True)
class ItemFacts:
    """An item.

    Attributes:
        code, item_id, title: of the item.
        features: other features by name, those that are known.
        taken: interactions with it.
        place: its place among all items by popularity, from 1.
        periods: days, months or years as text, oldest first; [] without times.
        counts: interactions in each of them.
        newest: (user id, epoch seconds or None) of those who took it, the newest first, at most `NEWEST`.
    """

    code: int
    item_id: str
    title: str
    features: dict[str, str]
    taken: int
    place: int
    periods: list[str]
    counts: list[int]
    newest: list[tuple[str, int | None]]


def item_code(dataset: Dataset, item_id: str) -> int:
    """Code of an item by its id.

    Raises:
        UsageError: there is none.
    """
    try:
        return int(dataset.item_ids.get_loc(item_id)) + 1  # type: ignore[arg-type]
    except KeyError:
        example = dataset.item_ids[0] if dataset.n_items else ""
        raise UsageError(
            Message("item.not-found", item=item_id, name=dataset.name),
            Message("dataset.ids-as-in-file", example=example),
        ) from None


def item_facts(dataset: Dataset, code: int) -> ItemFacts:
    """What is known of an item by its code."""
    rows = np.flatnonzero(dataset.items == code)
    times = None if dataset.times is None else np.asarray(dataset.times[rows])
    order = np.argsort(-times, kind="stable") if times is not None else np.arange(len(rows))[::-1]
    users = np.searchsorted(dataset.offsets, rows[order[:NEWEST]], side="right") - 1
    when = [None] * len(users) if times is None else times[order[:NEWEST]].tolist()
    names = dataset.user_ids[users]
    periods, counts = _over_time(times) if times is not None and len(rows) else ([], [])
    table = dataset.item_features
    texts = {str(name): str(table[name].iat[code - 1]) for name in table.columns if name != dataset.title_column}
    return ItemFacts(
        code=code,
        item_id=str(dataset.item_ids[code - 1]),
        title=str(dataset.titles[code - 1]),
        features={name: text for name, text in texts.items() if text},
        taken=len(rows),
        place=int((dataset.popularity > len(rows)).sum()) + 1,
        periods=periods,
        counts=counts,
        newest=list(zip(map(str, names), when, strict=True)),
    )


def _over_time(times: NDArray[np.int64]) -> tuple[list[str], list[int]]:
    """Counts by day, month or year: the finest of them that makes at most `MOST_BARS` bars; years are joined where even
    they are more."""
    moments = times.astype("datetime64[s]")
    for unit in _UNITS:
        steps = moments.astype(f"datetime64[{unit}]").astype(np.int64)
        first, last = int(steps.min()), int(steps.max())
        if last - first < MOST_BARS:
            break
    width = -(-(last - first + 1) // MOST_BARS)
    found = np.bincount((steps - first) // width)
    starts = (first + width * np.arange(len(found))).astype(f"datetime64[{unit}]")
    return [str(start) for start in starts], found.tolist()
