"""Values that stand in the names of folders: the columns of Hive's and Spark's partitions, such as date=2020-01-01."""

import re
from dataclasses import replace
from pathlib import Path, PurePosixPath
from urllib.parse import unquote

import duckdb

from recdesk.data.files.column_preview import Columns
from recdesk.data.sql import sql_name, sql_text

FOLDER = re.compile(r"([^\W\d]\w*)=([^=]*)")
NOTHING = "__HIVE_DEFAULT_PARTITION__"
"""How Hive writes that there is no value."""


def partitions(path: Path, member: str = "") -> dict[str, str]:
    """Column and value of each folder above a file whose name has both, the outermost first.

    Args:
        path: the file.
        member: the file inside, where that is an archive.
    """
    found: dict[str, str] = {}
    folders = [*path.absolute().parts[:-1], *(PurePosixPath(member).parts[:-1] if member else ())]
    for folder in reversed(folders):
        named = FOLDER.fullmatch(folder)
        if named is None:
            break
        found[named[1]] = "" if named[2] == NOTHING else unquote(named[2])
    return dict(reversed(found.items()))


def with_partitions(columns: Columns, values: dict[str, str]) -> Columns:
    """The columns of a file with those of its folders behind them; the file's own ones count where both have a name."""
    more = {name: value for name, value in values.items() if name not in columns.names}
    if not more:
        return columns
    rows = [[*row, *more.values()] for row in columns.rows]
    far = [[[*row, *more.values()] for row in block] for block in columns.far]
    return replace(columns, names=[*columns.names, *more], rows=rows, far=far, partitions=more)


def add_partitions(connection: duckdb.DuckDBPyConnection, table: str, columns: Columns, wanted: list[str]) -> None:
    """Give a table of the file's own columns, `c0`, `c1`, … without gaps, the others of `wanted`, each in its place."""
    own = [at for at, column in enumerate(wanted) if column not in columns.partitions]
    for before, at in reversed(list(enumerate(own))):
        if before != at:
            connection.execute(f"ALTER TABLE {table} RENAME COLUMN c{before} TO c{at}")
    for at, column in enumerate(wanted):
        if column in columns.partitions:
            value = sql_text(columns.partitions[column])
            connection.execute(f"ALTER TABLE {table} ADD COLUMN {sql_name(f'c{at}')} VARCHAR DEFAULT {value}")
