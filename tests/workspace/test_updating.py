"""A newer file takes the place of a dataset: whole or not at all, and its runs keep what they were made on."""

import itertools
import os
import stat
from collections.abc import Callable
from pathlib import Path

import pytest

from recdesk.core.errors import CancelledError, RecdeskError, UsageError
from recdesk.core.task import Task
from recdesk.data.importing import import_files
from recdesk.data.manifest import describe, identity_of
from recdesk.data.plan import ImportPlan
from recdesk.data.pseudonym_keys import pseudonym
from recdesk.experiment.run_data import dataset_of
from recdesk.workspace.dataset_versions import pending_folder, swap_in
from recdesk.workspace.workspace import Workspace
from tests.data.making import write
from tests.workspace.conftest import small_config

HEAD = "user,item,rating,time\n"
OLD = HEAD + "".join(f"u{n % 5},i{n % 7},{n % 5},{n}\n" for n in range(40))
NEW = OLD + "u9,i1,5,100\nu9,i8,5,101\n"


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    """A workspace with the dataset "shop", read from a file."""
    workspace = Workspace(tmp_path / "workspace")
    workspace.add_dataset(import_files(ImportPlan(write(tmp_path / "shop.csv", OLD), min_rating=1.0)))
    return workspace


def contents(workspace: Workspace) -> list[str]:
    """Everything in the workspace."""
    return sorted(str(path.relative_to(workspace.folder)) for path in workspace.folder.rglob("*"))


def test_a_newer_file_replaces_the_dataset_and_says_what_changed(workspace: Workspace, tmp_path: Path) -> None:
    before = workspace.dataset("shop")
    workspace.update_dataset("shop", write(tmp_path / "newer.csv", NEW))
    after = workspace.dataset("shop")
    assert after.n_interactions == before.n_interactions + 2
    assert after.name == "shop" and after.rules == before.rules
    assert after.report["dropped"] == {"rating below 1": 8}
    assert after.report["updates"] == before.content_hash
    assert after.report["changes"] == {
        "new_users": 1, "new_items": 1, "new_interactions": 2, "gone_users": 0, "gone_items": 0, "gone_interactions": 0,
    }  # fmt: skip
    assert after.report["notes"][-2:] == [
        "New: 1 user, 1 item, 2 interactions.",
        "Gone: 0 users, 0 items, 0 interactions.",
    ]
    assert len(workspace.datasets()) == 1 and not list((workspace.folder / "versions").glob("*"))
    assert len(list((workspace.folder / "trash").iterdir())) == 1  # nothing is lost


def test_newer_versions_keep_the_identity_of_a_dataset_and_another_one_of_its_name_has_another(
    workspace: Workspace, tmp_path: Path
) -> None:
    folder = workspace.folder / "datasets" / "shop"
    first = identity_of(describe(folder))
    for name, text in (("newer.csv", NEW), ("older.csv", OLD)):
        workspace.update_dataset("shop", write(tmp_path / name, text))
        assert identity_of(describe(folder)) == first
    workspace.remove_dataset("shop")
    workspace.add_dataset(import_files(ImportPlan(tmp_path / "shop.csv", min_rating=1.0)))
    assert identity_of(describe(folder)) != first
    of_an_older_recdesk = {key: value for key, value in describe(folder).items() if key != "identity"}
    assert identity_of(of_an_older_recdesk) == of_an_older_recdesk["created"]


def test_a_run_keeps_its_version_and_its_protocol(workspace: Workspace, tmp_path: Path) -> None:
    from recdesk.data.splitting import make_split

    before = workspace.dataset("shop")
    old = workspace.create_run("shop", small_config(), "leave-one-out")
    workspace.update_dataset("shop", write(tmp_path / "newer.csv", NEW))
    new = workspace.create_run("shop", small_config(), "leave-one-out")
    assert dataset_of(old).content_hash == before.content_hash == old.dataset_hash
    assert dataset_of(new).content_hash == workspace.dataset("shop").content_hash == new.dataset_hash
    assert dataset_of(old).n_interactions == before.n_interactions
    hashes = {make_split(dataset_of(run)).protocol.hash for run in (old, new)}
    assert len(hashes) == 2  # so they are never compared without a warning
    workspace.update_dataset("shop", write(tmp_path / "older.csv", OLD))
    assert dataset_of(old).content_hash == old.dataset_hash
    assert dataset_of(new).content_hash == new.dataset_hash
    assert len(workspace.datasets()) == 1
    versions = workspace.folder / "versions"
    assert len(list(versions.iterdir())) == 2  # the first, which is there again, and the second
    workspace.remove_run(new.id)
    assert [folder.name for folder in versions.iterdir()] == [before.content_hash[:32]]


def test_the_same_file_again_changes_nothing(workspace: Workspace, tmp_path: Path) -> None:
    run = workspace.create_run("shop", small_config(), "leave-one-out")
    result = workspace.update_dataset("shop", tmp_path / "shop.csv")
    assert result.dataset.content_hash == run.dataset_hash
    assert result.dataset.report["notes"][-1] == "Nothing changed: the same interactions as before."
    assert dataset_of(run).content_hash == run.dataset_hash
    assert not (workspace.folder / "versions").exists()


@pytest.mark.slow
def test_a_failed_or_cancelled_update_leaves_everything_as_it_was(workspace: Workspace, tmp_path: Path) -> None:
    before, bytes_before = contents(workspace), (workspace.folder / "datasets" / "shop" / "items.npy").read_bytes()
    with pytest.raises(RecdeskError, match="has no column “time”"):
        workspace.update_dataset("shop", write(tmp_path / "wrong.csv", "user,item,rating\na,b,3\n"))
    newer = write(tmp_path / "newer.csv", NEW)

    def no_after(count: int) -> Callable[[], bool]:
        asked = itertools.count()
        return lambda: next(asked) >= count

    for moment in range(60):  # at every moment at which it may be cancelled
        try:
            workspace.update_dataset("shop", newer, task=Task(cancelled=no_after(moment)))
        except CancelledError:
            assert contents(workspace) == before
            assert (workspace.folder / "datasets" / "shop" / "items.npy").read_bytes() == bytes_before
        else:
            break
    assert 5 < moment < 59
    assert workspace.dataset("shop").report["changes"]["new_users"] == 1


def test_a_crash_between_the_two_moves_is_finished_at_the_next_start(workspace: Workspace, tmp_path: Path) -> None:
    datasets = workspace.folder / "datasets"
    result = import_files(ImportPlan(write(tmp_path / "newer.csv", NEW), name="newer"))
    (datasets / workspace.add_dataset(result)).rename(pending_folder(datasets, "shop"))
    (datasets / "shop").rename(workspace.folder / "gone")
    assert [info.name for info in Workspace(workspace.folder).datasets()] == ["shop"]
    assert workspace.dataset("shop").content_hash == result.dataset.content_hash


def test_a_run_whose_settings_are_damaged_keeps_its_version(workspace: Workspace, tmp_path: Path) -> None:
    run, other = (workspace.create_run("shop", small_config(), "leave-one-out") for _ in range(2))
    sound = (run.folder / "config.json").read_text()
    (run.folder / "config.json").write_text("{")
    workspace.update_dataset("shop", write(tmp_path / "newer.csv", NEW))
    workspace.remove_run(other.id)
    (run.folder / "config.json").write_text(sound)
    assert dataset_of(run).content_hash == run.dataset_hash != workspace.dataset("shop").content_hash


def test_a_newer_version_that_cannot_take_its_place_leaves_the_older_there(workspace: Workspace, monkeypatch) -> None:
    datasets = workspace.folder / "datasets"
    pending_folder(datasets, "shop").mkdir()
    rename = Path.rename

    def refuse(self: Path, target: Path) -> Path:
        if self.name.endswith(".pending_folder"):
            raise PermissionError(13, "Permission denied")
        return rename(self, target)

    monkeypatch.setattr(Path, "rename", refuse)
    with pytest.raises(RecdeskError, match="cannot be written to"):
        swap_in(workspace.folder, "shop", keep_old=True)
    assert [info.name for info in workspace.datasets()] == ["shop"]
    assert workspace.dataset("shop").n_users == 4
    assert not pending_folder(datasets, "shop").exists()


# --- pseudonyms ---


@pytest.fixture
def private(tmp_path: Path) -> Workspace:
    """A workspace with the dataset "shop" under pseudonyms."""
    workspace = Workspace(tmp_path / "workspace")
    plan = ImportPlan(write(tmp_path / "shop.csv", OLD), pseudonyms=True)
    workspace.add_dataset(import_files(plan))
    return workspace


def test_the_key_lies_apart_from_the_dataset_for_its_owner_alone(private: Workspace) -> None:
    (file,) = private.keys.iterdir()
    assert file.stem == private.dataset("shop").rules["pseudonyms"]
    if os.name == "posix":
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
        assert stat.S_IMODE(private.keys.stat().st_mode) == 0o700
    key = bytes.fromhex(file.read_text())
    assert private.dataset("shop").user_ids.tolist() == sorted(pseudonym(key, f"u{n}") for n in range(5))
    assert private.pseudonym("shop", "u3") == pseudonym(key, "u3")


def test_pseudonyms_stay_the_same_when_the_dataset_is_updated(private: Workspace, tmp_path: Path) -> None:
    before = private.dataset("shop").user_ids.tolist()
    private.update_dataset("shop", write(tmp_path / "newer.csv", NEW))
    after = private.dataset("shop")
    assert after.user_ids.tolist() == sorted([*before, private.pseudonym("shop", "u9")])
    assert after.report["changes"]["new_users"] == 1
    assert len(list(private.keys.iterdir())) == 1


def test_with_the_key_deleted_nobody_goes_back(private: Workspace, tmp_path: Path) -> None:
    before = contents(private)
    assert private.delete_key("shop")
    assert not list(private.keys.iterdir())
    assert not private.delete_key("shop")
    with pytest.raises(UsageError, match="The key of the pseudonyms of “shop” was deleted"):
        private.pseudonym("shop", "u3")
    with pytest.raises(UsageError, match="The key of the pseudonyms of “shop” was deleted"):
        private.update_dataset("shop", write(tmp_path / "newer.csv", NEW))
    assert private.dataset("shop").n_users == 5
    assert len(contents(private)) == len(before) - 1


def test_a_dataset_that_cannot_be_kept_leaves_no_key(tmp_path: Path, monkeypatch) -> None:
    workspace = Workspace(tmp_path / "workspace")
    result = import_files(ImportPlan(write(tmp_path / "shop.csv", OLD), pseudonyms=True))

    def full(*_arguments, **_keywords):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("recdesk.data.store.pq.write_table", full)
    with pytest.raises(RecdeskError, match="is full"):
        workspace.add_dataset(result)
    assert not list(workspace.keys.iterdir()) and not list((workspace.folder / "datasets").iterdir())


def test_ids_of_a_dataset_without_pseudonyms_are_its_own(workspace: Workspace) -> None:
    assert workspace.pseudonym("shop", "u3") == "u3"
    assert not workspace.delete_key("shop")
