"""Writing to disk so that a reader never meets half a file."""

import contextlib
import errno
import json
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

from recdesk.errors import RecdeskError, StorageError


@contextlib.contextmanager
def replacing(path: Path, mode: str = "w", **open_arguments: Any) -> Iterator[IO[Any]]:
    """Open a temporary file beside `path` that takes its place when the block ends well.

    On any exception the temporary file goes and `path` is untouched. Text is UTF-8 unless told otherwise.

    Raises:
        StorageError: the folder cannot be written or the disk is full.
    """
    if "b" not in mode:
        open_arguments.setdefault("encoding", "utf-8")
    with explained(path):
        handle, name = tempfile.mkstemp(prefix=f".{path.name}.", suffix=".part", dir=path.parent)
        temporary = Path(name)
        try:
            with os.fdopen(handle, mode, **open_arguments) as stream:
                yield stream
                stream.flush()
                os.fsync(stream.fileno())
            temporary.chmod(0o666 & ~_UMASK)
            temporary.replace(path)
        except BaseException:
            temporary.unlink(missing_ok=True)
            raise
        sync_folder(path.parent)


@contextlib.contextmanager
def new_folder(path: Path) -> Iterator[Path]:
    """Give a temporary folder that becomes `path` when the block ends well; `path` must not exist then.

    Raises:
        StorageError: the folder cannot be written or the disk is full.
    """
    with explained(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        temporary = Path(tempfile.mkdtemp(prefix=f".{path.name}.", suffix=".part", dir=path.parent))
        try:
            yield temporary
            temporary.chmod(0o777 & ~_UMASK)
            for file in temporary.rglob("*"):
                if file.is_file():
                    with file.open("rb") as stream:
                        os.fsync(stream.fileno())
            temporary.rename(path)
        except BaseException:
            shutil.rmtree(temporary, ignore_errors=True)
            raise
        sync_folder(path.parent)


def make_folder(path: Path) -> None:
    """Make a folder and those above it, where they are missing.

    Raises:
        StorageError: the system refuses.
    """
    with explained(path):
        path.mkdir(parents=True, exist_ok=True)


@contextlib.contextmanager
def replacing_file(path: Path) -> Iterator[Path]:
    """Give a temporary file's path, for libraries that open files themselves; it takes the place of `path` when the
    block ends well. No two have the same one, in whatever thread or process.

    Raises:
        StorageError: the folder cannot be written or the disk is full.
    """
    with explained(path):
        handle, name = tempfile.mkstemp(prefix=f".{path.name}.", suffix=".part", dir=path.parent)
        os.close(handle)
        temporary = Path(name)
        try:
            yield temporary
            with temporary.open("rb+") as stream:
                os.fsync(stream.fileno())
            temporary.chmod(0o666 & ~_UMASK)
            temporary.replace(path)
        except BaseException:
            temporary.unlink(missing_ok=True)
            raise
        sync_folder(path.parent)


def write_json(path: Path, value: Any) -> None:
    """Write `value` as JSON in one step."""
    with replacing(path) as stream:
        json.dump(value, stream, ensure_ascii=False, indent=1, allow_nan=False)
        stream.write("\n")


def read_json(path: Path) -> Any:
    """Read a JSON file.

    Raises:
        RecdeskError: it is missing, or is not JSON.
    """
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise RecdeskError(f"“{path}” is missing.") from error
    except (UnicodeDecodeError, json.JSONDecodeError) as error:
        raise RecdeskError(f"“{path}” is damaged: {error}.") from error


@contextlib.contextmanager
def explained(path: Path) -> Iterator[None]:
    """Turn the operating system's refusals into sentences."""
    try:
        yield
    except OSError as error:
        if error.errno == errno.ENOSPC:
            raise StorageError(
                f"The disk that holds “{path.parent}” is full.",
                "Free some space, then try again; what was there before is untouched.",
            ) from error
        if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
            raise StorageError(
                f"“{path.parent}” cannot be written to.", "Choose another folder, or change its permissions."
            ) from error
        if error.errno == errno.ENOENT:
            raise StorageError(f"The folder “{path.parent}” does not exist (any more).") from error
        raise StorageError(f"“{path}” could not be written: {error.strerror or error}.") from error


def sync_folder(folder: Path) -> None:
    """Make a rename in `folder` survive a power cut (a no-op where folders cannot be opened)."""
    if os.name == "posix":
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _umask() -> int:
    """Read at import: asking for it sets it for a moment, which threads must not see."""
    mask = os.umask(0o077)
    os.umask(mask)
    return mask


_UMASK = _umask()
