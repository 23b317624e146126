"""Content-based baseline: similarity of texts, without learning from interactions."""

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from recdesk.data.histories import Histories
from recdesk.models.base import Recommender, pick

LATEST = 10


class SimilarTexts(Recommender):
    """Cosine similarity of an item's text vector to the mean of those of the last `LATEST` items."""

    kind = "similar texts"

    def __init__(self, vectors: NDArray[np.float32] | Tensor) -> None:
        """`vectors` float32 [n_items, width], whitened."""
        given = torch.as_tensor(vectors, dtype=torch.float32)
        self.vectors = torch.nn.functional.normalize(given, dim=1)
        self.n_items = len(given)

    def scores(self, histories: Histories, candidates: NDArray[np.int64] | None = None) -> Tensor:
        """See `Recommender.scores`; all zero after an empty history."""
        codes, kept = histories.padded(LATEST)
        table = torch.cat([torch.zeros(1, self.vectors.shape[1]), self.vectors])
        mean = table[torch.from_numpy(codes)].sum(1) / torch.from_numpy(np.maximum(kept, 1))[:, None]
        return pick(torch.nn.functional.normalize(mean, dim=1).float() @ self.vectors.T, candidates)

    @property
    def reads(self) -> int:
        """See `Recommender.reads`."""
        return LATEST
