"""Models whose dataset was updated after they were trained."""

from pathlib import Path

import numpy as np
import pytest

from recdesk.core.errors import DataError
from recdesk.data.importing import import_files
from recdesk.data.plan import ImportPlan
from recdesk.experiment.open_model import open_model, outdated_note
from recdesk.experiment.pipeline import execute
from recdesk.monitor.control import Control
from recdesk.training.config import make_config
from recdesk.workspace.runs import Run
from recdesk.workspace.workspace import Workspace
from tests.data.making import write

HEAD = "user,item,time\n"
OLD = [f"u{n % 6},i{n * 5 % 9},{n}" for n in range(48)]
SETTINGS = {"hidden": 16, "layers": 1, "heads": 1, "max_length": 10, "epochs": 1, "device": "cpu"}


@pytest.fixture(scope="module")
def run(tmp_path_factory) -> Run:
    """A run on a small dataset."""
    folder = tmp_path_factory.mktemp("opening")
    workspace = Workspace(folder / "ws")
    workspace.add_dataset(import_files(ImportPlan(write(folder / "old.csv", HEAD + "\n".join(OLD)), name="b")))
    run = workspace.create_run("b", make_config("bert-causal", **SETTINGS), "leave-one-out")
    run = execute(run, Control(), lambda event: None)
    assert run.state == "finished", run.reason
    return run


def test_before_an_update_nothing_is_said(run: Run):
    assert open_model(run).note == outdated_note(run) == ""


def test_after_an_update_people_are_those_of_today_and_get_nothing_they_have_taken(run: Run, tmp_path: Path):
    before = open_model(run)
    gone, grown, new = "u0", "u1", "u9"
    taken = next(line.item_id for line in before.top_n(before.dataset.histories().row(before.dataset.user_code(grown))))
    rows = [row for row in OLD if not row.startswith(f"{gone},")]
    rows += [f"{grown},{taken},100", f"{grown},brand-new,101", f"{new},i1,102", f"{new},i2,103"]
    workspace = Workspace(run.folder.parent.parent)
    workspace.update_dataset("b", write(tmp_path / "newer.csv", HEAD + "\n".join(rows)))

    live = open_model(run)
    dataset = live.dataset
    assert "was updated after this run was trained" in live.note and "does not know 1 of its items" in live.note
    assert outdated_note(run).startswith("“b” was updated")
    assert gone not in dataset.user_ids and list(dataset.item_ids) == list(before.dataset.item_ids)
    assert [dataset.item_ids[i - 1] for i in dataset.histories().row(dataset.user_code(new))] == ["i1", "i2"]
    assert len(live.top_n(dataset.histories().row(dataset.user_code(new)), 3)) == 3
    history = dataset.histories().row(dataset.user_code(grown))
    assert dataset.item_ids[history[-1] - 1] == taken
    assert taken not in [line.item_id for line in live.top_n(history, 20)]
    assert len(dataset.items) == len(dataset.times) == dataset.offsets[-1] and (np.diff(dataset.offsets) >= 0).all()


def test_a_newest_version_that_is_damaged_is_told_and_not_passed_over(run: Run):
    items = run.folder.parent.parent / "datasets" / "b" / "items.npy"
    whole = items.read_bytes()
    items.write_bytes(whole[:-1] + bytes([whole[-1] ^ 1]))
    with pytest.raises(DataError, match=r"items\.npy"):
        open_model(run)
    assert "items.npy" in outdated_note(run)
    items.write_bytes(whole)


def test_another_dataset_of_the_same_name_is_not_taken_for_a_newer_version(run: Run, tmp_path: Path):
    workspace = Workspace(run.folder.parent.parent)
    workspace.update_dataset("b", write(tmp_path / "newer.csv", HEAD + "\n".join([*OLD, "u1,i2,200"])))
    workspace.remove_dataset("b")
    other = write(tmp_path / "other.csv", HEAD + "a,x,1\na,y,2\nb,x,3\n")
    workspace.add_dataset(import_files(ImportPlan(other, name="b")))
    live = open_model(run)
    assert live.note == "" and "u1" in live.dataset.user_ids
