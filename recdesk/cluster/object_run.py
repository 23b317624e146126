"""A run in an object store: processes train copies of it, and what they write is brought into the store.

    runs/ID/000000-1f0a/list.json      the files of a snapshot, written by one request once all of them are there
    runs/ID/000000-1f0a/files/17       a file; never written again
    runs/ID/000000-1f0a/log/000…0412   what was appended to the log from byte 412 on
    runs/ID/000001-77b2/…              of the process that had the run next

Each process writes below a name of its own, higher than those before. One that was cut off cannot disturb the next one
therefore, and ends once it sees the higher name. The store needs no locks and no conditional writes.
"""

import contextlib
import secrets
import shutil
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from recdesk.cluster.object_log import ObjectLog
from recdesk.cluster.object_store import ObjectStore
from recdesk.cluster.object_writer import LIST, SnapshotFile, StoredFile, Writer
from recdesk.cluster.shared_run import figures_last, not_fetched
from recdesk.cluster.store import patiently, read_decoded, write_pieces
from recdesk.core.errors import DataError, RecdeskError
from recdesk.core.files import make_folder, replacing_file
from recdesk.core.messages import Message
from recdesk.core.records import encoded, file_checksum
from recdesk.core.task import UNWATCHED, Task
from recdesk.workspace.dataset_versions import version_folder
from recdesk.workspace.runs import EVENTS, RUN_FILE, read_run_record

COPY, DAY = "copy-", 86_400.0
"""How the folders of copies begin, and seconds until one that nobody changes is deleted."""


class ObjectRun:
    """See `SharedRun`."""

    def __init__(self, store: ObjectStore, run_id: str) -> None:
        self._store, self._id, self.name = store, run_id, f"runs/{run_id}"
        self.log = ObjectLog(store, self.attempts)

    def attempts(self) -> list[str]:
        """Names of those that have had the run, oldest first."""
        return [f"{self.name}/{each}" for each in self._store.names(self.name) if each[:1].isdecimal()]

    def exists(self) -> bool:
        """See `SharedRun`."""
        return self._newest() is not None

    def send(self, folder: Path, task: Task = UNWATCHED) -> None:
        """See `SharedRun`."""
        if self.exists():
            return
        for begun in self.attempts():  # by a process that was killed
            self._store.remove(begun)
        Writer(self._store, self._name(0), folder).write(task)

    def snapshot(self) -> "ObjectSnapshot":
        """See `SharedRun`."""
        found = self._newest()
        if found is None:
            raise DataError(Message("cluster.not-in-storage", name=self.name, storage=self._store.address))
        return found

    def _newest(self) -> "ObjectSnapshot | None":
        for attempt in reversed(self.attempts()):
            listed = read_decoded(self._store, f"{attempt}/{LIST}", SnapshotFile)
            if listed is not None:
                return ObjectSnapshot(self._store, self._id, listed["files"])
        return None

    @contextlib.contextmanager
    def at_rest(self) -> Iterator[None]:
        """See `SharedRun`; a process that trains it ends when it sees that another one has the run."""
        name = self._begun()
        self.snapshot().put(name)
        yield

    def change(self, change: Callable[[Path], None]) -> None:
        """See `SharedRun`."""
        name = self._begun()
        snapshot = self.snapshot()
        with tempfile.TemporaryDirectory() as made:
            folder = Path(made) / self._id
            folder.mkdir()
            snapshot.bring(folder, lambda each: "/" in each, UNWATCHED)
            change(folder)
            snapshot.replace(RUN_FILE, folder / RUN_FILE, f"{name}/files/changed")
        snapshot.put(name)

    def _begun(self) -> str:
        """Take the run from all who had it; the name below which it is written from now on."""
        name = self._next()
        self._store.write(f"{name}/begun", b"")
        return name

    def _next(self) -> str:
        return self._name(max((int(each.rsplit("/", 1)[1][:6]) for each in self.attempts()), default=0) + 1)

    def _name(self, number: int) -> str:
        return f"{self.name}/{number:06}-{secrets.token_hex(4)}"

    @contextlib.contextmanager
    def attempt(self, brought: list[str], task: Task = UNWATCHED) -> Iterator["_Attempt"]:
        """See `SharedRun`."""
        name = patiently(self._begun)
        with self._scratch() as folder:
            self._copy(folder, brought, task, everything=True)
            with _Attempt(self._store, self, name, folder) as attempt:
                yield attempt

    @contextlib.contextmanager
    def copy_for(self, rank: int, brought: list[str]) -> Iterator[Path]:
        """See `SharedRun`."""
        with self._scratch() as folder:
            self._copy(folder, brought, UNWATCHED, everything=False)
            yield folder

    @contextlib.contextmanager
    def _scratch(self) -> Iterator[Path]:
        """A folder of this machine for a copy, of nobody else; in a workspace as the data that are brought are."""
        scratch = self._store.scratch()
        for left in scratch.glob(f"{COPY}*/*"):  # by a process that was killed
            with contextlib.suppress(OSError):
                if time.time() - left.stat().st_mtime > DAY:
                    shutil.rmtree(left.parent, ignore_errors=True)
        folder = scratch / f"{COPY}{secrets.token_hex(8)}" / self._id
        try:
            yield folder
        finally:
            shutil.rmtree(folder.parent, ignore_errors=True)

    def _copy(self, folder: Path, brought: list[str], task: Task, everything: bool) -> None:
        """Bring the run as it is in the store into a folder of this machine, and the data that it needs."""
        about = patiently(lambda: self.snapshot().record())
        data = version_folder(Path(), about["dataset_hash"]).as_posix()
        patiently(lambda: self._store.bring([data, *brought], task.part(0.0, 0.8)))

        def copy() -> None:  # again, too, where a file of the list was replaced by whoever has, or had, the run
            shutil.rmtree(folder, ignore_errors=True)
            make_folder(folder)
            self.snapshot().bring(folder, lambda name: not everything and "/" in name, task.part(0.8, 1.0))
            with (folder / EVENTS).open("wb") as stream:
                done = 0
                while everything and (piece := self.log.read(done)):
                    done += stream.write(piece)

        patiently(copy)


class ObjectSnapshot:
    """See `Snapshot`.

    Args:
        store: that it is in.
        run_id: for errors.
        files: of `SnapshotFile`.
    """

    def __init__(self, store: ObjectStore, run_id: str, files: dict[str, dict[str, Any]]) -> None:
        self._store, self._id, self._listed = store, run_id, files
        self._files = {name: StoredFile(**about) for name, about in files.items()}

    def record(self) -> dict[str, Any]:
        """See `Snapshot`."""
        with tempfile.TemporaryDirectory() as made:
            folder = Path(made) / self._id
            folder.mkdir()
            self._bring({RUN_FILE: self._files[RUN_FILE]}, folder, UNWATCHED)
            return read_run_record(folder)

    def fetch(self, target: Path, task: Task = UNWATCHED) -> None:
        """See `Snapshot`."""
        self.bring(target, not_fetched, task)

    def bring(self, target: Path, but: Callable[[str], bool], task: Task) -> None:
        """Bring its files into a folder, but for some."""
        wanted = {name: about for name, about in self._files.items() if not but(name)}
        self._bring(dict(sorted(wanted.items(), key=figures_last)), target, task)

    def _bring(self, wanted: dict[str, StoredFile], target: Path, task: Task) -> None:
        total, done = max(sum(each.bytes for each in wanted.values()), 1), 0
        for name, about in wanted.items():
            make_folder((target / name).parent)
            part = task.part(done / total, (done + about.bytes) / total)
            with replacing_file(target / name) as temporary:
                write_pieces(self._store.pieces(about.key), about.bytes, temporary, part)
                if file_checksum(temporary) != about.checksum:
                    raise DataError(Message("cluster.object-differs", name=name, storage=self._store.address))
            done += about.bytes

    def replace(self, name: str, path: Path, key: str) -> None:
        """Have a file of it be another one, which is written."""
        self._store.put(key, path)
        self._files[name] = StoredFile(key=key, bytes=path.stat().st_size, checksum=file_checksum(path))
        self._listed = {each: about.model_dump() for each, about in self._files.items()}

    def put(self, attempt: str) -> None:
        """Have it be what another process begins with."""
        self._store.write(f"{attempt}/{LIST}", encoded({"files": self._listed}))


class _Attempt:
    """A process that trains a copy of a run, which is brought into the store while it works; see `Attempt`."""

    def __init__(self, store: ObjectStore, run: ObjectRun, name: str, folder: Path) -> None:
        self.folder, self.superseded = folder, False
        self._store, self._run, self._name = store, run, name
        self._writer = Writer(store, name, folder, self._has_it)
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._work, name="bringing a run into its store", daemon=True)

    def __enter__(self) -> "_Attempt":
        patiently(self._writer.write)
        for name in self._run.attempts():  # all that they had is written anew
            if name < self._name:
                self._store.remove(name)
        self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, *_error: object) -> None:
        self._ended.set()
        self._thread.join()
        if kind is None:
            patiently(self._bring)

    def _work(self) -> None:
        while not self._ended.wait(self._store.interval) and not self.superseded:
            with contextlib.suppress(OSError, RecdeskError):  # away for a moment: what is new stays new
                self._bring()

    def _has_it(self) -> bool:
        """Whether no other process has the run, and it was not removed."""
        self.superseded = self.superseded or self._run.attempts()[-1:] != [self._name]
        return not self.superseded

    def _bring(self) -> None:
        if self._has_it():
            self._writer.write()
