"""Step 2 of the method: a text encoder learns the catalogue's language by guessing hidden words.

Masked language modelling as BERT was pretrained (Devlin et al. 2019, section 3.1, Task 1): 15 % of the pieces are
guessed; of these 80 % are hidden, 10 % replaced, 10 % left as they are.
"""

import hashlib
import math
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from transformers.models.bert.modeling_bert import BertPredictionHeadTransform

from recdesk.core import devices
from recdesk.core.devices import to_device
from recdesk.core.errors import DataError, RecdeskError
from recdesk.core.files import make_folder
from recdesk.core.records import fitting
from recdesk.core.tensors import load_tensors, save_tensors
from recdesk.data.histories import Histories
from recdesk.models.dropout import draw_from, use_plain_dropout
from recdesk.monitor.control import Control
from recdesk.monitor.events import Emit, EncoderStep, StateChanged
from recdesk.text.encoder import Encoder, batches, padded, seen
from recdesk.text.item_texts import behaviour_text
from recdesk.text.seeding import Seeded, generator_on
from recdesk.training.waiting import written

GUESSED = 0.15
BEHAVIOUR_SHARE = 0.5
"""Of the examples, texts of what somebody took one after the other; the others are texts of single items."""
BEHAVIOUR_TOKENS = 128
STEP_TOKENS = 2048
PEAK_RATE = 5e-4
"""For an encoder learned from nothing; one that is adapted takes a tenth."""
MEASURED = 256
"""Held-out examples on which accuracy is measured before and after."""
CHECKPOINT_SECONDS = 60.0
FORMAT = 1


class Corpus:
    """Examples to learn a language from, as a function of (seed, step).

    Args:
        texts: of all items.
        histories: what each person trains on; nothing held out may be among it.
        seed: of all that is drawn.
    """

    def __init__(self, texts: Sequence[str], histories: Histories, seed: int) -> None:
        self.texts, self.seed = texts, seed
        self.filled = [text for text in dict.fromkeys(texts) if text]
        if not self.filled:
            raise DataError("No item has a text that an encoder could learn from.", "Import the items' texts.")
        self.histories = histories[np.flatnonzero(histories.lengths >= 2)]

    def draw(self, step: int, count: int) -> list[str]:
        """Examples of a step; step -1 is kept for measuring."""
        rng = np.random.default_rng((self.seed, step + 1, 31))
        behaviour = int(rng.binomial(count, BEHAVIOUR_SHARE)) if len(self.histories) else 0
        chosen = [self.filled[i] for i in rng.integers(0, len(self.filled), count - behaviour)]
        for row in rng.integers(0, max(len(self.histories), 1), behaviour):
            history = self.histories.row(int(row))
            end = int(rng.integers(2, len(history) + 1))
            chosen.append(behaviour_text(self.texts, history[max(0, end - 20) : end], 4 * BEHAVIOUR_TOKENS))
        return chosen


class WordGuesser(nn.Module):
    """BERT's output head for masked words, tied to the encoder's word vectors."""

    def __init__(self, encoder: Encoder) -> None:
        super().__init__()
        self.encoder = encoder
        self.transform = BertPredictionHeadTransform(encoder.bert.config)
        self.bias = nn.Parameter(torch.zeros(encoder.bert.config.vocab_size))

    def forward(self, ids: Tensor, real: Tensor | None, where: Tensor) -> Tensor:
        """Logits over the vocabulary, float [m, pieces], at flat positions `where` of ids [batch, length]."""
        states = self.encoder.bert(input_ids=ids, attention_mask=seen(real)).last_hidden_state
        hidden = self.transform(states.flatten(0, 1).index_select(0, where))
        logits: Tensor = hidden @ self.encoder.bert.embeddings.word_embeddings.weight.T + self.bias
        return logits


@dataclass
class EncoderProgress:
    """Where this step stands: optimiser steps, training seconds, accuracy before the first."""

    step: int = 0
    seconds: float = 0.0
    before: float = -1.0


class MaskedLanguage:
    """Trains an encoder in place.

    Args:
        encoder: on its device.
        corpus: what it reads.
        steps: optimiser steps; the learning rate rises over the first twentieth and falls to zero at the last.
        rate: highest learning rate.
        folder: where its checkpoint goes.
        emit: takes every event.
        control: looked at before every step.
    """

    def __init__(
        self, encoder: Encoder, corpus: Corpus, steps: int, rate: float, folder: Path, emit: Emit, control: Control
    ) -> None:
        self.encoder, self.corpus, self.steps, self.rate = encoder, corpus, steps, rate
        self.path, self.emit, self.control = folder / "training.safetensors", emit, control
        self._began_with = encoder.fingerprint
        with Seeded(corpus.seed + 1):
            self.guesser = WordGuesser(encoder).to(encoder.device)
        self.chance = generator_on(encoder.device)
        draw_from(self.guesser, self.chance)
        decayed = [p for p in self.guesser.parameters() if p.dim() >= 2]
        others = [p for p in self.guesser.parameters() if p.dim() < 2]
        groups = [{"params": decayed, "weight_decay": 0.01}, {"params": others, "weight_decay": 0.0}]
        self.adam = torch.optim.AdamW(groups, lr=rate, betas=(0.9, 0.98), fused=encoder.device.type in ("cpu", "cuda"))
        self.progress = EncoderProgress()
        self.in_flight: list[tuple[int, float, Tensor]] = []
        self.count = max(8, STEP_TOKENS // max(self._mean_length(), 8))

    def run(self, resume: bool) -> tuple[str, float, float]:
        """Train to the end or until stopped.

        Returns:
            "done" or "stopped"; share of held-out words guessed right before and after.

        Raises:
            RecdeskError: the checkpoint does not fit, the loss is no number, or a stop was asked for while the disk was
                full.
        """
        try:
            return self._run(resume)
        finally:
            use_plain_dropout(self.guesser)  # as in an encoder that was read from its folder

    @property
    def has_checkpoint(self) -> bool:
        """There is something to go on from."""
        return self.path.exists()

    def _run(self, resume: bool) -> tuple[str, float, float]:
        if resume and self.has_checkpoint:
            self._restore()
        progress = self.progress
        if progress.before < 0:
            progress.before = self.accuracy()
        saved = started = time.monotonic()
        self.guesser.train()
        while progress.step < self.steps:
            if self.control.paused:
                self._save()
                self.emit(StateChanged(state="paused"))
                self.control.wait_while_paused()
                self.emit(StateChanged(state="running"))
                started = time.monotonic()
            if self.control.stopped:
                self._save()
                return "stopped", progress.before, progress.before
            outcome = self._step()
            progress.step += 1
            now = time.monotonic()
            progress.seconds, started = progress.seconds + now - started, now
            self.in_flight.append((progress.step, progress.seconds, outcome))
            if devices.is_time_to_ask(self.encoder.device, len(self.in_flight)):
                self._tell()
            if now - saved > CHECKPOINT_SECONDS:
                self._save()
                saved = started = time.monotonic()
        self._tell()
        return "done", progress.before, self.accuracy()

    @torch.inference_mode()
    def accuracy(self) -> float:
        """Share of hidden words guessed right, on examples drawn apart from training."""
        self.guesser.eval()
        right = total = 0
        for ids, real, where, what in self._examples(-1, MEASURED):
            guessed = self.guesser(ids, real, where).argmax(1)
            right, total = right + int((guessed == what).sum()), total + len(what)
        self.guesser.train()
        return right / max(total, 1)

    def _step(self) -> Tensor:
        """One optimiser step; its mean loss and the share guessed right (on the device, not waited for)."""
        step, device = self.progress.step, self.encoder.device
        warm = min(1.0, (step + 1) / max(self.steps / 20, 1))
        for group in self.adam.param_groups:
            group["lr"] = self.rate * min(warm, max((self.steps - step) / self.steps, 0.0) * 20 / 19)
        self.chance.manual_seed((self.corpus.seed * 1_000_003 + step) % 2**63)
        self.adam.zero_grad(set_to_none=True)
        examples = self._examples(step, self.count)
        everything = sum(len(what) for *_, what in examples)
        outcome = torch.zeros(2, device=device)
        for ids, real, where, what in examples:
            with devices.autocast(device):
                logits = self.guesser(ids, real, where)
                part = nn.functional.cross_entropy(logits, what, reduction="sum") / max(everything, 1)
            part.backward()
            outcome += torch.stack([part.detach(), (logits.argmax(1) == what).sum() / max(everything, 1)])
        nn.utils.clip_grad_norm_(self.guesser.parameters(), 1.0)
        self.adam.step()
        return outcome

    def _tell(self) -> None:
        """Fetch and tell the outcomes of the steps in flight; no weights are kept before that."""
        if not self.in_flight:
            return
        outcomes = torch.stack([outcome for *_, outcome in self.in_flight]).tolist()
        for (step, seconds, _), (loss, accuracy) in zip(self.in_flight, outcomes, strict=True):
            if not math.isfinite(loss):
                raise RecdeskError(
                    f"The encoder's loss went out of control at step {step}.",
                    "Resume the run from its last checkpoint, or skip this step.",
                )
            self.emit(EncoderStep(done=step, of=self.steps, loss=loss, accuracy=accuracy, seconds=seconds))
        self.in_flight.clear()

    def _examples(self, step: int, count: int) -> list[tuple[Tensor, Tensor | None, Tensor, Tensor]]:
        """Batches of (ids with words hidden, real, flat positions guessed, what stood there), on the device."""
        texts = self.corpus.draw(step, count)
        tokenizer, device = self.encoder.tokenizer, self.encoder.device
        most = min(BEHAVIOUR_TOKENS, self.encoder.bert.config.max_position_embeddings)
        tokens = tokenizer(texts, truncation=True, max_length=most, return_attention_mask=False)["input_ids"]
        rng = np.random.default_rng((self.corpus.seed, step + 1, 32))
        made = []
        for rows in batches([len(ids) for ids in tokens], STEP_TOKENS):
            ids, real = padded([tokens[row] for row in rows], tokenizer.pad_token_id)
            hidden, where, what = hide(ids.numpy(), rng, tokenizer)
            if len(where):
                first, second, third = (to_device(torch.from_numpy(array), device) for array in (hidden, where, what))
                made.append((first, None if real is None else to_device(real, device), second, third))
        return made

    def _mean_length(self) -> int:
        tokens = self.encoder.tokenizer(self.corpus.draw(-1, 64), truncation=True, max_length=BEHAVIOUR_TOKENS)
        return int(np.mean([len(ids) for ids in tokens["input_ids"]]))

    @property
    def fingerprint(self) -> str:
        """Names all that what is learned rests on, and so what a checkpoint belongs to."""
        read = hashlib.sha256("\0".join(self.corpus.filled).encode("utf-8", "surrogatepass")).hexdigest()
        return f"{self._began_with} {self.steps} {self.rate} {self.corpus.seed} {len(self.corpus.histories)} {read}"

    def _save(self) -> None:
        self._tell()
        tensors = {f"model.{name}": value for name, value in self.guesser.state_dict().items()}
        for index, entry in self.adam.state_dict()["state"].items():
            tensors |= {f"optimiser.{index}.{name}": torch.as_tensor(value) for name, value in entry.items()}
        about = {"format": FORMAT, "run": self.fingerprint, "progress": asdict(self.progress)}

        def write() -> None:
            make_folder(self.path.parent)
            save_tensors(self.path, tensors, about)

        written(write, self.emit, self.control)

    def _restore(self) -> None:
        tensors, about = load_tensors(self.path)
        if about.get("format") != FORMAT or about.get("run") != self.fingerprint:
            raise RecdeskError(f"“{self.path}” belongs to a run with other settings.", "Start a new run instead.")
        states: dict[int, dict[str, Tensor]] = {}
        weights = {}
        try:
            for name, value in tensors.items():
                if name.startswith("model."):
                    weights[name.removeprefix("model.")] = value
                else:
                    _, index, key = name.split(".", 2)
                    states.setdefault(int(index), {})[key] = value
            self.guesser.load_state_dict(weights)
            self.adam.load_state_dict({"state": states, "param_groups": self.adam.state_dict()["param_groups"]})
        except (RuntimeError, ValueError, KeyError) as error:
            raise RecdeskError(f"“{self.path}” does not belong to this encoder.", details=str(error)) from error
        self.progress = fitting(about.get("progress"), EncoderProgress, self.path)


def hide(
    ids: NDArray[np.int64], rng: np.random.Generator, tokenizer: "object"
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """Choose words to guess.

    Args:
        ids: int64 [batch, length].
        rng: of the choice.
        tokenizer: of transformers; special pieces are never guessed.

    Returns:
        ids with words hidden; int64 [m], flat positions to guess; int64 [m], what stood there.
    """
    special = np.asarray(tokenizer.all_special_ids)  # type: ignore[attr-defined]
    open_to_guess = ~np.isin(ids, special)
    chosen = open_to_guess & (rng.random(ids.shape) < GUESSED)
    nothing = ~chosen.any(1) & open_to_guess.any(1)
    for row in np.flatnonzero(nothing):
        chosen[row, rng.choice(np.flatnonzero(open_to_guess[row]))] = True
    where = np.flatnonzero(chosen)
    what = ids.ravel()[where]
    how = rng.random(len(where))
    put = np.where(how < 0.8, tokenizer.mask_token_id, what)  # type: ignore[attr-defined]
    put = np.where(how >= 0.9, rng.integers(0, len(tokenizer), len(where)), put)  # type: ignore[arg-type]
    hidden = ids.copy()
    hidden.ravel()[where] = put
    return hidden, where, what
