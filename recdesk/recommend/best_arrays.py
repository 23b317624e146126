"""`best_of` over NumPy arrays, for models that answer without torch."""

import numpy as np
from numpy.typing import NDArray

from recdesk.data.histories import Histories
from recdesk.recommend.bound_rules import BoundRules
from recdesk.recommend.highest import top
from recdesk.recommend.reranking import rerank


def best_of(
    scores: NDArray[np.float32],
    histories: Histories,
    width: int,
    exclude_seen: bool,
    allowed: NDArray[np.bool_] | None,
    rules: BoundRules | None,
) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
    """See `recdesk.recommend.best.best_of`; scores float32 [rows, n_items]."""
    order = scores
    if rules is not None and rules.penalty is not None:
        order = scores - scores.std(1, keepdims=True) * rules.penalty
    elif exclude_seen or allowed is not None:
        order = scores.copy()
    if exclude_seen:
        rows, items = histories.flat()
        order[rows, items - 1] = -np.inf
    if allowed is not None:
        order[:, ~allowed] = -np.inf
    if rules is not None and rules.rules.reranks:
        columns = rerank(order, width, rules)
        none = columns < 0
    else:
        highest, columns = top(order, width)
        none = highest == -np.inf
    own = np.take_along_axis(scores, np.maximum(columns, 0), 1)
    return np.where(none, 0, columns + 1), np.where(none, np.float32(-np.inf), own)
