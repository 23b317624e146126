"""bfloat16 matmuls in training: on CPUs with native support twice as fast as float32.

Weights, the states between layers and gradients stay float32; the factors of a matmul are rounded, and so is what goes
from one matmul into the next (as in Kalamkar et al. 2019). In inference nothing is rounded.
"""

import math
from functools import lru_cache
from typing import Any

import torch
from torch import Tensor, nn

BF16 = torch.bfloat16
ROWS = 128
"""Pad rows to a multiple of 128: oneDNN compiles a kernel per shape, which costs as much as many matmuls, and the
number of items varies from step to step. Without it a third of the speed was lost."""


class Linear(nn.Linear):
    """Linear layer that multiplies in bfloat16 in training, forward and backward, where `use_bf16` says so."""

    bf16 = False

    def forward(self, input: Tensor) -> Tensor:
        """As `nn.Linear`; returns float32."""
        if not applies(self):
            return super().forward(input)
        output: Tensor = _Matmul.apply(input, self.weight, self.bias)
        return output


def use_bf16(module: nn.Module) -> None:
    """Let every `Linear` inside a module multiply in bfloat16 while it is in training mode."""
    for child in module.modules():
        if isinstance(child, Linear):
            child.bf16 = True


def applies(layer: nn.Module) -> bool:
    """Whether a layer multiplies in bfloat16 now."""
    return isinstance(layer, Linear) and layer.bf16 and layer.training


def feed_forward(x: Tensor, first: nn.Linear, second: nn.Linear) -> Tensor:
    """`second(gelu(first(x)))`, in bfloat16 from the first matmul to the second; x float32 [..., n], result alike."""
    made: Tensor = _FeedForward.apply(x, first.weight, first.bias, second.weight, second.bias)
    return made


def attention(
    h: Tensor, query: nn.Linear, key: nn.Linear, value: nn.Linear, mask: Tensor | None, causal: bool, heads: int
) -> Tensor:
    """Self-attention with one matmul for queries, keys and values, in bfloat16 up to its output, which is bfloat16.

    The attention weights of a batch are held at once: a step has so few positions that they stay in the cache.

    Args:
        h: float32 [batch, length, width].
        query, key, value: [width, width] each.
        mask: bool [batch, 1, 1, length], True where attention is allowed; None for everywhere.
        causal: each position attends only up to itself (then without a mask).
        heads: their number.

    Returns:
        [batch, length, width].
    """
    scale = (query.out_features // heads) ** -0.5
    weight = torch.cat([query.weight * scale, key.weight, value.weight])
    bias = torch.cat([query.bias * scale, key.bias, value.bias])
    mixed: Tensor = _Attention.apply(h, weight, bias, _additive_mask(mask, causal, h.shape[1], heads), heads)
    return mixed


def _additive_mask(mask: Tensor | None, causal: bool, length: int, heads: int) -> Tensor | None:
    """0 where attention is allowed and -inf elsewhere: [batch × heads, 1, length] for a mask, [length, length] if
    causal, None if every position attends everywhere."""
    if mask is not None:
        blocked = torch.zeros(mask.shape, dtype=BF16).masked_fill_(~mask, float("-inf"))
        return blocked.expand(-1, heads, -1, -1).flatten(0, 1)
    return _triangle(1 << (length - 1).bit_length())[:length, :length] if causal else None


@lru_cache
def _triangle(length: int) -> Tensor:
    """The causal mask, [length, length]: -inf above the diagonal."""
    return torch.full((length, length), float("-inf"), dtype=BF16).triu_(1)


class _Matmul(torch.autograd.Function):
    """`x @ weight.T + bias`; x [..., n], weight [m, n], bias [m] or None."""

    @staticmethod
    def forward(ctx: Any, x: Tensor, weight: Tensor, bias: Tensor | None) -> Tensor:
        rows, factors = to_bf16(x.flatten(0, -2)), weight.to(BF16)
        ctx.save_for_backward(rows, factors)
        ctx.shape, ctx.dtype, ctx.biased = x.shape, x.dtype, bias is not None
        made = torch.mm(rows, factors.T) if bias is None else torch.addmm(bias.to(BF16), rows, factors.T)
        return _as_before(made, (*x.shape[:-1], len(weight)), torch.float32)

    @staticmethod
    def backward(ctx: Any, *outputs: Any) -> Any:
        rows, factors = ctx.saved_tensors
        d_out = to_bf16(outputs[0].flatten(0, -2))
        d_x = _as_before(torch.mm(d_out, factors), ctx.shape, ctx.dtype) if ctx.needs_input_grad[0] else None
        return d_x, torch.mm(d_out.T, rows).float(), _summed(d_out) if ctx.biased else None


class _FeedForward(torch.autograd.Function):
    """`gelu(x @ first.T + a) @ second.T + b`; x float32 [..., n], first [m, n], second [n, m]."""

    @staticmethod
    def forward(ctx: Any, x: Tensor, first: Tensor, a: Tensor, second: Tensor, b: Tensor) -> Tensor:
        rows, one, two = to_bf16(x.flatten(0, -2)), first.to(BF16), second.to(BF16)
        inner = torch.addmm(a.to(BF16), rows, one.T)
        bent = nn.functional.gelu(inner)
        ctx.save_for_backward(rows, inner, bent, one, two)
        ctx.shape = x.shape
        return _as_before(torch.addmm(b.to(BF16), bent, two.T), x.shape, x.dtype)

    @staticmethod
    def backward(ctx: Any, *outputs: Any) -> Any:
        rows, inner, bent, one, two = ctx.saved_tensors
        d_out = to_bf16(outputs[0].flatten(0, -2))
        d_inner = torch.ops.aten.gelu_backward(torch.mm(d_out, two), inner)
        d_x = _as_before(torch.mm(d_inner, one), ctx.shape, outputs[0].dtype)
        d_first, d_second = torch.mm(d_inner.T, rows).float(), torch.mm(d_out.T, bent).float()
        return d_x, d_first, _summed(d_inner), d_second, _summed(d_out)


class _Attention(torch.autograd.Function):
    """softmax(query · key + mask) · value of every head; `mask` is 0 or -inf and broadcast.

    x is float32 [batch, length, width]; weight [3 × width, width] and bias project it to queries, keys and values.
    """

    @staticmethod
    def forward(ctx: Any, x: Tensor, weight: Tensor, bias: Tensor, mask: Tensor | None, heads: int) -> Tensor:
        batch, length, _ = x.shape
        rows, factors = to_bf16(x.flatten(0, 1)), weight.to(BF16)
        made = torch.addmm(bias.to(BF16), rows, factors.T)[: batch * length]
        q, k, v = _by_head(made.view(batch, length, 3, heads, -1))
        scores = torch.bmm(q, k.mT) if mask is None else torch.baddbmm(mask, q, k.mT)
        weights = torch.softmax(scores, -1)
        ctx.save_for_backward(rows, factors, q, k, v, weights)
        ctx.shape, ctx.heads = x.shape, heads
        return torch.bmm(weights, v).view(batch, heads, length, -1).transpose(1, 2).reshape(x.shape)

    @staticmethod
    def backward(ctx: Any, *outputs: Any) -> Any:
        rows, factors, q, k, v, weights = ctx.saved_tensors
        batch, length, width = ctx.shape
        (d_out,) = _by_head(outputs[0].view(batch, length, 1, ctx.heads, -1))
        d_parts = q.new_empty((3, *q.shape))
        torch.bmm(weights.mT, d_out, out=d_parts[2])
        d_scores = torch._softmax_backward_data(torch.bmm(d_out, v.mT), weights, -1, BF16)
        torch.bmm(d_scores, k, out=d_parts[0])
        torch.bmm(d_scores.mT, q, out=d_parts[1])
        d_made = to_bf16(d_parts.view(3, batch, ctx.heads, length, -1).permute(1, 3, 0, 2, 4).reshape(-1, 3 * width))
        d_x = _as_before(torch.mm(d_made, factors), ctx.shape, torch.float32)
        return d_x, torch.mm(d_made.T, rows).float(), _summed(d_made), None, None


def to_bf16(matrix: Tensor, columns: int | None = None) -> Tensor:
    """A matrix as bfloat16, zero-padded to a multiple of `ROWS` rows and, if given, to `columns` columns."""
    count, width = matrix.shape
    wanted = round_up(count), columns or width
    if matrix.dtype == BF16 and matrix.shape == wanted:
        return matrix
    made = matrix.new_empty(wanted, dtype=BF16)
    made[:count, :width] = matrix
    made[count:] = 0
    made[:, width:] = 0
    return made


def round_up(count: int) -> int:
    """The smallest multiple of `ROWS` that is at least `count`."""
    return -(-count // ROWS) * ROWS


def _as_before(made: Tensor, shape: tuple[int, ...], dtype: torch.dtype) -> Tensor:
    """The inverse of `to_bf16` for [..., n]."""
    return made[: math.prod(shape[:-1])].to(dtype).view(shape)


def _summed(rows: Tensor) -> Tensor:
    """The sum of all rows, float32 [width]."""
    return rows.sum(0, dtype=torch.float32)


def _by_head(made: Tensor) -> tuple[Tensor, ...]:
    """[batch, length, parts, heads, width] as bfloat16 [batch × heads, length, width] of each part."""
    ordered = made.permute(2, 0, 3, 1, 4)
    return torch.empty(ordered.shape, dtype=BF16).copy_(ordered).flatten(1, 2).unbind()
