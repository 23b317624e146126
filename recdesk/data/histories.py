"""One person's history, and those of several in one flat array: items in time order."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

PADDING = 0
NO_TIME = np.iinfo(np.int64).min
GAP_BINS = 16
"""Bins of a span of time: 1 for less than a second, then one for each factor of four; the last from eight years on. 0
where the span is not known."""


@dataclass(frozen=True, eq=False)
class History:
    """What one person took.

    Attributes:
        items: int32 [n], item codes in time order.
        times: int64 [n] epoch seconds, `NO_TIME` where unknown; None where there are none.
        asked: epoch seconds, when it is asked what comes next; None where that is not known.
    """

    items: NDArray[np.int32]
    times: NDArray[np.int64] | None = None
    asked: int | None = None

    @classmethod
    def of(cls, history: "AnyHistory") -> "History":
        """From item codes, or as it is."""
        return history if isinstance(history, History) else cls(np.asarray(history, np.int32))

    def __len__(self) -> int:
        return len(self.items)

    def __getitem__(self, rows: slice | NDArray[np.integer]) -> "History":
        return History(self.items[rows], None if self.times is None else self.times[rows], self.asked)

    def without(self, positions: Sequence[int]) -> "History":
        """The same but for the events at these positions."""
        return self[np.delete(np.arange(len(self)), positions)]

    def followed_by(self, items: NDArray[np.integer]) -> "History":
        """The same with more items, whose times are not known."""
        times = None if self.times is None else np.append(self.times, np.full(len(items), NO_TIME))
        return replace(self, items=np.append(self.items, items.astype(np.int32)), times=times)

    def until(self, moment: int | None) -> "History":
        """As it was at a moment (epoch seconds), and asked then: events of later times are left out. None: as it is."""
        if moment is None:
            return self
        kept = self if self.times is None else self[np.flatnonzero(self.times <= moment)]
        return replace(kept, asked=moment)


AnyHistory: TypeAlias = "Sequence[int] | NDArray[np.integer] | History"


@dataclass(frozen=True)
class Histories:
    """A batch of item sequences.

    Attributes:
        items: int32 [total], item codes 1..n_items; may be a view of a larger (memory-mapped) array.
        starts: int64 [batch], where each history begins in `items`.
        ends: int64 [batch], where it ends (exclusive).
        times: int64 [total] epoch seconds beside `items`, `NO_TIME` where unknown; None where there are none.
        asked: int64 [batch] epoch seconds, when it is asked what comes next, `NO_TIME` where that is not known; None
            where it is known of none.
    """

    items: NDArray[np.int32]
    starts: NDArray[np.int64]
    ends: NDArray[np.int64]
    times: NDArray[np.int64] | None = None
    asked: NDArray[np.int64] | None = None

    @classmethod
    def of(cls, histories: Iterable[AnyHistory]) -> "Histories":
        """Pack single histories."""
        each = [History.of(history) for history in histories]
        lengths = np.array([len(one) for one in each], dtype=np.int64)
        ends = np.cumsum(lengths, dtype=np.int64)
        items = np.concatenate([one.items for one in each]) if each else np.empty(0, np.int32)
        times = asked = None
        if any(one.times is not None for one in each):
            times = np.concatenate([np.full(len(one), NO_TIME) if one.times is None else one.times for one in each])
        if any(one.asked is not None for one in each):
            asked = np.array([NO_TIME if one.asked is None else one.asked for one in each], np.int64)
        return cls(items, ends - lengths, ends, times, asked)

    def __len__(self) -> int:
        return len(self.starts)

    def __getitem__(self, index: slice | NDArray[np.integer]) -> "Histories":
        asked = None if self.asked is None else self.asked[index]
        return replace(self, starts=self.starts[index], ends=self.ends[index], asked=asked)

    def asked_by(self, moment: int) -> "Histories":
        """The same; those of which it is not known when they are asked about are at this moment (epoch seconds)."""
        asked = np.full(len(self), NO_TIME) if self.asked is None else self.asked
        return replace(self, asked=np.where(asked == NO_TIME, moment, asked))

    def row(self, index: int) -> NDArray[np.int32]:
        """One history, int32 [length]."""
        return self.items[self.starts[index] : self.ends[index]]

    def history(self, index: int) -> History:
        """One history with its times."""
        rows = slice(int(self.starts[index]), int(self.ends[index]))
        asked = None if self.asked is None or self.asked[index] == NO_TIME else int(self.asked[index])
        return History(self.items[rows], None if self.times is None else self.times[rows], asked)

    @property
    def lengths(self) -> NDArray[np.int64]:
        """int64 [batch]."""
        return self.ends - self.starts

    def padded(self, length: int, at_least: int = 1) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """The last `length` items of each history, left-aligned.

        Returns:
            codes: int64 [batch, longest kept or `at_least`], padded with 0 on the right.
            kept: int64 [batch], how many of them are real.
        """
        source, real, kept = self._rows(length, at_least)
        if not len(self.items):
            return np.zeros(source.shape, np.int64), kept
        return np.where(real, self.items[source], PADDING).astype(np.int64), kept

    def gaps(self, length: int, at_least: int = 1) -> NDArray[np.int64]:
        """Time since the event before, beside the items of `padded`: bins, int64 [batch, …], see `GAP_BINS`; 0 for the
        first that is read of a history."""
        times = self._moments(length, at_least)[0]
        return np.pad(gap_bins(times[:, :-1], times[:, 1:]), ((0, 0), (1, 0)))

    def waits(self, length: int, at_least: int = 1) -> NDArray[np.int64]:
        """Time until the event after, beside the items of `padded`, as `gaps`; for the last one until the history is
        asked about."""
        times, kept = self._moments(length, at_least)
        after = np.pad(times[:, 1:], ((0, 0), (0, 1)), constant_values=NO_TIME)
        rows = np.flatnonzero(kept)
        after[rows, kept[rows] - 1] = NO_TIME if self.asked is None else self.asked[rows]
        return gap_bins(times, after)

    def _moments(self, length: int, at_least: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Times of the last `length` events of each history, and how many there are; as `padded`."""
        source, real, kept = self._rows(length, at_least)
        if self.times is None or not len(self.items):
            return np.full(source.shape, NO_TIME), kept
        return np.where(real, self.times[source], NO_TIME), kept

    def _rows(self, length: int, at_least: int) -> tuple[NDArray[np.int64], NDArray[np.bool_], NDArray[np.int64]]:
        """Of the last `length` items of each history, left-aligned: their rows in `items`, whether there is one, and
        how many there are."""
        kept = np.minimum(self.lengths, length)
        position = np.arange(max(int(kept.max(initial=0)), at_least))[None, :]
        real = position < kept[:, None]
        return np.where(real, (self.ends - kept)[:, None] + position, 0), real, kept

    def flat(self) -> tuple[NDArray[np.int64], NDArray[np.int32]]:
        """Every (row, item code) pair, for scattering: int64 [total], int32 [total]."""
        lengths = self.lengths
        rows = np.repeat(np.arange(len(self), dtype=np.int64), lengths)
        within = np.arange(len(rows), dtype=np.int64) - np.repeat(np.cumsum(lengths) - lengths, lengths)
        return rows, np.asarray(self.items[np.repeat(self.starts, lengths) + within])


def gap_bins(before: NDArray[np.int64], after: NDArray[np.int64]) -> NDArray[np.int64]:
    """Bins of the spans between two moments, int64 of their shape, see `GAP_BINS`; a clock that goes back counts as no
    time that passed."""
    known = (before != NO_TIME) & (after != NO_TIME)
    passed = np.where(known, np.maximum(after, before) - before, 0)
    return np.where(known, np.minimum(1 + np.ceil(np.log2(passed + 1.0) / 2).astype(np.int64), GAP_BINS), 0)
