"""EASE, a linear autoencoder over items that many deep models fail to beat (Steck 2019, arXiv:1905.03375)."""

from collections.abc import Iterator, Sequence

import numpy as np
import torch
from numpy.typing import NDArray
from scipy import sparse

from recdesk.core.errors import RecdeskError
from recdesk.core.machine import available_memory
from recdesk.core.messages import Message
from recdesk.core.task import UNWATCHED, Task
from recdesk.data.histories import Histories
from recdesk.models.base import Recommender, pick
from recdesk.models.binary import binary, pairs_of, product_blocks

MAX_SIDE = 20_000
"""Largest matrix that is inverted (1.6 GB; minutes on two cores); the smaller of users and items counts."""
MOST_PAIRS = 10**10
"""Maximum multiplications of the sparse Gram matrix: one to two minutes."""
DENSE_GAIN = 500
"""Multiplications of a dense matmul in the time of one of a sparse matmul."""
AT_ONCE = 4096
"""Largest matrix that is inverted by one Cholesky decomposition, in about a second."""
BLOCK = 1024
"""Block size for larger matrices: each step takes less than a second, so that cancelling does."""
_SHARE = 0.8
"""Share of the free memory that may be used."""


class Ease(Recommender):
    """Closed form: B = I - P diag(1 / diag P) with P = (XᵀX + λI)⁻¹ (section 3.1, equation 8).

    With fewer users than items P is never formed: by Woodbury's identity P = (I - Xᵀ(λI + XXᵀ)⁻¹X) / λ, and only
    users × users numbers are kept.
    """

    kind = "EASE"

    def __init__(self, weights: torch.Tensor, taken: sparse.csr_array | None, diagonal: torch.Tensor) -> None:
        """`weights`, `taken`: B [n, n] and None, or (λI + XXᵀ)⁻¹ [k, k] and X [k, n]; `diagonal`: λ·diag P."""
        self.weights, self.taken, self.diagonal = weights, taken, diagonal
        self.n_items = len(diagonal)

    @classmethod
    def fit(cls, histories: Histories, n_items: int, regularisation: float = 250.0, task: Task = UNWATCHED) -> "Ease":
        """Fit one model; see `fit_each`."""
        return next(cls.fit_each(histories, n_items, (regularisation,), task))

    @classmethod
    def fit_each(
        cls, histories: Histories, n_items: int, strengths: Sequence[float], task: Task = UNWATCHED
    ) -> "Iterator[Ease]":
        """Fit a model for each λ, with the Gram matrix computed once.

        Args:
            histories: training items of each user; repeats count once.
            n_items: catalogue size.
            strengths: values of λ; the paper's are 200..1000.
            task: checked several times a second; gets the share of the first model.

        Yields:
            The models in order.

        Raises:
            RecdeskError: memory or time would not suffice.
            CancelledError: it was cancelled.
        """
        side, few = min(len(histories), n_items), len(histories) < n_items
        if side > MAX_SIDE:
            raise RecdeskError(Message("baseline.ease-matrix-large", side=side, limit=MAX_SIDE))
        _require_memory(side, int(histories.lengths.sum()), len(strengths))
        x = binary(histories, n_items, task)
        by_item = x.T.tocsr()
        half = task.part(0.0, 0.5)
        gram = _gram(x, by_item, half) if few else _gram(by_item, x, half)
        del by_item
        for number, strength in enumerate(strengths, 1):
            matrix = gram if number == len(strengths) else gram.clone()
            matrix.diagonal().add_(strength)
            inverse = inverted(matrix, task.part(0.5, 1.0))
            if few:
                yield cls(inverse, x, _woodbury_diagonal(inverse, x, task))
                continue
            diagonal = inverse.diagonal().clone()
            yield cls(inverse.div_(-diagonal).fill_diagonal_(0.0), None, diagonal * strength)

    @torch.inference_mode()
    def scores(self, histories: Histories, candidates: NDArray[np.int64] | None = None) -> torch.Tensor:
        """See `Recommender.scores`: x B for the binary row x of each history."""
        x = binary(histories, self.n_items)
        if self.taken is None:
            items, offsets = torch.from_numpy(x.indices), torch.from_numpy(x.indptr[:-1])
            return pick(torch.nn.functional.embedding_bag(items, self.weights, offsets, mode="sum"), candidates)
        shared = torch.from_numpy((x @ self.taken.T).toarray())
        known = torch.from_numpy(self.taken.T @ (shared @ self.weights).T.numpy()).T
        row = torch.from_numpy(x.toarray())
        return pick(row - (row - known) / self.diagonal, candidates)  # x - λ x P / λ diag P

    def cost(self, lengths: NDArray[np.int64]) -> NDArray[np.float64]:
        """See `Recommender.cost`."""
        if self.taken is None:
            return lengths.astype(np.float64) * self.n_items
        return np.full(len(lengths), len(self.weights) ** 2 / 10 + self.taken.nnz)


def _require_memory(side: int, entries: int, models: int) -> None:
    """Check that there is enough memory.

    Args:
        side: rows of the matrix to invert.
        entries: maximum nonzero entries of X.
        models: number of models fitted; the best so far is kept meanwhile.

    Raises:
        RecdeskError: there is not.
    """
    need = 4 * side * (side * min(models + 1, 4) + 2 * BLOCK) + 2 * 8 * entries
    free = available_memory()
    if need > _SHARE * free:
        raise RecdeskError(Message("baseline.ease-memory-short", size=need / 2**30, free=free / 2**30))


def _gram(rows: sparse.csr_array, columns: sparse.csr_array, task: Task) -> torch.Tensor:
    """Matrix product `rows` @ `columns`, float32 [m, m], exact; by dense blocks where that is faster.

    Args:
        rows: [m, p].
        columns: [p, m], its transpose.

    Raises:
        RecdeskError: it would take too long.
    """
    side, pairs = rows.shape[0], pairs_of(columns)
    dense = columns.shape[0] * side**2 // DENSE_GAIN
    if min(pairs, dense) > MOST_PAIRS:
        raise RecdeskError(Message("baseline.ease-pairs-many", count=pairs))
    gram = torch.zeros(side, side)
    if dense < pairs:
        block = max(10**10 // max(side, 1) ** 2, 64)
        for begin in range(0, columns.shape[0], block):
            task.step(begin / columns.shape[0])
            part = torch.from_numpy(columns[begin : begin + block].toarray())
            gram.addmm_(part.T, part)
        return gram
    for block_rows in product_blocks(rows, columns):
        task.step(block_rows.start / side)
        gram[block_rows] = torch.from_numpy((rows[block_rows] @ columns).toarray())
    return gram


def inverted(matrix: torch.Tensor, task: Task = UNWATCHED) -> torch.Tensor:
    """Invert a symmetric positive definite matrix. One of more than `AT_ONCE` rows is overwritten.

    That one is inverted block by block on its lower triangle (Goodnight 1979, "A tutorial on the SWEEP operator"): as
    many operations as a Cholesky decomposition, which could not be cancelled for minutes.

    Raises:
        CancelledError: it was cancelled.
    """
    task.check()
    n = len(matrix)
    if n <= AT_ONCE:
        return torch.cholesky_inverse(torch.linalg.cholesky(matrix))
    blocks = [slice(begin, min(begin + BLOCK, n)) for begin in range(0, n, BLOCK)]
    for block in blocks:
        task.report(block.start / n)
        column = torch.cat([matrix[block, : block.start].T, matrix[block.start :, block]])  # [n, block]
        pivot = torch.cholesky_inverse(torch.linalg.cholesky(column[block]))
        swept = column @ pivot
        for rows in blocks:
            task.check()
            matrix[rows, : rows.stop].addmm_(swept[rows], column[: rows.stop].T, alpha=-1.0)
        matrix[block.stop :, block] = swept[block.stop :]
        matrix[block, : block.start] = swept[: block.start].T
        matrix[block, block] = -pivot
    for block in blocks:
        matrix[block, block.stop :] = matrix[block.stop :, block].T
    return matrix.neg_()


def _woodbury_diagonal(inverse: torch.Tensor, x: sparse.csr_array, task: Task) -> torch.Tensor:
    """λ·diag P = 1 - diag(Xᵀ(λI + XXᵀ)⁻¹X), float32 [n]."""
    by_item, dense = x.T.tocsr(), inverse.numpy()
    diagonal = np.ones(x.shape[1], np.float32)
    step = max(2**26 // max(len(dense), 1), 1)
    for begin in range(0, x.shape[1], step):
        task.check()
        takers = by_item[begin : begin + step]
        diagonal[begin : begin + step] -= takers.multiply(takers @ dense).sum(1)
    return torch.from_numpy(diagonal)
