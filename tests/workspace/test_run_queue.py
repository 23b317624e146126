"""The queue of a workspace on disk."""

import pytest

from recdesk.core.errors import DataError
from recdesk.workspace.run_queue import RunQueue
from recdesk.workspace.workspace import Workspace
from tests.workspace.conftest import small_config


@pytest.fixture
def ids(workspace: Workspace) -> list[str]:
    """Three runs in the queue."""
    runs = [workspace.create_run("chain", small_config(seed=seed), "leave-one-out").id for seed in range(3)]
    workspace.queue.add(runs)
    return runs


def waiting(workspace: Workspace) -> list[str]:
    """As another process reads them."""
    return [run.id for run in RunQueue(workspace.folder).waiting()]


def test_runs_wait_in_their_order_until_they_have_ended(workspace: Workspace, ids: list[str]):
    assert waiting(workspace) == ids
    for run_id in ids:
        run = workspace.queue.next()
        assert run is not None and run.id == run_id
        workspace.queue.end(run_id)
    assert workspace.queue.next() is None and [run.id for run in workspace.queue.ended()] == ids


def test_a_new_list_forgets_what_has_ended(workspace: Workspace, ids: list[str]):
    workspace.queue.end(ids[0])
    more = workspace.create_run("chain", small_config(), "leave-one-out").id
    workspace.queue.add([more])
    assert [entry.run for entry in workspace.queue.entries()] == [*ids, more]
    for run_id in [*ids, more]:
        workspace.queue.end(run_id)
    workspace.queue.add([workspace.create_run("chain", small_config(), "leave-one-out").id])
    assert len(workspace.queue.entries()) == 1


def test_runs_are_put_first_and_one_that_waits_moves_there(workspace: Workspace, ids: list[str]):
    new = workspace.create_run("chain", small_config(), "leave-one-out").id
    workspace.queue.add([ids[2], new], first=True)
    assert waiting(workspace) == [ids[2], new, ids[0], ids[1]]
    workspace.queue.add([ids[2]])
    assert waiting(workspace) == [new, ids[0], ids[1], ids[2]]


@pytest.mark.parametrize(
    ("which", "by", "order"), [(2, -1, [0, 2, 1]), (0, 1, [1, 0, 2]), (2, -9, [2, 0, 1]), (0, -1, [0, 1, 2])]
)
def test_runs_are_moved(workspace: Workspace, ids: list[str], which: int, by: int, order: list[int]):
    workspace.queue.move(ids[which], by)
    assert waiting(workspace) == [ids[each] for each in order]
    workspace.queue.move("no run", 1)
    assert len(waiting(workspace)) == 3


def test_what_was_taken_out_or_removed_waits_no_more(workspace: Workspace, ids: list[str]):
    workspace.queue.remove(ids[1])
    workspace.remove_run(ids[0])
    assert waiting(workspace) == [ids[2]] and workspace.run(ids[1]).state == "queued"


def test_a_paused_queue_begins_nothing(workspace: Workspace, ids: list[str]):
    workspace.queue.set_paused(True)
    assert workspace.queue.next() is None and waiting(workspace) == ids
    workspace.queue.set_paused(False)
    assert workspace.queue.next() is not None


def test_an_interrupted_run_goes_on_first_and_one_that_failed_has_had_its_turn(workspace: Workspace, ids: list[str]):
    store = workspace.run_store
    store.set_state(store.current(ids[0]), "running")  # its process was killed
    run = workspace.queue.next()
    assert run is not None and (run.id, run.state) == (ids[0], "interrupted")


def test_a_damaged_file_is_named(workspace: Workspace, ids: list[str]):
    (workspace.folder / "queue.json").write_text("[")
    with pytest.raises(DataError, match="json” is damaged") as caught:
        workspace.queue.waiting()
    assert caught.value.suggestion.startswith("Delete it: only the order of the queue is lost")
