"""A storage in a folder."""

import contextlib
import os
import shutil
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from recdesk.cluster.store import parts_of, pieces_of, write_pieces
from recdesk.core.errors import DataError, StorageError
from recdesk.core.files import make_folder, new_folder, replacing, replacing_file
from recdesk.core.messages import Message
from recdesk.core.refusals import explained
from recdesk.core.task import UNWATCHED, Task


class FolderStore:
    """A folder that this computer and a cluster reach under the same path; see `Store`."""

    interval = 0.0

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.address = str(folder)

    def check(self) -> None:
        """See `Store`."""
        folder = self.folder
        if (folder / "workspace.json").exists():
            raise DataError(Message("cluster.storage-is-workspace", storage=folder), Message("cluster.storage-other"))
        if not folder.parent.is_dir():
            raise DataError(Message("disk.folder-gone", folder=folder.parent), Message("cluster.storage-form"))
        for part in ("versions", "runs", "jobs"):
            make_folder(folder / part)
        probe = folder / "jobs" / f".writable-{os.getpid()}"
        with explained(probe):
            try:
                probe.write_bytes(b"recdesk")
            finally:
                probe.unlink(missing_ok=True)

    def free(self) -> int | None:
        """See `Store`."""
        return shutil.disk_usage(self.folder).free

    def read(self, name: str) -> bytes | None:
        """See `Store`."""
        path = self.folder / name
        return path.read_bytes() if path.exists() else None

    def write(self, name: str, content: bytes) -> None:
        """See `Store`."""
        path = self._room_for(name)
        with replacing(path, "wb") as stream:
            stream.write(content)

    def pieces(self, name: str) -> Iterator[bytes]:
        """See `Store`."""
        yield from pieces_of(self.folder / name)

    def put(self, name: str, source: Path, task: Task = UNWATCHED) -> None:
        """See `Store`."""
        with replacing_file(self._room_for(name)) as temporary:
            _copy(source, temporary, task)

    def has(self, name: str) -> bool:
        """See `Store`."""
        return (self.folder / name).exists()

    def put_folder(self, name: str, files: Mapping[str, Path], task: Task = UNWATCHED) -> None:
        """See `Store`."""
        target = self.folder / name
        if target.is_dir():
            return
        with new_folder(target, _unless_there) as made:
            for each, path, part in parts_of(files, task):
                (made / each).parent.mkdir(parents=True, exist_ok=True)
                _copy(path, made / each, part)

    @contextlib.contextmanager
    def reading(self, name: str) -> Iterator[Path]:
        """See `Store`."""
        yield self.folder / name

    def bring(self, names: Sequence[str], task: Task = UNWATCHED) -> Path:
        """See `Store`."""
        return self.folder

    def names(self, folder: str) -> list[str]:
        """See `Store`."""
        path = self.folder / folder
        if not self.folder.is_dir():
            raise StorageError(Message("disk.folder-gone", folder=self.folder))
        return sorted(each.name for each in path.iterdir()) if path.is_dir() else []

    def remove(self, name: str) -> None:
        """See `Store`."""
        path = self.folder / name
        shutil.rmtree(path, ignore_errors=True)
        with contextlib.suppress(OSError):
            path.unlink(missing_ok=True)

    def _room_for(self, name: str) -> Path:
        """The path of a file that is about to be written, its folder made; that of the storage never is."""
        if not self.folder.is_dir():
            raise StorageError(Message("disk.folder-gone", folder=self.folder))
        make_folder((self.folder / name).parent)
        return self.folder / name


@contextlib.contextmanager
def _unless_there(target: Path) -> Iterator[Path]:
    """The target; where another run brought the same meanwhile, a name beside it, which is deleted again."""
    if not target.is_dir():
        yield target
        return
    double = target.with_name(f".{target.name}.{os.getpid()}.part")
    yield double
    shutil.rmtree(double, ignore_errors=True)


def _copy(source: Path, target: Path, task: Task) -> None:
    write_pieces(pieces_of(source), source.stat().st_size, target, task)
