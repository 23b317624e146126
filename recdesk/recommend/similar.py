"""Items that a model treats alike: nearest neighbours by its item vectors."""

from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray

from recdesk.core.errors import UsageError
from recdesk.core.messages import Message
from recdesk.core.task import UNWATCHED, Task
from recdesk.models.base import Recommender
from recdesk.models.bert import BertRecommender
from recdesk.models.two_tower import TwoTower

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


@torch.inference_mode()
def item_vectors(model: Recommender) -> NDArray[np.float32] | None:
    """The vectors with which a model scores items, float32 [n_items, hidden]; None for models without."""
    if isinstance(model, BertRecommender):
        vectors: torch.Tensor = model.output_vectors
    elif isinstance(model, TwoTower):
        vectors = model.head
    else:
        return None
    return vectors.detach().float().cpu().numpy()


def require_vectors(model: Recommender) -> NDArray[np.float32]:
    """See `item_vectors`.

    Raises:
        UsageError: the model has none.
    """
    vectors = item_vectors(model)
    if vectors is None:
        raise UsageError(Message("steer.no-vectors"), Message("steer.other-model"))
    return vectors


class SimilarItems:
    """Nearest neighbours by cosine, exact.

    Args:
        vectors: float32 [n_items, hidden].
    """

    def __init__(self, vectors: NDArray[np.float32]) -> None:
        lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
        self._unit = torch.from_numpy(vectors / np.maximum(lengths, 1e-12))
        self._empty = torch.from_numpy(lengths[:, 0] == 0)

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
        never = self._empty if allowed is None else self._empty | torch.from_numpy(~allowed)
        block = max(CELLS_AT_ONCE // n_items, 1)
        for begin in range(0, len(codes), block):
            task.step(begin / len(codes))
            some = torch.from_numpy(codes[begin : begin + block]) - 1
            likeness = self._unit[some] @ self._unit.T
            likeness.masked_fill_(never, float("-inf"))
            likeness[torch.arange(len(some)), some] = float("-inf")
            best = likeness.topk(width, dim=1)
            none = best.values == float("-inf")
            found[begin : begin + block] = (best.indices + 1).masked_fill_(none, 0).numpy()
            cosines[begin : begin + block] = best.values.masked_fill(none, 0.0).numpy()
        return Neighbours(found, cosines)
