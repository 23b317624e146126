"""Loads the files, sheets or tables of one log into one table, leaving out those whose rows stand in another one."""

import contextlib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import duckdb

from recdesk.core.errors import MisfitError
from recdesk.core.messages import Message
from recdesk.core.task import Task
from recdesk.data.files import isolated, limits
from recdesk.data.files.column_preview import MOST_REJECTS, Columns, Loaded
from recdesk.data.files.loading import Loading
from recdesk.data.files.normalized import NormalizedFile, normalized_file
from recdesk.data.files.parquet import ColumnType, parquet_types
from recdesk.data.files.reading import load, query_progress, source_rows
from recdesk.data.files.source import Source
from recdesk.data.logs.overlaps import without_repeated
from recdesk.data.logs.pieces import Piece, names_of
from recdesk.data.logs.same_kind import matched
from recdesk.data.report import Reject

PREPARED = 3 / 7
"""Share of the time for a file that its preparation takes."""


@dataclass(frozen=True)
class LoadedPiece:
    """A piece of a log as it was loaded.

    Attributes:
        name: for people.
        table: of its rows, in DuckDB.
        plain, loaded: what was read, and what was left out of it.
        rows: the last row number in the table; records that are no rows may have some in between.
    """

    name: str
    table: str
    plain: NormalizedFile
    loaded: Loaded
    rows: int


@dataclass(frozen=True)
class Gathered:
    """A log in one table, with a row number `n` over all pieces.

    Attributes:
        pieces: in their order, without those that are left out.
        notes: sentences on those, and on pieces that share rows.
    """

    pieces: list[LoadedPiece]
    notes: list[str] = field(default_factory=list)

    @property
    def rejects(self) -> list[Reject]:
        """Records that could not be split into fields, the first MOST_REJECTS of them."""
        return [reject for piece in self.pieces for reject in piece.loaded.rejects][:MOST_REJECTS]

    @property
    def counts(self) -> dict[str, int]:
        """All of them, by reason."""
        return dict(sum((Counter(piece.loaded.counts) for piece in self.pieces), Counter()))

    def origins(self, connection: duckdb.DuckDBPyConnection, rows: Sequence[int]) -> Mapping[int, tuple[str, int, str]]:
        """File, line (or row of a sheet) and text of rows by their numbers; of what a form has not 0 and ""."""
        found: dict[int, tuple[str, int, str]] = {}
        before = 0
        for piece in self.pieces:
            own = [n - before for n in rows if before < n <= before + piece.rows]
            lines = source_rows(connection, piece.table, piece.plain, piece.loaded, own) if own else {}
            found |= {n + before: (piece.name, *lines.get(n, (0, ""))) for n in own}
            before += piece.rows
        return found


@contextlib.contextmanager
def gathered(
    connection: duckdb.DuckDBPyConnection,
    table: str,
    pieces: Sequence[Piece],
    columns: Columns,
    wanted: list[str],
    telling: Sequence[int],
    timed: bool,
    task: Task,
) -> Iterator[Gathered]:
    """Make `table` (a view where there are several pieces) with `n` and text columns `c0`, `c1`, …

    Copies of the files stay until the block ends, for the lines of rows to be looked up in them.

    Args:
        connection: where.
        table: its name.
        pieces: how each is written is known of the first at least.
        columns: of the first piece.
        wanted: columns of the first piece.
        telling: numbers of those of `wanted` that make a row the one it is.
        timed: a time is among them, so that two equal rows are one event.
        task: gets the bytes that are read.

    Raises:
        DataError: one cannot be read, or lacks a column.
        CancelledError: it was cancelled.
    """
    sizes = [isolated.size_of(piece.path) + 1 for piece in pieces]
    names = names_of(pieces)
    loaded: list[LoadedPiece] = []
    types: dict[str, ColumnType] = {}
    with contextlib.ExitStack() as files:
        for number, piece in enumerate(pieces):
            part = task.part(sum(sizes[:number]) / sum(sizes), sum(sizes[: number + 1]) / sum(sizes))
            made = f"{table}_{number}" if len(pieces) > 1 else table
            name = names[number] if len(pieces) > 1 else piece.path.name
            own = columns if number == 0 else None
            loaded.append(_loaded(connection, made, piece, name, own, columns, wanted, files, part))
            _refuse_other_types(connection, loaded[0], loaded[-1], wanted, types)
        notes: list[str] = []
        if len(loaded) > 1:
            loaded, notes = without_repeated(connection, loaded, telling, timed)
            _join(connection, table, loaded, len(wanted))
        yield Gathered(loaded, notes)


def _loaded(
    connection: duckdb.DuckDBPyConnection,
    table: str,
    piece: Piece,
    name: str,
    own: Columns | None,
    first: Columns,
    wanted: list[str],
    files: contextlib.ExitStack,
    task: Task,
) -> LoadedPiece:
    """Load a piece; its columns, if they are not known, are matched with those of the first one."""
    source = Source(piece.path, piece.dialect, task.reporting(_ignored))
    found = source.columns() if own is None else own
    names = matched(first, found)
    if names is None:
        raise MisfitError(
            Message("file.other-columns", name=name, names=limits.listed(found.names)),
            Message("file.leave-out-or-alone"),
        )
    prepared = bytes_task(task.part(0.0, PREPARED), piece.path, name, preparing=True)
    plain = files.enter_context(normalized_file(piece.path, source.dialect, prepared))
    task.step(PREPARED, Message("import.reading-file", name=name))
    loading = bytes_task(task.part(PREPARED, 1.0), plain.path, name, preparing=False)
    with query_progress(connection, loading):
        own_names = [names[column] for column in wanted]
        loaded = load(Loading(connection, table, plain, found, own_names, name, loading))
    connection.execute(f"DROP TABLE IF EXISTS {table}_lines")
    rows = connection.execute(f"SELECT coalesce(max(n), 0) FROM {table}").fetchall()[0][0]
    return LoadedPiece(name, table, plain, loaded, int(rows))


def _refuse_other_types(
    connection: duckdb.DuckDBPyConnection,
    first: LoadedPiece,
    piece: LoadedPiece,
    wanted: Sequence[str],
    known: dict[str, ColumnType],
) -> None:
    """Check that what a column of a Parquet file holds is of the kind that it is in the first: a moment is no number.
    Texts of numbers are.

    Args:
        connection: where.
        first, piece: the first of the pieces, and another one, or the same.
        wanted: columns that are read.
        known: types of the columns of the first, which are entered here.

    Raises:
        MisfitError: names file and column.
    """
    if piece.plain.dialect.form != "parquet":
        return
    for column, found in parquet_types(connection, piece.plain.path).items():
        usual = known.setdefault(column, found) if piece is first else known.get(column, found)
        kinds = {usual.kind, found.kind} - {""}
        if column in wanted and len(kinds) > 1:
            values = {"name": piece.name, "column": column, "kind": found.name, "other": first.name}
            raise MisfitError(
                Message("file.other-type", usual=usual.name, **values), Message("file.leave-out-or-alone")
            )


def _join(connection: duckdb.DuckDBPyConnection, table: str, pieces: Sequence[LoadedPiece], columns: int) -> None:
    """One view on the rows of all pieces; it keeps their order, and copies nothing."""
    fields = ", ".join(f"c{at}" for at in range(columns))
    parts, before = [], 0
    for piece in pieces:
        parts.append(f"SELECT n + {before} AS n, {fields} FROM {piece.table}")
        before += piece.rows
    connection.execute(f"CREATE TEMP VIEW {table} AS {' UNION ALL '.join(parts)}")


def _ignored(_share: float, _text: str) -> None:
    """A look at a piece is too short for progress."""


def bytes_task(task: Task, path: Path, name: str, preparing: bool) -> Task:
    """A task whose progress is said in bytes of a file.

    It never goes back, so that a second pass over the file reports nothing.
    """
    size, most = isolated.size_of(path), 0.0

    def report(share: float, _text: str) -> None:
        nonlocal most
        if share <= most:
            return
        most, read, whole = share, share * size / 1000000.0, size / 1000000.0
        task.report(
            share,
            Message("import.preparing-progress", name=name, read=read, size=whole)
            if preparing
            else Message("import.reading-progress", name=name, read=read, size=whole),
        )

    return task.reporting(report)
