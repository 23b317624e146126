"""Parses text columns in SQL; invalid values are found in the same pass."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

import duckdb

from recdesk.core.messages import Message
from recdesk.data.columns.left_out import nobody_test
from recdesk.data.columns.moments import clock_seconds, joined
from recdesk.data.columns.numerals import numerals
from recdesk.data.columns.roles import ROLES
from recdesk.data.columns.times import epoch_seconds, read_column

LONGEST_ID = 1000
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
        columns: its value columns: user, item and, where they exist, rating, time, title; those without a role; and
            `returned` where there is a test of it.
        problems: its column `problem` counts into them from 0; NULL for a sound row.
        notes: sentences on how values were understood.
        time_form: key of the form that the times have, or None where there are none.
        question: see `TimeReading`; None where a person said the form.
    """

    columns: list[str]
    problems: list[Problem]
    notes: list[str]
    time_form: str | None = None
    question: tuple[str, str] | None = None


def parse(
    connection: duckdb.DuckDBPyConnection,
    table: str,
    made: str,
    at: Mapping[str, str],
    time_key: str | None = None,
    nobody: Mapping[str, Collection[str]] = MappingProxyType({}),
    returned: Sequence[str] = (),
) -> Parsed:
    """Make the view `made` with `n`, the value of each role under the role's name, `problem`, and `returned`.

    Args:
        connection: where `table` is.
        table: `n` and text columns.
        made: name of the view to make; it computes again whenever it is read.
        at: text column by role.
        time_key: the form of the times; None finds out.
        nobody: ids by role that stand for nobody in this file.
        returned: SQL over `table`, each of which tells rows that take an item back.

    Raises:
        DataError: there is no such form.
    """
    # columns without a role are trimmed by who takes them: to trim a thousand of them here is planned for ten seconds
    fields = {role: _trimmed(column) if role in ROLES else column for role, column in at.items()}
    problems = [_no_id(role, nobody.get(role, ())) for role in ("user", "item")]
    problems += [problem(role) for problem in (_lost_id, _zero_in_id, _long_id) for role in ("user", "item")]
    notes: list[str] = []
    if "rating" in at:
        found = numerals(connection, table, at["rating"], fields["rating"])
        fields["rating"] = found.sql  # an empty rating is unknown (NaN), anything else that is no number is NULL
        notes += [found.note] if found.note else []
        problems.append(Problem("rating", '"rating" IS NULL', Message("reason.rating-not-number")))
    time_form, question, whole = None, None, "*"
    if "time" in at:
        reading = read_column(connection, table, at["time"], time_key, at.get("clock"))
        fields["time"] = epoch_seconds(reading.form, fields["time"])
        problems.append(Problem("time", '"time" IS NULL', Message("reason.time-unreadable")))
        notes += reading.notes
        time_form, question = reading.form.key, None if time_key else reading.question
    if "clock" in at:
        fields["clock"] = clock_seconds(fields["clock"])
        problems.append(Problem("clock", '"clock" IS NULL', Message("reason.clock-unreadable")))
        moment = joined(_quoted("time"), _quoted("clock"))
        problems.append(Problem("time", f"{moment} IS NULL", Message("reason.clock-twice")))
        whole = f'* REPLACE ({moment} AS "time")'
    if returned:
        fields["returned"] = f"coalesce({' OR '.join(f'coalesce({test}, false)' for test in returned)}, false)"
    values = ", ".join(f"{sql} AS {_quoted(role)}" for role, sql in fields.items())
    tests = " ".join(f"WHEN {problem.test} THEN {number}" for number, problem in enumerate(problems))
    connection.execute(
        f"CREATE TEMP VIEW {made} AS SELECT {whole}, CASE {tests} END AS problem FROM (SELECT n, {values} FROM {table})"
    )
    return Parsed(list(fields), problems, notes, time_form, question)


def _trimmed(column: str) -> str:
    """Looking for blanks first takes half as long as cutting them off where there are none."""
    blank = " OR ".join(f"contains({column}, '{mark}')" for mark in BLANKS)
    return f"CASE WHEN {blank} THEN trim({column}, '{BLANKS}') ELSE {column} END"


def _no_id(role: str, nobody: Collection[str]) -> Problem:
    return Problem(
        role,
        nobody_test(_quoted(role), nobody),
        Message("reason.no-user") if role == "user" else Message("reason.no-item"),
    )


def _lost_id(role: str) -> Problem:
    return Problem(
        role,
        f"contains({_quoted(role)}, '\N{REPLACEMENT CHARACTER}')",
        Message("reason.id-bad-encoding"),
    )


def _zero_in_id(role: str) -> Problem:
    return Problem(role, f"contains({_quoted(role)}, chr(0))", Message("reason.id-zero-byte"))


def _long_id(role: str) -> Problem:
    test = f"strlen({_quoted(role)}) > {LONGEST_ID}"
    return Problem(role, test, Message("reason.id-too-long", limit=LONGEST_ID))


def _quoted(role: str) -> str:
    return f'"{role}"'  # `user` is a word of SQL
