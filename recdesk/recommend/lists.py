"""Lists for several queries at once, each with wishes of its own: one pass of the model, then each query's own cut."""

from collections.abc import Callable, Sequence
from typing import Protocol

import numpy as np
import torch
from numpy.typing import NDArray

from recdesk.data.dataset import Dataset
from recdesk.data.histories import Histories
from recdesk.recommend.best import best_of
from recdesk.recommend.bound_rules import BoundRules
from recdesk.recommend.query import Found, Query, Rows, both


class Scoring(Protocol):
    """What scores blocks of histories; see `LiveModel`."""

    dataset: Dataset

    def each_block(self, histories: Histories, wish: str, take: Callable[[Rows, torch.Tensor], None]) -> None:
        """See `LiveModel.each_block`."""

    def ranked(
        self,
        histories: Histories,
        n: int,
        exclude_seen: bool = True,
        allowed: NDArray[np.bool_] | None = None,
        wish: str = "",
        *,
        rules: BoundRules | None = None,
    ) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
        """See `LiveModel.ranked`."""


def lists(model: Scoring, queries: Sequence[Query]) -> list[Found]:
    """Answer queries; each answer equals `LiveModel.ranked` for that query alone.

    Args:
        model: what recommends.
        queries: those without a wish are read and scored together.

    Raises:
        RecdeskError: there is a wish, and the model reads no texts or its encoder is gone.
    """
    found: list[Found | None] = [None] * len(queries)
    together = [number for number, query in enumerate(queries) if not query.wish]
    histories = Histories.of(queries[number].history for number in together)

    def take(rows: Rows, scores: torch.Tensor) -> None:
        for query, own in _alike(queries, rows, together):
            part = scores if len(own) == len(rows) else scores[torch.from_numpy(own)]
            width = min(max(queries[together[row]].n for row in rows[own]), model.dataset.n_items)
            allowed = both(None, query.rules)
            cut = best_of(part, histories[rows[own]], width, query.exclude_seen, allowed, query.rules)
            for row, codes, values in zip(rows[own], *cut, strict=True):
                found[together[row]] = Found.of(codes, values, queries[together[row]].n)

    if together:
        model.each_block(histories, "", take)
    for number, query in enumerate(queries):
        if query.wish:
            one = Histories.of([query.history])
            codes, values = model.ranked(one, query.n, query.exclude_seen, None, query.wish, rules=query.rules)
            found[number] = Found.of(codes[0], values[0], query.n)
    return [each for each in found if each is not None]


def _alike(queries: Sequence[Query], rows: Rows, together: Sequence[int]) -> list[tuple[Query, NDArray[np.int64]]]:
    """Positions in a block, int64 each, of queries that are cut alike. A list that is chosen as a whole depends on its
    length, so that these are alike only if they are equally long."""
    groups: dict[tuple[int, bool, int], list[int]] = {}
    for position, row in enumerate(rows):
        query = queries[together[row]]
        length = query.n if query.rules is not None and query.rules.rules.reranks else 0
        groups.setdefault((id(query.rules), query.exclude_seen, length), []).append(position)
    return [(queries[together[rows[own[0]]]], np.array(own, np.int64)) for own in groups.values()]
