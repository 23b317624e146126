"""Curves of a run, kept so that a million steps draw as fast as a hundred."""

from collections import deque
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from recdesk.training.events import BaselineScored, Epoch, Evaluated, Event, Finished, Plan, Resumed, Step

Axis = Literal["step", "epoch", "time"]
Points = tuple[NDArray[np.float64], NDArray[np.float64]]
FANOUT = 8
"""Points of one level of the pyramid that become one pair of the next."""


class Series:
    """Growing (x, y) points, x ascending, with minima and maxima of ever larger stretches beside.

    A window of any width is drawn from the level whose stretches are just finer than a pixel, so the cost depends on
    the pixels and not on the points; peaks are never lost.
    """

    def __init__(self) -> None:
        self._x, self._y = np.empty(256), np.empty(256)
        self._size = 0
        self._low: list[NDArray[np.float64]] = []
        self._high: list[NDArray[np.float64]] = []
        self._done: list[int] = []

    def __len__(self) -> int:
        return self._size

    @property
    def x(self) -> NDArray[np.float64]:
        """float64 [n], a view."""
        return self._x[: self._size]

    @property
    def y(self) -> NDArray[np.float64]:
        """float64 [n], a view."""
        return self._y[: self._size]

    def append(self, x: float, y: float) -> None:
        """Add a point behind the last."""
        if self._size == len(self._x):
            self._x, self._y = _doubled(self._x), _doubled(self._y)
        self._x[self._size], self._y[self._size] = x, y
        self._size += 1

    def truncate_after(self, x: float) -> None:
        """Forget every point behind x."""
        self._size = int(np.searchsorted(self.x, x, side="right"))
        self._done = [min(done, self._size // FANOUT ** (level + 1)) for level, done in enumerate(self._done)]

    def window(self, low: float, high: float, points: int) -> Points:
        """What to draw between two x: at most about 2 × `points` points, the extremes of each stretch among them."""
        begin = max(int(np.searchsorted(self.x, low, side="left")) - 1, 0)
        end = min(int(np.searchsorted(self.x, high, side="right")) + 1, self._size)
        level, stretch = -1, 1
        while (end - begin) / (stretch * FANOUT) >= points:
            level, stretch = level + 1, stretch * FANOUT
        if level < 0:
            if end - begin <= 2 * points:
                return self.x[begin:end], self.y[begin:end]
            level, stretch = 0, FANOUT
        self._build(level)
        first, last = begin // stretch, min(end // stretch, self._done[level])
        x = np.repeat(self.x[first * stretch : last * stretch : stretch], 2)
        y = np.stack([self._low[level][first:last], self._high[level][first:last]], axis=1).ravel()
        tail = slice(last * stretch, end)  # the stretch that is still growing, and the edge
        if end - last * stretch > 2 * FANOUT:
            return _with_extremes(x, y, self.x[tail], self.y[tail])
        return np.concatenate([x, self.x[tail]]), np.concatenate([y, self.y[tail]])

    def _build(self, level: int) -> None:
        """Bring the levels up to date; only what was added since costs anything."""
        for current in range(level + 1):
            if current == len(self._done):
                self._low.append(np.empty(64))
                self._high.append(np.empty(64))
                self._done.append(0)
            source_low, source_high = (
                (self.y, self.y) if current == 0 else (self._low[current - 1], self._high[current - 1])
            )
            ready = (self._size if current == 0 else self._done[current - 1]) // FANOUT
            done = self._done[current]
            if ready <= done:
                continue
            while len(self._low[current]) < ready:
                self._low[current], self._high[current] = _doubled(self._low[current]), _doubled(self._high[current])
            part = slice(done * FANOUT, ready * FANOUT)
            self._low[current][done:ready] = source_low[part].reshape(-1, FANOUT).min(1)
            self._high[current][done:ready] = source_high[part].reshape(-1, FANOUT).max(1)
            self._done[current] = ready


class Smoothed:
    """An exponential moving average of another series, corrected for its start (Kingma & Ba 2015, section 3)."""

    def __init__(self, source: Series, weight: float = 0.9) -> None:
        self.source = source
        self.weight = weight
        self.series = Series()
        self._mean = 0.0
        self._share = 1.0

    def set_weight(self, weight: float) -> None:
        """Change how much of the past counts (0 for none, towards 1 for more)."""
        if weight != self.weight:
            self.weight = weight
            self.restart()

    def restart(self) -> None:
        """Begin again, after the source lost points."""
        self.series, self._mean, self._share = Series(), 0.0, 1.0

    def update(self) -> Series:
        """Take in what the source has gained."""
        if len(self.source) < len(self.series):
            self.restart()
        x, y = self.source.x, self.source.y
        for index in range(len(self.series), len(self.source)):
            self._mean = self.weight * self._mean + (1 - self.weight) * float(y[index])
            self._share *= self.weight
            self.series.append(float(x[index]), self._mean / (1 - self._share) if self._share < 1 else float(y[index]))
        return self.series


class RunCurves:
    """What the events of a run draw.

    Attributes:
        train_loss: by step.
        validation_loss: by step.
        metrics: by name ("ndcg@10", "recall@10"), by step.
        baselines: validation figures by baseline, then metric.
        plan: what the run said it will do, or None.
        epochs: epochs done, fractional.
        best: (epoch, step, ndcg@10) of the best evaluation, or None.
        since_best: evaluations without improvement.
        seconds: training time.
        finished: the last word of the run, or None.
    """

    def __init__(self) -> None:
        self.train_loss = Series()
        self.validation_loss = Series()
        self.metrics: dict[str, Series] = {"ndcg@10": Series(), "recall@10": Series()}
        self.baselines: dict[str, dict[str, float]] = {}
        self.plan: Plan | None = None
        self.epochs = 0.0
        self.best: tuple[int, int, float] | None = None
        self.since_best = 0
        self.seconds = 0.0
        self.finished: Finished | None = None
        self._epoch_of, self._seconds_of = Series(), Series()
        self._recent: deque[tuple[float, int]] = deque(maxlen=200)
        self._from: tuple[float, float] | None = None  # (seconds, epochs) where this session began

    @property
    def step(self) -> int:
        """Steps done."""
        return int(self.train_loss.x[-1]) if len(self.train_loss) else 0

    def add(self, event: Event) -> None:
        """Take an event in."""
        match event:
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
        """Baselines to draw beside a metric: the most popular and the strongest."""
        values = {name: figures[metric] for name, figures in self.baselines.items() if metric in figures}
        strongest = max(values, key=lambda name: values[name], default="")
        return [(name, value) for name, value in values.items() if name in ("most popular", strongest)]

    def positions(self, steps: NDArray[np.float64], axis: Axis) -> NDArray[np.float64]:
        """Steps as the x axis wants them: steps, epochs, or minutes of training."""
        if axis == "step" or not len(self._epoch_of):
            return steps
        known = self._epoch_of if axis == "epoch" else self._seconds_of
        values = np.interp(steps, known.x, known.y)
        return values if axis == "epoch" else values / 60.0

    def step_at(self, position: float, axis: Axis) -> float:
        """The inverse of `positions` for one place."""
        if axis == "step" or not len(self._epoch_of):
            return position
        known = self._epoch_of if axis == "epoch" else self._seconds_of
        return float(np.interp(position if axis == "epoch" else position * 60.0, known.y, known.x))

    def throughput(self) -> float:
        """Real items read a second, over the last steps."""
        if len(self._recent) < 2:
            return 0.0
        seconds = self._recent[-1][0] - self._recent[0][0]
        return sum(tokens for _, tokens in list(self._recent)[1:]) / seconds if seconds > 0 else 0.0

    def seconds_left(self) -> float | None:
        """At most so long from now, by the pace of this session; None before it is known."""
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

    def seconds_per_epoch(self) -> float | None:
        """Pace of this session; None before it is known."""
        if self._from is None or self.epochs <= self._from[1]:
            return None
        return (self.seconds - self._from[0]) / (self.epochs - self._from[1])

    def share_done(self) -> float:
        """Of the epochs or the minutes allowed, whichever is further, 0..1."""
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
        self._recent.append((event.seconds, event.tokens))
        self.epochs, self.seconds = event.epoch, event.seconds

    def _go_back(self, step: int) -> None:
        every = (self.train_loss, self.validation_loss, self._epoch_of, self._seconds_of, *self.metrics.values())
        for series in every:
            series.truncate_after(step)
        self.epochs = float(self._epoch_of.y[-1]) if len(self._epoch_of) else 0.0
        self.seconds = float(self._seconds_of.y[-1]) if len(self._seconds_of) else 0.0
        if self.best is not None and self.best[1] > step:
            self.best = None
        self.finished, self._from = None, None
        self._recent.clear()


def _doubled(array: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.concatenate([array, np.empty_like(array)])


def _with_extremes(
    x: NDArray[np.float64], y: NDArray[np.float64], tail_x: NDArray[np.float64], tail_y: NDArray[np.float64]
) -> Points:
    """The points and the least, greatest and last of a long tail."""
    places = np.unique([int(tail_y.argmin()), int(tail_y.argmax()), len(tail_y) - 1])
    return np.concatenate([x, tail_x[places]]), np.concatenate([y, tail_y[places]])
