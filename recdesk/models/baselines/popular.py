"""The baseline that everything must beat: what most people take."""

from typing import Self

import numpy as np
import torch
from numpy.typing import NDArray

from recdesk.data.array_ops import counts
from recdesk.data.histories import Histories
from recdesk.models.base import Recommender, pick


class MostPopular(Recommender):
    """Scores are counts; equal counts are ordered by the newest interaction, so that ties do not blur the baseline."""

    kind = "most popular"

    def __init__(self, score: torch.Tensor) -> None:
        self.score = score
        self.n_items = len(score)

    @classmethod
    def fit(cls, items: NDArray[np.integer], n_items: int) -> Self:
        """Count.

        Args:
            items: [n] item codes of training interactions, oldest first as far as known.
            n_items: catalogue size.
        """
        taken = counts(items, n_items + 1)[1:].astype(np.float64)
        newest = np.zeros(n_items + 1)
        newest[items] = np.arange(1, len(items) + 1)
        return cls(torch.from_numpy(taken + newest[1:] / (len(items) + 1)))

    def scores(self, histories: Histories, candidates: NDArray[np.int64] | None = None) -> torch.Tensor:
        """The same row for everybody (float64: the order of ties must survive large counts)."""
        return pick(self.score.repeat(len(histories), 1), candidates)

    @property
    def common_scores(self) -> torch.Tensor:
        """See `Recommender.common_scores`."""
        return self.score


class PopularLately(MostPopular):
    """What people have been taking lately; items that nobody took lately follow by popularity."""

    kind = "popular lately"

    @classmethod
    def fit(cls, items: NDArray[np.integer], n_items: int, share: float = 0.1) -> Self:
        """Count the newest `share` of the interactions (`items` as in `MostPopular.fit`, oldest first)."""
        begin = int(len(items) * (1.0 - share))
        lately = counts(items[begin:], n_items + 1)[1:].astype(np.float64)
        overall = MostPopular.fit(items, n_items).score
        return cls(torch.from_numpy(lately) + overall / (overall.max() + 1.0))
