"""Cells of a workbook or database in an Arrow file, which passes them from the reader process to the program."""

import contextlib
from collections.abc import Iterable, Iterator
from pathlib import Path

import duckdb
import pyarrow as pa

from recdesk.core.refusals import no_room
from recdesk.data.files import limits
from recdesk.data.sql import sql_name


def cell_schema(columns: int, lined: bool) -> pa.Schema:
    """Text columns `c0`, `c1`, …, and `line` in front of them where rows have one."""
    fields = [("line", pa.int64())] if lined else []
    return pa.schema(fields + [(f"c{at}", pa.string()) for at in range(columns)])


def write_cells(out: Path, schema: pa.Schema, batches: Iterable[pa.RecordBatch], shown: str, size: int) -> None:
    """Write Arrow batches of cells to a file.

    Args:
        out: the file to make.
        schema: of the batches.
        batches: of rows.
        shown, size: name and bytes of the file that they come from.

    Raises:
        DataError: far more comes out of it than a file of that size holds.
        RecdeskError: there is no room for them (a StorageError where the disk is full).
    """
    left = limits.most_bytes(size)
    try:
        with pa.OSFile(str(out), "wb") as sink, pa.ipc.new_stream(sink, schema) as stream:
            for batch in batches:
                left -= batch.nbytes
                if left < 0:
                    raise limits.too_much_data(shown)
                stream.write_batch(batch)
    except OSError as error:
        if refusal := no_room(out, error):
            raise refusal from error
        raise


def load_cells(connection: duckdb.DuckDBPyConnection, table: str, cells: Path) -> None:
    """Make `table` with a row number `n` from 1 and the columns of the file."""
    with pa.OSFile(str(cells)) as source, pa.ipc.open_stream(source) as stream:
        reader = pa.RecordBatchReader.from_batches(stream.schema, _sound(stream))
        connection.register("cells", reader)
        try:
            fields = ", ".join(map(sql_name, stream.schema.names))
            connection.execute(f"CREATE TEMP TABLE {table} AS SELECT row_number() OVER () AS n, {fields} FROM cells")
        finally:
            connection.unregister("cells")


def _sound(stream: pa.RecordBatchStreamReader) -> Iterator[pa.RecordBatch]:
    """The batches, validated: the process that wrote them read an untrusted file."""
    with contextlib.suppress(StopIteration):
        while True:
            batch = stream.read_next_batch()
            batch.validate(full=True)
            yield batch
