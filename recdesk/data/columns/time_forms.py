"""The forms in which times are written, each as SQL that reads epoch seconds."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from recdesk.core.errors import MisfitError
from recdesk.core.messages import Message
from recdesk.data.columns import written_dates as written
from recdesk.data.columns.written_dates import LAST_YEAR, Shape, seconds_of
from recdesk.data.sql import sql_text

Sql = Callable[[str], str]
"""From SQL of a trimmed text to SQL of a value."""
EPOCH_UNITS = ((1e17, 1e9), (1e14, 1e6), (1e11, 1e3))
"""Epoch numbers above the first are nanoseconds, microseconds, milliseconds: divided by the second."""
CENTURY = 36_525 * 86_400
"""Seconds between a day of 1928 to 1999 and that of the next century."""
TICKS_1970, LAST_TICKS = 621_355_968_000_000_000, 662_380_416_000_000_000
""".NET's tenths of microseconds since the year 1, in 1970 and 2100; as nanoseconds they would be of 1989 and 1990."""
CLOCKS = ("", " %H:%M:%S", " %H:%M", " %H:%M:%S.%f", " %I:%M:%S %p", " %I:%M %p")
COMMA_CLOCKS = (*CLOCKS, *(f",{clock}" for clock in CLOCKS if clock))
T_CLOCKS = ("", *(f"{between}{clock}" for between in "T " for clock in ("%H:%M:%S", "%H:%M", "%H:%M:%S.%f")))


@dataclass(frozen=True)
class TimeForm:
    """A time format.

    Attributes:
        key: what a person says to ask for it.
        name: for people.
        sql: epoch seconds as a number, NULL where a text is not of this form; None where patterns tell.
        patterns: of strptime, tried in this order; those with `%y` where the year has two digits.
        begin: a regular expression that the texts of the patterns match.
        shapes: odd ways to write it, which are read slowly.
        a_number: every text of this form is a number.
        odd_first: the odd shapes are tried first: dozens of patterns that fail take longer than they do.
    """

    key: str
    name: str
    sql: Sql | None = None
    patterns: tuple[str, ...] = ()
    begin: str = "^[0-9A-Z]"
    shapes: tuple[Shape, ...] = ()
    a_number: bool = False
    odd_first: bool = False

    def seconds(self, text: str) -> str:
        """SQL for epoch seconds as a number, NULL where a text is not of this form."""
        if not self.shapes:
            return self.usual(text)
        ways = [self.usual(text), seconds_of(text, self.shapes)]
        return f"coalesce({', '.join(reversed(ways) if self.odd_first else ways)})"

    def usual(self, text: str) -> str:
        """The same without the odd shapes."""
        if self.sql is not None:
            return self.sql(text)
        return f"CASE WHEN regexp_matches({text}, {sql_text(self.begin)}) THEN {_by_patterns(text, self.patterns)} END"


def _by_patterns(text: str, patterns: Sequence[str]) -> str:
    zoned = [pattern for pattern in patterns if "%z" in pattern]
    long = [pattern for pattern in patterns if "%y" not in pattern and "%z" not in pattern]
    short = [pattern for pattern in patterns if "%y" in pattern]
    plain = f"replace({text}, '\u202f', ' ')"  # the narrow no-break space that browsers write before AM and PM
    usual = f"epoch(try_strptime({plain}, {long}))"
    if zoned:  # apart: in one list DuckDB 2.0 gives rows without an offset that of an earlier row
        usual = f"coalesce({usual}, epoch(try_strptime({plain}, {zoned})))"
    if not short:
        return usual
    this = f"epoch(try_strptime({plain}, {short}))"
    later = f"epoch(make_timestamp({LAST_YEAR + 1}, 1, 1, 0, 0, 0))"
    return (
        f"CASE WHEN regexp_matches({text}, '(^|[^0-9])[0-9]{{4}}([^0-9]|$)') THEN {usual} "
        f"ELSE {this} - CASE WHEN {this} >= {later} THEN {CENTURY} ELSE 0 END END"
    )


def _each(*forms: str, clocks: tuple[str, ...] = COMMA_CLOCKS) -> tuple[str, ...]:
    return tuple(form + clock for form in forms for clock in clocks)


def _digits(text: str) -> str:
    shape = f"regexp_full_match({text}, '(19|20)[0-9]{{6}}')"
    return f"CASE WHEN {shape} THEN epoch(try_strptime({text}, '%Y%m%d')) END"


def _long_digits(text: str) -> str:
    """To the minute, the second or the millisecond."""
    clock = "([01][0-9]|2[0-3])[0-5][0-9]([0-5][0-9]([0-9]{3})?)?"
    shape = f"regexp_full_match({text}, '(19|20)[0-9]{{2}}(0[1-9]|1[0-2])([0-2][0-9]|3[01]){clock}')"
    return f"CASE WHEN {shape} THEN epoch(try_strptime(rpad(left({text}, 14), 14, '0'), '%Y%m%d%H%M%S')) END"


def _epoch(text: str) -> str:
    number = f"TRY_CAST({text} AS DOUBLE)"
    scaled = " ".join(f"WHEN abs({number}) >= {above} THEN {number} / {unit}" for above, unit in EPOCH_UNITS)
    return f"CASE WHEN abs({number}) < 9e18 THEN CASE {scaled} ELSE {number} END END"


def _excel(text: str) -> str:
    number = f"TRY_CAST(replace({text}, ',', '.') AS DOUBLE)"
    return f"CASE WHEN {number} BETWEEN 20000 AND 80000 THEN round(({number} - 25569) * 86400) END"


def _ticks(text: str) -> str:
    number = f"TRY_CAST({text} AS BIGINT)"
    within = f"strlen({text}) = 18 AND {number} BETWEEN {TICKS_1970} AND {LAST_TICKS}"
    return f"CASE WHEN {within} THEN ({number} - {TICKS_1970}) // 10000000 END"


def _json_date(text: str) -> str:
    """Milliseconds in words of JavaScript or of .NET's JSON, whose offset is for display alone."""
    shape = r"^(?:new |\\?/)?Date\((-?[0-9]{1,15})(?:[-+][0-9]{4})?\)(?:\\?/)?;?$"
    return f"TRY_CAST(nullif(regexp_extract({text}, {sql_text(shape)}, 1), '') AS BIGINT) / 1000"


def _iso(text: str) -> str:
    """Also with a blank before the offset, as Ruby, git and PostgreSQL write it, and a comma before milliseconds."""
    zone = f"right({text}, 1) BETWEEN 'A' AND 'Y'"  # such as CST, which DuckDB reads in its own way
    fits = f"regexp_matches({text}, '^[0-9]{{4}}[-/]') AND NOT {zone}"
    closed = f"replace(replace(replace({text}, ' -', '-'), ' +', '+'), ',', '.')"
    open_ = " OR ".join(f"contains({text}, '{mark}')" for mark in (" -", " +", ","))
    return f"CASE WHEN {fits} THEN epoch(TRY_CAST(CASE WHEN {open_} THEN {closed} ELSE {text} END AS TIMESTAMPTZ)) END"


def _iso_basic(text: str) -> str:
    """20240229T120000Z, also without the T and the seconds."""
    clock = rf"[T ]?([0-9]{{2}}):?([0-9]{{2}})(?::?([0-9]{{2}}))?(?:[.,][0-9]+)?\s?({written.ZONE})?$"
    shape = rf"^((?:19|20)[0-9]{{2}})([0-9]{{2}})([0-9]{{2}}){clock}"
    names = ["year", "month", "day", "hour", "minute", "second", "zone"]
    moment = "concat(p.year, p.month, p.day, p.hour, p.minute, CASE p.second WHEN '' THEN '00' ELSE p.second END)"
    seconds = f"epoch(try_strptime({moment}, '%Y%m%d%H%M%S')) - {written.offset('p.zone')}"
    found = f"list_transform([regexp_extract({text}, {sql_text(shape)}, {names})], lambda p: {seconds})[1]"
    return f"CASE WHEN regexp_matches({text}, '^(19|20)[0-9]{{6}}[T 0-9]') THEN {found} END"


def _iso_week(text: str) -> str:
    """2024-W09-4 and 2024W094 (a week alone is its Monday), and the day of the year: 2024-060."""
    forms = ("%G-W%V-%u", "%GW%V%u", "%Y-%j")
    patterns = [form + clock for form in forms for clock in T_CLOCKS]
    zone = rf"(?:[0-9]{{2}}:[0-9]{{2}}.*?)\s?({written.ZONE})$"
    day = f"regexp_replace({text}, '^([0-9]{{4}})-?W([0-9]{{2}})$', '\\1-W\\2-1')"
    plain = f"regexp_replace({day}, '(:[0-9]{{2}}[.0-9]*)\\s?{written.ZONE}$', '\\1')"
    seconds = (
        f"epoch(try_strptime({plain}, {patterns})) - {written.offset(f'regexp_extract({text}, {sql_text(zone)}, 1)')}"
    )
    fits = f"regexp_matches({text}, '^[0-9]{{4}}(-?W[0-9]{{2}}|-[0-9]{{3}}([T ]|$))')"
    return f"CASE WHEN {fits} THEN {seconds} END"


_YEAR_FIRST = (
    "%Y年%m月%d日", "%Y年%m月%d日 %H时%M分%S秒", "%Y年%m月%d日 %H时%M分", "%Y年%m月%d日%H时%M分",
    "%Y.%m.%d", "%Y/%m/%d", "%Y-%m-%d",
)  # fmt: skip
FORMS = (
    TimeForm("digits", Message("word.8-digit-date"), _digits, a_number=True),
    TimeForm("long-digits", Message("word.14-digit-time"), _long_digits, a_number=True),
    TimeForm("excel", Message("word.excel-days"), _excel, a_number=True),
    TimeForm("ticks", Message("word.net-ticks"), _ticks, a_number=True),
    TimeForm("epoch", Message("word.epoch-seconds"), _epoch, a_number=True),
    TimeForm("iso", "ISO 8601", _iso, shapes=(written.ISO,)),
    TimeForm("iso-basic", Message("word.iso-basic"), _iso_basic),
    TimeForm("iso-week", Message("word.iso-week"), _iso_week),
    TimeForm(
        "year-first", Message("word.year-first"), patterns=_each(*_YEAR_FIRST), begin="^[0-9]{4}",
        shapes=(written.YEAR_FIRST, written.YEAR_WORD),
    ),
    TimeForm(
        "month-first", Message("word.month-first"),
        patterns=_each("%m/%d/%y", "%m-%d-%y", "%m/%d/%Y", "%m-%d-%Y", "%m %d, %Y"),
        begin="^(0?[1-9]|1[0-2])[-/ ]", shapes=(written.MONTH_FIRST,),
    ),
    TimeForm(
        "day-first", Message("word.day-first"),
        patterns=_each("%d/%m/%y", "%d.%m.%y", "%d-%m-%y", "%d/%m/%Y", "%d-%m-%Y", "%d.%m.%Y"),
        begin="^(0?[1-9]|[12][0-9]|3[01])[-/.]", shapes=(written.DAY_FIRST,),
    ),
    TimeForm(
        "month-word", Message("word.month-as-word"),
        patterns=_each(
            "%b %d, %Y", "%d %b %Y", "%B %d, %Y", "%d %B %Y", "%d-%b-%Y", "%d. %B %Y", "%A, %B %d, %Y",
            "%a, %b %d, %Y", "%d-%b-%y", "%d %b %y",
        ),
        shapes=(written.DAY_WORD, written.WORD_DAY, written.YEAR_WORD),
    ),
    TimeForm(
        "computer", Message("word.computer-print"), patterns=(
            "%a %b %d %H:%M:%S %Y", "%a %b %d %H:%M:%S %z %Y", "%a, %d %b %Y %H:%M:%S %z", "%d/%b/%Y:%H:%M:%S %z",
        ),
        shapes=(written.YEAR_LAST,),
    ),
    TimeForm("json-date", Message("word.json-date"), _json_date),
)  # fmt: skip
"""Where several forms fit a whole column the first of them is taken: with slashes the month comes first, as in most
exports, unless some day is above 12."""
OF_NUMBERS = tuple(form for form in FORMS if form.a_number)
"""To try only these is quick."""
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
