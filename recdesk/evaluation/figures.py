"""Figures of a model with their confidence intervals, from the ranks and lists of each person."""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from recdesk.data.splitting import Split, train_popularity
from recdesk.evaluation.diversity import category_sets, list_distances
from recdesk.evaluation.metrics import CUTOFFS, GAINS, Ranks, beyond_accuracy, bootstrap, mean, self_information
from recdesk.evaluation.results import Results

ACCURACY = tuple(f"{gain}@{cutoff}" for cutoff in CUTOFFS for gain in GAINS)
BEYOND = ("coverage@10", "gini@10", "novelty@10", "popularity@10", "popularity lift@10", "diversity@10")


@dataclass(frozen=True)
class Figure:
    """One metric.

    Attributes:
        name: such as "ndcg@10".
        value: of it.
        low, high: its 95 % bootstrap confidence interval where it is a mean over people, else None.
        people: that it is a mean over.
        notes: sentences on what weakens it.
    """

    name: str
    value: float
    low: float | None = None
    high: float | None = None
    people: int = 0
    notes: tuple[str, ...] = ()

    def noted(self, *notes: str) -> "Figure":
        """The same with more notes."""
        return replace(self, notes=(*self.notes, *notes))


def mean_figure(name: str, values: NDArray[np.float64]) -> Figure:
    """The mean of a value of each person, float64 [n]; NaN where a person has none."""
    known = values[~np.isnan(values)]
    low, high = bootstrap(known)
    return Figure(name, mean(known), low, high, len(known))


def gain_of(name: str) -> tuple[str, int]:
    """Gain and cutoff of a metric of the rank, see `Ranks.per_user`."""
    gain, _, cutoff = name.partition("@")
    return ("recall" if gain == "accuracy" else gain), int(cutoff)


def per_person(ranks: Ranks, name: str) -> NDArray[np.float64]:
    """A metric of the rank, such as "ndcg@10", for each person, float64 [n]."""
    gain, cutoff = gain_of(name)
    return ranks.per_user(cutoff, gain)


def accuracy_figures(ranks: Ranks, names: tuple[str, ...] = ACCURACY) -> dict[str, Figure]:
    """Metrics of the rank by name."""
    return {name: mean_figure(name, per_person(ranks, name)) for name in names}


def list_figures(results: Results, split: Split) -> dict[str, Figure]:
    """Metrics of the top-10 lists by name, see `beyond_accuracy`, `list_distances` and `popularity_lift`; diversity@10
    is there only if a feature sorts the items into categories."""
    lists, dataset = results.lists, split.dataset
    popularity = train_popularity(split)
    whole = beyond_accuracy(lists, popularity, dataset.n_users)
    found = {name: Figure(name, whole[name], people=len(lists)) for name in ("coverage@10", "gini@10") if name in whole}
    each = {
        "novelty@10": _list_means(self_information(popularity, dataset.n_users), lists),
        "popularity@10": _list_means(popularity.astype(np.float64), lists),
        "popularity lift@10": popularity_lift(results, split, popularity),
    }
    sets = category_sets(dataset)
    if sets is not None:
        each["diversity@10"] = list_distances(lists, sets)
    return found | {name: mean_figure(name, values) for name, values in each.items() if not np.isnan(values).all()}


def popularity_lift(results: Results, split: Split, popularity: NDArray[np.int64]) -> NDArray[np.float64]:
    """How much more popular than their history a person's list is: mean popularity of the list / mean popularity of the
    history they train on - 1 (Abdollahpouri et al. 2019, of one person); float64 [n], NaN where one of them is empty.
    """
    users, starts = results.ranks.users, split.dataset.offsets[:-1]
    histories = split.dataset.histories(split.train_ends)[users]
    rows, items = histories.flat()
    sums = np.bincount(rows, weights=popularity[items - 1].astype(np.float64), minlength=len(users))
    lengths = split.train_ends[users] - starts[users]
    with np.errstate(divide="ignore", invalid="ignore"):
        lift = _list_means(popularity.astype(np.float64), results.lists) / (sums / lengths) - 1.0
    return np.where(np.isfinite(lift), lift, np.nan)


def _list_means(values: NDArray[np.float64], lists: NDArray[np.integer]) -> NDArray[np.float64]:
    """Mean of a value of the items over each list, float64 [n]; NaN for an empty list."""
    there = lists >= 0
    sums = np.where(there, values[lists], 0.0).sum(1)
    with np.errstate(invalid="ignore"):
        return sums / there.sum(1)
