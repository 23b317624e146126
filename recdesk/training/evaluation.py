"""Ranking the whole catalogue for held-out targets: one way for models and baselines."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Literal

import numpy as np
import torch
from numpy.typing import NDArray

from recdesk.data.histories import Histories
from recdesk.data.splitting import Split, train_popularity
from recdesk.errors import is_out_of_memory
from recdesk.models.base import Recommender, VectorRecommender
from recdesk.training import devices
from recdesk.training.metrics import NEVER, Ranks, beyond_accuracy
from recdesk.training.telling import Told, nobody

Part = Literal["train", "validation", "test"]
SCORES_AT_ONCE = 2**22
"""Scores held at once (16 MiB of float32), `GPU_TIMES` as many on a GPU. Fewer read the item table too often, more gain
nothing."""
FEWEST_ROWS = 16
"""Histories scored together even when that is more: each reading of a huge item table should serve several."""
POSITIONS_AT_ONCE = 16 * 1024
GPU_TIMES = 16
"""Half a gigabyte of scores and states, about, at usual sizes of a model."""


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
    cancelled: Callable[[], bool] = lambda: False,
    told: Told = nobody,
) -> Evaluation | None:
    """Rank every user's target among all items, the user's own history removed.

    A target that stands in the history itself can never be recommended and counts as not found.

    Args:
        users: int64, evaluate only these of the part's users.
        with_lists: keep the top-10 lists too.
        with_loss: take the scores for logits and compute the loss too.
        cancelled: asked between blocks; when it says yes the result is None.
        told: hears after each block what share of the people is done.
    """
    targets = split.targets(part)
    chosen = np.flatnonzero(targets >= 0) if users is None else users[targets[users] >= 0]
    histories = split.dataset.histories(np.maximum(targets, split.dataset.offsets[:-1]))[chosen]
    wanted = split.dataset.items[targets[chosen]].astype(np.int64) - 1
    greater, equal = np.empty(len(chosen), np.int64), np.empty(len(chosen), np.int64)
    lists = np.empty((len(chosen) if with_lists else 0, min(10, model.n_items)), np.int64)
    total, done = 0.0, 0
    for block, scores in scored(model, histories):
        if cancelled():
            return None
        column = torch.from_numpy(wanted[block]).to(scores.device)[:, None]
        if with_loss:
            total += float((scores.float().logsumexp(1) - scores.float().gather(1, column)[:, 0]).sum())
        remove_seen(scores, histories[block])
        at_target = scores.gather(1, column)
        greater[block] = (scores > at_target).sum(1, dtype=torch.int32).cpu().numpy()
        equal[block] = (scores == at_target).sum(1, dtype=torch.int32).cpu().numpy() - 1
        missed = (at_target == float("-inf"))[:, 0].cpu().numpy()
        greater[block[missed]], equal[block[missed]] = NEVER, 0
        if with_lists:
            best = scores.topk(lists.shape[1], dim=1)
            lists[block] = best.indices.masked_fill_(best.values == float("-inf"), -1).cpu().numpy()
        done += len(block)
        told(done / len(chosen))
    loss = total / len(chosen) if with_loss and len(chosen) else float("nan")
    return Evaluation(Ranks(chosen, greater, equal), lists, loss)


def figures(evaluation: Evaluation, split: Split) -> dict[str, float]:
    """All metrics of an evaluation made with lists."""
    popularity = train_popularity(split)
    return {
        **evaluation.ranks.summary(),
        **beyond_accuracy(evaluation.lists, popularity, split.dataset.n_users),
        "loss": evaluation.loss,
    }


def scored(model: Recommender, histories: Histories) -> Iterator[tuple[NDArray[np.int64], torch.Tensor]]:
    """Scores of the whole catalogue for all histories, block by block: their row numbers, and float [rows, n_items] in
    memory of its own. Where a history becomes a vector first, many are read together though few are scored together.
    """
    if not isinstance(model, VectorRecommender):
        for block in blocks(histories, model.n_items, model.on_gpu):
            yield block, model.scores(histories[block])
        return
    for read in blocks(histories, 1, model.on_gpu):
        vectors = in_halves(lambda rows: model.user_vectors(histories[rows]), read)
        rows = _together(model.n_items, model.on_gpu)
        for begin in range(0, len(read), rows):
            yield read[begin : begin + rows], model.scores_of(vectors[begin : begin + rows])


def _together(n_items: int, on_gpu: bool) -> int:
    """Histories that are scored together."""
    return max(FEWEST_ROWS, SCORES_AT_ONCE * (GPU_TIMES if on_gpu else 1) // n_items)


def in_halves(work: Callable[[NDArray[np.int64]], torch.Tensor], rows: NDArray[np.int64]) -> torch.Tensor:
    """What `work` makes of rows, in halves, and halves of these, where memory runs out."""
    try:
        return work(rows)
    except (RuntimeError, MemoryError) as error:
        if len(rows) < 2 or not is_out_of_memory(error):
            raise
    devices.release_all_memory()  # when the failure, which holds on to tensors, is forgotten
    half = len(rows) // 2
    return torch.cat([in_halves(work, rows[:half]), in_halves(work, rows[half:])])


def blocks(histories: Histories, n_items: int, on_gpu: bool = False) -> Iterator[NDArray[np.int64]]:
    """Row numbers in blocks of similar length, bounded by scores and by positions, short histories first."""
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
