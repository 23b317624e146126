import numpy as np
import pytest

from recdesk.core.errors import DataError
from recdesk.evaluation.metrics import NEVER, Ranks
from recdesk.evaluation.results import Results
from recdesk.workspace.run_results import load_results, save_results
from recdesk.workspace.run_store import RunStore
from recdesk.workspace.runs import RESULTS, Run
from recdesk.workspace.workspace import Workspace
from tests.workspace.conftest import small_config


@pytest.fixture
def run(workspace: Workspace) -> Run:
    return workspace.create_run("chain", small_config(), "leave-one-out")


def results() -> Results:
    ranks = Ranks(np.array([0, 3, 9]), np.array([4, NEVER, 0]), np.array([0, 0, 2]))
    return Results(ranks, np.array([[1, 2, 3], [39, 0, -1], [-1, -1, -1]], np.int32))


def test_results_come_back_as_they_were(run: Run):
    save_results(run, {"test": results()})
    found = load_results(run, 60, 40)
    assert list(found) == ["test"]
    for name in ("users", "greater", "equal"):
        assert getattr(found["test"].ranks, name).tolist() == getattr(results().ranks, name).tolist()
    assert found["test"].lists.tolist() == results().lists.tolist()


def test_a_run_of_an_older_version_has_none(run: Run):
    assert load_results(run, 60, 40) == {}


def test_results_that_are_gone_or_damaged_are_named(run: Run):
    save_results(run, {"test": results()})
    RunStore.of(run).note_written(run, RESULTS)
    run, path = Run.read(run.folder), run.folder / RESULTS
    whole = path.read_bytes()
    middle = len(whole) // 2
    for content in (whole[:middle], b"", whole[:middle] + bytes([whole[middle] ^ 1]) + whole[middle + 1 :]):
        path.write_bytes(content)
        with pytest.raises(DataError, match=r"results.npz. is damaged"):
            load_results(run, 60, 40)
    path.write_bytes(whole)
    with pytest.raises(DataError, match="holds something else"):
        load_results(run, 60, 39)  # of another catalogue
    path.unlink()
    with pytest.raises(DataError, match=r"results.npz. is missing") as told:
        load_results(run, 60, 40)
    assert "recdesk evaluate" in told.value.suggestion
