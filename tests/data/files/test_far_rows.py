"""Evidence from the middle and the end of a file: its first rows may be of one user, of one event, or empty."""

import gzip
import json
import random
import sqlite3
import time
from collections.abc import Callable
from pathlib import Path

import duckdb
import pandas as pd
import pytest

from recdesk.data.files.encodings import SAMPLE_BYTES
from recdesk.data.files.source import SAMPLE_ROWS
from recdesk.data.importing import import_files
from recdesk.data.plan import ImportPlan
from recdesk.data.planning import preview
from tests.data.making import delimited, write

Rows = list[list[str]]
N = 4000
BEGIN = 1_577_836_800


def log(kind: Callable[[int], str] = lambda _: "view", seed: int = 0) -> Rows:
    """User, item, time in order, type of event."""
    rng = random.Random(seed)
    return [[f"{rng.randrange(1, 400)}", f"{rng.randrange(1, 900)}", f"{BEGIN + 60 * n}", kind(n)] for n in range(N)]


def sorted_by(at: int, columns: str) -> Rows:
    """A log of a few very active users in the order of their times, or of very popular items in any; `columns` are
    numbers of those of `log`."""
    rng = random.Random(1)
    few = [[*row[:at], f"{rng.randrange(1, 12)}", *row[at + 1 :]] for row in log()]
    key = {0: lambda row: (int(row[0]), row[2]), 1: lambda row: (int(row[1]), rng.random())}[at]
    return [[row[int(number)] for number in columns] for row in sorted(few, key=key)]


def roles(path: Path) -> dict[str, str]:
    return {role: column.removeprefix("column ") for role, column in preview(path).roles.items()}


@pytest.mark.parametrize(
    ("rows", "right"),
    [
        (sorted_by(0, "012"), {"user": "1", "item": "2", "time": "3"}),
        (sorted_by(0, "102"), {"user": "2", "item": "1", "time": "3"}),
        (sorted_by(1, "012"), {"user": "1", "item": "2", "time": "3"}),
        (sorted_by(1, "2013"), {"user": "2", "item": "3", "time": "1", "event": "4"}),
    ],
    ids=["by user", "by user, item first", "by item", "by item, time first"],
)
def test_sorted_logs_whose_first_rows_are_of_one(rows: Rows, right: dict[str, str], tmp_path: Path) -> None:
    assert any(len({row[at] for row in rows[:SAMPLE_ROWS]}) == 1 for at in range(3))
    assert roles(write(tmp_path / "log.csv", delimited(rows))) == right


def test_words_that_are_all_the_same_at_first_are_types_of_events(tmp_path: Path) -> None:
    rows = log(lambda n: "alpha" if n < N // 3 else ("beta", "gamma", "alpha")[n % 3])
    assert roles(write(tmp_path / "log.csv", delimited(rows)))["event"] == "4"


def test_columns_that_begin_late_are_there(tmp_path: Path) -> None:
    rows = [[user, item, moment if n > N // 3 else ""] for n, (user, item, moment, _) in enumerate(log())]
    path = write(tmp_path / "log.csv", delimited(rows))
    assert roles(path) == {"user": "1", "item": "2", "time": "3"}
    assert preview(path).rows[0] == rows[0]
    result = import_files(ImportPlan(path))
    assert result.dataset.n_interactions == N - N // 3 - 1
    assert sum(result.dataset.report["rejected"].values()) == N // 3 + 1


def by_late_ids(path: Path, rows: Rows) -> None:
    """A client id in all rows, a user id from the second third on."""
    late = [
        [user if n > len(rows) // 3 else "", f"c{user}", item, moment] for n, (user, item, moment, _) in enumerate(rows)
    ]
    names = ["user_id", "client_id", "item_id", "stamp"]
    frame = pd.DataFrame(late, columns=names)
    if path.suffix == ".parquet":
        frame.to_parquet(path, row_group_size=1000)
    elif path.suffix == ".jsonl":
        objects = [dict(zip(names, row, strict=True)) for row in late]
        kept = [{key: value for key, value in one.items() if value} for one in objects]
        path.write_text("".join(json.dumps(one) + "\n" for one in kept))
    elif path.suffix == ".json":
        path.write_text(json.dumps([dict(zip(names, row, strict=True)) for row in late]))
    elif path.suffix == ".sqlite":
        with sqlite3.connect(path) as base:
            frame.to_sql("log", base, index=False)
        base.close()
    elif path.suffix == ".duckdb":
        with duckdb.connect(str(path)) as given:
            given.execute("CREATE TABLE log AS FROM frame")
    elif path.suffix == ".xlsx":
        frame.to_excel(path, index=False)
    else:
        text = delimited([names, *late])
        path.write_bytes(gzip.compress(text.encode()) if path.suffix == ".gz" else text.encode())


@pytest.mark.parametrize("ending", ["csv", "csv.gz", "jsonl", "json", "parquet", "sqlite", "duckdb", "xlsx"])
def test_every_form_is_looked_at_behind_its_first_rows(ending: str, tmp_path: Path) -> None:
    """The user ids, of which the first rows have none, are missing in a part of the rows: that is said."""
    path = tmp_path / f"log.{ending}"
    by_late_ids(path, log()[: 1500 if ending == "xlsx" else N])
    look = preview(path)
    users = [row[look.columns.index("user_id")] for row in look.table.sample]
    assert not any(users[:SAMPLE_ROWS])
    assert sum(map(bool, users)) >= 50
    assert len(look.rows) == SAMPLE_ROWS
    assert look.roles["time"] == "stamp"


def test_a_large_text_is_sought_through_and_looked_at_quickly(tmp_path: Path) -> None:
    """200 MB that do not exist on the disk, but for the first rows, some in the middle, and the last ones."""
    text = delimited(log())
    lines = text.encode()
    path = tmp_path / "log.csv"
    size = 200 * 2**20
    with path.open("wb") as stream:
        stream.write((b"7,3,1577836800,view\n" * (2 * SAMPLE_BYTES // 20))[: 2 * SAMPLE_BYTES // 20 * 20])
        for place in (1, 2, 3, 4):
            stream.seek(SAMPLE_BYTES + (size - SAMPLE_BYTES) * place // 4 - len(lines))
            stream.write(lines)
    assert path.stat().st_size == size
    begun = time.process_time()
    look = preview(path)
    assert time.process_time() - begun < 0.5
    assert [len(block) for block in look.far] == [50] * 4
    assert look.far[-1][-1] == log()[-1]
    assert look.roles == {"user": "column 1", "item": "column 2", "time": "column 3", "event": "column 4"}


@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("encoding", ["utf-8", "gb18030", "utf-16"])
def test_places_are_cut_at_whole_lines_in_every_encoding(encoding: str, end: str, tmp_path: Path) -> None:
    rows = [[f"用户{n % 70}", f"物品{n % 900}", f"{BEGIN + n}", "说明" * 9] for n in range(16_000)]
    path = tmp_path / "log.csv"
    path.write_bytes(delimited(rows, end=end).encode(encoding))
    assert path.stat().st_size > 2 * SAMPLE_BYTES
    look = preview(path)
    assert all(row in rows for block in look.far for row in block)
    assert [len(block) for block in look.far] == [50] * 4
    assert (look.far[-1][-1] == rows[-1]) == (encoding != "utf-16")  # of which the beginning has to do


def test_texts_in_quotes_over_several_lines_are_no_rows(tmp_path: Path) -> None:
    rows = [[user, item, moment, "one\n\n" * 30 + "end"] for user, item, moment, _ in log()]
    look = preview(write(tmp_path / "log.csv", delimited([["user", "item", "time", "words"], *rows])))
    assert all(len(row) == 4 and row[0].isdigit() for block in look.far for row in block)
    assert look.roles["user"] == "user"


def test_a_column_that_counts_the_rows_does_so_at_every_place(tmp_path: Path) -> None:
    rows = [[f"{n}", user, item, moment] for n, (user, item, moment, _) in enumerate(log())]
    assert roles(write(tmp_path / "log.csv", delimited(rows))) == {"user": "2", "item": "3", "time": "4"}
