"""Writes a workbook row by row: Office Open XML with texts in the cells (ECMA-376, part 1, section 18.3), so that its
size in memory does not grow."""

import contextlib
import re
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from typing import IO
from xml.sax.saxutils import escape

ROWS_OF_A_SHEET = 2**20
"""Rows of a sheet, the header among them; Excel has no more."""
LONGEST_CELL = 32_767
"""Characters of a cell; Excel has no more."""

_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]|_x[0-9A-Fa-f]{4}_")
_TIME = (1980, 1, 1, 0, 0, 0)
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_SHEET_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"
_BOOK_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"


class Workbook:
    """Rows of a table; where a sheet is full, the next one begins with the header again."""

    def __init__(self, archive: zipfile.ZipFile, header: Sequence[str]) -> None:
        self.sheets = 0
        self._archive, self._header, self._rows = archive, header, ROWS_OF_A_SHEET
        self._stream: IO[bytes] | None = None

    def add(self, rows: Iterable[Sequence[object]]) -> None:
        """Write rows of numbers and texts."""
        for row in rows:
            if self._rows >= ROWS_OF_A_SHEET:
                self._next_sheet()
            self._write(row)

    def close(self) -> None:
        """End the last sheet and write the list of all."""
        if not self.sheets:
            self._next_sheet()
        self._end_sheet()
        numbers = range(1, self.sheets + 1)
        sheets = "".join(f'<sheet name="recommendations {n}" sheetId="{n}" r:id="rId{n}"/>' for n in numbers)
        book = f'<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><sheets>{sheets}</sheets></workbook>'
        links = "".join(_link(n, "worksheet", f"worksheets/sheet{n}.xml") for n in numbers)
        types = "".join(
            f'<Override PartName="/xl/worksheets/sheet{n}.xml" ContentType="{_SHEET_TYPE}"/>' for n in numbers
        )
        defaults = (
            '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
            f'<Override PartName="/xl/workbook.xml" ContentType="{_BOOK_TYPE}"/>'
        )
        parts = {
            "xl/workbook.xml": book,
            "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{_PACKAGE}/relationships">{links}</Relationships>',
            "_rels/.rels": f'<Relationships xmlns="{_PACKAGE}/relationships">'
            f"{_link(1, 'officeDocument', 'xl/workbook.xml')}</Relationships>",
            "[Content_Types].xml": f'<Types xmlns="{_PACKAGE}/content-types">{defaults}{types}</Types>',
        }
        for name, text in parts.items():
            self._archive.writestr(zipfile.ZipInfo(name, _TIME), _HEAD + text, zipfile.ZIP_DEFLATED)

    def _next_sheet(self) -> None:
        self._end_sheet()
        self.sheets += 1
        about = zipfile.ZipInfo(f"xl/worksheets/sheet{self.sheets}.xml", _TIME)
        about.compress_type = zipfile.ZIP_DEFLATED
        self._stream = self._archive.open(about, "w", force_zip64=True)
        self._stream.write(f'{_HEAD}<worksheet xmlns="{_MAIN}"><sheetData>'.encode())
        self._rows = 0
        self._write(self._header)

    def _end_sheet(self) -> None:
        if self._stream is not None:
            self._stream.write(b"</sheetData></worksheet>")
            self._stream.close()
            self._stream = None

    def _write(self, row: Sequence[object]) -> None:
        assert self._stream is not None
        self._stream.write(f"<row>{''.join(map(_cell, row))}</row>".encode())
        self._rows += 1


@contextlib.contextmanager
def excel_workbook(stream: IO[bytes], header: Sequence[str]) -> Iterator[Workbook]:
    """A workbook in a stream of bytes; complete when the block ends without an error."""
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        workbook = Workbook(archive, header)
        try:
            yield workbook
        except BaseException:
            workbook._end_sheet()
            raise
        workbook.close()


def _cell(value: object) -> str:
    if isinstance(value, int):
        return f"<c><v>{value}</v></c>"
    if isinstance(value, float):
        return f"<c><v>{value:.6g}</v></c>" if value - value == 0 else "<c/>"
    text = escape(_FORBIDDEN.sub(_escaped, str(value)[:LONGEST_CELL]))
    return f'<c t="inlineStr"><is><t xml:space="preserve">{text}</t></is></c>'


def _escaped(found: re.Match[str]) -> str:
    """A character that XML forbids as Excel writes it, or a text that reads like that (ECMA-376, 22.9.2.19)."""
    text = found[0]
    if len(text) > 1:
        return f"_x005F{text}"
    return "\ufffd" if "\ud800" <= text <= "\udfff" else f"_x{ord(text):04X}_"


def _link(number: int, kind: str, target: str) -> str:
    return f'<Relationship Id="rId{number}" Type="{_OFFICE}/{kind}" Target="{target}"/>'
