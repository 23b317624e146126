"""Interactions as integer codes, grouped by user and sorted by time: what the cleaning rules work on."""

from collections.abc import Iterator
from dataclasses import dataclass, field, fields, replace
from functools import cached_property
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from recdesk.core.task import UNWATCHED, Task
from recdesk.data.array_ops import counts, order_of

CHUNK = 2**20
"""Rows that are sorted or compared at once: a fraction of a second."""


@dataclass(frozen=True, eq=False)
class InteractionTable:
    """Rows grouped by user, each user's in time order, ties in file order; arrays of one length.

    Attributes:
        users: int32, codes from 0 by first appearance in the file; never falls.
        items: int32, codes from 0 by first appearance in the file.
        user_ids, item_ids: the ids as text, by code.
        times: int64 epoch seconds, or None.
        ratings: float32, NaN where unknown, or None.
        events: int32, into `event_names`, or None.
        event_names: types of events.
        others: int32 [rows, columns], into `other_texts`, or None: columns that describe the user, and those without a
            role that are to be kept.
        other_texts: the texts of each of these columns, by its name.
        user_columns: those of them that describe the user, so that they are no part of the row.
    """

    users: NDArray[np.int32]
    items: NDArray[np.int32]
    user_ids: pa.Array
    item_ids: pa.Array
    times: NDArray[np.int64] | None = None
    ratings: NDArray[np.float32] | None = None
    events: NDArray[np.int32] | None = None
    event_names: tuple[str, ...] = ()
    others: NDArray[np.int32] | None = None
    other_texts: dict[str, pa.Array] = field(default_factory=dict)
    user_columns: tuple[str, ...] = ()

    def __len__(self) -> int:
        return len(self.users)

    @cached_property
    def user_counts(self) -> NDArray[np.int64]:
        """Rows of each user, int64 [users]."""
        return counts(self.users, len(self.user_ids))

    @cached_property
    def item_counts(self) -> NDArray[np.int64]:
        """Rows of each item, int64 [items]."""
        return counts(self.items, len(self.item_ids))

    @cached_property
    def event_counts(self) -> dict[str, int]:
        """Rows by type of event, the most frequent first."""
        if self.events is None:
            return {}
        times = counts(self.events, len(self.event_names)).tolist()
        return dict(sorted(zip(self.event_names, times, strict=True), key=lambda pair: -pair[1]))

    def chunks(self, size: int = CHUNK) -> Iterator[slice]:
        """Slices of whole users, of about `size` rows."""
        offsets = np.concatenate(([0], np.cumsum(self.user_counts)))
        begin = 0
        while begin < len(self):
            end = int(offsets[np.searchsorted(offsets, min(begin + size, len(self)))])
            yield slice(begin, end)
            begin = end

    def normalised(self, task: Task = UNWATCHED) -> "InteractionTable":
        """With ids normalised to NFC; ids that become equal are merged into the first of them."""
        user_ids, user_codes = _merged(self.user_ids)
        item_ids, item_codes = _merged(self.item_ids)
        if len(user_ids) == len(self.user_ids) and len(item_ids) == len(self.item_ids):
            return replace(self, user_ids=user_ids, item_ids=item_ids)
        changed = replace(
            self,
            users=user_codes[self.users],
            items=item_codes[self.items],
            user_ids=user_ids,
            item_ids=item_ids,
        )
        return changed if len(user_ids) == len(self.user_ids) else grouped(changed, task)


def grouped(rows: InteractionTable, task: Task = UNWATCHED) -> InteractionTable:
    """Rows sorted as `InteractionTable` promises; the sort is stable, so equal times keep their order."""
    values = {field.name: getattr(rows, field.name) for field in fields(rows)}
    arrays: dict[str, Any] = {name: value for name, value in values.items() if isinstance(value, np.ndarray)}
    users = rows.users
    task.check()
    if len(users) and (users[1:] < users[:-1]).any():
        task.check()
        order = _by_user(users, rows.user_counts, task)
        for name in arrays:
            arrays[name] = _taken(arrays[name], order, task)
        del order
    rows = replace(rows, **arrays)
    if rows.times is None:
        return rows
    owned = {name: array if array.flags.writeable else array.copy() for name, array in arrays.items()}
    users, times = owned["users"], owned["times"]
    for part in rows.chunks():
        task.check()
        if ((times[part][1:] < times[part][:-1]) & (users[part][1:] == users[part][:-1])).any():
            order = _by_time(users[part], times[part])
            for array in owned.values():
                array[part] = array[part][order]
    return replace(rows, **owned)


def _by_user(users: NDArray[np.int32], rows: NDArray[np.int64], task: Task) -> NDArray[np.integer]:
    """Stable counting sort by user, in chunks."""
    order: NDArray[np.integer] = np.empty(len(users), dtype=np.int32 if len(users) < 2**31 else np.int64)
    free = np.cumsum(rows) - rows
    for begin in range(0, len(users), CHUNK):
        task.check()
        inner = order_of(users[begin : begin + CHUNK].astype(np.int64))
        ordered = users[begin : begin + CHUNK][inner]
        starts = np.flatnonzero(np.append(True, ordered[1:] != ordered[:-1]))
        lengths = np.diff(np.append(starts, len(ordered)))
        order[free[ordered] + np.arange(len(ordered)) - np.repeat(starts, lengths)] = begin + inner
        free[ordered[starts]] += lengths
    return order


def _taken(array: NDArray[Any], order: NDArray[np.integer], task: Task) -> NDArray[Any]:
    result = np.empty_like(array)
    for begin in range(0, len(array), CHUNK):
        task.check()
        part = slice(begin, begin + CHUNK)
        result[part] = array[order[part]]
    return result


def _by_time(users: NDArray[np.int32], times: NDArray[np.int64]) -> NDArray[np.int64]:
    """Stable sort by user and time of rows that are grouped by user; packs both into one int64 key where they fit."""
    first, last = int(times.min()), int(times.max())
    span = last - first + 1
    if (int(users[-1]) - int(users[0]) + 1) * span >= 2**63:
        return np.lexsort((times, users))
    key = (users - users[0]).astype(np.int64) * span + (times - first)
    return order_of(key)


def _merged(ids: pa.Array) -> tuple[pa.Array, NDArray[np.int32]]:
    """NFC ids and, for each old code, its new one."""
    encoded = pc.dictionary_encode(pc.utf8_normalize(ids, form="NFC"))
    return encoded.dictionary, encoded.indices.to_numpy().astype(np.int32)
