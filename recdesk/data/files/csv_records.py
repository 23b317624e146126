"""Splits records of delimited text into fields by the rules of DuckDB's reader, so that preview, line numbers and
import agree."""

import functools
import re
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

BLANK_RUN = r"\s+"
"""The separator of columns that are aligned with blanks or tabs, any number of them."""
MOST_LOOKS = 16
"""At most so many times `longest` characters are scanned for one record: its quotes may close and reopen in each
line."""
MOST_ENDLESS = 4


@dataclass(frozen=True)
class Record:
    """Consecutive lines that make one row.

    Attributes:
        line: number of its first line, from 1.
        text: as it stands, its lines joined by line feeds.
        fields: what the separators cut it into, quotes taken off.
        broken: a quote is never closed, or closed before the end of its field.
    """

    line: int
    text: str
    fields: list[str]
    broken: bool = False


@dataclass(frozen=True)
class Marks:
    """The compiled form of separator, quote and escape."""

    separator: str
    quoted: re.Pattern[str]
    opening: re.Pattern[str]
    inside: re.Pattern[str]
    aligned: re.Pattern[str]
    hidden: re.Pattern[str]

    def unquoted(self, text: str) -> str:
        """What stands in quotes, with hidden characters shown."""
        return self.hidden.sub(r"\1", text)


@functools.lru_cache(maxsize=256)
def _marks(separator: str, quote: str, escape: str) -> Marks:
    q, s, e = re.escape(quote), re.escape(separator), re.escape(escape or quote)
    blank = "" if separator.startswith(" ") else " *"
    inside = f"(?:[^{q}{e}]|{e}.)*+" if escape else f"(?:[^{q}]|{q}{q})*+"
    return Marks(
        separator,
        re.compile(rf"{blank}{q}({inside}){q}{blank}(?={s}|\Z)", re.DOTALL),
        re.compile(f"{blank}{q}"),
        re.compile(inside, re.DOTALL),
        re.compile(rf"{q}({inside}){q}(?=\s|\Z)|(\S+)", re.DOTALL),
        re.compile(f"{e}(.)" if escape else f"({q}){q}", re.DOTALL),
    )


def split_record(text: str, separator: str, quote: str, escape: str = "") -> tuple[list[str], bool, bool]:
    """A record's fields; whether it is broken; whether it ends inside quotes, so that the next line belongs to it."""
    if separator == BLANK_RUN:
        return _split_aligned(text, quote, escape)
    if escape and not quote:
        return _split_escaped(text, separator, escape), False, False
    if not quote or quote not in text:
        return text.split(separator), False, False
    marks = _marks(separator, quote, escape)
    fields: list[str] = []
    at = 0
    while True:
        if found := marks.quoted.match(text, at):
            fields.append(marks.unquoted(found[1]))
            end = found.end()
        elif opened := marks.opening.match(text, at):
            rest = marks.inside.match(text, opened.end())
            open_ = rest is not None and rest.end() == len(text)
            return _bare(text, separator, quote), not open_, open_
        else:
            end = text.find(separator, at)
            end = len(text) if end < 0 else end
            fields.append(text[at:end])
        if end >= len(text):
            return fields, False, False
        at = end + len(separator)


def _split_aligned(text: str, quote: str, escape: str) -> tuple[list[str], bool, bool]:
    """Cut where blanks or tabs are, but not inside quotes."""
    if not quote or quote not in text:
        return text.split(), False, False
    marks = _marks(" ", quote, escape)
    found = [(piece[1], piece[2]) for piece in marks.aligned.finditer(text)]
    return [marks.unquoted(quoted) if bare is None else bare for quoted, bare in found], False, False


def _split_escaped(text: str, separator: str, escape: str) -> list[str]:
    """Fields where an escape, not a quote, hides separators, as databases dump them."""
    fields: list[str] = []
    field: list[str] = []
    for found in re.finditer(f"{re.escape(escape)}(.)|({re.escape(separator)})|(.)", text, re.DOTALL):
        if found[2] is not None:
            fields.append("".join(field))
            field = []
        else:
            field.append(found[1] if found[1] is not None else found[3])
    return [*fields, "".join(field)]


def records(
    lines: Iterable[tuple[int, str]], separator: str, quote: str, escape: str = "", longest: int = 2**24
) -> Iterator[Record]:
    """Records of numbered lines without their ends; blank lines are none.

    A record whose quote is not closed within `longest` characters, or at the end, is broken: it ends with its line.
    After MOST_ENDLESS such records (each costs a look at so many lines) every line is a record.
    """
    source = iter(lines)
    waiting: deque[tuple[int, str]] = deque()
    held: list[tuple[int, str]] = []
    size = tried = endless = 0
    inside = _marks(separator, quote, escape).inside if quote else None
    while True:
        entry = waiting.popleft() if waiting else next(source, None)
        if entry is not None:
            if not held and not entry[1]:
                continue
            held.append(entry)
            size += len(entry[1]) + 1
            if len(held) > 1 and size < longest and inside is not None and inside.fullmatch(entry[1]):
                continue  # still inside the quotes
        elif not held:
            return
        whole = "\n".join(text for _, text in held)
        if endless >= MOST_ENDLESS:
            fields, broken, open_ = _bare(whole, separator, quote), quote in whole, False
        else:
            fields, broken, open_ = split_record(whole, separator, quote, escape)
        tried += size
        if open_ and size < longest and tried < MOST_LOOKS * longest and entry is not None:
            continue
        endless += open_ and entry is not None
        if (broken or open_) and len(held) > 1:  # the lines behind the first may be good ones
            waiting.extendleft(reversed(held[1:]))
            whole, broken = held[0][1], True
            fields = _bare(whole, separator, quote)
        yield Record(held[0][0], whole, fields, broken or open_)
        held, size, tried = [], 0, 0


def _bare(text: str, separator: str, quote: str) -> list[str]:
    """Fields of a record whose quotes are broken, as if it had none."""
    return [cell.strip(quote + " ") for cell in text.split(separator)]
