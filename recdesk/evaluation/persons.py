"""The people whom a model serves best and worst."""

from dataclasses import dataclass
from typing import Literal

import numpy as np

from recdesk.data.dataset import Dataset
from recdesk.data.splitting import Split, train_popularity
from recdesk.evaluation.metrics import NEVER
from recdesk.evaluation.results import Results

LATEST = 3
"""Items of a history that are shown."""


@dataclass(frozen=True)
class Person:
    """One person measured.

    Attributes:
        user_id: as in the file.
        length: interactions of the history that the model saw.
        item_id, title: of the held-out item.
        rank: of that item, from 1; the middle one where it is tied with others.
        latest: titles of the last items before it, the newest first.
        list_ids, list_titles: of the top items, in order.
    """

    user_id: str
    length: int
    item_id: str
    title: str
    rank: int
    latest: tuple[str, ...] = ()
    list_ids: tuple[str, ...] = ()
    list_titles: tuple[str, ...] = ()


def best_and_worst(
    results: Results, split: Split, part: Literal["validation", "test"], count: int = 20
) -> tuple[list[Person], list[Person]]:
    """The best and the worst served people.

    Best: whose item stands first, the least popular items first, as these are hardest to find. Worst: whose item stands
    last. People whose item cannot be recommended are in neither.
    """
    ranks = results.ranks
    held_out = split.dataset.items[split.targets(part)[ranks.users]].astype(np.int64) - 1
    middle = ranks.greater + ranks.equal / 2
    possible = np.flatnonzero(ranks.greater < NEVER)
    popularity = train_popularity(split)[held_out]
    best = possible[np.lexsort((popularity[possible], middle[possible]))][:count]
    worst = possible[np.argsort(-middle[possible], kind="stable")][:count]
    worst = worst[~np.isin(worst, best)]
    return persons(results, split, part, best), persons(results, split, part, worst)


def _latest(dataset: Dataset, user: int, target: int) -> list[int]:
    """Codes of the last items before a row of a user, the newest first."""
    begin = max(int(dataset.offsets[user]), target - LATEST)
    return [int(code) for code in dataset.items[begin:target][::-1]]


def persons(
    results: Results, split: Split, part: Literal["validation", "test"], rows: "np.typing.NDArray[np.int64]"
) -> list[Person]:
    """The people of some rows of the results."""
    dataset, ranks = split.dataset, results.ranks
    made = []
    for row in rows.tolist():
        user = int(ranks.users[row])
        target = int(split.targets(part)[user])
        item = int(dataset.items[target]) - 1
        shown = [int(column) for column in results.lists[row] if column >= 0]
        made.append(
            Person(
                str(dataset.user_ids[user]),
                target - int(dataset.offsets[user]),
                str(dataset.item_ids[item]),
                str(dataset.titles[item]),
                int(ranks.greater[row] + ranks.equal[row] // 2) + 1,
                tuple(str(dataset.titles[code - 1]) for code in _latest(dataset, user, target)),
                tuple(str(dataset.item_ids[column]) for column in shown),
                tuple(str(dataset.titles[column]) for column in shown),
            )
        )
    return made
