"""An inventory of the data stored in a workspace (size, users named), and its permanent deletion."""

import contextlib
import os
import secrets
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, get_args

import psutil
import pyarrow as pa
import pyarrow.parquet as pq

from recdesk.core.errors import RecdeskError, UsageError
from recdesk.core.files import move, sync_folder
from recdesk.core.messages import Message, word
from recdesk.core.refusals import explained
from recdesk.core.task import UNWATCHED, Task
from recdesk.core.temporary import part_prefix
from recdesk.data.manifest import describe
from recdesk.workspace.dataset_versions import version_folder
from recdesk.workspace.folders import folder_lock
from recdesk.workspace.keys import delete_unused_keys, overwrite_and_delete
from recdesk.workspace.processes import delete_leftovers, leftovers
from recdesk.workspace.run_store import locked_to_move
from recdesk.workspace.runs import ACTIVE
from recdesk.workspace.workspace import Workspace

Part = Literal["datasets", "versions", "runs", "cache", "keys", "logs", "temporary", "trash"]
PARTS: tuple[Part, ...] = get_args(Part)
IN_USE: tuple[Part, ...] = ("datasets", "versions", "runs", "cache")
"""Parts that are not deleted while a run is active."""


@dataclass(frozen=True)
class Entry:
    """A stored file or folder.

    Attributes:
        path: of the file or folder.
        title: the dataset's name, or the file name.
        size: bytes.
        people: number of users in it, under their ids or pseudonyms.
        changed: time of the last change, epoch seconds.
        key: name of the key of its pseudonyms; "" for none.
    """

    path: Path
    title: str
    size: int
    people: int
    changed: float
    key: str = ""


@dataclass(frozen=True)
class PartInventory:
    """The stored files and folders of one part of a workspace."""

    part: Part
    entries: tuple[Entry, ...]

    @property
    def size(self) -> int:
        """Bytes."""
        return sum(entry.size for entry in self.entries)

    @property
    def people(self) -> int:
        """Number of users, summed over the entries: a user of two datasets counts twice."""
        return sum(entry.people for entry in self.entries)


def inventory(workspace: Path, task: Task = UNWATCHED) -> list[PartInventory]:
    """The inventory of every part, empty ones included.

    Raises:
        CancelledError: it was cancelled.
    """
    return [part_inventory(workspace, part, task) for part in PARTS]


def part_inventory(workspace: Path, part: Part, task: Task = UNWATCHED) -> PartInventory:
    """The inventory of one part, last changed first.

    Raises:
        CancelledError: it was cancelled.
    """
    entries = [_entry(path, task) for path in _paths(workspace, part)]
    return PartInventory(part, tuple(sorted(entries, key=lambda entry: -entry.changed)))


def delete_part(workspace: Workspace, part: Part, task: Task = UNWATCHED) -> PartInventory:
    """Permanently delete a part, entry by entry; returns what was deleted.

    Deleting runs also deletes their studies and the older dataset versions that only these runs used. Deleting
    datasets also deletes the keys of pseudonyms that nothing else uses.

    Raises:
        UsageError: an active run uses it.
        CancelledError: it was cancelled; entries deleted before that stay deleted.
        StorageError: an entry cannot be deleted.
    """
    if part in IN_USE and (busy := next((run for run in workspace.runs() if run.state in ACTIVE), None)):
        raise UsageError(Message("run.in-state", run=busy.id, state=word(busy.state)), Message("run.stop-first"))
    found = part_inventory(workspace.folder, part, task)
    gone: list[Entry] = []
    try:
        for number, entry in enumerate(found.entries):
            task.check()
            task.report(number / len(found.entries), Message("workspace.deleting", name=entry.title))
            if delete_entry(entry.path, workspace.folder):
                gone.append(entry)
    finally:
        if part in ("datasets", "versions", "runs"):
            _delete_unneeded(workspace, {entry.key for entry in gone})
    if part == "temporary":
        delete_leftovers(workspace.folder)
    task.report(1.0, Message("word.done"))
    return PartInventory(part, tuple(gone))


def delete_entry(path: Path, workspace: Path) -> bool:
    """Permanently delete a file or folder; False if it does not exist. A folder is renamed first, so it disappears at
    once or not at all; the workspace's folder lock is held for the rename only.

    Raises:
        UsageError: it is an active run.
        StorageError: it cannot be deleted.
    """
    with explained(path):
        try:
            if not path.is_dir() or path.is_symlink():
                return overwrite_and_delete(path) if path.parent.name == "keys" else _unlink(path)
            half = path
            if not path.name.endswith(".part"):
                with folder_lock(workspace):
                    path.lstat()  # raises FileNotFoundError if it was deleted meanwhile
                    with locked_to_move(path) if path.parent == workspace / "runs" else contextlib.nullcontext():
                        half = _set_aside(path)
            shutil.rmtree(half)
        except FileNotFoundError:
            return False
        sync_folder(path.parent)
    return True


def _set_aside(path: Path) -> Path:
    """Give a folder the name of an unfinished one, so that after a crash the next start deletes it. Call it within
    `folder_lock`."""
    half = path.with_name(f"{part_prefix(path.name)}{secrets.token_hex(4)}.part")
    move(path, half)
    return half


def _unlink(path: Path) -> bool:
    path.unlink()
    return True


def _paths(workspace: Path, part: Part) -> Iterator[Path]:
    if part == "temporary":
        yield from leftovers(workspace)
        return
    folders = (workspace / "runs", workspace / "studies") if part == "runs" else (workspace / part,)
    for folder in folders:
        with contextlib.suppress(OSError):
            for path in list(folder.iterdir()):
                hidden = path.name.startswith(".") and part != "trash"
                if not hidden and not _is_open_crash_file(path):
                    yield path


def _is_open_crash_file(path: Path) -> bool:
    process = path.stem.removeprefix("crash-")
    return path.name.startswith("crash-") and process.isdigit() and psutil.pid_exists(int(process))


def _entry(path: Path, task: Task) -> Entry:
    size, people, title, key = 0, 0, path.name, ""
    changed = 0.0
    with contextlib.suppress(OSError):
        changed = path.lstat().st_mtime
        size = 0 if path.is_dir() else path.lstat().st_size
    for folder, _folders, files in os.walk(path):
        task.check()
        for name in files:
            with contextlib.suppress(OSError):
                size += (Path(folder) / name).lstat().st_size
        if "users.parquet" in files:
            people += _people(Path(folder) / "users.parquet")
    with contextlib.suppress(RecdeskError, OSError, AttributeError):
        facts = describe(path)
        title, key = str(facts["name"]), str(facts["rules"].get("pseudonyms") or "")
    return Entry(path, title, size, people, changed, key)


def _people(path: Path) -> int:
    with contextlib.suppress(OSError, pa.ArrowException):
        return int(pq.read_metadata(path).num_rows)
    return 0


def _delete_unneeded(workspace: Workspace, keys: set[str]) -> None:
    """Delete dataset versions that no run uses any more, and unused keys."""
    versions = part_inventory(workspace.folder, "versions").entries
    taken = []
    with folder_lock(workspace.folder), explained(workspace.folder / "versions"):  # no run is created meanwhile
        hashes = workspace.run_store.hashes_in_use()
        needed = None if hashes is None else {version_folder(workspace.folder, one) for one in hashes}
        for entry in versions:
            if needed is not None and entry.path not in needed and entry.path.is_dir():
                taken.append(_set_aside(entry.path))
                keys.add(entry.key)
    for half in taken:
        delete_entry(half, workspace.folder)
    with folder_lock(workspace.folder):
        for key in keys:
            delete_unused_keys(workspace.folder, key)
