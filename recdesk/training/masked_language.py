"""Step 2 of the method: a text encoder learns the catalogue's language by predicting masked tokens.

Masked language modelling as BERT was pretrained (Devlin et al. 2019, section 3.1, Task 1): 15 % of the tokens are
predicted; of these 80 % are masked, 10 % replaced by a random token, 10 % left as they are.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Self

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from recdesk.core.devices import to_device
from recdesk.core.errors import DataError, RecdeskError
from recdesk.core.files import make_folder
from recdesk.core.messages import Message
from recdesk.core.records import validated
from recdesk.core.tensors import load_tensors, save_tensors
from recdesk.data.histories import Histories
from recdesk.models.checkpointing import checkpoint_gradients
from recdesk.models.dropout import use_plain_dropout
from recdesk.monitor.control import Control
from recdesk.monitor.events import Emit, EncoderStep
from recdesk.text.encoder import Encoder, batches, padded, seen
from recdesk.text.item_texts import behaviour_text
from recdesk.text.seeding import Seeded
from recdesk.training.checkpoints import Progress
from recdesk.training.loop import Loop, Stage, StepDone
from recdesk.training.optimizer import Optimizer, PlainSettings
from recdesk.training.train_step import TrainStep

PREDICTED = 0.15
"""Share of tokens that are predicted."""
BEHAVIOUR_SHARE = 0.5
"""Share of examples that join the texts of items a user took in sequence; the others are texts of single items."""
BEHAVIOUR_TOKENS = 128
STEP_TOKENS = 2048
"""Tokens per step, and at most of one batch."""
PEAK_RATE = 5e-4
"""Highest learning rate of an encoder trained from scratch; one that is adapted gets a tenth."""
MEASURED = 256
"""Held-out examples on which accuracy is measured before and after."""
FORMAT = 1


class Corpus:
    """Examples of masked language modelling, as a function of (seed, step).

    Args:
        texts: of all items.
        histories: the training part of each user's; nothing held out may be in it.
        seed: of the random generator.
    """

    def __init__(self, texts: Sequence[str], histories: Histories, seed: int) -> None:
        self.texts, self.seed = texts, seed
        self.filled = [text for text in dict.fromkeys(texts) if text]
        if not self.filled:
            raise DataError(Message("text.none-to-learn"), Message("text.import-texts"))
        self.histories = histories[np.flatnonzero(histories.lengths >= 2)]

    def draw(self, step: int, count: int) -> list[str]:
        """`count` texts of a step; step -1 is kept for measuring."""
        rng = np.random.default_rng((self.seed, step + 1, 31))
        behaviour = int(rng.binomial(count, BEHAVIOUR_SHARE)) if len(self.histories) else 0
        chosen = [self.filled[i] for i in rng.integers(0, len(self.filled), count - behaviour)]
        for row in rng.integers(0, max(len(self.histories), 1), behaviour):
            history = self.histories.row(int(row))
            end = int(rng.integers(2, len(history) + 1))
            chosen.append(behaviour_text(self.texts, history[max(0, end - 20) : end], 4 * BEHAVIOUR_TOKENS))
        return chosen


class MaskedWordModel(nn.Module):
    """BERT with its output head for masked words, tied to the encoder's word embeddings."""

    def __init__(self, encoder: Encoder) -> None:
        from transformers.models.bert.modeling_bert import BertPredictionHeadTransform

        super().__init__()
        self.encoder = encoder
        self.transform = BertPredictionHeadTransform(encoder.bert.config)
        self.bias = nn.Parameter(torch.zeros(encoder.bert.config.vocab_size))

    def forward(self, ids: Tensor, real: Tensor | None, positions: Tensor) -> Tensor:
        """Logits over the vocabulary, float [m, vocabulary].

        Args:
            ids: int64 [batch, length].
            real: bool [batch, length], False at padding; None when there is none.
            positions: int64 [m], flat indices into batch × length.
        """
        states = self.encoder.bert(input_ids=ids, attention_mask=seen(real)).last_hidden_state
        hidden = self.transform(states.flatten(0, 1).index_select(0, positions))
        logits: Tensor = hidden @ self.encoder.bert.embeddings.word_embeddings.weight.T + self.bias
        return logits


@dataclass(frozen=True)
class MaskedBatch:
    """Texts with masked tokens.

    Attributes:
        ids: int64 [batch, length], token ids, some of them masked.
        real: bool [batch, length], False at padding; None when there is none.
        positions: int64 [m], flat indices into batch × length of the tokens to predict.
        targets: int64 [m], the token ids there.
    """

    ids: Tensor
    real: Tensor | None
    positions: Tensor
    targets: Tensor

    @property
    def tokens(self) -> int:
        """Tokens, padding included."""
        return self.ids.numel()

    def to(self, device: torch.device) -> Self:
        """The same on a device."""
        return replace(
            self,
            ids=to_device(self.ids, device),
            real=None if self.real is None else to_device(self.real, device),
            positions=to_device(self.positions, device),
            targets=to_device(self.targets, device),
        )

    def divided(self, parts: int) -> list[Self]:
        """The same in at most so many parts, by texts."""
        if parts == 1:
            return [self]
        length, made = self.ids.shape[1], list[Self]()
        for rows in torch.arange(len(self.ids)).tensor_split(min(parts, len(self.ids))):
            first, last = int(rows[0]), int(rows[-1]) + 1
            inside = (self.positions >= first * length) & (self.positions < last * length)
            if inside.any():
                real = None if self.real is None else self.real[first:last]
                at = self.positions[inside] - first * length
                made.append(
                    replace(self, ids=self.ids[first:last], real=real, positions=at, targets=self.targets[inside])
                )
        return made


class MaskedLanguageStep(TrainStep[int, MaskedBatch]):
    """Steps of masked language modelling: one "epoch" of a fixed number of them. Reports loss and accuracy.

    Args:
        encoder: on its device, trained in place.
        corpus: what it reads.
        steps: optimiser steps; the learning rate rises over the first twentieth and falls to zero at the last.
        rate: highest learning rate.
    """

    model: MaskedWordModel
    figures = 2

    def __init__(self, encoder: Encoder, corpus: Corpus, steps: int, rate: float) -> None:
        self.encoder, self.corpus, self.steps, self.rate = encoder, corpus, steps, rate
        self.device, self.seed = encoder.device, corpus.seed
        with Seeded(corpus.seed + 1):
            self.model = MaskedWordModel(encoder).to(encoder.device)
        self.optimizer = Optimizer(self.model, PlainSettings(rate, weight_decay=0.01, clip_norm=1.0), by_rows=False)
        self.count = max(8, STEP_TOKENS // max(self._mean_length(), 8))

    def plan(self, epoch: int) -> range:
        """See `TrainStep.plan`."""
        return range(self.steps)

    def learning_rate(self, progress: Progress) -> float:
        """Linear warm-up over a twentieth of the steps, then linear decay to zero."""
        warm = min(1.0, (progress.step + 1) / max(self.steps / 20, 1))
        return self.rate * min(warm, max((self.steps - progress.step) / self.steps, 0.0) * 20 / 19)

    def most_parts(self, work: int) -> int:
        """One text each."""
        return self.count

    def batches_of(self, work: int, progress: Progress) -> list[MaskedBatch]:
        """See `TrainStep.batches_of`; on the CPU."""
        return [part for batch in self.examples(work, self.count) for part in batch.divided(progress.pieces)]

    def seed_dropout(self, step: int, part: int) -> None:
        """Once for all batches of a step."""
        if not part:
            super().seed_dropout(step, part)

    def forward(self, batch: MaskedBatch, step: int, total: int) -> tuple[Tensor, Tensor]:
        """See `TrainStep.forward`; figures are loss and accuracy."""
        logits = self.model(batch.ids, batch.real, batch.positions)
        loss = nn.functional.cross_entropy(logits, batch.targets, reduction="sum") / max(total, 1)
        right = (logits.argmax(1) == batch.targets).sum() / max(total, 1)
        return loss, torch.stack([loss.detach(), right])

    def spare_memory(self) -> str:
        """Gradient checkpointing of the encoder."""
        return checkpoint_gradients(self.encoder.bert)

    @torch.inference_mode()
    def accuracy(self) -> float:
        """Share of masked tokens predicted right, on examples drawn apart from training."""
        self.model.eval()
        right = total = 0
        for batch in (batch.to(self.device) for batch in self.examples(-1, MEASURED)):
            predicted = self.model(batch.ids, batch.real, batch.positions).argmax(1)
            right, total = right + int((predicted == batch.targets).sum()), total + len(batch.targets)
        self.model.train()
        return right / max(total, 1)

    def examples(self, step: int, count: int) -> list[MaskedBatch]:
        """The examples of a step on the CPU, texts of like length together."""
        texts, tokenizer = self.corpus.draw(step, count), self.encoder.tokenizer
        most = min(BEHAVIOUR_TOKENS, self.encoder.bert.config.max_position_embeddings)
        tokens = tokenizer(texts, truncation=True, max_length=most, return_attention_mask=False)["input_ids"]
        rng = np.random.default_rng((self.corpus.seed, step + 1, 32))
        made = []
        for rows in batches([len(ids) for ids in tokens], STEP_TOKENS):
            ids, real = padded([tokens[row] for row in rows], tokenizer.pad_token_id)
            masked, positions, targets = (torch.from_numpy(array) for array in mask(ids.numpy(), rng, tokenizer))
            if len(positions):
                made.append(MaskedBatch(masked, real, positions, targets))
        return made

    def _mean_length(self) -> int:
        tokens = self.encoder.tokenizer(self.corpus.draw(-1, 64), truncation=True, max_length=BEHAVIOUR_TOKENS)
        return int(np.mean([len(ids) for ids in tokens["input_ids"]]))


@dataclass
class EncoderProgress:
    """`Progress` of this stage as its checkpoint has it.

    Attributes:
        step: optimiser steps done.
        seconds: training time so far.
        before: accuracy before the first step; -1 before it was measured.
        pieces: parts a step is divided into because of memory.
    """

    step: int = 0
    seconds: float = 0.0
    before: float = -1.0
    pieces: int = 1


class MaskedLanguage(Stage):
    """Step 2 of the method: trains an encoder in place.

    Args:
        encoder, corpus, steps, rate: as `MaskedLanguageStep`.
        folder: where its checkpoint goes.
        emit: takes every event.
        control: looked at before every step.
    """

    step: MaskedLanguageStep

    def __init__(
        self, encoder: Encoder, corpus: Corpus, steps: int, rate: float, folder: Path, emit: Emit, control: Control
    ) -> None:
        self._began_with = encoder.fingerprint
        self.step = MaskedLanguageStep(encoder, corpus, steps, rate)
        self.path, self.emit, self.control = folder / "training.safetensors", emit, control
        self.progress, self.before = Progress(), -1.0

    def run(self, resume: bool) -> tuple[str, float, float]:
        """Train to the end or until stopped.

        Returns:
            "done" or "stopped"; accuracy on held-out examples before and after.

        Raises:
            RecdeskError: the checkpoint does not fit, divergence, or a stop was asked for while the disk was full.
        """
        try:
            return self._run(resume)
        finally:
            use_plain_dropout(self.step.model)  # as in an encoder that was read from its folder

    @property
    def has_checkpoint(self) -> bool:
        """There is something to resume from."""
        return self.path.exists()

    def _run(self, resume: bool) -> tuple[str, float, float]:
        if resume and self.has_checkpoint:
            self.restore()
        if self.before < 0:
            self.before = self.step.accuracy()
        loop = Loop(self, self.emit, self.control)
        if loop.run() == "stopped":
            loop.save()
            return "stopped", self.before, self.before
        return "done", self.before, self.step.accuracy()

    def is_over(self) -> bool:
        """All steps are done."""
        return self.progress.step >= self.step.steps

    def report(self, done: StepDone, figures: list[float]) -> None:
        """See `Stage.report`."""
        loss, accuracy = figures
        event = EncoderStep(done=done.step, of=self.step.steps, loss=loss, accuracy=accuracy, seconds=done.seconds)
        self.emit(event)

    def diverged(self, step: int) -> RecdeskError:
        """See `Stage.diverged`; the last checkpoint stays as it is."""
        return RecdeskError(
            Message("encoder.loss-diverged", step=step),
            Message("encoder.resume-or-skip"),
        )

    @property
    def fingerprint(self) -> str:
        """Names everything that the trained weights depend on, and so what a checkpoint belongs to."""
        corpus = self.step.corpus
        read = hashlib.sha256("\0".join(corpus.filled).encode("utf-8", "surrogatepass")).hexdigest()
        return f"{self._began_with} {self.step.steps} {self.step.rate} {corpus.seed} {len(corpus.histories)} {read}"

    def save(self) -> None:
        """See `Stage.save`."""
        tensors = {f"model.{name}": value for name, value in self.step.model.state_dict().items()}
        progress = asdict(EncoderProgress(self.progress.step, self.progress.seconds, self.before, self.progress.pieces))
        if progress["pieces"] == 1:  # as checkpoints have always been
            del progress["pieces"]
        make_folder(self.path.parent)
        about = {"format": FORMAT, "run": self.fingerprint, "progress": progress}
        save_tensors(self.path, tensors | self.step.optimizer.state(), about)

    def saved(self) -> None:
        """Nothing is said of this stage's checkpoints."""

    def restore(self) -> None:
        """Bring model, optimiser and progress back to where `save` left them.

        Raises:
            RecdeskError: the checkpoint is damaged or belongs to another run.
        """
        tensors, about = load_tensors(self.path)
        if about.get("format") != FORMAT or about.get("run") != self.fingerprint:
            raise RecdeskError(Message("record.other-settings", path=self.path), Message("run.start-new-instead"))
        weights = {name.removeprefix("model."): value for name, value in tensors.items() if name.startswith("model.")}
        try:
            self.step.model.load_state_dict(weights)
            self.step.optimizer.restore(tensors)
        except (RuntimeError, ValueError, KeyError) as error:
            raise RecdeskError(Message("record.encoder-misfit", path=self.path), details=str(error)) from error
        kept = validated(about.get("progress"), EncoderProgress, self.path)
        self.before = kept.before
        self.progress = Progress(batch=kept.step, step=kept.step, seconds=kept.seconds, pieces=kept.pieces)


def mask(
    ids: NDArray[np.int64], rng: np.random.Generator, tokenizer: "object"
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """Choose the tokens to predict and mask them.

    Args:
        ids: int64 [batch, length].
        rng: of the choice.
        tokenizer: of transformers; special tokens are never chosen.

    Returns:
        ids with tokens masked; int64 [m], flat positions to predict; int64 [m], the token ids there.
    """
    special = np.asarray(tokenizer.all_special_ids)  # type: ignore[attr-defined]
    eligible = ~np.isin(ids, special)
    chosen = eligible & (rng.random(ids.shape) < PREDICTED)
    without = ~chosen.any(1) & eligible.any(1)
    for row in np.flatnonzero(without):
        chosen[row, rng.choice(np.flatnonzero(eligible[row]))] = True
    positions = np.flatnonzero(chosen)
    targets = ids.ravel()[positions]
    how = rng.random(len(positions))
    put = np.where(how < 0.8, tokenizer.mask_token_id, targets)  # type: ignore[attr-defined]
    put = np.where(how >= 0.9, rng.integers(0, len(tokenizer), len(positions)), put)  # type: ignore[arg-type]
    masked = ids.copy()
    masked.ravel()[positions] = put
    return masked, positions, targets
