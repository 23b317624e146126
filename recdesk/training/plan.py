"""Everything that is chosen automatically, resolved once: shown before a run starts, used by it, logged with it.

No torch here, except for the device: the window computes estimates on its own thread.
"""

import math
from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
from numpy.typing import NDArray

from recdesk.core.messages import Message
from recdesk.training.config import WIDE_ABOVE, WIDTH, BertConfig, RunConfig, TextConfig, TwoTowerConfig

if TYPE_CHECKING:
    from recdesk.data.splitting import Split

Precision = Literal["float32", "bfloat16 matmul", "bfloat16 autocast"]
SAMPLE_ABOVE = 4000
"""Catalogues up to this size use the full softmax: there it learns more in the same time than a sampled one."""
NEGATIVES = 2048
GBCE_NEGATIVES = 256
STEP_TOKENS = 3200
"""Positions of a step that fit a CPU's cache."""
STEPS_PER_EPOCH = 24
GPU_STEP_TOKENS, GPU_STEPS_PER_EPOCH = 32_768, 500
"""Small steps are launch-bound on a GPU: use steps this large where the data still leave so many of them in an epoch
(not measured yet)."""
EVALUATION_SHARE = 0.05
"""Of training time that evaluations may take, by counts of operations."""
RANKING_COST = 300
"""What ranking a score costs beside computing it, in operations of a training step; measured on 54,542 items."""
VALIDATION_USERS = 2000
"""Largest number of users on which training is validated; of more, a sample."""
TOWER_TOKENS = 4096
"""Tokens of users' texts in a step."""
SCRATCH_WEIGHTS, USUAL_WEIGHTS = 1_500_000, 22_700_000
"""Approximate number of weights of a text encoder that is trained here, and of the usual small one (MiniLM)."""
SCRATCH_WIDTH, USUAL_WIDTH = 128, 384
"""Their widths."""
JOINT_STEP_TOKENS = 640
"""Interactions of a fine-tuning step: fewer than for a decoder alone, since the encoder reads every item's text."""


@dataclass(frozen=True)
class Softmax:
    """What a target is compared with, and the estimate that the choice rests on.

    Attributes:
        kind: "full" (computed in chunks that fit the memory), "sampled", or "gbce" (no softmax at all).
        negatives: shared negatives drawn per step; 0 for the full softmax.
        full_bytes: memory of all logits of a step; 0 if only the step's own items are compared.
    """

    kind: Literal["full", "sampled", "gbce"]
    negatives: int
    full_bytes: int

    @property
    def words(self) -> str:
        """For a person."""
        size = f"{self.full_bytes / 2**30:.2g} GB" if self.full_bytes >= 2**30 else f"{self.full_bytes / 2**20:.0f} MB"
        if self.kind == "full":
            return Message("training.full-softmax", size=size)
        if self.kind == "gbce":
            return Message("training.binary-negatives", count=self.negatives)
        if not self.full_bytes:
            return Message("training.in-step-targets")
        return Message("training.sampled-negatives", count=self.negatives, size=size)


@dataclass(frozen=True)
class ResolvedPlan:
    """Everything automatic about a run. It follows from settings, sizes of the data and the device alone, never from a
    clock: two runs of one seed are the same run.

    Attributes:
        device: torch's name: "cpu", "cuda" or "mps".
        precision: of matmuls in training; weights and gradients are float32.
        step_tokens: padded positions per step; with two towers, predictions per step.
        steps_per_epoch: approximately; padding decides the exact number.
        hidden: vector size; with two towers, the width of the text encoder (a guess until that is loaded).
        dropout: probability.
        softmax: what a target is compared with.
        evaluate_every: epochs between evaluations.
        weights: trainable weights, approximately.
        memory: bytes while training, approximately.
    """

    device: str
    precision: Precision
    step_tokens: int
    steps_per_epoch: int
    hidden: int
    dropout: float
    softmax: Softmax
    evaluate_every: int
    weights: int
    memory: int

    def to_dict(self) -> dict[str, Any]:
        """Plain values for JSON."""
        return asdict(self)

    @classmethod
    def from_dict(cls, values: dict[str, Any]) -> "ResolvedPlan":
        """The inverse of `to_dict`."""
        return cls(**{**values, "softmax": Softmax(**values["softmax"])})


def resolve(split: "Split", config: RunConfig) -> ResolvedPlan:
    """The plan of a run on this computer.

    Raises:
        UsageError: the device is not available.
    """
    from recdesk.core import devices

    device = devices.choose_device(config.device)
    users = validation_users(split)
    lengths = split.validation[users] - split.dataset.offsets[users]
    n_users, n_items = split.dataset.n_users, split.dataset.n_items
    plan = _plan(config, predictions_of(split), n_users, n_items, device.type, lengths)
    return replace(plan, precision=devices.training_precision(device, plan.hidden))


def estimate(config: RunConfig, predictions: int, n_users: int, n_items: int) -> ResolvedPlan:
    """The plan of a run before its data are loaded, without torch: an automatic device counts as a CPU.

    Args:
        config: the settings.
        predictions: training targets of an epoch.
        n_users, n_items: sizes of the dataset.
    """
    device = "cpu" if config.device == "auto" else config.device
    lengths = np.full(min(n_users, VALIDATION_USERS), predictions // max(n_users, 1))
    return _plan(config, predictions, n_users, n_items, device, lengths)


def fine_tuning_plan(config: TextConfig, decoder: ResolvedPlan) -> ResolvedPlan:
    """The plan of fine-tuning that follows a decoder's training: small steps, targets against those of their step."""
    tokens = max(min(config.batch_tokens or JOINT_STEP_TOKENS, JOINT_STEP_TOKENS), config.max_length)
    steps = max(decoder.steps_per_epoch * decoder.step_tokens // tokens, 1)
    softmax = Softmax("sampled", tokens, 0)
    precision: Precision = "float32" if decoder.precision == "bfloat16 matmul" else decoder.precision
    return replace(
        decoder, precision=precision, step_tokens=tokens, steps_per_epoch=steps, softmax=softmax, evaluate_every=1
    )


def _plan(
    config: RunConfig, predictions: int, n_users: int, n_items: int, device: str, lengths: NDArray[np.int64]
) -> ResolvedPlan:
    """The plan from sizes alone; `lengths` are those of the histories that one evaluation reads."""
    if isinstance(config, TwoTowerConfig):
        width, rows = SCRATCH_WIDTH if config.encoder == "scratch" else USUAL_WIDTH, tower_rows(config)
        weights = (SCRATCH_WEIGHTS if config.encoder == "scratch" else USUAL_WEIGHTS) + n_items * (width + 1)
        memory = 16 * weights + 40 * TOWER_TOKENS * width * 6 * 4
        steps = max(min(predictions, config.cuts * n_users) // rows, 1)
        softmax = Softmax("full", 0, full_softmax_bytes(rows, n_items))
        return ResolvedPlan(device, "float32", rows, steps, width, config.dropout or 0.0, softmax, 1, weights, memory)
    assert isinstance(config, BertConfig)
    tokens = max(step_tokens(config, predictions, device), config.max_length)
    hidden, softmax = choose_hidden(config, n_items), choose_softmax(config, n_items, tokens)
    weights = parameter_count(config, n_items)
    memory = 16 * weights + 40 * tokens * hidden * config.layers * 4
    dropout = choose_dropout(config, predictions, n_users)
    interval = evaluation_interval(config, predictions, softmax, n_items, lengths)
    steps = max(predictions // tokens, 1)
    return ResolvedPlan(device, "float32", tokens, steps, hidden, dropout, softmax, interval, weights, memory)


def predictions_of(split: "Split") -> int:
    """Targets of an epoch: items of the training part that have one before them."""
    return int(np.maximum(split.train_ends - split.dataset.offsets[:-1] - 1, 0).sum())


def validation_users(split: "Split") -> NDArray[np.int64]:
    """Users on whom training is validated: all, or a sample of `VALIDATION_USERS` that depends on the protocol's seed.

    Returns:
        int64 [n], ascending.
    """
    users = np.flatnonzero(split.validation >= 0)
    if len(users) <= VALIDATION_USERS:
        return users
    return np.sort(np.random.default_rng(split.protocol.seed).choice(users, VALIDATION_USERS, replace=False))


def choose_softmax(config: BertConfig, n_items: int, tokens: int) -> Softmax:
    """Full for small catalogues, else sampled; an explicit number of negatives wins.

    Args:
        config: the settings.
        n_items: catalogue size.
        tokens: positions per step.
    """
    estimate = full_softmax_bytes(tokens, n_items)
    if config.loss == "gbce":
        return Softmax("gbce", min(config.negatives or GBCE_NEGATIVES, n_items), estimate)
    negatives = config.negatives or (NEGATIVES if n_items > SAMPLE_ABOVE else 0)
    if not negatives or negatives >= n_items - 1:
        return Softmax("full", 0, estimate)
    return Softmax("sampled", negatives, estimate)


def full_softmax_bytes(positions: int, n_items: int) -> int:
    """Memory of the logits of a full softmax: float32, with their gradient."""
    return positions * n_items * 4 * 2


def step_tokens(config: BertConfig, predictions: int, device: str = "cpu") -> int:
    """Positions per step: as set, or what fits a CPU's cache; fewer for small data, so that an epoch has enough steps;
    more for large data on a GPU (any `device` but "cpu")."""
    if config.batch_tokens:
        return config.batch_tokens
    tokens = min(STEP_TOKENS, predictions // STEPS_PER_EPOCH)
    if device != "cpu":
        tokens = max(tokens, min(GPU_STEP_TOKENS, predictions // GPU_STEPS_PER_EPOCH))
    return max(tokens, 256, config.max_length)


def choose_hidden(config: BertConfig, n_items: int) -> int:
    """Vector size: as set, or twice the usual for large catalogues.

    Measured with `bert-causal` on Amazon Beauty (54,542 items): 64 ended at NDCG@10 .0315 and, with another seed, .0337
    on test, 128 at .0353. On MovieLens latest small (9,724 items), 180 s, one seed, 128 gained nothing.
    """
    return config.hidden or (2 * WIDTH if n_items > WIDE_ABOVE else WIDTH)


def choose_dropout(config: RunConfig, predictions: int, n_users: int) -> float:
    """Dropout: as set, or from 0.2 for a mean history of 100 items to 0.5 for one of 10, log-linear.

    Measured with `bert-causal`, one seed each: on Amazon Beauty (mean 7) 0.2 stopped improving after 243 s at NDCG@10
    .029 on test, 0.5 reached .033 in 300 s and was still rising; on MovieLens 100K (mean 104), 75 s, 0.2 reached .119
    on validation and 0.4 .115.
    """
    if config.dropout is not None:
        return config.dropout
    mean = max(predictions / max(n_users, 1), 1.0)
    return min(max(0.2 + 0.3 * math.log10(100.0 / mean), 0.2), 0.5)


def tower_rows(config: TwoTowerConfig) -> int:
    """Predictions per step of the two-tower model: as many users' texts as fit its tokens per step."""
    return max((config.batch_tokens or TOWER_TOKENS) // config.user_tokens, 1)


def parameter_count(config: BertConfig, n_items: int) -> int:
    """Weights of the model: embeddings, layers of 12 h² + 13 h, one bias per item."""
    h = choose_hidden(config, n_items)
    embeddings = (n_items + 2 + config.max_length + 1) * h + 2 * h
    return embeddings + config.layers * (12 * h * h + 13 * h) + n_items


def evaluation_interval(
    config: BertConfig, predictions: int, softmax: Softmax, n_items: int, lengths: NDArray[np.int64]
) -> int:
    """Epochs between evaluations so that these take `EVALUATION_SHARE` of training, by counts of operations.

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
