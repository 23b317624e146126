"""What every model and baseline offers."""

from abc import ABC, abstractmethod
from typing import ClassVar

import numpy as np
import torch
from numpy.typing import NDArray

from recdesk.data.histories import Histories


class Recommender(ABC):
    """Scores the whole catalogue for histories.

    Column j of a score matrix belongs to item code j + 1 (code 0 is padding). Scores rank; they are not probabilities.
    """

    kind: ClassVar[str]
    n_items: int

    @abstractmethod
    def scores(self, histories: Histories, candidates: NDArray[np.int64] | None = None) -> torch.Tensor:
        """Score items for each history.

        Args:
            histories: a batch in time order; items may repeat; a history may be empty.
            candidates: int64 [m], item codes to score; None for all of them in order of code.

        Returns:
            float [batch, n_items] or [batch, m] on the model's device, in memory of its own: the caller may change it.
        """

    @property
    def on_gpu(self) -> bool:
        """Whether the model is on a GPU, where larger blocks are faster."""
        return False

    @property
    def common_scores(self) -> torch.Tensor | None:
        """float [n_items], the scores of every user if they do not depend on the history; else None."""
        return None

    @property
    def reads(self) -> int | None:
        """How many items of a history are read, the latest; None for all of them."""
        return None

    @property
    def reads_moment(self) -> bool:
        """Whether scores depend on the moment that is asked about."""
        return False

    def cost(self, lengths: NDArray[np.int64]) -> NDArray[np.float64]:
        """Multiplications to score histories of these lengths, float64 [n]; 0 where that is less work than ranking."""
        return np.zeros(len(lengths))


class VectorRecommender(Recommender):
    """A recommender that encodes each history as a vector, from which scores are cheap."""

    @abstractmethod
    def user_vectors(self, histories: Histories) -> torch.Tensor:
        """float32 [batch, hidden]; see `scores` for histories."""

    @abstractmethod
    def scores_of(self, vectors: torch.Tensor, candidates: NDArray[np.int64] | None = None) -> torch.Tensor:
        """`scores` from `user_vectors`."""

    def scores(self, histories: Histories, candidates: NDArray[np.int64] | None = None) -> torch.Tensor:
        """See `Recommender.scores`."""
        return self.scores_of(self.user_vectors(histories), candidates)


def pick(scores: torch.Tensor, candidates: NDArray[np.int64] | None) -> torch.Tensor:
    """The columns of the candidates, [batch, m]; all of them for None."""
    if candidates is None:
        return scores
    return scores[:, torch.from_numpy(np.asarray(candidates, np.int64) - 1).to(scores.device)]
