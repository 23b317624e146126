"""Atomic writing of private files and folders."""

import contextlib
import errno
import json
import os
import re
import shutil
import stat
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import IO, Any

from recdesk.core.errors import RecdeskError, StorageError
from recdesk.core.messages import Message
from recdesk.core.refusals import explained, in_use
from recdesk.core.temporary import part_prefix

if os.name == "posix":
    import fcntl

PRIVATE_FILE, PRIVATE_FOLDER = 0o600, 0o700
"""Permissions of new files and folders. A log is created by `Path.touch` with them before it is opened. Windows ignores
them: there a file inherits from its folder."""
SHARING_ERRORS = (5, 32, 33, 1224)
"""Error numbers of Windows for a file that another program, such as a virus scanner, has open; 5 is also “access
denied”."""
RETRY_SECONDS = (0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0)
"""Seconds between attempts to move a file that is in use."""

PIPE_SECONDS = 5.0
"""Seconds to wait for a reader of a pipe."""
_encoder = json.JSONEncoder(ensure_ascii=False, indent=1, allow_nan=False)
_STREAMS = {"stdin": 0, "stdout": 1, "stderr": 2}
_OWN_STREAM = re.compile(r"/dev/(stdin|stdout|stderr)|/(?:dev|proc/self)/fd/(\d+)")
"""Paths that name a file descriptor of this process. A regular file behind one is appended to, not replaced."""


@contextlib.contextmanager
def replacing(path: Path, mode: str = "w", **open_arguments: Any) -> Iterator[IO[Any]]:
    """Open a temporary file beside `path` for writing; it replaces `path` when the block ends well.

    On any exception the temporary file is deleted and `path` stays as it was. The default encoding is UTF-8. A replaced
    file keeps its permissions, a new one is private.

    Raises:
        StorageError: the folder cannot be written or the disk is full.
    """
    if "b" not in mode:
        open_arguments.setdefault("encoding", "utf-8")
    with replacing_file(path, keep_permissions=True) as temporary, temporary.open(mode, **open_arguments) as stream:
        yield stream


@contextlib.contextmanager
def writing_to(path: Path, mode: str = "w", **open_arguments: Any) -> Iterator[IO[Any]]:
    """Open a path given by the user for writing.

    A file is replaced as by `replacing`; its hard links keep the old content. Symbolic links are followed. Pipes and
    devices such as /dev/stdout are written to directly.

    Raises:
        StorageError: as `replacing`, or the path cannot be written to.
    """
    with explained(path):
        stream = _stream_of(path)
        if stream is None:
            with replacing(Path(os.path.realpath(path)), mode, **open_arguments) as file:
                yield file
            return
        with os.fdopen(stream, mode, **({} if "b" in mode else {"encoding": "utf-8"}) | open_arguments) as file:
            yield file


def is_regular(path: Path) -> bool:
    """Whether a path leads to an ordinary file; False for any name that no file can have."""
    with contextlib.suppress(OSError, ValueError):
        return stat.S_ISREG(path.stat().st_mode)
    return False


def check_target(path: Path) -> None:
    """Check before long work that `writing_to` can write a path.

    Raises:
        StorageError: it cannot.
    """
    with explained(path):
        kind = _kind_of(path)
        folder = Path(os.path.realpath(path)).parent
        if kind == stat.S_IFREG and not folder.is_dir():
            raise StorageError(Message("disk.folder-gone", folder=folder))
        if kind == stat.S_IFREG and not os.access(folder, os.W_OK | os.X_OK):
            raise StorageError(Message("disk.not-writable", folder=folder), Message("disk.choose-or-permit"))


def is_standard_output(path: Path) -> bool:
    """Whether a path is the standard output of this process."""
    with contextlib.suppress(OSError, ValueError):
        return os.path.samestat(path.stat(), os.fstat(1)) and not path.is_dir()
    return False


def _kind_of(path: Path) -> int:
    """File type at a path that can be written to, such as `stat.S_IFREG`, which also stands for no file yet.

    Raises:
        StorageError: it is a folder, or of a type that cannot be written to.
    """
    if "\0" in str(path):
        raise StorageError(Message("disk.not-a-file-name", path=path), Message("disk.choose-another-name"))
    try:
        kind = stat.S_IFMT(path.stat().st_mode)
    except FileNotFoundError:
        return stat.S_IFREG
    if kind == stat.S_IFDIR:
        raise StorageError(Message("file.is-folder", name=path), Message("disk.name-file-inside"))
    if kind not in (stat.S_IFREG, stat.S_IFIFO, stat.S_IFCHR):
        raise StorageError(Message("disk.not-file-or-pipe", path=path), Message("disk.name-a-file"))
    return kind


def _stream_of(path: Path) -> int | None:
    """A file descriptor for a pipe, a device, or a stream of this process; None for a regular file."""
    kind = _kind_of(path)
    if (own := _OWN_STREAM.fullmatch(str(path))) and path.exists():
        return os.dup(_STREAMS.get(own[1], -1) if own[1] else int(own[2]))
    return None if kind == stat.S_IFREG else _open_stream(path)


def _open_stream(path: Path) -> int:
    """Open a pipe or device; returns the file descriptor.

    Raises:
        StorageError: nothing reads from the pipe within `PIPE_SECONDS`.
    """
    nonblocking = getattr(os, "O_NONBLOCK", 0)
    flags = os.O_WRONLY | nonblocking | getattr(os, "O_NOCTTY", 0) | getattr(os, "O_BINARY", 0)
    deadline = time.monotonic() + PIPE_SECONDS
    while True:
        try:
            handle = os.open(path, flags)
        except OSError as error:
            if error.errno != errno.ENXIO:
                raise
            if time.monotonic() > deadline:
                raise StorageError(
                    Message("disk.pipe-without-reader", path=path), Message("disk.start-pipe-reader")
                ) from error
            time.sleep(0.05)
        else:
            if nonblocking:
                os.set_blocking(handle, True)
            return handle


@contextlib.contextmanager
def new_folder(
    path: Path, final_path: Callable[[Path], AbstractContextManager[Path]] = contextlib.nullcontext
) -> Iterator[Path]:
    """Yield a temporary folder that is renamed to `path` when the block ends without an exception; `path` must not
    exist then.

    Args:
        path: of the new folder.
        final_path: a context manager called with `path` once everything is on disk. It yields the path to use instead,
            and is left after the rename, so that it can hold a lock.

    Raises:
        StorageError: the folder cannot be written or the disk is full.
    """
    with explained(path):
        make_folder(path.parent)
        temporary = Path(tempfile.mkdtemp(prefix=part_prefix(path.name), suffix=".part", dir=path.parent))
        try:
            yield temporary
            sync_tree(temporary)
            with final_path(path) as final:
                move(temporary, final)
                sync_folder(final.parent)
        except BaseException:
            shutil.rmtree(temporary, ignore_errors=True)
            raise


def make_folder(folder: Path) -> None:
    """Create a private folder and its parents, synced to disk.

    Raises:
        StorageError: it cannot be created.
    """
    if folder.is_dir():
        return
    if folder.parent != folder:
        make_folder(folder.parent)
    with explained(folder):
        folder.mkdir(mode=PRIVATE_FOLDER, exist_ok=True)
        sync_folder(folder.parent)


def move(source: Path, target: Path) -> None:
    """Rename a file or folder within a file system; a file replaces an existing one.

    Windows cannot move open files, so it is tried again for two seconds there.

    Raises:
        StorageError: another program has it open.
        OSError: it cannot be moved for another reason.
    """
    rename = source.rename if source.is_dir() else source.replace
    for wait in (*RETRY_SECONDS, None):
        try:
            rename(target)
            return
        except OSError as error:
            if getattr(error, "winerror", None) not in SHARING_ERRORS:
                raise
            if wait is None:
                raise in_use(target) from error
            time.sleep(wait)


def move_folder(source: Path, target: Path) -> None:
    """Move a folder, also to another file system: there it is copied completely before the original is deleted."""
    try:
        move(source, target)
    except OSError as error:
        if error.errno != errno.EXDEV:
            raise
        with new_folder(target) as copy:
            shutil.copytree(source, copy, dirs_exist_ok=True)
        prefix = part_prefix(source.name)
        hidden = Path(tempfile.mkdtemp(prefix=prefix, suffix=".part", dir=source.parent)) / source.name
        move(source, hidden)  # so that a crash leaves no partly deleted folder under its name
        sync_folder(source.parent)
        shutil.rmtree(hidden.parent, ignore_errors=True)
    sync_folder(target.parent)
    sync_folder(source.parent)


def sync_file(path: Path) -> None:
    """Sync a file that a library wrote to disk, and make it private."""
    _set_mode(path, PRIVATE_FILE)
    with path.open("rb+") as stream:  # Windows flushes files opened for writing only
        flush_to_disk(stream.fileno())


def sync_tree(folder: Path) -> None:
    """`sync_file` for all files below a folder, and `sync_folder` for all folders."""
    for parent, _, names in os.walk(folder, topdown=False):
        for path in (Path(parent, name) for name in names):
            if path.is_file() and not path.is_symlink():
                sync_file(path)
        _set_mode(Path(parent), PRIVATE_FOLDER)
        sync_folder(Path(parent))


@contextlib.contextmanager
def replacing_file(path: Path, keep_permissions: bool = False) -> Iterator[Path]:
    """Yield the path of a new, empty temporary file beside `path`; it replaces `path` when the block ends without an
    exception. Otherwise it is deleted and `path` stays as it was. All atomic writes of files go through here; each call
    has a file of its own, in any thread or process.

    Args:
        path: the file to write.
        keep_permissions: a replaced file keeps its permissions; otherwise, or if it is new, the file is private.

    Raises:
        StorageError: the folder cannot be written or the disk is full.
    """
    with explained(path):
        handle, name = tempfile.mkstemp(prefix=part_prefix(path.name), suffix=".part", dir=path.parent)
        os.close(handle)
        temporary = Path(name)
        try:
            yield temporary
            sync_file(temporary)
            if keep_permissions:
                _take_permissions(temporary, path)
            move(temporary, path)
        except BaseException:
            temporary.unlink(missing_ok=True)
            raise
        sync_folder(path.parent)


def write_json(path: Path, value: Any) -> None:
    """Write `value` as JSON, atomically."""
    with replacing(path) as stream:
        for piece in _encoder.iterencode(value):
            stream.write(piece)
        stream.write("\n")


def as_json(value: Any) -> bytes:
    """The content of the file that `write_json` writes."""
    return (_encoder.encode(value) + "\n").encode()


def read_json(path: Path) -> Any:
    """Read a JSON file.

    Raises:
        RecdeskError: it is missing, cannot be read, or is not JSON. NaN and Infinity are no JSON.
    """
    try:
        content = path.read_bytes()
    except FileNotFoundError as error:
        raise RecdeskError(Message("record.missing", path=path)) from error
    except OSError as error:  # such as a folder
        raise RecdeskError(Message("record.unreadable", path=path, reason=error.strerror or error)) from error
    return parse_json(content, path)


def parse_json(content: bytes, name: Path | str) -> Any:
    """A value from JSON; `name` of its file is for the error.

    Raises:
        RecdeskError: it is not JSON. NaN and Infinity are no JSON.
    """
    try:
        return json.loads(content.decode("utf-8"), parse_constant=_reject_constant)
    except (ValueError, RecursionError) as error:  # bad UTF-8, bad JSON, too many digits; nested too deep
        raise RecdeskError(Message("record.damaged-because", path=name, reason=error)) from error


def _reject_constant(text: str) -> None:
    raise ValueError(f"{text} is no number")


def sync_folder(folder: Path) -> None:
    """Sync the entries of a folder to disk, where the operating system and the file system support it."""
    if os.name != "posix":
        return
    with _ignoring_unsupported():
        handle = os.open(folder, os.O_RDONLY)
        try:
            flush_to_disk(handle)
        finally:
            os.close(handle)


@contextlib.contextmanager
def _ignoring_unsupported() -> Iterator[None]:
    """Ignore that some network and USB file systems cannot sync folders, and that a writable folder may be
    unreadable."""
    try:
        yield
    except OSError as error:
        if error.errno not in (errno.EINVAL, errno.ENOTSUP, errno.ENOSYS, errno.EACCES, errno.EPERM):
            raise


def flush_to_disk(descriptor: int) -> None:
    """`os.fsync`; on macOS, where it does not flush the drive's cache, `F_FULLFSYNC`."""
    full = getattr(fcntl, "F_FULLFSYNC", None) if os.name == "posix" else None
    if full is not None:
        with contextlib.suppress(OSError):  # a network file system does not support it
            fcntl.fcntl(descriptor, full)
            return
    os.fsync(descriptor)


def _set_mode(path: Path, mode: int) -> None:
    with contextlib.suppress(OSError):  # some network and USB file systems have no permissions
        path.chmod(mode)


def _take_permissions(temporary: Path, path: Path) -> None:
    """Copy mode and group of `path`, which may be readable by a group, to the file that replaces it."""
    if os.name != "posix":
        return
    with contextlib.suppress(OSError):  # there is no such file, or the file system has no permissions
        before = path.stat()
        mode = stat.S_IMODE(before.st_mode) & 0o777
        if before.st_gid != temporary.stat().st_gid:
            try:
                os.chown(temporary, -1, before.st_gid)
            except OSError:
                mode &= ~0o070  # the mode is for another group than the new file has
        temporary.chmod(mode)
