"""The one training loop: for each batch forward, backward, clip, step, average; evaluate; save.

A `Stage` plugs a train step, checkpoints and the reports of its events into it. Pause, stop, time limit, a full disk,
divergence, lack of memory and exact resume are here, once, for all of them.
"""

import math
import time
from abc import ABC, abstractmethod
from dataclasses import dataclass
from itertools import count
from typing import Any, Literal

import torch
from torch import Tensor

from recdesk.core import devices
from recdesk.core.errors import RecdeskError, is_out_of_memory
from recdesk.core.messages import Message
from recdesk.monitor.control import Control
from recdesk.monitor.events import Emit, StateChanged, Warned
from recdesk.training.checkpoints import Progress
from recdesk.training.train_step import HistoryStep, TrainStep
from recdesk.training.waiting import written
from recdesk.training.workers import Workers

CHECKPOINT_SECONDS = 60.0
"""Between checkpoints within an epoch."""


@dataclass(frozen=True)
class StepDone:
    """An optimiser step whose outcome has not been fetched yet.

    Attributes:
        step: its number, from 1.
        epoch: epochs done after it, with their fraction.
        outcome: float [n] on the device: the mean loss, then other figures of the train step.
        rate: learning rate.
        tokens: real items read.
        seconds: training time so far.
    """

    step: int
    epoch: float
    outcome: Tensor
    rate: float
    tokens: int
    seconds: float


class Stage(ABC):
    """A stage of training: what it trains, what it says, where its checkpoints go, when it is over.

    Attributes:
        step: its train step.
        progress: where it stands.
        minutes: training time of the run at which the stage ends; None for no limit.
        max_loss: any loss that is not below it counts as divergence.
    """

    step: TrainStep[Any, Any]
    progress: Progress
    minutes: float | None = None
    max_loss: float = math.inf

    @abstractmethod
    def is_over(self) -> bool:
        """Asked before each epoch."""

    @abstractmethod
    def report(self, done: StepDone, figures: list[float]) -> None:
        """Emit what a step came to: `figures` are its outcome's values."""

    @abstractmethod
    def diverged(self, step: int) -> RecdeskError:
        """The failure to raise after divergence at a step, with the checkpoint left as a resume needs it."""

    @abstractmethod
    def save(self) -> None:
        """Write everything needed to continue exactly here.

        Raises:
            StorageError: the disk is full or gone.
        """

    @abstractmethod
    def saved(self) -> None:
        """Emit that `save` is done."""

    def end_epoch(self, steps: int) -> bool:
        """Emit that an epoch of so many steps is done; whether to evaluate and save."""
        return False

    def evaluate(self) -> None:
        """Validate; keep the weights if they are the best so far."""
        raise NotImplementedError


class Loop:
    """Runs a stage.

    Args:
        stage: what to run.
        emit: takes every event, in this thread.
        control: looked at before every step.
    """

    def __init__(self, stage: Stage, emit: Emit, control: Control) -> None:
        self.stage, self.emit, self.control = stage, emit, control
        self._in_flight: list[StepDone] = []
        self._counted_at = self._saved_at = time.monotonic()

    def run(self) -> Literal["over", "stopped", "time"]:
        """Train until the stage is over, a stop is asked for, or the stage's time is up.

        Raises:
            RecdeskError: the loss diverged, or a stop was asked for while the disk was full.
        """
        stage, step = self.stage, self.stage.step
        while not stage.is_over():
            batches, progress = step.plan(stage.progress.epoch), stage.progress
            step.model.train()
            self._counted_at = time.monotonic()
            while progress.batch < len(batches):
                if self.control.paused:
                    self._pause()
                if interrupted := self._interruption():
                    self._fetch()
                    return interrupted
                step.workers.begin(progress)
                outcome, rate, tokens = take_step(step, batches[progress.batch], progress, self.emit)
                self._count(outcome, rate, tokens, len(batches))
                if self._counted_at - self._saved_at > CHECKPOINT_SECONDS:
                    self.save()
                    self._counted_at = time.monotonic()
            self._fetch()  # on a GPU the time of the last steps passes here
            self._count_seconds()
            evaluate = stage.end_epoch(len(batches))
            if evaluate:
                stage.evaluate()
            progress.epoch, progress.batch, progress.epoch_loss = progress.epoch + 1, 0, 0.0
            if evaluate:
                self.save()
        return "over"

    def save(self) -> None:
        """Write a checkpoint, waiting while the disk is full."""
        self._fetch()  # no weights are kept before their loss is known
        written(self.stage.save, self.emit, self.control)
        self._saved_at = time.monotonic()
        self.stage.saved()

    def _count(self, outcome: Tensor, rate: float, tokens: int, steps: int) -> None:
        """Take a step into account; losses are fetched at once on a CPU, now and then on a GPU."""
        progress = self.stage.progress
        progress.batch += 1
        progress.step += 1
        self._count_seconds()
        epoch = progress.epoch + progress.batch / steps
        self._in_flight.append(StepDone(progress.step, epoch, outcome, rate, tokens, progress.seconds))
        if devices.should_synchronize(self.stage.step.device, len(self._in_flight)):
            self._fetch()

    def _fetch(self) -> None:
        """Fetch and report the outcomes of the steps in flight."""
        if not self._in_flight:
            return
        outcomes = torch.stack([done.outcome for done in self._in_flight]).tolist()
        for done, figures in zip(self._in_flight, outcomes, strict=True):
            if not figures[0] < self.stage.max_loss:
                self._in_flight.clear()
                raise self.stage.diverged(done.step)
            self.stage.progress.epoch_loss += figures[0]
            self.stage.report(done, figures)
        self._in_flight.clear()

    def _count_seconds(self) -> None:
        now = time.monotonic()
        self.stage.progress.seconds, self._counted_at = self.stage.progress.seconds + now - self._counted_at, now

    def _interruption(self) -> Literal["stopped", "time"] | None:
        if self.control.stopped:
            return "stopped"
        minutes = self.stage.minutes
        return "time" if minutes is not None and self.stage.progress.seconds >= 60 * minutes else None

    def _pause(self) -> None:
        """Wait, with everything on disk; pauses are no training time."""
        self._count_seconds()
        self.save()
        self.emit(StateChanged(state="paused"))
        self.control.wait_while_paused()
        self.emit(StateChanged(state="running"))
        self._counted_at = time.monotonic()


def follow(step: HistoryStep[Any], workers: Workers) -> None:
    """Compute a worker's share of each step until the leader, which runs a `Loop`, ends.

    Args:
        step: made as the leader made its own.
        workers: of which this one is not the leader.

    Raises:
        LostWorkerError: the leader or another worker is gone.
    """
    step.workers = workers
    workers.broadcast_state(step.model, step.optimizer)
    step.model.train()
    epoch, plan = -1, step.plan(0)
    while (progress := workers.next_step()) is not None:
        if progress.epoch != epoch:
            epoch, plan = progress.epoch, step.plan(progress.epoch)
        take_step(step, plan[progress.batch], progress, lambda _event: None)


def take_step(step: TrainStep[Any, Any], work: Any, progress: Progress, emit: Emit) -> tuple[Tensor, float, int]:
    """One optimiser step: forward, backward, clip, step, average.

    Args:
        step: what is trained.
        work: an entry of `step.plan`.
        progress: where training stands; only `pieces` is changed, when memory runs out.
        emit: hears of that.

    Returns:
        float [figures], the mean loss first (on the device, not waited for); the learning rate; real items read.
    """
    rate, number = step.learning_rate(progress), progress.step - progress.begin + 1
    outcome, tokens = _forward_backward_in_memory(step, work, progress, emit)
    norm = step.optimizer.clip()
    step.optimizer.step(rate, number)
    step.optimizer.average(number)
    return outcome + 0.0 * norm, rate, tokens  # a gradient that is NaN shows in the loss before its weights are kept


def forward_backward(step: TrainStep[Any, Any], work: Any, progress: Progress) -> tuple[Tensor, int]:
    """Gradients of a step, accumulated over its batches; its outcome and real items read, as `take_step`. Of several
    workers each computes its batches, and has the sums of all."""
    workers = step.workers
    batches = step.batches_of(work, progress)
    total = workers.all_targets(sum(len(batch.targets) for batch in batches))
    step.clear_gradients(batches, progress.step)
    outcome = torch.zeros(step.figures, device=step.device)
    try:
        for part, batch in zip(count(workers.rank, workers.count), batches, strict=False):
            step.seed_dropout(progress.step, part)
            with devices.autocast(step.device):
                loss, figures = step.forward(batch.to(step.device), progress.step, total)
            loss.backward()
            outcome += figures
    except (RuntimeError, MemoryError) as error:
        if is_out_of_memory(error):
            workers.give_up(step.optimizer)
        raise
    return workers.all_reduce(step.optimizer, outcome, sum(batch.tokens for batch in batches))


def _forward_backward_in_memory(
    step: TrainStep[Any, Any], work: Any, progress: Progress, emit: Emit
) -> tuple[Tensor, int]:
    """`forward_backward`; when memory runs out, again with less of it, in the end in twice as many parts."""
    while True:
        try:
            return forward_backward(step, work, progress)
        except (RuntimeError, MemoryError) as error:
            if not is_out_of_memory(error):
                raise
            said = step.spare_memory()
            if not said and progress.pieces >= step.most_parts(work):
                raise
            if not said:
                progress.pieces *= 2
                said = Message("training.step-in-parts", count=progress.pieces)
            emit(Warned(sentence=said))
        devices.release_memory(step.device)  # when the failure, which holds on to tensors, is forgotten
