"""Dates in the less usual ways of writing them, in SQL: zones, months as words, halves of the day."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from types import MappingProxyType

from recdesk.data.sql import sql_text

ZONES: Mapping[str, float] = MappingProxyType(
    {
        "Z": 0, "UTC": 0, "GMT": 0, "WET": 0, "WEST": 1, "BST": 1, "CET": 1, "MEZ": 1, "CEST": 2, "MESZ": 2, "EET": 2,
        "EEST": 3, "MSK": 3, "IST": 5.5, "HKT": 8, "SGT": 8, "AWST": 8, "JST": 9, "KST": 9, "AEST": 10, "AEDT": 11,
        "NZST": 12, "NZDT": 13, "BRT": -3, "EDT": -4, "EST": -5, "CDT": -5, "CST": -6, "MDT": -6, "MST": -7, "PDT": -7,
        "PST": -8, "AKDT": -8, "AKST": -9, "HST": -10,
    }
)  # fmt: skip
"""Hours that the clocks of a zone are ahead of UTC. Of names that several zones have (CST, IST, BST) one is taken; that
is said."""
NEUTRAL = ("UTC", "GMT")
ZONE = rf"(?:{'|'.join(sorted(ZONES, key=len, reverse=True))}|(?:UTC|GMT)?[+-](?:0[0-9]|1[0-4])(?::?[0-5][0-9])?)"

_MONTHS = """
jan january jän jänner januar janv janvier ene enero gen gennaio janeiro янв января
feb february februar fév févr février febr febrero febbraio fev fevereiro фев февраля
mar march mär märz mrz mars marzo março мар марта
apr april avr avril abr abril aprile апр апреля
may mai mayo mag maggio maio мая май
jun june juni juin junio giu giugno junho июн июня
jul july juli juil juillet julio lug luglio julho июл июля
aug august aoû août aout ago agosto авг августа
sep sept september septembre septiembre set settembre setembro сен сентября
oct october okt oktober octobre octubre ott ottobre out outubro окт октября
nov november novembre noviembre novembro ноя ноября
dec december dez dezember déc décembre dic diciembre dicembre dezembro дек декабря
"""
MONTHS: Mapping[str, int] = MappingProxyType(
    {word: number for number, words in enumerate(_MONTHS.split("\n")[1:-1], 1) for word in words.split()}
)
"""Number of a month by its name, in lower case without a point: English, German, French, Spanish, Italian, Portuguese,
Russian."""

MOMENTS = (
    "%Y-%m-%d", "%Y-%m-%d %H:%M:%S", "%Y-%m-%d %H:%M", "%Y-%m-%d %I:%M:%S %p", "%Y-%m-%d %I:%M %p",
)  # fmt: skip
_DAY, _MONTH, _YEAR, _SHORT = "(0?[1-9]|[12][0-9]|3[01])", "(0?[1-9]|1[0-2])", "([0-9]{4})", "([0-9]{4}|[0-9]{2})"
_WORD = f"(?i:({'|'.join(sorted(MONTHS, key=len, reverse=True))}))"
CLOCK = "(?:[01]?[0-9]|2[0-4]):[0-5]?[0-9](?::[0-6]?[0-9])?"
_BEHIND = rf"[\s,:T]*({CLOCK})?(?:[.,][0-9]+)?\s?([AaPp][Mm])?\s?({ZONE})?$"
PARTS = ("year", "month", "day", "clock", "half", "zone")


@dataclass(frozen=True)
class Shape:
    """A way to write a date.

    Attributes:
        pattern: a regular expression over a tidied text; its groups are PARTS.
        order: names of the groups, in their order in the pattern.
    """

    pattern: str
    order: tuple[str, ...]


def _shape(pattern: str, *order: str) -> Shape:
    return Shape(f"^{pattern}{_BEHIND}", (*order, "clock", "half", "zone"))


ISO = _shape(rf"{_YEAR}[-/]{_MONTH}[-/]{_DAY}", "year", "month", "day")
YEAR_FIRST = _shape(rf"{_YEAR}\s?[-/.年]\s?{_MONTH}\s?[-/.月]\s?{_DAY}[日.]?", "year", "month", "day")
MONTH_FIRST = _shape(rf"{_MONTH}[-/. ]{_DAY}(?:[-/.]|,? ){_SHORT}", "month", "day", "year")
DAY_FIRST = _shape(rf"{_DAY}[-/. ]{_MONTH}(?:[-/.]|,? ){_SHORT}", "day", "month", "year")
DAY_WORD = _shape(rf"{_DAY}[.\s/-]*(?:de )?{_WORD}(?: de)?[\s,/-]*{_SHORT}", "day", "month", "year")
WORD_DAY = _shape(rf"{_WORD} {_DAY},? {_YEAR}", "month", "day", "year")
YEAR_WORD = _shape(rf"{_YEAR}[\s/-]{_WORD}[\s/-]{_DAY}", "year", "month", "day")
YEAR_LAST = Shape(
    rf"^{_WORD} {_DAY},? ({CLOCK})(?:\.[0-9]+)?\s?([AaPp][Mm])? ?({ZONE})? {_YEAR}$",
    ("month", "day", "clock", "half", "zone", "year"),
)

_WEEKDAY = r"^\pL+,?\s+([0-9]{1,2}\s*(?:de )?\pL{3}|\pL{3,} [0-9]|[0-9]{1,4}[./-][0-9])"
_TIDYING = (
    (r"\s*\([^)]*\)$|^\[|\]$", ""),  # (Central European Time)
    (r"\s*(?:星期|礼拜|周|週)[一二三四五六日天]\s*", " "),
    (r"(\pL)\.", r"\1"),  # janv., a.m.
    (r"(?i)\b([ap])\s?m\b", r"\1m"),
    (r"\b([0-9]{1,2})\s?[h时時点點]\s?([0-9]{1,2})\s?(?:min|m|分)\s?([0-9]{1,2})\s?[s秒]?", r"\1:\2:\3"),
    (r"\b([0-9]{1,2})\s?[h时時点點]\s?(?:([0-9]{1,2})分|([0-9]{2})\b)", r"\1:\2\3"),
    (r"([0-9]\S*\s[0-9]{1,2})\.([0-9]{2})\.([0-9]{2})(?:\.[0-9]+)?(\s?[AaPp][Mm])?$", r"\1:\2:\3\4"),
    (r"\s*(?:上午|凌晨|早上|清晨)\s*([0-9:.]+)", r" \1 AM"),
    (r"\s*(?:下午|中午|傍晚|午後)\s*([0-9:.]+)", r" \1 PM"),
    (r"(?i)\s+(?:à|at|um|às|a las|alle|kl|klo)\s+|\s?Uhr\b", " "),
    (r"([0-9])(?:st|nd|rd|th|er|º)\b", r"\1"),
    (r"\s+", " "),
    (r"\bdel\b", "de"),
    (r"^\s|\s$", ""),
    (_WEEKDAY, r"\1"),
)
ODD = r"[^-0-9/.: ]|:[0-9.]+ ?-"
"""Matches what a usual form may fail to read for another reason than the order of day and month."""
LONGEST = 100
LAST_YEAR = datetime.now(UTC).year + 1
"""Years of two digits are at most this one, and at least the one 99 years before."""


def is_odd(text: str) -> str:
    """SQL: whether a text is worth the long way."""
    return f"(strlen({text}) <= {LONGEST} AND regexp_matches({text}, {sql_text(ODD)}))"


def tidied(text: str) -> str:
    """SQL for a text with its words, halves of the day and clocks as the shapes expect them."""
    tidy = f"translate({text}, '：，\u202f\u00a0\u3000', ':,   ')"
    for pattern, by in _TIDYING:
        tidy = f"regexp_replace({tidy}, {sql_text(pattern)}, {sql_text(by)}, 'g')"
    return tidy


def fits(tidy: str, shapes: Sequence[Shape]) -> str:
    """SQL: whether a tidied text has one of the shapes; quicker to plan than to read it."""
    return "(" + " OR ".join(f"regexp_matches({tidy}, {sql_text(shape.pattern)})" for shape in shapes) + ")"


def seconds_of(text: str, shapes: Sequence[Shape]) -> str:
    """SQL for epoch seconds of a text, NULL where it is not odd or has none of the shapes; slow.

    Args:
        text: SQL.
        shapes: tried in this order.
    """
    tried = ", ".join(_by_shape("tidy", shape) for shape in shapes)
    return f"CASE WHEN {is_odd(text)} THEN list_transform([{tidied(text)}], lambda tidy: coalesce({tried}))[1] END"


def _by_shape(text: str, shape: Shape) -> str:
    year = _year("p.year") if _SHORT in shape.pattern else "p.year"
    month = _month("p.month") if _WORD in shape.pattern else "p.month"
    clock, half = (f"CASE WHEN p.{part} = '' THEN '' ELSE ' ' || p.{part} END" for part in ("clock", "half"))
    written = f"{year} || '-' || {month} || '-' || p.day || {clock} || {half}"
    seconds = f"epoch(try_strptime({written}, {list(MOMENTS)})) - {offset('p.zone')}"
    found = f"regexp_extract({text}, {sql_text(shape.pattern)}, {list(shape.order)})"
    return f"list_transform([{found}], lambda p: {seconds})[1]"


def _year(year: str) -> str:
    century = f"CASE WHEN TRY_CAST({year} AS INT) <= {LAST_YEAR % 100} THEN '20' ELSE '19' END"
    return f"CASE WHEN length({year}) = 2 THEN {century} || {year} ELSE {year} END"


def _month(month: str) -> str:
    """SQL for the number of a month, as text; NULL for an unknown word."""
    return _looked_up(MONTHS, f"lower({month})")


def offset(zone: str) -> str:
    """SQL for the seconds that a zone is ahead of UTC; 0 for an empty text."""
    parts = f"regexp_extract({zone}, '([-+])([0-9]{{2}}):?([0-9]{{2}})?$', ['sign', 'hours', 'minutes'])"
    seconds = f"{parts}.hours::BIGINT * 3600 + coalesce(TRY_CAST({parts}.minutes AS BIGINT), 0) * 60"
    ahead = f"({seconds}) * CASE {parts}.sign WHEN '-' THEN -1 ELSE 1 END"
    named = _looked_up({name: int(hours * 3600) for name, hours in ZONES.items()}, zone)
    return f"CASE WHEN {zone} = '' THEN 0 WHEN regexp_matches({zone}, '[0-9]$') THEN {ahead} ELSE {named}::BIGINT END"


def _looked_up(numbers: Mapping[str, int], word: str) -> str:
    """SQL for the number of a word, as text; NULL for an unknown one. DuckDB plans a map of so many for 20 ms."""
    table = sql_text("".join(f" {name}={number:<6}" for name, number in numbers.items()))
    found = f"nullif(instr({table}, concat(' ', {word}, '=')), 0)"
    return f"rtrim(substr({table}, {found} + length({word}) + 2, 6))"
