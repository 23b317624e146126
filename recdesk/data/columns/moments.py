"""Tells from a text whether it is a number, a moment, a day or a time of day, and reads times of day beside their days;
how moments are read stands in `times`."""

import re
from collections.abc import Sequence

from recdesk.data.columns.written_dates import MONTHS, ZONE

CLOCK = re.compile(
    r"(?i)(上午|下午|[ap]\.?m\.?)?\s?([01]?[0-9]|2[0-3])[:：时時点點]([0-5][0-9])(?:[:：分]([0-5][0-9])?(?:[.,][0-9]+)?)?秒?"
    r"\s?([ap]\.?m\.?)?"
)
"""13:45, 1:45:10.250 PM, 下午1:45, 13时45分10秒; in words that Python and DuckDB both understand."""
NUMBER = re.compile(r"\s*[+-]?\d+([.,]\d+)?\s*")
_MONTH_WORD = "(?:" + "|".join(sorted(MONTHS, key=len, reverse=True)) + r")(?![^\W\d_])"
MOMENT = re.compile(
    rf"""(?ix)\s*(?:
    (?:[1-9][0-9]{{8,9}}|1[0-9]{{12}})(?:\.\d+)? | 1[0-9]{{15}} | 1[0-9]{{18}}     # epoch
    | 6[2-6][0-9]{{16}}                                                         # .NET's ticks
    | (?:19|20)\d\d(?:0[1-9]|1[0-2])(?:[0-2]\d|3[01])                          # 20241231, 20241231T235959Z
      (?:[T\s]?\d{{2}}:?\d{{2}}(?::?\d{{2}}(?:[.,]?\d+)?)?\s?{ZONE}?)?
    | (?:19|20)\d\d-?W[0-5]\d(?:-?[1-7](?:[T\s].*)?)?                            # 2024-W03-4
    | \d{{1,4}}\s?[-/.年]\s?\d{{1,2}}\s?[-/.月]\s?\d{{1,4}}.*                   # 31.12.2024
    | \[?(?:\w{{2,10}}\.?,?\s)?\d{{1,2}}\.?\s?[\s/-]?(?:de\s)?{_MONTH_WORD}     # Tue, 31 Dec 2024
      \.?,?(?:\sdel?)?[\s/-]?\s?\d{{2,4}}.*
    | \d{{4}}[\s/-]{_MONTH_WORD}[\s/-]\d{{1,2}}.*                                   # 2024-Dec-31
    | (?:\w{{2,10}}\.?,?\s)?{_MONTH_WORD}\.?\s\d{{1,2}}(?:st|nd|rd|th)?           # Dec 31, 2024
      (?:,?\s|\s\d[\d:.]+\s(?:[\w:+-]+\s)?)\d{{4}}.*
    | \d\d\s\d\d?,\s\d{{4}}                                                   # 02 29, 2024
    | \w{{2,10}},?\s\d\d?[./-]\d\d?[./-]\d{{4}}.*                                # Tuesday, 31.12.2024
    | (?:new\s|\\?/)?Date\(-?\d+(?:[+-]\d{{4}})?\)(?:\\?/)?;?                     # /Date(1735689540000)/
    )\s*"""
)
"""A moment or a day, in any of the forms of `time_forms` that is not a mere number; of numbers the likely ones."""
DAY = re.compile(
    r"(?ix)(?!\d{8}T\d)(?: (?:19|20)\d{6} | [^:时時点點]*[^:时時点點\d][^:时時点點]*?"
    r"(?:[T\s](?:0?0:00(?::00(?:\.0+)?)?(?:Z|[+-]00:?00)?|12:00(?::00)?\sAM))? )"
)
"""A date without a clock, or with the midnight that programs write where they know none."""
NEARLY_ALL = 0.9
"""Share of values."""


def are_clocks(values: Sequence[str]) -> bool:
    """Nearly all of these (trimmed, not empty) are times of day."""
    return bool(values) and sum(CLOCK.fullmatch(value) is not None for value in values) >= NEARLY_ALL * len(values)


def are_days(values: Sequence[str]) -> bool:
    """Nearly all of these, which are dates or moments, are without a time of day."""
    return bool(values) and sum(DAY.fullmatch(value) is not None for value in values) >= NEARLY_ALL * len(values)


def joined(day: str, clock: str) -> str:
    """SQL for epoch seconds of a day and seconds since its midnight; NULL where both have a time of day."""
    return f"CASE WHEN ({day}) % 86400 = 0 OR ({clock}) = 0 THEN ({day}) + ({clock}) END"


def clock_seconds(column: str) -> str:
    """SQL for a trimmed text column: seconds since midnight (BIGINT), 0 where it is empty, NULL where unreadable."""
    parts = f"regexp_extract({column}, '^(?:{CLOCK.pattern})$', ['before', 'hour', 'minute', 'second', 'behind'])"
    half = f"lower(substr(replace(replace({parts}.before, '上午', 'a'), '下午', 'p') || {parts}.behind, 1, 1))"
    hour, minute, second = (f"coalesce(TRY_CAST({parts}.{part} AS BIGINT), 0)" for part in ("hour", "minute", "second"))
    of_day = f"CASE WHEN {half} = '' THEN {hour} WHEN {hour} <= 12 THEN {hour} % 12 + 12 * ({half} = 'p')::BIGINT END"
    written = f"CASE WHEN {parts}.hour != '' THEN ({of_day}) * 3600 + {minute} * 60 + {second} END"
    plain = f"CAST(floor(date_part('epoch', TRY_CAST({column} AS TIME))) AS BIGINT)"  # many times as fast
    return (
        f"CASE WHEN coalesce({column}, '') = '' THEN 0 "
        f"WHEN regexp_full_match({column}, '[0-9:.]+') THEN {plain} ELSE {written} END"
    )
