"""Runs on a real Ray cluster on this machine: the same result, and none lost or doubled whatever is killed."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pandas as pd
import pytest
from typer.testing import CliRunner

from recdesk.__main__ import app
from recdesk.cluster.connection import connection_to
from recdesk.cluster.place import place_of
from recdesk.cluster.runner import execute
from recdesk.core.tensors import load_tensors
from recdesk.data.importing import ImportResult
from recdesk.monitor.control import Control
from recdesk.monitor.events import Event, Failed, Finished, Step
from recdesk.workspace.run_log import events_of
from recdesk.workspace.runs import MODEL, Run
from recdesk.workspace.workspace import Workspace
from tests.cluster.proxy import Proxy
from tests.cluster.ray_here import CPUS, MISSING, ROOT, RayHere, ray_here
from tests.conftest import chain_dataset
from tests.workspace.conftest import small_config

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(bool(MISSING), reason=MISSING or "there is Ray"),
    pytest.mark.timeout(600),
]


@pytest.fixture(scope="module")
def ray() -> Iterator[RayHere]:
    with ray_here() as found:
        yield found


@pytest.fixture(scope="module")
def workspace(tmp_path_factory) -> Workspace:
    made = Workspace(tmp_path_factory.mktemp("ray") / "ws")
    made.add_dataset(ImportResult(chain_dataset(), [], pd.DataFrame()))
    return made


@pytest.fixture(scope="module")
def storage(tmp_path_factory) -> Path:
    return tmp_path_factory.mktemp("storage")


def steps(events: list[Event]) -> list[tuple[int, float]]:
    return [(event.step, event.loss) for event in events if isinstance(event, Step)]


def finished(run: Run, seconds: float = 120.0) -> Run:
    """The run, once it has ended as the command finds it."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        said = recdesk(run.workspace, "runs")["runs"]
        if next(each for each in said if each["run"] == run.id)["state"] == "finished":
            return Run.read(run.folder)
        time.sleep(0.5)
    raise AssertionError(f"{run.id} has not ended")


def recdesk(workspace: Path, *words: str) -> dict:
    done = CliRunner().invoke(app, [*words, "--workspace", str(workspace), "--json"])
    assert done.exit_code == 0, done.output
    return json.loads(done.stdout.splitlines()[-1])


@pytest.fixture(scope="module")
def reference(workspace: Workspace) -> Run:
    """The run that all others are compared with, trained here, with as many threads."""
    before = os.environ.get("OMP_NUM_THREADS")
    os.environ["OMP_NUM_THREADS"] = str(CPUS)
    try:
        return execute(workspace.create_run("chain", small_config(epochs=60, patience=60), "leave-one-out"),
                       Control(), lambda event: None)  # fmt: skip
    finally:
        if before is None:
            del os.environ["OMP_NUM_THREADS"]
        else:
            os.environ["OMP_NUM_THREADS"] = before


def sent(workspace: Workspace, address: str, storage: Path) -> Run:
    place = place_of(address, str(storage), cpus=CPUS)
    return workspace.create_run("chain", small_config(epochs=60, patience=60), "leave-one-out", cluster=place)


def same(run: Run, reference: Run) -> None:
    """Whether weights, figures and losses of each step are the same, each step once."""
    ours, theirs = load_tensors(reference.folder / MODEL)[0], load_tensors(run.folder / MODEL)[0]
    assert ours.keys() == theirs.keys() and all((ours[name] == theirs[name]).all() for name in ours)
    assert (run.state, run.metrics, run.comparisons) == ("finished", reference.metrics, reference.comparisons)
    assert steps(events_of(run)) == steps(events_of(reference))


def carried(run: Run, hook: Callable[[Event, Control], None], resume: bool = False) -> tuple[Run, list[Event]]:
    seen, control = list[Event](), Control()

    def on_event(event: Event) -> None:
        seen.append(event)
        hook(event, control)

    return execute(run, control, on_event, resume), seen


def test_the_command_tests_the_connection(ray: RayHere, workspace: Workspace, storage: Path):
    done = CliRunner().invoke(app, ["cluster", ray.address, "--storage", str(storage), "--json"])
    found = json.loads(done.stdout.splitlines()[-1])
    assert found["problems"] == found["differing"] == []
    assert [(node["cpus"], node["reaches"]) for node in found["nodes"]] == [(CPUS, True)]
    place = place_of(f"127.0.0.1:{ray.port}", str(storage))
    assert connection_to(place).most_cpus == CPUS


def test_a_run_of_one_worker_equals_the_run_here(ray: RayHere, workspace: Workspace, storage: Path, reference: Run):
    run, seen = carried(sent(workspace, ray.address, storage), lambda event, control: None)
    same(run, reference)
    assert isinstance(seen[-1], Finished)
    about = json.loads((run.folder / "environment.json").read_text(encoding="utf-8"))
    assert about["threads"] == CPUS


@pytest.mark.parametrize("what", ["worker", "driver"])
def test_a_process_that_is_killed_costs_no_figure(
    ray: RayHere, workspace: Workspace, storage: Path, reference: Run, what: str
):
    killed: list[int] = []

    def kill(event: Event, control: Control) -> None:
        if isinstance(event, Step) and event.step in (40, 90) and event.step not in killed:
            killed.append(event.step)
            for process in ray.workers() if what == "worker" else ray.drivers():
                process.kill()

    run, _ = carried(sent(workspace, ray.address, storage), kill)
    assert killed == [40, 90]
    same(run, reference)
    assert run.cluster is not None and run.cluster.attempt == (1 if what == "worker" else 3)


def test_two_workers_equal_two_workers_here_and_one_of_them_may_be_killed(
    ray: RayHere, workspace: Workspace, storage: Path
):
    config, place = small_config(epochs=60, patience=60, workers=2), place_of(ray.address, str(storage), cpus=1)
    here = execute(workspace.create_run("chain", config, "leave-one-out"), Control(), lambda event: None)
    there = partial(workspace.create_run, "chain", config, "leave-one-out", cluster=place)
    quiet, _ = carried(there(), lambda event, control: None)
    same(quiet, here)
    killed: list[str] = []

    def kill(event: Event, control: Control) -> None:
        if isinstance(event, Step) and event.step == 40 and not killed:
            followers = [each for each in ray.workers() if "ray::train_with" in " ".join(each.cmdline())]
            killed.extend(each.name() for each in followers)
            for each in followers:
                each.kill()

    run, _ = carried(there(), kill)
    assert len(killed) == 1 and run.cluster is not None and run.cluster.attempt == 1
    same(run, here)


def test_a_connection_that_is_cut_costs_nothing(ray: RayHere, workspace: Workspace, storage: Path, reference: Run):
    proxy = Proxy(ray.port)
    cuts = 0

    def cut(event: Event, control: Control) -> None:
        nonlocal cuts
        if isinstance(event, Step) and event.step in (20, 60, 100):
            cuts += 1
            proxy.sever()
        elif isinstance(event, Step) and event.step % 20 == 10:
            proxy.mend()

    try:
        run, _ = carried(sent(workspace, f"http://127.0.0.1:{proxy.port}", storage), cut)
    finally:
        proxy.close()
    same(run, reference)
    assert cuts == 3 and run.cluster is not None and run.cluster.attempt == 1


def test_the_process_that_waits_may_be_killed(ray: RayHere, workspace: Workspace, storage: Path, reference: Run):
    run = sent(workspace, ray.address, storage)
    words = [sys.executable, "-m", "recdesk", "resume", run.id, "--workspace", str(workspace.folder)]
    there = {**os.environ, "PYTHONPATH": str(ROOT)}
    for number in range(3):
        with subprocess.Popen(words, env=there, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as waiting:
            deadline = time.monotonic() + 90
            while len(steps(events_of(Run.read(run.folder)))) < 10 * (number + 1) and time.monotonic() < deadline:
                time.sleep(0.05)
            waiting.send_signal((signal.SIGKILL, signal.SIGTERM, signal.SIGHUP)[number])
    same(finished(run), reference)
    left = Run.read(run.folder)
    assert left.cluster is not None and left.cluster.attempt == 1


def test_stop_and_resume_reach_a_worker(ray: RayHere, workspace: Workspace, storage: Path):
    place = place_of(ray.address, str(storage), cpus=1)
    config = small_config(epochs=100_000, patience=1000)
    run = workspace.create_run("chain", config, "leave-one-out", cluster=place)
    asked: list[float] = []

    def stop(event: Event, control: Control) -> None:
        if isinstance(event, Step) and not asked:
            asked.append(time.monotonic())
            control.stop()

    run, first = carried(run, stop)
    assert run.state == "stopped" and time.monotonic() - asked[0] < 10 and isinstance(first[-1], Finished)
    asked.clear()
    run, second = carried(run, stop, resume=True)
    assert steps(second)[0][0] == steps(first)[-1][0] + 1 and not any(isinstance(event, Failed) for event in second)
