"""How a file is written: its form, packing, encoding, separator, header; found from a bounded sample."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields, replace
from pathlib import Path
from typing import Any, Literal

from recdesk.core.errors import DataError, MisfitError
from recdesk.data.columns.roles import NUMBER, TYPED, role_of_name
from recdesk.data.files.compression import Packing, is_workbook, only_member, packed_twice, packing_of, unpacked
from recdesk.data.files.csv_records import BLANK_RUN, Record, records
from recdesk.data.files.encodings import SAMPLE_BYTES, decode, find_encoding
from recdesk.data.files.separators import COMMENTS, USUAL, find_cut, without_comments

Form = Literal["delimited", "sessions", "baskets", "parquet", "jsonl", "json", "xlsx", "sqlite", "duckdb"]
FORMS: tuple[Form, ...] = (
    "delimited", "sessions", "baskets", "parquet", "jsonl", "json", "xlsx", "sqlite", "duckdb",
)  # fmt: skip
TEXT_FORMS = ("delimited", "sessions", "baskets", "jsonl", "json")
"""Forms that have lines and an encoding."""
SESSION_FORMS = ("sessions", "baskets")
TABLE_FORMS = ("xlsx", "sqlite", "duckdb")
"""Forms with several tables in a file."""
SEPARATORS = (*USUAL, " ", BLANK_RUN)
SEPARATOR_NAMES = {
    "::": "::", "\t": "tab", ",": "comma", ";": "semicolon", "|": "pipe", " ": "blank", BLANK_RUN: "blanks",
}  # fmt: skip
LONGEST_SEPARATOR = 4
SAMPLE_LINES = 250
EXCEL_LINE = re.compile(r'(?i)"?sep=.{1,2}\s*')
"""What Excel takes the separator from when it stands in the first line."""
MAX_LEADING = 30
"""Title or comment lines that may stand above a table."""


@dataclass(frozen=True)
class Dialect:
    r"""How to read a file.

    Attributes:
        form: delimited text; sessions (a line has a user and then the items in order) or baskets (only items); Parquet;
            JSON lines; JSON (an array, or objects over several lines); an Excel workbook; an SQLite or DuckDB file.
        encoding: of text forms, one of ENCODINGS or any other that Python knows.
        separator: of delimited text, sessions and baskets: 1 to 4 characters, or BLANK_RUN.
        quote: the quoting character, "" for none.
        escape: what stands before a quote inside quotes; "" where it is doubled. Without a quote: what stands before a
            separator that separates nothing.
        header: the first line (or row of a sheet) names the columns.
        packed: what the file is packed with.
        skip: lines (or rows of a sheet) above the header or the first row: blank ones, titles, comments.
        table: the sheet or the database's table; "" for the likeliest.
        member: the file inside a zip file; "" for the only one.
    """

    form: Form = "delimited"
    encoding: str = "utf-8"
    separator: str = ","
    quote: str = '"'
    escape: str = ""
    header: bool = True
    packed: Packing = ""
    skip: int = 0
    table: str = ""
    member: str = ""

    def to_dict(self) -> dict[str, Any]:
        """Plain values."""
        return asdict(self)

    @classmethod
    def from_dict(cls, values: dict[str, Any]) -> "Dialect":
        """The inverse of `to_dict`; older ones knew gzip only."""
        known = {field.name for field in fields(cls)}
        older = cls(packed="gzip" if values.get("gzipped") else "")
        return replace(older, **{key: value for key, value in values.items() if key in known})

    def checked(self) -> "Dialect":
        """Itself.

        Raises:
            DataError: no file can be read like that.
        """
        mark = self.separator
        if self.form not in FORMS:
            raise MisfitError(f"There is no form “{self.form}”.", f"Choose one of: {', '.join(FORMS)}.")
        if not mark or len(mark) > LONGEST_SEPARATOR or "\n" in mark or "\r" in mark:
            raise MisfitError(f"“{mark}” cannot separate columns.", "A separator has 1 to 4 characters.")
        if len(self.quote) > 1 or len(self.escape) > 1 or not (self.quote + self.escape).isprintable():
            raise MisfitError("A quote and an escape are one character each, or nothing.")
        if self.quote and (self.quote in mark or self.quote.isalnum()):
            raise MisfitError(f"“{self.quote}” cannot quote where “{mark}” separates.", "Choose another quote.")
        return self

    def records(self, lines: Sequence[str]) -> list[Record]:
        """Records of the lines below `skip`."""
        numbered = list(enumerate(lines, 1))[self.skip :]
        return list(records(numbered, self.separator, self.quote, self.escape))


def sniff(path: Path, **known: Any) -> Dialect:
    """Find out how a file is written.

    Args:
        path: the file.
        known: attributes of Dialect that a person gave; the others are found with these in mind.

    Raises:
        DataError: it is missing, empty, cut short, or no table.
    """
    packed = packing_of(path)
    member = known.get("member") or (only_member(path) if packed == "zip" else "")
    where = replace(Dialect(packed=packed, member=member), **known)
    raw = read_sample(path, where)
    if packed and raw.startswith((b"\x1f\x8b", b"BZh", b"\xfd7zXZ\0")):
        raise packed_twice(path)
    if form := known.get("form") or _form_of_bytes(path, raw, packed):
        where = replace(where, form=form)
        if form not in TEXT_FORMS:
            return where
    encoding = known.get("encoding") or find_encoding(raw)
    if "encoding" not in known:
        _refuse_binary(path, raw, encoding)
    text = decode(raw, encoding)
    where = replace(where, encoding=encoding)
    if re.match(r"(?i)<(!doctype|html|\?xml|head|body|table)", text.lstrip("\ufeff \t\r\n")[:100]):
        raise DataError(f"“{path.name}” is a web page, not a table.", "Download the data itself, then try again.")
    found = where.form if "form" in known else _json_form(text)
    if found in ("json", "jsonl"):
        return replace(where, form=found)
    return _delimited(path, sample_lines(text), where, known)


def read_sample(path: Path, dialect: Dialect) -> bytes:
    """The beginning of a file, unpacked.

    Raises:
        DataError: it is missing, unreadable, empty, or badly packed.
    """
    with unpacked(path, dialect.packed, dialect.member) as stream:
        raw = stream.read(SAMPLE_BYTES)
    if not raw.strip(b" \t\r\n\x0b\x0c\xef\xbb\xbf"):
        raise DataError(f"“{path.name}” is empty.", "Choose a file with one interaction a line.")
    return raw


def sample_lines(text: str) -> list[str]:
    """Whole lines of a sample; the last one may be cut and is left out if there are others."""
    lines = re.split(r"\r\n|\r|\n", text.removeprefix("\ufeff"))
    if len(lines) > 1 and (len(text) > SAMPLE_BYTES // 4 or not lines[-1]):
        lines = lines[:-1]
    return lines[:SAMPLE_LINES]


def _form_of_bytes(path: Path, raw: bytes, packed: Packing) -> Form | None:
    if raw[:4] == b"PAR1":
        return "parquet"
    if raw[:16] == b"SQLite format 3\0":
        return "sqlite"
    if raw[8:12] == b"DUCK":
        return "duckdb"
    return "xlsx" if raw[:4] == b"PK\x03\x04" and (packed or is_workbook(path)) else None


def _json_form(text: str) -> Form | None:
    """Objects one a line, or in an array or over several lines; a text may begin like that and be neither."""
    start = text.lstrip("\ufeff \t\r\n")
    if not start.startswith("{"):
        return "json" if re.match(r"\[\s*+([{\[]|\Z)", start) else None
    lines = [line for line in start.splitlines()[:20] if line.strip()]
    if len(lines) > 1 and lines[1].lstrip().startswith("{") and lines[0].strip() != "{":
        return "jsonl"
    inside = re.match(r'\{\s*"[^"]*"\s*:\s*\[\s*\{', start[:2000])
    whole = len(lines) == 1 or lines[0].rstrip().endswith("}")
    return "jsonl" if whole and not inside else "json"


def _delimited(path: Path, lines: list[str], where: Dialect, known: Mapping[str, Any]) -> Dialect:
    filled = [line for line in lines if line.strip()]
    if not filled:
        raise DataError(f"“{path.name}” has no lines.", "Choose a file with one interaction a line.")
    given = {key: known[key] for key in ("separator", "quote", "escape") if key in known}
    cut = None if where.form in SESSION_FORMS else find_cut(lines[known.get("skip", 0) :], **given)
    if cut is None:
        sessions = (
            find_sessions(without_comments(filled), given.get("separator"))
            if known.get("form") != "delimited"
            else None
        )
        if sessions or where.form in SESSION_FORMS:
            form, separator = sessions or (where.form, given.get("separator", " "))
            form = where.form if where.form in SESSION_FORMS else form
            skip = next((at for at, line in enumerate(lines) if line.strip() and not line.startswith(COMMENTS)), 0)
            return replace(where, form=form, separator=separator, quote="", header=False, skip=skip)
        dialect = where
    else:
        dialect = replace(where, separator=cut.separator, quote=cut.quote, escape=cut.escape)
    dialect = dialect.checked()
    rows = dialect.records(lines)
    skip = known["skip"] if "skip" in known else leading_lines(rows, lines)
    below = [row.fields for row in rows if row.line > skip]
    header = known["header"] if "header" in known else bool(below) and looks_like_header(below)
    return replace(dialect, skip=skip, header=header)


def find_sessions(lines: Sequence[str], given: str | None = None) -> tuple[Form, str] | None:
    """Lines of ids, as many as come: with their separator, and whether each begins with a user.

    The first id of a line is a user if it stands nowhere else; items come again.
    """
    for separator in (given,) if given else (" ", "\t", ",", ";", "|"):
        rows = [row for line in lines if (row := [cell.strip() for cell in line.strip().split(separator)])]
        lengths = Counter(len(row) for row in rows)
        words = [cell for row in rows for cell in row]
        if len(rows) < 3 or len(lengths) < 2 or lengths[1] > 0.5 * len(rows) or len(words) < 2.5 * len(rows):
            continue
        if sum(bool(re.fullmatch(r"[\w.:#@/-]{1,40}", word)) for word in words) < 0.98 * len(words):
            continue
        firsts = [row[0] for row in rows]
        others = {cell for row in rows for cell in row[1:]}
        known = sum(first in others for first in firsts)
        return ("sessions" if len(set(firsts)) == len(firsts) and known < 0.5 * len(firsts) else "baskets"), separator
    return None


def leading_lines(rows: Sequence[Record], lines: Sequence[str]) -> int:
    """How many lines stand above the table: blank ones, Excel's, titles and comments, which are cut differently."""
    usual = Counter(len(row.fields) for row in rows).most_common(1)[0][0] if rows else 1
    if usual == 1:
        return rows[0].line - 1 if rows else 0
    for at, row in enumerate(rows[:MAX_LEADING]):
        filled = sum(bool(cell.strip()) for cell in row.fields)
        after = rows[at + 1].fields if at + 1 < len(rows) else []
        named = (
            filled > 1
            and len(after) == usual
            and len(row.fields) >= usual - 1
            and any(role_of_name(cell) for cell in row.fields)
        )
        fits = len(row.fields) == usual and (filled > 1 or usual == 2)
        if (fits or named) and not EXCEL_LINE.fullmatch(lines[row.line - 1]) and not _comment(row, named):
            return row.line - 1
    return 0


def _comment(row: Record, named: bool) -> bool:
    """A line that says it is one. The names of the columns may stand in one (“# user item”)."""
    return row.text.startswith(COMMENTS) and not named


def looks_like_header(rows: Sequence[Sequence[str]]) -> bool:
    """The first line names columns: typed names, known names, or texts above values that they do not resemble."""
    first, below = rows[0], rows[1:]
    if any(TYPED.fullmatch(cell.strip()) for cell in first):
        return True
    if any(NUMBER.fullmatch(cell) for cell in first):
        return False
    width = max((at for at, cell in enumerate(first, 1) if cell.strip()), default=1)
    first = first[:width]  # without trailing separators
    if sum(not cell.strip() for cell in first) > 1:
        return False
    columns = [[row[at] for row in below if len(row) > at] for at in range(len(first))]
    if any(cell.strip() and cell in column for cell, column in zip(first, columns, strict=True)):
        return False
    if any(role_of_name(cell) for cell in first):
        return True
    return any(_named_above(cell, column) for cell, column in zip(first, columns, strict=True))


def _named_above(cell: str, column: list[str]) -> bool:
    """A text without digits above values that (nearly) all have some."""
    digits = sum(any(character.isdigit() for character in value) for value in column)
    return bool(column) and digits >= 0.9 * len(column) and not any(character.isdigit() for character in cell)


def _refuse_binary(path: Path, raw: bytes, encoding: str) -> None:
    if encoding.startswith(("utf-16", "utf-32")):
        return
    head = raw[:4096]  # 1 and 2 are how Hive separates fields; a zero here and there is told row by row
    control = sum(2 < byte < 9 or 13 < byte < 27 for byte in head)
    if head.count(0) > 8 or control > len(head) // 50:
        raise DataError(f"“{path.name}” is not a text file.", "Export the data as CSV, Parquet or JSON lines.")
