"""What every loader of a form takes: which columns of which file go into which table."""

from collections.abc import Callable
from dataclasses import dataclass, replace

import duckdb

from recdesk.core.task import UNWATCHED, Task
from recdesk.data.files.column_preview import Columns, Loaded
from recdesk.data.files.normalized import NormalizedFile


@dataclass(frozen=True)
class Loading:
    """A file that is to be loaded into a DuckDB table of texts.

    Attributes:
        connection: where.
        table: that is made, with a row number `n` from 1 and text columns `c0`, `c1`, …
        plain: the file.
        columns: of the file.
        wanted: the columns that become `c0`, `c1`, …
        shown: the file's name for people.
        task: of reading it.
    """

    connection: duckdb.DuckDBPyConnection
    table: str
    plain: NormalizedFile
    columns: Columns
    wanted: list[str]
    shown: str
    task: Task = UNWATCHED

    def of(self, table: str, columns: Columns, wanted: list[str]) -> "Loading":
        """The same file, other columns, into another table."""
        return replace(self, table=table, columns=columns, wanted=wanted)

    def of_other(self, plain: NormalizedFile, shown: str) -> "Loading":
        """The same of another file."""
        return replace(self, plain=plain, shown=shown)


Load = Callable[[Loading], Loaded]
"""A loader."""
