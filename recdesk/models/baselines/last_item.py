"""Last item: a first-order Markov chain over the items of histories."""

from collections.abc import Iterator, Sequence

import numpy as np
import torch
from numpy.typing import NDArray
from scipy import sparse

from recdesk.core.errors import RecdeskError
from recdesk.core.machine import available_memory
from recdesk.core.messages import Message
from recdesk.core.task import UNWATCHED, Task
from recdesk.data.array_ops import counts
from recdesk.data.histories import Histories
from recdesk.models.base import Recommender, pick

AT_ONCE = 2**21
"""Interactions whose pairs are counted at once."""
BYTES_OF_PAIR = 40
"""Memory of a pair while pairs are counted: entry, row and column, of the sum and of what is added."""
_SHARE = 0.8
"""Share of the free memory that may be used."""


class LastItem(Recommender):
    """Scores what followed the last item of a history: n_ij + m · p_j. n_ij is how often j came right after i in
    training, p_j the share of j in all interactions, m the weight of popularity (Dirichlet smoothing: the same order as
    the probabilities (n_ij + m · p_j) / (n_i + m) of one history)."""

    kind = "last item"

    def __init__(self, followers: sparse.csr_array, popularity: NDArray[np.float64], weight: float) -> None:
        """`followers`: float32 [n_items, n_items], n_ij; `popularity`: float64 [n_items], p_j; `weight`: m."""
        self.followers, self.smooth = followers, weight * popularity
        self.n_items = len(popularity)

    @classmethod
    def fit(cls, histories: Histories, n_items: int, weight: float = 10.0, task: Task = UNWATCHED) -> "LastItem":
        """Fit one model; see `fit_each`."""
        return cls.fit_each(histories, n_items, (weight,), task)[0]

    @classmethod
    def fit_each(
        cls, histories: Histories, n_items: int, weights: Sequence[float], task: Task = UNWATCHED
    ) -> "list[LastItem]":
        """Fit a model for each weight of popularity, with the pairs counted once. An item right after itself tells
        nothing, as what somebody has is never recommended, and is not counted.

        Args:
            histories: training items of each user in time order.
            n_items: catalogue size.
            weights: m of each model.
            task: checked before each block; gets the share of the pairs counted.

        Raises:
            RecdeskError: there is not enough memory.
            CancelledError: it was cancelled.
        """
        total = int(histories.lengths.sum())
        _check_memory(total)
        followers = sparse.csr_array((n_items, n_items), dtype=np.float32)
        taken, done = np.zeros(n_items, np.int64), 0
        for block in _blocks(histories):
            task.step(done / max(total, 1))
            rows, items = block.flat()
            taken += counts(items, n_items + 1)[1:]
            next_to = (rows[1:] == rows[:-1]) & (items[1:] != items[:-1])
            pair = items[:-1][next_to] - 1, items[1:][next_to] - 1
            ones = np.ones(len(pair[0]), np.float32)
            followers = followers + sparse.coo_array((ones, pair), shape=followers.shape).tocsr()
            done += len(items)
        popularity = taken / max(int(taken.sum()), 1)
        return [cls(followers, popularity, weight) for weight in weights]

    @torch.inference_mode()
    def scores(self, histories: Histories, candidates: NDArray[np.int64] | None = None) -> torch.Tensor:
        """See `Recommender.scores`: float64, so that popularity orders items that followed equally often."""
        codes, kept = histories.padded(1)
        found = np.repeat(self.smooth[None, :], len(histories), 0)
        known = np.flatnonzero(kept)
        chosen = self.followers[codes[known, 0] - 1]
        rows = np.repeat(known, np.diff(chosen.indptr))
        found[rows, chosen.indices] += chosen.data
        return pick(torch.from_numpy(found), candidates)

    @property
    def reads(self) -> int:
        """See `Recommender.reads`."""
        return 1


def _blocks(histories: Histories) -> Iterator[Histories]:
    """Histories in blocks of about `AT_ONCE` interactions."""
    ends, begin = np.cumsum(histories.lengths), 0
    while begin < len(histories):
        before = int(ends[begin - 1]) if begin else 0
        end = max(int(np.searchsorted(ends, before + AT_ONCE, side="right")), begin + 1)
        yield histories[begin:end]
        begin = end


def _check_memory(pairs: int) -> None:
    """Check that there is memory for counting.

    Raises:
        RecdeskError: there is not.
    """
    need, free = BYTES_OF_PAIR * pairs, available_memory()
    if need > _SHARE * free:
        raise RecdeskError(Message("baseline.last-item-memory-short", size=need / 2**30, free=free / 2**30))
