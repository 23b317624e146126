"""Leading zeros of Excel cells from number formats: 7 in the format 00000 is the id 00007."""

import contextlib
import posixpath
import re
import xml.etree.ElementTree as ET
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import IO
from xml.parsers import expat

from recdesk.data.files.archives import opened_zip

ZEROS = re.compile(r"(?:\[\$-[0-9A-Fa-f]+\])?(0{2,})(?:;.*)?")
"""A number format of nothing but zeros, for positive numbers at least."""
BLOCK = 2**18
Book = Path | IO[bytes]


class Paddings:
    """How many digits each cell of a sheet is shown with, for the cells whose format pads them.

    To be queried row by row, downwards: the sheet is read along.

    Args:
        book: the workbook.
        sheet: the sheet's name.
    """

    def __init__(self, book: Book, sheet: str) -> None:
        self._next: tuple[int, dict[int, int]] | None = None
        self._rows: Iterator[tuple[int, dict[int, int]]] = iter(())
        with opened_zip(book) as archive:
            digits = _digits_of_styles(archive)
            part = _part(archive, sheet) if digits else ""
        if part:
            self._rows = _padded_rows(book, part, digits)
            self._next = next(self._rows, None)

    def of_row(self, number: int) -> Mapping[int, int]:
        """Digits by column (from 0) of a row (from 1)."""
        while self._next is not None and self._next[0] < number:
            self._next = next(self._rows, None)
        return self._next[1] if self._next is not None and self._next[0] == number else {}


def padded(cell: object, digits: int) -> object:
    """A cell as its format shows it: whole numbers with zeros in front, all else as it is."""
    if isinstance(cell, bool) or not isinstance(cell, int | float) or cell != cell // 1 or abs(cell) >= 1e15:
        return cell
    return f"{int(cell):0{digits + (cell < 0)}d}"


def _digits_of_styles(archive: zipfile.ZipFile) -> dict[str, int]:
    """By the number of a cell's style (as text), if its format pads."""
    root = _xml(archive, "xl/styles.xml")
    if root is None:
        return {}
    codes = {entry.get("numFmtId"): entry.get("formatCode", "") for entry in root.iterfind("{*}numFmts/{*}numFmt")}
    styles = [codes.get(entry.get("numFmtId"), "") for entry in root.iterfind("{*}cellXfs/{*}xf")]
    return {str(at): len(found[1]) for at, code in enumerate(styles) if (found := ZEROS.fullmatch(code))}


def _part(archive: zipfile.ZipFile, sheet: str) -> str:
    """The file inside that holds a sheet; "" where it is not to be found."""
    book, links = _xml(archive, "xl/workbook.xml"), _xml(archive, "xl/_rels/workbook.xml.rels")
    if book is None or links is None:
        return ""
    targets = {link.get("Id"): link.get("Target", "") for link in links}
    for entry in book.iterfind("{*}sheets/{*}sheet"):
        if entry.get("name") == sheet:
            link = next((value for key, value in entry.items() if key.endswith("}id")), None)
            part = posixpath.normpath(posixpath.join("/xl", targets.get(link, "")))[1:]
            return part if part in archive.namelist() else ""
    return ""


def _xml(archive: zipfile.ZipFile, name: str) -> ET.Element | None:
    try:
        return ET.fromstring(archive.read(name))
    except (KeyError, ET.ParseError):  # the reader of the cells reports what is missing
        return None


def _padded_rows(book: Book, part: str, digits: Mapping[str, int]) -> Iterator[tuple[int, dict[int, int]]]:
    """Rows that have such cells, and their digits by column."""
    found: list[tuple[int, dict[int, int]]] = []
    row, column, cells = 0, -1, dict[int, int]()

    def start(name: str, attributes: dict[str, str]) -> None:
        nonlocal row, column, cells
        kind = name.rpartition(":")[2]
        if kind == "row":
            given = attributes.get("r", "")
            row, column, cells = int(given) if given.isdecimal() and len(given) < 10 else row + 1, -1, {}
        elif kind == "c":
            column = _column(attributes["r"]) if "r" in attributes else column + 1
            if attributes.get("s") in digits:
                cells[column] = digits[attributes["s"]]

    def end(name: str) -> None:
        if cells and name.rpartition(":")[2] == "row":
            found.append((row, cells))

    parser = expat.ParserCreate()
    parser.StartElementHandler, parser.EndElementHandler = start, end
    with contextlib.suppress(expat.ExpatError), opened_zip(book) as archive, archive.open(part) as stream:
        while block := stream.read(BLOCK):
            parser.Parse(block)
            yield from found
            found.clear()


def _column(reference: str) -> int:
    """Column index (from 0) of a cell reference such as AB12."""
    number = 0
    for letter in reference:
        if not letter.isalpha():
            break
        number = number * 26 + ord(letter) - 64
    return number - 1
