"""Products of bfloat16 in training: on processors that multiply it natively, twice as fast as float32.

Weights, the states between layers and what is learned stay float32; what is multiplied is rounded, and so is what
passes from one product to the next (as in Kalamkar et al. 2019). Outside training nothing is rounded at all.
"""

import math
from typing import Any, Self

import torch
from torch import Tensor, nn
from transformers.activations import GELUActivation
from transformers.models.bert.modeling_bert import BertLayer, BertSelfAttention

from recdesk.models.attention import ChunkedSelfAttention

NARROW = torch.bfloat16
ACTIVATION = "intermediate.intermediate_act_fn"
ROWS = 128
"""Factors are filled up with rows of zeros to a multiple of it. Code is generated for each shape of a product, which
takes as long as many products, and no two steps read equally many items: without it, a third of the speed was lost."""


def use_bf16(module: nn.Module) -> None:
    """Let every linear layer and every layer of a BERT inside a module multiply bfloat16 while it is in training mode.

    Parameters stay the same objects under the same names.
    """
    for name, child in module.named_children():
        if type(child) is nn.Linear:
            setattr(module, name, Bf16Linear.of(child))
        else:
            use_bf16(child)
    if type(module) in (BertSelfAttention, ChunkedSelfAttention):
        module.__class__ = Bf16SelfAttention
    elif type(module) is BertLayer and isinstance(module.get_submodule(ACTIVATION), GELUActivation):
        module.__class__ = Bf16Layer


class Bf16Linear(nn.Linear):
    """A linear layer that multiplies bfloat16 in training, forward and backward."""

    @classmethod
    def of(cls, layer: nn.Linear) -> Self:
        """A layer with the parameters of another, not copies of them."""
        made = cls(layer.in_features, layer.out_features, layer.bias is not None, device="meta")
        made.weight, made.bias = layer.weight, layer.bias
        return made.train(layer.training)

    def forward(self, input: Tensor) -> Tensor:
        """As `nn.Linear`; float32, whatever comes in."""
        if not self.training:
            return super().forward(input)
        product: Tensor = _Product.apply(input, self.weight, self.bias)
        return product


class Bf16Layer(BertLayer):
    """A layer of BERT between whose two last products nothing is widened."""

    def feed_forward_chunk(self, attention_output: Tensor) -> Tensor:
        """As `BertLayer`'s."""
        if not self.training:
            return super().feed_forward_chunk(attention_output)
        first, second = self.intermediate.dense, self.output.dense
        made = _FeedForward.apply(attention_output, first.weight, first.bias, second.weight, second.bias)
        states: Tensor = self.output.LayerNorm(self.output.dropout(made) + attention_output)
        return states


class Bf16SelfAttention(ChunkedSelfAttention):
    """Attention of which queries, keys and values are one product, and nothing is widened up to its end.

    The weights of a batch are held at once: a step reads so few positions that they stay in the cache.
    """

    def forward(
        self, hidden_states: Tensor, attention_mask: Tensor | None = None, past_key_values: Any = None, **other: Any
    ) -> tuple[Tensor, Tensor | None]:
        """As `ChunkedSelfAttention`'s; in training bfloat16 and no weights."""
        if not self.training or self.dropout.p:  # where weights are dropped, transformers' own attention works
            found: tuple[Tensor, Tensor | None] = super().forward(
                hidden_states, attention_mask, past_key_values, **other
            )
            return found
        hidden = self.unseen(attention_mask, hidden_states.shape[1], NARROW, other)
        weight, bias = self.joined()
        mixed: Tensor = _Attention.apply(hidden_states, weight, bias, hidden, self.num_attention_heads)
        return mixed, None


class _Product(torch.autograd.Function):
    """`x @ weight.T + bias`; x [..., n], weight [m, n], bias [m] or None."""

    @staticmethod
    def forward(ctx: Any, x: Tensor, weight: Tensor, bias: Tensor | None) -> Tensor:
        rows, factors = to_bf16(x.flatten(0, -2)), weight.to(NARROW)
        ctx.save_for_backward(rows, factors)
        ctx.shape, ctx.dtype, ctx.biased = x.shape, x.dtype, bias is not None
        made = torch.mm(rows, factors.T) if bias is None else torch.addmm(bias.to(NARROW), rows, factors.T)
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
        rows, one, two = to_bf16(x.flatten(0, -2)), first.to(NARROW), second.to(NARROW)
        inner = torch.addmm(a.to(NARROW), rows, one.T)
        bent = nn.functional.gelu(inner)
        ctx.save_for_backward(rows, inner, bent, one, two)
        ctx.shape = x.shape
        return _as_before(torch.addmm(b.to(NARROW), bent, two.T), x.shape, x.dtype)

    @staticmethod
    def backward(ctx: Any, *outputs: Any) -> Any:
        rows, inner, bent, one, two = ctx.saved_tensors
        d_out = to_bf16(outputs[0].flatten(0, -2))
        d_inner = torch.ops.aten.gelu_backward(torch.mm(d_out, two), inner)
        d_x = _as_before(torch.mm(d_inner, one), ctx.shape, outputs[0].dtype)
        d_first, d_second = torch.mm(d_inner.T, rows).float(), torch.mm(d_out.T, bent).float()
        return d_x, d_first, _summed(d_inner), d_second, _summed(d_out)


class _Attention(torch.autograd.Function):
    """softmax(query · key + hidden) · value of every head; `hidden` is 0 or -inf and spread where it is smaller.

    x is float32 [batch, length, width]; weight [3 × width, width] and bias make queries, keys and values of it.
    """

    @staticmethod
    def forward(ctx: Any, x: Tensor, weight: Tensor, bias: Tensor, hidden: Tensor | None, heads: int) -> Tensor:
        batch, length, _ = x.shape
        rows, factors = to_bf16(x.flatten(0, 1)), weight.to(NARROW)
        made = torch.addmm(bias.to(NARROW), rows, factors.T)[: batch * length]
        q, k, v = _by_head(made.view(batch, length, 3, heads, -1))
        scores = torch.bmm(q, k.mT) if hidden is None else torch.baddbmm(hidden, q, k.mT)
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
        d_scores = torch._softmax_backward_data(torch.bmm(d_out, v.mT), weights, -1, NARROW)
        torch.bmm(d_scores, k, out=d_parts[0])
        torch.bmm(d_scores.mT, q, out=d_parts[1])
        d_made = to_bf16(d_parts.view(3, batch, ctx.heads, length, -1).permute(1, 3, 0, 2, 4).reshape(-1, 3 * width))
        d_x = _as_before(torch.mm(d_made, factors), ctx.shape, torch.float32)
        return d_x, torch.mm(d_made.T, rows).float(), _summed(d_made), None, None


def to_bf16(matrix: Tensor, columns: int | None = None) -> Tensor:
    """A matrix as bfloat16, filled up with zeros to a multiple of `ROWS` rows and, if said, to so many columns."""
    count, width = matrix.shape
    wanted = round_up(count), columns or width
    if matrix.dtype == NARROW and matrix.shape == wanted:
        return matrix
    made = matrix.new_empty(wanted, dtype=NARROW)
    made[:count, :width] = matrix
    made[count:] = 0
    made[:, width:] = 0
    return made


def round_up(count: int) -> int:
    """The multiple of `ROWS` that holds so many rows."""
    return -(-count // ROWS) * ROWS


def _as_before(made: Tensor, shape: tuple[int, ...], dtype: torch.dtype) -> Tensor:
    """The inverse of `to_bf16` for [..., n]."""
    return made[: math.prod(shape[:-1])].to(dtype).view(shape)


def _summed(rows: Tensor) -> Tensor:
    """float32 [width], the sum of all rows."""
    return rows.sum(0, dtype=torch.float32)


def _by_head(made: Tensor) -> tuple[Tensor, ...]:
    """[batch, length, parts, heads, width] as bfloat16 [batch × heads, length, width] of each part."""
    ordered = made.permute(2, 0, 3, 1, 4)
    return torch.empty(ordered.shape, dtype=NARROW).copy_(ordered).flatten(1, 2).unbind()
