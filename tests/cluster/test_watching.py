"""A run on a cluster, with a head that carries jobs out in this process."""

import itertools
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from recdesk.cluster import watching, work
from recdesk.cluster.fetching import bring_home, refresh
from recdesk.cluster.runner import execute
from recdesk.cluster.storage import Storage, version_name
from recdesk.cluster.watching import watch
from recdesk.core.errors import RecdeskError
from recdesk.core.tensors import load_tensors
from recdesk.monitor.control import Control
from recdesk.monitor.events import Event, Failed, Finished, StageStarted, StateChanged, Step, Warned, is_kept
from recdesk.workspace.run_cluster import ClusterRecord
from recdesk.workspace.run_log import events_of
from recdesk.workspace.runs import MODEL, Run
from recdesk.workspace.workspace import Workspace
from tests.cluster.fake_head import FakeHead
from tests.workspace.conftest import small_config

Hook = Callable[[Event, Control], None]


def carried(run: Run, hook: Hook = lambda event, control: None, resume: bool = False) -> tuple[Run, list[Event]]:
    """A run as it was left, and its events."""
    seen, control = list[Event](), Control()

    def on_event(event: Event) -> None:
        seen.append(event)
        hook(event, control)

    return execute(run, control, on_event, resume), seen


def long_config():
    return small_config(epochs=100_000, patience=1000)


def at_step(number: int, do: Callable[[Control], None]) -> Hook:
    def hook(event: Event, control: Control) -> None:
        if isinstance(event, Step) and event.step == number:
            do(control)

    return hook


def failures(events: list[Event]) -> list[str]:
    return [event.sentence for event in events if isinstance(event, Failed)]


@pytest.fixture
def run(workspace: Workspace, place: ClusterRecord) -> Run:
    return workspace.create_run("chain", small_config(), "leave-one-out", cluster=place)


@pytest.fixture
def long_run(workspace: Workspace, place: ClusterRecord) -> Run:
    return workspace.create_run("chain", long_config(), "leave-one-out", cluster=place)


def test_it_ends_as_the_same_run_here_to_the_last_bit(workspace: Workspace, run: Run, head: FakeHead, monkeypatch):
    monkeypatch.setenv("OMP_NUM_THREADS", "1")
    there, seen = carried(run)
    here, _ = carried(workspace.create_run("chain", small_config(), "leave-one-out"))
    assert (there.state, there.metrics, there.comparisons) == ("finished", here.metrics, here.comparisons)
    ours, theirs = load_tensors(here.folder / MODEL)[0], load_tensors(there.folder / MODEL)[0]
    assert all((ours[name] == theirs[name]).all() for name in ours) and ours.keys() == theirs.keys()
    assert [e.loss for e in seen if isinstance(e, Step)] == [e.loss for e in events_of(here) if isinstance(e, Step)]
    assert events_of(there) == [event for event in seen if is_kept(event)]
    assert isinstance(seen[0], StateChanged) and isinstance(seen[-1], Finished)
    assert {path.name for path in here.folder.iterdir()} <= {path.name for path in there.folder.iterdir()}
    assert there.cluster is not None and head.taken == [there.cluster.submission]


@pytest.mark.slow
def test_data_travel_once_and_a_finished_run_is_deleted_there(workspace: Workspace, place: ClusterRecord):
    storage = Path(place.storage)
    for _ in range(2):
        run, _ = carried(workspace.create_run("chain", small_config(epochs=1), "leave-one-out", cluster=place))
        assert run.state == "finished" and run.has_model
    kept = storage / version_name(run.dataset_hash)
    assert [path.name for path in (storage / "versions").iterdir()] == [kept.name]
    assert list((storage / "runs").iterdir()) == [] and list((storage / "jobs").iterdir()) == []
    before = {path.name: path.stat().st_mtime_ns for path in kept.iterdir()}
    carried(workspace.create_run("chain", small_config(epochs=1), "leave-one-out", cluster=place))
    assert {path.name: path.stat().st_mtime_ns for path in kept.iterdir()} == before


def test_stop_and_pause_reach_it_within_seconds_and_resume_goes_on(long_run: Run, head: FakeHead):
    moments: list[float] = []

    def pause_then_stop(event: Event, control: Control) -> None:
        if isinstance(event, Step) and event.step == 10:
            moments.append(time.monotonic())
            control.pause()
        if isinstance(event, StateChanged) and event.state == "paused":
            moments.append(time.monotonic())
            control.resume()
        if isinstance(event, StateChanged) and event.state == "running" and len(moments) == 2:
            moments.append(time.monotonic())
            control.stop()

    run, first = carried(long_run, pause_then_stop)
    assert run.state == "stopped" and isinstance(first[-1], Finished) and time.monotonic() - moments[0] < 10
    assert [b - a < 2 for a, b in itertools.pairwise(moments)] == [True, True]
    last = max(event.step for event in first if isinstance(event, Step))
    run, second = carried(run, at_step(last + 5, Control.stop), resume=True)
    assert run.state == "stopped" and min(event.step for event in second if isinstance(event, Step)) == last + 1
    assert len(head.taken) == 2 and run.cluster is not None and run.cluster.attempt == 2
    steps = [event.step for event in events_of(run) if isinstance(event, Step)]
    assert steps == list(range(1, len(steps) + 1))


def test_a_run_that_is_left_goes_on_and_is_found_by_the_next_look(run: Run, head: FakeHead, workspace: Workspace):
    left, seen = carried(run, lambda event, control: control.leave() if isinstance(event, Step) else None)
    assert left.state == "running" and not isinstance(seen[-1], Finished | Failed)
    assert workspace.run(run.id).state == "running"  # nobody has its lock here, and yet it is not interrupted
    deadline = time.monotonic() + 30
    while refresh(workspace.run(run.id)).state != "finished" and time.monotonic() < deadline:
        time.sleep(0.05)
    found = workspace.run(run.id)
    assert found.state == "finished" and found.has_model and found.metrics["test"]
    assert isinstance(events_of(found)[-1], Finished) and len(head.taken) == 1


@pytest.mark.slow
def test_a_run_that_is_left_can_be_followed_again(long_run: Run, head: FakeHead):
    left, first = carried(long_run, at_step(3, Control.leave))
    run, second = carried(left, lambda event, control: control.stop() if isinstance(event, Step) else None, True)
    assert run.state == "stopped" and len(head.taken) == 1
    steps = [event.step for event in (*first, *second) if isinstance(event, Step)]
    assert steps == list(range(1, len(steps) + 1))  # none twice, none lost


@pytest.mark.slow
def test_it_is_only_sent_if_nobody_is_to_wait(run: Run, head: FakeHead):
    seen: list[Event] = []
    sent = watch(run, Control(), seen.append, wait=False)
    assert sent.state == "running" and len(head.taken) == 1
    ended, _ = carried(sent, resume=True)
    assert ended.state == "finished" and len(head.taken) == 1


def test_a_lost_answer_and_a_head_that_vanishes_send_nothing_twice(long_run: Run, head: FakeHead):
    head.lost_answers = 1

    def cut(event: Event, control: Control) -> None:
        if isinstance(event, Step) and event.step == 5:
            head.silent = True
        if isinstance(event, Warned) and "does not answer" in event.sentence:
            head.silent = False
        if isinstance(event, Warned) and "answers again" in event.sentence:
            control.stop()

    run, seen = carried(long_run, cut)
    assert run.state == "stopped" and failures(seen) == []
    assert len(set(head.taken)) == 1 and len(head.jobs) == 2  # the other one is the test of the connection


def test_a_job_that_ends_before_the_run_is_sent_again_under_another_id(run: Run, head: FakeHead):
    head.ending = ["FAILED", "FAILED"]
    ended, seen = carried(run)
    assert ended.state == "finished" and len(head.taken) == 3 and len(set(head.taken)) == 3
    assert sum("another one goes on" in e.sentence for e in seen if isinstance(e, Warned)) == 2


@pytest.mark.slow
def test_jobs_that_keep_ending_are_told_and_leave_a_run_that_can_be_resumed(run: Run, head: FakeHead):
    head.ending = ["FAILED"] * 10
    left, seen = carried(run)
    assert left.state == "interrupted" and left.resumable and "ended at 127.0.0.1" in failures(seen)[0]
    assert isinstance(seen[-1], Failed) and seen[-1].details == "what it printed"
    head.ending = []
    ended, _ = carried(left, resume=True)
    assert ended.state == "finished"


@pytest.mark.slow
def test_a_head_that_starts_anew_gets_the_job_under_the_id_that_it_had(run: Run, head: FakeHead):
    watch(run, Control(), lambda event: None, wait=False)
    first = list(head.taken)
    while head.jobs[first[0]] == "RUNNING":
        time.sleep(0.02)
    sent = Run.read(run.folder)
    storage = Storage(sent.cluster.storage)
    storage.store.remove(storage.job(first[0]).name("ended.json"))
    head.jobs.clear()
    ended, _ = carried(sent, resume=True)
    assert ended.state == "finished" and set(head.taken) == set(first)


@pytest.mark.slow
def test_a_storage_that_is_away_is_waited_for(long_run: Run, place: ClusterRecord):
    storage, hidden = Path(place.storage), Path(place.storage + "-away")

    def vanish(event: Event, control: Control) -> None:
        if isinstance(event, StateChanged) and event.state == "paused":
            storage.rename(hidden)
            control.resume()
        if isinstance(event, Warned) and "cannot be used now" in event.sentence:
            hidden.rename(storage)
            control.stop()
        if isinstance(event, Step) and event.step == 5:
            control.pause()

    run, seen = carried(long_run, vanish)
    assert run.state == "stopped" and failures(seen) == []


@pytest.mark.slow
def test_a_worker_that_died_after_the_end_of_its_run_ends_the_job(run: Run, monkeypatch):
    monkeypatch.setattr(work.Job, "end", lambda *_arguments: None)
    watch(run, Control(), lambda event: None, wait=False)
    there = Path(run.cluster.storage) / "runs" / run.id
    while Run.read(there).state != "finished":
        time.sleep(0.05)
    monkeypatch.undo()
    time.sleep(0.2)
    ended, seen = carried(Run.read(run.folder), resume=True)
    assert ended.state == "finished" and isinstance(seen[-1], Finished)


@pytest.mark.slow
def test_what_fails_there_is_told_here(workspace: Workspace, place: ClusterRecord, chain):
    run = workspace.create_run("chain", small_config("text-bert", encoder="scratch"), "leave-one-out", cluster=place)
    template = run.config.model_copy(update={"template": "{no such column}"})
    run = workspace.create_run("chain", template, "leave-one-out", cluster=place)
    ended, seen = carried(run)
    assert ended.state == "failed" and failures(seen) == [ended.reason] and "no such column" in ended.reason


@pytest.mark.slow
def test_a_stop_before_it_is_sent_leaves_a_stopped_run(run: Run, head: FakeHead):
    ended, seen = carried(run, lambda event, control: control.stop() if isinstance(event, StageStarted) else None)
    assert ended.state == "stopped" and isinstance(seen[-1], Finished) and head.taken == []
    again, _ = carried(ended, resume=True)
    assert again.state == "finished"


@pytest.mark.slow
def test_two_do_not_follow_a_run_at_once(long_run: Run):
    others: list[list[str]] = []

    def second(event: Event, control: Control) -> None:
        if isinstance(event, Step) and event.step == 3:
            others.append(failures(carried(long_run)[1]))
            control.stop()

    carried(long_run, second)
    assert len(others) == 1 and "another window or command" in others[0][0]


@pytest.mark.slow
def test_a_run_that_is_told_twice_to_stop_and_shows_no_sign_is_left(run: Run, head: FakeHead, monkeypatch):
    monkeypatch.setattr(watching, "GIVE_UP_SECONDS", 0.1)
    head.ending = ["RUNNING"]
    control, seen = Control(), list[Event]()
    for delay in (1.0, 1.1):
        threading.Timer(delay, control.stop).start()
    left = execute(run, control, seen.append)
    assert left.state == "interrupted" and "no sign" in failures(seen)[0]


def test_a_wrong_address_fails_before_anything_is_sent(workspace: Workspace, place: ClusterRecord, head: FakeHead):
    head.silent = True
    run, seen = carried(workspace.create_run("chain", small_config(), "leave-one-out", cluster=place))
    assert run.state == "failed" and "does not answer" in failures(seen)[0]
    assert not Path(place.storage).exists()
    assert replace(run, state="queued").resumable


def test_a_paused_run_that_is_followed_again_goes_on(long_run: Run):
    def leave_paused(event: Event, control: Control) -> None:
        if isinstance(event, Step) and event.step == 5:
            control.pause()
        if isinstance(event, StateChanged) and event.state == "paused":
            control.leave()

    left, _ = carried(long_run, leave_paused)
    assert refresh(left).state == "paused"
    run, seen = carried(Run.read(left.folder), lambda e, control: control.stop() if isinstance(e, Step) else None, True)
    assert run.state == "stopped" and any(isinstance(event, Step) for event in seen)


@pytest.mark.slow
def test_a_run_whose_cluster_is_gone_for_good_goes_on_here(workspace: Workspace, long_run: Run, head: FakeHead):
    left, _ = carried(long_run, at_step(5, Control.leave))
    with pytest.raises(RecdeskError, match="at work in another window or command"):
        bring_home(left)  # its worker lives
    stopped, _ = carried(left, lambda e, control: control.stop() if isinstance(e, Step) else None, resume=True)
    head.silent = True
    home = bring_home(stopped)
    assert (home.cluster, home.state) == (None, "stopped")
    last = max(event.step for event in events_of(home) if isinstance(event, Step))
    run, seen = carried(home, at_step(last + 3, Control.stop), resume=True)
    assert run.state == "stopped" and min(event.step for event in seen if isinstance(event, Step)) == last + 1
    head.silent = False
