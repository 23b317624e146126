"""What a model is asked, in item codes, and what it answers."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from recdesk.data.histories import History
from recdesk.recommend.bound_rules import BoundRules

LONGEST_WISH = 2000
Rows = NDArray[np.int64]


@dataclass(frozen=True)
class Recommendation:
    """One line of a top-N list.

    Attributes:
        rank: from 1.
        code: item code.
        item_id, title: of the item.
        score: larger is better; comparable within one list only.
        features: the item's other features by name.
    """

    rank: int
    code: int
    item_id: str
    title: str
    score: float
    features: dict[str, str]


@dataclass(frozen=True, eq=False)
class Query:
    """What is asked for.

    Attributes:
        history: of the person; may be empty.
        n: length of the list; shorter where fewer items remain.
        exclude_seen: leave out items of the history.
        wish: a wish in words; "" for none.
        rules: bound to the model's catalogue; None for none.
    """

    history: History
    n: int = 10
    exclude_seen: bool = True
    wish: str = ""
    rules: BoundRules | None = None


@dataclass(frozen=True, eq=False)
class Found:
    """The answer to a query, best first.

    Attributes:
        codes: int64 [at most n], item codes.
        scores: float32, of the same length; comparable within this list only.
    """

    codes: NDArray[np.int64]
    scores: NDArray[np.float32]

    @classmethod
    def of(cls, codes: NDArray[np.int64], scores: NDArray[np.float32], n: int) -> "Found":
        """The first n of a row in which code 0 stands for no item."""
        there = codes[:n] > 0
        return cls(codes[:n][there], scores[:n][there])


def both(allowed: NDArray[np.bool_] | None, rules: BoundRules | None) -> NDArray[np.bool_] | None:
    """Candidates that are allowed by both; None for all items."""
    if rules is None or rules.allowed is None:
        return allowed
    return rules.allowed if allowed is None else allowed & rules.allowed
