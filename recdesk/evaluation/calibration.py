"""Calibration of lists: whether they have categories in the proportions of the person's history (Steck 2018)."""

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from recdesk.data.categories import Categories
from recdesk.data.histories import Histories

if TYPE_CHECKING:
    from scipy import sparse

SMOOTHING = 0.01
"""Share of the history's distribution that is mixed into the list's, so that the divergence is finite (section 3.1)."""
ROWS_AT_ONCE = 4096


def miscalibration(lists: NDArray[np.integer], histories: Histories, categories: Categories) -> NDArray[np.float64]:
    """Kullback-Leibler divergence of each list from its history, in nats: Σ p(g) log(p(g) / q̃(g)), with p the
    distribution of categories in the history, q that in the list, q̃ = (1 - α) q + α p (Steck 2018, equations 2 to 6).
    Every interaction and every place of the list counts alike, an item with several categories in equal parts.

    Args:
        lists: int [n, k], columns of items, -1 for none.
        histories: of the same people.
        categories: of the items.

    Returns:
        float64 [n]: 0 where both are alike, at most -log α; NaN where no item of the one or the other has a category.
    """
    weights = _weights(categories)
    result = np.full(len(lists), np.nan)
    for begin in range(0, len(lists), ROWS_AT_ONCE):
        block = slice(begin, begin + ROWS_AT_ONCE)
        rows, items = histories[block].flat()
        taken = _distribution(rows, items.astype(np.int64) - 1, len(lists[block]), weights)
        rows, places = np.nonzero(lists[block] >= 0)
        shown = _distribution(rows, lists[block][rows, places].astype(np.int64), len(lists[block]), weights)
        mixed = (1.0 - SMOOTHING) * shown + SMOOTHING * taken
        with np.errstate(divide="ignore", invalid="ignore"):
            terms = np.where(taken > 0, taken * np.log(taken / mixed), 0.0)
        result[block] = np.where(np.isnan(taken).any(1) | np.isnan(shown).any(1), np.nan, terms.sum(1))
    return result


def _weights(categories: Categories) -> "sparse.csr_array":
    """Share of each category in each item, float64 [n_items, n_categories]; empty rows for items without one."""
    from scipy import sparse

    lengths = np.diff(categories.offsets)
    shares = np.repeat(1.0 / np.maximum(lengths, 1), lengths)
    shape = (len(lengths), len(categories.names))
    return sparse.csr_array((shares, categories.codes, categories.offsets), shape=shape)


def _distribution(
    rows: NDArray[np.int64], items: NDArray[np.int64], n: int, weights: "sparse.csr_array"
) -> NDArray[np.float64]:
    """Distribution of categories over the items of each row, float64 [n, n_categories]; NaN where none is known."""
    from scipy import sparse

    counts = sparse.coo_array((np.ones(len(rows)), (rows, items)), shape=(n, weights.shape[0])).tocsr()
    sums = (counts @ weights).toarray()
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.asarray(sums / sums.sum(1, keepdims=True))
