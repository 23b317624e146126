"""A key of pseudonyms lives as long as something was made with it, and no longer."""

import json
import os
import shutil
import time
from pathlib import Path

import pytest

from recdesk.core.errors import RecdeskError, StorageError
from recdesk.data.importing import ImportResult, import_files
from recdesk.data.plan import ImportPlan
from recdesk.data.pseudonym_keys import key_name
from recdesk.workspace import workspace as workspace_module
from recdesk.workspace.keys import KEY_GRACE_SECONDS, delete_key, delete_unused_keys, keys_in_use, save_key
from recdesk.workspace.processes import leftovers
from recdesk.workspace.workspace import Workspace
from tests.data.making import write
from tests.workspace.conftest import small_config

HEAD = "user,item,rating,time\n"
OLD = HEAD + "".join(f"u{n % 5},i{n % 7},{n % 5},{n}\n" for n in range(40))
NEW = OLD + "u9,i1,5,100\n"
STRAY = b"k" * 32


@pytest.fixture
def result(tmp_path: Path) -> ImportResult:
    """The dataset "shop" under pseudonyms."""
    return import_files(ImportPlan(write(tmp_path / "shop.csv", OLD), pseudonyms=True))


@pytest.fixture
def workspace(tmp_path: Path, result: ImportResult) -> Workspace:
    """A workspace with it."""
    workspace = Workspace(tmp_path / "workspace")
    workspace.add_dataset(result)
    return workspace


def keys(workspace: Workspace) -> list[str]:
    """Names of the keys."""
    return [path.stem for path in workspace.keys.iterdir()]


def age(path: Path) -> None:
    """Make a file too old to belong to something that is being written."""
    moment = time.time() - KEY_GRACE_SECONDS - 60
    os.utime(path, (moment, moment))


def test_a_removed_dataset_takes_its_key_along(workspace: Workspace) -> None:
    assert workspace.removal_deletes_key("shop")
    workspace.remove_dataset("shop")
    assert keys(workspace) == []


def test_a_key_that_another_dataset_needs_stays(workspace: Workspace, result: ImportResult) -> None:
    assert workspace.add_dataset(result) == "shop 2"
    assert not workspace.removal_deletes_key("shop")
    workspace.remove_dataset("shop")
    assert workspace.pseudonym("shop 2", "u3") in result.dataset.user_ids
    assert workspace.removal_deletes_key("shop 2")
    workspace.remove_dataset("shop 2")
    assert keys(workspace) == []


def test_a_key_that_a_runs_older_version_needs_stays_until_the_run_goes(workspace: Workspace, tmp_path: Path) -> None:
    run = workspace.create_run("shop", small_config(), "leave-one-out")
    workspace.update_dataset("shop", write(tmp_path / "newer.csv", NEW))
    assert not workspace.removal_deletes_key("shop")
    workspace.remove_dataset("shop")
    assert len(keys(workspace)) == 1
    workspace.remove_run(run.id)
    assert keys(workspace) == []


def test_a_dataset_that_cannot_be_moved_keeps_its_key(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_arguments: object) -> None:
        raise StorageError("“trash” cannot be written to.")

    monkeypatch.setattr(workspace_module, "to_trash", refuse)
    with pytest.raises(StorageError):
        workspace.remove_dataset("shop")
    assert workspace.has_key("shop")


def test_a_crash_between_dataset_and_key_is_mended_at_the_next_start(workspace: Workspace) -> None:
    (key,) = workspace.keys.iterdir()
    shutil.move(workspace.dataset_folder("shop"), workspace.folder / "gone")  # and then the power went
    Workspace(workspace.folder)
    assert key.exists()  # a fresh key may belong to a dataset that is just being written
    age(key)
    Workspace(workspace.folder)
    assert keys(workspace) == []


def test_half_a_key_that_a_crash_left_goes_too(workspace: Workspace) -> None:
    part = workspace.keys / ".0123456789abcdef.key.1234.part"
    part.write_text("00")
    age(part)
    age(next(workspace.keys.glob("*.key")))
    Workspace(workspace.folder)
    assert keys(workspace) == [workspace.dataset("shop").rules["pseudonyms"]]


def test_files_of_others_among_the_keys_stay(workspace: Workspace) -> None:
    others = [workspace.keys / name for name in ("server.key", ".film.mkv.part", "0123456789ABCDEF0.key")]
    for path in others:
        path.write_text("not ours")
        age(path)
    delete_unused_keys(workspace.folder)
    assert [path.read_text() for path in others] == ["not ours"] * 3


def test_a_newer_version_that_waits_for_its_place_holds_its_key(workspace: Workspace) -> None:
    (key,) = workspace.keys.iterdir()
    age(key)
    folder = workspace.dataset_folder("shop")
    folder.rename(folder.with_name(".shop.pending_folder"))
    delete_unused_keys(workspace.folder)
    assert key.exists()


@pytest.mark.parametrize("damage", ["{", "{}", json.dumps({"format": 999})])
def test_beside_a_dataset_that_cannot_be_read_no_key_goes(workspace: Workspace, damage: str) -> None:
    stray = save_key(workspace.keys, STRAY)
    age(stray)
    other = workspace.folder / "datasets" / "other"
    other.mkdir()
    (other / "manifest.json").write_text(damage)
    assert keys_in_use(workspace.folder) is None
    Workspace(workspace.folder)
    assert stray.exists() and workspace.has_key("shop")
    shutil.rmtree(other)
    Workspace(workspace.folder)
    assert not stray.exists() and workspace.has_key("shop")


def test_a_failed_import_leaves_the_key_that_was_there_before(
    workspace: Workspace, result: ImportResult, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_arguments: object, **_keywords: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("recdesk.data.store.pq.write_table", full)
    with pytest.raises(RecdeskError, match="is full"):
        workspace.add_dataset(result)
    assert workspace.has_key("shop")


def test_a_forgotten_key_leaves_no_half_of_itself(workspace: Workspace) -> None:
    name = workspace.dataset("shop").rules["pseudonyms"]
    part = workspace.keys / f".{name}.key.1234.part"
    part.write_bytes((workspace.keys / f"{name}.key").read_bytes())  # a start was killed before its rename
    assert workspace.delete_key("shop")
    assert list(workspace.keys.iterdir()) == []


def test_half_a_key_has_its_owner_in_its_name_and_goes_at_once_when_that_was_killed(workspace: Workspace) -> None:
    workspace.keep_temporary_files()
    assert workspace.registration is not None
    halves: list[Path] = []

    def killed(part: Path, _key: Path) -> None:
        assert workspace.registration is not None
        halves.append(part.with_name(part.name.replace(workspace.registration.name, "1-00000000")))
        part.rename(halves[0])  # as one left it that is gone
        raise OSError(5, "Input/output error")

    with pytest.MonkeyPatch.context() as patch, pytest.raises(StorageError):
        patch.setattr("recdesk.core.files.move", killed)
        patch.setattr("recdesk.workspace.keys.move", killed, raising=False)
        save_key(workspace.keys, STRAY)
    assert halves[0].name.startswith(f".{key_name(STRAY)}.key.1-00000000.")
    assert halves[0].stat().st_mode & 0o077 == 0
    assert leftovers(workspace.folder) == halves
    assert delete_key(workspace.keys, key_name(STRAY)) is False and not halves[0].exists()
