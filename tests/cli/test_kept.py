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
def place(tmp_path: Path) -> Workspace:
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


def test_what_is_kept_is_told_part_by_part(place: Workspace) -> None:
    words = said("kept", "--workspace", place.folder)
    assert f"In “{place.folder}”:" in words
    assert "datasets who took what, and when 1" in words
    found = recdesk("kept", "--workspace", place.folder)
    people = {one["part"]: one["people"] for one in found["kept"]}
    assert people["datasets"] == people["trash"] == 9 and people["cache"] == 0


def test_the_trash_is_listed_and_emptied(place: Workspace) -> None:
    (name,) = [path.name for path in (place.folder / "trash").iterdir()]
    words = said("trash", "--workspace", place.folder)
    assert name in words and "kB in all." in words
    listed = recdesk("trash", "--workspace", place.folder)
    assert [(thing["name"], thing["title"], thing["people"]) for thing in listed["things"]] == [(name, "shop", 9)]
    gone = recdesk("trash", "--empty", "--yes", "--workspace", place.folder)
    assert (gone["deleted"], gone["size"]) == (1, listed["size"])
    assert list((place.folder / "trash").iterdir()) == []
    assert said("trash", "--workspace", place.folder) == "The trash is empty."
    assert said("trash", "--empty", "--workspace", place.folder) == "There is nothing to delete in “trash”."


def test_where_nobody_can_be_asked_nothing_is_deleted(place: Workspace) -> None:
    found = recdesk("trash", "--empty", "--workspace", place.folder, code=2)
    assert found["suggestion"] == "Give --yes."
    assert "Nothing was deleted" in said("kept", "--remove", "datasets", "--workspace", place.folder, code=2)
    assert place.dataset("shop").n_users == 9


def test_a_part_is_deleted_for_good(place: Workspace) -> None:
    words = said("kept", "--remove", "datasets", "--yes", "--workspace", place.folder)
    assert words.startswith("Deleted for good: 1 of datasets,")
    assert place.datasets() == [] and len(list((place.folder / "trash").iterdir())) == 1


@pytest.mark.parametrize("name", ["dataset", "../trash", "Trash "])
def test_a_part_that_is_none_is_refused(place: Workspace, name: str) -> None:
    found = recdesk("kept", "--remove", name, "--yes", "--workspace", place.folder, code=2)
    assert found["error"] == f"There is no part “{name}”."


def test_a_yes_is_asked_for_on_a_terminal(place: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("rich.console.Console.is_terminal", True)
    for answer, left in (("n\n", 1), ("y\n", 0)):
        result = CliRunner().invoke(app, ["trash", "--empty", "--workspace", str(place.folder)], input=answer)
        assert result.exit_code == 0 and "for good?" in result.output
        assert len(list((place.folder / "trash").iterdir())) == left


def test_ways_back_that_stay_are_told_when_a_key_is_deleted(place: Workspace, tmp_path: Path) -> None:
    hidden = ImportPlan(write(tmp_path / "log.csv", LOG), name="hidden", pseudonyms=True)
    place.add_dataset(import_files(hidden))
    words = said("pseudonyms", "hidden", "--forget", "--workspace", place.folder)
    assert "The key is deleted; but there are other ways back" in words
    assert "! 9 of these people are kept under their own ids in “shop”" in words and "in the trash" in words
    assert not place.has_key("hidden")
    assert said("pseudonyms", "hidden", "--forget", "--workspace", place.folder) == "There is no key."


def test_what_a_history_tells_is_said_when_a_key_is_deleted(tmp_path: Path) -> None:
    place = Workspace(tmp_path / "another")
    hidden = ImportPlan(write(tmp_path / "log.csv", LOG), name="hidden", pseudonyms=True)
    place.add_dataset(import_files(hidden))
    words = said("pseudonyms", "hidden", "--forget", "--workspace", place.folder)
    assert words == (
        "The key is deleted; nobody can go back from here by ids. "
        "Who knows what somebody took, and when, may still know them by it."
    )
