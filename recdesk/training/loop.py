"""The training loop: a split and a config in, a trained model out, everything said through events."""

import math
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from recdesk.core import devices
from recdesk.core.errors import RecdeskError
from recdesk.data.histories import Histories
from recdesk.data.splitting import Split
from recdesk.evaluation.ranking import evaluate
from recdesk.models.persistence import SavedModel
from recdesk.monitor.control import Control
from recdesk.monitor.events import (
    CheckpointSaved,
    Emit,
    Epoch,
    Evaluated,
    Plan,
    Resumed,
    StageStarted,
    StateChanged,
    Step,
)
from recdesk.training.checkpoints import Checkpoints, Progress
from recdesk.training.config import BertConfig, RunConfig, TwoTowerConfig
from recdesk.training.text_stages import Prepared, starts
from recdesk.training.train_step import DecoderStep, TrainStep
from recdesk.training.waiting import written

VALIDATION_USERS = 2000
CHECKPOINT_SECONDS = 60.0
FINE_TUNING_SHARE = 0.25
"""Of a run's time limit, what is left for fine-tuning where it is wanted; it has also what the decoder did not need."""
EXPLOSION = 10.0
"""A loss so many times that of knowing nothing is a sign that learning went out of control."""
TAKEN_OVER = "Taken over as it is; nothing was learned here."


@dataclass(frozen=True)
class Outcome:
    """How training ended.

    Attributes:
        model: the best weights, in evaluation mode, on the training device.
        state: "finished" or "stopped".
        reason: a sentence.
        seconds: training time, pauses and evaluation excluded, over all resumptions.
    """

    model: SavedModel
    state: str
    reason: str
    seconds: float


def fit(
    split: Split,
    config: RunConfig,
    folder: Path,
    emit: Emit,
    control: Control,
    resume: bool = False,
    texts: Prepared | None = None,
) -> Outcome:
    """Train, with early stopping on validation NDCG@10.

    Args:
        split: what trains and what validates.
        config: the settings.
        folder: where `checkpoints` go; the run's own folder.
        emit: takes every event, in this thread.
        control: looked at before every step.
        resume: go on from `folder`'s last checkpoint; the result equals that of a run never interrupted: on the CPU bit
            for bit, on a GPU as far as two runs of it do, whose sums come in any order.
        texts: the outcome of the steps before, for models that read texts.

    Raises:
        RecdeskError: bad data, a checkpoint that does not fit, a loss that is no number, a full disk.
    """
    from recdesk.training.fine_tuning import fine_tune, is_wanted

    tuned = texts is not None and is_wanted(config)
    decoder = Training(split, config, folder, emit, control, steps_of(split, config, texts))
    decoder.final = not tuned
    if tuned and decoder.minutes is not None:
        decoder.minutes *= 1 - FINE_TUNING_SHARE
    outcome = decoder.run(resume)
    if texts is None or outcome.state == "stopped" or not tuned:
        return outcome
    decoder.forget()
    return fine_tune(decoder, outcome, texts, resume)


def steps_of(split: Split, config: RunConfig, texts: Prepared | None) -> TrainStep[Any]:
    """What learns by these settings.

    Raises:
        RecdeskError: see `DecoderStep`.
    """
    from recdesk.training.towers import TowerStep

    if isinstance(config, TwoTowerConfig):
        assert texts is not None
        return TowerStep.of(split, config, texts)
    assert isinstance(config, BertConfig)
    return DecoderStep(split, config) if texts is None else DecoderStep(split, config, texts.vectors, texts.start)


class Training:
    """A stage of training: steps, evaluations, checkpoints, until something ends it.

    Args:
        split, config, folder, emit, control: as `fit`.
        stepper: takes the steps.
        stage: "training", or "fine-tuning" with checkpoints of its own; the best model of all stages is in one place.
    """

    def __init__(
        self,
        split: Split,
        config: RunConfig,
        folder: Path,
        emit: Emit,
        control: Control,
        stepper: TrainStep[Any],
        stage: str = "training",
    ) -> None:
        self.split, self.config, self.emit, self.control = split, config, emit, control
        self.folder, self.stepper, self.stage = folder, stepper, stage
        self.model, self.updates, self.batches = stepper.model, stepper.updates, stepper.batches
        last = "last" if stage == "training" else stage
        self.checkpoints = Checkpoints(folder / "checkpoints", fingerprint(split, config), last)
        self.progress = Progress(positions=stepper.positions)
        self.final = True
        """No stage follows: resumed after its end, it looks whether there is more to do now."""
        self.minutes = config.minutes
        """Training time of the run at which this stage ends; None for no limit."""
        self.validation_users = _validation_users(split)
        self.evaluate_every = stepper.evaluate_every(self._validation_lengths())
        self.in_flight: list[tuple[int, float, torch.Tensor, float, int, float]] = []
        self.saved_at = time.monotonic()
        self.explosion = EXPLOSION * math.log(split.dataset.n_items + 1)

    def run(self, resume: bool) -> Outcome:
        """Train; with `resume` from the last checkpoint of this stage, if there is one."""
        self._written(lambda: self.checkpoints.create(self.model))
        if resume:
            if self.checkpoints.has_last:
                self.progress = self._restored()
            if self.final or not self.progress.ended:
                self.emit(Resumed(step=self.progress.step))
        if not self.checkpoints.has_last:
            self._save_last()
        state, reason = "finished", "" if self.final else self.progress.ended
        if not reason:
            self._announce()
            state, reason = self._epochs()
            self.progress.ended = reason if state == "finished" else ""
            self._save_last()
        if not self.checkpoints.has_best:
            self._save_best({})
        devices.release_memory(self.stepper.device)  # a step's memory is needed no more
        best = type(self.model).load(self.checkpoints.best).to(self.stepper.device).eval()
        return Outcome(best, state, reason, self.progress.seconds)

    def forget(self) -> None:
        """Let go of what learned here: its memory is needed by what comes next."""
        del self.stepper, self.model, self.updates, self.batches

    def _announce(self) -> None:
        plan = self.batches.plan(self.progress.epoch)
        parameters = sum(parameter.numel() for parameter in self.model.parameters())
        self.emit(
            Plan(
                steps_per_epoch=len(plan),
                max_epochs=self.config.epochs,
                patience=self.config.patience,
                minutes=self.minutes,
                parameters=parameters,
                device=devices.describe(self.stepper.device),
                softmax=self.stepper.softmax.words,
                full_softmax_bytes=self.stepper.softmax.full_bytes,
                evaluate_every=self.evaluate_every,
            )
        )
        self.emit(StageStarted(stage=self.stage, note=f"{parameters:,} weights, {self.stepper.softmax.words}."))

    def _epochs(self) -> tuple[str, str]:
        """Train until something ends it; the state and the reason."""
        progress = self.progress
        while True:
            if progress.since_best >= self.config.patience and not progress.batch:
                return (
                    "finished",
                    f"No improvement in {progress.since_best} evaluations; epoch {progress.best_epoch} was best.",
                )
            if progress.epoch >= self.config.epochs:
                break
            plan = self.batches.plan(progress.epoch)
            ended = self._epoch(plan)
            if ended == "stopped":
                return "stopped", "Stopped; everything up to here is kept."
            if ended == "time":
                if progress.batch and progress.evaluated != progress.step:
                    self._evaluate()
                return "finished", f"The time limit of {round(self.minutes or 0, 2):g} minutes is reached."
            self._end_epoch(len(plan))
        if not self.config.epochs:
            return "finished", TAKEN_OVER if starts(self.config) else "Nothing was learned: no epoch was asked for."
        return "finished", f"All {self.config.epochs} epochs are done."

    def _epoch(self, plan: list[Histories]) -> str:
        """Steps of one epoch from where it stands: "done", "stopped" or "time"."""
        progress = self.progress
        self.model.train()
        started = time.monotonic()
        while progress.batch < len(plan):
            if self.control.paused:
                started = self._pause(started)
            if self.control.stopped:
                self._flush()
                return "stopped"
            if self.minutes is not None and progress.seconds >= 60 * self.minutes:
                self._flush()
                return "time"
            loss, rate, tokens = self.stepper.step(plan[progress.batch], progress, self.emit)
            progress.batch += 1
            progress.step += 1
            now = time.monotonic()
            progress.seconds, started = progress.seconds + now - started, now
            at = progress.epoch + progress.batch / len(plan)
            self.in_flight.append((progress.step, at, loss, rate, tokens, progress.seconds))
            if devices.is_time_to_ask(self.stepper.device, len(self.in_flight)):
                self._flush()
            if now - self.saved_at > CHECKPOINT_SECONDS:
                self._save_last()
                started = time.monotonic()
        self._flush()  # on a GPU the time of the last steps passes here
        progress.seconds += time.monotonic() - started
        return "done"

    def _flush(self) -> None:
        """Fetch and tell the losses of the steps in flight."""
        if not self.in_flight:
            return
        losses = torch.stack([entry[2] for entry in self.in_flight]).tolist()
        for (step, epoch, _, rate, tokens, seconds), loss in zip(self.in_flight, losses, strict=True):
            if not loss < self.explosion:
                self.in_flight.clear()
                raise self._out_of_control(step)
            self.progress.epoch_loss += loss
            self.emit(Step(step=step, epoch=epoch, loss=loss, learning_rate=rate, tokens=tokens, seconds=seconds))
        self.in_flight.clear()

    def _out_of_control(self, step: int) -> RecdeskError:
        """Prepare the last checkpoint for going on more gently; the failure to raise."""
        self.progress = self._restored()
        self.progress.rate_scale /= 2
        self._save_last()
        return RecdeskError(
            f"The loss went out of control at step {step}.",
            f"Resume the run: it goes on from step {self.progress.step} with half the learning rate. "
            "The best model so far is kept.",
        )

    def _end_epoch(self, steps: int) -> None:
        progress = self.progress
        self.emit(
            Epoch(
                epoch=progress.epoch + 1,
                step=progress.step,
                loss=progress.epoch_loss / max(steps, 1),
                seconds=progress.seconds,
            )
        )
        due = (progress.epoch + 1) % self.evaluate_every == 0 or progress.epoch + 1 == self.config.epochs
        if due:
            self._evaluate()
        progress.epoch, progress.batch, progress.epoch_loss = progress.epoch + 1, 0, 0.0
        if due:
            self._save_last()

    def _evaluate(self) -> None:
        """Validate; keep the weights if they are the best so far.

        Learning goes on while either NDCG@10 or the loss improves: NDCG@10 often rises for a moment when a model has
        found out what is popular, falls, and rises for good long after.
        """
        progress = self.progress
        self.model.eval()
        with self.updates.averaged():
            self.stepper.refresh()
            result = evaluate(self.model, self.split, "validation", self.validation_users)
        assert result is not None
        self.model.train()
        metrics = result.ranks.summary()
        best, better_loss = metrics["ndcg@10"] > progress.best, result.loss < progress.best_loss
        progress.best_loss = min(progress.best_loss, result.loss)
        progress.since_best = 0 if best or better_loss else progress.since_best + 1
        progress.evaluated = progress.step
        if best:
            progress.best, progress.best_epoch = metrics["ndcg@10"], progress.epoch + 1
            self._save_best(metrics)
        self.emit(
            Evaluated(
                epoch=progress.epoch + 1,
                step=progress.step,
                loss=result.loss,
                metrics=metrics,
                best=best,
                since_best=progress.since_best,
                seconds=progress.seconds,
            )
        )

    def _save_best(self, metrics: dict[str, float]) -> None:
        with self.updates.averaged():
            self._written(lambda: self.checkpoints.save_best(self.model, self.progress, metrics))

    def _save_last(self) -> None:
        self._flush()
        self._written(lambda: self.checkpoints.save_last(self.model, self.updates, self.progress))
        self.saved_at = time.monotonic()
        self.emit(CheckpointSaved(step=self.progress.step))

    def _written(self, write: Callable[[], None]) -> None:
        written(write, self.emit, self.control)

    def _restored(self) -> Progress:
        return self.checkpoints.restore_last(self.model, self.updates, self.stepper.positions)

    def _pause(self, started: float) -> float:
        """Wait; pauses are no training time. Everything is on disk meanwhile."""
        self.progress.seconds += time.monotonic() - started
        self._save_last()
        self.emit(StateChanged(state="paused"))
        self.control.wait_while_paused()
        self.emit(StateChanged(state="running"))
        return time.monotonic()

    def _validation_lengths(self) -> NDArray[np.int64]:
        targets = self.split.validation[self.validation_users]
        return targets - self.split.dataset.offsets[self.validation_users]


def fingerprint(split: Split, config: RunConfig) -> str:
    """Names what a checkpoint belongs to; limits that only say when to end may change between resumptions."""
    settings = config.model_dump(exclude={"epochs", "minutes", "patience", "device"})
    if settings.get("temperature") == 1.0:  # a setting that came later: checkpoints from before it stay good
        del settings["temperature"]
    return f"{split.protocol.hash} {sorted(settings.items())}"


def _validation_users(split: Split) -> NDArray[np.int64]:
    users = np.flatnonzero(split.validation >= 0)
    if len(users) <= VALIDATION_USERS:
        return users
    return np.sort(np.random.default_rng(split.protocol.seed).choice(users, VALIDATION_USERS, replace=False))
