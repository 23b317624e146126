"""Refusals of the operating system as sentences: what could not be written or read, why, and what to do."""

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path

from recdesk.core.errors import NO_ROOM, RecdeskError, StorageError, refusal
from recdesk.core.messages import Message


@contextlib.contextmanager
def explained(path: Path) -> Iterator[None]:
    """Turn errors of writing `path`, raised by the operating system or by a library, into a RecdeskError.

    Errors that name a file elsewhere, such as one that the block reads, pass unchanged.
    """
    try:
        yield
    except Exception as error:
        explanation = None if _is_about_another_path(error, path) else refused(path, error)
        if explanation is None:
            raise
        raise explanation from error


def _is_about_another_path(error: Exception, path: Path) -> bool:
    """Whether an error names a file that is neither in the folder of `path` nor a parent of it."""
    name = error.filename if isinstance(error, OSError) else None
    if not isinstance(name, str | bytes | os.PathLike):  # None, or a file descriptor
        return False
    named, folder = os.fsdecode(name), path.parent
    for whole in (os.path.abspath, os.path.realpath):  # a link in the folder may lead out of it
        file, here = Path(whole(named)), Path(whole(folder))
        if file.is_relative_to(here) or here.is_relative_to(file):
            return False
    return True


def refused(path: Path, error: BaseException) -> RecdeskError | None:
    """The error to raise for a failed write of `path`; None if the failure is of another kind."""
    kind = refusal(error)
    if kind == "missing" and os.name == "nt" and len(str(path)) > 240:  # Windows reports a path over 260 characters so
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
        case "too large":  # no StorageError, because waiting does not help; nor are the others below
            return RecdeskError(
                Message("disk.file-too-large", path=path),
                Message("disk.choose-larger-limit"),
            )
        case "in use":
            return in_use(path)
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


def unforeseen(error: OSError) -> RecdeskError | None:
    """The error to show where nobody foresaw that a named path is refused; None where the error names none. Whether it
    was read or written is not known then."""
    name = error.filename
    if not isinstance(name, str | bytes | os.PathLike):  # None, or a file descriptor
        return None
    path = Path(os.fsdecode(name))
    if refusal(error) in (*NO_ROOM, "too large", "too long", "bad name"):
        return refused(path, error)
    return RecdeskError(
        Message("file.unreadable", name=path, reason=error.strerror or error), Message("file.copy-elsewhere")
    )


def no_room(path: Path, error: BaseException) -> RecdeskError | None:
    """The error to raise if a disk was too full to write `path` or files beside it; None for other failures."""
    return refused(path, error) if refusal(error) in NO_ROOM else None


def in_use(path: Path) -> StorageError:
    """The error to raise for a file that another program has open."""
    return StorageError(Message("disk.open-elsewhere", path=path), Message("disk.close-or-permit"))
