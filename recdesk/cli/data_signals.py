"""What a dataset can show, as commands say it: whether order matters, and the smallest difference of two models."""

import contextlib
from dataclasses import asdict
from typing import Any

from recdesk.cli.console import Output
from recdesk.core.errors import CancelledError, RecdeskError
from recdesk.core.task import Task
from recdesk.data.split_kinds import SplitKind
from recdesk.workspace.runs import Run
from recdesk.workspace.workspace import Workspace


def signals_object(opened: Workspace, name: str, output: Output, task: Task) -> dict[str, Any]:
    """Say what is found; the same as members of a JSON object.

    Raises:
        RecdeskError: the dataset is damaged, or there is not enough memory.
        CancelledError: it was cancelled.
    """
    from recdesk.experiment.data_signals import order_of, resolution_of

    dataset = opened.dataset(name)
    order = order_of(opened, dataset, task.part(0.0, 0.6))
    if order is not None:
        output.say(order.sentence)
    kinds: tuple[SplitKind, ...] = ("leave-one-out",) if dataset.times is None else ("leave-one-out", "time")
    smallest: dict[str, Any] = {}
    for number, kind in enumerate(kinds):
        with contextlib.suppress(RecdeskError):  # nothing can be held out in this way
            found = resolution_of(opened, dataset, kind, task.part(0.6 + 0.2 * number, 0.8 + 0.2 * number))
            smallest[kind] = {**asdict(found), "difference": found.difference}
            if found.sentence:
                output.say(f"{kind}: {found.sentence}")
        task.check()
    return {"order": None if order is None else asdict(order), "smallest_difference": smallest}


def say_resolution(run: Run, opened: Workspace, output: Output, task: Task) -> None:
    """Say the smallest difference that the data of a run can show; nothing where it cannot be split so, which the run
    says.

    Raises:
        CancelledError: it was cancelled.
    """
    from recdesk.experiment.data_signals import known_resolution, resolution_of

    found = known_resolution(opened, run.dataset_hash, run.split)
    try:
        found = found or resolution_of(opened, opened.dataset(run.dataset_name), run.split, task)
    except CancelledError:
        raise
    except RecdeskError:
        return
    if found.sentence:
        output.say(found.sentence)
