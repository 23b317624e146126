"""Model and loss of a BERT over histories: which items are predicted, and against which others."""

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from recdesk.core.devices import to_device
from recdesk.data.histories import Histories
from recdesk.models.baselines.expected_popularity import expected_bias, popularity_bias
from recdesk.models.bert import Batch, Bert4Rec, BertCausal, BertRecommender, Shape
from recdesk.models.losses import full_softmax, gbce, sampled_softmax
from recdesk.models.text_bert import Hybrid, TextBert, TextShape
from recdesk.text.seeding import Seeded
from recdesk.training.batches import BatchMaker
from recdesk.training.config import Bert4RecConfig, BertConfig, HybridConfig, TextConfig
from recdesk.training.negatives import UNIFORM, Negatives
from recdesk.training.plan import Softmax, choose_hidden


def build_model(
    config: BertConfig,
    popularity: NDArray[np.int64],
    dropout: float,
    texts: NDArray[np.float32] | None = None,
    unseen: NDArray[np.bool_] | None = None,
    width: int | None = None,
) -> BertRecommender:
    """A new model: random weights drawn from the seed, and a bias initialised to the items' popularity.

    The bias starts at the log of each item's share of targets, its optimum without vectors. Learning popularity through
    the vectors first costs time and shapes them badly: `bert4rec` on MovieLens (latest small), 180 s, one seed, reached
    NDCG@10 .060 with it and .043 without.

    Args:
        config: sizes and seed.
        popularity: int64 [n_items], how often each item is a target.
        dropout: see `plan.choose_dropout`.
        texts: float32 [n_items, text width], the items' whitened text vectors, for models that read them.
        unseen: bool [n_items], items whose popularity such a model must not know.
        width: vector size; None for `plan.choose_hidden`.
    """
    with Seeded(config.seed):
        model = _new_model(config, len(popularity), dropout, texts, width or choose_hidden(config, len(popularity)))
    start = popularity_bias(popularity)
    if unseen is not None and texts is not None and isinstance(model, TextBert) and model.shape.tied:
        start[unseen] = expected_bias(texts[~unseen], popularity[~unseen], texts[unseen])
    with torch.no_grad():
        model.bias.copy_(torch.from_numpy(start))
    return model


def _new_model(
    config: BertConfig, n_items: int, dropout: float, texts: NDArray[np.float32] | None, hidden: int
) -> BertRecommender:
    sizes = (
        n_items, config.max_length, hidden, config.layers, config.heads, dropout, config.temperature, config.times
    )  # fmt: skip
    if not isinstance(config, TextConfig):
        return Bert4Rec(Shape(*sizes)) if isinstance(config, Bert4RecConfig) else BertCausal(Shape(*sizes))
    if texts is None:
        raise ValueError(f"{config.kind} reads texts, and there are none")
    id_dropout = config.id_dropout if isinstance(config, HybridConfig) else 0.0
    shape = TextShape(*sizes, texts.shape[1], config.correction, id_dropout, config.output == "tied")
    model = Hybrid(shape) if isinstance(config, HybridConfig) else TextBert(shape)
    model.set_texts(texts)
    return model


class Objective:
    """Batches and their loss, a function of (seed, epoch, index), without state.

    Args:
        config, model, batches, softmax: as chosen.
        popularity: int64 [n_items], how often each item is a target.
        bf16: the loss multiplies in bfloat16.
    """

    def __init__(
        self,
        config: BertConfig,
        model: BertRecommender,
        batches: BatchMaker,
        softmax: Softmax,
        popularity: NDArray[np.int64],
        bf16: bool = False,
    ) -> None:
        self.config, self.model, self.batches, self.softmax, self.bf16 = config, model, batches, softmax, bf16
        uniform = 1.0 if softmax.kind == "gbce" else UNIFORM
        # where items are scored by their texts, one that is never a target is no negative: nothing is known against it
        known = isinstance(model, TextBert) and model.shape.tied
        self.negatives = Negatives(popularity, softmax.negatives, config.seed, uniform, known)
        self.known: Tensor | None = None
        if known and (popularity == 0).any():
            self.known = torch.from_numpy(np.flatnonzero(popularity)).to(model.device)

    def batch(self, windows: Histories, epoch: int, index: int) -> Batch:
        """Windows as tensors; `index` counts 4096 per step, so that all parts of a step are causal or none is."""
        if isinstance(self.config, Bert4RecConfig) and isinstance(self.model, Bert4Rec):
            drawn = np.random.default_rng((self.config.seed, epoch, index // 4096, 3)).random()
            if drawn < self.config.next_item_share:
                return self.batches.causal(windows)
            share, last = self.config.mask_probability, self.config.mask_last_probability
            return self.batches.masked(windows, epoch, index, self.model.mask_code, share, last)
        return self.batches.causal(windows)

    def loss(self, batch: Batch, step: int, rows: Tensor | None = None, vectors: Tensor | None = None) -> Tensor:
        """Mean loss over the batch's positions, a scalar; negatives depend on (seed, step) only.

        Args:
            batch: on the model's device.
            step: optimiser steps done.
            rows: int64 [n], item codes, ascending: all that the batch and its negatives read; None for all.
            vectors: float [n, hidden], their rows of the item table.
        """
        smoothing = self.config.label_smoothing
        bias: Tensor = self.model.bias
        if self.softmax.kind == "full":
            table = self.model.full_table
            hidden, items = self.model.hidden_at(batch, table), self.model.scored_with(table)
            columns = batch.targets - 1
            if self.known is not None:
                items, bias = items[self.known], bias[self.known]
                columns = torch.searchsorted(self.known, columns)
            return full_softmax(hidden, items, bias, columns, smoothing, self.bf16)
        codes, weights = self.negatives.draw(step)
        device = batch.targets.device
        drawn, counts = (to_device(torch.from_numpy(x), device) for x in (codes, weights))
        if rows is None or vectors is None:
            table = self.model.full_table
            hidden, items = self.model.hidden_at(batch, table), self.model.scored_with(table)
            targets, drawn = batch.targets - 1, drawn - 1
        else:
            batch, drawn = batch.renumbered(rows), torch.searchsorted(rows, drawn)
            vectors = self.model.embedded(vectors, rows)
            hidden, items = self.model.hidden_at(batch, vectors), self.model.scored_with(vectors, rows)
            targets = batch.targets
            bias = self.model.bias[(rows - 1).clamp(0, self.model.n_items - 1)]
        if self.softmax.kind == "gbce":
            return gbce(hidden, items, bias, targets, drawn, len(codes) / max(self.model.n_items - 1, 1))
        return sampled_softmax(hidden, items, bias, targets, drawn, counts, smoothing, self.bf16)
