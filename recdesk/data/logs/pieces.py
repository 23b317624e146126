"""The files, sheets or tables that are one log: what each is, what it is called, and their order."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from recdesk.data.files.compression import ENDINGS, PACKED_ENDINGS
from recdesk.data.files.dialect import Dialect
from recdesk.data.files.partitions import partitions

_FULL = (
    "january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november",
    "december",
)  # fmt: skip
MONTHS = {name: number for number, full in enumerate(_FULL, 1) for name in (full, full[:3])} | {"sept": 9}
_ENDINGS = {ending.removeprefix(".") for ending in (*ENDINGS, *PACKED_ENDINGS)}
CUTS = {
    **dict.fromkeys(("train", "training", "base"), 0),
    **dict.fromkeys(("valid", "validation", "val", "dev"), 1),
    **dict.fromkeys(("test", "testing", "probe", "holdout"), 2),
}
"""What the parts of a log are called that is cut for evaluation, with their order."""
WORD = re.compile(r"\d+|[^\W\d_]+")
YEAR = re.compile(r"(19|20)\d\d")


@dataclass(frozen=True)
class Piece:
    """A file, or a table in it, whose rows go on where those of another one end.

    Attributes:
        path: the file.
        dialect: how it is written, with the sheet, table or file inside; None finds out.
    """

    path: Path
    dialect: Dialect | None = None

    @property
    def name(self) -> str:
        """What it is called in sentences."""
        return name_of(self.path, self.dialect)


def name_of(path: Path, dialect: Dialect | None = None) -> str:
    """A file for people: its name with that of the sheet, table or file inside, and the folders that have values."""
    member, table = (dialect.member, dialect.table) if dialect else ("", "")
    shown = PurePosixPath(member).name if member else path.name
    folders = [f"{name}={value}" for name, value in partitions(path, member).items()]
    shown = "/".join([*folders, shown])
    return f"{shown}: {table}" if table else shown


def names_of(pieces: Sequence[Piece]) -> list[str]:
    """What pieces are called beside each other: with their folders where their names alone are the same."""
    names = [piece.name for piece in pieces]
    alike = Counter(names)
    return [f"{_folder(piece)}/{name}" if alike[name] > 1 else name for piece, name in zip(pieces, names, strict=True)]


def _folder(piece: Piece) -> str:
    member = piece.dialect.member if piece.dialect else ""
    return PurePosixPath(member).parent.name or (piece.path.name if member else piece.path.absolute().parent.name)


def in_order(names: Iterable[str]) -> list[int]:
    """Indices that sort names of files or sheets: by number, by month and by year, what is for training before what is
    for testing; names that differ otherwise stay as they are sorted by letters."""
    keys = [_key(name) for name in names]
    return sorted(range(len(keys)), key=keys.__getitem__)


def are_dated(names: Iterable[str]) -> bool:
    """All of these have a number, a month or a cut in their names, so that these tell their order."""
    return all(any(kind == 0 for kind, _, _ in _key(name)[1]) for name in names)


def _key(name: str) -> tuple[list[int], list[tuple[int, int, str]]]:
    """The years in a name, then its words: numbers, months and cuts by what they count, others by their letters."""
    words = WORD.findall(name.casefold())
    while len(words) > 1 and words[-1] in _ENDINGS:
        words.pop()
    years = [int(word) for word in words if YEAR.fullmatch(word)]
    return years, [_place(word) for word in words]


def _place(word: str) -> tuple[int, int, str]:
    number = int(word) if word.isdecimal() else MONTHS.get(word, CUTS.get(word))
    return (1, 0, word) if number is None else (0, number, "")


def common_name(names: Iterable[str]) -> str:
    """What the names of files have in common at their beginning, without loose ends; "" for hardly anything."""
    names = list(names)
    shared = names[0]
    for name in names[1:]:
        while not name.casefold().startswith(shared.casefold()):
            shared = shared[:-1]
    shared = re.sub(r"[\W\d_]+$", "", shared)
    return shared if len(shared) > 2 else ""
