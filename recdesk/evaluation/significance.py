"""Tests whether a paired difference is more than chance, and Holm's correction of several of them."""

from collections.abc import Sequence
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

LEVEL = 0.05
"""Family-wise error rate below which a difference is called real."""
RESAMPLES = 10_000
MOST_DISTINCT = 5000
"""Distinct differences up to which signs are drawn; beyond it the normal approximation, which then agrees."""
CELLS_AT_ONCE = 2**20


def randomization_p(differences: NDArray[np.float64], resamples: int = RESAMPLES, seed: int = 0) -> float:
    """Two-sided p-value of Fisher's paired randomization test: how often the mean is at least as far from zero when the
    sign of each user's difference is drawn at random (Smucker, Allan & Carterette 2007).

    Signs are drawn as a binomial count for each distinct absolute difference, of which ranking metrics have few, so
    that the cost does not depend on the number of users.

    Args:
        differences: float64 [n_users], of one metric between two models.
        resamples: random assignments of signs; the smallest p-value is 1 / (resamples + 1).
        seed: of a random generator of its own.

    Returns:
        1 where no difference is other than zero.
    """
    moved = np.round(np.abs(differences[differences != 0]), 12)
    sizes, counts = np.unique(moved, return_counts=True)
    total = abs(float(differences.sum()))
    if not len(sizes):
        return 1.0
    if len(sizes) > MOST_DISTINCT:
        return float(2 * NormalDist().cdf(-total / float((moved**2).sum()) ** 0.5))
    generator = np.random.default_rng(seed)
    rows = max(CELLS_AT_ONCE // len(counts), 1)
    tolerance = 1e-9 * float(moved.sum())  # sums that are equal but for rounding count as equal
    extreme = 0
    for begin in range(0, resamples, rows):
        positive = generator.binomial(counts, 0.5, (min(rows, resamples - begin), len(counts)))
        extreme += int((np.abs((2 * positive - counts) @ sizes) >= total - tolerance).sum())
    return (extreme + 1) / (resamples + 1)


def holm(p_values: Sequence[float]) -> list[float]:
    """p-values adjusted for their number by Holm's step-down procedure (Holm 1979): those up to a level are rejected
    with that family-wise error rate.

    Returns:
        In the order given.
    """
    count, largest = len(p_values), 0.0
    adjusted = [0.0] * count
    for done, index in enumerate(sorted(range(count), key=lambda index: p_values[index])):
        largest = max(largest, min((count - done) * p_values[index], 1.0))
        adjusted[index] = largest
    return adjusted
