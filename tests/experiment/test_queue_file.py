"""Runs from a file for the queue."""

import pytest

from recdesk.core.errors import UsageError
from recdesk.experiment.queue_file import create_runs, wanted_runs
from recdesk.workspace.workspace import Workspace


def test_what_holds_for_all_is_overridden_by_an_entry():
    values = {
        "dataset": "chain", "preset": "Quick look", "epochs": 3,
        "runs": [{"name": "wide", "hidden": 128}, {"model": "bert4rec", "split": "time", "epochs": 5, "dataset": "B"}],
    }  # fmt: skip
    first, second = wanted_runs(values)
    assert (first.dataset, first.split, first.name) == ("chain", "leave-one-out", "wide")
    assert (first.config.kind, first.config.hidden, first.config.epochs) == ("bert-causal", 128, 3)
    assert (second.dataset, second.split, second.config.kind, second.config.epochs) == ("B", "time", "bert4rec", 5)


def test_settings_of_a_run_are_taken_as_they_are(workspace: Workspace):
    run = workspace.create_run("chain", wanted_runs([{"hidden": 32}], "chain")[0].config, "leave-one-out")
    assert wanted_runs([run.config.model_dump()], "chain")[0].config == run.config


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({}, "The file has no list of runs"),
        ("text", "The file has no list of runs"),
        ([], "The file has no list of runs"),
        ([{"hidden": 32}, 7], "Entry 2 of the queue: it has no settings"),
        ([{1: 2}], "Entry 1 of the queue: it has no settings"),
        ([{"hidden": -1}], "Entry 1 of the queue: .*hidden"),
        ([{"hiden": 32}], "Entry 1 of the queue: There is no setting “hiden”"),
        ([{"model": "gpt"}], "Entry 1 of the queue: .*gpt"),
        ([{"split": "half"}], "Entry 1 of the queue: there is no split “half”"),
        ([{"name": "x" * 100}], "Entry 1 of the queue: The name"),
        ([{"hidden": [1, 2]}], "Entry 1 of the queue: .*hidden"),
        ([{"repeat": 0}], "Entry 1 of the queue: “repeat” is 0"),
        ([{"repeat": "many"}], "Entry 1 of the queue: “repeat” is many"),
        ([{}] * 1001, "The file asks for 1,001 runs; 1,000 are the most"),
    ],
)
def test_what_cannot_be_used_is_named_with_its_entry(values, said):
    with pytest.raises(UsageError, match=said):
        wanted_runs(values, "chain")


def test_an_entry_without_a_dataset_is_refused():
    with pytest.raises(UsageError, match="Entry 1 of the queue: it names no dataset"):
        wanted_runs([{}])


def test_nothing_is_created_if_a_dataset_is_missing(workspace: Workspace):
    with pytest.raises(UsageError, match="none"):
        create_runs(workspace, wanted_runs([{"dataset": "chain"}, {"dataset": "none"}]))
    assert not workspace.runs()
    runs = create_runs(workspace, wanted_runs([{"name": "first"}, {}], "chain"))
    assert [(run.state, run.labels.name) for run in runs] == [("queued", "first"), ("queued", "")]


def test_an_entry_that_is_repeated_is_a_group_of_seeds(workspace: Workspace):
    runs = create_runs(workspace, wanted_runs([{"repeat": 3, "seed": 5, "name": "three"}, {"hidden": 32}], "chain"))
    assert [run.config.seed for run in runs] == [5, 6, 7, 0]
    assert len({run.group for run in runs[:3]}) == 1 and not runs[3].group
    assert [run.labels.name for run in runs] == ["three", "", "", ""]
