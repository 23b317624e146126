"""What can be said against a run before it starts: from its settings, the data and the machine, without torch."""

from dataclasses import dataclass
from typing import Literal

import numpy as np

from recdesk.core.messages import Message
from recdesk.data.dataset import Dataset
from recdesk.data.split_kinds import SplitKind
from recdesk.training.config import RunConfig, TextSourceConfig

Level = Literal["good", "warning", "bad"]
FEW_PEOPLE = 200
"""Users below which the intervals of metrics are so wide that few models can be told apart."""
CHECKPOINT_BYTES = 20
"""Bytes on disk per weight: the last checkpoint with the optimiser's state, the best one, and a new one meanwhile."""


@dataclass(frozen=True)
class Check:
    """One thing that was looked at.

    Attributes:
        level: "good", "warning" (the run makes sense nevertheless), or "bad" (it will hardly come to its end).
        sentence: what was found.
    """

    level: Level
    sentence: Message


@dataclass(frozen=True)
class Machine:
    """Room for a run, in bytes.

    Attributes:
        needed: memory of the whole process while it trains.
        free: memory that the process holds or could get.
        disk: free space of the disk with the workspace; None where it is unknown.
    """

    needed: int
    free: int
    disk: int | None = None


def check_run(config: RunConfig, dataset: Dataset, split: SplitKind, weights: int, machine: Machine) -> list[Check]:
    """Look at a run before it starts, the gravest findings first.

    Args:
        config: its settings.
        dataset: what it learns from.
        split: what is held out.
        weights: of the model, approximately (`plan.estimate`).
        machine: room for it.
    """
    found = [*_of_machine(weights, machine), *_of_data(config, dataset, split)]
    order: tuple[Level, ...] = ("bad", "warning", "good")
    return sorted(found, key=lambda check: order.index(check.level))


def _of_machine(weights: int, machine: Machine) -> list[Check]:
    needed, free = _gigabytes(machine.needed), _gigabytes(machine.free)
    if machine.needed <= machine.free:
        found = [Check("good", Message("start.memory-fits", needed=needed, free=free))]
    else:
        found = [Check("bad", Message("start.memory-lacks", needed=needed, free=free))]
    room = CHECKPOINT_BYTES * weights
    if machine.disk is not None and machine.disk < room:
        lacks = Message("start.disk-lacks", needed=_gigabytes(room), free=_gigabytes(machine.disk))
        found.append(Check("bad", lacks))
    return found


def _of_data(config: RunConfig, dataset: Dataset, split: SplitKind) -> list[Check]:
    found = []
    if isinstance(config, TextSourceConfig) and not len(dataset.item_features.columns):
        found.append(Check("bad", Message("start.no-texts")))
    if split == "validation-only":
        found.append(Check("warning", Message("start.nothing-held-out")))
    elif dataset.n_users < FEW_PEOPLE:
        found.append(Check("warning", Message("start.few-people", count=dataset.n_users)))
    longest = _longest(dataset)
    if config.max_length > longest:
        found.append(Check("good", Message("start.histories-shorter", count=longest)))
    if 0 < config.epochs <= config.patience:
        found.append(Check("warning", Message("start.never-early", count=config.epochs)))
    return found


def _longest(dataset: Dataset) -> int:
    """Items of the longest history; 3 ms for a million people."""
    return int(np.diff(dataset.offsets).max(initial=0))


def _gigabytes(count: int) -> str:
    return f"{count / 2**30:.1f} GB"
