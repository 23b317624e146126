"""The workspace: a folder of plain files with everything recdesk keeps."""

import contextlib
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unicodedata import normalize

from filelock import FileLock, Timeout

from recdesk.core.errors import RecdeskError, UsageError
from recdesk.core.files import PRIVATE_FILE, new_folder
from recdesk.core.messages import Message, word
from recdesk.core.records import damaged
from recdesk.core.task import UNWATCHED, Task
from recdesk.data.dataset import Dataset
from recdesk.data.health import Health
from recdesk.data.importing import ImportResult, import_files
from recdesk.data.pseudonyms import pseudonym
from recdesk.data.splitting import SplitKind
from recdesk.data.store import describe, load_dataset, load_health, load_unused, save_dataset
from recdesk.data.updating import changes, plan_of, with_changes, with_old_texts, with_old_users
from recdesk.training.config import RunConfig
from recdesk.workspace.folders import alone, collecting, folders_in, safe_name, to_trash, unique
from recdesk.workspace.keys import find_key, forget_key, forget_unused_keys, keep_key, uses_of_keys
from recdesk.workspace.marker import enter
from recdesk.workspace.presence import present
from recdesk.workspace.replacing import coming, finish, take_place, version_folder
from recdesk.workspace.run_store import RunStore
from recdesk.workspace.runs import AT_WORK, Run
from recdesk.workspace.ways_back import ways_back


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
    """A folder with `datasets`, older `versions` of them, `runs`, `keys`, `cache`, `logs`, `tmp` and `trash`."""

    def __init__(self, folder: Path) -> None:
        """Open the folder, or make it.

        Raises:
            RecdeskError: it cannot be made or written, is something else's, or was written by a newer recdesk.
        """
        self.folder = folder.expanduser().absolute()
        self._lock = FileLock(self.folder / ".window.lock", mode=PRIVATE_FILE)
        self.run_store = RunStore(self.folder / "runs")
        enter(self.folder)
        finish(self.folder / "datasets")
        self.presence = present(self.folder)
        with contextlib.suppress(RecdeskError):  # a workspace that can only be read stays as it is
            forget_unused_keys(self.folder)

    def keep_temporary_files(self) -> None:
        """Have all temporary files of this process in the workspace."""
        if self.presence is not None:
            self.presence.keep_temporary_files()

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

    def datasets(self, damaged: list[RecdeskError] | None = None) -> list[DatasetInfo]:
        """Datasets, newest first; damaged ones are left out, and told to `damaged`.

        Raises:
            StorageError: the workspace is gone.
        """
        found: list[DatasetInfo] = []
        for path in folders_in(self.folder / "datasets"):
            with collecting(damaged):
                facts = describe(path)
                found.append(DatasetInfo(path.name, str(facts["name"]), facts))
        return sorted(found, key=lambda info: str(info.facts.get("created", "")), reverse=True)

    def dataset_folder(self, name: str) -> Path:
        """Where a dataset lies, found by folder name or by title.

        Raises:
            UsageError: there is none; says which there are.
        """
        for folder in folders_in(self.folder / "datasets"):  # a file system may find “NAME” or “name.” too
            if normalize("NFC", folder.name) == normalize("NFC", name):
                return folder
        known = self.datasets()
        for info in known:
            if info.title == name:
                return self.folder / "datasets" / info.name
        names = ", ".join(f"“{info.name}”" for info in known[:10])
        raise UsageError(
            Message("dataset.not-found", name=name),
            Message("rule.there-are", names=names) if names else Message("dataset.import-first"),
        )

    def dataset(self, name: str) -> Dataset:
        """Load a dataset.

        Raises:
            UsageError: there is none of this name.
            DataError: it is damaged.
        """
        return load_dataset(self.dataset_folder(name))

    def health(self, name: str) -> Health:
        """How sound a dataset is.

        Raises:
            UsageError: there is none of this name.
            DataError: it is damaged.
        """
        return load_health(self.dataset_folder(name))

    def add_dataset(self, result: ImportResult, task: Task = UNWATCHED) -> str:
        """Keep an imported dataset; its name, which nothing else has, also when others import at the same time.

        Raises:
            CancelledError: it was cancelled before it was in its place; nothing of it stays.
        """
        datasets = self.folder / "datasets"
        name = safe_name(result.dataset.name)

        @contextlib.contextmanager
        def place(wanted: Path) -> Iterator[Path]:
            nonlocal name
            with alone(self.folder):
                name = unique(datasets, wanted.name)
                yield datasets / name

        with self._key_kept(result), new_folder(datasets / name, place) as folder:
            _save(result, folder, task)
        return name

    def update_dataset(
        self,
        name: str,
        interactions: Path,
        items: Path | None = None,
        users: Path | None = None,
        task: Task = UNWATCHED,
    ) -> ImportResult:
        """Put newer files in the place of a dataset: `read_update`, then `replace_dataset`."""
        result = self.read_update(name, interactions, items, users, task)
        self.replace_dataset(name, result, task)
        task.report(1.0, Message("word.done"))
        return result

    def read_update(
        self,
        name: str,
        interactions: Path,
        items: Path | None = None,
        users: Path | None = None,
        task: Task = UNWATCHED,
    ) -> ImportResult:
        """Read and clean newer files as a dataset was; nothing is changed yet.

        The result's report tells what is new ("changes"). Without an items file the items keep the texts they have,
        and without a users file the users their features.

        Raises:
            UsageError: there is no such dataset, it did not come from a file, or its key of pseudonyms was deleted.
            DataError: the files cannot be read, or lack a column.
            CancelledError: it was cancelled.
        """
        folder = self.dataset_folder(name)
        old = load_dataset(folder)
        plan = plan_of(old, interactions, items, users)
        key = self._key_of(old.name, old.rules) if plan.pseudonyms else None
        result = import_files(plan, task.part(0.0, 0.9), key=key)
        result = with_old_texts(result, old, load_unused(folder))
        if users is None:
            result = with_old_users(result, old)
        task.report(0.9, Message("word.comparing"))
        return with_changes(result, changes(old, result.dataset), old)

    def replace_dataset(self, name: str, result: ImportResult, task: Task = UNWATCHED) -> None:
        """Put what `read_update` read in the place of the dataset; its runs keep the older version.

        Raises:
            UsageError: there is no such dataset, or it is another one by now.
            CancelledError: it was cancelled; nothing was changed then.
        """
        old = result.dataset.report.get("updates")

        def checked() -> Path:
            folder = self.dataset_folder(name)
            if describe(folder)["hash"] != old:
                raise UsageError(Message("dataset.changed-meanwhile", name=name), Message("dataset.update-again"))
            return folder

        @contextlib.contextmanager
        def place(waiting: Path) -> Iterator[Path]:
            with alone(self.folder):
                folder = checked()
                shutil.rmtree(waiting, ignore_errors=True)  # what a crash left
                yield waiting
                needed = self.run_store.needed_hashes()
                used = needed is None or old in needed
                take_place(self.folder, folder.name, used and old != result.dataset.content_hash)

        folder = checked()
        with new_folder(coming(folder.parent, folder.name), place) as new:
            _save(result, new, task)
            task.named(Message("job.update")).check()

    def pseudonym(self, name: str, user_id: str) -> str:
        """What a user of a dataset is called there; the id itself where it has no pseudonyms.

        Raises:
            UsageError: the key was deleted: nobody can say it any more.
        """
        facts = describe(self.dataset_folder(name))
        if not facts["rules"].get("pseudonyms"):
            return user_id
        return pseudonym(self._key_of(str(facts["name"]), facts["rules"]), user_id)

    def has_key(self, name: str) -> bool:
        """A dataset has pseudonyms, and their key is still there."""
        key = describe(self.dataset_folder(name))["rules"].get("pseudonyms")
        return bool(key) and find_key(self.keys, str(key)) is not None

    def forget_key(self, name: str) -> bool:
        """Delete the key of a dataset's pseudonyms for good; False when there is none."""
        key = describe(self.dataset_folder(name))["rules"].get("pseudonyms")
        return bool(key) and forget_key(self.keys, str(key))

    def ways_back(self, name: str, task: Task = UNWATCHED) -> list[str]:
        """What still tells who is behind a dataset's pseudonyms without their key, in sentences.

        Raises:
            CancelledError: it was cancelled.
        """
        key = str(describe(self.dataset_folder(name))["rules"].get("pseudonyms") or "")
        return ways_back(self.folder, key, find_key(self.keys, key), task) if key else []

    @property
    def keys(self) -> Path:
        """Where keys of pseudonyms lie, apart from the datasets."""
        return self.folder / "keys"

    @contextlib.contextmanager
    def _key_kept(self, result: ImportResult) -> Iterator[None]:
        """Keep a result's key, unless it is a new one and the block fails."""
        known = {path.stem for path in self.keys.glob("*.key")}
        path = None if result.key is None else keep_key(self.keys, result.key)
        try:
            yield
        except BaseException:
            if path is not None and path.stem not in known:
                forget_key(self.keys, path.stem)
            raise

    def _key_of(self, title: str, rules: dict[str, Any]) -> bytes:
        key = find_key(self.keys, str(rules.get("pseudonyms")))
        path = self.keys / f"{rules.get('pseudonyms')}.key"
        if key is None and path.exists():
            raise damaged(path, Message("people.not-their-key"), Message("record.restore-copy"))
        if key is None:
            raise UsageError(
                Message("people.key-deleted", name=title),
                Message("people.import-as-new"),
            )
        return key

    def remove_dataset(self, name: str) -> None:
        """Move a dataset to the trash; the key of its pseudonyms goes for good, unless another dataset needs it.

        The dataset goes first: a crash in between leaves a key that nothing needs, which the next start deletes, and
        never a dataset that lost its key unasked.
        """
        with alone(self.folder):
            self._discard(self.dataset_folder(name))

    def key_goes_with(self, name: str) -> bool:
        """Whether removing a dataset (by its folder's name) deletes a key."""
        folder = self.folder / "datasets" / name
        key, others = _key_name(folder), uses_of_keys(self.folder, without=folder)
        return others is not None and key not in others and find_key(self.keys, key) is not None

    def _discard(self, folder: Path) -> None:
        key = _key_name(folder)
        to_trash(folder, self.folder / "trash")
        forget_unused_keys(self.folder, key)

    def runs(self, damaged: list[RecdeskError] | None = None) -> list[Run]:
        """Runs, newest first. One whose process is gone becomes interrupted.

        Args:
            damaged: is told which are left out because they cannot be read, and whose figures cannot.

        Raises:
            StorageError: the workspace is gone.
        """
        return self.run_store.all(damaged)

    def run(self, run_id: str) -> Run:
        """A run by its id or the beginning of it; "last" is the newest.

        Raises:
            UsageError: none, or several, have it.
            DataError: it is damaged.
        """
        return self.run_store.find(run_id)

    def create_run(
        self, dataset_name: str, config: RunConfig, split: SplitKind, study: str = "", trial: int = -1
    ) -> Run:
        """A new run, queued; see `RunStore.create`.

        Raises:
            UsageError: there is no such dataset.
            StorageError: it cannot be written.
        """
        with alone(self.folder):  # an update that comes in between would not know that its older version is needed
            folder = self.dataset_folder(dataset_name)
            return self.run_store.create(folder.name, describe(folder), config, split, study, trial)

    def remove_run(self, run_id: str) -> None:
        """Move a run to the trash, and with the last run on it an older version of a dataset.

        Raises:
            UsageError: there is none, or it is at work.
        """
        with alone(self.folder):
            run = self.run(run_id)
            if run.state in AT_WORK:
                raise UsageError(Message("run.in-state", run=run.id, state=word(run.state)), Message("run.stop-first"))
            version = version_folder(self.folder, run.dataset_hash)
            to_trash(run.folder, self.folder / "trash")
            needed = self.run_store.needed_hashes()
            if version.is_dir() and needed is not None and run.dataset_hash not in needed:
                self._discard(version)


def _key_name(folder: Path) -> str:
    """Of the pseudonyms of a dataset; "" where it has none or is damaged."""
    with contextlib.suppress(RecdeskError, AttributeError):
        return str(describe(folder)["rules"].get("pseudonyms") or "")
    return ""


def _save(result: ImportResult, folder: Path, task: Task) -> None:
    known = (result.rejects, result.unused_items, result.health, result.other_columns)
    save_dataset(result.dataset, folder, *known, task.named(Message("job.import")))
