"""Curves of the text encoder's own training (step 2)."""

import numpy as np
from numpy.typing import NDArray

from recdesk.monitor.events import EncoderStep, StageEnded
from recdesk.monitor.series import Axis, Series


class EncoderCurves:
    """Curves of masked language modelling.

    Attributes:
        loss: mean cross-entropy of the masked tokens, by step.
        accuracy: share of masked tokens predicted, by step.
        held_out: accuracy on held-out texts before and after training; None before the end.
    """

    def __init__(self) -> None:
        self.loss, self.accuracy = Series(), Series()
        self.held_out: tuple[float, float] | None = None
        self._seconds_of = Series()

    def __len__(self) -> int:
        return len(self.loss)

    def add(self, event: EncoderStep) -> None:
        """Append a step; after a resume from a checkpoint, a repeated step replaces all from there on."""
        for series, value in (
            (self.loss, event.loss),
            (self.accuracy, event.accuracy),
            (self._seconds_of, event.seconds),
        ):
            if len(series) and series.x[-1] >= event.done:
                series.truncate_after(event.done - 0.5)
            series.append(event.done, value)

    def end(self, event: StageEnded) -> None:
        """Read the held-out accuracy."""
        if event.before is not None and event.after is not None:
            self.held_out = event.before, event.after

    def positions(self, steps: NDArray[np.float64], axis: Axis) -> NDArray[np.float64]:
        """Convert steps, float64 [n], to an axis: steps, or minutes of training."""
        if axis == "step" or not len(self._seconds_of):
            return steps
        return np.interp(steps, self._seconds_of.x, self._seconds_of.y) / 60.0

    def step_at(self, position: float, axis: Axis) -> float:
        """The inverse of `positions` for one position."""
        if axis == "step" or not len(self._seconds_of):
            return position
        return float(np.interp(position * 60.0, self._seconds_of.y, self._seconds_of.x))
