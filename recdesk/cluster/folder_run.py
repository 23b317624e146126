"""A run in a folder that both sides reach: it is trained in that folder."""

import contextlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from recdesk.cluster.folder_store import FolderStore
from recdesk.cluster.shared_run import FileLog, Log, Snapshot, figures_last, not_fetched
from recdesk.cluster.store import files_of, parts_of, pieces_of, write_pieces
from recdesk.core.files import make_folder, replacing_file
from recdesk.core.task import UNWATCHED, Task
from recdesk.experiment.pipeline import locked
from recdesk.workspace.run_store import run_lock
from recdesk.workspace.runs import EVENTS, Run, read_run_record


class FolderRun:
    """See `SharedRun`."""

    def __init__(self, store: FolderStore, run_id: str) -> None:
        self._store, self.folder = store, store.folder / "runs" / run_id
        self.superseded = False
        self.log: Log = FileLog(self.folder / EVENTS)

    def exists(self) -> bool:
        """See `SharedRun`."""
        return self.folder.is_dir()

    def send(self, folder: Path, task: Task = UNWATCHED) -> None:
        """See `SharedRun`."""
        self._store.put_folder(f"runs/{self.folder.name}", files_of(folder), task)

    def snapshot(self) -> Snapshot:
        """See `SharedRun`; the files are read later, when nothing changes them."""
        return _Folder(self.folder)

    @contextlib.contextmanager
    def at_rest(self) -> Iterator[None]:
        """See `SharedRun`."""
        with locked(Run.read(self.folder)):  # while a worker lives, it is at work there
            yield

    @contextlib.contextmanager
    def attempt(self, brought: list[str], task: Task = UNWATCHED) -> Iterator["FolderRun"]:
        """See `SharedRun`."""
        with run_lock(self.folder):  # one that was cut off from its head may live on, and even end the run
            pass
        yield self

    def change(self, change: Callable[[Path], None]) -> None:
        """See `SharedRun`."""
        with run_lock(self.folder):
            pass
        change(self.folder)

    @contextlib.contextmanager
    def copy_for(self, rank: int, brought: list[str]) -> Iterator[Path]:
        """See `SharedRun`."""
        yield self.folder


class _Folder:
    """See `Snapshot`."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def record(self) -> dict[str, Any]:
        """See `Snapshot`."""
        return read_run_record(self._folder)

    def fetch(self, target: Path, task: Task = UNWATCHED) -> None:
        """See `Snapshot`."""
        found = files_of(self._folder, but=not_fetched)
        for name, path, part in parts_of(dict(sorted(found.items(), key=figures_last)), task):
            make_folder((target / name).parent)
            with replacing_file(target / name) as temporary:
                write_pieces(pieces_of(path), path.stat().st_size, temporary, part)
