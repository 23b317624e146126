"""Training a run again from what is stored of it."""

from pathlib import Path

import pytest

from recdesk.core.errors import DataError, UsageError
from recdesk.core.records import read_object, write_record
from recdesk.core.tensors import load_tensors, save_tensors
from recdesk.experiment.pipeline import execute
from recdesk.experiment.reproduction import begin_reproduction, compare_reproduction, reproduced_by
from recdesk.monitor.control import Control
from recdesk.workspace.packing import pack
from recdesk.workspace.runs import Run
from recdesk.workspace.unpacking import open_package
from recdesk.workspace.workspace import Workspace
from tests.workspace.conftest import small_config


def trained(workspace: Workspace, **values) -> Run:
    run = workspace.create_run("chain", small_config(epochs=1, **values), "leave-one-out")
    run = execute(run, Control(), lambda event: None)
    assert run.state == "finished", run.reason
    return run


def again(run: Run) -> Run:
    return execute(begin_reproduction(run), Control(), lambda event: None)


@pytest.mark.slow
def test_a_run_comes_out_the_same_in_another_workspace(workspace: Workspace, tmp_path: Path):
    run = trained(workspace)
    pack([run], tmp_path / "a.recdesk")
    other = Workspace(tmp_path / "other")
    open_package(other, tmp_path / "a.recdesk")
    arrived = other.run(run.id)
    second = again(arrived)
    made = compare_reproduction(arrived, second)
    assert made.same and [check.what for check in made.checks] == ["weights", "figures", "top 10 of everybody"]
    assert made.sentence == f"Run {run.id} came out the same, bit by bit."
    assert (made.environment, made.figures, made.notes) == ([], [], [])
    assert second.reproduces == run.id and reproduced_by(second).id == run.id
    assert (second.config, second.split, second.dataset_hash) == (run.config, run.split, run.dataset_hash)


def test_where_it_differs_first_is_said_with_figures_and_versions(workspace: Workspace):
    run = trained(workspace)
    other = trained(workspace, seed=run.config.seed + 1)
    weights, about = load_tensors(run.best_folder / "model.safetensors")
    same = {name: value.clone() for name, value in weights.items()}
    same["bias"][3] += 0.25
    save_tensors(other.best_folder / "model.safetensors", same, about)
    environment = read_object(other.folder / "environment.json")
    write_record(other.folder / "environment.json", {**environment, "torch": "1.0", "threads": 99})
    made = compare_reproduction(run, Run.read(other.folder))
    weights_check, figures, lists = made.checks
    assert not made.same and weights_check.first == "1 of 40 numbers of “bias” differ, by 0.25 at most."
    assert [name for name, _, _ in made.environment] == ["torch", "threads"]
    assert made.sentence == f"Run {run.id} came out otherwise; these differ too: torch, threads."
    name = next(change for change in made.figures if change.part == "test")
    assert (name.before, name.again) == (run.metrics["test"][name.name], other.metrics["test"][name.name])
    assert figures.first.startswith("metrics · ") and lists.first.startswith("Line ")


def test_a_time_limit_is_named(workspace: Workspace):
    run = trained(workspace, minutes=5.0)
    assert compare_reproduction(run, run).notes == [
        "Its training was limited to 5 minutes: on a faster or slower computer it ends at another step."
    ]


def test_what_cannot_be_reproduced_is_refused(workspace: Workspace):
    queued = workspace.create_run("chain", small_config(), "leave-one-out")
    with pytest.raises(UsageError, match="is queued"):
        begin_reproduction(queued)
    with pytest.raises(UsageError, match="was not made to reproduce"):
        reproduced_by(queued)
    run = trained(workspace)
    (workspace.folder / "datasets" / "chain").rename(workspace.folder / "chain")
    with pytest.raises(DataError, match="is not in the workspace any more"):
        begin_reproduction(run)
