"""What a report consists of, without any form: headings, paragraphs, tables, plots, code."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

Say = Callable[[str], str]
"""Gives a message in the language of the report; other text as it is."""


@dataclass(frozen=True)
class Heading:
    """A heading; `level` 1 is the title of the report."""

    level: int
    text: str


@dataclass(frozen=True)
class Paragraph:
    """Sentences that follow each other."""

    sentences: tuple[str, ...]


@dataclass(frozen=True)
class Bullets:
    """Points below each other."""

    points: tuple[str, ...]


@dataclass(frozen=True)
class Notes:
    """Footnotes, each on a line of its own."""

    notes: tuple[str, ...]


@dataclass(frozen=True)
class Code:
    """Text to copy as it is."""

    text: str


@dataclass(frozen=True)
class Table:
    """A table.

    Attributes:
        name: of its file as CSV, letters and dashes.
        title: above it.
        header: of the columns.
        rows: cells, as many as the header has.
        values: the same as numbers and plain texts for the CSV; the cells if empty.
        value_header: of `values`.
        numeric: columns that are aligned to the right.
        notes: below it.
    """

    name: str
    title: str
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    values: tuple[tuple[Any, ...], ...] = ()
    value_header: tuple[str, ...] = ()
    numeric: frozenset[int] = frozenset()
    notes: tuple[str, ...] = ()

    def csv(self, say: Say) -> tuple[list[str], list[list[Any]]]:
        """Header and rows of the file."""
        header = [say(text) for text in self.value_header or self.header]
        return header, [[say(c) if isinstance(c, str) else c for c in row] for row in self.values or self.rows]


@dataclass(frozen=True)
class Line:
    """A curve of a plot: its name, and points."""

    name: str
    x: tuple[float, ...]
    y: tuple[float, ...]


@dataclass(frozen=True)
class LinePlot:
    """Curves over each other, and horizontal lines of reference."""

    name: str
    title: str
    x_title: str
    y_title: str
    lines: tuple[Line, ...]
    references: tuple[tuple[str, float], ...] = ()
    from_zero: bool = True

    def csv(self, say: Say) -> tuple[list[str], list[list[Any]]]:
        """A row for each point."""
        rows = [[say(line.name), x, y] for line in self.lines for x, y in zip(line.x, line.y, strict=True)]
        rows += [[say(name), "", value] for name, value in self.references]
        return ["line", say(self.x_title), say(self.y_title)], rows


@dataclass(frozen=True)
class IntervalPlot:
    """A value with its interval for each label, below each other."""

    name: str
    title: str
    x_title: str
    rows: tuple[tuple[str, float, float, float], ...]
    """Label, value, low, high."""

    def csv(self, say: Say) -> tuple[list[str], list[list[Any]]]:
        """A row for each label."""
        return ["label", say(self.x_title), "low", "high"], [[say(row[0]), *row[1:]] for row in self.rows]


Plot = LinePlot | IntervalPlot
Block = Heading | Paragraph | Bullets | Notes | Code | Table | LinePlot | IntervalPlot


@dataclass(frozen=True)
class Report:
    """A whole report: `blocks` in order."""

    title: str
    blocks: tuple[Block, ...] = field(default_factory=tuple)

    @property
    def files(self) -> list[Table | LinePlot | IntervalPlot]:
        """What can be had as CSV too."""
        return [block for block in self.blocks if isinstance(block, Table | LinePlot | IntervalPlot)]


def paragraph(*sentences: str) -> Paragraph:
    """Of those sentences that are not empty."""
    return Paragraph(tuple(sentence for sentence in sentences if sentence))


def text_table(
    name: str, title: str, header: Sequence[str], rows: Iterable[Sequence[str]], numeric: Iterable[int] = ()
) -> Table:
    """A table whose cells are texts."""
    return Table(name, title, tuple(header), tuple(tuple(row) for row in rows), numeric=frozenset(numeric))
