"""Figures of a run, whom they are of, and the baselines beside it."""

import numpy as np
import pandas as pd

from recdesk.data.dataset import Dataset
from recdesk.data.importing import ImportResult
from recdesk.experiment.pipeline import execute
from recdesk.monitor.control import Control
from recdesk.monitor.events import Event, Warned
from recdesk.workspace.runs import Run
from recdesk.workspace.workspace import Workspace
from tests.workspace.conftest import small_config


def run_whole(workspace: Workspace, **values) -> tuple[Run, list[Event]]:
    run, seen = workspace.create_run("chain", small_config(**values), "leave-one-out"), []
    run = execute(run, Control(), seen.append)
    return run, seen


def repeating(workspace: Workspace) -> None:
    """Everybody's last item is their first."""
    ends = np.arange(30, dtype=np.int64) * 4
    items = (np.arange(30)[:, None] + np.array([0, 1, 2, 0])) % 30 + 1
    dataset = Dataset(
        "again",
        pd.Index([f"u{i}" for i in range(30)]),
        pd.Index([f"i{i}" for i in range(30)]),
        np.append(ends, 120),
        items.ravel().astype(np.int32),
    )
    workspace.add_dataset(ImportResult(dataset, [], pd.DataFrame()))


def test_that_no_figure_could_be_otherwise_is_kept_with_the_figures(workspace: Workspace):
    repeating(workspace)
    run = workspace.create_run("again", small_config(epochs=1), "leave-one-out")
    run = execute(run, Control(), lambda event: None)
    assert run.metrics["test"]["recall@20"] == run.baselines["most popular"]["test"]["recall@20"] == 0.0
    assert run.measured is not None and not run.measured.comparable
    assert run.measured.limits[0].startswith("No held-out item can be hit: everybody took theirs before")
    assert run.notes["measured"]["test"]["repeats"] == run.notes["measured"]["test"]["measured"] == 30
    assert run.notes["measured"]["validation"]["repeats"] == 0


def test_the_intervals_of_all_baselines_hold_together(workspace: Workspace):
    run, _ = run_whole(workspace, epochs=1)
    assert {result["family"] for result in run.comparisons.values()} == {len(run.baselines)} == {5}
    assert all(result["users"] == 60 for result in run.comparisons.values())


def test_a_run_goes_on_without_a_baseline_that_fails_and_with_a_damaged_cache(workspace: Workspace, monkeypatch):
    whole, _ = run_whole(workspace, epochs=1)
    for path in (workspace.folder / "cache").glob("baseline-*"):
        path.write_bytes(b"nonsense")

    def refuses(*_, **__) -> None:
        raise RuntimeError("[enforce fail at alloc_cpu.cpp:121] DefaultCPUAllocator: can't allocate memory")

    monkeypatch.setattr("recdesk.models.baselines.ease.Ease.fit_each", refuses)
    run, seen = run_whole(workspace, epochs=1)
    assert run.state == "finished"
    assert list(run.baselines) == ["most popular", "popular lately", "last item", "item-kNN"]
    assert all(run.baselines[name] == whole.baselines[name] for name in run.baselines)
    assert run.metrics == whole.metrics
    warned = [event.sentence for event in seen if isinstance(event, Warned)]
    assert "EASE is left out: there is not enough memory for it." in warned
    assert set(warned) <= set(run.notes["warnings"])
