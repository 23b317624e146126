"""Diversity within each list of recommendations, by a feature of the items."""

import weakref

import numpy as np
from numpy.typing import NDArray

from recdesk.data.categories import Categories, item_categories
from recdesk.data.dataset import Dataset

ROWS_AT_ONCE = 4096

_categories: "weakref.WeakKeyDictionary[Dataset, Categories | None]" = weakref.WeakKeyDictionary()
_sets: "weakref.WeakKeyDictionary[Dataset, NDArray[np.uint64] | None]" = weakref.WeakKeyDictionary()
"""Category sets of the items of datasets in memory: a run asks for them at each evaluation with lists."""


def diversity(lists: NDArray[np.integer], dataset: Dataset) -> dict[str, float]:
    """diversity@10: mean over users of the distance between two items of their list, see `list_distances`; {} where no
    feature sorts the items into categories."""
    sets = category_sets(dataset)
    if sets is None or not len(lists):
        return {}
    values = list_distances(lists, sets)
    known = values[~np.isnan(values)]
    return {"diversity@10": float(known.mean())} if len(known) else {}


def categories_of(dataset: Dataset) -> Categories | None:
    """`item_categories` of a dataset in memory, remembered."""
    if dataset not in _categories:
        _categories[dataset] = item_categories(dataset)
    return _categories[dataset]


def category_sets(dataset: Dataset) -> NDArray[np.uint64] | None:
    """Categories of each item by `item_categories`, as `Categories.bits`; None where there are none."""
    if dataset not in _sets:
        found = categories_of(dataset)
        _sets[dataset] = None if found is None else found.bits()
    return _sets[dataset]


def list_distances(lists: NDArray[np.integer], sets: NDArray[np.uint64]) -> NDArray[np.float64]:
    """Intra-list distance of each list: the mean over its pairs of items of 1 - |A ∩ B| / |A ∪ B| of their categories
    (Ziegler et al. 2005; Jaccard). Items without a category are left out.

    Args:
        lists: int [n, k], columns of items, -1 for none.
        sets: uint64 [n_items, words], see `Categories.bits`.

    Returns:
        float64 [n], NaN where a list has fewer than two items with categories.
    """
    first, second = np.triu_indices(lists.shape[1], 1)
    result = np.full(len(lists), np.nan)
    known: NDArray[np.bool_] = (sets != 0).sum(1) > 0
    for begin in range(0, len(lists), ROWS_AT_ONCE):
        block = lists[begin : begin + ROWS_AT_ONCE]
        there = (block >= 0) & known[block]
        pairs = there[:, first] & there[:, second]
        of_list = sets[block]  # [rows, k, words]; -1 is any item, which `pairs` leaves out
        common = np.bitwise_count(of_list[:, first] & of_list[:, second]).sum(2, dtype=np.int64)
        either = np.bitwise_count(of_list[:, first] | of_list[:, second]).sum(2, dtype=np.int64)
        distances = np.where(pairs, 1.0 - common / np.maximum(either, 1), 0.0).sum(1)
        n_pairs = pairs.sum(1)
        result[begin : begin + len(block)] = np.where(n_pairs > 0, distances / np.maximum(n_pairs, 1), np.nan)
    return result
