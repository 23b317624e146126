"""A dataset that takes the place of an older version of itself; runs made on that one still find it."""

import contextlib
import shutil
from pathlib import Path

from recdesk.core.errors import RecdeskError
from recdesk.core.files import explained, make_folder, move, move_folder, sync_folder
from recdesk.data.store import describe
from recdesk.workspace.folders import alone, to_trash

COMING = ".coming"
"""Ending of a whole dataset that is about to take its place."""


def coming(datasets: Path, name: str) -> Path:
    """Where a newer version of a dataset waits; whole as soon as it is there."""
    return datasets / f".{name}{COMING}"


def take_place(workspace: Path, name: str, keep_old: bool) -> None:
    """Put the newer version that waits in the place of the older. Within `folders.alone`.

    The older one goes to `versions`, where runs made on it find it, or to the trash. A crash in between leaves the
    newer version waiting; `finish` puts it in place.

    Raises:
        StorageError: a folder cannot be moved; the older version is in its place then.
    """
    datasets = workspace / "datasets"
    old, new = datasets / name, coming(datasets, name)
    with explained(old):
        if keep_old:
            away = version_folder(workspace, str(describe(old)["hash"]))
            make_folder(away.parent)
            if away.exists():  # the same data came and went before
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


def finish(datasets: Path) -> None:
    """Put in place what a crash left waiting."""
    if not any(datasets.glob(f".*{COMING}")):
        return
    with contextlib.suppress(RecdeskError), alone(datasets.parent):
        for new in datasets.glob(f".*{COMING}"):
            old = datasets / new.name[1 : -len(COMING)]
            with contextlib.suppress(OSError, RecdeskError):
                describe(new)
                if not old.exists():
                    move(new, old)
                    sync_folder(datasets)


def version_folder(workspace: Path, content_hash: str) -> Path:
    """Where an older version of a dataset is kept, by its content."""
    return workspace / "versions" / content_hash[:32]


def folder_with(workspace: Path, name: str, content_hash: str) -> Path:
    """The folder of a dataset with just this content: the dataset itself or an older version; else the dataset's."""
    folder, version = workspace / "datasets" / name, version_folder(workspace, content_hash)
    with contextlib.suppress(RecdeskError):
        if folder.is_dir() and describe(folder)["hash"] == content_hash:
            return folder
    return version if version.is_dir() else folder
