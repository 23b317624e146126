"""The processes that train a run together: started, waited for, briefed, and ended with the run."""

import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing.connection import wait
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from recdesk.core.errors import LostWorkerError, UsageError
from recdesk.core.machine import usable_cores
from recdesk.core.messages import Message
from recdesk.core.parallel import GRACE_SECONDS, PartProcess, ended_abruptly
from recdesk.core.task import Task
from recdesk.experiment.run_data import split_of
from recdesk.monitor.control import Control
from recdesk.training.config import BertConfig, RunConfig
from recdesk.workspace.runs import Run

if TYPE_CHECKING:
    from torch import Tensor

    from recdesk.training.plan import ResolvedPlan
    from recdesk.training.text_stages import Prepared
    from recdesk.training.workers import Rendezvous, WorkerGroup

LOOK_SECONDS = 0.1
"""Interval between checks whether all have come and whether the run was stopped."""


class Followers(Protocol):
    """The workers of a run beside the one that leads, wherever they are.

    Attributes:
        threads: of each to compute with; 0 for as many as a process takes that works alone.
    """

    threads: int

    def start(self, run: Run, count: int) -> "tuple[Any, Rendezvous]":
        """Have workers 1 to `count` − 1 come to a rendezvous and call `follow_run`; its store, and where it is."""

    def check(self) -> None:
        """Raise if a worker has ended.

        Raises:
            RecdeskError: the worker's own, or that it ended abruptly.
        """

    def explain(self) -> None:
        """Raise why a worker was lost, if that becomes known.

        Raises:
            RecdeskError: as `check`.
        """

    def end(self) -> None:
        """End those that still work."""


class ProcessFollowers:
    """Workers that are processes of this machine; see `Followers`."""

    def __init__(self, count: int) -> None:
        self.threads = max(usable_cores() // count, 1)
        self._processes: list[PartProcess] = []
        self._folder = tempfile.TemporaryDirectory(prefix="recdesk-workers-", ignore_cleanup_errors=True)

    def start(self, run: Run, count: int) -> "tuple[Any, Rendezvous]":
        """See `Followers`."""
        from recdesk.training.workers import Rendezvous, connect

        rendezvous = Rendezvous("127.0.0.1", count, file=str(Path(self._folder.name) / "store"))
        job = _Following(run.folder.absolute(), rendezvous, self.threads)
        for rank in range(1, rendezvous.count):
            process = PartProcess(_follow, job)
            self._processes.append(process)
            process.begin(rank)
        return connect(rendezvous), rendezvous

    def check(self) -> None:
        """See `Followers`."""
        self._look(0.0)

    def explain(self) -> None:
        """See `Followers`."""
        self._look(GRACE_SECONDS)

    def _look(self, patience: float) -> None:
        """Hear the workers for so many seconds. One that only lost the others says nothing of why."""
        until, waiting = time.monotonic() + patience, list(self._processes)
        while waiting:
            ready = wait([process.pipe for process in waiting], max(until - time.monotonic(), 0.0))
            for process in [process for process in waiting if process.pipe in ready]:
                try:
                    what, value = process.pipe.recv()
                except (EOFError, OSError):
                    raise ended_abruptly(process.end(patience), 1) from None
                if what != "moved":
                    waiting.remove(process)
                if what == "failed" and not isinstance(value, LostWorkerError):
                    raise value
            if not ready:
                return

    def end(self) -> None:
        """See `Followers`."""
        for process in self._processes:
            process.end()
        self._processes.clear()
        self._folder.cleanup()


@dataclass(frozen=True)
class _Following:
    """What a process of a `ProcessFollowers` needs."""

    run: Path
    rendezvous: "Rendezvous"
    threads: int


def _follow(job: _Following, rank: int, _task: Task) -> None:
    follow_run(job.run, job.rendezvous, rank, job.threads)


def workers_of(config: RunConfig) -> int:
    """How many workers train a run with these settings."""
    return config.workers if isinstance(config, BertConfig) else 1


@contextmanager
def leading(
    run: Run, plan: "ResolvedPlan", texts: "Prepared | None", control: Control, followers: Followers | None = None
) -> Iterator["WorkerGroup"]:
    """The workers of a run inside the block, with this process as their leader; a run of one worker needs no others.

    Args:
        run: its settings say how many.
        plan: what was chosen automatically.
        texts: the outcome of steps 1 and 2 of the method.
        control: stopped before all have come, this process goes on alone, to its stop.
        followers: the others; None for processes of this machine.

    Raises:
        UsageError: the device does not bear so many.
        RecdeskError: a worker ended.
    """
    from recdesk.training.workers import ALONE, LEADER, Workers

    count = workers_of(run.config)
    if count == 1:
        yield ALONE
        return
    if followers is None:
        _require_devices(plan.device, count)
        followers = ProcessFollowers(count)
    try:
        store, rendezvous = followers.start(run, count)
        while not control.stopped and not Workers.joined(store, count):
            followers.check()
            time.sleep(LOOK_SECONDS)
        if control.stopped:
            yield ALONE
            return
        workers = Workers(rendezvous, LEADER, store, threads=followers.threads)
        workers.broadcast({"plan": plan.to_dict()}, _tensors(texts))
        yield workers
    except LostWorkerError:
        followers.explain()
        raise
    finally:
        followers.end()


def follow_run(folder: Path, rendezvous: "Rendezvous", rank: int, threads: int = 0, address: str = "") -> None:
    """Train as a worker that does not lead, until the leader ends.

    Args:
        folder: of the run.
        rendezvous: where the leader is.
        rank: of this worker, from 1.
        threads: to compute with; 0 for as many as a process takes that works alone.
        address: of this machine as the others reach it; "" for the leader's.

    Raises:
        RecdeskError: the run cannot be read, or another worker is gone.
    """
    import torch

    from recdesk.core.devices import share_cores
    from recdesk.training.loop import follow
    from recdesk.training.plan import ResolvedPlan
    from recdesk.training.train_step import DecoderStep
    from recdesk.training.workers import Workers, connect

    workers = Workers(rendezvous, rank, connect(rendezvous), address)
    facts, tensors = workers.broadcast({}, {})
    run, plan = Run.read(folder), ResolvedPlan.from_dict(facts["plan"])
    if plan.device == "cuda":
        torch.cuda.set_device(rank % max(torch.cuda.device_count(), 1))
    vectors = tensors.pop(_VECTORS, None)
    config = run.config
    assert isinstance(config, BertConfig)
    step = DecoderStep(
        split_of(run), config, None if vectors is None else vectors.numpy(), _start_of(tensors), plan
    )  # fmt: skip
    share_cores(threads)
    follow(step, workers)


_VECTORS, _START = "vectors", "start."


def _tensors(texts: "Prepared | None") -> "dict[str, Tensor]":
    """What a decoder needs of steps 1 and 2."""
    import torch

    if texts is None:
        return {}
    start = {_START + name: value for name, value in (texts.start or {}).items()}
    return {_VECTORS: torch.from_numpy(texts.vectors), **start}


def _start_of(tensors: "dict[str, Tensor]") -> "dict[str, Tensor] | None":
    return {name.removeprefix(_START): value for name, value in tensors.items()} or None


def _require_devices(device: str, count: int) -> None:
    """Raise unless this machine has a device for each worker.

    Raises:
        UsageError: it has not.
    """
    if device == "mps":
        raise UsageError(Message("training.workers-not-on-mps"), Message("training.one-worker-or-cpu"))
    if device == "cuda":
        import torch

        there = torch.cuda.device_count()
        if count > there:
            raise UsageError(
                Message("training.too-few-gpus", count=count, there=there), Message("training.fewer-workers")
            )
