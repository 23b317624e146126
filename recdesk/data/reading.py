"""Any supported file as a DuckDB relation of text columns, with what could not be read set aside."""

import contextlib
import gzip
import tempfile
import threading
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import duckdb

from recdesk.data.dialect import TYPED, Dialect, decode, read_sample, sample_lines, sniff, split_lines
from recdesk.data.report import Reject
from recdesk.errors import CancelledError, DataError

RAW_CHARACTERS = 1000
MAX_LINE_BYTES = 16 * 2**20
MAX_COLUMNS = 4096

REASONS = {
    "MISSING COLUMNS": "too few fields",
    "TOO MANY COLUMNS": "too many fields",
    "UNQUOTED VALUE": "a quote is opened and never closed",
    "INVALID ENCODING": "characters that do not fit the encoding",
    "LINE SIZE OVER MAXIMUM": "the line is too long",
    "INVALID STATE": "quotes in the wrong places",
}


@contextlib.contextmanager
def database(cancelled: Callable[[], bool] = lambda: False) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection that touches no network and loads no extension; a yes of `cancelled` interrupts its work.

    Raises:
        CancelledError: it did.
    """
    with tempfile.TemporaryDirectory(prefix="recdesk-", ignore_cleanup_errors=True) as spill:
        settings = {
            "autoinstall_known_extensions": False,
            "autoload_known_extensions": False,
            "temp_directory": spill,
            "preserve_insertion_order": True,
        }
        connection = duckdb.connect(config=settings)
        done = threading.Event()
        watcher = threading.Thread(target=_watch, args=(connection, cancelled, done), daemon=True)
        watcher.start()
        try:
            yield connection
        except duckdb.InterruptException as error:
            raise CancelledError("The import") from error
        finally:
            done.set()
            watcher.join()
            connection.close()


def _watch(connection: duckdb.DuckDBPyConnection, cancelled: Callable[[], bool], done: threading.Event) -> None:
    while not done.wait(0.1):
        if cancelled():
            connection.interrupt()


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
        columns = _parquet_columns(path, rows)
    elif dialect.form == "jsonl":
        columns = _json_columns(path, dialect, rows)
    else:
        columns = _delimited_columns(path, dialect, rows)
    if len(columns.names) > MAX_COLUMNS:
        raise DataError(f"“{path.name}” has {len(columns.names):,} columns.", "Check the separator.")
    return dialect, columns


def _delimited_columns(path: Path, dialect: Dialect, rows: int) -> Columns:
    lines = sample_lines(decode(read_sample(path)[0], dialect.encoding))
    table = split_lines(lines, dialect.separator, dialect.quote)
    if not table:
        raise DataError(f"“{path.name}” has no lines.", "Choose a file with one interaction a line.")
    if dialect.header:
        return Columns(_unique([_plain_name(cell) for cell in table[0]]), True, table[1 : rows + 1])
    counts = sorted(len(row) for row in table)
    width = counts[len(counts) // 2]
    return Columns([f"column {i}" for i in range(1, width + 1)], False, table[:rows])


def _json_columns(path: Path, dialect: Dialect, rows: int) -> Columns:
    import json

    names: dict[str, None] = {}
    objects = []
    for line in sample_lines(decode(read_sample(path)[0], dialect.encoding)):
        with contextlib.suppress(ValueError):
            value = json.loads(line)
            if isinstance(value, dict):
                objects.append(value)
                names |= dict.fromkeys(value)
    table = [["" if entry.get(n) is None else str(entry[n]) for n in names] for entry in objects[:rows]]
    return Columns(list(names), True, table)


def _parquet_columns(path: Path, rows: int) -> Columns:
    try:
        with database() as connection:
            relation = connection.sql(f"SELECT * FROM read_parquet({_text(str(path))}) LIMIT {rows}")
            table = [["" if cell is None else str(cell) for cell in row] for row in relation.fetchall()]
            return Columns(_unique(list(relation.columns)), True, table)
    except duckdb.Error as error:
        raise DataError(f"“{path.name}” is a damaged Parquet file.", "Export it again.", str(error)) from error


@contextlib.contextmanager
def readable(path: Path, dialect: Dialect, cancelled: Callable[[], bool]) -> Iterator[Path]:
    """A path whose text is UTF-8 without mark and not packed in a way DuckDB cannot stream."""
    plain = dialect.form == "parquet" or dialect.encoding == "utf-8"
    if plain:
        yield path
        return
    with tempfile.TemporaryDirectory(prefix="recdesk-", ignore_cleanup_errors=True) as folder:
        target = Path(folder) / "utf8.txt"
        opener = gzip.open if dialect.gzipped else open
        with (
            opener(path, "rt", encoding=dialect.encoding, errors="replace", newline="") as source,
            target.open("w", encoding="utf-8", newline="") as out,
        ):
            while block := source.read(2**20):
                if cancelled():
                    raise CancelledError("The import")
                out.write(block)
        yield target


def load(
    connection: duckdb.DuckDBPyConnection,
    table: str,
    path: Path,
    dialect: Dialect,
    columns: Columns,
    wanted: list[str],
    shown: str,
) -> list[Reject]:
    """Make `table` with a row number `n` from 1 and text columns `c0`, `c1`, … for the columns `wanted`.

    `shown` is the file's name for people; `path` may be a converted copy.

    Returns:
        lines that are no rows of the table; rows are numbered without them.

    Raises:
        DataError: the file cannot be read at all.
    """
    try:
        if dialect.form == "parquet":
            return _load_parquet(connection, table, path, wanted)
        if dialect.form == "jsonl":
            rejected = _load_json(connection, table, path, dialect, wanted)
        else:
            rejected = _load_delimited(connection, table, path, dialect, columns, wanted)
        return [replace(reject, file=shown) for reject in rejected]
    except duckdb.InterruptException:
        raise
    except (duckdb.Error, EOFError, zlib.error, OSError) as error:
        raise DataError(
            f"“{shown}” could not be read to its end: {str(error).splitlines()[0][:200]}.",
            "Check that the file is whole, and its separator and encoding.",
            str(error),
        ) from error


def _load_parquet(connection: duckdb.DuckDBPyConnection, table: str, path: Path, wanted: list[str]) -> list[Reject]:
    fields = ", ".join(f"CAST({_name(column)} AS VARCHAR) AS c{i}" for i, column in enumerate(wanted))
    source = f"read_parquet({_text(str(path))})"
    connection.execute(f"CREATE TEMP TABLE {table} AS SELECT row_number() OVER () AS n, {fields} FROM {source}")
    return []


def _load_json(
    connection: duckdb.DuckDBPyConnection, table: str, path: Path, dialect: Dialect, wanted: list[str]
) -> list[Reject]:
    lines = (
        f"SELECT row_number() OVER () AS n, line FROM read_csv({_text(str(path))}, columns = {{'line': 'VARCHAR'}}, "
        f"delim = '\x01', quote = '', escape = '', header = false, auto_detect = false, "
        f"max_line_size = {MAX_LINE_BYTES}{_packing(dialect)})"
    )
    connection.execute(f"CREATE TEMP TABLE {table}_lines AS {lines}")
    fields = ", ".join(f"line ->> {_text(_json_path(column))} AS c{i}" for i, column in enumerate(wanted))
    connection.execute(
        f"CREATE TEMP TABLE {table} AS SELECT n, {fields} FROM {table}_lines "
        "WHERE CASE WHEN json_valid(line) THEN json_type(line) = 'OBJECT' ELSE false END"
    )
    bad = connection.execute(
        f"SELECT n, left(line, {RAW_CHARACTERS}) FROM {table}_lines WHERE trim(line) != '' "
        "AND NOT CASE WHEN json_valid(line) THEN json_type(line) = 'OBJECT' ELSE false END ORDER BY n"
    ).fetchall()
    return [Reject("", line, "", "", "not a JSON object", raw) for line, raw in bad]


def _load_delimited(
    connection: duckdb.DuckDBPyConnection, table: str, path: Path, dialect: Dialect, columns: Columns, wanted: list[str]
) -> list[Reject]:
    declared = ", ".join(f"'f{i}': 'VARCHAR'" for i in range(len(columns.names)))
    fields = ", ".join(f"f{columns.names.index(column)} AS c{i}" for i, column in enumerate(wanted))
    quote = _text(dialect.quote)
    connection.execute(
        f"CREATE TEMP TABLE {table} AS SELECT row_number() OVER () AS n, {fields} FROM read_csv({_text(str(path))}, "
        f"columns = {{{declared}}}, delim = {_text(dialect.separator)}, quote = {quote}, escape = {quote}, "
        f"header = false, skip = {int(dialect.header)}, auto_detect = false, store_rejects = true, "
        f"rejects_limit = 0, max_line_size = {MAX_LINE_BYTES}{_packing(dialect)})"
    )
    found = connection.execute(
        f"SELECT line, line_byte_position, error_type, left(csv_line, {RAW_CHARACTERS}), error_message "
        "FROM reject_errors ORDER BY line, column_idx"
    ).fetchall()
    connection.execute("DELETE FROM reject_errors").fetchall()
    once = {at: (raw, _reason(kind, message)) for _, at, kind, raw, message in reversed(found)}
    lines = _lines_at(path, sorted(once))
    return [Reject("", lines[at], "", "", reason, raw or "") for at, (raw, reason) in sorted(once.items())]


def _lines_at(path: Path, positions: list[int]) -> dict[int, int]:
    """Line numbers of byte positions (ascending): DuckDB counts records, a person counts lines."""
    found: dict[int, int] = {}
    if not positions:
        return found
    opener = gzip.open if _is_packed(path) else open
    with opener(path, "rb") as stream:
        line, passed = 1, 0
        while len(found) < len(positions) and (block := stream.read(2**20)):
            while len(found) < len(positions) and positions[len(found)] < passed + len(block):
                at = positions[len(found)]
                found[at] = line + block.count(b"\n", 0, at - passed)
            line, passed = line + block.count(b"\n"), passed + len(block)
    return found | {at: line for at in positions if at not in found}


def row_lines(path: Path, dialect: Dialect, bad_lines: set[int], rows: list[int]) -> dict[int, tuple[int, str]]:
    """Line number and text of rows of a loaded table, by a pass over the file that ends at the last of them.

    Args:
        path: as given to `load`.
        bad_lines: line numbers of the rejects that `load` returned.
        rows: row numbers from 1, ascending.
    """
    if dialect.form == "parquet":
        return {}
    wanted, found = set(rows), {}
    row = 0
    for line, text in _records(path, dialect):
        if line in bad_lines or (dialect.form == "delimited" and not text.strip("\r\n")):
            continue
        row = line if dialect.form == "jsonl" else row + 1
        if row in wanted:
            found[row] = (line, text.rstrip("\r\n")[:RAW_CHARACTERS])
            if len(found) == len(wanted):
                break
    return found


def _records(path: Path, dialect: Dialect) -> Iterator[tuple[int, str]]:
    """Line number and text of every record behind the header; a quoted line break does not end one."""
    opener = gzip.open if _is_packed(path) else open
    with opener(path, "rt", encoding="utf-8", errors="replace", newline=None) as stream:
        begun, parts, quotes = 0, [], 0
        for number, line in enumerate(stream, 1):
            if number == 1 and dialect.header and dialect.form == "delimited":
                continue
            begun = begun or number
            parts.append(line)
            quotes += line.count(dialect.quote) if dialect.quote and dialect.form == "delimited" else 0
            if quotes % 2 == 0 or len(parts) > 1000:
                yield begun, "".join(parts)
                begun, parts, quotes = 0, [], 0


def _is_packed(path: Path) -> bool:
    with path.open("rb") as stream:
        return stream.read(2) == b"\x1f\x8b"


def _packing(dialect: Dialect) -> str:
    return ", compression = 'gzip'" if dialect.gzipped and dialect.encoding == "utf-8" else ", compression = 'none'"


def _reason(kind: str, message: str) -> str:
    if kind in ("MISSING COLUMNS", "TOO MANY COLUMNS"):
        numbers = [word for word in message.replace(".", " ").split() if word.isdigit()]
        if len(numbers) == 2:
            return f"{REASONS[kind]} ({numbers[1]} instead of {numbers[0]})"
    return REASONS.get(kind, kind.lower())


def _plain_name(cell: str) -> str:
    typed = TYPED.fullmatch(cell.strip())
    return typed.group(1) if typed else cell.strip()


def _unique(names: list[str]) -> list[str]:
    seen: dict[str, int] = {}
    result = []
    for index, name in enumerate(names, 1):
        base = name or f"column {index}"
        seen[base] = seen.get(base, 0) + 1
        result.append(base if seen[base] == 1 else f"{base} ({seen[base]})")
    return result


def _text(value: str) -> str:
    """An SQL text."""
    return "'" + value.replace("'", "''") + "'"


def _name(value: str) -> str:
    """An SQL name."""
    return '"' + value.replace('"', '""') + '"'


def _json_path(key: str) -> str:
    return '$."' + key.replace("\\", "\\\\").replace('"', '\\"') + '"'
