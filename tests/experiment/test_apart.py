"""Runs in processes of their own: the same figures, whatever ends a process."""

import itertools
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest

from recdesk.core.records import read_object
from recdesk.experiment import apart
from recdesk.experiment.apart import execute_apart
from recdesk.experiment.pipeline import execute
from recdesk.monitor.control import Control
from recdesk.monitor.events import Evaluated, Event, Failed, Finished, StateChanged, Step, Warned, is_kept
from recdesk.workspace.run_log import events_of
from recdesk.workspace.runs import Run
from recdesk.workspace.workspace import Workspace
from tests.workspace.conftest import small_config

pytestmark = pytest.mark.skipif(os.name == "nt", reason="there are no such signals")


def run_of(workspace: Workspace, **values) -> Run:
    return workspace.create_run("chain", small_config(**values), "leave-one-out")


def children() -> list[int]:
    """Processes that carry runs out."""
    found = psutil.Process().children(recursive=True)
    return [child.pid for child in found if "spawn_main" in " ".join(child.cmdline())]


def carried(run: Run, hook: Callable[[Event, Control], object] = lambda *_: None, resume: bool = False):
    seen, control = list[Event](), Control()

    def emit(event: Event) -> None:
        seen.append(event)
        hook(event, control)

    return execute_apart(run, control, emit, resume, threads=1), seen


def figures(run: Run) -> tuple[dict[int, float], list[dict[str, float]]]:
    """Loss of each step, and the validation figures."""
    events = events_of(run)
    losses = {event.step: event.loss for event in events if isinstance(event, Step)}
    return losses, [event.metrics for event in events if isinstance(event, Evaluated)]


def test_a_process_need_not_load_torch_before_it_knows_its_threads():
    line = "import sys, recdesk.experiment.apart; print('torch' in sys.modules)"
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    said = subprocess.run([sys.executable, "-c", line], env=environment, capture_output=True, text=True, check=True)
    assert said.stdout.strip() == "False"


@pytest.mark.slow
def test_a_run_comes_to_what_it_does_in_this_process_and_records_its_threads(workspace: Workspace, monkeypatch):
    monkeypatch.setenv("OMP_NUM_THREADS", "1")
    here = execute(run_of(workspace), Control(), lambda _event: None)
    there, seen = carried(run_of(workspace))
    assert there.state == "finished" and there.metrics == here.metrics and figures(there) == figures(here)
    assert events_of(there) == [event for event in seen if is_kept(event)]
    assert isinstance(seen[0], StateChanged) and isinstance(seen[-1], Finished)
    assert read_object(there.folder / "environment.json")["threads"] == 1
    assert children() == []


@pytest.mark.slow
def test_a_killed_process_is_followed_by_another_which_goes_on_exactly(workspace: Workspace):
    long = {"epochs": 100, "patience": 1000}
    whole, _ = carried(run_of(workspace, **long))

    def kill(event: Event, _control: Control) -> None:
        if isinstance(event, Evaluated) and event.epoch >= 2 and not killed:
            killed.extend(children())
            os.kill(killed[0], signal.SIGKILL)

    killed: list[int] = []
    run, seen = carried(run_of(workspace, **long), kill)
    assert run.state == "finished" and figures(run) == figures(whole) and run.metrics == whole.metrics
    assert [event.sentence for event in seen if isinstance(event, Warned) and "signal 9" in event.sentence]


@pytest.mark.slow
def test_a_run_whose_processes_end_again_and_again_fails_with_a_sentence(workspace: Workspace, monkeypatch):
    monkeypatch.setattr(apart, "TRIES", 2)

    def kill(event: Event, _control: Control) -> None:
        if isinstance(event, StateChanged):
            os.kill(children()[0], signal.SIGKILL)

    run, seen = carried(run_of(workspace), kill)
    assert run.state == "failed" and "2 processes ended abruptly" in run.reason
    assert isinstance(seen[-1], Failed) and "fewer processes" in seen[-1].suggestion


@pytest.mark.slow
def test_pause_resume_and_stop_reach_the_process_and_it_goes_on(workspace: Workspace):
    moments: list[float] = []

    def steer(event: Event, control: Control) -> None:
        if isinstance(event, Step) and event.step >= 10 and not moments:
            moments.append(time.monotonic())
            control.pause()
        if isinstance(event, StateChanged) and moments:
            moments.append(time.monotonic())
            (control.resume if event.state == "paused" else control.stop)()

    run, seen = carried(run_of(workspace, epochs=100_000, patience=1000), steer)
    assert run.state == "stopped" and len(moments) == 3 and isinstance(seen[-1], Finished)
    assert [late - early < 2 for early, late in itertools.pairwise(moments)] == [True, True]
    last = max(event.step for event in seen if isinstance(event, Step))
    again, more = carried(run, lambda event, control: control.stop() if isinstance(event, Step) else None, resume=True)
    assert again.state == "stopped" and min(event.step for event in more if isinstance(event, Step)) == last + 1


def test_a_run_that_is_stopped_before_it_begins_is_kept(workspace: Workspace):
    control, seen = Control(), list[Event]()
    control.stop()
    run = execute_apart(run_of(workspace), control, seen.append, threads=1)
    assert (run.state, [event.kind for event in seen]) == ("stopped", ["finished"])
    assert run.resumable and children() == []


@pytest.mark.slow
def test_processes_end_with_the_one_that_was_killed(workspace: Workspace, tmp_path: Path):
    run = run_of(workspace, epochs=100_000, patience=1000)
    line = (
        "from pathlib import Path; from recdesk.experiment.apart import execute_apart;"
        "from recdesk.monitor.control import Control; from recdesk.workspace.runs import Run;"
        f"execute_apart(Run.read(Path({str(run.folder)!r})), Control(), lambda event: None, threads=1)"
    )
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    with subprocess.Popen([sys.executable, "-c", line], env=environment) as made:
        _wait(lambda: any(isinstance(event, Evaluated) for event in events_of(run)))
        theirs = [child.pid for child in psutil.Process(made.pid).children()]
        made.kill()
    _wait(lambda: not any(map(psutil.pid_exists, theirs)))
    assert workspace.run(run.id).state == "interrupted"


def _wait(until: Callable[[], bool]) -> None:
    limit = time.monotonic() + 60
    while not until():
        assert time.monotonic() < limit
        time.sleep(0.05)
