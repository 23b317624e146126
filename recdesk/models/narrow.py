"""Products of bfloat16 in training: on processors that multiply it natively, twice as fast as float32.

Only factors are rounded: weights, the states between layers and what is learned stay float32 (as in Kalamkar et al.
2019), and outside training nothing is rounded at all.
"""

from functools import lru_cache
from typing import Any, Self

import torch
from torch import Tensor, nn
from transformers import AttentionInterface, AttentionMaskInterface, PreTrainedModel
from transformers.integrations.sdpa_attention import sdpa_attention_forward
from transformers.masking_utils import sdpa_mask

NARROW = torch.bfloat16
ROWS = 128
"""Factors are filled up with rows of zeros to a multiple of it. Code is generated for each shape of a product, which
takes as long as many products, and no two steps read equally many items: without it, a third of the speed was lost."""
ATTENTION = "recdesk-narrow"
"""What transformers calls `narrow_attention`."""


def use_narrow_products(module: nn.Module) -> None:
    """Let every linear layer and every attention inside a module multiply bfloat16 while it is in training mode.

    Parameters stay the same objects under the same names.
    """
    if isinstance(module, PreTrainedModel):
        module.set_attn_implementation(ATTENTION)
    for name, child in module.named_children():
        if type(child) is nn.Linear:
            setattr(module, name, NarrowLinear.of(child))
        else:
            use_narrow_products(child)


class NarrowLinear(nn.Linear):
    """A linear layer that multiplies bfloat16 in training, forward and backward."""

    @classmethod
    def of(cls, layer: nn.Linear) -> Self:
        """A layer with the parameters of another, not copies of them."""
        made = cls(layer.in_features, layer.out_features, layer.bias is not None, device="meta")
        made.weight, made.bias = layer.weight, layer.bias
        return made.train(layer.training)

    def forward(self, input: Tensor) -> Tensor:
        """As `nn.Linear`."""
        if not self.training:
            return super().forward(input)
        product: Tensor = _Product.apply(input, self.weight)
        return product if self.bias is None else product + self.bias


class _Product(torch.autograd.Function):
    """`x @ weight.T`; x [..., n], weight [m, n]."""

    @staticmethod
    def forward(ctx: Any, x: Tensor, weight: Tensor) -> Tensor:
        flat = x.flatten(0, -2)
        rows, factors = narrowed(flat), weight.to(NARROW)
        ctx.save_for_backward(rows, factors)
        ctx.shape, ctx.count = x.shape, len(flat)
        return torch.mm(rows, factors.T)[: len(flat)].float().view(*x.shape[:-1], len(weight))

    @staticmethod
    def backward(ctx: Any, *outputs: Any) -> Any:
        rows, factors = ctx.saved_tensors
        d_out = narrowed(outputs[0].flatten(0, -2))
        d_x = torch.mm(d_out, factors)[: ctx.count].float().view(ctx.shape) if ctx.needs_input_grad[0] else None
        return d_x, torch.mm(d_out.T, rows).float()


def narrowed(matrix: Tensor, columns: int | None = None) -> Tensor:
    """A matrix as bfloat16, filled up with zeros to a multiple of `ROWS` rows and, if said, to so many columns."""
    count, width = matrix.shape
    made = matrix.new_empty((filled(count), columns or width), dtype=NARROW)
    made[:count, :width] = matrix
    made[count:] = 0
    made[:, width:] = 0
    return made


def filled(count: int) -> int:
    """The multiple of `ROWS` that holds so many rows."""
    return -(-count // ROWS) * ROWS


def narrow_attention(
    module: nn.Module,
    query: Tensor,
    key: Tensor,
    value: Tensor,
    attention_mask: Tensor | None,
    scaling: float = 1.0,
    is_causal: bool | None = None,
    dropout: float = 0.0,
    **other: Any,
) -> tuple[Tensor, None]:
    """Attention that multiplies bfloat16 in training; else torch's own.

    The weights of a batch are held at once: a step reads so few positions that they stay in the cache.

    Args:
        module: of which layer.
        query, key, value: float32 [batch, heads, length, width].
        attention_mask: bool [batch, 1, 1 or length, length], where True is seen; None for everywhere.
        scaling: of the products of queries and keys.
        is_causal: each place sees only those up to itself; only without a mask.
        dropout: of weights; where there is any, torch's own attention works.
        other: as transformers hands it on.

    Returns:
        float32 [batch, length, heads, width], and no weights.
    """
    if not module.training or dropout:
        whole: tuple[Tensor, None] = sdpa_attention_forward(
            module, query, key, value, attention_mask, dropout, scaling, is_causal, **other
        )
        return whole
    hidden: Tensor | None = None
    if attention_mask is not None:
        hidden = torch.zeros(attention_mask.shape, dtype=NARROW).masked_fill_(~attention_mask, float("-inf"))
        hidden = hidden.expand(-1, query.shape[1], -1, -1).flatten(0, 1)
    elif is_causal if is_causal is not None else getattr(module, "is_causal", False):
        hidden = _behind(query.shape[2])
    mixed: Tensor = _Attention.apply(query, key, value, hidden, scaling)
    return mixed.transpose(1, 2), None


AttentionInterface.register(ATTENTION, narrow_attention)
AttentionMaskInterface.register(ATTENTION, sdpa_mask)  # without it transformers would make no mask at all


class _Attention(torch.autograd.Function):
    """softmax(query · key · scaling + hidden) · value; `hidden` is 0 or -inf and spread where it is smaller."""

    @staticmethod
    def forward(ctx: Any, query: Tensor, key: Tensor, value: Tensor, hidden: Tensor | None, scaling: float) -> Tensor:
        q, k, v = _stacked(query).mul_(scaling), _stacked(key), _stacked(value)
        scores = torch.bmm(q, k.mT) if hidden is None else torch.baddbmm(hidden, q, k.mT)
        weights = torch.softmax(scores, -1)
        ctx.save_for_backward(q, k, v, weights)
        ctx.shape, ctx.scaling = query.shape, scaling
        return torch.bmm(weights, v).float().view(query.shape)

    @staticmethod
    def backward(ctx: Any, *outputs: Any) -> Any:
        q, k, v, weights = ctx.saved_tensors
        d_out = _stacked(outputs[0])
        d_value = torch.bmm(weights.mT, d_out)
        d_weights = torch.bmm(d_out, v.mT)
        d_scores = torch._softmax_backward_data(d_weights, weights, -1, NARROW)
        d_query, d_key = torch.bmm(d_scores, k).mul_(ctx.scaling), torch.bmm(d_scores.mT, q)
        return *(part.float().view(ctx.shape) for part in (d_query, d_key, d_value)), None, None


def _stacked(heads: Tensor) -> Tensor:
    """[batch, heads, length, width] in whatever order as bfloat16 [batch × heads, length, width]."""
    return torch.empty(heads.shape, dtype=NARROW, device=heads.device).copy_(heads).flatten(0, 1)


def _behind(length: int) -> Tensor:
    """[length, length], -inf where a place would look at what stands behind it."""
    return _triangle(1 << (length - 1).bit_length())[:length, :length]


@lru_cache
def _triangle(length: int) -> Tensor:
    return torch.full((length, length), float("-inf"), dtype=NARROW).triu_(1)
