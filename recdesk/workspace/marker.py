"""`workspace.json`, which marks a folder as a workspace, and the subfolders of a workspace."""

import contextlib
import os
from pathlib import Path

from recdesk.core.errors import RecdeskError
from recdesk.core.files import PRIVATE_FOLDER, make_folder
from recdesk.core.messages import Message
from recdesk.core.records import NewerError, read_object, write_record
from recdesk.core.refusals import explained

FORMAT = 1
PARTS = ("datasets", "runs", "cache", "logs", "versions", "studies", "keys", "trash")
"""Subfolders of a workspace; the first four always exist."""


def ensure_workspace(folder: Path) -> None:
    """Make a folder a workspace if it is not one yet, and check that this version of recdesk can use it.

    Raises:
        RecdeskError: the folder cannot be created or written, its workspace.json is not recdesk's, or was written by a
            newer version.
    """
    marker = folder / "workspace.json"
    with explained(marker):
        for part in PARTS[:4]:
            make_folder(folder / part)
    if not marker.exists():
        write_record(marker, {"format": FORMAT})
    _check_marker(marker)
    _close_to_others(folder)


def _close_to_others(folder: Path) -> None:
    """Make the subfolders private to their owner. The folder itself keeps its permissions: it may hold other files."""
    for part in PARTS if os.name == "posix" else ():
        with contextlib.suppress(OSError):  # it does not exist, or belongs to another user
            if (folder / part).stat().st_mode & 0o077:
                (folder / part).chmod(PRIVATE_FOLDER)


def _check_marker(marker: Path) -> None:
    """Raise unless this version of recdesk can use the workspace."""
    folder, details = marker.parent, ""
    try:
        values = read_object(marker, newest=FORMAT, newer=Message("record.workspace-newer", path=folder))
        known = isinstance(values.get("format"), int)
    except NewerError as error:
        raise RecdeskError(error.sentence, Message("workspace.update-or-other")) from error
    except RecdeskError as error:
        known, details = False, error.sentence
    if not known:
        raise RecdeskError(
            Message("record.not-a-workspace", path=folder),
            Message("workspace.choose-empty-or-reset"),
            details,
        )
