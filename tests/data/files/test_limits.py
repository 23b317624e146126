"""Files that would take all memory, disk or patience get a sentence; a process of its own reads what could abort."""

import gzip
import json
import os
import resource
import sqlite3
import subprocess
import sys
import threading
import time
import zipfile
from pathlib import Path

import duckdb
import numpy as np
import openpyxl
import psutil
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from recdesk.core.errors import CancelledError, DataError, StorageError
from recdesk.core.task import Task
from recdesk.data.files import foreign, isolated, limits
from recdesk.data.files.column_preview import unique
from recdesk.data.files.csv_records import records
from recdesk.data.importing import import_files
from recdesk.data.plan import ImportPlan
from recdesk.data.planning import preview, propose
from tests.data.conftest import pairs, read, read_in_this_process
from tests.data.making import write

ROWS = [(f"u{n % 9}", f"i{n % 7}") for n in range(60)]
OBJECTS = [{"user": user, "item": item} for user, item in ROWS]


def refused(path: Path, **plan: object) -> str:
    with pytest.raises(DataError) as caught:
        import_files(ImportPlan(path, **plan))  # type: ignore[arg-type]
    assert caught.value.suggestion
    return caught.value.sentence


def workbook(path: Path, more: bytes = b"") -> Path:
    """A sheet of interactions with something behind its last row."""
    book = openpyxl.Workbook()
    assert book.active is not None
    for row in [("user", "item"), *ROWS]:
        book.active.append(row)
    plain = path.with_name("plain.xlsx")
    book.save(plain)
    with zipfile.ZipFile(plain) as source, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in source.namelist():
            archive.writestr(name, source.read(name).replace(b"</sheetData>", more + b"</sheetData>"))
    return path


def sqlite_file(path: Path, statement: str) -> Path:
    with sqlite3.connect(path) as base:
        base.execute(statement)
    base.close()
    return path


def readers() -> set[int]:
    """Processes that read for this one."""
    return {child.pid for child in psutil.Process().children()}


# workbooks


@pytest.mark.parametrize("place", ["XFD1048576", "xfd1048576"])
def test_a_cell_far_out_is_told_in_capitals_and_in_lower_case(place: str, tmp_path: Path) -> None:
    far = f'<row r="1048576"><c r="{place}" t="str"><v>1</v></c></row>'.encode()
    sentence = refused(workbook(tmp_path / "far.xlsx", far))
    assert sentence == "A sheet of “far.xlsx” reaches to row 1,048,576 and column 16,384: too large to hold."


def test_a_workbook_that_makes_its_reader_abort_ends_that_process_only(tmp_path: Path) -> None:
    path = workbook(tmp_path / "far.xlsx", b"<row><c r='XFD1048576' t='str'><v>1</v></c></row>")
    assert refused(path) in (
        "The reader of “far.xlsx” ended abruptly (signal 6).",
        "“far.xlsx” takes more than 1,024 MB of memory to be read.",
    )
    assert len(read(workbook(tmp_path / "good.xlsx")).dataset.user_ids) == 9


def test_a_panic_of_the_reader_is_a_sentence(tmp_path: Path) -> None:
    far = b"<row r='4294967295'><c r='&#90;ZZZZZ4294967295' t='str'><v>1</v></c></row>"
    assert refused(workbook(tmp_path / "far.xlsx", far))
    assert pairs(import_files(ImportPlan(workbook(tmp_path / "good.xlsx"))).dataset)


def test_a_workbook_of_more_than_can_be_read_is_told_with_its_size(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "MOST_SHEET_BYTES", 3_000_000)
    read_in_this_process(monkeypatch)
    rows = b"".join(b'<row r="%d"><c r="A%d" t="n"><v>%d</v></c></row>' % (n, n, n) for n in range(100, 70_000))
    assert refused(workbook(tmp_path / "long.xlsx", rows)) == (
        "“long.xlsx” unpacks to 4 MB; workbooks are read up to 3 MB."
    )


# databases


def test_a_view_that_yields_rows_without_end_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "HARMLESS_ROWS", 50_000)
    read_in_this_process(monkeypatch)
    endless = (
        "CREATE VIEW v AS WITH RECURSIVE c(user, item) AS "
        "(SELECT 1, 1 UNION ALL SELECT user + 1, item + 1 FROM c) SELECT * FROM c"
    )
    sentence = refused(sqlite_file(tmp_path / "f.db", endless))
    assert sentence == "“f.db” yields more than 50,000 rows, far more than fit into it: a view may have no end."


def test_a_view_that_yields_nothing_more_is_given_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "SILENCE", 1.0)
    silent = (
        "CREATE VIEW v AS WITH RECURSIVE c(user, item) AS "
        "(SELECT 1, 1 UNION ALL SELECT user + 1, item + 1 FROM c) SELECT * FROM c WHERE user < 250"
    )
    before = readers()
    sentence = refused(sqlite_file(tmp_path / "f.db", silent))
    assert sentence == "“f.db” was read for 1 seconds without getting on."
    assert readers() <= before  # the process that read is ended


def test_an_import_that_waits_for_a_view_is_cancelled_at_once(tmp_path: Path) -> None:
    silent = (
        "CREATE VIEW v AS WITH RECURSIVE c(user, item) AS "
        "(SELECT 1, 1 UNION ALL SELECT user + 1, item + 1 FROM c) SELECT * FROM c WHERE user < 250"
    )
    path = sqlite_file(tmp_path / "f.db", silent)
    reading = threading.Event()
    asked: list[float] = []

    def cancelled() -> bool:
        if reading.is_set():
            asked.append(time.monotonic())
        return len(asked) > 3

    with pytest.raises(CancelledError):
        import_files(
            ImportPlan(path), Task(lambda _, told: reading.set() if told.startswith("Reading") else None, cancelled)
        )
    assert time.monotonic() - asked[-1] < 1.0


@pytest.mark.parametrize("made", ["VIEW v AS", "TABLE v AS"])
def test_a_cell_of_a_hundred_megabytes_is_not_taken_into_memory(made: str, tmp_path: Path) -> None:
    values = " UNION ALL ".join(f"SELECT '{user}' AS user, '{item}' AS item, NULL AS z" for user, item in ROWS)
    path = sqlite_file(tmp_path / "f.db", f"CREATE {made} {values} UNION ALL SELECT 'u', 'i', zeroblob(100000000)")
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    if made.startswith("TABLE"):  # a picture beside what is imported
        assert read(path).dataset.n_interactions > 0
    assert refused(path, keep_columns=True) == "“f.db” has a cell of more than 64 MB."
    assert (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024 < 400


@pytest.mark.slow
def test_a_generated_column_that_takes_all_memory_is_told(tmp_path: Path) -> None:
    with duckdb.connect(str(tmp_path / "f.duckdb")) as base:
        base.execute("CREATE TABLE t (\"user\" INT, item INT, long VARCHAR AS (repeat('x', 40000000)))")
        base.execute("INSERT INTO t SELECT range % 30, range % 20 FROM range(60)")
    sentence = refused(tmp_path / "f.duckdb", keep_columns=True)
    assert sentence.startswith("“f.duckdb” takes more than 1,0") and sentence.endswith(" MB of memory to be read.")


def test_a_database_reaches_no_other_file(tmp_path: Path) -> None:
    write(tmp_path / "secret.csv", "user,item\nme,mine\n")
    with duckdb.connect(str(tmp_path / "f.duckdb")) as base:
        base.execute(f"CREATE VIEW v AS SELECT * FROM read_csv('{tmp_path / 'secret.csv'}')")
    assert refused(tmp_path / "f.duckdb") == "“f.duckdb” has no table."


def test_a_database_of_many_rows_keeps_their_order(tmp_path: Path) -> None:
    with duckdb.connect(str(tmp_path / "f.duckdb")) as base:
        base.execute("CREATE TABLE t AS SELECT 'u' || range % 7 AS user, 'i' || range AS item FROM range(60000)")
    rows = preview(tmp_path / "f.duckdb").rows
    assert rows[:2] == [["u0", "i0"], ["u1", "i1"]]
    dataset = read(tmp_path / "f.duckdb").dataset
    own = [int(dataset.item_ids[code][1:]) for code in dataset.items[: dataset.offsets[1]]]
    assert own == sorted(own)


# the process that reads


@pytest.mark.slow
def test_one_process_serves_several_looks_and_goes_when_the_program_does(tmp_path: Path) -> None:
    path = workbook(tmp_path / "good.xlsx")
    preview(path)
    before = readers()
    preview(path)
    import_files(ImportPlan(path))
    assert readers() == before
    program = (
        "import sys, psutil; from pathlib import Path; from recdesk.data.importing import preview;"
        "preview(Path(sys.argv[1])); print([c.pid for c in psutil.Process().children()], flush=True);"
        "import os; os.kill(os.getpid(), 9)"
    )
    done = subprocess.run([sys.executable, "-c", program, path], capture_output=True, text=True)
    (child,) = json.loads(done.stdout)
    with pytest.raises(psutil.NoSuchProcess):
        process = psutil.Process(child)
        process.wait(20)
        raise psutil.NoSuchProcess(child)


def test_no_module_of_the_folder_that_the_program_starts_in_is_taken(tmp_path: Path) -> None:
    path = workbook(tmp_path / "good.xlsx")
    write(tmp_path / "python_calamine.py", "open('harm', 'w')")
    program = (
        "import sys; from pathlib import Path; from recdesk.data.importing import preview; preview(Path(sys.argv[1]))"
    )
    command = [sys.executable, "-P", "-c", program, path]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    assert subprocess.run(command, cwd=tmp_path, env=environment).returncode == 0
    assert not (tmp_path / "harm").exists()


def test_a_process_that_was_ended_while_it_waited_is_replaced(tmp_path: Path) -> None:
    path = workbook(tmp_path / "good.xlsx")
    before = readers()
    preview(path)
    for pid in readers() - before or readers():
        psutil.Process(pid).kill()
    assert preview(path).columns == ["user", "item"]


def test_an_error_of_the_reader_that_nobody_foresaw_is_a_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    read_in_this_process(monkeypatch)

    def broken(*_: object) -> None:
        raise KeyError("styles")

    monkeypatch.setattr("recdesk.data.files.excel.describe_workbook", broken)
    assert refused(workbook(tmp_path / "f.xlsx")) == "“f.xlsx” could not be read to its end: 'styles'."


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="Linux has a disk that is always full")
@pytest.mark.parametrize("form", ["xlsx", "sqlite"])
def test_a_full_disk_under_the_cells_is_no_fault_of_the_file(form: str, tmp_path: Path) -> None:
    path = tmp_path / "f.xlsx"
    workbook(path) if form == "xlsx" else sqlite_file(path, "CREATE TABLE log (user, item)")
    arguments = {
        "path": str(path), "shown": path.name, "dialect": {"form": form}, "head": 1, "column_numbers": [0],
        "wanted": ["user"],
        "out": "/dev/full",
    }  # fmt: skip
    answer = foreign.answer({"call": "write", "arguments": arguments}, lambda message: None)
    with pytest.raises(StorageError, match="The disk that holds “/dev” is full"):
        isolated.result_of(json.loads(json.dumps(answer)), path.name, 2**30)


# packed files


@pytest.mark.slow
def test_a_zip_file_of_sixty_thousand_files_is_not_looked_through(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "many.zip", "w") as archive:
        for number in range(60_000):
            archive.writestr(f"f{number}.csv", "user,item\na,b\n")
    began = time.monotonic()
    for work in (lambda: propose([tmp_path / "many.zip"]), lambda: import_files(ImportPlan(tmp_path / "many.zip"))):
        with pytest.raises(DataError, match="holds more files than can be looked through"):
            work()
    assert time.monotonic() - began < 5


def test_names_in_a_zip_file_are_cut_for_the_sentence(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "f.zip", "w") as archive:
        for number in range(3):
            archive.writestr(f"{number}" + "x" * 60_000 + ".csv", "user,item\na,b\n")
    assert len(refused(tmp_path / "f.zip")) < 400


def test_a_file_that_is_packed_twice_is_told(tmp_path: Path) -> None:
    table = b"user,item\n" + b"".join(f"{user},{item}\n".encode() for user, item in ROWS)
    (tmp_path / "f.csv.gz").write_bytes(gzip.compress(gzip.compress(table)))
    assert refused(tmp_path / "f.csv.gz") == "“f.csv.gz” is packed twice."


def test_a_file_that_never_stops_growing_is_given_up(tmp_path: Path) -> None:
    path = write(tmp_path / "f.csv", "user,item\n" + "a,b\n" * 400_000)

    def grow() -> bool:
        with path.open("ab") as stream:
            stream.write(b"a,b\n" * 400_000)
        return False

    with pytest.raises(DataError, match="changed while it was read"):
        import_files(ImportPlan(path), Task(cancelled=grow))
    assert path.stat().st_size < 40_000_000


# text


@pytest.mark.parametrize(
    "text",
    [
        "[" + " " * 2**20 + json.dumps(OBJECTS)[1:],
        json.dumps(OBJECTS[:1])[:-1] + " " * 2**20 + "," + json.dumps(OBJECTS)[1:],
        "[{" + " " * 2**20 + '"user": "a", "item": "b"}]',
        '{"user"' + " " * 2**20 + ': "a", "item": "b"}\n' * 3,
    ],
    ids=["before the first", "between", "in an object", "in a line"],
)
def test_a_megabyte_of_blanks_in_json_costs_no_more_than_other_text(text: str, tmp_path: Path) -> None:
    began = time.monotonic()
    try:
        assert read(write(tmp_path / "f.json", text)).dataset.n_interactions > 40
    except DataError as error:
        assert error.sentence == "“f.json” has no JSON object in its first lines."
    assert time.monotonic() - began < 5


@pytest.mark.slow
def test_a_row_of_blanks_and_separators_is_no_quadratic_header(tmp_path: Path) -> None:
    began = time.process_time()
    assert refused(write(tmp_path / "f.csv", "a" + " " * 250_000 + "\nb\n")).startswith("“f.csv” has ")
    assert refused(write(tmp_path / "g.csv", ("x," * 60_000 + "\n") * 3)).endswith(" columns.")
    assert time.process_time() - began < 8


def test_many_columns_of_one_name_are_told_apart_in_time() -> None:
    began = time.monotonic()
    names = unique(["x"] * 30_000)
    assert names[:3] == ["x", "x (2)", "x (3)"] and len(set(names)) == 30_000
    assert time.monotonic() - began < 2
    assert unique(["x", "x (2)", "x", ""]) == ["x", "x (2)", "x (3)", "column 4"]


def test_quotes_that_never_close_cost_no_more_than_a_few_looks() -> None:
    lines = [(number, text) for number, text in enumerate(['"a,b', *['x""y'] * 60_000], 1)]
    began = time.monotonic()
    (found,) = [record for record in records(lines, ",", '"') if record.line == 1]
    assert found.broken
    lines = [(number, '"a,"b' if number == 1 else 'x","') for number in range(1, 3_000)]
    assert len(list(records(lines, ",", '"', longest=2**12))) == 2_999
    assert time.monotonic() - began < 5


@pytest.mark.parametrize("name", ["f.csv", "f.jsonl"])
def test_a_line_longer_than_the_readers_buffer_is_counted(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "LONGEST_LINE", 2**16)
    line = (lambda user, item: json.dumps({"user": user, "item": item})) if name == "f.jsonl" else "{},{}".format
    rows = [line(user, item) for user, item in ROWS]
    text = "\n".join(
        [*(["user,item"] if name == "f.csv" else []), *rows, line("u1", '"' + "y" * 3_000_000 + '"'), *rows]
    )
    result = read(write(tmp_path / name, text))
    assert result.dataset.report["read"] == 2 * len(rows) + 1
    assert [reject.reason for reject in result.rejects] == ["a line that is too long"]


def test_a_thousand_columns_are_kept_in_a_few_seconds_and_more_are_refused(tmp_path: Path) -> None:
    def wide(columns: int) -> Path:
        head = ",".join(["user", "item", *(f"k{n}" for n in range(columns))])
        rows = [",".join([user, item, *(f" {n} " for n in range(columns))]) for user, item in ROWS]
        return write(tmp_path / f"{columns}.csv", "\n".join([head, *rows]))

    began = time.monotonic()
    result = import_files(ImportPlan(wide(600), keep_columns=True))
    assert time.monotonic() - began < 10
    assert result.other_columns is not None and result.other_columns.num_columns == 600
    assert result.other_columns.column("k7").to_pylist()[0] == "7"  # without the blanks around it
    assert refused(wide(1001), keep_columns=True) == "“1001.csv” has 1,001 columns to keep; 1,000 can be kept."


# Parquet


def test_parquet_of_endless_equal_rows_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "HARMLESS", 4 * 2**20)
    zeros = np.zeros(2_000_000, np.int32)
    path = tmp_path / "f.parquet"
    pq.write_table(pa.table({"user": zeros, "item": zeros}), path, compression="zstd")
    sentence = refused(path)
    assert sentence.startswith("“f.parquet” has 2,000,000 rows in ") and sentence.endswith("no table packs like that.")


@pytest.mark.parametrize("size", [2_000_000, 50_000_000])
def test_one_giant_text_that_all_rows_share_is_not_copied_for_each_of_them(size: int, tmp_path: Path) -> None:
    shared = pa.DictionaryArray.from_arrays(pa.array(np.zeros(60, np.int32)), pa.array(["x" * size]))
    columns = {"user": [user for user, _ in ROWS], "item": [item for _, item in ROWS], "long": shared}
    pq.write_table(pa.table(columns), tmp_path / "f.parquet", compression="zstd", write_statistics=False)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    if size < 10_000_000:
        assert read(tmp_path / "f.parquet").dataset.n_interactions > 0
        why = "could not be read to its end: Invalid Input Error: a text of more than 1 MB."
    else:
        why = "takes more than 1,024 MB of memory to be read."
    assert refused(tmp_path / "f.parquet", keep_columns=True) == f"“f.parquet” {why}"
    assert (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024 < 1400


def test_more_rows_than_the_memory_holds_are_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "available_memory", lambda: 200)
    monkeypatch.setattr(limits, "memory_for", lambda size: 2**29)
    path = write(tmp_path / "f.csv", "user,item\n" + "".join(f"{user},{item}\n" for user, item in ROWS))
    assert refused(path) == "“f.csv” has 60 rows, which take 0.0 GB of memory; 0.0 GB are free."


def test_memory_is_bounded_by_the_file_and_by_the_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "available_memory", lambda: 8 * 2**30)
    assert limits.memory_for(0) == 2**30
    assert limits.memory_for(10 * 2**20) == 2**30 + 1000 * 2**20
    assert limits.memory_for(10 * 2**30) == 6 * 2**30
