"""Whitening of text vectors, which lie in a narrow cone otherwise (Zhang et al. 2024, WhitenRec)."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

SHRINKAGE = 0.05


@dataclass(frozen=True)
class Whitening:
    """An affine map fitted to a catalogue's vectors.

    Attributes:
        mean: float32 [width].
        matrix: float32 [width, kept].
    """

    mean: NDArray[np.float32]
    matrix: NDArray[np.float32]

    @classmethod
    def fit(cls, vectors: NDArray[np.float32], most: int, shrinkage: float = SHRINKAGE) -> "Whitening":
        """Fit principal directions scaled to unit variance.

        Args:
            vectors: float32 [n, width]; equal rows count once.
            most: maximum number of directions, largest variance first.
            shrinkage: share of the mean variance mixed into each direction's, so that noise is not amplified.
        """
        distinct = np.unique(vectors, axis=0).astype(np.float64)
        mean = distinct.mean(0)
        if len(distinct) < 2:  # nothing tells items apart, and nothing should pretend to
            return cls(mean.astype(np.float32), np.zeros((len(mean), 1), np.float32))
        variance, directions = np.linalg.eigh(np.cov(distinct - mean, rowvar=False, bias=True).reshape(len(mean), -1))
        spans = max(1, min(most, len(mean), len(distinct) - 1))
        variance, directions = variance[::-1][:spans].clip(min=0), directions[:, ::-1][:, :spans]
        mixed = (1 - shrinkage) * variance + shrinkage * max(float(variance.mean()), 1e-12)
        return cls(mean.astype(np.float32), (directions / np.sqrt(mixed)).astype(np.float32))

    def apply(self, vectors: NDArray[np.float32]) -> NDArray[np.float32]:
        """Whiten vectors: float32 [n, width] to float32 [n, kept]."""
        return np.asarray((vectors - self.mean) @ self.matrix, np.float32)
