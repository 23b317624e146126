"""Step 1 of the method: which rows stay."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd
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
        times = None if self.times is None else self.times[keep]
        return Rows(self.users[keep], self.items[keep], times, None if self.ratings is None else self.ratings[keep])


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
    if policy == "exact":
        columns = {"user": rows.users, "item": rows.items, "time": rows.times, "rating": rows.ratings}
        table = pd.DataFrame({name: array for name, array in columns.items() if array is not None})
        return rows.where(~table.duplicated().to_numpy())
    order = np.arange(len(rows)) if rows.times is None else np.argsort(rows.times, kind="stable")
    table = pd.DataFrame({"user": rows.users[order], "item": rows.items[order]})
    keep = np.empty(len(rows), dtype=bool)
    keep[order] = ~table.duplicated(keep=policy).to_numpy()
    return rows.where(keep)


def k_core(rows: Rows, k: int) -> Rows:
    """Users and items with at least k rows each, repeated until nothing changes."""
    while len(rows):
        keep = (np.bincount(rows.users)[rows.users] >= k) & (np.bincount(rows.items)[rows.items] >= k)
        if keep.all():
            break
        rows = rows.where(keep)
    return rows
