"""Files in archives: zip and tar (also packed as a whole), and archives in these."""

import bz2
import contextlib
import gzip
import io
import lzma
import shutil
import tarfile
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import IO, Any, cast

from recdesk.core.errors import DataError
from recdesk.core.messages import Message
from recdesk.core.temporary import temporary_folder
from recdesk.data.files import limits

INNER = (".zip", ".tar", ".tar.gz", ".tgz", ".tar.bz2", ".tar.xz")
"""Endings of archives that are looked into inside of another one."""
MOST_INNER = 200
"""Of which the lists of files are read."""
MOST_MEMBERS = 5000
"""Of a tar file, which is read to its end for the list of them."""
WORKBOOKS = ("Excel", "OpenDocument spreadsheet")
DOCUMENTS = {
    "xl/workbook.xml": "Excel", "xl/workbook.bin": "Excel", "word/document.xml": "Word",
    "ppt/presentation.xml": "PowerPoint", "Index/Document.iwa": "Numbers (Apple)",
    "META-INF/MANIFEST.MF": "Java archive",
}  # fmt: skip
"""Kinds of documents that are zip files, by a file in them."""
DAMAGED = (zipfile.BadZipFile, tarfile.TarError, OSError, EOFError)
TAR = slice(257, 262)
BLOCK, HEAD = 512, 2**20
"""Bytes that tell whether a file is a tar file; and of a packed one, of which bzip2 unpacks no part of a block."""
DECOMPRESSORS: dict[bytes, Callable[[], Any]] = {
    b"\x1f\x8b": lambda: zlib.decompressobj(31),
    b"BZh": bz2.BZ2Decompressor,
    b"\xfd7zXZ\0": lzma.LZMADecompressor,
}
OPENERS: dict[bytes, Callable[..., Any]] = {b"\x1f\x8b": gzip.open, b"BZh": bz2.open, b"\xfd7zXZ\0": lzma.open}
"""By magic number."""


@dataclass(frozen=True)
class Member:
    """A file in an archive, open for reading.

    Attributes:
        stream: its bytes, unpacked.
        source: the stream whose position tells how much is read.
        size: where that ends.
        packed: bytes that it takes in the archive.
    """

    stream: IO[bytes]
    source: IO[bytes]
    size: int
    packed: int


def is_tar(head: bytes) -> bool:
    """Whether bytes are the beginning of a tar file, which may be packed as a whole."""
    with contextlib.suppress(OSError, EOFError, ValueError, lzma.LZMAError, zlib.error):
        for magic, decompressor in DECOMPRESSORS.items():
            if head.startswith(magic):
                return is_tar(decompressor().decompress(head, BLOCK))
    return head[TAR] == b"ustar"


def zip_kind(path: Path) -> str:
    """The kind of document that a zip file is; "" for one that holds files, and for what is no zip file.

    Raises:
        DataError: it holds too many files.
    """
    with contextlib.suppress(zipfile.BadZipFile, OSError), opened_zip(path) as archive:
        if kind := next((kind for name, kind in DOCUMENTS.items() if name in archive.NameToInfo), ""):
            return kind
        if {"mimetype", "content.xml"} <= archive.NameToInfo.keys():
            return f"OpenDocument {archive.read('mimetype')[:200].decode(errors='replace').rpartition('.')[2].strip()}"
    return ""


def is_xlsx(path: Path) -> bool:
    """Whether a file is a workbook as Excel writes them by default; a damaged one is taken for one."""
    return zip_kind(path) != WORKBOOKS[1] and zipfile.is_zipfile(path) and not _holds(path, "xl/workbook.bin")


def _holds(path: Path, name: str) -> bool:
    with opened_zip(path) as archive:
        return name in archive.NameToInfo


def members_of(path: Path) -> tuple[str, ...]:
    """Names of the files in an archive; those in an archive inside stand behind its name, as in inner.zip/ratings.csv.

    Raises:
        DataError: there are too many.
        zipfile.BadZipFile, tarfile.TarError, OSError, …: it cannot be read, see `compression.readable`.
    """
    state = path.stat()
    return _listed(path, state.st_size, state.st_mtime_ns)


@lru_cache(maxsize=8)
def _listed(path: Path, _size: int, _time: int) -> tuple[str, ...]:
    """Cached by size and modification time: a look at an archive needs the list several times."""
    found: list[str] = []
    inner = 0
    for name, member in _members(path):
        if name.lower().endswith(INNER) and inner < MOST_INNER and member is not None:
            inner += 1
            with (
                _copied(member()) as copy,
                contextlib.suppress(zipfile.BadZipFile, tarfile.TarError, OSError, EOFError),
            ):
                found += [f"{name}/{deeper}" for deeper, _ in _members(copy)]
                continue
        found.append(name)
    return tuple(found)


def _members(path: Path) -> Iterator[tuple[str, Callable[[], Member] | None]]:
    """Names in an archive, each with what opens it as long as the next one is not asked for; None for folders."""
    with path.open("rb") as file:
        tar_file = is_tar(file.read(HEAD))
    if not tar_file:
        with opened_zip(path) as archive:
            for info in archive.infolist():
                yield info.filename, None if info.is_dir() else lambda info=info: _of_zip(archive, info)  # type: ignore[misc]
    else:
        with _opened_tar(path) as tar:
            for number, entry in enumerate(tar):
                if number > MOST_MEMBERS:
                    raise too_many(path.name)
                if entry.isreg():
                    yield entry.name, lambda entry=entry: _of_tar(tar, entry, path)  # type: ignore[misc]


@contextlib.contextmanager
def opened_member(path: Path, name: str) -> Iterator[Member | None]:
    """A file in an archive, or in an archive in it; unpacked once more where it is packed itself. None: there is none.

    Raises:
        DataError: an archive inside unpacks to far more than data does.
        zipfile.BadZipFile, tarfile.TarError, OSError, …: it cannot be read, see `compression.readable`.
    """
    with contextlib.closing(cast(Any, _members(path))) as members:
        for found, opened in members:
            if opened is None:
                continue
            if found == name:
                member = opened()
                with contextlib.closing(member.stream):
                    yield Member(_unpacked(member.stream), member.source, member.size, member.packed)
                return
            if name.startswith(f"{found}/") and found.lower().endswith(INNER):
                with _copied(opened()) as copy, opened_member(copy, name[len(found) + 1 :]) as inner:
                    yield inner
                return
    yield None


@contextlib.contextmanager
def opened_zip(
    source: Path | IO[bytes], most_directory: int = limits.MOST_DIRECTORY_BYTES
) -> Iterator[zipfile.ZipFile]:
    """A zip file, for reading; the list of files of one at a path has `most_directory` bytes at most.

    Raises:
        DataError: its list of files is too long.
        zipfile.BadZipFile, OSError: it cannot be read.
    """
    if not isinstance(source, Path):
        with zipfile.ZipFile(source) as archive:
            yield archive
        return
    with _ZipSource(io.FileIO(source)) as stream:
        stream.most_directory = most_directory
        try:
            archive = zipfile.ZipFile(cast(IO[bytes], stream))
        except (NotImplementedError, ValueError) as error:  # an unknown version, a name that is no text
            raise zipfile.BadZipFile(str(error)) from error
        with archive:
            stream.opening = False
            yield archive


class _ZipSource(io.BufferedReader):
    """Refuses a zip file whose central directory is too long, as `zipfile` reads it whole."""

    opening = True
    most_directory = limits.MOST_DIRECTORY_BYTES

    def read(self, size: int | None = -1, /) -> bytes:
        if self.opening and size is not None and size > self.most_directory:
            raise too_many(Path(cast(io.FileIO, self.raw).name).name)
        return super().read(size)


def _of_zip(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> Member:
    stream = archive.open(info)
    return Member(stream, stream, info.file_size, info.compress_size)


def _of_tar(tar: tarfile.TarFile, entry: tarfile.TarInfo, path: Path) -> Member:
    stream = cast(IO[bytes], tar.extractfile(entry))
    return Member(stream, stream, entry.size, max(entry.size, path.stat().st_size))


def _unpacked(stream: IO[bytes]) -> IO[bytes]:
    """A stream as it was before it was packed as a whole, if it was."""
    buffered = io.BufferedReader(cast(Any, stream)) if not hasattr(stream, "peek") else stream
    head = cast(Any, buffered).peek(6)[:6]
    opener = next((opener for magic, opener in OPENERS.items() if head.startswith(magic)), None)
    return cast(IO[bytes], buffered if opener is None else opener(buffered, "rb"))


@contextlib.contextmanager
def _copied(member: Member) -> Iterator[Path]:
    """An archive inside as a file, which goes when the block ends."""
    with temporary_folder() as folder:
        copy, most = folder / "inner", limits.most_bytes(member.packed)
        with copy.open("wb") as out:
            shutil.copyfileobj(_Bounded(member.stream, most, "inner"), out, 2**20)
        yield copy


@contextlib.contextmanager
def _opened_tar(path: Path) -> Iterator[tarfile.TarFile]:
    """A tar file, which is read from its beginning to its end once."""
    with path.open("rb") as file:
        bounded = _Bounded(_unpacked(file), limits.most_bytes(path.stat().st_size), path.name)
        with tarfile.open(fileobj=cast(IO[bytes], bounded), mode="r|") as tar:
            yield tar


class _Bounded:
    """A stream that fails where more comes out of it than data holds."""

    def __init__(self, stream: IO[bytes], most: int, name: str) -> None:
        self._stream, self._left, self._name = stream, most, name

    def read(self, size: int = -1) -> bytes:
        data = self._stream.read(size)
        self._left -= len(data)
        if self._left < 0:
            raise DataError(
                Message("file.unpacks-too-large", name=self._name, factor=limits.MOST_TIMES),
                Message("file.unpack-yourself"),
            )
        return data


def too_many(name: str) -> DataError:
    """The error for an archive of more files than can be looked through."""
    return DataError(Message("file.too-many-members", name=name), Message("file.unpack-and-choose"))
