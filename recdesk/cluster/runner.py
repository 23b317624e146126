"""Executes runs where they belong: on this computer, or on their cluster."""

from recdesk.cluster.watching import watch
from recdesk.experiment import pipeline
from recdesk.experiment.apart import execute_apart, threads_each
from recdesk.experiment.trials import Execute
from recdesk.monitor.control import Control
from recdesk.monitor.events import Emit
from recdesk.workspace.runs import Run


def execute(run: Run, control: Control, emit: Emit, resume: bool = False) -> Run:
    """Execute a run in the calling thread, or have its cluster execute it and wait; returns its snapshot at the end.

    Arguments and what is promised are those of `pipeline.execute`, for both. A run on a cluster that is left
    (`Control.leave`) goes on there; then no last event is emitted.
    """
    if run.cluster is None:
        return pipeline.execute(run, control, emit, resume)
    return watch(run, control, emit)


def executor(count: int) -> Execute:
    """`execute` for so many runs at the same time: each of this computer in a process of its own, with its share of the
    cores."""
    if count == 1:
        return execute
    threads = threads_each(count)

    def execute_one(run: Run, control: Control, emit: Emit, resume: bool) -> Run:
        if run.cluster is None:
            return execute_apart(run, control, emit, resume, threads)
        return watch(run, control, emit)

    return execute_one
