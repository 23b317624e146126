"""Implicit ALS, for data that is too large for EASE; by the library `implicit`, if it is installed."""

from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from scipy import sparse

from recdesk.core.errors import RecdeskError
from recdesk.core.machine import available_memory, usable_cores
from recdesk.core.messages import Message
from recdesk.core.task import UNWATCHED, Task
from recdesk.data.histories import Histories
from recdesk.models.base import VectorRecommender, pick
from recdesk.models.binary import binary

FACTORS, ITERATIONS, STEPS = 64, 15, 3
CONFIDENCE, REGULARISATION = 10.0, 0.05
MOST_WORK = 10**12
"""Multiplications of a fit: a few minutes on two cores."""
_SHARE = 0.8
"""Share of the free memory that may be used."""


class ImplicitAls(VectorRecommender):
    """Matrix factorisation of implicit feedback by alternating least squares (Hu, Koren & Volinsky 2008), solved by
    conjugate gradients (Takács, Pilászy & Tikk 2011). A user's vector is solved for from the history given, with the
    items' vectors of training, so that it works for any history."""

    kind = "implicit ALS"

    def __init__(self, items: NDArray[np.float32]) -> None:
        """`items`: float32 [n_items, factors]."""
        self.items, self.n_items = items, len(items)
        self._table = torch.from_numpy(items)
        self._gram = items.T @ items

    @classmethod
    def fit(cls, histories: Histories, n_items: int, seed: int = 0, task: Task = UNWATCHED) -> "ImplicitAls":
        """Fit on training items of each user; repeats count once.

        Raises:
            RecdeskError: the library is not installed, or it would take too long or too much memory.
            CancelledError: it was cancelled.
        """
        library = _library()
        check_size(int(histories.lengths.sum()), len(histories), n_items)
        taken = binary(histories, n_items, task.part(0.0, 0.05))
        part = task.part(0.05, 1.0)
        matrix = sparse.csr_matrix((taken.data, taken.indices, taken.indptr), shape=taken.shape)
        with _one_blas_thread():
            model = library.AlternatingLeastSquares(
                factors=FACTORS, regularization=REGULARISATION, alpha=CONFIDENCE, iterations=ITERATIONS,
                num_threads=usable_cores(), random_state=seed,
            )  # fmt: skip
            model.fit(matrix, show_progress=False, callback=lambda done, *_: part.step((done + 1) / ITERATIONS))
        return cls(np.ascontiguousarray(model.item_factors, np.float32))

    @torch.inference_mode()
    def user_vectors(self, histories: Histories) -> torch.Tensor:
        """See `VectorRecommender.user_vectors`: (YᵀY + (α - 1) Σ yyᵀ + λI)⁻¹ α Σ y over the items of a history;
        α is the confidence of an item that was taken, 1 that of any other, as in the library."""
        x = binary(histories, self.n_items)
        vectors = np.zeros((len(histories), self.items.shape[1]), np.float32)
        ridge = self._gram + REGULARISATION * np.eye(len(self._gram), dtype=np.float32)
        for row in range(len(histories)):
            seen = self.items[x.indices[x.indptr[row] : x.indptr[row + 1]]]
            if len(seen):
                weighted = ridge + (CONFIDENCE - 1.0) * (seen.T @ seen)
                vectors[row] = np.linalg.solve(weighted, CONFIDENCE * seen.sum(0))
        return torch.from_numpy(vectors)

    @torch.inference_mode()
    def scores_of(self, vectors: torch.Tensor, candidates: NDArray[np.int64] | None = None) -> torch.Tensor:
        """See `VectorRecommender.scores_of`."""
        return pick(vectors @ self._table.T, candidates)

    def cost(self, lengths: NDArray[np.int64]) -> NDArray[np.float64]:
        """See `Recommender.cost`: a system of equations for each history."""
        width = float(self.items.shape[1])
        return np.asarray(lengths * width**2 + width**3, np.float64)


def check_size(interactions: int, n_users: int, n_items: int) -> None:
    """Check that a fit takes a few minutes at most and fits into memory.

    Raises:
        RecdeskError: it does not.
    """
    work = 2.0 * ITERATIONS * (STEPS + 1) * FACTORS * (2.0 * interactions + FACTORS * (n_users + n_items))
    if work > MOST_WORK:
        raise RecdeskError(Message("baseline.als-work-large", count=interactions))
    need = 4 * FACTORS * (n_users + n_items) + 4 * 8 * interactions
    free = available_memory()
    if need > _SHARE * free:
        raise RecdeskError(Message("baseline.als-memory-short", size=need / 2**30, free=free / 2**30))


def _library() -> Any:
    """The module of the library.

    Raises:
        RecdeskError: it is not installed.
    """
    try:
        from implicit.cpu import als
    except ImportError as error:
        raise RecdeskError(Message("baseline.als-not-installed")) from error
    return als


def _one_blas_thread() -> Any:
    """The library has threads of its own, which would each start those of BLAS."""
    from threadpoolctl import threadpool_limits

    return threadpool_limits(1, "blas")
