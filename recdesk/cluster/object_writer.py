"""Writing the folder of a run into an object store, again and again, as it is at one moment."""

import contextlib
import os
import shutil
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from recdesk.cluster.object_log import piece_name
from recdesk.cluster.object_store import ObjectStore
from recdesk.cluster.shared_run import CHUNK, FileLog
from recdesk.cluster.store import files_of
from recdesk.core.records import Record, encoded, file_checksum
from recdesk.core.task import UNWATCHED, Task
from recdesk.workspace.runs import EVENTS, TEXT_LOG

LIST = "list.json"
TRIES = 5
"""Looks at the folder of a run until two of them agree."""
SMALL = 64
"""Pieces of a log before they become one."""
TIDY_SECONDS = 60.0
"""Until files that no list names any more are deleted."""


class StoredFile(Record):
    """A file of a snapshot: its name in the store, its size in bytes and its checksum."""

    key: str
    bytes: int
    checksum: str


class SnapshotFile(Record):
    """`list.json`: the files of a snapshot by their names in the run's folder."""

    files: dict[str, StoredFile]


Mark = tuple[int, int, int]
"""What tells a file from the one that it replaced: its number on the disk, time of change (ns), bytes."""


class Writer:
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
            self._store.write(piece_name(self._attempt, self._logged), piece)
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
            self._store.write(piece_name(self._attempt, first), stream.read(size))
        for begin in small[1:]:
            self._store.remove(piece_name(self._attempt, begin))
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
