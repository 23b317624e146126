"""What a killed process leaves, temporary or half-made, goes at the next start; what a living one has stays."""

import gzip
import os
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest
from filelock import FileLock

from recdesk.core import temporary
from recdesk.core.files import new_folder
from recdesk.data.importing import import_files
from recdesk.data.plan import ImportPlan
from recdesk.workspace.processes import delete_leftovers, leftovers
from recdesk.workspace.workspace import Workspace
from tests.data.making import write

LOG = "user,item,time\n" + "".join(f"someone-{n % 9},i{(n * n) % 7},{n}\n" for n in range(60))
DIES = """
import os, signal, sys
import recdesk.cli.import_
from recdesk.{module} import {name} as before
import recdesk.{module} as module
def dies(*arguments, **keywords):
    {first}
    os.kill(os.getpid(), signal.SIGKILL)
module.{name} = dies
{also}
from recdesk.__main__ import app
app(sys.argv[1:])
"""
WHILE_READING = {
    "module": "data.files.reading", "name": "load", "first": "",
    "also": "import recdesk.data.logs.gathering as reader; reader.load = dies",
}  # fmt: skip
WHILE_WRITING = {
    "module": "workspace.workspace", "name": "_save", "first": "before(*arguments, **keywords)", "also": ""
}  # fmt: skip


@pytest.fixture(autouse=True)
def _system(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A temporary folder of the system's in which nobody else has anything."""
    (tmp_path / "system").mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "system"))


def killed(death: dict[str, str], *arguments: object) -> None:
    """An import that is killed at this point."""
    command = [sys.executable, "-c", DIES.format(**death), "import", *map(str, arguments)]
    ended = subprocess.run(command, capture_output=True, text=True)
    assert ended.returncode == -signal.SIGKILL, ended.stderr


def holding(folder: Path, what: bytes) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file() and what in path.read_bytes()]


@pytest.mark.slow
@pytest.mark.skipif(os.name != "posix", reason="there is no such kill")
def test_ids_in_clear_that_a_killed_import_left_go_at_the_next_start(tmp_path: Path) -> None:
    log = tmp_path / "log.csv.gz"
    log.write_bytes(gzip.compress(LOG.encode()))
    folder, system = tmp_path / "workspace", tmp_path / "system"
    os.environ["TMPDIR"] = str(system)
    try:
        killed(WHILE_READING, log, "--workspace", folder)
    finally:
        del os.environ["TMPDIR"]
    assert holding(folder / "tmp", b"someone-3")
    assert not holding(system, b"someone-3")
    assert all(path.stat().st_mode & 0o077 == 0 for path in (folder / "tmp").glob("*/recdesk-*"))
    workspace = Workspace(folder)
    assert workspace.registration is not None
    assert not holding(folder, b"someone-3")
    assert [path.name for path in (folder / "tmp").iterdir() if path.is_dir()] == [workspace.registration.name]


@pytest.mark.slow
@pytest.mark.skipif(os.name != "posix", reason="there is no such kill")
def test_a_half_made_dataset_goes_at_once_also_while_an_older_window_is_open(tmp_path: Path) -> None:
    window = Workspace(tmp_path / "workspace")
    killed(WHILE_WRITING, write(tmp_path / "log.csv", LOG), "--workspace", window.folder)
    (half,) = (window.folder / "datasets").iterdir()
    assert (half / "users.parquet").exists() and half.name.endswith(".part")
    assert leftovers(window.folder)[-1] == half
    script = f"from pathlib import Path; from recdesk.workspace.workspace import Workspace; Workspace(Path({str(window.folder)!r}))"  # noqa: E501
    subprocess.run([sys.executable, "-c", script], check=True)
    assert list((window.folder / "datasets").iterdir()) == []
    assert window.registration is not None and window.registration.folder.is_dir()


def test_what_a_living_process_has_stays(tmp_path: Path) -> None:
    workspace = Workspace(tmp_path / "workspace")
    workspace.keep_temporary_files()
    with temporary.temporary_folder() as mine, new_folder(workspace.folder / "datasets" / "shop") as half:
        (mine / "plain").write_text(LOG)
        (half / "users.parquet").write_text(LOG)
        script = "import sys, pathlib, recdesk.workspace.processes as p; p.delete_leftovers(pathlib.Path(sys.argv[1]))"
        subprocess.run([sys.executable, "-c", script, str(workspace.folder)], check=True)
        delete_leftovers(workspace.folder)
        assert leftovers(workspace.folder) == []
        assert (mine / "plain").exists() and mine.is_relative_to(workspace.folder / "tmp")
    assert (workspace.folder / "datasets" / "shop" / "users.parquet").exists()


def test_a_name_that_looks_like_a_process_is_not_taken_for_the_owner(tmp_path: Path) -> None:
    workspace = Workspace(tmp_path / "workspace")
    workspace.keep_temporary_files()
    datasets = workspace.folder / "datasets"
    with new_folder(datasets / "7-20240101.csv"), new_folder(datasets / "sales.7-20240101.csv"):
        (datasets / "7-20240102.csv").mkdir()
        (datasets / ".7-20240102.csv.coming").mkdir()
        assert leftovers(workspace.folder) == []
        killed = datasets / ".7-20240101.csv.1-00000000.ab12cd34.part"
        killed.mkdir()
        assert leftovers(workspace.folder) == [killed]


def test_a_process_that_ends_well_leaves_nothing(tmp_path: Path) -> None:
    workspace = Workspace(tmp_path / "workspace")
    folder = workspace.folder
    del workspace
    assert [path.name for path in (folder / "tmp").iterdir()] in ([], ["starting.lock"])


def test_half_made_things_of_an_older_recdesk_go_when_they_are_a_day_old(tmp_path: Path, monkeypatch) -> None:
    folder = tmp_path / "workspace"
    for name in ("datasets/.shop.ab12.part", "runs/.20260101-bert.cd34.part", "cache", "runs/one", "datasets/shop"):
        (folder / name).mkdir(parents=True)
    for name in (
        "datasets/.shop.ab12.part/users.parquet", f"cache/{'ab' * 16}.part", "runs/one/.run.json.x1.part",
        "datasets/shop/a.part",
    ):  # fmt: skip
        (folder / name).write_text(LOG)
    workspace = Workspace(folder)
    assert (folder / "datasets/.shop.ab12.part").exists()  # another one may still be writing it
    del workspace
    (folder / "tmp" / "starting.lock").unlink(missing_ok=True)
    (folder / "tmp").rmdir()
    monkeypatch.setattr("recdesk.workspace.processes.LEGACY_GRACE_SECONDS", -1)
    Workspace(folder)
    there = {str(path.relative_to(folder)) for path in folder.rglob("*.part")}
    assert there == {"datasets/shop/a.part"}  # no name of ours


def test_half_made_files_of_other_programs_in_the_same_folder_stay(tmp_path: Path) -> None:
    folder = tmp_path / "workspace"
    others = [
        folder / name
        for name in (".tax.pdf.part", "photos/.film.mkv.part", "photos/.backup.part/1.tar", "cache/browser.part")
    ]
    for path in others:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("not ours")
        os.utime(path, (0, 0))
    workspace = Workspace(folder)
    (folder / ".workspace.json.1-00000000.ab12cd34.part").write_text("{")  # of one that was killed
    delete_leftovers(workspace.folder, younger_than=-60)
    assert [path.read_text() for path in others] == ["not ours"] * 4
    assert [path.name for path in folder.glob(".*.part")] == [".tax.pdf.part"]


def test_a_whole_newer_version_whose_update_was_killed_goes_where_the_older_is_in_its_place(tmp_path: Path) -> None:
    workspace = Workspace(tmp_path / "workspace")
    log = write(tmp_path / "log.csv", LOG)
    workspace.add_dataset(import_files(ImportPlan(log, name="shop")))
    folder = workspace.folder
    del workspace
    waiting = folder / "datasets" / ".shop.pending_folder"
    (folder / "datasets" / "shop").rename(waiting)
    workspace = Workspace(folder)
    assert workspace.dataset("shop").n_users == 9  # it took its place
    waiting.mkdir()
    (waiting / "users.parquet").write_text(LOG)
    (folder / "tmp" / "1-00000000.lock").touch()  # of the process that was killed
    del workspace
    moment, probe = waiting.stat().st_mtime, tmp_path / "probe"
    probe.touch()
    while probe.stat().st_mtime <= moment:  # the clock of a file system is coarse
        probe.touch()
    workspace = Workspace(folder)
    assert not waiting.exists() and workspace.dataset("shop").n_users == 9


def test_without_a_workspace_temporary_files_are_the_systems_and_for_their_owner_alone() -> None:
    with temporary.temporary_folder() as folder:
        assert os.name != "posix" or folder.stat().st_mode & 0o077 == 0
    assert not folder.exists()


def test_what_killed_imports_left_in_the_systems_folder_goes_after_a_day(tmp_path: Path) -> None:
    system = tmp_path / "system"
    for name, inside in (("old12345", "plain"), ("new12345", "plain"), ("hers1234", "diary.txt")):
        (system / f"recdesk-{name}").mkdir()
        path = system / f"recdesk-{name}" / inside
        path.write_text(LOG)
        if name != "new12345":
            for made in (path, path.parent):
                os.utime(made, (0, 0))
    workspace = Workspace(tmp_path / "workspace")
    assert sorted(path.name for path in system.glob("recdesk-*")) == ["recdesk-hers1234", "recdesk-new12345"]
    assert workspace.registration is not None


def test_a_workspace_that_went_away_is_no_failure(tmp_path: Path) -> None:
    temporary.use_folder(tmp_path / "gone" / "tmp")
    with temporary.temporary_folder() as folder:
        assert folder.is_dir() and folder.is_relative_to(tmp_path / "system")


def test_a_long_name_leaves_room_for_the_owners(tmp_path: Path) -> None:
    workspace = Workspace(tmp_path / "workspace")
    workspace.keep_temporary_files()
    name = "𠀀" * 60
    with new_folder(workspace.folder / "datasets" / name) as folder:
        assert len(folder.name.encode()) < 200
    assert (workspace.folder / "datasets" / name).is_dir()


AT_ONCE = """
import sys
from pathlib import Path
from recdesk.core import temporary
from recdesk.core.files import new_folder
from recdesk.workspace.processes import delete_leftovers
from recdesk.workspace.workspace import Workspace
workspace = Workspace(Path(sys.argv[1]))
workspace.keep_temporary_files()
for number in range(6):
    made = workspace.folder / "datasets" / f"{sys.argv[2]} {number}"
    with temporary.temporary_folder() as mine, new_folder(made) as half:
        assert mine.is_relative_to(workspace.folder / "tmp")
        (mine / "plain").write_text("someone")
        (half / "users.parquet").write_text("someone")
        delete_leftovers(workspace.folder)
        assert (mine / "plain").exists()
"""


def test_four_processes_that_start_work_and_tidy_at_once_leave_each_others_files(tmp_path: Path) -> None:
    folder = tmp_path / "workspace"
    Workspace(folder)
    (folder / "tmp" / "1-00000000").mkdir()  # of one that was killed
    commands = [[sys.executable, "-c", AT_ONCE, str(folder), name] for name in "abcd"]
    running = [subprocess.Popen(command, stderr=subprocess.PIPE, text=True) for command in commands]
    ends = [process.communicate()[1] for process in running]
    assert [process.returncode for process in running] == [0, 0, 0, 0], ends
    assert len(list((folder / "datasets").glob("*/users.parquet"))) == 24
    assert [path.name for path in (folder / "tmp").iterdir()] in ([], ["starting.lock"])


def test_where_it_cannot_be_said_who_lives_nothing_goes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    workspace = Workspace(tmp_path / "workspace")
    half = workspace.folder / "datasets" / ".shop.1-00000000.ab.part"
    half.mkdir()
    assert leftovers(workspace.folder) == [half]
    monkeypatch.setattr("recdesk.workspace.processes.LOCK_SECONDS", 0)
    with FileLock(workspace.folder / "tmp" / "starting.lock"):
        assert leftovers(workspace.folder) == []
        delete_leftovers(workspace.folder)
    assert half.is_dir()
