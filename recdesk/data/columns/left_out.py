"""Rows of a loaded table that are no interactions: a header that stands again, ids that stand for nobody."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import duckdb

from recdesk.core.messages import Message
from recdesk.data.columns.nobody import SAMPLE, SPELLINGS, suspects_in
from recdesk.data.sql import sql_text

TYPES = ("", ":token", ":token_seq", ":float", ":float_seq")
"""What RecBole writes behind a column's name."""


@dataclass(frozen=True)
class Nobody:
    """Values of the columns with ids that stand for nobody.

    Attributes:
        values: by role.
        notes: sentences on those that could be ids, and on those that could be nobody.
    """

    values: dict[str, list[str]] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)


def headers_again(connection: duckdb.DuckDBPyConnection, table: str, names: Mapping[str, str]) -> list[int]:
    """Numbers `n` of the rows that are the header, as where files were put together; they are deleted.

    Args:
        connection: where the table is.
        table: `n` and text columns.
        names: the header's name of each text column.
    """
    first = next(iter(names))
    quick = f"{first} IN ({_spellings(names[first])})"  # most rows are done with after that
    same = " AND ".join([quick, *(f"trim({column}) IN ({_spellings(name)})" for column, name in names.items())])
    found = connection.execute(f"SELECT n FROM {table} WHERE {same} ORDER BY n").fetchall()
    if found:
        connection.execute(f"DELETE FROM {table} WHERE {same}")
    return [n for (n,) in found]


def nobody_in(
    connection: duckdb.DuckDBPyConnection, table: str, columns: Mapping[str, str], names: Mapping[str, str]
) -> Nobody:
    """The values that stand for nobody: words that say so, and ids with an implausible share of a sample.

    Args:
        connection: where the table is.
        table: its name.
        columns: text column by role.
        names: the file's name of the column of each role.
    """
    found = Nobody()
    listed = ", ".join(columns.values())
    sample = connection.sql(
        f"SELECT {listed} FROM {table} USING SAMPLE reservoir({SAMPLE} ROWS) REPEATABLE (7)"
    ).to_arrow_table()
    for role, column in columns.items():
        counts = [(entry["values"].strip(), entry["counts"]) for entry in _counts(sample.column(column))]
        nobody, kept = _words(connection, table, column, [value for value, _ in counts])
        if kept:
            found.notes.append(Message("people.words-kept", words=", ".join(kept), column=names[role]))
        for value, said in suspects_in(counts).items():
            count, share = _share(connection, table, column, value)
            if said == "nobody":
                nobody.append(value)
                found.notes.append(
                    Message("people.nobody-by-share", value=value, share=share, column=names[role], count=count)
                )
            else:
                found.notes.append(Message("people.nobody-doubtful", value=value, share=share, column=names[role]))
        found.values[role] = nobody
    return found


def _words(
    connection: duckdb.DuckDBPyConnection, table: str, column: str, ids: list[str]
) -> tuple[list[str], list[str]]:
    """Words of SPELLINGS that stand for nobody, and those that may be ids: words among words, in one row each."""
    listed = ", ".join(sql_text(before + word) for word in sorted(SPELLINGS) for before in ("", " "))
    found = connection.execute(
        f"SELECT trim({column}) AS word, count(*) FROM {table} WHERE {column} IN ({listed}) GROUP BY word ORDER BY word"
    ).fetchall()
    others = [value for value in ids if value and value not in SPELLINGS]
    numbered = sum(any(character.isdigit() for character in value) for value in others)
    rare = [word for word, count in found if count == 1] if 4 * numbered < 3 * len(others) else []
    return [word for word, _ in found if word not in rare], rare


def _counts(column: Any) -> list[dict[str, Any]]:
    """Values of an Arrow column and how often each occurs."""
    counted: list[dict[str, Any]] = column.drop_null().value_counts().to_pylist()
    return counted


def _share(connection: duckdb.DuckDBPyConnection, table: str, column: str, value: str) -> tuple[int, str]:
    """Rows that have a value, and their share in words."""
    count, rows = connection.execute(
        f"SELECT count(*) FILTER (trim({column}) = {sql_text(value)}), count(*) FROM {table}"
    ).fetchall()[0]
    return int(count), f"{count / max(rows, 1):.0%}"


def _spellings(name: str) -> str:
    return ", ".join(sql_text(mark + name + kind) for mark in ("", "\ufeff") for kind in TYPES)
