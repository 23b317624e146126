"""Tells from a text whether it is a number, a moment, a day or a time of day; how it is read stands in `times`."""

import re
from collections.abc import Sequence

from recdesk.data.columns.clocks import CLOCK

NUMBER = re.compile(r"\s*[+-]?\d+([.,]\d+)?\s*")
_MONTH = "(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*"
MOMENT = re.compile(
    rf"""(?ix)\s*(?:
    (?:[1-9][0-9]{{8,9}}|1[0-9]{{12}})(?:\.\d+)? | 1[0-9]{{15}} | 1[0-9]{{18}}     # epoch
    | (?:19|20)\d\d(?:0[1-9]|1[0-2])(?:[0-2]\d|3[01])(?:\d{{6}})?               # 20241231
    | \d{{1,4}}\s?[-/.年]\s?\d{{1,2}}\s?[-/.月]\s?\d{{1,4}}.*                   # 31.12.2024
    | (?:[a-z]{{3,9}}\.?,?\s)?\d{{1,2}}\.?[\s/-]{_MONTH}\.?,?[\s/-]\d{{2,4}}.*   # Tue, 31 Dec 2024
    | (?:[a-z]{{3,9}}\.?,?\s)?{_MONTH}\.?\s\d{{1,2}}(?:,?\s|\s[\d:]+\s(?:[+-]\d\d:?\d\d\s|[a-z]{{2,5}}\s)?)\d{{4}}.*
                                                                 # Dec 31, 2024; Tue Dec 31 10:00:00 +0100 2024
    | (?:19|20)\d\d(?:0[1-9]|1[0-2])(?:[0-2]\d|3[01])T\d{{4}}.*                 # 20241231T1000Z
    | (?:19|20)\d\d-?W[0-5]\d.*                                               # 2024-W52-1
    | \d\d\s\d\d?,\s\d{{4}}                                                   # 02 29, 2024
    )\s*"""
)
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
