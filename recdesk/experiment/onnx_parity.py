"""Whether an exported model gives the lists of its run: measured on histories that the run was measured on."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from recdesk.core.messages import Message
from recdesk.core.task import UNWATCHED, Task
from recdesk.data.histories import Histories
from recdesk.data.splitting import Split, histories_before
from recdesk.models.base import VectorRecommender
from recdesk.recommend.highest import top
from recdesk.recommend.onnx_model import OnnxModel

PEOPLE, SCORES_IN_ALL, SCORES_AT_ONCE = 1000, 2**27, 2**22
LENGTH = 10
LEAST_COMMON = {False: 0.995, True: 0.97}
"""Share of places that should hold the item of the run, of a float and of an int8 model."""
MOST_LOST = 0.005
"""Share of NDCG@10."""


@dataclass(frozen=True)
class Parity:
    """Lists of an exported model beside those of its run; items of the histories are left out.

    Attributes:
        people: whose histories were read; 0 where nobody's item is held out, and nothing was compared.
        same: share of lists of ten with the same items in the same order.
        common: share of the places that hold an item of the run's list.
        difference: largest difference of a score.
        spread: standard deviation of the scores of a history, mean.
        before, after: NDCG@10 of the run and of the exported model for these people.
        int8: whether the exported model's weights are 8-bit integers.
    """

    people: int
    same: float = 1.0
    common: float = 1.0
    difference: float = 0.0
    spread: float = 0.0
    before: float = 0.0
    after: float = 0.0
    int8: bool = False

    @property
    def lost(self) -> float:
        """Share of NDCG@10 that is lost; negative where it grew."""
        return (self.before - self.after) / self.before if self.before else 0.0

    @property
    def sentences(self) -> list[str]:
        """The same in words."""
        if not self.people:
            return [Message("onnx.nobody")]
        return [
            Message(
                "onnx.parity-lists",
                count=self.people,
                same=self.same,
                common=self.common,
                difference=self.difference,
                spread=self.spread,
            ),
            Message("onnx.parity-ndcg", before=self.before, after=self.after, lost=self.lost),
            *self.shortcomings,
        ]

    @property
    def shortcomings(self) -> list[str]:
        """What is below the aims."""
        aim = LEAST_COMMON[self.int8]
        found: list[str] = []
        if self.common < aim:
            found.append(Message("onnx.below-lists", share=self.common, aim=aim))
        if self.lost > MOST_LOST:
            found.append(Message("onnx.below-ndcg", share=self.lost, aim=MOST_LOST))
        return found


def compare(ours: VectorRecommender, theirs: OnnxModel, split: Split, task: Task = UNWATCHED) -> Parity:
    """Compare lists of ten.

    Args:
        ours: the run's model.
        theirs: what was exported.
        split: that the run was measured on.
        task: gets progress.

    Raises:
        CancelledError: it was cancelled.
    """
    parts = (split.targets(part) for part in ("test", "validation"))
    targets = next((held_out for held_out in parts if (held_out >= 0).any()), None)
    if targets is None:
        return Parity(0, int8=theirs.reader.shape.int8)
    n_items = split.dataset.n_items
    people = np.flatnonzero(targets >= 0)
    count = min(len(people), PEOPLE, max(SCORES_IN_ALL // n_items, 1))
    people = np.sort(np.random.default_rng(0).choice(people, count, replace=False))
    histories = histories_before(split, targets, people)
    wanted = split.dataset.items[targets[people]].astype(np.int64) - 1
    found = _Sums()
    for rows in _blocks(len(people), n_items):
        task.step(rows[0] / len(people))
        found.add(ours, theirs, histories[rows], wanted[rows])
    return found.parity(len(people), theirs.reader.shape.int8)


def _blocks(count: int, n_items: int) -> Iterator[NDArray[np.int64]]:
    size = max(SCORES_AT_ONCE // n_items, 1)
    for begin in range(0, count, size):
        yield np.arange(begin, min(begin + size, count))


class _Sums:
    """What is summed up over blocks of histories."""

    def __init__(self) -> None:
        self.same = self.common = self.before = self.after = self.spread = self.difference = 0.0

    def add(self, ours: VectorRecommender, theirs: OnnxModel, histories: Histories, wanted: NDArray[np.int64]) -> None:
        vectors = ours.user_vectors(histories)
        first = ours.scores_of(vectors).cpu().numpy()
        second = theirs.scores(theirs.query_vectors(histories))
        self.difference = max(self.difference, float(np.abs(first - second).max()))
        self.spread += float(first.std(1).sum())
        rows, items = histories.flat()
        lists = []
        for scores in (first, second):
            scores[rows, items.astype(np.int64) - 1] = -np.inf
            values, columns = top(scores, min(LENGTH, scores.shape[1]))
            lists.append(np.where(values > -np.inf, columns, -1))
        self.same += float((lists[0] == lists[1]).all(1).sum())
        there = (lists[0] >= 0).sum(1)
        shared = ((lists[0][:, :, None] == lists[1][:, None, :]).any(2) & (lists[0] >= 0)).sum(1)
        self.common += float(np.where(there > 0, shared / np.maximum(there, 1), 1.0).sum())
        self.before += _gain(lists[0], wanted)
        self.after += _gain(lists[1], wanted)

    def parity(self, people: int, int8: bool) -> Parity:
        return Parity(
            people,
            self.same / people,
            self.common / people,
            self.difference,
            self.spread / people,
            self.before / people,
            self.after / people,
            int8,
        )


def _gain(lists: NDArray[np.int64], wanted: NDArray[np.int64]) -> float:
    """Sum of NDCG@10 of one wanted item a list."""
    _, places = np.nonzero(lists == wanted[:, None])
    return float((1.0 / np.log2(places + 2.0)).sum())
