"""The cluster's side of an export: a job that has tasks compute shards, until all that are asked for are finished."""

import contextlib
import time
from collections import Counter, deque
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from recdesk.cluster.export_files import ExportFile, ExportJob, SharedExport
from recdesk.cluster.storage import Storage
from recdesk.cluster.work import CONTROL_SECONDS, PROGRESS_SECONDS, require_ray, require_version
from recdesk.core.errors import CancelledError, RecdeskError
from recdesk.core.messages import Message
from recdesk.core.parallel import MKL_MODE, TRIES, Engine, Job, Result, Watch, Work, outcome
from recdesk.core.task import Task
from recdesk.experiment.failures import as_event
from recdesk.experiment.sharded_export import ON_GPU, ShardJob, write_shard
from recdesk.recommend.shards import Shard

REPORT_SECONDS = 1.0
"""Between two reports of a task."""
WAITING_SECONDS = 10.0
"""Without a task at work, until that is told."""
BEGUN_BESIDE = 16
"""Tasks handed to the cluster beyond those that it has room for, so that none of its machines waits."""


def write_export(job: ExportJob, engine: Engine | None = None) -> None:
    """Compute the shards of a job; its entry point on the cluster.

    Args:
        job: its files.
        engine: what computes; None for tasks of this cluster.
    """
    if job.ended() is not None:
        return
    failed: list[str] | None = None
    try:
        asked = job.asked()
        require_version(asked.version)
        export = SharedExport(job.storage, asked.export)
        finished = export.finished()
        noting = _Noting(job, export)
        task = Task(lambda _share, _text: noting.wait(), noting.cancelled)
        engine = engine or RayTasks(require_ray(), export.about(), asked.at_once)
        missing = [number for number in asked.numbers if number not in finished]
        engine.run_all(write_shared, SharedJob(job.storage.address, asked.export), missing, noting, task)
    except CancelledError:
        pass
    except Exception as error:
        event = as_event(error)
        failed = [event.sentence, event.suggestion, event.details]
    job.end(failed)


@dataclass(frozen=True)
class SharedJob:
    """What every shard of a job is computed from: the export in its storage."""

    storage: str
    key: str


def write_shared(job: SharedJob, number: int, task: Task) -> Shard:
    """Compute a shard and have it be in the storage; what a task does.

    Raises:
        RecdeskError: as `write_shard`, or the storage cannot be read or written.
    """
    export, asked = _opened(job)
    shard = write_shard(asked, number, task)
    export.take(asked.folder / shard.file)
    return shard


@lru_cache(maxsize=1)
def _opened(job: SharedJob) -> tuple[SharedExport, ShardJob]:
    """An export, and what is asked for, read once a process."""
    export = SharedExport(Storage(job.storage), job.key)
    return export, export.job()


class _Noting:
    """Writes into the storage what it hears of the shards; see `Watch`."""

    def __init__(self, job: ExportJob, export: SharedExport) -> None:
        self._job, self._export, self._said, self._looked = job, export, 0.0, 0.0
        self._interval = job.storage.store.interval
        self._shares: dict[int, float] = {}
        self._lost = Counter[int]()
        self._stop = self._waits = False

    def moved(self, number: int, share: float) -> None:
        """See `Watch`."""
        self._shares[number], self._waits = share, False
        if time.monotonic() - self._said > max(PROGRESS_SECONDS, self._interval):
            self._say()

    def done(self, number: int, result: Shard) -> None:
        """See `Watch`."""
        self._export.add(result)
        self._shares.pop(number, None)

    def lost(self, number: int) -> None:
        """See `Watch`."""
        self._lost[number] += 1
        self._shares.pop(number, None)
        self._say()

    def wait(self) -> None:
        """No task is at work."""
        self._waits = True
        self._say()

    def cancelled(self) -> bool:
        """Whether the other side has cancelled the export."""
        if not self._stop and time.monotonic() - self._looked > max(CONTROL_SECONDS, self._interval):
            self._looked = time.monotonic()
            with contextlib.suppress(OSError, RecdeskError):  # the storage is away for a moment
                self._stop = self._job.control().stop > 0
        return self._stop

    def _say(self) -> None:
        self._said = time.monotonic()
        shares = {str(number): share for number, share in self._shares.items()}
        lost = {str(number): count for number, count in self._lost.items()}
        with contextlib.suppress(OSError, RecdeskError):
            self._job.report(waiting=self._waits, shares=shares, lost=lost)


class RayTasks:
    """Tasks of a Ray cluster, from within one of its jobs; see `Engine`.

    Args:
        ray: the library.
        about: what is computed.
        at_once: tasks at the same time; 0 for as many as there is room for.
    """

    def __init__(self, ray: Any, about: ExportFile, at_once: int = 0) -> None:
        self._ray, self._about = ray, about
        self.count, self.threads = at_once, about.threads

    def run_all(
        self, work: Work[Job, Result], job: Job, numbers: Sequence[int], watch: Watch[Result], task: Task
    ) -> None:
        """See `Engine`."""
        if not numbers:
            return
        if not self._ray.is_initialized():
            self._ray.init(log_to_driver=False)
        _Tasks(self._ray, self._options(), self.count or self._room(), watch, task).run(work, job, numbers)

    def _nodes(self) -> list[dict[str, float]]:
        return [node["Resources"] for node in self._ray.nodes() if node["Alive"]]

    def _room(self) -> int:
        """Tasks to begin: somewhat more than there is room for."""
        cpus = sum(int(node.get("CPU", 0.0)) // self.threads for node in self._nodes())
        return cpus + BEGUN_BESIDE

    def _options(self) -> dict[str, Any]:
        """What each task gets. A process is used for one task after another, so that it opens the model once."""
        about = self._about
        gpu = about.gpu and any(node.get("GPU", 0.0) for node in self._nodes())
        return {
            "num_cpus": about.threads,
            "num_gpus": 1 / ON_GPU if gpu else 0,
            "memory": about.memory,
            "max_retries": 0,
            "max_calls": 0,
            "scheduling_strategy": "SPREAD",
            "runtime_env": {"env_vars": {"OMP_NUM_THREADS": str(about.alone), "MKL_CBWR": MKL_MODE}},
        }


class _Tasks:
    """The tasks of one call of `run_all`.

    Args:
        ray: the library.
        options: of each task.
        most: tasks that are begun.
        watch: hears of the parts.
        task: checked in between; gets a report while nothing is at work.
    """

    def __init__(self, ray: Any, options: dict[str, Any], most: int, watch: Watch[Any], task: Task) -> None:
        self._ray, self._most, self._watch, self._task = ray, most, watch, task
        self._part = ray.remote(**options)(compute)
        self._shares = ray.remote(num_cpus=0, max_restarts=-1)(Shares).remote()
        self._asked: Any = None
        self._under_way: dict[Any, int] = {}
        self._losses = Counter[int]()
        self._heard = time.monotonic()

    def run(self, work: Work[Any, Any], job: Any, numbers: Sequence[int]) -> None:
        """See `Engine.run_all`."""
        waiting, there = deque(numbers), self._ray.put(job)
        try:
            while waiting or self._under_way:
                self._task.check()
                while waiting and len(self._under_way) < self._most:
                    number = waiting.popleft()
                    self._under_way[self._part.remote(work, there, number, self._shares)] = number
                ended, _ = self._ray.wait(list(self._under_way), timeout=CONTROL_SECONDS)
                for reference in ended:
                    if not self._take(reference):
                        waiting.appendleft(self._under_way[reference])
                    del self._under_way[reference]
                self._hear()
        finally:
            for reference in self._under_way:
                self._ray.cancel(reference, force=True)
            self._ray.kill(self._shares)

    def _take(self, reference: Any) -> bool:
        """Take the result of a task that ended; whether there is one.

        Raises:
            RecdeskError: that of the part, or its processes ended abruptly again and again.
        """
        number = self._under_way[reference]
        self._heard = time.monotonic()
        try:
            what, value = self._ray.get(reference)
        except self._ray.exceptions.RayError as error:  # its process or machine is gone
            self._losses[number] += 1
            if self._losses[number] >= TRIES:
                name = type(error).__name__
                raise RecdeskError(
                    Message("parallel.process-ended", count=TRIES, exit=name),
                    Message("parallel.fewer-at-once"),
                    str(error),
                ) from error
            self._watch.lost(number)
            return False
        if what == "failed":
            raise value
        self._watch.done(number, value)
        return True

    def _hear(self) -> None:
        """Pass on how far the tasks are; asked anew once the last question is answered."""
        if self._asked is None:
            self._asked = self._shares.take.remote()
        answered, _ = self._ray.wait([self._asked], timeout=0)
        if answered:
            known = set(self._under_way.values())
            with contextlib.suppress(self._ray.exceptions.RayError):  # it is started anew
                for number, share in self._ray.get(self._asked).items():
                    self._heard = time.monotonic()
                    if number in known:
                        self._watch.moved(number, share)
            self._asked = None
        if time.monotonic() - self._heard > WAITING_SECONDS:
            self._heard = time.monotonic()
            self._task.report(0.0)


class Shares:
    """How far the tasks are; an actor, which they tell and the job asks."""

    def __init__(self) -> None:
        self._shares: dict[int, float] = {}

    def move(self, number: int, share: float) -> None:
        """A part is so far."""
        self._shares[number] = share

    def take(self) -> dict[int, float]:
        """What was told since the last call."""
        shares, self._shares = self._shares, {}
        return shares


def compute(work: Work[Any, Any], job: Any, number: int, shares: Any) -> tuple[str, Any]:
    """Compute a part; what a task of Ray does. Its result or error, see `parallel.outcome`."""
    last = time.monotonic()
    shares.move.remote(number, 0.0)

    def report(share: float, _text: str) -> None:
        nonlocal last
        if time.monotonic() - last > REPORT_SECONDS:
            last = time.monotonic()
            shares.move.remote(number, share)

    return outcome(work, job, number, Task(report))
