"""Finds records of far too many fields before DuckDB reads them: it rejects one in time quadratic in its fields and
cannot be interrupted meanwhile (20,000 fields: 3 s; 600,000: hours)."""

import mmap
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from recdesk.core.task import Task
from recdesk.data.files import limits

MOST_EXCESS = 256
"""Fields beyond the table's columns that DuckDB is left to refuse: it takes milliseconds."""
BLOCK = 2**22
LINE_FEED = ord("\n")
CHECK_EVERY = 2**16
"""Records between two checks for cancellation."""

Bytes = npt.NDArray[np.uint8]
Positions = npt.NDArray[np.intp]


@dataclass(frozen=True)
class WideRecord:
    """A record of too many fields.

    Attributes:
        start: byte position of its first line.
        end: byte position of the end of its last line.
        fields: how many it has, as far as they could be separated.
        broken: a quote is never closed, or closed before the end of its field, so that the record has no end.
    """

    start: int
    end: int
    fields: int
    broken: bool


def wide_records(path: Path, separator: str, quote: str, escape: str, columns: int, task: Task) -> list[WideRecord]:
    """Records of a UTF-8 file, with plain line ends, that have far more fields than the table has columns.

    Most files are known to have none after a pass at the speed of NumPy; the others are cut record by record. The
    first that is broken is the last that is looked for: what stands behind it cannot be known.

    Raises:
        CancelledError: it was cancelled.
    """
    cut = _Cut(separator.encode(), quote.encode(), escape.encode(), columns + MOST_EXCESS)
    if not path.stat().st_size or not cut.may_be_wide(path, task):
        return []
    found = []
    with path.open("rb") as stream, mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ) as data:
        for number, record in enumerate(cut.records(data)):
            if number % CHECK_EVERY == 0:
                task.check()
            if record.fields > cut.most:
                found.append(record)
                if record.broken:
                    break
    return found


class _Cut:
    """Splits records into fields as `csv_records.split_record` does, but on bytes.

    Attributes:
        most: fields that a record may have.
    """

    def __init__(self, separator: bytes, quote: bytes, escape: bytes, most: int) -> None:
        self.separator, self.quote, self.most = separator, quote, most
        if quote:
            q, e, s = re.escape(quote), re.escape(escape or quote), re.escape(separator)
            blank = b"" if separator.startswith(b" ") else b" *"
            inside = b"(?:[^%b%b]|%b.)*+" % (q, e, e) if escape else b"(?:[^%b]|%b%b)*+" % (q, q, q)
            self._opening = re.compile(blank + q)
            self._inside = re.compile(inside, re.DOTALL)
            self._closing = re.compile(q + blank + b"(?:(%b)|\\r?\\n|\\r?\\Z)" % s)
            self._bare_end = re.compile(b"%b|\n" % s)
            self._edge = np.zeros(256, bool)
            self._edge[[separator[0], separator[-1], quote[0], *b"\r\n"]] = True

    def may_be_wide(self, path: Path, task: Task) -> bool:
        """Whether a record may have too many fields; a "no" is certain.

        Where every quote stands at the edge of a field, their parity tells which line feeds end a record.
        """
        odd, separators, rest = 0, 0, b""
        with path.open("rb") as stream:
            stream.seek(_begin(stream.read(3)))
            before = LINE_FEED
            while block := rest + stream.read(BLOCK):
                task.check()
                # the last byte waits for the next block, which shows what follows it
                last = len(block) <= max(len(rest), 1)
                data = np.frombuffer(block if last else block[:-1], np.uint8)
                rest = b"" if last else block[-1:]
                ends = np.flatnonzero(data == LINE_FEED)
                if self.quote:
                    quotes = np.flatnonzero(data == self.quote[0])
                    if not self._regular(data, quotes, odd, before, block[len(data)] if rest else LINE_FEED):
                        return True
                    ends = ends[(np.searchsorted(quotes, ends) + odd) % 2 == 0]
                    odd = (odd + len(quotes)) % 2
                most, separators = self._separators(data, ends, separators)
                if most >= self.most:
                    return True
                before = int(data[-1])
        return False

    def _regular(self, data: Bytes, quotes: Positions, odd: int, before: int, behind: int) -> bool:
        """Whether quotes open behind the edge of a field and close before one."""
        opening, closing = quotes[odd::2], quotes[1 - odd :: 2]
        left = np.concatenate([np.array([before], np.uint8), data[:-1]])[opening]
        right = np.concatenate([data[1:], np.array([behind], np.uint8)])[closing]
        return bool(self._edge[left].all() and self._edge[right].all())

    def _separators(self, data: Bytes, ends: Positions, begun: int) -> tuple[int, int]:
        """The most separators of a record that ends here or goes on, and those of the last one; at most its bytes."""
        edges = np.concatenate([[-1], ends, [len(data) - 1]])
        if begun + int(np.diff(edges).max()) < self.most:  # no record has even so many bytes
            return 0, int(edges[-1] - edges[-2]) + (0 if len(ends) else begun)
        counts = np.diff(np.concatenate([[0], np.cumsum(data == self.separator[0])])[edges + 1])
        counts[0] += begun
        return int(counts.max()), int(counts[-1])

    def records(self, data: mmap.mmap) -> Iterator[WideRecord]:
        """Every record; one that is broken ends with its first line, as the lines behind it may be good ones."""
        at = _begin(data[:3])
        while at < len(data):
            line_end = data.find(b"\n", at)
            line_end = len(data) if line_end < 0 else line_end
            if not self.quote or data.find(self.quote, at, line_end) < 0:
                fields = 1
                if line_end - at >= self.most:
                    fields += data[at:line_end].count(self.separator)
                yield WideRecord(at, line_end, fields, broken=False)
                at = line_end + 1
                continue
            end, fields = self._record(data, at)
            yield WideRecord(at, line_end if end is None else end, fields, broken=end is None)
            at = (line_end if end is None else end) + 1

    def _record(self, data: mmap.mmap, at: int) -> tuple[int | None, int]:
        """Where the record ends, None where its quotes are broken; how many fields it has."""
        fields, most = 0, min(len(data), at + limits.LONGEST_LINE)
        while True:
            fields += 1
            if opened := self._opening.match(data, at, most):
                inside = self._inside.match(data, opened.end(), most)
                closed = self._closing.match(data, inside.end(), most) if inside else None
                if closed is None:
                    return None, fields
                if closed[1] is None:
                    end = closed.end()
                    return (end - 1 if data[end - 1] == LINE_FEED else end), fields
                at = closed.end()
                continue
            found = self._bare_end.search(data, at, most)
            if found is None:
                return most, fields
            if found[0] == b"\n":
                return found.start(), fields
            at = found.end()


def _begin(first: bytes) -> int:
    """Where the text begins: behind a byte order mark."""
    return 3 if first == b"\xef\xbb\xbf" else 0
