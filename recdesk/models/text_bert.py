"""BERT over histories whose item vectors come from the items' texts: `text-bert` and `hybrid`."""

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Self

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from recdesk.core.errors import RecdeskError
from recdesk.core.messages import Message
from recdesk.core.tensors import save_tensors
from recdesk.models.bert import BertCausal, Shape
from recdesk.models.bf16 import Linear
from recdesk.models.dropout import ByteDropout, RowDropout
from recdesk.models.persistence import FORMAT, read_shape
from recdesk.text.encoder import Encoder
from recdesk.text.text_side import ENCODER_PREFIX


@dataclass(frozen=True)
class TextShape(Shape):
    """Sizes of a model whose items are texts.

    Attributes:
        text_width: size of an item's text vector.
        correction: largest norm of an item's correction, as a share of the square root of the vector size.
        id_dropout: share of items whose own vector is dropped out in a step, so that texts stay useful without it.
        tied: items are scored with their input vectors, so that new ones can be ranked; else by a linear layer with
            weights of its own for each item.
    """

    text_width: int = 1
    correction: float = 0.0
    id_dropout: float = 0.0
    tied: bool = True


class TextBert(BertCausal):
    """Causal BERT whose items are their texts: adaptor(text vector) + a bounded correction of each item's own.

    The text vectors come from a frozen encoder, whitened; the adaptor is a small MLP (as in UniSRec, Hou et al. 2022,
    section 2.2, without its mixture). The correction lets behaviour move an item a bounded distance from its text
    (after “Let It Go? Not Quite”, 2025). An item without interactions has none: its text is enough to rank it.
    """

    kind = "text-bert"
    shape: TextShape

    def __init__(self, shape: TextShape) -> None:
        super().__init__(shape)
        width, hidden = shape.text_width, shape.hidden
        self.adaptor = nn.Sequential(
            Linear(width, 2 * hidden), nn.GELU(), ByteDropout(shape.dropout / 2), Linear(2 * hidden, hidden)
        )
        self.through = Linear(width, hidden, bias=False)
        nn.init.normal_(self.through.weight, std=0.5 / width**0.5)
        nn.init.zeros_(self.item_table)
        self.texts: Tensor
        self.register_buffer("texts", torch.zeros(shape.n_items + 2, width, dtype=torch.float16))
        if not shape.tied:
            self.head = nn.Parameter(0.02 * torch.randn(shape.n_items, hidden))
        self._table: Tensor | None = None
        self.encoder: Encoder | None = None
        """The text encoder while it is fine-tuned together with this model; its weights are saved with these."""

    def set_texts(self, vectors: NDArray[np.float32]) -> None:
        """Set the items' whitened text vectors, float32 [n_items, text_width]."""
        self.texts[1 : self.n_items + 1] = torch.from_numpy(vectors).to(self.texts)
        self._table = None

    @staticmethod
    def of_no_item(weights: dict[str, Tensor]) -> dict[str, Tensor]:
        """Weights that do not depend on the catalogue: all but rows of items and a fine-tuned encoder."""
        rows = ("texts", "bias", "head", "bert.embeddings.word_embeddings.weight")
        return {
            name: value for name, value in weights.items() if name not in rows and not name.startswith(ENCODER_PREFIX)
        }

    @torch.no_grad()
    def begin_from(self, weights: dict[str, Tensor]) -> None:
        """Load the weights of a model of another catalogue; items' own vectors are zero.

        Args:
            weights: see `of_no_item`.

        Raises:
            RecdeskError: they are of a model of other sizes.
        """
        ours = self.of_no_item(self.state_dict())
        if {name: value.shape for name, value in ours.items()} != {
            name: value.shape for name, value in weights.items()
        }:
            raise RecdeskError(Message("run.start-sizes-differ"), Message("run.start-from-nothing"))
        nn.init.zeros_(self.item_table)
        self.load_state_dict({**self.state_dict(), **weights})

    @torch.no_grad()
    def extended(self, vectors: NDArray[np.float32], bias: NDArray[np.float64]) -> "TextBert":
        """The same with new items, without interactions, appended to the catalogue.

        Args:
            vectors: float32 [m, text_width], their whitened text vectors.
            bias: float [m], their expected log popularity relative to the mean; see `expected_bias`.
        """
        assert self.shape.tied  # else they could not be scored
        count = len(vectors)
        longer = type(self)(replace(self.shape, n_items=self.n_items + count)).to(self.device)
        state = dict(self.state_dict())
        for name, value in longer.state_dict().items():
            old = state[name]
            if old.shape != value.shape:
                grown = torch.zeros_like(value)
                grown[: min(len(old), self.n_items + 1)] = old[: self.n_items + 1]
                state[name] = grown
        longer.load_state_dict(state)
        longer.texts[self.n_items + 1 : self.n_items + 1 + count] = torch.from_numpy(vectors).to(longer.texts)
        longer.bias[self.n_items :] = torch.from_numpy(bias).to(longer.bias)
        return longer.eval()

    def embedded(self, own: Tensor, rows: Tensor | None, texts: Tensor | None = None) -> Tensor:
        """See `BertRecommender.embedded`; `texts` (float [n, text_width]) replace the stored ones."""
        if texts is None:
            texts = self.texts.float() if rows is None else self.texts[rows].float()
        return self.from_texts(texts) + self.own_part(own)

    def scored_with(self, table: Tensor, rows: Tensor | None = None) -> Tensor:
        """See `BertRecommender.scored_with`."""
        if self.shape.tied:
            return super().scored_with(table, rows)
        return self.head if rows is None else self.head[(rows - 1).clamp(0, self.n_items - 1)]

    def from_texts(self, texts: Tensor) -> Tensor:
        """Vectors of items from their texts alone, float [n, hidden]."""
        read: Tensor = self.through(texts) + self.adaptor(texts)
        return read

    def own_part(self, own: Tensor) -> Tensor:
        """An item's vector besides its text: a correction of bounded norm, float [n, hidden]."""
        return bounded(own, self.shape.correction * self.shape.hidden**0.5)

    @property
    def full_table(self) -> Tensor:
        """See `BertRecommender.full_table`; cached in inference."""
        if self.training or torch.is_grad_enabled():
            return super().full_table
        if self._table is None:
            self._table = super().full_table
        return self._table

    def train(self, mode: bool = True) -> "TextBert":
        """As torch's; drops the cached item table."""
        self._table = None
        super().train(mode)
        return self

    def load_state_dict(self, *arguments: Any, **more: Any) -> Any:
        """As torch's; drops the cached item table."""
        self._table = None
        return super().load_state_dict(*arguments, **more)

    @classmethod
    def empty(cls, folder: Path) -> Self:
        """See `SavedModel.empty`."""
        return cls(read_shape(folder, TextShape))

    def fill(self, weights: dict[str, Tensor], source: Path) -> None:
        """See `SavedModel.fill`; weights of a fine-tuned encoder are skipped where there is none."""
        if self.encoder is None:
            weights = {name: value for name, value in weights.items() if not name.startswith(ENCODER_PREFIX)}
        super().fill(weights, source)

    def save_weights(self, path: Path, about: dict[str, Any]) -> None:
        """See `BertRecommender.save_weights`; low-rank adapters are merged into the encoder's weights."""
        weights = {name: value for name, value in self.state_dict().items() if not name.startswith(ENCODER_PREFIX)}
        if self.encoder is not None:
            weights |= {ENCODER_PREFIX + name: value for name, value in plain_weights(self.encoder.bert).items()}
        save_tensors(path, weights, {"format": FORMAT, "kind": self.kind, **about})


def plain_weights(bert: Any) -> dict[str, Tensor]:
    """State of a `BertModel`, with adapters of `peft` merged."""
    merge = getattr(bert, "merge_adapter", None)
    if merge is None:
        return dict(bert.state_dict())
    merge()
    try:
        state = {
            name.removeprefix("base_model.model.").replace(".base_layer.", "."): value.clone()
            for name, value in bert.state_dict().items()
            if "lora_" not in name
        }
    finally:
        bert.unmerge_adapter()
    return state


class Hybrid(TextBert):
    """`text-bert` with an unbounded vector per item in place of the correction, dropped out at random so that texts
    stay useful without it."""

    kind = "hybrid"

    def __init__(self, shape: TextShape) -> None:
        super().__init__(shape)
        nn.init.normal_(self.item_table, std=0.02)
        self.id_dropout = RowDropout(shape.id_dropout)

    def own_part(self, own: Tensor) -> Tensor:
        """The item's own vector, float [n, hidden]; dropped out at random in training."""
        kept: Tensor = self.id_dropout(own)
        return kept


def bounded(vectors: Tensor, longest: float) -> Tensor:
    """Vectors scaled smoothly to norms below `longest`; short ones hardly change."""
    if longest <= 0:
        return torch.zeros_like(vectors)
    return vectors * (longest / (longest**2 + (vectors**2).sum(1, keepdim=True)).sqrt())
