"""Ids that stand for nobody: words that programs write where there is no id, and a value with an implausible share."""

from collections.abc import Iterable
from typing import Literal

from recdesk.data.sql import sql_text

WORDS = (
    "na", "n/a", "#n/a", "<na>", "null", "(null)", "nil", "nan", "none", "(none)", "undefined", "(not set)", "not set",
    "\\n", "-", "--", "?",
)  # fmt: skip
"""In lower case."""
SPELLINGS = frozenset({*WORDS, *map(str.upper, WORDS), *map(str.capitalize, WORDS), "NaN"} - {"Nan"})
"""The words as programs write them; “Nan” is a name."""
SUSPECTS = frozenset(
    {
        "0", "-1", "0.0", "-1.0", "00000000-0000-0000-0000-000000000000", "unknown", "Unknown", "UNKNOWN", "anonymous",
        "Anonymous", "ANONYMOUS", "anon", "guest", "Guest", "GUEST", "未知", "匿名", "游客",
    }
)  # fmt: skip
"""Values that are an id in one file and nobody in another; their share tells."""
FEWEST = 20
"""Rows whose shares tell something."""
SAMPLE = 5000
"""Rows that are asked for the share of a value."""

Verdict = Literal["nobody", "doubtful", ""]


def verdict(count: int, rows: int, distinct: int) -> Verdict:
    """What the share of one of SUSPECTS says.

    Args:
        count: rows that have it.
        rows: rows that have any value.
        distinct: values.
    """
    if distinct < 2 or rows < FEWEST:
        return ""
    share, usual = count / rows, (rows - count) / (distinct - 1)
    if (share >= 0.3 and count >= 10 * usual) or (share >= 0.5 and count >= 5 * usual):
        return "nobody"
    return "doubtful" if share >= 0.2 and count >= 3 * usual else ""


def suspects_in(counts: Iterable[tuple[str, int]]) -> dict[str, Verdict]:
    """The values of a sample that stand for nobody, or may, by how often each value occurs in it."""
    filled = [(value, count) for value, count in counts if value and value not in SPELLINGS]
    rows = sum(count for _, count in filled)
    found = {value: verdict(count, rows, len(filled)) for value, count in filled if value in SUSPECTS}
    return {value: said for value, said in found.items() if said}


def nobody_test(column: str, values: Iterable[str]) -> str:
    """SQL that tells whether a trimmed text column is empty or has one of the values that stand for nobody."""
    listed = ", ".join(map(sql_text, values))
    return f"coalesce({column}, '') = ''" + (f" OR {column} IN ({listed})" if listed else "")
