"""How fast this computer trains: a few real steps, before the person decides."""

import time
from collections.abc import Callable
from dataclasses import dataclass

from recdesk.data.splitting import Split
from recdesk.training.config import BertConfig
from recdesk.training.events import Event

SECONDS = 1.0
"""Measuring ends with the step that passes it."""
MOST_STEPS = 20


@dataclass(frozen=True)
class Calibration:
    """Speed of training with some settings, measured.

    Attributes:
        step_seconds: median time of a step.
        steps_per_epoch: steps of the first epoch.
        tokens_per_second: real items read.
    """

    step_seconds: float
    steps_per_epoch: int
    tokens_per_second: float

    @property
    def epoch_seconds(self) -> float:
        """Time of an epoch without evaluation."""
        return self.step_seconds * self.steps_per_epoch


def calibrate(split: Split, config: BertConfig, cancelled: Callable[[], bool] = lambda: False) -> Calibration | None:
    """Take some training steps of a model that is thrown away; None when cancelled.

    Raises:
        RecdeskError: such data or settings cannot be trained with.
    """
    from recdesk.training.checkpoints import Progress
    from recdesk.training.stepper import Stepper

    if cancelled():
        return None
    stepper, progress = Stepper(split, config), Progress()
    plan = stepper.batches.plan(0)
    stepper.step(plan[0], progress, _ignore)  # the first step of a process also sets things up
    spent: list[float] = []
    read = 0
    while len(spent) < MOST_STEPS and sum(spent) < SECONDS:
        if cancelled():
            return None
        begun = time.perf_counter()
        loss, _, tokens = stepper.step(plan[(1 + len(spent)) % len(plan)], progress, _ignore)
        loss.item()  # a GPU answers before it is done
        read += tokens
        spent.append(time.perf_counter() - begun)
    return Calibration(sorted(spent)[len(spent) // 2], len(plan), read / sum(spent))


def _ignore(_event: Event) -> None:
    pass
