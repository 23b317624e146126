"""Cross-entropy over a catalogue without ever holding all its logits."""

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
    positions × n_items is kept for the backward pass."""

    @staticmethod
    def forward(ctx: Any, hidden: Tensor, items: Tensor, bias: Tensor, targets: Tensor, smoothing: float) -> Tensor:
        positions, n_items = len(hidden), len(items)
        budget = CHUNK_BYTES * (16 if hidden.is_cuda else 1)
        rows = max(1, budget // (4 * n_items))
        want = any(ctx.needs_input_grad[:3])
        d_hidden = torch.empty_like(hidden)
        d_items, d_bias = torch.zeros_like(items, dtype=torch.float32), torch.zeros_like(bias, dtype=torch.float32)
        total = hidden.new_zeros((), dtype=torch.float32)
        for begin in range(0, positions, rows):
            h, t = hidden[begin : begin + rows], targets[begin : begin + rows]
            logits = torch.addmm(bias, h, items.T).float()
            normaliser = logits.logsumexp(1, keepdim=True)
            at_target = logits.gather(1, t[:, None])
            total += (normaliser - (1 - smoothing) * at_target).sum()
            if smoothing:
                total -= smoothing * logits.mean(1).sum()
            if not want:
                continue
            gradient = (logits - normaliser).exp_()
            if smoothing:
                gradient -= smoothing / n_items
            gradient.scatter_add_(1, t[:, None], gradient.new_full((len(t), 1), smoothing - 1.0))
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
        negatives: int64 [count], columns drawn uniformly, shared by all positions.
        smoothing: spread over the negatives.

    Returns:
        float32 scalar.
    """
    positive = (hidden * items[targets]).sum(1) + bias[targets]
    logits = torch.addmm(bias[negatives], hidden, items[negatives].T)
    logits = logits + torch.log(torch.tensor((len(items) - 1) / len(negatives)))
    logits = logits.masked_fill(negatives[None, :] == targets[:, None], float("-inf"))
    joined = torch.cat([positive[:, None], logits], 1).float()
    loss = (joined.logsumexp(1) - joined[:, 0]).mean()
    if smoothing:
        finite = joined[:, 1:].masked_fill(joined[:, 1:] == float("-inf"), 0.0)
        loss = loss + smoothing * (joined[:, 0] - finite.mean(1)).mean()
    return loss


def plain_softmax(hidden: Tensor, items: Tensor, bias: Tensor, targets: Tensor, smoothing: float = 0.0) -> Tensor:
    """The same as `full_softmax` with all logits at once: the reference in tests."""
    return F.cross_entropy(torch.addmm(bias, hidden, items.T).float(), targets, label_smoothing=smoothing)
