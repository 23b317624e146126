"""The runs of a workspace: creating, listing and finding them, and changing their state."""

import contextlib
import os
import secrets
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout

from recdesk.core.errors import RecdeskError, UsageError
from recdesk.core.files import PRIVATE_FILE, new_folder
from recdesk.core.messages import Message
from recdesk.core.records import write_record
from recdesk.data.split_kinds import SplitKind
from recdesk.training.config import RunConfig
from recdesk.workspace.folders import collect_errors, folders_in
from recdesk.workspace.run_cluster import ClusterRecord
from recdesk.workspace.runs import ACTIVE, CONFIG, FORMAT, RUN_FILE, Run, read_run_record


class RunStore:
    """The folder of a workspace with a subfolder for each run. `run.json` is written here only, atomically."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @classmethod
    def of(cls, run: Run) -> "RunStore":
        """The store of a run."""
        return cls(run.folder.parent)

    def create(
        self,
        dataset_name: str,
        facts: dict[str, Any],
        config: RunConfig,
        split: SplitKind,
        study: str = "",
        trial: int = -1,
        group: str = "",
        group_size: int = 0,
        cluster: ClusterRecord | None = None,
        fill: Callable[[Path], object] = lambda folder: None,
    ) -> Run:
        """Create the folder of a queued run.

        Args:
            dataset_name: folder name of the dataset.
            facts: manifest of the dataset.
            config: the settings.
            split: how to split the data.
            study: id of the study that it is a trial of; "" for none.
            trial: number of the trial, from 0; -1 for none.
            group: id of the group of runs that differ in the seed only; "" for none.
            group_size: runs of that group.
            cluster: where it is trained; None for this computer.
            fill: writes further files into the folder, and another state, before it is there.

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
            **({"group": group, "group_size": group_size} if group else {}),
            **({"cluster": cluster.to_dict()} if cluster else {}),
        }
        with new_folder(self.folder / name) as folder:
            write_record(folder / RUN_FILE, about)
            write_record(folder / CONFIG, config.model_dump())
            fill(folder)
        return Run.read(self.folder / name)

    def all(self, damaged: list[RecdeskError] | None = None) -> list[Run]:
        """Runs, newest first. An active run whose process has ended is marked as interrupted.

        Args:
            damaged: gets the errors of runs that cannot be read, which are left out, and of damaged metrics.

        Raises:
            StorageError: the workspace does not exist any more.
        """
        found: list[Run] = []
        for folder in folders_in(self.folder):
            with collect_errors(damaged):
                run = self._with_true_state(Run.read(folder))
                found.append(run)
                if damaged is not None:
                    damaged.extend(run.problems)
        return sorted(found, key=lambda run: (run.created, run.id), reverse=True)

    def on_clusters(self) -> list[Run]:
        """Runs on clusters that have not ended, newest first. Only `run.json` is read of the others, so that nobody who
        looks at them at the same time takes them for being trained."""
        found = []
        for folder in folders_in(self.folder):
            with contextlib.suppress(RecdeskError):  # the list of runs names what is damaged
                about = read_run_record(folder)
                if about.get("cluster") and about["state"] in ACTIVE:
                    found.append(Run.read(folder))
        return sorted(found, key=lambda run: (run.created, run.id), reverse=True)

    def current(self, run_id: str) -> Run:
        """The run with exactly this id; if it is active but its process has ended, it is marked as interrupted.

        Raises:
            RecdeskError: as `Run.read`.
        """
        return self._with_true_state(Run.read(self.folder / run_id))

    def find(self, run_id: str) -> Run:
        """A run by its id or a prefix of it; "last" is the newest.

        Raises:
            UsageError: no run matches, or several do.
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
                Run.read(folder)  # raises the error that left it out of the list
        known = ", ".join(run.id for run in runs[:5])
        raise UsageError(
            Message("run.not-found", run=run_id),
            Message("run.newest-are", names=known) if known else Message("run.train-first"),
        )

    def holds(self, run_id: str) -> bool:
        """Whether there is a readable run with exactly this id."""
        try:
            return bool(run_id) and bool(Run.read(self.folder / run_id))
        except RecdeskError:
            return False

    def set_state(self, run: Run, state: str, written: Iterable[str] = (), **facts: Any) -> None:
        """Change the state and other values in a run's `run.json`, atomically.

        Args:
            run: the run; the snapshot itself is not changed.
            state: the new state.
            written: names of files that its folder must contain from now on.
            facts: further values, such as reason and seconds.

        Raises:
            RecdeskError: `run.json` is damaged or cannot be written.
        """
        about = read_run_record(run.folder)
        if written:
            facts["has"] = list(dict.fromkeys([*about.get("has", []), *written]))
        write_record(run.folder / RUN_FILE, {**about, "state": state, **facts})

    def set_failed(self, run: Run, reason: str) -> None:
        """Mark a run as failed, unless it has finished.

        Raises:
            RecdeskError: as `set_state`.
        """
        if read_run_record(run.folder)["state"] != "finished":
            self.set_state(run, "failed", reason=reason)

    def note_written(self, run: Run, name: str) -> None:
        """Record that a run's folder must contain a file from now on. Does nothing for an active run, which records its
        files at its end.

        Raises:
            RecdeskError: as `set_state`.
        """
        with contextlib.suppress(Timeout), run_lock(run.folder).acquire(timeout=0):
            about = read_run_record(run.folder)
            if name not in about.get("has", []):
                self.set_state(run, about["state"], [name])

    def hashes_in_use(self) -> set[str] | None:
        """Content hashes of the datasets that runs were trained on.

        None if that is unknown, because a `run.json` is damaged or was written by a newer recdesk: then every dataset
        version may be in use.
        """
        try:
            folders = [path for path in self.folder.iterdir() if path.is_dir() and not path.name.startswith(".")]
            return {str(read_run_record(folder)["dataset_hash"]) for folder in folders}
        except (OSError, RecdeskError):
            return None

    def _with_true_state(self, run: Run) -> Run:
        """The run; if its state is active but no process holds its lock, it is marked as interrupted first. A run on a
        cluster goes on without one: its state is that of the last look."""
        if run.state not in ACTIVE or run.cluster is not None:
            return run
        lock = run_lock(run.folder)
        try:
            lock.acquire(timeout=0)
        except (Timeout, OSError):
            return run
        try:
            if read_run_record(run.folder)["state"] in ACTIVE:
                self.set_state(run, "interrupted", reason=Message("run.program-ended"), left=False)
        except RecdeskError:
            pass  # in a read-only workspace the state stays
        finally:
            lock.release()
        return Run.read(run.folder)


def run_lock(run: Path) -> FileLock:
    """The lock of a run's folder, held by the process that executes the run; released when that process ends."""
    return FileLock(run / ".run.lock", mode=PRIVATE_FILE)


@contextlib.contextmanager
def locked_to_move(run: Path) -> Iterator[None]:
    """Hold the lock of a run whose folder is about to be moved, so that no process resumes it.

    Raises:
        UsageError: something works on the run.
    """
    lock = run_lock(run)
    try:
        lock.acquire(timeout=0.5)  # who only looks at a run holds it for an instant
    except Timeout:  # an OSError too
        raise UsageError(Message("run.busy-elsewhere", run=run.name), Message("run.stop-first")) from None
    if os.name == "nt":  # Windows moves no folder with an open file in it, so none of a resumed run either
        lock.release()
    try:
        yield
    finally:
        lock.release()
