"""Lines of a text with their numbers as a table, and those of them that are no rows."""

import duckdb

from recdesk.data.files.column_preview import MOST_REJECTS, Loaded
from recdesk.data.files.delimited import lines_of
from recdesk.data.files.line_numbers import RAW_CHARACTERS
from recdesk.data.files.normalized import NormalizedFile
from recdesk.data.report import Reject

BLANK = "(text IS NULL OR (ascii(text) <= 32 AND trim(text, e' \\t\\r') = ''))"
"""SQL for whether a line is blank; the first character is asked first, as trimming takes long."""


def numbered_lines(plain: NormalizedFile) -> str:
    """SQL for the lines as columns `line` (from 1) and `text`, which is NULL for an empty one."""
    return f"(SELECT row_number() OVER () AS line, line AS text FROM {lines_of(plain)})"


def set_aside(
    connection: duckdb.DuckDBPyConnection,
    lines: str,
    where: str,
    reason: str,
    plain: NormalizedFile,
    shown: str,
    notes: tuple[str, ...] = (),
) -> Loaded:
    """Lines that are no rows, as rejects with their reason.

    Args:
        lines: a table with columns `line` and `text`, which is dropped.
        where: SQL for which of them these are.
        reason: of all of them.
        plain: the text that they are of.
        shown: the file's name for people.
        notes: of what else was left out.
    """
    count = connection.execute(f"SELECT count(*) FROM {lines} WHERE {where}").fetchall()[0][0]
    found = connection.execute(
        f"SELECT line, left(text, {RAW_CHARACTERS}) FROM {lines} WHERE {where} ORDER BY line LIMIT {MOST_REJECTS}"
    ).fetchall()
    connection.execute(f"DROP TABLE {lines}")
    rejects = [Reject(shown, line, "", "", reason, text) for line, text in found]
    return Loaded(rejects, {reason: count} if count else {}, path=plain.path, numbered=True, notes=notes)
