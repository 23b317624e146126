"""How a file is written: its form, encoding, separator, header; found from a bounded sample."""

import csv
import gzip
import re
import zlib
from collections import Counter
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal

import charset_normalizer

from recdesk.errors import DataError

Form = Literal["delimited", "parquet", "jsonl"]
SEPARATORS = ("::", "\t", ",", ";", "|", " ")
SEPARATOR_NAMES = {"::": "::", "\t": "tab", ",": "comma", ";": "semicolon", "|": "pipe", " ": "blank"}
ENCODINGS = ("utf-8", "utf-8-sig", "utf-16", "gb18030", "big5", "shift_jis", "euc_kr", "cp1252", "latin-1")
SAMPLE_BYTES = 256 * 1024
SAMPLE_LINES = 200
TYPED = re.compile(r"(.+):(token|token_seq|float|float_seq)")
NUMBER = re.compile(r"\s*[+-]?\d+([.,]\d+)?\s*")


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
    """

    form: Form = "delimited"
    encoding: str = "utf-8"
    separator: str = ","
    quote: str = '"'
    header: bool = True
    gzipped: bool = False

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
    lines = sample_lines(decode(raw, encoding))
    if not lines:
        raise DataError(f"“{path.name}” has no lines.", "Choose a file with one interaction a line.")
    first = lines[0].lstrip()
    if re.match(r"(?i)<(!doctype|html|\?xml)", first):
        raise DataError(f"“{path.name}” is a web page, not a table.", "Download the data itself, then try again.")
    if first.startswith("{"):
        return Dialect(form="jsonl", encoding=encoding, gzipped=gzipped)
    separator, quote = find_separator(lines)
    rows = split_lines(lines, separator, quote)
    return Dialect("delimited", encoding, separator, quote, looks_like_header(rows), gzipped)


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
    """By byte order mark, then as strict UTF-8, then by the look of the text."""
    if raw.startswith(b"\xef\xbb\xbf"):
        return "utf-8-sig"
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16"
    try:
        decode(raw, "utf-8", errors="strict")
    except UnicodeDecodeError:
        isolated = ["gb18030", "big5", "shift_jis", "euc_kr", "cp1252", "latin_1"]
        best = charset_normalizer.from_bytes(raw, cp_isolation=isolated).best()
        return best.encoding.replace("_1", "-1") if best else "latin-1"
    return "utf-8"


def decode(raw: bytes, encoding: str, errors: str = "replace") -> str:
    """A sample as text; a character cut at its end is left out."""
    for cut in range(4):
        try:
            return raw[: len(raw) - cut].decode(encoding)
        except UnicodeDecodeError as error:
            if error.start < len(raw) - 4 - cut:
                break
    return raw.decode(encoding, errors)


def sample_lines(text: str) -> list[str]:
    """Whole, non-blank lines of a sample; the last one may be cut and is left out if there are others."""
    lines = text.splitlines()
    if len(text) > SAMPLE_BYTES // 4 and len(lines) > 1:
        lines = lines[:-1]
    return [line for line in lines if line.strip()][:SAMPLE_LINES]


def find_separator(lines: list[str]) -> tuple[str, str]:
    """The separator that cuts most lines into the same number (two or more) of fields, and the quote used with it."""
    best: tuple[float, int, int] | None = None
    found = (",", '"')
    for order, separator in enumerate(SEPARATORS):
        quote = "" if separator in ("::", "\t") and not any('"' in line for line in lines) else '"'
        counts = Counter(len(row) for row in split_lines(lines, separator, quote))
        fields, lines_with = counts.most_common(1)[0]
        share = lines_with / sum(counts.values())
        if fields < 2 or share < 0.6 or (separator == " " and (best is not None or share < 0.95)):
            continue
        score = (round(share, 1), fields, -order)
        if best is None or score > best:
            best, found = score, (separator, quote)
    return found


def split_lines(lines: list[str], separator: str, quote: str) -> list[list[str]]:
    """Fields of sample lines."""
    if len(separator) > 1 or not quote:
        return [line.split(separator) for line in lines]
    try:
        return list(csv.reader(lines, delimiter=separator, quotechar=quote, skipinitialspace=False))
    except csv.Error:
        return [line.split(separator) for line in lines]


def looks_like_header(rows: list[list[str]]) -> bool:
    """The first line names columns: known names, typed names, or texts above numbers."""
    from recdesk.data.roles import role_of_name

    first = rows[0]
    if any(TYPED.fullmatch(cell.strip()) for cell in first) or any(role_of_name(cell) for cell in first):
        return True
    if any(NUMBER.fullmatch(cell) or not cell.strip() for cell in first):
        return False
    below = rows[1:]
    for column, cell in enumerate(first):
        values = [row[column] for row in below if len(row) > column]
        if any(value == cell for value in values):
            return False
        if values and all(NUMBER.fullmatch(value) for value in values):
            return True
    return bool(below) and not any(character.isdigit() for cell in first for character in cell)


def _refuse_binary(path: Path, raw: bytes, encoding: str) -> None:
    if encoding == "utf-16":
        return
    control = sum(byte < 9 or 13 < byte < 27 for byte in raw[:4096])
    if b"\0" in raw[:4096] or control > len(raw[:4096]) // 50:
        raise DataError(f"“{path.name}” is not a text file.", "Export the data as CSV, Parquet or JSON lines.")
