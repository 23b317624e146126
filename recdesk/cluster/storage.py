"""The folder that this computer and a cluster both reach: data by content hash, runs, and the files by which the two
sides of a job talk."""

import contextlib
import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from pydantic import Field

from recdesk.core.errors import DataError
from recdesk.core.files import make_folder, new_folder, replacing_file
from recdesk.core.messages import Message
from recdesk.core.records import Record, read_record, write_record
from recdesk.core.refusals import explained
from recdesk.core.task import UNWATCHED, Task
from recdesk.workspace.dataset_versions import version_folder

CHUNK = 1 << 22
FORMAT = 1
_NEWER = Message("cluster.other-version")


class JobFile(Record):
    """`job.json`: what a job is to do; written before it is sent.

    Attributes:
        run: id of the run.
        version: of the recdesk that sent it.
        cpus: as in `ClusterRecord`.
    """

    format: int
    run: str
    version: str
    cpus: int = Field(0, ge=0)


class ControlFile(Record):
    """`control.json`: what the watching side wants; `stop` counts requests, see `Control.stop`."""

    paused: bool = False
    stop: int = 0


class ProgressFile(Record):
    """`progress.json`: what the job does that its log does not tell. `waiting`: for free CPUs; `share` of `stage` is
    done."""

    waiting: bool = False
    stage: str = ""
    share: float = 0.0


class RendezvousFile(Record):
    """`rendezvous.json`: where the leader of the workers of an attempt waits for the others, see `Rendezvous`."""

    attempt: str
    host: str
    port: int
    count: int


class EndFile(Record):
    """`ended.json`: the job is over, and all files of the run are written. `failed`: sentence, suggestion and details
    where the run could not even be begun."""

    failed: list[str] = Field(default_factory=list)


class Job:
    """The files of one submission; each is written by one side, atomically."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @property
    def storage(self) -> "Storage":
        """The storage that it is in."""
        return Storage(self.folder.parent.parent)

    def create(self, values: dict[str, Any]) -> None:
        """Write `job.json`."""
        make_folder(self.folder)
        write_record(self.folder / "job.json", {"format": FORMAT, **values})

    def about(self) -> JobFile:
        """What it is to do.

        Raises:
            DataError: it is damaged, or written by a newer recdesk.
        """
        return JobFile(**read_record(self.folder / "job.json", JobFile, "", FORMAT, _NEWER))

    def steer(self, paused: bool, stop: int) -> None:
        """Say what is wanted."""
        write_record(self.folder / "control.json", {"paused": paused, "stop": stop})

    def control(self) -> ControlFile:
        """What is wanted."""
        return ControlFile(**(self._read("control.json", ControlFile) or {}))

    def report(self, **values: Any) -> None:
        """Say what it does; see `ProgressFile`."""
        write_record(self.folder / "progress.json", values)

    def progress(self) -> ProgressFile | None:
        """What it does; None before it said so."""
        found = self._read("progress.json", ProgressFile)
        return None if found is None else ProgressFile(**found)

    def meet(self, place: RendezvousFile) -> None:
        """Say where the others find the leader."""
        write_record(self.folder / "rendezvous.json", place.model_dump())

    def rendezvous(self, attempt: str) -> RendezvousFile | None:
        """Where the leader of an attempt waits; None before it does."""
        found = self._read("rendezvous.json", RendezvousFile)
        return RendezvousFile(**found) if found is not None and found["attempt"] == attempt else None

    def end(self, failed: list[str] | None = None) -> None:
        """Say that it is over."""
        write_record(self.folder / "ended.json", {"failed": failed or []})

    def ended(self) -> EndFile | None:
        """How it ended; None before."""
        found = self._read("ended.json", EndFile)
        return None if found is None else EndFile.model_construct(failed=found.get("failed", []))  # as messages

    def _read(self, name: str, schema: type[Record]) -> dict[str, Any] | None:
        path = self.folder / name
        return read_record(path, schema) if path.exists() else None


def job_prefix(run_id: str) -> str:
    """How the ids of all jobs of a run begin."""
    return f"recdesk-{run_id}-"


class Storage:
    """A storage: `versions/HASH` as in a workspace, `runs/ID`, `jobs/SUBMISSION`; for exports `models/ID-DIGEST`,
    `datasets/HASH` (newer versions of data) and `exports/KEY`; `studies/ID` while a study's trials train."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def version(self, content_hash: str) -> Path:
        """Folder of a dataset."""
        return version_folder(self.folder, content_hash)

    def run(self, run_id: str) -> Path:
        """Folder of a run."""
        return self.folder / "runs" / run_id

    def newer(self, content_hash: str) -> Path:
        """Folder of a newer version of a dataset, where the run of a model looks for one that is so called."""
        return self.folder / "datasets" / content_hash[:32]

    def model(self, run_id: str, digest: str) -> Path:
        """Folder of a run as it recommends."""
        return self.folder / "models" / f"{run_id}-{digest[:16]}"

    def job(self, submission: str) -> Job:
        """The files of a submission."""
        return Job(self.folder / "jobs" / submission)

    def remove_run(self, run_id: str) -> None:
        """Delete what is fetched: a run, and the files of its jobs. What cannot be deleted stays."""
        for folder in (self.run(run_id), *(self.folder / "jobs").glob(f"{job_prefix(run_id)}*")):
            shutil.rmtree(folder, ignore_errors=True)

    def remove_study(self, study: str) -> None:
        """Delete what the trials of a study shared: the text encoder that the first of them trained."""
        shutil.rmtree(self.folder / "studies" / study, ignore_errors=True)


def put_folder(source: dict[str, Path], target: Path, task: Task = UNWATCHED) -> None:
    """Copy files into a new folder, all or none; nothing is done where it exists.

    Args:
        source: files by name in the folder.
        target: the folder.
        task: gets progress; checked between pieces.

    Raises:
        StorageError: there is no room, or it cannot be written.
        CancelledError: it was cancelled.
    """
    if target.is_dir():
        return
    with new_folder(target, _unless_there) as folder:
        for name, path, part in _parts(source, task):
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            _copy(path, folder / name, part)


@contextlib.contextmanager
def _unless_there(target: Path) -> Iterator[Path]:
    """The target; where another run brought the same meanwhile, a name beside it, which is deleted again."""
    if not target.is_dir():
        yield target
        return
    double = target.with_name(f".{target.name}.{os.getpid()}.part")
    yield double
    shutil.rmtree(double, ignore_errors=True)


def get_files(source: dict[str, Path], target: Path, task: Task = UNWATCHED) -> None:
    """Copy files into a folder; each replaces what is there, atomically.

    Args:
        source: files by name in the folder, in the order in which they are copied.
        target: the folder.
        task: gets progress; checked between pieces.

    Raises:
        StorageError: there is no room, or it cannot be written.
        CancelledError: it was cancelled.
    """
    for name, path, part in _parts(source, task):
        make_folder((target / name).parent)
        with replacing_file(target / name) as temporary:
            _copy(path, temporary, part)


def _parts(source: dict[str, Path], task: Task) -> Iterator[tuple[str, Path, Task]]:
    sizes = {name: path.stat().st_size for name, path in source.items()}
    total, done = max(sum(sizes.values()), 1), 0
    for name, path in source.items():
        yield name, path, task.part(done / total, (done + sizes[name]) / total)
        done += sizes[name]


def _copy(source: Path, target: Path, task: Task) -> None:
    total, done = max(source.stat().st_size, 1), 0
    with source.open("rb") as stream, explained(target), target.open("wb") as out:
        while piece := stream.read(CHUNK):
            out.write(piece)
            done += len(piece)
            task.step(done / total)


def files_of(folder: Path, but: Callable[[str], bool] = lambda name: False) -> dict[str, Path]:
    """Files in and below a folder by relative name, without hidden ones, links and those that `but` names."""
    found: dict[str, Path] = {}
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        hidden = any(part.startswith(".") for part in name.split("/"))
        if path.is_file() and not path.is_symlink() and not hidden and not but(name):
            found[name] = path
    return found


def check_writable(storage: Path) -> None:
    """Check that a storage can be written, and make its folders.

    Raises:
        StorageError: it cannot, or there is no room.
        DataError: it is a workspace.
    """
    if (storage / "workspace.json").exists():
        raise DataError(Message("cluster.storage-is-workspace", storage=storage), Message("cluster.storage-other"))
    if not storage.parent.is_dir():
        raise DataError(Message("disk.folder-gone", folder=storage.parent), Message("cluster.storage-form"))
    for part in ("versions", "runs", "jobs"):
        make_folder(storage / part)
    probe = storage / "jobs" / f".writable-{os.getpid()}"
    with explained(probe):
        try:
            probe.write_bytes(b"recdesk")
        finally:
            probe.unlink(missing_ok=True)
