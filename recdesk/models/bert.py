"""BERT over item ids: the backbone shared by `bert4rec` and `bert-causal`."""

from abc import abstractmethod
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal, Self

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from recdesk.core.devices import to_device
from recdesk.data.histories import GAP_BINS, Histories
from recdesk.models.base import VectorRecommender
from recdesk.models.persistence import SavedModel, read_shape
from recdesk.models.transformer import Sizes, Transformer

Times = Literal["ignored", "gaps", "asked"]


@dataclass(frozen=True)
class Shape:
    """Sizes of a model.

    Attributes:
        n_items: catalogue size; ids are 0 padding, 1..n_items items, n_items + 1 mask.
        max_length: positions; `bert4rec` needs one of them for the mask.
        temperature: divisor of a user's vector before it scores items; a higher one makes a flatter softmax.
        times: what is read of time, where it is known. gaps: with each item the time since the event before (log bins).
            asked: also the time until the next event, or until the moment that is asked about.
    """

    n_items: int
    max_length: int
    hidden: int
    layers: int
    heads: int
    dropout: float = 0.0
    temperature: float = 1.0
    times: Times = "ignored"


@dataclass(frozen=True)
class Batch:
    """What a training step reads.

    Attributes:
        inputs: int64 [batch, length], right-padded with 0.
        position_ids: int64 [batch, length], counted so that every row ends at the last position: recency is encoded
            alike in short and long histories.
        attention: bool [batch, length], True at real positions; None when no row is padded or none needs it.
        positions: int64 [m], flat indices into batch × length where something is predicted.
        targets: int64 [m], the item codes there.
        tokens: real items read.
        causal: each position attends only up to itself.
        one_a_row: exactly the last real position of each row is predicted.
        gaps, waits: int64 [batch, length], see `Histories.gaps` and `Histories.waits`; None where there are no times.
    """

    inputs: Tensor
    position_ids: Tensor
    attention: Tensor | None
    positions: Tensor
    targets: Tensor
    tokens: int
    causal: bool
    one_a_row: bool = False
    gaps: Tensor | None = None
    waits: Tensor | None = None

    def renumbered(self, rows: Tensor) -> "Batch":
        """The same with codes replaced by their indices in `rows` (int64, ascending, with every code)."""
        return replace(
            self, inputs=torch.searchsorted(rows, self.inputs), targets=torch.searchsorted(rows, self.targets)
        )

    def to(self, device: torch.device) -> "Batch":
        """The same on a device."""
        if device.type == "cpu":
            return self
        return replace(
            self,
            inputs=to_device(self.inputs, device),
            position_ids=to_device(self.position_ids, device),
            attention=None if self.attention is None else to_device(self.attention, device),
            positions=to_device(self.positions, device),
            targets=to_device(self.targets, device),
            gaps=None if self.gaps is None else to_device(self.gaps, device),
            waits=None if self.waits is None else to_device(self.waits, device),
        )

    def timed(self, gaps: NDArray[np.int64] | None, waits: NDArray[np.int64] | None = None) -> "Batch":
        """The same with times."""
        return replace(self, gaps=_tensor(gaps), waits=_tensor(waits))

    @classmethod
    def of(
        cls,
        inputs: NDArray[np.int64],
        lengths: NDArray[np.int64],
        max_length: int,
        positions: NDArray[np.int64],
        targets: NDArray[np.int64],
        both_sides: bool,
        one_a_row: bool = False,
    ) -> "Batch":
        """From arrays.

        Args:
            inputs, max_length, positions, targets, one_a_row: see `Batch` and `Shape`.
            lengths: int64 [batch], of the rows.
            both_sides: not causal, so that padding must be masked; it is behind every real position.
        """
        position_ids = np.minimum(np.arange(inputs.shape[1])[None, :] + (max_length - lengths)[:, None], max_length - 1)
        attention = torch.from_numpy(inputs != 0) if both_sides and lengths.min(initial=0) < inputs.shape[1] else None
        where, what = torch.from_numpy(positions), torch.from_numpy(targets)
        tokens = int(lengths.sum())
        codes, recency = torch.from_numpy(inputs), torch.from_numpy(position_ids)
        return cls(codes, recency, attention, where, what, tokens, not both_sides, one_a_row)


def _tensor(array: NDArray[np.int64] | None) -> Tensor | None:
    return None if array is None else torch.from_numpy(np.ascontiguousarray(array))


class BertRecommender(SavedModel, VectorRecommender):
    """A BERT whose vocabulary is the catalogue; the output vectors are the input vectors (tied)."""

    causal: bool
    bert: Transformer

    def __init__(self, shape: Shape) -> None:
        super().__init__()
        self.shape = shape
        self.n_items = shape.n_items
        rows = shape.n_items + 2
        self.bert = Transformer(Sizes(rows, shape.max_length, shape.hidden, shape.layers, shape.heads, shape.dropout))
        self.bias = nn.Parameter(torch.zeros(shape.n_items))
        # BERT's own 0.02 is meant for width 768; in narrow layers signals would start too small
        for name, weight in self.bert.encoder.named_parameters():
            if name.endswith("weight") and weight.dim() == 2:
                nn.init.xavier_normal_(weight)
        if shape.times != "ignored":
            self.gaps = nn.Parameter(torch.zeros(GAP_BINS + 1, shape.hidden))
        if shape.times == "asked":
            self.waits = nn.Parameter(torch.zeros(GAP_BINS + 1, shape.hidden))

    @property
    def bert_config(self) -> dict[str, Any]:
        """See `SavedModel.bert_config`."""
        return self.bert.sizes.as_bert(self.causal)

    @property
    def item_table(self) -> nn.Parameter:
        """float [n_items + 2, hidden]: a row for the padding, each item code, the mask."""
        table = self.bert.embeddings.word_embeddings.weight
        assert isinstance(table, nn.Parameter)
        return table

    def embedded(self, own: Tensor, rows: Tensor | None) -> Tensor:
        """Input vectors of items.

        Args:
            own: float [n, hidden], rows of the item table.
            rows: int64 [n], their item codes; None for all of them.
        """
        return own

    @property
    def full_table(self) -> Tensor:
        """float [n_items + 2, hidden]: `embedded` of the whole item table."""
        return self.embedded(self.item_table, None)

    @property
    def output_vectors(self) -> Tensor:
        """float [n_items, hidden]: what a user's vector is multiplied with to score each item."""
        return self.scored_with(self.full_table)

    def scored_with(self, table: Tensor, rows: Tensor | None = None) -> Tensor:
        """Output vectors of items, tied to their input vectors.

        Args:
            table: float [n, hidden], `embedded` of `rows`.
            rows: int64 [n], item codes; None for the whole table.

        Returns:
            float [n_items, hidden] in order of codes for the whole table, else [n, hidden] (undefined at padding and
            mask).
        """
        return table[1 : self.n_items + 1] if rows is None else table

    def embedded_inputs(self, batch: Batch, table: Tensor) -> Tensor:
        """Input vectors with what is read of time, float [batch, length, hidden]; table as `hidden_at`'s vectors."""
        x = nn.functional.embedding(batch.inputs, table)
        if batch.gaps is not None:
            x = x + nn.functional.embedding(batch.gaps, self.gaps, padding_idx=0)
        if batch.waits is not None:
            x = x + nn.functional.embedding(batch.waits, self.waits, padding_idx=0)
        return x

    def hidden_at(self, batch: Batch, vectors: Tensor | None = None) -> Tensor:
        """Final hidden states at the positions to predict, divided by the temperature, [m, hidden].

        Args:
            batch: what to read.
            vectors: float [rows, hidden], rows of `full_table` that `batch.inputs` indexes; None for all of it.
        """
        x = self.embedded_inputs(batch, self.full_table if vectors is None else vectors)
        hidden = self.bert.at(x, batch.position_ids, batch.attention, batch.causal, batch.positions, batch.one_a_row)
        return hidden if self.shape.temperature == 1.0 else hidden / self.shape.temperature

    @torch.inference_mode()
    def attention(self, histories: Histories) -> Tensor:
        """What each layer and head attends to where the next item is predicted, float [layers, batch, heads, length];
        positions are those of `query_batch`, for one mask after the items in `bert4rec`."""
        batch = self.query_batch(histories).to(self.device)
        x = self.embedded_inputs(batch, self.full_table)
        return self.bert.weights_at(x, batch.position_ids, batch.attention, batch.causal, batch.positions).float()

    @property
    def reads(self) -> int:
        """See `Recommender.reads`."""
        return self.shape.max_length

    @property
    def reads_moment(self) -> bool:
        """See `Recommender.reads_moment`."""
        return self.shape.times == "asked"

    @abstractmethod
    def query_batch(self, histories: Histories) -> Batch:
        """The input whose single predicted position per row is the next item; `targets` are zeros."""

    @torch.inference_mode()
    def user_vectors(self, histories: Histories) -> Tensor:
        """float32 [batch, hidden]; the model must be in evaluation mode."""
        return self.hidden_at(self.query_batch(histories).to(self.device)).float()

    @torch.inference_mode()
    def scores_of(self, vectors: Tensor, candidates: NDArray[np.int64] | None = None) -> Tensor:
        """See `VectorRecommender.scores_of`."""
        items: Tensor = self.output_vectors
        bias: Tensor = self.bias
        if candidates is not None:
            columns = torch.from_numpy(np.asarray(candidates, np.int64) - 1).to(self.device)
            items, bias = items[columns], bias[columns]
        return torch.addmm(bias.float(), vectors, items.float().T)

    @classmethod
    def empty(cls, folder: Path) -> Self:
        """See `SavedModel.empty`."""
        return cls(read_shape(folder, Shape))


class BertCausal(BertRecommender):
    """Each position predicts the next item from those before it.

    Kang & McAuley 2018 with the softmax over items that makes it work (Klenitskiy & Vasilev 2023).
    """

    kind = "bert-causal"
    causal = True

    def query_batch(self, histories: Histories) -> Batch:
        """See `BertRecommender.query_batch`. The causal mask excludes padding, which is behind all real positions."""
        codes, kept = histories.padded(self.shape.max_length)
        last = np.arange(len(codes)) * codes.shape[1] + np.maximum(kept - 1, 0)
        batch = Batch.of(codes, kept, self.shape.max_length, last, np.zeros_like(last), False, one_a_row=True)
        if self.shape.times == "ignored":
            return batch
        waits = histories.waits(self.shape.max_length) if self.shape.times == "asked" else None
        return batch.timed(histories.gaps(self.shape.max_length), waits)


class Bert4Rec(BertRecommender):
    """Masked items are predicted from both sides; to recommend, a mask is appended (Sun et al. 2019, section 3.5)."""

    kind = "bert4rec"
    causal = False

    @property
    def mask_code(self) -> int:
        """Id of the mask token."""
        return self.n_items + 1

    def query_batch(self, histories: Histories) -> Batch:
        """See `BertRecommender.query_batch`: the last max_length - 1 items and a mask after them."""
        codes, kept = histories.padded(self.shape.max_length - 1)
        inputs = np.zeros((len(codes), codes.shape[1] + 1), np.int64)
        inputs[:, :-1] = codes
        rows = np.arange(len(codes))
        inputs[rows, kept] = self.mask_code
        inputs = inputs[:, : int(kept.max(initial=0)) + 1]
        last = rows * inputs.shape[1] + kept
        batch = Batch.of(inputs, kept + 1, self.shape.max_length, last, np.zeros_like(last), True, one_a_row=True)
        if self.shape.times == "ignored":
            return batch
        gaps = np.pad(histories.gaps(self.shape.max_length - 1), ((0, 0), (0, 1)))
        if self.shape.times == "asked":  # the mask stands for an event at that moment
            some = np.flatnonzero(kept)
            gaps[some, kept[some]] = histories.waits(self.shape.max_length - 1)[some, kept[some] - 1]
        return batch.timed(gaps[:, : inputs.shape[1]])
