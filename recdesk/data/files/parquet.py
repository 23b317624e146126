"""The columns of Parquet files; see `isolated` for who asks. Their rows are read in the program's own process."""

import contextlib
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate
from pathlib import Path
from typing import Any

import duckdb

from recdesk.core.errors import DataError
from recdesk.core.messages import Message
from recdesk.data.files import limits
from recdesk.data.files.column_preview import Columns
from recdesk.data.files.far_rows import ROWS
from recdesk.data.files.objects import paths_of
from recdesk.data.sql import sql_name, sql_path, sql_text

FAR = (0.5, 1.0)
"""Places of the rows that are looked at besides the first: each costs about as much as those."""
NEAR = 50_000
MOMENTS = ("date", "time", "interval")
"""How the ids of DuckDB's types of moments begin: there are eleven."""
KINDS = {
    "number": {"tinyint", "smallint", "integer", "bigint", "hugeint", "float", "double", "decimal", "bignum"}
    | {"utinyint", "usmallint", "uinteger", "ubigint", "uhugeint"},
    "nested": {"list", "array", "struct", "map", "union", "tuple", "variant"},
    "truth": {"boolean"},
}
"""Ids of its other types, by what their values are. Texts may stand for anything."""


@dataclass(frozen=True)
class ColumnType:
    """What a column holds.

    Attributes:
        name: of the type, for people.
        kind: "moment", or one of KINDS; "" for texts and others.
    """

    name: str
    kind: str


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
            connection.execute("SET TimeZone = 'UTC'; SET parquet_metadata_cache = true")
            table = connection.sql(f"SELECT * FROM {source}")
            limits.refuse_wide(shown, len(table.columns))
            kinds = {name: [_example(kind)] for name, kind in zip(table.columns, table.types, strict=True)}
            paths = paths_of(table.columns, kinds)
            cut = ", ".join(_cut(path) for path in paths.values())
            found = connection.sql(f"SELECT {cut} FROM {source} LIMIT {int(rows)}").fetchall()
            cells = _texts(found)
            inner = {name: path for name, path in paths.items() if len(path) > 1}
            far = [_texts(connection.sql(query).fetchall()) for query in _far_queries(connection, path, cut, rows)]
            return Columns(list(paths), True, cells, lists=_lists(connection, source, rows), paths=inner, far=far)
    except duckdb.OutOfMemoryException:
        raise
    except duckdb.Error as error:
        raise DataError(
            Message("file.parquet-damaged", name=shown), Message("file.export-again"), str(error)
        ) from error


def _texts(rows: Sequence[Sequence[str | None]]) -> list[list[str]]:
    return [["" if cell is None else cell for cell in row] for row in rows]


def _far_queries(connection: duckdb.DuckDBPyConnection, path: Path, cells: str, rows: int) -> list[str]:
    """SQL for rows of the middle and the end. Those before them in their row group are read with them, so that at most
    NEAR are passed over: a group may have millions of rows."""
    groups = connection.execute(
        f"SELECT row_group_id, any_value(row_group_num_rows) FROM parquet_metadata({sql_path(path)}) "
        "WHERE column_id = 0 GROUP BY row_group_id ORDER BY row_group_id"
    ).fetchall()
    ends = [int(end) for end in accumulate(count for _, count in groups)]
    whole = ends[-1] if ends else 0
    if whole < rows + len(FAR) * ROWS:
        return [_far_query(path, cells, rows, whole - rows)] if whole > rows else []
    places = [int((whole - ROWS) * share) for share in FAR]
    begins = [max((end for end in ends if end <= place), default=0) for place in places]
    near = [max(min(place, begin + NEAR), rows) for place, begin in zip(places, begins, strict=True)]
    return [_far_query(path, cells, place, ROWS) for place in dict.fromkeys(near)]


def _far_query(path: Path, cells: str, begin: int, rows: int) -> str:
    source = f"read_parquet({sql_path(path)}, hive_partitioning = false, file_row_number = true)"
    return f"SELECT {cells} FROM {source} WHERE file_row_number >= {begin} AND file_row_number < {begin + rows}"


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


def parquet_types(connection: duckdb.DuckDBPyConnection, path: Path) -> dict[str, ColumnType]:
    """Types of the columns as DuckDB reads them: what a writer has added for its own use may be damaged."""
    described = connection.sql(f"SELECT * FROM {parquet_sql(path)} LIMIT 0")
    return {
        name: ColumnType(str(of), _kind(of.id)) for name, of in zip(described.columns, described.types, strict=True)
    }


def _kind(type_id: str) -> str:
    if type_id.startswith(MOMENTS):
        return "moment"
    return next((kind for kind, ids in KINDS.items() if type_id in ids), "")


def parquet_sql(path: Path) -> str:
    """SQL for the rows of a file."""
    return f"read_parquet({sql_path(path)}, hive_partitioning = false)"
