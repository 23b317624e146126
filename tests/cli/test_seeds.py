"""`recdesk train --repeat`, and groups of seeds in runs, compare, report and resume."""

import os
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from recdesk.data.importing import ImportResult
from recdesk.experiment.seed_figures import how_good_group, seed_figures
from recdesk.workspace.run_groups import RunGroup, find_group
from recdesk.workspace.run_results import load_results
from recdesk.workspace.run_store import RunStore
from recdesk.workspace.workspace import Workspace
from tests.cli.test_commands import recdesk
from tests.conftest import chain_dataset

SMALL = ("--set", "hidden=16", "--set", "layers=1", "--set", "max_length=10", "--epochs", "1", "--device", "cpu")


def empty(folder: Path) -> Workspace:
    workspace = Workspace(folder / "workspace")
    workspace.add_dataset(ImportResult(chain_dataset(), [], pd.DataFrame()))
    return workspace


@pytest.fixture(scope="module")
def workspace(tmp_path_factory) -> Workspace:
    """With a group of three seeds and one of two with another width; look, don't change."""
    workspace = empty(tmp_path_factory.mktemp("seeds"))
    recdesk("train", "chain", *SMALL, "--repeat", 3, "--workspace", workspace.folder)
    recdesk("train", "chain", *SMALL, "--set", "hidden=8", "--repeat", 2, "--workspace", workspace.folder)
    return workspace


@pytest.fixture
def groups(workspace: Workspace) -> list[RunGroup]:
    """The older one first."""
    return [find_group(workspace, name) for name in sorted({run.group for run in workspace.runs()})]


@pytest.fixture
def group(groups: list[RunGroup]) -> RunGroup:
    return next(group for group in groups if group.size == 3)


@pytest.mark.slow
def test_several_seeds_are_one_result_with_its_interval(workspace: Workspace, group: RunGroup):
    told = recdesk("runs", group.id, "--workspace", workspace.folder)
    values = [run.metrics["test"]["ndcg@10"] for run in group.runs]
    assert len(set(values)) == 3  # they learned differently
    low, high = stats.t.interval(0.95, 2, np.mean(values), stats.sem(values))
    figure = told["figures"]["ndcg@10"]
    lists = how_good_group(seed_figures(group)).figures["debiased ndcg@10"]
    assert lists.seeds == 3 and lists.low < lists.value < lists.high
    assert (figure["value"], figure["low"], figure["high"]) == pytest.approx((np.mean(values), low, high))
    assert (figure["seeds"], figure["people"], told["finished"]) == (3, 60, 3)
    assert "Student’s t over seeds, 2 degrees of freedom" in told["sentences"][0]
    popular = told["against"]["most popular"]
    assert popular["value"] == pytest.approx(
        np.mean([run.comparisons["most popular"]["difference"] for run in group.runs])
    )
    assert popular["better"] + popular["worse"] <= 3


def test_the_list_has_a_row_for_the_group(workspace: Workspace, group: RunGroup):
    told = recdesk("runs", "--workspace", workspace.folder)
    assert {(each["group"], each["finished"]) for each in told["groups"]} >= {(group.id, 3)}
    assert sum(each.get("group") == group.id for each in told["runs"]) == 3


def test_groups_are_compared_over_people_and_over_seeds(workspace: Workspace, groups: list[RunGroup]):
    ours, theirs = sorted(groups, key=lambda group: group.size)
    told = recdesk("compare", theirs.id, ours.id, "--workspace", workspace.folder)
    (difference,) = [each for each in told["differences"] if each["name"] == "ndcg@10"]
    results = [[load_results(run, 60, 40)["test"].ranks.per_user(10, "ndcg") for run in g.runs] for g in (ours, theirs)]
    people = np.mean(results[0], axis=0) - np.mean(results[1], axis=0)
    assert difference["difference"] == pytest.approx(people.mean())
    over = stats.ttest_ind(*[np.mean(each, axis=1) for each in results], equal_var=False).confidence_interval(
        1 - 0.05 / 4
    )
    assert (difference["seeds_low"], difference["seeds_high"]) == pytest.approx((over.low, over.high))
    outside = not over.low <= 0 <= over.high
    assert not difference["real"] or outside
    assert told["settings"] == [{"setting": "hidden", "values": {told["runs"][0]: 16, told["runs"][1]: 8}}]
    assert told["groups"][told["runs"][0]]["group"] == theirs.id
    assert told["figures"][told["runs"][0]]["ndcg@10"]["seeds"] == 3


def test_a_group_beside_a_single_run_says_that_its_luck_is_unknown(workspace: Workspace, groups: list[RunGroup]):
    group, other = groups
    told = recdesk("compare", group.id, other.first.id, "--workspace", workspace.folder)
    assert f"{other.first.id} is a single seed: how much of a difference is its luck is not known." in told["sentences"]
    assert all(each["seeds_low"] is None for each in told["differences"])
    refused = recdesk("compare", group.id, group.first.id, "--workspace", workspace.folder, code=2)
    assert refused["error"] == "A run cannot be compared with itself."


def test_a_group_is_a_report_with_the_command_that_makes_it_again(
    workspace: Workspace, groups: list[RunGroup], group: RunGroup, tmp_path: Path
):
    recdesk("report", group.id, "--out", tmp_path / "g.md", "--workspace", workspace.folder)
    text = (tmp_path / "g.md").read_text(encoding="utf-8")
    assert all(run.id in text for run in group.runs) and "--repeat 3" in text and "seed 2" in text
    recdesk("report", *(each.id for each in groups), "--out", tmp_path / "c.md", "--workspace", workspace.folder)
    text = (tmp_path / "c.md").read_text(encoding="utf-8")
    assert "Welch" in text and text.count("--repeat") == 2 and group.id in text


@pytest.mark.slow
def test_killed_a_group_goes_on_where_it_was(tmp_path: Path):
    workspace = empty(tmp_path)
    told = recdesk("train", "chain", *SMALL, "--repeat", 3, "--queue", "--workspace", workspace.folder)
    group = find_group(workspace, told["group"])
    assert [run.state for run in group.runs] == ["queued"] * 3
    RunStore.of(group.first).set_state(group.first, "running")  # killed in its first run
    told = recdesk("resume", "last", "--workspace", workspace.folder)
    assert (told["finished"], told["state"], told["stopped"]) == (3, "finished", False)
    assert [run["seed"] for run in told["runs"]] == [0, 1, 2]
    again = recdesk("resume", group.id, "--workspace", workspace.folder)
    assert again["figures"] == told["figures"]


@pytest.mark.slow
@pytest.mark.skipif(os.name != "posix", reason="kills as POSIX does")
def test_a_killed_group_ends_as_one_that_was_never_killed(tmp_path: Path):
    words = ("train", "chain", *map(str, SMALL), "--epochs", "60", "--set", "patience=60", "--repeat", "2")
    whole = recdesk(*words, "--workspace", empty(tmp_path / "whole").folder)
    workspace = empty(tmp_path / "killed")
    command = [sys.executable, "-m", "recdesk", *words, "--workspace", str(workspace.folder)]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    begun = time.monotonic()
    while not list(workspace.folder.glob("runs/*/checkpoints/last/*")):
        assert process.poll() is None and time.monotonic() - begun < 120
        time.sleep(0.01)
    process.kill()
    process.wait()
    told = recdesk("resume", "last", "--workspace", workspace.folder)
    assert (told["finished"], told["figures"], told["against"]) == (2, whole["figures"], whole["against"])


def test_a_group_is_named_and_removed_as_one(tmp_path: Path):
    workspace = empty(tmp_path)
    told = recdesk("train", "chain", *SMALL, "--repeat", 2, "--queue", "--workspace", workspace.folder)
    group = find_group(workspace, told["group"])
    recdesk("runs", group.id, "--name", "Five", "--workspace", workspace.folder)
    assert find_group(workspace, group.id).first.labels.name == "Five"
    assert recdesk("runs", "--remove", group.id, "--workspace", workspace.folder) == {"run": group.id}
    assert workspace.runs() == []


def test_without_a_finished_run_a_group_has_no_figures(tmp_path: Path):
    workspace = empty(tmp_path)
    told = recdesk("train", "chain", *SMALL, "--repeat", 2, "--queue", "--workspace", workspace.folder)
    refused = recdesk("runs", told["group"], "--workspace", workspace.folder, code=2)
    assert "there are no figures yet" in refused["error"]
    refused = recdesk("train", "chain", "--repeat", 99, "--workspace", workspace.folder, code=2)
    assert refused["error"] == "A run cannot be repeated with 99 seeds: 2 to 50 are possible."
