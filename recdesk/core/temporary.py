"""Temporary folders and names of unfinished files. They may contain user ids, so they are private to their owner and
lie in the workspace once there is one."""

import contextlib
import os
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

DAY = 86_400
OWN_PREFIXES = ("plain", "without", "duckdb_temp")
"""Prefixes of the names that recdesk uses in temporary folders."""
NAME_CHARACTERS = 24
"""Characters of a file's name that the name of its unfinished file repeats: file systems limit the length of names."""


@dataclass
class _Settings:
    folder: Path | None = None
    owner: str = ""
    holder: object = None


_settings = _Settings()


def use_folder(folder: Path | None, owner: str = "", holder: object = None) -> None:
    """Set the folder in which this process creates temporary folders from now on.

    Args:
        folder: created when needed; None for the system's temporary folder.
        owner: name of this process in the names of unfinished files.
        holder: an object to keep alive as long as the folder is in use.
    """
    _settings.folder, _settings.owner, _settings.holder = folder, owner, holder


@contextlib.contextmanager
def temporary_folder() -> Iterator[Path]:
    """A private folder that is deleted when the block ends."""
    with tempfile.TemporaryDirectory(prefix="recdesk-", dir=_usable(), ignore_cleanup_errors=True) as folder:
        yield Path(folder)


def system_leftovers(older_than: float) -> list[Path]:
    """Folders that killed processes left in the system's temporary folder: unchanged for `older_than` seconds."""
    found = []
    for folder in Path(tempfile.gettempdir()).glob("recdesk-????????"):
        with contextlib.suppress(OSError):  # it belongs to another user, or was deleted
            inside = list(folder.iterdir())
            ours = os.name != "posix" or folder.lstat().st_uid == os.getuid()
            known = all(path.name.startswith(OWN_PREFIXES) for path in inside)
            moment = max(path.lstat().st_mtime for path in (folder, *inside))
            if ours and known and not folder.is_symlink() and time.time() - moment > older_than:
                found.append(folder)
    return found


def part_prefix(name: str) -> str:
    """Prefix of the name of an unfinished file or folder; a random part and “.part” follow."""
    return f".{name[:NAME_CHARACTERS]}.{_settings.owner}{'.' if _settings.owner else ''}"


def discard_old_parts(path: Path) -> None:
    """Delete unfinished files of `path` that killed processes left beside it, unchanged for a day."""
    beginning = f".{path.name[:NAME_CHARACTERS]}."
    with contextlib.suppress(OSError):
        for part in path.parent.iterdir():
            if part.name.startswith(beginning) and part.name.endswith(".part") and not part.is_dir():
                with contextlib.suppress(OSError):
                    if time.time() - part.lstat().st_mtime > DAY:
                        part.unlink()


def _usable() -> Path | None:
    folder = _settings.folder
    if folder is None:
        return None
    try:
        folder.mkdir(mode=0o700, exist_ok=True)
    except OSError:  # the drive is disconnected or read-only
        return None
    return folder
