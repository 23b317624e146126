"""Writing: whole, on the disk before it counts, and its owner's alone."""

import errno
import os
import shutil
import stat
from collections.abc import Callable
from pathlib import Path

import pytest
import torch

from recdesk.core import files
from recdesk.core.errors import StorageError
from recdesk.core.files import make_folder, move, move_folder, new_folder, replacing, sync_tree, write_json
from recdesk.core.tensors import save_tensors
from recdesk.workspace.folders import to_trash

posix = pytest.mark.skipif(os.name != "posix", reason="Windows has no such permissions, and flushes no folders")


def refusing(number: int, words: str = "said so", winerror: int | None = None) -> OSError:
    """What the system raises, with a number of Windows where there is one."""
    error = OSError(number, words)
    if winerror is not None:
        error.winerror = winerror
    return error


# --- nothing counts before it is on the disk ---


@pytest.fixture
def calls(monkeypatch) -> list[tuple[str, int]]:
    """What is flushed and moved, by inode, in order."""
    made: list[tuple[str, int]] = []
    flush, rename, replace = os.fsync, os.rename, os.replace

    def watch(do: Callable[..., None]) -> Callable[..., None]:
        def moved(source, target, **more) -> None:
            made.append(("move", Path(source).stat().st_ino))
            do(source, target, **more)

        return moved

    def flushed(descriptor: int) -> None:
        made.append(("flush", os.fstat(descriptor).st_ino))
        flush(descriptor)

    monkeypatch.setattr(os, "fsync", flushed)
    monkeypatch.setattr(os, "rename", watch(rename))
    monkeypatch.setattr(os, "replace", watch(replace))
    return made


def inode(path: Path) -> int:
    return path.stat().st_ino


@posix
def test_a_new_folder_is_on_the_disk_with_all_its_entries_before_it_counts(tmp_path: Path, calls) -> None:
    with new_folder(tmp_path / "made") as folder:
        (folder / "a").write_text("1")
        (folder / "inner" / "deeper").mkdir(parents=True)
        (folder / "inner" / "deeper" / "b").write_text("2")
    made = tmp_path / "made"
    parts = [made / "a", made / "inner" / "deeper" / "b", made / "inner" / "deeper", made / "inner", made]
    at = calls.index(("move", inode(made)))
    assert {("flush", inode(part)) for part in parts} <= set(calls[:at])
    assert calls.index(("flush", inode(made / "inner"))) > calls.index(("flush", inode(parts[1])))
    assert calls[at + 1 :] == [("flush", inode(tmp_path))]


@posix
def test_a_replaced_file_and_one_of_tensors_are_on_the_disk_before_they_count(tmp_path: Path, calls) -> None:
    write_json(tmp_path / "a.json", 1)
    written = inode(tmp_path / "a.json")
    assert calls == [("flush", written), ("move", written), ("flush", inode(tmp_path))]
    calls.clear()
    save_tensors(tmp_path / "a.safetensors", {"x": torch.ones(3)}, {})
    written = inode(tmp_path / "a.safetensors")
    assert calls == [("flush", written), ("move", written), ("flush", inode(tmp_path))]


@posix
def test_folders_that_are_made_survive_a_power_cut(tmp_path: Path, calls) -> None:
    make_folder(tmp_path / "a" / "b")
    assert calls == [("flush", inode(tmp_path)), ("flush", inode(tmp_path / "a"))]
    calls.clear()
    make_folder(tmp_path / "a" / "b")
    assert calls == []


@posix
def test_what_goes_to_the_trash_leaves_its_place_for_good(tmp_path: Path, calls) -> None:
    (tmp_path / "thing").mkdir()
    (tmp_path / "trash").mkdir()
    target = to_trash(tmp_path / "thing", tmp_path / "trash")
    at = calls.index(("move", inode(target)))
    assert set(calls[at + 1 :]) == {("flush", inode(tmp_path)), ("flush", inode(tmp_path / "trash"))}


def another_file_system(monkeypatch, *apart: Path) -> None:
    """Renames between one of these folders and elsewhere fail, as between two disks."""
    rename = Path.rename

    def across(self: Path, target: Path) -> Path:
        if any(folder in self.parents and folder not in target.parents for folder in apart) or any(
            folder in target.parents and folder not in self.parents for folder in apart
        ):
            raise OSError(errno.EXDEV, "Invalid cross-device link")
        return rename(self, target)

    monkeypatch.setattr(Path, "rename", across)


def test_a_folder_moves_to_another_file_system_as_a_whole(tmp_path: Path, monkeypatch, calls) -> None:
    source, away = tmp_path / "here" / "thing", tmp_path / "away"
    (source / "inner").mkdir(parents=True)
    (source / "inner" / "file").write_text("x")
    another_file_system(monkeypatch, away)
    move_folder(source, away / "thing")
    assert (away / "thing" / "inner" / "file").read_text() == "x"
    assert list((tmp_path / "here").iterdir()) == []
    if os.name == "posix":
        copied = calls.index(("move", inode(away / "thing")))
        assert ("flush", inode(away / "thing" / "inner" / "file")) in calls[:copied]
        assert calls[-2:] == [("flush", inode(away)), ("flush", inode(tmp_path / "here"))]


def test_a_move_to_a_full_disk_leaves_everything_where_it_was(tmp_path: Path, monkeypatch) -> None:
    source, away = tmp_path / "here" / "thing", tmp_path / "away"
    source.mkdir(parents=True)
    (source / "file").write_text("x")
    another_file_system(monkeypatch, away)

    def full(*_arguments, **_keywords):
        raise refusing(errno.ENOSPC)

    monkeypatch.setattr(shutil, "copytree", full)
    with pytest.raises(StorageError, match="is full"):
        to_trash(source, away)
    assert (source / "file").read_text() == "x" and list(away.iterdir()) == []


@posix
@pytest.mark.parametrize("number", [errno.EINVAL, errno.ENOTSUP, errno.EACCES])
def test_a_file_system_that_flushes_no_folders_is_written_to_all_the_same(tmp_path: Path, monkeypatch, number) -> None:
    flush = os.fsync

    def unable(descriptor: int) -> None:
        if stat.S_ISDIR(os.fstat(descriptor).st_mode):
            raise refusing(number)
        flush(descriptor)

    monkeypatch.setattr(os, "fsync", unable)
    make_folder(tmp_path / "new")
    write_json(tmp_path / "new" / "a.json", 1)
    assert (tmp_path / "new" / "a.json").read_text() == "1\n"


# --- what is new is its owner's alone ---


@pytest.fixture
def no_umask():
    before = os.umask(0)
    yield
    os.umask(before)


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


@posix
def test_what_is_new_is_its_owners_alone_whatever_the_umask(tmp_path: Path, no_umask) -> None:
    write_json(tmp_path / "a.json", 1)
    with new_folder(tmp_path / "deep" / "made") as folder:
        (folder / "inner").mkdir()
        (folder / "inner" / "b").write_text("2")
    save_tensors(tmp_path / "a.safetensors", {"x": torch.ones(3)}, {})
    made = tmp_path / "deep" / "made"
    made_files = (tmp_path / "a.json", tmp_path / "a.safetensors", made / "inner" / "b")
    assert [mode(path) for path in made_files] == [0o600] * 3
    assert [mode(path) for path in (tmp_path / "deep", made, made / "inner")] == [0o700] * 3


@posix
@pytest.mark.parametrize("opened", [0o644, 0o640, 0o600, 0o664])
def test_a_file_that_is_replaced_keeps_its_permissions(tmp_path: Path, opened: int) -> None:
    (tmp_path / "export.csv").write_text("old")
    (tmp_path / "export.csv").chmod(opened)
    with replacing(tmp_path / "export.csv") as stream:
        stream.write("new")
    assert (tmp_path / "export.csv").read_text() == "new"
    assert mode(tmp_path / "export.csv") == opened


@posix
def test_a_file_that_was_opened_to_a_group_is_not_opened_to_another(tmp_path: Path, monkeypatch) -> None:
    (tmp_path / "export.csv").write_text("old")
    (tmp_path / "export.csv").chmod(0o660)
    there = Path.stat

    def of_group(self: Path, **more):
        found = there(self, **more)
        return os.stat_result([*found[:5], 54321, *found[6:]]) if self.name == "export.csv" else found

    def refuse(*_arguments):
        raise refusing(errno.EPERM)

    monkeypatch.setattr(Path, "stat", of_group)
    monkeypatch.setattr(os, "chown", refuse)
    with replacing(tmp_path / "export.csv") as stream:
        stream.write("new")
    monkeypatch.undo()
    assert mode(tmp_path / "export.csv") == 0o600


def test_a_file_system_without_permissions_is_written_to_all_the_same(tmp_path: Path, monkeypatch) -> None:
    def refuse(*_arguments, **_keywords):
        raise refusing(errno.EPERM)

    monkeypatch.setattr(Path, "chmod", refuse)
    with new_folder(tmp_path / "made") as folder:
        (folder / "a").write_text("1")
    write_json(tmp_path / "made" / "a", 2)
    write_json(tmp_path / "made" / "a", 3)
    assert (tmp_path / "made" / "a").read_text() == "3\n"


@pytest.mark.skipif(not hasattr(os, "symlink") or os.name == "nt", reason="needs symbolic links")
def test_what_a_link_in_a_folder_points_to_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").write_text("x")
    (tmp_path / "elsewhere").chmod(0o644)
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder" / "link").symlink_to(tmp_path / "elsewhere")
    (tmp_path / "folder" / "nowhere").symlink_to(tmp_path / "gone")
    sync_tree(tmp_path / "folder")
    assert mode(tmp_path / "elsewhere") == 0o644


# --- names ---


@pytest.mark.parametrize("name", ["x" * 240 + ".csv", "评" * 80, "🎬" * 60])
def test_a_name_as_long_as_a_file_system_takes_can_be_written(tmp_path: Path, name: str) -> None:
    write_json(tmp_path / name, 1)
    assert [path.name for path in tmp_path.iterdir()] == [name]


# --- Windows: what is open cannot be moved ---


def in_use_for(monkeypatch, attempts: int, winerror: int) -> list[float]:
    """Renames fail so often; gives the waits between them."""
    waits: list[float] = []
    rename, left = Path.rename, [attempts]

    def busy(self: Path, target: Path) -> Path:
        if left[0]:
            left[0] -= 1
            raise refusing(errno.EACCES, "in use", winerror)
        return rename(self, target)

    monkeypatch.setattr(Path, "rename", busy)
    monkeypatch.setattr(files.time, "sleep", waits.append)
    return waits


@pytest.mark.parametrize("winerror", [5, 32, 33, 1224])
def test_a_folder_that_is_in_use_for_a_moment_is_moved_a_moment_later(tmp_path: Path, monkeypatch, winerror) -> None:
    waits = in_use_for(monkeypatch, 3, winerror)
    with new_folder(tmp_path / "made") as folder:
        (folder / "a").write_text("1")
    assert (tmp_path / "made" / "a").exists()
    assert waits == [0.01, 0.02, 0.05]


@pytest.mark.parametrize("winerror", [5, 32])
def test_a_folder_that_stays_in_use_is_said_to_be_after_two_seconds(tmp_path: Path, monkeypatch, winerror) -> None:
    waits = in_use_for(monkeypatch, 99, winerror)
    (tmp_path / "thing").mkdir()
    with pytest.raises(StorageError, match="thing” is open in another program"):
        to_trash(tmp_path / "thing", tmp_path / "trash")
    assert 1 < sum(waits) < 3 and (tmp_path / "thing").is_dir()


def test_what_is_refused_for_good_is_not_tried_again(tmp_path: Path, monkeypatch) -> None:
    def refuse(*_arguments):
        raise refusing(errno.EACCES)

    monkeypatch.setattr(Path, "rename", refuse)
    monkeypatch.setattr(files.time, "sleep", lambda seconds: pytest.fail("waited"))
    (tmp_path / "a").mkdir()
    with pytest.raises(OSError):
        move(tmp_path / "a", tmp_path / "b")
