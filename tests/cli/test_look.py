"""What an import says of the columns before it reads them all, and where it asks."""

import json
import random
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from recdesk.cli.app import app
from tests.data.making import write


@pytest.fixture
def unclear(tmp_path: Path) -> Path:
    """Three columns of ids without names: the rows of the second stand together, but it does not come first."""
    r = random.Random(5)
    return write(tmp_path / "log.csv", "".join(f"{r.randrange(30)},{n // 5 + 700},{n % 9 + 100}\n" for n in range(100)))


def run(*arguments: object) -> Result:
    return CliRunner().invoke(app, [*map(str, arguments)])


def test_two_close_readings_stop_the_import_with_what_chooses(unclear: Path, tmp_path: Path) -> None:
    result = run("import", unclear, "--workspace", tmp_path / "ws")
    assert result.exit_code == 2
    said = " ".join(result.output.split())
    assert "It is not clear which column of “log.csv” holds the users." in said
    options = [f'--user "column {user}" --item "column {item}"' for user, item in ((2, 3), (1, 2))]
    assert any(option in said for option in options)
    assert said.count("--user") == 2 and said.count("; or user “") == 1 and "--yes takes the first." in said
    assert not any((tmp_path / "ws" / "datasets").glob("*"))


@pytest.mark.parametrize("more", [["--yes"], ["--user", "column 1", "--item", "column 3"]])
def test_an_answer_lets_it_through(unclear: Path, tmp_path: Path, more: list[str]) -> None:
    result = run("import", unclear, *more, "--workspace", tmp_path / "ws", "--json")
    assert result.exit_code == 0, result.output
    found = json.loads(result.stdout.strip().splitlines()[-1])
    assert found["interactions"] + found["dropped"] == 100
    assert [doubt["close"] for doubt in found["doubts"]] == [True]
    assert len(found["doubts"][0]["readings"]) == 2


def test_a_dry_run_only_tells(unclear: Path, tmp_path: Path) -> None:
    result = run("import", unclear, "--dry-run", "--workspace", tmp_path / "ws")
    assert result.exit_code == 0 and "Nothing was imported." in result.output


def test_columns_with_their_evidence_and_problems_are_said(tmp_path: Path) -> None:
    rows = "".join(f"pv,{u},{i},2020-01-0{1 + i}T0{u}:00:00Z\n" for u in range(1, 9) for i in range(5))
    result = run("import", write(tmp_path / "log.csv", rows), "--workspace", tmp_path / "ws")
    assert result.exit_code == 0, result.output
    said = " ".join(result.output.split())
    assert "column 1: event (70% sure: few words that come again: pv)" in said
    assert "column 2: user (" in said and ": 8 values, the rows of each together)" in said
    assert "column 4: time (80% sure: moments, such as 2020-01-01T01:00:00Z)" in said
    assert "! There are only 8 people: every figure will be uncertain." in said
    assert "by its name" not in said


def test_names_and_what_was_given_are_said_as_such(tmp_path: Path) -> None:
    rows = "".join(f"u{n % 5},i{n % 7},{n % 3}\n" for n in range(40))
    path = write(tmp_path / "log.csv", "user_id,item_id,amount\n" + rows)
    result = run("import", path, "--rating", "amount", "--workspace", tmp_path / "ws")
    assert result.exit_code == 0, result.output
    assert "user_id: user (90% sure, by its name)" in result.output
    assert "amount: rating (as given)" in result.output


def test_the_help_lists_options_by_what_they_are_for() -> None:
    said = run("import", "--help").output
    panels = ["Arguments:", "Files:", "Columns:", "How the file is written:", "Rules:", "What is kept:", "Output:"]
    places = [said.index(f"\n{panel}\n") for panel in panels]
    assert places == sorted(places)
    for option, panel in (("--items ", 1), ("--user ", 2), ("--separator ", 3), ("--k-core ", 4), ("--level ", 5)):
        assert places[panel] < said.index(option) < places[panel + 1]
    assert said.index("--yes ") > places[-1]
