"""Places that a person names to be written to."""

import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest

import recdesk.core.files
from recdesk.core.errors import RecdeskError, StorageError
from recdesk.core.files import check_target, is_standard_output, writing_to

pytestmark = pytest.mark.skipif(os.name != "posix", reason="links, pipes and devices of POSIX")


def write(path: Path, text: str = "new") -> None:
    """Write a text to a place."""
    check_target(path)
    with writing_to(path) as stream:
        stream.write(text)


def names(folder: Path) -> list[str]:
    """What is in a folder."""
    return sorted(path.name for path in folder.iterdir())


def test_a_link_stays_and_what_it_points_to_is_written(tmp_path: Path):
    (tmp_path / "shared").mkdir()
    target, link = tmp_path / "shared" / "target.csv", tmp_path / "link.csv"
    target.write_text("old")
    link.symlink_to(Path("shared") / "target.csv")
    write(link)
    assert link.is_symlink() and target.read_text() == "new"
    assert names(tmp_path) == ["link.csv", "shared"]


def test_a_link_to_nothing_makes_what_it_points_to(tmp_path: Path):
    link = tmp_path / "link.csv"
    link.symlink_to(tmp_path / "target.csv")
    write(link)
    assert link.is_symlink() and (tmp_path / "target.csv").read_text() == "new"


def test_what_fails_leaves_the_target_of_a_link(tmp_path: Path):
    target, link = tmp_path / "target.csv", tmp_path / "link.csv"
    target.write_text("old")
    link.symlink_to(target)
    with pytest.raises(ZeroDivisionError), writing_to(link) as stream:
        stream.write("half")
        raise ZeroDivisionError
    assert target.read_text() == "old" and names(tmp_path) == ["link.csv", "target.csv"]


def test_links_in_a_circle_get_a_sentence(tmp_path: Path):
    (tmp_path / "a").symlink_to(tmp_path / "b")
    (tmp_path / "b").symlink_to(tmp_path / "a")
    for attempt in (check_target, write):
        with pytest.raises(StorageError, match="symbolic links"):
            attempt(tmp_path / "a")


def test_a_pipe_is_written_to(tmp_path: Path):
    pipe, got = tmp_path / "pipe", []
    os.mkfifo(pipe)
    reader = threading.Thread(target=lambda: got.append(pipe.read_text()))
    reader.start()
    write(pipe, "x" * 200_000)  # more than a pipe holds
    reader.join()
    assert got == ["x" * 200_000] and pipe.is_fifo()


def test_a_pipe_that_nothing_reads_is_given_up(tmp_path: Path, monkeypatch):
    monkeypatch.setattr(recdesk.core.files, "PIPE_SECONDS", 0.0)
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(StorageError, match="Nothing reads from the pipe"):
        write(tmp_path / "pipe")
    assert (tmp_path / "pipe").is_fifo()


def test_a_device_is_written_to_and_stays():
    write(Path("/dev/null"))
    assert Path("/dev/null").is_char_device()


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="a device that is always full")
def test_a_full_device_gets_a_sentence():
    with pytest.raises(StorageError, match="is full"):
        write(Path("/dev/full"))
    assert Path("/dev/full").is_char_device()


def test_the_standard_output_that_goes_to_a_file_is_written_in_order(tmp_path: Path):
    code = (
        "from pathlib import Path; from recdesk.core.files import writing_to\n"
        "print('before', flush=True)\n"
        "with writing_to(Path('/dev/stdout')) as stream: stream.write('between\\n')\n"
        "print('after')"
    )
    with (tmp_path / "out").open("w") as out:
        assert subprocess.run([sys.executable, "-c", code], stdout=out).returncode == 0
    assert (tmp_path / "out").read_text() == "before\nbetween\nafter\n"
    assert names(tmp_path) == ["out"]


def test_the_standard_output_is_known():
    assert is_standard_output(Path("/dev/stdout"))
    assert not is_standard_output(Path("/dev/null/nothing"))


@pytest.mark.parametrize(
    "name, words",
    [
        ("", "is a folder"),
        ("folder", "is a folder"),
        ("no/x.csv", "does not exist"),
        ("zero\0byte", "no name of a file"),
    ],
)
def test_a_place_that_cannot_be_written_gets_a_sentence_before_the_work(tmp_path: Path, name: str, words: str):
    (tmp_path / "folder").mkdir()
    for attempt in (check_target, write):
        with pytest.raises(StorageError, match=words):
            attempt(tmp_path / name)


@pytest.mark.parametrize("letter", ["x", "é", "名"])
def test_a_name_that_is_too_long_gets_a_sentence(tmp_path: Path, letter: str):
    for attempt in (check_target, write):
        with pytest.raises(RecdeskError, match="too long"):
            attempt(tmp_path / (letter * 300))
    assert names(tmp_path) == []
