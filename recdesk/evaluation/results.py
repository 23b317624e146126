"""What a run keeps of each person measured: the rank of their held-out item and their list."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from recdesk.evaluation.metrics import Ranks


@dataclass(frozen=True)
class Results:
    """Outcome of ranking one part of a split, user by user.

    Attributes:
        ranks: of each user's target.
        lists: int32 [n, 10], columns of the top items in order, aligned with `ranks.users`; -1 where no item is left.
    """

    ranks: Ranks
    lists: NDArray[np.int32]

    def of_users(self, users: NDArray[np.int64]) -> "Results":
        """The same of some users (int64 [m], ascending codes, all of them measured)."""
        rows = np.searchsorted(self.ranks.users, users)
        ranks = Ranks(users, self.ranks.greater[rows], self.ranks.equal[rows])
        return Results(ranks, self.lists[rows])

    def fits(self, n_users: int, n_items: int) -> bool:
        """Whether this can be of a dataset of this size: valid codes, counts and columns."""
        ranks, lists = self.ranks, self.lists
        arrays = (ranks.users, ranks.greater, ranks.equal)
        return (
            all(array.dtype == np.int64 and array.shape == ranks.users.shape for array in arrays)
            and all(int(array.min(initial=0)) >= 0 for array in arrays)
            and int(ranks.users.max(initial=-1)) < n_users
            and bool((np.diff(ranks.users) > 0).all())
            and lists.ndim == 2
            and len(lists) == len(ranks.users)
            and int(lists.min(initial=0)) >= -1
            and int(lists.max(initial=-1)) < n_items
        )
