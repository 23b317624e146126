"""How a file is written: its form, encoding, separator, header; found from a bounded sample."""

import codecs
import csv
import gzip
import re
import zlib
from collections import Counter
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal

import charset_normalizer

from recdesk.data.roles import NUMBER, TYPED, role_of_name
from recdesk.errors import DataError

Form = Literal["delimited", "parquet", "jsonl"]
SEPARATORS = ("::", "\t", ",", ";", "|", " ")
QUOTING = (",", ";", "|")
"""Separators that people quote around; with the others a quote is taken as one only where it is seen to work."""
SEPARATOR_NAMES = {"::": "::", "\t": "tab", ",": "comma", ";": "semicolon", "|": "pipe", " ": "blank"}
ENCODINGS = (
    "utf-8",
    "utf-8-sig",
    "utf-16",
    "utf-16-le",
    "utf-16-be",
    "gb18030",
    "big5",
    "shift_jis",
    "euc_kr",
    "cp1252",
    "latin-1",
)
FAMILIAR = ["gb18030", "big5", "shift_jis", "euc_kr", "cp1252", "latin_1"]
LONELY = re.compile(rb"(?<![\x80-\xff])[\x80-\xff](?=[\s\x20-\x3f\x60-\x7e]|$)")
SAMPLE_BYTES = 256 * 1024
SAMPLE_LINES = 200
EXCEL_LINE = re.compile(r'(?i)"?sep=.{1,2}\s*')
"""What Excel takes the separator from when it stands in the first line."""
MAX_LEADING = 20
"""Title or comment lines that may stand above a table."""


@dataclass(frozen=True)
class Dialect:
    """How to read a file.

    Attributes:
        form: delimited text, Parquet or JSON lines.
        encoding: of text forms, one of ENCODINGS.
        separator: of delimited text, 1 to 4 characters.
        quote: the quoting character, "" for none.
        header: the first line names the columns.
        gzipped: packed with gzip.
        skip: lines above the header (or the first row): blank ones, titles, comments.
    """

    form: Form = "delimited"
    encoding: str = "utf-8"
    separator: str = ","
    quote: str = '"'
    header: bool = True
    gzipped: bool = False
    skip: int = 0

    def to_dict(self) -> dict[str, Any]:
        """Plain values."""
        return asdict(self)

    @classmethod
    def from_dict(cls, values: dict[str, Any]) -> "Dialect":
        """The inverse of `to_dict`."""
        return cls(**values)


def sniff(path: Path) -> Dialect:
    """Find out how a file is written.

    Raises:
        DataError: it is missing, empty, cut short, or no table.
    """
    raw, gzipped = read_sample(path)
    if raw[:4] == b"PAR1":
        return Dialect(form="parquet", gzipped=gzipped)
    encoding = find_encoding(raw)
    _refuse_binary(path, raw, encoding)
    text = decode(raw, encoding)
    first = text.lstrip()[:100]
    if re.match(r"(?i)<(!doctype|html|\?xml)", first):
        raise DataError(f"“{path.name}” is a web page, not a table.", "Download the data itself, then try again.")
    if first.startswith("{"):
        return Dialect(form="jsonl", encoding=encoding, gzipped=gzipped)
    return _delimited(path, sample_lines(text), encoding, gzipped)


def _delimited(path: Path, lines: list[str], encoding: str, gzipped: bool) -> Dialect:
    filled = [line for line in lines if line.strip()]
    if not filled:
        raise DataError(f"“{path.name}” has no lines.", "Choose a file with one interaction a line.")
    separator, quote = find_separator(filled)
    skip = leading_lines(lines, separator, quote)
    rows = split_lines(lines[skip:], separator, quote)
    return Dialect("delimited", encoding, separator, quote, looks_like_header(rows), gzipped, skip)


def read_sample(path: Path) -> tuple[bytes, bool]:
    """The beginning of a file, unpacked, and whether it was packed.

    Raises:
        DataError: it is missing, a folder, unreadable, empty, or badly packed.
    """
    try:
        with path.open("rb") as stream:
            gzipped = stream.read(2) == b"\x1f\x8b"
        opener: Any = gzip.open if gzipped else open
        with opener(path, "rb") as stream:
            raw = bytes(stream.read(SAMPLE_BYTES))
    except FileNotFoundError as error:
        raise DataError(f"There is no file “{path}”.", "Check its name and folder.") from error
    except IsADirectoryError as error:
        raise DataError(f"“{path}” is a folder.", "Choose the file with the interactions in it.") from error
    except PermissionError as error:
        raise DataError(f"“{path}” may not be read.", "Change its permissions, or copy it elsewhere.") from error
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise DataError(f"“{path.name}” is packed but damaged or cut short.", "Download it again.") from error
    except OSError as error:
        raise DataError(f"“{path}” could not be read: {error.strerror or error}.") from error
    if not raw.strip():
        raise DataError(f"“{path.name}” is empty.", "Choose a file with one interaction a line.")
    return raw, gzipped


def find_encoding(raw: bytes) -> str:
    """By byte order mark, then as UTF-8 (with hardly a byte that does not fit), then by the look of the text."""
    if raw.startswith(b"\xef\xbb\xbf"):
        return "utf-8-sig"
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16"
    if (pairs := len(raw) // 2) and b"\0" in raw:
        low, high = raw[0::2].count(0), raw[1::2].count(0)
        if max(low, high) > pairs // 8 and min(low, high) <= pairs // 100:
            return "utf-16-le" if high > low else "utf-16-be"
    text = decode(raw, "utf-8")
    lost = text.count("\ufffd")
    if not lost or 20 * lost < sum(not character.isascii() for character in text):
        return "utf-8"
    western = "cp1252" if re.search(rb"[\x80-\x9f]", raw) else "latin-1"
    high = sum(byte > 127 for byte in raw)
    if len(LONELY.findall(raw)) > 0.8 * high:  # one accent here and there: in East Asian text they come in runs
        return western
    telling = b"\n".join(line for line in raw.splitlines() if not line.isascii())
    best = charset_normalizer.from_bytes(telling, cp_isolation=FAMILIAR).best()
    return best.encoding if best and best.encoding not in ("cp1252", "latin_1") else western


def decode(raw: bytes, encoding: str) -> str:
    """A sample as text; a character cut at the end of a full one is left out.

    Raises:
        DataError: there is no such encoding.
    """
    try:
        decoder = codecs.getincrementaldecoder(encoding)("replace")
    except LookupError as error:
        raise DataError(f"There is no encoding “{encoding}”.", f"Choose one of: {', '.join(ENCODINGS)}.") from error
    return decoder.decode(raw, final=len(raw) < SAMPLE_BYTES)


def sample_lines(text: str) -> list[str]:
    """Whole lines of a sample; the last one may be cut and is left out if there are others."""
    lines = re.split(r"\r\n|\r|\n", text)
    if len(lines) > 1 and (len(text) > SAMPLE_BYTES // 4 or not lines[-1]):
        lines = lines[:-1]
    return lines[:SAMPLE_LINES]


def find_separator(lines: list[str]) -> tuple[str, str]:
    """The separator that cuts most lines into the same number (two or more) of fields, and the quote used with it."""
    best: tuple[float, int, int] | None = None
    found = (",", '"')
    for order, separator in enumerate(SEPARATORS):
        quote, share, fields = _fit(lines, separator)
        if fields < 2 or share < 0.6 or (separator == " " and (best is not None or share < 0.95)):
            continue
        score = (round(share, 1), fields, -order)
        if best is None or score > best:
            best, found = score, (separator, quote)
    return found


def _fit(lines: list[str], separator: str) -> tuple[str, float, int]:
    """The quote that suits a separator best, the share of rows that then have the usual number of fields, and it."""
    marks = sum(line.count('"') for line in lines)
    usual_quote = '"' if separator in QUOTING else ""
    quotes = (usual_quote,) if not marks or len(separator) > 1 else ('"', "") if marks % 2 == 0 else ("", '"')
    best = ("", 0.0, 0)
    for quote in quotes:
        rows = split_lines(lines, separator, quote)
        fields, usual = Counter(len(row) for row in rows).most_common(1)[0]
        if usual / len(rows) > best[1]:
            best = (quote, usual / len(rows), fields)
    return best


def leading_lines(lines: list[str], separator: str, quote: str) -> int:
    """How many lines stand above the table: blank ones, Excel's, those without a separator where the table has some."""
    rows = [(number, split_lines([line], separator, quote)[0]) for number, line in enumerate(lines) if line.strip()]
    usual = Counter(len(row) for _, row in rows).most_common(1)[0][0]
    for number, row in rows[:MAX_LEADING]:
        if usual == 1 or (len(row) > 1 and not EXCEL_LINE.fullmatch(lines[number])):
            return number
    return 0


def split_lines(lines: list[str], separator: str, quote: str) -> list[list[str]]:
    """Fields of the non-blank lines; lines inside quotes are one row."""
    if len(separator) > 1 or not quote:
        return [line.split(separator) for line in lines if line]
    reader = csv.reader(
        [f"{line}\n" for line in lines], delimiter=separator, quotechar=quote, skipinitialspace=separator != " "
    )
    try:
        return [row for row in reader if row]
    except csv.Error:
        return [line.split(separator) for line in lines if line]


def looks_like_header(rows: list[list[str]]) -> bool:
    """The first line names columns: typed names, known names, or texts above values that they do not resemble."""
    first, below = rows[0], rows[1:]
    if any(TYPED.fullmatch(cell.strip()) for cell in first):
        return True
    if any(NUMBER.fullmatch(cell) for cell in first) or sum(not cell.strip() for cell in first) > 1:
        return False
    columns = [[row[at] for row in below if len(row) > at] for at in range(len(first))]
    if any(cell in column for cell, column in zip(first, columns, strict=True)):
        return False
    if any(role_of_name(cell) for cell in first):
        return True
    return any(_named_above(cell, column) for cell, column in zip(first, columns, strict=True))


def _named_above(cell: str, column: list[str]) -> bool:
    """A text without digits above values that (nearly) all have some."""
    digits = sum(any(character.isdigit() for character in value) for value in column)
    return bool(column) and digits >= 0.9 * len(column) and not any(character.isdigit() for character in cell)


def _refuse_binary(path: Path, raw: bytes, encoding: str) -> None:
    if encoding.startswith("utf-16"):
        return
    control = sum(byte < 9 or 13 < byte < 27 for byte in raw[:4096])
    if b"\0" in raw[:4096] or control > len(raw[:4096]) // 50:
        raise DataError(f"“{path.name}” is not a text file.", "Export the data as CSV, Parquet or JSON lines.")
