"""Nearest neighbours of items by the cosine of their vectors, exact."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from recdesk.core.task import UNWATCHED, Task
from recdesk.recommend.highest import top

CELLS_AT_ONCE = 2**23
"""Cosines computed at once: 32 MB."""


@dataclass(frozen=True)
class Neighbours:
    """Nearest items of some items.

    Attributes:
        codes: int64 [n, k], item codes, nearest first; 0 where there is none.
        cosines: float32 [n, k].
    """

    codes: NDArray[np.int64]
    cosines: NDArray[np.float32]


class SimilarItems:
    """Nearest neighbours by cosine, exact.

    Args:
        vectors: float32 [n_items, hidden].
    """

    def __init__(self, vectors: NDArray[np.float32]) -> None:
        lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
        self._unit = vectors / np.maximum(lengths, 1e-12)
        self._empty = lengths[:, 0] == 0

    def of(
        self,
        codes: NDArray[np.int64],
        k: int = 10,
        allowed: NDArray[np.bool_] | None = None,
        task: Task = UNWATCHED,
    ) -> Neighbours:
        """The k nearest items of each of some items, without itself.

        Args:
            codes: int64 [n], item codes.
            k: at most n_items - 1 are found.
            allowed: bool [n_items], items that may be neighbours; None for all.
            task: gets progress; checked before each block.

        Raises:
            CancelledError: it was cancelled.
        """
        n_items = len(self._unit)
        width = min(k, n_items - 1)
        found = np.zeros((len(codes), width), np.int64)
        cosines = np.zeros((len(codes), width), np.float32)
        never = self._empty if allowed is None else self._empty | ~allowed
        block = max(CELLS_AT_ONCE // n_items, 1)
        for begin in range(0, len(codes), block):
            task.step(begin / len(codes))
            some = codes[begin : begin + block] - 1
            likeness = self._unit[some] @ self._unit.T
            likeness[:, never] = -np.inf
            likeness[np.arange(len(some)), some] = -np.inf
            highest, columns = top(likeness, width)
            none = highest == -np.inf
            found[begin : begin + block] = np.where(none, 0, columns + 1)
            cosines[begin : begin + block] = np.where(none, 0.0, highest)
        return Neighbours(found, cosines)
