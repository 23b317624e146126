"""Decompression by magic number (gzip, bzip2, xz, zip, tar), bounded against decompression bombs."""

import bz2
import contextlib
import gzip
import lzma
import stat
import tarfile
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import IO, Any, Literal, cast

from recdesk.core.errors import DataError, MisfitError
from recdesk.core.messages import Message
from recdesk.core.task import UNWATCHED, Task
from recdesk.data.files import limits
from recdesk.data.files.archives import INNER, WORKBOOKS, is_tar, members_of, opened_member, zip_kind

Packing = Literal["", "gzip", "bzip2", "xz", "zip", "tar"]
ARCHIVES: tuple[Packing, ...] = ("zip", "tar")
"""What holds files."""
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
"""Excel's workbooks until 2003, .xls."""
MAGIC: tuple[tuple[bytes, Packing], ...] = (
    (b"\x1f\x8b", "gzip"),
    (b"BZh", "bzip2"),
    (b"\xfd7zXZ\0", "xz"),
    (b"PK\x03\x04", "zip"),
)
FORMS: tuple[tuple[bytes, Literal["parquet", "sqlite", "xlsx"]], ...] = (
    (b"PAR1", "parquet"),
    (b"SQLite format 3\0", "sqlite"),
    (b"PK\x03\x04", "xlsx"),
    (OLE, "xlsx"),
)
FOREIGN = {
    b"%PDF-": "PDF", b"\x89HDF": "HDF5", b"\x93NUMPY": "NumPy", b"ARROW1": "Arrow (Feather)", b"FEA1": "Feather",
    b"Obj\x01": "Avro", b"MATLAB 5.0": "MATLAB", b"$FL2": "SPSS", b"<stata_dta>": "Stata", b"RDX3\n": "R",
    b"RDX2\n": "R", b"\x80\x04\x95": "pickle (Python)",
}  # fmt: skip
"""Files that hold tables and are not read, by magic number."""
UNREADABLE = {b"\x28\xb5\x2f\xfd": "zstd", b"7z\xbc\xaf\x27\x1c": "7-Zip", b"Rar!": "RAR", b"PK\x05\x06": "zip, empty"}
ENDINGS = (
    ".csv", ".tsv", ".tab", ".txt", ".dat", ".data", ".inter", ".item", ".user", ".parquet", ".jsonl", ".json",
    ".ndjson", ".mtx", ".libsvm", ".svm", ".libfm", ".log", ".xlsx", ".xls", ".xlsb", ".xlsm", ".ods", ".sqlite",
    ".sqlite3", ".db", ".duckdb",
)  # fmt: skip
"""Suffixes of data files, besides those of compression."""
PACKED_ENDINGS = (".gz", ".bz2", ".xz", ".zip", ".tar", ".tgz")
NO_DATA_ENDINGS = (
    ".md", ".rst", ".html", ".htm", ".pdf", ".doc", ".docx", ".ppt", ".pptx", ".tex", ".py", ".pl", ".sh", ".r", ".js",
    ".java", ".c", ".cpp", ".h", ".ipynb", ".png", ".jpg", ".jpeg", ".gif", ".svg", ".exe", ".dll", ".so", ".crc",
    ".md5", ".sha1", ".sha256", ".yaml", ".yml", ".toml", ".ini", ".cfg", ".lock", ".tmp", ".part",
    ".crdownload",
)  # fmt: skip
"""Suffixes of files that stand beside data and are none."""
DOCUMENTS = ("readme", "license", "licence", "copying", "changelog", "notes")
"""Beginnings of the names of files that document data."""


def first_bytes(path: Path, size: int) -> bytes:
    """The first bytes of a file, not decompressed.

    Raises:
        DataError: it is missing, unreadable or no file.
    """
    with readable(path), path.open("rb") as stream:
        return stream.read(size)


def packing_of(path: Path, head: bytes) -> Packing:
    """How a file is packed, by its first bytes. A workbook is a zip file too, but a form of its own.

    Raises:
        DataError: it is packed in a way that cannot be read.
    """
    for magic, name in FOREIGN.items():
        if head.startswith(magic):
            raise foreign(path, name)
    for magic, name in UNREADABLE.items():
        if head.startswith(magic):
            raise DataError(Message("file.packing-unknown", name=path.name, packing=name), Message("file.unpack-first"))
    found: Packing = next((packing for magic, packing in MAGIC if head.startswith(magic)), "")
    if found == "zip":
        return "" if is_workbook(path) else found
    return "tar" if is_tar(head) else found


def form_of_bytes(raw: bytes) -> Literal["parquet", "sqlite", "duckdb", "xlsx"] | None:
    """The form of a binary file by its magic number. A zip file here is a workbook: others count as packed."""
    if raw[8:12] == b"DUCK":
        return "duckdb"
    return next((form for magic, form in FORMS if raw.startswith(magic)), None)


def is_workbook(path: Path) -> bool:
    """Whether a file is a workbook: of Excel (.xlsx, .xlsb, and .xls, which is no zip file) or OpenDocument (.ods).

    Raises:
        DataError: it holds too many files, or is a document of another kind.
    """
    with contextlib.suppress(OSError):
        if first_bytes(path, len(OLE)) == OLE:
            return True
    kind = zip_kind(path)
    if kind and kind not in WORKBOOKS:
        raise foreign(path, kind)
    return bool(kind)


def data_members(path: Path) -> list[str]:
    """The files of an archive that look like data, or all its files if none does.

    Raises:
        DataError: there is none, too many, or it is damaged.
    """
    with readable(path):
        files = [name for name in members_of(path) if not name.endswith("/") and not _hidden(name)]
    if not files:
        raise DataError(Message("file.archive-empty", name=path.name), Message("file.choose-another"))
    return [name for name in files if looks_like_data(name)] or files


def foreign(path: Path, kind: str) -> DataError:
    """The error for a file of a kind that is known and not read."""
    return DataError(Message("file.foreign-kind", name=path.name, kind=kind), Message("file.export-as-table"))


def packed_twice(path: Path) -> DataError:
    """The error for a packed file in a packed file."""
    return DataError(Message("file.packed-twice", name=path.name), Message("file.unpack-first"))


def changed_meanwhile(path: Path, what: str) -> DataError:
    """The error for a file that “changed” or “was removed” while it was read."""
    return DataError(Message("file.changed-while-read", name=path.name, event=what), Message("file.import-when-quiet"))


def only_member(path: Path) -> str:
    """The one data file of an archive.

    Raises:
        DataError: there are several.
    """
    members = data_members(path)
    if len(members) > 1:
        named = limits.listed(members, 8)
        raise DataError(Message("file.several-inside", name=path.name, names=named), Message("file.say-which-inside"))
    return members[0]


def looks_like_data(name: str) -> bool:
    """A name with an ending of a data file, and no README."""
    pure = PurePosixPath(name)
    endings = [ending.lower() for ending in pure.suffixes[-2:] if ending.lower() not in PACKED_ENDINGS]
    packed_zip = pure.name.lower().endswith(INNER)
    is_readme = any(pure.stem.casefold().startswith(word) for word in DOCUMENTS)
    return (
        (packed_zip or (bool(endings) and endings[-1] in ENDINGS)) and not is_readme and not pure.name.startswith(".")
    )


def may_be_data(name: str) -> bool:
    """A name with an ending that says nothing, such as u1.base: what is in the file must tell."""
    pure = PurePosixPath(name)
    is_readme = any(pure.stem.casefold().startswith(word) for word in DOCUMENTS)
    return not (looks_like_data(name) or is_readme or pure.suffix.lower() in NO_DATA_ENDINGS)


@contextlib.contextmanager
def unpacked(path: Path, packed: Packing = "", member: str = "", task: Task = UNWATCHED) -> Iterator[IO[bytes]]:
    """A file's bytes as they were before packing; `task` gets the share of the file that is read.

    Raises:
        DataError: it is missing, unreadable, damaged, or unpacks to far more than data does.
    """
    with readable(path), contextlib.ExitStack() as stack:
        if packed in ARCHIVES:
            name = member or only_member(path)
            inside = stack.enter_context(opened_member(path, name))
            if inside is None:
                there = limits.listed(data_members(path))
                raise MisfitError(
                    Message("file.member-not-found", name=path.name, member=name),
                    Message("file.members-are", names=there),
                )
            watched = _Watched(inside.stream, path, inside.packed, inside.source, inside.size, task)
            yield cast(IO[bytes], watched)
        else:
            size = path.stat().st_size
            source = stack.enter_context(path.open("rb"))
            openers: dict[str, Any] = {"gzip": gzip.open, "bzip2": bz2.open, "xz": lzma.open}
            stream: Any = stack.enter_context(openers[packed](source, "rb")) if packed else source
            yield cast(IO[bytes], _Watched(stream, path, size if packed else None, source, size, task))


class _Watched:
    """A stream that reports progress and fails where it decompresses to far more than data does.

    Args:
        stream: what is read.
        path: the file.
        packed: its size, packed; None where it is not.
        source: the stream whose position gives the progress.
        size: where that ends.
        task: gets the share that is read.
    """

    def __init__(
        self,
        stream: IO[bytes],
        path: Path,
        packed: int | None,
        source: IO[bytes],
        size: int,
        task: Task,
    ) -> None:
        self._stream, self._path, self._source, self._size, self._task = stream, path, source, size, task
        self._most = size if packed is None else limits.most_bytes(packed)
        self._packed, self._read = packed is not None, 0

    def read(self, size: int) -> bytes:
        """The next bytes, at most `size`; b"" at the end."""
        data = self._stream.read(size)
        self._read += len(data)
        self._task.report(self._source.tell() / self._size if self._size else 1.0)
        if self._read <= self._most:
            return data
        if self._packed:
            raise DataError(
                Message("file.unpacks-too-large", name=self._path.name, factor=limits.MOST_TIMES),
                Message("file.unpack-yourself"),
            )
        raise changed_meanwhile(self._path, "changed")  # its reader may never come to an end that moves on


@contextlib.contextmanager
def readable(path: Path) -> Iterator[None]:
    """Translate the errors of reading a file.

    Raises:
        DataError: it is missing, a folder, no regular file, forbidden, or badly packed.
    """
    try:
        str(path.absolute()).encode()
    except UnicodeEncodeError as error:  # bytes that DuckDB does not open
        raise DataError(Message("file.name-not-utf-8", path=path), Message("file.rename-first")) from error
    try:
        kind = path.stat().st_mode
        if stat.S_ISDIR(kind):
            raise IsADirectoryError
        if not stat.S_ISREG(kind):  # a pipe or a device would be waited for without end
            raise DataError(Message("file.not-ordinary", name=path), Message("file.save-as-file"))
        yield
    except FileNotFoundError as error:
        raise DataError(Message("file.not-found", path=path), Message("file.check-name")) from error
    except IsADirectoryError as error:
        raise DataError(Message("file.is-folder", name=path), Message("file.choose-inside-folder")) from error
    except PermissionError as error:
        raise DataError(Message("file.not-permitted", path=path), Message("file.permit-or-copy")) from error
    except (EOFError, zlib.error, lzma.LZMAError, gzip.BadGzipFile, zipfile.BadZipFile, tarfile.TarError) as error:
        raise DataError(
            Message("file.packed-damaged", name=path.name), Message("file.download-again"), str(error)
        ) from error
    except RuntimeError as error:  # of zipfile: an encrypted member, or one that it cannot unpack
        if any(word in str(error) for word in ("password", "encrypted", "encryption")):
            raise DataError(Message("file.password", name=path.name), Message("file.unpack-first")) from error
        if not isinstance(error, NotImplementedError):
            raise
        raise DataError(
            Message("file.packing-unreadable", name=path.name, reason=error), Message("file.unpack-first")
        ) from error
    except OSError as error:
        raise DataError(
            Message("file.unreadable", name=path, reason=error.strerror or error), Message("file.copy-elsewhere")
        ) from error


def _hidden(name: str) -> bool:
    parts = PurePosixPath(name).parts
    return parts[0] == "__MACOSX" or parts[-1].startswith(".")
