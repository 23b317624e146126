"""Who left with an update is said to stay where a run needs the older version, and how that ends."""

from pathlib import Path

import pytest

from recdesk.data.importing import import_files
from recdesk.data.plan import ImportPlan
from recdesk.workspace.removed_users import remaining_data
from recdesk.workspace.workspace import Workspace
from tests.cli.test_commands import recdesk
from tests.data.making import write
from tests.workspace.conftest import small_config

HEAD = "user,item,time\n"
ROWS = [f"someone-{n % 9},i{(n * n) % 7},{n}\n" for n in range(60)]
LEFT = HEAD + "".join(row for row in ROWS if not row.startswith("someone-8"))


@pytest.fixture(params=[False, True], ids=["own ids", "pseudonyms"])
def workspace(request: pytest.FixtureRequest, tmp_path: Path) -> Workspace:
    made = Workspace(tmp_path / "workspace")
    plan = ImportPlan(write(tmp_path / "log.csv", HEAD + "".join(ROWS)), name="shop", pseudonyms=request.param)
    made.add_dataset(import_files(plan))
    return made


def test_the_update_names_the_runs_that_still_know_them_and_what_to_do(workspace: Workspace, tmp_path: Path) -> None:
    run = workspace.create_run("shop", small_config(), "leave-one-out")
    gone = workspace.pseudonym("shop", "someone-8")
    found = recdesk("update", "shop", write(tmp_path / "newer.csv", LEFT), "--workspace", workspace.folder)
    assert found["stays"] == (
        "1 person who is no longer in the data stays in the older version, which these runs were trained on: "
        f"{run.id}. To be rid of it delete the older versions (Settings, or “recdesk kept --remove versions”)."
    )
    recdesk("kept", "--remove", "versions", "--yes", "--workspace", workspace.folder)
    assert not any(gone.encode() in path.read_bytes() for path in workspace.folder.rglob("*.parquet"))


def test_without_a_run_they_stay_in_the_trash(workspace: Workspace, tmp_path: Path) -> None:
    gone = workspace.pseudonym("shop", "someone-8")
    found = recdesk("update", "shop", write(tmp_path / "newer.csv", LEFT), "--workspace", workspace.folder)
    assert found["stays"].startswith("1 person who is no longer in the data stays in the trash until it is emptied")
    recdesk("trash", "--empty", "--yes", "--workspace", workspace.folder)
    assert not any(gone.encode() in path.read_bytes() for path in workspace.folder.rglob("*.parquet"))


def test_nothing_is_said_when_nobody_left(workspace: Workspace, tmp_path: Path) -> None:
    newer = write(tmp_path / "newer.csv", HEAD + "".join(ROWS) + "someone-9,i1,99\n")
    result = workspace.update_dataset("shop", newer)
    assert remaining_data(result.dataset.report, workspace.runs()) == ""


def test_many_runs_are_not_all_named(workspace: Workspace, tmp_path: Path) -> None:
    for _ in range(7):
        workspace.create_run("shop", small_config(), "leave-one-out")
    result = workspace.update_dataset("shop", write(tmp_path / "newer.csv", LEFT))
    said = remaining_data(result.dataset.report, workspace.runs())
    assert ", …. To be rid" in said and sum(run.id in said for run in workspace.runs()) == 5
