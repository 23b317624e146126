"""A storage of objects: Amazon's S3 and what speaks its protocol, Google Cloud Storage, Azure; by Arrow's file systems.

Objects are replaced whole, and seen at once by whoever asks afterwards. A folder is there once the list of its files
is, which is written last. https://arrow.apache.org/docs/python/filesystems.html
"""

import contextlib
import hashlib
import os
import secrets
import shutil
import stat
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from filelock import FileLock, Timeout

from recdesk.cluster.store import CHUNK, parts_of, read_decoded, write_pieces
from recdesk.core.errors import DataError, StorageError
from recdesk.core.files import PRIVATE_FOLDER, make_folder, new_folder
from recdesk.core.messages import Message
from recdesk.core.records import Record, encoded
from recdesk.core.refusals import explained
from recdesk.core.task import UNWATCHED, Task

INTERVAL = 1.0
"""Seconds between two looks: each is a few requests, which are paid for."""
LIST = ".files.json"
"""Of the files of a folder; beside them."""
SCRATCH = "RECDESK_SCRATCH"
"""Environment variable with the folder of a machine for what it brings from object stores; else its temporary one."""


class ListFile(Record):
    """`.files.json`: bytes of the files of a folder, by name; they are below a name that only their sender used."""

    below: str
    files: dict[str, int]


class ObjectStore:
    """See `Store`. Passwords and keys come from where the provider's own tools have them: the environment, files in the
    home folder, the machine."""

    interval = INTERVAL
    folder: Path | None = None

    def __init__(self, address: str) -> None:
        self.address = address

    @cached_property
    def _place(self) -> tuple[Any, str]:
        """Arrow's file system, and the path of the storage in it."""
        from pyarrow import fs

        parts = urlsplit(self.address)
        with self._explained():
            if parts.scheme == "s3":
                # options that addresses cannot have: small objects are written by one request instead of three, and
                # what the store does not take fast enough is waited for, not kept in memory
                own = {"allow_delayed_open": True, "background_writes": False}
                return fs.S3FileSystem(**dict(parse_qsl(parts.query)), **own), f"{parts.netloc}{parts.path}"
            system, path = fs.FileSystem.from_uri(self.address)
            return system, path

    def check(self) -> None:
        """See `Store`."""
        name = f"jobs/.writable-{secrets.token_hex(4)}"
        self.write(name, b"recdesk")
        self.remove(name)

    def free(self) -> int | None:
        """See `Store`."""
        return None

    def read(self, name: str) -> bytes | None:
        """See `Store`."""
        system, root = self._place
        with self._explained():
            try:
                with system.open_input_stream(f"{root}/{name}") as stream:
                    return bytes(stream.readall())
            except FileNotFoundError:
                return None

    def write(self, name: str, content: bytes) -> None:
        """See `Store`."""
        system, root = self._place
        with self._explained(), system.open_output_stream(f"{root}/{name}") as stream:
            stream.write(content)

    def pieces(self, name: str) -> Iterator[bytes]:
        """See `Store`."""
        system, root = self._place
        with self._explained(), system.open_input_stream(f"{root}/{name}") as stream:
            while piece := stream.read(CHUNK):
                yield piece

    def put(self, name: str, source: Path, task: Task = UNWATCHED) -> None:
        """See `Store`."""
        system, root = self._place
        size, done = max(source.stat().st_size, 1), 0
        with source.open("rb") as file, self._explained(), system.open_output_stream(f"{root}/{name}") as stream:
            while piece := file.read(CHUNK):
                stream.write(piece)
                done += len(piece)
                task.step(done / size)

    def has(self, name: str) -> bool:
        """See `Store`."""
        return self._is_file(name) or self._is_file(f"{name}/{LIST}")

    def put_folder(self, name: str, files: Mapping[str, Path], task: Task = UNWATCHED) -> None:
        """See `Store`."""
        if self._is_file(f"{name}/{LIST}"):
            return
        below = secrets.token_hex(4)  # who is cancelled leaves a part of a file, which must not replace another's
        for each, path, part in parts_of(files, task):
            self.put(f"{name}/{below}/{each}", path, part)
        sizes = {each: path.stat().st_size for each, path in files.items()}
        self.write(f"{name}/{LIST}", encoded({"below": below, "files": sizes}))

    def bring(self, names: Sequence[str], task: Task = UNWATCHED) -> Path:
        """See `Store`. Each machine brings a folder once, for all processes of its user."""
        scratch = self.scratch()
        for number, name in enumerate(names):
            part = task.part(number / len(names), (number + 1) / len(names))
            with _alone(scratch / f".{hashlib.sha256(name.encode()).hexdigest()[:16]}.lock", part):
                listed = self._listed(name)
                if not _is_whole(scratch / name, listed):  # somebody may have tidied up there
                    shutil.rmtree(scratch / name, ignore_errors=True)
                    with new_folder(scratch / name) as made:
                        self._bring(name, listed, made, part)
        return scratch

    @contextlib.contextmanager
    def reading(self, name: str) -> Iterator[Path]:
        """See `Store`."""
        with tempfile.TemporaryDirectory(prefix="recdesk-") as made:
            self._bring(name, self._listed(name), Path(made), UNWATCHED)
            yield Path(made)

    def _listed(self, name: str) -> ListFile:
        listed = read_decoded(self, f"{name}/{LIST}", ListFile)
        if listed is None:
            raise DataError(Message("cluster.not-in-storage", name=name, storage=self.address))
        return ListFile(below=listed["below"], files=listed["files"])

    def _bring(self, name: str, listed: ListFile, target: Path, task: Task) -> None:
        total, done = max(sum(listed.files.values()), 1), 0
        for each, size in listed.files.items():
            path = target / each
            path.parent.mkdir(parents=True, exist_ok=True)
            part = task.part(done / total, (done + size) / total)
            if write_pieces(self.pieces(f"{name}/{listed.below}/{each}"), size, path, part) != size:
                raise DataError(Message("cluster.object-differs", name=each, storage=self.address))
            done += size

    def scratch(self) -> Path:
        """A folder of this machine, and of nobody else, for what is brought from here."""
        base = Path(os.environ.get(SCRATCH) or tempfile.gettempdir()).expanduser().absolute()
        whose = str(os.getuid()) if os.name == "posix" else "own"
        folder = base / f"recdesk-scratch-{whose}"
        with explained(folder):
            folder.mkdir(PRIVATE_FOLDER, parents=True, exist_ok=True)
            about = folder.lstat()
        if os.name == "posix" and (about.st_uid != os.getuid() or not stat.S_ISDIR(about.st_mode)):
            raise StorageError(Message("disk.not-writable", folder=folder), Message("cluster.set-scratch"))
        found = folder / hashlib.sha256(self.address.encode()).hexdigest()[:16]
        make_folder(found)
        return found

    def names(self, folder: str) -> list[str]:
        """See `Store`."""
        from pyarrow import fs

        system, root = self._place
        with self._explained():
            found = system.get_file_info(fs.FileSelector(f"{root}/{folder}", allow_not_found=True))
        return sorted(each.base_name for each in found)

    def remove(self, name: str) -> None:
        """See `Store`."""
        from pyarrow import fs

        with contextlib.suppress(StorageError), self._explained():
            system, root = self._place
            kind = system.get_file_info(f"{root}/{name}").type
            if kind == fs.FileType.File:
                system.delete_file(f"{root}/{name}")
            elif kind == fs.FileType.Directory:
                system.delete_dir(f"{root}/{name}")

    def _is_file(self, name: str) -> bool:
        from pyarrow import fs

        system, root = self._place
        with self._explained():
            return bool(system.get_file_info(f"{root}/{name}").type == fs.FileType.File)

    @contextlib.contextmanager
    def _explained(self) -> Iterator[None]:
        """Turn errors of Arrow into ours.

        Raises:
            StorageError: the store refused, or cannot be reached.
        """
        from pyarrow.lib import ArrowException

        try:
            yield
        except FileNotFoundError as error:
            raise StorageError(Message("cluster.object-gone", storage=self.address), "", str(error)) from error
        except (OSError, ArrowException) as error:
            raise StorageError(
                Message("cluster.objects-refused", storage=self.address, reason=_reason(error)),
                Message("cluster.check-store"),
                str(error),
            ) from error


def _is_whole(folder: Path, listed: ListFile) -> bool:
    """Whether a folder has the files of a list."""
    with contextlib.suppress(OSError):
        return all((folder / name).stat().st_size == size for name, size in listed.files.items())
    return False


def _reason(error: Exception) -> str:
    """What a provider said, without the library's words around it."""
    said = str(error).partition("\n")[0]
    for begin, end in (("AWS Error ", " ("), ("Detail: ", " [")):
        if begin in said:
            return said.partition(begin)[2].partition(end)[0].rstrip(".")
    return said.rstrip(".")


@contextlib.contextmanager
def _alone(path: Path, task: Task) -> Iterator[None]:
    """Hold a lock; waiting for it can be cancelled."""
    lock = FileLock(path)
    while True:
        task.check()
        try:
            lock.acquire(timeout=0.5)
        except Timeout:
            continue
        break
    try:
        yield
    finally:
        lock.release()
