"""The commands runs, compare and report."""

import shutil
from pathlib import Path

import pandas as pd
import pytest

from recdesk.core.records import read_object, write_record
from recdesk.data.importing import ImportResult
from recdesk.experiment.pipeline import execute
from recdesk.experiment.report.content import report_of
from recdesk.experiment.report.run_blocks import command_of
from recdesk.experiment.run_figures import how_good
from recdesk.monitor.control import Control
from recdesk.workspace.run_store import RunStore, run_lock
from recdesk.workspace.runs import Run
from recdesk.workspace.workspace import Workspace
from tests.cli.test_commands import recdesk
from tests.conftest import chain_dataset
from tests.workspace.conftest import small_config


@pytest.fixture(scope="module")
def workspace(tmp_path_factory) -> Workspace:
    """With two runs on one dataset, the newer with other settings; look, don't change."""
    workspace = Workspace(tmp_path_factory.mktemp("runs") / "workspace")
    workspace.add_dataset(ImportResult(chain_dataset(), [], pd.DataFrame()))
    run = workspace.create_run("chain", small_config(epochs=2), "leave-one-out")
    run = execute(run, Control(), lambda event: None)
    assert run.state == "finished", run.reason
    other = run.folder.with_name("20990101-000000-bert-causal-aaaa")
    shutil.copytree(run.folder, other)
    config, about = read_object(other / "config.json"), read_object(other / "run.json")
    write_record(other / "config.json", {**config, "epochs": 77})
    write_record(other / "run.json", {**about, "created": about["created"] + 60})
    return workspace


@pytest.fixture
def run(workspace: Workspace) -> Run:
    return workspace.runs()[1]


def test_a_run_is_told_with_intervals_groups_and_people(workspace: Workspace, run: Run):
    told = recdesk("runs", run.id, "--workspace", workspace.folder)
    found = how_good(run)
    ndcg = found.figures["ndcg@10"]
    assert told["figures"]["ndcg@10"]["low"] == ndcg.low and told["figures"]["ndcg@10"]["people"] == 60
    assert [group["by"] for group in told["groups"]] == [str(b.title) for b in found.breakdowns]
    assert told["worst"][0]["user_id"] == found.worst[0].user_id
    assert told["metrics"] == run.metrics and told["lacks"] == ""
    assert [entry["run"] for entry in recdesk("runs", "--workspace", workspace.folder)["runs"]] == [
        each.id for each in workspace.runs()
    ]


def test_runs_are_compared_with_the_first(workspace: Workspace, run: Run):
    told = recdesk("compare", run.id, "2099", "--workspace", workspace.folder)
    assert told["settings"] == [{"setting": "epochs", "values": {run.id: 2, "20990101-000000-bert-causal-aaaa": 77}}]
    assert {each["name"] for each in told["differences"]} == {"ndcg@10", "recall@10", "mrr@10", "accuracy@1"}
    assert all(each["difference"] == 0 and each["p_holm"] == 1 and not each["real"] for each in told["differences"])
    assert told["items_in_common"]["20990101-000000-bert-causal-aaaa"] == pytest.approx(10, abs=0.5)


def test_a_run_alone_is_no_comparison(workspace: Workspace, run: Run):
    told = recdesk("compare", run.id, "--workspace", workspace.folder, code=2)
    assert told["error"] == "From 2 to 8 runs can be compared."


def test_a_report_says_everything_and_how_to_make_it_again(workspace: Workspace, run: Run, tmp_path: Path):
    told = recdesk(
        "report", run.id, "--out", tmp_path / "r.html", "--tables", tmp_path / "t", "--workspace", workspace.folder
    )
    page = (tmp_path / "r.html").read_text(encoding="utf-8")
    for text in ("Figures", "For whom it works", "Examples of people", "How it was measured", "Holm 1979", "user-0"):
        assert text in page
    assert run.dataset_hash[:16] in page and run.protocol["hash"] in page
    assert str(tmp_path / "t" / "figures.csv") in told["files"]
    figures = pd.read_csv(tmp_path / "t" / "figures.csv", encoding="utf-8-sig").set_index("metric")
    assert figures.loc["ndcg@10", "value"] == run.metrics["test"]["ndcg@10"]
    recdesk("report", run.id, "--out", tmp_path / "r.html", "--no-people", "--workspace", workspace.folder)
    assert "user-0" not in (tmp_path / "r.html").read_text(encoding="utf-8")


def test_the_command_in_a_report_makes_the_same_settings(workspace: Workspace, run: Run):
    words = command_of(run).split()
    assert words[:3] == ["recdesk", "train", "chain"]
    again = recdesk(*words[1:], "--workspace", workspace.folder)
    made = workspace.run(again["run"])
    assert (made.config, made.split) == (run.config, run.split)
    assert made.metrics == run.metrics
    workspace.remove_run(made.id)


def test_a_comparison_is_a_report_too(workspace: Workspace, run: Run, tmp_path: Path):
    recdesk("report", run.id, "2099", "--out", tmp_path / "c.md", "--workspace", workspace.folder)
    text = (tmp_path / "c.md").read_text(encoding="utf-8")
    assert "# Comparison of 2 runs" in text and "Epochs at most" in text
    assert text.count("recdesk train chain") == 2


def test_every_block_of_a_report_has_a_file_name_of_its_own(workspace: Workspace, run: Run):
    names = [block.name for block in report_of([run]).files]
    assert len(set(names)) == len(names) > 8


def test_a_run_is_named_starred_and_tagged(workspace: Workspace, run: Run):
    recdesk("runs", run.id, "--name", "Best", "--star", "--tags", "a, b", "--workspace", workspace.folder)
    told = recdesk("runs", run.id, "--note", "why", "--workspace", workspace.folder)
    assert told["labels"] == {"name": "Best", "star": True, "tags": ["a", "b"], "note": "why"}
    listed = {entry["run"]: entry["labels"] for entry in recdesk("runs", "--workspace", workspace.folder)["runs"]}
    assert listed[run.id]["name"] == "Best"
    told = recdesk("runs", run.id, "--name", "x" * 99, "--workspace", workspace.folder, code=2)
    assert "too long" in told["error"]


def test_a_removed_run_is_put_back(workspace: Workspace):
    workspace.remove_run("20990101-000000-bert-causal-aaaa")
    assert recdesk("runs", "--restore", "2099", "--workspace", workspace.folder)["run"].startswith("2099")
    assert len(workspace.runs()) == 2
    told = recdesk("runs", "--restore", "2099", "--workspace", workspace.folder, code=2)
    assert told["error"] == "There is no run “2099” in the trash."


def test_a_form_that_is_none_is_refused_before_anything_is_read(workspace: Workspace, run: Run, tmp_path: Path):
    told = recdesk("report", run.id, "--out", tmp_path / "r.docx", "--workspace", workspace.folder, code=2)
    assert "no form of a report" in told["error"] and ".html" in told["suggestion"]


def test_a_dataset_goes_to_the_trash_unless_a_run_is_trained_on_it(tmp_path: Path):
    workspace = Workspace(tmp_path / "ws")
    workspace.add_dataset(ImportResult(chain_dataset(), [], pd.DataFrame()))
    run = workspace.create_run("chain", small_config(), "leave-one-out")
    with run_lock(run.folder):
        RunStore.of(run).set_state(run, "running")
        refused = recdesk("datasets", "--remove", "chain", "--workspace", workspace.folder, code=2)
        assert refused["error"] == "A run is being trained on “chain”."
    RunStore.of(run).set_state(run, "stopped")
    assert recdesk("datasets", "--remove", "chain", "--workspace", workspace.folder) == {"dataset": "chain"}
    assert workspace.datasets() == [] and len(list((workspace.folder / "trash").glob("*"))) == 1
