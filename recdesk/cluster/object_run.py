"""A run in an object store: processes train copies of it, and what they write is brought into the store.

    runs/ID/000000-1f0a/list.json      the files of a snapshot, written by one request once all of them are there
    runs/ID/000000-1f0a/files/17       a file; never written again
    runs/ID/000000-1f0a/log/000…0412   what was appended to the log from byte 412 on
    runs/ID/000001-77b2/…              of the process that had the run next

Each process writes below a name of its own, higher than those before. One that was cut off cannot disturb the next one
therefore, and ends once it sees the higher name. The store needs no locks and no conditional writes.
"""

import contextlib
import os
import secrets
import shutil
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from recdesk.cluster.object_store import ObjectStore
from recdesk.cluster.shared_run import CHUNK, FileLog, figures_last, not_fetched
from recdesk.cluster.store import files_of, patiently, read_decoded, write_pieces
from recdesk.core.errors import DataError, RecdeskError
from recdesk.core.files import make_folder, replacing_file
from recdesk.core.messages import Message
from recdesk.core.records import Record, encoded, file_checksum
from recdesk.core.task import UNWATCHED, Task
from recdesk.workspace.dataset_versions import version_folder
from recdesk.workspace.runs import EVENTS, RUN_FILE, TEXT_LOG, read_run_record

LIST = "list.json"
SMALL, LOOKS = 64, 8
"""Pieces of a log before they become one; looks for a next piece until that may have happened."""
TIDY_SECONDS = 60.0
"""Until files that no list names any more are deleted."""
COPY, DAY = "copy-", 86_400.0
TRIES = 5
"""Looks at the folder of a run until two of them agree."""


class StoredFile(Record):
    """A file of a snapshot: its name in the store, its size in bytes and its checksum."""

    key: str
    bytes: int
    checksum: str


class SnapshotFile(Record):
    """`list.json`: the files of a snapshot by their names in the run's folder."""

    files: dict[str, StoredFile]


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
        _Writer(self._store, self._name(0), folder).write(task)

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


class ObjectLog:
    """A log in pieces, those of the newest attempt that has any, which begin with all that was before; small ones
    become one again and again, with the name of the first.

    Args:
        store: that they are in.
        attempts: names those of the run, oldest first.
    """

    def __init__(self, store: ObjectStore, attempts: Callable[[], list[str]]) -> None:
        self._store, self._attempts = store, attempts
        self._attempt, self._end = "", -1
        self._kept: tuple[int, bytes] = (0, b"")
        self._fruitless = 0

    def starts_with(self, here: Path) -> bool:
        """See `Log`."""
        found = self._current()
        if found == self._attempt:
            return True
        self._begin(found)
        if not found:
            return True
        done, ours = 0, FileLog(here)
        while (mine := ours.read(done)) and (theirs := self.read(done)):
            both = min(len(mine), len(theirs))
            if mine[:both] != theirs[:both]:
                return False
            done += both
        return not mine

    def read(self, begin: int) -> bytes:
        """See `Log`."""
        if begin == 0:  # who reads on has asked `starts_with`
            self._begin(self._current())
        if not self._attempt:
            return b""
        first, known = self._kept
        if first <= begin < first + len(known):
            return known[begin - first :]
        content = self._store.read(_piece(self._attempt, begin)) or b""
        if content:
            self._kept = begin, content
        elif begin != self._end or self._fruitless % LOOKS == LOOKS - 1:  # it may be within a piece
            content = self._within(begin)
        self._fruitless = 0 if content else self._fruitless + 1
        self._end = begin + len(content)
        return content

    def _begin(self, attempt: str) -> None:
        self._attempt, self._end, self._kept, self._fruitless = attempt, -1, (0, b""), 0

    def _within(self, begin: int) -> bytes:
        """What a piece has from there on."""
        starts = [int(name) for name in self._store.names(f"{self._attempt}/log") if name.isdecimal()]
        first = max((each for each in starts if each <= begin), default=-1)
        content = self._store.read(_piece(self._attempt, first)) if first >= 0 else None
        self._kept = first, content or b""
        return (content or b"")[begin - first :]

    def _current(self) -> str:
        for attempt in reversed(self._attempts()):
            if attempt == self._attempt or self._store.names(f"{attempt}/log"):
                return attempt
        return ""


def _piece(attempt: str, begin: int) -> str:
    return f"{attempt}/log/{begin:015}"


Mark = tuple[int, int, int]
"""What tells a file from the one that it replaced: its number on the disk, time of change (ns), bytes."""


class _Writer:
    """Writes the folder of a run below a name.

    Args:
        store: where to.
        attempt: the name.
        folder: of the run; files in it are replaced, never changed, but for its logs, which grow.
        has_it: whether nobody else has the run; asked before the list is written.
    """

    def __init__(
        self, store: ObjectStore, attempt: str, folder: Path, has_it: Callable[[], bool] = lambda: True
    ) -> None:
        self._store, self._attempt, self._folder, self._has_it = store, attempt, folder, has_it
        self._written: dict[str, Mark] = {}
        self._stored: dict[str, StoredFile] = {}
        self._uploaded: dict[str, tuple[Mark, StoredFile]] = {}
        self._outdated: list[str] = []
        self._tidied = time.monotonic()
        self._small: list[int] = []
        self._number = self._logged = 0
        self._piece = b""

    def write(self, task: Task = UNWATCHED) -> None:
        """Write what is new: the log at least as far as the files are, and the list once all of them are there.

        Raises:
            OSError, StorageError: the store cannot be written.
            CancelledError: it was cancelled.
        """
        if time.monotonic() - self._tidied > TIDY_SECONDS:  # readers of an older list have had time
            for key in self._outdated:
                self._store.remove(key)
            self._outdated.clear()
            self._tidied = time.monotonic()
        with tempfile.TemporaryDirectory(prefix=".part-", dir=self._folder) as held:
            marks = self._hold(Path(held))
            self._write_log()
            if marks is not None and marks != self._written:
                self._write_files(Path(held), marks, task)

    def _hold(self, held: Path) -> dict[str, Mark] | None:
        """Keep the files that are new as they are at one moment, by links that stay when they are replaced; what the
        folder has then, None if it changed all the time."""
        for number in range(TRIES):
            before, into = self._marks(), held / str(number)
            with contextlib.suppress(FileNotFoundError):  # replaced while it was linked
                for name, mark in before.items():
                    if mark != self._written.get(name):
                        _keep(self._folder / name, into / name)
                if self._marks() == before:
                    into.rename(held / "all") if into.is_dir() else (held / "all").mkdir()
                    return before
        return None

    def _marks(self) -> dict[str, Mark]:
        found: dict[str, Mark] = {}
        for name, path in files_of(self._folder, but=lambda name: name == EVENTS).items():
            about = path.stat()
            found[name] = about.st_ino, about.st_mtime_ns, about.st_size
        return found

    def _write_log(self) -> None:
        log = FileLog(self._folder / EVENTS)
        while piece := self._piece or _many(log, self._logged):
            self._piece = piece  # what may have been written although no answer came is written again, and not more
            self._store.write(_piece(self._attempt, self._logged), piece)
            self._small.append(self._logged)
            self._logged, self._piece = self._logged + len(piece), b""
        if len(self._small) >= SMALL:
            self._join()

    def _join(self) -> None:
        """Make one piece of those since the last large one, but for the newest, which readers may ask for next."""
        *small, newest = self._small
        first, size = small[0], newest - small[0]
        with (self._folder / EVENTS).open("rb") as stream:
            stream.seek(first)
            self._store.write(_piece(self._attempt, first), stream.read(size))
        for begin in small[1:]:
            self._store.remove(_piece(self._attempt, begin))
        self._small = [first, newest] if size < 4 * CHUNK else [newest]

    def _write_files(self, held: Path, marks: dict[str, Mark], task: Task) -> None:
        new = {name: held / "all" / name for name, mark in marks.items() if mark != self._written.get(name)}
        total, done = max(sum(path.stat().st_size for path in new.values()), 1), 0
        stored = {name: about for name, about in self._stored.items() if name in marks}
        for name, path in new.items():
            size, part = path.stat().st_size, (done, done + path.stat().st_size)
            stored[name] = self._upload(name, path, marks[name], task.part(part[0] / total, part[1] / total))
            done += size
        if not self._has_it():
            return
        listed = {"files": {name: about.model_dump() for name, about in stored.items()}}
        self._store.write(f"{self._attempt}/{LIST}", encoded(listed))
        kept = {about.key for about in stored.values()}
        self._outdated += [about.key for about in self._stored.values() if about.key not in kept]
        self._written, self._stored = marks, stored
        self._uploaded.clear()

    def _upload(self, name: str, path: Path, mark: Mark, task: Task) -> StoredFile:
        """Write a file, unless that was done before another one failed."""
        before, about = self._uploaded.get(name, (None, None))
        if about is not None and before == mark:
            return about
        key = f"{self._attempt}/files/{self._number}"
        self._number += 1
        self._store.put(key, path, task)
        found = StoredFile(key=key, bytes=path.stat().st_size, checksum=file_checksum(path))
        self._uploaded[name] = mark, found
        return found


def _keep(source: Path, target: Path) -> None:
    """Keep a file as it is now. It is linked, as another one takes its name, unless it grows in place."""
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        if source.name != TEXT_LOG:
            os.link(source, target)
            return
    except OSError:  # a file system without links
        pass
    shutil.copy2(source, target)


def _many(log: FileLog, begin: int) -> bytes:
    """As many complete lines as make a piece of good size."""
    found = b""
    while len(found) < 8 * CHUNK and (piece := log.read(begin + len(found))):
        found += piece
    return found


class _Attempt:
    """A process that trains a copy of a run, which is brought into the store while it works; see `Attempt`."""

    def __init__(self, store: ObjectStore, run: ObjectRun, name: str, folder: Path) -> None:
        self.folder, self.superseded = folder, False
        self._store, self._run, self._name = store, run, name
        self._writer = _Writer(store, name, folder, self._has_it)
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
