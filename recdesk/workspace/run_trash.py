"""Runs in the trash, and their way back."""

import contextlib
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from recdesk.core.errors import RecdeskError, UsageError
from recdesk.core.files import make_folder, move_folder
from recdesk.core.messages import Message
from recdesk.data.manifest import describe
from recdesk.workspace.dataset_versions import folder_of_version, version_folder
from recdesk.workspace.folders import folder_lock
from recdesk.workspace.runs import RUN_FILE, Run


@dataclass(frozen=True)
class RemovedRun:
    """A run in the trash.

    Attributes:
        run: as it was.
        run_id: name of its folder before it was removed.
        removed: when, local time.
    """

    run: Run
    run_id: str
    removed: datetime


def removed_runs(workspace: Path) -> list[RemovedRun]:
    """The runs in the trash of a workspace, the latest removed first; damaged ones are left out."""
    found = []
    trash = workspace / "trash"
    for folder in trash.iterdir() if trash.is_dir() else ():
        stamp, name = folder.name[:15], folder.name[16:]
        if not (folder / RUN_FILE).exists() or not name:
            continue
        with contextlib.suppress(RecdeskError, ValueError):
            found.append(RemovedRun(Run.read(folder), name, datetime.strptime(stamp, "%Y%m%d-%H%M%S")))
    return sorted(found, key=lambda each: (each.removed, each.run_id), reverse=True)


def find_removed(workspace: Path, run_id: str) -> RemovedRun:
    """A removed run by its id or a prefix of it.

    Raises:
        UsageError: none matches, or several do.
    """
    every = removed_runs(workspace)
    found = [each for each in every if each.run_id == run_id] or [
        each for each in every if run_id and each.run_id.startswith(run_id)
    ]
    if len(found) == 1:
        return found[0]
    if found:
        raise UsageError(Message("run.id-ambiguous", run=run_id, count=len(found)), Message("run.give-longer-id"))
    names = ", ".join(each.run_id for each in every[:5])
    raise UsageError(
        Message("run.not-in-trash", run=run_id),
        Message("run.in-trash-are", names=names) if names else Message("run.trash-empty"),
    )


def restore_run(workspace: Path, removed: RemovedRun) -> Run:
    """Move a run back from the trash, and the older dataset version that went with it.

    Raises:
        UsageError: a run of its id is there again, or it is not in the trash any more.
        StorageError: it cannot be moved.
    """
    target = workspace / "runs" / removed.run_id
    with folder_lock(workspace):
        if target.exists():
            raise UsageError(Message("run.there-already", run=removed.run_id))
        if not removed.run.folder.is_dir():
            raise UsageError(Message("run.not-in-trash", run=removed.run_id))
        _restore_version(workspace, removed.run)
        move_folder(removed.run.folder, target)
    return Run.read(target)


def _restore_version(workspace: Path, run: Run) -> None:
    """Move the version of the dataset that a run was trained on back from the trash, if it is nowhere else."""
    if _is_version(folder_of_version(workspace, run.dataset_name, run.dataset_hash), run.dataset_hash):
        return
    for folder in (workspace / "trash").iterdir():
        if _is_version(folder, run.dataset_hash):
            target = version_folder(workspace, run.dataset_hash)
            make_folder(target.parent)
            move_folder(folder, target)
            return


def _is_version(folder: Path, content_hash: str) -> bool:
    with contextlib.suppress(RecdeskError, OSError, KeyError):
        return folder.is_dir() and describe(folder)["hash"] == content_hash
    return False
