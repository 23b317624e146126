"""Writing to disk so that a reader never meets half a file."""

import contextlib
import errno
import json
import os
import re
import shutil
import stat
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

from recdesk.errors import RecdeskError, StorageError

PATIENCE = 10.0
"""Seconds that a pipe may take to be read from."""
_STREAMS = {"stdin": 0, "stdout": 1, "stderr": 2}
_OWN_STREAM = re.compile(r"/dev/(stdin|stdout|stderr)|/(?:dev|proc/self)/fd/(\d+)")
"""What leads to a file that this program has open; where it is a plain one, it goes on being written to."""


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
def writing_to(path: Path, mode: str = "w", **open_arguments: Any) -> Iterator[IO[Any]]:
    """Open the place that a person named to be written to.

    A file is replaced as by `replacing`, its other names (hard links) keep what it held. A symbolic link stays, and
    what it points to is written; pipes and devices such as /dev/stdout are written to as they are.

    Raises:
        StorageError: as `replacing`, or nothing can be written there.
    """
    with explained(path):
        stream = _stream_of(path)
        if stream is None:
            with replacing(Path(os.path.realpath(path)), mode, **open_arguments) as file:
                yield file
            return
        with os.fdopen(stream, mode, **({} if "b" in mode else {"encoding": "utf-8"}) | open_arguments) as file:
            yield file


def check_target(path: Path) -> None:
    """Say early, before long work, what `writing_to` would say of a place.

    Raises:
        StorageError: nothing can be written there.
    """
    with explained(path):
        kind = _kind_of(path)
        folder = Path(os.path.realpath(path)).parent
        if kind == stat.S_IFREG and not folder.is_dir():
            raise StorageError(f"The folder “{folder}” does not exist (any more).")
        if kind == stat.S_IFREG and not os.access(folder, os.W_OK | os.X_OK):
            raise StorageError(f"“{folder}” cannot be written to.", "Choose another folder, or change its permissions.")


def is_standard_output(path: Path) -> bool:
    """Whether a place that a person named is where the program's own words go."""
    with contextlib.suppress(OSError, ValueError):
        return os.path.samestat(path.stat(), os.fstat(1)) and not path.is_dir()
    return False


def _kind_of(path: Path) -> int:
    """The kind of file that is at a place (`stat.S_IFREG` where there is nothing yet), if it can be written to."""
    if "\0" in str(path):
        raise StorageError(f"“{path}” is no name of a file.", "Choose another name.")
    try:
        kind = stat.S_IFMT(path.stat().st_mode)
    except FileNotFoundError:
        return stat.S_IFREG
    if kind == stat.S_IFDIR:
        raise StorageError(f"“{path}” is a folder.", "Give the name of a file in it.")
    if kind not in (stat.S_IFREG, stat.S_IFIFO, stat.S_IFCHR):
        raise StorageError(f"“{path}” is neither a file nor a pipe.", "Give the name of a file.")
    return kind


def _stream_of(path: Path) -> int | None:
    """A handle on a pipe, a device, or what this program's own output goes to; None for any other file."""
    kind = _kind_of(path)
    if (own := _OWN_STREAM.fullmatch(str(path))) and path.exists():
        return os.dup(_STREAMS.get(own[1], -1) if own[1] else int(own[2]))
    return None if kind == stat.S_IFREG else _opened(path)


def _opened(path: Path) -> int:
    """A handle on a pipe or a device; a pipe that nothing reads from is given up."""
    unwaiting = getattr(os, "O_NONBLOCK", 0)
    flags = os.O_WRONLY | unwaiting | getattr(os, "O_NOCTTY", 0) | getattr(os, "O_BINARY", 0)
    give_up = time.monotonic() + PATIENCE
    while True:
        try:
            handle = os.open(path, flags)
        except OSError as error:
            if error.errno != errno.ENXIO:
                raise
            if time.monotonic() > give_up:
                raise StorageError(
                    f"Nothing reads from the pipe “{path}”.", "Start what reads from it, then try again."
                ) from error
            time.sleep(0.05)
        else:
            if unwaiting:
                os.set_blocking(handle, True)
            return handle


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
