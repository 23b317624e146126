"""Workbooks, databases, JSON in all its shapes, sessions and packed files: the same rows whatever they come in."""

import bz2
import datetime
import gzip
import json
import lzma
import sqlite3
import zipfile
from pathlib import Path

import duckdb
import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from recdesk.core.errors import DataError
from recdesk.data.files import limits
from recdesk.data.files.dialect import Dialect
from recdesk.data.files.source import Source
from recdesk.data.importing import import_files
from recdesk.data.plan import ImportPlan
from recdesk.data.planning import preview
from tests.data.conftest import pairs, read_in_this_process
from tests.data.making import delimited, write, write_parquet

HEADER = ["user_id", "item_id", "rating", "timestamp"]
ROWS = [
    ["007", "1e5", "4.5", "1700000001"],
    ["用户", "b", "1", "1700000002"],
    ["007", "90071992547409930", "3", "1700000003"],
]
PAIRS = [("007", "1e5"), ("007", "90071992547409930"), ("用户", "b")]
TEXT = delimited([HEADER, *ROWS])
Sheets = dict[str, list[list[object]]]


def workbook(path: Path, sheets: Sheets) -> Path:
    book = openpyxl.Workbook()
    book.remove(book.active)  # type: ignore[arg-type]
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    book.save(path)
    return path


def sqlite_file(path: Path, tables: dict[str, tuple[list[str], list[list[object]]]]) -> Path:
    with sqlite3.connect(path) as base:
        for name, (columns, rows) in tables.items():
            base.execute(f'CREATE TABLE "{name}" ({", ".join(columns)})')
            base.executemany(f'INSERT INTO "{name}" VALUES ({", ".join("?" * len(columns))})', rows)
    base.close()
    return path


def refused(path: Path, **known: object) -> tuple[str, str]:
    with pytest.raises(DataError) as caught:
        import_files(ImportPlan(path, dialect=Source(path, **known).dialect))
    return caught.value.sentence, caught.value.suggestion


# --- packed ---


@pytest.mark.parametrize("packing", ["gzip", "bzip2", "xz", "zip"])
@pytest.mark.parametrize("name", ["data", "data.csv"])
def test_a_packed_file_is_read_whatever_its_name(packing: str, name: str, tmp_path: Path) -> None:
    path = tmp_path / name
    if packing == "zip":
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("folder/data.csv", TEXT)
            archive.writestr("README.txt", "What these data are")
            archive.writestr("__MACOSX/folder/._data.csv", b"\0\1\2")
    else:
        pack = {"gzip": gzip.compress, "bzip2": bz2.compress, "xz": lzma.compress}[packing]
        path.write_bytes(pack(TEXT.encode()))
    assert preview(path).dialect.packed == packing
    assert pairs(import_files(ImportPlan(path)).dataset) == PAIRS


def test_a_zip_file_of_several_names_them_and_reads_the_one_that_is_said(tmp_path: Path) -> None:
    path = tmp_path / "all.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("x/ratings.csv", TEXT)
        archive.writestr("x/movies.csv", "item,title\nb,B\n")
    assert refused(path) == (
        "“all.zip” holds several files: x/ratings.csv, x/movies.csv.",
        "Say which of them, or unpack it first.",
    )
    dialect = Source(path, member="x/ratings.csv").dialect
    assert pairs(import_files(ImportPlan(path, dialect=dialect)).dataset) == PAIRS
    assert Source(path, dialect).tables() == ["x/ratings.csv", "x/movies.csv"]
    assert refused(path, member="x/tags.csv") == (
        "“all.zip” holds no file “x/tags.csv”.",
        "It holds: x/ratings.csv, x/movies.csv.",
    )


def test_a_workbook_in_a_zip_file(tmp_path: Path) -> None:
    book = workbook(tmp_path / "b.xlsx", {"S": [HEADER, *ROWS]})
    with zipfile.ZipFile(tmp_path / "b.zip", "w") as archive:
        archive.write(book, "b.xlsx")
    assert pairs(import_files(ImportPlan(tmp_path / "b.zip")).dataset) == PAIRS


# --- workbooks ---


def test_the_items_file_may_be_a_workbook(tmp_path: Path) -> None:
    log = write(tmp_path / "log.csv", "user,item\na,x\nb,y\na,y\n")
    items = workbook(tmp_path / "items.xlsx", {"S": [["item", "title"], ["y", "The second"], ["x", "The first"]]})
    dataset = import_files(ImportPlan(log, items)).dataset
    assert dataset.item_features.to_dict("list") == {"title": ["The first", "The second"]}


def test_a_sheet_with_texts_numbers_and_moments(tmp_path: Path) -> None:
    moments = [datetime.datetime(2024, 2, 29, 12, 0, n) for n in range(3)]
    rows = [["007", 12, 4.5, moments[0]], [8.0, "1e5", None, moments[1]], ["007", True, 3, moments[2]]]
    path = workbook(tmp_path / "f.xlsx", {"Tabelle1": [["Kunde", "Artikel", "rating", "Datum"], *rows]})
    result = import_files(ImportPlan(path))
    assert pairs(result.dataset) == [("007", "12"), ("007", "true"), ("8", "1e5")]
    assert result.dataset.times is not None
    assert result.dataset.times.tolist() == [1709208000, 1709208002, 1709208001]


def test_a_title_and_empty_rows_above_a_sheets_table(tmp_path: Path) -> None:
    path = workbook(
        tmp_path / "f.xlsx", {"S": [[], ["Sales of the year"], [], HEADER, *ROWS, [], ["x", "y", "bad", "1700000009"]]}
    )
    result = import_files(ImportPlan(path))
    assert pairs(result.dataset) == PAIRS
    assert [(r.line, r.column, r.value) for r in result.rejects] == [(9, "rating", "bad")]
    assert preview(path).dialect == Dialect("xlsx", skip=3, table="S")


def test_of_several_sheets_the_one_with_users_and_items_is_taken_unless_another_is_said(tmp_path: Path) -> None:
    other = [["user", "item"], ["p", "q"], ["r", "s"]]
    path = workbook(tmp_path / "f.xlsx", {"About": [["by", "us"]], "Log": [HEADER, *ROWS], "Old": other})
    assert pairs(import_files(ImportPlan(path)).dataset) == PAIRS
    dialect = Source(path, table="Old").dialect
    assert pairs(import_files(ImportPlan(path, dialect=dialect)).dataset) == [("p", "q"), ("r", "s")]
    assert Source(path, dialect).tables() == ["About", "Log", "Old"]
    assert refused(path, table="New") == ("“f.xlsx” has no sheet “New”.", "Its sheets are: About, Log, Old.")


def test_a_damaged_workbook(tmp_path: Path) -> None:
    path = tmp_path / "f.xlsx"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("xl/workbook.xml", "<workbook>")
    assert refused(path)[0] == "“f.xlsx” is a damaged workbook."


def test_a_sheet_that_reaches_to_the_end_of_the_world_is_refused(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet["A1"], sheet["XFD1048576"] = "user", "item"
    book.save(tmp_path / "f.xlsx")
    assert refused(tmp_path / "f.xlsx")[0] == (
        "A sheet of “f.xlsx” reaches to row 1,048,576 and column 16,384: too large to hold."
    )


# --- databases ---

TABLES: dict[str, tuple[list[str], list[list[object]]]] = {
    "films": (["film TEXT", "title TEXT"], [["b", "B"]]),
    "log": (["user_id TEXT", "item_id TEXT", "rating REAL", "timestamp INTEGER"], [list(row) for row in ROWS]),
    "more": (["user TEXT", "item TEXT"], [["p", "q"], ["r", "s"]]),
}


@pytest.mark.parametrize("form", ["sqlite", "duckdb"])
def test_a_database_gives_its_likeliest_table_unless_another_is_said(form: str, tmp_path: Path) -> None:
    path = tmp_path / "shop.db"
    if form == "sqlite":
        sqlite_file(path, TABLES)
    else:
        with duckdb.connect(str(path)) as base:
            for name, (columns, rows) in TABLES.items():
                base.execute(f"CREATE TABLE {name} ({', '.join(columns)})")
                base.executemany(f"INSERT INTO {name} VALUES ({', '.join('?' * len(columns))})", rows)
    before = path.read_bytes(), sorted(tmp_path.iterdir())
    found = preview(path)
    assert (found.dialect.form, found.dialect.table) == (form, "log")
    assert found.rows[0][:2] == ["007", "1e5"]
    assert pairs(import_files(ImportPlan(path)).dataset) == PAIRS
    dialect = Source(path, table="more").dialect
    assert pairs(import_files(ImportPlan(path, dialect=dialect)).dataset) == [("p", "q"), ("r", "s")]
    assert Source(path, dialect).tables() == ["log", "more", "films"]
    assert refused(path, table="nothing") == ("“shop.db” has no table “nothing”.", "Its tables are: log, more, films.")
    assert (path.read_bytes(), sorted(tmp_path.iterdir())) == before


def test_a_database_loses_no_digit(tmp_path: Path) -> None:
    rows = [[1234567890123456789, "a"], [9007199254740993, "b"]]
    dataset = import_files(
        ImportPlan(sqlite_file(tmp_path / "f.db", {"t": (["user INTEGER", "item TEXT"], rows)}))
    ).dataset
    assert dataset.user_ids.tolist() == ["1234567890123456789", "9007199254740993"]


def test_a_view_without_end_is_given_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "PATIENCE", 0.2)
    read_in_this_process(monkeypatch)
    path = tmp_path / "f.db"
    with sqlite3.connect(path) as base:
        base.execute(
            "CREATE VIEW v AS WITH RECURSIVE c(user) AS (SELECT 1 UNION ALL SELECT user + 1 FROM c) "
            "SELECT max(user) AS user, 1 AS item FROM c"
        )
    base.close()
    assert refused(path)[0] == "“f.db” could not be read as a database: interrupted."


@pytest.mark.parametrize("start", [b"SQLite format 3\0", b"\0" * 8 + b"DUCK"])
def test_a_damaged_database(start: bytes, tmp_path: Path) -> None:
    sentence, suggestion = refused(write(tmp_path / "f.db", start + bytes(range(256)) * 40))
    assert sentence.startswith("“f.db” could not be read as a database: ")
    assert suggestion == "Check that it is whole and that no program is writing to it."


def test_a_database_without_tables(tmp_path: Path) -> None:
    base = sqlite3.connect(tmp_path / "f.db")
    base.execute("PRAGMA user_version = 1")
    base.close()
    assert refused(tmp_path / "f.db")[0] == "“f.db” has no table."


# --- JSON ---

OBJECTS = [dict(zip(HEADER, row, strict=True)) for row in ROWS]
SHAPES = {
    "an array on one line": json.dumps(OBJECTS),
    "an array over many lines": json.dumps(OBJECTS, indent=2, ensure_ascii=False),
    "an array with line ends of Windows": json.dumps(OBJECTS, indent=2).replace("\n", "\r\n"),
    "an array inside an object": json.dumps({"reviews": OBJECTS, "next": None}, indent=1),
    "objects over many lines": "\n".join(json.dumps(entry, indent=2) for entry in OBJECTS),
    "one object a line": "\n".join(map(json.dumps, OBJECTS)),
}


@pytest.mark.parametrize("packed", ["", ".gz"])
@pytest.mark.parametrize("shape", SHAPES)
def test_json_as(shape: str, packed: str, tmp_path: Path) -> None:
    path = write(tmp_path / f"f.json{packed}", SHAPES[shape])
    assert pairs(import_files(ImportPlan(path)).dataset) == PAIRS


def test_an_array_of_lists(tmp_path: Path) -> None:
    path = write(tmp_path / "f.json", json.dumps([[*row[:3], int(row[3])] for row in ROWS]))
    assert pairs(import_files(ImportPlan(path)).dataset) == PAIRS


def test_json_numbers_in_an_array_lose_no_digit(tmp_path: Path) -> None:
    path = write(
        tmp_path / "f.json", '[{"user": 1234567890123456789, "item": 12345678901234567890123},\n{"user": 2, "item": 7}]'
    )
    assert pairs(import_files(ImportPlan(path)).dataset) == [
        ("1234567890123456789", "12345678901234567890123"),
        ("2", "7"),
    ]


def test_an_element_that_cannot_be_used_is_told_with_the_line_it_begins_in(tmp_path: Path) -> None:
    objects = [*OBJECTS, {**OBJECTS[0], "rating": "bad"}, OBJECTS[1]]
    path = write(tmp_path / "f.json", json.dumps(objects, indent=2))
    rejects = import_files(ImportPlan(path)).rejects
    assert [(r.line, r.column, r.value) for r in rejects] == [(20, "rating", "bad")]
    assert path.read_text().splitlines()[19] == "  {"


@pytest.mark.parametrize("cut", [0.4, 0.7, 0.95])
def test_an_array_cut_short(cut: float, tmp_path: Path) -> None:
    text = json.dumps(OBJECTS * 50, indent=1)
    sentence, _ = refused(write(tmp_path / "f.json", text[: int(len(text) * cut)]))
    assert sentence.startswith("“f.json” is damaged JSON; line ")


def test_json_with_a_mistake_names_the_line(tmp_path: Path) -> None:
    text = json.dumps(OBJECTS * 50, indent=1).splitlines()
    text[100] = text[100].replace(":", "")
    sentence, _ = refused(write(tmp_path / "f.json", "\n".join(text)))
    assert sentence == "“f.json” is damaged JSON; line 98: Expecting ':' delimiter."


# --- sessions ---

LINES = ["u1 a b c", "u2 b", "u3 c a b a", "u4 a d", "u5 d d c"]
OWN = [(line.split()[0], item) for line in LINES for item in line.split()[1:]]


@pytest.mark.parametrize("separator", [" ", "\t", ",", ";"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_a_line_a_user_with_items_in_order(separator: str, end: str, tmp_path: Path) -> None:
    path = write(tmp_path / "f.txt", end.join(line.replace(" ", separator) for line in LINES))
    assert preview(path).dialect == Dialect("sessions", separator=separator, quote="", header=False)
    dataset = import_files(ImportPlan(path)).dataset
    assert pairs(dataset) == OWN
    assert dataset.times is None


def test_lines_of_items_alone(tmp_path: Path) -> None:
    path = write(tmp_path / "f.txt", "a b c\nb a\n\nc a b a\na d\nd d c\n")
    assert preview(path).dialect.form == "baskets"
    dataset = import_files(ImportPlan(path)).dataset
    assert dataset.user_ids.tolist() == ["1", "2", "4", "5", "6"]  # the numbers of their lines
    assert [item for _, item in pairs(dataset)] == list("abcbacabaadddc")


def test_sessions_can_be_corrected(tmp_path: Path) -> None:
    path = write(tmp_path / "f.txt", "\n".join(LINES))
    dialect = Source(path, form="baskets").dialect
    assert pairs(import_files(ImportPlan(path, dialect=dialect)).dataset)[:2] == [("1", "u1"), ("1", "a")]


def test_a_user_without_items_is_told(tmp_path: Path) -> None:
    path = write(tmp_path / "f.txt", "\n".join([*LINES[:2], "", "u9", *LINES[2:]]))
    result = import_files(ImportPlan(path))
    assert [(r.line, r.reason, r.raw) for r in result.rejects] == [(4, "a user without items", "u9")]
    assert pairs(result.dataset) == OWN


def test_parquet_is_read_though_what_its_writer_added_for_itself_is_damaged(tmp_path: Path) -> None:
    """Arrow keeps a schema of its own, in base64, beside that of Parquet."""
    path = write_parquet(tmp_path / "f.parquet", {"user": ["a", "a", "b"], "item": ["x", "y", "x"]})
    data = bytearray(path.read_bytes())
    data[data.index(b"ARROW:schema") + 40] = ord("!")
    path.write_bytes(bytes(data))
    with pytest.raises(pa.ArrowInvalid, match="base64"):
        pq.read_schema(path)
    assert pairs(import_files(ImportPlan(path)).dataset) == [("a", "x"), ("a", "y"), ("b", "x")]
