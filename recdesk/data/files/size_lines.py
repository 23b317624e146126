"""A line above a table that says how large it is: Matrix Market's, “943 1682 100000”."""

import math
import re
from collections.abc import Sequence

from recdesk.core.errors import DataError
from recdesk.core.messages import Message

MATRIX_MARKET = "%%MatrixMarket"
COORDINATES = re.compile(r"(?i)%%MatrixMarket\s+matrix\s+coordinate\s+(?:real|integer|pattern|double)\s+general\s*")
WHOLE = re.compile(r"\s*\d+\s*")


def refuse_other_matrix(name: str, first: str) -> None:
    """Raise a DataError where a Matrix Market file is no list of coordinates, row and column."""
    if first.startswith(MATRIX_MARKET) and not COORDINATES.fullmatch(first):
        raise DataError(Message("layout.matrix-market-other", name=name), Message("layout.write-coordinates"))


def says_size(row: Sequence[str], below: Sequence[Sequence[str]], whole: bool) -> bool:
    """Whether the first row holds the numbers of rows, columns and entries of the others and is none of them.

    Args:
        row: the first one.
        below: the rows of the beginning of the file, which has many more where it is not `whole`.
    """
    if len(row) < 3 or not below or not all(map(WHOLE.fullmatch, row[:3])) or len(row) > 3:
        return False
    sizes = list(map(int, row))
    table = [cells for cells in below if len(cells) == 3 and all(map(WHOLE.fullmatch, cells[:2]))]
    if len(table) < 0.9 * len(below):
        return False
    most = [max(int(cells[at]) for cells in table) for at in (0, 1)]
    if most[0] > sizes[0] or most[1] > sizes[1]:
        return False
    if whole:
        return sizes[2] == len(below)
    values = [_number(cells[2]) for cells in table]
    return sizes[2] > len(below) and sizes[2] > 10 * max(values) and sizes[2] <= sizes[0] * sizes[1]


def _number(text: str) -> float:
    try:
        return abs(float(text))
    except ValueError:
        return math.inf
