"""How fast this computer trains: a few real steps, before the person decides."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from recdesk.data.splitting import Split
from recdesk.training.config import BertConfig, RunConfig, TextConfig, TwoTowerConfig
from recdesk.training.events import Event

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from recdesk.training.stepper import Steps

SECONDS = 1.0
"""Measuring ends with the step that passes it."""
MOST_STEPS = 20
WIDEST = 384
"""Of the usual small encoders' vectors."""


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


def calibrate(split: Split, config: RunConfig, cancelled: Callable[[], bool] = lambda: False) -> Calibration | None:
    """Take some training steps of a model that is thrown away; None when cancelled.

    Raises:
        RecdeskError: such data or settings cannot be trained with.
    """
    from recdesk.training.checkpoints import Progress

    if cancelled():
        return None
    stepper, progress = _steps(split, config), Progress()
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


def _steps(split: Split, config: RunConfig) -> "Steps[Any]":
    if isinstance(config, TwoTowerConfig):
        from recdesk.training.towers import TowerSteps

        return TowerSteps.sketch(split, config)
    from recdesk.training.stepper import Stepper

    assert isinstance(config, BertConfig)
    return Stepper(split, config, _texts(split, config))


def _texts(split: Split, config: RunConfig) -> "NDArray[np.float32] | None":
    """Vectors as large as those of the items' texts may be: the time of a step does not depend on what they say."""
    if not isinstance(config, TextConfig):
        return None
    import numpy as np

    shape = (split.dataset.n_items, min(config.text_width, WIDEST))
    return np.random.default_rng(0).standard_normal(shape, dtype=np.float32)


def _ignore(_event: Event) -> None:
    pass
