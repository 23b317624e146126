from pathlib import Path

import pytest
from typer.testing import CliRunner

from recdesk.cli.app import app
from recdesk.data.importing import import_files
from recdesk.data.plan import ImportPlan
from recdesk.workspace.workspace import Workspace
from tests.cli.test_commands import recdesk
from tests.data.making import write

LOG = "user,item,time\n" + "".join(f"someone-{n % 9},i{(n * n) % 7},{n}\n" for n in range(60))


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    """A workspace with a dataset, and one in the trash."""
    made = Workspace(tmp_path / "workspace")
    result = import_files(ImportPlan(write(tmp_path / "log.csv", LOG), name="shop"))
    made.add_dataset(result)
    made.remove_dataset(made.add_dataset(result))
    return made


def said(*arguments: object, code: int = 0) -> str:
    result = CliRunner().invoke(app, list(map(str, arguments)))
    assert result.exit_code == code, result.output
    return " ".join(result.output.split())


def test_what_is_kept_is_told_part_by_part(workspace: Workspace) -> None:
    words = said("kept", "--workspace", workspace.folder)
    assert f"In “{workspace.folder}”:" in words
    assert "datasets who took what, and when 1" in words
    found = recdesk("kept", "--workspace", workspace.folder)
    people = {one["part"]: one["people"] for one in found["kept"]}
    assert people["datasets"] == people["trash"] == 9 and people["cache"] == 0


def test_the_trash_is_listed_and_emptied(workspace: Workspace) -> None:
    (name,) = [path.name for path in (workspace.folder / "trash").iterdir()]
    words = said("trash", "--workspace", workspace.folder)
    assert name in words and "kB in all." in words
    listed = recdesk("trash", "--workspace", workspace.folder)
    assert [(thing["name"], thing["title"], thing["people"]) for thing in listed["things"]] == [(name, "shop", 9)]
    gone = recdesk("trash", "--empty", "--yes", "--workspace", workspace.folder)
    assert (gone["deleted"], gone["size"]) == (1, listed["size"])
    assert list((workspace.folder / "trash").iterdir()) == []
    assert said("trash", "--workspace", workspace.folder) == "The trash is empty."
    assert said("trash", "--empty", "--workspace", workspace.folder) == "There is nothing to delete in “trash”."


def test_where_nobody_can_be_asked_nothing_is_deleted(workspace: Workspace) -> None:
    found = recdesk("trash", "--empty", "--workspace", workspace.folder, code=2)
    assert found["suggestion"] == "Give --yes."
    assert "Nothing was deleted" in said("kept", "--remove", "datasets", "--workspace", workspace.folder, code=2)
    assert workspace.dataset("shop").n_users == 9


def test_a_part_is_deleted_for_good(workspace: Workspace) -> None:
    words = said("kept", "--remove", "datasets", "--yes", "--workspace", workspace.folder)
    assert words.startswith("Deleted for good: 1 of datasets,")
    assert workspace.datasets() == [] and len(list((workspace.folder / "trash").iterdir())) == 1


@pytest.mark.parametrize("name", ["dataset", "../trash", "Trash "])
def test_a_part_that_is_none_is_refused(workspace: Workspace, name: str) -> None:
    found = recdesk("kept", "--remove", name, "--yes", "--workspace", workspace.folder, code=2)
    assert found["error"] == f"There is no part “{name}”."


def test_a_yes_is_asked_for_on_a_terminal(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("rich.console.Console.is_terminal", True)
    for answer, left in (("n\n", 1), ("y\n", 0)):
        result = CliRunner().invoke(app, ["trash", "--empty", "--workspace", str(workspace.folder)], input=answer)
        assert result.exit_code == 0 and "for good?" in result.output
        assert len(list((workspace.folder / "trash").iterdir())) == left


def test_ways_back_that_stay_are_told_when_a_key_is_deleted(workspace: Workspace, tmp_path: Path) -> None:
    hidden = ImportPlan(write(tmp_path / "log.csv", LOG), name="hidden", pseudonyms=True)
    workspace.add_dataset(import_files(hidden))
    words = said("pseudonyms", "hidden", "--forget", "--workspace", workspace.folder)
    assert "The key is deleted; but there are other ways back" in words
    assert "! 9 of these people are kept under their own ids in “shop”" in words and "in the trash" in words
    assert not workspace.has_key("hidden")
    assert said("pseudonyms", "hidden", "--forget", "--workspace", workspace.folder) == "There is no key."


def test_what_a_history_tells_is_said_when_a_key_is_deleted(tmp_path: Path) -> None:
    workspace = Workspace(tmp_path / "another")
    hidden = ImportPlan(write(tmp_path / "log.csv", LOG), name="hidden", pseudonyms=True)
    workspace.add_dataset(import_files(hidden))
    words = said("pseudonyms", "hidden", "--forget", "--workspace", workspace.folder)
    assert words == (
        "The key is deleted; nobody can go back from here by ids. "
        "Who knows what somebody took, and when, may still know them by it."
    )
