"""Temporary files, which may hold people's ids in clear: in the workspace once that is known, for their owner alone."""

import contextlib
import os
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

DAY = 86_400
CONTENTS = ("plain", "without", "duckdb_temp")
"""How names of what we put into temporary folders begin."""
MOST_OF_A_NAME = 24
"""Characters of a file's name in the name of its half-made part: names have an end."""


@dataclass
class _Place:
    folder: Path | None = None
    owner: str = ""
    holder: object = None


_place = _Place()


def keep_in(folder: Path | None, owner: str = "", holder: object = None) -> None:
    """From now on temporary folders of this process are made in `folder`; None for the system's.

    Args:
        folder: where; made when it is needed.
        owner: what this process is known by in the names of half-made files.
        holder: kept alive with it.
    """
    _place.folder, _place.owner, _place.holder = folder, owner, holder


@contextlib.contextmanager
def temporary_folder() -> Iterator[Path]:
    """A folder that nobody else can read and that goes when the block ends."""
    with tempfile.TemporaryDirectory(prefix="recdesk-", dir=_usable(), ignore_cleanup_errors=True) as folder:
        yield Path(folder)


def system_leftovers(older_than: float) -> list[Path]:
    """Temporary folders of ours in the system's that nobody has touched for so many seconds: of killed processes."""
    found = []
    for folder in Path(tempfile.gettempdir()).glob("recdesk-????????"):
        with contextlib.suppress(OSError):  # another person's, or gone meanwhile
            inside = list(folder.iterdir())
            ours = os.name != "posix" or folder.lstat().st_uid == os.getuid()
            known = all(path.name.startswith(CONTENTS) for path in inside)
            moment = max(path.lstat().st_mtime for path in (folder, *inside))
            if ours and known and not folder.is_symlink() and time.time() - moment > older_than:
                found.append(folder)
    return found


def part_prefix(name: str) -> str:
    """How the name of a half-made file or folder begins, before a random part and “.part”."""
    return f".{name[:MOST_OF_A_NAME]}.{_place.owner}{'.' if _place.owner else ''}"


def discard_old_parts(path: Path) -> None:
    """Delete half-made files that killed processes left beside `path` for it; none that was touched within a day."""
    beginning = f".{path.name[:MOST_OF_A_NAME]}."
    with contextlib.suppress(OSError):
        for part in path.parent.iterdir():
            if part.name.startswith(beginning) and part.name.endswith(".part") and not part.is_dir():
                with contextlib.suppress(OSError):
                    if time.time() - part.lstat().st_mtime > DAY:
                        part.unlink()


def _usable() -> Path | None:
    folder = _place.folder
    if folder is None:
        return None
    try:
        folder.mkdir(mode=0o700, exist_ok=True)
    except OSError:  # a drive that is away, or cannot be written
        return None
    return folder
