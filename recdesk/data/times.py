"""Times of all common forms as epoch seconds, in SQL."""

EPOCH_UNITS = ((1e17, 1e9), (1e14, 1e6), (1e11, 1e3))
"""Epoch numbers above the first are nanoseconds, microseconds, milliseconds: divided by the second."""

FORMS = (
    "%Y/%m/%d %H:%M:%S", "%Y/%m/%d %H:%M", "%Y/%m/%d", "%d.%m.%Y %H:%M:%S", "%d.%m.%Y %H:%M", "%d.%m.%Y",
    "%Y%m%d %H:%M:%S", "%Y年%m月%d日 %H:%M:%S", "%Y年%m月%d日 %H:%M", "%Y年%m月%d日",
    "%a %b %d %H:%M:%S %Y", "%d %b %Y", "%b %d, %Y", "%m/%d/%Y %H:%M:%S", "%m/%d/%Y %H:%M", "%m/%d/%Y",
)  # fmt: skip
"""Tried in this order after ISO 8601; month first where a slash leaves it open, as in most exports with slashes."""


def epoch_seconds(column: str) -> str:
    """SQL for a text column: BIGINT epoch seconds (UTC where no offset is written), NULL where unreadable."""
    forms = ", ".join(f"'{form}'" for form in FORMS)
    number = f"TRY_CAST({column} AS DOUBLE)"
    scaled = " ".join(f"WHEN abs({number}) >= {above} THEN {number} / {unit}" for above, unit in EPOCH_UNITS)
    offset = f"regexp_extract({column}, '[T ].*([+-]\\d\\d:?\\d\\d)$', 1)"
    minutes = (
        f"CASE WHEN {offset} = '' THEN 0 ELSE CAST(left({offset}, 1) || '1' AS INTEGER) * "
        f"(60 * CAST(substr({offset}, 2, 2) AS INTEGER) + CAST(right({offset}, 2) AS INTEGER)) END"
    )
    iso = f"TRY_CAST(regexp_replace({column}, '([T ].*)[+-]\\d\\d:?\\d\\d$', '\\1') AS TIMESTAMP)"
    return (
        f"CASE WHEN {number} IS NOT NULL THEN CASE WHEN isfinite({number}) AND abs({number}) < 9e18 "
        f"THEN CAST(floor(CASE {scaled} ELSE {number} END) AS BIGINT) END "
        f"WHEN {iso} IS NOT NULL THEN CAST(floor(epoch({iso})) AS BIGINT) - 60 * ({minutes}) "
        f"ELSE CAST(floor(epoch(try_strptime({column}, [{forms}]))) AS BIGINT) END"
    )
