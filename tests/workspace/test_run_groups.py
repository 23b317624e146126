"""Runs that differ in their seed only."""

import pytest

from recdesk.core.errors import UsageError
from recdesk.workspace.run_groups import create_group, find_group, find_run_or_group, folded, group_that_goes_on
from recdesk.workspace.run_store import RunStore
from recdesk.workspace.runs import Run
from recdesk.workspace.workspace import Workspace
from tests.workspace.conftest import small_config


def test_a_group_has_a_run_for_each_seed_and_they_differ_in_nothing_else(workspace: Workspace):
    group = create_group(workspace, "chain", small_config(seed=7), "leave-one-out", 3)
    assert [run.config.seed for run in group.runs] == [7, 8, 9]
    assert {(run.config.model_copy(update={"seed": 0}), run.split, run.dataset_hash) for run in group.runs} == {
        (small_config(), "leave-one-out", group.first.dataset_hash)
    }
    assert {(run.group, run.group_size, run.state) for run in group.runs} == {(group.id, 3, "queued")}
    assert find_group(workspace, group.id) == group


def test_a_group_stands_in_the_list_where_its_newest_run_stood(workspace: Workspace):
    older = workspace.create_run("chain", small_config(), "leave-one-out")
    group = create_group(workspace, "chain", small_config(), "leave-one-out", 2)
    newer = workspace.create_run("chain", small_config(), "leave-one-out")
    assert [entry.id for entry in folded(workspace.runs())] == [newer.id, group.id, older.id]


def test_a_group_is_found_by_the_beginning_of_its_id_and_runs_as_before(workspace: Workspace):
    group = create_group(workspace, "chain", small_config(), "leave-one-out", 2)
    assert find_run_or_group(workspace, group.id[:12]) == group
    assert find_run_or_group(workspace, group.first.id) == group.first
    with pytest.raises(UsageError, match="no group of runs “seeds-x”") as caught:
        find_run_or_group(workspace, "seeds-x")
    assert group.id in caught.value.suggestion
    create_group(workspace, "chain", small_config(), "leave-one-out", 2)
    with pytest.raises(UsageError, match="seeds-"):
        find_run_or_group(workspace, "seeds-")


def state(run: Run, state: str) -> None:
    RunStore.of(run).set_state(run, state)


def test_what_is_left_of_a_group_begins_with_the_run_that_was_begun(workspace: Workspace):
    group = create_group(workspace, "chain", small_config(), "leave-one-out", 4)
    first, second, third, fourth = group.runs
    state(first, "finished")
    state(second, "failed")
    state(fourth, "running")  # and its process is gone
    again = find_group(workspace, group.id)
    assert [run.id for run in again.left] == [fourth.id, third.id]
    assert again.finished == ()  # without figures there is no result
    assert again.state == "interrupted"
    assert group_that_goes_on(workspace, again.first) == again
    for run in (third, fourth):
        state(run, "finished")
    assert group_that_goes_on(workspace, again.first) is None


def test_a_removed_run_is_missed_not_made_again(workspace: Workspace):
    group = create_group(workspace, "chain", small_config(), "leave-one-out", 3)
    workspace.remove_run(group.runs[1].id)
    again = find_group(workspace, group.id)
    assert (len(again.runs), again.size) == (2, 3)


@pytest.mark.parametrize(("count", "seed"), [(1, 0), (51, 0), (0, 0), (3, 2**31 - 2)])
def test_what_cannot_be_repeated_is_refused_and_nothing_is_made(workspace: Workspace, count: int, seed: int):
    with pytest.raises(UsageError, match="seed"):
        create_group(workspace, "chain", small_config(seed=seed), "leave-one-out", count)
    assert workspace.runs() == []


def test_a_group_needs_its_dataset(workspace: Workspace):
    with pytest.raises(UsageError):
        create_group(workspace, "nothing", small_config(), "leave-one-out", 2)
    assert workspace.runs() == []
