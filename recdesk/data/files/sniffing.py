"""How a file is written, found from its first bytes and lines."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from recdesk.core.errors import DataError
from recdesk.data.columns.roles import NUMBER, TYPED, role_of_name
from recdesk.data.files.csv_records import Record
from recdesk.data.files.dialect import MAX_LEADING, SESSION_FORMS, Dialect, Form
from recdesk.data.files.encodings import SAMPLE_BYTES
from recdesk.data.files.separators import COMMENTS, find_cut, without_comments

SAMPLE_LINES = 250
EXCEL_LINE = re.compile(r'(?i)"?sep=.{1,2}\s*')
"""What Excel takes the separator from when it stands in the first line."""
WEB_PAGE = re.compile(r"(?i)<(!doctype|html|\?xml|head|body|table)")


def sample_lines(text: str) -> list[str]:
    """Whole lines of a sample; the last one may be cut and is left out if there are others."""
    lines = re.split(r"\r\n|\r|\n", text.removeprefix("\ufeff"))
    if len(lines) > 1 and (len(text) > SAMPLE_BYTES // 4 or not lines[-1]):
        lines = lines[:-1]
    return lines[:SAMPLE_LINES]


def form_of_bytes(raw: bytes) -> Form | None:
    """The form of a file that is no text. A zip file in a packed one, or that counts as not packed, is a workbook."""
    if raw[:4] == b"PAR1":
        return "parquet"
    if raw[:16] == b"SQLite format 3\0":
        return "sqlite"
    if raw[8:12] == b"DUCK":
        return "duckdb"
    return "xlsx" if raw[:4] == b"PK\x03\x04" else None


def form_of_text(text: str) -> Form | None:
    """Objects one a line, or in an array or over several lines; a text may begin like that and be neither."""
    start = text.lstrip("\ufeff \t\r\n")
    if not start.startswith("{"):
        return "json" if re.match(r"\[\s*+([{\[]|\Z)", start) else None
    lines = [line for line in start.splitlines()[:20] if line.strip()]
    if len(lines) > 1 and lines[1].lstrip().startswith("{") and lines[0].strip() != "{":
        return "jsonl"
    inside = re.match(r'\{\s*"[^"]*"\s*:\s*\[\s*\{', start[:2000])
    whole = len(lines) == 1 or lines[0].rstrip().endswith("}")
    return "jsonl" if whole and not inside else "json"


def dialect_of_lines(path: Path, lines: list[str], where: Dialect, known: Mapping[str, Any]) -> Dialect:
    """The dialect of delimited text or sessions.

    Args:
        path: the file.
        lines: its first ones.
        where: what is found out already.
        known: attributes that a person gave.

    Raises:
        DataError: there is no line, or no file can be read as said.
    """
    filled = [line for line in lines if line.strip()]
    if not filled:
        raise DataError(f"“{path.name}” has no lines.", "Choose a file with one interaction a line.")
    given = {key: known[key] for key in ("separator", "quote", "escape") if key in known}
    cut = None if where.form in SESSION_FORMS else find_cut(lines[known.get("skip", 0) :], **given)
    if cut is None:
        sessions = (
            find_sessions(without_comments(filled), given.get("separator"))
            if known.get("form") != "delimited"
            else None
        )
        if sessions or where.form in SESSION_FORMS:
            form, separator = sessions or (where.form, given.get("separator", " "))
            form = where.form if where.form in SESSION_FORMS else form
            skip = next((at for at, line in enumerate(lines) if line.strip() and not line.startswith(COMMENTS)), 0)
            return replace(where, form=form, separator=separator, quote="", header=False, skip=skip)
        dialect = where
    else:
        dialect = replace(where, separator=cut.separator, quote=cut.quote, escape=cut.escape)
    dialect = dialect.checked()
    rows = dialect.records(lines)
    skip = known["skip"] if "skip" in known else leading_lines(rows, lines)
    below = [row.fields for row in rows if row.line > skip]
    header = known["header"] if "header" in known else bool(below) and looks_like_header(below)
    return replace(dialect, skip=skip, header=header)


def find_sessions(lines: Sequence[str], given: str | None = None) -> tuple[Form, str] | None:
    """Lines of ids, as many as come: with their separator, and whether each begins with a user.

    The first id of a line is a user if it stands nowhere else; items come again.
    """
    for separator in (given,) if given else (" ", "\t", ",", ";", "|"):
        rows = [row for line in lines if (row := [cell.strip() for cell in line.strip().split(separator)])]
        lengths = Counter(len(row) for row in rows)
        words = [cell for row in rows for cell in row]
        if len(rows) < 3 or len(lengths) < 2 or lengths[1] > 0.5 * len(rows) or len(words) < 2.5 * len(rows):
            continue
        if sum(bool(re.fullmatch(r"[\w.:#@/-]{1,40}", word)) for word in words) < 0.98 * len(words):
            continue
        firsts = [row[0] for row in rows]
        others = {cell for row in rows for cell in row[1:]}
        known = sum(first in others for first in firsts)
        return ("sessions" if len(set(firsts)) == len(firsts) and known < 0.5 * len(firsts) else "baskets"), separator
    return None


def leading_lines(rows: Sequence[Record], lines: Sequence[str]) -> int:
    """How many lines stand above the table: blank ones, Excel's, titles and comments, which are cut differently."""
    usual = Counter(len(row.fields) for row in rows).most_common(1)[0][0] if rows else 1
    if usual == 1:
        return rows[0].line - 1 if rows else 0
    for at, row in enumerate(rows[:MAX_LEADING]):
        filled = sum(bool(cell.strip()) for cell in row.fields)
        after = rows[at + 1].fields if at + 1 < len(rows) else []
        named = (
            filled > 1
            and len(after) == usual
            and len(row.fields) >= usual - 1
            and any(role_of_name(cell) for cell in row.fields)
        )
        fits = len(row.fields) == usual and (filled > 1 or usual == 2)
        if (fits or named) and not EXCEL_LINE.fullmatch(lines[row.line - 1]) and not _comment(row, named):
            return row.line - 1
    return 0


def _comment(row: Record, named: bool) -> bool:
    """A line that says it is one. The names of the columns may stand in one (“# user item”)."""
    return row.text.startswith(COMMENTS) and not named


def looks_like_header(rows: Sequence[Sequence[str]]) -> bool:
    """The first line names columns: typed names, known names, or texts above values that they do not resemble."""
    first, below = rows[0], rows[1:]
    if any(TYPED.fullmatch(cell.strip()) for cell in first):
        return True
    if any(NUMBER.fullmatch(cell) for cell in first):
        return False
    width = max((at for at, cell in enumerate(first, 1) if cell.strip()), default=1)
    first = first[:width]  # without trailing separators
    if sum(not cell.strip() for cell in first) > 1:
        return False
    columns = [[row[at] for row in below if len(row) > at] for at in range(len(first))]
    if any(cell.strip() and cell in column for cell, column in zip(first, columns, strict=True)):
        return False
    if any(role_of_name(cell) for cell in first):
        return True
    return any(_named_above(cell, column) for cell, column in zip(first, columns, strict=True))


def _named_above(cell: str, column: list[str]) -> bool:
    """A text without digits above values that (nearly) all have some."""
    digits = sum(any(character.isdigit() for character in value) for value in column)
    return bool(column) and digits >= 0.9 * len(column) and not any(character.isdigit() for character in cell)


def refuse_binary(path: Path, raw: bytes, encoding: str) -> None:
    """Raise a DataError where the bytes are no text."""
    if encoding.startswith(("utf-16", "utf-32")):
        return
    head = raw[:4096]  # 1 and 2 are how Hive separates fields; a zero here and there is told row by row
    control = sum(2 < byte < 9 or 13 < byte < 27 for byte in head)
    if head.count(0) > 8 or control > len(head) // 50:
        raise DataError(f"“{path.name}” is not a text file.", "Export the data as CSV, Parquet or JSON lines.")
