import pytest

from recdesk.core.errors import UsageError
from recdesk.workspace.run_labels import LABELS, Labels, read_labels, save_labels
from recdesk.workspace.run_trash import find_removed, removed_runs, restore_run
from recdesk.workspace.runs import Run
from recdesk.workspace.workspace import Workspace
from tests.conftest import chain_dataset
from tests.workspace.conftest import small_config


@pytest.fixture
def run(workspace: Workspace) -> Run:
    return workspace.create_run("chain", small_config(), "leave-one-out")


def test_labels_come_back_as_they_were(run: Run):
    assert run.labels == Labels()
    labels = Labels.of("  Best  so far ", True, ["a", " b ", "a", ""], "=1+1 <b>\nline")
    assert labels == Labels("Best so far", True, ("a", "b"), "=1+1 <b>\nline")
    save_labels(run.folder, labels)
    assert Run.read(run.folder).labels == labels
    assert labels.starred(False).star is False


def test_labels_that_are_too_long_are_refused():
    for values in (("n" * 81, False, [], ""), ("", False, ["t" * 31], ""), ("", False, map(str, range(21)), "")):
        with pytest.raises(UsageError, match="too long"):
            Labels.of(*values)


def test_damaged_labels_hide_nothing_else(workspace: Workspace, run: Run):
    save_labels(run.folder, Labels("x"))
    (run.folder / LABELS).write_text("{", encoding="utf-8")
    read = workspace.runs()[0]
    assert read.labels == Labels() and read.config == run.config
    assert LABELS in str(read.problems[0]) and "Delete the file" in read.problems[0].suggestion


def test_a_removed_run_comes_back_as_it_was(workspace: Workspace, run: Run):
    save_labels(run.folder, Labels("kept"))
    workspace.remove_run(run.id)
    assert workspace.runs() == []
    (removed,) = removed_runs(workspace.folder)
    assert (removed.run_id, removed.run.labels.name) == (run.id, "kept")
    assert find_removed(workspace.folder, run.id[:12]) == removed
    back = restore_run(workspace.folder, removed)
    assert back.id == run.id and read_labels(back.folder).name == "kept"
    assert removed_runs(workspace.folder) == []
    with pytest.raises(UsageError, match="there already"):
        restore_run(workspace.folder, removed)
    with pytest.raises(UsageError, match="no run “x” in the trash"):
        find_removed(workspace.folder, "x")


def test_the_dataset_version_of_a_run_comes_back_with_it(workspace: Workspace, run: Run):
    import pandas as pd

    from recdesk.data.importing import ImportResult
    from recdesk.experiment.run_data import dataset_of

    newer = chain_dataset(seed=1)
    newer.report["updates"] = run.dataset_hash
    workspace.replace_dataset("chain", ImportResult(newer, [], pd.DataFrame()))
    assert dataset_of(run).content_hash == run.dataset_hash
    workspace.remove_run(run.id)
    back = restore_run(workspace.folder, removed_runs(workspace.folder)[0])
    assert dataset_of(back).content_hash == run.dataset_hash
