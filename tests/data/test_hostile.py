"""Files that would hang, fill memory or disk, or change under one's hands: a sentence each, and nothing is left."""

import gzip
import os
import resource
import sqlite3
import tempfile
import threading
import time
import tracemalloc
import zipfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
import openpyxl
import pytest

from recdesk.core.errors import CancelledError, DataError
from recdesk.core.task import Task
from recdesk.data.files import limits
from recdesk.data.importing import import_files
from recdesk.data.plan import ImportPlan
from recdesk.data.planning import preview, propose
from tests.data.conftest import pairs, read_in_this_process
from tests.data.making import write

TABLE = b"user,item\n" + b"".join(b"u%d,i%d\n" % (n % 90, n % 70) for n in range(3000))


@pytest.fixture(autouse=True)
def nothing_is_left(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """No temporary file remains, whatever happened."""
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    yield
    assert list(folder.iterdir()) == []


def refused(path: Path, within: float = 10.0) -> str:
    began = time.monotonic()
    with pytest.raises(DataError) as caught:
        import_files(ImportPlan(path))
    assert time.monotonic() - began < within
    assert caught.value.suggestion
    return caught.value.sentence


def peak(work: Callable[[], object]) -> float:
    """Megabytes of Python's memory that the work takes at most."""
    tracemalloc.start()
    try:
        work()
        return tracemalloc.get_traced_memory()[1] / 2**20
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("kind", ["gzip", "zip"])
def test_a_bomb_is_refused_before_it_fills_the_disk(kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "HARMLESS", 4 * 2**20)
    monkeypatch.setattr(limits, "MOST_BEFORE_A_LINE_END", 2**40)
    path = tmp_path / f"f.{kind}"
    content = b"user,item\na,b\n" + b"0" * (50 * 2**20)
    if kind == "gzip":
        path.write_bytes(gzip.compress(content, 9))
    else:
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("f.csv", content)
    assert refused(path) == f"“{path.name}” unpacks to more than 250 times its size; no table packs like that."


def test_a_workbook_that_is_a_bomb_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "HARMLESS", 4 * 2**20)
    read_in_this_process(monkeypatch)
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("S")
    for n in range(3):
        sheet.append([f"u{n}", f"i{n}"])
    book.save(tmp_path / "small.xlsx")
    with (
        zipfile.ZipFile(tmp_path / "small.xlsx") as small,
        zipfile.ZipFile(tmp_path / "f.xlsx", "w", zipfile.ZIP_DEFLATED) as archive,
    ):
        for name in small.namelist():
            text = small.read(name)
            archive.writestr(name, text.replace(b"</sheetData>", b" " * (20 * 2**20) + b"</sheetData>"))
    assert refused(tmp_path / "f.xlsx") == "“f.xlsx” holds more than 250 times its size; no table packs like that."


@pytest.mark.slow
@pytest.mark.parametrize("packed", [False, True])
def test_a_line_without_end_is_not_read_into_memory(
    packed: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "MOST_BEFORE_A_LINE_END", 8 * 2**20)
    numbers = np.random.default_rng(0).integers(0, 10, 40 * 2**20, dtype=np.uint8) + ord("0")
    numbers[[7, 99]] = ord(",")
    content = numbers.tobytes()
    path = write(tmp_path / "f.csv", gzip.compress(content, 1) if packed else content)
    sentences: list[str] = []
    used = peak(lambda: sentences.append(refused(path)))
    assert used < 40
    assert sentences == ["“f.csv” has no line end in its first 9 MB; it is no table."]


def test_a_long_line_in_the_middle_costs_itself_only(tmp_path: Path) -> None:
    content = TABLE + b"x" * (34 * 2**20) + b",y\n" + b"v,w\n"
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    result = import_files(ImportPlan(write(tmp_path / "f.csv", content)))
    assert result.dataset.n_interactions == 3001
    assert [(r.line, r.reason) for r in result.rejects] == [(3002, "a line that is too long")]
    assert len(result.rejects[0].raw) == 1000
    assert (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024 < 1500


@pytest.mark.slow
@pytest.mark.parametrize("separator", [",", "\t", ";", " "])
def test_a_million_columns(separator: str, tmp_path: Path) -> None:
    line = separator.join(f"c{n}" for n in range(1_000_000)) + "\n"
    sentence = refused(write(tmp_path / "f.csv", line * 2))
    assert sentence.startswith("“f.csv” has ")
    assert sentence.endswith(" columns.")


def test_zero_bytes_at_the_end_of_a_log_that_crashed(tmp_path: Path) -> None:
    result = import_files(ImportPlan(write(tmp_path / "f.csv", TABLE + bytes(4000))))
    assert result.dataset.n_interactions == 3000
    assert [reject.line for reject in result.rejects] == [3002]


def test_invalid_bytes_far_behind_the_sample(tmp_path: Path) -> None:
    content = TABLE * 20 + b"caf\xe9\xff,x\n" + TABLE.split(b"\n", 1)[1]
    content = content.replace(b"\nuser,item", b"")
    result = import_files(ImportPlan(write(tmp_path / "f.csv", content)))
    assert result.dataset.n_interactions + len(result.rejects) == 63_001


@pytest.mark.parametrize(
    "start", ["<!DOCTYPE html>", "<html>", "\n <head><title>x</title>", "<table>", "<?xml version='1.0'?>"]
)
def test_a_web_page_called_csv(start: str, tmp_path: Path) -> None:
    page = f"{start}<tr><td>1,2</td></tr>\n" * 20
    assert refused(write(tmp_path / "f.csv", page)) == "“f.csv” is a web page, not a table."
    with zipfile.ZipFile(tmp_path / "f.zip", "w") as archive:
        archive.writestr("f.csv", page)
    assert refused(tmp_path / "f.zip") == "“f.zip” is a web page, not a table."


@pytest.mark.skipif(os.name != "posix", reason="links and pipes are made differently elsewhere")
def test_links_in_a_circle_and_pipes_hang_nothing(tmp_path: Path) -> None:
    (tmp_path / "a").symlink_to(tmp_path / "b")
    (tmp_path / "b").symlink_to(tmp_path / "a")
    assert "a" in refused(tmp_path / "a")
    os.mkfifo(tmp_path / "pipe.csv")
    assert refused(tmp_path / "pipe.csv") == f"“{tmp_path / 'pipe.csv'}” is no ordinary file."
    assert refused(Path("/dev/zero")) == "“/dev/zero” is no ordinary file."
    folder = tmp_path / "folder"
    folder.mkdir()
    (folder / "again").symlink_to(folder)
    (folder / "loop.csv").symlink_to(folder / "loop.csv")
    with pytest.raises(DataError, match="There is no file with data"):
        propose([folder])
    write(folder / "data.csv", TABLE)
    assert propose([folder]).interactions == folder / "data.csv"


def changing(path: Path, change: Callable[[Path], None]) -> str:
    """The sentence when a file changes after its first bytes are read."""
    asked = 0

    def cancelled() -> bool:
        nonlocal asked
        asked += 1
        if asked == 3:
            change(path)
        return False

    with pytest.raises(DataError) as caught:
        import_files(ImportPlan(path), Task(cancelled=cancelled))
    return caught.value.sentence


def test_a_file_that_grows_while_it_is_read(tmp_path: Path) -> None:
    def grow(path: Path) -> None:
        with path.open("ab") as stream:
            stream.write(b"u1,i1\n")

    path = write(tmp_path / "f.csv", TABLE * 100)
    assert changing(path, grow) == "“f.csv” changed while it was read."


def test_a_file_that_is_cut_while_it_is_read(tmp_path: Path) -> None:
    path = write(tmp_path / "f.csv", TABLE * 100)
    assert changing(path, lambda path: os.truncate(path, 100)) == "“f.csv” changed while it was read."


@pytest.mark.parametrize("packed", [False, True])
def test_a_file_that_is_deleted_while_it_is_read(packed: bool, tmp_path: Path) -> None:
    path = write(tmp_path / "f.csv", gzip.compress(TABLE * 100) if packed else TABLE * 100)
    assert changing(path, lambda path: path.unlink()) == "“f.csv” was removed while it was read."


def test_a_file_that_is_replaced_by_another_while_it_is_read(tmp_path: Path) -> None:
    def replace(path: Path) -> None:
        write(path.with_name("g"), b"p,q\n" * 50).replace(path)

    assert changing(write(tmp_path / "f.csv", TABLE * 100), replace) == "“f.csv” changed while it was read."


def test_names_that_are_sql_or_patterns_are_only_names(tmp_path: Path) -> None:
    for name in ("a'b.csv", "a*[x]?.csv", 'a"; DROP TABLE raw; --.csv', "用户 数据.csv"):
        dataset = import_files(
            ImportPlan(write(tmp_path / name, "us'er,it\"em\na1,x1\nb2,y2\n"), user="us'er", item='it"em')
        ).dataset
        assert pairs(dataset) == [("a1", "x1"), ("b2", "y2")]


def test_json_that_is_deeper_than_any_data(tmp_path: Path) -> None:
    path = write(
        tmp_path / "f.jsonl", '{"user": ' + "[" * 100_000 + "]" * 100_000 + "}\n" + '{"user": "a", "item": "x"}\n'
    )
    assert preview(path).rows == [["a", "x"]]


def test_cancelling_the_reading_of_a_database_leaves_nothing(tmp_path: Path) -> None:
    path = tmp_path / "f.db"
    with sqlite3.connect(path) as base:
        base.execute("CREATE TABLE t (user, item)")
        base.executemany("INSERT INTO t VALUES (?, ?)", ((n % 999, n % 77) for n in range(200_000)))
    base.close()
    stop = threading.Event()
    with pytest.raises(CancelledError):
        import_files(
            ImportPlan(path), Task(lambda _, sentence: stop.set() if "Reading" in sentence else None, stop.is_set)
        )


@pytest.mark.parametrize(("at", "value"), [(6, 206), (47, 0xEB)], ids=["an unknown version", "a name that is no text"])
def test_a_zip_file_whose_list_is_damaged_is_a_sentence(at: int, value: int, tmp_path: Path) -> None:
    path = tmp_path / "f.xlsx"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("f\u00e9.csv", TABLE)
    data = bytearray(path.read_bytes())
    data[data.index(b"PK\x01\x02") + at] = value
    path.write_bytes(data)
    with pytest.raises(DataError, match="is packed but damaged or cut short"):
        propose([path])
