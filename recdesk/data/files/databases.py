"""Tables of SQLite and DuckDB files, opened so that nothing in them is run or changed; see `isolated` for who asks."""

import contextlib
import sqlite3
import time
from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache
from pathlib import Path
from urllib.parse import quote

import duckdb
import pyarrow as pa

from recdesk.core.errors import DataError, MisfitError
from recdesk.core.machine import usable_cpus
from recdesk.core.messages import Message
from recdesk.core.task import Task
from recdesk.data.columns.roles import role_of_name
from recdesk.data.files import limits
from recdesk.data.files.cells import cell_schema, write_cells
from recdesk.data.files.column_preview import Columns
from recdesk.data.files.compression import readable
from recdesk.data.files.far_rows import PLACES, ROWS
from recdesk.data.sql import sql_name, sql_text

BATCH = 10_000
FAR = 2
"""Places of a table of DuckDB that are looked at besides its first rows: each takes some milliseconds."""
THREADS = 4
STEPS = 10_000
"""SQLite virtual-machine steps between two checks for the time limit."""


def database_tables(path: Path, shown: str, form: str) -> list[str]:
    """Names of a database's tables, the likeliest to hold interactions first.

    Args:
        path: the database.
        shown: its name for people.
        form: sqlite or duckdb.

    Raises:
        DataError: it is damaged, or has none.
    """
    with readable(path):
        state = path.stat()
    return list(_tables(path, shown, form, state.st_size, state.st_mtime_ns))


@lru_cache(maxsize=8)
def _tables(path: Path, shown: str, form: str, _size: int, _time: int) -> tuple[str, ...]:
    """Cached by size and modification time: a look at a database needs the list several times."""
    if form == "sqlite":
        with _sqlite(path, shown, _patience()) as source:
            found = {name: _sqlite_names(source, name) for name in _sqlite_tables(source)}
            sizes = {name: _sqlite_size(source, name) for name in found}
    else:
        with _attached(path, shown) as connection:
            rows = connection.execute(
                "SELECT c.table_name, list(c.column_name), any_value(t.estimated_size) FROM duckdb_columns() c "
                "JOIN duckdb_tables() t USING (database_oid, schema_oid, table_oid) "
                "WHERE c.database_name = 'given' AND c.schema_name = 'main' GROUP BY c.table_name ORDER BY c.table_name"
            ).fetchall()
        found = {name: names for name, names, _ in rows}
        sizes = {name: size for name, _, size in rows}
    if not found:
        raise MisfitError(Message("file.database-empty", name=shown), Message("file.choose-another"))
    return tuple(sorted(found, key=lambda name: (-_like_interactions(found[name]), -sizes[name])))


def database_columns(path: Path, shown: str, form: str, table: str, rows: int) -> Columns:
    """Columns of a table, with a sample; long texts are cut."""
    table = _known(path, shown, form, table)
    limit = f"FROM {sql_name(table)} LIMIT {int(rows)}"
    if form == "sqlite":
        with _sqlite(path, shown, _patience()) as source:
            names = _sqlite_names(source, table)
            limits.refuse_wide(shown, len(names))
            cells = ", ".join(map(_sqlite_beginning, names))
            found = source.execute(f"SELECT {cells} {limit}").fetchall()
            far = _sqlite_far(source, table, cells, rows) if len(found) == rows else []
    else:
        with _attached(path, shown) as connection:
            connection.execute("USE given.main")
            cut = f"left(COLUMNS(*)::VARCHAR, {limits.SHOWN_CHARACTERS})"
            relation = connection.sql(f"SELECT {cut} {limit}")
            names, found = connection.table(sql_name(table)).columns, relation.fetchall()
            far = _duckdb_far(connection, table, cut, rows) if len(found) == rows else []
    first, *others = ([["" if cell is None else cell for cell in row] for row in block] for block in (found, *far))
    return Columns(names, True, first, far=[block for block in others if block])


def _sqlite_far(source: sqlite3.Connection, table: str, cells: str, rows: int) -> list[list[tuple[str | None, ...]]]:
    """Rows of other places by their ids; none of views, and of tables without such ids."""
    query = f"SELECT {cells} FROM {sql_name(table)} WHERE rowid >= ? LIMIT {ROWS}"
    last = _sqlite_size(source, table)
    return [source.execute(query, (at,)).fetchall() for at in _far_places(rows, last)]


def _duckdb_far(
    connection: duckdb.DuckDBPyConnection, table: str, cells: str, rows: int
) -> list[list[tuple[str | None, ...]]]:
    """The same of a table of DuckDB."""
    sizes = connection.execute(
        "SELECT estimated_size FROM duckdb_tables() WHERE database_name = 'given' AND table_name = ?", [table]
    ).fetchall()
    query = f"SELECT {cells} FROM {sql_name(table)} WHERE rowid >= {{0}} AND rowid < {{0}} + {ROWS}"
    places = _far_places(rows, int(sizes[0][0]), FAR) if sizes else []
    return [connection.execute(query.format(at)).fetchall() for at in places]


def _far_places(first: int, last: int, places: int = PLACES) -> list[int]:
    """Row ids behind the first rows where some rows are taken, the last of them at the end."""
    if last < first + places * ROWS:
        return [first + 1] if last > first else []
    return [first + (last - first) * place // places - ROWS + 1 for place in range(1, places + 1)]


def write_table(path: Path, shown: str, form: str, table: str, wanted: Sequence[str], out: Path, task: Task) -> None:
    """Write the texts of these columns to an Arrow file; `task` gets the share that is done.

    Raises:
        DataError: it cannot be read, or yields far more than a file of its size holds.
    """
    table = _known(path, shown, form, table)
    batches = _sqlite_batches if form == "sqlite" else _duckdb_batches
    schema = cell_schema(len(wanted), lined=False)
    write_cells(out, schema, batches(path, shown, table, wanted, schema, task), shown, path.stat().st_size)


def _sqlite_batches(
    path: Path, shown: str, table: str, wanted: Sequence[str], schema: pa.Schema, task: Task
) -> Iterator[pa.RecordBatch]:
    with _sqlite(path, shown) as source:
        size, done, most = max(_sqlite_size(source, table), 1), 0, max(limits.HARMLESS_ROWS, path.stat().st_size)
        cursor = source.execute(f"SELECT {', '.join(_sqlite_texts(wanted))} FROM {sql_name(table)}")
        while rows := cursor.fetchmany(BATCH):
            arrays = [pa.array(column, pa.string()) for column in zip(*rows, strict=True)]
            yield pa.record_batch(arrays, schema)
            done += len(rows)
            if done > most:
                raise DataError(
                    Message("file.view-endless", name=shown, rows=most),
                    Message("file.write-needed-rows"),
                )
            task.report(done / size)


def _duckdb_batches(
    path: Path, shown: str, table: str, wanted: Sequence[str], schema: pa.Schema, task: Task
) -> Iterator[pa.RecordBatch]:
    with _attached(path, shown) as connection:
        size, done = max(connection.table(f"given.main.{sql_name(table)}").count("*").fetchall()[0][0], 1), 0
        fields = ", ".join(f"CAST({sql_name(column)} AS VARCHAR) AS c{at}" for at, column in enumerate(wanted))
        query = connection.sql(f"SELECT {fields} FROM given.main.{sql_name(table)}")
        for batch in query.to_arrow_reader(BATCH):
            yield batch.cast(schema)
            done += len(batch)
            task.report(done / size)


def _known(path: Path, shown: str, form: str, table: str) -> str:
    there = database_tables(path, shown, form)
    if table and table not in there:
        raise DataError(
            Message("file.table-not-found", name=shown, table=table),
            Message("file.tables-are", names=limits.listed(there)),
        )
    return table or there[0]


def _like_interactions(names: Sequence[str]) -> int:
    return len({role_of_name(name) for name in names} & {"user", "item"})


def _patience() -> Callable[[], bool]:
    end = time.monotonic() + limits.PATIENCE
    return lambda: time.monotonic() > end


@contextlib.contextmanager
def _sqlite(path: Path, shown: str, stop: Callable[[], bool] | None = None) -> Iterator[sqlite3.Connection]:
    """A connection that reads only, and leaves no file beside the database."""
    with readable(path):
        try:
            with contextlib.closing(sqlite3.connect(_uri(path), uri=True)) as source:
                source.text_factory = lambda raw: raw.decode("utf-8", "replace")
                source.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, limits.LONGEST_CELL)
                source.execute("PRAGMA trusted_schema = OFF")
                source.execute("PRAGMA query_only = ON")
                source.set_progress_handler(stop, STEPS)
                yield source
        except sqlite3.DataError as error:  # a text longer than the limit
            raise DataError(
                Message("file.cell-too-large", name=shown, size=limits.LONGEST_CELL // 2**20),
                Message("file.write-needed-columns"),
                str(error),
            ) from error
        except sqlite3.Error as error:
            raise _damaged(shown, error) from error


def _uri(path: Path) -> str:
    log = path.with_name(f"{path.name}-wal")
    mode = "ro" if log.exists() and log.stat().st_size else "ro&immutable=1"
    return f"file:{quote(str(path.absolute()))}?mode={mode}"


def _damaged(shown: str, error: Exception) -> DataError:
    return DataError(
        Message("file.database-unreadable", path=shown, reason=str(error).splitlines()[0][:200]),
        Message("file.check-database"),
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
    """Approximate number of rows; 0 for a view, which may be endless, and for a table without row ids."""
    views = source.execute("SELECT 1 FROM sqlite_master WHERE type = 'view' AND name = ?", (table,))
    if views.fetchone() is None:
        with contextlib.suppress(sqlite3.OperationalError):
            return int(source.execute(f"SELECT max(rowid) FROM {sql_name(table)}").fetchone()[0] or 0)
    return 0


def _sqlite_texts(names: Sequence[str]) -> list[str]:
    return [f"CAST({sql_name(name)} AS TEXT)" for name in names]


def _sqlite_beginning(name: str) -> str:
    """SQL for the beginning of a cell; of a picture or the like that is too long to be read, nothing."""
    name = sql_name(name)
    picture = f"typeof({name}) = 'blob' AND length({name}) > {limits.LONGEST_CELL}"
    return f"CASE WHEN {picture} THEN NULL ELSE substr(CAST({name} AS TEXT), 1, {limits.SHOWN_CHARACTERS}) END"


@contextlib.contextmanager
def _attached(path: Path, shown: str) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection that reads this file and can reach nothing else; more than the memory holds is no table."""
    settings: dict[str, str | bool | int | float | list[str]] = {
        "autoinstall_known_extensions": False,
        "autoload_known_extensions": False,
        "allow_community_extensions": False,
        "temp_directory": "",
        "memory_limit": f"{limits.memory_for(path.stat().st_size) // 2**20}MiB",
        "threads": min(THREADS, usable_cpus()),
    }
    with readable(path), contextlib.closing(duckdb.connect(config=settings)) as connection:
        try:
            connection.execute(f"ATTACH {sql_text(str(path))} AS given (READ_ONLY)")
            connection.execute("SET enable_external_access = false; SET lock_configuration = true")
            yield connection
        except duckdb.OutOfMemoryException:
            raise
        except duckdb.Error as error:
            raise _damaged(shown, error) from error
