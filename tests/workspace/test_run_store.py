"""A run is read once, each of its files once; what is damaged is said; a store writes its state."""

import dataclasses
import shutil
from pathlib import Path

import pytest

from recdesk.core.errors import DataError
from recdesk.workspace.run_store import RunStore
from recdesk.workspace.runs import Run
from recdesk.workspace.workspace import Workspace
from tests.gui.trained import trained_workspace


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    """With a finished run, and a copy of it."""
    workspace = trained_workspace(tmp_path / "trained")
    (run,) = workspace.runs()
    shutil.copytree(run.folder, run.folder.with_name(f"{run.id}-2"))
    return workspace


def test_a_run_is_read_once_and_asking_it_reads_nothing(workspace: Workspace, watching):
    folder = workspace.runs()[0].folder
    watch = watching(folder)
    run = Run.read(folder)
    opened = sorted(what for what, _ in watch.seen if what.startswith("open"))
    assert opened == [f"open /{name}.json" for name in ("config", "metrics", "protocol", "run")]
    watch.seen.clear()
    run.require_model()
    assert run.metrics["test"]["ndcg@10"] > 0 and run.config.kind and run.has_model and not run.problems
    names = [name for name, value in vars(Run).items() if isinstance(value, property)]
    assert len([getattr(run, name) for name in names]) > 4
    assert watch.seen == []
    with pytest.raises(dataclasses.FrozenInstanceError):
        run.state = "failed"  # type: ignore[misc]


def test_listing_runs_reads_each_file_of_each_run_once(workspace: Workspace, watching):
    watch = watching(workspace.folder / "runs")
    runs = workspace.runs([])
    opened = [what for what, _ in watch.seen if what.startswith("open ") and what.endswith(".json")]
    assert len(opened) == len(set(opened)) == 4 * len(runs) == 8


def test_damaged_figures_leave_the_rest_and_say_why(workspace: Workspace):
    folder = workspace.runs()[0].folder
    (folder / "metrics.json").unlink()
    (folder / "metrics.json").write_text("{", encoding="utf-8")
    run = Run.read(folder)
    assert (run.state, run.metrics) == ("finished", {})
    assert ["metrics.json" in problem.sentence for problem in run.problems] == [True]
    damaged: list = []
    assert len(workspace.runs(damaged)) == 2
    assert [str(error) for error in damaged] == [str(problem) for problem in run.problems]


def test_a_run_whose_settings_are_damaged_is_left_out_and_its_data_is_still_needed(workspace: Workspace):
    run, other = workspace.runs()
    (run.folder / "config.json").unlink()
    damaged: list = []
    assert [found.id for found in workspace.runs(damaged)] == [other.id]
    assert ["config.json" in error.sentence for error in damaged] == [True]
    with pytest.raises(DataError, match=r"config\.json"):
        workspace.run(run.id)
    shutil.rmtree(other.folder)
    assert workspace.run_store.hashes_in_use() == {run.dataset_hash}


def test_a_store_writes_the_state_and_the_record_stays_as_it_was_read(workspace: Workspace):
    run = workspace.runs()[0]
    RunStore.of(run).set_state(run, "stopped", ["log.txt"], reason="enough")
    assert (run.state, run.resumable) == ("finished", False)
    after = Run.read(run.folder)
    assert (after.resumable, after.reason, after.has) == (True, "enough", (*run.has, "log.txt"))
    same = {"state", "reason", "has"}
    values = [{k: v for k, v in vars(one).items() if k not in same} for one in (run, after)]
    assert values[0] == values[1]


def test_only_a_run_that_has_not_finished_can_fail(workspace: Workspace):
    run = workspace.runs()[0]
    store = RunStore.of(run)
    store.set_failed(run, "no")
    assert Run.read(run.folder).state == "finished"
    store.set_state(run, "running")
    store.set_failed(run, "The GPU caught fire.")
    assert Run.read(run.folder).reason == "The GPU caught fire."


def test_a_file_that_is_noted_once_must_be_there(workspace: Workspace):
    run = workspace.runs()[0]
    before = (run.folder / "run.json").read_bytes()
    store = RunStore.of(run)
    store.note_written(run, "metrics.json")
    assert (run.folder / "run.json").read_bytes() == before
    store.note_written(run, "added-items.json")
    assert Run.read(run.folder).has_added_items and not run.has_added_items


def test_a_run_is_known_by_its_whole_id_alone(workspace: Workspace):
    run = workspace.runs()[0]
    assert workspace.run_store.holds(run.id)
    (run.folder.with_name("damaged")).mkdir()
    for name in ("", run.id[:-1], "damaged", "gone"):
        assert not workspace.run_store.holds(name)
