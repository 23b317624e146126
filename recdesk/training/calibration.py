"""Measures training speed on this computer: a few real steps, before the person decides."""

import time
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from recdesk.core.task import UNWATCHED, Task
from recdesk.data.splitting import Split
from recdesk.monitor.events import Event
from recdesk.training.config import BertConfig, RunConfig, TextConfig, TwoTowerConfig
from recdesk.training.plan import STEP_TOKENS

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from recdesk.data.histories import Histories
    from recdesk.training.batches import BatchMaker
    from recdesk.training.train_step import HistoryStep

SECONDS = 1.0
"""Time limit of measuring; steps of another size get a third of it each."""
MOST_STEPS = 20
WIDEST = 384
"""Vector size of the usual small text encoders."""
OTHER_SIZES = (0.5, 2.0, 4.0)
LARGEST = {"cpu": 4 * STEP_TOKENS}
"""Largest number of positions per step that is tried, by device; on GPUs `LARGEST_ELSEWHERE`."""
LARGEST_ELSEWHERE = 128 * STEP_TOKENS


@dataclass(frozen=True)
class StepSize:
    """Speed with one size of step.

    Attributes:
        tokens: positions per step.
        tokens_per_second: real items read per second.
    """

    tokens: int
    tokens_per_second: float


@dataclass(frozen=True)
class Calibration:
    """Measured speed of training.

    Attributes:
        step_seconds: median time of a step.
        steps_per_epoch: in the first epoch.
        tokens_per_second: real items read.
        tokens: positions per step of these settings.
        others: other sizes. None is chosen automatically: two runs of one seed could differ.
    """

    step_seconds: float
    steps_per_epoch: int
    tokens_per_second: float
    tokens: int = 0
    others: tuple[StepSize, ...] = ()

    @property
    def epoch_seconds(self) -> float:
        """Training time of an epoch, without evaluation."""
        return self.step_seconds * self.steps_per_epoch

    @property
    def sizes(self) -> list[StepSize]:
        """All measured sizes, ascending; empty if only that of the settings was measured."""
        own = StepSize(self.tokens, self.tokens_per_second)
        return sorted([own, *self.others], key=lambda size: size.tokens) if self.others else []


def calibrate(split: Split, config: RunConfig, task: Task = UNWATCHED) -> Calibration | None:
    """Time a few training steps of a model that is then discarded; None when cancelled.

    Raises:
        RecdeskError: the data or the settings cannot be trained with.
    """
    from recdesk.core.devices import release_all_memory

    if task.cancelled:
        return None
    try:
        return _measured(split, config, task)
    finally:
        release_all_memory()


def _measured(split: Split, config: RunConfig, task: Task) -> Calibration | None:
    from recdesk.training.batches import BatchMaker

    step = _train_step(split, config)
    plan = step.batches.plan(0)
    measured = _paces(step, plan, SECONDS, task)
    if measured is None:
        return None
    own = Calibration(measured[0], len(plan), measured[1])
    if not isinstance(step.batches, BatchMaker):
        return own
    others: list[StepSize] = []
    for size in _other_sizes(step.batches, step.device.type):
        measured = _paces(step, step.batches.of_size(size).plan(0), SECONDS / 3, task)
        if measured is None:
            return None
        others.append(StepSize(size, measured[1]))
    return replace(own, tokens=step.batches.tokens, others=tuple(others))


def _other_sizes(batches: "BatchMaker", device: str) -> list[int]:
    """Sizes to try, int positions: none larger than the whole data or than memory allows."""
    most = min(LARGEST.get(device, LARGEST_ELSEWHERE), batches.predictions)
    sizes = {max(int(batches.tokens * share), batches.max_length) for share in OTHER_SIZES}
    return sorted(size for size in sizes - {batches.tokens} if size <= most)


def _paces(step: "HistoryStep[Any]", plan: "list[Histories]", seconds: float, task: Task) -> tuple[float, float] | None:
    """Median seconds per step and real items per second; None when cancelled."""
    from recdesk.training.checkpoints import Progress
    from recdesk.training.loop import take_step

    progress = Progress()
    take_step(step, plan[0], progress, _ignore)[0].tolist()  # not timed: the first step compiles kernels
    spent: list[float] = []
    read = 0
    while len(spent) < MOST_STEPS and sum(spent) < seconds:
        if task.cancelled:
            return None
        begun = time.perf_counter()
        outcome, _, tokens = take_step(step, plan[(1 + len(spent)) % len(plan)], progress, _ignore)
        outcome.tolist()  # waits for the GPU
        read += tokens
        spent.append(time.perf_counter() - begun)
    return sorted(spent)[len(spent) // 2], read / sum(spent)


def _train_step(split: Split, config: RunConfig) -> "HistoryStep[Any]":
    if isinstance(config, TwoTowerConfig):
        from recdesk.training.towers import TowerStep

        return TowerStep.sketch(split, config)
    from recdesk.training.train_step import DecoderStep

    assert isinstance(config, BertConfig)
    return DecoderStep(split, config, _texts(split, config))


def _texts(split: Split, config: RunConfig) -> "NDArray[np.float32] | None":
    """Random text vectors of the largest size they may have: the time of a step does not depend on their values."""
    if not isinstance(config, TextConfig):
        return None
    import numpy as np

    shape = (split.dataset.n_items, min(config.text_width, WIDEST))
    return np.random.default_rng(0).standard_normal(shape, dtype=np.float32)


def _ignore(_event: Event) -> None:
    pass
