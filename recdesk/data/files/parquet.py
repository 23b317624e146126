"""The columns of Parquet files; see `isolated` for who asks. Their rows are read in the program's own process."""

import contextlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import duckdb

from recdesk.core.errors import DataError
from recdesk.core.messages import Message
from recdesk.data.files import limits
from recdesk.data.files.column_preview import Columns
from recdesk.data.files.objects import paths_of
from recdesk.data.sql import sql_name, sql_path, sql_text


def parquet_columns(path: Path, shown: str, rows: int) -> Columns:
    """Columns, with a sample; long texts are cut, giant ones left out.

    Raises:
        DataError: it is damaged, or has too many columns.
    """
    settings: dict[str, str | bool | int | float | list[str]] = {
        "autoinstall_known_extensions": False,
        "autoload_known_extensions": False,
        "temp_directory": "",
        "memory_limit": f"{limits.memory_for(path.stat().st_size) // 2**20}MiB",
        "threads": 1,
    }
    source = parquet_sql(path)
    try:
        with contextlib.closing(duckdb.connect(config=settings)) as connection:
            connection.execute("SET TimeZone = 'UTC'")
            table = connection.sql(f"SELECT * FROM {source}")
            limits.refuse_wide(shown, len(table.columns))
            kinds = {name: [_example(kind)] for name, kind in zip(table.columns, table.types, strict=True)}
            paths = paths_of(table.columns, kinds)
            cut = ", ".join(_cut(path) for path in paths.values())
            found = connection.sql(f"SELECT {cut} FROM {source} LIMIT {int(rows)}").fetchall()
            cells = [["" if cell is None else cell for cell in row] for row in found]
            inner = {name: path for name, path in paths.items() if len(path) > 1}
            return Columns(list(paths), True, cells, lists=_lists(connection, source, rows), paths=inner)
    except duckdb.OutOfMemoryException:
        raise
    except duckdb.Error as error:
        raise DataError(
            Message("file.parquet-damaged", name=shown), Message("file.export-again"), str(error)
        ) from error


def _example(kind: Any) -> object:
    """What stands for a value of a type: a mapping for a struct."""
    return {name: _example(inner) for name, inner in kind.children} if kind.id == "struct" else ""


def _cut(path: Sequence[str]) -> str:
    text = f"CAST({parquet_field(path)} AS VARCHAR)"
    return f"CASE WHEN strlen({text}) <= {limits.LONGEST_TEXT} THEN left({text}, {limits.SHOWN_CHARACTERS}) END"


def parquet_field(path: Sequence[str]) -> str:
    """SQL for a column, or a field of the structs in it."""
    field = sql_name(path[0])
    for name in path[1:]:
        field = f"struct_extract({field}, {sql_text(name)})"
    return field


def _lists(connection: duckdb.DuckDBPyConnection, source: str, rows: int) -> dict[str, list[str]]:
    """The sample of columns whose type is a list, as JSON; "" for giant ones and for nothing."""
    described = connection.sql(f"SELECT * FROM {source} LIMIT 0")
    types = zip(described.columns, described.types, strict=True)
    names = [name for name, kind in types if kind.id in ("list", "array")]
    found = {}
    for name in names:
        text = f"to_json({sql_name(name)})::VARCHAR"
        short = f"CASE WHEN strlen({text}) <= {limits.LONGEST_TEXT} THEN {text} END"
        cells = connection.sql(f"SELECT {short} FROM {source} LIMIT {int(rows)}").fetchall()
        found[name] = ["" if cell is None else cell for (cell,) in cells]
    return found


def parquet_sql(path: Path) -> str:
    """SQL for the rows of a file."""
    return f"read_parquet({sql_path(path)}, hive_partitioning = false)"
