"""Figures over several seeds: a mean with the interval of Student's t, and Welch's of a difference."""

from collections.abc import Sequence
from math import sqrt

import numpy as np

from recdesk.evaluation.figures import Figure

CONFIDENCE = 0.95


def mean_over_seeds(name: str, values: Sequence[float], people: int = 0) -> Figure:
    """The mean of a metric over seeds with its 95 % confidence interval: mean ± t(n - 1) · s / √n, which takes the
    seeds as a sample of all seeds and the people measured as given. Of one seed there is no interval.

    Args:
        name: of the metric.
        values: of each seed.
        people: that each value is a mean over.
    """
    seeds = np.asarray(values, np.float64)
    centre, n = float(seeds.mean()), len(seeds)
    if n < 2:
        return Figure(name, centre, people=people, seeds=n)
    half = t_quantile(n - 1) * float(seeds.std(ddof=1)) / sqrt(n)
    return Figure(name, centre, centre - half, centre + half, people, seeds=n)


def welch_interval(ours: Sequence[float], theirs: Sequence[float], family: int = 1) -> tuple[float, float] | None:
    """The confidence interval of the difference of two means over seeds whose spreads may differ (Welch 1947); None
    where one of them has a single seed, whose spread is not known.

    Args:
        ours, theirs: a metric of each seed.
        family: number of simultaneous intervals (Bonferroni).
    """
    first, second = np.asarray(ours, np.float64), np.asarray(theirs, np.float64)
    if min(len(first), len(second)) < 2:
        return None
    squares = [float(each.var(ddof=1)) / len(each) for each in (first, second)]
    difference, error = float(first.mean() - second.mean()), sqrt(sum(squares))
    if error == 0.0:
        return difference, difference
    freedom = sum(squares) ** 2 / sum(
        square**2 / (len(each) - 1) for square, each in zip(squares, (first, second), strict=True)
    )
    half = t_quantile(freedom, family) * error
    return difference - half, difference + half


def t_quantile(freedom: float, family: int = 1) -> float:
    """The factor of a two-sided 95 % interval of Student's t, by degrees of freedom."""
    from scipy.special import stdtrit  # a tenth of a second that commands without groups need not spend

    return float(stdtrit(freedom, 1.0 - (1.0 - CONFIDENCE) / family / 2))
