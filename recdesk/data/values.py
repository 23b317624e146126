"""Reading values out of text columns, in SQL; what is wrong with a row is found in the same pass."""

from collections.abc import Mapping
from dataclasses import dataclass

import duckdb

from recdesk.data.plain import LOST
from recdesk.data.times import epoch_seconds, time_forms

BLANKS = " \t\u00a0\u3000"


@dataclass(frozen=True)
class Problem:
    """What can be wrong with a row.

    Attributes:
        role: whose value is at fault.
        test: SQL over the values.
        reason: in words.
    """

    role: str
    test: str
    reason: str


@dataclass(frozen=True)
class Parsed:
    """The view that `parse` made.

    Attributes:
        columns: its value columns: user, item and, where they exist, rating, time, title.
        problems: its column `problem` counts into them from 0; NULL for a sound row.
        notes: sentences on how values were understood.
    """

    columns: list[str]
    problems: list[Problem]
    notes: list[str]


def parse(connection: duckdb.DuckDBPyConnection, table: str, made: str, at: Mapping[str, str]) -> Parsed:
    """Make the view `made` with `n`, the value of each role under the role's name, and `problem`.

    Args:
        connection: where `table` is.
        table: `n` and text columns.
        made: name of the view to make; it computes again whenever it is read.
        at: text column by role.
    """
    fields = {role: _trimmed(column) for role, column in at.items()}
    problems = [_no_id(role) for role in ("user", "item")] + [_lost_id(role) for role in ("user", "item")]
    notes: list[str] = []
    if "rating" in at:
        text = fields["rating"]
        number = f"TRY_CAST({_decimal(connection, table, at['rating'], text)} AS DOUBLE)"
        # an empty rating is unknown (NaN), anything else that is no number is NULL
        fields["rating"] = (
            f"CASE WHEN coalesce({text}, '') = '' THEN 'NaN'::DOUBLE WHEN isfinite({number}) THEN {number} END"
        )
        problems.append(Problem("rating", '"rating" IS NULL', "a rating that is no number"))
    if "time" in at:
        text = fields["time"]
        forms = time_forms(connection, table, at["time"])
        fields["time"] = epoch_seconds(forms[0], text)
        problems.append(Problem("time", '"time" IS NULL', "a time that cannot be read"))
        if [form.name for form in forms] == ["month first", "day first"]:
            notes.append("The dates could be read with the day or the month first; the month was taken.")
    values = ", ".join(f"{sql} AS {_quoted(role)}" for role, sql in fields.items())
    tests = " ".join(f"WHEN {problem.test} THEN {number}" for number, problem in enumerate(problems))
    connection.execute(
        f"CREATE TEMP VIEW {made} AS SELECT *, CASE {tests} END AS problem FROM (SELECT n, {values} FROM {table})"
    )
    return Parsed(list(fields), problems, notes)


def _trimmed(column: str) -> str:
    """Looking for blanks first takes half as long as cutting them off where there are none."""
    blank = " OR ".join(f"contains({column}, '{mark}')" for mark in BLANKS)
    return f"CASE WHEN {blank} THEN trim({column}, '{BLANKS}') ELSE {column} END"


def _no_id(role: str) -> Problem:
    return Problem(role, f"coalesce({_quoted(role)}, '') = ''", f"no {role} id")


def _lost_id(role: str) -> Problem:
    return Problem(role, f"contains({_quoted(role)}, '{LOST}')", "an id with characters that do not fit the encoding")


def _quoted(role: str) -> str:
    return f'"{role}"'  # `user` is a word of SQL


def _decimal(connection: duckdb.DuckDBPyConnection, table: str, raw: str, column: str) -> str:
    """The column with decimal commas as points, if that is how the file writes them; `raw` is it before trimming."""
    if not connection.execute(f"SELECT bool_or(contains({raw}, ',')) FROM {table}").fetchall()[0][0]:
        return column
    commas, points = connection.execute(
        f"SELECT count(*) FILTER (regexp_full_match({column}, '[+-]?\\d+,\\d+')), "
        f"count(TRY_CAST({column} AS DOUBLE)) FILTER (contains({column}, '.')) FROM {table}"
    ).fetchall()[0]
    return f"replace({column}, ',', '.')" if commas and not points else column
