"""The workspace: a folder of plain files with all of recdesk's data."""

import contextlib
import shutil
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any
from unicodedata import normalize

from filelock import FileLock, Timeout

from recdesk.core.errors import RecdeskError, UsageError
from recdesk.core.files import PRIVATE_FILE, new_folder
from recdesk.core.messages import Message, word
from recdesk.core.records import damaged
from recdesk.core.task import UNWATCHED, Task
from recdesk.data.manifest import describe, identity_of
from recdesk.data.pseudonym_keys import pseudonym
from recdesk.data.split_kinds import SplitKind
from recdesk.recommend.rules import Rules
from recdesk.training.config import RunConfig
from recdesk.workspace.dataset_versions import complete_swaps, pending_folder, swap_in, version_folder
from recdesk.workspace.edits import carry_edits, load_edits, save_edits
from recdesk.workspace.folders import collect_errors, folder_lock, folders_in, safe_name, to_trash, unused_name
from recdesk.workspace.keys import delete_key, delete_unused_keys, find_key, keys_in_use, save_key
from recdesk.workspace.marker import ensure_workspace
from recdesk.workspace.processes import register_process
from recdesk.workspace.rules import load_rules, save_rules
from recdesk.workspace.run_cluster import ClusterRecord
from recdesk.workspace.run_queue import RunQueue
from recdesk.workspace.run_store import RunStore, locked_to_move
from recdesk.workspace.runs import ACTIVE, Run

if TYPE_CHECKING:  # opening a workspace and listing what it holds must not wait for pandas, pyarrow and DuckDB
    from recdesk.data.dataset import Dataset
    from recdesk.data.health import Health
    from recdesk.data.importing import ImportResult
    from recdesk.data.plan import ImportPlan


@dataclass(frozen=True)
class DatasetInfo:
    """An entry of the list of datasets, read from the manifest only.

    Attributes:
        name: folder name, unique in the workspace.
        title: name given by the user.
        facts: the manifest: users, items, interactions, has_times, synthetic, hash, created, …
    """

    name: str
    title: str
    facts: dict[str, Any]


class Workspace:
    """A folder with `datasets`, older `versions` of them, `runs`, `keys`, `cache`, `logs`, `tmp` and `trash`."""

    def __init__(self, folder: Path) -> None:
        """Open a workspace, creating it if need be.

        Raises:
            RecdeskError: the folder cannot be created or written, its workspace.json is not recdesk's, or was written
                by a newer version.
        """
        self.folder = folder.expanduser().absolute()
        self._lock = FileLock(self.folder / ".window.lock", mode=PRIVATE_FILE)
        self.run_store = RunStore(self.folder / "runs")
        self.queue = RunQueue(self.folder)
        ensure_workspace(self.folder)
        complete_swaps(self.folder / "datasets")
        self.registration = register_process(self.folder)
        with contextlib.suppress(RecdeskError):  # a read-only workspace stays as it is
            delete_unused_keys(self.folder)

    def keep_temporary_files(self) -> None:
        """Create all temporary files of this process in the workspace from now on."""
        if self.registration is not None:
            self.registration.keep_temporary_files()

    def lock(self) -> bool:
        """Acquire the window's lock; False if another window holds it, so that this one may only read."""
        try:
            self._lock.acquire(timeout=0)
        except (Timeout, OSError):
            return False
        return True

    def unlock(self) -> None:
        """Release the window's lock."""
        self._lock.release()

    @property
    def cache(self) -> Path:
        """Folder of results that can be recomputed."""
        return self.folder / "cache"

    def datasets(self, damaged: list[RecdeskError] | None = None) -> list[DatasetInfo]:
        """Datasets, newest first.

        Args:
            damaged: gets the errors of datasets that cannot be read, which are left out.

        Raises:
            StorageError: the workspace does not exist any more.
        """
        found: list[DatasetInfo] = []
        for path in folders_in(self.folder / "datasets"):
            with collect_errors(damaged):
                facts = describe(path)
                found.append(DatasetInfo(path.name, str(facts["name"]), facts))
        return sorted(found, key=lambda info: str(info.facts.get("created", "")), reverse=True)

    def dataset_folder(self, name: str) -> Path:
        """Folder of a dataset, found by folder name or title.

        Raises:
            UsageError: there is none; the suggestion names those that exist.
        """
        for folder in folders_in(self.folder / "datasets"):  # not by `exists`, which may accept “NAME” or “name.” too
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

    def dataset(self, name: str) -> "Dataset":
        """Load a dataset.

        Raises:
            UsageError: there is none of this name.
            DataError: it is damaged.
        """
        from recdesk.data.store import load_dataset

        return load_dataset(self.dataset_folder(name))

    def health(self, name: str) -> "Health":
        """Statistics and likely problems of a dataset.

        Raises:
            UsageError: there is none of this name.
            DataError: it is damaged.
        """
        from recdesk.data.store import load_health

        return load_health(self.dataset_folder(name))

    def add_dataset(self, result: "ImportResult", task: Task = UNWATCHED) -> str:
        """Store an imported dataset; returns its folder name, unique even with concurrent imports.

        Raises:
            StorageError: it cannot be written.
            CancelledError: it was cancelled; nothing is stored.
        """
        datasets = self.folder / "datasets"
        name = safe_name(result.dataset.name)

        @contextlib.contextmanager
        def final_path(proposed: Path) -> Iterator[Path]:
            nonlocal name
            with folder_lock(self.folder):
                name = unused_name(datasets, proposed.name)
                yield datasets / name

        with self._stored_key(result), new_folder(datasets / name, final_path) as folder:
            _save(result, folder, task)
        return name

    def update_dataset(
        self,
        name: str,
        interactions: "Path | ImportPlan",
        items: Path | None = None,
        users: Path | None = None,
        task: Task = UNWATCHED,
        add: bool = False,
    ) -> "ImportResult":
        """Replace a dataset by newer files: `read_update`, then `replace_dataset`."""
        result = self.read_update(name, interactions, items, users, task, add)
        self.replace_dataset(name, result, task)
        task.report(1.0, Message("word.done"))
        return result

    def read_update(
        self,
        name: str,
        interactions: "Path | ImportPlan",
        items: Path | None = None,
        users: Path | None = None,
        task: Task = UNWATCHED,
        add: bool = False,
    ) -> "ImportResult":
        """Read newer files with the import plan of a dataset; the stored dataset is not changed.

        The result's report has the differences in "changes". Without an items file the items keep their texts, without
        a users file the users keep their features.

        Args:
            name: of the dataset.
            interactions: the newer file, or a plan as `newer_files` makes it, which says which file is what.
            items, users: newer files.
            task: gets progress; checked several times a second.
            add: the file has but the new rows; those of the dataset stay.

        Raises:
            UsageError: there is no such dataset, it was not imported from a file, or its key was deleted.
            DataError: the files cannot be read, or lack a column.
            CancelledError: it was cancelled.
        """
        from recdesk.data.adding import added_to
        from recdesk.data.importing import import_files, take_in
        from recdesk.data.store import load_dataset, load_others, load_unused
        from recdesk.data.updating import changes, plan_of, with_changes, with_old_texts, with_old_users

        folder = self.dataset_folder(name)
        old = load_dataset(folder)
        plan = plan_of(old, interactions, items, users)
        key = self._key_of(old.name, old.rules) if plan.pseudonyms else None
        intake = None
        if add:
            intake = added_to(old, take_in(plan, task.part(0.0, 0.8)), key, load_others(folder), task)
        result = import_files(plan, task.part(0.0, 0.9), intake, key)
        result = with_old_texts(result, old, load_unused(folder))
        if plan.users is None:
            result = with_old_users(result, old)
        task.report(0.9, Message("word.comparing"))
        return with_changes(result, changes(old, result.dataset), old)

    def replace_dataset(self, name: str, result: "ImportResult", task: Task = UNWATCHED) -> None:
        """Replace a dataset by the result of `read_update`; the older version is kept for its runs.

        Raises:
            UsageError: there is no such dataset, or it has changed since `read_update`.
            CancelledError: it was cancelled; nothing was changed.
        """
        old = result.dataset.report.get("updates")

        def checked() -> Path:
            folder = self.dataset_folder(name)
            if describe(folder)["hash"] != old:
                raise UsageError(Message("dataset.changed-meanwhile", name=name), Message("dataset.update-again"))
            return folder

        @contextlib.contextmanager
        def final_path(pending: Path) -> Iterator[Path]:
            with folder_lock(self.folder):
                folder = checked()
                shutil.rmtree(pending, ignore_errors=True)  # left by a crash
                yield pending
                hashes = self.run_store.hashes_in_use()
                used = hashes is None or old in hashes
                swap_in(self.folder, folder.name, used and old != result.dataset.content_hash)

        folder = checked()
        with new_folder(pending_folder(folder.parent, folder.name), final_path) as new:
            _save(result, new, task, identity_of(describe(folder)))
            carry_edits(folder, new, set(result.dataset.user_ids))
            task.named(Message("job.update")).check()

    def edits(self, name: str) -> list[dict[str, Any]]:
        """Stored edits of histories of a dataset; none where it is gone."""
        try:
            return load_edits(self.dataset_folder(name))
        except UsageError:
            return []

    def save_edits(self, name: str, records: Sequence[Mapping[str, Any]]) -> None:
        """Store edits of histories with their dataset, unless that is gone.

        Raises:
            StorageError: the folder cannot be written or the disk is full.
        """
        with contextlib.suppress(UsageError):
            save_edits(self.dataset_folder(name), records)

    def rules(self) -> list[Rules]:
        """Rules of what is recommended that are stored here, by name.

        Raises:
            DataError: their file is damaged.
        """
        return load_rules(self.folder)

    def save_rules(self, rules: Rules) -> None:
        """Store rules under their name, in the place of those that have it; see `rules.save_rules`.

        Raises:
            UsageError: they have no name, or say nothing.
            StorageError: they cannot be written.
        """
        save_rules(self.folder, rules)

    def pseudonym(self, name: str, user_id: str) -> str:
        """The pseudonym of a user id in a dataset; the id itself if the dataset has no pseudonyms.

        Raises:
            UsageError: the key was deleted.
        """
        facts = describe(self.dataset_folder(name))
        if not facts["rules"].get("pseudonyms"):
            return user_id
        return pseudonym(self._key_of(str(facts["name"]), facts["rules"]), user_id)

    def has_key(self, name: str) -> bool:
        """Whether a dataset has pseudonyms whose key exists."""
        key = describe(self.dataset_folder(name))["rules"].get("pseudonyms")
        return bool(key) and find_key(self.keys, str(key)) is not None

    def delete_key(self, name: str) -> bool:
        """Permanently delete the key of a dataset's pseudonyms; False if there is none."""
        key = describe(self.dataset_folder(name))["rules"].get("pseudonyms")
        return bool(key) and delete_key(self.keys, str(key))

    def reidentification_risks(self, name: str, task: Task = UNWATCHED) -> list[str]:
        """Sentences on data in the workspace that can re-identify a dataset's users without the key; [] if there is
        none, or the dataset has no pseudonyms.

        Raises:
            CancelledError: it was cancelled.
        """
        from recdesk.workspace.reidentification import reidentification_risks

        key = str(describe(self.dataset_folder(name))["rules"].get("pseudonyms") or "")
        return reidentification_risks(self.folder, key, find_key(self.keys, key), task) if key else []

    @property
    def keys(self) -> Path:
        """Folder of the keys of pseudonyms."""
        return self.folder / "keys"

    @contextlib.contextmanager
    def _stored_key(self, result: "ImportResult") -> Iterator[None]:
        """Store the key of an import; if the block fails, delete it again unless it existed before."""
        known = {path.stem for path in self.keys.glob("*.key")}
        path = None if result.key is None else save_key(self.keys, result.key)
        try:
            yield
        except BaseException:
            if path is not None and path.stem not in known:
                delete_key(self.keys, path.stem)
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
        """Move a dataset to the trash; the key of its pseudonyms is deleted unless another dataset uses it.

        The dataset is moved first: a crash in between leaves an unused key, which the next start deletes.
        """
        with folder_lock(self.folder):
            self._discard(self.dataset_folder(name))

    def removal_deletes_key(self, name: str) -> bool:
        """Whether `remove_dataset` would delete a key, for a dataset by its folder name."""
        folder = self.folder / "datasets" / name
        key, others = _key_name(folder), keys_in_use(self.folder, without=folder)
        return others is not None and key not in others and find_key(self.keys, key) is not None

    def _discard(self, folder: Path) -> None:
        key = _key_name(folder)
        to_trash(folder, self.folder / "trash")
        delete_unused_keys(self.folder, key)

    def runs(self, damaged: list[RecdeskError] | None = None) -> list[Run]:
        """Runs, newest first; see `RunStore.all`.

        Raises:
            StorageError: the workspace does not exist any more.
        """
        return self.run_store.all(damaged)

    def run(self, run_id: str) -> Run:
        """A run by its id or a prefix of it, or "last"; see `RunStore.find`.

        Raises:
            UsageError: no run matches, or several do.
            DataError: it is damaged.
        """
        return self.run_store.find(run_id)

    def create_run(
        self,
        dataset_name: str,
        config: RunConfig,
        split: SplitKind,
        study: str = "",
        trial: int = -1,
        cluster: ClusterRecord | None = None,
    ) -> Run:
        """Create a queued run; see `RunStore.create`.

        Raises:
            UsageError: there is no such dataset.
            StorageError: it cannot be written.
        """
        with folder_lock(self.folder):  # no update in between, which would not keep the older version for this run
            folder = self.dataset_folder(dataset_name)
            return self.run_store.create(folder.name, describe(folder), config, split, study, trial, cluster=cluster)

    def remove_run(self, run_id: str) -> None:
        """Move a run to the trash, and the older dataset version that it was the last to use.

        Raises:
            UsageError: there is no such run, it is active, or something works on it.
        """
        with folder_lock(self.folder):
            run = self.run(run_id)
            if run.state in ACTIVE:
                raise UsageError(Message("run.in-state", run=run.id, state=word(run.state)), Message("run.stop-first"))
            version = version_folder(self.folder, run.dataset_hash)
            with locked_to_move(run.folder):
                to_trash(run.folder, self.folder / "trash")
            needed = self.run_store.hashes_in_use()
            if version.is_dir() and needed is not None and run.dataset_hash not in needed:
                self._discard(version)


def _key_name(folder: Path) -> str:
    """Name of the key of a dataset's pseudonyms; "" if it has none or is damaged."""
    with contextlib.suppress(RecdeskError, AttributeError):
        return str(describe(folder)["rules"].get("pseudonyms") or "")
    return ""


def _save(result: "ImportResult", folder: Path, task: Task, identity: str = "") -> None:
    from recdesk.data.store import save_dataset

    known = (result.rejects, result.unused_items, result.health, result.other_columns)
    save_dataset(result.dataset, folder, *known, task.named(Message("job.import")), identity)
