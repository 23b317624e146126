"""Tables of SQLite and DuckDB files, opened so that nothing in them is run or changed."""

import contextlib
import sqlite3
import time
from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache
from pathlib import Path
from urllib.parse import quote

import duckdb
import pyarrow as pa

from recdesk.data.packing import readable
from recdesk.data.plain import PlainFile
from recdesk.data.roles import role_of_name
from recdesk.data.sql import sql_name, sql_text
from recdesk.data.tables import Columns, Loaded
from recdesk.errors import CancelledError, DataError, MisfitError

BATCH = 100_000
PATIENCE = 5.0
"""Seconds that a look into a database may take: a view can be anything."""
STEPS = 10_000
"""SQLite's steps between two questions whether to go on."""


def database_tables(path: Path, form: str) -> list[str]:
    """Names of a database's tables, the likeliest to hold interactions first.

    Raises:
        DataError: it is damaged, or has none.
    """
    with readable(path):
        state = path.stat()
    return list(_tables(path, form, state.st_size, state.st_mtime_ns))


@lru_cache(maxsize=8)
def _tables(path: Path, form: str, _size: int, _time: int) -> tuple[str, ...]:
    """Kept as long as the file is the same: a look at a file asks several times."""
    if form == "sqlite":
        with _sqlite(path, _patience()) as source:
            found = {name: _sqlite_names(source, name) for name in _sqlite_tables(source)}
            sizes = {name: _sqlite_size(source, name) for name in found}
    else:
        with _attached(path) as connection:
            rows = connection.execute(
                "SELECT c.table_name, list(c.column_name), any_value(t.estimated_size) FROM duckdb_columns() c "
                "JOIN duckdb_tables() t USING (database_oid, schema_oid, table_oid) "
                "WHERE c.database_name = 'given' AND c.schema_name = 'main' GROUP BY c.table_name ORDER BY c.table_name"
            ).fetchall()
        found = {name: names for name, names, _ in rows}
        sizes = {name: size for name, _, size in rows}
    if not found:
        raise DataError(f"“{path.name}” has no table.", "Choose another file.")
    return tuple(sorted(found, key=lambda name: (-_like_interactions(found[name]), -sizes[name])))


def database_columns(path: Path, form: str, table: str, rows: int) -> Columns:
    """Columns of a table, with a sample."""
    table = _known(path, form, table)
    if form == "sqlite":
        with _sqlite(path, _patience()) as source:
            names = _sqlite_names(source, table)
            found = source.execute(f"SELECT {_sqlite_texts(names)} FROM {sql_name(table)} LIMIT {int(rows)}").fetchall()
    else:
        with _attached(path) as connection:
            relation = connection.sql(f"SELECT COLUMNS(*)::VARCHAR FROM given.main.{sql_name(table)} LIMIT {int(rows)}")
            names, found = list(relation.columns), relation.fetchall()
    return Columns(names, True, [["" if cell is None else cell for cell in row] for row in found])


def load_database(connection: duckdb.DuckDBPyConnection, table: str, plain: PlainFile, wanted: Sequence[str]) -> Loaded:
    """Make `table` with `n` and text columns `c0`, `c1`, …"""
    source_table = _known(plain.path, plain.dialect.form, plain.dialect.table)
    if plain.dialect.form == "duckdb":
        fields = ", ".join(f"CAST({sql_name(column)} AS VARCHAR) AS c{at}" for at, column in enumerate(wanted))
        connection.execute(f"ATTACH {sql_text(str(plain.path))} AS given (READ_ONLY)")
        connection.execute(
            f"CREATE TEMP TABLE {table} AS SELECT row_number() OVER () AS n, {fields} "
            f"FROM given.main.{sql_name(source_table)}"
        )
        connection.execute("DETACH given")
        return Loaded()
    texts = ", ".join(f"c{at} VARCHAR" for at in range(len(wanted)))
    connection.execute(f"CREATE TEMP TABLE {table}_cells ({texts})")
    with _sqlite(plain.path, plain.cancelled, cancels=True) as source:
        cursor = source.execute(f"SELECT {_sqlite_texts(wanted)} FROM {sql_name(source_table)}")
        while rows := cursor.fetchmany(BATCH):
            columns = [pa.array(column, pa.string()) for column in zip(*rows, strict=True)]
            connection.register("cells", pa.table(columns, [f"c{at}" for at in range(len(wanted))]))
            connection.execute(f"INSERT INTO {table}_cells SELECT * FROM cells")
            connection.unregister("cells")
    connection.execute(f"CREATE TEMP TABLE {table} AS SELECT row_number() OVER () AS n, * FROM {table}_cells")
    return Loaded()


def _known(path: Path, form: str, table: str) -> str:
    there = database_tables(path, form)
    if table and table not in there:
        raise MisfitError(f"“{path.name}” has no table “{table}”.", f"Its tables are: {', '.join(there)}.")
    return table or there[0]


def _like_interactions(names: Sequence[str]) -> int:
    return len({role_of_name(name) for name in names} & {"user", "item"})


def _patience() -> Callable[[], bool]:
    end = time.monotonic() + PATIENCE
    return lambda: time.monotonic() > end


@contextlib.contextmanager
def _sqlite(path: Path, stop: Callable[[], bool], cancels: bool = False) -> Iterator[sqlite3.Connection]:
    """A connection that reads only, and leaves no file beside the database."""
    with readable(path):
        try:
            with contextlib.closing(sqlite3.connect(_uri(path), uri=True)) as source:
                source.text_factory = lambda raw: raw.decode("utf-8", "replace")
                source.execute("PRAGMA trusted_schema = OFF")
                source.execute("PRAGMA query_only = ON")
                source.set_progress_handler(stop, STEPS)
                yield source
        except sqlite3.OperationalError as error:
            if "interrupted" in str(error) and cancels:
                raise CancelledError("The import") from error
            raise _damaged(path, error) from error
        except sqlite3.Error as error:
            raise _damaged(path, error) from error


def _uri(path: Path) -> str:
    log = path.with_name(f"{path.name}-wal")
    mode = "ro" if log.exists() and log.stat().st_size else "ro&immutable=1"
    return f"file:{quote(str(path.absolute()))}?mode={mode}"


def _damaged(path: Path, error: Exception) -> DataError:
    return DataError(
        f"“{path.name}” could not be read as a database: {str(error).splitlines()[0][:200]}.",
        "Check that it is whole and that no program is writing to it.",
        str(error),
    )


def _sqlite_tables(source: sqlite3.Connection) -> list[str]:
    kinds = source.execute(
        "SELECT name, type FROM sqlite_master WHERE type IN ('table', 'view') AND substr(name, 1, 7) != 'sqlite_'"
    ).fetchall()
    tables = [name for name, kind in kinds if kind == "table"]
    return tables or [name for name, _ in kinds]


def _sqlite_names(source: sqlite3.Connection, table: str) -> list[str]:
    return [name for (name,) in source.execute("SELECT name FROM pragma_table_info(?)", (table,)).fetchall()]


def _sqlite_size(source: sqlite3.Connection, table: str) -> int:
    with contextlib.suppress(sqlite3.Error):  # a view, or a table without row ids
        return int(source.execute(f"SELECT max(rowid) FROM {sql_name(table)}").fetchone()[0] or 0)
    return 0


def _sqlite_texts(names: Sequence[str]) -> str:
    return ", ".join(f"CAST({sql_name(name)} AS TEXT)" for name in names)


@contextlib.contextmanager
def _attached(path: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    settings = {"autoinstall_known_extensions": False, "autoload_known_extensions": False}
    with readable(path), contextlib.closing(duckdb.connect(config=settings)) as connection:
        try:
            connection.execute(f"ATTACH {sql_text(str(path))} AS given (READ_ONLY)")
            connection.execute("SET enable_external_access = false")
            yield connection
        except duckdb.Error as error:
            raise _damaged(path, error) from error
