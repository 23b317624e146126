from pathlib import Path

import pytest

from recdesk.cluster.storage import Storage, store_at
from recdesk.cluster.store import Store, files_of
from recdesk.core.errors import CancelledError, RecdeskError, StorageError
from recdesk.core.messages import Message
from recdesk.core.task import Task


@pytest.fixture(params=["folder", "objects"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Store:
    if request.param == "folder":
        found = store_at(str(tmp_path / "storage"))
    else:
        found = store_at(request.getfixturevalue("object_address"))
    found.check()
    return found


def filled(folder: Path) -> dict[str, Path]:
    (folder / "inner").mkdir(parents=True)
    (folder / "a.bin").write_bytes(b"a" * 3_000_000)
    (folder / "inner" / "b.txt").write_text("b")
    (folder / ".run.lock").touch()
    return files_of(folder)


def contents(folder: Path) -> dict[str, bytes]:
    return {name: path.read_bytes() for name, path in files_of(folder).items()}


def test_a_folder_arrives_whole_and_once(store: Store, tmp_path: Path):
    found, shares = filled(tmp_path / "source"), list[float]()
    before = contents(tmp_path / "source")
    assert list(found) == ["a.bin", "inner/b.txt"] and not store.has("there/x")
    store.put_folder("there/x", found, Task(lambda share, _text: shares.append(share)))
    assert store.has("there/x") and contents(store.bring(["there/x"]) / "there" / "x") == before
    assert shares == sorted(shares) and shares[-1] == 1.0
    (tmp_path / "source" / "a.bin").write_bytes(b"other")
    store.put_folder("there/x", found)
    assert contents(store.bring(["there/x"]) / "there" / "x") == before
    with store.reading("there/x") as there:
        assert contents(there) == before


def test_who_is_cancelled_beside_another_sender_breaks_nothing(object_address: str, tmp_path: Path):
    store, found = store_at(object_address), filled(tmp_path / "source")
    before, calls = contents(tmp_path / "source"), list[float]()
    found["a.bin"].write_bytes(b"a" * 9_000_000)

    def other_is_faster() -> bool:
        calls.append(1.0)
        if len(calls) == 1:
            store.put_folder("there/x", found)
        return len(calls) > 1

    with pytest.raises(CancelledError):
        store.put_folder("there/x", found, Task(cancelled=other_is_faster))
    there = contents(store.bring(["there/x"]) / "there" / "x")
    assert len(there["a.bin"]) == 9_000_000 and there["inner/b.txt"] == before["inner/b.txt"]


def test_a_folder_that_was_tidied_up_on_a_machine_is_brought_again(object_address: str, tmp_path: Path):
    store = store_at(object_address)
    store.put_folder("there/x", filled(tmp_path / "source"))
    (store.bring(["there/x"]) / "there" / "x" / "a.bin").unlink()
    assert contents(store.bring(["there/x"]) / "there" / "x") == contents(tmp_path / "source")


def test_a_bucket_that_is_not_there_is_no_empty_storage(object_address: str):
    with pytest.raises(StorageError, match="NO_SUCH_BUCKET"):
        Storage(object_address.replace("s3://bucket", "s3://other")).require()


def test_a_folder_that_is_not_sent_whole_is_not_there(store: Store, tmp_path: Path):
    found = filled(tmp_path / "source")
    with pytest.raises(CancelledError):
        store.put_folder("there/x", found, Task(cancelled=lambda: True))
    found["c"] = tmp_path / "source" / "gone"
    with pytest.raises(OSError, match="gone"):
        store.put_folder("there/x", found)
    assert not store.has("there/x")
    del found["c"]
    store.put_folder("there/x", found)
    assert store.has("there/x")


def test_a_file_is_written_over_another_listed_and_removed(store: Store, tmp_path: Path):
    assert store.read("jobs/one/a.json") is None and store.names("jobs/one") == [] and not store.has("jobs/one/a.json")
    for content in (b"first", b"second"):
        store.write("jobs/one/a.json", content)
        assert store.read("jobs/one/a.json") == content
    (tmp_path / "big").write_bytes(b"b" * 9_000_000)
    store.put("jobs/one/big", tmp_path / "big")
    assert b"".join(store.pieces("jobs/one/big")) == b"b" * 9_000_000
    store.write("jobs/two/a.json", b"")
    assert (store.names("jobs/one"), store.has("jobs/one/big")) == (["a.json", "big"], True)
    assert store.names("jobs") == ["one", "two"]
    store.remove("jobs/one/big")
    store.remove("jobs/two")
    store.remove("jobs/never")
    assert (store.names("jobs/one"), store.names("jobs/two")) == (["a.json"], [])


def test_a_fetched_file_replaces_that_which_is_there_and_a_cancelled_one_does_not(tmp_path: Path):
    found, here = filled(tmp_path / "source"), tmp_path / "here"
    storage = Storage(str(tmp_path / "storage"))
    storage.store.check()
    storage.run("r").send(tmp_path / "source")
    here.mkdir()
    (here / "a.bin").write_bytes(b"old")
    with pytest.raises(CancelledError):
        storage.run("r").snapshot().fetch(here, Task(cancelled=lambda: True))
    assert (here / "a.bin").read_bytes() == b"old"
    storage.run("r").snapshot().fetch(here)
    assert contents(here) == {name: path.read_bytes() for name, path in found.items()}


def test_the_two_sides_of_a_job_talk_by_files(store: Store):
    job = Storage(store.address).job("one")
    assert not job.created
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
    assert job.created and not job.begun
    job.begin()
    assert job.begun
    job.begin_again()
    assert not job.begun
    store.write(job.name("job.json"), b'{"format": 2}')
    with pytest.raises(RecdeskError, match="newer recdesk"):
        job.about()


def test_what_is_fetched_is_deleted_with_all_jobs_of_the_run(store: Store, tmp_path: Path):
    storage = Storage(store.address)
    filled(tmp_path / "source")
    storage.run("r").send(tmp_path / "source")
    assert storage.run("r").exists()
    for submission in ("recdesk-r-1-aa", "recdesk-r-2-bb", "recdesk-r2-1-cc"):
        storage.job(submission).create({"run": "r", "version": "1"})
    storage.remove_run("r")
    storage.job("recdesk-r-2-bb").end()  # late
    assert store.names("jobs") == ["recdesk-r2-1-cc"]
    assert not storage.run("r").exists()
