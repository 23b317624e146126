"""Names of folders on disk, and the lock under which folders of a workspace are added, moved and removed."""

import contextlib
import re
import time
import unicodedata
from collections.abc import Iterator
from pathlib import Path

import platformdirs
from filelock import FileLock, Timeout

from recdesk.core.errors import RecdeskError, StorageError
from recdesk.core.files import PRIVATE_FILE, explained, make_folder, move_folder
from recdesk.core.messages import Message

PATIENCE = 10.0
"""Seconds to wait for the lock, which others hold for a fraction of one."""
LONGEST, MOST_BYTES = 60, 180
"""Characters and UTF-8 bytes of a name at most: file systems take 255 bytes; numbers, dates and suffixes are added."""
_RESERVED = re.compile(r"(?i)(con|prn|aux|nul|conin\$|conout\$|(?:com|lpt)[0-9¹²³])( *\..*)?")
"""Devices of Windows, whatever ending follows."""


def default_folder() -> Path:
    """The per-user data folder of the operating system."""
    return Path(platformdirs.user_data_dir("recdesk", appauthor=False))


def safe_name(title: str) -> str:
    """A folder name for a title, valid on every system; letters of all scripts stay."""
    text = unicodedata.normalize("NFC", title.encode("utf-8", "replace").decode())
    text = re.sub(r'[<>:"/\\|?*\x00-\x1f\x7f-\x9f]', " ", text)
    text = re.sub(r"\s+", " ", text).strip(" .")[:LONGEST]
    text = text.encode()[:MOST_BYTES].decode(errors="ignore").rstrip(" .")
    if found := _RESERVED.fullmatch(text):
        text = f"{found[1]}_{found[2] or ''}"
    return text or "dataset"


def unique(folder: Path, name: str) -> str:
    """`name`, or `name 2`, `name 3`, … whichever is free in `folder`, also where case or the Unicode form is ignored.

    Somebody else may take it meanwhile, unless this happens within `alone`.
    """
    taken = {_alike(path.name) for path in folder.iterdir()} if folder.exists() else set()
    candidate, number = name, 2
    while _alike(candidate) in taken:
        candidate, number = f"{name} {number}", number + 1
    return candidate


def _alike(name: str) -> str:
    """Equal for names that some file system takes for one."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", name).casefold())


@contextlib.contextmanager
def alone(workspace: Path) -> Iterator[None]:
    """Hold the lock under which folders of a workspace are added, moved and removed, for a moment only.

    Not reentrant.

    Raises:
        StorageError: the workspace cannot be written, or another one does not come to an end.
    """
    path = workspace / ".folders.lock"
    lock = FileLock(path, mode=PRIVATE_FILE)
    with explained(path):
        try:
            lock.acquire(timeout=PATIENCE)
        except Timeout as error:  # an OSError too
            raise StorageError(
                Message("workspace.folder-busy", folder=workspace), Message("workspace.try-when-done")
            ) from error
    try:
        yield
    finally:
        lock.release()


def folders_in(folder: Path) -> list[Path]:
    """The folders in one of a workspace's, without hidden ones.

    Raises:
        StorageError: it is gone, or cannot be read.
    """
    try:
        return [path for path in folder.iterdir() if path.is_dir() and not path.name.startswith(".")]
    except FileNotFoundError as error:
        raise StorageError(
            Message("disk.folder-gone", folder=folder),
            Message("workspace.connect-drive"),
        ) from error
    except OSError as error:
        raise StorageError(Message("file.unreadable", name=folder, reason=error.strerror or error)) from error


@contextlib.contextmanager
def collecting(damaged: list[RecdeskError] | None) -> Iterator[None]:
    """Swallow a `RecdeskError` of the block; it is appended to `damaged` where that is given."""
    try:
        yield
    except RecdeskError as error:
        if damaged is not None:
            damaged.append(error)


def to_trash(path: Path, trash: Path) -> Path:
    """Move a folder into the workspace's trash; nothing is deleted. Within `alone`."""
    with explained(path):
        make_folder(trash)
        target = trash / f"{time.strftime('%Y%m%d-%H%M%S')}-{path.name}"
        target = trash / unique(trash, target.name)
        move_folder(path, target)
    return target
