"""The columns of Parquet files; see `isolated` for who asks. Their rows are read in the program's own process."""

import contextlib
from pathlib import Path

import duckdb

from recdesk.core.errors import DataError
from recdesk.core.messages import Message
from recdesk.data.files import limits
from recdesk.data.files.column_preview import Columns
from recdesk.data.sql import sql_name, sql_path


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
            names = connection.sql(f"SELECT * FROM {source}").columns
            limits.refuse_wide(shown, len(names))
            text = "COLUMNS(*)::VARCHAR"
            short = f"strlen({text}) <= {limits.LONGEST_TEXT}"
            cut = f"CASE WHEN {short} THEN left({text}, {limits.SHOWN_CHARACTERS}) END"
            found = connection.sql(f"SELECT {cut} FROM {source} LIMIT {int(rows)}").fetchall()
            lists = _lists(connection, source, rows)
            return Columns(names, True, [["" if cell is None else cell for cell in row] for row in found], lists=lists)
    except duckdb.OutOfMemoryException:
        raise
    except duckdb.Error as error:
        raise DataError(
            Message("file.parquet-damaged", name=shown), Message("file.export-again"), str(error)
        ) from error


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
