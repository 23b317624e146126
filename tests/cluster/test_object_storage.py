"""Runs and exports on a cluster whose storage is an object store, with a head that carries jobs out in this process."""

import functools
import shutil
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from recdesk.cluster import object_log, object_run, object_writer, store
from recdesk.cluster.connection import connection_to
from recdesk.cluster.fetching import bring_home, refresh
from recdesk.cluster.mirror import Mirror
from recdesk.cluster.object_run import ObjectRun, ObjectSnapshot
from recdesk.cluster.object_store import ObjectStore
from recdesk.cluster.object_writer import Writer
from recdesk.cluster.place import place_of
from recdesk.cluster.shared_run import lines_of
from recdesk.cluster.shipping import check_encoder
from recdesk.cluster.storage import Job, Storage
from recdesk.cluster.watching import watch
from recdesk.cluster.work import _set_stopped
from recdesk.core.errors import RecdeskError, StorageError
from recdesk.core.tensors import load_tensors
from recdesk.monitor.control import Control
from recdesk.monitor.events import Event, Step, Warned, is_kept, to_line
from recdesk.workspace.run_cluster import ClusterRecord
from recdesk.workspace.run_log import events_of
from recdesk.workspace.runs import EVENTS, MODEL, Run
from recdesk.workspace.workspace import Workspace
from tests.cluster.fake_head import FakeHead
from tests.cluster.object_server import ObjectServer
from tests.cluster.test_watching import Hook, at_step, carried, failures, long_config
from tests.workspace.conftest import small_config


@pytest.fixture
def place(head: FakeHead, object_address: str) -> ClusterRecord:
    return place_of(head.address, object_address, cpus=1)


@pytest.fixture
def run(workspace: Workspace, place: ClusterRecord) -> Run:
    return workspace.create_run("chain", small_config(), "leave-one-out", cluster=place)


@pytest.fixture
def long_run(workspace: Workspace, place: ClusterRecord) -> Run:
    return workspace.create_run("chain", long_config(), "leave-one-out", cluster=place)


@pytest.fixture
def shared(object_address: str, tmp_path: Path) -> ObjectRun:
    """A run that was sent, with three files and a log of two lines."""
    sent = ObjectRun(ObjectStore(object_address), "r")
    sent.send(folder_of_a_run(tmp_path / "run"))
    return sent


def folder_of_a_run(folder: Path) -> Path:
    (folder / "checkpoints").mkdir(parents=True)
    for name in ("run.json", "checkpoints/1", "checkpoints/2"):
        (folder / name).write_text(name)
    (folder / EVENTS).write_bytes(line(1) + line(2))
    return folder


@functools.cache
def line(number: int) -> bytes:
    event = Step(step=number, epoch=0.1, loss=1.0, learning_rate=0.1, tokens=1, seconds=1.0)
    return to_line(event).encode()


def replaced(path: Path, content: str) -> None:
    """Write a file as recdesk does: another one that takes its name."""
    path.with_suffix(".new").write_text(content)
    path.with_suffix(".new").replace(path)


def steps(run: Run) -> list[int]:
    return [event.step for event in events_of(run) if isinstance(event, Step)]


def past_step(number: int, do: Callable[[Control], None]) -> Hook:
    def hook(event: Event, control: Control) -> None:
        if isinstance(event, Step) and event.step >= number and not control.stopped:
            do(control)

    return hook


def fetched(run: ObjectRun, folder: Path) -> dict[str, str]:
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    run.snapshot().bring(folder, lambda name: False, object_run.UNWATCHED)
    return {path.relative_to(folder).as_posix(): path.read_text() for path in folder.rglob("*") if path.is_file()}


def test_a_run_ends_as_the_same_run_here_to_the_last_bit(
    workspace: Workspace, run: Run, head: FakeHead, place: ClusterRecord, tmp_path: Path, monkeypatch
):
    monkeypatch.setenv("OMP_NUM_THREADS", "1")
    there, seen = carried(run)
    here, _ = carried(workspace.create_run("chain", small_config(), "leave-one-out"))
    assert (there.state, there.metrics, there.comparisons) == ("finished", here.metrics, here.comparisons), seen
    ours, theirs = load_tensors(here.folder / MODEL)[0], load_tensors(there.folder / MODEL)[0]
    assert all((ours[name] == theirs[name]).all() for name in ours) and ours.keys() == theirs.keys()
    assert [e.loss for e in seen if isinstance(e, Step)] == [e.loss for e in events_of(here) if isinstance(e, Step)]
    assert events_of(there) == [event for event in seen if is_kept(event)]
    there = Storage(place.storage).store
    assert (there.names("runs"), there.names("jobs"), len(there.names("versions"))) == ([], [], 1)
    assert list((tmp_path / "scratch").rglob("copy-*")) == []  # nothing of it stays on the machine
    assert len(head.taken) == 1


@pytest.mark.slow
def test_a_run_is_stopped_and_goes_on_there(workspace: Workspace, run: Run, long_run: Run):
    stopped, _ = carried(long_run, at_step(5, Control.stop))
    assert stopped.state == "stopped" and stopped.has_model
    before = steps(stopped)[-1]
    again, seen = carried(stopped, past_step(before + 20, Control.stop), resume=True)
    assert again.state == "stopped" and failures(seen) == [] and steps(again)[-1] >= before + 20
    ended, _ = carried(run, at_step(4, Control.stop))
    ended, _ = carried(ended, resume=True)
    here, _ = carried(workspace.create_run("chain", small_config(), "leave-one-out"))
    assert ended.state == "finished" and ended.metrics == here.metrics


@pytest.mark.slow
def test_a_run_that_nobody_watches_is_followed_again(run: Run):
    left = watch(run, Control(), lambda event: None, wait=False)
    deadline = time.monotonic() + 60
    while (left := refresh(left)).state != "finished" and time.monotonic() < deadline:
        time.sleep(0.1)
    assert left.state == "finished" and left.metrics and events_of(left)


@pytest.mark.slow
def test_a_store_that_is_away_is_waited_for_by_both_sides(long_run: Run, object_server: ObjectServer):
    def vanish(event: Event, control: Control) -> None:
        if isinstance(event, Step) and event.step == 5:
            object_server.silent = True
        if isinstance(event, Warned) and "cannot be used now" in event.sentence:
            threading.Timer(0.5, lambda: setattr(object_server, "silent", False)).start()
        if isinstance(event, Step) and event.step >= 40:
            control.stop()

    run, seen = carried(long_run, vanish)
    assert run.state == "stopped" and failures(seen) == []
    assert steps(run) == sorted(set(steps(run))) and len([e for e in seen if isinstance(e, Warned) and e.urgent]) == 1


@pytest.mark.slow
def test_a_run_comes_home_from_a_worker_that_lives_and_that_ends(long_run: Run, head: FakeHead):
    left, _ = carried(long_run, at_step(5, Control.leave))
    there = Storage(long_run.cluster.storage if long_run.cluster else "").run(long_run.id)
    assert isinstance(there, ObjectRun)
    until(lambda: any(name.startswith("checkpoints/") for name in there.snapshot()._files))
    home = bring_home(left)
    assert (home.state, home.cluster) == ("interrupted", None) and (home.folder / "checkpoints").is_dir()
    head.close()  # waits for the worker
    ended, seen = carried(home, past_step(steps(home)[-1] + 1, Control.stop), resume=True)
    assert ended.state == "stopped" and failures(seen) == []


def test_the_connection_is_tested_through_the_store(place: ClusterRecord, object_server: ObjectServer):
    found = connection_to(place, again=True)
    assert found.problems() == [] and found.nodes[0].reaches
    assert Storage(place.storage).store.names("jobs") == []
    gone = place.model_copy(update={"storage": object_server.address("nobody-has-this")})
    with pytest.raises(RecdeskError, match="NO_SUCH_BUCKET"):
        connection_to(gone, again=True)
    object_server.silent = True
    with pytest.raises(RecdeskError, match="refused, or could not be reached"):
        connection_to(place, again=True)


def test_a_store_that_cannot_be_written_is_told_before_anything_is_sent(
    workspace: Workspace, place: ClusterRecord, object_server: ObjectServer, head: FakeHead
):
    wrong = place.model_copy(update={"storage": object_server.address("nobody-has-this")})
    run, seen = carried(workspace.create_run("chain", small_config(), "leave-one-out", cluster=wrong))
    assert run.state == "failed" and "nobody-has-this" in failures(seen)[0] and head.taken == []


def test_an_encoder_in_a_folder_cannot_be_in_a_store(run: Run, place: ClusterRecord, tmp_path: Path, monkeypatch):
    from recdesk.cluster import shipping
    from recdesk.text.sources import Source

    monkeypatch.setattr(shipping, "find_source", lambda *_given: Source("folder", "mine", tmp_path))
    with pytest.raises(RecdeskError, match="Hugging Face Hub"):
        check_encoder(run, str(tmp_path), connection_to(place))


def test_what_a_process_writes_is_there_as_of_one_moment(shared: ObjectRun, tmp_path: Path):
    with shared_attempt(shared, tmp_path) as attempt:
        folder = attempt.folder
        assert fetched(shared, tmp_path / "x") == {
            name: name for name in ("run.json", "checkpoints/1", "checkpoints/2")
        }
        replaced(folder / "run.json", "second")
        (folder / "checkpoints" / "1").unlink()
        replaced(folder / "checkpoints" / "3", "3")
        (folder / ".hidden").write_text("not sent")
        until(lambda: "checkpoints/3" in shared.snapshot()._files)
        assert fetched(shared, tmp_path / "x") == {
            "run.json": "second",
            "checkpoints/2": "checkpoints/2",
            "checkpoints/3": "3",
        }
        with (folder / EVENTS).open("ab") as log:
            log.write(line(3) + line(4)[:10])
    assert [each + b"\n" for each in lines_of(shared.log)] == [line(1), line(2), line(3)]
    assert len(shared.attempts()) == 1  # nothing of the one before is left


def test_files_that_change_all_the_time_are_not_taken_in_between(shared: ObjectRun, tmp_path: Path, monkeypatch):
    writer = Writer(shared._store, f"{shared.name}/000009-test", tmp_path / "run")
    marks, counts = writer._marks, iter(range(100))

    def restless():
        replaced(tmp_path / "run" / "run.json", f"change {next(counts)}")
        return marks()

    with monkeypatch.context() as patch:
        patch.setattr(writer, "_marks", restless)
        writer.write()
    assert fetched(shared, tmp_path / "x")["run.json"] == "run.json"  # of the snapshot before
    writer.write()
    assert fetched(shared, tmp_path / "x")["run.json"].startswith("change")


def test_one_that_was_cut_off_cannot_disturb_the_next(shared: ObjectRun, tmp_path: Path, monkeypatch):
    with shared_attempt(shared, tmp_path / "old") as old:
        with shared_attempt(shared, tmp_path / "new") as new:
            replaced(old.folder / "run.json", "of the old one")
            with (old.folder / EVENTS).open("ab") as log:
                log.write(line(77))
            until(lambda: old.superseded)
            replaced(new.folder / "run.json", "of the new one")
        assert not new.superseded
        assert fetched(shared, tmp_path / "x")["run.json"] == "of the new one"
    assert fetched(shared, tmp_path / "x")["run.json"] == "of the new one"
    assert list(lines_of(shared.log)) == [line(1).rstrip(), line(2).rstrip()]


def test_a_log_is_followed_from_one_process_to_the_next(shared: ObjectRun, tmp_path: Path):
    here = tmp_path / "here"
    mirror, seen = Mirror(here, shared.log), list[int]()

    def pull(mirror: Mirror) -> None:
        seen.extend(event.step for event in mirror.pull(held=False) if isinstance(event, Step))

    pull(mirror)
    with shared_attempt(shared, tmp_path) as attempt:
        with (attempt.folder / EVENTS).open("ab") as log:
            log.write(line(3))
        until(lambda: pull(mirror) or seen[-1:] == [3])
    assert seen == [1, 2, 3]  # each once, though the first two were written anew
    again = Mirror(here, ObjectRun(shared._store, "r").log)
    pull(again)
    assert seen == [1, 2, 3] and here.read_bytes() == line(1) + line(2) + line(3)
    here.write_bytes(line(1) + line(9))  # as of a process that was cut off, beyond what the next one had
    pull(Mirror(here, ObjectRun(shared._store, "r").log))
    assert seen == [1, 2, 3, 1, 2, 3] and here.read_bytes() == line(1) + line(2) + line(3)
    here.write_bytes(line(1))  # in the middle of a piece
    pull(Mirror(here, ObjectRun(shared._store, "r").log))
    assert seen[-2:] == [2, 3] and here.read_bytes() == line(1) + line(2) + line(3)


def test_a_file_that_differs_from_its_checksum_is_told(shared: ObjectRun, tmp_path: Path):
    key = shared.snapshot()._files["checkpoints/1"].key
    shared._store.write(key, b"checkpoints/!")
    with pytest.raises(RecdeskError, match="another checksum"):
        fetched(shared, tmp_path / "x")


def test_a_file_that_comes_torn_is_read_again(object_address: str, monkeypatch):
    job = Storage(object_address).job("one")
    job.create({"run": "r", "version": "1"})
    job.report(stage="testing", share=0.5)
    read, torn = ObjectStore.read, [b'{"share": 0.5}{', b"", None]

    def once_torn(self: ObjectStore, name: str) -> bytes | None:
        return torn.pop(0) if len(torn) > 1 else read(self, name)

    monkeypatch.setattr(ObjectStore, "read", once_torn)
    progress = job.progress()
    assert progress is not None and progress.share == 0.5 and torn == [None]


def test_a_piece_of_the_log_that_may_have_arrived_is_not_written_longer(shared: ObjectRun, tmp_path: Path, monkeypatch):
    writer = Writer(shared._store, f"{shared.name}/000009-test", tmp_path / "run")
    write = ObjectStore.write

    def unanswered(self: ObjectStore, name: str, content: bytes) -> None:
        write(self, name, content)
        raise StorageError("no answer")

    with monkeypatch.context() as patch:
        patch.setattr(ObjectStore, "write", unanswered)
        with pytest.raises(StorageError, match="no answer"):
            writer.write()
    mirror = Mirror(tmp_path / "here", ObjectRun(shared._store, "r").log)
    assert len(list(mirror.pull(held=False))) == 2
    with (tmp_path / "run" / EVENTS).open("ab") as log:
        log.write(line(3))
    writer.write()
    assert len(list(mirror.pull(held=False))) == 1
    assert (tmp_path / "here").read_bytes() == line(1) + line(2) + line(3)


def test_a_run_whose_sending_was_killed_is_sent_anew(shared: ObjectRun, tmp_path: Path, monkeypatch):
    for attempt in shared.attempts():
        shared._store.remove(f"{attempt}/list.json")  # the last that is written
    assert not shared.exists()
    with (tmp_path / "run" / EVENTS).open("ab") as log:
        log.write(line(3))
    shared.send(tmp_path / "run")
    assert shared.exists() and len(shared.attempts()) == 1
    assert [each + b"\n" for each in lines_of(shared.log)] == [line(1), line(2), line(3)]


def test_a_copy_is_made_again_where_a_file_of_its_list_was_replaced(shared: ObjectRun, tmp_path: Path, monkeypatch):
    folder, bring, times = tmp_path / "copy", ObjectSnapshot.bring, list[int]()

    def disturbed(self: ObjectSnapshot, *arguments) -> None:
        times.append(1)
        if len(times) == 1:
            replaced(tmp_path / "run" / "run.json", "second")
            Writer(shared._store, f"{shared.name}/000009-test", tmp_path / "run").write()
            shared._store.remove(shared.attempts()[0])
        bring(self, *arguments)

    monkeypatch.setattr(ObjectSnapshot, "bring", disturbed)
    monkeypatch.setattr(ObjectSnapshot, "record", lambda self: {"dataset_hash": "none"})
    monkeypatch.setattr(ObjectStore, "bring", lambda self, *_names: None)
    shared._copy(folder, [], object_run.UNWATCHED, everything=True)
    assert (folder / "run.json").read_text() == "second" and len(times) == 2


@pytest.mark.slow
def test_a_long_log_has_few_pieces_and_whoever_lags_behind_misses_nothing(
    shared: ObjectRun, tmp_path: Path, object_server: ObjectServer
):
    writer = Writer(shared._store, f"{shared.name}/000009-test", tmp_path / "run")
    mirror, behind = (Mirror(tmp_path / name, ObjectRun(shared._store, "r").log) for name in ("quick", "behind"))
    numbers = range(3, 203)
    for number in numbers:
        with (tmp_path / "run" / EVENTS).open("ab") as log:
            log.write(line(number))
        writer.write()
        assert len(list(mirror.pull(held=False))) == (3 if number == 3 else 1)
        if number in (40, 41, 130):
            list(behind.pull(held=False))
    for _ in range(object_log.LOOKS):
        list(behind.pull(held=False))
    whole = (tmp_path / "run" / EVENTS).read_bytes()
    assert (tmp_path / "quick").read_bytes() == (tmp_path / "behind").read_bytes() == whole
    assert len(shared._store.names(f"{shared.name}/000009-test/log")) < object_writer.SMALL
    object_server.requests.clear()
    assert len(list(lines_of(ObjectRun(shared._store, "r").log))) == 202
    assert len(object_server.requests) < 3 * object_writer.SMALL


@pytest.mark.slow
def test_who_trains_a_run_that_was_removed_ends(shared: ObjectRun, tmp_path: Path):
    with shared_attempt(shared, tmp_path) as attempt:
        shared._store.remove(shared.name)
        until(lambda: attempt.superseded)
        (attempt.folder / "more").write_text("more")
    assert not shared.exists()


@pytest.mark.slow
def test_a_store_that_is_away_at_the_very_end_costs_nothing(run: Run, monkeypatch, object_server: ObjectServer):
    end, refused = Job.end, list[int]()

    def away(self: Job, failed: list[str] | None = None) -> None:
        refused.append(1)
        if len(refused) < 3:
            raise StorageError("away")
        end(self, failed)

    monkeypatch.setattr(Job, "end", away)
    monkeypatch.setattr(store, "AGAIN_SECONDS", 0.05)
    ended, seen = carried(run)
    assert ended.state == "finished" and failures(seen) == [] and len(refused) == 3


def test_a_run_that_never_began_is_left_as_stopped_without_its_data(
    run: Run, place: ClusterRecord, head: FakeHead, object_server: ObjectServer, tmp_path: Path
):
    head.ending = ["RUNNING"]
    watch(run, Control(), lambda event: None, wait=False)
    there = Storage(place.storage).run(run.id)
    there.change(_set_stopped)
    assert there.snapshot().record()["state"] == "stopped" and list(lines_of(there.log))
    assert not list((tmp_path / "scratch").rglob("versions"))


def test_a_small_file_takes_one_request(object_address: str, object_server: ObjectServer):
    store = ObjectStore(object_address)
    store.write("jobs/a/first", b"1")
    object_server.requests.clear()
    store.write("jobs/a/control.json", b"2")
    assert [method for method, _ in object_server.requests] == ["PUT"]


def shared_attempt(run: ObjectRun, scratch: Path) -> object_run._Attempt:
    """A process that has a run, without data."""
    folder = scratch / "attempt"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    name = run._next()
    run._store.write(f"{name}/begun", b"")
    run.snapshot().bring(folder, lambda name: False, object_run.UNWATCHED)
    (folder / EVENTS).write_bytes(b"".join(each + b"\n" for each in lines_of(run.log)))
    return object_run._Attempt(run._store, run, name, folder)


def until(what: Callable[[], object], seconds: float = 20.0) -> None:
    deadline = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < deadline
        time.sleep(0.02)
