"""The files by which this computer and a cluster write an export together: what is asked for, what is finished, how far
the rest is; and the note of the job in the folder of the export."""

import contextlib
import tempfile
from dataclasses import asdict
from pathlib import Path
from typing import Any

from pydantic import Field

from recdesk.cluster.storage import Job, JobFile, Storage, read_file
from recdesk.cluster.store import files_of, patiently
from recdesk.core.errors import DataError
from recdesk.core.files import make_folder
from recdesk.core.messages import Message
from recdesk.core.records import Record, encoded, read_record, write_record
from recdesk.experiment.sharded_export import ShardJob
from recdesk.recommend.option_files import read_options, write_options
from recdesk.recommend.shards import Shard
from recdesk.workspace.run_cluster import ClusterRecord

FORMAT = 1
_NEWER = Message("cluster.other-version")
LEFT = ".cluster.json"
ADVICE = Message("shards.same-command")


class LeftFile(ClusterRecord):
    """`.cluster.json` in the folder of an export: the cluster that computes its shards; it names a job before that is
    sent, and the export under which the storage has what is finished."""

    export: str


class ExportFile(Record):
    """`export.json`: a `ShardJob` without its folders and options.

    Attributes:
        model: folder of the run in the storage.
        brought: folders of the storage that a machine needs: that one, its data, its text encoder.
        alone: threads that a process takes which works alone on the computer that asked.
        memory: bytes that a process takes, about.
        gpu: whether a GPU is used where there is one.
    """

    format: int
    model: str
    brought: list[str]
    facts: list[list[str]]
    files: list[str]
    cuts: list[list[int]]
    asked: int
    threads: int = Field(ge=1)
    alone: int = Field(ge=1)
    memory: int = Field(ge=0)
    gpu: bool


class ExportJobFile(JobFile):
    """`job.json` of an export: which shards to compute, and how many at the same time (0: as many as there is room
    for)."""

    export: str
    numbers: list[int]
    at_once: int = Field(0, ge=0)


class ExportProgressFile(Record):
    """`progress.json` of an export: by number, shares of the shards under way, and how often a process of each
    ended abruptly; `waiting`: for free CPUs."""

    waiting: bool = False
    shares: dict[str, float] = Field(default_factory=dict)
    lost: dict[str, int] = Field(default_factory=dict)


class SharedExport:
    """An export in a storage, `exports/KEY`: `asked` with `export.json` and the options, shards, and a record of each
    that is finished. It outlives jobs that compute it.

    Args:
        storage: that it is in.
        key: its name there.
    """

    def __init__(self, storage: Storage, key: str) -> None:
        self.storage, self.key = storage, key
        self._name, self._store = f"exports/{key}", storage.store

    @property
    def sent(self) -> bool:
        """Whether it is there."""
        return self._store.has(self._asked)

    @property
    def _asked(self) -> str:
        return f"{self._name}/asked"

    def create(self, job: ShardJob, values: dict[str, Any]) -> None:
        """Write what is asked for.

        Args:
            job: of this computer.
            values: of `ExportFile`, those that the job does not have.
        """
        facts, cuts = [list(pair) for pair in job.facts], [list(pair) for pair in job.cuts]
        known = {"facts": facts, "files": list(job.files), "cuts": cuts, "asked": job.asked, "threads": job.threads}
        with tempfile.TemporaryDirectory() as made:
            folder = Path(made)
            write_options(job.options, folder)
            write_record(folder / "export.json", {"format": FORMAT, **known, **values})
            self._store.put_folder(self._asked, files_of(folder))

    def about(self) -> ExportFile:
        """What is asked for.

        Raises:
            DataError: the file is damaged, or written by a newer recdesk.
        """
        with self._store.reading(self._asked) as folder:
            return ExportFile(**read_record(folder / "export.json", ExportFile, ADVICE, FORMAT, _NEWER))

    def job(self) -> ShardJob:
        """The same for this machine of the cluster, which brings what it needs.

        Raises:
            OSError, RecdeskError: a file is damaged, or the storage cannot be read.
        """
        about = self.about()
        here = self._store.bring(about.brought)
        with self._store.reading(self._asked) as asked:  # it may have histories of people: nothing of it is left
            options = read_options(asked)
        folder = here / self._name
        make_folder(folder)
        return ShardJob(
            run=here / about.model,
            facts=tuple((name, value) for name, value in about.facts),
            folder=folder,
            files=tuple(about.files),
            cuts=tuple((begin, end) for begin, end in about.cuts),
            options=options,
            asked=about.asked,
            threads=about.threads,
        )

    def take(self, shard: Path) -> None:
        """Have a shard that was written on this machine be in the storage."""
        if self._store.folder is None and self.sent:
            patiently(lambda: self._store.put(self.file(shard.name), shard))
        if self._store.folder is None:
            shard.unlink()

    def file(self, shard: str) -> str:
        """Name of a shard's file in the storage."""
        return f"{self._name}/{shard}"

    def finished(self) -> set[int]:
        """Numbers of the shards that are finished.

        Raises:
            OSError, StorageError: the storage is away.
        """
        names = [Path(name) for name in self._store.names(f"{self._name}/finished")]
        return {int(path.stem) for path in names if path.stem.isdecimal() and path.suffix == ".json"}

    def add(self, shard: Shard) -> None:
        """Note that a shard is finished, unless the export was removed meanwhile."""
        if patiently(lambda: self.sent):
            patiently(lambda: self._store.write(self._record(shard.number), encoded({"shard": asdict(shard)})))

    def shard(self, number: int) -> Shard:
        """A finished shard.

        Raises:
            RecdeskError: its record cannot be read.
        """
        found = read_file(self._store, self._record(number), _ShardFile)
        if found is None:
            raise DataError(Message("record.missing", path=self._record(number)), ADVICE)
        return found.shard

    def forget(self, number: int) -> None:
        """Have a shard computed by the next job."""
        self._store.remove(self._record(number))

    def _record(self, number: int) -> str:
        return f"{self._name}/finished/{number}.json"

    def remove(self) -> None:
        """Delete it and the files of its jobs. What cannot be deleted stays."""
        self._store.remove(self._name)
        self.storage.remove_jobs(export_prefix(self.key))


class _ShardFile(Record):
    shard: Shard


class ExportJob(Job):
    """The files of a job that computes shards."""

    def asked(self) -> ExportJobFile:
        """What it is to do.

        Raises:
            DataError: it is damaged, or written by a newer recdesk.
        """
        return self.needed("job.json", ExportJobFile, ADVICE)

    def shares(self) -> ExportProgressFile:
        """How far it is."""
        return self.found("progress.json", ExportProgressFile) or ExportProgressFile()


def export_prefix(key: str) -> str:
    """How the ids of all jobs of an export begin."""
    return f"recdesk-export-{key}-"


def read_left(folder: Path) -> LeftFile | None:
    """The cluster that computes the shards of a folder; None where none does.

    Raises:
        DataError: the note is damaged.
    """
    path = folder / LEFT
    return LeftFile(**read_record(path, LeftFile, Message("shards.delete-folder"))) if path.exists() else None


def write_left(folder: Path, left: LeftFile) -> None:
    """Write the note of a cluster.

    Raises:
        StorageError: the folder cannot be written or the disk is full.
    """
    write_record(folder / LEFT, left.to_dict())


def remove_left(folder: Path) -> None:
    """Delete the note."""
    with contextlib.suppress(OSError):
        (folder / LEFT).unlink(missing_ok=True)
