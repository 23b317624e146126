"""Keys of pseudonyms: files of their own in the workspace, for their owner alone, that can be deleted for good."""

import contextlib
import re
import secrets
import time
from collections.abc import Iterator
from pathlib import Path

from recdesk.core.errors import RecdeskError
from recdesk.core.files import explained, flush_to_disk, make_folder, replacing, sync_folder
from recdesk.data.pseudonyms import KEY_BYTES, key_name
from recdesk.data.store import describe

FRESH = 86_400
"""Seconds in which a key that no dataset uses may belong to one that is being written."""

_KEY_FILE = re.compile(r"([0-9a-f]{16})\.key|\.([0-9a-f]{16})\.key\..+\.part")
"""Of a key, and of what a crash left of writing it; other files in the folder are somebody else's."""


def keep_key(folder: Path, key: bytes) -> Path:
    """Write a key under its name; what is there already stays.

    Raises:
        StorageError: the folder cannot be written.
    """
    path = folder / f"{key_name(key)}.key"
    with explained(path):
        make_folder(folder)
        if not path.exists():
            with replacing(path) as stream:
                stream.write(key.hex())
    return path


def find_key(folder: Path, name: str) -> bytes | None:
    """A key by its name; None when it was deleted or is damaged."""
    try:
        key = bytes.fromhex((folder / f"{name}.key").read_text(encoding="ascii").strip())
    except (OSError, ValueError):
        return None
    return key if len(key) == KEY_BYTES and key_name(key) == name else None


def forget_key(folder: Path, name: str) -> bool:
    """Overwrite and delete a key, and what a crash left of writing it; False when there is none."""
    for part in folder.glob(f".{name}.key.*.part"):
        destroy(part)
    return destroy(folder / f"{name}.key")


def uses_of_keys(workspace: Path, without: Path | None = None) -> set[str] | None:
    """Names of the keys that some dataset (but the one in the folder `without`), or an older version, was made with.

    None where that cannot be said, because a dataset is damaged or of a newer recdesk.
    """
    found = set()
    try:
        for folder in _datasets(workspace):
            if folder != without:
                found.add(str(describe(folder)["rules"].get("pseudonyms") or ""))
    except (OSError, RecdeskError, AttributeError):
        return None
    return found - {""}


def forget_unused_keys(workspace: Path, gone: str = "") -> None:
    """Delete the keys that nothing in the workspace needs any more, also those that a crash left behind.

    Args:
        workspace: the folder.
        gone: the key of what was just removed; others are spared while they are fresh.

    Raises:
        StorageError: a key cannot be deleted.
    """
    folder = workspace / "keys"
    found = {path: match for path in folder.glob("*") if (match := _KEY_FILE.fullmatch(path.name))}
    used = uses_of_keys(workspace) if found else None
    if used is None:
        return
    for path, match in found.items():
        name = match[1] or match[2]
        if path.stem not in used and (name == gone != "" or _age(path) > FRESH):
            destroy(path)


def _datasets(workspace: Path) -> Iterator[Path]:
    """All that is, was or is about to be a dataset; what is still being written has no manifest yet."""
    for folder in (workspace / "datasets", workspace / "versions"):
        for path in folder.iterdir() if folder.is_dir() else ():
            if path.is_dir() and (not path.name.startswith(".") or (path / "manifest.json").exists()):
                yield path


def _age(path: Path) -> float:
    with contextlib.suppress(OSError):  # deleted meanwhile
        return time.time() - path.stat().st_mtime
    return 0.0


def destroy(path: Path) -> bool:
    """Overwrite and delete; False when there is nothing."""
    with explained(path):
        try:
            size = path.stat().st_size
        except FileNotFoundError:
            return False
        with path.open("r+b") as stream:
            stream.write(secrets.token_bytes(size))
            stream.flush()
            flush_to_disk(stream.fileno())
        path.unlink()
        sync_folder(path.parent)
    return True
