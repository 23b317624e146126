"""CSV files for spreadsheets."""

import csv
from pathlib import Path

import pytest

from recdesk.core.errors import RecdeskError
from recdesk.data.safe_csv import bare_cell, safe_cell, write_table


def test_a_full_disk_leaves_the_old_file(tmp_path: Path, monkeypatch):
    path = tmp_path / "out.csv"
    path.write_text("old")

    def full(_handle):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("recdesk.core.files.os.fsync", full)
    with pytest.raises(RecdeskError, match="is full"):
        write_table(path, ["a"], [["b"]])
    assert path.read_text() == "old"


@pytest.mark.parametrize(
    "text, written",
    [
        ("=1+1", "'=1+1"),
        ("+SUM(A1)", "'+SUM(A1)"),
        ("-2+3", "'-2+3"),
        ("@cmd", "'@cmd"),
        ("\tx", "'\tx"),
        ("-5", "-5"),
        ("+3.5", "+3.5"),
        ("Toy Story", "Toy Story"),
        ("007", "007"),
    ],
)
def test_a_cell_cannot_run_as_a_formula_and_an_id_stays_an_id(text: str, written: str):
    assert safe_cell(text) == written
    assert bare_cell(written) == text


def test_excel_sees_utf8_and_quotes_survive(tmp_path: Path):
    path = tmp_path / "t.csv"
    write_table(path, ["标题"], [['a, "b"\nc']])
    assert path.read_bytes().startswith(b"\xef\xbb\xbf")
    with path.open(encoding="utf-8-sig", newline="") as stream:
        assert list(csv.reader(stream)) == [["标题"], ['a, "b"\nc']]


@pytest.mark.parametrize("text", ["'tis", "'", "'007", "'-5"])
def test_an_apostrophe_that_was_there_before_stays(text: str):
    assert bare_cell(text) == text
