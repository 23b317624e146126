"""Item-kNN: collaborative filtering by item similarity (Sarwar et al. 2001)."""

from collections.abc import Sequence

import numpy as np
import torch
from numpy.typing import NDArray
from scipy import sparse

from recdesk.core.errors import RecdeskError
from recdesk.core.messages import Message
from recdesk.core.task import UNWATCHED, Task
from recdesk.data.histories import Histories
from recdesk.models.base import Recommender, pick
from recdesk.models.binary import binary, pairs_of, product_blocks

LONGEST = 500
"""Maximum length of a history; earlier items are dropped, since work grows with its square."""
MOST_PAIRS = 4 * 10**9
_MOST_CELLS = 2**25
"""Maximum cells of a block that is made dense to find its largest values (128 MiB)."""


class ItemKnn(Recommender):
    """Shrunk cosine similarity of items as sets of users; the nearest k of each item are kept."""

    kind = "item-kNN"

    def __init__(self, neighbours: sparse.csr_array) -> None:
        """`neighbours`: float32 [n_items, n_items], row i the similarities of i's nearest items."""
        self.neighbours = neighbours
        self.n_items = neighbours.shape[0]

    @classmethod
    def fit(
        cls, histories: Histories, n_items: int, k: int = 100, shrinkage: float = 10.0, task: Task = UNWATCHED
    ) -> "ItemKnn":
        """Fit one model; see `fit_each`."""
        return cls.fit_each(histories, n_items, (k,), shrinkage, task)[0]

    @classmethod
    def fit_each(
        cls,
        histories: Histories,
        n_items: int,
        ks: Sequence[int],
        shrinkage: float = 10.0,
        task: Task = UNWATCHED,
    ) -> "list[ItemKnn]":
        """Fit a model for each number of neighbours, with the similarities computed once.

        Args:
            histories: training items of each user; repeats count once.
            n_items: catalogue size.
            ks: neighbours kept of each item.
            shrinkage: added to the product of the norms; lowers the similarity of rare pairs.
            task: checked several times a second; gets the share of the similarities.

        Raises:
            RecdeskError: it would take too long.
            CancelledError: it was cancelled.
        """
        latest = _latest(histories)
        pairs = int((latest.lengths**2).sum())
        if pairs <= 4 * MOST_PAIRS:  # beyond it there are too many even if half of each history are repeats
            x = binary(latest, n_items, task)
            pairs = pairs_of(x)
        if pairs > MOST_PAIRS:
            raise RecdeskError(Message("baseline.knn-pairs-many", count=pairs))
        norms = np.sqrt(np.asarray(x.sum(0)).ravel())
        by_item = x.T.tocsr()
        blocks: list[list[sparse.csr_array]] = [[] for _ in ks]
        for block in product_blocks(by_item, x):
            task.step(block.start / n_items)
            common = (by_item[block] @ x).tocoo()
            row, column, count = common.row + block.start, common.col, common.data
            near = count / (norms[row] * norms[column] + shrinkage)
            near[row == column] = 0.0
            for found, nearest in zip(blocks, _nearest(row - block.start, column, near, common.shape, ks), strict=True):
                found.append(nearest)
        return [cls(sparse.csr_array(sparse.vstack(found))) for found in blocks]

    @torch.inference_mode()
    def scores(self, histories: Histories, candidates: NDArray[np.int64] | None = None) -> torch.Tensor:
        """See `Recommender.scores`: sum of the similarities to the items of each history."""
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
    """Keep the k largest values of each row, for each k; ties go to the smaller column.

    Args:
        row, column, near: int, int, float [m], the nonzero entries.
        shape: of the matrix.
        ks: values of k.
    """
    most = max(ks)
    if most < shape[1] and shape[0] * shape[1] <= _MOST_CELLS:  # then few entries are left to sort
        full = np.zeros(shape, near.dtype)
        full[row, column] = near
        full.partition(shape[1] - most, axis=1)
        kept = near >= full[row, shape[1] - most]
        row, column, near = row[kept], column[kept], near[kept]
    order = np.lexsort((column, -near, row))
    row, column, near = row[order], column[order], near[order].astype(np.float32)
    rank = np.arange(len(row)) - np.searchsorted(row, np.arange(shape[0]))[row]
    chosen = ((rank < k) & (near > 0) for k in ks)
    return [sparse.csr_array((near[kept], (row[kept], column[kept])), shape=shape) for kept in chosen]
