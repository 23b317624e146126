import shutil
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from recdesk.core.errors import UsageError
from recdesk.core.records import read_object, write_record
from recdesk.data.importing import ImportResult
from recdesk.experiment.comparison import check_comparable, common_items, compare_runs
from recdesk.experiment.pipeline import execute
from recdesk.experiment.run_figures import how_good, measure_again
from recdesk.monitor.control import Control
from recdesk.workspace.run_results import load_results
from recdesk.workspace.runs import RESULTS, Run
from recdesk.workspace.workspace import Workspace
from tests.conftest import chain_dataset
from tests.workspace.conftest import small_config


@pytest.fixture(scope="module")
def made(tmp_path_factory) -> Path:
    """A workspace with two runs on one dataset, one of which learned for longer."""
    workspace = Workspace(tmp_path_factory.mktemp("figures") / "workspace")
    workspace.add_dataset(ImportResult(chain_dataset(), [], pd.DataFrame()))
    for epochs in (8, 1):
        run = workspace.create_run("chain", small_config(epochs=epochs), "leave-one-out")
        run = execute(run, Control(), lambda event: None)
        assert run.state == "finished", run.reason
    return workspace.folder


@pytest.fixture
def workspace(made: Path, tmp_path: Path) -> Workspace:
    shutil.copytree(made, tmp_path / "workspace")
    return Workspace(tmp_path / "workspace")


@pytest.fixture
def runs(workspace: Workspace) -> list[Run]:
    """The one that learned for longer first."""
    return sorted(workspace.runs(), key=lambda run: -run.config.epochs)


def without_results(run: Run) -> Run:
    """As an older version left it."""
    (run.folder / RESULTS).unlink()
    about = read_object(run.folder / "run.json")
    about["has"] = [name for name in about["has"] if name != RESULTS]
    write_record(run.folder / "run.json", about)
    metrics = read_object(run.folder / "metrics.json")
    for compared in metrics["comparisons"].values():
        compared.pop("p"), compared.pop("p holm")
    write_record(run.folder / "metrics.json", metrics)
    return Run.read(run.folder)


def test_a_run_keeps_what_its_figures_follow_from(runs: list[Run]):
    run = runs[0]
    assert RESULTS in run.has
    results = load_results(run, 60, 40)
    assert set(results) == {"validation", "test"}
    for part, result in results.items():
        summary = result.ranks.summary()
        assert {name: run.metrics[part][name] for name in summary} == pytest.approx(summary)
    compared = run.comparisons["most popular"]
    assert 0 < compared["p"] <= compared["p holm"] <= 1
    assert run.metrics["test"]["diversity@10"] > 0 and 0 < run.metrics["test"]["gini@10"] < 1


def test_how_good_says_figures_intervals_groups_and_people(runs: list[Run]):
    found = how_good(runs[0])
    assert (found.part, found.lacks, found.diversity_by) == ("test", "", "genre")
    for name in ("ndcg@50", "recall@1", "coverage@10", "diversity@10", "novelty@10"):
        assert found.figures[name].value == pytest.approx(runs[0].metrics["test"][name])
    ndcg = found.figures["ndcg@10"]
    assert (ndcg.low, ndcg.high) == (runs[0].metrics["test"]["ndcg@10 low"], runs[0].metrics["test"]["ndcg@10 high"])
    assert {str(b.title) for b in found.breakdowns} >= {"By “genre” of the held-out item"}
    assert found.best[0].rank == 1 and found.worst[0].rank > 1
    said = found.sentences
    assert said[0].startswith(f"{round(60 * runs[0].metrics['test']['recall@10'])} of 60 people find")
    assert said[1].startswith(f"NDCG@10 is {ndcg.value:.4f} (95 % confidence interval {ndcg.low:.4f} to")
    assert "p is of a paired randomization test, corrected for 5 comparisons by Holm's method." in said


def test_what_weakens_a_figure_stands_on_it(runs: list[Run]):
    kept = read_object(runs[1].folder / "metrics.json")
    kept["notes"]["leakage"]["test_before_newest_training"] = 0.25
    write_record(runs[1].folder / "metrics.json", kept)
    found = how_good(Run.read(runs[1].folder))
    notes = found.figures["ndcg@10"].notes
    assert any("simple baseline" in note for note in notes)
    assert not any("simple baseline" in note for note in found.figures["recall@10"].notes)
    assert any("25 % of the test events are older" in note for note in found.figures["recall@10"].notes)
    assert found.figures["coverage@10"].notes == ()


def test_an_older_run_opens_and_says_what_it_lacks_until_it_is_measured_again(runs: list[Run]):
    whole = how_good(runs[0])
    run = without_results(runs[0])
    found = how_good(run)
    assert found.breakdowns == () and found.best == ()
    assert f"recdesk evaluate {run.id}" in found.lacks
    assert found.figures["ndcg@10"].low == whole.figures["ndcg@10"].low
    assert found.figures["recall@10"].low is None
    assert "p is of" not in " ".join(found.sentences)
    metrics, _, _ = measure_again(run)
    assert metrics == run.metrics
    again = how_good(Run.read(run.folder))
    assert again.lacks == "" and again.figures["recall@10"] == whole.figures["recall@10"]


def test_a_run_whose_data_is_gone_has_the_figures_of_its_record(workspace: Workspace, runs: list[Run]):
    workspace.remove_dataset("chain")
    found = how_good(runs[0])
    assert "is not in the workspace any more" in found.lacks
    assert found.figures["recall@50"].value == runs[0].metrics["test"]["recall@50"]


def test_a_run_without_figures_says_so(workspace: Workspace):
    run = workspace.create_run("chain", small_config(), "leave-one-out")
    with pytest.raises(UsageError, match="has no figures yet"):
        how_good(run)


def test_a_comparison_is_paired_over_the_same_people(runs: list[Run]):
    found = compare_runs(runs)
    first, second = (load_results(run, 60, 40)["test"] for run in runs)
    for difference in found.differences:
        gain, cutoff = {"accuracy@1": ("recall", 1)}.get(difference.name) or (difference.name[:-3], 10)
        each = second.ranks.per_user(cutoff, gain) - first.ranks.per_user(cutoff, gain)
        assert difference.difference == pytest.approx(each.mean())
        assert difference.low <= difference.difference <= difference.high
        assert difference.p <= difference.p_holm
    ndcg = found.difference(runs[1], "ndcg@10")
    assert ndcg.real and ndcg.difference < 0
    assert found.difference(runs[0], "ndcg@10") is None
    assert found.sentences()[0].startswith(f"{runs[1].id} is worse than {runs[0].id}: NDCG@10 ")
    assert found.people == 60 and found.lacks == ""


def test_the_settings_that_differ_are_named_with_their_titles(runs: list[Run]):
    found = compare_runs(runs)
    assert [(row.name, row.values) for row in found.settings] == [("epochs", (8, 1))]
    assert found.settings[0].title == "Epochs at most"


def test_people_whose_lists_changed_most_come_first(runs: list[Run]):
    found = compare_runs(runs)
    first, second = (load_results(run, 60, 40)["test"] for run in runs)
    shared = [len(set(a) & set(b)) for a, b in zip(first.lists.tolist(), second.lists.tolist(), strict=True)]
    assert found.common[runs[1].id] == pytest.approx(np.mean(shared))
    assert [person.common for person in found.changed] == sorted(shared)[:20]
    person = found.changed[0]
    user = int(person.user_id.removeprefix("user-"))
    assert person.ranks == (first.ranks.greater[user] + 1, second.ranks.greater[user] + 1)


def test_an_empty_place_of_a_list_is_no_common_item():
    first, second = np.array([[1, 2, -1]], np.int32), np.array([[2, -1, -1]], np.int32)
    assert common_items(first, second).tolist() == [1]


def test_runs_that_cannot_be_compared_say_why(workspace: Workspace, runs: list[Run]):
    with pytest.raises(UsageError, match="cannot be compared with itself"):
        compare_runs([runs[0], runs[0]])
    with pytest.raises(UsageError, match="From 2 to 8 runs"):
        check_comparable(runs[:1])
    unfinished = workspace.create_run("chain", small_config(), "leave-one-out")
    with pytest.raises(UsageError, match="has no figures yet"):
        check_comparable([runs[0], unfinished])
    about = read_object(runs[1].folder / "run.json")
    write_record(runs[1].folder / "run.json", {**about, "dataset_hash": "another"})
    with pytest.raises(UsageError, match="trained on other data"):
        compare_runs([runs[0], Run.read(runs[1].folder)])
    write_record(runs[1].folder / "run.json", about)
    protocol = read_object(runs[1].folder / "protocol.json")
    write_record(runs[1].folder / "protocol.json", {**protocol, "hash": "another"})
    with pytest.raises(UsageError, match="measured in other ways"):
        compare_runs([runs[0], Run.read(runs[1].folder)])


def test_runs_without_results_are_beside_each_other_without_differences(runs: list[Run]):
    older = without_results(runs[1])
    found = compare_runs([runs[0], older])
    assert found.differences == () and older.id in found.lacks
    assert found.figures[1]["ndcg@10"].value == older.metrics["test"]["ndcg@10"]
