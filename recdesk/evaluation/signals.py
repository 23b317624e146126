"""What data can show before anything is trained on it: whether order matters, the smallest difference of two models.

Both rest on a Markov chain (`LastItem`) on a sample, which takes a second or two; torch is imported only then.
"""

from dataclasses import dataclass, replace
from math import sqrt
from statistics import NormalDist
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from recdesk.core.errors import CancelledError
from recdesk.core.messages import Message
from recdesk.core.task import UNWATCHED, Task
from recdesk.data.dataset import Dataset
from recdesk.data.histories import Histories
from recdesk.data.splitting import Protocol, Split
from recdesk.evaluation.metrics import Ranks, bootstrap, mean

if TYPE_CHECKING:
    from recdesk.models.baselines.last_item import LastItem

FEWEST_ITEMS = 3
"""Length of history from which somebody is looked at: a pair to learn from and a held-out item."""
LATEST = 200
"""Items of a history that are looked at."""
MOST_INTERACTIONS = 10**6
MOST_PEOPLE, FEWEST_PEOPLE = 2000, 100
MOST_SCORES = 2**26
SHUFFLES = 3
POWER, LEVEL = 0.8, 0.05
CORRELATION = 0.5
"""That is assumed between two models' figures of a person, so that a difference spreads as a figure does. Between the
baselines (18 pairs on MovieLens latest-small, 100K and Amazon Toys) differences spread 0.5 to 1.2 times as much."""


@dataclass(frozen=True)
class OrderSignal:
    """Whether the order of histories tells what comes next.

    Attributes:
        people: of the sample that is measured.
        true, shuffled: NDCG@10 of the Markov chain with histories as they are, and in random order.
        difference: mean of true - shuffled.
        low, high: its 95 % confidence interval, paired over people.
    """

    people: int
    true: float
    shuffled: float
    difference: float
    low: float
    high: float

    @property
    def sentence(self) -> Message:
        """In words."""
        values = {
            "true": self.true, "shuffled": self.shuffled, "difference": self.difference, "low": self.low,
            "high": self.high, "people": self.people,
        }  # fmt: skip
        if self.low > 0:
            return Message("health.order-matters", **values)
        return Message("health.order-no-sign", **values)


@dataclass(frozen=True)
class Resolution:
    """The smallest difference of NDCG@10 between two models that a split can show.

    Attributes:
        people: that are measured.
        deviation: standard deviation of a person's NDCG@10 of the Markov chain.
    """

    people: int
    deviation: float

    @property
    def difference(self) -> float:
        """That a paired test at 5 % finds in four of five cases: (z(.975) + z(.8)) · σ_d / √n with
        σ_d = σ · √(2 (1 - ρ)), the deviation of a difference where two models' figures correlate by ρ."""
        z = NormalDist().inv_cdf(1 - LEVEL / 2) + NormalDist().inv_cdf(POWER)
        return z * self.deviation * sqrt(2 * (1 - CORRELATION)) / sqrt(max(self.people, 1))

    @property
    def sentence(self) -> str:
        """In words; "" where nothing was found at all, so that nothing is known of the spread."""
        if not self.people or not self.deviation:
            return ""
        return Message("start.smallest-difference", people=self.people, difference=self.difference)


def order_signal(dataset: Dataset, seed: int = 0, task: Task = UNWATCHED) -> OrderSignal | None:
    """Compare histories as they are with shuffled ones; the held-out item, each person's last, stays the same.

    Returns:
        None where too few people have enough items.

    Raises:
        CancelledError: it was cancelled.
    """
    sample = _sample(dataset, seed)
    if sample.n_users < FEWEST_PEOPLE:
        return None
    rng = np.random.default_rng((seed, 1))
    measured = _drawn(np.arange(sample.n_users), sample.n_items, rng)
    true = _ndcg(sample, measured, task.part(0.0, 0.25))
    each = []
    for number in range(SHUFFLES):
        part = task.part(0.25 * (number + 1), 0.25 * (number + 2))
        each.append(_ndcg(_shuffled(sample, rng), measured, part))
    shuffled = np.mean(each, axis=0)
    low, high = bootstrap(true - shuffled)
    return OrderSignal(len(measured), mean(true), mean(shuffled), mean(true - shuffled), low, high)


def resolution(split: Split, task: Task = UNWATCHED) -> Resolution:
    """The smallest difference that a split can show, see `Resolution`.

    Raises:
        CancelledError: it was cancelled.
    """
    from recdesk.models.baselines.last_item import LastItem

    part = "test" if (split.test >= 0).any() else "validation"
    targets = split.test if part == "test" else split.validation
    people, rng = np.flatnonzero(targets >= 0), np.random.default_rng(split.protocol.seed)
    starts = np.maximum(split.dataset.offsets[:-1], split.train_ends - LATEST)
    learned = _bounded(split.train_ends - starts, rng)
    histories = Histories(split.dataset.items, starts, split.train_ends)[learned]
    model = LastItem.fit(histories, split.dataset.n_items, task=task.part(0.0, 0.5))
    ranks = _ranks(model, split, _drawn(people, split.dataset.n_items, rng), part, task.part(0.5, 1.0))
    values = ranks.per_user(10, "ndcg")
    return Resolution(len(people), float(values.std(ddof=1)) if len(values) > 1 else 0.0)


def _sample(dataset: Dataset, seed: int) -> Dataset:
    """People with enough items, at most `MOST_INTERACTIONS` of their latest ones."""
    starts = np.maximum(dataset.offsets[:-1], dataset.offsets[1:] - LATEST)
    lengths = dataset.offsets[1:] - starts
    users = np.flatnonzero(lengths >= FEWEST_ITEMS)
    users = users[_bounded(lengths[users], np.random.default_rng(seed))]
    _, items = Histories(dataset.items, starts, dataset.offsets[1:])[users].flat()
    offsets = np.concatenate(([0], np.cumsum(lengths[users]))).astype(np.int64)
    ids = pd.Index([str(number) for number in range(len(users))], dtype="str")
    return Dataset("sample", ids, dataset.item_ids, offsets, items)


def _bounded(lengths: NDArray[np.int64], rng: np.random.Generator) -> NDArray[np.int64]:
    """Indices of people, drawn so that they have at most `MOST_INTERACTIONS`, ascending."""
    order = rng.permutation(len(lengths))
    return np.sort(order[np.cumsum(lengths[order]) <= MOST_INTERACTIONS])


def _drawn(users: NDArray[np.int64], n_items: int, rng: np.random.Generator) -> NDArray[np.int64]:
    """People to measure, so many that it takes a second or two; ascending."""
    most = min(MOST_PEOPLE, max(MOST_SCORES // n_items, FEWEST_PEOPLE))
    return users if len(users) <= most else np.sort(rng.choice(users, most, replace=False))


def _shuffled(dataset: Dataset, rng: np.random.Generator) -> Dataset:
    """The same with every history but its last item in random order."""
    lengths = np.diff(dataset.offsets)
    users = np.repeat(np.arange(dataset.n_users), lengths)
    keys = rng.random(len(users))
    keys[dataset.offsets[1:] - 1] = 2.0
    return replace(dataset, items=dataset.items[np.lexsort((keys, users))])


def _ndcg(dataset: Dataset, users: NDArray[np.int64], task: Task) -> NDArray[np.float64]:
    """NDCG@10 of each person's last item, by a Markov chain over all that comes before it."""
    from recdesk.models.baselines.last_item import LastItem

    last, nobody = dataset.offsets[1:] - 1, np.full(dataset.n_users, -1, np.int64)
    before = Histories(dataset.items, dataset.offsets[:-1], last)
    model = LastItem.fit(before, dataset.n_items, task=task.part(0.0, 0.5))
    split = Split(dataset, Protocol(""), last, nobody, last)
    return _ranks(model, split, users, "test", task.part(0.5, 1.0)).per_user(10, "ndcg")


def _ranks(model: "LastItem", split: Split, users: NDArray[np.int64], part: str, task: Task) -> Ranks:
    from recdesk.evaluation.ranking import evaluate

    found = evaluate(model, split, part, users, with_loss=False, task=task)  # type: ignore[arg-type]
    if found is None:
        raise CancelledError()
    return found.ranks
