import sys
import time
import types
from pathlib import Path

import pytest
from PySide6.QtCore import QThread

from recdesk.cluster.place import place_of
from recdesk.gui.training_controller import TrainingController
from recdesk.monitor.curves import RunCurves
from recdesk.monitor.events import Failed, Finished, StateChanged, Step
from recdesk.training.config import make_config
from recdesk.workspace.run_store import RunStore
from recdesk.workspace.runs import Run


def step(number):
    return Step(step=number, epoch=0.0, loss=1.0, learning_rate=0.1, tokens=10, seconds=number / 100)


def finished():
    return Finished(state="finished", reason="done", seconds=1.0, metrics={})


@pytest.fixture
def execute(monkeypatch):
    """Replace what carries runs out: set `execute.work`."""
    holder = types.ModuleType("recdesk.cluster.runner")
    holder.execute = lambda run, control, emit, resume=False: holder.work(control, emit, resume)
    monkeypatch.setitem(sys.modules, "recdesk.cluster.runner", holder)
    return holder


@pytest.fixture
def make_run(tmp_path):
    """Makes queued runs; nothing of them is read but what stands in their folders."""

    def make(study: str = "") -> Run:
        facts = {"name": "chain", "hash": "0"}
        return RunStore(tmp_path).create("chain", facts, make_config(), "leave-one-out", study)

    return make


@pytest.fixture
def run(make_run):
    return make_run()


@pytest.fixture
def controller(qapp):
    made = TrainingController()
    made.seen, made.states, made.batches = [], [], []
    made.events.connect(made.seen.extend)
    made.events.connect(lambda batch: made.batches.append((len(batch), QThread.currentThread())))
    made.state_changed.connect(made.states.append)
    yield made
    made.shutdown()
    made.deleteLater()


def idle(controller):
    return lambda: controller.state == "idle"


def test_every_event_arrives_once_in_order_in_few_batches_before_idle(controller, execute, run, qtbot):
    def work(_control, emit, _resume):
        for number in range(20_000):
            emit(step(number))
        emit(finished())

    execute.work = work
    controller.state_changed.connect(lambda state: controller.seen.append(state))
    controller.start(run)
    qtbot.waitUntil(idle(controller), timeout=20_000)
    assert [event.step for event in controller.seen[1:-2]] == list(range(20_000))
    assert isinstance(controller.seen[-2], Finished)
    assert (controller.seen[0], controller.seen[-1]) == ("running", "idle")
    assert len(controller.batches) < 200
    assert {thread for _, thread in controller.batches} == {controller.thread()}


def test_pause_resume_and_stop_reach_the_loop(controller, execute, run, qtbot):
    def work(control, emit, _resume):
        number = 0
        while not control.stopped:
            if control.paused:
                emit(StateChanged(state="paused"))
                control.wait_while_paused()
            number += 1
            if number % 1000 == 0:
                emit(step(number))
        emit(finished())

    execute.work = work
    controller.start(run)
    qtbot.waitUntil(lambda: any(isinstance(event, Step) for event in controller.seen))
    controller.pause()
    assert controller.state == "paused"
    qtbot.waitUntil(lambda: any(isinstance(event, StateChanged) for event in controller.seen))
    controller.resume()
    controller.stop()
    assert controller.state == "stopping"
    qtbot.waitUntil(idle(controller))
    assert isinstance(controller.seen[-1], Finished)
    assert controller.states == ["running", "paused", "running", "stopping", "idle"]


def test_resume_is_handed_on_and_another_run_can_follow(controller, execute, run, make_run, qtbot):
    told = []
    execute.work = lambda _control, _emit, resume: told.append(resume)
    controller.start(run, RunCurves())
    qtbot.waitUntil(idle(controller))
    second = make_run(study="2")
    controller.start(second)
    qtbot.waitUntil(idle(controller))
    assert told == [True, False]
    assert controller.run == second


def test_a_run_that_has_ended_is_known_as_it_was_left(controller, execute, make_run, tmp_path: Path, qtbot):
    run = make_run()
    execute.work = lambda _control, _emit, _resume: RunStore(tmp_path).set_state(run, "finished", reason="done")
    controller.start(run)
    assert controller.run.state == "queued"
    qtbot.waitUntil(idle(controller))
    assert (controller.run.state, controller.run.reason, run.state) == ("finished", "done", "queued")


def test_a_runner_that_raises_ends_in_a_failure_with_a_sentence(controller, execute, run, qtbot):
    def work(_control, _emit, _resume):
        raise RuntimeError("broken")

    execute.work = work
    controller.start(run)
    qtbot.waitUntil(idle(controller))
    (event,) = controller.seen
    assert isinstance(event, Failed)
    assert "broken" in event.details


def test_shutdown_stops_the_run_and_waits(controller, execute, run, qtbot):
    ends = []

    def work(control, _emit, _resume):
        while not control.stopped:
            pass
        ends.append("kept")

    execute.work = work
    controller.start(run)
    controller.shutdown()
    assert ends == ["kept"]
    assert controller.state == "idle"


def test_starting_while_a_run_is_under_way_is_refused(controller, execute, run, make_run, qtbot):
    execute.work = lambda control, _emit, _resume: [None for _ in iter(lambda: control.stopped, True)]
    controller.start(run)
    with pytest.raises(AssertionError):
        controller.start(make_run())
    controller.stop()
    qtbot.waitUntil(idle(controller))


def test_pausing_and_stopping_do_nothing_when_idle(controller):
    controller.pause()
    controller.resume()
    controller.stop()
    assert controller.states == []


def test_a_run_on_a_cluster_is_left_to_go_on_when_the_window_closes(controller, execute, tmp_path, qtbot):
    facts, cluster = {"name": "chain", "hash": "0"}, place_of("head", str(tmp_path))
    run = RunStore(tmp_path).create("chain", facts, make_config(), "leave-one-out", cluster=cluster)
    seen: list[bool] = []

    def work(control, emit, _resume):
        emit(step(1))
        while not control.left:
            time.sleep(0.01)
        seen.append(control.left)

    execute.work = work
    controller.start(run)
    qtbot.waitUntil(lambda: bool(controller.seen), timeout=20_000)
    assert controller.goes_on_elsewhere
    controller.shutdown()
    assert seen == [True] and controller.state == "idle"
