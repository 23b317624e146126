"""Files with a line per session or basket, read as one row per item."""

from collections.abc import Sequence

from recdesk.core.messages import Message
from recdesk.data.files.column_preview import Columns, Loaded
from recdesk.data.files.delimited import lines_of
from recdesk.data.files.dialect import Dialect
from recdesk.data.files.line_numbers import RAW_CHARACTERS
from recdesk.data.files.loading import Loading
from recdesk.data.files.sniffing import counts_users, taken_firsts
from recdesk.data.report import Reject
from recdesk.data.sql import sql_text

NAMES = ["user", "item"]
BLANKS = " \t\r"


def session_columns(lines: Sequence[str], dialect: Dialect, rows: int) -> Columns:
    """User and item, with a sample."""
    table: list[list[str]] = []
    for number, line in enumerate(lines[dialect.skip :], dialect.skip + 1):
        cells = [cell for part in line.strip().split(dialect.separator) if (cell := part.strip())]
        user = cells[:1] if dialect.form == "sessions" else [str(number)]
        items = cells if dialect.form == "baskets" else cells[1:]
        table += [[*user, item] for item in items]
    return Columns(NAMES, True, table[:rows], dialect.skip, layout=_doubt(lines, dialect))


def _doubt(lines: Sequence[str], dialect: Dialect) -> tuple[str, ...]:
    """A note where the first numbers count items, or are taken for users because they count the lines and are those of
    items too."""
    if dialect.form == "counted":
        return (Message("layout.counted"),)
    rows = [line.strip().split(dialect.separator) for line in lines[dialect.skip :] if line.strip()]
    doubtful = dialect.form == "sessions" and counts_users(rows) and taken_firsts(rows)
    return (Message("layout.first-numbers-are-users"),) if doubtful else ()


def load_sessions(loading: Loading) -> Loaded:
    """Make the table with `line`; a basket's user is the number of its line."""
    connection, table, plain = loading.connection, loading.table, loading.plain
    dialect = plain.dialect
    cut = f"string_split(trim(line, e' \\t\\r'), {sql_text(dialect.separator)})"
    cells = f"list_filter(list_transform({cut}, lambda cell: trim(cell)), lambda cell: cell != '')"
    numbered = f"SELECT row_number() OVER () AS line, {cells} AS cells, line AS text FROM {lines_of(plain)}"
    connection.execute(
        f"CREATE TEMP TABLE {table}_lines AS SELECT * FROM ({numbered}) WHERE line > {dialect.skip} AND cells != []"
    )
    sessions = dialect.form != "baskets"
    user = "cells[1]" if dialect.form == "sessions" else "line::VARCHAR"
    items = "cells[2:]" if sessions else "cells"
    fields = ", ".join(f"{'u' if column == 'user' else 'i'} AS c{at}" for at, column in enumerate(loading.wanted))
    connection.execute(
        f"CREATE TEMP TABLE {table} AS SELECT row_number() OVER () AS n, line, {fields} "
        f"FROM (SELECT line, {user} AS u, unnest({items}) AS i FROM {table}_lines)"
    )
    lonely = connection.execute(
        f"SELECT line, left(text, {RAW_CHARACTERS}) FROM {table}_lines WHERE len(cells) < 2 ORDER BY line"
    ).fetchall()
    if not sessions or not lonely:
        return Loaded(path=plain.path, numbered=True)
    reason = Message("reason.user-without-items")
    rejects = [Reject(loading.shown, line, "", "", reason, text) for line, text in lonely]
    return Loaded(rejects, {reason: len(lonely)}, path=plain.path, numbered=True)
