"""What the training loop does for each batch, for whatever is trained: the interface and its decoder implementation."""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from functools import cached_property
from typing import Generic, Protocol, Self, TypeVar

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from recdesk.core import devices
from recdesk.core.errors import DataError
from recdesk.core.messages import Message
from recdesk.data.array_ops import distinct
from recdesk.data.histories import Histories
from recdesk.data.splitting import Split
from recdesk.models.bert import Batch, BertRecommender
from recdesk.models.bf16 import use_bf16
from recdesk.models.dropout import draw_from
from recdesk.models.persistence import SavedModel
from recdesk.models.text_bert import TextBert
from recdesk.text.seeding import generator_on
from recdesk.training.batches import BatchMaker
from recdesk.training.checkpoints import Progress
from recdesk.training.config import BertConfig, RunConfig
from recdesk.training.objective import Objective, build_model
from recdesk.training.optimizer import Optimizer
from recdesk.training.plan import ResolvedPlan, predictions_of, resolve
from recdesk.training.workers import ALONE, WorkerGroup


class Readable(Protocol):
    """A batch: `targets` to predict, `tokens` real items (or tokens of a text) read for it."""

    @property
    def targets(self) -> Tensor: ...  # noqa: D102

    @property
    def tokens(self) -> int: ...  # noqa: D102

    def to(self, device: torch.device) -> Self: ...  # noqa: D102


class EpochPlanner(Protocol):
    """Divides epochs into steps: the histories of each step, and the number of predictions of an epoch."""

    @property
    def predictions(self) -> int: ...  # noqa: D102

    def plan(self, epoch: int) -> list[Histories]: ...  # noqa: D102


Work = TypeVar("Work")
"""What the plan of an epoch holds for each step."""
BatchKind = TypeVar("BatchKind", bound=Readable)


class TrainStep(ABC, Generic[Work, BatchKind]):
    """One kind of training step. `recdesk.training.loop` runs it: forward, backward, clip, step, average.

    Attributes:
        device, model, optimizer: what is trained, where and how.
        seed: of dropout.
        figures: numbers that `forward` reports, the loss first.
        workers: that compute each step together, of which this process is one.
    """

    device: torch.device
    model: nn.Module
    optimizer: Optimizer
    seed: int
    figures: int = 1
    workers: WorkerGroup = ALONE

    @abstractmethod
    def plan(self, epoch: int) -> Sequence[Work]:
        """The steps of an epoch: a function of (seed, epoch)."""

    @abstractmethod
    def learning_rate(self, progress: Progress) -> float:
        """Of the next step."""

    @abstractmethod
    def most_parts(self, work: Work) -> int:
        """How many parts a step can be divided into."""

    @abstractmethod
    def batches_of(self, work: Work, progress: Progress) -> list[BatchKind]:
        """The batches of a step, in `progress.pieces` parts; on the CPU or already on the device."""

    @abstractmethod
    def forward(self, batch: BatchKind, step: int, total: int) -> tuple[Tensor, Tensor]:
        """Loss and figures of one batch of a step.

        Args:
            batch: on the device.
            step: optimiser steps done.
            total: targets of all batches of the step.

        Returns:
            the batch's share of the step's mean loss; float [`figures`], what is reported of it, without gradient.
        """

    def clear_gradients(self, batches: list[BatchKind], step: int) -> None:
        """Before the first `forward` of a step."""
        self.optimizer.clear(None)

    def seed_dropout(self, step: int, part: int) -> None:
        """Before each `forward`: dropout is a function of (seed, step, part)."""
        self.generator.manual_seed((self.seed * 1_000_003 + step + (part << 40)) % 2**63)

    def spare_memory(self) -> str:
        """Use less memory from here on, at the cost of time; a sentence, or "" if only smaller parts are left."""
        return ""

    @cached_property
    def generator(self) -> torch.Generator:
        """The random generator of dropout. Torch's global generator serves all threads: a model opened meanwhile would
        change the weights learned here."""
        generator = generator_on(self.device)
        draw_from(self.model, generator)
        return generator


class HistoryStep(TrainStep[Histories, BatchKind]):
    """Steps of a recommender over histories of items.

    Attributes:
        resolved: what was chosen automatically.
        batches: plans the epochs.
        by_rows: an optimiser step updates only those rows of the item table that its batches read.
    """

    config: RunConfig
    model: SavedModel
    batches: EpochPlanner
    resolved: ResolvedPlan
    by_rows: bool = False
    _picked: tuple[Tensor | None, Tensor | None] = (None, None)
    """Rows of the item table that this step reads, and their vectors; see `Objective.loss`."""

    @property
    def positions(self) -> int:
        """Positions per step, if they depend on the device; else 0."""
        return 0

    @property
    def peak_rate(self) -> float:
        """Highest learning rate."""
        return self.config.learning_rate

    @abstractmethod
    def batch(self, windows: Histories, progress: Progress, index: int) -> BatchKind:
        """Part `index` of a step as tensors."""

    @abstractmethod
    def loss(self, batch: BatchKind, step: int, rows: Tensor | None, own: Tensor | None) -> Tensor:
        """Mean loss of a batch; see `Objective.loss` for `rows` and `own`."""

    def refresh(self) -> None:
        """Update what the model caches of its weights; before each evaluation."""

    def plan(self, epoch: int) -> list[Histories]:
        """See `TrainStep.plan`."""
        return self.batches.plan(epoch)

    def learning_rate(self, progress: Progress) -> float:
        """Linear warm-up, then exponential decay by `rate_kept` per 1,000 steps."""
        done = progress.step - progress.begin
        warm = min(1.0, (done + 1) / max(self.config.warmup_steps, 1))
        kept = self.config.rate_kept ** (done / 1000)
        return self.peak_rate * progress.rate_scale * warm * kept

    def most_parts(self, work: Histories) -> int:
        """One history each."""
        return len(work)

    def batches_of(self, work: Histories, progress: Progress) -> list[BatchKind]:
        """See `TrainStep.batches_of`; on the CPU. Of several workers each has its own."""
        parts = np.array_split(np.arange(len(work)), progress.pieces * self.workers.count)
        mine = range(self.workers.rank, len(parts), self.workers.count)
        return [self.batch(work[parts[index]], progress, index) for index in mine if len(parts[index])]

    def clear_gradients(self, batches: list[BatchKind], step: int) -> None:
        """See `TrainStep.clear_gradients`; with `by_rows`, fetch the rows that the step reads."""
        rows = self.workers.all_rows(self._rows(batches, step)) if self.by_rows else None
        self._picked = rows, self.optimizer.clear(rows)

    def forward(self, batch: BatchKind, step: int, total: int) -> tuple[Tensor, Tensor]:
        """See `TrainStep.forward`."""
        loss = self.loss(batch, step, *self._picked) * (len(batch.targets) / total)
        return loss, loss.detach()[None]

    def _rows(self, batches: list[BatchKind], step: int) -> Tensor:
        """Rows of the item table that a step reads, int64 [n], ascending; only called with `by_rows`."""
        raise NotImplementedError


class DecoderStep(HistoryStep[Batch]):
    """Steps of a BERT over histories.

    Args:
        split, config: as for `fit`.
        texts: float32 [n_items, width], the items' whitened text vectors, for models that read them.
        start: weights of a model of another catalogue to start from.
        resolved: what was chosen automatically; None to choose it here.

    Raises:
        DataError: there is nothing to learn from.
        UsageError: the device is not available.
    """

    model: BertRecommender

    def __init__(
        self,
        split: Split,
        config: BertConfig,
        texts: NDArray[np.float32] | None = None,
        start: dict[str, Tensor] | None = None,
        resolved: ResolvedPlan | None = None,
    ) -> None:
        self.config: BertConfig = config
        self.resolved = resolved = resolved or resolve(split, config)
        self.seed, self.device = config.seed, torch.device(resolved.device)
        devices.prepare(self.device)
        require_predictions(split)
        self.batches: BatchMaker = BatchMaker(split, config.max_length, resolved.step_tokens, config.seed, config.times)
        popularity = self.batches.popularity(split.dataset.n_items)
        self.model = build_model(config, popularity, resolved.dropout, texts, split.hidden, resolved.hidden).to(
            self.device
        )
        if start is not None:
            assert isinstance(self.model, TextBert)
            self.model.begin_from(start)
        bf16 = resolved.precision == "bfloat16 matmul"
        if bf16:
            use_bf16(self.model)
        self.objective = Objective(config, self.model, self.batches, resolved.softmax, popularity, bf16)
        self.by_rows = self.device.type == "cpu" and resolved.softmax.kind != "full"
        self.optimizer = Optimizer(self.model, config, self.by_rows)

    @property
    def positions(self) -> int:
        """See `HistoryStep.positions`."""
        return self.batches.tokens

    def batch(self, windows: Histories, progress: Progress, index: int) -> Batch:
        """See `HistoryStep.batch`."""
        return self.objective.batch(windows, progress.epoch, progress.batch * 4096 + index)

    def loss(self, batch: Batch, step: int, rows: Tensor | None, own: Tensor | None) -> Tensor:
        """See `Objective.loss`."""
        return self.objective.loss(batch, step, rows, own)

    def _rows(self, batches: list[Batch], step: int) -> Tensor:
        codes = [tensor.numpy().ravel() for batch in batches for tensor in (batch.inputs, batch.targets)]
        return torch.from_numpy(distinct(np.concatenate([*codes, self.objective.negatives.draw(step)[0]])))


def require_predictions(split: Split) -> None:
    """Raise if no user has two interactions in the training part.

    Raises:
        DataError: there is nothing to learn from.
    """
    if not predictions_of(split):
        raise DataError(
            Message("split.no-user-to-learn", name=split.dataset.name),
            Message("split.import-more"),
        )
