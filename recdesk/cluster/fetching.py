"""Bringing a run's files back from the storage."""

import contextlib

from filelock import Timeout

from recdesk.cluster.mirror import Mirror
from recdesk.cluster.storage import Storage
from recdesk.core.errors import RecdeskError
from recdesk.core.task import UNWATCHED, Task
from recdesk.experiment.pipeline import locked
from recdesk.monitor.events import Failed
from recdesk.workspace.run_cluster import ClusterRecord
from recdesk.workspace.run_store import RunStore, run_lock
from recdesk.workspace.runs import ACTIVE, EVENTS, Run, read_run_record


def fetch(run: Run, cluster: ClusterRecord, storage: Storage, task: Task = UNWATCHED) -> Failed | None:
    """Bring the files of a run whose job has ended here, its state last; nothing is half written. A finished run is
    then deleted in the storage.

    Returns:
        The failure of a job that could not even begin the run; None else.

    Raises:
        OSError, RecdeskError: a file cannot be read there or written here; the run here is as it was.
        CancelledError: the same.
    """
    there = storage.run(run.id)
    snapshot = there.snapshot()
    about, ended = snapshot.record(), storage.job(cluster.submission).ended()
    for _ in Mirror(run.folder / EVENTS, there.log).pull(held=False):
        pass  # the log is complete here before the state says so
    snapshot.fetch(run.folder, task)
    store, failed = RunStore.of(run), None
    if ended is not None and ended.failed and about["state"] != "finished":
        sentence, suggestion, details = (*ended.failed, "", "")[:3]
        failed = Failed(sentence=sentence, suggestion=suggestion, details=details)
        store.set_state(run, "failed", about.get("has", ()), reason=sentence)
        return failed
    facts = {name: about[name] for name in ("reason", "seconds") if name in about}
    state = about["state"] if about["state"] not in ACTIVE else "interrupted"
    store.set_state(run, state, about.get("has", ()), **facts)
    if state == "finished":
        storage.remove_run(run.id)
    return None


def refresh(run: Run) -> Run:
    """Look after a run on a cluster that nobody watches: copy what is new of its log, and fetch it if it has ended. The
    cluster itself is not asked. Returns its new snapshot."""
    if run.cluster is None or run.state not in ACTIVE:
        return run
    storage = Storage(run.cluster.storage)
    there = storage.run(run.id)
    lock = run_lock(run.folder)
    try:
        lock.acquire(timeout=0)
    except (Timeout, OSError):  # somebody watches it, or it can only be read
        return run
    try:
        with contextlib.suppress(OSError, RecdeskError):  # the storage is away: as it was
            for _ in Mirror(run.folder / EVENTS, there.log).pull(held=False):
                pass
            if storage.job(run.cluster.submission).ended() is not None:
                fetch(run, run.cluster, storage)
            elif (state := there.snapshot().record()["state"]) in ACTIVE and state != run.state:
                RunStore.of(run).set_state(run, state)
    finally:
        lock.release()
    return Run.read(run.folder)


def bring_home(run: Run, task: Task = UNWATCHED) -> Run:
    """Fetch what there is of a run on a cluster, and have it trained on this computer from then on.

    Args:
        run: that has not finished.
        task: gets progress; may cancel.

    Raises:
        UsageError: somebody follows it, or it is still trained there.
        OSError, RecdeskError: its files cannot be read there or written here; it is as it was.
        CancelledError: the same.
    """
    if run.cluster is None:
        return run
    storage, cluster = Storage(run.cluster.storage), run.cluster
    there = storage.run(run.id)
    with locked(run):
        if there.exists():
            with there.at_rest():
                storage.job(cluster.submission).end()  # one that waits to begin does not
                fetch(run, cluster, storage, task)
        elif cluster.attempt:
            storage.require()
        state = read_run_record(run.folder)["state"]
        RunStore.of(run).set_state(run, "interrupted" if state in ACTIVE else state, cluster=None)
    return Run.read(run.folder)
