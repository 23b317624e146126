"""Zip files as recdesk packs them: the same content gives the same bytes, and a hostile one does no harm."""

import contextlib
import hashlib
import re
import stat
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from recdesk.core.errors import DataError
from recdesk.core.files import is_regular, writing_to
from recdesk.core.messages import Message
from recdesk.core.task import UNWATCHED, Task
from recdesk.data.files.archives import opened_zip
from recdesk.workspace.package_format import ENDINGS

CHUNK = 2**20
PACKED_ALREADY = (".npz", ".parquet", ".safetensors")
"""Endings of files that are stored as they are."""
MOST_DIRECTORY_BYTES = 16 * 2**20
"""Of the list of files: more than 100,000 of them."""
MOST_BYTES = 2**40
MOST_TIMES, HARMLESS = 250, 256 * 2**20
"""What comes out of a package is at most so many times its size, or so many bytes."""
MOST_DEPTH = 8
_PART = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.+-]{0,119}")
_RESERVED = re.compile(r"(?i)(con|prn|aux|nul|com\d|lpt\d)(\..*)?")
ADVICE = Message("package.copy-again")


@dataclass(frozen=True)
class Packed:
    """A file in a package.

    Attributes:
        size: bytes, unpacked.
        sha256: of them, hexadecimal.
    """

    size: int
    sha256: str


class PackageWriter:
    """Adds files to a zip file. Times and permissions are the same for all, so that only the content counts."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self._archive = archive

    def add(self, name: str, source: Path, task: Task = UNWATCHED) -> Packed:
        """Add a file, in chunks.

        Raises:
            CancelledError: it was cancelled.
            OSError: the source cannot be read.
        """
        archive, size, digest = self._archive, 0, hashlib.sha256()
        stored = name.endswith(PACKED_ALREADY)
        archive.compression = zipfile.ZIP_STORED if stored else zipfile.ZIP_DEFLATED
        large = source.stat().st_size >= 2**31 - 2**24  # deflated, noise grows a little
        with source.open("rb") as stream, archive.open(name, "w", force_zip64=large) as target:
            while piece := stream.read(CHUNK):
                task.check()
                target.write(piece)
                digest.update(piece)
                size += len(piece)
        archive.getinfo(name).create_system = 3  # the same on every system
        return Packed(size, digest.hexdigest())

    def crc(self, name: str) -> str:
        """CRC-32 of a file that was added, as `records.file_checksum` gives it."""
        return f"{self._archive.getinfo(name).CRC:08x}"


@contextlib.contextmanager
def package_writer(path: Path) -> Iterator[PackageWriter]:
    """Write a zip file, atomically.

    Raises:
        StorageError: the folder cannot be written or the disk is full.
    """
    with writing_to(path, "wb") as stream, zipfile.ZipFile(stream, "w", compresslevel=1) as archive:
        yield PackageWriter(archive)


def usable_name(name: str) -> bool:
    """Whether a file may have this name in a package: a relative path without surprises on any system."""
    parts = name.split("/")
    plain = all(_PART.fullmatch(part) and not part.endswith(".") and not _RESERVED.fullmatch(part) for part in parts)
    return plain and len(parts) <= MOST_DEPTH and name.endswith(ENDINGS)


class PackageReader:
    """The files of a package, checked before anything is unpacked.

    Attributes:
        path: of the package.
        files: sizes in bytes by name.
    """

    def __init__(self, path: Path, archive: zipfile.ZipFile) -> None:
        self.path, self._archive = path, archive
        self._infos = {info.filename: info for info in archive.infolist()}
        if len({name.casefold() for name in self._infos}) != len(archive.infolist()):
            raise damaged_package(path, Message("package.twice"))
        for info in archive.infolist():
            self._check(info)
        self.files = {name: info.file_size for name, info in self._infos.items()}
        total = sum(self.files.values())
        if total > min(MOST_BYTES, max(HARMLESS, MOST_TIMES * path.stat().st_size)):
            raise DataError(Message("package.unpacks-too-large", name=path.name, size=total / 1e9), ADVICE)

    def _check(self, info: zipfile.ZipInfo) -> None:
        name, kind = info.orig_filename, stat.S_IFMT(info.external_attr >> 16)
        if name != info.filename or not usable_name(name):
            raise damaged_package(self.path, Message("package.bad-name", name=name[:200]))
        if kind not in (0, stat.S_IFREG):
            raise damaged_package(self.path, Message("package.no-file", name=name))
        if info.flag_bits & 0x1 or info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise damaged_package(self.path, Message("package.other-packing", name=name))

    def unpack(self, name: str, target: Path, task: Task = UNWATCHED, most: int | None = None) -> Packed:
        """Write a file of the package to a new path, in chunks.

        Args:
            name: of the file.
            target: its folder exists, and it does not.
            task: may cancel.
            most: bytes at most; those that the list of files names if None.

        Raises:
            DataError: the file is damaged, or longer than said.
            CancelledError: it was cancelled.
        """
        most = self.files[name] if most is None else most
        size, digest = 0, hashlib.sha256()
        with (
            _explained(self.path, name),
            self._archive.open(self._infos[name]) as stream,
            target.open("xb") as out,
        ):
            while piece := _read(stream):
                task.check()
                size += len(piece)
                if size > most:
                    raise damaged_package(self.path, Message("package.longer", name=name))
                digest.update(piece)
                out.write(piece)
        return Packed(size, digest.hexdigest())


def _read(stream: IO[bytes]) -> bytes:
    try:
        return stream.read(CHUNK)
    except OSError as error:  # not one of writing
        raise zipfile.BadZipFile(error.strerror or str(error)) from error


@contextlib.contextmanager
def package_reader(path: Path) -> Iterator[PackageReader]:
    """Open a package.

    Raises:
        DataError: it is missing, no zip file, cut short, or holds what no package does.
    """
    if not is_regular(path):  # a folder, a pipe that would be waited for, a name that cannot be
        raise DataError(Message("package.no-such-file", path=path), Message("package.check-name"))
    with contextlib.ExitStack() as stack:
        try:
            archive = stack.enter_context(opened_zip(path, MOST_DIRECTORY_BYTES))
        except (zipfile.BadZipFile, EOFError, DataError) as error:
            raise damaged_package(path, Message("package.no-zip")) from error
        except OSError as error:
            raise DataError(Message("record.unreadable", path=path, reason=error.strerror or error)) from error
        yield PackageReader(path, archive)


@contextlib.contextmanager
def _explained(path: Path, name: str) -> Iterator[None]:
    """What `zipfile` raises for damaged files, as a sentence."""
    try:
        yield
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError) as error:
        raise damaged_package(path, Message("package.member-damaged", name=name), str(error)) from error


def damaged_package(path: Path, why: Message, details: str = "") -> DataError:
    """The error of a package that cannot be used."""
    return DataError(Message("package.damaged", name=path.name, reason=why), ADVICE, details)
