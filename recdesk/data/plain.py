"""Any text file as clean UTF-8: the form in which one fast reader can take it."""

import codecs
import contextlib
import gzip
import io
import tempfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from recdesk.data.dialect import SAMPLE_BYTES, Dialect, find_encoding
from recdesk.errors import CancelledError, DataError
from recdesk.files import explained

BLOCK = 2**20
LOST = "\ufffd"
"""What stands for bytes that do not fit the encoding."""


@dataclass(frozen=True)
class PlainFile:
    """A file that DuckDB can read as it is: Parquet, or UTF-8 with one kind of line end.

    Attributes:
        path: the file itself, or a temporary copy.
        dialect: how that is written.
        encoding: of the file itself, when looked at closely.
        lost: characters that do not fit it.
    """

    path: Path
    dialect: Dialect
    encoding: str = "utf-8"
    lost: int = 0


@contextlib.contextmanager
def plain_file(path: Path, dialect: Dialect, cancelled: Callable[[], bool] = lambda: False) -> Iterator[PlainFile]:
    """Give the file, or a copy of it that goes when the block ends.

    A file that was taken for UTF-8 because its beginning is plain ASCII is looked at again where it stops to be.

    Raises:
        DataError: the file is missing, unreadable, or badly packed.
        CancelledError: `cancelled` said yes.
    """
    with tempfile.TemporaryDirectory(prefix="recdesk-", ignore_cleanup_errors=True) as folder:
        copy = Path(folder) / "plain"
        with explained(copy):
            plain = _prepared(path, dialect, copy, cancelled)
        yield plain


def _prepared(path: Path, dialect: Dialect, copy: Path, cancelled: Callable[[], bool]) -> PlainFile:
    clean, encoding = dialect.form == "parquet", dialect.encoding
    if dialect.form != "parquet" and encoding == "utf-8":
        clean, encoding = _look_through(_blocks(path, dialect.gzipped, cancelled))
    if clean and not dialect.gzipped:
        return PlainFile(path, dialect)
    blocks = _blocks(path, dialect.gzipped, cancelled)
    lost = 0
    if dialect.form == "parquet":
        _copy_bytes(blocks, copy)
    else:
        lost = _copy_text(blocks, encoding, copy)
    return PlainFile(copy, replace(dialect, encoding="utf-8", gzipped=False), encoding, lost)


def _blocks(path: Path, gzipped: bool, cancelled: Callable[[], bool]) -> Iterator[bytes]:
    with _explained(path), gzip.open(path, "rb") if gzipped else path.open("rb") as stream:
        while block := stream.read(BLOCK):
            if cancelled():
                raise CancelledError("The import")
            yield block


def _look_through(blocks: Iterator[bytes]) -> tuple[bool, str]:
    """Whether the text is strict UTF-8 without mark and with one kind of line end, and its encoding."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    ascii_only = True
    returns = feeds = pairs = 0
    for number, block in enumerate(blocks):
        try:
            decoder.decode(block)
        except UnicodeDecodeError:
            sample_told_nothing = ascii_only and (number > 0 or block[:SAMPLE_BYTES].isascii())
            return False, find_encoding(block) if sample_told_nothing else "utf-8"
        ascii_only = ascii_only and block.isascii()
        returns, feeds, pairs = returns + block.count(b"\r"), feeds + block.count(b"\n"), pairs + block.count(b"\r\n")
    return returns == 0 or returns == feeds == pairs, "utf-8"


def _copy_bytes(blocks: Iterator[bytes], copy: Path) -> None:
    with copy.open("wb") as out:
        out.writelines(blocks)


def _copy_text(blocks: Iterator[bytes], encoding: str, copy: Path) -> int:
    """Write as UTF-8 with plain line ends; how many characters were lost."""
    decoder = io.IncrementalNewlineDecoder(codecs.getincrementaldecoder(encoding)("replace"), translate=True)
    lost = 0
    with copy.open("w", encoding="utf-8", errors="replace", newline="") as out:
        for block in blocks:
            text = decoder.decode(block)
            lost += text.count(LOST)
            out.write(text)
        text = decoder.decode(b"", final=True)
        out.write(text)
    return lost + text.count(LOST)


@contextlib.contextmanager
def _explained(path: Path) -> Iterator[None]:
    """Say what is wrong with the file that is read; trouble with the copy is told by `explained`."""
    try:
        yield
    except FileNotFoundError as error:
        raise DataError(f"“{path}” is not there (any more).", "Check its name and folder.", str(error)) from error
    except PermissionError as error:
        raise DataError(f"“{path}” may not be read.", "Change its permissions, or copy it elsewhere.") from error
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise DataError(f"“{path.name}” is packed but damaged or cut short.", "Get it again.", str(error)) from error
    except OSError as error:
        raise DataError(f"“{path}” could not be read: {error.strerror or error}.") from error
