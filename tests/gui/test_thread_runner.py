"""What every runner keeps, whoever it brings a run to."""

from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from recdesk.data.importing import ImportResult
from recdesk.experiment.pipeline import execute
from recdesk.gui.training_controller import ThreadRunner
from recdesk.monitor.control import Control
from recdesk.monitor.events import Event, Failed, Finished, StateChanged, Step, is_kept
from recdesk.workspace.run_log import events_of
from recdesk.workspace.runs import Run
from recdesk.workspace.workspace import Workspace
from tests.workspace.conftest import small_config

Carry = Callable[[Run, bool, Callable[[Event, Control | None], None]], list[Event]]


@pytest.fixture
def workspace(tmp_path: Path, chain) -> Workspace:
    workspace = Workspace(tmp_path / "ws")
    workspace.add_dataset(ImportResult(chain, [], pd.DataFrame()))
    return workspace


@pytest.fixture(params=["inline", "thread"])
def carry(request, qtbot) -> Carry:
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

        with qtbot.waitSignal(runner.ended, timeout=60_000):
            controls.append(runner.start(run, resume, on_event))
        return seen

    return inline if request.param == "inline" else thread


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
    assert events_of(run) == [event for event in seen if is_kept(event)]


def test_a_failure_is_the_last_event_and_no_exception(workspace: Workspace, carry: Carry):
    run = workspace.create_run("chain", small_config(), "leave-one-out")
    workspace.remove_dataset("chain")
    seen = carry(run, False, nothing)
    assert isinstance(seen[-1], Failed)
    assert Run.read(run.folder).state == "failed"


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
