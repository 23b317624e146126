"""Growing curves that draw in the same time for a hundred points as for a million, and their smoothing."""

import math
from typing import Literal

import numpy as np
from numpy.typing import NDArray

Axis = Literal["step", "epoch", "time"]
Points = tuple[NDArray[np.float64], NDArray[np.float64]]
FANOUT = 8
"""Points of a pyramid level that a (minimum, maximum) pair of the next level stands for."""
_NOTHING = 1e-20
"""Weight below which an old point changes no digit of a moving average; denormal numbers would be slow."""


class Series:
    """Growing (x, y) points, x ascending, with a pyramid of minima and maxima over ever longer runs of points.

    A window is drawn from the level whose runs are just finer than a pixel, so that the cost depends on the pixels and
    not on the points, and no peak is lost.

    Attributes:
        cuts: number of calls of `truncate_after`.
    """

    def __init__(self) -> None:
        self.cuts = 0
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
        """Append a point."""
        if self._size == len(self._x):
            self._x, self._y = _doubled(self._x), _doubled(self._y)
        self._x[self._size], self._y[self._size] = x, y
        self._size += 1

    def extend(self, x: NDArray[np.float64], y: NDArray[np.float64]) -> None:
        """Append points, float64 [k] each."""
        size = self._size + len(x)
        while len(self._x) < size:
            self._x, self._y = _doubled(self._x), _doubled(self._y)
        self._x[self._size : size], self._y[self._size : size] = x, y
        self._size = size

    def truncate_after(self, x: float) -> None:
        """Remove all points beyond x."""
        self.cuts += 1
        self._size = int(np.searchsorted(self.x, x, side="right"))
        self._done = [min(done, self._size // FANOUT ** (level + 1)) for level, done in enumerate(self._done)]

    def window(self, low: float, high: float, points: int) -> Points:
        """Points to draw between two x: at most about 2 × `points`, among them the extremes of each run of points."""
        begin = max(int(np.searchsorted(self.x, low, side="left")) - 1, 0)
        end = min(int(np.searchsorted(self.x, high, side="right")) + 1, self._size)
        level, run = -1, 1
        while (end - begin) / (run * FANOUT) >= points:
            level, run = level + 1, run * FANOUT
        if level < 0:
            if end - begin <= 2 * points:
                return self.x[begin:end], self.y[begin:end]
            level, run = 0, FANOUT
        self._build(level)
        first, last = begin // run, min(end // run, self._done[level])
        x = np.repeat(self.x[first * run : last * run : run], 2)
        y = np.stack([self._low[level][first:last], self._high[level][first:last]], axis=1).ravel()
        tail = slice(last * run, end)  # the run that is still growing, and the edge
        if end - last * run > 2 * FANOUT:
            return _with_extremes(x, y, self.x[tail], self.y[tail])
        return np.concatenate([x, self.x[tail]]), np.concatenate([y, self.y[tail]])

    def _build(self, level: int) -> None:
        """Extend the levels by the points added since the last call."""
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
        self._mean = 0.0  # of all points so far, not corrected
        self._cuts = source.cuts

    def set_weight(self, weight: float) -> None:
        """Set the weight of the past, 0 (no smoothing) to below 1."""
        if weight != self.weight:
            self.weight = weight
            self.restart()

    def restart(self) -> None:
        """Recompute from the first point at the next `update`."""
        self.series, self._mean, self._cuts = Series(), 0.0, self.source.cuts

    def update(self) -> Series:
        """Extend by the points that the source gained, and return the averages."""
        if self.source.cuts != self._cuts:
            self.restart()
        known = len(self.series)
        if known < len(self.source):
            self._take(self.source.x[known:], self.source.y[known:], known)
        return self.series

    def _take(self, x: NDArray[np.float64], y: NDArray[np.float64], known: int) -> None:
        """Append the averages of new points, float64 [k] each; `known` points came before.

        pandas' `ewm` gives the corrected average of the new points alone; the earlier ones join with what is left of
        their weight. `scipy.signal.lfilter` is no faster (0.14 s for a million points, as this) and takes 0.9 s to
        import, in which the window would stand still.
        """
        import pandas as pd

        new = pd.Series(y).ewm(alpha=1 - self.weight).mean().to_numpy()
        left = np.zeros(len(y))
        far = math.ceil(math.log(_NOTHING, self.weight)) if self.weight else 0
        left[:far] = self.weight ** np.arange(1, min(far, len(y)) + 1)
        means = left * self._mean + (1 - left) * new
        self._mean = float(means[-1])
        self.series.extend(x, means / (1 - left * self.weight**known))


def _doubled(array: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.concatenate([array, np.empty_like(array)])


def _with_extremes(
    x: NDArray[np.float64], y: NDArray[np.float64], tail_x: NDArray[np.float64], tail_y: NDArray[np.float64]
) -> Points:
    """Append the minimum, the maximum and the last point of a long tail."""
    shown = np.unique([int(tail_y.argmin()), int(tail_y.argmax()), len(tail_y) - 1])
    return np.concatenate([x, tail_x[shown]]), np.concatenate([y, tail_y[shown]])
