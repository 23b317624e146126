"""Item-kNN: items that the same people took (Sarwar et al. 2001), the neighbourhood baseline that is hard to beat."""

from collections.abc import Sequence

import numpy as np
import torch
from numpy.typing import NDArray
from scipy import sparse

from recdesk.core.errors import RecdeskError
from recdesk.data.histories import Histories
from recdesk.models.base import Recommender, pick
from recdesk.models.binary import Cancelled, binary, never, pairs_of, product_blocks, stop_if

LONGEST = 500
"""Items of a history that count, the latest: the work grows with the square of it."""
MOST_PAIRS = 4 * 10**9
_MOST_CELLS = 2**25
"""Of a block that is laid out in full to find its largest numbers (128 MiB)."""


class ItemKnn(Recommender):
    """Cosine similarity of items as sets of people, damped where few people speak; the nearest k of each are kept."""

    kind = "item-kNN"

    def __init__(self, neighbours: sparse.csr_array) -> None:
        """`neighbours`: float32 [n_items, n_items], row i the similarities of i's nearest items."""
        self.neighbours = neighbours
        self.n_items = neighbours.shape[0]

    @classmethod
    def fit(
        cls, histories: Histories, n_items: int, k: int = 100, shrinkage: float = 10.0, cancelled: Cancelled = never
    ) -> "ItemKnn":
        """Compare every pair of items that somebody took both of, and keep the `k` nearest of each; see `fit_each`."""
        return cls.fit_each(histories, n_items, (k,), shrinkage, cancelled)[0]

    @classmethod
    def fit_each(
        cls,
        histories: Histories,
        n_items: int,
        ks: Sequence[int],
        shrinkage: float = 10.0,
        cancelled: Cancelled = never,
    ) -> "list[ItemKnn]":
        """A model for each number of neighbours, with the pairs compared once.

        Args:
            histories: training items of each user; repeats count once.
            n_items: catalogue size.
            ks: neighbours kept of each item.
            shrinkage: added to the product of the norms, so that pairs seen once are not taken for certain.
            cancelled: asked several times a second.

        Raises:
            RecdeskError: the data is too large for it.
            CancelledError: `cancelled` says so.
        """
        latest = _latest(histories)
        pairs = int((latest.lengths**2).sum())
        if pairs <= 4 * MOST_PAIRS:  # beyond it, even with half of every history repeats; said before memory is spent
            x = binary(latest, n_items, cancelled)
            pairs = pairs_of(x)
        if pairs > MOST_PAIRS:
            raise RecdeskError(f"item-kNN would have to compare {pairs:,} pairs of items; it is left out here.")
        norms = np.sqrt(np.asarray(x.sum(0)).ravel())
        by_item = x.T.tocsr()
        blocks: list[list[sparse.csr_array]] = [[] for _ in ks]
        for block in product_blocks(by_item, x):
            stop_if(cancelled)
            common = (by_item[block] @ x).tocoo()
            row, column, count = common.row + block.start, common.col, common.data
            near = count / (norms[row] * norms[column] + shrinkage)
            near[row == column] = 0.0
            for found, nearest in zip(blocks, _nearest(row - block.start, column, near, common.shape, ks), strict=True):
                found.append(nearest)
        return [cls(sparse.csr_array(sparse.vstack(found))) for found in blocks]

    @torch.inference_mode()
    def scores(self, histories: Histories, candidates: NDArray[np.int64] | None = None) -> torch.Tensor:
        """Sum of the similarities to the items of each history."""
        near = (binary(histories, self.n_items) @ self.neighbours).toarray()
        return pick(torch.from_numpy(near.astype(np.float32)), candidates)


def _latest(histories: Histories) -> Histories:
    return Histories(histories.items, np.maximum(histories.starts, histories.ends - LONGEST), histories.ends)


def _nearest(
    row: NDArray[np.integer],
    column: NDArray[np.integer],
    near: NDArray[np.floating],
    shape: tuple[int, int],
    ks: Sequence[int],
) -> list[sparse.csr_array]:
    """The k largest of each row, for each k; of equal ones the item with the smaller code."""
    most = max(ks)
    if most < shape[1] and shape[0] * shape[1] <= _MOST_CELLS:  # sorting the few that can be among them is soon done
        full = np.zeros(shape, near.dtype)
        full[row, column] = near
        full.partition(shape[1] - most, axis=1)
        kept = near >= full[row, shape[1] - most]
        row, column, near = row[kept], column[kept], near[kept]
    order = np.lexsort((column, -near, row))
    row, column, near = row[order], column[order], near[order].astype(np.float32)
    place = np.arange(len(row)) - np.searchsorted(row, np.arange(shape[0]))[row]
    chosen = ((place < k) & (near > 0) for k in ks)
    return [sparse.csr_array((near[kept], (row[kept], column[kept])), shape=shape) for kept in chosen]
