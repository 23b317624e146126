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

LEAST_BACK, MOST_ON = 20, 0.02
"""A file runs from the newest to the oldest with at least so many steps back, and at most that share of them on."""


MOST_EVENTS = 1000


@dataclass(frozen=True, eq=False)
class InteractionTable:
    """Rows grouped by user, each user's in time order, ties in file order (against it in a file that is written newest
    first); arrays of one length.

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
        returned: bool, rows that take the item back, or None.
        turned: rows that share user and time with another and stand against the order of the file.
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
    returned: NDArray[np.bool_] | None = None
    turned: int = 0

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

    def events_of(self, keep: NDArray[np.bool_] | slice) -> tuple[NDArray[np.int16] | None, tuple[str, ...]]:
        """Types of events of some rows, and their names; None where only one is there, or too many to be types."""
        if self.events is None:
            return None, ()
        codes = self.events[keep]
        used = np.flatnonzero(counts(codes, len(self.event_names)))
        if not 1 < len(used) <= MOST_EVENTS:
            return None, ()
        places = np.zeros(len(self.event_names), np.int16)
        places[used] = np.arange(len(used))
        return places[codes], tuple(self.event_names[at] for at in used)

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
    """Rows sorted as `InteractionTable` promises; the sort is stable, so equal times keep their order, or are reversed
    where the file runs backwards."""
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
    steps = _Steps.of(rows, task)
    for part in rows.chunks() if steps.back else ():
        task.check()
        back = (times[part][1:] < times[part][:-1]) & (users[part][1:] == users[part][:-1])
        if steps.newest_first or back.any():
            order = _by_time(users[part], times[part], steps.newest_first)
            for array in owned.values():
                array[part] = array[part][order]
    return replace(rows, **owned, turned=steps.tied if steps.newest_first else rows.turned)


@dataclass(frozen=True)
class _Steps:
    """How times go on from row to row of the same user.

    Attributes:
        on, back: to a later, to an earlier one.
        tied: rows with the time of the row above or below.
    """

    on: int = 0
    back: int = 0
    tied: int = 0

    @classmethod
    def of(cls, rows: InteractionTable, task: Task) -> "_Steps":
        """Those of rows that are grouped by user, with times."""
        assert rows.times is not None
        on = back = tied = 0
        for part in rows.chunks():
            task.check()
            same = rows.users[part][1:] == rows.users[part][:-1]
            times = rows.times[part]
            on += int(np.count_nonzero(same & (times[1:] > times[:-1])))
            back += int(np.count_nonzero(same & (times[1:] < times[:-1])))
            again = same & (times[1:] == times[:-1])
            tied += int(np.count_nonzero(np.append(again, False) | np.append(False, again)))
        return cls(on, back, tied)

    @property
    def newest_first(self) -> bool:
        """Nearly all steps lead back, and they are more than chance makes of a short file."""
        return self.back >= LEAST_BACK and self.on <= MOST_ON * self.back


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


def _by_time(users: NDArray[np.int32], times: NDArray[np.int64], newest_first: bool) -> NDArray[np.int64]:
    """Stable sort by user and time of rows that are grouped by user; packs both into one int64 key where they fit.

    Equal times are reversed where the file runs `newest_first`.
    """
    if newest_first:
        return len(users) - 1 - _sorted(users[::-1], times[::-1])
    return _sorted(users, times)


def _sorted(users: NDArray[np.int32], times: NDArray[np.int64]) -> NDArray[np.int64]:
    first, last = int(times.min()), int(times.max())
    span = last - first + 1
    low, high = sorted((int(users[0]), int(users[-1])))
    if (high - low + 1) * span >= 2**63:
        return np.lexsort((times, users))
    key = (users - low).astype(np.int64) * span + (times - first)
    return order_of(key)


def _merged(ids: pa.Array) -> tuple[pa.Array, NDArray[np.int32]]:
    """NFC ids and, for each old code, its new one."""
    encoded = pc.dictionary_encode(pc.utf8_normalize(ids, form="NFC"))
    return encoded.dictionary, encoded.indices.to_numpy().astype(np.int32)
