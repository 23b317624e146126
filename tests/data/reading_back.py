"""A whole file as rows of texts, through everything that an import goes through before it takes roles."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from recdesk.data.files.dialect import Dialect
from recdesk.data.files.loading import Loading
from recdesk.data.files.normalized import normalized_file
from recdesk.data.files.reading import database, load
from recdesk.data.files.source import Source
from recdesk.data.report import Reject


@dataclass(frozen=True)
class Read:
    """What came of a file.

    Attributes:
        dialect: as said or found.
        names: of the columns; made up where the file has none.
        rows: in file order, "" for nothing.
        rejects: what is no row.
    """

    dialect: Dialect
    names: list[str]
    rows: list[list[str]]
    rejects: list[Reject]


def read_back(path: Path, dialect: Dialect | None = None) -> Read:
    """Read a file to its end."""
    source = Source(path, dialect)
    dialect, columns = source.dialect, source.columns()
    with normalized_file(path, dialect) as plain, database() as connection:
        loaded = load(Loading(connection, "raw", plain, columns, columns.names, path.name))
        fields = ", ".join(f"coalesce(c{at}, '')" for at in range(len(columns.names)))
        rows = connection.execute(f"SELECT {fields} FROM raw ORDER BY n").fetchall()
    return Read(dialect, columns.names, [list(row) for row in rows], loaded.rejects)


def written(
    rows: Sequence[Sequence[str]],
    separator: str,
    quote: str = '"',
    escape: str = "",
    end: str = "\n",
    always: bool = False,
) -> str:
    """Rows as text; a field is quoted where it must be, or always."""

    def cell(text: str) -> str:
        awkward = (text == "" and separator == " ") or any(
            mark in text for mark in (separator, quote, "\n", "\r", escape or quote)
        )
        blank = text != text.strip(" \t") or text.startswith("#")
        if not (always or awkward or blank):
            return text
        hidden = text.replace(escape, escape * 2) if escape else text
        return quote + hidden.replace(quote, (escape or quote) + quote) + quote

    return "".join(separator.join(map(cell, row)) + end for row in rows)
