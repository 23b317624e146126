"""Step 1 of the method: which rows stay."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

Duplicates = Literal["exact", "first", "last", "all"]
DUPLICATES: tuple[Duplicates, ...] = ("exact", "first", "last", "all")


@dataclass(frozen=True)
class Rows:
    """Readable rows in file order; arrays of one length.

    Attributes:
        users, items: int64 codes from 0.
        times: int64 epoch seconds, or None.
        ratings: float32, NaN where unknown, or None.
    """

    users: NDArray[np.int64]
    items: NDArray[np.int64]
    times: NDArray[np.int64] | None
    ratings: NDArray[np.float32] | None

    def __len__(self) -> int:
        return len(self.users)

    def where(self, keep: NDArray[np.bool_]) -> "Rows":
        """The rows with True."""
        cut = (None if array is None else array[keep] for array in (self.times, self.ratings))
        return Rows(self.users[keep], self.items[keep], *cut)


def drop_low_ratings(rows: Rows, least: float) -> Rows:
    """Rows rated `least` or better; rows without a rating stay."""
    assert rows.ratings is not None
    return rows.where(~(rows.ratings < least))


def drop_duplicates(rows: Rows, policy: Duplicates) -> Rows:
    """Of rows with one user and item keep the first, the last, or drop only exact copies (time and rating equal too).

    Without times two equal rows may be two visits, so "exact" then keeps them.
    """
    if policy == "all" or (policy == "exact" and rows.times is None):
        return rows
    keys = [rows.items, rows.users]
    if policy == "exact":
        assert rows.times is not None
        ratings = [] if rows.ratings is None else [np.nan_to_num(rows.ratings, nan=-np.inf)]
        keys = [*ratings, rows.times, *keys]
    if policy in ("first", "last") and rows.times is not None:
        order = np.lexsort((np.arange(len(rows)), rows.times, *keys))
    else:
        order = np.lexsort((np.arange(len(rows)), *keys))
    new = np.ones(len(rows), dtype=bool)
    if len(rows) > 1:
        new[1:] = np.any([key[order][1:] != key[order][:-1] for key in keys], axis=0)
    if policy == "last":
        new = np.append(new[1:], True)
    keep = np.zeros(len(rows), dtype=bool)
    keep[order[new]] = True
    return rows.where(keep)


def k_core(rows: Rows, k: int) -> Rows:
    """Users and items with at least k rows each, repeated until nothing changes."""
    while len(rows):
        keep = (np.bincount(rows.users)[rows.users] >= k) & (np.bincount(rows.items)[rows.items] >= k)
        if keep.all():
            break
        rows = rows.where(keep)
    return rows
