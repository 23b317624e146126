"""Cross-entropy over a catalogue without ever holding all its logits."""

import math
from typing import Any

import torch
from torch import Tensor
from torch.nn import functional as F  # noqa: N812

CHUNK_BYTES = 16 * 2**20
"""Logits held at once on a CPU: about what its caches can keep; on a GPU chunks are 16 times larger."""


def full_softmax(hidden: Tensor, items: Tensor, bias: Tensor, targets: Tensor, smoothing: float = 0.0) -> Tensor:
    """Mean cross-entropy over all items, in row chunks, forward and backward.

    Args:
        hidden: float [positions, width].
        items: float [n_items, width], output vectors.
        bias: float [n_items].
        targets: int64 [positions], columns 0..n_items - 1.
        smoothing: share of the target's probability spread evenly over all items (Szegedy et al. 2016, section 7).

    Returns:
        float32 scalar.
    """
    with torch.autocast(hidden.device.type, enabled=False):
        items, bias = items.to(hidden.dtype), bias.to(hidden.dtype)
        return _ChunkedSoftmax.apply(hidden, items, bias, targets, smoothing)


class _ChunkedSoftmax(torch.autograd.Function):
    """Loss and gradients of a chunk are taken while its logits are still in the cache; nothing of size
    positions × n_items is kept for the backward pass, and each exponential is taken once."""

    @staticmethod
    def forward(ctx: Any, hidden: Tensor, items: Tensor, bias: Tensor, targets: Tensor, smoothing: float) -> Tensor:
        positions, n_items = len(hidden), len(items)
        budget = CHUNK_BYTES * (64 if hidden.is_cuda else 1)
        rows = max(1, budget // (4 * n_items))
        want = any(ctx.needs_input_grad[:3])
        d_hidden = torch.empty_like(hidden)
        d_items, d_bias = torch.zeros_like(items, dtype=torch.float32), torch.zeros_like(bias, dtype=torch.float32)
        total = hidden.new_zeros((), dtype=torch.float32)
        for begin in range(0, positions, rows):
            h, t = hidden[begin : begin + rows], targets[begin : begin + rows, None]
            logits = torch.addmm(bias, h, items.T).float()
            largest = logits.amax(1, keepdim=True)
            if smoothing:
                total -= smoothing * logits.mean(1).sum()
            at_target = logits.gather(1, t)
            share = logits.sub_(largest).exp_()
            mass = share.sum(1, keepdim=True)
            total += (mass.log() + largest - (1 - smoothing) * at_target).sum()
            if not want:
                continue
            gradient = share.div_(mass)
            if smoothing:
                gradient -= smoothing / n_items
            gradient.scatter_add_(1, t, gradient.new_full(t.shape, smoothing - 1.0))
            d_bias += gradient.sum(0)
            gradient = gradient.to(hidden.dtype)
            torch.mm(gradient, items, out=d_hidden[begin : begin + rows])
            if h.dtype == torch.float32:
                d_items.addmm_(gradient.T, h)
            else:
                d_items += gradient.T @ h
        ctx.save_for_backward(d_hidden, d_items, d_bias)
        ctx.positions = max(positions, 1)
        return total / max(positions, 1)

    @staticmethod
    def backward(ctx: Any, *outputs: Any) -> Any:
        d_hidden, d_items, d_bias = ctx.saved_tensors
        scale = outputs[0] / ctx.positions
        dtype = d_hidden.dtype
        return d_hidden * scale, (d_items * scale).to(dtype), (d_bias * scale).to(dtype), None, None


def sampled_softmax(
    hidden: Tensor, items: Tensor, bias: Tensor, targets: Tensor, negatives: Tensor, smoothing: float = 0.0
) -> Tensor:
    """Mean cross-entropy of the target against shared uniform negatives.

    Negatives stand for all other items: log((n_items - 1) / count) is added to their logits, so the loss estimates
    the full one (Jean et al. 2015, section 3.2; uniform case). A negative that is a position's target is masked there.

    Args:
        hidden, items, bias, targets: as `full_softmax`.
        negatives: int64 [count], distinct columns in ascending order, drawn uniformly, shared by all positions.
        smoothing: spread over the negatives.

    Returns:
        float32 scalar.
    """
    with torch.autocast(hidden.device.type, enabled=False):
        dtype = hidden.dtype
        return _SampledSoftmax.apply(hidden, items.to(dtype), bias.to(dtype), targets, negatives, smoothing)


class _SampledSoftmax(torch.autograd.Function):
    """The gradient is a by-product of the loss: nothing of size positions × count is kept or computed twice."""

    @staticmethod
    def forward(
        ctx: Any, hidden: Tensor, items: Tensor, bias: Tensor, targets: Tensor, negatives: Tensor, smoothing: float
    ) -> Tensor:
        count = len(negatives)
        vectors, others = items[targets], items[negatives]
        positive = ((hidden * vectors).sum(1) + bias[targets]).float()
        lifted = bias[negatives] + math.log((len(items) - 1) / count)
        logits = torch.addmm(lifted, hidden, others.T).float()
        place = torch.searchsorted(negatives, targets).clamp_(max=count - 1)
        same = negatives[place] == targets  # the target itself was drawn: no negative there
        at_place = logits.gather(1, place[:, None])
        logits.scatter_(1, place[:, None], at_place.masked_fill(same[:, None], float("-inf")))
        spread = logits.masked_fill(logits == float("-inf"), 0.0).mean(1) if smoothing else None
        largest = torch.maximum(logits.amax(1), positive)
        share = logits.sub_(largest[:, None]).exp_()
        own = (positive - largest).exp()
        mass = share.sum(1) + own
        loss = mass.log() + largest - positive
        d_others, d_own = share.div_(mass[:, None]), own / mass - 1.0
        if spread is not None:
            loss = loss + smoothing * (positive - spread)
            d_own = d_own + smoothing
            d_others -= smoothing / count
            kept = d_others.gather(1, place[:, None]).masked_fill(same[:, None], 0.0)
            d_others.scatter_(1, place[:, None], kept)
        d_others, d_own = d_others.to(hidden.dtype), d_own.to(hidden.dtype)[:, None]
        d_hidden = torch.addmm(d_own * vectors, d_others, others)
        d_items, d_bias = torch.zeros_like(items), torch.zeros_like(bias)
        d_items.index_add_(0, targets, d_own * hidden).index_add_(0, negatives, d_others.T @ hidden)
        d_bias.index_add_(0, targets, d_own[:, 0]).index_add_(0, negatives, d_others.sum(0))
        ctx.save_for_backward(d_hidden, d_items, d_bias)
        ctx.positions = max(len(targets), 1)
        return loss.sum() / ctx.positions

    @staticmethod
    def backward(ctx: Any, *outputs: Any) -> Any:
        d_hidden, d_items, d_bias = ctx.saved_tensors
        scale = outputs[0] / ctx.positions
        return d_hidden * scale, d_items * scale, d_bias * scale, None, None, None


def plain_softmax(hidden: Tensor, items: Tensor, bias: Tensor, targets: Tensor, smoothing: float = 0.0) -> Tensor:
    """The same as `full_softmax` with all logits at once: the reference in tests."""
    return F.cross_entropy(torch.addmm(bias, hidden, items.T).float(), targets, label_smoothing=smoothing)
