"""A run in a storage: sent once, trained there by a cluster, followed and fetched from here."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any, Protocol

from recdesk.core.task import UNWATCHED, Task
from recdesk.workspace.runs import EVENTS, METRICS, RUN_FILE

CHUNK = 1 << 20
"""Bytes of a log that are read at a time."""


class Log(Protocol):
    """A log that grows, as it is in a storage."""

    def starts_with(self, here: Path) -> bool:
        """Whether it begins with what is in a file of this computer; True where there is no log yet.

        Raises:
            OSError, StorageError: it cannot be reached.
        """

    def read(self, begin: int) -> bytes:
        """The next complete lines from a line's beginning on; nothing where there are none.

        Raises:
            OSError, StorageError: it cannot be reached.
        """


def lines_of(log: Log) -> Iterator[bytes]:
    """The complete lines of a log."""
    done = 0
    while piece := log.read(done):
        done += len(piece)
        yield from piece.splitlines()


class Snapshot(Protocol):
    """The files of a run as they were at one moment."""

    def record(self) -> dict[str, Any]:
        """See `read_run_record`.

        Raises:
            OSError, RecdeskError: it cannot be read.
        """

    def fetch(self, target: Path, task: Task = UNWATCHED) -> None:
        """Bring all but `run.json` and the log into a folder of this computer; each replaces what is there, atomically,
        those with the figures last.

        Raises:
            OSError, RecdeskError: one cannot be read there or written here.
            CancelledError: it was cancelled.
        """


class Attempt(Protocol):
    """A process that trains a run.

    Attributes:
        folder: of the run for this process.
        superseded: another process has the run now; what this one does is not kept.
    """

    folder: Path
    superseded: bool


class SharedRun(Protocol):
    """A run in a storage."""

    @property
    def log(self) -> Log:
        """Its events."""

    def exists(self) -> bool:
        """Whether it was sent whole.

        Raises:
            OSError, StorageError: the storage cannot be reached.
        """

    def send(self, folder: Path, task: Task = UNWATCHED) -> None:
        """Bring it there, from its folder on this computer.

        Raises:
            StorageError: there is no room, or the storage cannot be written.
            CancelledError: it was cancelled.
        """

    def snapshot(self) -> Snapshot:
        """Its files as they are now.

        Raises:
            OSError, RecdeskError: they cannot be read, or there are none.
        """

    def at_rest(self) -> AbstractContextManager[object]:
        """Have no process of a cluster train it inside the block, and for good where that is not possible otherwise.

        Raises:
            UsageError: one does.
            StorageError: the storage cannot be written.
        """

    def attempt(self, brought: list[str], task: Task = UNWATCHED) -> AbstractContextManager[Attempt]:
        """Have this process train it inside the block; other processes have ended, or what they do is not kept. What is
        written in the folder of the attempt is in the storage soon, and all of it when the block ends.

        Args:
            brought: folders of the storage that training needs beside it.
            task: gets progress before the block; may cancel.

        Raises:
            OSError, RecdeskError: the storage cannot be read or written.
            CancelledError: it was cancelled.
        """

    def change(self, change: Callable[[Path], None]) -> None:
        """Change `run.json` of a run that no process trains.

        Args:
            change: called with a folder that has `run.json` and the settings.

        Raises:
            OSError, RecdeskError: the storage cannot be read or written.
        """

    def copy_for(self, rank: int, brought: list[str]) -> AbstractContextManager[Path]:
        """Its folder, inside the block, for a process that does not lead: settings and data. Arguments as `attempt` and
        `Workers`.

        Raises:
            OSError, RecdeskError: the storage cannot be read.
        """


def not_fetched(name: str) -> bool:
    """Whether a file of a run is fetched in another way: its log is followed, its state told last."""
    return name in (RUN_FILE, EVENTS)


def figures_last(each: tuple[str, object]) -> tuple[bool, str]:
    """Key by which the files of a run are ordered for fetching."""
    return each[0] == METRICS, each[0]


class FileLog:
    """A log in a file; see `Log`."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def starts_with(self, here: Path) -> bool:
        """See `Log`; by the size, as it only grows."""
        if not self._path.exists():
            return True
        return self._path.stat().st_size >= (here.stat().st_size if here.exists() else 0)

    def read(self, begin: int) -> bytes:
        """See `Log`."""
        if not self._path.exists():
            return b""
        with self._path.open("rb") as stream:
            stream.seek(begin)
            piece = stream.read(CHUNK)
            while piece and b"\n" not in piece and (more := stream.read(CHUNK)):
                piece += more
        return piece[: piece.rfind(b"\n") + 1]
