"""Runs whose process ended before they did: which, when, and how far they were."""

import contextlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from recdesk.core.errors import RecdeskError
from recdesk.workspace.folders import folders_in
from recdesk.workspace.run_log import curves_of
from recdesk.workspace.run_store import RunStore
from recdesk.workspace.runs import ACTIVE, EVENTS, Run, read_run_record


@dataclass(frozen=True)
class Interruption:
    """A run that was interrupted.

    Attributes:
        run: the run.
        time: local time of its last sign of life.
        epochs: epochs done, fractional; 0 before the first step.
        most: the most epochs that it was to train; 0 if that was not known yet.
    """

    run: Run
    time: datetime
    epochs: float = 0.0
    most: int = 0

    @classmethod
    def of(cls, run: Run) -> "Interruption":
        """Read the log of a run; one that cannot be read tells no epochs."""
        log = run.folder / EVENTS
        try:
            time = datetime.fromtimestamp(log.stat().st_mtime)
            curves = curves_of(run)
        except (OSError, RecdeskError):
            return cls(run, run.created)
        return cls(run, time, curves.epochs, 0 if curves.plan is None else curves.plan.max_epochs)


def interruptions(store: RunStore) -> list[Interruption]:
    """The interrupted runs that the user has not left so yet, newest first. Only `run.json` is read of the others.

    Raises:
        StorageError: the workspace does not exist any more.
    """
    found: list[Run] = []
    for folder in folders_in(store.folder):
        with contextlib.suppress(RecdeskError):  # the list of runs names what is damaged
            if read_run_record(folder)["state"] in (*ACTIVE, "interrupted"):
                found.append(store.current(folder.name))
    found.sort(key=lambda run: (run.created, run.id), reverse=True)
    return [Interruption.of(run) for run in found if run.state == "interrupted" and not run.left]


def leave(store: RunStore, runs: Iterable[Run]) -> None:
    """Remember that the user was told of these interrupted runs; they can still be resumed.

    Raises:
        RecdeskError: a `run.json` is damaged or cannot be written.
    """
    for run in runs:
        if store.current(run.id).state == "interrupted":
            store.set_state(run, "interrupted", left=True)
