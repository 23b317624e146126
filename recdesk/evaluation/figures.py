"""Figures of a model with their confidence intervals, from the ranks and lists of each person."""

import numpy as np
from numpy.typing import NDArray

from recdesk.data.dataset import Dataset
from recdesk.data.histories import Histories
from recdesk.data.splitting import Split, train_popularity
from recdesk.evaluation.calibration import miscalibration
from recdesk.evaluation.debiased import debiased_figure
from recdesk.evaluation.diversity import categories_of, category_sets, list_distances
from recdesk.evaluation.figure import Figure as Figure
from recdesk.evaluation.metrics import CUTOFFS, GAINS, Ranks, beyond_accuracy, bootstrap, mean, self_information
from recdesk.evaluation.results import Results

ACCURACY = tuple(f"{gain}@{cutoff}" for cutoff in CUTOFFS for gain in GAINS)
BEYOND = (
    "coverage@10", "gini@10", "novelty@10", "popularity@10", "popularity lift@10", "diversity@10", "calibration@10",
    "future@10", "debiased ndcg@10",
)  # fmt: skip


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
    """Metrics beyond accuracy by name: `beyond_accuracy`, `list_distances`, `miscalibration`, `popularity_lift`,
    `future_share`, `debiased_figure`. diversity@10 and calibration@10 are there only if a feature sorts the items into
    categories, future@10 only with times."""
    lists, dataset = results.lists, split.dataset
    popularity = train_popularity(split)
    whole = beyond_accuracy(lists, popularity, dataset.n_users)
    found = {name: Figure(name, whole[name], people=len(lists)) for name in ("coverage@10", "gini@10") if name in whole}
    each = {
        "novelty@10": _list_means(self_information(popularity, dataset.n_users), lists),
        "popularity@10": _list_means(popularity.astype(np.float64), lists),
        "popularity lift@10": popularity_lift(results, split, popularity),
    }
    rows = _held_out_rows(results, split)
    sets, categories = category_sets(dataset), categories_of(dataset)
    if sets is not None and categories is not None:
        each["diversity@10"] = list_distances(lists, sets)
        histories = Histories(dataset.items, dataset.offsets[:-1][results.ranks.users], rows)
        each["calibration@10"] = miscalibration(lists, histories, categories)
    if dataset.times is not None:
        each["future@10"] = future_share(lists, dataset.times[rows], first_times(dataset))
    debiased = debiased_figure(
        "debiased ndcg@10", per_person(results.ranks, "ndcg@10"), dataset.items[rows].astype(np.int64) - 1, popularity
    )
    known = {name: mean_figure(name, values) for name, values in each.items() if not np.isnan(values).all()}
    return found | known | {debiased.name: debiased}


def _held_out_rows(results: Results, split: Split) -> NDArray[np.int64]:
    """Row of each person's held-out item, int64 [n]: of the test part, or of validation where nothing is tested."""
    users = results.ranks.users
    return split.test[users] if (split.test[users] >= 0).all() else split.validation[users]


def first_times(dataset: Dataset) -> NDArray[np.int64]:
    """When each item was taken first, int64 [n_items]; the largest number for one that nobody took."""
    first = np.full(dataset.n_items + 1, np.iinfo(np.int64).max)
    if dataset.times is not None:
        np.minimum.at(first, dataset.items, dataset.times)
    return first[1:]


def future_share(lists: NDArray[np.integer], times: NDArray[np.int64], first: NDArray[np.int64]) -> NDArray[np.float64]:
    """Share of each list that was not there yet when the held-out item was taken, as anybody took it first only later;
    float64 [n], NaN for an empty list. A model that recommends such items knows what nobody could know.

    Args:
        lists: int [n, k], columns of items, -1 for none.
        times: int64 [n], of the held-out items.
        first: int64 [n_items], see `first_times`.
    """
    there = lists >= 0
    later = there & (first[lists] > times[:, None])
    with np.errstate(invalid="ignore"):
        return later.sum(1) / there.sum(1)


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
