"""Brings a file into a form that DuckDB reads: decompressed, text as valid UTF-8 with one kind of line end."""

import codecs
import contextlib
import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from recdesk.core.errors import DataError
from recdesk.core.messages import Message
from recdesk.core.refusals import explained
from recdesk.core.task import UNWATCHED, Task
from recdesk.core.temporary import temporary_folder
from recdesk.data.files import limits
from recdesk.data.files.compression import changed_meanwhile, unpacked
from recdesk.data.files.csv_records import BLANK_RUN, split_record
from recdesk.data.files.dialect import TEXT_FORMS, Dialect
from recdesk.data.files.encodings import SAMPLE_BYTES, find_encoding
from recdesk.data.files.grouped import with_ids
from recdesk.data.files.json_text import JsonElements
from recdesk.data.files.line_numbers import RAW_CHARACTERS
from recdesk.data.files.python_literals import json_lines

BLOCK = 2**20
LOST = "\ufffd"
"""Replacement character for bytes that are invalid in the encoding."""
UNIT = "\x1f"
"""ASCII's unit separator, for rewritten copies of dialects that DuckDB cannot split."""


@dataclass(frozen=True)
class NormalizedFile:
    """A file that DuckDB can read as it is: Parquet, a database, or UTF-8 with one kind of line end.

    Attributes:
        path: the file itself, or a temporary copy.
        dialect: how that is written.
        encoding: of the file itself, when looked at closely.
        lost: characters that do not fit it.
        same_lines: its lines have the numbers that they have in the file.
        folder: for other copies; it goes when the file is done with.
        task: the work on it.
    """

    path: Path
    dialect: Dialect
    encoding: str = "utf-8"
    lost: int = 0
    same_lines: bool = True
    folder: Path = Path()
    task: Task = UNWATCHED


@contextlib.contextmanager
def normalized_file(
    path: Path,
    dialect: Dialect,
    task: Task = UNWATCHED,
) -> Iterator[NormalizedFile]:
    """The file itself, or a temporary copy that is deleted when the block ends.

    `task` gets the share that is done.

    A file that was taken for UTF-8 because its beginning is plain ASCII is looked at again where it stops to be.

    Raises:
        DataError: the file is missing, unreadable, or badly packed; or it was changed before the block ended.
        CancelledError: it was cancelled.
    """
    before = _mark(path)
    with temporary_folder() as folder:
        copy = folder / "plain"
        try:
            with explained(copy):
                plain = _prepared(path, dialect, copy, task)
            yield replace(plain, folder=folder, task=task)
        except (DataError, OSError) as error:
            _check_unchanged(path, before, error)
            raise
        _check_unchanged(path, before)


def _mark(path: Path) -> tuple[int, int] | None:
    with contextlib.suppress(OSError):
        return path.stat().st_size, path.stat().st_mtime_ns
    return None


def _check_unchanged(path: Path, before: tuple[int, int] | None, cause: Exception | None = None) -> None:
    now = _mark(path)
    if before is None or now == before:
        return
    what = "was removed" if now is None else "changed"
    raise changed_meanwhile(path, what) from cause


def _prepared(path: Path, dialect: Dialect, copy: Path, task: Task) -> NormalizedFile:
    if dialect.form not in TEXT_FORMS:
        if not dialect.packed:
            return NormalizedFile(path, dialect)
        _copy_bytes(_blocks(path, dialect, task), copy)
        return NormalizedFile(copy, replace(dialect, packed="", member=""))
    clean, encoding = False, dialect.encoding
    if encoding == "utf-8":
        clean, encoding = _look_through(_blocks(path, dialect, task.part(0, 0.5)))
    line_form = dialect.form not in ("json", "python", "grouped") and not _needs_rewriting(dialect)
    if clean and not dialect.packed and line_form:
        return NormalizedFile(path, dialect)
    begun = 0.5 if dialect.encoding == "utf-8" else 0.0  # where it was looked through before
    texts = _Texts(_blocks(path, dialect, task.part(begun, 1)), encoding)
    plain = replace(dialect, encoding="utf-8", packed="", member="")
    same_lines = True
    with copy.open("w", encoding="utf-8", errors="replace", newline="") as out:
        if dialect.form == "json":
            elements = JsonElements(path.name)
            out.writelines(elements.lines(texts))
            same_lines, plain = elements.same_lines, replace(plain, form="jsonl")
        elif dialect.form == "python":
            out.writelines(json_lines(_without_excess(texts)))
            plain = replace(plain, form="jsonl")
        elif dialect.form == "grouped":
            out.writelines(with_ids(_without_excess(texts), dialect))
            plain = replace(plain, form="delimited", skip=0)
        elif line_form:
            out.writelines(_without_excess(texts))
        else:
            out.writelines(_rewritten(_without_excess(texts), dialect))
            plain = replace(plain, separator=UNIT, quote="", escape="")
    return NormalizedFile(copy, plain, encoding, texts.lost, same_lines)


def _blocks(path: Path, dialect: Dialect, task: Task) -> Iterator[bytes]:
    endless = dialect.form in TEXT_FORMS and dialect.form != "json"
    passed = 0
    with unpacked(path, dialect.packed, dialect.member, task) as stream:
        while block := stream.read(BLOCK):
            task.check()
            if endless:
                endless = b"\n" not in block and b"\r" not in block
                passed += len(block)
                if endless and passed > limits.MOST_BEFORE_A_LINE_END:
                    raise DataError(
                        Message("file.no-line-end", name=path.name, size=passed // 2**20),
                        Message("file.choose-one-a-line"),
                    )
            yield block


def _look_through(blocks: Iterator[bytes]) -> tuple[bool, str]:
    """Whether the text is strict UTF-8 with one kind of line end and without endless lines, and its encoding."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    ascii_only, after_return = True, False
    returns = feeds = pairs = line = longest = 0
    for number, block in enumerate(blocks):
        data = np.frombuffer(block, np.uint8)  # NumPy lets other threads run, methods of bytes do not
        ascii_block = bool((data < 128).all())
        try:
            if not ascii_block or decoder.getstate()[0]:
                decoder.decode(block)
        except UnicodeDecodeError:
            sample_told_nothing = ascii_only and (number > 0 or block[:SAMPLE_BYTES].isascii())
            return False, find_encoding(block) if sample_told_nothing else "utf-8"
        ascii_only = ascii_only and ascii_block
        feed, turn = data == ord("\n"), data == ord("\r")
        ended = bool(feed.any())
        longest = max(longest, line + (int(feed.argmax()) if ended else len(feed)))
        line = int(feed[::-1].argmax()) if ended else line + len(feed)
        feeds, returned = feeds + int(np.count_nonzero(feed)), int(np.count_nonzero(turn))
        if returned or after_return:
            returns, pairs = returns + returned, pairs + int(np.count_nonzero(turn[:-1] & feed[1:]))
            pairs += int(after_return and bool(feed[0]))
            after_return = bool(turn[-1])
    return longest <= limits.LONGEST_LINE and (returns == 0 or returns == feeds == pairs), "utf-8"


def _copy_bytes(blocks: Iterator[bytes], copy: Path) -> None:
    with copy.open("wb") as out:
        out.writelines(blocks)


class _Texts:
    """Blocks of bytes as blocks of text with plain line ends.

    Attributes:
        lost: characters that did not fit the encoding, so far.
    """

    def __init__(self, blocks: Iterator[bytes], encoding: str) -> None:
        self._blocks, self.lost = blocks, 0
        self._decoder = io.IncrementalNewlineDecoder(codecs.getincrementaldecoder(encoding)("replace"), translate=True)

    def __iter__(self) -> Iterator[str]:
        for block in self._blocks:
            yield self._counted(self._decoder.decode(block))
        yield self._counted(self._decoder.decode(b"", final=True))

    def _counted(self, text: str) -> str:
        self.lost += text.count(LOST)
        return text


def _needs_rewriting(dialect: Dialect) -> bool:
    """Whether DuckDB's reader cannot split it: runs of blanks as separator, or escapes without quotes."""
    return dialect.form == "delimited" and (
        dialect.separator == BLANK_RUN or bool(dialect.escape and not dialect.quote)
    )


def _without_excess(texts: Iterable[str]) -> Iterator[str]:
    """Lines cut to the length that DuckDB reports as too long; far longer ones it drops silently.

    The end stays, as far as it is at hand, for the quote that may close there.
    """
    room = most = limits.LONGEST_LINE + 1
    for text in texts:
        first, last = text.find("\n"), text.rfind("\n")
        end = len(text) if first < 0 else first
        yield text if end <= room else text[:room] + text[max(room, end - RAW_CHARACTERS) :]
        room = max(room - end, 0) if first < 0 else most - (len(text) - last - 1)


def _rewritten(texts: Iterable[str], dialect: Dialect) -> Iterator[str]:
    """The lines with their fields separated by UNIT and nothing quoted."""
    tail = ""
    for text in texts:
        *lines, tail = (tail + text).split("\n")
        yield "".join(f"{_rewritten_line(line, dialect)}\n" for line in lines)
    yield _rewritten_line(tail, dialect)


def _rewritten_line(line: str, dialect: Dialect) -> str:
    line = line.removeprefix("\ufeff").replace(UNIT, " ")
    return UNIT.join(split_record(line, dialect.separator, dialect.quote, dialect.escape)[0])
