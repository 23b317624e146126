"""Why an item is recommended: what leaving out items of the history does, and the fewest without which it would not be
in the list."""

from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from recdesk.data.dataset import Dataset
from recdesk.data.histories import Histories, History
from recdesk.models.base import Recommender
from recdesk.recommend.bound_rules import BoundRules

VARIANTS_AT_ONCE = 256
"""Histories with an item left out per batch."""
MOST_NECESSARY = 5
"""Items in the smallest set, at most."""


class Scorer(Protocol):
    """What explanations need of a `LiveModel`."""

    model: Recommender
    dataset: Dataset

    def standing(
        self,
        histories: Histories,
        barred: NDArray[np.bool_],
        code: int,
        wish: str = "",
        standard: bool = False,
        rules: BoundRules | None = None,
    ) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
        """Score of an item relative to the mean, float64 [n], and its rank, int64 [n], for n histories."""

    def above_mean(self, histories: Histories, codes: NDArray[np.int64], wish: str = "") -> NDArray[np.float64]:
        """Scores of items relative to the mean of all items, float64 [n, len(codes)], for n histories."""


@dataclass(frozen=True)
class Reason:
    """Effect of one item of the history, or of the wish, on a recommendation.

    Attributes:
        position: in the history, from 0 (oldest); its length for the wish.
        code, title: of that item; 0 and the words for the wish.
        effect: decrease of the recommendation's score, relative to the mean of all items, when this is left out.
        rank_without: rank of the recommendation then.
    """

    position: int
    code: int
    title: str
    effect: float
    rank_without: int


@dataclass(frozen=True)
class Explanation:
    """Leave-one-out explanation of a recommendation; reasons of the largest effect first."""

    code: int
    title: str
    rank: int
    reasons: list[Reason]


@dataclass(frozen=True)
class SmallestSet:
    """Items of the history without which a recommendation would not be in the list; each of them is needed for that.

    Attributes:
        positions: in the history, ascending.
        titles: of these items.
        rank_without: rank of the recommendation without them.
    """

    positions: tuple[int, ...]
    titles: tuple[str, ...]
    rank_without: int


def explain(
    scorer: Scorer,
    history: History,
    code: int,
    barred: NDArray[np.bool_],
    wish: str = "",
    rules: BoundRules | None = None,
) -> Explanation:
    """Explain a recommendation by leaving out each item of the history, and the wish.

    Effects are relative to the mean score of all items, since leaving something out may shift all scores. Items before
    those that the model reads have no effect and are not left out. Ranks are those by score, under the rules on items.

    Args:
        scorer: the model.
        history: of the person.
        code: of the recommendation.
        barred: bool [n_items], items that are no candidates.
        wish, rules: see `LiveModel.top_n`.
    """
    full = scorer.standing(Histories.of([history]), barred, code, wish, rules=rules)
    first = _first_read(scorer, history)
    effects = np.zeros(len(history) + bool(wish))
    ranks = np.full(len(effects), full[1][0])
    for start in range(first, len(history), VARIANTS_AT_ONCE):
        left_out = np.arange(start, min(start + VARIANTS_AT_ONCE, len(history)))
        above, ranks[left_out] = _without(scorer, history, [[int(at)] for at in left_out], barred, code, wish, rules)
        effects[left_out] = full[0][0] - above
    titles = [str(scorer.dataset.titles[item - 1]) for item in history.items]
    if wish:
        above, ranks[-1:] = scorer.standing(Histories.of([history]), barred, code, "", True, rules)
        effects[-1:] = full[0][0] - above
        titles.append(wish)
    codes = [*history.items.tolist(), 0]
    reasons = [Reason(i, codes[i], titles[i], float(effects[i]), int(ranks[i])) for i in range(len(titles))]
    reasons.sort(key=lambda reason: -reason.effect)
    return Explanation(code, str(scorer.dataset.titles[code - 1]), int(full[1][0]), reasons)


def smallest_set(
    scorer: Scorer,
    history: History,
    code: int,
    n: int,
    barred: NDArray[np.bool_],
    wish: str = "",
    rules: BoundRules | None = None,
) -> SmallestSet | None:
    """The fewest items of the history, at most `MOST_NECESSARY`, without which an item is not among the first n.

    Greedy: the item whose loss pushes the recommendation down most is left out, then that of the rest, and so on, each
    step scored anew; at last those of them are put back without which it is still not among the first n. So the set is
    one of which none can be spared, though a smaller one of other items may exist.

    Args:
        scorer, history, code, barred, wish, rules: as in `explain`.
        n: length of the list.

    Returns:
        None where even so many items fewer leave it in the list, or it is not in it.
    """
    if scorer.standing(Histories.of([history]), barred, code, wish, rules=rules)[1][0] > n:
        return None
    gone: list[int] = []
    rank = 0
    while rank <= n and len(gone) < min(MOST_NECESSARY, len(history)):
        first = _first_read(scorer, history, len(gone))
        left = [at for at in range(first, len(history)) if at not in gone]
        trials = [
            _without(
                scorer,
                history,
                [[*gone, at] for at in left[begin:][:VARIANTS_AT_ONCE]],
                barred,
                code,
                wish,
                rules,
            )
            for begin in range(0, len(left), VARIANTS_AT_ONCE)
        ]
        above, ranks = (np.concatenate(parts) for parts in zip(*trials, strict=True))
        best = min(range(len(left)), key=lambda at: (-ranks[at], above[at]))
        gone.append(left[best])
        rank = int(ranks[best])
    if rank <= n:
        return None
    for one in list(gone):
        fewer = [at for at in gone if at != one]
        without = _without(scorer, history, [fewer], barred, code, wish, rules)[1][0]
        if fewer and without > n:
            gone, rank = fewer, int(without)
    positions = tuple(sorted(gone))
    return SmallestSet(positions, tuple(str(scorer.dataset.titles[history.items[at] - 1]) for at in positions), rank)


def main_reasons(scorer: Scorer, history: History, codes: NDArray[np.int64], wish: str = "") -> NDArray[np.object_]:
    """The item of the history whose loss lowers the score of each recommendation most: its title, "" where none does.

    Args:
        scorer, history, wish: as in `explain`.
        codes: int64 [n], recommended items; 0 for none.
    """
    found, there = np.full(len(codes), "", object), np.flatnonzero(codes)
    first = _first_read(scorer, history)
    if not len(there) or first == len(history):
        return found
    full = scorer.above_mean(Histories.of([history]), codes[there], wish)
    effects = np.zeros((len(history) - first, len(there)))
    begin = _first_read(scorer, history, 1)
    for start in range(first, len(history), VARIANTS_AT_ONCE):
        end = min(start + VARIANTS_AT_ONCE, len(history))
        shorter = Histories.of([history[begin:].without([at - begin]) for at in range(start, end)])
        effects[start - first : end - first] = full - scorer.above_mean(shorter, codes[there], wish)
    best = effects.argmax(0)
    titles = scorer.dataset.titles[history.items[first + best] - 1]
    found[there] = np.where(effects.max(0) > 0, titles, "")
    return found


def _first_read(scorer: Scorer, history: History, gone: int = 0) -> int:
    """Position of the first item that the model reads when so many are left out."""
    return 0 if scorer.model.reads is None else max(len(history) - scorer.model.reads - gone, 0)


def _without(
    scorer: Scorer,
    history: History,
    left_out: list[list[int]],
    barred: NDArray[np.bool_],
    code: int,
    wish: str,
    rules: BoundRules | None,
) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """`Scorer.standing` for the history without each of these sets of positions; only what the model reads of it, for
    items move up where later ones are left out."""
    begin = _first_read(scorer, history, max(map(len, left_out)))
    shorter = [history[begin:].without([at - begin for at in gone if at >= begin]) for gone in left_out]
    return scorer.standing(Histories.of(shorter), barred, code, wish, rules=rules)
