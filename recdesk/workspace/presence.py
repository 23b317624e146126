"""Which processes are at work in a workspace, and tidying up what those left that were killed."""

import contextlib
import os
import re
import secrets
import shutil
import threading
import weakref
from collections.abc import Iterator
from pathlib import Path

from filelock import FileLock, Timeout

from recdesk.core import temporary
from recdesk.core.files import PRIVATE_FILE
from recdesk.core.temporary import DAY
from recdesk.workspace.keys import destroy
from recdesk.workspace.marker import PARTS
from recdesk.workspace.replacing import COMING

TEMPORARY = "tmp"
LOCK_SECONDS = 10
UNSAID = DAY
"""Seconds in which a half-made file may belong to an older recdesk, which does not say that it is here."""
PROCESS = re.compile(r"\d+-[0-9a-f]{8}")
"""What a process is known by."""
OWNER = re.compile(r"\.(\d+-[0-9a-f]{8})\.[^.]+\.part$")
"""Of a half-made file: the process that makes it. What stands before is a name, which may look like a process."""
OLD_VECTORS = re.compile(r"[0-9a-f]{32}\.part")
"""Half-made vectors of an older recdesk, in the cache."""

_present: "weakref.WeakValueDictionary[Path, Presence]" = weakref.WeakValueDictionary()
_guard = threading.Lock()


class Presence:
    """This process in a workspace: a lock that the system lets go of when the process ends, however it ends.

    Attributes:
        name: what the process is known by.
        folder: for its temporary files; goes with it.
    """

    def __init__(self, place: Path) -> None:
        self.name = f"{os.getpid()}-{secrets.token_hex(4)}"
        self.folder = place / self.name
        lock = FileLock(_lock_of(self.folder), mode=0o600, thread_local=False)
        lock.acquire(timeout=0)
        self.folder.mkdir(mode=0o700)
        _since(self.folder).touch(PRIVATE_FILE)
        weakref.finalize(self, _leave, os.getpid(), lock, self.folder)

    def keep_temporary_files(self) -> None:
        """Have all temporary files of this process here, and be present until it ends."""
        temporary.keep_in(self.folder, self.name, self)


def present(workspace: Path) -> Presence | None:
    """Be present in a workspace, and tidy up after processes that are gone.

    None where that cannot be: in a workspace that can only be read, or on a drive without locks.
    """
    with _guard, contextlib.suppress(OSError, Timeout, NotImplementedError):
        known = _present.get(workspace)
        if known is not None and known.folder.is_dir():
            return known
        place = workspace / TEMPORARY
        first = not place.exists()
        place.mkdir(mode=0o700, exist_ok=True)
        with _starting(place):
            gone = [folder for folder in _folders(place) if not _lives(folder)]
            made = _present[workspace] = Presence(place)
        if gone or first or temporary.system_leftovers(DAY):
            tidy(workspace, younger_than=UNSAID if first else 0.0)
        return made
    return None


def tidy(workspace: Path, younger_than: float = 0.0) -> None:
    """Delete what processes that are gone left half-made or temporary; what cannot be deleted stays."""
    for path in left_behind(workspace, younger_than):
        with contextlib.suppress(Exception):
            _delete(path)
    for folder, lives in (_processes(workspace / TEMPORARY) or {}).items():
        if not lives:
            shutil.rmtree(folder, ignore_errors=True)
            with contextlib.suppress(OSError):
                _lock_of(folder).unlink(missing_ok=True)


def left_behind(workspace: Path, younger_than: float = 0.0) -> list[Path]:
    """Temporary and half-made files and folders that no living process owns; in the system's folder those of old.

    Args:
        workspace: the folder.
        younger_than: seconds in which those without a name of their owner may still belong to somebody.
    """
    parts = list(_half_made(workspace))  # first: whoever makes one is there by the time that processes are listed
    processes = _processes(workspace / TEMPORARY)
    if processes is None:
        return []
    living = {folder.name: _since(folder) for folder, lives in processes.items() if lives}
    moments = [_changed(path) for path in living.values()]
    limit = min(moments, default=0.0) - younger_than
    found = [folder for folder, lives in processes.items() if not lives]
    for path in parts:
        owner = OWNER.search(path.name)
        if owner.group(1) not in living if owner else _changed(path) < limit:
            found.append(path)
    return found + temporary.system_leftovers(DAY)


def _half_made(workspace: Path) -> Iterator[Path]:
    """Looks into our own folders only: the workspace may hold other things."""
    for place, folders, files in os.walk(workspace):
        at = Path(place)
        if at == workspace:
            folders[:] = [name for name in folders if name in (*PARTS, "encoders") and name != "trash"]
            files = [name for name in files if name.startswith(".workspace.json.")]
        parts = [name for name in folders if name.startswith(".") and name.endswith((".part", COMING))]
        # downloads that were cut off go on later
        folders[:] = [name for name in folders if name not in parts and not name.startswith(".partial-")]
        in_cache = workspace / "cache" in (at, *at.parents)
        parts += [name for name in files if name.startswith(".") and name.endswith(".part")]
        parts += [name for name in files if in_cache and OLD_VECTORS.fullmatch(name)]
        for name in parts:
            if not name.endswith(COMING) or (at / name[1 : -len(COMING)]).exists():
                yield at / name


def _delete(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path, ignore_errors=True)
    elif path.parent.name == "keys":
        destroy(path)
    else:
        path.unlink(missing_ok=True)


def _folders(place: Path) -> list[Path]:
    """Of processes that are or were here; those of which but the lock is left, too."""
    with contextlib.suppress(OSError):
        names = {path.name.removesuffix(".lock") for path in place.iterdir() if PROCESS.fullmatch(path.name)}
        names |= {path.stem for path in place.glob("*-*.lock")}
        return [place / name for name in sorted(names)]
    return []


def _starting(place: Path) -> FileLock:
    """Held while a process makes its lock and while others look at locks: they would meet one that is half made."""
    return FileLock(place / "starting.lock", mode=0o600, timeout=LOCK_SECONDS)


def _processes(place: Path) -> dict[Path, bool] | None:
    """Folders of processes, and whether each lives; None where that cannot be said."""
    with contextlib.suppress(OSError, Timeout, NotImplementedError), _starting(place):
        return {folder: _lives(folder) for folder in _folders(place)}
    return None


def _lives(folder: Path) -> bool:
    lock = FileLock(_lock_of(folder), thread_local=False)
    try:
        lock.acquire(timeout=0)
    except (Timeout, OSError, NotImplementedError):
        return True
    lock.release()
    return False


def _lock_of(folder: Path) -> Path:
    return folder.with_name(f"{folder.name}.lock")


def _since(folder: Path) -> Path:
    """A file that is as old as the presence."""
    return folder / "since.txt"


def _changed(path: Path) -> float:
    """When something was changed last; now, when that cannot be said."""
    with contextlib.suppress(OSError):
        status = path.lstat()
        return max(status.st_mtime, status.st_ctime)
    return float("inf")


def _leave(process: int, lock: FileLock, folder: Path) -> None:
    if os.getpid() != process:  # a fork of it
        return
    shutil.rmtree(folder, ignore_errors=True)
    with contextlib.suppress(OSError):
        lock.release(force=True)
        _lock_of(folder).unlink(missing_ok=True)
