"""Matrices with a row for each user and a column for each item: where there is a rating, an interaction."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from recdesk.core.messages import Message
from recdesk.data.columns.roles import NUMBER, guess_columns, role_of_name, roles_of
from recdesk.data.files.column_preview import Columns

EVERY_COLUMN = "*"
"""What stands for the columns of a matrix where else one with lists is named."""
LEAST_COLUMNS, LEAST_UNNAMED = 5, 10
LEAST_NONE = 0.3
"""Share of cells without a rating from which on a table of numbers is taken for a matrix."""
MOST_GRADES = 21
NONE_MARK = 99
NUMBERED = re.compile(r"[^\W\d]*[\s_.#-]*\d+")
"""“item 12”, “i12”, “12”."""
NAMES = ["user", "item", "rating"]


@dataclass(frozen=True)
class Matrix:
    """What a matrix is made of.

    Attributes:
        user: the column of the users' ids; "" where the number of the row is one.
        items: the columns of the items, with the id of each.
        nothing: numbers that stand for no rating.
        left: a column that counts the ratings of its row, or "".
    """

    user: str
    items: dict[str, str]
    nothing: tuple[int, ...]
    left: str = ""

    @property
    def note(self) -> str:
        """How it is read."""
        if self.nothing:
            none = ", ".join(map(str, self.nothing))
            return Message("layout.matrix-with-none", count=len(self.items), none=none)
        return Message("layout.matrix", count=len(self.items))


def find_matrix(table: Columns) -> bool:
    """Whether a table is certainly a matrix of ratings."""
    if len(table.names) < LEAST_COLUMNS:
        return False
    found = matrix_of(table)
    cells = [cell for row in _ratings(table, found) for cell in row]
    given = [cell for cell in cells if not _is_none(cell, found.nothing)]
    least = LEAST_COLUMNS if table.named else LEAST_UNNAMED
    if len(found.items) < least or len(table.rows) < 3 or not given or not all(map(NUMBER.fullmatch, given)):
        return False
    few = len(set(map(_number, given))) <= MOST_GRADES
    sparse = len(given) <= (1 - LEAST_NONE) * len(cells)
    if not table.named:
        return sparse and (NONE_MARK in found.nothing or few)
    columns = list(found.items)
    if any(role_of_name(name) for name in columns) or not _is_user(table, found.user):
        return False
    numbered = sum(bool(NUMBERED.fullmatch(name)) for name in columns) >= 0.9 * len(columns)
    binary = set(map(_number, given)) <= {0, 1}
    return (sparse and (few or NONE_MARK in found.nothing) and (numbered or not binary)) or (numbered and few)


def matrix_of(table: Columns) -> Matrix:
    """The parts of a table that is read as a matrix."""
    first = table.names[0]
    values = [row[0] for row in table.rows]
    whole = all(re.fullmatch(r"\s*\d+\s*", value) for value in values)
    identity = len(set(values)) == len(values) and (table.named or not whole or _ascend(values))
    rest = {name: _item_name(table, name, at) for at, name in enumerate(table.names[1:], 1)}
    every = {name: _item_name(table, name, at) for at, name in enumerate(table.names, 1)}
    none = _nothing(table, list(rest))
    if table.named:
        user = roles_of(guess_columns(table.names, table.sample, True)).get("user", "")
        user = user or (first if identity else "")
        if user:
            return Matrix(user, {name: name for name in table.names if name != user}, none)
        return Matrix("", every, none)
    if identity:
        return Matrix(first, rest, none)
    counted = Matrix("", rest, none, first)
    counts = [str(sum(not _is_none(cell, none) for cell in row)) for row in _ratings(table, counted)]
    right = sum(one.strip() == other for one, other in zip(values, counts, strict=True))
    return counted if right >= 0.9 * len(values) else Matrix("", every, none)


def matrix_columns(table: Columns, rows: int) -> Columns:
    """User, item and rating, with a sample."""
    found = matrix_of(table)
    sample: list[list[str]] = []
    for number, row in enumerate(table.rows, 1):
        of = dict(zip(table.names, row, strict=True))
        user = of[found.user] if found.user else str(number)
        given = ((item, of[name]) for name, item in found.items.items())
        sample += [[user, item, cell] for item, cell in given if not _is_none(cell, found.nothing)]
        if len(sample) >= rows:
            break
    told = {name: name for name in NAMES}
    notes = (*table.layout, found.note, *([Message("layout.count-left-out", column=found.left)] if found.left else []))
    return replace(
        table,
        names=list(NAMES),
        named=True,
        rows=sample[:rows],
        far=[],
        told=told,
        layout=notes,
        physical=table,
        lists={},
    )


def is_rating_sql(cell: str, nothing: Sequence[int]) -> str:
    """SQL for whether a cell holds a rating."""
    filled = f"trim(coalesce({cell}, '')) != ''"
    marks = "".join(f" AND TRY_CAST({cell} AS DOUBLE) IS DISTINCT FROM {number}" for number in nothing)
    return f"{filled}{marks}"


def _item_name(table: Columns, name: str, at: int) -> str:
    return name if table.named else str(at)


def _nothing(table: Columns, columns: Sequence[str]) -> tuple[int, ...]:
    """Numbers among the ratings that stand for none: 99 beyond all others, 0 in most cells."""
    at = [table.names.index(name) for name in columns]
    cells = [row[place] for row in table.rows for place in at if row[place].strip()]
    numbers = [_number(cell) for cell in cells if NUMBER.fullmatch(cell)]
    others = [abs(number) for number in numbers if number != NONE_MARK]
    if len(others) < len(numbers) and max(others, default=0) <= 20:
        return (NONE_MARK,)
    return (0,) if 2 * numbers.count(0) > len(numbers) else ()


def _ratings(table: Columns, found: Matrix) -> list[list[str]]:
    at = [table.names.index(name) for name in found.items]
    return [[row[place] for place in at] for row in table.rows]


def _is_none(cell: str, nothing: Sequence[int]) -> bool:
    return not cell.strip() or (bool(NUMBER.fullmatch(cell)) and _number(cell) in nothing)


def _is_user(table: Columns, name: str) -> bool:
    """A column of users: it is called so, or is the first one and has no name."""
    return bool(name) and (role_of_name(name) == "user" or name in ("column 1", "Unnamed: 0", "index", "id"))


def _ascend(values: Sequence[str]) -> bool:
    numbers = list(map(int, values))
    return numbers == sorted(numbers)


def _number(cell: str) -> float:
    return float(cell.strip().replace(",", "."))
