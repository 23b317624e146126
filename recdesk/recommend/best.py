"""The best items of scored histories under rules: what one person's list and everybody's lists are cut from."""

import numpy as np
import torch
from numpy.typing import NDArray

from recdesk.data.histories import Histories
from recdesk.evaluation.ranking import remove_seen
from recdesk.recommend.bound_rules import BoundRules
from recdesk.recommend.reranking import rerank

BLOCK = 128
LEAST_BLOCKS = 8
"""Times as many blocks as items that are wanted; with fewer of them, sorting all is as fast."""


def best_of(
    scores: torch.Tensor,
    histories: Histories,
    width: int,
    exclude_seen: bool,
    allowed: NDArray[np.bool_] | None,
    rules: BoundRules | None,
) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
    """Top-N lists in the order of the scores, less what the rules take off popular items.

    Args:
        scores: float [rows, n_items], changed in place.
        histories: of the rows.
        width: length of the lists, at most n_items.
        exclude_seen: leave out items of the history.
        allowed: bool [n_items], candidates; None for all items.
        rules: those on lists and on popularity; their `allowed` is not looked at, see `query.both`.

    Returns:
        Item codes int64 [rows, width] in order, 0 where nothing remains; scores float32 of the same shape.
    """
    order = damped(scores, rules)
    if exclude_seen:
        remove_seen(order, histories)
    if allowed is not None:
        order.masked_fill_(torch.from_numpy(~allowed).to(order.device), float("-inf"))
    if rules is not None and rules.rules.reranks:
        columns = torch.from_numpy(rerank(order, width, rules)).to(scores.device)
        none = columns < 0
    else:
        highest, columns = top(order, width)
        none = highest == float("-inf")
    codes = torch.where(none, 0, columns + 1).cpu().numpy()
    own = scores.gather(1, columns.clamp(min=0)).masked_fill_(none, float("-inf"))
    return codes, own.float().cpu().numpy()


def top(scores: torch.Tensor, width: int) -> tuple[torch.Tensor, torch.Tensor]:
    """As `scores.topk(width, dim=1)`; among equal scores it may choose others.

    The best items stand in the blocks with the highest maxima, so that only these are sorted: with a million items a
    tenth of the time.
    """
    rows, n_items = scores.shape
    whole = n_items - n_items % BLOCK
    if scores.device.type != "cpu" or width * BLOCK * LEAST_BLOCKS > n_items:
        found = scores.topk(width, dim=1)
        return found.values, found.indices
    blocks = scores[:, :whole].view(rows, -1, BLOCK).amax(2).topk(width, dim=1).indices
    columns = (blocks[:, :, None] * BLOCK + torch.arange(BLOCK)).view(rows, -1)
    columns = torch.cat([columns, torch.arange(whole, n_items).expand(rows, -1)], 1)
    highest, at = scores.gather(1, columns).topk(width, dim=1)
    return highest, columns.gather(1, at)


def damped(scores: torch.Tensor, rules: BoundRules | None) -> torch.Tensor:
    """What the items are ordered by, in memory of its own where rules take something off popular items."""
    if rules is None or rules.penalty is None:
        return scores
    penalty = torch.from_numpy(rules.penalty).to(scores)
    return scores - scores.std(1, keepdim=True, correction=0) * penalty


def higher(scores: torch.Tensor, own: torch.Tensor) -> NDArray[np.int64]:
    """How many scores of a row are above each of its own ones, int64 [rows, m].

    Args:
        scores: float [rows, n_items].
        own: float [rows, m].
    """
    if scores.device.type != "cpu":
        return torch.stack([(scores > one[:, None]).sum(1) for one in own.T], 1).cpu().numpy()
    counts = np.empty(own.shape, np.int64)
    for count, row, wanted in zip(counts, scores.numpy(), own.numpy(), strict=True):
        few = row[row > wanted.min()]  # one pass over all items instead of one for each wanted one
        count[:] = np.count_nonzero(few[:, None] > wanted, axis=0)
    return counts
