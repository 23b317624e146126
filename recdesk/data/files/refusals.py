"""Text files that are certainly no log of users and items, refused by what they are."""

import re
from collections.abc import Callable, Sequence

from recdesk.core.errors import DataError
from recdesk.core.messages import Message

ALIKE = 0.9
"""Share of lines that have to look alike."""
LEAST_LINES = 3
ACCESS_LOG = re.compile(r'\S+ \S+ .{1,60}? \[\d{1,2}/\w{3}/\d{4}:\d\d:\d\d:\d\d [+-]\d{4}\] ".*')
"""The common and combined formats of Apache and nginx."""
IIS_LOG = re.compile(r"#(Software: Microsoft Internet Information|Fields: .*\bcs-uri-stem\b)")
CRITEO = re.compile(r"[01]?(?:\t-?\d*){13}(?:\t(?:[0-9a-f]{8})?){26}")
FIELD_AWARE = re.compile(r"\s*[+-]?[\d.]+(?:\s+\d+:\d+:[\d.eE+-]+)+\s*")
RANKED = re.compile(r"\s*[\d.]+\s+qid:\d+(?:\s+\d+:\S+)+\s*(?:#.*)?")
AVAZU = {"click", "hour", "banner_pos", "site_id", "device_ip"}
DECIMAL = re.compile(r"\s*[+-]?\d*\.\d+(?:[eE][+-]?\d+)?\s*")
LEAST_FEATURES = 3


def refuse_other_kinds(name: str, lines: Sequence[str]) -> None:
    """Raise a DataError where the lines are a web server's log, or clicks or features without anybody's ids.

    Args:
        name: the file's, for people.
        lines: its first ones.
    """
    filled = [line for line in lines if line.strip()]
    if any(IIS_LOG.match(line) for line in filled[:10]) or _are(filled, ACCESS_LOG.fullmatch):
        raise DataError(Message("layout.web-log", name=name), Message("layout.make-table-of-visits"))
    for pattern, words in (
        (CRITEO, Message("word.criteo")),
        (FIELD_AWARE, Message("word.field-aware")),
        (RANKED, Message("word.learning-to-rank")),
    ):
        if _are(filled, pattern.fullmatch):
            raise DataError(Message("layout.no-ids", name=name, kind=words), Message("layout.need-log-with-ids"))
    if filled and set(re.split("[,;\t]", filled[0].strip())) >= AVAZU:
        kind = Message("word.avazu")
        raise DataError(Message("layout.no-ids", name=name, kind=kind), Message("layout.need-log-with-ids"))


def refuse_features(name: str, rows: Sequence[Sequence[str]]) -> None:
    """Raise a DataError where rows without names have nothing but decimals: no value can be an id."""
    cells = [cell for row in rows for cell in row if cell.strip()]
    wide = min(map(len, rows), default=0) >= LEAST_FEATURES and len(rows) >= LEAST_LINES
    if wide and all(map(DECIMAL.fullmatch, cells)):
        kind = Message("word.features-only")
        raise DataError(Message("layout.no-ids", name=name, kind=kind), Message("layout.need-log-with-ids"))


def _are(lines: Sequence[str], looks: Callable[[str], object]) -> bool:
    found = sum(bool(looks(line)) for line in lines[:50])
    return len(lines) >= LEAST_LINES and found >= ALIKE * len(lines[:50])
