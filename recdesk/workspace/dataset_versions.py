"""Replacing a dataset by a newer version of itself; the older version is kept for the runs trained on it."""

import contextlib
import shutil
from pathlib import Path

from recdesk.core.errors import RecdeskError
from recdesk.core.files import make_folder, move, move_folder, sync_folder
from recdesk.core.refusals import explained
from recdesk.data.manifest import describe
from recdesk.workspace.folders import folder_lock, to_trash

PENDING_SUFFIX = ".pending_folder"
"""Suffix of a newer version that is complete on disk but has not replaced the dataset yet."""


def pending_folder(datasets: Path, name: str) -> Path:
    """Folder of the newer version of a dataset before it replaces the older one; it is complete once it exists."""
    return datasets / f".{name}{PENDING_SUFFIX}"


def swap_in(workspace: Path, name: str, keep_old: bool) -> None:
    """Replace a dataset by its pending newer version. Call it within `folders.folder_lock`.

    A crash in between leaves the newer version pending; `complete_swaps` finishes the replacement.

    Args:
        workspace: the folder.
        name: folder name of the dataset.
        keep_old: move the older version to `versions`, where its runs find it; else to the trash.

    Raises:
        StorageError: a folder cannot be moved; the older version is restored.
    """
    datasets = workspace / "datasets"
    old, new = datasets / name, pending_folder(datasets, name)
    with explained(old):
        if keep_old:
            away = version_folder(workspace, str(describe(old)["hash"]))
            make_folder(away.parent)
            if away.exists():  # an earlier update replaced the same data
                away = to_trash(old, workspace / "trash")
            else:
                move_folder(old, away)
        else:
            away = to_trash(old, workspace / "trash")
        try:
            move(new, old)
        except BaseException:
            move_folder(away, old)
            shutil.rmtree(new, ignore_errors=True)
            raise
        sync_folder(datasets)


def complete_swaps(datasets: Path) -> None:
    """Finish replacements that a crash interrupted."""
    if not any(datasets.glob(f".*{PENDING_SUFFIX}")):
        return
    with contextlib.suppress(RecdeskError), folder_lock(datasets.parent):
        for new in datasets.glob(f".*{PENDING_SUFFIX}"):
            old = datasets / new.name[1 : -len(PENDING_SUFFIX)]
            with contextlib.suppress(OSError, RecdeskError):
                describe(new)
                if not old.exists():
                    move(new, old)
                    sync_folder(datasets)


def version_folder(workspace: Path, content_hash: str) -> Path:
    """Folder of an older version of a dataset, named by its content hash."""
    return workspace / "versions" / content_hash[:32]


def folder_of_version(workspace: Path, name: str, content_hash: str) -> Path:
    """Folder of the version of a dataset with this content hash, current or older; the dataset's own if none has it."""
    folder, version = workspace / "datasets" / name, version_folder(workspace, content_hash)
    with contextlib.suppress(RecdeskError):
        if folder.is_dir() and describe(folder)["hash"] == content_hash:
            return folder
    return version if version.is_dir() else folder
