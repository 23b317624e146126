"""Ranking metrics of one relevant item a user, exact under ties."""

from collections.abc import Mapping
from dataclasses import dataclass
from statistics import NormalDist
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from recdesk.data.array_ops import counts
from recdesk.evaluation.significance import randomization_p

CUTOFFS = (1, 5, 10, 20, 50)
GAINS = ("recall", "ndcg", "mrr")
NEVER = 2**40
"""Rank of a target that cannot be recommended: beyond every cutoff."""

MOST_DISTINCT = 5000
"""Distinct values up to which means are resampled; the bootstrap's cost grows with them."""
CELLS_AT_ONCE = 2**20
"""Numbers drawn at once: 8 MB."""
_NORMAL = NormalDist()


@dataclass(frozen=True)
class Ranks:
    """Rank of each user's target among the candidates.

    Attributes:
        users: int64 [n], user codes, ascending.
        greater: int64 [n], candidates scored above the target.
        equal: int64 [n], other candidates with exactly its score.
    """

    users: NDArray[np.int64]
    greater: NDArray[np.int64]
    equal: NDArray[np.int64]

    def per_user(self, cutoff: int, gain: str) -> NDArray[np.float64]:
        """Expected gain up to the cutoff when ties are broken at random (McSherry & Najork 2008, sections 3 and 4).

        Args:
            cutoff: length of the list.
            gain: of a rank: "recall" (1), "ndcg" (1 / log2(rank + 1)) or "mrr" (1 / rank).

        Returns:
            float64 [n].
        """
        ranks = np.arange(1, cutoff + 1, dtype=np.float64)
        gains = {"recall": np.ones(cutoff), "ndcg": 1.0 / np.log2(ranks + 1.0), "mrr": 1.0 / ranks}[gain]
        total = np.concatenate(([0.0], np.cumsum(gains)))
        first = np.minimum(self.greater, cutoff)
        last = np.minimum(self.greater + self.equal + 1, cutoff)
        return (total[last] - total[first]) / (self.equal + 1)

    def summary(self) -> dict[str, float]:
        """Means over users: recall@k (with one relevant item the hit rate), ndcg@k and mrr@k for k in `CUTOFFS`,
        accuracy@1, the 95 % confidence interval of ndcg@10, and the number of users."""
        figures: dict[str, float] = {}
        for cutoff in CUTOFFS:
            for gain in GAINS:
                figures[f"{gain}@{cutoff}"] = mean(self.per_user(cutoff, gain))
        figures["accuracy@1"] = figures["recall@1"]
        low, high = bootstrap(self.per_user(10, "ndcg"))
        figures["ndcg@10 low"], figures["ndcg@10 high"] = low, high
        figures["users"] = float(len(self.users))
        return figures


def beyond_accuracy(lists: NDArray[np.integer], popularity: NDArray[np.int64], n_users: int) -> dict[str, float]:
    """Coverage, concentration, novelty and popularity of the top-10 lists.

    Args:
        lists: int [n, 10], columns of recommended items, -1 for none.
        popularity: int64 [n_items], training interactions.
        n_users: users trained on.

    Returns:
        coverage@10: share of the catalogue that is recommended to at least one user; gini@10: see `gini`, of how often
        each item of the catalogue is recommended; novelty@10: mean `self_information` of a recommended item;
        popularity@10: mean training interactions of a recommended item.
    """
    if not len(lists):
        return {}
    shown = lists[lists >= 0]
    if not len(shown):
        return {"coverage@10": 0.0}
    times_shown = counts(shown, len(popularity))
    return {
        "coverage@10": int((times_shown > 0).sum()) / len(popularity),
        "gini@10": gini(times_shown),
        "novelty@10": float(self_information(popularity, n_users)[shown].mean()),
        "popularity@10": float(popularity[shown].mean()),
    }


def self_information(popularity: NDArray[np.int64], n_users: int) -> NDArray[np.float64]:
    """-log2 of the share of users who took each item (Zhou et al. 2010), with add-one smoothing; float64 [n_items]."""
    return np.maximum(-np.log2((popularity + 1) / (n_users + 1)), 0.0)


def gini(amounts: NDArray[np.integer]) -> float:
    """Gini coefficient of non-negative amounts: 0 where all are equal, towards 1 where one has everything."""
    ordered, n = np.sort(amounts).astype(np.float64), len(amounts)
    total = float(ordered.sum())
    if not total:
        return 0.0
    return float((2 * np.arange(1, n + 1) - n - 1) @ ordered) / (n * total)


def bootstrap(
    values: NDArray[np.float64], family: int = 1, resamples: int = 2000, seed: int = 0
) -> tuple[float, float]:
    """95 % bootstrap confidence interval of a mean over users: BCa, bias-corrected and accelerated (Efron 1987), since
    ranking metrics are skewed; of more than 5,000 distinct values the normal approximation, which then agrees.

    A resample is drawn as counts of the distinct values, which are few (NDCG@10 without ties has eleven), so that the
    cost does not depend on the number of users.

    Args:
        values: float64 [n_users].
        family: number of simultaneous intervals (Bonferroni): each leaves 5 % / family outside.
        resamples: for each of the family, so that as many stay outside.
        seed: of a random generator of its own.

    Returns:
        Lower and upper end; the mean twice where all values are equal or there are none.
    """
    n, outside = len(values), 0.05 / family
    centre = mean(values)
    distinct_values, repeats = np.unique(values, return_counts=True)
    if len(distinct_values) < 2:
        return centre, centre
    if len(distinct_values) > MOST_DISTINCT:
        half = _NORMAL.inv_cdf(1.0 - outside / 2) * float(values.std(ddof=1)) / n**0.5
        return centre - half, centre + half
    generator = np.random.default_rng(seed)
    total, rows = resamples * family, max(CELLS_AT_ONCE // len(repeats), 1)
    sizes = [min(rows, total - begin) for begin in range(0, total, rows)]
    means = np.concatenate([generator.multinomial(n, repeats / n, size) @ distinct_values for size in sizes]) / n
    deviations = values - centre
    acceleration = float((deviations**3).sum() / (6.0 * (deviations**2).sum() ** 1.5))
    low, high = np.quantile(means, _bca_levels(means, centre, acceleration, outside))
    return float(low), float(high)


def _bca_levels(means: NDArray[np.float64], centre: float, acceleration: float, outside: float) -> tuple[float, float]:
    """Quantiles of the resampled means that are the ends of a BCa interval (Efron 1987, equations 4.1 to 4.4).

    Args:
        means: float64 [resamples].
        centre: mean of the sample itself.
        acceleration: skewness of the sample / (6 √n), by which the standard error changes with the mean.
        outside: share that the interval leaves outside.
    """
    rounding = 1e-12 * abs(centre)  # a resample with the sample's own mean counts half
    below = ((means < centre - rounding).mean() + (means <= centre + rounding).mean()) / 2
    bias = _NORMAL.inv_cdf(float(np.clip(below, 1 / len(means), 1 - 1 / len(means))))

    def level(share: float) -> float:
        shifted = bias + _NORMAL.inv_cdf(share)
        return _NORMAL.cdf(bias + shifted / (1.0 - acceleration * shifted))

    return level(outside / 2), level(1.0 - outside / 2)


def compare(ours: Ranks, theirs: Ranks, family: int = 1) -> dict[str, float]:
    """Mean difference of NDCG@10 between A and B over the same users, with its paired bootstrap confidence interval and
    the p-value of `randomization_p`, which is not corrected for the family.

    Args:
        ours: A's, of at least B's users.
        theirs: B's.
        family: number of simultaneous comparisons, see `bootstrap`.

    Raises:
        ValueError: a user of B is not among A's.
    """
    rows = np.searchsorted(ours.users, theirs.users)
    if not len(ours.users) or not np.array_equal(ours.users[np.minimum(rows, len(ours.users) - 1)], theirs.users):
        raise ValueError("paired comparison needs the same users")
    difference = ours.per_user(10, "ndcg")[rows] - theirs.per_user(10, "ndcg")
    low, high = bootstrap(difference, family)
    return {
        "difference": mean(difference), "low": low, "high": high, "family": float(family), "users": float(len(rows)),
        "p": randomization_p(difference),
    }  # fmt: skip


def mean(values: NDArray[np.float64]) -> float:
    """Mean; 0 of an empty array."""
    return float(values.mean()) if len(values) else 0.0


class Found(NamedTuple):
    """Of `of` people, `first` find what they took next at the top of their list, `ten` among the first ten."""

    of: int
    first: int
    ten: int


def in_people(metrics: Mapping[str, float]) -> Found:
    """Recall in whole people: of 100, or of all that were measured where these are fewer."""
    of = min(int(metrics.get("users", 100)), 100)
    return Found(of, round(of * metrics.get("recall@1", 0.0)), round(of * metrics.get("recall@10", 0.0)))
