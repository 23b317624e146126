"""The workspace: a folder of plain files with everything recdesk keeps."""

import contextlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout

from recdesk.data.dataset import Dataset
from recdesk.data.importing import ImportResult
from recdesk.data.splitting import SplitKind
from recdesk.data.store import describe, load_dataset, save_dataset
from recdesk.errors import RecdeskError, UsageError
from recdesk.files import explained, new_folder, read_json, write_json
from recdesk.training.config import RunConfig
from recdesk.workspace.folders import safe_name, to_trash, unique
from recdesk.workspace.runs import Run, create_run

FORMAT = 1


@dataclass(frozen=True)
class DatasetInfo:
    """What a list shows of a dataset, read from its manifest alone.

    Attributes:
        name: folder name, unique in the workspace.
        title: what the person calls it.
        facts: the manifest's values (users, items, interactions, has_times, synthetic, hash, created, …).
    """

    name: str
    title: str
    facts: dict[str, Any]


class Workspace:
    """A folder with `datasets`, `runs`, `cache`, `logs` and `trash`."""

    def __init__(self, folder: Path) -> None:
        """Open the folder, or make it.

        Raises:
            RecdeskError: it cannot be made or written, is something else's, or was written by a newer recdesk.
        """
        self.folder = folder.expanduser().absolute()
        self._lock = FileLock(self.folder / ".window.lock")
        marker = self.folder / "workspace.json"
        with explained(marker):
            self.folder.mkdir(parents=True, exist_ok=True)
            for part in ("datasets", "runs", "cache", "logs"):
                (self.folder / part).mkdir(exist_ok=True)
        if not marker.exists():
            write_json(marker, {"format": FORMAT})
        values = read_json(marker)
        if not isinstance(values, dict) or not isinstance(values.get("format"), int):
            raise RecdeskError(f"“{self.folder}” is not a workspace of recdesk.", "Choose an empty folder.")
        if values["format"] > FORMAT:
            raise RecdeskError(
                f"The workspace “{self.folder}” was written by a newer recdesk.",
                "Update recdesk, or choose another workspace.",
            )

    def lock(self) -> bool:
        """Take the window's lock; False when another window has it (this one then only reads)."""
        try:
            self._lock.acquire(timeout=0)
        except (Timeout, OSError):
            return False
        return True

    def unlock(self) -> None:
        """Give the window's lock back."""
        self._lock.release()

    @property
    def cache(self) -> Path:
        """What can be computed again."""
        return self.folder / "cache"

    def datasets(self) -> list[DatasetInfo]:
        """Datasets, newest first; damaged ones are left out."""
        found: list[DatasetInfo] = []
        for path in (self.folder / "datasets").iterdir():
            if path.is_dir() and not path.name.startswith("."):
                with contextlib.suppress(RecdeskError):
                    facts = describe(path)
                    found.append(DatasetInfo(path.name, str(facts["name"]), facts))
        return sorted(found, key=lambda info: str(info.facts.get("created", "")), reverse=True)

    def dataset_folder(self, name: str) -> Path:
        """Where a dataset lies, found by folder name or by title.

        Raises:
            UsageError: there is none; says which there are.
        """
        folder = self.folder / "datasets" / name
        if name and folder.is_dir() and folder.parent == self.folder / "datasets":
            return folder
        known = self.datasets()
        for info in known:
            if info.title == name:
                return self.folder / "datasets" / info.name
        names = ", ".join(f"“{info.name}”" for info in known[:10])
        raise UsageError(f"There is no dataset “{name}”.", f"There are: {names}." if names else "Import one first.")

    def dataset(self, name: str) -> Dataset:
        """Load a dataset.

        Raises:
            UsageError: there is none of this name.
            DataError: it is damaged.
        """
        return load_dataset(self.dataset_folder(name))

    def add_dataset(self, result: ImportResult) -> str:
        """Keep an imported dataset; its (unique) name."""
        datasets = self.folder / "datasets"
        name = unique(datasets, safe_name(result.dataset.name))
        with new_folder(datasets / name) as folder:
            save_dataset(result.dataset, folder, result.rejects, result.unused_items)
        return name

    def remove_dataset(self, name: str) -> None:
        """Move a dataset to the trash."""
        to_trash(self.dataset_folder(name), self.folder / "trash")

    def runs(self) -> list[Run]:
        """Runs, newest first. One whose process is gone becomes interrupted."""
        found: list[Run] = []
        for path in (self.folder / "runs").iterdir():
            if path.is_dir() and not path.name.startswith("."):
                with contextlib.suppress(RecdeskError):
                    run = Run(path)
                    run.check_alive()
                    found.append(run)
        return sorted(found, key=lambda run: (run.created, run.id), reverse=True)

    def run(self, run_id: str) -> Run:
        """A run by its id or the beginning of it; "last" is the newest.

        Raises:
            UsageError: none, or several, have it.
        """
        runs = self.runs()
        if run_id == "last" and runs:
            return runs[0]
        found = [run for run in runs if run.id == run_id] or [
            run for run in runs if run_id and run.id.startswith(run_id)
        ]
        if len(found) == 1:
            return found[0]
        if found:
            raise UsageError(f"“{run_id}” may be any of {len(found)} runs.", "Give more of its id.")
        known = ", ".join(run.id for run in runs[:5])
        raise UsageError(f"There is no run “{run_id}”.", f"The newest are: {known}." if known else "Train one first.")

    def create_run(self, dataset_name: str, config: RunConfig, split: SplitKind, **more: Any) -> Run:
        """A new run, queued; `more` as for `runs.create_run`."""
        folder = self.dataset_folder(dataset_name)
        return create_run(self.folder / "runs", folder.name, describe(folder), config, split, **more)

    def remove_run(self, run_id: str) -> None:
        """Move a run to the trash.

        Raises:
            UsageError: there is none, or it is at work.
        """
        run = self.run(run_id)
        if run.state in ("running", "paused"):
            raise UsageError(f"Run {run.id} is {run.state}.", "Stop it first.")
        to_trash(run.folder, self.folder / "trash")
