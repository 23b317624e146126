"""How far a model's explanations can be trusted: what happens to a recommendation when the items that are said to carry
it go first, or come first, against random order (deletion and insertion, Petsiuk et al. 2018)."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from recdesk.core.messages import Message
from recdesk.core.task import UNWATCHED, Task
from recdesk.data.histories import Histories, History
from recdesk.evaluation.metrics import bootstrap, mean

if TYPE_CHECKING:
    from recdesk.recommend.recommender import LiveModel

MOST_PEOPLE = 200
MOST_ITEMS = 50
"""Latest items of a history that are looked at."""
STEPS = 10
ORDERS = 3
"""Random orders for each person."""


@dataclass(frozen=True)
class Fidelity:
    """Curves over people: mean standardised score of each one's first recommendation.

    Attributes:
        shares: float64 [STEPS + 1], share of the history that is gone (deletion) or there (insertion).
        deletion, deletion_random, insertion, insertion_random: float64 [STEPS + 1], in the order of the explanation and
            in random order.
        deletion_gain, insertion_gain: area between the two curves with its 95 % confidence interval; above 0 means that
            the explanation's order is better than random.
        people: how many were measured.
    """

    shares: NDArray[np.float64]
    deletion: NDArray[np.float64]
    deletion_random: NDArray[np.float64]
    insertion: NDArray[np.float64]
    insertion_random: NDArray[np.float64]
    deletion_gain: tuple[float, float, float]
    insertion_gain: tuple[float, float, float]
    people: int

    @property
    def sentence(self) -> str:
        """Whether explanations can be trusted, a message."""
        values = {
            "deletion": self.deletion_gain[0],
            "deletion_low": self.deletion_gain[1],
            "deletion_high": self.deletion_gain[2],
            "insertion": self.insertion_gain[0],
            "insertion_low": self.insertion_gain[1],
            "insertion_high": self.insertion_gain[2],
        }
        if not self.people:
            return Message("steer.fidelity-unknown")
        if self.deletion_gain[1] > 0 and self.insertion_gain[1] > 0:
            return Message("steer.fidelity-good", count=self.people, **values)
        return Message("steer.fidelity-poor", count=self.people, **values)


def fidelity(model: "LiveModel", most: int = MOST_PEOPLE, seed: int = 0, task: Task = UNWATCHED) -> Fidelity:
    """Measure the explanations of a model.

    For a random sample of people with at least two items, the items go one share after the other, in the order of the
    reasons of the first recommendation, and the same in random orders; and the other way round they come.

    Args:
        model: what recommends.
        most: people in the sample.
        seed: of sample and orders.
        task: gets progress; checked before each person.

    Raises:
        CancelledError: it was cancelled.
    """
    generator = np.random.default_rng(seed)
    people = np.flatnonzero(np.diff(model.dataset.offsets) >= 2)
    if len(people) > most:
        people = np.sort(generator.choice(people, most, replace=False))
    curves = np.zeros((len(people), 4, STEPS + 1))
    for row, user in enumerate(people):
        task.step(row / len(people))
        history = model.dataset.history(int(user))[-_looked_at(model) :]
        curves[row] = _curves(model, model.dated(history), generator)
    gains = curves[:, 1].mean(1) - curves[:, 0].mean(1), curves[:, 2].mean(1) - curves[:, 3].mean(1)
    intervals = [(mean(gain), *bootstrap(gain)) for gain in gains]
    average = curves.mean(0) if len(people) else np.zeros((4, STEPS + 1))
    shares = np.linspace(0, 1, STEPS + 1)
    return Fidelity(
        shares, average[0], average[1], average[2], average[3], intervals[0], intervals[1], people=len(people)
    )


def _looked_at(model: "LiveModel") -> int:
    return MOST_ITEMS if model.model.reads is None else min(MOST_ITEMS, model.model.reads)


def _curves(model: "LiveModel", history: History, generator: np.random.Generator) -> NDArray[np.float64]:
    """Deletion, deletion in random order, insertion, insertion in random order, float64 [4, STEPS + 1]."""
    codes, _ = model.ranked(Histories.of([history]), 1)
    code = int(codes[0, 0])
    if not code:
        return np.zeros((4, STEPS + 1))
    order = np.array([reason.position for reason in model.explain(history, code).reasons])
    orders = [order, *(generator.permutation(len(history)) for _ in range(ORDERS))]
    counts = np.round(np.linspace(0, len(history), STEPS + 1)).astype(int)
    variants = [
        history[np.sort(kept)] for one in orders for count in counts for kept in (one[count:], one[:count])
    ]  # in time order, without or with the first ones
    barred = np.zeros(model.dataset.n_items, bool)
    above, _ = model.standing(Histories.of(variants), barred, code, standard=True)
    curves = above.reshape(len(orders), STEPS + 1, 2)
    random = curves[1:].mean(0)
    return np.stack([curves[0, :, 0], random[:, 0], curves[0, :, 1], random[:, 1]])
