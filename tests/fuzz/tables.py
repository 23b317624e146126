"""A small table in one of nine forms, damaged at random, through everything that an import does."""

import gzip
import io
import json
import random
import sqlite3
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any, get_args

import duckdb
import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq

from recdesk.core.errors import RecdeskError
from recdesk.data.cleaning.rules import Duplicates
from recdesk.data.importing import import_files
from recdesk.data.planning import preview, propose

Row = list[Any]
NAMES = (
    ("user", "item", "rating", "time"), ("userId", "movieId", "rating", "timestamp"), ("用户", "物品", "评分", "时间"),
    ("customer", "sku", "qty", "when"), ("a", "b", "c", "d"), ("item_id", "user_id", "time", "title"),
)  # fmt: skip
ODD = (
    "", " ", "NA", "null", "nan", "-", "0", "-1", "1e400", "9" * 400, "inf", '"', "'", "\\", "\t", "a,b", "a\nb",
    "::", "=1+1", "@x",
    "\x1b[2J", "\u202eabc", "\ufeff", "\x00", "é", "红楼梦", "😀", "2024-13-45",
    "12:61", "31/12/99", "[1,2", '{"a":', "x" * 3000,
)  # fmt: skip
TOKENS = (
    b"\x00", b"\xff\xfe", b"\xef\xbb\xbf", b'"', b"'", b"\\", b"\r", b"\n\n\n", b",,,,", b"::", b"\t", b"{", b"[",
    b"[" * 2000, b"}",
    b"]]",
    b'{"a":' * 500, b"null", b"NaN", b"1e999", b"PK\x03\x04", b"PAR1", b"SQLite format 3\x00",
    b"\x1f\x8b\x08", b"sep=;\n",
    b"#" * 50, b" " * 5000, b"-" * 300, b"\xed\xa0\x80", b"\xc0\x80", b"0" * 500,
)  # fmt: skip

CONTAINERS = (".xlsx", ".parquet", ".csv.gz", ".zip", ".duckdb")
"""Forms with checksums of their own: a turned bit shows no more than that; what is odd or damaged inside does."""


class Tables:
    """Cases of one form."""

    def __init__(self, form: str, scratch: Path) -> None:
        self.scratch = scratch
        databases = {"sqlite": _Databases(scratch).sqlite, "duckdb": _Databases(scratch).duckdb}
        self.write = (WRITERS | databases)[form]
        self.ending = ENDINGS[form]

    def case(self, rng: random.Random) -> str:
        """One file; what became of it.

        Raises:
            AssertionError: counts do not add up. Anything but a RecdeskError is a fault of the reader.
        """
        path = self.scratch / f"f{self.ending}"
        rows = table(rng)
        data = self.write(rows, rng)
        path.write_bytes(data if self.ending in CONTAINERS and rng.random() < 0.6 else damaged(data, rng))
        try:
            return self._imported(path, [str(name) for name in rows[0]] if rows else [], rng)
        except RecdeskError as error:
            assert error.sentence.strip(), "a failure without a sentence"
            return "refused"
        finally:
            path.unlink()

    def _imported(self, path: Path, names: list[str], rng: random.Random) -> str:
        plan = propose([path])
        if rng.random() < 0.1:
            look = preview(plan.interactions, plan.dialect)
            assert all(len(row) <= len(look.columns) for row in look.rows), "a row is wider than its head"
            names = look.columns
        result = import_files(replace(plan, **rules(rng), **roles(names, rng)))
        report = result.dataset.report
        gone = sum(report["rejected"].values()) + sum(report["dropped"].values())
        assert report["read"] == report["kept"] + gone, f"read {report['read']}, kept {report['kept']}, gone {gone}"
        assert report["kept"] == result.dataset.n_interactions, "kept rows are not the dataset's"
        assert len(result.rejects) >= min(1, sum(report["rejected"].values())), "rejected rows are not listed"
        result.dataset.checked()
        return "imported"


def table(rng: random.Random) -> list[Row]:
    """Rows of users, items, ratings and times under a header (or none), some cells odd."""
    users, items = rng.randint(1, 20), rng.randint(1, 30)
    names = list(rng.choice(NAMES))
    start = rng.choice([0, 1_700_000_000, 1_700_000_000_000, 20_240_101])
    rows: list[Row] = [names] if rng.random() < 0.85 else []
    for n in range(rng.choice([0, 1, 5, 40, 80, 120])):
        row: Row = [f"u{rng.randrange(users)}", rng.randrange(items), rng.choice([1, 2.5, 5]), start + n * 61]
        rows.append([rng.choice(ODD) if rng.random() < 0.01 else cell for cell in row])
    for row in rows:
        if rng.random() < 0.01:
            del row[rng.randrange(len(row))]
    wide = rng.choice([0, 0, 0, 1, 8])
    return [row + [rng.choice(ODD) for _ in range(wide)] for row in rows]


def rules(rng: random.Random) -> dict[str, Any]:
    """Some cleaning."""
    found: dict[str, Any] = {"duplicates": rng.choice(get_args(Duplicates))}
    choices: dict[str, Any] = {
        "k_core": rng.randint(0, 3), "min_user": rng.randint(0, 2), "min_item": rng.randint(0, 2),
        "max_user": rng.randint(0, 60),
        "normalise_ids": True, "keep_columns": True, "pseudonyms": True,
        "min_rating": rng.choice([0.0, 3.0, -1.0, 1e300]),
        "since": rng.choice([0, 1_700_000_500]), "until": rng.choice([1_700_002_000, 2**37, 2**40]),
    }  # fmt: skip
    return found | {name: value for name, value in choices.items() if rng.random() < 0.06}


def roles(columns: list[str], rng: random.Random) -> dict[str, Any]:
    """What is guessed, or the first two columns; now and then any column, or one that is not there."""
    named = [*columns, "", "no such column"]
    told = dict(zip(("user", "item"), columns, strict=False)) if rng.random() < 0.6 else {}
    return told | {
        role: rng.choice(named) for role in ("user", "item", "rating", "time", "event", "title") if rng.random() < 0.03
    }


def damaged(data: bytes, rng: random.Random) -> bytes:
    """Bytes with turned bits, cuts, repeats and insertions; one in four stays as it is."""
    content = bytearray(data)
    for _ in range(rng.choice([0, 0, 1, 1, 1, 2, 4, 12])):
        at = rng.randrange(len(content) + 1)
        end = min(len(content), at + rng.choice([1, 1, 4, 30, 400]))
        match rng.randrange(6):
            case 0 if at < len(content):
                content[at] ^= 1 << rng.randrange(8)
            case 1:
                del content[at:end]
            case 2:
                content[at:at] = rng.choice(TOKENS)
            case 3:
                content[at:at] = content[at:end] * rng.choice([1, 2, 50])
            case 4 if rng.random() < 0.3:
                del content[at:]
            case 5:
                content[at:end] = rng.randbytes(end - at)
    return bytes(content)


def _csv(rows: list[Row], rng: random.Random) -> bytes:
    separator, quote = rng.choice([",", ",", ";", "\t", "|", "::", " "]), rng.choice(['"', '"', "'", ""])

    def cell(value: Any) -> str:
        text = str(value)
        return f"{quote}{text.replace(quote, quote * 2)}{quote}" if quote and rng.random() < 0.1 else text

    end = rng.choice(["\n", "\n", "\r\n", "\r"])
    text = "".join(separator.join(map(cell, row)) + end for row in rows)
    return text.encode(rng.choice(["utf-8", "utf-8", "utf-8-sig", "utf-16", "gb18030", "latin-1"]), "replace")


def _objects(rows: list[Row]) -> list[dict[str, Any]]:
    return [dict(zip(map(str, rows[0]), row, strict=False)) for row in rows[1:]] if rows else []


def _json(rows: list[Row], rng: random.Random) -> bytes:
    objects: Any = _objects(rows)
    shape = rng.choice(["list", "list", "wrapped", "rows", "columns"])
    value = {"list": objects, "wrapped": {"data": objects}, "rows": rows, "columns": dict(enumerate(rows))}[shape]
    return json.dumps(value, ensure_ascii=False, indent=rng.choice([None, 1])).encode()


def _jsonl(rows: list[Row], rng: random.Random) -> bytes:
    return "".join(json.dumps(entry, ensure_ascii=rng.random() < 0.5) + "\n" for entry in _objects(rows)).encode()


def _xlsx(rows: list[Row], rng: random.Random) -> bytes:
    book = openpyxl.Workbook(write_only=True)
    for title in rng.sample(["Data", "表", "2024", "x" * 31], rng.choice([1, 1, 2])):
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(["".join(c for c in cell if c >= " ") if isinstance(cell, str) else cell for cell in row])
    stream = io.BytesIO()
    book.save(stream)
    return _inside(stream.getvalue(), rng)


def _inside(data: bytes, rng: random.Random) -> bytes:
    """A zip file with one of its members damaged: what damage of the whole would only make unreadable."""
    if rng.random() < 0.4:
        return data
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        chosen = rng.choice(source.namelist())
        for name in source.namelist():
            archive.writestr(name, damaged(source.read(name), rng) if name == chosen else source.read(name))
    return stream.getvalue()


def _columns(rows: list[Row]) -> dict[str, list[Any]]:
    names = (
        [f"{name}{at if rows[0].index(name) != at else ''}" for at, name in enumerate(rows[0])] if rows else ["user"]
    )
    texts = [[str(cell).replace("\x00", "") for cell in row] for row in rows[1:]]
    return {name: [row[at] if at < len(row) else None for row in texts] for at, name in enumerate(names)}


def _parquet(rows: list[Row], rng: random.Random) -> bytes:
    sink = pa.BufferOutputStream()
    codec = rng.choice(["snappy", "none", "zstd", "gzip"])
    pq.write_table(pa.table(_columns(rows)), sink, compression=codec, row_group_size=rng.choice([7, 1000]))
    return bytes(sink.getvalue().to_pybytes())


def _fill(execute: Callable[..., Any], many: Callable[..., Any], rows: list[Row]) -> None:
    columns = _columns(rows)
    quoted = ", ".join('"' + name.replace('"', '""') + '" VARCHAR' for name in columns)
    execute(f"CREATE TABLE events ({quoted})")
    values = list(zip(*columns.values(), strict=True))
    if values:
        many(f"INSERT INTO events VALUES ({', '.join('?' * len(columns))})", values)


class _Databases:
    """Databases are files before they are bytes."""

    def __init__(self, scratch: Path) -> None:
        self.path = scratch / "made.db"

    def sqlite(self, rows: list[Row], rng: random.Random) -> bytes:
        """SQLite, with a view now and then."""
        connection = sqlite3.connect(self.path)
        _fill(connection.execute, connection.executemany, _distinct(rows))
        if rng.random() < 0.2:
            connection.execute("CREATE VIEW seen AS SELECT * FROM events")
        connection.commit()
        connection.close()
        return self._taken()

    def duckdb(self, rows: list[Row], rng: random.Random) -> bytes:
        """DuckDB."""
        connection = duckdb.connect(str(self.path), config={"threads": 1})
        _fill(connection.execute, connection.executemany, _distinct(rows)[: rng.choice([1, 3, 12])])
        connection.close()
        return self._taken()

    def _taken(self) -> bytes:
        data = self.path.read_bytes()
        self.path.unlink()
        return data


def _distinct(rows: list[Row]) -> list[Row]:
    """Names of a table's columns differ, whatever their case, and hold no null character."""
    names: list[str] = []
    for at, name in enumerate(rows[0] if rows else []):
        text = str(name).replace("\x00", "")
        names.append(f"{text}{at}" if text.casefold() in map(str.casefold, names) or not text else text)
    return [names, *rows[1:]] if rows else rows


def _zip(rows: list[Row], rng: random.Random) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", rng.choice([zipfile.ZIP_DEFLATED, zipfile.ZIP_STORED])) as archive:
        for name in rng.sample(
            ["a.csv", "items.csv", "deep/er/b.csv", "../c.csv", "readme.txt", "d.json"], rng.randint(1, 3)
        ):
            content = _json(rows, rng) if name.endswith("json") else _csv(rows, rng)
            archive.writestr(name, damaged(content, rng) if rng.random() < 0.5 else content)
    return stream.getvalue()


def _gzip(rows: list[Row], rng: random.Random) -> bytes:
    content = _csv(rows, rng)
    return gzip.compress(damaged(content, rng) if rng.random() < 0.7 else content, mtime=0)


Writer = Callable[[list[Row], random.Random], bytes]
WRITERS: dict[str, Writer] = {
    "csv": _csv, "json": _json, "jsonl": _jsonl, "xlsx": _xlsx, "parquet": _parquet, "zip": _zip, "gzip": _gzip,
}  # fmt: skip
ENDINGS = {
    "csv": ".csv", "json": ".json", "jsonl": ".jsonl", "xlsx": ".xlsx", "parquet": ".parquet", "zip": ".zip",
    "gzip": ".csv.gz",
    "sqlite": ".sqlite", "duckdb": ".duckdb",
}  # fmt: skip
