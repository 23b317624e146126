"""Cross-entropy over a catalogue without ever holding all its logits."""

from typing import Any

import torch
from torch import Tensor
from torch.nn import functional as F  # noqa: N812

from recdesk.models.bf16 import BF16, round_up, to_bf16

CHUNK_BYTES = 4 * 2**20
"""Logits held at once on a CPU: about the size of its caches; on a GPU chunks are 256 times larger."""
SMALLEST = 1e-38
"""Probabilities are clamped to it in the loss (not in its gradient)."""


def full_softmax(
    hidden: Tensor, items: Tensor, bias: Tensor, targets: Tensor, smoothing: float = 0.0, bf16: bool = False
) -> Tensor:
    """Mean cross-entropy over all items, in row chunks, forward and backward.

    Args:
        hidden: float [positions, width].
        items: float [n_items, width], output vectors.
        bias: float [n_items].
        targets: int64 [positions], columns 0..n_items - 1.
        smoothing: share of the target's probability spread evenly over all items (Szegedy et al. 2016, section 7).
        bf16: multiply in bfloat16, whatever `hidden` is; sums and gradients keep their precision.

    Returns:
        float32 scalar.
    """
    with torch.autocast(hidden.device.type, enabled=False):
        return _ChunkedSoftmax.apply(hidden, items, bias, targets, smoothing, bf16)


class _ChunkedSoftmax(torch.autograd.Function):
    """Loss and gradients of a chunk are computed while its logits are in the cache; nothing of size
    positions × n_items is kept for the backward pass, and each exponential is computed once."""

    @staticmethod
    def forward(
        ctx: Any, hidden: Tensor, items: Tensor, bias: Tensor, targets: Tensor, smoothing: float, bf16: bool
    ) -> Tensor:
        positions, n_items = len(hidden), len(items)
        vectors, wide = items.to(BF16 if bf16 else hidden.dtype), bias.float()
        rows = _rows_at_once(hidden, n_items, bf16)
        same = vectors.dtype == wide.dtype
        # on a CPU all chunks share one buffer: logits, then their softmax
        space = wide.new_empty((min(rows, positions), n_items)) if same and hidden.device.type == "cpu" else None
        want = any(ctx.needs_input_grad[:3])
        d_hidden = torch.empty_like(hidden)
        d_items, d_bias = torch.zeros_like(items, dtype=torch.float32), torch.zeros_like(wide)
        total = hidden.new_zeros((), dtype=torch.float32)
        for begin in range(0, positions, rows):
            h, t = _factor(hidden[begin : begin + rows], bf16), targets[begin : begin + rows, None]
            if same:
                logits = torch.addmm(wide, h, vectors.T, out=None if space is None else space[: len(t)])
            else:
                logits = torch.mm(h, vectors.T)[: len(t)].float().add_(wide)
            if smoothing:
                total -= smoothing * (logits.mean(1) - logits.logsumexp(1)).sum()
            # one pass over each row while it is in the cache
            gradient = torch.softmax(logits, 1, out=None if space is None else logits)
            total -= (1 - smoothing) * gradient.gather(1, t).clamp_min_(SMALLEST).log_().sum()
            if not want:
                continue
            if smoothing:
                gradient -= smoothing / n_items
            gradient.scatter_add_(1, t, gradient.new_full(t.shape, smoothing - 1.0))
            d_bias += gradient.sum(0)
            gradient = to_bf16(gradient) if bf16 else gradient.to(vectors.dtype)
            d_hidden[begin : begin + rows] = (gradient @ vectors)[: len(t)]
            if gradient.dtype == torch.float32:
                d_items.addmm_(gradient.T, h)
            else:
                d_items += gradient.T @ h
        ctx.save_for_backward(d_hidden, d_items, d_bias)
        ctx.positions, ctx.dtypes = max(positions, 1), (items.dtype, bias.dtype)
        return total / ctx.positions

    @staticmethod
    def backward(ctx: Any, *outputs: Any) -> Any:
        d_hidden, d_items, d_bias = ctx.saved_tensors
        scale = outputs[0] / ctx.positions
        of_items, of_bias = ctx.dtypes
        return d_hidden * scale, (d_items * scale).to(of_items), (d_bias * scale).to(of_bias), None, None, None


def sampled_softmax(
    hidden: Tensor,
    items: Tensor,
    bias: Tensor,
    targets: Tensor,
    negatives: Tensor,
    weights: Tensor,
    smoothing: float = 0.0,
    bf16: bool = False,
) -> Tensor:
    """Mean cross-entropy of the target against shared negatives.

    Negatives stand for all other items: an exponential counts `weights` times, so with times drawn / (draws ×
    probability) the sum over negatives estimates that over all items without bias (Jean et al. 2015, section 3.2). A
    negative that is a position's target is masked there.

    Args:
        hidden, items, bias, targets, bf16: as `full_softmax`; `items` may be only those that the batch needs.
        negatives: int64 [count], distinct columns in ascending order, shared by all positions.
        weights: float32 [count].
        smoothing: spread over the negatives.

    Returns:
        float32 scalar.
    """
    with torch.autocast(hidden.device.type, enabled=False):
        return _SampledSoftmax.apply(hidden, items, bias, targets, negatives, weights.log(), smoothing, bf16)


class _SampledSoftmax(torch.autograd.Function):
    """The gradient is a by-product of the loss: nothing of size positions × count is kept or computed twice.

    Column 0 of the logits is the target, the others are the negatives, so that one softmax serves both.
    """

    @staticmethod
    def forward(
        ctx: Any,
        hidden: Tensor,
        items: Tensor,
        bias: Tensor,
        targets: Tensor,
        negatives: Tensor,
        lift: Tensor,
        smoothing: float,
        bf16: bool,
    ) -> Tensor:
        positions, count = len(targets), len(negatives)
        wide = torch.promote_types(hidden.dtype, torch.float32)
        others, lifted = _factor(items[negatives].to(hidden.dtype), bf16), bias[negatives].to(wide) + lift
        rows = _rows_at_once(hidden, count, bf16)
        place = torch.searchsorted(negatives, targets).clamp_(max=count - 1)
        drawn = negatives[place] == targets  # the target itself was drawn: no negative there
        d_hidden = torch.empty_like(hidden)
        d_others, d_lifted = others.new_zeros((count, others.shape[1]), dtype=wide), torch.zeros_like(lifted)
        d_items, d_bias = torch.zeros_like(items, dtype=wide), torch.zeros_like(bias, dtype=wide)
        total = hidden.new_zeros((), dtype=torch.float32)
        for begin in range(0, positions, rows):
            h, t = hidden[begin : begin + rows], targets[begin : begin + rows]
            vectors, at, same = items[t].to(wide), place[begin : begin + rows, None], drawn[begin : begin + rows, None]
            multiplied = _factor(h, bf16)
            logits = h.new_empty((len(h), count + 1), dtype=wide)
            logits[:, 0] = (h.to(wide) * vectors).sum(1) + bias[t]
            torch.add(torch.mm(multiplied, others.T)[: len(h), :count], lifted, out=logits[:, 1:])
            at = at + 1
            logits.scatter_(1, at, logits.gather(1, at).masked_fill_(same, float("-inf")))
            if smoothing:
                total += smoothing * (logits[:, 0] - _finite_mean(logits[:, 1:])).sum()
            share = torch.softmax(logits, 1)
            total -= share[:, 0].clamp_min(SMALLEST).log_().sum()
            share[:, 0] += smoothing - 1.0
            if smoothing:
                share[:, 1:] -= smoothing / count
                share.scatter_(1, at, share.gather(1, at).masked_fill_(same, 0.0))
            d_own, d_rest = share[:, :1], share[:, 1:]
            d_lifted += d_rest.sum(0)
            d_rest = to_bf16(d_rest, len(others)) if bf16 else d_rest.to(hidden.dtype)
            d_hidden[begin : begin + rows] = torch.mm(d_rest, others)[: len(h)] + d_own * vectors
            d_others += (d_rest.T @ multiplied)[:count]
            d_items.index_add_(0, t, d_own * h)
            d_bias.index_add_(0, t, d_own[:, 0])
        d_items.index_add_(0, negatives, d_others)
        d_bias.index_add_(0, negatives, d_lifted)
        ctx.save_for_backward(d_hidden, d_items, d_bias)
        ctx.positions, ctx.dtypes = max(positions, 1), (items.dtype, bias.dtype)
        return total / ctx.positions

    @staticmethod
    def backward(ctx: Any, *outputs: Any) -> Any:
        d_hidden, d_items, d_bias = ctx.saved_tensors
        scale = outputs[0] / ctx.positions
        of_items, of_bias = ctx.dtypes
        gradients = d_hidden * scale, (d_items * scale).to(of_items), (d_bias * scale).to(of_bias)
        return *gradients, None, None, None, None, None


def _rows_at_once(hidden: Tensor, columns: int, bf16: bool) -> int:
    """Positions per chunk, at `columns` logits each."""
    rows = max(1, CHUNK_BYTES * (1 if hidden.device.type == "cpu" else 256) // (4 * columns))
    return round_up(rows) if bf16 else rows


def _factor(matrix: Tensor, bf16: bool) -> Tensor:
    return to_bf16(matrix) if bf16 else matrix


def _finite_mean(logits: Tensor) -> Tensor:
    return logits.masked_fill(logits == float("-inf"), 0.0).mean(1)


def gbce(
    hidden: Tensor,
    items: Tensor,
    bias: Tensor,
    targets: Tensor,
    negatives: Tensor,
    sampled_share: float,
    calibration: float = 0.75,
) -> Tensor:
    """Generalised binary cross-entropy (Petrov & Macdonald 2023, gSASRec, equations 10 and 12), mean over positions.

    Args:
        hidden, items, bias, targets: as `full_softmax`.
        negatives: int64 [count], distinct columns in ascending order, drawn uniformly, shared by all positions; one
            that is a position's target is left out there.
        sampled_share: count / (n_items - 1), the paper's α.
        calibration: the paper's t, from 0 (as plain binary cross-entropy, overconfident) to 1 (fully calibrated).

    Returns:
        float32 scalar.
    """
    alpha = min(sampled_share, 1.0)
    beta = alpha * (calibration * (1 - 1 / alpha) + 1 / alpha)
    with torch.autocast(hidden.device.type, enabled=False):
        items, bias = items.to(hidden.dtype), bias.to(hidden.dtype)
        positive = ((hidden * items[targets]).sum(1) + bias[targets]).float()
        logits = torch.addmm(bias[negatives], hidden, items[negatives].T).float()
        same = negatives[None, :] == targets[:, None]
        against = F.softplus(logits.masked_fill(same, float("-inf"))).sum(1)
        return (beta * F.softplus(-positive) + against).mean()


def in_batch_softmax(
    hidden: Tensor, items: Tensor, bias: Tensor, targets: Tensor, frequency: Tensor, blocked: Tensor
) -> Tensor:
    """Mean cross-entropy of the target against the batch's other targets, corrected for how often each item is one
    (Yi et al. 2019, section 3.2): its log frequency is subtracted, so that scores estimate those of the full softmax.

    Args:
        hidden: float [positions, width].
        items: float [candidates, width], the batch's distinct targets.
        bias: float [candidates].
        targets: int64 [positions], which candidate is right.
        frequency: float [candidates], the item's share of all targets.
        blocked: bool [positions, candidates], items of the position's own history: no negatives there.

    Returns:
        float32 scalar.
    """
    with torch.autocast(hidden.device.type, enabled=False):
        logits = torch.addmm(bias - frequency.log(), hidden, items.to(hidden.dtype).T).float()
    right = torch.zeros_like(blocked).scatter_(1, targets[:, None], True)
    return F.cross_entropy(logits.masked_fill(blocked & ~right, float("-inf")), targets)
