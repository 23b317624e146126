"""Rows from the middle and the end of a file: where it is sorted, or a column begins late, its first rows tell little.

A text is read at a few places by seeking. Of a packed one there is no telling where a place is without unpacking all
before it, and UTF-16 has no byte that is a line end for certain: of these the rest of the beginning has to do.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import TypeVar

from recdesk.data.files.csv_records import records
from recdesk.data.files.dialect import Dialect
from recdesk.data.files.encodings import SAMPLE_BYTES, decode
from recdesk.data.files.sniffing import whole_lines

PLACES = 4
"""A quarter, a half and three quarters into what is not the beginning, and its end."""
ROWS = 50
"""Of each place."""
BYTES = 2**15
FITTING = 0.8
"""Share of the records of a place that must be whole and as wide as those of the beginning: others began in quotes."""

T = TypeVar("T")
Block = list[list[str]]
"""Rows that follow one another."""


def among(rows: Sequence[T]) -> list[list[T]]:
    """Rows or lines at some places of these; all of them where there are few."""
    if len(rows) <= PLACES * ROWS:
        return [list(rows)] if rows else []
    ends = [len(rows) * place // PLACES for place in range(1, PLACES + 1)]
    return [list(rows[end - ROWS : end]) for end in ends]


def lines_at_places(path: Path, encoding: str, size: int) -> list[list[str]]:
    """Whole lines at some places behind the beginning of a text that is not packed.

    Args:
        path: the text.
        encoding: one in which a line end is a byte of its own.
        size: its bytes.
    """
    found: list[list[str]] = []
    with path.open("rb") as stream:
        for place in range(1, PLACES + 1):
            end = SAMPLE_BYTES + (size - SAMPLE_BYTES) * place // PLACES
            stream.seek(max(end - BYTES, SAMPLE_BYTES))
            raw = stream.read(end - stream.tell())
            begin = raw.find(b"\n") + 1  # the first line may be cut
            stop = len(raw) if place == PLACES else raw.rfind(b"\n") + 1
            if 0 < begin < stop:
                found.append(whole_lines(decode(raw[begin:stop], encoding).removesuffix("\n") + "\n")[-ROWS:])
    return found


def rows_of(blocks: Sequence[Sequence[str]], dialect: Dialect) -> list[Block]:
    """Lines as rows; a place that began inside of quotes is left out, as far as it shows."""
    found: list[Block] = []
    for lines in blocks:
        cut = list(records(list(enumerate(lines, 1)), dialect.separator, dialect.quote, dialect.escape))
        whole = [record.fields for record in cut if not record.broken]
        if whole and len(whole) >= FITTING * len(cut):
            found.append(whole)
    return found


def fitting(blocks: Sequence[Block], width: int) -> list[Block]:
    """The rows of so many fields, of the places where nearly all are."""
    of_width = [[row for row in block if len(row) == width] for block in blocks]
    return [rows for rows, block in zip(of_width, blocks, strict=True) if rows and len(rows) >= FITTING * len(block)]
