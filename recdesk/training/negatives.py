"""Sampled negatives, for catalogues too large for a full softmax."""

import numpy as np
from numpy.typing import NDArray

UNIFORM = 0.5
"""Share of uniform draws. The rest follows popularity, as the model's predictions do on average, so that few negatives
estimate the full softmax well; the uniform ones bound the weight of a single draw."""


class Negatives:
    """Negatives of a step, a function of (seed, step).

    Args:
        popularity: int64 [n_items], how often each item is a target.
        count: draws per step; 0 for none.
        seed: of the random generator.
        uniform: share of uniform draws.
        known: draw only items that are a target somewhere.
    """

    def __init__(
        self,
        popularity: NDArray[np.int64],
        count: int,
        seed: int,
        uniform: float = UNIFORM,
        known: bool = False,
    ) -> None:
        self.count, self.seed, self.uniform = count, seed, uniform
        total = max(int(popularity.sum()), 1)
        self._below = np.cumsum(popularity)
        self._among = np.flatnonzero(popularity) if known else np.arange(len(popularity))
        self._probability = uniform / len(self._among) + (1 - uniform) * popularity / total

    def draw(self, step: int) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
        """Distinct item codes, int64 [n], ascending, and their weights in `sampled_softmax`, float32 [n]."""
        if not self.count:
            return np.empty(0, np.int64), np.empty(0, np.float32)
        rng = np.random.default_rng((self.seed, step, 2))
        uniform = rng.binomial(self.count, self.uniform)
        popular = np.searchsorted(self._below, rng.integers(0, self._below[-1], self.count - uniform), side="right")
        drawn = np.concatenate([self._among[rng.integers(0, len(self._among), uniform)], popular])
        items, times = np.unique(drawn, return_counts=True)
        weights = times / (self.count * self._probability[items])
        return items + 1, weights.astype(np.float32)
