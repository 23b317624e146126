"""`two-tower`: a text BERT for users and items, and a linear layer that scores all items."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any, Self

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from recdesk.core.records import read_object
from recdesk.data.histories import Histories
from recdesk.models.base import pick
from recdesk.models.bf16 import Linear
from recdesk.models.dropout import ByteDropout
from recdesk.models.persistence import SavedModel, read_shape
from recdesk.models.transformer import Sizes, Transformer
from recdesk.text.encoder import Pooling, batch_budget, pooled


@dataclass(frozen=True)
class TowerShape:
    """Sizes of a two-tower model, and its special tokens.

    Attributes:
        n_items: catalogue size.
        max_length: items of a history whose texts are read at most.
        user_tokens: tokens of a user's text at most.
        item_tokens: tokens of the longest item text, special ones included.
        dropout: probability before the linear layer.
        first, between, padding: ids of the tokens that begin a text, separate and end its parts, and pad it.
        pooling: see `Encoder`.
    """

    n_items: int
    max_length: int
    user_tokens: int
    item_tokens: int
    dropout: float
    first: int
    between: int
    padding: int
    pooling: Pooling = "mean"


class TwoTower(SavedModel):
    """One text BERT encodes a user (the texts of their items, the latest first) and an item (their last one); the two
    vectors are fused by attention, and a linear layer scores every item.

    Fusion: a scalar weight of each vector from a linear layer of its own, softmax over the two, the weighted sum of the
    vectors, layer norm, dropout. Scores are not tied to the items' texts, so an item without training data cannot be
    ranked.

    Args:
        shape: sizes.
        sizes: of the text BERT, which is trained too.
    """

    kind = "two-tower"
    shape: TowerShape
    bert: Transformer

    def __init__(self, shape: TowerShape, sizes: Sizes) -> None:
        super().__init__()
        self.shape, self.n_items = shape, shape.n_items
        self.bert = Transformer(sizes)
        width = sizes.width
        self.user_weight, self.item_weight = Linear(width, 1), Linear(width, 1)
        self.norm = nn.LayerNorm(width)
        self.dropout = ByteDropout(shape.dropout)
        self.head = nn.Parameter(torch.zeros(shape.n_items, width))
        self.bias = nn.Parameter(torch.zeros(shape.n_items))
        nn.init.normal_(self.head, std=0.02)
        self.texts: Tensor
        self.register_buffer(
            "texts", torch.full((shape.n_items + 1, shape.item_tokens), shape.padding, dtype=torch.int32)
        )

    @property
    def bert_config(self) -> dict[str, Any]:
        """See `SavedModel.bert_config`."""
        return self.bert.sizes.as_bert(False)

    @property
    def item_table(self) -> nn.Parameter:
        """float [n_items, width], weights of the linear layer."""
        return self.head

    def set_texts(self, tokens: Sequence[Sequence[int]]) -> None:
        """Set the items' texts as token ids with special tokens, [n_items]."""
        for code, ids in enumerate(tokens, 1):
            self.texts[code, : len(ids)] = torch.tensor(ids, dtype=torch.int32)

    def forward(self, user_input_ids: Tensor, item_input_ids: Tensor) -> Tensor:
        """Score every item.

        Args:
            user_input_ids: int64 [batch, length], texts of users, padded with `shape.padding`.
            item_input_ids: int64 [batch, length], texts of items.

        Returns:
            float [batch, n_items], logits.
        """
        user, item = self._read(user_input_ids), self._read(item_input_ids)
        weights = torch.cat([self.user_weight(user), self.item_weight(item)], 1).softmax(1)
        fused = weights[:, :1] * user + weights[:, 1:] * item
        return nn.functional.linear(self.dropout(self.norm(fused)), self.head, self.bias)

    def _read(self, ids: Tensor) -> Tensor:
        real = ids != self.shape.padding
        mask = real if self.on_gpu or not real.all() else None  # asking a GPU would wait for it
        states = self.bert(self.bert.vectors(ids), torch.arange(ids.shape[1], device=ids.device)[None], mask, False)
        return pooled(states, mask, self.shape.pooling)

    def inputs(self, histories: Histories) -> tuple[Tensor, Tensor]:
        """Inputs of `forward`, int64 [batch, length] each, on the CPU.

        A user's text joins the texts of their items, the latest first, as many whole ones as fit `user_tokens`; the
        first may be cut. An empty history gives empty texts.
        """
        table = self._item_tokens()
        taken = [histories.row(row).tolist() for row in range(len(histories))]
        users = [self._user(table, history) for history in taken]
        items = [self._with_special(table[history[-1]] if history else []) for history in taken]
        return self._padded(users), self._padded(items)

    def _user(self, table: list[list[int]], history: list[int]) -> list[int]:
        taken: list[int] = []
        room = self.shape.user_tokens - 2
        for code in islice(reversed(history), self.shape.max_length):
            tokens = table[code]
            if taken and len(taken) + 1 + len(tokens) > room:
                break
            taken += [self.shape.between, *tokens] if taken and tokens else tokens
        return self._with_special(taken[:room])

    def _with_special(self, tokens: list[int]) -> list[int]:
        return [self.shape.first, *tokens, self.shape.between]

    def _padded(self, rows: list[list[int]]) -> Tensor:
        longest = max(map(len, rows), default=1)
        return torch.tensor([row + [self.shape.padding] * (longest - len(row)) for row in rows])

    def _item_tokens(self) -> list[list[int]]:
        """The items' token ids without special tokens, by code."""
        if not hasattr(self, "_table"):
            special = {self.shape.first, self.shape.between, self.shape.padding}
            self._table = [[token for token in row if token not in special] for row in self.texts.tolist()]
        return self._table

    @property
    def reads(self) -> int:
        """See `Recommender.reads`."""
        return self.shape.max_length

    @torch.inference_mode()
    def scores(self, histories: Histories, candidates: NDArray[np.int64] | None = None) -> Tensor:
        """See `Recommender.scores`."""
        users, items = (ids.to(self.device) for ids in self.inputs(histories))
        rows = max(1, batch_budget(self.device) // max(users.shape[1], 1))  # a short history can have a long text
        parts = [self(user, item).float() for user, item in zip(users.split(rows), items.split(rows), strict=True)]
        return pick(torch.cat(parts), candidates)

    @classmethod
    def empty(cls, folder: Path) -> Self:
        """See `SavedModel.empty`."""
        return cls(read_shape(folder, TowerShape), Sizes.of_bert(read_object(folder / "config.json")))
