"""Why an item is recommended: what leaving out items of the history does, and the fewest without which it would not be
in the list."""

from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from recdesk.core.messages import Message
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

    def standings(
        self,
        histories: Histories,
        barred: NDArray[np.bool_],
        codes: NDArray[np.int64],
        wish: str = "",
        standard: bool = False,
        rules: BoundRules | None = None,
    ) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
        """Scores of m items relative to the mean, float64 [n, m], and their ranks, int64 [n, m], for n histories."""


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


@dataclass(frozen=True)
class Explanation:
    """Leave-one-out explanation of a recommendation; reasons in the order of `in_order`."""

    code: int
    title: str
    rank: int
    reasons: list[Reason]

    @property
    def main(self) -> Reason | None:
        """The reason that carries it most; None where none carries it: without any it would be as far up, and its
        score no lower."""
        first = self.reasons[0] if self.reasons else None
        return first if first is not None and (first.rank_without > self.rank or first.effect > 0) else None

    def against(self, fewest: SmallestSet | None = None) -> Reason | None:
        """The item of the history that lowers the score most, of those that do not hold the recommendation up.

        Args:
            fewest: items that are needed for it; together with others they carry what each alone lowers.
        """
        needed = () if fewest is None else fewest.positions
        others = [r for r in self.reasons if r.position not in needed and r.rank_without <= self.rank]
        worst = min(others, key=lambda reason: reason.effect, default=None)
        return worst if worst is not None and worst.effect < 0 and worst.code else None


def in_order(
    effects: NDArray[np.float64], without: NDArray[np.int64], rank: int | NDArray[np.int64]
) -> NDArray[np.intp]:
    """The one order of reasons: first those without which the recommendation would be furthest down; those that move it
    no further down by their effect on the score.

    Args:
        effects, without: float64 and int64 [n, ...], effect and rank without it, of each reason.
        rank: of the recommendation; int64 [...] for several at once.

    Returns:
        int64 [n, ...], indices along the first axis.
    """
    return np.lexsort((-effects, -np.maximum(without, rank)), axis=0)


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
    rank, effects, ranks = _each_left_out(scorer, history, np.array([code]), barred, wish, rules)
    titles, codes = _titles(scorer, history, wish), [*history.items.tolist(), 0]
    reasons = [
        Reason(int(i), codes[i], titles[i], float(effects[i, 0]), int(ranks[i, 0]))
        for i in in_order(effects, ranks, rank)[:, 0]
    ]
    return Explanation(code, str(scorer.dataset.titles[code - 1]), int(rank[0]), reasons)


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
    if scorer.standings(Histories.of([history]), barred, np.array([code]), wish, rules=rules)[1][0, 0] > n:
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
                np.array([code]),
                wish,
                rules,
            )
            for begin in range(0, len(left), VARIANTS_AT_ONCE)
        ]
        above, ranks = (np.concatenate(parts)[:, 0] for parts in zip(*trials, strict=True))
        best = min(range(len(left)), key=lambda at: (-ranks[at], above[at]))
        gone.append(left[best])
        rank = int(ranks[best])
    if rank <= n:
        return None
    for one in list(gone):
        fewer = [at for at in gone if at != one]
        without = _without(scorer, history, [fewer], barred, np.array([code]), wish, rules)[1][0, 0]
        if fewer and without > n:
            gone, rank = fewer, int(without)
    positions = tuple(sorted(gone))
    return SmallestSet(positions, tuple(str(scorer.dataset.titles[history.items[at] - 1]) for at in positions), rank)


def main_reasons(
    scorer: Scorer,
    history: History,
    codes: NDArray[np.int64],
    barred: NDArray[np.bool_],
    wish: str = "",
    rules: BoundRules | None = None,
) -> NDArray[np.object_]:
    """Title of the main reason of each recommendation, see `Explanation.main`; "" where there is none.

    Args:
        scorer, history, barred, wish, rules: as in `explain`.
        codes: int64 [n], recommended items; 0 for none.
    """
    found, there = np.full(len(codes), "", object), np.flatnonzero(codes)
    titles = _titles(scorer, history, wish and str(Message("export.reason-wish", words=wish)))
    if not len(there) or not titles:
        return found
    rank, effects, ranks = _each_left_out(scorer, history, codes[there], barred, wish, rules)
    first, columns = in_order(effects, ranks, rank)[0], np.arange(len(there))
    carries = (ranks[first, columns] > rank) | (effects[first, columns] > 0)
    found[there] = np.where(carries, np.array(titles, object)[first], "")
    return found


def _titles(scorer: Scorer, history: History, wish: str) -> list[str]:
    """Of what can be left out: the items of the history, and the wish unless it is ""."""
    return [*(str(title) for title in scorer.dataset.titles[history.items - 1]), *([wish] if wish else [])]


def _each_left_out(
    scorer: Scorer,
    history: History,
    codes: NDArray[np.int64],
    barred: NDArray[np.bool_],
    wish: str,
    rules: BoundRules | None,
) -> tuple[NDArray[np.int64], NDArray[np.float64], NDArray[np.int64]]:
    """What leaving out each item of the history, and the wish, does to m recommendations; arguments as `explain`.

    Returns:
        Ranks with everything, int64 [m]; decreases of scores without each, float64 [n, m], and then ranks [n, m].
    """
    whole = Histories.of([history])
    above, rank = scorer.standings(whole, barred, codes, wish, rules=rules)
    effects = np.zeros((len(history) + bool(wish), len(codes)))
    ranks = np.tile(rank, (len(effects), 1))
    for start in range(_first_read(scorer, history), len(history), VARIANTS_AT_ONCE):
        left_out = range(start, min(start + VARIANTS_AT_ONCE, len(history)))
        rows = slice(start, left_out.stop)
        less, ranks[rows] = _without(scorer, history, [[at] for at in left_out], barred, codes, wish, rules)
        effects[rows] = above - less
    if wish:
        less, ranks[-1:] = scorer.standings(whole, barred, codes, "", True, rules)
        effects[-1:] = above - less
    return rank[0], effects, ranks


def _first_read(scorer: Scorer, history: History, gone: int = 0) -> int:
    """Position of the first item that the model reads when so many are left out."""
    return 0 if scorer.model.reads is None else max(len(history) - scorer.model.reads - gone, 0)


def _without(
    scorer: Scorer,
    history: History,
    left_out: list[list[int]],
    barred: NDArray[np.bool_],
    codes: NDArray[np.int64],
    wish: str,
    rules: BoundRules | None,
) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """`Scorer.standings` for the history without each of these sets of positions; only what the model reads of it, for
    items move up where later ones are left out."""
    begin = _first_read(scorer, history, max(map(len, left_out)))
    shorter = [history[begin:].without([at - begin for at in gone if at >= begin]) for gone in left_out]
    return scorer.standings(Histories.of(shorter), barred, codes, wish, rules=rules)
