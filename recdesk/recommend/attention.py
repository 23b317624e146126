"""Diagnostics: what a model attends to where it predicts the next item. No explanation: weights of attention need not
agree with what carries a recommendation (Jain and Wallace 2019, arXiv:1902.10186), and it is said how far they do."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import scipy.stats
from numpy.typing import NDArray

from recdesk.core.errors import UsageError
from recdesk.core.messages import Message
from recdesk.data.histories import AnyHistory, Histories
from recdesk.models.bert import BertRecommender

if TYPE_CHECKING:
    from recdesk.recommend.recommender import LiveModel

FEWEST = 3
"""Items of the history from which an agreement with effects says something."""


@dataclass(frozen=True, eq=False)
class Attention:
    """What is attended to for the next item.

    Attributes:
        positions: int64 [n], of the items that the model reads, in the history, ascending.
        titles: of these items.
        weights: float64 [layers, heads, n]; they add up to less than 1 where the mask attends to itself.
        effects: float64 [n], what leaving each item out takes off the score of an item.
    """

    positions: NDArray[np.int64]
    titles: tuple[str, ...]
    weights: NDArray[np.float64]
    effects: NDArray[np.float64]

    @property
    def shares(self) -> NDArray[np.float64]:
        """Of all layers and heads: float64 [n], adding up to 1."""
        mean = self.weights.mean((0, 1))
        shares: NDArray[np.float64] = mean / max(mean.sum(), 1e-12)
        return shares

    @property
    def sentence(self) -> str:
        """How far the weights agree with the effects, with the caveat; a message."""
        if len(self.positions) < FEWEST or not self.effects.any():
            return Message("attention.caveat")
        tau = scipy.stats.kendalltau(self.shares, self.effects).statistic
        return Message("attention.agreement", tau=float(np.nan_to_num(tau)))


def attends(model: object) -> bool:
    """Whether a model has attention over the items of a history."""
    return isinstance(model, BertRecommender)


def attention(live: "LiveModel", history: AnyHistory, code: int) -> Attention:
    """What the model attends to in a history, beside the effects on an item.

    Args:
        live: a model with attention over items.
        history: of the person, or item codes in time order.
        code: of the item whose effects stand beside.

    Raises:
        UsageError: the model has none, or the history is empty.
    """
    model, read = live.model, live.dated(history)
    if not isinstance(model, BertRecommender):
        raise UsageError(Message("attention.no-attention", kind=model.kind))
    if not len(read):
        raise UsageError(Message("attention.no-history"))
    positions = np.arange(len(read))[-(model.reads - (not model.causal)) :]
    weights = model.attention(Histories.of([read]))[:, 0, :, : len(positions)].double().cpu().numpy()
    effects = np.zeros(len(read) + 1)
    for reason in live.explain(read, code).reasons:
        effects[reason.position] = reason.effect
    titles = tuple(str(live.dataset.titles[item - 1]) for item in read.items[positions])
    return Attention(positions, titles, weights, effects[positions])
