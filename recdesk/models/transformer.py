"""The backbone: a BERT (Devlin et al. 2019; Vaswani et al. 2017, section 3) over vectors of items, or of tokens.

    h  = dropout(norm(x + type + position))
    a  = norm(h + dropout(output(attention(query h, key h, value h))))      in each layer
    h' = norm(a + dropout(second gelu(first a)))

Parameters have the names that `transformers.BertModel` gives them and outputs equal its outputs (a test holds both
ways), so a saved model opens there. Attention is torch's (`scaled_dot_product_attention`); training on CPUs with native
bfloat16 takes the functions of `recdesk.models.bf16`.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any, Self

import torch
from torch import Tensor, nn
from torch.utils.checkpoint import checkpoint

from recdesk.models import bf16
from recdesk.models.bf16 import Linear
from recdesk.models.dropout import ByteDropout

ACTIVATIONS: Mapping[str, Callable[[Tensor], Tensor]] = {
    "gelu": nn.functional.gelu,
    "gelu_new": partial(nn.functional.gelu, approximate="tanh"),
    "relu": nn.functional.relu,
    "silu": nn.functional.silu,
}
"""Of the feed-forward block, by BERT's names."""


@dataclass(frozen=True)
class Sizes:
    """Sizes of the backbone.

    Attributes:
        rows: of the table of input vectors.
        positions: longest input.
        width: of a vector.
        layers, heads: attention heads are `width / heads` wide.
        dropout: probability; attention weights are never dropped out, which would turn the fused kernels off.
        inner: width of the feed-forward block; 0 for `4 * width`.
        types: segments; only the first is used.
        epsilon: of the norms.
        activation: see `ACTIVATIONS`.
        padding: row of the table that is not trained.
    """

    rows: int
    positions: int
    width: int
    layers: int
    heads: int
    dropout: float
    inner: int = 0
    types: int = 1
    epsilon: float = 1e-12
    activation: str = "gelu"
    padding: int = 0

    def __post_init__(self) -> None:
        if self.width % self.heads:
            raise ValueError(f"width {self.width} is not divisible by {self.heads} heads")
        if self.activation not in ACTIVATIONS:
            raise ValueError(f"activation {self.activation!r} is none of {', '.join(ACTIVATIONS)}")

    def as_bert(self, causal: bool) -> dict[str, Any]:
        """The `config.json` with which `transformers.BertModel` opens the weights."""
        return {
            "architectures": ["BertModel"],
            "model_type": "bert",
            "vocab_size": self.rows,
            "hidden_size": self.width,
            "num_hidden_layers": self.layers,
            "num_attention_heads": self.heads,
            "intermediate_size": self.inner or 4 * self.width,
            "max_position_embeddings": self.positions,
            "type_vocab_size": self.types,
            "hidden_act": self.activation,
            "hidden_dropout_prob": self.dropout,
            "attention_probs_dropout_prob": 0.0,
            "layer_norm_eps": self.epsilon,
            "pad_token_id": self.padding,
            "is_decoder": causal,
            "use_cache": False,
        }

    @classmethod
    def of_bert(cls, config: Mapping[str, Any]) -> Self:
        """From a BERT's `config.json`, what it leaves out being BERT's own.

        Raises:
            ValueError, TypeError: these are no sizes of a BERT as it is built here.
        """
        return cls(
            rows=int(config.get("vocab_size", 30522)),
            positions=int(config.get("max_position_embeddings", 512)),
            width=int(config.get("hidden_size", 768)),
            layers=int(config.get("num_hidden_layers", 12)),
            heads=int(config.get("num_attention_heads", 12)),
            dropout=float(config.get("hidden_dropout_prob", 0.1)),
            inner=int(config.get("intermediate_size", 3072)),
            types=int(config.get("type_vocab_size", 2)),
            epsilon=float(config.get("layer_norm_eps", 1e-12)),
            activation=str(config.get("hidden_act", "gelu")),
            padding=int(config.get("pad_token_id") or 0),
        )


class Transformer(nn.Module):
    """See the module; weights are drawn from torch's global generator as `BertModel` draws them, so that a run which an
    older recdesk began, when that was the backbone, goes on as it would have."""

    def __init__(self, sizes: Sizes) -> None:
        super().__init__()
        self.sizes = sizes
        self.recompute: Callable[[], Any] | None = None
        """For gradient checkpointing, `context_fn` of `torch.utils.checkpoint`; None to keep activations."""
        self.embeddings = Embeddings(sizes)
        self.encoder = nn.Module()  # the level is in BERT's names
        self.encoder.layer = nn.ModuleList(Layer(sizes) for _ in range(sizes.layers))
        self.apply(_initialize)
        with torch.no_grad():
            self.embeddings.word_embeddings.weight[sizes.padding] = 0.0

    @property
    def layers(self) -> list["Layer"]:
        """From the lowest."""
        return list(self.encoder.layer)  # type: ignore[arg-type]

    def vectors(self, ids: Tensor) -> Tensor:
        """Rows of the table of input vectors, float [..., width] for int64 [...]."""
        return nn.functional.embedding(ids, self.embeddings.word_embeddings.weight, self.sizes.padding)

    def forward(self, x: Tensor, position_ids: Tensor, real: Tensor | None, causal: bool) -> Tensor:
        """Hidden states of the last layer.

        Args:
            x: float [batch, length, width], the input vectors.
            position_ids: int64 [batch or 1, length].
            real: bool [batch, length], False where nothing may be attended to; None where everything may.
            causal: each position attends to itself and those before it only; then `real` is None.

        Returns:
            float [batch, length, width].
        """
        h = self.embeddings(x, position_ids)
        mask = None if real is None else real[:, None, None, :]
        for layer in self.layers:
            if self.recompute is not None and torch.is_grad_enabled():
                h = checkpoint(
                    layer, h, mask, causal, use_reentrant=False, preserve_rng_state=False, context_fn=self.recompute
                )
            else:
                h = layer(h, mask, causal)
        return h

    def weights_at(
        self, x: Tensor, position_ids: Tensor, real: Tensor | None, causal: bool, positions: Tensor
    ) -> Tensor:
        """What the heads of each layer attend to from one position of each row.

        Args:
            x, position_ids, real, causal: as `forward`.
            positions: int64 [batch], flat indices into batch × length, one a row.

        Returns:
            float [layers, batch, heads, length], softmax weights.
        """
        h = self.embeddings(x, position_ids)
        mask = None if real is None else real[:, None, None, :]
        found = []
        for layer in self.layers:
            own = h.flatten(0, 1).index_select(0, positions)
            attention = layer.attention.self
            assert isinstance(attention, SelfAttention)
            found.append(attention.weights_of_one_query(h, own, positions, real, causal))
            h = layer(h, mask, causal)
        return torch.stack(found)

    def at(
        self, x: Tensor, position_ids: Tensor, real: Tensor | None, causal: bool, positions: Tensor, last_only: bool
    ) -> Tensor:
        """The same at some positions; the last layer is computed only there.

        Args:
            x, position_ids, real, causal: as `forward`.
            positions: int64 [m], flat indices into batch × length.
            last_only: they are the last real position of each row.

        Returns:
            float [m, width].
        """
        h = self.embeddings(x, position_ids)
        mask = None if real is None else real[:, None, None, :]
        *lower, last = self.layers
        for layer in lower:
            h = layer(h, mask, causal)
        own = h.flatten(0, 1).index_select(0, positions)
        attention = last.attention.self
        assert isinstance(attention, SelfAttention)
        if last_only:
            mixed = attention.of_one_query(h, own, positions)
        else:
            mixed = attention(h, mask, causal).flatten(0, 1).index_select(0, positions)
        return last.after_attention(mixed, own)


class Embeddings(nn.Module):
    """x + type + position, normalised. `word_embeddings` is the table of input vectors, which the caller looks up."""

    def __init__(self, sizes: Sizes) -> None:
        super().__init__()
        self.word_embeddings = nn.Embedding(sizes.rows, sizes.width)
        self.position_embeddings = nn.Embedding(sizes.positions, sizes.width)
        self.token_type_embeddings = nn.Embedding(sizes.types, sizes.width)
        self.LayerNorm = nn.LayerNorm(sizes.width, eps=sizes.epsilon)
        self.dropout = ByteDropout(sizes.dropout)

    def forward(self, x: Tensor, position_ids: Tensor) -> Tensor:
        """[batch, length, width]."""
        first = torch.zeros(x.shape[:2], dtype=torch.int64, device=x.device)
        h = x + self.token_type_embeddings(first) + self.position_embeddings(position_ids)
        dropped: Tensor = self.dropout(self.LayerNorm(h))
        return dropped


class Layer(nn.Module):
    """Attention and a feed-forward block, each added to its input and normalised."""

    def __init__(self, sizes: Sizes) -> None:
        super().__init__()
        self.attention = nn.Module()
        self.attention.self = SelfAttention(sizes)
        self.attention.output = AddAndNorm(sizes.width, sizes)
        inner = sizes.inner or 4 * sizes.width
        self.intermediate = nn.Module()
        self.intermediate.dense = Linear(sizes.width, inner)
        self.output = AddAndNorm(inner, sizes)
        self.activation = ACTIVATIONS[sizes.activation]

    def forward(self, h: Tensor, mask: Tensor | None, causal: bool) -> Tensor:
        """[batch, length, width]; mask as `SelfAttention.forward`."""
        return self.after_attention(self.attention.self(h, mask, causal), h)  # type: ignore[operator]

    def after_attention(self, mixed: Tensor, h: Tensor) -> Tensor:
        """What follows attention, position by position.

        Args:
            mixed: float [..., width], what the heads found.
            h: float [..., width], the layer's input there.
        """
        a = self.attention.output(mixed, h)  # type: ignore[operator]
        first, second = self.intermediate.dense, self.output.dense
        if bf16.applies(second) and self.activation is nn.functional.gelu:
            return self.output.added(bf16.feed_forward(a, first, second), a)  # type: ignore[arg-type]
        return self.output(self.activation(first(a)), a)  # type: ignore[operator]


class AddAndNorm(nn.Module):
    """norm(h + dropout(dense(x)))."""

    def __init__(self, inputs: int, sizes: Sizes) -> None:
        super().__init__()
        self.dense = Linear(inputs, sizes.width)
        self.LayerNorm = nn.LayerNorm(sizes.width, eps=sizes.epsilon)
        self.dropout = ByteDropout(sizes.dropout)

    def forward(self, x: Tensor, h: Tensor) -> Tensor:
        """x [..., inputs], h [..., width] → [..., width]."""
        return self.added(self.dense(x), h)

    def added(self, dense: Tensor, h: Tensor) -> Tensor:
        """The same after the matmul."""
        normed: Tensor = self.LayerNorm(self.dropout(dense) + h)
        return normed


class SelfAttention(nn.Module):
    """softmax(query · key / √d) · value in each head of width d (Vaswani et al. 2017, section 3.2)."""

    def __init__(self, sizes: Sizes) -> None:
        super().__init__()
        self.heads = sizes.heads
        self.query, self.key, self.value = (Linear(sizes.width, sizes.width) for _ in range(3))

    def forward(self, h: Tensor, mask: Tensor | None, causal: bool) -> Tensor:
        """What the heads found, side by side.

        Args:
            h: float [batch, length, width].
            mask: bool [batch, 1, 1, length], True where attention is allowed; None for everywhere.
            causal: see `Transformer.forward`.

        Returns:
            float [batch, length, width].
        """
        linears = self.query, self.key, self.value
        if bf16.applies(self.query):
            return bf16.attention(h, *linears, mask, causal, self.heads)
        q, k, v = (linear(h).unflatten(2, (self.heads, -1)).transpose(1, 2) for linear in linears)
        mixed = nn.functional.scaled_dot_product_attention(q, k, v, mask, is_causal=bool(causal and h.shape[1] > 1))
        return mixed.transpose(1, 2).flatten(2)

    def weights_of_one_query(
        self, h: Tensor, own: Tensor, positions: Tensor, real: Tensor | None, causal: bool
    ) -> Tensor:
        """The softmax weights of one position of each row, float [batch, heads, length]; arguments as `of_one_query`
        and `Transformer.weights_at`."""
        rows, length, _ = h.shape
        query = self.query(own).view(rows, self.heads, -1)
        key = self.key(h).unflatten(2, (self.heads, -1))
        scores = torch.einsum("rhd,rlhd->rhl", query, key) * query.shape[2] ** -0.5
        if causal:
            at = positions - torch.arange(rows, device=h.device) * length
            behind = torch.arange(length, device=h.device)[None, :] > at[:, None]
            scores = scores.masked_fill(behind[:, None, :], float("-inf"))
        if real is not None:
            scores = scores.masked_fill(~real[:, None, :], float("-inf"))
        return scores.softmax(-1)

    def of_one_query(self, h: Tensor, own: Tensor, positions: Tensor) -> Tensor:
        """The same at the last real position of each row, float [batch, width].

        One query can be multiplied with the states themselves, projected by the key weights: no keys and values are
        computed. The keys' bias adds a constant to a query's scores, which softmax ignores.

        Args:
            h: float [batch, length, width].
            own: float [batch, width], the states at those positions.
            positions: int64 [batch], flat indices of these into batch × length.
        """
        rows, length, width = h.shape
        by_head = (self.heads, -1, width)
        query = self.query(own).view(rows, self.heads, -1)
        asked = torch.einsum("rhd,hdw->rhw", query, self.key.weight.view(by_head)) * (width // self.heads) ** -0.5
        last = positions - torch.arange(rows, device=h.device) * length
        behind = torch.arange(length, device=h.device)[None, :] > last[:, None]
        weights = torch.bmm(asked, h.mT).masked_fill_(behind[:, None, :], float("-inf")).softmax(-1)
        taken = torch.bmm(weights, h)  # [rows, heads, width]
        mixed = torch.einsum("rhw,hdw->rhd", taken, self.value.weight.view(by_head)).reshape(rows, -1)
        return mixed + self.value.bias


def _initialize(module: nn.Module) -> None:
    """BERT's initialisation of one module."""
    if isinstance(module, nn.Linear | nn.Embedding):
        nn.init.normal_(module.weight, std=0.02)
    if isinstance(module, nn.Linear):
        nn.init.zeros_(module.bias)
