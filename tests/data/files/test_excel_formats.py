"""Ids of workbooks as Excel shows them: with the zeros that a cell's format puts in front."""

from collections.abc import Sequence
from pathlib import Path

import openpyxl
import pytest

from recdesk.data.files.excel_formats import padded
from recdesk.data.importing import import_files
from recdesk.data.plan import ImportPlan
from recdesk.data.planning import preview
from tests.data.conftest import pairs

ROWS: list[list[object]] = [["user", "item", "rating"], [7, 1, 5], [12, 2, 4], [7, 2, 3], ["x9", 1, 1]]


def workbook(
    path: Path, rows: Sequence[Sequence[object]], formats: dict[str, str], place: tuple[int, int] = (1, 1)
) -> Path:
    """A sheet whose table begins at a row and column, and whose columns (by letter) have number formats."""
    book = openpyxl.Workbook()
    sheet = book.active
    for down, row in enumerate(rows):
        for right, value in enumerate(row):
            sheet.cell(place[0] + down, place[1] + right, value)
    for letter, code in formats.items():
        for cell in sheet[letter]:
            cell.number_format = code
    book.save(path)
    return path


def test_ids_have_the_zeros_that_excel_shows(tmp_path: Path) -> None:
    path = workbook(tmp_path / "f.xlsx", ROWS, {"A": "00000", "B": "000"})
    wanted = [("00007", "001"), ("00007", "002"), ("00012", "002"), ("x9", "001")]
    assert sorted((row[0], row[1]) for row in preview(path).rows) == wanted
    dataset = import_files(ImportPlan(path)).dataset
    assert pairs(dataset) == wanted
    assert dataset.ratings.tolist() == [5, 3, 4, 1]  # type: ignore[union-attr]


def test_a_table_that_begins_elsewhere_keeps_its_zeros(tmp_path: Path) -> None:
    path = workbook(tmp_path / "f.xlsx", ROWS, {"A": "0000", "C": "00000", "F": "000000"}, (4, 3))
    assert pairs(import_files(ImportPlan(path)).dataset)[0] == ("00007", "1")


def test_ids_of_the_items_file_meet_those_of_the_interactions(tmp_path: Path) -> None:
    log = tmp_path / "log.csv"
    log.write_text("user,item\na,007\nb,008\na,008\n", encoding="utf-8")
    items = workbook(tmp_path / "items.xlsx", [["item", "title"], [7, "Seven"], [8, "Eight"]], {"A": "000"})
    assert import_files(ImportPlan(log, items)).dataset.item_features["title"].tolist() == ["Seven", "Eight"]


@pytest.mark.parametrize("code", ["General", "0", "0.00", "#,##0", "000-0000", '"A"0000', "@"])
def test_other_formats_change_nothing(code: str, tmp_path: Path) -> None:
    path = workbook(tmp_path / "f.xlsx", ROWS, {"A": code})
    assert pairs(import_files(ImportPlan(path)).dataset)[0] == ("7", "1")


@pytest.mark.parametrize("code", ["00000", "00000;-00000", "[$-409]00000"])
def test_formats_of_zeros_for_one_sign_or_language_count(code: str, tmp_path: Path) -> None:
    path = workbook(tmp_path / "f.xlsx", ROWS, {"A": code})
    assert pairs(import_files(ImportPlan(path)).dataset)[0] == ("00007", "1")


@pytest.mark.parametrize(
    ("cell", "shown"),
    [(7.0, "00007"), (123_456, "123456"), (-7, "-00007"), (0, "00000"), (7.5, 7.5), ("7", "7"), (True, True), ("", "")],
)
def test_only_whole_numbers_get_zeros(cell: object, shown: object) -> None:
    assert padded(cell, 5) == shown


@pytest.mark.slow
def test_a_long_sheet_is_read_along(tmp_path: Path) -> None:
    rows = [["user", "item"], *([n % 9, n % 1000] for n in range(20_000))]
    path = workbook(tmp_path / "f.xlsx", rows, {"B": "0000"})
    dataset = import_files(ImportPlan(path)).dataset
    assert dataset.item_ids.tolist() == [f"{n:04d}" for n in range(1000)]
