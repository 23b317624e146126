"""What this computer and a cluster both reach: data by content hash, runs, and the files by which the two sides of a
job talk."""

import contextlib
from pathlib import Path
from typing import Any, TypeVar

from pydantic import Field

from recdesk.cluster.folder_run import FolderRun
from recdesk.cluster.folder_store import FolderStore
from recdesk.cluster.shared_run import SharedRun
from recdesk.cluster.store import Store, is_object_store, read_decoded
from recdesk.core.errors import DataError, RecdeskError, StorageError
from recdesk.core.messages import Message
from recdesk.core.records import Record, encoded, validated
from recdesk.workspace.dataset_versions import version_folder

FORMAT = 1
_NEWER = Message("cluster.other-version")


class JobFile(Record):
    """`job.json`: what a job is to do; written before it is sent.

    Attributes:
        run: id of the run.
        version: of the recdesk that sent it.
        cpus: as in `ClusterRecord`.
        workers, device: of the run's settings.
        brought: folders of the storage that training needs beside the run.
    """

    format: int
    run: str
    version: str
    cpus: int = Field(0, ge=0)
    workers: int = Field(1, ge=1)
    device: str = "auto"
    brought: list[str] = Field(default_factory=list)


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


File = TypeVar("File", bound=Record)


class Job:
    """The files of one submission; each is written by one side, whole.

    Args:
        storage: that they are in.
        submission: id of the job.
    """

    def __init__(self, storage: "Storage", submission: str) -> None:
        self.storage, self.submission = storage, submission
        self._folder, self._store = f"jobs/{submission}", storage.store

    def words(self) -> list[str]:
        """Words of a command that name it."""
        return [self.storage.address, self.submission]

    def name(self, file: str) -> str:
        """Name of one of its files in the storage."""
        return f"{self._folder}/{file}"

    @property
    def created(self) -> bool:
        """Whether it is written what it is to do."""
        return self._store.has(self.name("job.json"))

    def create(self, values: dict[str, Any]) -> None:
        """Write `job.json`."""
        self.write("job.json", {"format": FORMAT, **values})

    def about(self) -> JobFile:
        """What it is to do.

        Raises:
            DataError: it is missing, damaged, or written by a newer recdesk.
        """
        return self.needed("job.json", JobFile)

    def begin(self) -> None:
        """Say that a worker has begun."""
        self._store.write(self.name("started"), b"")

    def begin_again(self) -> None:
        """Forget that a worker has begun."""
        self._store.remove(self.name("started"))

    @property
    def begun(self) -> bool:
        """Whether a worker has begun."""
        return self._store.has(self.name("started"))

    def steer(self, paused: bool, stop: int) -> None:
        """Say what is wanted."""
        self.write("control.json", {"paused": paused, "stop": stop})

    def control(self) -> ControlFile:
        """What is wanted."""
        return self.found("control.json", ControlFile) or ControlFile()

    def report(self, **values: Any) -> None:
        """Say what it does; see `ProgressFile`. What was removed meanwhile stays so."""
        if self.created:
            self.write("progress.json", values)

    def progress(self) -> ProgressFile | None:
        """What it does; None before it said so."""
        return self.found("progress.json", ProgressFile)

    def meet(self, place: RendezvousFile) -> None:
        """Say where the others find the leader."""
        self.write("rendezvous.json", place.model_dump())

    def rendezvous(self, attempt: str) -> RendezvousFile | None:
        """Where the leader of an attempt waits; None before it does."""
        found = self.found("rendezvous.json", RendezvousFile)
        return found if found is not None and found.attempt == attempt else None

    def end(self, failed: list[str] | None = None) -> None:
        """Say that it is over. What was removed meanwhile stays so."""
        if self.created:
            self.write("ended.json", {"failed": failed or []})

    def ended(self) -> EndFile | None:
        """How it ended; None before."""
        found = read_values(self._store, self.name("ended.json"), EndFile)
        return None if found is None else EndFile.model_construct(failed=found.get("failed", []))  # as messages

    def remove(self) -> None:
        """Delete its files."""
        self._store.remove(self._folder)

    def write(self, file: str, values: dict[str, Any]) -> None:
        """Write a file of it."""
        self._store.write(self.name(file), encoded(values))

    def found(self, file: str, schema: type[File]) -> File | None:
        """A file of it; None where there is none.

        Raises:
            OSError, RecdeskError: it cannot be read.
        """
        return read_file(self._store, self.name(file), schema)

    def needed(self, file: str, schema: type[File], advice: str = "") -> File:
        """A file that it has from the beginning.

        Raises:
            DataError: it is missing, damaged, or written by a newer recdesk.
        """
        return needed_file(self._store, self.name(file), schema, advice)


def read_values(
    store: Store, name: str, schema: type[Record], advice: str = "", newest: int = 0
) -> dict[str, Any] | None:
    """The object in a JSON file of a storage, validated; None where there is no such file.

    Raises:
        OSError, RecdeskError: it cannot be read.
    """
    return read_decoded(store, name, schema, advice, newest, _NEWER)


def read_file(store: Store, name: str, schema: type[File], advice: str = "", newest: int = 0) -> File | None:
    """The same as an instance of its schema."""
    values = read_values(store, name, schema, advice, newest)
    return None if values is None else validated(values, schema, name, advice)


def needed_file(store: Store, name: str, schema: type[File], advice: str = "") -> File:
    """A JSON file with a format that a storage must have.

    Raises:
        DataError: it is missing, damaged, or written by a newer recdesk.
    """
    found = read_file(store, name, schema, advice, FORMAT)
    if found is None:
        raise DataError(Message("record.missing", path=name), advice)
    return found


def job_prefix(run_id: str) -> str:
    """How the ids of all jobs of a run begin."""
    return f"recdesk-{run_id}-"


class Storage:
    """A storage: `versions/HASH` as in a workspace, `runs/ID`, `jobs/SUBMISSION`, `encoders`; for exports
    `models/ID-DIGEST`, `datasets/HASH` (newer versions of data) and `exports/KEY`; `studies/ID` while a study's trials
    train.

    Args:
        address: as runs record it.
    """

    def __init__(self, address: str) -> None:
        self.address, self.store = address, store_at(address)

    def run(self, run_id: str) -> SharedRun:
        """A run in it."""
        if isinstance(self.store, FolderStore):
            return FolderRun(self.store, run_id)
        from recdesk.cluster.object_run import ObjectRun
        from recdesk.cluster.object_store import ObjectStore

        assert isinstance(self.store, ObjectStore)
        return ObjectRun(self.store, run_id)

    def job(self, submission: str) -> Job:
        """The files of a submission."""
        return Job(self, submission)

    def require(self) -> None:
        """Check that it can be reached.

        Raises:
            StorageError: it cannot.
        """
        try:
            self.store.names("runs")
            if self.store.folder is None:  # a bucket that is not there has no names either
                self.store.check()
        except StorageError as error:
            raise StorageError(error.sentence, Message("cluster.storage-needed"), error.details) from error

    def remove_run(self, run_id: str) -> None:
        """Delete what is fetched: a run, and the files of its jobs. What cannot be deleted stays."""
        self.store.remove(f"runs/{run_id}")
        self.remove_jobs(job_prefix(run_id))

    def remove_jobs(self, prefix: str) -> None:
        """Delete the files of the jobs whose ids begin so. What cannot be deleted stays."""
        with contextlib.suppress(OSError, RecdeskError):
            for submission in self.store.names("jobs"):
                if submission.startswith(prefix):
                    self.store.remove(f"jobs/{submission}")

    def remove_study(self, study: str) -> None:
        """Delete what the trials of a study shared: the text encoder that the first of them trained."""
        self.store.remove(f"studies/{study}")


def store_at(address: str) -> Store:
    """The store with an address, see `checked_address`."""
    if is_object_store(address):
        from recdesk.cluster.object_store import ObjectStore

        return ObjectStore(address)
    return FolderStore(Path(address))


def version_name(content_hash: str) -> str:
    """Folder of a dataset in a storage, as in a workspace."""
    return version_folder(Path(), content_hash).as_posix()


def newer_name(content_hash: str) -> str:
    """Folder of a newer version of a dataset, where the run of a model looks for one that is so called."""
    return f"datasets/{content_hash[:32]}"


def model_name(run_id: str, digest: str) -> str:
    """Folder of a run as it recommends."""
    return f"models/{run_id}-{digest[:16]}"
