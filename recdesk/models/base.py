"""What every model and baseline offers."""

from abc import ABC, abstractmethod
from typing import ClassVar

import numpy as np
import torch
from numpy.typing import NDArray

from recdesk.data.histories import Histories


class Recommender(ABC):
    """Scores for the whole catalogue from histories.

    Column j of a score matrix belongs to item code j + 1 (code 0 is padding). Scores rank; they are no probabilities.
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
        """Where larger blocks pay."""
        return False

    @property
    def common_scores(self) -> torch.Tensor | None:
        """float [n_items]: the one row of scores that everybody gets, or None where they are people's own."""
        return None

    @property
    def reads(self) -> int | None:
        """So many items of a history are read at most, the latest; None for all of them."""
        return None

    def cost(self, lengths: NDArray[np.int64]) -> NDArray[np.float64]:
        """Multiplications to score histories of these lengths, float64 [n], where that is more work than ranking."""
        return np.zeros(len(lengths))


class VectorRecommender(Recommender):
    """One that makes a vector of each history, which then scores items cheaply."""

    @abstractmethod
    def user_vectors(self, histories: Histories) -> torch.Tensor:
        """float32 [batch, hidden]; see `scores` for histories."""

    @abstractmethod
    def scores_of(self, vectors: torch.Tensor, candidates: NDArray[np.int64] | None = None) -> torch.Tensor:
        """`scores` of those whose `user_vectors` are given."""

    def scores(self, histories: Histories, candidates: NDArray[np.int64] | None = None) -> torch.Tensor:
        """See `Recommender.scores`."""
        return self.scores_of(self.user_vectors(histories), candidates)


def pick(scores: torch.Tensor, candidates: NDArray[np.int64] | None) -> torch.Tensor:
    """Columns of the candidates."""
    if candidates is None:
        return scores
    return scores[:, torch.from_numpy(np.asarray(candidates, np.int64) - 1).to(scores.device)]
