"""Rows of a loaded table that are no interactions: a header that stands again, ids with an implausible share."""

from collections.abc import Mapping, Sequence

import duckdb

from recdesk.core.messages import Message
from recdesk.data.columns.nobody import SAMPLE, suspects_in
from recdesk.data.sql import sql_text

TYPES = ("", ":token", ":token_seq", ":float", ":float_seq")
"""What RecBole writes behind a column's name."""


def headers_again(connection: duckdb.DuckDBPyConnection, table: str, names: Mapping[str, str]) -> list[int]:
    """Numbers `n` of the rows that are the header, as where files were put together; they are deleted.

    Args:
        connection: where the table is.
        table: `n` and text columns.
        names: the header's name of each text column.
    """
    same = " AND ".join(f"trim({column}) IN ({_spellings(name)})" for column, name in names.items())
    first = next(iter(names))
    quick = f"{first} IN ({_spellings(names[first])})"  # most rows are done with after that
    found = connection.execute(f"SELECT n FROM {table} WHERE {quick} AND {same} ORDER BY n").fetchall()
    if found:
        connection.execute(f"DELETE FROM {table} WHERE {quick} AND {same}")
    return [n for (n,) in found]


def nobody_by_share(
    connection: duckdb.DuckDBPyConnection, table: str, columns: Mapping[str, str]
) -> tuple[dict[str, list[str]], dict[str, list[str]]]:
    """Ids by role that stand for nobody, as their share of a sample tells; and those that may.

    Args:
        connection: where the table is.
        table: its name.
        columns: text column by role.
    """
    listed = ", ".join(columns.values())
    sample = connection.sql(
        f"SELECT {listed} FROM {table} USING SAMPLE reservoir({SAMPLE} ROWS) REPEATABLE (7)"
    ).to_arrow_table()
    nobody: dict[str, list[str]] = {}
    doubtful: dict[str, list[str]] = {}
    for role, column in columns.items():
        counts = sample.column(column).drop_null().value_counts()
        pairs = [(str(entry["values"]).strip(), int(entry["counts"])) for entry in counts.to_pylist()]
        for value, said in suspects_in(pairs).items():
            (nobody if said == "nobody" else doubtful).setdefault(role, []).append(value)
    return nobody, doubtful


def share_of(connection: duckdb.DuckDBPyConnection, table: str, column: str, value: str) -> tuple[int, float]:
    """Rows that have a value, and their share (0..1)."""
    count, rows = connection.execute(
        f"SELECT count(*) FILTER (trim({column}) = {sql_text(value)}), count(*) FROM {table}"
    ).fetchall()[0]
    return int(count), count / max(rows, 1)


def share_notes(
    connection: duckdb.DuckDBPyConnection,
    table: str,
    columns: Mapping[str, str],
    names: Mapping[str, str],
    nobody: Mapping[str, Sequence[str]],
    doubtful: Mapping[str, Sequence[str]],
) -> list[str]:
    """Sentences on ids with an implausible share.

    Args:
        connection, table, columns: as for `nobody_by_share`.
        names: the file's name of the column of each role.
        nobody, doubtful: what that found.
    """
    notes: list[str] = []
    for role, values in nobody.items():
        for value in values:
            count, share = share_of(connection, table, columns[role], value)
            said = f"{share:.0%}"
            notes.append(Message("people.nobody-by-share", value=value, share=said, column=names[role], count=count))
    for role, values in doubtful.items():
        for value in values:
            _, share = share_of(connection, table, columns[role], value)
            notes.append(Message("people.nobody-doubtful", value=value, share=f"{share:.0%}", column=names[role]))
    return notes


def _spellings(name: str) -> str:
    return ", ".join(sql_text(mark + name + kind) for mark in ("", "\ufeff") for kind in TYPES)
