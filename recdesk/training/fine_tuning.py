"""Step 4 of the method: encoder and decoder are trained together, at two learning rates."""

import warnings
from dataclasses import dataclass, replace
from typing import Self

import numpy as np
import torch
from torch import Tensor

from recdesk.core.devices import to_device
from recdesk.data.array_ops import distinct
from recdesk.data.histories import Histories
from recdesk.data.splitting import Split
from recdesk.models.bert import Batch
from recdesk.models.checkpointing import checkpoint_gradients
from recdesk.models.dropout import without_dropout
from recdesk.models.losses import in_batch_softmax
from recdesk.models.text_bert import TextBert
from recdesk.text.encoder import Encoder, batch_budget, batches, padded
from recdesk.text.seeding import Seeded
from recdesk.training.batches import BatchMaker
from recdesk.training.checkpoints import Progress
from recdesk.training.config import RunConfig, TextConfig
from recdesk.training.optimizer import Optimizer
from recdesk.training.plan import ResolvedPlan, fine_tuning_plan, resolve
from recdesk.training.text_stages import Prepared
from recdesk.training.train_step import HistoryStep

DECODER_SHARE = 0.2
"""Of its learning rate, the decoder's while it is fine-tuned."""
ADAPTER_RANK = 8
"""Of the low-rank adapters."""


def is_wanted(config: RunConfig) -> bool:
    """The settings ask for fine-tuning."""
    return isinstance(config, TextConfig) and config.fine_tune != "off"


def open_encoder(encoder: Encoder, how: str) -> None:
    """Make an encoder trainable: all of it, its last layer, or low-rank adapters (Hu et al. 2022) in its attention.

    Args:
        encoder: changed in place.
        how: "whole", "last-layer" or "low-rank".
    """
    encoder.requires_grad_(how == "whole")
    if how == "last-layer":
        encoder.bert.encoder.layer[-1].requires_grad_(True)
    if how == "low-rank":
        from peft import LoraConfig, get_peft_model

        wanted = LoraConfig(r=ADAPTER_RANK, lora_alpha=2 * ADAPTER_RANK, target_modules=["query", "value"])
        with warnings.catch_warnings(action="ignore", category=FutureWarning):  # said to peft, not to us
            encoder.bert = get_peft_model(encoder.bert, wanted)


@dataclass(frozen=True)
class JointBatch:
    """A batch with the items in it, found on the CPU: asking a GPU would wait for it.

    Attributes:
        read: the batch.
        codes: int64 [n], the items in it (0, the padding, may be among them), ascending.
        listed: the same, on the CPU.
        candidates: int64 [m], its distinct targets, ascending.
        own: bool [positions, m], the candidate is in the position's own window.
    """

    read: Batch
    codes: Tensor
    listed: list[int]
    candidates: Tensor
    own: Tensor

    @classmethod
    def of(cls, batch: Batch) -> Self:
        """From a batch on the CPU."""
        codes = torch.unique(torch.cat([batch.inputs.flatten(), batch.targets]))
        candidates = torch.unique(batch.targets)
        return cls(batch, codes, codes.tolist(), candidates, _own_history(batch, candidates))

    @property
    def targets(self) -> Tensor:
        """int64 [positions], the item codes to predict."""
        return self.read.targets

    @property
    def tokens(self) -> int:
        """Real items read."""
        return self.read.tokens

    def to(self, device: torch.device) -> Self:
        """The same on a device."""
        return replace(
            self,
            read=self.read.to(device),
            codes=to_device(self.codes, device),
            candidates=to_device(self.candidates, device),
            own=to_device(self.own, device),
        )


class JointStep(HistoryStep[JointBatch]):
    """Steps in which the encoder reads the texts of a batch's items, and encoder and decoder share the loss.

    Args:
        split, config: as `DecoderStep`.
        model: the trained decoder.
        prepared: texts and encoder; the encoder is changed in place.
        decoder: what was chosen automatically for the decoder; None to choose it here.
    """

    def __init__(
        self, split: Split, config: TextConfig, model: TextBert, prepared: Prepared, decoder: ResolvedPlan | None = None
    ) -> None:
        self.config: TextConfig = config
        self.resolved = resolved = fine_tuning_plan(config, decoder or resolve(split, config))
        self.seed, self.device = config.seed, model.device
        self.batches: BatchMaker = BatchMaker(split, config.max_length, resolved.step_tokens, config.seed, config.times)
        popularity = self.batches.popularity(split.dataset.n_items).astype(np.float32) + 1.0
        self.shares = torch.from_numpy(popularity / popularity.sum()).to(self.device)
        self.prepared = prepared
        self.encoder = encoder = prepared.side.encoder.to(self.device)
        with Seeded(config.seed + 4):
            open_encoder(encoder, config.fine_tune)
        without_dropout(encoder)  # whitening would amplify its noise beyond all signal
        self.model = model
        model.encoder = encoder
        self.tokens = encoder.tokens(prepared.texts)
        whitening = prepared.side.whitening
        self.mean = torch.from_numpy(whitening.mean).to(self.device)
        self.matrix = torch.from_numpy(whitening.matrix).to(self.device)
        self.by_rows = self.device.type == "cpu"
        share = config.fine_tune_rate / (config.learning_rate * DECODER_SHARE)
        self.optimizer = Optimizer(model, config, self.by_rows, encoder.parameters(), share)

    @property
    def peak_rate(self) -> float:
        """Highest learning rate of the decoder."""
        return self.config.learning_rate * DECODER_SHARE

    def spare_memory(self) -> str:
        """Gradient checkpointing of the encoder."""
        return checkpoint_gradients(self.encoder.bert)

    @torch.no_grad()
    def refresh(self) -> None:
        """Encode the texts of the whole catalogue with the encoder as it is."""
        assert isinstance(self.model, TextBert)
        self.model.set_texts(self.prepared.side.vectors(self.prepared.texts))

    def _rows(self, batches: list[JointBatch], step: int) -> Tensor:
        return torch.from_numpy(distinct(np.concatenate([batch.codes.numpy() for batch in batches])))

    def batch(self, windows: Histories, progress: Progress, index: int) -> JointBatch:
        """Each position predicts the next item of its window."""
        return JointBatch.of(self.batches.causal(windows))

    def loss(self, batch: JointBatch, step: int, rows: Tensor | None, own: Tensor | None) -> Tensor:
        """In-batch softmax over the batch's distinct targets, whose texts the encoder reads in this step."""
        model = self.model
        assert isinstance(model, TextBert)
        codes, candidates = batch.codes, batch.candidates
        by_rows = rows is not None and own is not None
        picked = own[torch.searchsorted(rows, codes)] if by_rows else model.item_table[codes]  # type: ignore[index,arg-type]
        vectors = model.embedded(picked, codes, self._read(batch.listed))
        items = model.scored_with(vectors[torch.searchsorted(codes, candidates)], candidates)
        hidden = model.hidden_at(batch.read.renumbered(codes), vectors)
        frequency = self.shares[candidates - 1].to(hidden.dtype)
        return in_batch_softmax(
            hidden, items, model.bias[candidates - 1], torch.searchsorted(candidates, batch.targets), frequency,
            batch.own,
        )  # fmt: skip

    def _read(self, codes: list[int]) -> Tensor:
        """Whitened text vectors of items, differentiable, float [n, text width]; zeros for padding and for items
        without text."""
        found = [self.tokens[code - 1] if code and self.prepared.texts[code - 1] else [] for code in codes]
        filled = [row for row, ids in enumerate(found) if ids]
        vectors = torch.zeros(len(found), self.matrix.shape[1], device=self.device)
        if not filled:
            return vectors
        budget = batch_budget(self.device)
        for rows in batches([len(found[row]) for row in filled], budget):  # like lengths together, which pads little
            where = [filled[row] for row in rows]
            ids, real = padded([found[at] for at in where], self.encoder.tokenizer.pad_token_id)
            encoded = self.encoder(to_device(ids, self.device), None if real is None else to_device(real, self.device))
            with torch.autocast(self.device.type, enabled=False):  # whitening amplifies small differences
                whitened = (encoded.float() - self.mean) @ self.matrix
            vectors = vectors.index_copy(0, to_device(torch.tensor(where), self.device), whitened.to(vectors.dtype))
        return vectors


def _own_history(batch: Batch, candidates: Tensor) -> Tensor:
    """Whether a candidate is in the position's own window, bool [positions, candidates]."""
    rows, length = batch.inputs.shape
    own = torch.zeros(rows, len(candidates), dtype=torch.bool, device=candidates.device)
    row = torch.div(batch.positions, length, rounding_mode="floor")
    for codes, of_row in ((batch.inputs.flatten(), torch.arange(rows, device=own.device).repeat_interleave(length)),
                          (batch.targets, row)):  # fmt: skip
        column = torch.searchsorted(candidates, codes).clamp(max=len(candidates) - 1)
        hit = candidates[column] == codes
        own[of_row[hit], column[hit]] = True
    return own[row]
