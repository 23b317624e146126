"""What is to be looked at among what a person named: files, and those in folders and archives."""

import contextlib
import glob
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from pathlib import Path, PurePath

from recdesk.core.errors import DataError
from recdesk.core.messages import Message
from recdesk.data.files import limits
from recdesk.data.files.compression import ARCHIVES, first_bytes, looks_like_data, may_be_data, packing_of
from recdesk.data.files.partitions import FOLDER
from recdesk.data.files.source import Source
from recdesk.data.logs.pieces import in_order

MOST_FILES = 2000
"""Of which the first are looked at."""
MOST_KEPT = 60
"""Files whose beginnings are kept in memory until they are looked at."""
HEAD = 2**12
"""Bytes that tell how a file is packed."""
MOST_FOLDERS = 2000
DEEPEST = 6
"""Folders in folders that are looked into."""
HIDDEN = (".", "_")
"""What the names of files begin with that programs keep for themselves, such as Spark's _SUCCESS."""


@dataclass
class Candidates:
    """What is to be looked at.

    Attributes:
        sources: files and files in archives.
        doubtful: those of them, by their numbers, whose names are not those of data.
        notes: sentences on what is not looked at.
    """

    sources: list[Source] = field(default_factory=list)
    doubtful: set[int] = field(default_factory=set)
    notes: list[str] = field(default_factory=list)

    def add(self, sources: Sequence[Source], doubtful: bool = False) -> None:
        """More of them."""
        if doubtful:
            self.doubtful |= set(range(len(self.sources), len(self.sources) + len(sources)))
        self.sources += sources


def candidates(paths: Sequence[Path], only: Sequence[str] = (), besides: Collection[Path] = ()) -> Candidates:
    """What to look at of these files and folders.

    Args:
        paths: as they were named; one that is not there may be a pattern, see `matching`.
        only: patterns of names; empty for all. Workbooks and databases pass if their tables may fit.
        besides: files that are something else.

    Raises:
        DataError: there is nothing.
    """
    found = Candidates()
    for path in matching(paths):
        for file, doubtful in _inside(path, found.notes, []) if is_folder(path) else [(path, False)]:
            if file not in besides and len(found.sources) <= MOST_FILES:
                found.add(_members(file, keep=len(found.sources) < MOST_KEPT), doubtful)
    if not found.sources:
        raise DataError(
            Message("file.folder-without-data", folder=paths[0]) if paths else Message("import.no-file"),
            Message("file.choose-data-in-folder"),
        )
    return _bounded(_chosen(found, only))


def matching(paths: Sequence[Path]) -> list[Path]:
    """These paths; in the place of a pattern (“logs/**/*.parquet”) the files and folders that fit it, in their order.

    Raises:
        DataError: none fits one.
    """
    found: list[Path] = []
    for path in paths:
        if not is_pattern(path):
            found.append(path)
            continue
        names = glob.glob(str(path), recursive=True)  # noqa: PTH207  of absolute patterns, too
        files = [name for name in names if not is_folder(Path(name))] or names
        if not files:
            raise DataError(Message("import.pattern-none", pattern=path), Message("import.pattern-quoted"))
        found += [Path(files[at]) for at in in_order(files)]
    return found


def is_pattern(path: Path) -> bool:
    """Whether a path is a pattern of names: it has wildcards, and no file has this name."""
    with contextlib.suppress(OSError, ValueError):
        return glob.has_magic(str(path)) and not path.exists()
    return False


def fits(name: str, only: Sequence[str]) -> bool:
    """Whether a path inside of what was named, or its last part, fits one of these patterns."""
    name = f"/{PurePath(name).as_posix().casefold()}"
    return not only or any(fnmatchcase(name, f"*/{pattern.casefold()}") for pattern in only)


def is_folder(path: Path) -> bool:
    """Whether a path is a folder; errors are left for when it is read."""
    with contextlib.suppress(OSError):
        return path.is_dir()
    return False


def _chosen(found: Candidates, only: Sequence[str]) -> Candidates:
    """Those whose names fit, and the files that may hold tables whose names do."""
    if not only:
        return found
    result = Candidates(notes=found.notes)
    left = 0
    for number, source in enumerate(found.sources):
        member = source.given_member
        if fits(member or str(source.path), only) or (not member and _holds_tables(source)):
            result.add([source], number in found.doubtful)
        else:
            left += 1
    if not result.sources:
        raise DataError(Message("import.none-fits", patterns=", ".join(only)), Message("file.choose-data-in-folder"))
    if left:
        result.notes.append(Message("import.not-chosen", count=left, patterns=", ".join(only)))
    return result


def _holds_tables(source: Source) -> bool:
    with contextlib.suppress(DataError):
        return source.holds_tables
    return False


def _bounded(found: Candidates) -> Candidates:
    if len(found.sources) > MOST_FILES:
        found.notes.append(Message("import.too-many-files", count=MOST_FILES))
        found.sources = found.sources[:MOST_FILES]
    return found


def _inside(folder: Path, notes: list[str], visited: list[Path], deep: int = DEEPEST) -> Iterator[tuple[Path, bool]]:
    """A folder's files, with whether they are doubtful; those of the folders in it where it has no data of its own, or
    where their names are values of a column."""
    visited.append(folder)
    entries = [entry for entry in folder.iterdir() if not entry.name.startswith(HIDDEN)]
    entries = [entries[at] for at in in_order([entry.name for entry in entries])]
    files = [entry for entry in entries if entry.is_file()]
    own = folder.resolve()  # a link to a folder above would lead round in a circle
    folders = [entry for entry in entries if entry.is_dir() and not own.is_relative_to(entry.resolve())] if deep else []
    sure = [file for file in files if looks_like_data(file.name)]
    yield from ((file, False) for file in sure)
    yield from ((file, True) for file in files if file not in sure and may_be_data(file.name))
    beside = [entry.name for entry in folders if sure and not FOLDER.fullmatch(entry.name)]
    if beside:
        notes.append(Message("import.folders-beside", names=limits.listed(beside)))
    for entry in folders:
        if entry.name not in beside and len(visited) < MOST_FOLDERS:
            yield from _inside(entry, notes, visited, deep - 1)


def _members(path: Path, keep: bool) -> list[Source]:
    """The files in an archive, or the file; what was read of it is kept for the look at it, or not."""
    source = Source(path)
    with contextlib.suppress(DataError):  # reported when the file is previewed
        if (source.packed if keep else packing_of(path, first_bytes(path, HEAD))) in ARCHIVES:
            members = source.members
            return [source.inside(members[at]) for at in in_order(members)]
    return [source]
