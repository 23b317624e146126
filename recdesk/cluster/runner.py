"""Executes runs where they belong: on this computer, or on their cluster."""

from recdesk.cluster.storage import Storage
from recdesk.cluster.watching import watch
from recdesk.experiment import pipeline, trials
from recdesk.experiment.apart import execute_apart, threads_each
from recdesk.experiment.study import Study
from recdesk.monitor.control import Control, Controls
from recdesk.monitor.events import Emit
from recdesk.workspace.run_cluster import ClusterRecord
from recdesk.workspace.runs import Run


def execute(run: Run, control: Control, emit: Emit, resume: bool = False) -> Run:
    """Execute a run in the calling thread, or have its cluster execute it and wait; returns its snapshot at the end.

    Arguments and what is promised are those of `pipeline.execute`, for both. A run on a cluster that is left
    (`Control.leave`) goes on there; then no last event is emitted.
    """
    if run.cluster is None:
        return pipeline.execute(run, control, emit, resume)
    return watch(run, control, emit)


def carry_out_study(
    study: Study, watch: trials.Watch, controls: Controls, count: int = 1, cluster: ClusterRecord | None = None
) -> None:
    """Train the trials of a study where they belong. What they shared in a storage is deleted once none can follow.

    Arguments and errors are those of `trials.carry_out`.
    """
    trials.carry_out(study, executor(count), watch, controls, count, cluster)
    if not controls.left and not study.can_resume:
        for storage in {run.cluster.storage for run in study.runs() if run.cluster is not None}:
            Storage(storage).remove_study(study.id)


def executor(count: int) -> trials.Execute:
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
