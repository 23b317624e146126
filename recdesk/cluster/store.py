"""Where a storage keeps its files: in a folder, or as the objects of an object store, with the same operations."""

import re
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any, Protocol, TypeVar
from urllib.parse import SplitResult, parse_qsl, urlsplit

from recdesk.core.errors import DataError, StorageError, UsageError
from recdesk.core.messages import Message
from recdesk.core.records import NewerError, Record, decoded
from recdesk.core.refusals import explained
from recdesk.core.task import UNWATCHED, Task

CHUNK = 1 << 22
"""Bytes that are copied at a time."""
PATIENCE_SECONDS = 900.0
"""For what must reach a storage that is away."""
AGAIN_SECONDS = 1.0
"""Between two attempts."""
TRIES = 4
"""To read a file that may be replaced meanwhile."""
SCHEMES = ("s3", "gs", "gcs", "abfs", "abfss")
"""Of object stores: Amazon's S3 and what speaks its protocol, Google Cloud Storage, Azure."""
OPTIONS = ("endpoint_override", "scheme", "region")
"""That the address of an S3 store may have."""
_SECRET = re.compile(r"key|secret|token|password|sas", re.IGNORECASE)
"""In names of parameters that must not stand in an address: it is kept in runs, and shown."""

Result = TypeVar("Result")


class Store(Protocol):
    """Files by name, such as "jobs/ID/job.json"; each is there whole or not at all.

    Attributes:
        address: as runs record it.
        interval: seconds between two looks at what changes, at least.
    """

    address: str
    interval: float

    @property
    def folder(self) -> Path | None:
        """The folder that it is; None for an object store."""

    def check(self) -> None:
        """Check that it can be written.

        Raises:
            StorageError: it cannot, or there is no room.
            DataError: it is a workspace.
        """

    def free(self) -> int | None:
        """Bytes of room; None where that has no limit."""

    def read(self, name: str) -> bytes | None:
        """The content of a file; None where there is none.

        Raises:
            OSError, StorageError: it cannot be reached.
        """

    def write(self, name: str, content: bytes) -> None:
        """Write a file, also over another.

        Raises:
            StorageError: it cannot be written.
        """

    def pieces(self, name: str) -> Iterator[bytes]:
        """The content of a file in pieces.

        Raises:
            OSError, StorageError: there is none, or it cannot be reached.
        """

    def put(self, name: str, source: Path, task: Task = UNWATCHED) -> None:
        """Write a file from one of this computer.

        Raises:
            StorageError: it cannot be written.
            CancelledError: it was cancelled.
        """

    def has(self, name: str) -> bool:
        """Whether there is such a file, or a folder that was put whole.

        Raises:
            OSError, StorageError: it cannot be reached.
        """

    def put_folder(self, name: str, files: Mapping[str, Path], task: Task = UNWATCHED) -> None:
        """Write a new folder, all or none; nothing is done where it is.

        Args:
            name: of the folder.
            files: of this computer by name in the folder.
            task: gets progress; checked between pieces.

        Raises:
            StorageError: it cannot be written.
            CancelledError: it was cancelled.
        """

    def reading(self, name: str) -> AbstractContextManager[Path]:
        """A folder of this computer that has, inside the block, a folder that was put.

        Raises:
            OSError, RecdeskError: it cannot be read.
        """

    def bring(self, names: Sequence[str], task: Task = UNWATCHED) -> Path:
        """A folder of this computer, laid out as the storage, with these folders of it.

        Raises:
            OSError, RecdeskError: one cannot be read there, or written here.
            CancelledError: it was cancelled.
        """

    def names(self, folder: str) -> list[str]:
        """Names of what is directly in a folder, sorted; none where there is no such folder.

        Raises:
            OSError, StorageError: it cannot be reached.
        """

    def remove(self, name: str) -> None:
        """Delete a file or folder. What cannot be deleted stays."""


def is_object_store(address: str) -> bool:
    """Whether an address is that of an object store; otherwise it is a folder."""
    return address.partition("://")[0] in SCHEMES and "://" in address


def checked_address(text: str) -> str:
    """The address of a storage that a person wrote, as it is recorded: that of an object store, or a folder's whole
    path.

    Raises:
        UsageError: it is neither, or it has a password in it.
    """
    form = Message("cluster.storage-form")
    if not text.strip():
        raise UsageError(Message("cluster.no-storage"), form)
    if "://" in text and not text.startswith("file://"):
        if not is_object_store(text.strip()):
            raise UsageError(Message("cluster.storage-no-folder", storage=text), form)
        return _checked_url(text.strip())
    try:
        return str(Path(text.removeprefix("file://")).expanduser().absolute())
    except RuntimeError as error:  # of “~name”
        raise UsageError(Message("cluster.storage-no-folder", storage=text), form) from error


def has_secret(url: str) -> bool:
    """Whether there is a key or password in the address of an object store."""
    parts = _parts(url)
    if parts is None:
        return False
    given = parse_qsl(parts.query, keep_blank_values=True)
    owner = parts.netloc.rpartition("@")[0]
    named = bool(owner) and owner != "anonymous" and not parts.scheme.startswith("abfs")
    return ":" in owner or named or any("@" in value or _SECRET.search(name) for name, value in given)


def _parts(url: str) -> SplitResult | None:
    try:
        return urlsplit(url)
    except ValueError:  # a bracket that does not close
        return None


def _checked_url(url: str) -> str:
    parts = _parts(url)
    if parts is None:
        raise UsageError(Message("cluster.storage-no-folder", storage=url), Message("cluster.storage-form"))
    if has_secret(url):
        hidden = parts._replace(netloc=parts.netloc.rpartition("@")[2], query="").geturl()
        raise UsageError(Message("cluster.secret-in-address", storage=hidden), Message("cluster.secret-elsewhere"))
    if parts.scheme == "s3" and (other := [name for name, _ in parse_qsl(parts.query) if name not in OPTIONS]):
        raise UsageError(
            Message("cluster.store-option", name=other[0]), Message("cluster.store-options", names=", ".join(OPTIONS))
        )
    if not parts.netloc or parts.fragment:
        raise UsageError(Message("cluster.storage-no-folder", storage=url), Message("cluster.storage-form"))
    return parts._replace(path=parts.path.rstrip("/")).geturl()


def patiently(call: Callable[[], Result], seconds: float = PATIENCE_SECONDS) -> Result:
    """What a call returns; it is called again while the storage is away.

    Raises:
        OSError, StorageError: it was away for so many seconds.
    """
    begun = time.monotonic()
    while True:
        try:
            return call()
        except (OSError, StorageError):
            if time.monotonic() - begun > seconds:
                raise
        time.sleep(AGAIN_SECONDS)


def read_decoded(
    store: Store, name: str, schema: type[Record], advice: str = "", newest: int = 0, newer: str = ""
) -> dict[str, Any] | None:
    """The object in a JSON file of a store, see `read_record`; None where there is no such file.

    One that is replaced while it is read may come torn from an object store, whose size is asked first: its checksum
    tells, and it is read again.

    Raises:
        OSError, RecdeskError: it cannot be read.
    """
    for left in reversed(range(TRIES)):
        content = store.read(name)
        if content is None:
            return None
        try:
            return decoded(content, name, schema, advice, newest, newer)
        except NewerError:
            raise
        except DataError:
            if not left:
                raise
    return None


def parts_of(files: Mapping[str, Path], task: Task) -> Iterator[tuple[str, Path, Task]]:
    """Files by name, each with the part of a task that falls to its size."""
    sizes = {name: path.stat().st_size for name, path in files.items()}
    total, done = max(sum(sizes.values()), 1), 0
    for name, path in files.items():
        yield name, path, task.part(done / total, (done + sizes[name]) / total)
        done += sizes[name]


def pieces_of(path: Path) -> Iterator[bytes]:
    """The content of a file of this computer in pieces."""
    with path.open("rb") as stream:
        while piece := stream.read(CHUNK):
            yield piece


def write_pieces(pieces: Iterator[bytes], size: int, target: Path, task: Task) -> int:
    """Write a file of this computer; `size` in bytes is for the progress. Returns the bytes written.

    Raises:
        StorageError: it cannot be written.
    """
    done = 0
    with explained(target), target.open("wb") as out:
        for piece in pieces:
            out.write(piece)
            done += len(piece)
            task.step(min(done / max(size, 1), 1.0))
    return done


def files_of(folder: Path, but: Callable[[str], bool] = lambda name: False) -> dict[str, Path]:
    """Files in and below a folder by relative name, without hidden ones, links and those that `but` names."""
    found: dict[str, Path] = {}
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        hidden = any(part.startswith(".") for part in name.split("/"))
        if path.is_file() and not path.is_symlink() and not hidden and not but(name):
            found[name] = path
    return found
