"""CSV files that open correctly in a spreadsheet and run nothing there."""

import csv
import io
import re
from collections.abc import Iterable, Sequence
from pathlib import Path

from recdesk.core.files import writing_to

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
PLAIN_NUMBER = re.compile(r"[+-]?\d+(\.\d+)?")


def safe_cell(value: object) -> object:
    """Text that a spreadsheet would run as a formula gets an apostrophe in front (OWASP, CSV injection).

    Plain numbers stay as they are, so that an id such as "-5" is still that id.
    """
    if isinstance(value, str) and value.startswith(FORMULA_STARTS) and not PLAIN_NUMBER.fullmatch(value):
        return f"'{value}"
    return value


def bare_cell(text: str) -> str:
    """What `safe_cell` made a text of, without the apostrophe."""
    return text[1:] if text.startswith("'") and safe_cell(text[1:]) == text else text


def cells(values: Sequence[object], separator: str = ",", guard: bool = True) -> str:
    """A line of a table without its end, each cell as `safe_cell` makes it unless there is nothing to `guard`."""
    written = io.StringIO()
    writer = csv.writer(written, delimiter=separator)  # by whose line end it knows which texts need quotes
    writer.writerow([safe_cell(value) if guard else value for value in values])
    return written.getvalue().removesuffix("\r\n")


def write_table(path: Path, header: Sequence[str], rows: Iterable[Sequence[object]]) -> int:
    """Write a CSV, see `writing_to`: UTF-8 with the mark that makes Excel read it as such; the number of rows.

    Raises:
        RecdeskError: the place cannot be written or the disk is full; what was there is untouched.
    """
    count = 0
    with writing_to(path, newline="", encoding="utf-8-sig") as stream:
        writer = csv.writer(stream)
        writer.writerow(header)
        for row in rows:
            writer.writerow([safe_cell(cell) for cell in row])
            count += 1
    return count
