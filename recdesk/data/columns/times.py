"""Parses times of all common formats into epoch seconds, in SQL."""

import functools
from collections.abc import Sequence
from dataclasses import dataclass

import duckdb
import pyarrow as pa

from recdesk.core.errors import MisfitError
from recdesk.core.messages import Message
from recdesk.data.columns.clocks import clock_seconds, joined
from recdesk.data.sql import sql_text

EPOCH_UNITS = ((1e17, 1e9), (1e14, 1e6), (1e11, 1e3))
"""Epoch numbers above the first are nanoseconds, microseconds, milliseconds: divided by the second."""

SAMPLE = 2000
MOST_LOOKED_AT = 2_000_000
"""Rows that are checked for ambiguous times; rejected rows are reported one by one anyway."""
SHOWN = 3
"""Values that are shown as they are read."""
CLOCKS = ("", " %H:%M:%S", " %H:%M", " %H:%M:%S.%f", " %I:%M:%S %p", " %I:%M %p")
COMMA_CLOCKS = (*CLOCKS, *(f",{clock}" for clock in CLOCKS if clock))


@dataclass(frozen=True)
class TimeForm:
    """A time format.

    Attributes:
        key: what a person says to ask for it.
        name: for people.
        seconds: SQL with `{}` for a trimmed text column: epoch seconds as a number, NULL where it is not of this form.
    """

    key: str
    name: str
    seconds: str


@dataclass(frozen=True)
class TimeReading:
    """The time format found for a column, with samples.

    Attributes:
        form: the form.
        samples: some values, each as it stands and in ISO 8601 (UTC).
        unread: how many of the values looked at are not of the form.
        notes: sentences on what could be read differently.
    """

    form: TimeForm
    samples: list[tuple[str, str]]
    unread: int
    notes: list[str]


def _dates(key: str, name: str, *forms: str, clocks: tuple[str, ...] = CLOCKS, shape: str = "^[0-9A-Z]") -> TimeForm:
    patterns = ", ".join(f"'{form}{clock}'" for form in forms for clock in clocks)
    fits = f"regexp_matches({{0}}, '{shape.replace('{', '{{').replace('}', '}}')}')"
    return TimeForm(key, name, f"CASE WHEN {fits} THEN epoch(try_strptime({_plain('{0}')}, [{patterns}])) END")


def _plain(text: str) -> str:
    """Without the narrow no-break space that browsers write before AM and PM."""
    return f"replace({text}, '\u202f', ' ')"


def _digits(key: str, name: str, form: str, length: int) -> TimeForm:
    shape = f"regexp_full_match({{0}}, '(19|20)[0-9]{{{{{length - 2}}}}}')"
    return TimeForm(key, name, f"CASE WHEN {shape} THEN epoch(try_strptime({{0}}, '{form}')) END")


def _epoch() -> TimeForm:
    number = "TRY_CAST({0} AS DOUBLE)"
    scaled = " ".join(f"WHEN abs({number}) >= {above} THEN {number} / {unit}" for above, unit in EPOCH_UNITS)
    whole = f"CASE WHEN abs({number}) < 9e18 THEN CASE {scaled} ELSE {number} END END"
    return TimeForm("epoch", Message("word.epoch-seconds"), whole)


def _excel() -> TimeForm:
    number = "TRY_CAST(replace({0}, ',', '.') AS DOUBLE)"
    days = f"CASE WHEN {number} BETWEEN 20000 AND 80000 THEN round(({number} - 25569) * 86400) END"
    return TimeForm("excel", Message("word.excel-days"), days)


_YEAR_FIRST = (
    "%Y年%m月%d日", "%Y年%m月%d日 %H时%M分%S秒", "%Y年%m月%d日 %H时%M分", "%Y年%m月%d日%H时%M分",
    "%Y.%m.%d", "%Y/%m/%d", "%Y-%m-%d",
)  # fmt: skip
FORMS = (
    _digits("digits", Message("word.8-digit-date"), "%Y%m%d", 8),
    _digits("long-digits", Message("word.14-digit-time"), "%Y%m%d%H%M%S", 14),
    _excel(),
    _epoch(),
    TimeForm(
        "iso",
        "ISO 8601",
        "CASE WHEN regexp_matches({0}, '^[0-9]{{4}}[-/]') THEN epoch(TRY_CAST({0} AS TIMESTAMPTZ)) END",
    ),
    _dates("year-first", Message("word.year-first"), *_YEAR_FIRST, clocks=COMMA_CLOCKS, shape="^[0-9]{4}"),
    _dates(
        "month-first", Message("word.month-first"), "%m/%d/%y", "%m/%d/%Y", "%m-%d-%Y", "%m %d, %Y", clocks=COMMA_CLOCKS
    ),
    _dates(
        "day-first", Message("word.day-first"),
        "%d/%m/%y", "%d.%m.%y", "%d/%m/%Y", "%d-%m-%Y", "%d.%m.%Y", clocks=COMMA_CLOCKS,
    ),
    _dates(
        "month-word", Message("word.month-as-word"),
        "%b %d, %Y", "%d %b %Y", "%B %d, %Y", "%d %B %Y", "%d-%b-%Y", "%d. %B %Y", "%A, %B %d, %Y", "%a, %b %d, %Y",
        clocks=COMMA_CLOCKS,
    ),
    _dates(
        "computer", Message("word.computer-print"),
        "%a %b %d %H:%M:%S %Y", "%a, %d %b %Y %H:%M:%S %z", "%d/%b/%Y:%H:%M:%S %z", clocks=("",),
    ),
)  # fmt: skip
"""Where several forms fit a whole column the first of them is taken: with slashes the month comes first, as in most
exports, unless some day is above 12."""
OF_NUMBERS = ("digits", "long-digits", "excel", "epoch")
"""Forms of times that are numbers; to try only these is quick."""
FORM_KEYS = tuple(form.key for form in FORMS)


def time_form(key: str) -> TimeForm:
    """The form that a person asks for.

    Raises:
        MisfitError: there is none of that name.
    """
    found = next((form for form in FORMS if form.key == key), None)
    if found is None:
        raise MisfitError(
            Message("time.unknown-form", form=key), Message("settings.choose-one-of", names=", ".join(FORM_KEYS))
        )
    return found


def time_forms(connection: duckdb.DuckDBPyConnection, table: str, column: str) -> list[TimeForm]:
    """The forms that read most of a text column, the one to take first.

    Decided by a sample; by all rows where the sample is ambiguous (01/02/2024).
    """
    filled = f"(SELECT trim({column}) AS t FROM {table} WHERE trim({column}) != '')"
    any_text = f"(SELECT {column} AS raw FROM {table} WHERE {column} != '')"  # to trim all of a large column takes long
    some = f"(SELECT raw FROM {any_text} USING SAMPLE reservoir({SAMPLE} ROWS) REPEATABLE (7))"
    sample = f"SELECT trim(raw) AS t FROM {some} WHERE trim(raw) != ''"
    number = connection.execute(f"SELECT count(*) - count(TRY_CAST(t AS DOUBLE)) FROM ({sample})").fetchall()[0][0] == 0
    known = [form for form in FORMS if form.key in OF_NUMBERS] if number else list(FORMS)
    if not connection.execute(f"SELECT bool_or(contains(t, '.') OR contains(t, ',')) FROM ({sample})").fetchall()[0][0]:
        known.remove(time_form("excel"))  # whole numbers of that size may be seconds of an experiment
    best = _best(connection, sample, known)
    return _best(connection, f"SELECT t FROM {filled}", best) if 1 < len(best) < len(known) else best


def epoch_seconds(form: TimeForm, column: str) -> str:
    """SQL for a trimmed text column: BIGINT epoch seconds (UTC where no offset is written), NULL where unreadable."""
    return f"CAST(floor({form.seconds.format(column)}) AS BIGINT)"


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
    forms = [time_form(wanted)] if wanted else time_forms(connection, table, column)
    form, text = forms[0], f"trim({column})"
    clocks = f"trim({clock})" if clock else "''"
    filled = f"(SELECT {text} AS t, {clocks} AS c FROM {table} WHERE {text} != '' LIMIT {MOST_LOOKED_AT})"
    days = form.seconds.format("t")
    seconds = epoch_seconds(form, "t")
    unread, first = connection.execute(f"SELECT count(*), min(t) FROM {filled} WHERE {days} IS NULL").fetchall()[0]
    notes = _notes(connection, filled, forms, unread, first)
    if clock:
        seconds = joined(seconds, clock_seconds("c"))
        counts = f"count(*) FILTER (coalesce(c, '') = ''), count(*) FILTER ({seconds} IS NULL)"
        bare, unread = connection.execute(f"SELECT {counts} FROM {filled}").fetchall()[0]
        notes += [Message("time.days-as-midnight", count=bare)] if bare else []
    return TimeReading(form, _samples(connection, filled, seconds), unread, notes)


def _samples(connection: duckdb.DuckDBPyConnection, filled: str, seconds: str) -> list[tuple[str, str]]:
    """Some of the rows whose `seconds` can be read: as they stand, and in ISO 8601."""
    sample = f"SELECT DISTINCT t, c FROM (SELECT t, c FROM {filled} LIMIT {SAMPLE})"
    shown = connection.execute(
        f"SELECT trim(t || ' ' || coalesce(c, '')) AS v, {seconds} AS s FROM ({sample}) WHERE s IS NOT NULL "
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
            missed = f"{time_form(other).seconds.format('t')} IS NULL AND {form.seconds.format('t')} IS NOT NULL"
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
    counts = ", ".join(f"count({form.seconds.format('t')})" for form in forms)
    found = connection.execute(f"SELECT {counts} FROM ({rows})").fetchall()[0]
    return [form for form, count in zip(forms, found, strict=True) if count == max(found)]
