"""Several runs of one dataset recommend to the same person; where they have the held-out item is what was measured."""

from dataclasses import replace

import pytest

from recdesk.core.errors import UsageError
from recdesk.experiment.several_runs import SeveralRuns, check_together
from recdesk.recommend.side_by_side import Asked
from recdesk.workspace.run_results import load_results
from tests.conftest import chain_dataset
from tests.gui.trained import add_dataset, train, trained_workspace


@pytest.fixture(scope="module")
def workspace(tmp_path_factory):
    """With "chain" and two runs on it."""
    made = trained_workspace(tmp_path_factory.mktemp("several") / "workspace")
    train(made, epochs=2)
    return made


def test_ranks_of_the_held_out_item_are_those_that_were_measured(workspace):
    runs = workspace.runs()
    several = SeveralRuns.open(runs)
    measured = [load_results(run, 60, 40)["test"].ranks for run in runs]
    for user in ("user-000", "user-007", "user-031"):
        found = several.lists(several.about(user, Asked((), as_measured=True)), user)
        for ranks, one in zip(measured, found.lists, strict=True):
            row = list(ranks.users).index(int(user[-3:]))
            rank = int(ranks.greater[row]) + 1
            if one.held_out.rank is not None:
                assert one.held_out.rank == rank
                assert one.held_out.hit == (rank <= 10) == any(line.held_out for line in one.lines)
            assert len(one.history) == 11


def test_people_who_are_not_in_the_data_have_no_held_out_item(workspace):
    several = SeveralRuns.open(workspace.runs())
    assert several.held_out("nobody") == [None, None]
    assert all(one.held_out is None for one in several.lists(Asked(("001",)), "").lists)


def test_a_model_that_is_open_is_not_opened_again(workspace):
    runs = workspace.runs()
    model = SeveralRuns.open(runs).models[1]
    assert SeveralRuns.open(runs, opened={runs[1].id: model}).models[1] is model


def test_one_run_the_same_run_and_runs_of_other_datasets_are_refused(workspace, tmp_path):
    first, second = workspace.runs()
    for runs in ([first], [first, first], [first, second] * 3):
        with pytest.raises(UsageError):
            check_together(runs)
    other = trained_workspace(tmp_path / "other")
    add_dataset(other, replace(chain_dataset(), name="another"))
    with pytest.raises(UsageError, match="different datasets"):
        check_together([first, train(other, "another", epochs=1)])
