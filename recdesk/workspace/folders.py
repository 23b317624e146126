"""Folder names, and the lock under which folders of a workspace are added, moved and removed."""

import contextlib
import re
import time
import unicodedata
from collections.abc import Iterator
from pathlib import Path

import platformdirs
from filelock import FileLock, Timeout

from recdesk.core.errors import RecdeskError, StorageError
from recdesk.core.files import PRIVATE_FILE, make_folder, move_folder
from recdesk.core.messages import Message
from recdesk.core.refusals import explained

LOCK_SECONDS = 10.0
"""Timeout of the lock, which other processes hold for a fraction of a second."""
MAX_CHARACTERS, MAX_BYTES = 60, 180
"""Limits of a name in characters and in UTF-8 bytes. File systems allow 255 bytes; dates and suffixes are added."""
_RESERVED = re.compile(r"(?i)(con|prn|aux|nul|conin\$|conout\$|(?:com|lpt)[0-9¹²³])( *\..*)?")
"""Device names of Windows, which are reserved with any extension."""


def default_folder() -> Path:
    """The per-user data folder of the operating system."""
    return Path(platformdirs.user_data_dir("recdesk", appauthor=False))


def safe_name(title: str) -> str:
    """A folder name for a title, valid on every operating system; letters of all scripts stay."""
    text = unicodedata.normalize("NFC", title.encode("utf-8", "replace").decode())
    text = re.sub(r'[<>:"/\\|?*\x00-\x1f\x7f-\x9f]', " ", text)
    text = re.sub(r"\s+", " ", text).strip(" .")[:MAX_CHARACTERS]
    text = text.encode()[:MAX_BYTES].decode(errors="ignore").rstrip(" .")
    if found := _RESERVED.fullmatch(text):
        text = f"{found[1]}_{found[2] or ''}"
    return text or "dataset"


def unused_name(folder: Path, name: str) -> str:
    """The first of `name`, `name 2`, `name 3`, … that `folder` does not contain. Names that differ in case or Unicode
    normalisation alone count as the same.

    Another process may take the name meanwhile, unless the caller holds `folder_lock`.
    """
    taken = {_alike(path.name) for path in folder.iterdir()} if folder.exists() else set()
    candidate, number = name, 2
    while _alike(candidate) in taken:
        candidate, number = f"{name} {number}", number + 1
    return candidate


def _alike(name: str) -> str:
    """Equal for names that some file system treats as the same."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", name).casefold())


@contextlib.contextmanager
def folder_lock(workspace: Path) -> Iterator[None]:
    """Hold the lock under which folders of a workspace are added, moved and removed. Hold it briefly; not reentrant.

    Raises:
        StorageError: the workspace cannot be written, or another process holds the lock for `LOCK_SECONDS`.
    """
    path = workspace / ".folders.lock"
    lock = FileLock(path, mode=PRIVATE_FILE)
    with explained(path):
        try:
            lock.acquire(timeout=LOCK_SECONDS)
        except Timeout as error:  # Timeout is an OSError, which `explained` would take for a failed write
            raise StorageError(
                Message("workspace.folder-busy", folder=workspace), Message("workspace.try-when-done")
            ) from error
    try:
        yield
    finally:
        lock.release()


def folders_in(folder: Path) -> list[Path]:
    """The subfolders of a folder, without hidden ones.

    Raises:
        StorageError: the folder does not exist or cannot be read.
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
def collect_errors(damaged: list[RecdeskError] | None) -> Iterator[None]:
    """Suppress a `RecdeskError` of the block and append it to `damaged`, if given."""
    try:
        yield
    except RecdeskError as error:
        if damaged is not None:
            damaged.append(error)


def to_trash(path: Path, trash: Path) -> Path:
    """Move a folder into the trash; returns its new path. Call it within `folder_lock`."""
    with explained(path):
        make_folder(trash)
        target = trash / f"{time.strftime('%Y%m%d-%H%M%S')}-{path.name}"
        target = trash / unused_name(trash, target.name)
        move_folder(path, target)
    return target
