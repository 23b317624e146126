"""Entries of a history, and its edits as plain values with original ids: what was removed, added and moved."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from recdesk.data.dataset import Dataset
from recdesk.data.histories import NO_TIME, History


class Entry(NamedTuple):
    """An item of a history.

    Attributes:
        code: item code; 0 for an item that the dataset does not have, or no longer.
        when: epoch seconds; None for an item that was added by hand or has no time.
        rating: None where there is none.
        position: in the history as it is in the data, from 0; -1 for an item that was added by hand.
        gone: id of an item that the dataset does not have; "" for all others.
        event: type of the event, "" where it is not known or all are alike.
    """

    code: int
    when: int | None = None
    rating: float | None = None
    position: int = -1
    gone: str = ""
    event: str = ""


def entries_of(dataset: Dataset, user: int) -> tuple[Entry, ...]:
    """The history of the user with this code, as it is in the data."""
    rows = slice(int(dataset.offsets[user]), int(dataset.offsets[user + 1]))
    codes = dataset.items[rows].tolist()
    times = [None] * len(codes) if dataset.times is None else dataset.times[rows].tolist()
    ratings = [None] * len(codes) if dataset.ratings is None else dataset.ratings[rows].tolist()
    known = [None if rating is None or rating != rating else rating for rating in ratings]
    names = dataset.event_names
    events = [""] * len(codes) if dataset.events is None else [names[code] for code in dataset.events[rows]]
    values = zip(codes, times, known, range(len(codes)), events, strict=True)
    return tuple(Entry(code, when, rating, at, event=event) for code, when, rating, at, event in values)


def history_of(entries: Sequence[Entry], dataset: Dataset) -> History:
    """What a model reads of entries: those of items that the dataset has."""
    there = [entry for entry in entries if entry.code]
    codes = np.array([entry.code for entry in there], np.int32)
    times = [NO_TIME if entry.when is None else entry.when for entry in there]
    return History(codes, None if dataset.times is None else np.array(times, np.int64))


def record_of(original: Sequence[Entry], entries: Sequence[Entry], dataset: Dataset) -> dict[str, Any]:
    """Edits as plain values; the order only where items were moved."""
    kept = {entry.position for entry in entries}
    record: dict[str, Any] = {
        "removed": [[entry.position, _id(entry, dataset)] for entry in original if entry.position not in kept],
        "added": [_id(entry, dataset) for entry in entries if entry.position < 0],
    }
    if original and reordered([entry.position for entry in entries]):
        record["order"] = [[entry.position, _id(entry, dataset)] for entry in entries]
    return record


def added_entries(record: Mapping[str, Any], dataset: Dataset) -> tuple[Entry, ...]:
    """Items that were added; those that the dataset does not have are gone.

    Raises:
        KeyError, TypeError: it is no record.
    """
    ids = [str(item) for item in record["added"]]
    codes = (dataset.item_ids.get_indexer(pd.Index(ids, dtype="str")) + 1).tolist()
    return tuple(Entry(code, gone="" if code else item) for code, item in zip(codes, ids, strict=True))


def edited_entries(record: Mapping[str, Any], original: Sequence[Entry], dataset: Dataset) -> tuple[Entry, ...]:
    """A history of the data after the edits of a record.

    Raises:
        KeyError, TypeError, ValueError: it is no record.
    """
    left, added = list(original), added_entries(record, dataset)
    for position, item in record["removed"]:
        if (found := _nearest(left, int(position), str(item), dataset)) is not None:
            left.remove(found)
    entries = [*left, *added]
    if "order" not in record:
        return tuple(entries)
    placed = []
    for position, item in record["order"]:
        if (found := _nearest(entries, int(position), str(item), dataset)) is not None:
            entries.remove(found)
            placed.append(found)
    return (*placed, *entries)  # those that came into the data since follow


def reordered(positions: Sequence[int]) -> bool:
    """Whether items of the data stand in another order, or one that was added before one of them."""
    own = [position for position in positions if position >= 0]
    return own != sorted(own) or list(positions[: len(own)]) != own


def _id(entry: Entry, dataset: Dataset) -> str:
    return entry.gone or str(dataset.item_ids[entry.code - 1])


def _nearest(entries: Sequence[Entry], position: int, item: str, dataset: Dataset) -> Entry | None:
    """The entry of an item that is nearest to a position: an update of the dataset may have moved it."""
    same = [one for one in entries if _id(one, dataset) == item and (one.position < 0) == (position < 0)]
    return min(same, key=lambda entry: abs(entry.position - position), default=None)
