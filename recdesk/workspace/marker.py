"""The file by which a folder is known as a workspace, and the folders that each workspace has."""

import contextlib
import os
from pathlib import Path

from recdesk.core.errors import RecdeskError
from recdesk.core.files import PRIVATE_FOLDER, explained, make_folder
from recdesk.core.messages import Message
from recdesk.core.records import NewerError, read_object, write_record

FORMAT = 1
PARTS = ("datasets", "runs", "cache", "logs", "versions", "studies", "keys", "trash")
"""Folders in a workspace; the first four are always there."""


def enter(folder: Path) -> None:
    """Make a folder a workspace, or see that it is one.

    Raises:
        RecdeskError: it cannot be made or written, is something else's, or was written by a newer recdesk.
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
    """Make the subfolders private to their owner. The folder itself may hold other things, so it stays as it is."""
    for part in PARTS if os.name == "posix" else ():
        with contextlib.suppress(OSError):  # not there, or of another owner
            if (folder / part).stat().st_mode & 0o077:
                (folder / part).chmod(PRIVATE_FOLDER)


def _check_marker(marker: Path) -> None:
    """Raise unless a folder is a workspace that this recdesk can use."""
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
