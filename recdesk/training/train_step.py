"""One step of learning: a split and a config in, a model that learns from windows of histories."""

from abc import ABC, abstractmethod
from functools import cached_property
from typing import Generic, Protocol, Self, TypeVar

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from recdesk.core import devices
from recdesk.core.errors import DataError, is_out_of_memory
from recdesk.data.array_ops import distinct
from recdesk.data.histories import Histories
from recdesk.data.splitting import Split
from recdesk.models.bert import Batch, BertRecommender
from recdesk.models.bf16 import use_bf16
from recdesk.models.dropout import draw_from
from recdesk.models.persistence import SavedModel
from recdesk.models.text_bert import TextBert
from recdesk.monitor.events import Emit, Warned
from recdesk.text.seeding import generator_on
from recdesk.training.auto_settings import Softmax, choose_dropout, choose_softmax, evaluation_interval, step_tokens
from recdesk.training.batches import BatchMaker
from recdesk.training.checkpoints import Progress
from recdesk.training.config import BertConfig, RunConfig
from recdesk.training.objective import Objective, build_model
from recdesk.training.optimizer import Optimizer


class Readable(Protocol):
    """What a step learns from: `targets` to predict, `tokens` real items read for it."""

    @property
    def targets(self) -> Tensor: ...  # noqa: D102

    @property
    def tokens(self) -> int: ...  # noqa: D102

    def to(self, device: torch.device) -> Self: ...  # noqa: D102


class Planned(Protocol):
    """What plans epochs: the histories of each step, and how many predictions an epoch makes."""

    @property
    def predictions(self) -> int: ...  # noqa: D102

    def plan(self, epoch: int) -> list[Histories]: ...  # noqa: D102


BatchKind = TypeVar("BatchKind", bound=Readable)


class TrainStep(ABC, Generic[BatchKind]):
    """Steps of learning, whatever learns.

    Attributes:
        config, device, model, updates: what learns, how and where.
        batches: the epochs' plans.
        softmax: what a target is compared with.
        by_rows: only the rows of the item table that a step reads are learned in it.
    """

    config: RunConfig
    device: torch.device
    model: SavedModel
    updates: Optimizer
    batches: Planned
    softmax: Softmax
    by_rows: bool = False

    @cached_property
    def chance(self) -> torch.Generator:
        """What dropout draws from. Torch's global generator serves all threads: a model that is opened meanwhile would
        change what is learned here."""
        chance = generator_on(self.device)
        draw_from(self.model, chance)
        return chance

    @property
    def positions(self) -> int:
        """Of a step, where they depend on the device; else 0."""
        return 0

    @property
    def peak_rate(self) -> float:
        """Highest learning rate."""
        return self.config.learning_rate

    @abstractmethod
    def batch(self, windows: Histories, progress: Progress, index: int) -> BatchKind:
        """Piece `index` of a step as tensors."""

    @abstractmethod
    def loss(self, batch: BatchKind, step: int, rows: Tensor | None, own: Tensor | None) -> Tensor:
        """Mean loss of a piece; see `Objective.loss` for `rows` and `own`."""

    def refresh(self) -> None:
        """Bring up to date what the model remembers of weights that have changed since; before each evaluation."""

    def evaluate_every(self, lengths: NDArray[np.int64]) -> int:
        """Epochs between evaluations that read histories of such lengths."""
        return 1

    def spare_memory(self) -> str:
        """Do with less memory from here on, if more slowly; a sentence, or "" when only smaller pieces are left."""
        return ""

    def step(self, windows: Histories, progress: Progress, emit: Emit) -> tuple[Tensor, float, int]:
        """One optimiser step over some windows, in as many pieces as memory asks for.

        Args:
            windows: what to read.
            progress: where training stands; only `pieces` is changed, when memory runs out.
            emit: hears of that.

        Returns:
            the loss (on the device, not waited for), the learning rate, real items read.
        """
        done = progress.step - progress.begin
        warm = min(1.0, (done + 1) / max(self.config.warmup_steps, 1))
        kept = self.config.rate_kept ** (done / 1000)
        rate = self.peak_rate * progress.rate_scale * warm * kept
        while True:
            try:
                loss, tokens = self._accumulate(windows, progress)
                break
            except (RuntimeError, MemoryError) as error:
                if not is_out_of_memory(error):
                    raise
                said = self.spare_memory()
                if not said and progress.pieces >= len(windows):
                    raise
                if not said:
                    progress.pieces *= 2
                    said = f"Memory ran out: steps are now done in {progress.pieces} parts."
                emit(Warned(sentence=said))
            devices.release_memory(self.device)  # when the failure, which holds on to tensors, is forgotten
        length = self.updates.apply(rate, done + 1)
        loss = loss + 0.0 * length  # a gradient that is no number shows in the loss before its weights are kept
        return loss, rate, tokens

    def _accumulate(self, windows: Histories, progress: Progress) -> tuple[Tensor, int]:
        parts = np.array_split(np.arange(len(windows)), progress.pieces)
        pieces = [windows[part] for part in parts if len(part)]
        made = [self.batch(piece, progress, index) for index, piece in enumerate(pieces)]
        rows = self._rows(made, progress.step) if self.by_rows else None
        vectors = self.updates.clear(rows)
        everything = sum(len(batch.targets) for batch in made)
        total = torch.zeros((), device=self.device)
        for piece, batch in enumerate(made):
            seed = self.config.seed * 1_000_003 + progress.step + (piece << 40)
            self.chance.manual_seed(seed % 2**63)
            with devices.autocast(self.device):
                loss = self.loss(batch.to(self.device), progress.step, rows, vectors)
                loss = loss * (len(batch.targets) / everything)
            loss.backward()
            total += loss.detach()
        return total, sum(batch.tokens for batch in made)

    def _rows(self, batches: list[BatchKind], step: int) -> Tensor:
        """Rows of the item table that a step reads, in ascending order; only asked for with `by_rows`."""
        raise NotImplementedError


class DecoderStep(TrainStep[Batch]):
    """Steps of a BERT over histories.

    Args:
        split, config: as for `fit`.
        texts: float32 [n_items, width], the items' whitened text vectors, for models that read them.
        start: weights of a model of another catalogue to start from.

    Raises:
        DataError: there is nothing to learn from.
        UsageError: the device is not there.
    """

    model: BertRecommender

    def __init__(
        self,
        split: Split,
        config: BertConfig,
        texts: NDArray[np.float32] | None = None,
        start: dict[str, Tensor] | None = None,
    ) -> None:
        self.config: BertConfig = config
        self.device = devices.choose_device(config.device)
        devices.prepare(self.device)
        predictions = predictions_of(split)
        n_items = split.dataset.n_items
        dropout = choose_dropout(config, predictions, split.dataset.n_users)
        tokens = step_tokens(config, predictions, self.device.type)
        self.batches: BatchMaker = BatchMaker(split, config.max_length, tokens, config.seed)
        popularity = self.batches.popularity(n_items)
        self.model = build_model(config, popularity, dropout, texts, split.hidden).to(self.device)
        if start is not None:
            assert isinstance(self.model, TextBert)
            self.model.begin_from(start)
        narrow = devices.gains_by_bf16(self.device, self.model.shape.hidden)
        if narrow:
            use_bf16(self.model)
        self.softmax = choose_softmax(config, n_items, self.batches.tokens)
        self.objective = Objective(config, self.model, self.batches, self.softmax, popularity, narrow)
        self.by_rows = self.device.type == "cpu" and self.softmax.kind != "full"
        self.updates = Optimizer(self.model, config, self.by_rows)

    @property
    def positions(self) -> int:
        """See `TrainStep.positions`."""
        return self.batches.tokens

    def batch(self, windows: Histories, progress: Progress, index: int) -> Batch:
        """See `TrainStep.batch`."""
        return self.objective.batch(windows, progress.epoch, progress.batch * 4096 + index)

    def loss(self, batch: Batch, step: int, rows: Tensor | None, own: Tensor | None) -> Tensor:
        """See `Objective.loss`."""
        return self.objective.loss(batch, step, rows, own)

    def evaluate_every(self, lengths: NDArray[np.int64]) -> int:
        """So often that it costs a small share of training."""
        return evaluation_interval(self.config, self.batches.predictions, self.softmax, self.model.n_items, lengths)

    def _rows(self, batches: list[Batch], step: int) -> Tensor:
        codes = [tensor.numpy().ravel() for batch in batches for tensor in (batch.inputs, batch.targets)]
        return torch.from_numpy(distinct(np.concatenate([*codes, self.objective.negatives.draw(step)[0]])))


def predictions_of(split: Split) -> int:
    """How many items of the training part have something before them.

    Raises:
        DataError: none has.
    """
    predictions = int(np.maximum(split.train_ends - split.dataset.offsets[:-1] - 1, 0).sum())
    if not predictions:
        raise DataError(
            f"No user of “{split.dataset.name}” has two interactions to learn from.",
            "Import more data, or check that the user column is the right one.",
        )
    return predictions
