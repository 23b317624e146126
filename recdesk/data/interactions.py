"""Reads the interactions file: roles of its columns, valid rows, and the reasons why others are rejected."""

import contextlib
from collections.abc import Mapping
from dataclasses import dataclass, replace

import duckdb
import pyarrow as pa

from recdesk.core.errors import DataError, MisfitError
from recdesk.core.messages import Message
from recdesk.core.task import Task
from recdesk.data.coded_rows import CodedRows, name_of_other, row_count
from recdesk.data.columns.left_out import headers_again, nobody_in
from recdesk.data.columns.parse_columns import Parsed, parse
from recdesk.data.columns.returns import return_tests
from recdesk.data.columns.time_forms import FORM_KEYS
from recdesk.data.files import isolated, limits
from recdesk.data.files.column_preview import MOST_REJECTS, guesses_in
from recdesk.data.files.dialect import TABLE_FORMS, Dialect
from recdesk.data.files.reading import database, source_rows
from recdesk.data.files.source import Source
from recdesk.data.interaction_log import InteractionTable, grouped
from recdesk.data.logs.gathering import Gathered, bytes_task, gathered
from recdesk.data.logs.pieces import Piece
from recdesk.data.plan import ImportPlan
from recdesk.data.plan_roles import column_roles, notes_on, telling_columns, user_columns
from recdesk.data.report import Reject, Report


@dataclass(frozen=True)
class Interactions:
    """What was read.

    Attributes:
        rows: readable rows, coded.
        titles: where the interactions carry titles: of each item by code the first that is not blank, as it stands.
        rejects: the other rows, the first MOST_REJECTS of them.
        dialect: how the file is written.
        roles: column by role.
        time_form: key of the form that the times have, or None where there are none.
        user_columns: those of the other columns of `rows` that describe the user.
    """

    rows: InteractionTable
    titles: pa.Array | None
    rejects: list[Reject]
    dialect: Dialect
    roles: dict[str, str]
    time_form: str | None
    user_columns: tuple[str, ...] = ()


def read_interactions(plan: ImportPlan, report: Report, task: Task) -> Interactions:
    """Read, and enter into the report what was read and rejected.

    Raises:
        DataError: the file cannot be read, a column is missing, or no row can be used.
        CancelledError: it was cancelled.
    """
    name = plan.interactions.name
    looked = bytes_task(task.part(0.0, 0.05), plan.interactions, name, preparing=True)
    source = Source(plan.interactions, plan.dialect, looked)
    columns, dialect = source.columns(), source.dialect
    given = {role: column for role in ("user", "item") if (column := getattr(plan, role))}
    found = guesses_in(columns, given)
    guesses = found.columns
    report.notes += columns.layout
    roles = column_roles(plan, columns, guesses)
    report.notes += notes_on(plan, found.doubts, roles)
    about = user_columns(plan, columns, roles, guesses)
    others = [name for name in columns.names if name in about or (plan.keep_columns and name not in roles.values())]
    limits.refuse_kept(name, len(others))
    tests = return_tests(columns.names, columns.sample, roles)
    pieces = (Piece(plan.interactions, dialect), *plan.more)
    size = sum(isolated.size_of(piece.path) for piece in pieces)
    at = {role: f"c{number}" for number, role in enumerate([*roles, *map(name_of_other, range(len(others)))])}
    wanted, telling, timed = [*roles.values(), *others], telling_columns(list(roles)), "time" in roles
    wanted += [column for column in tests if column not in wanted]
    with (
        contextlib.ExitStack() as files,
        database(task, size) as connection,
    ):
        log = files.enter_context(
            gathered(connection, "raw", pieces, columns, wanted, telling, timed, task.part(0.05, 0.4))
        )
        task.step(0.4, Message("import.reading-values"))
        again = _headers_again(connection, log, at, roles) if columns.named else []
        nobody = nobody_in(connection, "raw", {role: at[role] for role in ("user", "item")}, roles)
        report.notes += nobody.notes
        returned = [test.format(f"c{wanted.index(column)}") for column, test in tests.items()]
        parsed = parse(connection, "raw", "parsed", at, plan.time_form, nobody.values, returned)
        _refuse_doubtful(name, parsed, roles)
        stream = CodedRows(parsed, task, others)
        limits.refuse_long(name, row_count(connection, "raw"), len(wanted))
        stream.take(connection, log.pieces[0].plain.folder)
        task.step(0.7, Message("import.finding-bad-rows"))
        bad = _bad_values(connection, parsed, log, at, roles, stream)
    rejects = [*log.rejects, *again, *bad]
    rejects = sorted(rejects, key=lambda reject: reject.line) if len(pieces) == 1 else rejects
    _enter(report, plan, parsed, log, stream, roles)
    report.notes += [
        Message("import.id-of-objects", column=roles[role], name=name, path=".".join(path))
        for role in ("user", "item")
        if (path := columns.paths.get(roles[role])) is not None
    ]
    if not stream.sound:
        raise _nothing(name, rejects)
    task.step(0.72, Message("word.sorting"))
    rows, titles = stream.coded(name)
    report.notes += stream.notes
    if titles is not None and titles.differing:
        values = {"name": name, "column": roles["title"]}
        if titles.of_rows and plan.title is None:
            counted = {"differing": titles.differing, "further": titles.further}
            report.notes.append(Message("import.titles-of-rows", **values, **counted))
            titles, roles = None, {role: column for role, column in roles.items() if role != "title"}
        else:
            report.notes.append(Message("import.titles-differ", name=name, count=titles.differing))
    task.step(0.75, Message("word.sorting"))
    rows = grouped(replace(rows, user_columns=about), task)
    if rows.turned:
        report.notes.append(Message("time.newest-first", count=rows.turned, name=name))
    return Interactions(
        rows, None if titles is None else titles.first, rejects, dialect, roles, parsed.time_form, about
    )


def _headers_again(
    connection: duckdb.DuckDBPyConnection, log: Gathered, at: dict[str, str], roles: dict[str, str]
) -> list[Reject]:
    """Take the header out of the rows, and count it under its own reason."""
    rejects: list[Reject] = []
    for piece in log.pieces:
        if piece.plain.dialect.form not in ("delimited", *TABLE_FORMS):
            continue
        if rows := headers_again(connection, piece.table, {at[role]: column for role, column in roles.items()}):
            reason = Message("reason.header-again")
            piece.loaded.counts[reason] = len(rows)
            lines = source_rows(connection, piece.table, piece.plain, piece.loaded, rows[:MOST_REJECTS])
            found = (lines.get(n, (0, "")) for n in rows[:MOST_REJECTS])
            rejects += [Reject(piece.name, line, "", "", reason, raw) for line, raw in found]
    return rejects


def _bad_values(
    connection: duckdb.DuckDBPyConnection,
    parsed: Parsed,
    log: Gathered,
    at: dict[str, str],
    roles: dict[str, str],
    stream: CodedRows,
) -> list[Reject]:
    if not stream.bad:
        return []
    cells = " ".join(f"WHEN {i} THEN {at[problem.role]}" for i, problem in enumerate(parsed.problems))
    connection.register("bad", pa.Table.from_batches(stream.bad))
    found = connection.execute(
        f"SELECT n, problem, CASE problem {cells} END FROM bad JOIN raw USING (n) ORDER BY n"
    ).fetchall()
    origins = log.origins(connection, [n for n, *_ in found])
    rejects = []
    for n, number, value in found:
        problem, (name, line, raw) = parsed.problems[number], origins[n]
        rejects.append(Reject(name, line, roles[problem.role], value or "", problem.reason, raw))
    return rejects


def _enter(
    report: Report,
    plan: ImportPlan,
    parsed: Parsed,
    log: Gathered,
    stream: CodedRows,
    roles: dict[str, str],
) -> None:
    report.files["interactions"] = plan.interactions.name
    if plan.more:
        names = [piece.name for piece in log.pieces]
        report.files["interactions"] = ", ".join(names)
        if len(names) > 1:
            report.notes.append(Message("import.pieces-joined", count=len(names), names=limits.listed(names)))
    own = [note for piece in log.pieces for note in piece.loaded.notes]
    report.notes += [*own, *log.notes, *plan.notes, *parsed.notes]
    if "clock" in roles:
        report.notes.append(Message("time.joined-columns", time_column=roles["time"], clock_column=roles["clock"]))
    for piece in log.pieces:
        if lost := piece.plain.lost:
            encoding = piece.plain.encoding
            report.notes.append(Message("import.characters-misfit", count=lost, name=piece.name, encoding=encoding))
    counts = log.counts
    counted = zip(parsed.problems, stream.problems.tolist(), strict=True)
    for reason, count in [*counts.items(), *((problem.reason, count) for problem, count in counted if count)]:
        report.rejected[reason] = report.rejected.get(reason, 0) + count
    report.read = stream.read + sum(counts.values())
    if sum(report.rejected.values()) > MOST_REJECTS:
        report.notes.append(Message("import.rejects-limit", count=MOST_REJECTS))


def _refuse_doubtful(name: str, parsed: Parsed, roles: Mapping[str, str]) -> None:
    """Raise a MisfitError where the times would be of years that are hardly meant."""
    if parsed.question is None or parsed.time_form is None:
        return
    value, moment = parsed.question
    raise MisfitError(
        Message("time.hardly-meant", name=name, value=value, column=roles["time"], moment=moment),
        Message("time.choose-form", names=", ".join(FORM_KEYS), form=parsed.time_form),
    )


def _nothing(name: str, rejects: list[Reject]) -> DataError:
    if not rejects:
        return DataError(Message("file.no-rows", name=name), Message("file.choose-one-a-line"))
    first = rejects[0]
    if first.column and first.value:
        sentence = Message(
            "import.no-usable-row",
            name=name,
            line=first.line,
            column=first.column,
            reason=first.reason,
            value=first.value[:80],
        )
    elif first.column:
        sentence = Message(
            "import.no-usable-row-column", name=name, line=first.line, column=first.column, reason=first.reason
        )
    else:
        sentence = Message("import.no-usable-row-line", name=name, line=first.line, reason=first.reason)
    return DataError(
        sentence,
        Message("column.check-roles"),
    )
