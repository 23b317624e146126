"""NDCG corrected for what people come across: popular items are held out more often than they are liked."""

from math import sqrt
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

from recdesk.evaluation.figure import Figure

POWER = 0.5
LEAST = 0.05
"""Propensities are clipped here: no person counts more than twenty times as much as one with the most popular item."""


def propensities(popularity: NDArray[np.int64]) -> NDArray[np.float64]:
    """How likely each item was to be come across, up to a factor: (n_i / max n)^.5 (Saito et al. 2020, "Unbiased
    recommender learning from missing-not-at-random implicit feedback", section 5), clipped; float64 [n_items]."""
    most = max(int(popularity.max(initial=0)), 1)
    return np.maximum((popularity / most) ** POWER, LEAST)


def debiased_figure(
    name: str, values: NDArray[np.float64], held_out: NDArray[np.int64], popularity: NDArray[np.int64]
) -> Figure:
    """Self-normalised inverse propensity estimate Σ w v / Σ w, w = 1 / propensity of the held-out item (Swaminathan and
    Joachims 2015; of ranking metrics Yang et al. 2018), and its interval by the delta method.

    Args:
        name: of the metric.
        values: float64 [n], of each person.
        held_out: int64 [n], columns of their items.
        popularity: int64 [n_items], training interactions.
    """
    weights = 1.0 / propensities(popularity)[held_out]
    if not len(values):
        return Figure(name, 0.0)
    value = float((weights * values).sum() / weights.sum())
    if len(values) < 2:
        return Figure(name, value, people=len(values))
    error = float(np.sqrt((weights**2 * (values - value) ** 2).sum()) / weights.sum()) * sqrt(
        len(values) / (len(values) - 1)
    )
    half = NormalDist().inv_cdf(0.975) * error
    return Figure(name, value, value - half, value + half, len(values))
