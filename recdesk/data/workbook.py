"""Sheets of Excel workbooks."""

import contextlib
import re
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from io import BytesIO
from itertools import islice
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import python_calamine

from recdesk.data.dialect import Dialect
from recdesk.data.packing import HARMLESS, MOST_TIMES, readable
from recdesk.data.padding import Paddings, padded
from recdesk.data.plain import PlainFile
from recdesk.data.roles import role_of_name
from recdesk.data.tables import Columns, Loaded, columns_of_records, head_of_rows, records_of_rows
from recdesk.errors import CancelledError, DataError, MisfitError

MOST_CELLS = 200_000_000
"""A sheet with a larger area would not fit the memory, however few of its cells are filled."""
CELL = re.compile(rb'[<:]c [^>]*?r="([A-Z]{2,3})\d')
ROW = re.compile(rb'[<:]row [^>]*?r="(\d+)"')
ROW_END = re.compile(rb"</(\w+:)?row>")
PARTS = ("[Content_Types].xml", "xl/workbook.xml", "xl/styles.xml", "xl/sharedStrings.xml")
HEAD_BYTES = 2**18
"""Of each sheet, for a look at it."""
BLOCK = 2**22
BATCH = 50_000
LOOKED_AT = 200


@dataclass(frozen=True)
class _Book:
    """A workbook that is open.

    Attributes:
        reader: of its cells.
        source: itself, or its beginning.
    """

    reader: python_calamine.CalamineWorkbook
    source: Path | BytesIO

    def rows(self, name: str, path: Path) -> Iterator[tuple[int, list[Any]]]:
        """A sheet's rows from its first used column on, with their numbers; zeros in front as the cells show them.

        Raises:
            DataError: `path` has no such sheet.
        """
        if name not in self.reader.sheet_names:
            raise MisfitError(f"“{path.name}” has no sheet “{name}”.", f"Its sheets are: {', '.join(_shown(self))}.")
        sheet = self.reader.get_sheet_by_name(name)
        first = sheet.start[1] if sheet.start else 0
        paddings = Paddings(self.source, name)
        for number, cells in enumerate(map(list[Any], sheet.iter_rows()), 1):
            for column, digits in paddings.of_row(number).items():
                if 0 <= (at := column - first) < len(cells):  # others have a format and no value
                    cells[at] = padded(cells[at], digits)
            yield number, cells

    def height(self, name: str) -> int:
        """Rows of a sheet."""
        return self.reader.get_sheet_by_name(name).total_height


def sheets(path: Path) -> list[str]:
    """Names of the sheets that are shown.

    Raises:
        DataError: it is no workbook, or one that would take all memory.
    """
    with _opened(path, HEAD_BYTES) as book:
        return _shown(book)


def describe_workbook(path: Path, dialect: Dialect) -> Dialect:
    """The dialect with the sheet and its head found out: the first with users and items, else the longest."""
    with _opened(path, HEAD_BYTES) as book:
        names = [dialect.table] if dialect.table else _shown(book)
        best, most = None, (-1, -1)
        for name in names:
            records = records_of_rows([_texts(row) for _, row in islice(book.rows(name, path), LOOKED_AT)])
            skip, header = head_of_rows(records)
            names_ = next((record.fields for record in records if record.line > skip), [])
            roles = {role_of_name(cell) for cell in names_} & {"user", "item"}
            worth = (len(roles), book.height(name))
            if worth > most:
                best, most = (name, skip, header), worth
            if len(roles) == 2:
                break
    if best is None:
        raise DataError(f"“{path.name}” has no sheet with cells.", "Choose another file.")
    table, skip, header = best
    return Dialect(**{**dialect.to_dict(), "table": table, "skip": skip, "header": header})


def workbook_columns(path: Path, dialect: Dialect, rows: int) -> Columns:
    """Columns of the sheet that the dialect names."""
    with _opened(path, HEAD_BYTES) as book:
        shown = book.rows(dialect.table or _shown(book)[0], path)
        taken = [_texts(row) for _, row in islice(shown, dialect.skip + rows + 2)]
    return columns_of_records(path.name, records_of_rows(taken), dialect.skip, dialect.header, rows)


def load_workbook(
    connection: duckdb.DuckDBPyConnection,
    table: str,
    plain: PlainFile,
    columns: Columns,
    wanted: Sequence[str],
) -> Loaded:
    """Make `table` with `n`, `line` (the sheet's row) and text columns `c0`, `c1`, …; empty rows are none."""
    places = [columns.names.index(column) for column in wanted]
    fields = ", ".join(["line BIGINT", *(f"c{at} VARCHAR" for at in range(len(wanted)))])
    connection.execute(f"CREATE TEMP TABLE {table}_cells ({fields})")
    with _opened(plain.path) as book:
        every = book.rows(plain.dialect.table or _shown(book)[0], plain.path)
        rows = ((at, row) for at, row in every if at > columns.head)
        while batch := list(islice(rows, BATCH)):
            if plain.cancelled():
                raise CancelledError("The import")
            filled = [(at, row) for at, row in batch if any(cell != "" for cell in row)]
            arrays = {"line": pa.array([at for at, _ in filled], pa.int64())}
            for number, place in enumerate(places):
                texts = [text_of(row[place]) if place < len(row) else "" for _, row in filled]
                arrays[f"c{number}"] = pa.array(texts, pa.string())
            connection.register("cells", pa.table(arrays))
            connection.execute(f"INSERT INTO {table}_cells SELECT * FROM cells")
            connection.unregister("cells")
    connection.execute(f"CREATE TEMP TABLE {table} AS SELECT row_number() OVER () AS n, * FROM {table}_cells")
    return Loaded(placed=True)


def text_of(cell: object) -> str:
    """A cell as text: whole numbers without a point, moments in ISO 8601."""
    if isinstance(cell, str):
        return cell
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < 1e18 else repr(cell)
    if isinstance(cell, datetime):
        return cell.isoformat(" ")
    if isinstance(cell, date | time):
        return cell.isoformat()
    if isinstance(cell, timedelta):
        return str(cell)
    return "" if cell is None else str(cell)


def _texts(row: Sequence[object]) -> list[str]:
    return [text_of(cell) for cell in row]


def _shown(book: _Book) -> list[str]:
    kinds, visible = python_calamine.SheetTypeEnum, python_calamine.SheetVisibleEnum
    listed = [sheet for sheet in book.reader.sheets_metadata if sheet.typ == kinds.WorkSheet]
    return [sheet.name for sheet in listed if sheet.visible == visible.Visible] or [sheet.name for sheet in listed]


@contextlib.contextmanager
def _opened(path: Path, head: int = 0) -> Iterator[_Book]:
    """A workbook; with `head`, only so many bytes of each sheet, which is quick however large it is."""
    with readable(path):
        if not head:
            _check(path)
        try:
            source = _beginning(path, head) if head else path
            reader = python_calamine.load_workbook(source if isinstance(source, BytesIO) else str(source))
            try:
                yield _Book(reader, source)
            finally:
                reader.close()
        except python_calamine.PasswordError as error:
            raise DataError(f"“{path.name}” is locked with a password.", "Save it without one.") from error
        except (python_calamine.CalamineError, KeyError) as error:
            raise DataError(f"“{path.name}” is a damaged workbook.", "Save it again in Excel.", str(error)) from error


def _beginning(path: Path, head: int) -> BytesIO:
    """The workbook with the first rows of each sheet."""
    made = BytesIO()
    with zipfile.ZipFile(path) as archive, zipfile.ZipFile(made, "w") as short:
        for info in archive.infolist():
            if info.filename.startswith("xl/worksheets/") and info.filename.endswith(".xml"):
                with archive.open(info) as stream:
                    short.writestr(info.filename, _cut(stream.read(head), info.file_size > head, path))
            elif info.filename.endswith(".rels") or info.filename in PARTS:
                with archive.open(info) as stream:
                    short.writestr(info.filename, stream.read(HARMLESS))
    made.seek(0)
    return made


def _cut(text: bytes, cut: bool, path: Path) -> bytes:
    """A sheet that is cut, closed behind its last whole row; one whose rows lie too far out is refused."""
    if cut and (ends := list(ROW_END.finditer(text))):
        prefix = ends[-1][1] or b""
        text = text[: ends[-1].end()] + b"</" + prefix + b"sheetData></" + prefix + b"worksheet>"
    _refuse_far_out([text], path)
    return text


def _check(path: Path) -> None:
    """Refuse what unpacks to far more than data, or to a sheet too wide to hold, by looking through the sheets."""
    with zipfile.ZipFile(path) as archive:
        inside = [info for info in archive.infolist() if info.filename.startswith("xl/")]
        most = max(HARMLESS, MOST_TIMES * path.stat().st_size)
        if sum(info.file_size for info in inside) > most:
            raise DataError(
                f"“{path.name}” unpacks to more than {MOST_TIMES} times its size; no table packs like that.",
                "If it is really data, save it as CSV.",
            )
        for info in inside:
            if info.filename.startswith("xl/worksheets/"):
                _refuse_far_out(_pieces(archive, info), path)
            elif info.file_size < info.compress_size or info.compress_size * 1032 > most:
                for _ in _pieces(archive, info):  # that its size is what it says
                    pass


def _refuse_far_out(pieces: Iterable[bytes], path: Path) -> None:
    row, column = 1, 26
    for piece in pieces:
        if numbers := ROW.findall(piece):
            row = max(row, max(map(int, numbers)))
        for letters in {found[1] for found in CELL.finditer(piece)}:
            column = max(column, _column(letters))
        if row * column > MOST_CELLS:
            raise DataError(
                f"A sheet of “{path.name}” reaches to row {row:,} and column {column:,}: too large to hold.",
                "Delete what stands far out, or save the table as CSV.",
            )


def _pieces(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> Iterator[bytes]:
    tail = b""
    with archive.open(info) as stream:
        while block := stream.read(BLOCK):
            yield tail + block
            tail = block[-64:]


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number
