"""What a training step optimises: which items are predicted and against which others."""

import math
from dataclasses import dataclass
from typing import Literal

import numpy as np
import psutil
import torch
from numpy.typing import NDArray
from torch import Tensor

from recdesk.models.bert import Batch, Bert4Rec, BertCausal, BertRecommender, Shape
from recdesk.models.losses import full_softmax, full_softmax_bytes, sampled_softmax
from recdesk.training.batches import BatchMaker
from recdesk.training.config import Bert4RecConfig, BertConfig

SAMPLE_ABOVE = 4000
"""Catalogues up to this size use the whole softmax: there it learns more in the same time than sampling does."""
NEGATIVES = 512


@dataclass(frozen=True)
class Softmax:
    """The choice and the estimate it rests on.

    Attributes:
        kind: "full" (computed in chunks that fit the memory) or "sampled".
        negatives: shared uniform negatives a step; 0 for the full softmax.
        full_bytes: what all logits of a step would take.
    """

    kind: Literal["full", "sampled"]
    negatives: int
    full_bytes: int

    @property
    def words(self) -> str:
        """For a person."""
        size = f"{self.full_bytes / 2**30:.2g} GB" if self.full_bytes >= 2**30 else f"{self.full_bytes / 2**20:.0f} MB"
        if self.kind == "full":
            return f"full softmax ({size} a step, in chunks)"
        return f"{self.negatives} sampled negatives (full softmax: {size} a step)"


def choose_softmax(config: BertConfig, n_items: int, tokens: int) -> Softmax:
    """Full where the catalogue is small, else sampled; a number set by the person wins."""
    estimate = full_softmax_bytes(tokens, n_items)
    negatives = config.negatives or (NEGATIVES if n_items > SAMPLE_ABOVE else 0)
    if not negatives or negatives >= n_items - 1:
        return Softmax("full", 0, estimate)
    return Softmax("sampled", negatives, estimate)


def build_model(config: BertConfig, n_items: int) -> BertRecommender:
    """A new model with random weights drawn from the seed."""
    shape = Shape(n_items, config.max_length, config.hidden, config.layers, config.heads, config.dropout)
    torch.manual_seed(config.seed)
    return Bert4Rec(shape) if isinstance(config, Bert4RecConfig) else BertCausal(shape)


class Objective:
    """Batches and their loss, as a function of (seed, epoch, index): nothing to save, nothing to restore."""

    def __init__(self, config: BertConfig, model: BertRecommender, batches: BatchMaker, softmax: Softmax) -> None:
        self.config, self.model, self.batches, self.softmax = config, model, batches, softmax

    def batch(self, rows: NDArray[np.int64], epoch: int, index: int) -> Batch:
        """The windows `rows` as tensors."""
        if isinstance(self.config, Bert4RecConfig) and isinstance(self.model, Bert4Rec):
            share, last = self.config.mask_probability, self.config.mask_last_probability
            return self.batches.masked(rows, epoch, index, self.model.mask_code, share, last)
        return self.batches.causal(rows)

    def loss(self, batch: Batch, step: int) -> Tensor:
        """Mean cross-entropy over the batch's positions; dropout and negatives depend on (seed, step) only."""
        torch.manual_seed((self.config.seed * 1_000_003 + step) % 2**63)
        hidden = self.model.hidden_at(batch)
        items, bias = self.model.output_vectors, self.model.bias
        targets = batch.targets - 1
        if self.softmax.kind == "full":
            return full_softmax(hidden, items, bias, targets, self.config.label_smoothing)
        rng = np.random.default_rng((self.config.seed, step, 2))
        drawn = torch.from_numpy(rng.integers(0, self.model.n_items, self.softmax.negatives)).to(hidden.device)
        return sampled_softmax(hidden, items, bias, targets, drawn, self.config.label_smoothing)


def free_memory() -> int:
    """Bytes that could be taken now."""
    return int(psutil.virtual_memory().available)


def evaluation_interval(
    config: BertConfig, batches: BatchMaker, softmax: Softmax, n_items: int, lengths: NDArray[np.int64]
) -> int:
    """Epochs between evaluations so that these cost about a tenth of training, from counts of arithmetic alone:
    a clock would make two runs of one seed differ.

    Args:
        lengths: of the histories that one evaluation reads.
    """
    layers = 12 * config.layers * config.hidden**2
    compared = softmax.negatives or n_items
    training = batches.predictions * 6 * (layers + compared * config.hidden)
    reading = float(np.minimum(lengths, config.max_length).sum()) * 2 * layers
    ranking = float(len(lengths)) * n_items * (2 * config.hidden + 40)
    return max(1, math.ceil((reading + ranking) / max(training * 0.1, 1.0)))
