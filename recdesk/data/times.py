"""Times of all common forms as epoch seconds, in SQL."""

from collections.abc import Sequence
from dataclasses import dataclass

import duckdb

EPOCH_UNITS = ((1e17, 1e9), (1e14, 1e6), (1e11, 1e3))
"""Epoch numbers above the first are nanoseconds, microseconds, milliseconds: divided by the second."""

SAMPLE = 2000
CLOCKS = ("", " %H:%M:%S", " %H:%M", " %H:%M:%S.%f", " %I:%M:%S %p", " %I:%M %p")


@dataclass(frozen=True)
class TimeForm:
    """A way to write times.

    Attributes:
        name: for people.
        seconds: SQL with `{}` for a trimmed text column: epoch seconds as a number, NULL where it is not of this form.
    """

    name: str
    seconds: str


def _dates(name: str, *forms: str, clocks: tuple[str, ...] = CLOCKS, shape: str = "^[0-9A-Z]") -> TimeForm:
    patterns = ", ".join(f"'{form}{clock}'" for form in forms for clock in clocks)
    fits = f"regexp_matches({{0}}, '{shape.replace('{', '{{').replace('}', '}}')}')"
    return TimeForm(name, f"CASE WHEN {fits} THEN epoch(try_strptime({{0}}, [{patterns}])) END")


def _digits(name: str, form: str, length: int) -> TimeForm:
    shape = f"regexp_full_match({{0}}, '(19|20)[0-9]{{{{{length - 2}}}}}')"
    return TimeForm(name, f"CASE WHEN {shape} THEN epoch(try_strptime({{0}}, '{form}')) END")


def _epoch() -> TimeForm:
    number = "TRY_CAST({0} AS DOUBLE)"
    scaled = " ".join(f"WHEN abs({number}) >= {above} THEN {number} / {unit}" for above, unit in EPOCH_UNITS)
    return TimeForm("epoch seconds", f"CASE WHEN abs({number}) < 9e18 THEN CASE {scaled} ELSE {number} END END")


FORMS = (
    _digits("year, month and day in 8 digits", "%Y%m%d", 8),
    _digits("year to second in 14 digits", "%Y%m%d%H%M%S", 14),
    _epoch(),
    TimeForm(
        "ISO 8601", "CASE WHEN regexp_matches({0}, '^[0-9]{{4}}[-/]') THEN epoch(TRY_CAST({0} AS TIMESTAMPTZ)) END"
    ),
    _dates("year first", "%Y年%m月%d日", "%Y.%m.%d", "%Y/%m/%d", "%Y-%m-%d", shape="^[0-9]{4}"),
    _dates("month first", "%m/%d/%y", "%m/%d/%Y", "%m-%d-%Y", "%m %d, %Y"),
    _dates("day first", "%d/%m/%y", "%d.%m.%y", "%d/%m/%Y", "%d-%m-%Y", "%d.%m.%Y"),
    _dates("month as a word", "%b %d, %Y", "%d %b %Y", "%B %d, %Y", "%d %B %Y", "%d-%b-%Y"),
    _dates("as computers print it", "%a %b %d %H:%M:%S %Y", "%a, %d %b %Y %H:%M:%S %z", clocks=("",)),
)
"""Where several forms fit a whole column the first of them is taken: with slashes the month comes first, as in most
exports, unless some day is above 12."""


def time_forms(connection: duckdb.DuckDBPyConnection, table: str, column: str) -> list[TimeForm]:
    """The forms that read most of a text column, the one to take first.

    A sample is asked; all rows are where the sample leaves it open (01/02/2024).
    """
    filled = f"(SELECT trim({column}) AS t FROM {table} WHERE trim({column}) != '')"
    any_text = (
        f"(SELECT {column} AS raw FROM {table} WHERE {column} != '')"  # trimming all of a large column takes long
    )
    some = f"(SELECT raw FROM {any_text} USING SAMPLE reservoir({SAMPLE} ROWS) REPEATABLE (7))"
    best = _best(connection, f"SELECT trim(raw) AS t FROM {some} WHERE trim(raw) != ''", FORMS)
    return _best(connection, f"SELECT t FROM {filled}", best) if 1 < len(best) < len(FORMS) else best


def epoch_seconds(form: TimeForm, column: str) -> str:
    """SQL for a trimmed text column: BIGINT epoch seconds (UTC where no offset is written), NULL where unreadable."""
    return f"CAST(floor({form.seconds.format(column)}) AS BIGINT)"


def _best(connection: duckdb.DuckDBPyConnection, rows: str, forms: Sequence[TimeForm]) -> list[TimeForm]:
    counts = ", ".join(f"count({form.seconds.format('t')})" for form in forms)
    found = connection.execute(f"SELECT {counts} FROM ({rows})").fetchall()[0]
    return [form for form, count in zip(forms, found, strict=True) if count == max(found)]
