"""The processes that use a workspace, and deleting the temporary files of those that were killed."""

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
from recdesk.workspace.dataset_versions import PENDING_SUFFIX
from recdesk.workspace.keys import overwrite_and_delete
from recdesk.workspace.marker import PARTS

TEMPORARY = "tmp"
LOCK_SECONDS = 10
LEGACY_GRACE_SECONDS = DAY
"""Seconds for which an unfinished file may belong to an older version of recdesk, which does not register itself."""
PROCESS = re.compile(r"\d+-[0-9a-f]{8}")
"""Name of a registered process: its id and random digits."""
OWNER = re.compile(r"\.(\d+-[0-9a-f]{8})\.[^.]+\.part$")
"""The process that writes an unfinished file, in its file name. The part before may look like a process, too."""
OLD_VECTORS = re.compile(r"[0-9a-f]{32}\.part")
"""Unfinished vectors in the cache, written by an older version of recdesk."""

_registered: "weakref.WeakValueDictionary[Path, ProcessRegistration]" = weakref.WeakValueDictionary()
_guard = threading.Lock()


class ProcessRegistration:
    """Registration of this process in a workspace: a lock, which the operating system releases when the process ends
    in whatever way, and a folder for temporary files, which is deleted with the registration.

    Attributes:
        name: of the process, see `PROCESS`.
        folder: for its temporary files.
    """

    def __init__(self, parent: Path) -> None:
        self.name = f"{os.getpid()}-{secrets.token_hex(4)}"
        self.folder = parent / self.name
        lock = FileLock(_lock_of(self.folder), mode=0o600, thread_local=False)
        lock.acquire(timeout=0)
        self.folder.mkdir(mode=0o700)
        _start_marker(self.folder).touch(PRIVATE_FILE)
        weakref.finalize(self, _unregister, os.getpid(), lock, self.folder)

    def keep_temporary_files(self) -> None:
        """Use the folder for all temporary files of this process, and stay registered until it ends."""
        temporary.use_folder(self.folder, self.name, self)


def register_process(workspace: Path) -> ProcessRegistration | None:
    """Register this process in a workspace (once), and delete what processes that have ended left.

    None where that is impossible: in a read-only workspace, or on a drive without locks.
    """
    with _guard, contextlib.suppress(OSError, Timeout, NotImplementedError):
        known = _registered.get(workspace)
        if known is not None and known.folder.is_dir():
            return known
        parent = workspace / TEMPORARY
        first = not parent.exists()
        parent.mkdir(mode=0o700, exist_ok=True)
        with _registry_lock(parent):
            gone = [folder for folder in _process_folders(parent) if not _is_alive(folder)]
            made = _registered[workspace] = ProcessRegistration(parent)
        if gone or first or temporary.system_leftovers(DAY):
            delete_leftovers(workspace, younger_than=LEGACY_GRACE_SECONDS if first else 0.0)
        return made
    return None


def delete_leftovers(workspace: Path, younger_than: float = 0.0) -> None:
    """Delete the `leftovers` of a workspace and the registrations of ended processes, as far as possible."""
    for path in leftovers(workspace, younger_than):
        with contextlib.suppress(Exception):
            _delete(path)
    for folder, lives in (_processes(workspace / TEMPORARY) or {}).items():
        if not lives:
            shutil.rmtree(folder, ignore_errors=True)
            with contextlib.suppress(OSError):
                _lock_of(folder).unlink(missing_ok=True)


def leftovers(workspace: Path, younger_than: float = 0.0) -> list[Path]:
    """Temporary and unfinished files and folders that no running process owns, in the workspace and (a day old) in the
    system's temporary folder.

    Args:
        workspace: the folder.
        younger_than: seconds; an unfinished file that names no process counts as left over if it was last changed this
            long before the oldest running process registered.
    """
    parts = list(_unfinished(workspace))  # before the processes: whoever writes one of them is registered by then
    processes = _processes(workspace / TEMPORARY)
    if processes is None:
        return []
    living = {folder.name: _start_marker(folder) for folder, lives in processes.items() if lives}
    moments = [_changed(path) for path in living.values()]
    limit = min(moments, default=0.0) - younger_than
    found = [folder for folder, lives in processes.items() if not lives]
    for path in parts:
        owner = OWNER.search(path.name)
        if owner.group(1) not in living if owner else _changed(path) < limit:
            found.append(path)
    return found + temporary.system_leftovers(DAY)


def _unfinished(workspace: Path) -> Iterator[Path]:
    """Unfinished files and folders in the subfolders of the workspace that are recdesk's own."""
    for walked, folders, files in os.walk(workspace):
        at = Path(walked)
        if at == workspace:
            folders[:] = [name for name in folders if name in (*PARTS, "encoders") and name != "trash"]
            files = [name for name in files if name.startswith(".workspace.json.")]
        parts = [name for name in folders if name.startswith(".") and name.endswith((".part", PENDING_SUFFIX))]
        # .partial-… are interrupted downloads, which are resumed later
        folders[:] = [name for name in folders if name not in parts and not name.startswith(".partial-")]
        in_cache = workspace / "cache" in (at, *at.parents)
        parts += [name for name in files if name.startswith(".") and name.endswith(".part")]
        parts += [name for name in files if in_cache and OLD_VECTORS.fullmatch(name)]
        for name in parts:
            if not name.endswith(PENDING_SUFFIX) or (at / name[1 : -len(PENDING_SUFFIX)]).exists():
                yield at / name


def _delete(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path, ignore_errors=True)
    elif path.parent.name == "keys":
        overwrite_and_delete(path)
    else:
        path.unlink(missing_ok=True)


def _process_folders(parent: Path) -> list[Path]:
    """Folders of the registered processes, running or ended, including those of which only the lock file is left."""
    with contextlib.suppress(OSError):
        names = {path.name.removesuffix(".lock") for path in parent.iterdir() if PROCESS.fullmatch(path.name)}
        names |= {path.stem for path in parent.glob("*-*.lock")}
        return [parent / name for name in sorted(names)]
    return []


def _registry_lock(parent: Path) -> FileLock:
    """Held while a process creates its lock file and while others test locks, so that they see no unlocked new one."""
    return FileLock(parent / "starting.lock", mode=0o600, timeout=LOCK_SECONDS)


def _processes(parent: Path) -> dict[Path, bool] | None:
    """Folders of the registered processes, and whether each still runs; None if that is unknown."""
    with contextlib.suppress(OSError, Timeout, NotImplementedError), _registry_lock(parent):
        return {folder: _is_alive(folder) for folder in _process_folders(parent)}
    return None


def _is_alive(folder: Path) -> bool:
    lock = FileLock(_lock_of(folder), thread_local=False)
    try:
        lock.acquire(timeout=0)
    except (Timeout, OSError, NotImplementedError):
        return True
    lock.release()
    return False


def _lock_of(folder: Path) -> Path:
    return folder.with_name(f"{folder.name}.lock")


def _start_marker(folder: Path) -> Path:
    """A file that is as old as the registration."""
    return folder / "since.txt"


def _changed(path: Path) -> float:
    """Time of the last change, epoch seconds; infinity if it is unknown."""
    with contextlib.suppress(OSError):
        status = path.lstat()
        return max(status.st_mtime, status.st_ctime)
    return float("inf")


def _unregister(process: int, lock: FileLock, folder: Path) -> None:
    if os.getpid() != process:  # in a forked process
        return
    shutil.rmtree(folder, ignore_errors=True)
    with contextlib.suppress(OSError):
        lock.release(force=True)
        _lock_of(folder).unlink(missing_ok=True)
