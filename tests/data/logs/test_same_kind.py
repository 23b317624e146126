"""Several files, sheets or tables of one kind are one log; whatever is left out of them is said."""

import gzip
import json
import random
import shutil
import sqlite3
import tarfile
import zipfile
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from recdesk.core.errors import DataError, MisfitError
from recdesk.data.columns.roles import guess_columns
from recdesk.data.dataset import Dataset
from recdesk.data.files.column_preview import Columns
from recdesk.data.importing import import_files
from recdesk.data.logs.same_kind import matched
from recdesk.data.planning import propose
from tests.data.conftest import pairs
from tests.data.making import Table, delimited, write, write_parquet, write_table

HEADER = ["user_id", "item_id", "rating", "timestamp"]


def rows(count: int, begin: int = 1_500_000_000, seed: int = 1) -> list[list[str]]:
    rng = random.Random(seed)
    return [
        [f"u{rng.randrange(9)}", f"i{rng.randrange(12)}", str(rng.randrange(1, 6)), str(begin + 7000 * at)]
        for at in range(count)
    ]


LOG = rows(60)


def read(*paths: Path, only: tuple[str, ...] = ()) -> Dataset:
    return import_files(propose(paths, only)).dataset


def all_of(dataset: Dataset) -> bool:
    """It holds the log, each row once."""
    return sorted(pairs(dataset)) == sorted((row[0], row[1]) for row in LOG)


def csv(path: Path, table: Table, header: bool = True, separator: str = ",") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    return write_table(path, [HEADER, *table] if header else table, separator)


def thirds(make: Callable[[str, Table], object], names: list[str]) -> None:
    for at, name in enumerate(names):
        make(name, LOG[20 * at : 20 * at + 20])


def months(folder: Path) -> list[Path]:
    thirds(lambda name, part: csv(folder / name, part), ["2019-Oct.csv", "2019-Nov.csv", "2019-Dec.csv"])
    return [folder / "2019-Dec.csv", folder / "2019-Nov.csv", folder / "2019-Oct.csv"]


def parts_of_spark(folder: Path) -> list[Path]:
    thirds(lambda name, part: csv(folder / name, part), ["part-00000.csv", "part-00001.csv", "part-00002.csv"])
    write(folder / "_SUCCESS", "")
    write(folder / ".part-00000.csv.crc", b"crc\0\0\0")
    return [folder]


def years_in_folders(folder: Path) -> list[Path]:
    thirds(lambda name, part: csv(folder / "logs" / name, part), ["2018/Nov.csv", "2019/Feb.csv", "2019/Oct.csv"])
    return [folder]


def packed_and_reordered(folder: Path) -> list[Path]:
    csv(folder / "log_1.csv", LOG[:20])
    turned = delimited([HEADER[::-1], *(row[::-1] for row in LOG[20:40])], ";")
    write(folder / "log_2.csv.gz", turned)
    write(folder / "log_10.jsonl", "".join(json.dumps(dict(zip(HEADER, row, strict=True))) + "\n" for row in LOG[40:]))
    return [folder]


def split_with_one_header(folder: Path) -> list[Path]:
    text = delimited([HEADER, *LOG]).splitlines(True)
    for name, lines in (("xaa", text[:25]), ("xab", text[25:40]), ("xac", text[40:])):
        write(folder / name, "".join(lines))
    return [folder / "xac", folder / "xaa", folder / "xab"]


def training_and_test(folder: Path) -> list[Path]:
    thirds(lambda name, part: csv(folder / name, part, False, "\t"), ["u1.base", "u1.valid", "u1.test"])
    return [folder]


def a_zip_file(folder: Path) -> list[Path]:
    months(folder / "m")
    return [Path(shutil.make_archive(str(folder / "log"), "zip", folder, "m"))]


def a_packed_tar_file(folder: Path) -> list[Path]:
    paths = months(folder)
    with tarfile.open(folder / "log.tar.gz", "w:gz") as archive:
        for path in paths:
            archive.add(path, f"log/{path.name}")
    return [folder / "log.tar.gz"]


def zip_files_in_a_zip_file(folder: Path) -> list[Path]:
    with zipfile.ZipFile(folder / "all.zip", "w") as outer:
        for path in months(folder):
            with zipfile.ZipFile(folder / "inner.zip", "w") as inner:
                inner.write(path, path.name)
            outer.write(folder / "inner.zip", f"{path.stem}.zip")
    return [folder / "all.zip"]


def packed_files_in_a_zip_file(folder: Path) -> list[Path]:
    with zipfile.ZipFile(folder / "all.zip", "w") as archive:
        for path in months(folder):
            archive.writestr(f"{path.name}.gz", gzip.compress(path.read_bytes()))
    return [folder / "all.zip"]


def sheets(folder: Path) -> list[Path]:
    book = openpyxl.Workbook()

    def make(name: str, part: Table) -> None:
        sheet = book.create_sheet(name)
        for row in (HEADER, *part):
            sheet.append(row)

    thirds(make, ["Feb", "Jan", "Mar"])
    book.create_sheet("Info").append(["What", "this", "is"])
    del book["Sheet"]
    book.save(folder / "sales.xlsx")
    return [folder / "sales.xlsx"]


def tables(folder: Path) -> list[Path]:
    with sqlite3.connect(folder / "log.db") as base:

        def make(name: str, part: Table) -> None:
            base.execute(f"CREATE TABLE {name} (user_id, item_id, rating, timestamp)")
            base.executemany(f"INSERT INTO {name} VALUES (?, ?, ?, ?)", part)

        thirds(make, ["y2018", "y2019", "y2020"])
        base.execute("CREATE TABLE shops (shop, town)")
        base.execute("INSERT INTO shops VALUES ('s1', 'Ulm')")
    return [folder / "log.db"]


@pytest.mark.parametrize(
    "make",
    [
        months, parts_of_spark, years_in_folders, packed_and_reordered, split_with_one_header, training_and_test,
        a_zip_file, a_packed_tar_file, zip_files_in_a_zip_file, packed_files_in_a_zip_file, sheets, tables,
    ],
)  # fmt: skip
def test_what_has_the_same_columns_is_one_log(make: Callable[[Path], list[Path]], tmp_path: Path) -> None:
    plan = propose(make(tmp_path))
    dataset = import_files(plan).dataset
    assert all_of(dataset)
    assert dataset.times is not None and sorted(dataset.times.tolist()) == [int(row[3]) for row in LOG]
    assert dataset.report["read"] == 60
    assert len(plan.more) == 2
    joined = next(note for note in dataset.report["notes"] if "are one log" in note)
    assert joined.startswith("3 files, sheets or tables of the same columns are one log: ")


def test_names_tell_the_order_of_rows_without_times(tmp_path: Path) -> None:
    for name, item in (("2019-Oct", "b"), ("2019-Feb", "a"), ("2020-Jan", "c")):
        write(tmp_path / f"{name}.csv", f"user,item\nu,{item}1\nv,{item}2\n")
    dataset = read(tmp_path)
    assert pairs(dataset) == [("u", "a1"), ("u", "b1"), ("u", "c1"), ("v", "a2"), ("v", "b2"), ("v", "c2")]


def test_values_in_the_names_of_folders_are_a_column(tmp_path: Path) -> None:
    for day in ("2020-01-02", "2020-01-01"):
        folder = tmp_path / "log" / f"date={day}"
        folder.mkdir(parents=True)
        columns: dict[str, list[object]] = {"user": ["a", "b"], "item": [f"x{day[-1]}", "y"]}
        write_parquet(folder / "part.parquet", columns)
    dataset = read(tmp_path / "log")
    assert pairs(dataset) == [("a", "x1"), ("a", "x2"), ("b", "y"), ("b", "y")]
    assert dataset.times is not None
    assert dataset.times.tolist() == [1_577_836_800, 1_577_923_200] * 2


def test_rejected_rows_name_their_file_and_line(tmp_path: Path) -> None:
    csv(tmp_path / "a.csv", LOG[:20])
    csv(tmp_path / "b.csv", [*LOG[20:40], ["u1", "i1", "much", "1500000000"], ["u1", "i2", "3"]])
    csv(tmp_path / "c.csv", [["", "i1", "3", "1500000000"], *LOG[40:]])
    result = import_files(propose([tmp_path]))
    assert all_of(result.dataset)
    assert sorted((reject.file, reject.line, reject.reason) for reject in result.rejects) == [
        ("b.csv", 22, "a rating that is no number"),
        ("b.csv", 23, "too few fields (3 instead of 4)"),
        ("c.csv", 2, "no user id"),
    ]
    assert sum(result.dataset.report["rejected"].values()) == 3


def folds(folder: Path, whole: bool) -> None:
    for fold in (1, 2, 3, 4, 5):
        for name, test in (("base", False), ("test", True)):
            part = [row for at, row in enumerate(LOG) if (at % 5 == fold - 1) == test]
            csv(folder / f"u{fold}.{name}", part, False, "\t")
    if whole:
        csv(folder / "u.data", LOG, False, "\t")


@pytest.mark.parametrize("whole", [True, False])
def test_several_cuts_of_one_log_are_not_added_together(whole: bool, tmp_path: Path) -> None:
    folds(tmp_path, whole)
    dataset = read(tmp_path)
    assert all_of(dataset)
    assert (dataset.report["read"], dataset.report["dropped"]) == (60, {})
    assert dataset.report["files"]["interactions"] == ("u.data" if whole else "u1.base, u1.test")
    left = next(note for note in dataset.report["notes"] if note.startswith("Left out"))
    assert left.startswith(f"Left out, as their rows stand in {'u.data' if whole else 'u1.base, u1.test'} too: ")
    assert left.endswith("u5.base, u5.test.")


def test_a_copy_counts_once_and_months_that_share_days_are_both_read(tmp_path: Path) -> None:
    csv(tmp_path / "c" / "ratings.csv", LOG)
    csv(tmp_path / "c" / "ratings (1).csv", LOG)
    assert read(tmp_path / "c").report["files"]["interactions"] == "ratings.csv"
    csv(tmp_path / "m" / "w1.csv", LOG[:40])
    csv(tmp_path / "m" / "w2.csv", LOG[30:])
    dataset = read(tmp_path / "m")
    assert all_of(dataset)
    assert dataset.report["dropped"] == {"exact duplicates": 10}
    assert "Some rows stand in several of these files: w1.csv, w2.csv." in dataset.report["notes"]


def test_what_is_left_out_is_said(tmp_path: Path) -> None:
    csv(tmp_path / "2019-01.csv", LOG[:30])
    csv(tmp_path / "2019-02.csv", LOG[30:])
    write(tmp_path / "2019-03.csv", b"\x1f\x8b" + bytes(60))
    write(tmp_path / "shops.csv", "shop,town\ns1,Ulm\ns2,Bonn\n")
    csv(tmp_path / "old" / "2018.csv", LOG)
    dataset = read(tmp_path)
    assert all_of(dataset)
    for note in (
        "“2019-03.csv” is left out: “2019-03.csv” is packed but damaged or cut short.",
        "Left out, as their columns are others than those of “2019-01.csv”: shops.csv.",
        "Folders beside the data files are not looked into: old.",
    ):
        assert note in dataset.report["notes"]


def test_patterns_choose_files_and_sheets(tmp_path: Path) -> None:
    months(tmp_path)
    dataset = read(tmp_path, only=("*-nov.csv", "2019-D*"))
    assert dataset.n_interactions == 40
    assert "1 file, sheet or table does not fit *-nov.csv, 2019-D* and is left out." in dataset.report["notes"]
    assert dataset.rules["only"] == ["*-nov.csv", "2019-D*"]
    (book,) = sheets(tmp_path)
    assert read(book, only=("Jan",)).n_interactions == 20
    with pytest.raises(DataError, match="None of the files, sheets and tables fits x"):
        propose([tmp_path], ["x"])


def test_baskets_of_several_files_are_not_mixed(tmp_path: Path) -> None:
    for name in ("a.txt", "b.txt"):
        write(tmp_path / name, "x y z\nx z\ny z q r\n" * 3)
    plan = propose([tmp_path])
    assert plan.dialect is None and not plan.more
    assert any("could not be told apart: b.txt" in note or "a.txt" in note for note in plan.notes)


def test_a_file_of_a_long_series_that_has_other_columns_stops_the_import(tmp_path: Path) -> None:
    for day in range(30):
        csv(tmp_path / f"day{day}.csv", [[f"u{day}", "i1", "3", "1500000000"], ["u", f"i{day}", "3", "1500000000"]])
    write(tmp_path / "day27.csv", "shop,town,street,number\ns1,Ulm,A,1\n")
    plan = propose([tmp_path])
    assert [piece.name for piece in plan.pieces] == [f"day{day}.csv" for day in range(30)]
    with pytest.raises(MisfitError, match=r"“day27\.csv” has other columns than the files before it: shop, town"):
        import_files(plan)


@given(order=st.permutations(HEADER), header=st.booleans())
@settings(max_examples=20, deadline=None)
def test_columns_are_matched_by_name_or_by_place(order: list[str], header: bool) -> None:
    table = [[f"u{at}", f"i{at}", "3.5", str(1_500_000_000 + at)] for at in range(5)]
    first = Columns(HEADER, True, table)
    moved = [[row[HEADER.index(name)] for name in order] for row in table]
    if header:
        assert matched(first, Columns([name.upper() for name in order], True, moved)) == {
            name: name.upper() for name in HEADER
        }
    else:
        unnamed = Columns([f"column {at}" for at in range(1, 5)], False, moved)
        kinds = [{"user_id": "t", "item_id": "t", "rating": "n", "timestamp": "m"}[name] for name in order]
        assert (matched(first, unnamed) is not None) == (kinds == ["t", "t", "n", "m"])
    assert matched(first, Columns(HEADER[:3], True, table)) is None
    assert guess_columns(HEADER, table, True)[0].role == "user"
