"""Any supported file as a DuckDB relation of text columns, with what could not be read set aside."""

import contextlib
import itertools
import json
import re
import tempfile
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import duckdb
import psutil

from recdesk.data.dialect import Dialect, decode, read_sample, sample_lines, sniff, split_lines
from recdesk.data.lines import RAW_CHARACTERS, lines_at, row_lines, texts_of
from recdesk.data.plain import PlainFile, plain_file
from recdesk.data.report import Reject
from recdesk.data.roles import looks_like_items, plain_name
from recdesk.errors import CancelledError, DataError

MAX_LINE_BYTES = 16 * 2**20
MAX_COLUMNS = 4096
MOST_REJECTS = 100_000
"""Rejected rows that are kept one by one; all are counted."""

REASONS = {
    "MISSING COLUMNS": "too few fields",
    "TOO MANY COLUMNS": "too many fields",
    "UNQUOTED VALUE": "a quote that is never closed, or closed too early",
    "INVALID ENCODING": "characters that do not fit the encoding",
    "LINE SIZE OVER MAXIMUM": "a line that is too long",
    "INVALID STATE": "quotes in the wrong places",
}


@contextlib.contextmanager
def database(cancelled: Callable[[], bool] = lambda: False) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection that touches no network and loads no extension; a yes of `cancelled` interrupts its work.

    Tables that would take more than half of the free memory go to the disk, and go from there in the end.

    Raises:
        CancelledError: it did.
    """
    with tempfile.TemporaryDirectory(prefix="recdesk-", ignore_cleanup_errors=True) as spill:
        settings = {
            "autoinstall_known_extensions": False,
            "autoload_known_extensions": False,
            "temp_directory": spill,
            "preserve_insertion_order": True,
            "memory_limit": f"{max(psutil.virtual_memory().available // 2, 2**28) // 2**20}MiB",
        }
        connection = duckdb.connect(config=settings)
        connection.execute("SET TimeZone = 'UTC'")
        # it counts how far a query is, which `told` asks for, and prints nothing
        connection.execute("SET enable_progress_bar = true; SET enable_progress_bar_print = false")

        def look() -> None:
            if cancelled():
                connection.interrupt()

        try:
            with _repeatedly(look):
                yield connection
        except duckdb.InterruptException as error:
            raise CancelledError("The import") from error
        finally:
            connection.close()


@contextlib.contextmanager
def told(connection: duckdb.DuckDBPyConnection, tell: Callable[[float], None]) -> Iterator[None]:
    """While the block works, say from another thread which share (0..1) the query under way has read."""

    def look() -> None:
        if (percent := connection.query_progress()) > 0:
            tell(min(percent / 100, 1.0))

    with _repeatedly(look):
        yield


@contextlib.contextmanager
def _repeatedly(look: Callable[[], None]) -> Iterator[None]:
    done = threading.Event()

    def watch() -> None:
        while not done.wait(0.1):
            look()

    watcher = threading.Thread(target=watch, daemon=True)
    watcher.start()
    try:
        yield
    finally:
        done.set()
        watcher.join()


@dataclass(frozen=True)
class Columns:
    """A file's columns.

    Attributes:
        names: unique, as in the file or made up ("column 1").
        named: the file names them.
        rows: sample of values.
    """

    names: list[str]
    named: bool
    rows: list[list[str]]


def columns_of(path: Path, dialect: Dialect | None = None, rows: int = 200) -> tuple[Dialect, Columns]:
    """Column names and a sample, reading only the beginning of the file.

    Raises:
        DataError: it is missing, empty, or no table of two or more columns.
    """
    dialect = dialect or sniff(path)
    if dialect.form == "parquet":
        columns = _parquet_columns(path, dialect, rows)
    elif dialect.form == "jsonl":
        columns = _json_columns(path, dialect, rows)
    else:
        columns = _delimited_columns(path, dialect, rows)
    if len(columns.names) > MAX_COLUMNS:
        raise DataError(f"“{path.name}” has {len(columns.names):,} columns.", "Check the separator.")
    return dialect, columns


def _delimited_columns(path: Path, dialect: Dialect, rows: int) -> Columns:
    lines = sample_lines(decode(read_sample(path)[0], dialect.encoding))
    table = split_lines(lines[dialect.skip :], dialect.separator, dialect.quote)
    if not table:
        raise DataError(f"“{path.name}” has no lines.", "Choose a file with one interaction a line.")
    if dialect.header:
        return Columns(_unique([plain_name(cell) for cell in table[0]]), True, table[1 : rows + 1])
    counts = sorted(len(row) for row in table)
    width = counts[len(counts) // 2]
    names = [f"column {i}" for i in range(1, width + 1)]
    if looks_like_items(table):  # as MovieLens' movies.dat
        names = ["item", "title", "genres"] if width == 3 else ["item", "title", *names[2:]]
    return Columns(names, False, table[:rows])


def _json_columns(path: Path, dialect: Dialect, rows: int) -> Columns:
    names: dict[str, None] = {}
    objects = []
    for line in sample_lines(decode(read_sample(path)[0], dialect.encoding)):
        with contextlib.suppress(ValueError):
            value = json.loads(line, parse_int=str, parse_float=str)
            if isinstance(value, dict):
                objects.append(value)
                names |= dict.fromkeys(value)
    if not names:
        raise DataError(f"“{path.name}” has no JSON object in its first lines.", "Write one object a line.")
    table = [[_json_text(entry.get(name)) for name in names] for entry in objects[:rows]]
    return Columns(list(names), True, table)


def _json_text(value: object) -> str:
    if value is None:
        return ""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _parquet_columns(path: Path, dialect: Dialect, rows: int) -> Columns:
    try:
        with plain_file(path, dialect) as plain, database() as connection:
            relation = connection.sql(f"SELECT COLUMNS(*)::VARCHAR FROM {_parquet(plain.path)} LIMIT {rows}")
            table = [["" if cell is None else cell for cell in row] for row in relation.fetchall()]
            return Columns(list(relation.columns), True, table)
    except duckdb.Error as error:
        raise DataError(f"“{path.name}” is a damaged Parquet file.", "Export it again.", str(error)) from error


@dataclass(frozen=True)
class Loaded:
    """What `load` could not make rows of.

    Attributes:
        rejects: the first MOST_REJECTS of it.
        counts: all of it, by reason.
        aside: lines of records that got no row number.
    """

    rejects: list[Reject] = field(default_factory=list)
    counts: dict[str, int] = field(default_factory=dict)
    aside: set[int] = field(default_factory=set)


def load(
    connection: duckdb.DuckDBPyConnection, table: str, plain: PlainFile, columns: Columns, wanted: list[str], shown: str
) -> Loaded:
    """Make `table` with a row number `n` from 1 and text columns `c0`, `c1`, … for the columns `wanted`.

    `shown` is the file's name for people.

    Raises:
        DataError: the file cannot be read at all.
    """
    try:
        if plain.dialect.form == "parquet":
            fields = ", ".join(f"CAST({_name(column)} AS VARCHAR) AS c{i}" for i, column in enumerate(wanted))
            _create(connection, table, fields, _parquet(plain.path))
            return Loaded()
        if plain.dialect.form == "jsonl":
            return _load_json(connection, table, plain, wanted, shown)
        return _load_delimited(connection, table, plain, columns, wanted, shown)
    except duckdb.InterruptException:
        raise
    except (duckdb.Error, OSError) as error:
        raise DataError(
            f"“{shown}” could not be read to its end: {str(error).splitlines()[0][:200]}.",
            "Check that the file is whole, and its separator, quotes and encoding.",
            str(error),
        ) from error


def _create(connection: duckdb.DuckDBPyConnection, table: str, fields: str, source: str) -> None:
    connection.execute(f"CREATE TEMP TABLE {table} AS SELECT row_number() OVER () AS n, {fields} FROM {source}")


def _load_delimited(
    connection: duckdb.DuckDBPyConnection, table: str, plain: PlainFile, columns: Columns, wanted: list[str], shown: str
) -> Loaded:
    dialect = plain.dialect
    declared = "{" + ", ".join(f"'f{i}': 'VARCHAR'" for i in range(len(columns.names))) + "}"
    fields = ", ".join(f"f{columns.names.index(column)} AS c{i}" for i, column in enumerate(wanted))
    skip = dialect.skip + dialect.header
    _create(connection, table, fields, _csv(plain.path, declared, dialect.separator, dialect.quote, skip))
    return _set_aside(connection, plain, shown)


def _load_json(
    connection: duckdb.DuckDBPyConnection, table: str, plain: PlainFile, wanted: list[str], shown: str
) -> Loaded:
    # a control character cannot stand in JSON, so it separates nothing
    source = _csv(plain.path, "{'line': 'VARCHAR'}", "\x01", "", 0)
    whole = "CASE WHEN json_valid(line) THEN json_type(line) = 'OBJECT' ELSE false END AS whole"
    _create(connection, f"{table}_lines", f"line, {whole}", f"{source} WHERE line IS NOT NULL")
    fields = ", ".join(f"line ->> {_text(_json_path(column))} AS c{i}" for i, column in enumerate(wanted))
    connection.execute(f"CREATE TEMP TABLE {table} AS SELECT n, {fields} FROM {table}_lines WHERE whole")
    loaded = _set_aside(connection, plain, shown)
    broken = connection.execute(f"SELECT n FROM {table}_lines WHERE NOT whole AND trim(line) != '' ORDER BY n")
    rows = [n for (n,) in broken.fetchall()]
    if rows:
        reason = "not a JSON object"
        loaded.counts[reason] = len(rows)
        found = row_lines(plain.path, plain.dialect, loaded.aside, rows[:MOST_REJECTS])
        loaded.rejects.extend(Reject(shown, line, "", "", reason, raw) for line, raw in found.values())
    return loaded


def _set_aside(connection: duckdb.DuckDBPyConnection, plain: PlainFile, shown: str) -> Loaded:
    """The records that the CSV reader refused. The blank lines above one belong to it, as the reader counts."""
    # a record is listed once for each field missing or too many, as if it ended there: the first of the missing and
    # the last of the others tell how many there are
    telling = "coalesce(column_idx, 0)::BIGINT * CASE error_type WHEN 'MISSING COLUMNS' THEN -1 ELSE 1 END"
    once = (
        "SELECT line_byte_position - 1 + length(regexp_extract(csv_line, '^[\\r\\n]*')) AS place, "
        f"arg_max(error_type, {telling}) AS kind, arg_max(error_message, {telling}) AS message, first(csv_line) AS raw "
        "FROM reject_errors GROUP BY place, line_byte_position"
    )
    found = connection.execute(
        f"SELECT place, kind, message, CASE WHEN row_number() OVER (ORDER BY place) <= {MOST_REJECTS} "
        f"THEN left(trim(raw, e'\\r\\n'), {RAW_CHARACTERS}) END FROM ({once}) ORDER BY place"
    ).fetchall()
    connection.execute("DROP TABLE reject_errors; DROP TABLE reject_scans")
    lines = lines_at(plain.path, (at for at, *_ in found))
    reasons = [REASONS.get(kind, kind.lower()) for _, kind, *_ in found]
    texts = texts_of(plain.path, (lines[at] for at, *_ in found[:MOST_REJECTS]))
    rejects = [
        Reject(shown, lines[at], "", "", reason + _numbers(kind, message), _whole(raw or "", texts.get(lines[at], "")))
        for (at, kind, message, raw), reason in zip(found[:MOST_REJECTS], reasons, strict=False)
    ]
    return Loaded(rejects, dict(Counter(reasons)), set(lines.values()))


def _whole(raw: str, line: str) -> str:
    """What DuckDB says of a record, if it has all of its first line; of broken quotes it gives but a part."""
    return raw if raw.startswith(line) else line


def _numbers(kind: str, message: str) -> str:
    found = re.findall(r"\d+", message)
    return f" ({found[1]} instead of {found[0]})" if kind.endswith("COLUMNS") and len(found) == 2 else ""


def _csv(path: Path, columns: str, separator: str, quote: str, skip: int) -> str:
    return (
        f"read_csv({_path(path)}, columns = {columns}, delim = {_text(separator)}, quote = {_text(quote)}, "
        f"escape = {_text(quote)}, header = false, skip = {skip}, auto_detect = false, compression = 'none', "
        f"store_rejects = true, rejects_limit = 0, max_line_size = {MAX_LINE_BYTES}, hive_partitioning = false)"
    )


def _parquet(path: Path) -> str:
    return f"read_parquet({_path(path)}, hive_partitioning = false)"


def _path(path: Path) -> str:
    """SQL for exactly this file: DuckDB takes stars, question marks and brackets for a pattern."""
    return _text(re.sub(r"([*?\[])", r"[\1]", str(path.absolute())))


def _unique(names: list[str]) -> list[str]:
    result: list[str] = []
    for index, name in enumerate(names, 1):
        base = name or f"column {index}"
        numbered = (f"{base} ({again})" for again in itertools.count(2))
        result.append(next(free for free in itertools.chain([base], numbered) if free not in result))
    return result


def _text(value: str) -> str:
    """An SQL text."""
    return "'" + value.replace("'", "''") + "'"


def _name(value: str) -> str:
    """An SQL name."""
    return '"' + value.replace('"', '""') + '"'


def _json_path(key: str) -> str:
    return '$."' + key.replace("\\", "\\\\").replace('"', '\\"') + '"'
