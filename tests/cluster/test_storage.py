from pathlib import Path

import pytest

from recdesk.cluster.storage import Storage, files_of, get_files, put_folder
from recdesk.core.errors import CancelledError, RecdeskError
from recdesk.core.messages import Message
from recdesk.core.task import Task


def filled(folder: Path) -> dict[str, Path]:
    (folder / "inner").mkdir(parents=True)
    (folder / "a.bin").write_bytes(b"a" * 3_000_000)
    (folder / "inner" / "b.txt").write_text("b")
    (folder / ".run.lock").touch()
    return files_of(folder)


def test_a_folder_arrives_whole_and_once(tmp_path: Path):
    found = filled(tmp_path / "source")
    assert list(found) == ["a.bin", "inner/b.txt"]
    shares: list[float] = []
    put_folder(found, tmp_path / "there" / "x", Task(lambda share, _text: shares.append(share)))
    assert {name: path.read_bytes() for name, path in files_of(tmp_path / "there" / "x").items()} == {
        name: path.read_bytes() for name, path in found.items()
    }
    assert shares == sorted(shares) and shares[-1] == 1.0
    (tmp_path / "source" / "a.bin").write_bytes(b"other")
    put_folder(found, tmp_path / "there" / "x")
    assert (tmp_path / "there" / "x" / "a.bin").stat().st_size == 3_000_000


def test_a_folder_that_is_not_sent_whole_is_not_there(tmp_path: Path):
    found = filled(tmp_path / "source")
    with pytest.raises(CancelledError):
        put_folder(found, tmp_path / "there" / "x", Task(cancelled=lambda: True))
    found["c"] = tmp_path / "source" / "gone"
    with pytest.raises(OSError, match="gone"):
        put_folder(found, tmp_path / "there" / "x")
    assert list((tmp_path / "there").iterdir()) == []


def test_files_replace_those_that_are_there_each_whole(tmp_path: Path):
    found = filled(tmp_path / "source")
    (tmp_path / "here").mkdir()
    (tmp_path / "here" / "a.bin").write_bytes(b"old")
    with pytest.raises(CancelledError):
        get_files(found, tmp_path / "here", Task(cancelled=lambda: True))
    assert (tmp_path / "here" / "a.bin").read_bytes() == b"old"
    get_files(found, tmp_path / "here")
    assert files_of(tmp_path / "here").keys() == found.keys()
    assert (tmp_path / "here" / "a.bin").stat().st_size == 3_000_000


def test_the_two_sides_of_a_job_talk_by_files(tmp_path: Path):
    job = Storage(tmp_path).job("one")
    job.create({"run": "r", "version": "1", "cpus": 2})
    assert (job.about().run, job.about().cpus) == ("r", 2)
    assert (job.control().paused, job.control().stop, job.progress(), job.ended()) == (False, 0, None, None)
    job.steer(paused=True, stop=2)
    assert (job.control().paused, job.control().stop) == (True, 2)
    job.report(stage="testing", share=0.5)
    progress = job.progress()
    assert progress is not None and (progress.stage, progress.share) == ("testing", 0.5)
    job.end([Message("cluster.no-extra"), "", ""])
    ended = job.ended()
    assert ended is not None and isinstance(ended.failed[0], Message)  # told in any language
    (job.folder / "job.json").write_text('{"format": 2}')
    with pytest.raises(RecdeskError, match="newer recdesk"):
        job.about()


def test_what_is_fetched_is_deleted_with_all_jobs_of_the_run(tmp_path: Path):
    storage = Storage(tmp_path)
    storage.run("r").mkdir(parents=True)
    for submission in ("recdesk-r-1-aa", "recdesk-r-2-bb", "recdesk-r2-1-cc"):
        storage.job(submission).create({"run": "r", "version": "1"})
    storage.remove_run("r")
    assert [path.name for path in (tmp_path / "jobs").iterdir()] == ["recdesk-r2-1-cc"]
    assert not storage.run("r").exists()
