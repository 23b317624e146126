"""Rows of a loaded table that are no interactions: a header that stands again, ids that stand for nobody."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

import duckdb

from recdesk.core.messages import Message
from recdesk.data.sql import sql_text

TYPES = ("", ":token", ":token_seq", ":float", ":float_seq")
"""What RecBole writes behind a column's name."""
WORDS = (
    "na", "n/a", "#n/a", "<na>", "null", "(null)", "nil", "nan", "none", "(none)", "undefined", "(not set)", "not set",
    "\\n", "-", "--", "?",
)  # fmt: skip
"""In lower case."""
SPELLINGS = frozenset({*WORDS, *map(str.upper, WORDS), *map(str.capitalize, WORDS), "NaN"} - {"Nan"})
"""The words as programs write them; “Nan” is a name."""
SUSPECTS = frozenset(
    {
        "0", "-1", "0.0", "-1.0", "00000000-0000-0000-0000-000000000000", "unknown", "Unknown", "UNKNOWN", "anonymous",
        "Anonymous", "ANONYMOUS", "anon", "guest", "Guest", "GUEST", "未知", "匿名", "游客",
    }
)  # fmt: skip
"""Values that are an id in one file and nobody in another; their share tells."""
FEWEST = 20
"""Rows whose shares tell something."""
SAMPLE = 5000
"""Rows that are asked for the share of a value."""

Verdict = Literal["nobody", "doubtful", ""]


def verdict(count: int, rows: int, distinct: int) -> Verdict:
    """What the share of one of SUSPECTS says.

    Args:
        count: rows that have it.
        rows: rows that have any value.
        distinct: values.
    """
    if distinct < 2 or rows < FEWEST:
        return ""
    share, usual = count / rows, (rows - count) / (distinct - 1)
    if (share >= 0.3 and count >= 10 * usual) or (share >= 0.5 and count >= 5 * usual):
        return "nobody"
    return "doubtful" if share >= 0.2 and count >= 3 * usual else ""


def suspects_in(counts: Iterable[tuple[str, int]]) -> dict[str, Verdict]:
    """The values of a sample that stand for nobody, or may, by how often each value occurs in it."""
    filled = [(value, count) for value, count in counts if value and value not in SPELLINGS]
    rows = sum(count for _, count in filled)
    found = {value: verdict(count, rows, len(filled)) for value, count in filled if value in SUSPECTS}
    return {value: said for value, said in found.items() if said}


def nobody_test(column: str, values: Iterable[str]) -> str:
    """SQL that tells whether a trimmed text column is empty or has one of the values that stand for nobody."""
    listed = ", ".join(map(sql_text, values))
    return f"coalesce({column}, '') = ''" + (f" OR {column} IN ({listed})" if listed else "")


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
