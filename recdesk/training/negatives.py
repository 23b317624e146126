"""Which other items the right one is compared with when the catalogue is too large for all of them."""

import numpy as np
from numpy.typing import NDArray

UNIFORM = 0.5
"""Share of draws that are uniform. The rest follows popularity, as the model's own predictions do in the mean, so that
few negatives estimate the whole softmax well; the uniform ones bound what a single draw can weigh."""


class Negatives:
    """Items drawn for a step, as a function of (seed, step) alone.

    Args:
        popularity: int64 [n_items], how often each item is a target.
        count: draws a step; 0 for none.
        seed: of all that is drawn.
        uniform: share of draws that do not follow popularity.
        known: draw only items that are ever a target.
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
        """Distinct item codes in ascending order, and for how many items each stands (see `sampled_softmax`)."""
        if not self.count:
            return np.empty(0, np.int64), np.empty(0, np.float32)
        rng = np.random.default_rng((self.seed, step, 2))
        uniform = rng.binomial(self.count, self.uniform)
        popular = np.searchsorted(self._below, rng.integers(0, self._below[-1], self.count - uniform), side="right")
        drawn = np.concatenate([self._among[rng.integers(0, len(self._among), uniform)], popular])
        items, times = np.unique(drawn, return_counts=True)
        weights = times / (self.count * self._probability[items])
        return items + 1, weights.astype(np.float32)
