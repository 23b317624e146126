"""Training of a recommender: early stopping on validation NDCG@10, the best weights kept apart."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from recdesk.core import devices
from recdesk.core.errors import RecdeskError
from recdesk.core.messages import Message
from recdesk.data.splitting import Split
from recdesk.evaluation.ranking import evaluate
from recdesk.models.persistence import SavedModel
from recdesk.monitor.control import Control
from recdesk.monitor.events import CheckpointSaved, Emit, Epoch, Evaluated, Plan, Resumed, StageStarted, Step
from recdesk.training.checkpoints import Checkpoints, Progress
from recdesk.training.config import RunConfig
from recdesk.training.loop import Loop, Stage, StepDone
from recdesk.training.plan import validation_users
from recdesk.training.text_stages import starts
from recdesk.training.train_step import HistoryStep
from recdesk.training.waiting import written

DIVERGENCE = 10.0
"""A loss above 10 · log(n_items + 1) counts as divergence: log(n_items) is that of a uniform guess."""
TAKEN_OVER = Message("training.taken-over-unchanged")


@dataclass(frozen=True)
class Outcome:
    """How training ended.

    Attributes:
        model: the best weights, in evaluation mode, on the training device.
        state: "finished" or "stopped".
        reason: a sentence.
        seconds: training time without pauses and evaluation, over all resumptions.
    """

    model: SavedModel
    state: str
    reason: str
    seconds: float


class RecommenderStage(Stage):
    """Trains a recommender with early stopping.

    Args:
        split, config, folder, emit, control: as `recdesk.training.fit.fit`.
        step: the train step.
        name: "training", or "fine-tuning" with checkpoints of its own; the best model of both is in one place.
    """

    step: HistoryStep[Any]

    def __init__(
        self,
        split: Split,
        config: RunConfig,
        folder: Path,
        emit: Emit,
        control: Control,
        step: HistoryStep[Any],
        name: str = "training",
    ) -> None:
        self.split, self.config, self.emit, self.control = split, config, emit, control
        self.folder, self.step, self.name = folder, step, name
        self.model, self.optimizer, self.resolved = step.model, step.optimizer, step.resolved
        last = "last" if name == "training" else name
        self.checkpoints = Checkpoints(folder / "checkpoints", fingerprint(split, config), last)
        self.progress = Progress(positions=step.positions)
        self.final = True
        """No stage follows: resumed after its end, it checks whether there is more to do now."""
        self.minutes = config.minutes
        self.max_loss = DIVERGENCE * math.log(split.dataset.n_items + 1)
        self.validation_users = validation_users(split)

    def run(self, resume: bool) -> Outcome:
        """Train; with `resume` from the last checkpoint of this stage, if there is one.

        Raises:
            RecdeskError: see `fit`.
        """
        loop = Loop(self, self.emit, self.control)
        self._written(lambda: self.checkpoints.create(self.model))
        if resume:
            if self.checkpoints.has_last:
                self.progress = self._restored()
            if self.final or not self.progress.ended:
                self.emit(Resumed(step=self.progress.step))
        if not self.checkpoints.has_last:
            loop.save()
        state, reason = "finished", "" if self.final else self.progress.ended
        if not reason:
            self._announce()
            self.step.workers.broadcast_state(self.model, self.optimizer)
            state, reason = self._train(loop)
            self.progress.ended = reason if state == "finished" else ""
            loop.save()
        if not self.checkpoints.has_best:
            self._save_best({})
        devices.release_memory(self.step.device)  # a step's memory is needed no more
        best = type(self.model).load(self.checkpoints.best).to(self.step.device).eval()
        return Outcome(best, state, reason, self.progress.seconds)

    def release(self) -> None:
        """Drop model and optimiser: the next stage needs their memory."""
        del self.step, self.model, self.optimizer

    def _train(self, loop: Loop) -> tuple[str, str]:
        """Run the loop; the state and the reason of its end."""
        progress = self.progress
        ended = loop.run()
        if ended == "stopped":
            return "stopped", Message("training.stopped-kept")
        if ended == "time":
            if progress.batch and progress.evaluated != progress.step:
                self.evaluate()
            return "finished", Message("training.time-limit", count=round(self.minutes or 0, 2))
        if self._is_patience_over():
            return (
                "finished",
                Message("training.no-improvement", count=progress.since_best, epoch=progress.best_epoch),
            )
        if not self.config.epochs:
            return "finished", TAKEN_OVER if starts(self.config) else Message("training.no-epochs")
        return "finished", Message("training.epochs-done", count=self.config.epochs)

    def _announce(self) -> None:
        parameters = sum(parameter.numel() for parameter in self.model.parameters())
        resolved = self.resolved
        self.emit(
            Plan(
                steps_per_epoch=len(self.step.plan(self.progress.epoch)),
                max_epochs=self.config.epochs,
                patience=self.config.patience,
                minutes=self.minutes,
                parameters=parameters,
                device=devices.describe(self.step.device),
                softmax=resolved.softmax.words,
                full_softmax_bytes=resolved.softmax.full_bytes,
                evaluate_every=resolved.evaluate_every,
                precision=resolved.precision,
                step_tokens=resolved.step_tokens,
                hidden=resolved.hidden,
                dropout=resolved.dropout,
            )
        )
        self.emit(
            StageStarted(
                stage=self.name,
                note=Message("training.weights-and-loss", count=parameters, loss=resolved.softmax.words),
            )
        )

    def is_over(self) -> bool:
        """Early stopping, or all epochs are done."""
        return self._is_patience_over() or self.progress.epoch >= self.config.epochs

    def _is_patience_over(self) -> bool:
        return self.progress.since_best >= self.config.patience and not self.progress.batch

    def report(self, done: StepDone, figures: list[float]) -> None:
        """See `Stage.report`."""
        (loss,) = figures
        self.emit(
            Step(
                step=done.step,
                epoch=done.epoch,
                loss=loss,
                learning_rate=done.rate,
                tokens=done.tokens,
                seconds=done.seconds,
            )
        )

    def diverged(self, step: int) -> RecdeskError:
        """Halve the learning rate in the last checkpoint; the failure to raise."""
        self.progress = self._restored()
        self.progress.rate_scale /= 2
        self._written(self.save)
        self.saved()
        return RecdeskError(
            Message("training.loss-diverged", step=step),
            Message("run.resume-half-rate", step=self.progress.step),
        )

    def end_epoch(self, steps: int) -> bool:
        """See `Stage.end_epoch`."""
        progress = self.progress
        self.emit(
            Epoch(
                epoch=progress.epoch + 1,
                step=progress.step,
                loss=progress.epoch_loss / max(steps, 1),
                seconds=progress.seconds,
            )
        )
        done = progress.epoch + 1
        return done % self.resolved.evaluate_every == 0 or done == self.config.epochs

    def evaluate(self) -> None:
        """Validate; keep the weights if they are the best so far.

        Training continues while either NDCG@10 or the loss improves: NDCG@10 often rises for a moment when a model has
        learned what is popular, falls, and rises for good long after.
        """
        progress = self.progress
        self.model.eval()
        with self.optimizer.averaged(), devices.all_cores():
            self.step.refresh()
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

    def save(self) -> None:
        """See `Stage.save`."""
        self.checkpoints.save_last(self.model, self.optimizer, self.progress)

    def saved(self) -> None:
        """See `Stage.saved`."""
        self.emit(CheckpointSaved(step=self.progress.step))

    def _save_best(self, metrics: dict[str, float]) -> None:
        with self.optimizer.averaged():
            self._written(lambda: self.checkpoints.save_best(self.model, self.progress, metrics))

    def _written(self, write: Callable[[], None]) -> None:
        written(write, self.emit, self.control)

    def _restored(self) -> Progress:
        return self.checkpoints.restore_last(self.model, self.optimizer, self.step.positions)


LATER = {"temperature": 1.0, "times": "ignored", "workers": 1}
"""Settings that came later, with what was done before: checkpoints from before them stay valid."""


def fingerprint(split: Split, config: RunConfig) -> str:
    """Names what a checkpoint belongs to; limits that only decide when training ends may change between resumptions."""
    settings = config.model_dump(exclude={"epochs", "minutes", "patience", "device"})
    for name, usual in LATER.items():
        if settings.get(name) == usual:
            del settings[name]
    return f"{split.protocol.hash} {sorted(settings.items())}"
