"""How a workspace is stored: as Windows can do it too, for its owner alone, and by several at once."""

import errno
import os
import stat
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from recdesk.core.errors import RecdeskError, StorageError, UsageError
from recdesk.data import store
from recdesk.data.importing import ImportResult, import_files
from recdesk.data.plan import ImportPlan
from recdesk.experiment.open_model import open_model
from recdesk.experiment.pipeline import execute
from recdesk.experiment.run_data import dataset_of
from recdesk.experiment.study import create_study
from recdesk.monitor.control import Control
from recdesk.recommend.export import export_top_n
from recdesk.training.config import make_config
from recdesk.workspace import workspace as module
from recdesk.workspace.dataset_versions import pending_folder
from recdesk.workspace.folders import safe_name, unused_name
from recdesk.workspace.marker import PARTS
from recdesk.workspace.workspace import Workspace
from tests.data.making import write
from tests.workspace.conftest import small_config

posix = pytest.mark.skipif(os.name != "posix", reason="Windows has no such permissions")

ROWS = "".join(f"u{n % 9},i{n * 7 % 11},{n},page {n % 3}\n" for n in range(120)) + "u1,i1,never,page 1\n"
OLD, NEW = "user,item,time,page\n" + ROWS, "user,item,time,page\n" + ROWS + "u77,i1,500,page 1\n"
ITEMS = "item,title,genre\n" + "".join(f"i{n},Book number {n},{'red' if n % 2 else 'blue'}\n" for n in range(13))
USERS = "user,country\n" + "".join(f"u{n},{'fr' if n % 2 else 'de'}\n" for n in range(9))


@dataclass
class Story:
    """A workspace in which everything was done once, by somebody whose umask hides nothing."""

    workspace: Workspace
    exported: Path
    refused: list[str] = field(default_factory=list)


@pytest.fixture(scope="module")
def story(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Story]:
    """Import, run, export, study, update, removal; `os.fsync` refuses what Windows' refuses."""
    folder = tmp_path_factory.mktemp("story")
    story = Story(Workspace(folder / "unused"), folder / "recommendations.csv")
    flush = os.fsync

    def as_on_windows(descriptor: int) -> None:
        if os.name == "posix" and not stat.S_ISDIR(os.fstat(descriptor).st_mode):
            import fcntl

            if fcntl.fcntl(descriptor, fcntl.F_GETFL) & os.O_ACCMODE == os.O_RDONLY:
                story.refused.append(f"{os.fstat(descriptor)}")
                raise OSError(errno.EBADF, "Bad file descriptor")
        flush(descriptor)

    umask = os.umask(0)
    os.fsync = as_on_windows
    try:
        workspace = story.workspace = Workspace(folder / "workspace")
        assert workspace.lock()
        files = write(folder / "shop.csv", OLD), write(folder / "items.csv", ITEMS), write(folder / "users.csv", USERS)
        plan = ImportPlan(files[0], items=files[1], users=files[2], keep_columns=True, pseudonyms=True)
        name = workspace.add_dataset(import_files(plan))
        settings = {"encoder": "scratch", "encoder_steps": 3, "epochs": 1, "layers": 1, "max_length": 10}
        run = workspace.create_run(name, make_config("text-bert", device="cpu", **settings), "leave-one-out")
        run = execute(run, Control(), lambda event: None)
        assert run.state == "finished", run.reason
        export_top_n(open_model(run), story.exported, 2)
        create_study(workspace, name, small_config(), "leave-one-out", 1.0)
        workspace.update_dataset(name, write(folder / "newer.csv", NEW))
        workspace.remove_run(workspace.create_run(name, small_config(), "leave-one-out").id)
        yield story
        workspace.unlock()
    finally:
        os.fsync = flush
        os.umask(umask)


@pytest.mark.slow
def test_everything_is_flushed_through_a_handle_that_may_be_written(story: Story) -> None:
    assert story.refused == []
    made = {path.name for path in story.workspace.folder.rglob("*") if path.is_file()}
    assert made >= {"manifest.json", "items.npy", "other_columns.parquet", "users.parquet", "unused_items.parquet"}
    assert made >= {"rejects.csv", "model.safetensors", "training.safetensors", "tokenizer.json", "study.json"}


@posix
def test_everything_that_is_stored_is_its_owners_alone(story: Story) -> None:
    folder = story.workspace.folder
    open_to_others = {
        str(path.relative_to(folder.parent)): oct(path.stat().st_mode)
        for path in (folder, *folder.rglob("*"), story.exported)
        if path.stat().st_mode & 0o077
    }
    assert open_to_others == {}


@posix
def test_a_workspace_from_before_is_closed_to_others_when_it_is_opened(workspace: Workspace) -> None:
    (workspace.folder / "trash").mkdir()
    parts = [workspace.folder / part for part in PARTS if (workspace.folder / part).exists()]
    for folder in (workspace.folder, *parts):
        folder.chmod(0o755)
    Workspace(workspace.folder)
    assert {stat.S_IMODE(folder.stat().st_mode) for folder in parts} == {0o700}
    assert stat.S_IMODE(workspace.folder.stat().st_mode) == 0o755  # it may be a folder that holds other things too


@posix
def test_a_workspace_of_somebody_else_is_opened_without_a_word(workspace: Workspace, monkeypatch) -> None:
    (workspace.folder / "runs").chmod(0o755)

    def refuse(*_arguments, **_keywords):
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(Path, "chmod", refuse)
    assert [info.name for info in Workspace(workspace.folder).datasets()] == ["chain"]


# --- several at once ---


def at_once(*works: Callable[[], object]) -> list[object]:
    """What each gives, or the sentence that it fails with."""
    told: list[object] = [None] * len(works)

    def carry_out(number: int) -> None:
        try:
            told[number] = works[number]()
        except RecdeskError as error:
            told[number] = error

    threads = [threading.Thread(target=carry_out, args=[number]) for number in range(len(works))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return told


@pytest.fixture
def all_write_at_once(monkeypatch) -> Callable[[int], None]:
    """So many begin to write their datasets at the same moment."""

    def arrange(count: int) -> None:
        save, barrier = module._save, threading.Barrier(count)

        def together(*given) -> None:
            barrier.wait(60)
            save(*given)

        monkeypatch.setattr(module, "_save", together)

    return arrange


def test_datasets_of_one_name_that_are_kept_at_once_get_names_of_their_own(
    workspace: Workspace, chain, all_write_at_once
) -> None:
    all_write_at_once(4)
    result = ImportResult(chain, [], pd.DataFrame())
    names = at_once(*[lambda: Workspace(workspace.folder).add_dataset(result)] * 4)
    assert sorted(map(str, names)) == ["chain 2", "chain 3", "chain 4", "chain 5"]
    assert sorted(info.name for info in workspace.datasets()) == ["chain", "chain 2", "chain 3", "chain 4", "chain 5"]
    assert {path.name[0] for path in (workspace.folder / "datasets").iterdir()} == {"c"}


def test_of_two_updates_at_once_one_is_told_to_begin_again(tmp_path: Path, all_write_at_once) -> None:
    workspace = Workspace(tmp_path / "workspace")
    workspace.add_dataset(import_files(ImportPlan(write(tmp_path / "shop.csv", OLD))))
    result = workspace.read_update("shop", write(tmp_path / "newer.csv", NEW))
    all_write_at_once(2)
    told = at_once(*[lambda: Workspace(workspace.folder).replace_dataset("shop", result)] * 2)
    assert sorted(map(str, told)) == ["None", "“shop” was changed meanwhile. Update it again."]
    assert workspace.dataset("shop").content_hash == result.dataset.content_hash
    assert [path.name for path in (workspace.folder / "datasets").iterdir()] == ["shop"]


def test_a_run_that_is_made_during_an_update_finds_its_dataset(tmp_path: Path, monkeypatch) -> None:
    workspace = Workspace(tmp_path / "workspace")
    workspace.add_dataset(import_files(ImportPlan(write(tmp_path / "shop.csv", OLD))))
    swap_in, made = module.swap_in, []

    def with_a_run(*given) -> None:
        create = partial(workspace.create_run, "shop", small_config(), "leave-one-out")
        thread = threading.Thread(target=lambda: made.append(create()))
        thread.start()
        thread.join(0.3)  # by then it has a run, or waits
        made.append(thread)
        swap_in(*given)

    monkeypatch.setattr(module, "swap_in", with_a_run)
    workspace.update_dataset("shop", write(tmp_path / "newer.csv", NEW))
    (thread,) = (entry for entry in made if isinstance(entry, threading.Thread))
    thread.join(60)
    (run,) = workspace.runs()
    assert dataset_of(run).content_hash == run.dataset_hash


def test_of_two_removals_at_once_one_is_told_that_there_is_nothing(workspace: Workspace) -> None:
    run = workspace.create_run("chain", small_config(), "leave-one-out")
    told = at_once(*[lambda: Workspace(workspace.folder).remove_run(run.id)] * 2)
    assert sorted(str(type(entry)) for entry in told) == sorted([str(type(None)), str(UsageError)])
    told = at_once(*[lambda: Workspace(workspace.folder).remove_dataset("chain")] * 2)
    assert sorted(str(type(entry)) for entry in told) == sorted([str(type(None)), str(UsageError)])
    assert len(list((workspace.folder / "trash").iterdir())) == 2


def test_who_waits_too_long_for_others_is_told(workspace: Workspace, chain, monkeypatch) -> None:
    from recdesk.workspace import folders

    monkeypatch.setattr(folders, "LOCK_SECONDS", 0.01)
    result = ImportResult(chain, [], pd.DataFrame())
    with folders.folder_lock(workspace.folder):
        (told,) = at_once(lambda: Workspace(workspace.folder).add_dataset(result))
    assert str(told).startswith("Another window or command is changing “")
    assert [path.name for path in (workspace.folder / "datasets").iterdir()] == ["chain"]


@pytest.mark.slow
def test_four_commands_that_import_one_name_at_once_keep_four_datasets(tmp_path: Path) -> None:
    file = write(tmp_path / "shop.csv", OLD)
    command = [sys.executable, "-m", "recdesk", "import", str(file), "--workspace", str(tmp_path / "ws")]
    started = [subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT) for _ in range(4)]
    told = [process.communicate(timeout=200)[0].decode() for process in started]
    assert [process.returncode for process in started] == [0] * 4, told
    names = {info.name for info in Workspace(tmp_path / "ws").datasets()}
    assert names == {"shop", "shop 2", "shop 3", "shop 4"}
    for name in names - {"shop"}:
        assert sum(f"“shop” is kept as “{name}”." in words for words in told) == 1


# --- Windows: no file that is mapped can be moved or replaced ---


def test_arrays_are_not_mapped_where_mapped_files_stay_in_their_place(workspace: Workspace, chain, monkeypatch) -> None:
    assert isinstance(workspace.dataset("chain").items, np.memmap) == (os.name != "nt")
    monkeypatch.setattr(store, "MAPPED", None)
    loaded = workspace.dataset("chain")
    assert not any(isinstance(array, np.memmap) for array in (loaded.items, loaded.offsets, loaded.times))
    assert loaded.items.tolist() == chain.items.tolist()


def test_a_dataset_that_another_program_has_open_stays_and_is_said_to_be(workspace: Workspace, monkeypatch) -> None:
    rename = Path.rename

    def open_elsewhere(self: Path, target: Path) -> Path:
        if self.name == "chain":
            error = PermissionError(errno.EACCES, "Access is denied")
            error.winerror = 5
            raise error
        return rename(self, target)

    monkeypatch.setattr(Path, "rename", open_elsewhere)
    monkeypatch.setattr("recdesk.core.files.time.sleep", lambda seconds: None)
    with pytest.raises(StorageError, match="chain” is open in another program"):
        workspace.remove_dataset("chain")
    assert workspace.dataset("chain").n_users == 60


# --- names that every system takes ---


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("aux.csv", "aux_.csv"),
        ("NUL.tar.gz", "NUL_.tar.gz"),
        ("com¹", "com¹_"),
        ("LPT³.csv", "LPT³_.csv"),
        ("con .csv", "con_ .csv"),
        ("conin$", "conin$_"),
        ("console.csv", "console.csv"),
        ("com10", "com10"),
        ("name. . ", "name"),
        ("tab\tand\x7fdelete\x9b", "tab and delete"),
        ("half \udcff a letter", "half a letter"),
        ("e\u0301toile", "étoile"),
    ],
)
def test_names_that_windows_keeps_for_itself_or_changes_are_avoided(title: str, name: str) -> None:
    assert safe_name(title) == name


def test_a_name_leaves_room_for_what_is_put_to_it(workspace: Workspace) -> None:
    name = safe_name("🎬" * 100)
    assert len(f"20261129-120000-{name} 12".encode()) < 255 and set(name) == {"🎬"}


def test_a_name_is_unique_also_where_forms_of_unicode_are_ignored(tmp_path: Path) -> None:
    (tmp_path / "e\u0301toile").mkdir()
    assert unused_name(tmp_path, "étoile") == "étoile 2"
    assert unused_name(tmp_path, "ÉTOILE") == "ÉTOILE 2"


def test_a_dataset_goes_by_the_name_that_it_has_also_where_others_would_find_it(workspace: Workspace, chain) -> None:
    waiting = pending_folder(workspace.folder / "datasets", "chain")
    waiting.mkdir()
    for name in (waiting.name, "chain/", "./chain", ""):
        with pytest.raises(UsageError, match="There is no dataset"):
            workspace.dataset_folder(name)
