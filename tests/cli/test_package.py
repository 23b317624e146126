"""The commands pack, open and reproduce, and a packed file in the place of a command."""

from pathlib import Path

import pytest

from recdesk.__main__ import with_window
from recdesk.experiment.pipeline import execute
from recdesk.monitor.control import Control
from recdesk.workspace.workspace import Workspace
from tests.cli.test_commands import recdesk
from tests.workspace.conftest import small_config, workspace  # noqa: F401


@pytest.fixture
def run_id(workspace: Workspace) -> str:  # noqa: F811
    run = execute(
        workspace.create_run("chain", small_config(epochs=1), "leave-one-out"), Control(), lambda _event: None
    )
    assert run.state == "finished", run.reason
    return run.id


@pytest.mark.slow
def test_runs_are_packed_opened_and_reproduced(workspace: Workspace, run_id: str, tmp_path: Path):  # noqa: F811
    package, other = tmp_path / "a.recdesk", tmp_path / "other"
    told = recdesk("pack", "last", "--out", package, "--workspace", workspace.folder)
    assert told["size"] == package.stat().st_size
    assert told["notes"] == ["The file holds the histories of 60 people of “chain” under their own ids."]
    told = recdesk("open", package, "--workspace", other)
    assert told["runs"] == [{"name": run_id, "here": run_id, "fate": "added"}]
    assert recdesk("open", package, "--workspace", other)["runs"][0]["fate"] == "there"
    told = recdesk("reproduce", "last", "--in", package, "--workspace", other)
    assert told["same"] and told["run"] == run_id and [check["same"] for check in told["checks"]] == [True] * 3
    assert recdesk("reproduce", "none", "--in", package, "--workspace", other, code=2)["error"].endswith("run “none”.")


def test_wrong_requests_are_refused(workspace: Workspace, run_id: str, tmp_path: Path):  # noqa: F811
    where = ("--workspace", workspace.folder)
    assert recdesk("pack", run_id, "--out", tmp_path / "a.zip", *where, code=2)["error"] == (
        "“a.zip” does not end in .recdesk."
    )
    told = recdesk("pack", "last", "--out", tmp_path / "a.recdesk", "--without-data", "--with-edits", *where, code=2)
    assert told["error"] == "Edits of histories go with the data."
    assert "is not there" in recdesk("open", tmp_path / "none.recdesk", *where, code=1)["error"]
    assert not list(tmp_path.glob("*.recdesk"))


def test_a_packed_file_in_the_place_of_a_command_opens_in_the_window():
    assert with_window(["a.recdesk"]) == ["window", "a.recdesk"]
    assert with_window(["--workspace", "w", "A.RecDesk"]) == ["--workspace", "w", "window", "A.RecDesk"]
    for other in (["open", "a.recdesk"], ["pack", "last", "--out", "a.recdesk"], ["a.csv"], [], ["--version"]):
        assert with_window(other) == other
