"""What is kept of people is listed with its size, and goes part by part, for good."""

import os
import shutil
import tempfile
from dataclasses import replace
from pathlib import Path

import pytest

from recdesk.core.errors import CancelledError, StorageError, UsageError
from recdesk.core.task import Task
from recdesk.data.importing import import_files
from recdesk.data.plan import ImportPlan
from recdesk.experiment.run_data import dataset_of
from recdesk.workspace.folders import folder_lock
from recdesk.workspace.inventory import PARTS, delete_part, inventory, part_inventory
from recdesk.workspace.run_store import RunStore, run_lock
from recdesk.workspace.workspace import Workspace
from tests.data.making import write
from tests.workspace.conftest import small_config

LOG = "user,item,time\n" + "".join(f"someone-{n % 9},i{(n * n) % 7},{n}\n" for n in range(60))


@pytest.fixture(autouse=True)
def _system(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A temporary folder of the system's in which nobody else has anything."""
    (tmp_path / "system").mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "system"))


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    """Two datasets, one under pseudonyms with a run on its older version, one removed, a log, a killed import."""
    made = Workspace(tmp_path / "workspace")
    plan = ImportPlan(write(tmp_path / "log.csv", LOG), name="clear")
    made.add_dataset(import_files(plan))
    made.add_dataset(import_files(replace(plan, name="gone")))
    made.remove_dataset("gone")
    made.add_dataset(import_files(replace(plan, name="hidden", pseudonyms=True)))
    made.create_run("hidden", small_config(), "leave-one-out")
    made.update_dataset("hidden", write(tmp_path / "newer.csv", LOG.replace("someone-8,", "someone-1,")))
    (made.folder / "logs" / "errors.txt").write_text("KeyError: someone-3")
    (made.folder / "logs" / f"crash-{os.getpid()}.txt").touch()  # a window is open
    (made.folder / "cache" / "baseline.npz").write_bytes(b"1" * 1000)
    half = made.folder / "datasets" / ".other.1-00000000.ab.part"
    half.mkdir()
    (half / "users.parquet").write_bytes((made.dataset_folder("clear") / "users.parquet").read_bytes())
    return made


def names(workspace: Workspace, part: str) -> list[str]:
    return sorted(path.name for path in (workspace.folder / part).iterdir())


def test_every_part_is_listed_with_its_size_and_people(workspace: Workspace) -> None:
    found = {one.part: one for one in inventory(workspace.folder)}
    assert tuple(found) == PARTS
    counts = {part: (len(one.entries), one.people) for part, one in found.items()}
    assert counts == {
        "datasets": (2, 17), "versions": (1, 9), "runs": (1, 0), "cache": (1, 0), "keys": (1, 0), "logs": (1, 0),
        "temporary": (1, 9), "trash": (1, 9),
    }  # fmt: skip
    assert found["cache"].size == 1000
    assert found["logs"].size == len("KeyError: someone-3")
    folder = workspace.dataset_folder("clear")
    clear = next(entry for entry in found["datasets"].entries if entry.path == folder)
    assert clear.size == sum(path.stat().st_size for path in folder.iterdir())
    assert [bool(entry.key) for entry in found["versions"].entries] == [True]


def test_nothing_of_anybody_is_left_when_every_part_was_removed(workspace: Workspace) -> None:
    for part in PARTS:
        delete_part(workspace, part)
    assert [(one.part, one.entries) for one in inventory(workspace.folder)] == [(part, ()) for part in PARTS]
    left = [path for path in workspace.folder.rglob("*") if path.is_file()]
    for path in left:
        assert b"someone" not in path.read_bytes()
    assert not [path for path in left if path.suffix in (".parquet", ".npy", ".key", ".csv")]


def test_the_trash_alone_is_emptied(workspace: Workspace) -> None:
    gone = delete_part(workspace, "trash")
    assert [entry.people for entry in gone.entries] == [9] and gone.size > 1000
    assert names(workspace, "trash") == []
    assert workspace.dataset("clear").n_users == 9 and len(workspace.runs()) == 1
    assert delete_part(workspace, "trash").entries == ()


def test_removed_runs_take_along_the_versions_that_only_they_needed(workspace: Workspace) -> None:
    delete_part(workspace, "runs")
    assert workspace.runs() == [] and names(workspace, "versions") == []
    assert workspace.has_key("hidden")  # the dataset itself needs it


@pytest.mark.parametrize(("name", "damage"), [("config.json", "{"), ("run.json", "{"), ("run.json", '{"format": 999}')])
def test_a_version_that_a_damaged_or_newer_run_needs_stays(
    workspace: Workspace, tmp_path: Path, name: str, damage: str
) -> None:
    (run,), versions = workspace.runs(), names(workspace, "versions")
    other = workspace.create_run("clear", small_config(), "leave-one-out")
    sound = (run.folder / name).read_text()
    (run.folder / name).write_text(damage)
    assert [found.id for found in workspace.runs()] == [other.id]
    delete_part(workspace, "datasets")
    assert names(workspace, "versions") == versions
    (run.folder / name).write_text(sound)
    assert dataset_of(run).content_hash == run.dataset_hash


def test_a_key_goes_with_the_last_that_needs_it(workspace: Workspace) -> None:
    delete_part(workspace, "datasets")
    assert workspace.datasets() == [] and len(names(workspace, "versions")) == len(names(workspace, "keys")) == 1
    delete_part(workspace, "versions")
    assert names(workspace, "keys") == []


def test_a_run_at_work_keeps_what_it_needs(workspace: Workspace) -> None:
    (run,) = workspace.runs()
    with run_lock(run.folder):
        RunStore.of(run).set_state(run, "running")
        for part in ("datasets", "versions", "runs", "cache"):
            with pytest.raises(UsageError, match="is running"):
                delete_part(workspace, part)  # type: ignore[arg-type]
        delete_part(workspace, "trash")
    assert len(workspace.datasets()) == 2 and names(workspace, "trash") == []


def test_a_run_that_is_resumed_while_others_are_deleted_stays(workspace: Workspace) -> None:
    (run,) = workspace.runs()
    with run_lock(run.folder) as held, pytest.raises(UsageError, match=f"Run {run.id} is at work"):
        assert held.is_locked  # its state still says that it is queued
        delete_part(workspace, "runs")
    assert [left.id for left in workspace.runs()] == [run.id]
    assert dataset_of(run).content_hash == run.dataset_hash
    delete_part(workspace, "runs")
    assert names(workspace, "runs") == names(workspace, "versions") == []


def test_a_folder_goes_while_nobody_else_changes_which_there_are(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("recdesk.workspace.folders.LOCK_SECONDS", 0)
    with folder_lock(workspace.folder), pytest.raises(StorageError, match="is changing"):
        delete_part(workspace, "datasets")
    assert len(workspace.datasets()) == 2
    before, deleted = shutil.rmtree, list[str]()

    def while_another_changes_some(path: Path) -> None:
        with folder_lock(workspace.folder):
            deleted.append(path.parent.name)
            before(path)

    monkeypatch.setattr("recdesk.workspace.inventory.shutil.rmtree", while_another_changes_some)
    delete_part(workspace, "runs")
    assert deleted == ["runs", "versions"]


def test_cancelled_between_two_things_the_rest_stays_whole(workspace: Workspace) -> None:
    asked: list[str] = []
    with pytest.raises(CancelledError):
        delete_part(workspace, "datasets", Task(lambda _share, text: asked.append(text), lambda: len(asked) == 1))
    (left,) = workspace.datasets()
    assert asked == [f"Deleting {'hidden' if left.name == 'clear' else 'clear'}"]
    assert workspace.dataset(left.name).n_users in (8, 9)


def test_a_link_in_the_trash_goes_and_what_it_points_to_stays(workspace: Workspace, tmp_path: Path) -> None:
    mine = tmp_path / "mine"
    mine.mkdir()
    (mine / "diary.txt").write_text("x")
    (workspace.folder / "trash" / "link").symlink_to(mine)
    delete_part(workspace, "trash")
    assert names(workspace, "trash") == [] and (mine / "diary.txt").exists()


def test_looking_can_be_cancelled(workspace: Workspace) -> None:
    with pytest.raises(CancelledError):
        part_inventory(workspace.folder, "datasets", Task(cancelled=lambda: True))
