"""Ranking of held-out targets among the whole catalogue, for models and baselines alike."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Literal

import numpy as np
import torch
from numpy.typing import NDArray

from recdesk.core import devices
from recdesk.core.errors import is_out_of_memory
from recdesk.core.task import UNWATCHED, Task
from recdesk.data.array_ops import counts, distinct
from recdesk.data.histories import Histories
from recdesk.data.splitting import Split, histories_before, train_popularity
from recdesk.evaluation.diversity import diversity
from recdesk.evaluation.metrics import NEVER, Ranks, beyond_accuracy
from recdesk.models.base import Recommender, VectorRecommender

Part = Literal["train", "validation", "test"]
SCORES_AT_ONCE = 2**22
"""Scores of a block (16 MiB of float32), `GPU_TIMES` as many on a GPU. Smaller blocks read the item table too often,
larger ones gain nothing."""
FEWEST_ROWS = 16
"""Minimum histories of a block, even beyond `SCORES_AT_ONCE`: a pass over a huge item table should serve several."""
POSITIONS_AT_ONCE = 16 * 1024
ROWS_AT_ONCE = 2**18
"""Interactions of a block where all users get the same scores."""
READS_KEPT = 16
"""Blocks of histories after which freed memory goes back to the system; see `recommend.export`."""
GPU_TIMES = 16
"""About half a gigabyte of scores and hidden states at usual model sizes."""


@dataclass(frozen=True)
class Evaluation:
    """Outcome of ranking one part of a split.

    Attributes:
        ranks: of each user's target.
        lists: int64 [n, 10], columns of the top items in order, aligned with `ranks.users`, -1 where no item is left;
            empty when not asked for.
        loss: mean cross-entropy of the targets over the whole catalogue; NaN for nobody or when not asked for.
    """

    ranks: Ranks
    lists: NDArray[np.int64]
    loss: float


@torch.inference_mode()
def evaluate(
    model: Recommender,
    split: Split,
    part: Part,
    users: NDArray[np.int64] | None = None,
    with_lists: bool = False,
    with_loss: bool = True,
    task: Task = UNWATCHED,
) -> Evaluation | None:
    """Rank each user's target among all items outside the user's history.

    A target that is in the history cannot be recommended and counts as not found.

    Args:
        model: what scores.
        split: holds out the targets.
        part: which of them.
        users: int64 [n], only these of the part's users; None for all.
        with_lists: return the top-10 lists too.
        with_loss: compute the loss too, with the scores as logits.
        task: asked before each block whether it is cancelled, gets the share of users done after it.

    Returns:
        None when cancelled.
    """
    targets = split.targets(part)
    chosen = np.flatnonzero(targets >= 0) if users is None else users[targets[users] >= 0]
    histories = histories_before(split, targets, chosen)
    wanted = split.dataset.items[targets[chosen]].astype(np.int64) - 1
    common = None if with_loss else model.common_scores
    if common is not None:
        found = _ranked_alike(common, histories, wanted, with_lists, task)
        return None if found is None else Evaluation(Ranks(chosen, *found[:2]), found[2], float("nan"))
    greater, equal = np.empty(len(chosen), np.int64), np.empty(len(chosen), np.int64)
    lists = np.empty((len(chosen) if with_lists else 0, min(10, model.n_items)), np.int64)
    total, done = 0.0, 0
    for block, scores in scored(model, histories):
        if task.cancelled:
            return None
        column = torch.from_numpy(wanted[block]).to(scores.device)[:, None]
        if with_loss:
            total += float((scores.float().logsumexp(1) - scores.float().gather(1, column)[:, 0]).sum())
        remove_seen(scores, histories[block])
        at_target = scores.gather(1, column)
        greater[block], equal[block] = _count(scores > at_target), _count(scores == at_target) - 1
        missed = (at_target == float("-inf"))[:, 0].cpu().numpy()
        greater[block[missed]], equal[block[missed]] = NEVER, 0
        if with_lists:
            best = scores.topk(lists.shape[1], dim=1)
            lists[block] = best.indices.masked_fill_(best.values == float("-inf"), -1).cpu().numpy()
        done += len(block)
        task.report(done / len(chosen))
    loss = total / len(chosen) if with_loss and len(chosen) else float("nan")
    return Evaluation(Ranks(chosen, greater, equal), lists, loss)


def _count(mask: torch.Tensor) -> NDArray[np.integer]:
    """Number of True values in each row; on a CPU NumPy takes a tenth of torch's time."""
    if mask.device.type == "cpu":
        return np.count_nonzero(mask.numpy(), axis=1)
    return mask.sum(1, dtype=torch.int32).cpu().numpy()


def _ranked_alike(
    scores: torch.Tensor,
    histories: Histories,
    wanted: NDArray[np.int64],
    with_lists: bool,
    task: Task,
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]] | None:
    """Rank targets where all users get the same scores, from one sorted order; see `evaluate`.

    Args:
        scores: float [n_items].
        histories: of n users.
        wanted: int64 [n], column of each target.
        with_lists, task: see `evaluate`.

    Returns:
        `Ranks.greater`, `Ranks.equal` and `Evaluation.lists`; None when cancelled.
    """
    values = scores.cpu().numpy()
    order = np.argsort(-values, kind="stable")
    position_of = np.empty(len(order), np.int64)
    position_of[order] = np.arange(len(order))
    ascending = np.sort(values)
    above = len(values) - np.searchsorted(ascending, values[wanted], side="right")
    alike = len(values) - np.searchsorted(ascending, values[wanted], side="left") - above - 1
    width = min(10, len(order))
    lists = np.empty((len(wanted) if with_lists else 0, width), np.int64)
    begin, ends = 0, np.cumsum(histories.lengths)
    while begin < len(wanted):
        if task.cancelled:
            return None
        before = ends[begin - 1] if begin else 0
        end = max(begin + 1, int(np.searchsorted(ends, before + ROWS_AT_ONCE, side="right")))
        block = slice(begin, min(end, begin + ROWS_AT_ONCE // 16))
        rows, items = histories[block].flat()
        keys = distinct(rows * len(order) + position_of[items.astype(np.int64) - 1])  # each one's items, best first
        rows, positions = keys // len(order), keys % len(order)
        seen, target = values[order[positions]], wanted[block]
        n = len(target)
        above[block] -= counts(rows[seen > values[target[rows]]], n)
        same = seen == values[target[rows]]
        alike[block] -= counts(rows[same], n)
        never = counts(rows[same & (order[positions] == target[rows])], n) > 0
        above[block][never], alike[block][never] = NEVER, 0
        if with_lists:
            lists[block] = order_without(order, rows, positions, n, width)
        begin = block.stop
        task.report(begin / len(wanted))
    return above, alike, lists


def order_without(
    order: NDArray[np.int64], rows: NDArray[np.int64], positions: NDArray[np.int64], n: int, width: int
) -> NDArray[np.int64]:
    """The first `width` items of an order that are not in each of n histories.

    Args:
        order: int64 [n_items], columns.
        rows: int64 [m], row of each interaction, ascending.
        positions: int64 [m], position in `order` of its item, ascending within a row.
        n: number of histories.
        width: length of the lists.

    Returns:
        int64 [n, width], -1 where no item is left.
    """
    first = np.searchsorted(rows, np.arange(n))
    free_before = positions - (np.arange(len(rows)) - first[rows])  # unseen items before it in the order
    near = free_before < width
    jumped = counts(rows[near] * width + free_before[near], n * width).reshape(n, width).cumsum(1)
    chosen = np.arange(width) + jumped
    return np.where(chosen < len(order), order[np.minimum(chosen, len(order) - 1)], -1)


def figures(evaluation: Evaluation, split: Split) -> dict[str, float]:
    """All metrics of an evaluation made with lists."""
    popularity = train_popularity(split)
    return {
        **evaluation.ranks.summary(),
        **beyond_accuracy(evaluation.lists, popularity, split.dataset.n_users),
        **diversity(evaluation.lists, split.dataset),
        "loss": evaluation.loss,
    }


def scored(model: Recommender, histories: Histories) -> Iterator[tuple[NDArray[np.int64], torch.Tensor]]:
    """Score the whole catalogue for all histories, block by block. A model that turns histories into vectors reads more
    of them together than are scored together.

    Yields:
        Row numbers, int64 [rows], and scores, float [rows, n_items], which the caller may change.
    """
    if not isinstance(model, VectorRecommender):
        for block in blocks(histories, model.n_items, model.on_gpu):
            with devices.threads_for(len(block)):
                scores = model.scores(histories[block])
            yield block, scores
        return
    for number, read in enumerate(blocks(histories, 1, model.on_gpu), 1):
        if number % READS_KEPT == 0 and not model.on_gpu:
            devices.release_memory(devices.CPU)
        with devices.threads_for(len(read)):
            vectors = in_halves(lambda rows: model.user_vectors(histories[rows]), read)
        rows = _together(model.n_items, model.on_gpu)
        for begin in range(0, len(read), rows):
            block = read[begin : begin + rows]
            with devices.threads_for(len(block)):
                scores = model.scores_of(vectors[begin : begin + rows])
            yield block, scores


def user_vectors(model: VectorRecommender, histories: Histories) -> torch.Tensor:
    """`VectorRecommender.user_vectors` of any number of histories, float32 [n, hidden], in blocks."""
    found = None
    for read in blocks(histories, 1, model.on_gpu):
        vectors = in_halves(lambda rows: model.user_vectors(histories[rows]), read)
        if found is None:
            found = vectors.new_empty(len(histories), vectors.shape[1])
        found[torch.from_numpy(read)] = vectors
    return torch.empty(0, 0) if found is None else found


def _together(n_items: int, on_gpu: bool) -> int:
    """Histories of a block."""
    return max(FEWEST_ROWS, SCORES_AT_ONCE * (GPU_TIMES if on_gpu else 1) // n_items)


def in_halves(work: Callable[[NDArray[np.int64]], torch.Tensor], rows: NDArray[np.int64]) -> torch.Tensor:
    """Concatenated results of `work` on rows; where memory runs out, on each half of them, recursively."""
    try:
        return work(rows)
    except (RuntimeError, MemoryError) as error:
        if len(rows) < 2 or not is_out_of_memory(error):
            raise
    devices.release_all_memory()  # when the failure, which holds on to tensors, is forgotten
    half = len(rows) // 2
    return torch.cat([in_halves(work, rows[:half]), in_halves(work, rows[half:])])


def blocks(histories: Histories, n_items: int, on_gpu: bool = False) -> Iterator[NDArray[np.int64]]:
    """Row numbers in blocks of histories of similar length, shortest first, bounded in scores and in positions."""
    order = np.argsort(histories.lengths, kind="stable")
    lengths = np.maximum(histories.lengths[order], 1)
    scale = GPU_TIMES if on_gpu else 1
    begin = 0
    while begin < len(order):
        rows = _together(n_items, on_gpu)
        ahead = np.arange(1, min(rows, len(order) - begin) + 1)
        rows = max(
            1, int(np.searchsorted(lengths[begin : begin + rows] * ahead, POSITIONS_AT_ONCE * scale, side="right"))
        )
        yield order[begin : begin + rows]
        begin += rows


def remove_seen(scores: torch.Tensor, histories: Histories) -> None:
    """Set the score of every item of a row's history to -inf, in place."""
    rows, items = histories.flat()
    index = torch.from_numpy(rows).to(scores.device), torch.from_numpy(items.astype(np.int64) - 1).to(scores.device)
    scores.index_put_(index, scores.new_tensor(float("-inf")))
