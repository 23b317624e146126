"""What a training step optimises: which items are predicted and against which others."""

import numpy as np
import torch
from torch import Tensor

from recdesk.data.histories import Histories
from recdesk.models.bert import Batch, Bert4Rec, BertCausal, BertRecommender, Shape
from recdesk.models.losses import full_softmax, sampled_softmax
from recdesk.training.batches import BatchMaker
from recdesk.training.config import Bert4RecConfig, BertConfig
from recdesk.training.sizing import Softmax


def build_model(config: BertConfig, n_items: int) -> BertRecommender:
    """A new model with random weights drawn from the seed."""
    shape = Shape(n_items, config.max_length, config.hidden, config.layers, config.heads, config.dropout)
    torch.manual_seed(config.seed)
    return Bert4Rec(shape) if isinstance(config, Bert4RecConfig) else BertCausal(shape)


class Objective:
    """Batches and their loss, as a function of (seed, epoch, index): nothing to save, nothing to restore."""

    def __init__(self, config: BertConfig, model: BertRecommender, batches: BatchMaker, softmax: Softmax) -> None:
        self.config, self.model, self.batches, self.softmax = config, model, batches, softmax

    def batch(self, windows: Histories, epoch: int, index: int) -> Batch:
        """Windows as tensors."""
        if isinstance(self.config, Bert4RecConfig) and isinstance(self.model, Bert4Rec):
            share, last = self.config.mask_probability, self.config.mask_last_probability
            return self.batches.masked(windows, epoch, index, self.model.mask_code, share, last)
        return self.batches.causal(windows)

    def loss(self, batch: Batch, step: int) -> Tensor:
        """Mean cross-entropy over the batch's positions; dropout and negatives depend on (seed, step) only."""
        torch.manual_seed((self.config.seed * 1_000_003 + step) % 2**63)
        hidden = self.model.hidden_at(batch)
        items, bias = self.model.output_vectors, self.model.bias
        targets = batch.targets - 1
        if self.softmax.kind == "full":
            return full_softmax(hidden, items, bias, targets, self.config.label_smoothing)
        rng = np.random.default_rng((self.config.seed, step, 2))
        drawn = torch.from_numpy(np.unique(rng.integers(0, self.model.n_items, self.softmax.negatives)))
        drawn = drawn.to(hidden.device, non_blocking=True)
        return sampled_softmax(hidden, items, bias, targets, drawn, self.config.label_smoothing)
