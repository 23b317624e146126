"""Popularity baselines."""

from typing import Self

import numpy as np
import torch
from numpy.typing import NDArray

from recdesk.data.array_ops import counts
from recdesk.data.histories import Histories
from recdesk.models.base import Recommender, pick


class MostPopular(Recommender):
    """Scores are numbers of training interactions; ties are broken by the newest interaction."""

    kind = "most popular"

    def __init__(self, score: torch.Tensor) -> None:
        self.score = score
        self.n_items = len(score)

    @classmethod
    def fit(cls, items: NDArray[np.integer], n_items: int) -> Self:
        """Count interactions.

        Args:
            items: [n] item codes of training interactions, oldest first where times are known.
            n_items: catalogue size.
        """
        taken = counts(items, n_items + 1)[1:].astype(np.float64)
        newest = np.zeros(n_items + 1)
        newest[items] = np.arange(1, len(items) + 1)
        return cls(torch.from_numpy(taken + newest[1:] / (len(items) + 1)))

    def scores(self, histories: Histories, candidates: NDArray[np.int64] | None = None) -> torch.Tensor:
        """See `Recommender.scores`: the same row for all users, float64, so that ties break at large counts too."""
        return pick(self.score.repeat(len(histories), 1), candidates)

    @property
    def common_scores(self) -> torch.Tensor:
        """See `Recommender.common_scores`."""
        return self.score


class PopularLately(MostPopular):
    """Scores are numbers of the newest training interactions; items without any follow by popularity."""

    kind = "popular lately"

    @classmethod
    def fit(cls, items: NDArray[np.integer], n_items: int, share: float = 0.1) -> Self:
        """Count the newest `share` of the interactions (`items` as in `MostPopular.fit`, oldest first)."""
        begin = int(len(items) * (1.0 - share))
        lately = counts(items[begin:], n_items + 1)[1:].astype(np.float64)
        overall = MostPopular.fit(items, n_items).score
        return cls(torch.from_numpy(lately) + overall / (overall.max() + 1.0))
