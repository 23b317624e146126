"""Choosing the items of lists under rules that are about whole lists: at most k of a category, at least m categories,
diversity. Vectorised over people."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from recdesk.recommend.bound_rules import BoundRules
from recdesk.recommend.highest import top

if TYPE_CHECKING:
    import torch

POOL_TIMES, LEAST_POOL = 10, 100
"""Best items of a person among which a list is chosen: so many for each of its places, and at least so many."""
WIDER = 8
"""Times by which the pool grows for the people whose lists are not full."""
ITEMS_AT_ONCE = 2**21
"""Items in the pools of a block of people."""


@dataclass(frozen=True)
class _Pool:
    """Candidates of some people in the order of their scores.

    Attributes:
        scores: float32 [rows, width], -inf where there is no candidate.
        items: int64 [rows, width], item codes, 0 where there is none.
    """

    scores: NDArray[np.float32]
    items: NDArray[np.int64]


def rerank(scores: "torch.Tensor | NDArray[np.float32]", n: int, rules: BoundRules) -> NDArray[np.int64]:
    """Choose lists.

    Each list is in the order of the scores. A list is chosen item by item: the best one that the caps leave, of the
    largest marginal relevance where diversity is asked for, and that brings a new category where as many places are
    left as categories are missing. People whose lists are not full get wider pools, at last the whole catalogue.

    Args:
        scores: float [rows, n_items], -inf for items that may not be recommended.
        n: length of the lists.
        rules: on lists.

    Returns:
        int64 [rows, n], columns of `scores`, -1 where nothing is left.
    """
    found = np.full((len(scores), n), -1, np.int64)
    left = np.arange(len(scores))
    width = min(max(POOL_TIMES * n, LEAST_POOL), scores.shape[1])
    while len(left):
        short: list[NDArray[np.int64]] = []
        block = max(ITEMS_AT_ONCE // width, 1)
        for begin in range(0, len(left), block):
            rows = left[begin : begin + block]
            pool = _pool(scores, rows, width)
            chosen, complete = _choose(pool, n, rules)
            whole = width == scores.shape[1] or ~np.isfinite(pool.scores[:, -1])
            if rules.cap is not None:
                chosen = _fuller(pool, chosen, n, rules, whole & ~complete)
            found[rows] = np.where(chosen >= 0, np.take_along_axis(pool.items, np.maximum(chosen, 0), 1) - 1, -1)
            short.append(rows[~(complete | whole)])
        left, width = np.concatenate(short), min(WIDER * width, scores.shape[1])
    return found


def _pool(scores: "torch.Tensor | NDArray[np.float32]", rows: NDArray[np.int64], width: int) -> _Pool:
    if isinstance(scores, np.ndarray):
        values, columns = top(scores if len(rows) == len(scores) else scores[rows], width)
        return _Pool(values, np.where(np.isfinite(values), columns + 1, 0))
    import torch

    some = scores if len(rows) == len(scores) else scores[torch.from_numpy(rows).to(scores.device)]
    best = some.topk(width, dim=1)
    values = best.values.float().cpu().numpy()
    return _Pool(values, np.where(np.isfinite(values), best.indices.cpu().numpy() + 1, 0))


def _choose(pool: _Pool, n: int, rules: BoundRules) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    """Positions in the pool, int64 [rows, n] ascending, -1 for none; and whether a wider pool could not do better, bool
    [rows]."""
    rows = np.arange(len(pool.items))
    chosen = np.full((len(rows), n), pool.items.shape[1], np.int64)
    free = pool.items > 0
    caps = None if rules.cap is None else _Counter(rules.cap.padded(pool.items), len(rules.cap.names))
    kinds = None if rules.spread is None else _Counter(rules.spread.padded(pool.items), len(rules.spread.names))
    likeness = None if rules.likeness is None else rules.likeness.among(pool.items)
    relevance, nearest = _relevance(pool, n), np.zeros(pool.scores.shape, np.float32)
    strength, missed = np.float32(rules.rules.diversity), np.zeros(len(rows), bool)
    for place in range(n):
        open_ = free if caps is None else free & ~caps.any_reached(rules.rules.cap)
        if kinds is not None:
            lacking = rules.least - kinds.distinct
            new = open_ & kinds.any_below(1)
            urgent = (lacking >= n - place) & (lacking > 0)
            missed |= urgent & ~new.any(1)
            open_ = np.where((urgent & new.any(1))[:, None], new, open_)
        if likeness is None:
            best = open_.argmax(1)
        else:
            worth = np.where(open_, (1 - strength) * relevance - strength * nearest, -np.inf)
            best = worth.argmax(1)
        possible = open_[rows, best]
        if not possible.any():
            break
        chosen[possible, place] = best[possible]
        free[rows[possible], best[possible]] = False
        for counter in (caps, kinds):
            if counter is not None:
                counter.add(rows[possible], best[possible])
        if likeness is not None:
            nearest = np.maximum(nearest, likeness(best)) if place else likeness(best)
    chosen.sort(axis=1)
    full = (chosen < pool.items.shape[1]).sum(1) >= min(n, rules.most)
    return np.where(chosen < pool.items.shape[1], chosen, -1), full & ~missed


def _relevance(pool: _Pool, n: int) -> NDArray[np.float32]:
    """Scores scaled so that the best of a row is 1 and the last of the smallest pool 0."""
    there = np.isfinite(pool.scores)
    scores = np.where(there, pool.scores, 0)
    last = np.minimum(there.sum(1), max(POOL_TIMES * n, LEAST_POOL)) - 1
    low = scores[np.arange(len(last)), np.maximum(last, 0)][:, None]
    return (scores - low) / np.maximum(scores[:, :1] - low, 1e-9)


def _fuller(
    pool: _Pool, chosen: NDArray[np.int64], n: int, rules: BoundRules, rows: NDArray[np.bool_]
) -> NDArray[np.int64]:
    """Try again for lists that a cap left short though the whole catalogue was looked at: items of few categories
    first, so that more of them fit under it. The longer list counts."""
    assert rules.cap is not None
    where = np.flatnonzero(rows & ((chosen >= 0).sum(1) < min(n, rules.most)))
    if not len(where) or np.diff(rules.cap.offsets).max(initial=0) < 2:
        return chosen
    items = pool.items[where]
    sizes = np.where(items > 0, rules.cap.offsets[items] - rules.cap.offsets[np.maximum(items, 1) - 1], 2**31)
    order = np.argsort(sizes, axis=1, kind="stable")
    lean = BoundRules(rules.rules, rules.n_items, cap=rules.cap, most=rules.most)
    again, _ = _choose(_Pool(np.zeros(items.shape, np.float32), np.take_along_axis(items, order, 1)), n, lean)
    back = np.where(again >= 0, np.take_along_axis(order, np.maximum(again, 0), 1), pool.items.shape[1])
    back.sort(axis=1)
    back[back == pool.items.shape[1]] = -1
    longer = (back >= 0).sum(1) > (chosen[where] >= 0).sum(1)
    chosen[where[longer]] = back[longer]
    return chosen


class _Counter:
    """How many items of each category the lists have so far.

    Attributes:
        distinct: int64 [rows], categories of each list.
    """

    def __init__(self, entries: NDArray[np.int64], none: int) -> None:
        self._entries, self._none = entries, none
        self._counts = np.zeros((len(entries), none + 1), np.int32)
        self._rows = np.arange(len(entries))[:, None, None]
        self.distinct = np.zeros(len(entries), np.int64)

    def any_reached(self, cap: int) -> NDArray[np.bool_]:
        """bool [rows, width]: candidates of which a category has so many items already."""
        full = np.asarray(self._counts >= cap)
        full[:, self._none] = False
        return self._of_candidates(full)

    def any_below(self, count: int) -> NDArray[np.bool_]:
        """bool [rows, width]: candidates of which a category has fewer items."""
        few = np.asarray(self._counts < count)
        few[:, self._none] = False
        return self._of_candidates(few)

    def add(self, rows: NDArray[np.int64], columns: NDArray[np.int64]) -> None:
        """Count an item of each of these rows."""
        entries = self._entries[rows, columns]
        self.distinct[rows] += ((self._counts[rows[:, None], entries] == 0) & (entries < self._none)).sum(1)
        self._counts[rows[:, None], entries] += 1

    def _of_candidates(self, flags: NDArray[np.bool_]) -> NDArray[np.bool_]:
        return np.asarray(flags[self._rows, self._entries].any(2))
