"""Line numbers and texts of rows, from a second pass over the file that is made only to report rejects."""

import itertools
from collections.abc import Iterable, Iterator
from pathlib import Path

import numpy as np

from recdesk.data.files.csv_records import records
from recdesk.data.files.dialect import Dialect

RAW_CHARACTERS = 1000
BLOCK = 2**20


def lines_at(path: Path, positions: Iterable[int]) -> dict[int, int]:
    """Line numbers (from 1) of byte positions (from 0)."""
    wanted = np.unique(np.fromiter(positions, np.int64))
    found: list[int] = []
    line, passed = 1, 0
    with path.open("rb") as stream:
        while len(found) < len(wanted) and (block := stream.read(BLOCK)):
            ends = np.flatnonzero(np.frombuffer(block, np.uint8) == ord("\n"))
            here = wanted[len(found) : np.searchsorted(wanted, passed + len(block))] - passed
            found.extend((line + np.searchsorted(ends, here)).tolist())
            line, passed = line + len(ends), passed + len(block)
    return dict(zip(wanted.tolist(), found + [line] * (len(wanted) - len(found)), strict=True))


def texts_of(path: Path, numbers: Iterable[int]) -> dict[int, str]:
    """Lines by their numbers (from 1), cut to what is kept of one; a pass that ends at the last of them."""
    wanted = set(numbers)
    found: dict[int, str] = {}
    with path.open(encoding="utf-8-sig", errors="replace", newline="\n") as stream:
        for number, text in enumerate(stream if wanted else (), 1):
            if number in wanted:
                found[number] = text.rstrip("\r\n")[:RAW_CHARACTERS]
                if len(found) == len(wanted):
                    break
    return found


def row_lines(
    path: Path, dialect: Dialect, head: int, bad_lines: set[int], rows: Iterable[int]
) -> dict[int, tuple[int, str]]:
    """Line number and text of rows, by a pass over the file that ends at the last of them.

    Args:
        path: delimited text or JSON lines, UTF-8.
        dialect: how it is written.
        head: lines above the first row.
        bad_lines: lines of records that are no rows.
        rows: row numbers from 1, not counting those records nor blank lines.
    """
    wanted, found = set(rows), {}
    good = ((line, text) for line, text in _records(path, dialect, head) if line not in bad_lines)
    for row, (line, text) in enumerate(good, 1):
        if row in wanted:
            found[row] = (line, text[:RAW_CHARACTERS])
            if len(found) == len(wanted):
                break
    return found


def _records(path: Path, dialect: Dialect, head: int) -> Iterator[tuple[int, str]]:
    """First line and text of every record; blank lines are none, quoted line ends do not end one."""
    with path.open(encoding="utf-8-sig", errors="replace") as stream:
        numbered = ((number, line.rstrip("\n")) for number, line in enumerate(stream, 1))
        lines = itertools.islice(numbered, head, None)
        if dialect.form != "delimited" or not dialect.quote:
            blank = str.strip if dialect.form != "delimited" else str
            yield from ((number, line) for number, line in lines if blank(line))
            return
        for record in records(lines, dialect.separator, dialect.quote, dialect.escape):
            yield record.line, record.text
