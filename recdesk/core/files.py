"""Atomic writing of files and folders, private to their owner; refusals of the operating system as sentences."""

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

from recdesk.core.errors import NO_ROOM, RecdeskError, StorageError, refusal
from recdesk.core.messages import Message
from recdesk.core.temporary import part_prefix

if os.name == "posix":
    import fcntl

PRIVATE_FILE, PRIVATE_FOLDER = 0o600, 0o700
"""Permissions of whatever is new, also of a log (`Path.touch` before it is opened). Windows has none of these: there a
file has those of its folder."""
IN_USE = (5, 32, 33, 1224)
"""Windows' numbers for what another program, such as a virus scanner, has open just now; 5 is also “access denied”."""
WAITS = (0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0)
"""Seconds between attempts to move what is in use."""

PATIENCE = 5.0
"""Seconds to wait until somebody reads from a pipe."""
_STREAMS = {"stdin": 0, "stdout": 1, "stderr": 2}
_OWN_STREAM = re.compile(r"/dev/(stdin|stdout|stderr)|/(?:dev|proc/self)/fd/(\d+)")
"""What leads to a file that this program has open; where it is a plain one, it goes on being written to."""


@contextlib.contextmanager
def replacing(path: Path, mode: str = "w", **open_arguments: Any) -> Iterator[IO[Any]]:
    """Open a temporary file beside `path` for writing; it replaces `path` when the block ends well.

    On any exception the temporary file goes and `path` is untouched. Text is UTF-8 unless told otherwise. A file that
    is replaced keeps its permissions, a new one is its owner's alone.

    Raises:
        StorageError: the folder cannot be written or the disk is full.
    """
    if "b" not in mode:
        open_arguments.setdefault("encoding", "utf-8")
    with replacing_file(path, keep_permissions=True) as temporary, temporary.open(mode, **open_arguments) as stream:
        yield stream


@contextlib.contextmanager
def writing_to(path: Path, mode: str = "w", **open_arguments: Any) -> Iterator[IO[Any]]:
    """Open a path that a person named, for writing.

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
    """Check before long work that `writing_to` can write a path.

    Raises:
        StorageError: nothing can be written there.
    """
    with explained(path):
        kind = _kind_of(path)
        folder = Path(os.path.realpath(path)).parent
        if kind == stat.S_IFREG and not folder.is_dir():
            raise StorageError(Message("disk.folder-gone", folder=folder))
        if kind == stat.S_IFREG and not os.access(folder, os.W_OK | os.X_OK):
            raise StorageError(Message("disk.not-writable", folder=folder), Message("disk.choose-or-permit"))


def is_standard_output(path: Path) -> bool:
    """Whether a path that a person named is this program's standard output."""
    with contextlib.suppress(OSError, ValueError):
        return os.path.samestat(path.stat(), os.fstat(1)) and not path.is_dir()
    return False


def _kind_of(path: Path) -> int:
    """The kind of file at a path (`stat.S_IFREG` where there is none yet), if it can be written to."""
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
                    Message("disk.pipe-without-reader", path=path), Message("disk.start-pipe-reader")
                ) from error
            time.sleep(0.05)
        else:
            if unwaiting:
                os.set_blocking(handle, True)
            return handle


@contextlib.contextmanager
def new_folder(
    path: Path, place: Callable[[Path], AbstractContextManager[Path]] = contextlib.nullcontext
) -> Iterator[Path]:
    """Give a temporary folder that becomes `path` when the block ends well; `path` must not exist then.

    Args:
        path: where it goes.
        place: entered with `path` when all is on disk, to say where it goes at last; left when it is there.

    Raises:
        StorageError: the folder cannot be written or the disk is full.
    """
    with explained(path):
        make_folder(path.parent)
        temporary = Path(tempfile.mkdtemp(prefix=part_prefix(path.name), suffix=".part", dir=path.parent))
        try:
            yield temporary
            sync_tree(temporary)
            with place(path) as final:
                move(temporary, final)
                sync_folder(final.parent)
        except BaseException:
            shutil.rmtree(temporary, ignore_errors=True)
            raise


def make_folder(folder: Path) -> None:
    """Make a folder for its owner alone, and those above it; they survive a power cut.

    Raises:
        StorageError: the system refuses.
    """
    if folder.is_dir():
        return
    if folder.parent != folder:
        make_folder(folder.parent)
    with explained(folder):
        folder.mkdir(mode=PRIVATE_FOLDER, exist_ok=True)
        sync_folder(folder.parent)


def move(source: Path, target: Path) -> None:
    """Rename a file or folder within a file system; a file takes the place of another one.

    On Windows what is open cannot be moved: it is tried again for two seconds.

    Raises:
        StorageError: it is in use.
        OSError: it cannot be moved.
    """
    rename = source.rename if source.is_dir() else source.replace
    for wait in (*WAITS, None):
        try:
            rename(target)
            return
        except OSError as error:
            if getattr(error, "winerror", None) not in IN_USE:
                raise
            if wait is None:
                raise _in_use(target) from error
            time.sleep(wait)


def move_folder(source: Path, target: Path) -> None:
    """Move a folder, also to another file system: it is copied there as a whole, then goes here."""
    try:
        move(source, target)
    except OSError as error:
        if error.errno != errno.EXDEV:
            raise
        with new_folder(target) as copy:
            shutil.copytree(source, copy, dirs_exist_ok=True)
        prefix = part_prefix(source.name)
        hidden = Path(tempfile.mkdtemp(prefix=prefix, suffix=".part", dir=source.parent)) / source.name
        move(source, hidden)  # so that a crash leaves no half of it under its name
        sync_folder(source.parent)
        shutil.rmtree(hidden.parent, ignore_errors=True)
    sync_folder(target.parent)
    sync_folder(source.parent)


def sync_file(path: Path) -> None:
    """Make a file that a library wrote survive a power cut, and its owner's alone."""
    _permit(path, PRIVATE_FILE)
    with path.open("rb+") as stream:  # Windows flushes only what may be written
        flush_to_disk(stream.fileno())


def sync_tree(folder: Path) -> None:
    """`sync_file` for all files in a folder, and its folders with their entries."""
    for place, _, names in os.walk(folder, topdown=False):
        for path in (Path(place, name) for name in names):
            if path.is_file() and not path.is_symlink():
                sync_file(path)
        _permit(Path(place), PRIVATE_FOLDER)
        sync_folder(Path(place))


@contextlib.contextmanager
def replacing_file(path: Path, keep_permissions: bool = False) -> Iterator[Path]:
    """Give the path of a new, empty temporary file beside `path`, which it replaces when the block ends well: the one
    atomic writer of files. On any exception the temporary file goes and `path` is untouched. No two have the same
    one, in whatever thread or process.

    Args:
        path: what is replaced, or made.
        keep_permissions: a file that is replaced keeps its own; else, and where there is none, it is its owner's alone.

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
    """Write `value` as JSON in one step."""
    with replacing(path) as stream:
        json.dump(value, stream, ensure_ascii=False, indent=1, allow_nan=False)
        stream.write("\n")


def read_json(path: Path) -> Any:
    """Read a JSON file.

    Raises:
        RecdeskError: it is missing, cannot be read, or is not JSON (which knows no NaN).
    """
    try:
        return json.loads(path.read_text(encoding="utf-8"), parse_constant=_no_number)
    except FileNotFoundError as error:
        raise RecdeskError(Message("record.missing", path=path)) from error
    except OSError as error:  # a folder, for one
        raise RecdeskError(Message("record.unreadable", path=path, reason=error.strerror or error)) from error
    except (ValueError, RecursionError) as error:  # bad UTF-8, bad JSON, thousands of digits; nested too deep
        raise RecdeskError(Message("record.damaged-because", path=path, reason=error)) from error


def _no_number(text: str) -> None:
    raise ValueError(f"{text} is no number")


@contextlib.contextmanager
def explained(path: Path) -> Iterator[None]:
    """Turn the refusals of the operating system to write `path`, and of libraries in its name, into sentences.

    What befalls a file elsewhere, such as one that is read meanwhile, passes unchanged.
    """
    try:
        yield
    except Exception as error:
        said = None if _is_of_elsewhere(error, path) else refused(path, error)
        if said is None:
            raise
        raise said from error


def _is_of_elsewhere(error: Exception, path: Path) -> bool:
    """Whether a refusal names a file that is neither in the folder of `path` nor a folder that leads there."""
    name = error.filename if isinstance(error, OSError) else None
    if not isinstance(name, str | bytes | os.PathLike):  # none, or the number of a handle
        return False
    named, folder = os.fsdecode(name), path.parent
    for whole in (os.path.abspath, os.path.realpath):  # a link leads elsewhere, but is here
        file, here = Path(whole(named)), Path(whole(folder))
        if file.is_relative_to(here) or here.is_relative_to(file):
            return False
    return True


def refused(path: Path, error: BaseException) -> RecdeskError | None:
    """What to say of a failure to write `path`; None for a failure of another kind."""
    kind = refusal(error)
    if kind == "missing" and os.name == "nt" and len(str(path)) > 240:  # what Windows says of a path over 260
        kind = "too long"
    match kind:
        case None:
            return None
        case "full":
            return StorageError(
                Message("disk.full", folder=path.parent),
                Message("disk.free-space"),
            )
        case "quota":
            return StorageError(
                Message("disk.quota-used-up", folder=path.parent),
                Message("disk.delete-or-ask-quota"),
            )
        case "too large":  # neither would waiting help here, nor in the cases below that are no StorageError
            return RecdeskError(
                Message("disk.file-too-large", path=path),
                Message("disk.choose-larger-limit"),
            )
        case "in use":
            return _in_use(path)
        case "denied":
            return StorageError(Message("disk.not-writable", folder=path.parent), Message("disk.choose-or-permit"))
        case "missing":
            return StorageError(Message("disk.folder-gone", folder=path.parent))
        case "in the way":
            return RecdeskError(
                Message("disk.other-kind-there", path=path),
                Message("disk.move-that-elsewhere"),
            )
        case "too long":
            return RecdeskError(Message("disk.path-too-long", path=path), Message("disk.choose-shorter-path"))
        case "bad name":
            return RecdeskError(Message("disk.name-forbidden", name=path.name), Message("disk.leave-out-characters"))
        case "other":
            return StorageError(
                Message("disk.write-failed", path=path, reason=getattr(error, "strerror", None) or error)
            )


def no_room(path: Path, error: BaseException) -> RecdeskError | None:
    """What to say where a disk had no room for what was written to `path` or beside it; None for other failures."""
    return refused(path, error) if refusal(error) in NO_ROOM else None


def _in_use(path: Path) -> StorageError:
    return StorageError(Message("disk.open-elsewhere", path=path), Message("disk.close-or-permit"))


def sync_folder(folder: Path) -> None:
    """Make the entries of a folder survive a power cut, where the system and the file system can."""
    if os.name != "posix":
        return
    with _unless_unable():
        handle = os.open(folder, os.O_RDONLY)
        try:
            flush_to_disk(handle)
        finally:
            os.close(handle)


@contextlib.contextmanager
def _unless_unable() -> Iterator[None]:
    """Some network and USB file systems sync no folders, and one that may be written need not be readable."""
    try:
        yield
    except OSError as error:
        if error.errno not in (errno.EINVAL, errno.ENOTSUP, errno.ENOSYS, errno.EACCES, errno.EPERM):
            raise


def flush_to_disk(descriptor: int) -> None:
    """`os.fsync`, on macOS as far as the drive's own cache (there `fsync` ends before it)."""
    full = getattr(fcntl, "F_FULLFSYNC", None) if os.name == "posix" else None
    if full is not None:
        with contextlib.suppress(OSError):  # a network file system has none
            fcntl.fcntl(descriptor, full)
            return
    os.fsync(descriptor)


def _permit(path: Path, mode: int) -> None:
    with contextlib.suppress(OSError):  # some network and USB file systems have no permissions
        path.chmod(mode)


def _take_permissions(temporary: Path, path: Path) -> None:
    """Let those read a file who could read the one that it replaces: somebody may have opened it to a group."""
    if os.name != "posix":
        return
    with contextlib.suppress(OSError):  # none is replaced, or the file system has no permissions
        before = path.stat()
        mode = stat.S_IMODE(before.st_mode) & 0o777
        if before.st_gid != temporary.stat().st_gid:
            try:
                os.chown(temporary, -1, before.st_gid)
            except OSError:
                mode &= ~0o070  # it was opened to another group than this one
        temporary.chmod(mode)
