"""Train step of the two-tower reference: a text BERT and a linear layer, from prefixes of histories."""

from dataclasses import dataclass, replace
from typing import Self

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from recdesk.core import devices
from recdesk.core.devices import to_device
from recdesk.data.histories import Histories
from recdesk.data.splitting import Split
from recdesk.models.baselines.expected_popularity import popularity_bias
from recdesk.models.bf16 import use_bf16
from recdesk.models.checkpointing import checkpoint_gradients
from recdesk.models.transformer import Sizes
from recdesk.models.two_tower import TowerShape, TwoTower
from recdesk.text.encoder import Encoder
from recdesk.text.seeding import Seeded
from recdesk.text.sources import TRAINED_HERE
from recdesk.training.batches import BatchMaker
from recdesk.training.checkpoints import Progress
from recdesk.training.config import TwoTowerConfig
from recdesk.training.optimizer import Optimizer
from recdesk.training.plan import ResolvedPlan, resolve
from recdesk.training.text_stages import SCRATCH_LAYERS, SCRATCH_WIDTH, Prepared
from recdesk.training.train_step import HistoryStep, require_predictions

PRETRAINED_RATE, NEW_RATE = 5e-5, 5e-4
"""Learning rates of a pretrained BERT, and of one trained here."""
USUAL_SIZES, VOCABULARY, USUAL_TOKENS = (384, 6), 30_522, 20
"""Width and layers of the usual small encoder, its tokens, and tokens of an item's text."""
BUCKET_BATCHES = 32
"""Batches per length bucket."""


@dataclass(frozen=True)
class TowerBatch:
    """What a training step reads.

    Attributes:
        users, items: int64 [batch, length], token ids of the texts.
        targets: int64 [batch], the item codes to predict.
        tokens: items of the histories.
    """

    users: Tensor
    items: Tensor
    targets: Tensor
    tokens: int

    def to(self, device: torch.device) -> Self:
        """The same on a device."""
        return replace(
            self,
            users=to_device(self.users, device),
            items=to_device(self.items, device),
            targets=to_device(self.targets, device),
        )


class PrefixSampler:
    """Prefixes of histories whose last item is predicted from those before it, drawn anew each epoch.

    Args:
        split: only its training part is read.
        max_length: items read before the one to predict.
        a_user: prefixes per user and epoch at most.
        rows: prefixes per step.
        seed: of the random generator.
    """

    def __init__(self, split: Split, max_length: int, a_user: int, rows: int, seed: int) -> None:
        self.max_length, self.a_user, self.rows, self.seed = max_length, a_user, rows, seed
        self._items, self._starts = split.dataset.items, split.dataset.offsets[:-1]
        self._counts = np.maximum(split.train_ends - self._starts - 1, 0)

    @property
    def predictions(self) -> int:
        """Per epoch, at most."""
        return int(np.minimum(self._counts, self.a_user).sum())

    def prefixes(self, epoch: int) -> Histories:
        """The prefixes of an epoch, none twice."""
        rng = np.random.default_rng((self.seed, epoch, 5))
        few = self._counts <= self.a_user
        all_of_few = Histories(self._items, self._starts[few] + 1, self._starts[few] + 1 + self._counts[few])
        rows, _ = all_of_few.flat()
        first = np.cumsum(all_of_few.lengths) - all_of_few.lengths
        short = all_of_few.starts[rows] + np.arange(len(rows)) - first[rows]
        drawn = (
            self._starts[~few, None]
            + 1
            + (rng.random((int((~few).sum()), self.a_user)) * self._counts[~few, None]).astype(np.int64)
        )
        targets = np.unique(np.concatenate([short, drawn.ravel()]))  # a history is contiguous in the flat array
        user = np.searchsorted(self._starts, targets, side="right") - 1
        return Histories(self._items, np.maximum(targets - self.max_length, self._starts[user]), targets + 1)

    def plan(self, epoch: int) -> list[Histories]:
        """The prefixes of each step of an epoch; histories of like length go together."""
        rng = np.random.default_rng((self.seed, epoch))
        prefixes = self.prefixes(epoch)
        order = rng.permutation(len(prefixes))
        bucket = BUCKET_BATCHES * self.rows
        steps: list[NDArray[np.int64]] = []
        for begin in range(0, len(order), bucket):
            rows = order[begin : begin + bucket]
            rows = rows[np.argsort(prefixes.lengths[rows], kind="stable")]
            steps += [rows[at : at + self.rows] for at in range(0, len(rows), self.rows)]
        return [prefixes[steps[at]] for at in rng.permutation(len(steps))]


class TowerStep(HistoryStep[TowerBatch]):
    """Steps in which BERT and linear layer are trained together, BERT at a smaller rate.

    Args:
        split, config: as `DecoderStep`.
        model: not yet trained.
        rate: BERT's learning rate.
        resolved: what was chosen automatically; None to choose it here.

    Raises:
        DataError: there is nothing to learn from.
        UsageError: the device is not there.
    """

    model: TwoTower

    def __init__(
        self, split: Split, config: TwoTowerConfig, model: TwoTower, rate: float, resolved: ResolvedPlan | None = None
    ) -> None:
        self.config: TwoTowerConfig = config
        resolved = resolved or resolve(split, config)
        self.seed, self.device = config.seed, torch.device(resolved.device)
        devices.prepare(self.device)
        require_predictions(split)
        n_items, width = split.dataset.n_items, model.bert.sizes.width
        self.resolved = replace(resolved, hidden=width, precision=devices.training_precision(self.device, width))
        self.batches = PrefixSampler(split, config.max_length, config.cuts, resolved.step_tokens, config.seed)
        popularity = BatchMaker(split, config.max_length, 1, config.seed).popularity(n_items)
        self.model = model.to(self.device)
        if self.resolved.precision == "bfloat16 matmul":
            use_bf16(self.model)
        with torch.no_grad():
            model.bias.copy_(torch.from_numpy(popularity_bias(popularity)))
        self.optimizer = Optimizer(model, config, False, model.bert.parameters(), rate / config.learning_rate)

    @classmethod
    def of(cls, split: Split, config: TwoTowerConfig, prepared: Prepared, resolved: ResolvedPlan | None = None) -> Self:
        """From the items' texts and a copy of their encoder."""
        encoder = prepared.side.encoder
        rate = config.encoder_rate or (NEW_RATE if encoder.name == TRAINED_HERE else PRETRAINED_RATE)
        return cls(split, config, _tower(config, encoder, encoder.tokens(prepared.texts)), rate, resolved)

    @classmethod
    def sketch(cls, split: Split, config: TwoTowerConfig) -> Self:
        """With random weights and texts of the expected size: to time a step."""
        width, layers = (SCRATCH_WIDTH, SCRATCH_LAYERS) if config.encoder == "scratch" else USUAL_SIZES
        sizes = Sizes(VOCABULARY, 512, width, layers, width // 32, dropout=0.1)
        n_items = split.dataset.n_items
        shape = TowerShape(
            n_items, config.max_length, config.user_tokens, USUAL_TOKENS, config.dropout or 0.0, first=1, between=2,
            padding=0,
        )  # fmt: skip
        with Seeded(config.seed):
            model = TwoTower(shape, sizes)
        model.set_texts(np.random.default_rng(0).integers(3, 1000, (n_items, USUAL_TOKENS)).tolist())
        return cls(split, config, model, PRETRAINED_RATE)

    def batch(self, windows: Histories, progress: Progress, index: int) -> TowerBatch:
        """The last item of each history is predicted from the others."""
        before = Histories(windows.items, windows.starts, windows.ends - 1)
        users, items = self.model.inputs(before)
        targets = torch.from_numpy(windows.items[windows.ends - 1].astype(np.int64))
        return TowerBatch(users, items, targets, int(before.lengths.sum()))

    def loss(self, batch: TowerBatch, step: int, rows: Tensor | None, own: Tensor | None) -> Tensor:
        """Cross-entropy over the whole catalogue."""
        logits = self.model(batch.users, batch.items)
        return nn.functional.cross_entropy(
            logits.float(), batch.targets - 1, label_smoothing=self.config.label_smoothing
        )

    def spare_memory(self) -> str:
        """Gradient checkpointing of the encoder."""
        return checkpoint_gradients(self.model.bert)


def _tower(config: TwoTowerConfig, encoder: Encoder, tokens: list[list[int]]) -> TwoTower:
    tokenizer = encoder.tokenizer
    room = int(encoder.bert.config.max_position_embeddings)
    shape = TowerShape(
        n_items=len(tokens), max_length=config.max_length, user_tokens=min(config.user_tokens, room),
        item_tokens=max(map(len, tokens)), dropout=config.dropout or 0.0, first=tokenizer.cls_token_id,
        between=tokenizer.sep_token_id, padding=tokenizer.pad_token_id, pooling=encoder.pooling,
    )  # fmt: skip
    with Seeded(config.seed):
        model = TwoTower(shape, Sizes.of_bert(encoder.bert.config.to_dict()))
    model.bert.load_state_dict(encoder.bert.state_dict())
    model.set_texts(tokens)
    return model
