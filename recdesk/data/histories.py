"""Histories: several users' items in time order, in one flat array."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

PADDING = 0


@dataclass(frozen=True)
class Histories:
    """A batch of item sequences.

    Attributes:
        items: int32 [total], item codes 1..n_items; may be a view of a larger (memory-mapped) array.
        starts: int64 [batch], where each history begins in `items`.
        ends: int64 [batch], where it ends (exclusive).
    """

    items: NDArray[np.int32]
    starts: NDArray[np.int64]
    ends: NDArray[np.int64]

    @classmethod
    def of(cls, sequences: Iterable[Sequence[int] | NDArray[np.integer]]) -> "Histories":
        """Pack plain sequences of item codes."""
        arrays = [np.asarray(sequence, dtype=np.int32) for sequence in sequences]
        ends = np.cumsum([len(array) for array in arrays], dtype=np.int64)
        lengths = np.array([len(array) for array in arrays], dtype=np.int64)
        items = np.concatenate(arrays) if arrays else np.empty(0, np.int32)
        return cls(items, ends - lengths, ends)

    def __len__(self) -> int:
        return len(self.starts)

    def __getitem__(self, index: slice | NDArray[np.integer]) -> "Histories":
        return Histories(self.items, self.starts[index], self.ends[index])

    def row(self, index: int) -> NDArray[np.int32]:
        """One history, int32 [length]."""
        return self.items[self.starts[index] : self.ends[index]]

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
        kept = np.minimum(self.lengths, length)
        width = max(int(kept.max(initial=0)), at_least)
        position = np.arange(width)[None, :]
        real = position < kept[:, None]
        source = np.where(real, (self.ends - kept)[:, None] + position, 0)
        if not len(self.items):
            return np.zeros(source.shape, np.int64), kept
        return np.where(real, self.items[source], PADDING).astype(np.int64), kept

    def flat(self) -> tuple[NDArray[np.int64], NDArray[np.int32]]:
        """Every (row, item code) pair, for scattering: int64 [total], int32 [total]."""
        lengths = self.lengths
        rows = np.repeat(np.arange(len(self), dtype=np.int64), lengths)
        within = np.arange(len(rows), dtype=np.int64) - np.repeat(np.cumsum(lengths) - lengths, lengths)
        return rows, np.asarray(self.items[np.repeat(self.starts, lengths) + within])
