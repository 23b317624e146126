"""Times of day in a column of their own, joined with the dates of another column."""

import re

CLOCK = re.compile(
    r"(?i)(上午|下午|[ap]\.?m\.?)?\s?([01]?[0-9]|2[0-3])[:：时時点點]([0-5][0-9])(?:[:：分]([0-5][0-9])?(?:[.,][0-9]+)?)?秒?"
    r"\s?([ap]\.?m\.?)?"
)
"""13:45, 1:45:10.250 PM, 下午1:45, 13时45分10秒; in words that Python and DuckDB both understand."""


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
