"""The cluster's side: a job that has workers train a run, and others go on when one is killed."""

import contextlib
import os
import platform
import secrets
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from recdesk.cluster.connection import versions
from recdesk.cluster.mirror import reached
from recdesk.cluster.shared_run import Attempt, lines_of
from recdesk.cluster.storage import Job, ProgressFile, RendezvousFile, Storage
from recdesk.cluster.store import patiently
from recdesk.core.errors import CancelledError, LostWorkerError, RecdeskError, StorageError, UsageError
from recdesk.core.messages import Message
from recdesk.core.task import Task
from recdesk.experiment.failures import as_event
from recdesk.experiment.pipeline import execute
from recdesk.experiment.run_workers import follow_run
from recdesk.monitor.control import Control
from recdesk.monitor.events import Event, Failed, StageProgress
from recdesk.workspace.run_store import RunStore
from recdesk.workspace.runs import Run

if TYPE_CHECKING:
    from recdesk.training.workers import Rendezvous

CONTROL_SECONDS = 0.3
"""Between two looks at what is wanted."""
PROGRESS_SECONDS = 0.7
"""Between two notes of progress."""
MOST_CPUS = 16
"""Of a node, unless more are asked for: small models gain nothing from more threads."""
MOST_FRUITLESS = 3
"""Workers in a row that may die without a sign of the run having got on."""


def require_ray() -> Any:
    """The library Ray.

    Raises:
        UsageError: it is not installed.
    """
    try:
        import ray
    except ImportError as error:
        raise UsageError(Message("cluster.no-extra"), Message("cluster.install-extra")) from error
    return ray


def require_version(wanted: str) -> None:
    """Check that this is the recdesk that sent a job.

    Raises:
        RecdeskError: it is another one.
    """
    ours = versions()["recdesk"]
    if wanted != ours:
        raise RecdeskError(
            Message("cluster.other-recdesk", node=platform.node(), theirs=ours, ours=wanted),
            Message("cluster.install-same", version=wanted),
        )


def supervise(job: Job) -> None:
    """Have a run trained by workers of this cluster, begun anew until it ends; the entry point of a job."""
    if patiently(job.ended) is not None:
        return
    try:
        require_version(patiently(job.about).version)
        ray = require_ray()
        ray.init(log_to_driver=False)
        _Supervisor(ray, job).run()
    except Exception as error:
        failed = as_event(error)
        patiently(lambda: job.end([failed.sentence, failed.suggestion, failed.details]))


class _Supervisor:
    def __init__(self, ray: Any, job: Job) -> None:
        self._ray, self._job, self._about = ray, job, patiently(job.about)
        self._run = job.storage.run(self._about.run)
        self._interval = max(CONTROL_SECONDS, job.storage.store.interval)

    def run(self) -> None:
        """Begin workers again and again until the run has ended."""
        fruitless = 0
        while patiently(self._job.ended) is None:
            before = self._reached()
            reason = self._one_attempt()
            if reason is None:
                return
            fruitless = fruitless + 1 if self._reached() == before else 0
            if fruitless >= MOST_FRUITLESS:
                raise RecdeskError(
                    Message("cluster.worker-keeps-dying", count=fruitless), Message("cluster.see-log"), reason
                )

    def _reached(self) -> tuple[int, int]:
        return reached(lines_of(self._run.log))

    def _one_attempt(self) -> str | None:
        """Wait for workers; why one died, or None if the run has ended. Whatever happens, none goes on alone."""
        count, util = self._about.workers, self._ray.util
        cpus, gpus = self._share(count, self._about.device)
        patiently(self._job.begin_again)
        # all get their places at once, or none: two runs may not each hold half of what both need
        group = util.placement_group([{"CPU": cpus, **({"GPU": gpus} if gpus else {})}] * count)
        try:
            return self._wait_for(self._begin(group, count, cpus, gpus))
        finally:
            util.remove_placement_group(group)  # which ends what is left there

    def _wait_for(self, working: list[Any]) -> str | None:
        """See `_one_attempt`; the first of the workers leads."""
        ray, leader, begun, started = self._ray, working[0], time.monotonic(), False
        with contextlib.suppress(OSError, StorageError):
            self._job.report(waiting=False)
        while True:
            ended, working = ray.wait(working, timeout=self._interval)
            for reference in ended:
                lost = self._why_lost(reference)
                if lost or reference is leader:
                    return lost
            stop = False
            with contextlib.suppress(OSError, StorageError):  # the storage is away for a moment
                started = started or self._job.begun
                if not started and time.monotonic() - begun > 5.0:
                    self._job.report(waiting=True)
                    begun = float("inf")
                stop = not started and self._job.control().stop > 0
            if stop:
                for reference in working:
                    ray.cancel(reference, force=True)
                self._stopped_before()
                return None

    def _why_lost(self, reference: Any) -> str | None:
        """Why a worker that ended did not come to its end; None if it did.

        Raises:
            RecdeskError: of ours, which another worker would meet again.
        """
        ray = self._ray
        try:
            ray.get(reference)
        except ray.exceptions.RayTaskError as error:
            cause = error.cause
            if isinstance(cause, LostWorkerError):
                return cause.details
            if isinstance(cause, StorageError):  # which may be there again for the next one
                return f"{cause} {cause.details}"
            if isinstance(cause, RecdeskError):
                raise cause from error
            raise RecdeskError(Message("run.unexpected-error", error=cause), "", str(error)) from error
        except ray.exceptions.RayError as error:  # the worker or its node is gone
            return str(error)
        return None

    def _begin(self, group: Any, count: int, cpus: int, gpus: int) -> list[Any]:
        """Tasks for the workers, the leader's first."""
        ray, attempt, job = self._ray, secrets.token_hex(4), self._job.words()
        there = ray.util.scheduling_strategies.PlacementGroupSchedulingStrategy(group)
        options: dict[str, Any] = {
            "num_cpus": cpus, "num_gpus": gpus, "max_retries": 0, "max_calls": 1, "scheduling_strategy": there,
            "runtime_env": {"env_vars": {"OMP_NUM_THREADS": str(cpus)}},
        }  # fmt: skip
        leader = ray.remote(**options)(train).remote(*job, attempt)
        others = [ray.remote(**options)(train_with).remote(*job, attempt, rank) for rank in range(1, count)]
        return [leader, *others]

    def _share(self, count: int, device: str) -> tuple[int, int]:
        """CPUs and GPUs for each worker."""
        nodes = [node["Resources"] for node in self._ray.nodes() if node["Alive"]]
        cpus = [int(node.get("CPU", 0.0)) for node in nodes]
        most = min(max(cpus, default=1), sum(cpus) // count, MOST_CPUS)
        gpus = sum(node.get("GPU", 0.0) for node in nodes) >= count and device in ("auto", "cuda")
        return self._about.cpus or max(most, 1), int(gpus)

    def _stopped_before(self) -> None:
        """Leave a run that never began as stopped."""
        patiently(lambda: self._run.change(_set_stopped))
        patiently(self._job.end)


def _set_stopped(folder: Path) -> None:
    """Leave a run that did not begin as stopped."""
    run = Run.read(folder)
    if run.state != "finished":
        RunStore.of(run).set_state(run, "stopped", reason=Message("cluster.stopped-before"))


def train(storage: str, submission: str, attempt: str) -> None:
    """Train the run of a job in this process, from its last checkpoint if it has one; what a worker of Ray does, or the
    leader of several.

    Args:
        storage: its address.
        submission: id of the job.
        attempt: names the workers that train together.
    """
    job = Storage(storage).job(submission)
    if patiently(job.ended) is not None:
        return
    about, control, reporting = patiently(job.about), Control(), _Reporting(job)
    patiently(job.begin)
    run = job.storage.run(about.run)
    with _steered(job, control) as steering:
        bringing = Task(
            lambda share, _text: reporting(StageProgress(stage="sending", share=share)), lambda: control.stopped
        )
        try:
            with run.attempt(about.brought, bringing) as mine:
                steering.attempt = mine
                before = Run.read(mine.folder)
                if before.state != "finished":  # else killed after that, before it said so
                    execute(before, control, reporting, before.state != "queued", _TaskFollowers(job, attempt))
                state = Run.read(mine.folder).state
        except CancelledError:  # stopped while its data came
            patiently(lambda: run.change(_set_stopped))
            patiently(job.end)
            return
    if mine.superseded:  # another process has the run, and says how it ends
        return
    failed = reporting.failed
    said = [failed.sentence, failed.suggestion, failed.details] if failed is not None and state != "failed" else None
    patiently(lambda: job.end(said))


def train_with(storage: str, submission: str, attempt: str, rank: int) -> None:
    """Train the run of a job as one of several workers that does not lead; arguments as `train`, and `Workers`."""
    from recdesk.training.workers import Rendezvous

    job, ray = Storage(storage).job(submission), require_ray()
    about = patiently(job.about)
    while (place := patiently(lambda: job.rendezvous(attempt))) is None:  # an attempt that fails ends its tasks too
        time.sleep(max(CONTROL_SECONDS, job.storage.store.interval))
    rendezvous = Rendezvous(place.host, place.count, place.port)
    with job.storage.run(about.run).copy_for(rank, about.brought) as folder:  # as the leader has it
        follow_run(folder, rendezvous, rank, address=ray.util.get_node_ip_address())


class _TaskFollowers:
    """Workers that are tasks of the cluster, begun by the supervisor, which watches over them too; see `Followers`."""

    threads = 0

    def __init__(self, job: Job, attempt: str) -> None:
        self._job, self._attempt = job, attempt

    def start(self, run: Run, count: int) -> "tuple[Any, Rendezvous]":
        """See `Followers`."""
        from recdesk.training.workers import listen

        store, rendezvous = listen(str(require_ray().util.get_node_ip_address()), count)
        place = RendezvousFile(attempt=self._attempt, host=rendezvous.host, port=rendezvous.port, count=count)
        patiently(lambda: self._job.meet(place))
        return store, rendezvous

    def check(self) -> None:
        """See `Followers`."""

    def explain(self) -> None:
        """End as a killed worker ends: the run is left as it is, and the supervisor has the next attempt go on."""
        os._exit(1)

    def end(self) -> None:
        """See `Followers`."""


class _Steering:
    """Passes on what is wanted, from the job's files to a control.

    Attributes:
        attempt: that trains the run; None before it has it.
    """

    def __init__(self, job: Job, control: Control) -> None:
        self._job, self._control, self._stops = job, control, 0
        self.attempt: Attempt | None = None

    def look(self) -> None:
        """Pass on what is new."""
        control = self._control
        if self.attempt is not None and self.attempt.superseded:
            self._stop_to(2)  # at once
            return
        wanted = self._job.control()
        if wanted.paused and not control.stopped:
            control.pause()
        elif control.paused:
            control.resume()
        self._stop_to(wanted.stop)

    def _stop_to(self, count: int) -> None:
        for _ in range(self._stops, count):
            self._stops += 1
            self._control.stop()


@contextlib.contextmanager
def _steered(job: Job, control: Control) -> Iterator[_Steering]:
    """Have a thread look at what is wanted inside the block."""
    ended, steering = threading.Event(), _Steering(job, control)

    def work() -> None:
        while not ended.wait(max(CONTROL_SECONDS, job.storage.store.interval)):
            with contextlib.suppress(OSError, RecdeskError):  # the storage is away for a moment
                steering.look()

    thread = threading.Thread(target=work, name="control", daemon=True)
    thread.start()
    try:
        yield steering
    finally:
        ended.set()
        thread.join()


class _Reporting:
    """An `emit` that notes progress, and how the run failed."""

    def __init__(self, job: Job) -> None:
        self._job, self._told = job, 0.0
        self._interval = max(PROGRESS_SECONDS, job.storage.store.interval)
        self.failed: Failed | None = None

    def __call__(self, event: Event) -> None:
        """Take an event; those of the log are read from there."""
        if isinstance(event, Failed):
            self.failed = event
        if isinstance(event, StageProgress) and time.monotonic() - self._told > self._interval:
            self._told = time.monotonic()
            with contextlib.suppress(OSError, RecdeskError):
                self._job.report(**ProgressFile(stage=event.stage, share=event.share).model_dump())
