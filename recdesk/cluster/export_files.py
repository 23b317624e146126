"""The files by which this computer and a cluster write an export together: what is asked for, what is finished, how far
the rest is; and the note of the job in the folder of the export."""

import contextlib
import shutil
from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path
from typing import Any

from pydantic import Field

from recdesk.cluster.storage import Job, JobFile, Storage
from recdesk.core.files import make_folder
from recdesk.core.messages import Message
from recdesk.core.records import Record, read_record, write_record
from recdesk.experiment.sharded_export import ShardJob
from recdesk.recommend.option_files import read_options, write_options
from recdesk.recommend.shards import Shard
from recdesk.workspace.run_cluster import ClusterRecord

FORMAT = 1
LEFT = ".cluster.json"
ADVICE = Message("shards.same-command")
_NEWER = Message("cluster.other-version")


class LeftFile(ClusterRecord):
    """`.cluster.json` in the folder of an export: the cluster that computes its shards; it names a job before that is
    sent, and the export under which the storage has what is finished."""

    export: str


class ExportFile(Record):
    """`export.json`: a `ShardJob` without its folders and options.

    Attributes:
        model: name of the run's folder among the models of the storage.
        alone: threads that a process takes which works alone on the computer that asked.
        memory: bytes that a process takes, about.
        gpu: whether a GPU is used where there is one.
    """

    format: int
    model: str
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
    """An export in a storage: `export.json`, options, shards, and a record of each that is finished. It outlives jobs
    that compute it.

    Args:
        folder: `exports/KEY` of a storage.
    """

    def __init__(self, folder: Path) -> None:
        self.folder, self._records = folder, folder / "finished"

    @property
    def sent(self) -> bool:
        """Whether it is there."""
        return (self.folder / "export.json").exists()

    def create(self, job: ShardJob, values: dict[str, Any]) -> None:
        """Write what is asked for; `export.json` is the last.

        Args:
            job: of this computer.
            values: of `ExportFile`, those that the job does not have.
        """
        make_folder(self._records)
        write_options(job.options, self.folder)
        facts, cuts = [list(pair) for pair in job.facts], [list(pair) for pair in job.cuts]
        known = {"facts": facts, "files": list(job.files), "cuts": cuts, "asked": job.asked, "threads": job.threads}
        write_record(self.folder / "export.json", {"format": FORMAT, **known, **values})

    def about(self) -> ExportFile:
        """What is asked for.

        Raises:
            DataError: the file is damaged, or written by a newer recdesk.
        """
        return ExportFile(**read_record(self.folder / "export.json", ExportFile, ADVICE, FORMAT, _NEWER))

    def job(self, storage: Storage) -> ShardJob:
        """The same for the cluster: from its copy of the run, into the storage.

        Raises:
            DataError: a file is damaged.
        """
        about = self.about()
        return ShardJob(
            run=storage.folder / "models" / about.model,
            facts=tuple((name, value) for name, value in about.facts),
            folder=self.folder,
            files=tuple(about.files),
            cuts=tuple((begin, end) for begin, end in about.cuts),
            options=read_options(self.folder),
            asked=about.asked,
            threads=about.threads,
        )

    def finished(self) -> set[int]:
        """Numbers of the shards that are finished.

        Raises:
            OSError: the storage is away.
        """
        return {int(path.stem) for path in self._records.iterdir() if path.stem.isdecimal() and path.suffix == ".json"}

    def add(self, shard: Shard) -> None:
        """Note that a shard is finished."""
        write_record(self._records / f"{shard.number}.json", {"shard": asdict(shard)})

    def shard(self, number: int) -> Shard:
        """A finished shard.

        Raises:
            RecdeskError: its record cannot be read.
        """
        return Shard(**read_record(self._records / f"{number}.json", _ShardFile)["shard"])

    def forget(self, number: int) -> None:
        """Have a shard computed by the next job."""
        (self._records / f"{number}.json").unlink(missing_ok=True)

    def remove(self, submissions: Iterable[Path]) -> None:
        """Delete it and the files of its jobs. What cannot be deleted stays."""
        for folder in (self.folder, *submissions):
            shutil.rmtree(folder, ignore_errors=True)


class _ShardFile(Record):
    shard: Shard


class ExportJob(Job):
    """The files of a job that computes shards."""

    def asked(self) -> ExportJobFile:
        """What it is to do.

        Raises:
            DataError: it is damaged, or written by a newer recdesk.
        """
        return ExportJobFile(**read_record(self.folder / "job.json", ExportJobFile, ADVICE, FORMAT, _NEWER))

    def shares(self) -> ExportProgressFile:
        """How far it is."""
        return ExportProgressFile(**(self._read("progress.json", ExportProgressFile) or {}))


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
