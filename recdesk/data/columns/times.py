"""Parses times of all common formats into epoch seconds, in SQL."""

import functools
from collections.abc import Sequence
from dataclasses import dataclass, replace

import duckdb
import pyarrow as pa

from recdesk.core.messages import Message
from recdesk.data.columns.moments import clock_seconds, joined
from recdesk.data.columns.time_forms import FORMS, OF_NUMBERS, TimeForm, time_form
from recdesk.data.columns.written_dates import LAST_YEAR, NEUTRAL, ZONES, fits, is_odd, tidied
from recdesk.data.columns.written_dates import seconds_of as seconds_of_shapes
from recdesk.data.sql import sql_text

SAMPLE = 2000
MOST_LOOKED_AT = 2_000_000
"""Rows that are checked for ambiguous times; rejected rows are reported one by one anyway."""
FIRST_YEAR, COUNTERS_END, EPOCH_BEGAN = -2_208_988_800, 100_000_000, 631_152_000
"""Epoch seconds of 1900, of where numbers cease to be mere counters, and of 1990."""
LOOKED_AT = "times_looked_at"
"""The table of values that are looked at."""
TUNED_FROM, TUNED_BY = 50_000, 100
"""Rows of a column for which the order of patterns matters, and texts that tell which patterns to try first."""
SHOWN = 3
"""Values that are shown as they are read."""


@dataclass(frozen=True)
class TimeReading:
    """The time format found for a column, with samples.

    Attributes:
        form: the form.
        samples: some values, each as it stands and in ISO 8601 (UTC).
        unread: how many of the values looked at are not of the form.
        notes: sentences on what could be read differently.
        question: where most of the times would be of years that are hardly meant, which the import stops for unless a
            person said the form: the value and what it would be.
    """

    form: TimeForm
    samples: list[tuple[str, str]]
    unread: int
    notes: list[str]
    question: tuple[str, str] | None = None


def time_forms(connection: duckdb.DuckDBPyConnection, table: str, column: str) -> list[TimeForm]:
    """The forms that read most of a text column, the one to take first.

    Decided by a sample; by all rows where the sample is ambiguous (01/02/2024).
    """
    filled = f"(SELECT trim({column}) AS t FROM {table} WHERE trim({column}) != '')"
    any_text = f"(SELECT {column} AS raw FROM {table} WHERE {column} != '')"  # to trim all of a large column takes long
    some = f"(SELECT raw FROM {any_text} USING SAMPLE reservoir({SAMPLE} ROWS) REPEATABLE (7))"
    sample = f"SELECT trim(raw) AS t FROM {some} WHERE trim(raw) != ''"
    number = connection.execute(f"SELECT count(*) - count(TRY_CAST(t AS DOUBLE)) FROM ({sample})").fetchall()[0][0] == 0
    known = list(OF_NUMBERS if number else FORMS)
    if not connection.execute(f"SELECT bool_or(contains(t, '.') OR contains(t, ',')) FROM ({sample})").fetchall()[0][0]:
        known.remove(time_form("excel"))  # whole numbers of that size may be seconds of an experiment
    iso = time_form("iso")
    if not number and _counted(connection, sample, [iso], [iso.usual("t")]) == ([iso], 0):
        return [iso]  # to plan all forms takes longer than a look may
    best = [_tuned(connection, table, column, form) for form in _best(connection, sample, known)]
    if not 1 < len(best) < len(known):
        return best
    if not {form.key for form in best} >= {"month-first", "day-first"}:  # the first is taken if it reads all
        for reading in dict.fromkeys((best[0].usual("t"), best[0].seconds("t"))):
            first, left = _counted(connection, f"SELECT t FROM {filled}", best[:1], [reading])
            if not left:
                return first
    return _best(connection, f"SELECT t FROM {filled}", best)


def epoch_seconds(form: TimeForm, column: str) -> str:
    """SQL for a trimmed text column: BIGINT epoch seconds (UTC where no offset is written), NULL where unreadable."""
    return f"CAST(floor({form.seconds(column)}) AS BIGINT)"


def read_column(
    connection: duckdb.DuckDBPyConnection, table: str, column: str, wanted: str | None = None, clock: str | None = None
) -> TimeReading:
    """How a text column's times are read, and what is odd about them.

    Args:
        connection: where the table is.
        table: its name.
        column: the text column.
        wanted: key of a form; None finds out.
        clock: the text column with the times of day, where the other has but days.

    Raises:
        DataError: there is no such form.
    """
    forms = [_tuned(connection, table, column, time_form(wanted))] if wanted else time_forms(connection, table, column)
    form, text = forms[0], f"trim({column})"
    clocks = f"trim({clock})" if clock else "''"
    filled = f"(SELECT {text} AS t, {clocks} AS c FROM {table} WHERE {text} != '' LIMIT {MOST_LOOKED_AT})"
    moment = joined("s", clock_seconds("c")) if clock else "s"
    connection.execute(  # once, as the slow readings take a while to plan alone
        f"CREATE OR REPLACE TEMP TABLE {LOOKED_AT} AS SELECT t, c, s, {moment} AS moment "
        f"FROM (SELECT t, c, {epoch_seconds(form, 't')} AS s FROM {filled})"
    )
    try:
        return _reading(connection, forms, clock is not None)
    finally:
        connection.execute(f"DROP TABLE {LOOKED_AT}")


def _tuned(connection: duckdb.DuckDBPyConnection, table: str, column: str, form: TimeForm) -> TimeForm:
    """A form with the patterns and odd shapes of the first texts of a large column first: each pattern that fails takes
    a microsecond a row."""
    rows = connection.execute(f"SELECT count(*) FROM {table}").fetchall()[0][0]
    if not form.patterns or rows < TUNED_FROM:
        return form
    some = f"SELECT trim({column}) AS t FROM {table} WHERE {column} != '' LIMIT {TUNED_BY}"
    counts = ", ".join(f"count(try_strptime(t, {sql_text(pattern)}))" for pattern in form.patterns)
    found = dict(zip(form.patterns, connection.execute(f"SELECT {counts} FROM ({some})").fetchall()[0], strict=True))
    tuned = replace(form, patterns=tuple(sorted(form.patterns, key=found.__getitem__, reverse=True)))
    if any(found.values()) or not form.shapes:
        return tuned
    counts = ", ".join(f"count({seconds_of_shapes('t', [shape])})" for shape in form.shapes)
    odd = dict(zip(form.shapes, connection.execute(f"SELECT {counts} FROM ({some})").fetchall()[0], strict=True))
    return replace(tuned, shapes=tuple(sorted(form.shapes, key=odd.__getitem__, reverse=True)), odd_first=True)


def _reading(connection: duckdb.DuckDBPyConnection, forms: Sequence[TimeForm], clocked: bool) -> TimeReading:
    """What the table LOOKED_AT says, which the first of the forms read."""
    total, unread, first, bare, missed = connection.execute(
        "SELECT count(*), count(*) FILTER (s IS NULL), min(t) FILTER (s IS NULL), "
        f"count(*) FILTER (coalesce(c, '') = ''), count(*) FILTER (moment IS NULL) FROM {LOOKED_AT}"
    ).fetchall()[0]
    notes = _notes(connection, LOOKED_AT, forms, unread, first)
    notes += [Message("time.days-as-midnight", count=bare)] if clocked and bare else []
    notes += _zones(connection)
    doubtful, example, said = _doubtful(connection, forms[0])
    question = (example, said) if 2 * doubtful > total - missed else None
    if doubtful:
        notes.append(Message("time.unlikely", count=doubtful, example=example, moment=said))
    return TimeReading(forms[0], _samples(connection), missed, notes, question)


def _zones(connection: duckdb.DuckDBPyConnection) -> list[str]:
    """Notes on zones written as words, which are not the same everywhere."""
    name = "regexp_extract(t, '[0-9]\\s?([A-Z]{3,4})(?: [0-9]{4})?$', 1)"
    some = f"SELECT DISTINCT {name} AS zone FROM (SELECT t FROM {LOOKED_AT} WHERE moment IS NOT NULL LIMIT {SAMPLE})"
    found = [zone for (zone,) in connection.execute(f"SELECT zone FROM ({some}) ORDER BY zone").fetchall()]
    return [
        Message("time.zone-by-name", zone=zone, hours=f"{ZONES[zone]:+g}")
        for zone in found
        if zone in ZONES and zone not in NEUTRAL
    ]


def _doubtful(connection: duckdb.DuckDBPyConnection, form: TimeForm) -> tuple[int, str, str]:
    """How many times are of years that are hardly meant, the least of their texts, and the moment that it would be.

    Small numbers may count from anywhere; large ones of before EPOCH_BEGAN have another unit.
    """
    early = f"moment >= {COUNTERS_END} AND moment < {EPOCH_BEGAN}" if form.key == "epoch" else "false"
    late = f"moment >= epoch(make_timestamp({LAST_YEAR + 1}, 1, 1, 0, 0, 0))"
    count, example, moment = connection.execute(
        f"SELECT count(*), min(t), arg_min(moment, t) FROM {LOOKED_AT} WHERE moment < {FIRST_YEAR} OR {early} OR {late}"
    ).fetchall()[0]
    return count, example or "", _iso(connection, moment)[:10] if count else ""


def _samples(connection: duckdb.DuckDBPyConnection) -> list[tuple[str, str]]:
    """Some of the rows that can be read: as they stand, and in ISO 8601."""
    sample = f"SELECT DISTINCT t, c, moment FROM (SELECT * FROM {LOOKED_AT} LIMIT {SAMPLE}) WHERE moment IS NOT NULL"
    shown = connection.execute(
        f"SELECT trim(t || ' ' || coalesce(c, '')) AS v, moment FROM ({sample}) "
        f"ORDER BY length(v) DESC, v LIMIT {SHOWN}"
    ).fetchall()
    return [(text, _iso(connection, at)) for text, at in shown]


@functools.cache
def _scratch() -> duckdb.DuckDBPyConnection:
    """An in-memory database, kept: opening one takes longer than the query."""
    connection = duckdb.connect(config={"threads": 1})
    connection.execute("SET GLOBAL TimeZone = 'UTC'")
    return connection


def read_times(texts: Sequence[str], wanted: str | None = None, clocks: Sequence[str] | None = None) -> TimeReading:
    """How some times are read, for a preview; `clocks` are their times of day where they stand apart."""
    with _scratch().cursor() as connection:
        columns = {"v": texts} if clocks is None else {"v": texts, "c": clocks}
        connection.register(
            "given", pa.table({name: pa.array(column, pa.string()) for name, column in columns.items()})
        )
        return read_column(connection, "given", "v", wanted, None if clocks is None else "c")


def seconds_of(texts: Sequence[str]) -> list[int | None]:
    """Epoch seconds of some times of one form; None where one is not of the form that most have."""
    with _scratch().cursor() as connection:
        connection.register("given", pa.table({"v": pa.array(texts, pa.string())}))
        form = time_forms(connection, "given", "v")[0]
        return [at for (at,) in connection.execute(f"SELECT {epoch_seconds(form, 'trim(v)')} FROM given").fetchall()]


def _notes(
    connection: duckdb.DuckDBPyConnection, filled: str, forms: Sequence[TimeForm], unread: int, example: str | None
) -> list[str]:
    form, keys = forms[0], [form.key for form in forms]
    notes: list[str] = []
    if keys == ["month-first", "day-first"]:
        notes.append(Message("time.day-month-ambiguous"))
    for one, other in (("month-first", "day-first"), ("day-first", "month-first")):
        if keys == [one]:
            missed = f"{time_form(other).seconds('t')} IS NULL AND {form.seconds('t')} IS NOT NULL"
            telling = connection.execute(f"SELECT min(t) FROM {filled} WHERE contains(t, '/') AND {missed}").fetchall()
            if telling[0][0] is not None:
                example = telling[0][0]
                notes.append(
                    Message("time.day-first-shown", example=example)
                    if one == "day-first"
                    else Message("time.month-first-shown", example=example)
                )
    if form.key == "excel":
        notes.append(Message("time.excel-days-read"))
    if unread and example is not None:
        others = _best(connection, f"SELECT {sql_text(example)} AS t", FORMS)
        if len(others) < len(FORMS):
            notes.append(
                Message(
                    "time.mixed-forms", count=unread, format=form.name, example=example, example_format=others[0].name
                )
            )
    if form.key == "epoch":
        number = "abs(TRY_CAST(t AS DOUBLE))"
        units = connection.execute(
            f"SELECT count(*) FILTER ({number} >= 1e11), count(*) FILTER ({number} BETWEEN 1e8 AND 1e11) FROM {filled}"
        ).fetchall()[0]
        if all(units):
            notes.append(Message("time.mixed-units", seconds_count=units[1], finer_count=units[0]))
    return notes


def _iso(connection: duckdb.DuckDBPyConnection, seconds: int) -> str:
    found = connection.execute("SELECT strftime(make_timestamp(?), '%Y-%m-%dT%H:%M:%SZ')", [seconds * 1_000_000])
    return str(found.fetchall()[0][0])


def _best(connection: duckdb.DuckDBPyConnection, rows: str, forms: Sequence[TimeForm]) -> list[TimeForm]:
    """The forms that read most of the column `t`; odd shapes are looked for only where the usual ones leave any."""
    usual = [form.usual("t") for form in forms]
    best, left = _counted(connection, rows, forms, usual)
    if not left or not any(form.shapes for form in forms):
        return best
    tidy = f"SELECT t, CASE WHEN {is_odd('t')} THEN {tidied('t')} END AS tidy FROM ({rows})"
    either = [
        f"CASE WHEN {read} IS NOT NULL OR {fits('tidy', form.shapes)} THEN 1 END" if form.shapes else read
        for form, read in zip(forms, usual, strict=True)
    ]
    return _counted(connection, tidy, forms, either)[0]


def _counted(
    connection: duckdb.DuckDBPyConnection, rows: str, forms: Sequence[TimeForm], readings: Sequence[str]
) -> tuple[list[TimeForm], int]:
    """The forms whose readings read most rows, and how many rows they leave."""
    counts = ", ".join(f"count({reading})" for reading in readings)
    total, *found = connection.execute(f"SELECT count(*), {counts} FROM ({rows})").fetchall()[0]
    return [form for form, count in zip(forms, found, strict=True) if count == max(found)], total - max(found)
