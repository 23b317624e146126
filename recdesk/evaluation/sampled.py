"""Figures as older papers report them: the held-out item among a few random ones instead of the whole catalogue.

They are not estimates of the real figures and can order models the other way round (Krichene & Rendle 2020, "On sampled
metrics for item recommendation"). Nothing is drawn here: from the rank in the whole catalogue follows how many of the
random items stand above it, which is hypergeometric (section 4 there), so that these are the means over all draws.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from recdesk.core.messages import Message
from recdesk.data.splitting import Split
from recdesk.evaluation.metrics import CUTOFFS, GAINS, NEVER, Ranks

NEGATIVES = 100
"""Random items beside the held-out one, as most of those papers have."""
_KINDS_AT_ONCE = 2**10
_TIES = 101
"""Numbers of tied items above the target that are computed; of more ties a regular sample is."""


@dataclass(frozen=True)
class Sampled:
    """Figures among random items.

    Attributes:
        negatives: random items beside each held-out one.
        figures: see `sampled_figures`.
    """

    negatives: int
    figures: dict[str, float]

    @property
    def sentence(self) -> Message:
        """What they are and are not."""
        return Message("figures.sampled-protocol", negatives=self.negatives)


def sampled(ranks: Ranks, split: Split, part: Literal["validation", "test"], negatives: int = NEGATIVES) -> Sampled:
    """The figures of one part of a split."""
    return Sampled(negatives, sampled_figures(ranks, others(split, part, ranks.users), negatives))


def others(split: Split, part: Literal["validation", "test"], users: NDArray[np.int64]) -> NDArray[np.int64]:
    """Items of which each user's random ones are drawn, int64 [n]: those they have not taken, without the target."""
    dataset, targets = split.dataset, split.targets(part)
    rows, items = dataset.histories(np.maximum(targets, dataset.offsets[:-1]))[users].flat()
    seen = np.unique(rows * (dataset.n_items + 1) + items) // (dataset.n_items + 1)
    return dataset.n_items - 1 - np.bincount(seen, minlength=len(users))


def sampled_figures(ranks: Ranks, others: NDArray[np.int64], negatives: int = NEGATIVES) -> dict[str, float]:
    """Expected recall@k, ndcg@k and mrr@k for k in `CUTOFFS`, means over users, ties broken at random.

    Args:
        ranks: of the targets in the whole catalogue.
        others: int64 [n], items of which the random ones are drawn, aligned with `ranks.users`.
        negatives: how many are drawn, without repeats; all of them where there are fewer.
    """
    most = max(CUTOFFS)
    above = np.zeros(most)  # how many users have 0, 1, ... random items above their target
    for weights, chances in _chances(ranks, others, negatives, most):
        above += weights @ chances
    at = np.arange(1, most + 1)
    gains = {"recall": np.ones(most), "ndcg": 1 / np.log2(at + 1), "mrr": 1 / at}
    shares = above / len(ranks.users) if len(ranks.users) else np.full(most, np.nan)
    return {f"{gain}@{k}": float((shares * gains[gain])[:k].sum()) for gain in GAINS for k in CUTOFFS}


def _chances(
    ranks: Ranks, others: NDArray[np.int64], negatives: int, most: int
) -> Iterator[tuple[NDArray[np.float64], NDArray[np.float64]]]:
    """Different ranks in blocks: how many users have each (float64 [m]; parts of a user where items are tied) and the
    probabilities of 0 to `most` - 1 random items above the target (float64 [m, most])."""
    from scipy.stats import hypergeom  # half a second that other commands need not spend

    possible = ranks.greater < NEVER
    kinds = np.stack([ranks.greater, ranks.equal, others])[:, possible]
    different, users = np.unique(kinds, axis=1, return_counts=True)
    for begin in range(0, different.shape[1], _KINDS_AT_ONCE):
        block = slice(begin, begin + _KINDS_AT_ONCE)
        greater, equal, count = different[:, block]
        points = np.minimum(equal + 1, _TIES)  # of which each is as likely: so many of the tied items are above
        row = np.repeat(np.arange(len(points)), points)
        step = np.arange(len(row)) - np.repeat(np.cumsum(points) - points, points)
        place = greater[row] + np.round(step * equal[row] / np.maximum(points[row] - 1, 1)).astype(np.int64)
        columns = (count[row][:, None], place[:, None], np.minimum(negatives, count)[row][:, None])
        yield (users[block] / points)[row], hypergeom.pmf(np.arange(most), *columns)
