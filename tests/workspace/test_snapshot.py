"""A run as it stood at one look: each file read once, a damaged one told."""

import shutil
from pathlib import Path

import pytest

from recdesk.workspace.runs import Run
from recdesk.workspace.snapshot import RunSnapshot, is_run, snapshots
from recdesk.workspace.workspace import Workspace
from tests.gui.trained import trained_workspace


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    """With a finished run, and a copy of it."""
    workspace = trained_workspace(tmp_path / "trained")
    (run,) = workspace.runs()
    shutil.copytree(run.folder, run.folder.with_name(f"{run.id}-2"))
    return workspace


def test_a_snapshot_reads_each_file_once_and_what_it_knows_needs_none(workspace: Workspace, watching):
    folder = workspace.runs()[0].folder
    watch = watching(folder)
    run = RunSnapshot.of(folder)
    opened = sorted(what for what, _ in watch.seen if what.startswith("open"))
    assert opened == [f"open /{name}.json" for name in ("config", "metrics", "protocol", "run")]
    watch.seen.clear()
    assert run.metrics["test"]["ndcg@10"] > 0 and run.config is not None and run.has_model and not run.problems
    assert watch.seen == []


def test_a_damaged_part_of_a_run_leaves_the_rest_and_says_why(workspace: Workspace):
    folder = workspace.runs()[0].folder
    (folder / "metrics.json").unlink()
    (folder / "metrics.json").write_text("{", encoding="utf-8")
    run = RunSnapshot.of(folder)
    assert (run.state, run.metrics, run.config is None) == ("finished", {}, False)
    assert ["metrics.json" in problem.sentence for problem in run.problems] == [True]
    assert len(snapshots(workspace)) == 2


def test_a_snapshot_says_what_the_run_says(workspace: Workspace):
    run = workspace.runs()[0]
    snapshot = RunSnapshot.of(run.folder)
    names = [name for name in vars(snapshot) if name != "problems"]
    assert {name: getattr(snapshot, name) for name in names} == {name: getattr(run, name) for name in names}
    Run(run.folder).set_state("stopped", reason="enough")
    assert (snapshot.state, snapshot.resumable) == ("finished", False)
    assert RunSnapshot.of(run.folder).resumable


def test_a_run_is_known_by_its_whole_id_alone(workspace: Workspace):
    run = workspace.runs()[0]
    assert is_run(workspace, run.id)
    (run.folder.with_name("damaged")).mkdir()
    for name in ("", run.id[:-1], "damaged", "gone"):
        assert not is_run(workspace, name)
    assert [snapshot.id for snapshot in snapshots(workspace)] == [run.id for run in workspace.runs()]
