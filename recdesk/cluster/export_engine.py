"""The engine that has a cluster compute the shards of an export, as this side sees it: a job is sent and followed, and
what it has finished is fetched."""

import contextlib
import secrets
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any, cast

from recdesk.cluster.connection import PYTHON, connection_to, versions
from recdesk.cluster.export_fetching import AwayError, Fetching, reading
from recdesk.cluster.export_files import (
    ExportJob,
    ExportProgressFile,
    LeftFile,
    SharedExport,
    export_prefix,
    read_left,
    remove_left,
    write_left,
)
from recdesk.cluster.head import Head, SilentError
from recdesk.cluster.head_watch import HeadWatch
from recdesk.cluster.model_shipping import SentModel, check_sendable, sent_model, ship_model
from recdesk.cluster.storage import Storage
from recdesk.core.errors import RecdeskError
from recdesk.core.messages import Message
from recdesk.core.parallel import Job, Result, Watch, Work
from recdesk.core.task import Task
from recdesk.experiment.sharded_export import ShardJob, write_shard
from recdesk.monitor.events import Warned
from recdesk.recommend.shards import Shard
from recdesk.workspace.run_cluster import ClusterRecord
from recdesk.workspace.runs import Run

POLL_SECONDS = 0.25
"""Between two looks at the storage."""
STOP_SECONDS = 2.0
"""Until a head that is asked to stop a job counts as unanswering."""
MOST_FRUITLESS = 3
"""Jobs in a row that may end without a shard."""


class OnCluster:
    """Tasks of a job on a Ray cluster; see `core.parallel.Engine`. It computes shards and nothing else.

    Called again for a folder whose job went on without it, it follows that job, and fetches what is finished.

    Args:
        cluster: where; its `cpus` are the threads of each shard, 1 for 0.
        at_once: shards at the same time; 0 for as many as there is room for.
    """

    def __init__(self, cluster: ClusterRecord, at_once: int = 0) -> None:
        self.cluster = cluster
        self.count, self.threads = at_once, max(cluster.cpus, 1)

    def run_all(
        self, work: Work[Job, Result], job: Job, numbers: Sequence[int], watch: Watch[Result], task: Task
    ) -> None:
        """See `Engine`.

        Raises:
            SilentError: the head does not answer before anything is sent; later it is waited for.
            RecdeskError: the cluster cannot compute the export, or the storage cannot be written.
        """
        if work is not write_shard or not isinstance(job, ShardJob):
            raise TypeError("a cluster computes shards")
        _Following(self, job, cast(Any, watch), task).run(numbers)


class _Following:
    """One call of `run_all`."""

    def __init__(self, engine: OnCluster, job: ShardJob, watch: Watch[Shard], task: Task) -> None:
        self._engine, self._cluster = engine, engine.cluster
        self._shards, self._watch, self._task = job, watch, task
        self._storage, self._head = Storage(self._cluster.storage), Head(self._cluster.address)
        self._missing: set[int] = set()
        self._fetching = Fetching(job.folder, self._missing, watch, task)
        self._lost, self._fruitless = Counter[int](), 0
        self._left = self._remembered()

    def run(self, numbers: Sequence[int]) -> None:
        """Fetch the shards with these numbers, and have those computed that are not finished."""
        self._missing.update(numbers)
        self._storage.store.check()
        try:
            if self._goes_on():
                self._send(self._sent())
            else:
                self._forget_job()
                if self._export.sent:  # fetch what was finished when it was cancelled
                    self._look(ended=True)
            while self._missing:
                before = len(self._missing)
                if not self._left.submission:
                    self._begin()
                self._follow()
                self._fruitless = 0 if len(self._missing) < before else self._fruitless + 1
                if self._missing and self._fruitless >= MOST_FRUITLESS:
                    raise self._keeps_ending()
                if self._missing:
                    self._forget_job()
        except BaseException:
            self._stop()
            raise
        _remove(self._left)
        remove_left(self._shards.folder)

    @property
    def _export(self) -> SharedExport:
        return SharedExport(self._storage, self._left.export)

    @property
    def _job(self) -> ExportJob:
        return ExportJob(self._storage, self._left.submission)

    def _remembered(self) -> LeftFile:
        """What the folder notes; of another cluster, its job is stopped first."""
        left = read_left(self._shards.folder)
        new = LeftFile(**self._cluster.to_dict(), export=secrets.token_hex(8))
        if left is None:
            return new
        if (left.address, left.storage) == (self._cluster.address, self._cluster.storage):
            return left
        stop_job(left)
        return new if left.storage != self._cluster.storage else new.model_copy(update={"export": left.export})

    def _goes_on(self) -> bool:
        """Whether there is a job that may be at work."""
        return bool(self._left.submission) and self._job.ended() is None

    def _note(self, submission: str) -> None:
        """Write down which job computes the shards; "" for none."""
        self._left = self._left.model_copy(update={"submission": submission})
        write_left(self._shards.folder, self._left)

    def _forget_job(self) -> None:
        self._left = self._left.model_copy(update={"submission": ""})

    def _sent(self) -> SentModel:
        wishes = any(person.wish for person in self._shards.options.edited)
        return sent_model(Run.read(self._shards.run), self._shards.facts, self._storage, wishes)

    def _begin(self) -> None:
        """Check everything, note the id of a job, then bring what it needs into the storage."""
        task = self._task
        task.step(self._share(), Message("cluster.testing", host=self._cluster.host))
        task = task.reporting(self._say_sentence)
        connection = connection_to(self._cluster, task)
        if connection.differing():  # which may be mended by now
            connection = connection_to(self._cluster, task, again=True)
        sent = self._sent()
        check_sendable(sent, connection, self._engine.threads)
        self._left = self._left.model_copy(update={"attempt": self._left.attempt + 1})
        self._note(f"{export_prefix(self._left.export)}{self._left.attempt}-{secrets.token_hex(4)}")
        self._send(sent)

    def _send(self, sent: SentModel) -> None:
        """Bring everything into the storage that is not there; the head's watch sends the job."""
        self._task.step(self._share(), Message("cluster.sending", storage=self._storage.address))
        brought = ship_model(sent, self._task.silent())
        if not self._export.sent:
            import torch

            about = {"model": sent.name, "brought": brought, "alone": torch.get_num_threads(), "memory": sent.memory}
            self._export.create(self._shards, {**about, "gpu": sent.run.config.device in ("auto", "cuda")})
        if not self._job.created:
            asked = {"run": sent.run.id, "version": versions()["recdesk"], "cpus": self._engine.threads}
            numbers = {"numbers": sorted(self._missing), "at_once": self._engine.count}
            self._job.create({**asked, "export": self._left.export, **numbers})

    def _submit(self) -> None:
        words = [PYTHON, "-m", "recdesk", "cluster-export", *self._job.words()]
        self._head.submit(self._left.submission, words)

    def _follow(self) -> None:
        """Fetch shards until the job is over or nothing is missing."""
        self._lost.clear()
        with HeadWatch(self._head, lambda: self._left.submission, self._submit) as head:
            over = False
            while self._missing and not over:
                self._task.check()
                ended = self._job_is_over(head)
                over = self._look(ended) and ended
                for said in head.news():
                    if isinstance(said, Warned):
                        self._say(said.sentence)
                if head.refused is not None:
                    raise head.refused
                if not over:
                    self._task.wait(max(POLL_SECONDS, self._storage.store.interval))

    def _job_is_over(self, head: HeadWatch) -> bool:
        """Whether the job has ended.

        Raises:
            RecdeskError: it failed.
        """
        try:
            ended = self._job.ended()
        except (OSError, RecdeskError) as error:
            self._say_away(error)
            return False
        if ended is not None and ended.failed:
            raise RecdeskError(*(*ended.failed, "", "")[:3])
        return ended is not None or head.lost

    def _look(self, ended: bool) -> bool:
        """Fetch the shards that are finished, and pass on how far the others are; False if the storage is away.

        Args:
            ended: the job is over, so that nothing comes late.
        """
        try:
            self._fetching.fetch(self._export, ended)
            with reading():
                progress = self._job.shares() if self._left.submission else ExportProgressFile()
        except AwayError as error:
            self._say_away(error)
            return False
        if progress.waiting:
            self._say(Message("cluster.waiting-for-cpus", host=self._cluster.host))
        for name, share in progress.shares.items():
            if int(name) in self._missing:
                self._watch.moved(int(name), share)
        for name, count in progress.lost.items():
            for _ in range(count - self._lost[int(name)]):
                self._watch.lost(int(name))
            self._lost[int(name)] = count
        return True

    def _share(self) -> float:
        """Of the shards that are here."""
        return 1.0 - len(self._missing) / max(len(self._shards.files), 1)

    def _say(self, sentence: str) -> None:
        self._task.report(self._share(), sentence)

    def _say_sentence(self, _share: float, sentence: str) -> None:
        self._say(sentence)

    def _say_away(self, error: Exception) -> None:
        reason = error.sentence if isinstance(error, RecdeskError) else error
        self._say(Message("cluster.storage-away", storage=self._storage.address, reason=reason))

    def _keeps_ending(self) -> RecdeskError:
        log = self._head.log(self._left.submission)
        said = Message("cluster.export-job-ends", host=self._cluster.host, count=self._fruitless)
        return RecdeskError(said, Message("shards.same-command"), log)

    def _stop(self) -> None:
        """End the job; what is finished stays in the storage for the next call."""
        if not self._left.submission:
            return
        stop_job(self._left)
        with contextlib.suppress(OSError, RecdeskError):
            self._note("")


def stop_job(left: LeftFile) -> None:
    """End the job of an export within seconds: by its files, and by the head where that answers."""
    if not left.submission:
        return
    job = ExportJob(Storage(left.storage), left.submission)
    with contextlib.suppress(OSError, RecdeskError):
        if job.created:
            job.steer(paused=False, stop=1)
    with contextlib.suppress(SilentError):
        Head(left.address, STOP_SECONDS).stop(left.submission)


def take_over(folder: Path) -> LeftFile | None:
    """Take an export from the cluster that computes it: its job is stopped, what is not fetched is deleted there. Where
    it was; None where none computes it.

    Args:
        folder: of the export.

    Raises:
        DataError: the note of the cluster is damaged.
    """
    left = read_left(folder)
    if left is None:
        return None
    stop_job(left)
    _remove(left)
    remove_left(folder)
    return left


def _remove(left: LeftFile) -> None:
    """Delete what an export has in the storage, but for its model and data."""
    SharedExport(Storage(left.storage), left.export).remove()
