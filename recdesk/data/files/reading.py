"""Loads any supported file into a DuckDB table of texts and collects what could not be read."""

import contextlib
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from pathlib import Path

import duckdb

from recdesk.core.errors import CancelledError, DataError
from recdesk.core.machine import available_memory, usable_cpus
from recdesk.core.messages import Message
from recdesk.core.refusals import no_room
from recdesk.core.task import UNWATCHED, Task
from recdesk.core.temporary import temporary_folder
from recdesk.data.files import isolated, limits
from recdesk.data.files.cells import load_cells
from recdesk.data.files.column_preview import Loaded
from recdesk.data.files.delimited import create, load_delimited, load_json_lines, text_rows
from recdesk.data.files.dialect import LINE_FORMS, TABLE_FORMS
from recdesk.data.files.layouts import load_layout
from recdesk.data.files.loading import Loading
from recdesk.data.files.normalized import NormalizedFile, normalized_file
from recdesk.data.files.orders import Orders, load_with_orders
from recdesk.data.files.parquet import parquet_field, parquet_sql
from recdesk.data.files.partitions import add_partitions
from recdesk.data.files.people import load_with_people
from recdesk.data.files.sessions import load_sessions
from recdesk.data.files.unfolded_table import load_unfolded
from recdesk.data.sql import sql_path


@contextlib.contextmanager
def database(task: Task = UNWATCHED, size: int = 0) -> Iterator[duckdb.DuckDBPyConnection]:
    """A DuckDB connection without network and extensions; cancelling interrupts its queries.

    Tables that would take more than half of the free memory, or much more than a file of `size` bytes accounts for, go
    to the disk, and go from there in the end; how much of it they take is bounded too.

    Raises:
        CancelledError: it did.
    """
    with temporary_folder() as spill:
        most = min(limits.memory_for(size), available_memory() // 2)
        settings: dict[str, str | bool | int | float | list[str]] = {
            "autoinstall_known_extensions": False,
            "autoload_known_extensions": False,
            "temp_directory": str(spill),
            "preserve_insertion_order": True,
            "threads": usable_cpus(),
            "memory_limit": f"{max(most, 2**28) // 2**20}MiB",
        }
        connection = duckdb.connect(config=settings)
        # set at connection time, DuckDB ignores it
        connection.execute(f"SET max_temp_directory_size = '{limits.disk_for(size, spill) // 2**20}MiB'")
        connection.execute("SET TimeZone = 'UTC'")
        # it counts how far a query is, which `query_progress` asks for, and prints nothing
        connection.execute("SET enable_progress_bar = true; SET enable_progress_bar_print = false")

        def look() -> None:
            if task.cancelled:
                connection.interrupt()

        try:
            with _repeatedly(look):
                yield connection
        except duckdb.InterruptException as error:
            raise CancelledError(Message("job.import")) from error
        finally:
            connection.close()


@contextlib.contextmanager
def query_progress(connection: duckdb.DuckDBPyConnection, task: Task) -> Iterator[None]:
    """Report the progress of the running query from another thread while the block runs."""

    def look() -> None:
        if (percent := connection.query_progress()) > 0:
            task.report(percent / 100)

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


def load(loading: Loading) -> Loaded:
    """Make the table; `row` and `line` are in it where several rows come of one of the file, or are numbered.

    Raises:
        DataError: the file cannot be read at all.
        StorageError: the disk for what does not fit into memory is full.
        CancelledError: it was cancelled.
    """
    columns, plain, shown = loading.columns, loading.plain, loading.shown
    if columns.partitions:
        own = [column for column in loading.wanted if column not in columns.partitions]
        loaded = load(loading.of(loading.table, columns.of_file, own))
        add_partitions(loading.connection, loading.table, columns, loading.wanted)
        return loaded
    try:
        if columns.people is not None:
            with normalized_file(columns.people.path, columns.people.dialect, loading.task.silent()) as file:
                return load_with_people(loading, file, load)
        if columns.physical is None:
            return _load(loading)
        if columns.orders is None:
            return load_unfolded(loading, _load)
        with _orders(plain, columns.orders, loading.task) as file:
            return load_with_orders(loading, file, _load)
    except duckdb.InterruptException:
        raise
    except (duckdb.Error, OSError, MemoryError) as error:
        size, no_memory = isolated.size_of(plain.path), isinstance(error, duckdb.OutOfMemoryException | MemoryError)
        # DuckDB calls it “out of memory” too when it may put no more on the disk
        if not no_memory or limits.bound_by_disk(size, plain.folder):
            refusal = no_room(plain.folder / loading.table, error)
            if refusal is not None:
                raise refusal from error
        if no_memory:
            raise limits.too_much_memory(shown, limits.memory_for(size)) from error
        raise DataError(
            Message("file.cut-off", name=shown, reason=str(error).splitlines()[0][:200]),
            Message("file.check-whole-and-form"),
            str(error),
        ) from error


def _orders(plain: NormalizedFile, orders: Orders, task: Task) -> AbstractContextManager[NormalizedFile]:
    """The orders' own file; the lines where there is none."""
    if orders.path is None or orders.dialect is None:
        return contextlib.nullcontext(plain)
    return normalized_file(orders.path, orders.dialect, task)


def _load(loading: Loading) -> Loaded:
    """The same of the table as it stands."""
    plain, columns = loading.plain, loading.columns
    form, unfold = plain.dialect.form, plain.dialect.unfold
    if form == "parquet":
        _refuse_many_rows(loading.connection, plain.path, len(loading.wanted), loading.shown)
        lists = columns.lists if unfold else ()
        fields = ", ".join(
            f"{_short_text(columns.paths.get(column, (column,)), column in lists)} AS c{i}"
            for i, column in enumerate(loading.wanted)
        )
        create(loading.connection, loading.table, fields, parquet_sql(plain.path))
        return Loaded()
    if form in TABLE_FORMS:
        return _load_cells(loading)
    if form == "jsonl":
        return load_json_lines(loading)
    if form == "delimited":
        return load_delimited(loading)
    return load_layout(loading) if form in LINE_FORMS else load_sessions(loading)


def _short_text(path: Sequence[str], as_json: bool = False) -> str:
    """SQL for a text of Parquet; fails for a giant one, which dictionary encoding would copy into every row."""
    field = parquet_field(path)
    text = f"CAST({f'to_json({field})' if as_json else field} AS VARCHAR)"
    refusal = f"error('a text of more than {limits.LONGEST_TEXT // 2**20} MB')"
    return f"CASE WHEN strlen({text}) > {limits.LONGEST_TEXT} THEN {refusal} ELSE {text} END"


def _refuse_many_rows(connection: duckdb.DuckDBPyConnection, path: Path, columns: int, shown: str) -> None:
    """Raise a DataError where a Parquet file claims far more rows than its bytes can hold."""
    groups = f"SELECT DISTINCT row_group_id, row_group_num_rows AS rows FROM parquet_metadata({sql_path(path)})"
    rows = int(connection.execute(f"SELECT coalesce(sum(rows), 0) FROM ({groups})").fetchall()[0][0])
    if rows * columns * limits.BYTES_A_CELL > limits.most_bytes(isolated.size_of(path)):
        raise DataError(
            Message("file.too-many-rows", name=shown, rows=rows, size=isolated.size_of(path)),
            Message("file.save-as-csv"),
        )


def _load_cells(loading: Loading) -> Loaded:
    plain, wanted, shown = loading.plain, loading.wanted, loading.shown
    cells, dialect = plain.folder / "cells", plain.dialect
    arguments = {
        "path": str(plain.path.absolute()),
        "shown": shown,
        "dialect": dialect.to_dict(),
        "head": loading.columns.head,
        "column_numbers": [loading.columns.names.index(column) for column in wanted],
        "wanted": wanted,
        "out": str(cells),
    }
    isolated.call("write", shown, isolated.size_of(plain.path), arguments, loading.task)
    load_cells(loading.connection, loading.table, cells)
    cells.unlink()
    return Loaded(numbered=dialect.form == "xlsx")


def source_rows(
    connection: duckdb.DuckDBPyConnection, table: str, plain: NormalizedFile, loaded: Loaded, rows: Sequence[int]
) -> dict[int, tuple[int, str]]:
    """Line (or row of a sheet) and text of rows that were loaded, by their numbers; what a form has not is 0 and ""."""
    listed = ", ".join(map(str, rows)) or "NULL"
    if loaded.unfolded and not loaded.numbered:
        of = dict(connection.execute(f"SELECT n, row FROM {table} WHERE n IN ({listed})").fetchall())
        found = text_rows(loaded, plain, set(of.values()))
        return {n: found[row] for n, row in of.items() if row in found}
    if not loaded.numbered:
        return text_rows(loaded, plain, rows)
    return {
        n: (line, text)
        for n, line, text in connection.execute(
            f"SELECT n, line, {_row_text(connection, table)} FROM {table} WHERE n IN ({listed})"
        ).fetchall()
    }


def _row_text(connection: duckdb.DuckDBPyConnection, table: str) -> str:
    names = [name for name in connection.table(table).columns if name not in ("n", "line", "row")]
    return f"left(concat_ws(' | ', {', '.join(names)}), 1000)"
