"""Edits of people's histories are stored with their dataset and go with it."""

import pandas as pd

from recdesk.data.importing import ImportPlan, ImportResult, import_files
from recdesk.workspace.edits import FILE
from recdesk.workspace.inventory import delete_part
from recdesk.workspace.workspace import Workspace
from tests.data.making import write

EDITS = [{"user": "007", "removed": [[0, "x"]], "added": ["y"], "wish": "快乐"}]


def test_edits_come_back_and_go_with_their_dataset(chain, tmp_path):
    workspace = Workspace(tmp_path)
    workspace.add_dataset(ImportResult(chain, [], pd.DataFrame()))
    assert workspace.edits("chain") == []
    workspace.save_edits("chain", EDITS)
    assert Workspace(tmp_path).edits("chain") == EDITS
    assert workspace.dataset("chain").n_users == chain.n_users  # the dataset is still whole
    workspace.save_edits("chain", [])
    assert not list(tmp_path.rglob(FILE))
    workspace.save_edits("chain", EDITS)
    delete_part(workspace, "datasets")
    assert not list(tmp_path.rglob(FILE))
    workspace.save_edits("chain", EDITS)
    assert workspace.edits("chain") == []


def test_damaged_edits_are_as_good_as_none(chain, tmp_path):
    workspace = Workspace(tmp_path)
    workspace.add_dataset(ImportResult(chain, [], pd.DataFrame()))
    workspace.save_edits("chain", EDITS)
    (path,) = tmp_path.rglob(FILE)
    path.write_bytes(path.read_bytes().replace(b"007", b"008"))
    assert workspace.edits("chain") == []


def test_an_update_keeps_the_edits_of_those_who_stay_and_forgets_those_who_are_gone(tmp_path):
    workspace = Workspace(tmp_path / "ws")
    head = "user,item,time\n"
    first = write(tmp_path / "shop.csv", head + "ann,x,1\nann,y,2\nbob,x,3\nbob,y,4\n")
    workspace.add_dataset(import_files(ImportPlan(first)))
    edits = [{"user": name, "removed": [], "added": ["y"], "wish": ""} for name in ("ann", "bob")]
    copies = [{"name": f"like {name}", "saved": True, "of": name, "removed": [], "added": ["x"], "wish": ""}
              for name in ("ann", "bob")]  # fmt: skip
    workspace.save_edits("shop", [*edits, *copies, {"name": "somebody new", "removed": [], "added": ["x"], "wish": ""}])
    newer = write(tmp_path / "newer.csv", head + "ann,x,1\nann,y,2\ncid,x,5\ncid,y,6\n")
    workspace.update_dataset("shop", ImportPlan(newer))
    assert [edit.get("user", edit.get("name")) for edit in workspace.edits("shop")] == [
        "ann", "like ann", "somebody new",
    ]  # fmt: skip
