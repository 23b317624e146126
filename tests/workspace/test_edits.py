"""Edits of people's histories are stored with their dataset and go with it."""

import pandas as pd

from recdesk.data.importing import ImportResult
from recdesk.workspace.edits import FILE, load_edits, save_edits
from recdesk.workspace.inventory import delete_part
from recdesk.workspace.workspace import Workspace

EDITS = [{"user": "007", "removed": [[0, "x"]], "added": ["y"], "wish": "快乐"}]


def test_edits_come_back_and_go_with_their_dataset(chain, tmp_path):
    workspace = Workspace(tmp_path)
    workspace.add_dataset(ImportResult(chain, [], pd.DataFrame()))
    assert load_edits(workspace, "chain") == []
    save_edits(workspace, "chain", EDITS)
    assert load_edits(Workspace(tmp_path), "chain") == EDITS
    assert workspace.dataset("chain").n_users == chain.n_users  # the dataset is still whole
    save_edits(workspace, "chain", [])
    assert not list(tmp_path.rglob(FILE))
    save_edits(workspace, "chain", EDITS)
    delete_part(workspace, "datasets")
    assert not list(tmp_path.rglob(FILE))
    save_edits(workspace, "chain", EDITS)
    assert load_edits(workspace, "chain") == []


def test_damaged_edits_are_as_good_as_none(chain, tmp_path):
    workspace = Workspace(tmp_path)
    workspace.add_dataset(ImportResult(chain, [], pd.DataFrame()))
    save_edits(workspace, "chain", EDITS)
    (path,) = tmp_path.rglob(FILE)
    path.write_bytes(path.read_bytes().replace(b"007", b"008"))
    assert load_edits(workspace, "chain") == []
