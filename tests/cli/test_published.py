"""`recdesk note-figure`, and what runs say of the figures."""

from pathlib import Path

import pandas as pd
import pytest

from recdesk.data.importing import ImportResult
from recdesk.evaluation.figure import Figure
from recdesk.experiment.pipeline import execute
from recdesk.experiment.run_figures import how_good, published_sentences
from recdesk.monitor.control import Control
from recdesk.workspace.published import FILE
from recdesk.workspace.runs import Run
from recdesk.workspace.workspace import Workspace
from tests.cli.test_commands import recdesk
from tests.conftest import chain_dataset
from tests.workspace.conftest import small_config

SAME = ("--model", "Other", "--source", "a paper", "--metric", "ndcg@10", "--users", 60, "--items", 40)


@pytest.fixture(scope="module")
def trained(tmp_path_factory) -> Workspace:
    workspace = Workspace(tmp_path_factory.mktemp("published") / "ws")
    workspace.add_dataset(ImportResult(chain_dataset(), [], pd.DataFrame()))
    run = execute(workspace.create_run("chain", small_config(epochs=1), "leave-one-out"), Control(), lambda event: None)
    assert run.state == "finished", run.reason
    return workspace


@pytest.fixture
def workspace(trained: Workspace):
    yield trained
    (trained.folder / FILE).unlink(missing_ok=True)


@pytest.fixture
def run(workspace: Workspace) -> Run:
    return workspace.runs()[0]


def note(workspace: Workspace, *arguments: object, code: int = 0) -> dict:
    return recdesk("note-figure", "chain", *arguments, "--workspace", workspace.folder, code=code)


@pytest.fixture(scope="module")
def figures(trained: Workspace) -> dict[str, Figure]:
    return how_good(trained.runs()[0]).figures


def test_a_figure_by_the_same_protocol_is_compared_with_the_interval(workspace: Workspace, run: Run, figures):
    own = run.metrics["test"]["ndcg@10"]
    for value, word in ((0.0, "Better than"), (1.0, "Worse than"), (own, "No clear difference")):
        assert len(note(workspace, *SAME, "--value", value)["figures"]) == 1
        (sentence,) = published_sentences(run, figures)
        assert sentence.startswith(word) and f"here {own:.4f}" in sentence
        assert note(workspace, "--remove", 1)["figures"] == []


@pytest.mark.parametrize("options, reason", [
    (("--split", "time"), "there time, here leave-one-out"),
    (("--sampled", 100), "among 100 random ones"),
    (("--seen",), "items of the history are ranked too"),
    (("--moment",), "There the model is told when"),
    (("--metric", "ndcg@7"), "NDCG@7 is not among the figures here"),
    (("--users", 6040), "6,040 users, here there are 60"),
    (("--interactions", 5), "5 interactions, here there are 720"),
])  # fmt: skip
def test_another_protocol_is_not_compared_and_it_says_why(
    workspace: Workspace, run: Run, figures, options, reason: str
):
    note(workspace, *SAME, "--value", 0.5, *options)
    first, why = published_sentences(run, figures)
    assert first.endswith("is not compared:") and reason in why


def test_without_counts_nothing_says_that_the_data_is_the_same(workspace: Workspace, run: Run, figures):
    note(workspace, *SAME[:-4], "--value", 0.5)
    assert "How many people and items it was measured on is not noted" in published_sentences(run, figures)[1]


def test_it_stands_in_the_report(workspace: Workspace, run: Run, tmp_path: Path):
    note(workspace, *SAME, "--value", 0.0)
    recdesk("report", run.id, "--out", tmp_path / "r.md", "--workspace", workspace.folder)
    assert "Better than Other" in (tmp_path / "r.md").read_text(encoding="utf-8")


def test_a_damaged_file_is_said_beside_the_figures(workspace: Workspace, run: Run):
    (workspace.folder / FILE).write_text("{")
    told = recdesk("runs", run.id, "--workspace", workspace.folder)
    assert told["figures"] and told["sentences"][-1].startswith("Published figures are left out:")


def test_what_cannot_be_noted_is_refused(workspace: Workspace):
    assert note(workspace, *SAME, code=2)["error"] == "No value is given."
    assert note(workspace, *SAME, "--value", 2, code=2)["error"] == "A figure cannot be 2.0."
    assert "no noted figure 3" in note(workspace, "--remove", 3, code=2)["error"]
    assert note(workspace)["figures"] == []
