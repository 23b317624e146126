"""Every format of interactions gives the same rows; every way of writing items gives the same texts."""

from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import duckdb
import numpy as np
import pytest

from recdesk.core.errors import DataError, StorageError
from recdesk.data.dataset import Dataset
from recdesk.data.files import limits, reading
from recdesk.data.files.dialect import Dialect
from recdesk.data.files.loading import Loading
from recdesk.data.importing import import_files
from recdesk.data.plan import ImportPlan
from recdesk.data.planning import preview, propose
from tests.data.making import TEXTS, delimited, write, write_jsonl, write_parquet, write_table

HEADER = [["user_id", "item_id", "rating", "timestamp"]]
ROWS = [
    ["007", "1e5", "4.5", "1700000300"],
    ["用户", "b", "", "1700000100"],
    ["007", "9007199254740993001", "1", "1700000200"],
    ["用户", "1e5", "3", "1700000100"],
]
"""Awkward ids, an unknown rating, user 007's rows against the order of time, a tie."""


def assert_rows(dataset: Dataset) -> None:
    """What must come of ROWS, whatever they are written in."""
    assert dataset.user_ids.tolist() == ["007", "用户"]
    assert dataset.item_ids.tolist() == ["1e5", "b", "9007199254740993001"]
    assert dataset.offsets.tolist() == [0, 2, 4]
    assert dataset.items.tolist() == [3, 1, 2, 1]
    assert dataset.times is not None
    assert dataset.times.tolist() == [1700000200, 1700000300, 1700000100, 1700000100]
    np.testing.assert_array_equal(dataset.ratings, np.array([1, 4.5, np.nan, 3], np.float32))  # type: ignore[arg-type]
    assert (dataset.report["read"], dataset.report["kept"]) == (4, 4)
    assert dataset.report["rejected"] == dataset.report["dropped"] == {}


@pytest.mark.parametrize("packed", ["", ".gz"])
@pytest.mark.parametrize("named", [True, False], ids=["header", "no header"])
@pytest.mark.parametrize("separator", [",", "\t", ";", "|", " ", "::"])
def test_delimited_text(separator: str, named: bool, packed: str, tmp_path: Path) -> None:
    # an empty field cannot be told from two blanks, and a file without header needs values to guess from
    rows = [
        [user, item, "2" if rating == "" and separator == " " else rating, time] for user, item, rating, time in ROWS
    ]
    path = write_table(tmp_path / f"f.txt{packed}", (HEADER if named else []) + rows, separator)
    dataset = import_files(ImportPlan(path)).dataset
    if separator == " ":
        assert dataset.ratings is not None
        assert dataset.ratings[2] == 2
        dataset = replace(dataset, ratings=np.where(dataset.ratings == 2, np.float32(np.nan), dataset.ratings))
    assert_rows(dataset)


@pytest.mark.parametrize("packed", ["", ".gz"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_line_ends(end: str, packed: str, tmp_path: Path) -> None:
    path = write(tmp_path / f"f.csv{packed}", delimited(HEADER + ROWS, end=end))
    assert_rows(import_files(ImportPlan(path)).dataset)


def test_line_ends_that_change_within_a_file(tmp_path: Path) -> None:
    lines = [",".join(row) for row in HEADER + ROWS]
    content = "".join(line + end for line, end in zip(lines, ["\r\n", "\n", "\r", "\r\n", ""], strict=True))
    assert_rows(import_files(ImportPlan(write(tmp_path / "f.csv", content))).dataset)


@pytest.mark.parametrize("packed", ["", ".gz"])
def test_parquet_of_texts(packed: str, tmp_path: Path) -> None:
    columns: dict[str, list[object]] = {name: [row[at] or None for row in ROWS] for at, name in enumerate(HEADER[0])}
    assert_rows(import_files(ImportPlan(write_parquet(tmp_path / f"f.parquet{packed}", columns))).dataset)


def test_parquet_of_numbers_and_moments(tmp_path: Path) -> None:
    columns = {
        "user": [7, 8, 7],
        "item": [2**62 + 1, 5, 5],
        "rating": [0.5, None, 4.0],
        "time": np.array(["2023-11-14T22:13:20", "2023-11-14T22:13:21", "2023-11-14T22:13:22"], "datetime64[us]"),
    }
    dataset = import_files(ImportPlan(write_parquet(tmp_path / "f.parquet", columns))).dataset  # type: ignore[arg-type]
    assert dataset.user_ids.tolist() == ["7", "8"]
    assert dataset.item_ids.tolist() == [str(2**62 + 1), "5"]
    assert dataset.times is not None
    assert dataset.times.tolist() == [1700000000, 1700000002, 1700000001]
    np.testing.assert_array_equal(dataset.ratings, np.array([0.5, 4, np.nan], np.float32))  # type: ignore[arg-type]


@pytest.mark.parametrize("packed", ["", ".gz"])
def test_json_lines_of_texts_and_numbers(packed: str, tmp_path: Path) -> None:
    objects = [dict(zip(HEADER[0], row, strict=True)) for row in ROWS]
    assert_rows(import_files(ImportPlan(write_jsonl(tmp_path / f"f.jsonl{packed}", objects))).dataset)
    numbers = [
        o | {"rating": float(o["rating"]) if o["rating"] else None, "timestamp": int(o["timestamp"])} for o in objects
    ]
    assert_rows(import_files(ImportPlan(write_jsonl(tmp_path / f"n.jsonl{packed}", numbers))).dataset)


def test_json_numbers_lose_no_digit(tmp_path: Path) -> None:
    lines = ['{"user": 1234567890123456789, "item": 1}\n', '{"item": 12345678901234567890123, "user": 2}\n']
    dataset = import_files(ImportPlan(write(tmp_path / "f.jsonl", "".join(lines)))).dataset
    assert dataset.user_ids.tolist() == ["1234567890123456789", "2"]
    assert dataset.item_ids.tolist() == ["1", "12345678901234567890123"]


def test_json_keys_with_quotes_and_dots(tmp_path: Path) -> None:
    objects = [{'the "user"': "a", "item.id": "x"}, {'the "user"': "b", "item.id": "y"}]
    path = write_jsonl(tmp_path / "f.jsonl", objects)
    dataset = import_files(ImportPlan(path, user='the "user"', item="item.id")).dataset
    assert (dataset.user_ids.tolist(), dataset.item_ids.tolist()) == (["a", "b"], ["x", "y"])


def test_reviews_as_amazon_writes_them(tmp_path: Path) -> None:
    names = ["rating", "title", "text", "asin", "parent_asin", "user_id", "timestamp"]
    values = [
        [5.0, "Nice", "a\nb", "B01", "B00", "AE2", 1588687728923],
        [2.0, "Meh", "", "B03", "B02", "AE2", 1588687728924],
    ]
    reviews = [dict(zip(names, value, strict=True)) for value in values]
    dataset = import_files(ImportPlan(write_jsonl(tmp_path / "All_Beauty.jsonl.gz", reviews))).dataset
    assert dataset.user_ids.tolist() == ["AE2"]
    assert dataset.item_ids.tolist() == ["B00", "B02"]
    assert dataset.times is not None
    assert dataset.times.tolist() == [1588687728, 1588687728]


MOVIES = [["10", "Godfather, The (1972)", "Crime|Drama"], ["2", "Amélie", "Comedy"], ["33", "无间道", "Crime"]]
RATINGS = [["1", "10", "4.0", "964982703"], ["1", "2", "4.5", "964981247"], ["2", "33", "5.0", "964982224"]]


def assert_movies(dataset: Dataset) -> None:
    assert dataset.user_ids.tolist() == ["1", "2"]
    assert dataset.item_ids.tolist() == ["10", "2", "33"]
    assert dataset.items.tolist() == [2, 1, 3]
    assert dataset.titles.tolist() == ["Godfather, The (1972)", "Amélie", "无间道"]
    assert dataset.item_features.iloc[:, 1].tolist() == ["Crime|Drama", "Comedy", "Crime"]
    assert dataset.report["items_without_features"] == 0


@pytest.mark.parametrize("packed", ["", ".gz"])
def test_movielens_csv(packed: str, tmp_path: Path) -> None:
    write_table(tmp_path / f"ratings.csv{packed}", [["userId", "movieId", "rating", "timestamp"], *RATINGS])
    write_table(tmp_path / f"movies.csv{packed}", [["movieId", "title", "genres"], *MOVIES])
    plan = propose([tmp_path])
    assert plan.interactions.name == f"ratings.csv{packed}"
    assert plan.items is not None
    assert_movies(import_files(plan).dataset)


@pytest.mark.parametrize("packed", ["", ".gz"])
def test_movielens_dat(packed: str, tmp_path: Path) -> None:
    write_table(tmp_path / f"ratings.dat{packed}", RATINGS, "::")
    write_table(tmp_path / f"movies.dat{packed}", MOVIES, "::")
    plan = propose([tmp_path / f"movies.dat{packed}", tmp_path / f"ratings.dat{packed}"])
    assert plan.interactions.name == f"ratings.dat{packed}"
    dataset = import_files(plan).dataset
    assert_movies(dataset)
    assert list(dataset.item_features.columns) == ["title", "genres"]


@pytest.mark.parametrize("width", [2, 3, 4, 5])
def test_items_without_header_of_any_width(width: int, tmp_path: Path) -> None:
    ratings = write_table(tmp_path / "ratings.dat", RATINGS, "::")
    rows = [[*row, f"more {n}", f"still more {n}"][:width] for n, row in enumerate(MOVIES)]
    items = write_table(tmp_path / "movies.dat", rows, "::")
    dataset = import_files(ImportPlan(ratings, items)).dataset
    assert dataset.titles.tolist() == ["Godfather, The (1972)", "Amélie", "无间道"]
    assert dataset.item_features.to_numpy().tolist() == [row[1:] for row in rows]


def test_recbole_files_with_typed_headers(tmp_path: Path) -> None:
    write_table(
        tmp_path / "ml.inter",
        [["user_id:token", "item_id:token", "rating:float", "timestamp:float"], *RATINGS],
        "\t",
    )
    write_table(tmp_path / "ml.item", [["item_id:token", "movie_title:token_seq", "class:token_seq"], *MOVIES], "\t")
    write_table(tmp_path / "ml.user", [["user_id:token", "age:token"], ["1", "24"], ["2", "53"]], "\t")
    plan = propose([tmp_path])
    assert (plan.interactions.name, plan.items and plan.items.name) == ("ml.inter", "ml.item")
    dataset = import_files(plan).dataset
    assert_movies(dataset)
    assert dataset.rules["roles"] == {"user": "user_id", "item": "item_id", "rating": "rating", "time": "timestamp"}
    assert list(dataset.item_features.columns) == ["movie_title", "class"]


def test_pairs_of_codes_as_in_beauty(tmp_path: Path) -> None:
    path = write(tmp_path / "beauty.txt.gz", "1 1\n1 2\n2 3\n2 1\n1 2\n")
    dataset = import_files(ImportPlan(path)).dataset
    assert dataset.name == "beauty"
    assert dataset.user_ids.tolist() == ["1", "2"]
    assert dataset.items.tolist() == [1, 2, 2, 3, 1]
    assert dataset.times is None
    assert dataset.ratings is None
    assert any("repeat" in note for note in dataset.report["notes"])


ENCODED = [
    ("utf-8", "chinese"),
    ("utf-8-sig", "chinese"),
    ("utf-16", "chinese"),
    ("utf-16-le", "german"),
    ("utf-16-be", "german"),
    ("gb18030", "chinese"),
    ("big5", "traditional"),
    ("shift_jis", "japanese"),
    ("latin-1", "german"),
    ("cp1252", "french"),
]


@pytest.mark.slow
@pytest.mark.parametrize("packed", ["", ".gz"])
@pytest.mark.parametrize(("encoding", "language"), ENCODED)
def test_encodings_of_interactions_and_of_items(encoding: str, language: str, packed: str, tmp_path: Path) -> None:
    titles = TEXTS[language]
    rows = [[f"u{n % 3}", title, str(n % 5 + 1)] for n, title in enumerate(titles)]
    path = write_table(tmp_path / f"r.csv{packed}", [["user", "item", "rating"], *rows], encoding=encoding)
    dataset = import_files(ImportPlan(path)).dataset
    assert dataset.item_ids.tolist() == titles
    codes = [["u1", f"i{n}"] for n in range(len(titles))]
    ratings = write_table(tmp_path / "ratings.csv", [["user", "item"], *codes])
    items = [["item", "title", "kind"], *([f"i{n}", title, f"{title}, {n}"] for n, title in enumerate(titles))]
    catalogue = write_table(tmp_path / f"items.csv{packed}", items, encoding=encoding)
    described = import_files(ImportPlan(ratings, catalogue)).dataset
    assert described.titles.tolist() == titles
    assert described.item_features["kind"].tolist() == [f"{title}, {n}" for n, title in enumerate(titles)]


def test_a_file_whose_first_letters_come_late(tmp_path: Path) -> None:
    """The sample is plain ASCII; the encoding shows only behind it."""
    plain = [[f"u{n}", f"i{n % 50}", "3"] for n in range(40_000)]
    late = [["u0", title, "5"] for title in TEXTS["chinese"]]
    path = write_table(tmp_path / "f.csv", [["user", "item", "rating"], *plain, *late], encoding="gb18030")
    assert import_files(ImportPlan(path)).dataset.item_ids[-len(late) :].tolist() == TEXTS["chinese"]


def test_a_letter_at_the_very_end_of_a_file(tmp_path: Path) -> None:
    path = write(tmp_path / "f.csv", b"user,item\na,cafe\na,caf\xe9")
    assert import_files(ImportPlan(path)).dataset.item_ids.tolist() == ["cafe", "café"]


def test_an_encoding_said_by_the_person_wins(tmp_path: Path) -> None:
    path = write(tmp_path / "f.csv", "user,item\na,né\nb,ö\n".encode("cp1252"))
    assert import_files(ImportPlan(path, dialect=Dialect(encoding="cp1252"))).dataset.item_ids.tolist() == ["né", "ö"]


def test_any_separator_and_quote_said_by_the_person(tmp_path: Path) -> None:
    path = write(tmp_path / "f", "user~item\n'a~1'~x\nb~'y''z'\n")
    dataset = import_files(ImportPlan(path, dialect=Dialect(separator="~", quote="'"))).dataset
    assert dataset.user_ids.tolist() == ["a~1", "b"]
    assert dataset.item_ids.tolist() == ["x", "y'z"]


def test_names_of_files_that_look_like_patterns(tmp_path: Path) -> None:
    write_table(tmp_path / "a1.csv", [["user", "item"], ["wrong", "wrong"]])
    for name in ("a[1].csv", "a*.csv", "a?.csv", "it's 100%.csv", "-.csv", "数据.csv"):
        path = write_table(tmp_path / name, HEADER + ROWS)
        assert_rows(import_files(ImportPlan(path)).dataset)


def test_the_preview_shows_what_will_be_read(tmp_path: Path) -> None:
    path = write(tmp_path / "f.csv", "Export of 1 May\n\n" + delimited(HEADER + ROWS, ";"), "utf-16")
    look = preview(path, rows=2)
    assert look.columns == HEADER[0]
    assert look.rows == ROWS[:2]
    assert look.roles == {"user": "user_id", "item": "item_id", "rating": "rating", "time": "timestamp"}
    assert (look.dialect.separator, look.dialect.skip, look.dialect.encoding) == (";", 2, "utf-16")
    assert look.size == path.stat().st_size
    assert look.written == "Text in utf-16, separated by semicolon, with header."
    assert look.notes == ["The table begins in line 3; what stands above is left out."]
    assert_rows(import_files(ImportPlan(path)).dataset)


def test_columns_of_one_name_and_columns_without_name_are_told_apart(tmp_path: Path) -> None:
    path = write(tmp_path / "f.csv", "user,item,item,\na,1,x1,y1\nb,2,x2,y2\n")
    assert preview(path).columns == ["user", "item", "item (2)", "column 4"]
    assert import_files(ImportPlan(path, item="item (2)")).dataset.item_ids.tolist() == ["x1", "x2"]
    assert import_files(ImportPlan(path, item="column 4")).dataset.item_ids.tolist() == ["y1", "y2"]


def test_a_made_up_name_never_meets_a_real_one(tmp_path: Path) -> None:
    path = write(tmp_path / "f.csv", "user,a,a,a (2)\nu1,1,2,3\nu2,1,2,3\n")
    names = preview(path).columns
    assert len(set(names)) == 4


def test_a_full_disk_while_a_file_is_read_is_no_fault_of_the_file(tmp_path: Path, monkeypatch) -> None:
    def full(*_arguments, **_keywords):
        raise duckdb.IOException("IO Error: Could not write file “duckdb_temp_storage-0.tmp”: No space left on device")

    monkeypatch.setattr(reading, "load_delimited", full)
    with pytest.raises(StorageError, match=r"The disk that holds “.*” is full"):
        import_files(ImportPlan(write_table(tmp_path / "f.csv", HEADER + ROWS)))


@pytest.mark.parametrize(
    ("free", "kind", "sentence"),
    [(2**28, StorageError, "The disk that holds “.*” is full"), (2**40, DataError, "takes more than .* MB of memory")],
)
def test_duckdb_that_may_put_no_more_on_the_disk_names_what_is_short(
    free: int, kind: type[Exception], sentence: str, tmp_path: Path, monkeypatch
) -> None:
    """It says “out of memory” then; how much it may put there follows the free room, or the size of the file."""

    def too_much(loading: Loading) -> None:
        connection = loading.connection
        connection.execute("SET memory_limit = '30MiB'; SET max_temp_directory_size = '1MiB'; SET threads = 1")
        connection.execute("CREATE TEMP TABLE large AS SELECT hash(range)::VARCHAR AS a, range FROM range(2000000)")

    monkeypatch.setattr(reading, "load_delimited", too_much)
    monkeypatch.setattr(limits.shutil, "disk_usage", lambda _folder: SimpleNamespace(free=free))
    with pytest.raises(kind, match=sentence):
        import_files(ImportPlan(write_table(tmp_path / "f.csv", HEADER + ROWS)))
