"""What rules cost: NDCG@10 on held-out items with and without them, over a sample of people."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from recdesk.core.messages import Message
from recdesk.core.task import UNWATCHED, Task
from recdesk.data.splitting import Split, histories_before
from recdesk.evaluation.metrics import bootstrap, mean
from recdesk.recommend.bound_rules import BoundRules
from recdesk.recommend.recommender import LiveModel

LENGTH = 10
MOST_PEOPLE = 500
_AT_ONCE = 64


@dataclass(frozen=True)
class RulesCost:
    """NDCG@10 of the held-out items of some people.

    Attributes:
        without, within: means without and with the rules.
        low, high: 95 % confidence interval of the paired difference `within` - `without`.
        people: how many were measured.
        short: how many of them get fewer than ten items under the rules.
    """

    without: float
    within: float
    low: float
    high: float
    people: int
    short: int

    @property
    def sentence(self) -> str:
        """The difference with its interval and number of people, a message."""
        if not self.people:
            return Message("steer.cost-unknown")
        difference = self.within - self.without
        values = {"without": self.without, "within": self.within, "difference": difference}
        return Message("steer.cost", count=self.people, low=self.low, high=self.high, **values)


def rules_cost(
    model: LiveModel, split: Split, rules: BoundRules, most: int = MOST_PEOPLE, seed: int = 0, task: Task = UNWATCHED
) -> RulesCost:
    """Measure what rules cost.

    Lists of ten are made for a random sample of the people with a held-out item, from their history before it; an item
    that is in the history already can't be found in them. Tests are taken, validation where there are none.

    Args:
        model: what recommends.
        split: of the dataset that the model was trained on.
        rules: of the model.
        most: people in the sample.
        seed: of the sample.
        task: gets progress; checked before each block of people.

    Raises:
        CancelledError: it was cancelled.
    """
    targets = split.targets("test")
    if not (targets >= 0).any():
        targets = split.targets("validation")
    people = np.flatnonzero(targets >= 0)
    if len(people) > most:
        people = np.sort(np.random.default_rng(seed).choice(people, most, replace=False))
    histories = histories_before(split, targets, people)
    wanted = split.dataset.items[targets[people]].astype(np.int64)
    gains, short = np.zeros((2, len(people))), 0
    for begin in range(0, len(people), _AT_ONCE):
        task.step(begin / len(people))
        some = slice(begin, begin + _AT_ONCE)
        for at, ruled in enumerate((None, rules)):
            codes, _ = model.ranked(histories[some], LENGTH, rules=ruled, task=task)
            gains[at, some] = _ndcg(codes, wanted[some])
        short += int((codes == 0).any(1).sum())
    low, high = bootstrap(gains[1] - gains[0])
    return RulesCost(mean(gains[0]), mean(gains[1]), low, high, len(people), short)


def _ndcg(codes: NDArray[np.int64], wanted: NDArray[np.int64]) -> NDArray[np.float64]:
    """NDCG of lists with one relevant item, float64 [n]."""
    rows, ranks = np.nonzero(codes == wanted[:, None])
    gains = np.zeros(len(wanted))
    gains[rows] = 1.0 / np.log2(ranks + 2.0)
    return gains
