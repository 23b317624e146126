"""Names on disk."""

import re
import shutil
import time
import unicodedata
from pathlib import Path

import platformdirs

from recdesk.files import explained


def default_folder() -> Path:
    """The per-user data folder of the operating system."""
    return Path(platformdirs.user_data_dir("recdesk", appauthor=False))


def safe_name(title: str) -> str:
    """A folder name for a title, valid on every system; letters of all scripts stay."""
    text = unicodedata.normalize("NFC", title)
    text = re.sub(r'[<>:"/\\|?*\x00-\x1f]', " ", text)
    text = re.sub(r"\s+", " ", text).strip(" .")[:60].rstrip(" .")
    if re.fullmatch(r"(?i)(con|prn|aux|nul|com\d|lpt\d)(\..*)?", text):
        text = f"{text}_"
    return text or "dataset"


def unique(folder: Path, name: str) -> str:
    """`name`, or `name 2`, `name 3`, … whichever is free in `folder` (also where case is ignored)."""
    taken = {path.name.casefold() for path in folder.iterdir()} if folder.exists() else set()
    candidate, number = name, 2
    while candidate.casefold() in taken:
        candidate, number = f"{name} {number}", number + 1
    return candidate


def to_trash(path: Path, trash: Path) -> Path:
    """Move a folder into the workspace's trash; nothing is deleted."""
    with explained(path):
        trash.mkdir(parents=True, exist_ok=True)
        target = trash / f"{time.strftime('%Y%m%d-%H%M%S')}-{path.name}"
        target = trash / unique(trash, target.name)
        shutil.move(path, target)
    return target
