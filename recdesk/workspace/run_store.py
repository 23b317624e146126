"""The runs of a workspace: creating, listing, finding them, and changing their state."""

import contextlib
import secrets
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout

from recdesk.core.errors import RecdeskError, UsageError
from recdesk.core.files import PRIVATE_FILE, new_folder
from recdesk.core.messages import Message
from recdesk.core.records import write_record
from recdesk.data.splitting import SplitKind
from recdesk.training.config import RunConfig
from recdesk.workspace.folders import collecting, folders_in
from recdesk.workspace.runs import ABOUT, AT_WORK, CONFIG, FORMAT, Run, read_about


class RunStore:
    """The folder of a workspace in which each run has a folder of its own; all that is written of a run's state is
    written here, in one step and under the run's id."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @classmethod
    def of(cls, run: Run) -> "RunStore":
        """The store that a run lies in."""
        return cls(run.folder.parent)

    def create(
        self,
        dataset_name: str,
        facts: dict[str, Any],
        config: RunConfig,
        split: SplitKind,
        study: str = "",
        trial: int = -1,
    ) -> Run:
        """Make a run's folder, queued.

        Args:
            dataset_name: folder name of the dataset.
            facts: its manifest.
            config: the settings.
            split: how to cut the data.
            study: id of the study that it is a trial of, if it is.
            trial: number of the trial, from 0.

        Raises:
            StorageError: the folder cannot be written or the disk is full.
        """
        now = time.time()
        kind = str(config.model_dump()["kind"])
        stamp = time.strftime("%Y%m%d-%H%M%S", time.localtime(now))
        name = f"{stamp}-{kind}-{secrets.token_hex(2)}"
        about = {
            "format": FORMAT,
            "state": "queued",
            "created": now,
            "kind": kind,
            "dataset": dataset_name,
            "dataset_title": facts["name"],
            "dataset_hash": facts["hash"],
            "synthetic": facts.get("synthetic", ""),
            "ceiling": facts.get("ceiling"),
            "split": split,
            **({"study": study, "trial": trial} if study else {}),
        }
        with new_folder(self.folder / name) as folder:
            write_record(folder / ABOUT, about)
            write_record(folder / CONFIG, config.model_dump())
        return Run.read(self.folder / name)

    def all(self, damaged: list[RecdeskError] | None = None) -> list[Run]:
        """Runs, newest first. One whose process is gone becomes interrupted.

        Args:
            damaged: gets why runs are left out because they cannot be read, and whose figures cannot.

        Raises:
            StorageError: the workspace is gone.
        """
        found: list[Run] = []
        for folder in folders_in(self.folder):
            with collecting(damaged):
                run = self._seen_alive(Run.read(folder))
                found.append(run)
                if damaged is not None:
                    damaged.extend(run.problems)
        return sorted(found, key=lambda run: (run.created, run.id), reverse=True)

    def find(self, run_id: str) -> Run:
        """A run by its id or the beginning of it; "last" is the newest.

        Raises:
            UsageError: none, or several, have it.
            DataError: it is damaged.
        """
        runs = self.all()
        if run_id == "last" and runs:
            return runs[0]
        found = [run for run in runs if run.id == run_id] or [
            run for run in runs if run_id and run.id.startswith(run_id)
        ]
        if len(found) == 1:
            return found[0]
        if found:
            raise UsageError(Message("run.id-ambiguous", run=run_id, count=len(found)), Message("run.give-longer-id"))
        for folder in folders_in(self.folder):
            if folder.name == run_id:
                Run.read(folder)  # raises what is wrong with it
        known = ", ".join(run.id for run in runs[:5])
        raise UsageError(
            Message("run.not-found", run=run_id),
            Message("run.newest-are", names=known) if known else Message("run.train-first"),
        )

    def holds(self, run_id: str) -> bool:
        """Whether there is a run of exactly this id that can be read."""
        try:
            return bool(run_id) and bool(Run.read(self.folder / run_id))
        except RecdeskError:
            return False

    def set_state(self, run: Run, state: str, written: Iterable[str] = (), **facts: Any) -> None:
        """Change the state of a run, and other values of `run.json` with it, in one step.

        Args:
            run: which; the record stays as it was read.
            state: the new one.
            written: names of files that its folder must have from now on.
            facts: further values, such as reason and seconds.

        Raises:
            RecdeskError: `run.json` is damaged or cannot be written.
        """
        about = read_about(run.folder)
        if written:
            facts["has"] = list(dict.fromkeys([*about.get("has", []), *written]))
        write_record(run.folder / ABOUT, {**about, "state": state, **facts})

    def set_failed(self, run: Run, reason: str) -> None:
        """Mark a run as failed, unless it has finished.

        Raises:
            RecdeskError: as `set_state`.
        """
        if read_about(run.folder)["state"] != "finished":
            self.set_state(run, "failed", reason=reason)

    def note_written(self, run: Run, name: str) -> None:
        """Keep that a file must be in a run's folder from now on, unless the run is at work: it notes that at its end.

        Raises:
            RecdeskError: as `set_state`.
        """
        with contextlib.suppress(Timeout), lock_of(run.folder).acquire(timeout=0):
            about = read_about(run.folder)
            if name not in about.get("has", []):
                self.set_state(run, about["state"], [name])

    def needed_hashes(self) -> set[str] | None:
        """Content hashes of the datasets that some run was made on, also one whose settings are damaged.

        None where that cannot be said, because a run is damaged or of a newer recdesk: every version may be needed
        then.
        """
        try:
            folders = [path for path in self.folder.iterdir() if path.is_dir() and not path.name.startswith(".")]
            return {str(read_about(folder)["dataset_hash"]) for folder in folders}
        except (OSError, RecdeskError):
            return None

    def _seen_alive(self, run: Run) -> Run:
        """The run; one that says it is at work while nobody holds its lock is marked as interrupted first."""
        if run.state not in AT_WORK:
            return run
        lock = lock_of(run.folder)
        try:
            lock.acquire(timeout=0)
        except (Timeout, OSError):
            return run
        try:
            if read_about(run.folder)["state"] in AT_WORK:
                self.set_state(run, "interrupted", reason=Message("run.program-ended"))
        except RecdeskError:
            pass  # a workspace that cannot be written shows the state it finds
        finally:
            lock.release()
        return Run.read(run.folder)


def lock_of(run: Path) -> FileLock:
    """The lock of a run's folder, held by whoever carries the run out; the system frees it when that process ends."""
    return FileLock(run / ".run.lock", mode=PRIVATE_FILE)
