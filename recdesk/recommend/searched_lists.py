"""Lists of queries by `ExactSearch`: those whose items are the best by score alone."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from recdesk.recommend.exact_search import ExactSearch
from recdesk.recommend.query import Found, Query

LEAST_ITEMS = 20_000
"""With fewer of them scoring all is as fast."""


class SearchedLists:
    """Answers queries from vectors of their histories.

    Args:
        vectors, bias, threads: see `ExactSearch`.

    Raises:
        UsageError: a library of the extra `onnx` is not installed.
    """

    def __init__(self, vectors: NDArray[np.float32], bias: NDArray[np.float32], threads: int) -> None:
        self._search = ExactSearch(vectors, bias, threads)

    @staticmethod
    def takes(query: Query) -> bool:
        """Whether its list has the best items by score, under no rules but such on items."""
        rules = query.rules
        return not query.wish and (rules is None or (rules.penalty is None and not rules.rules.reranks))

    def lists(self, vectors: NDArray[np.float32], queries: Sequence[Query]) -> list[Found]:
        """The lists of queries that `takes` accepts; vectors float32 [queries, width]."""
        barred = [_barred(query) for query in queries]
        found = self._search.best(vectors, [query.n for query in queries], barred)
        return [Found(rows + 1, scores) for rows, scores in found]


def _barred(query: Query) -> NDArray[np.int64]:
    """Indices of the items that may not be in a list."""
    seen = query.history.items.astype(np.int64) - 1 if query.exclude_seen else np.empty(0, np.int64)
    if query.rules is None or query.rules.allowed is None:
        return seen
    return np.concatenate([seen, np.flatnonzero(~query.rules.allowed)])
