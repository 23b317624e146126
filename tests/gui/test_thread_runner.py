"""What every runner keeps, whoever it brings a run to."""

import os
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pandas as pd
import pytest

from recdesk.cluster.place import place_of
from recdesk.core.machine import LOWER, usable_cores
from recdesk.data.importing import ImportResult
from recdesk.experiment.pipeline import execute
from recdesk.gui.training_controller import ThreadRunner
from recdesk.monitor.control import Control
from recdesk.monitor.events import Event, Failed, Finished, StateChanged, Step, Warned, is_kept
from recdesk.workspace.run_log import events_of
from recdesk.workspace.run_store import RunStore
from recdesk.workspace.runs import Run
from recdesk.workspace.workspace import Workspace
from tests.cluster.ray_here import MISSING, RayHere, ray_here
from tests.workspace.conftest import small_config

Carry = Callable[[Run, bool, Callable[[Event, Control | None], None]], list[Event]]


@pytest.fixture
def workspace(tmp_path: Path, chain) -> Workspace:
    workspace = Workspace(tmp_path / "ws")
    workspace.add_dataset(ImportResult(chain, [], pd.DataFrame()))
    return workspace


@pytest.fixture(scope="module")
def ray() -> Iterator[RayHere]:
    if MISSING:
        pytest.skip(MISSING)
    with ray_here() as found:
        yield found


@pytest.fixture(
    params=["inline", "thread", pytest.param("cluster", marks=[pytest.mark.slow, pytest.mark.timeout(600)])]
)
def carry(request, qtbot, tmp_path: Path) -> Carry:
    """Carry a run out to its end; the hook sees each event, and the control once there is one."""

    def inline(run: Run, resume: bool, hook: Callable[[Event, Control | None], None]) -> list[Event]:
        seen: list[Event] = []
        control = Control()

        def on_event(event: Event) -> None:
            seen.append(event)
            hook(event, control)

        run = execute(run, control, on_event, resume)
        return seen

    def thread(run: Run, resume: bool, hook: Callable[[Event, Control | None], None]) -> list[Event]:
        seen: list[Event] = []
        runner = ThreadRunner()
        controls: list[Control] = []

        def on_event(event: Event) -> None:
            seen.append(event)
            hook(event, controls[0] if controls else None)

        with qtbot.waitSignal(runner.ended, timeout=60_000 if request.param != "cluster" else 500_000):
            controls.append(runner.start(run, resume, on_event))
        return seen

    def cluster(run: Run, resume: bool, hook: Callable[[Event, Control | None], None]) -> list[Event]:
        threads = int(os.environ.get("OMP_NUM_THREADS") or usable_cores())
        place = place_of(request.getfixturevalue("ray").address, str(tmp_path / "storage"), cpus=threads)
        RunStore.of(run).set_state(run, run.state, cluster=(Run.read(run.folder).cluster or place).to_dict())
        return thread(Run.read(run.folder), resume, hook)

    return {"inline": inline, "thread": thread, "cluster": cluster}[request.param]


def nothing(event: Event, control: Control | None) -> None:
    """A hook that only listens."""


def losses(events: list[Event]) -> list[tuple[int, float]]:
    return [(e.step, e.loss) for e in events if isinstance(e, Step)]


def test_events_come_in_order_and_the_last_is_the_end(workspace: Workspace, carry: Carry):
    run = workspace.create_run("chain", small_config(), "leave-one-out")
    seen = carry(run, False, nothing)
    assert isinstance(seen[0], StateChanged) and isinstance(seen[-1], Finished)
    assert [step for step, _ in losses(seen)] == list(range(1, len(losses(seen)) + 1))
    run = Run.read(run.folder)
    assert run.state == "finished"
    # what a runner alone knows, such as that a cluster has no free CPUs yet, is told and not kept
    kept, told = ([each for each in events if not isinstance(each, Warned)] for events in (events_of(run), seen))
    assert kept == [event for event in told if is_kept(event)]


def test_a_failure_is_the_last_event_and_no_exception(workspace: Workspace, carry: Carry):
    run = workspace.create_run("chain", small_config(), "leave-one-out")
    workspace.remove_dataset("chain")
    seen = carry(run, False, nothing)
    assert isinstance(seen[-1], Failed)
    assert Run.read(run.folder).state == "failed"


@pytest.mark.slow
def test_stop_takes_effect_within_a_few_steps_and_resume_goes_on(workspace: Workspace, carry: Carry):
    run = workspace.create_run("chain", small_config(epochs=100_000, patience=1000), "leave-one-out")

    def stop(event: Event, control: Control | None) -> None:
        if isinstance(event, Step) and event.step >= 10 and control is not None:
            control.stop()

    first = carry(run, False, stop)
    assert Run.read(run.folder).state == "stopped"
    last = max(step for step, _ in losses(first))
    second = carry(run, True, stop)
    assert min(step for step, _ in losses(second)) == last + 1


def test_the_runner_changes_no_number(workspace: Workspace, carry: Carry):
    run = workspace.create_run("chain", small_config(), "leave-one-out")
    seen = carry(run, False, nothing)
    other = workspace.create_run("chain", small_config(), "leave-one-out")
    reference: list[Event] = []
    other = execute(other, Control(), reference.append)
    assert losses(seen) == losses(reference)
    assert Run.read(run.folder).metrics == other.metrics


@pytest.mark.skipif(sys.platform != "linux", reason="threads have no priority of their own elsewhere")
def test_training_in_a_thread_gives_way_to_the_window(workspace: Workspace, carry: Carry, request):
    """So that the window stays fluid while all cores train."""
    found = set()
    run = workspace.create_run("chain", small_config(), "leave-one-out")
    here = os.getpriority(os.PRIO_PROCESS, threading.get_native_id())
    carry(run, False, lambda _event, _control: found.add(os.getpriority(os.PRIO_PROCESS, threading.get_native_id())))
    assert found == ({min(here + LOWER, 19)} if request.node.callspec.params["carry"] != "inline" else {here})
    assert os.getpriority(os.PRIO_PROCESS, threading.get_native_id()) == here
