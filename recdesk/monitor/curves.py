"""Curves and progress of a run, computed from its events."""

from typing import Literal

import numpy as np
from numpy.typing import NDArray

from recdesk.monitor.encoder_curves import EncoderCurves
from recdesk.monitor.events import (
    BaselineScored,
    CheckpointSaved,
    EncoderStep,
    Epoch,
    Evaluated,
    Event,
    Finished,
    Load,
    Plan,
    Resumed,
    StageEnded,
    StageStarted,
    StateChanged,
    Step,
    Warned,
)
from recdesk.monitor.five_steps import FiveSteps
from recdesk.monitor.series import Axis, Series

Mark = Literal["checkpoint", "paused", "resumed"]
MARKS: tuple[Mark, ...] = ("checkpoint", "paused", "resumed")
LoadName = Literal["memory", "cpu", "gpu"]
LOADS: tuple[LoadName, ...] = ("memory", "cpu", "gpu")
LEARNING = ("training", "fine-tuning")
"""Stages in which the recommender itself is trained."""


class RunCurves:
    """Curves and progress of a run.

    Attributes:
        train_loss: by step.
        validation_loss: by step.
        metrics: by name ("ndcg@10", "recall@10", "mrr"), by step.
        load: memory in GB ("memory"), share of the CPUs in percent ("cpu") and GPU memory in GB ("gpu"), by step.
        marks: steps at which a checkpoint was saved, and the run was paused and resumed.
        baselines: validation figures by baseline, then metric.
        caveats: sentences to show beside these figures.
        plan: see `Plan`; None before it.
        learning: whether the recommender is being trained, not a stage before or after.
        holding: whether the run waits for its folder, which is full or missing.
        epochs: epochs done, fractional.
        best: (epoch, step, ndcg@10) of the best evaluation, or None.
        since_best: evaluations without improvement.
        seconds: training time.
        finished: the last event, or None.
        encoder: curves of the text encoder's own training; empty where there is none.
        damaged_lines: number of unreadable lines of the log.
        method: progress through the five steps.
    """

    def __init__(self) -> None:
        self.train_loss = Series()
        self.validation_loss = Series()
        self.metrics: dict[str, Series] = {"ndcg@10": Series(), "recall@10": Series(), "mrr": Series()}
        self.load: dict[LoadName, Series] = {name: Series() for name in LOADS}
        self.marks: dict[Mark, list[int]] = {mark: [] for mark in MARKS}
        self.baselines: dict[str, dict[str, float]] = {}
        self.caveats: list[str] = []
        self.plan: Plan | None = None
        self.learning = self.holding = False
        self.epochs = 0.0
        self.damaged_lines = 0
        self.best: tuple[int, int, float] | None = None
        self.since_best = 0
        self.seconds = 0.0
        self.finished: Finished | None = None
        self.encoder, self.method = EncoderCurves(), FiveSteps()
        self._epoch_of, self._seconds_of = Series(), Series()
        self._from: tuple[float, float] | None = None  # (seconds, epochs) where this session began

    @property
    def step(self) -> int:
        """Steps done."""
        return int(self.train_loss.x[-1]) if len(self.train_loss) else 0

    def add(self, event: Event) -> None:
        """Update with the next event."""
        self.method.add(event)
        match event:
            case EncoderStep():
                self.encoder.add(event)
            case StageEnded(stage="encoder"):
                self.encoder.end(event)
            case StageStarted():
                self.learning = event.stage in LEARNING
            case Warned(about="figures"):
                self.caveats = list(dict.fromkeys((*self.caveats, event.sentence)))
            case Warned(urgent=True):
                self.holding = True
            case StateChanged():
                self._change_state(event.state)
            case CheckpointSaved():
                self.marks["checkpoint"].append(event.step)
            case Load():
                self._add_load(event)
            case Step():
                self._add_step(event)
            case Evaluated():
                self.validation_loss.append(event.step, event.loss)
                for name, series in self.metrics.items():
                    series.append(event.step, event.metrics.get(name, float("nan")))
                self.since_best = event.since_best
                if event.best:
                    self.best = (event.epoch, event.step, event.metrics["ndcg@10"])
            case Epoch():
                self.epochs = float(event.epoch)
            case Plan():
                self.plan = event
            case BaselineScored():
                self.baselines[event.name] = event.metrics.get("validation", {})
            case Resumed():
                self._go_back(event.step)
            case Finished():
                self.finished = event

    def references(self, metric: str) -> list[tuple[str, float]]:
        """Names and values of the baselines to draw beside a metric: most popular, and the strongest."""
        values = {name: figures[metric] for name, figures in self.baselines.items() if metric in figures}
        strongest = max(values, key=lambda name: values[name], default="")
        return [(name, value) for name, value in values.items() if name in ("most popular", strongest)]

    def positions(self, steps: NDArray[np.float64], axis: Axis) -> NDArray[np.float64]:
        """Convert steps, float64 [n], to an axis: steps, epochs, or minutes of training."""
        if axis == "step" or not len(self._epoch_of):
            return steps
        known = self._epoch_of if axis == "epoch" else self._seconds_of
        values = np.interp(steps, known.x, known.y)
        return values if axis == "epoch" else values / 60.0

    def step_at(self, position: float, axis: Axis) -> float:
        """The inverse of `positions` for one position."""
        if axis == "step" or not len(self._epoch_of):
            return position
        known = self._epoch_of if axis == "epoch" else self._seconds_of
        return float(np.interp(position if axis == "epoch" else position * 60.0, known.y, known.x))

    def seconds_left(self) -> float | None:
        """Estimated upper bound of the remaining time, by the pace of this session; None before it is known."""
        if self.plan is None or self._from is None or self.finished is not None:
            return None
        begun, done = self._from
        worked, moved = self.seconds - begun, self.epochs - done
        if worked < 2.0 or moved <= 0:
            return None
        left = (self.plan.max_epochs - self.epochs) * worked / moved
        if self.plan.minutes is not None:
            left = min(left, self.plan.minutes * 60 - self.seconds)
        return max(left, 0.0)

    def seconds_without_better(self) -> float | None:
        """Training time until early stopping ends the run if no evaluation is better any more; None before it is
        known."""
        pace = self.seconds_per_epoch()
        if self.plan is None or pace is None or self.finished is not None or not len(self.validation_loss):
            return None
        left = (self.plan.patience - self.since_best) * self.plan.evaluate_every
        since = self.epochs - float(self.positions(self.validation_loss.x[-1:], "epoch")[0])
        return max((left - since) * pace, 0.0)

    def seconds_per_epoch(self) -> float | None:
        """Mean of this session; None before the first step."""
        if self._from is None or self.epochs <= self._from[1]:
            return None
        return (self.seconds - self._from[0]) / (self.epochs - self._from[1])

    def share_done(self) -> float:
        """Share of the allowed epochs or minutes, whichever is larger, 0..1."""
        if self.finished is not None:
            return 1.0
        if self.plan is None:
            return 0.0
        share = self.epochs / self.plan.max_epochs
        if self.plan.minutes is not None:
            share = max(share, self.seconds / 60 / self.plan.minutes)
        return min(share, 1.0)

    def _add_step(self, event: Step) -> None:
        if self._from is None:
            self._from = (event.seconds, event.epoch)
        self.train_loss.append(event.step, event.loss)
        self._epoch_of.append(event.step, event.epoch)
        self._seconds_of.append(event.step, event.seconds)
        self.epochs, self.seconds = event.epoch, event.seconds

    def _add_load(self, event: Load) -> None:
        self.load["memory"].append(event.step, event.memory / 1e9)
        self.load["cpu"].append(event.step, 100 * event.cpu)
        if event.gpu_memory is not None:
            self.load["gpu"].append(event.step, event.gpu_memory / 1e9)

    def _change_state(self, state: str) -> None:
        if state == "running":
            self.holding = False
            if len(self.marks["paused"]) > len(self.marks["resumed"]):
                self.marks["resumed"].append(self.step)
        elif state == "paused":
            self.marks["paused"].append(self.step)

    def _go_back(self, step: int) -> None:
        self.marks = {mark: [at for at in steps if at <= step] for mark, steps in self.marks.items()}
        self.marks["resumed"].append(step)
        every = (self.train_loss, self.validation_loss, self._epoch_of, self._seconds_of, *self.metrics.values())
        for series in (*every, *self.load.values()):
            series.truncate_after(step)
        self.epochs = float(self._epoch_of.y[-1]) if len(self._epoch_of) else 0.0
        self.seconds = float(self._seconds_of.y[-1]) if len(self._seconds_of) else 0.0
        if self.best is not None and self.best[1] > step:
            self.best = None
        self.finished, self._from = None, None
