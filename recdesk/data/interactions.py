"""The interactions file: its roles, its readable rows, and what is wrong with the others."""

from collections.abc import Callable
from dataclasses import dataclass

import duckdb
import pyarrow as pa

from recdesk.data.dialect import Dialect
from recdesk.data.plain import PlainFile, plain_file
from recdesk.data.planning import ImportPlan
from recdesk.data.reading import MOST_REJECTS, Columns, Loaded, columns_of, database, load, places
from recdesk.data.report import Reject, Report
from recdesk.data.roles import ROLES, guess_roles, plain_name
from recdesk.data.values import Parsed, parse
from recdesk.errors import DataError

Step = Callable[[float, str], None]
Ask = Callable[[], bool]


@dataclass(frozen=True)
class Interactions:
    """What was read.

    Attributes:
        table: readable rows in file order: user, item, and where they exist rating (float), time (int), title.
        rejects: the other rows, the first MOST_REJECTS of them.
        dialect: how the file is written.
        roles: column by role.
    """

    table: pa.Table
    rejects: list[Reject]
    dialect: Dialect
    roles: dict[str, str]


def read_interactions(plan: ImportPlan, report: Report, step: Step, cancelled: Ask) -> Interactions:
    """Read, and enter into the report what was read and rejected.

    Raises:
        DataError: the file cannot be read, a column is missing, or no row can be used.
        CancelledError: `cancelled` or `step` said so.
    """
    name = plan.interactions.name
    dialect, columns = columns_of(plan.interactions, plan.dialect)
    roles = column_roles(plan, columns)
    with plain_file(plan.interactions, dialect, cancelled) as plain, database(cancelled) as connection:
        step(0.15, f"Reading {name}")
        loaded = load(connection, "raw", plain, columns, list(roles.values()), name)
        step(0.4, "Reading values")
        at = {role: f"c{number}" for number, role in enumerate(roles)}
        parsed = parse(connection, "raw", "parsed", at, plan.time_form)
        table = _sound_rows(connection, parsed)
        step(0.55, "Looking for what is wrong")
        rejects = sorted(
            loaded.rejects + _bad_values(connection, parsed, plain, loaded, at, roles, name),
            key=lambda reject: reject.line,
        )
        _enter(report, name, connection, parsed, plain, loaded)
    if not len(table):
        raise _nothing(name, rejects)
    return Interactions(table, rejects, dialect, roles)


def column_roles(plan: ImportPlan, columns: Columns) -> dict[str, str]:
    """Column by role: the person's word, else a guess.

    Raises:
        DataError: there is no such column, or it is not clear which holds the users or the items.
    """
    name = plan.interactions.name
    there = f"Its columns are: {', '.join(columns.names)}."
    if len(columns.names) < 2:
        raise DataError(
            f"“{name}” has a single column (“{columns.names[0]}”).",
            "A file of interactions needs one for users and one for items; check the separator.",
        )
    roles = guess_roles(columns.names, columns.rows, columns.named)
    for role in ROLES:
        wanted = getattr(plan, role)
        if wanted is None or (role == "title" and plan.items is not None):
            continue
        column = wanted if wanted in columns.names else plain_name(wanted)
        if column and column not in columns.names:
            raise DataError(f"“{name}” has no column “{wanted}”.", there)
        roles = {r: c for r, c in roles.items() if r != role and c != column} | ({role: column} if column else {})
    for role in ("user", "item"):
        if role not in roles:
            raise DataError(f"It is not clear which column of “{name}” holds the {role}s.", f"Say which. {there}")
    if plan.items is not None:
        roles.pop("title", None)
    return roles


def _sound_rows(connection: duckdb.DuckDBPyConnection, parsed: Parsed) -> pa.Table:
    columns = ", ".join(f'"{column}"' for column in parsed.columns)
    return connection.sql(f"SELECT {columns} FROM parsed WHERE problem IS NULL").to_arrow_table()


def _bad_values(
    connection: duckdb.DuckDBPyConnection,
    parsed: Parsed,
    plain: PlainFile,
    loaded: Loaded,
    at: dict[str, str],
    roles: dict[str, str],
    name: str,
) -> list[Reject]:
    cells = " ".join(f"WHEN {i} THEN {at[problem.role]}" for i, problem in enumerate(parsed.problems))
    found = connection.execute(
        f"SELECT n, problem, CASE problem {cells} END FROM (SELECT n, problem FROM parsed WHERE problem IS NOT NULL "
        f"ORDER BY n LIMIT {MOST_REJECTS}) JOIN raw USING (n) ORDER BY n"
    ).fetchall()
    lines = {}
    if found:
        lines = places(connection, "raw", plain, loaded, [n for n, *_ in found])
    rejects = []
    for n, number, value in found:
        problem, (line, raw) = parsed.problems[number], lines.get(n, (0, ""))
        rejects.append(Reject(name, line, roles[problem.role], value or "", problem.reason, raw))
    return rejects


def _enter(
    report: Report,
    name: str,
    connection: duckdb.DuckDBPyConnection,
    parsed: Parsed,
    plain: PlainFile,
    loaded: Loaded,
) -> None:
    report.files["interactions"] = name
    report.notes += parsed.notes
    if plain.lost:
        report.notes.append(f"{plain.lost:,} characters of “{name}” do not fit its encoding ({plain.encoding}).")
    counted = connection.execute("SELECT problem, count(*) FROM parsed GROUP BY problem ORDER BY problem").fetchall()
    reasons = [(parsed.problems[number].reason, count) for number, count in counted if number is not None]
    for reason, count in [*loaded.counts.items(), *reasons]:
        report.rejected[reason] = report.rejected.get(reason, 0) + count
    report.read = sum(count for _, count in counted) + sum(loaded.counts.values())
    if sum(report.rejected.values()) > MOST_REJECTS:
        report.notes.append(f"Only the first {MOST_REJECTS:,} rejected rows are kept one by one.")


def _nothing(name: str, rejects: list[Reject]) -> DataError:
    if not rejects:
        return DataError(f"“{name}” has a header but no rows.", "Choose a file with one interaction a line.")
    first = rejects[0]
    line = f", line {first.line}" if first.line else ""
    where = f", column “{first.column}”" if first.column else ""
    value = f": “{first.value[:80]}”" if first.value else ""
    return DataError(
        f"No row of “{name}” can be used; the first{line}{where}, has {first.reason}{value}.",
        "Check the separator and which column is which.",
    )
