"""What a workspace keeps of people, where, and how it is deleted for good."""

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
from filelock import Timeout

from recdesk.core.errors import RecdeskError, UsageError
from recdesk.core.files import explained, move, sync_folder
from recdesk.core.messages import Message, word
from recdesk.core.task import UNWATCHED, Task
from recdesk.core.temporary import part_prefix
from recdesk.data.store import describe
from recdesk.workspace.folders import alone
from recdesk.workspace.keys import destroy, forget_unused_keys
from recdesk.workspace.presence import left_behind, tidy
from recdesk.workspace.replacing import version_folder
from recdesk.workspace.run_store import lock_of
from recdesk.workspace.runs import AT_WORK
from recdesk.workspace.workspace import Workspace

Part = Literal["datasets", "versions", "runs", "cache", "keys", "logs", "temporary", "trash"]
PARTS: tuple[Part, ...] = get_args(Part)
IN_USE: tuple[Part, ...] = ("datasets", "versions", "runs", "cache")
"""Parts that a run at work needs."""


@dataclass(frozen=True)
class Thing:
    """A file or folder that is kept.

    Attributes:
        path: where it lies.
        title: what to call it.
        size: bytes.
        people: how many it names, by their ids or pseudonyms.
        changed: when it was put there or changed last, epoch seconds.
        key: name of the key of its pseudonyms; "" where it has none.
    """

    path: Path
    title: str
    size: int
    people: int
    changed: float
    key: str = ""


@dataclass(frozen=True)
class Kept:
    """All that is kept in one part of a workspace."""

    part: Part
    things: tuple[Thing, ...]

    @property
    def size(self) -> int:
        """Bytes."""
        return sum(thing.size for thing in self.things)

    @property
    def people(self) -> int:
        """How many are named; who is named in two things counts twice."""
        return sum(thing.people for thing in self.things)


def kept(workspace: Path, task: Task = UNWATCHED) -> list[Kept]:
    """Every part, also empty ones.

    Raises:
        CancelledError: it was cancelled.
    """
    return [kept_in(workspace, part, task) for part in PARTS]


def kept_in(workspace: Path, part: Part, task: Task = UNWATCHED) -> Kept:
    """One part, the newest first.

    Raises:
        CancelledError: it was cancelled.
    """
    things = [_thing(path, task) for path in _paths(workspace, part)]
    return Kept(part, tuple(sorted(things, key=lambda thing: -thing.changed)))


def remove(workspace: Workspace, part: Part, task: Task = UNWATCHED) -> Kept:
    """Delete a part for good, thing by thing; gives what was deleted.

    With the runs go their studies and the older versions of datasets that only they needed. With datasets go keys of
    pseudonyms that nothing needs any more.

    Raises:
        UsageError: a run is at work that needs it.
        CancelledError: it was cancelled; what was deleted until then is gone.
        StorageError: something cannot be deleted.
    """
    if part in IN_USE and (busy := next((run for run in workspace.runs() if run.state in AT_WORK), None)):
        raise UsageError(Message("run.in-state", run=busy.id, state=word(busy.state)), Message("run.stop-first"))
    found = kept_in(workspace.folder, part, task)
    gone: list[Thing] = []
    try:
        for number, thing in enumerate(found.things):
            task.check()
            task.report(number / len(found.things), Message("workspace.deleting", name=thing.title))
            if delete(thing.path, workspace.folder):
                gone.append(thing)
    finally:
        if part in ("datasets", "versions", "runs"):
            _tidy_up_after(workspace, {thing.key for thing in gone})
    if part == "temporary":
        tidy(workspace.folder)
    task.report(1.0, Message("word.done"))
    return Kept(part, tuple(gone))


def delete(path: Path, workspace: Path) -> bool:
    """Delete for good; False when it is gone already. A folder is gone at once, or not at all.

    Only while it is taken from its place does it keep others from changing which folders there are.

    Raises:
        UsageError: it is a run at work.
        StorageError: it cannot be deleted.
    """
    with explained(path):
        try:
            if not path.is_dir() or path.is_symlink():
                return destroy(path) if path.parent.name == "keys" else _unlink(path)
            half = path
            if not path.name.endswith(".part"):
                with alone(workspace):
                    path.lstat()  # gone meanwhile
                    with _nobody_at_work(path) if path.parent == workspace / "runs" else contextlib.nullcontext():
                        half = _take_away(path)
            shutil.rmtree(half)
        except FileNotFoundError:
            return False
        sync_folder(path.parent)
    return True


def _take_away(path: Path) -> Path:
    """Move a folder to the name of a half-made one, which a crash leaves to the next start. Within `alone`."""
    half = path.with_name(f"{part_prefix(path.name)}{secrets.token_hex(4)}.part")
    move(path, half)
    return half


@contextlib.contextmanager
def _nobody_at_work(run: Path) -> Iterator[None]:
    """Hold a run's lock, so that it is not resumed meanwhile."""
    lock = lock_of(run)
    try:
        lock.acquire(timeout=0)
    except Timeout:  # an OSError too
        raise UsageError(Message("run.busy-elsewhere", run=run.name), Message("run.stop-first")) from None
    if os.name == "nt":  # moves no folder in which a file is open, so also none that is resumed now
        lock.release()
    try:
        yield
    finally:
        lock.release()


def _unlink(path: Path) -> bool:
    path.unlink()
    return True


def _paths(workspace: Path, part: Part) -> Iterator[Path]:
    if part == "temporary":
        yield from left_behind(workspace)
        return
    folders = (workspace / "runs", workspace / "studies") if part == "runs" else (workspace / part,)
    for folder in folders:
        with contextlib.suppress(OSError):
            for path in list(folder.iterdir()):
                hidden = path.name.startswith(".") and part != "trash"
                if not hidden and not _is_crash_file_of_the_living(path):
                    yield path


def _is_crash_file_of_the_living(path: Path) -> bool:
    process = path.stem.removeprefix("crash-")
    return path.name.startswith("crash-") and process.isdigit() and psutil.pid_exists(int(process))


def _thing(path: Path, task: Task) -> Thing:
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
    return Thing(path, title, size, people, changed, key)


def _people(path: Path) -> int:
    with contextlib.suppress(OSError, pa.ArrowException):
        return int(pq.read_metadata(path).num_rows)
    return 0


def _tidy_up_after(workspace: Workspace, keys: set[str]) -> None:
    """Delete versions that no run needs any more, and keys that nothing needs."""
    versions = kept_in(workspace.folder, "versions").things
    taken = []
    with alone(workspace.folder), explained(workspace.folder / "versions"):  # no run is made on one of them meanwhile
        hashes = workspace.run_store.needed_hashes()
        needed = None if hashes is None else {version_folder(workspace.folder, one) for one in hashes}
        for thing in versions:
            if needed is not None and thing.path not in needed and thing.path.is_dir():
                taken.append(_take_away(thing.path))
                keys.add(thing.key)
    for half in taken:
        delete(half, workspace.folder)
    with alone(workspace.folder):
        for key in keys:
            forget_unused_keys(workspace.folder, key)
