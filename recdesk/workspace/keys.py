"""Keys of pseudonyms: one private file each in the workspace, which can be permanently deleted."""

import contextlib
import re
import secrets
import time
from collections.abc import Iterator
from pathlib import Path

from recdesk.core.errors import RecdeskError
from recdesk.core.files import flush_to_disk, make_folder, replacing, sync_folder
from recdesk.core.refusals import explained
from recdesk.data.manifest import describe
from recdesk.data.pseudonym_keys import KEY_BYTES, key_name

KEY_GRACE_SECONDS = 86_400
"""Age in seconds from which an unused key is deleted; a younger one may belong to a dataset that is being written."""

_KEY_FILE = re.compile(r"([0-9a-f]{16})\.key|\.([0-9a-f]{16})\.key\..+\.part")
"""File name of a key, or of the unfinished file that a crash left; other files in the folder are not recdesk's."""


def save_key(folder: Path, key: bytes) -> Path:
    """Write a key file unless it exists; returns its path.

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
    """A key by its name; None if it was deleted or is damaged."""
    try:
        key = bytes.fromhex((folder / f"{name}.key").read_text(encoding="ascii").strip())
    except (OSError, ValueError):
        return None
    return key if len(key) == KEY_BYTES and key_name(key) == name else None


def delete_key(folder: Path, name: str) -> bool:
    """Overwrite and delete a key and unfinished files of it; False if there is no such key."""
    for part in folder.glob(f".{name}.key.*.part"):
        overwrite_and_delete(part)
    return overwrite_and_delete(folder / f"{name}.key")


def keys_in_use(workspace: Path, without: Path | None = None) -> set[str] | None:
    """Names of the keys that datasets and older versions use; the dataset in the folder `without` does not count.

    None if that is unknown, because a dataset is damaged or was written by a newer recdesk.
    """
    found = set()
    try:
        for folder in _datasets(workspace):
            if folder != without:
                found.add(str(describe(folder)["rules"].get("pseudonyms") or ""))
    except (OSError, RecdeskError, AttributeError):
        return None
    return found - {""}


def delete_unused_keys(workspace: Path, gone: str = "") -> None:
    """Delete the keys that no dataset uses, and unfinished key files that a crash left.

    Args:
        workspace: the folder.
        gone: name of the key of a dataset that was just removed; other keys are deleted after `KEY_GRACE_SECONDS` only.

    Raises:
        StorageError: a key cannot be deleted.
    """
    folder = workspace / "keys"
    found = {path: match for path in folder.glob("*") if (match := _KEY_FILE.fullmatch(path.name))}
    used = keys_in_use(workspace) if found else None
    if used is None:
        return
    for path, match in found.items():
        name = match[1] or match[2]
        if path.stem not in used and (name == gone != "" or _age(path) > KEY_GRACE_SECONDS):
            overwrite_and_delete(path)


def _datasets(workspace: Path) -> Iterator[Path]:
    """Folders of datasets, older versions and pending newer versions, but not of those that are still being written,
    which have no manifest yet."""
    for folder in (workspace / "datasets", workspace / "versions"):
        for path in folder.iterdir() if folder.is_dir() else ():
            if path.is_dir() and (not path.name.startswith(".") or (path / "manifest.json").exists()):
                yield path


def _age(path: Path) -> float:
    with contextlib.suppress(OSError):  # another process deleted it
        return time.time() - path.stat().st_mtime
    return 0.0


def overwrite_and_delete(path: Path) -> bool:
    """Overwrite a file with random bytes and delete it; False if it does not exist."""
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
