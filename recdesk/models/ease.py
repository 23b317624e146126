"""EASE: the linear item-to-item model that many deep ones fail to beat (Steck 2019, arXiv:1905.03375)."""

from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from recdesk.data.histories import Histories
from recdesk.errors import RecdeskError
from recdesk.models.base import Recommender, pick
from recdesk.models.tensors import load_tensors, save_tensors

MAX_SIDE = 20_000
"""Largest matrix that is inverted (1.6 GB); the smaller of users and items counts."""


class Ease(Recommender):
    """Closed form: B = I - P diag(1 / diag P) with P = (XᵀX + λI)⁻¹ (section 3.1, equation 8).

    With fewer users than items P is never formed: by Woodbury's identity P = (I - Xᵀ(λI + XXᵀ)⁻¹X) / λ, and only
    users × items numbers are kept.
    """

    kind = "EASE"

    def __init__(self, left: torch.Tensor, right: torch.Tensor | None, diagonal: torch.Tensor) -> None:
        """`left`, `right`: B and None, or the factors X [k, n] and (λI + XXᵀ)⁻¹X [k, n]; `diagonal`: λ·diag P."""
        self.left, self.right, self.diagonal = left, right, diagonal
        self.n_items = left.shape[1]

    @classmethod
    def fit(cls, histories: Histories, n_items: int, regularisation: float = 250.0) -> "Ease":
        """Solve for the weights; see `fit_each`."""
        return next(cls.fit_each(histories, n_items, (regularisation,)))

    @classmethod
    def fit_each(cls, histories: Histories, n_items: int, strengths: Sequence[float]) -> "Iterator[Ease]":
        """A model for each strength, one after the other, with what they share computed once.

        Args:
            histories: training items of each user; repeats count once.
            n_items: catalogue size.
            strengths: λ of each; the paper's own range for data of this kind is 200..1000.

        Raises:
            RecdeskError: more than MAX_SIDE users and items.
        """
        if min(len(histories), n_items) > MAX_SIDE:
            raise RecdeskError(
                f"EASE would need a matrix of {min(len(histories), n_items):,}²; it is left out above {MAX_SIDE:,}²."
            )
        x = _binary(histories, n_items)
        few = len(histories) < n_items
        gram = x @ x.T if few else x.T @ x
        before = gram.diagonal().clone()
        for strength in strengths:
            gram.diagonal().copy_(before).add_(strength)
            factor = torch.linalg.cholesky(gram)
            if few:
                right = torch.cholesky_solve(x, factor)
                yield cls(x, right, 1.0 - (x * right).sum(0))
                continue
            inverse = torch.cholesky_inverse(factor)
            diagonal = inverse.diagonal().clone()
            weights = inverse.div_(-diagonal).fill_diagonal_(0.0)
            yield cls(weights, None, diagonal * strength)

    @torch.inference_mode()
    def scores(self, histories: Histories, candidates: NDArray[np.int64] | None = None) -> torch.Tensor:
        """x B for the binary row x of each history."""
        x = _binary(histories, self.n_items)
        if self.right is None:
            return pick(x @ self.left, candidates)
        projected = x - (x @ self.left.T) @ self.right  # λ x P
        return pick(x - projected / self.diagonal, candidates)

    def save(self, folder: Path) -> None:
        """One file."""
        tensors = {"left": self.left, "diagonal": self.diagonal} | ({} if self.right is None else {"right": self.right})
        save_tensors(folder / "ease.safetensors", tensors, {"format": 1, "kind": self.kind})

    @classmethod
    def load(cls, folder: Path) -> "Ease":
        """The inverse of `save`."""
        tensors, _ = load_tensors(folder / "ease.safetensors")
        return cls(tensors["left"], tensors.get("right"), tensors["diagonal"])


def _binary(histories: Histories, n_items: int) -> torch.Tensor:
    rows, items = histories.flat()
    x = torch.zeros(len(histories), n_items)
    x[torch.from_numpy(rows), torch.from_numpy(items.astype(np.int64) - 1)] = 1.0
    return x
