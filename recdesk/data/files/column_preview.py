"""The columns of a file, and what loading it into a table left out: the same for all forms."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import accumulate, chain
from pathlib import Path
from types import MappingProxyType
from typing import Any

from recdesk.core.errors import DataError
from recdesk.core.messages import Message
from recdesk.data.columns.guess import Doubt, Guess, Guesses
from recdesk.data.columns.roles import entity_names, guesses_of, plain_name
from recdesk.data.files import limits
from recdesk.data.files.csv_records import Record
from recdesk.data.files.far_rows import Block, fitting
from recdesk.data.files.sniffing import leading_lines, looks_like_header
from recdesk.data.report import Reject

MOST_REJECTS = 100_000
"""Rejected rows that are kept one by one; all are counted."""


@dataclass(frozen=True)
class Columns:
    """A file's columns.

    Attributes:
        names: unique, as in the file or made up ("column 1").
        named: the file names them.
        rows: the first rows, as many as are shown.
        head: lines (or rows of a sheet) above the first row.
        notes: sentences on what is odd about them.
        paths: where objects stand in the rows, keys from the outside to the value of each column; see `objects`.
        told: columns by the roles that the layout of the file gives them.
        layout: sentences on how a layout that is no plain table is read.
        lists: of columns that hold lists by their type, the sample as JSON.
        physical: of an unfolded table, of lines of orders, or beside people, the columns without these.
        orders: what is said once for each order (`orders.Orders`), or None.
        partitions: values of the columns that stand in the names of the file's folders, the same for all rows.
        people: whose the ids of the rows are (`people.People`), or None.
        doubts: roles that the layout leaves open.
        far: rows from other places of the file, in blocks that follow one another; see `far_rows`.
    """

    names: list[str]
    named: bool
    rows: list[list[str]]
    head: int = 0
    notes: tuple[str, ...] = ()
    paths: Mapping[str, Sequence[str]] = field(default_factory=dict)
    told: Mapping[str, str] = field(default_factory=dict)
    layout: tuple[str, ...] = ()
    lists: Mapping[str, list[str]] = field(default_factory=dict)
    physical: "Columns | None" = None
    orders: Any = None
    partitions: dict[str, str] = field(default_factory=dict)
    people: Any = None
    doubts: tuple[Doubt, ...] = ()
    far: list[list[list[str]]] = field(default_factory=list)

    @property
    def sample(self) -> list[list[str]]:
        """The first rows and those from other places."""
        return [*self.rows, *chain.from_iterable(self.far)]

    @property
    def breaks(self) -> list[int]:
        """Numbers of the rows of the sample before which others are left out."""
        return list(accumulate(map(len, [self.rows, *self.far[:-1]]))) if self.far else []

    @property
    def of_file(self) -> "Columns":
        """The columns that stand in the file itself."""
        names = [name for name in self.names if name not in self.partitions]
        return replace(self, names=names, partitions={})

    @classmethod
    def from_dict(cls, values: dict[str, Any]) -> "Columns":
        """The inverse of `vars`, also where the values were JSON meanwhile."""
        tuples = {name: tuple(values[name]) for name in ("notes", "layout", "doubts")}
        return cls(**{**values, **tuples})


@dataclass(frozen=True)
class Loaded:
    """What loading a file left out, and where its rows are found again.

    Attributes:
        rejects: the first MOST_REJECTS of it.
        counts: all of it, by reason.
        aside: lines of records that got no row number.
        head: lines above the first row.
        path: the text to look up rows in; None where no row is looked up.
        numbered: the table has a column `line` with the line (or the sheet's row) of each row.
        notes: sentences on what was left out that is no reject.
        unfolded: the table has a column `row` with the number of the row of the file that each of its rows comes from.
    """

    rejects: list[Reject] = field(default_factory=list)
    counts: dict[str, int] = field(default_factory=dict)
    aside: set[int] = field(default_factory=set)
    head: int = 0
    path: Path | None = None
    numbered: bool = False
    notes: tuple[str, ...] = ()
    unfolded: bool = False


def guesses_in(columns: Columns, given: Mapping[str, str] = MappingProxyType({})) -> Guesses:
    """A guess of the role of each column, in their order: what the layout tells, else by names and values.

    Args:
        columns: of the file.
        given: the columns of the user and the item by role, as far as a person said them.
    """
    found = guesses_of(columns.names, columns.sample, columns.named, given, columns.breaks)
    of = {column: role for role, column in columns.told.items()}
    told = [
        Guess(guess.column, of[guess.column], 0.8, "place")
        if guess.column in of
        else Guess(guess.column)
        if guess.role in columns.told
        else guess
        for guess in found.columns
    ]
    return Guesses(told, [*columns.doubts, *(doubt for doubt in found.doubts if doubt.role not in columns.told)])


def columns_of_records(
    shown: str,
    records: Sequence[Record],
    skip: int,
    header: bool,
    rows: int,
    far: Sequence[Block] = (),
) -> Columns:
    """Columns of a table of texts, from its first records.

    Args:
        shown: the file's name for people.
        records: from the first line on.
        skip: lines above the header or the first row.
        header: the first record names the columns.
        rows: how many to keep as a sample.
        far: rows from other places.

    Raises:
        DataError: there are no records.
    """
    below = [record for record in records if record.line > skip]
    if not below:
        raise DataError(Message("file.no-lines", name=shown), Message("file.choose-one-a-line"))
    table = [record.fields for record in below if not record.broken] or [below[0].fields]
    limits.refuse_wide(shown, max(map(len, table)))
    if not header:
        others = fitting(far, _middle(table))
        width = _usual([*table, *chain.from_iterable(others)])
        names = entity_names(table, width) or [f"column {at}" for at in range(1, width + 1)]
        return Columns(names, False, _even(table[:rows], width), skip, far=[_even(block, width) for block in others])
    first = below[0]
    head = first.line + first.text.count("\n")
    cells, body = [plain_name(cell) for cell in first.fields], table if first.broken else table[1:]
    if first.text.startswith("#"):  # the names stand in a comment
        cells = [plain_name(cells[0].lstrip("# ")), *cells[1:]] if cells[0] not in ("", "#") else cells[1:]
    usual, notes = _middle(body) if body else len(cells), []
    same = sum(len(row) == usual for row in body) >= 0.9 * len(body)
    if usual == len(cells) + 1 and same and _counting(body):
        cells = ["", *cells]  # as R writes row names
    elif usual > len(cells) and same:
        cells += [""] * (usual - len(cells))
    elif usual < len(cells) and same:
        if any(cells[usual:]):
            notes.append(Message("column.header-count-differs", header_count=len(cells), field_count=usual))
        cells = cells[:usual]
    every = [*body, *chain.from_iterable(far)]
    while len(cells) > 1 and not cells[-1] and _empty_from(every, len(cells) - 1):
        cells.pop()  # trailing separators
    others = [_even(block, len(cells)) for block in fitting(far, usual)]
    return Columns(unique(cells), True, _even(body[:rows], len(cells)), head, tuple(notes), far=others)


def records_of_rows(rows: Sequence[Sequence[str]], first: int = 1) -> list[Record]:
    """Rows of cells as records; empty ones are none."""
    return [Record(at, "\t".join(row), list(row)) for at, row in enumerate(rows, first) if any(row)]


def head_of_rows(records: Sequence[Record]) -> tuple[int, bool]:
    """Rows above a sheet's table, and whether its first row names the columns."""
    if not records:
        return 0, False
    lines = [""] * records[-1].line
    skip = leading_lines(records, lines)
    return skip, looks_like_header([record.fields for record in records if record.line > skip])


def unique(names: Sequence[str]) -> list[str]:
    """Names that tell columns apart; empty ones are numbered."""
    result: list[str] = []
    seen: set[str] = set()
    tried: Counter[str] = Counter()
    for index, name in enumerate(names, 1):
        found = base = name or f"column {index}"
        while found in seen:
            tried[base] += 1
            found = f"{base} ({tried[base] + 1})"
        seen.add(found)
        result.append(found)
    return result


def _middle(table: Sequence[Sequence[str]]) -> int:
    counts = sorted(len(row) for row in table)
    return counts[len(counts) // 2]


def _usual(table: Sequence[Sequence[str]]) -> int:
    """Median number of fields, without trailing ones that are empty in all rows."""
    width = _middle(table)
    while width > 1 and _empty_from(table, width - 1):
        width -= 1
    return width


def _empty_from(table: Sequence[Sequence[str]], at: int) -> bool:
    return not any(cell for row in table for cell in row[at:])  # a blank is something to the reader of rows


def _counting(table: Sequence[Sequence[str]]) -> bool:
    """The first column counts the rows."""
    firsts = [row[0] for row in table]
    return len(firsts) > 1 and firsts in ([str(n) for n in range(start, start + len(firsts))] for start in (0, 1))


def _even(rows: Sequence[Sequence[str]], width: int) -> list[list[str]]:
    """Rows of one width, for showing."""
    return [[*row[:width], *[""] * (width - len(row))] for row in rows]
