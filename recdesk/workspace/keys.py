"""Keys of pseudonyms: files of their own in the workspace, for their owner alone, that can be deleted for good."""

import os
import secrets
from pathlib import Path

from recdesk.data.pseudonyms import KEY_BYTES, key_name
from recdesk.files import explained, sync_folder


def keep_key(folder: Path, key: bytes) -> Path:
    """Write a key under its name; what is there already stays.

    Raises:
        StorageError: the folder cannot be written.
    """
    path = folder / f"{key_name(key)}.key"
    with explained(path):
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if path.exists():
            return path
        part = folder / f".{path.name}.{secrets.token_hex(4)}.part"
        try:
            handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(handle, "wb") as stream:
                stream.write(key.hex().encode())
                stream.flush()
                os.fsync(stream.fileno())
            part.replace(path)
        finally:
            part.unlink(missing_ok=True)
        sync_folder(folder)
    return path


def find_key(folder: Path, name: str) -> bytes | None:
    """A key by its name; None when it was deleted or is damaged."""
    try:
        key = bytes.fromhex((folder / f"{name}.key").read_text(encoding="ascii").strip())
    except (OSError, ValueError):
        return None
    return key if len(key) == KEY_BYTES and key_name(key) == name else None


def forget_key(folder: Path, name: str) -> bool:
    """Overwrite and delete a key; False when there is none."""
    path = folder / f"{name}.key"
    with explained(path):
        try:
            size = path.stat().st_size
        except FileNotFoundError:
            return False
        with path.open("r+b") as stream:
            stream.write(secrets.token_bytes(size))
            stream.flush()
            os.fsync(stream.fileno())
        path.unlink()
        sync_folder(folder)
    return True
