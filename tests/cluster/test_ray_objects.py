"""Runs, trials and exports on a real Ray cluster whose storage is an object store, reached by its own processes."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner

from recdesk.__main__ import app
from recdesk.cluster.place import place_of
from recdesk.cluster.runner import carry_out_study, execute
from recdesk.cluster.storage import Storage
from recdesk.experiment.study import create_study
from recdesk.monitor.control import Control, Controls
from recdesk.monitor.events import Event, Step
from recdesk.workspace.run_cluster import ClusterRecord
from recdesk.workspace.workspace import Workspace
from tests.cluster.object_server import KEYS, ObjectServer
from tests.cluster.ray_here import CPUS, MISSING, RayHere, ray_here
from tests.cluster.test_ray import carried, reference, same, workspace
from tests.cluster.test_ray_export import Command, at_work, until, whole
from tests.cluster.test_ray_export import run as people_run
from tests.experiment.test_trials import Seen
from tests.workspace.conftest import small_config

__all__ = ["people_run", "reference", "whole", "workspace"]
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(bool(MISSING), reason=MISSING or "there is Ray"),
    pytest.mark.timeout(600),
]


@pytest.fixture(scope="module")
def environment(tmp_path_factory) -> Iterator[None]:
    """Keys of the store, and a folder for what machines bring from it, for this process and those that it starts."""
    with pytest.MonkeyPatch.context() as patch:
        for name, value in KEYS.items():
            patch.setenv(name, value)
        patch.setenv("RECDESK_SCRATCH", str(tmp_path_factory.mktemp("scratch")))
        yield


@pytest.fixture(scope="module")
def ray(environment: None) -> Iterator[RayHere]:
    with ray_here() as found:
        yield found


@pytest.fixture(scope="module")
def address(object_server: ObjectServer, environment: None) -> str:
    return object_server.new_bucket()


@pytest.fixture
def place(ray: RayHere, address: str) -> ClusterRecord:
    return place_of(ray.address, address, cpus=CPUS)


@pytest.fixture(scope="module")
def run(people_run):
    """That `whole` is an export of."""
    return people_run


def test_the_command_tests_the_connection(ray: RayHere, address: str):
    done = CliRunner().invoke(app, ["cluster", ray.address, "--storage", address, "--json"])
    assert done.exit_code == 0 and '"problems": []' in done.stdout, done.output


def test_a_run_equals_the_run_here_though_its_worker_is_killed(
    ray: RayHere, workspace: Workspace, place: ClusterRecord, reference
):
    config = small_config(epochs=60, patience=60)
    killed: list[int] = []

    def kill(event: Event, control: Control) -> None:
        if isinstance(event, Step) and not killed:  # the first that are seen; the run takes seconds
            killed.extend(each.pid for each in ray.workers())
            for each in ray.workers():
                each.kill()

    run, seen = carried(workspace.create_run("chain", config, "leave-one-out", cluster=place), kill)
    assert len(killed) == 1 and run.cluster is not None and run.cluster.attempt == 1, seen
    same(run, reference)
    store = Storage(place.storage).store
    assert (store.names("runs"), store.names("jobs")) == ([], [])


def test_two_workers_equal_two_workers_here(ray: RayHere, workspace: Workspace, place: ClusterRecord):
    config, apart = small_config(epochs=60, patience=60, workers=2), place.model_copy(update={"cpus": 1})
    here = execute(workspace.create_run("chain", config, "leave-one-out"), Control(), lambda event: None)
    run, _ = carried(workspace.create_run("chain", config, "leave-one-out", cluster=apart), lambda event, control: None)
    same(run, here)


def test_trials_train_side_by_side(ray: RayHere, workspace: Workspace, place: ClusterRecord, monkeypatch):
    monkeypatch.setattr("recdesk.experiment.study.TRIAL_SHARE", 0.5)
    endless = small_config(epochs=100_000, patience=1000)
    study, seen = create_study(workspace, "chain", endless, "leave-one-out", 0.1), Seen()
    carry_out_study(study, seen, Controls(), 2, place.model_copy(update={"cpus": 1}))
    runs = study.runs()
    assert seen.most == 2 and len(runs) >= 2 and len(set(seen.begins)) == len(runs)
    assert {run.state for run in runs} <= {"finished", "stopped"} and study.best().has_model


def test_an_export_has_the_bytes_of_this_computer_though_a_worker_is_killed(
    ray: RayHere, run, address: str, tmp_path: Path, whole: bytes
):
    command = Command(ray, run, Path(), tmp_path)
    command.words[command.words.index("--storage") + 1] = address
    process = command.start()
    until(lambda: command.finished > 0 and len(at_work(ray)) > 0)
    at_work(ray)[0].kill()
    found = command.finish(process)
    assert command.merged.read_bytes() == whole and found["processes_lost"] == 1
    assert Storage(address).store.names("exports") == []
