"""Writes the binary workbooks of Excel record for record: .xls (BIFF8 in a compound file) and .xlsb (BIFF12)."""

import struct
import zipfile
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

Cell = str | float | datetime
Sheets = dict[str, Sequence[Sequence[Cell]]]
SECTOR = 512
FREE, END, FAT = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD
DATE_FORMAT = 22
"""Excel's own m/d/yy h:mm."""


def serial(moment: datetime) -> float:
    """Days since Excel's beginning of time."""
    since = moment - datetime(1899, 12, 30)
    return since.days + since.seconds / 86_400


def texts_of(sheets: Sheets) -> list[str]:
    """The shared strings."""
    return list(
        dict.fromkeys(cell for rows in sheets.values() for row in rows for cell in row if isinstance(cell, str))
    )


def write_xls(path: Path, sheets: Sheets) -> Path:
    """An .xls file as Excel 97 to 2003 wrote it."""
    path.write_bytes(_compound(_biff8(sheets)))
    return path


def _biff8(sheets: Sheets) -> bytes:
    def record(kind: int, body: bytes = b"") -> bytes:
        assert len(body) <= 8224  # longer ones would need CONTINUE records
        return struct.pack("<HH", kind, len(body)) + body

    def begin(kind: int) -> bytes:
        return record(0x0809, struct.pack("<HHHHII", 0x0600, kind, 0x0DBB, 1996, 0, 6))

    texts = texts_of(sheets)
    strings = b"".join(struct.pack("<HB", len(text), 1) + text.encode("utf-16-le") for text in texts)
    globals_ = record(0x0042, struct.pack("<H", 1200)) + record(0x0022, struct.pack("<H", 0))
    for number_format in (0, DATE_FORMAT):
        globals_ += record(0x00E0, struct.pack("<HHH", 0, number_format, 0) + bytes(14))
    shared = record(0x00FC, struct.pack("<II", len(texts), len(texts)) + strings)
    heads = [struct.pack("<BBBB", 0, 0, len(name), 1) + name.encode("utf-16-le") for name in sheets]
    offset = len(begin(5) + globals_ + shared + record(0x000A)) + sum(8 + len(head) for head in heads)
    bound, bodies = b"", b""
    for head, rows in zip(heads, sheets.values(), strict=True):
        bound += record(0x0085, struct.pack("<I", offset + len(bodies)) + head)
        width = max(map(len, rows))
        body = begin(0x10) + record(0x0200, struct.pack("<IIHHH", 0, len(rows), 0, width, 0))
        for at, row in enumerate(rows):
            for column, cell in enumerate(row):
                if isinstance(cell, str):
                    body += record(0x00FD, struct.pack("<HHHI", at, column, 0, texts.index(cell)))
                else:
                    style, value = (1, serial(cell)) if isinstance(cell, datetime) else (0, cell)
                    body += record(0x0203, struct.pack("<HHHd", at, column, style, value))
        bodies += body + record(0x000A)
    return begin(5) + globals_ + bound + shared + record(0x000A) + bodies


def _compound(stream: bytes) -> bytes:
    """A compound file with the stream “Workbook”: header, one sector of the allocation table, directory, stream."""
    stream += bytes(max(4096 - len(stream), 0))  # smaller ones would stand in the mini stream
    sectors = -(-len(stream) // SECTOR)
    assert sectors + 2 <= SECTOR // 4
    chain = [FAT, END, *range(3, sectors + 2), END]
    table = struct.pack(f"<{SECTOR // 4}I", *chain, *[FREE] * (SECTOR // 4 - len(chain)))

    def entry(name: str, kind: int, child: int, start: int, size: int) -> bytes:
        raw = (name + "\0").encode("utf-16-le")
        body = raw.ljust(64, b"\0") + struct.pack("<HBBIII", len(raw), kind, 1, FREE, FREE, child)
        return (body + bytes(16 + 4 + 16) + struct.pack("<IQ", start, size)).ljust(128, b"\0")

    directory = entry("Root Entry", 5, 1, END, 0) + entry("Workbook", 2, FREE, 2, len(stream))
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16)
    header += struct.pack("<HHHHH6xIIIIIIIIII", 0x3E, 3, 0xFFFE, 9, 6, 0, 1, 1, 0, 4096, END, 0, END, 0, 0)
    header += struct.pack("<108I", *[FREE] * 108)
    return header + table + directory.ljust(SECTOR, b"\0") + stream.ljust(sectors * SECTOR, b"\0")


def write_xlsb(path: Path, sheets: Sheets) -> Path:
    """An .xlsb file."""
    relation = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    package = "http://schemas.openxmlformats.org/package/2006"
    texts = texts_of(sheets)
    bundle = b"".join(
        _record(156, struct.pack("<II", 0, at) + _wide(f"rId{at}") + _wide(name)) for at, name in enumerate(sheets, 1)
    )
    links = "".join(
        f'<Relationship Id="rId{at}" Type="{relation}/worksheet" Target="worksheets/sheet{at}.bin"/>'
        for at in range(1, len(sheets) + 1)
    )
    links += f'<Relationship Id="rIdS" Type="{relation}/sharedStrings" Target="sharedStrings.bin"/>'
    links += f'<Relationship Id="rIdF" Type="{relation}/styles" Target="styles.bin"/>'
    formats = b"".join(_record(47, struct.pack("<HHHHH", 0, at, 0, 0, 0) + bytes(6)) for at in (0, DATE_FORMAT))
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as out:
        kind = "application/vnd.ms-excel.sheet.binary.macroEnabled.main"
        out.writestr(
            "[Content_Types].xml",
            f'<Types xmlns="{package}/content-types"><Default Extension="bin" ContentType="{kind}"/>'
            '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
            "</Types>",
        )
        top = f'<Relationship Id="rId1" Type="{relation}/officeDocument" Target="xl/workbook.bin"/>'
        for name, inside in (("_rels/.rels", top), ("xl/_rels/workbook.bin.rels", links)):
            out.writestr(name, f'<Relationships xmlns="{package}/relationships">{inside}</Relationships>')
        out.writestr("xl/workbook.bin", _record(131) + _record(143) + bundle + _record(144) + _record(132))
        out.writestr("xl/styles.bin", _record(278) + _record(617, struct.pack("<I", 2)) + formats + _record(618))
        strings = b"".join(_record(19, b"\0" + _wide(text)) for text in texts)
        out.writestr(
            "xl/sharedStrings.bin", _record(159, struct.pack("<II", len(texts), len(texts))) + strings + _record(160)
        )
        for at, rows in enumerate(sheets.values(), 1):
            out.writestr(f"xl/worksheets/sheet{at}.bin", _sheet(rows, texts))
    return path


def _sheet(rows: Sequence[Sequence[Cell]], texts: list[str]) -> bytes:
    body = _record(129) + _record(148, struct.pack("<IIII", 0, len(rows) - 1, 0, max(map(len, rows)) - 1))
    body += _record(145)
    for at, row in enumerate(rows):
        body += _record(0, struct.pack("<I", at) + bytes(21))
        for column, cell in enumerate(row):
            if isinstance(cell, str):
                body += _record(7, struct.pack("<III", column, 0, texts.index(cell)))
            else:
                style, value = (1, serial(cell)) if isinstance(cell, datetime) else (0, cell)
                body += _record(5, struct.pack("<IId", column, style, value))
    return body + _record(146) + _record(130)


def _record(kind: int, body: bytes = b"") -> bytes:
    """A record of BIFF12: kind and length in groups of seven bits."""
    head = bytes([kind]) if kind < 128 else bytes([kind & 0x7F | 0x80, kind >> 7])
    size, length = len(body), b""
    while True:
        length += bytes([size & 0x7F | (0x80 if size > 0x7F else 0)])
        size >>= 7
        if not size:
            return head + length + body


def _wide(text: str) -> bytes:
    return struct.pack("<I", len(text)) + text.encode("utf-16-le")
