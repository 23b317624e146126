"""Small models over ids and what they read."""

import numpy as np
import torch

from recdesk.models.bert import Batch, Bert4Rec, BertCausal, Shape

SHAPE = Shape(n_items=50, max_length=12, hidden=32, layers=2, heads=2)
LENGTHS = [12, 7, 2]


def model_of(kind: type[BertCausal] | type[Bert4Rec]) -> BertCausal | Bert4Rec:
    """In training mode, always the same weights."""
    torch.manual_seed(0)
    return kind(SHAPE).train()


def batch_of(model: BertCausal | Bert4Rec) -> Batch:
    """Histories of `LENGTHS`, everything in them predicted."""
    inputs = np.random.default_rng(0).integers(1, 51, (3, 12))
    lengths = np.array(LENGTHS)
    inputs[np.arange(12) >= lengths[:, None]] = 0
    positions = np.flatnonzero(inputs)
    return Batch.of(inputs, lengths, 12, positions, np.ones(len(positions), np.int64), not model.causal)
