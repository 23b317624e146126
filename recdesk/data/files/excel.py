"""Sheets of Excel workbooks; see `isolated` for who asks."""

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

import pyarrow as pa
import python_calamine

from recdesk.core.errors import DataError, MisfitError
from recdesk.core.messages import Message
from recdesk.core.task import UNWATCHED, Task
from recdesk.data.columns.roles import role_of_name
from recdesk.data.files import limits
from recdesk.data.files.archives import is_xlsx, opened_zip
from recdesk.data.files.cells import cell_schema, write_cells
from recdesk.data.files.column_preview import Columns, columns_of_records, head_of_rows, records_of_rows
from recdesk.data.files.compression import readable
from recdesk.data.files.dialect import Dialect
from recdesk.data.files.excel_formats import Paddings, padded
from recdesk.data.files.far_rows import among

CELL = re.compile(rb"""[<:]c\s[^>]*?\br=["']([A-Za-z]{2,9})\d""")
ROW = re.compile(rb"""[<:]row\s[^>]*?\br=["'](\d{1,18})["']""")
ROW_END = re.compile(rb"</(\w+:)?row>")
PARTS = ("[Content_Types].xml", "xl/workbook.xml", "xl/styles.xml", "xl/sharedStrings.xml")
HEAD_BYTES = 2**18
"""Of each sheet, for a look at it."""
BLOCK = 2**22
BATCH = 20_000
LOOKED_AT = 200
MOST_FAR = 2_000
"""Rows behind those from which some are taken: a look reads but the beginning of a sheet."""
MOST_SHEETS = 100
"""That are looked into for users and items."""


@dataclass(frozen=True)
class _Book:
    """A workbook that is open.

    Attributes:
        reader: of its cells.
        source: itself, or its beginning.
        shown: its name for people.
        padded: cells may show zeros in front that are in their formats: .xlsx.
    """

    reader: python_calamine.CalamineWorkbook
    source: Path | BytesIO
    shown: str
    padded: bool

    def sheet(self, name: str) -> python_calamine.CalamineSheet:
        """A sheet, which is read whole.

        Raises:
            DataError: there is no such sheet.
        """
        if name not in self.reader.sheet_names:
            there = limits.listed(_shown(self))
            raise MisfitError(
                Message("file.sheet-not-found", name=self.shown, sheet=name), Message("file.sheets-are", names=there)
            )
        return self.reader.get_sheet_by_name(name)

    def rows(self, sheet: python_calamine.CalamineSheet) -> Iterator[tuple[int, list[Any]]]:
        """Rows from the first used column on, with their numbers; zeros in front as the cells show them."""
        first = sheet.start[1] if sheet.start else 0
        if not self.padded:
            yield from enumerate(map(list[Any], sheet.iter_rows()), 1)
            return
        paddings = Paddings(self.source, sheet.name)
        for number, cells in enumerate(map(list[Any], sheet.iter_rows()), 1):
            for column, digits in paddings.of_row(number).items():
                if 0 <= (at := column - first) < len(cells):  # others have a format and no value
                    cells[at] = padded(cells[at], digits)
            yield number, cells


def sheets(path: Path, shown: str) -> list[str]:
    """Names of the sheets that are shown.

    Raises:
        DataError: it is no workbook, or one that would take all memory.
    """
    with _opened(path, shown, HEAD_BYTES) as book:
        return _shown(book)


def describe_workbook(path: Path, shown: str, dialect: Dialect) -> Dialect:
    """The dialect with the sheet and its head found out: the first with users and items, else the longest."""
    with _opened(path, shown, HEAD_BYTES) as book:
        names = [dialect.table] if dialect.table else _shown(book)[:MOST_SHEETS]
        best, most = None, (-1, -1)
        for name in names:
            sheet = book.sheet(name)
            records = records_of_rows([_texts(row) for _, row in islice(book.rows(sheet), LOOKED_AT)])
            skip, header = head_of_rows(records)
            names_ = next((record.fields for record in records if record.line > skip), [])
            roles = {role_of_name(cell) for cell in names_} & {"user", "item"}
            worth = (len(roles), sheet.total_height)
            if worth > most:
                best, most = (name, skip, header), worth
            if len(roles) == 2:
                break
    if best is None:
        raise DataError(Message("file.no-sheet-with-cells", name=shown), Message("file.choose-another"))
    table, skip, header = best
    return Dialect(**{**dialect.to_dict(), "table": table, "skip": skip, "header": header})


def workbook_columns(path: Path, shown: str, dialect: Dialect, rows: int) -> Columns:
    """Columns of the sheet that the dialect names, with a sample; long texts are cut."""
    with _opened(path, shown, HEAD_BYTES) as book:
        all_rows = book.rows(book.sheet(_sheet(book, dialect)))
        taken = [_shown_texts(row) for _, row in islice(all_rows, dialect.skip + rows + 2)]
        blocks = among([row for _, row in islice(all_rows, MOST_FAR)])
        far = [[_shown_texts(row) for row in block if any(cell != "" for cell in row)] for block in blocks]
    return columns_of_records(shown, records_of_rows(taken), dialect.skip, dialect.header, rows, far)


def write_sheet(
    path: Path,
    shown: str,
    dialect: Dialect,
    head: int,
    column_numbers: Sequence[int],
    out: Path,
    task: Task,
) -> None:
    """Write a sheet's texts to an Arrow file, with the sheet's row of each as `line`; empty rows are none.

    Args:
        path: the workbook.
        shown: its name for people.
        dialect: names the sheet.
        head: rows above the first.
        places: numbers of the columns, from 0.
        out: the file to write.
        task: gets the share that is done.

    Raises:
        DataError: it cannot be read.
    """
    with _opened(path, shown, task=task) as book:
        sheet = book.sheet(_sheet(book, dialect))
        schema = cell_schema(len(column_numbers), lined=True)

        def batches() -> Iterator[pa.RecordBatch]:
            rows = ((at, row) for at, row in book.rows(sheet) if at > head)
            while batch := list(islice(rows, BATCH)):
                filled = [(at, row) for at, row in batch if any(cell != "" for cell in row)]
                arrays = [pa.array([at for at, _ in filled], pa.int64())]
                for number in column_numbers:
                    texts = [text_of(row[number]) if number < len(row) else "" for _, row in filled]
                    arrays.append(pa.array(texts, pa.string()))
                yield pa.record_batch(arrays, schema)
                task.report(batch[-1][0] / max(sheet.total_height, 1))

        write_cells(out, schema, batches(), shown, path.stat().st_size)


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


def _shown_texts(row: Sequence[object]) -> list[str]:
    return [text[: limits.SHOWN_CHARACTERS] for text in _texts(row)]


def _shown(book: _Book) -> list[str]:
    kinds, visible = python_calamine.SheetTypeEnum, python_calamine.SheetVisibleEnum
    listed = [sheet for sheet in book.reader.sheets_metadata if sheet.typ == kinds.WorkSheet]
    return [sheet.name for sheet in listed if sheet.visible == visible.Visible] or [sheet.name for sheet in listed]


def _sheet(book: _Book, dialect: Dialect) -> str:
    """The sheet that the dialect names, else the first."""
    names = [dialect.table] if dialect.table else _shown(book)
    if not names:
        raise DataError(Message("file.no-sheet-with-cells", name=book.shown), Message("file.choose-another"))
    return names[0]


@contextlib.contextmanager
def _opened(path: Path, shown: str, head: int = 0, task: Task = UNWATCHED) -> Iterator[_Book]:
    """A workbook; with `head`, only so many bytes of each sheet, which is quick however large it is."""
    with readable(path):
        padded = is_xlsx(path)
        if not padded:
            _check_sizes(path, shown)
        elif not head:
            _check(path, shown, task)
        try:
            source: Path | BytesIO = _beginning(path, shown, head) if head and padded else path
            if not padded:  # told by its content: the ending may be another form's
                source = BytesIO(path.read_bytes())
            reader = python_calamine.load_workbook(source if isinstance(source, BytesIO) else str(source))
            try:
                yield _Book(reader, source, shown, padded)
            finally:
                reader.close()
        except python_calamine.PasswordError as error:
            raise DataError(Message("file.password", name=shown), Message("file.save-without-password")) from error
        except (python_calamine.CalamineError, KeyError) as error:
            raise DataError(
                Message("file.workbook-damaged", name=shown), Message("file.save-in-excel"), str(error)
            ) from error


def _beginning(path: Path, shown: str, head: int) -> BytesIO:
    """The workbook with the first rows of each sheet."""
    made = BytesIO()
    with opened_zip(path) as archive, zipfile.ZipFile(made, "w") as short:
        for info in archive.infolist():
            if info.filename.startswith("xl/worksheets/") and info.filename.endswith(".xml"):
                with archive.open(info) as stream:
                    short.writestr(info.filename, _cut(stream.read(head), info.file_size > head, shown))
            elif info.filename.endswith(".rels") or info.filename in PARTS:
                with archive.open(info) as stream:
                    short.writestr(info.filename, stream.read(limits.HARMLESS))
    made.seek(0)
    return made


def _cut(text: bytes, cut: bool, shown: str) -> bytes:
    """A sheet that is cut, closed behind its last whole row; one whose rows lie too far out is refused."""
    if cut and (ends := list(ROW_END.finditer(text))):
        prefix = ends[-1][1] or b""
        text = text[: ends[-1].end()] + b"</" + prefix + b"sheetData></" + prefix + b"worksheet>"
    _refuse_far_out([text], shown)
    return text


def _check(path: Path, shown: str, task: Task) -> None:
    """Refuse what unpacks to far more than data, or to a sheet too wide to hold, by looking through the sheets."""
    with opened_zip(path) as archive:
        inside = [info for info in archive.infolist() if info.filename.startswith("xl/")]
        most = limits.most_bytes(path.stat().st_size)
        unpacked = sum(info.file_size for info in inside)
        if unpacked > most:
            raise limits.too_much_data(shown)
        if unpacked > limits.MOST_SHEET_BYTES:
            raise DataError(
                Message(
                    "file.workbook-too-large",
                    name=shown,
                    size=unpacked / 1000000.0,
                    limit=limits.MOST_SHEET_BYTES / 1000000.0,
                ),
                Message("file.save-csv-or-split"),
            )
        for info in inside:
            if info.filename.startswith("xl/worksheets/"):
                _refuse_far_out(_pieces(archive, info, task), shown)
            elif info.file_size < info.compress_size or info.compress_size * 1032 > most:
                for _ in _pieces(archive, info, task):  # that its size is what it says
                    pass


def _check_sizes(path: Path, shown: str) -> None:
    """Refuse an .ods or .xlsb that unpacks to far more than data; an .xls is not packed."""
    if not zipfile.is_zipfile(path):
        return
    with opened_zip(path) as archive:
        unpacked = sum(info.file_size for info in archive.infolist())
    if unpacked > limits.most_bytes(path.stat().st_size):
        raise limits.too_much_data(shown)
    if unpacked > limits.MOST_SHEET_BYTES:
        size, limit = unpacked / 1000000.0, limits.MOST_SHEET_BYTES / 1000000.0
        raise DataError(
            Message("file.workbook-too-large", name=shown, size=size, limit=limit), Message("file.save-csv-or-split")
        )


def _refuse_far_out(pieces: Iterable[bytes], shown: str) -> None:
    row, column = 1, 26
    for piece in pieces:
        if numbers := ROW.findall(piece):
            row = max(row, max(map(int, numbers)))
        for letters in {found[1] for found in CELL.finditer(piece)}:
            column = max(column, _column(letters.upper()))
        if row * column > limits.MOST_CELLS:
            raise DataError(
                Message("file.sheet-too-large", name=shown, row=row, column=column),
                Message("file.delete-far-cells"),
            )


def _pieces(archive: zipfile.ZipFile, info: zipfile.ZipInfo, task: Task) -> Iterator[bytes]:
    tail = b""
    with archive.open(info) as stream:
        while block := stream.read(BLOCK):
            task.report(0.0)  # it gets on
            yield tail + block
            tail = block[-64:]


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number
