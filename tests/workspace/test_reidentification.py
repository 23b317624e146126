"""Before a key is deleted, the person is told what else in the workspace would lead back."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from recdesk.core.errors import CancelledError
from recdesk.core.task import Task
from recdesk.data import importing
from recdesk.data.dataset import Dataset
from recdesk.data.importing import import_files
from recdesk.data.plan import ImportPlan
from recdesk.data.pseudonyms import keeps_file_order, pseudonyms
from recdesk.workspace.workspace import Workspace
from tests.data.making import write
from tests.workspace.conftest import small_config

LOG = "user,item,time\n" + "".join(f"u{n % 9},i{(n * n) % 7},{n}\n" for n in range(60))
OLD_ORDER = "stand in the order of the file, as an older recdesk kept them"


def as_an_older_recdesk(dataset: Dataset, key: bytes, _check: Callable[[], None]) -> tuple[Dataset, Any]:
    return replace(dataset, user_ids=pseudonyms(key, dataset.user_ids)), np.arange(dataset.n_interactions)


def hidden(folder: Path, name: str = "shop") -> ImportPlan:
    return ImportPlan(write(folder / "log.csv", LOG), name=name, pseudonyms=True)


@pytest.fixture
def older(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Workspace:
    """A workspace with a dataset whose pseudonyms stand in the order of the file."""
    workspace = Workspace(tmp_path / "workspace")
    with monkeypatch.context() as patch:
        patch.setattr(importing, "under_pseudonyms", as_an_older_recdesk)
        workspace.add_dataset(import_files(hidden(tmp_path)))
    return workspace


def test_nothing_leads_back_from_a_dataset_of_today(tmp_path: Path) -> None:
    workspace = Workspace(tmp_path / "workspace")
    workspace.add_dataset(import_files(hidden(tmp_path)))
    assert not keeps_file_order(workspace.dataset("shop"))
    assert workspace.reidentification_risks("shop") == []
    assert not any("older recdesk" in problem for problem in workspace.health("shop").problems)


def test_the_order_of_an_older_recdesk_is_told_in_health_and_before_the_key_goes(older: Workspace) -> None:
    assert keeps_file_order(older.dataset("shop"))
    path = older.dataset_folder("shop") / "health.json"
    text = path.read_text()
    path.write_text(text.replace("An older recdesk", "Another sentence"))  # as it was written then
    assert older.health("shop").problems[0].startswith("An older recdesk kept the people in the order of the file")
    (way,) = older.reidentification_risks("shop")
    assert way.startswith("The people of “shop”") and OLD_ORDER in way


def test_an_update_brings_the_people_into_the_order_of_their_pseudonyms(older: Workspace, tmp_path: Path) -> None:
    before = older.dataset("shop")
    run = older.create_run("shop", small_config(), "leave-one-out")
    older.update_dataset("shop", write(tmp_path / "newer.csv", LOG + "u2,i0,99\n"))
    after = older.dataset("shop")
    assert not keeps_file_order(after)
    assert set(after.user_ids) == set(before.user_ids)  # each keeps the pseudonym
    for user, name in enumerate(before.user_ids):
        history = before.item_ids[before.histories().row(user) - 1].tolist()
        code = after.user_code(name)
        assert after.item_ids[after.histories().row(code) - 1].tolist()[: len(history)] == history
    (way,) = older.reidentification_risks("shop")  # the run still needs the older version
    assert "an older version of “shop”" in way and OLD_ORDER in way
    older.remove_run(run.id)
    assert "the trash" in older.reidentification_risks("shop")[0]


def test_the_same_people_under_their_own_ids_are_found_also_in_the_trash(tmp_path: Path) -> None:
    workspace = Workspace(tmp_path / "workspace")
    plan = hidden(tmp_path)
    workspace.add_dataset(import_files(replace(plan, name="clear", pseudonyms=False)))
    workspace.add_dataset(import_files(plan))
    assert workspace.reidentification_risks("shop") == [
        "9 of these people are kept under their own ids in “clear”: who compares their histories can tell who is who."
    ]
    workspace.remove_dataset("clear")
    assert "in the trash" in workspace.reidentification_risks("shop")[0]
    assert workspace.reidentification_risks("shop", Task())
    with pytest.raises(CancelledError):
        workspace.reidentification_risks("shop", Task(cancelled=lambda: True))
