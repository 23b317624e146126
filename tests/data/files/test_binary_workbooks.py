"""Excel's binary workbooks, .xls and .xlsb, read from bytes as Excel writes them."""

import gzip
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from recdesk.core.errors import RecdeskError
from recdesk.data.importing import import_files
from recdesk.data.plan import ImportPlan
from recdesk.data.planning import preview, propose
from tests.data.conftest import pairs, read, read_in_this_process
from tests.data.files.binary_workbooks import Cell, Sheets, write_xls, write_xlsb

Write = Callable[[Path, Sheets], Path]
both = pytest.mark.parametrize(("ending", "write"), [(".xls", write_xls), (".xlsb", write_xlsb)], ids=["xls", "xlsb"])
HEAD: list[Cell] = ["user", "item", "rating", "when"]
BEGIN = datetime(2020, 1, 2, 3, 4, 5)


def log(n: int, at: int = 0) -> list[list[Cell]]:
    return [HEAD, *([f"00{k % 7}", float(k), 1 + k % 9 / 2, BEGIN + timedelta(hours=k)] for k in range(at, at + n))]


def wanted(n: int) -> list[tuple[str, str]]:
    return sorted((f"00{k % 7}", f"{k}") for k in range(n))


@both
def test_texts_numbers_and_times_are_as_excel_shows_them(ending: str, write: Write, tmp_path: Path) -> None:
    path = write(tmp_path / f"käufe{ending}", {"Käufe": log(60)})
    look = preview(path)
    assert look.rows[0] == ["000", "0", "1", "2020-01-02 03:04:05"]
    assert look.roles == {"user": "user", "item": "item", "rating": "rating", "time": "when"}
    dataset = read(path).dataset
    assert sorted(pairs(dataset)) == wanted(60)
    assert dataset.times is not None and dataset.ratings is not None
    assert int(dataset.times.min()) == 1_577_934_245
    assert sorted(set(dataset.ratings.tolist())) == [1.0, 1.5, 2.0, 2.5, 3.0, 3.5, 4.0, 4.5, 5.0]


@both
def test_sheets_of_the_same_columns_are_one_log(ending: str, write: Write, tmp_path: Path) -> None:
    notes: list[list[Cell]] = [["read me"], ["two sheets"]]
    path = write(tmp_path / f"shop{ending}", {"2019": log(30), "notes": notes, "2020": log(30, at=30)})
    assert preview(path).tables == ["2019", "notes", "2020"]
    plan = propose([path])
    assert [piece.name for piece in plan.pieces] == [f"shop{ending}: 2019", f"shop{ending}: 2020"]
    assert sorted(pairs(import_files(plan).dataset)) == wanted(60)


@both
def test_the_content_counts_whatever_the_name_says(ending: str, write: Write, tmp_path: Path) -> None:
    raw = write(tmp_path / f"a{ending}", {"log": log(40)}).read_bytes()
    (tmp_path / "b.csv").write_bytes(raw)
    (tmp_path / f"c{ending}.gz").write_bytes(gzip.compress(raw))
    for name in ("b.csv", f"c{ending}.gz"):
        assert sorted(pairs(import_files(ImportPlan(tmp_path / name)).dataset)) == wanted(40)


@pytest.mark.slow
@both
def test_bytes_that_are_cut_or_changed_are_refused_in_a_sentence_or_read(
    ending: str, write: Write, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    read_in_this_process(monkeypatch)
    raw = write(tmp_path / f"a{ending}", {"log": log(40)}).read_bytes()
    broken = [raw[:end] for end in range(600, len(raw), len(raw) // 8)]
    for at in range(40, len(raw), len(raw) // 12):
        broken.append(raw[:at] + bytes([raw[at] ^ 0xFF]) + raw[at + 1 :])
    refused = 0
    for number, content in enumerate(broken):
        path = tmp_path / f"{number}{ending}"
        path.write_bytes(content)
        try:
            assert import_files(ImportPlan(path)).dataset.n_interactions <= 40
        except RecdeskError as error:
            refused += 1
            assert path.name in error.sentence and error.suggestion
    assert refused >= 6
