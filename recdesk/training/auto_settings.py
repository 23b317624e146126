"""How large training will be, from sizes alone: what is shown before it starts, and what it then does."""

import math
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from recdesk.training.config import WIDE_ABOVE, WIDTH, BertConfig, RunConfig, TwoTowerConfig

SAMPLE_ABOVE = 4000
"""Catalogues up to this size use the whole softmax: there it learns more in the same time than sampling does."""
NEGATIVES = 2048
GBCE_NEGATIVES = 256
STEP_TOKENS = 3200
"""Positions of a step that a processor's cache holds."""
STEPS_PER_EPOCH = 24
GPU_STEP_TOKENS, GPU_STEPS_PER_EPOCH = 32_768, 500
"""Small steps are launch-bound on a GPU, so larger ones are as fast: of data
that leave an epoch so many steps. From what such processors are; not measured on one."""
EVALUATION_SHARE = 0.05
RANKING_COST = 300
"""What ranking a score costs beside computing it, in operations of a training step; measured on 54,542 items."""


TOWER_TOKENS = 4096
"""Pieces of words of persons' texts in a step."""
SCRATCH_WEIGHTS, USUAL_WEIGHTS = 1_500_000, 22_700_000
"""About as many has a text encoder that is trained here, and a usual small one (MiniLM)."""


@dataclass(frozen=True)
class Softmax:
    """The choice and the estimate it rests on.

    Attributes:
        kind: "full" (computed in chunks that fit the memory), "sampled", or "gbce" (no softmax at all).
        negatives: draws of shared negatives a step; 0 for the full softmax.
        full_bytes: what all logits of a step would take; 0 where only the step's own items are compared.
    """

    kind: Literal["full", "sampled", "gbce"]
    negatives: int
    full_bytes: int

    @property
    def words(self) -> str:
        """For a person."""
        size = f"{self.full_bytes / 2**30:.2g} GB" if self.full_bytes >= 2**30 else f"{self.full_bytes / 2**20:.0f} MB"
        if self.kind == "full":
            return f"full softmax ({size} a step, in chunks)"
        if self.kind == "gbce":
            return f"binary cross-entropy against {self.negatives} negatives"
        if not self.full_bytes:
            return "each target compared with the others of its step"
        return f"{self.negatives} sampled negatives (full softmax: {size} a step)"


def choose_softmax(config: BertConfig, n_items: int, tokens: int) -> Softmax:
    """Full where the catalogue is small, else sampled; a number set by the person wins.

    Args:
        config: the settings.
        n_items: catalogue size.
        tokens: positions a step.
    """
    estimate = full_softmax_bytes(tokens, n_items)
    if config.loss == "gbce":
        return Softmax("gbce", min(config.negatives or GBCE_NEGATIVES, n_items), estimate)
    negatives = config.negatives or (NEGATIVES if n_items > SAMPLE_ABOVE else 0)
    if not negatives or negatives >= n_items - 1:
        return Softmax("full", 0, estimate)
    return Softmax("sampled", negatives, estimate)


def full_softmax_bytes(positions: int, n_items: int) -> int:
    """Memory of the logits of a whole softmax: float32, with the gradient beside it."""
    return positions * n_items * 4 * 2


def step_tokens(config: BertConfig, predictions: int, device: str = "cpu") -> int:
    """Positions a step: as set, or what a processor's cache holds, less on small data so that an epoch still has enough
    steps, more on large data where a GPU (any `device` but "cpu") computes them."""
    if config.batch_tokens:
        return config.batch_tokens
    tokens = min(STEP_TOKENS, predictions // STEPS_PER_EPOCH)
    if device != "cpu":
        tokens = max(tokens, min(GPU_STEP_TOKENS, predictions // GPU_STEPS_PER_EPOCH))
    return max(tokens, 256, config.max_length)


def choose_hidden(config: BertConfig, n_items: int) -> int:
    """Vector size: as set, or twice the usual where the catalogue is large.

    Measured with `bert-causal` on Amazon Beauty (54,542 items): 64 ended at NDCG@10 .0315 and, with other chance, .0337
    on test, 128 at .0353. On MovieLens latest small (9,724 items), 180 s, one seed, 128 gained nothing.
    """
    return config.hidden or (2 * WIDTH if n_items > WIDE_ABOVE else WIDTH)


def choose_dropout(config: RunConfig, predictions: int, n_users: int) -> float:
    """Dropout: as set, or from 0.2 for histories of a hundred items in the mean to 0.5 for histories of ten.

    Measured with `bert-causal`, one seed each: on Amazon Beauty (mean 7) 0.2 stopped improving after 243 s at NDCG@10
    .029 on test, 0.5 reached .033 in 300 s and was still rising; on MovieLens 100K (mean 104), 75 s, 0.2 reached .119
    on validation and 0.4 .115.
    """
    if config.dropout is not None:
        return config.dropout
    mean = max(predictions / max(n_users, 1), 1.0)
    return min(max(0.2 + 0.3 * math.log10(100.0 / mean), 0.2), 0.5)


@dataclass(frozen=True)
class Estimate:
    """How large a run will be, before it starts.

    Attributes:
        steps: of an epoch.
        weights: that learn.
        memory: bytes while training, roughly.
        softmax: what a target is compared with.
    """

    steps: int
    weights: int
    memory: int
    softmax: Softmax


def estimate(config: RunConfig, predictions: int, n_users: int, n_items: int) -> Estimate:
    """The sizes of a run over `predictions` training targets of so many users and items."""
    if isinstance(config, BertConfig):
        device = "cpu" if config.device == "auto" else config.device  # only torch knows, and takes its time
        tokens = step_tokens(config, predictions, device)
        weights = parameter_count(config, n_items)
        memory = 16 * weights + 40 * tokens * choose_hidden(config, n_items) * config.layers * 4
        return Estimate(max(predictions // tokens, 1), weights, memory, choose_softmax(config, n_items, tokens))
    assert isinstance(config, TwoTowerConfig)
    rows = tower_rows(config)
    width = 128 if config.encoder == "scratch" else 384
    weights = (SCRATCH_WEIGHTS if config.encoder == "scratch" else USUAL_WEIGHTS) + n_items * (width + 1)
    steps = max(min(predictions, config.cuts * n_users) // rows, 1)
    softmax = Softmax("full", 0, full_softmax_bytes(rows, n_items))
    return Estimate(steps, weights, 16 * weights + 40 * TOWER_TOKENS * width * 6 * 4, softmax)


def tower_rows(config: TwoTowerConfig) -> int:
    """Predictions of a step of the two-tower model: as many texts of persons as its pieces of words allow."""
    return max((config.batch_tokens or TOWER_TOKENS) // config.user_tokens, 1)


def parameter_count(config: BertConfig, n_items: int) -> int:
    """Weights of the model: embeddings, layers of 12 h² + 13 h, one bias an item."""
    h = choose_hidden(config, n_items)
    embeddings = (n_items + 2 + config.max_length + 1) * h + 2 * h
    return embeddings + config.layers * (12 * h * h + 13 * h) + n_items


def evaluation_interval(
    config: BertConfig, predictions: int, softmax: Softmax, n_items: int, lengths: NDArray[np.int64]
) -> int:
    """Epochs between evaluations so that these cost a set share of training, from counts of arithmetic alone: a clock
    would make two runs of one seed differ.

    Args:
        config: the settings.
        predictions: training targets of an epoch.
        softmax: what each is compared with.
        n_items: catalogue size.
        lengths: of the histories that one evaluation reads.
    """
    hidden = choose_hidden(config, n_items)
    layers = 12 * config.layers * hidden**2
    compared = softmax.negatives or n_items
    training = predictions * 6 * (layers + compared * hidden)
    reading = float(np.minimum(lengths, config.max_length).sum()) * 2 * layers
    ranking = float(len(lengths)) * n_items * (2 * hidden + RANKING_COST)
    return max(1, math.ceil((reading + ranking) / max(training * EVALUATION_SHARE, 1.0)))
