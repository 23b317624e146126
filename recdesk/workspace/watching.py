"""What tells that another process has changed a workspace: cheap to ask, as it reads no file."""

import os
from dataclasses import dataclass
from pathlib import Path

from recdesk.workspace.runs import EVENTS, RUN_FILE

Entries = frozenset[tuple[str, int, int]]


@dataclass(frozen=True)
class Fingerprint:
    """Equal as long as nothing has changed.

    Attributes:
        datasets: name, inode and time of change (ns) of each dataset's folder.
        runs: the same of each run's `run.json`.
        log: bytes of the log of one run; 0 for none.
    """

    datasets: Entries
    runs: Entries
    log: int = 0


def fingerprint(workspace: Path, run_id: str | None = None) -> Fingerprint | None:
    """The state of the lists of datasets and runs, and of the log of a run; None if the folder cannot be read now."""
    try:
        datasets, runs = _entries(workspace / "datasets"), _entries(workspace / "runs", RUN_FILE)
    except OSError:
        return None
    try:
        log = (workspace / "runs" / run_id / EVENTS).stat().st_size if run_id else 0
    except OSError:
        log = 0
    return Fingerprint(datasets, runs, log)


def _entries(folder: Path, file: str = "") -> Entries:
    found = set()
    with os.scandir(folder) as entries:
        for entry in entries:
            if entry.name.startswith("."):
                continue
            try:
                about = Path(entry.path, file).stat()
            except OSError:  # just being written or removed
                continue
            found.add((entry.name, about.st_ino, about.st_mtime_ns))
    return frozenset(found)
