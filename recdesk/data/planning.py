"""Before an import: what to read and how to clean it, and a look at the files to find out."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from recdesk.data.cleaning import Duplicates
from recdesk.data.dialect import SEPARATOR_NAMES, Dialect
from recdesk.data.packing import ENDINGS
from recdesk.data.reading import columns_of
from recdesk.data.roles import guess_roles
from recdesk.errors import DataError

DULL_NAMES = ("ratings", "interactions", "data", "events", "inter", "log", "users", "train", "u")
"""Of files whose folder says more about what is in them."""


@dataclass(frozen=True)
class ImportPlan:
    """What to read and how to clean it.

    Attributes:
        interactions: the file with a row for each interaction.
        items: the file with the items' features, or None.
        name: of the dataset; "" takes the file's (or its folder's) name.
        dialect, items_dialect: how the files are written; None finds out.
        user, item, rating, time: columns; None guesses, "" says there is none.
        title: the column that names an item; None guesses.
        min_rating: rows rated lower are dropped.
        k_core: users and items with fewer rows are dropped, repeatedly; 0 or 1 for off.
        duplicates: "exact" drops copies of a row, "first" and "last" keep one row a user and item, "all" keeps all.
    """

    interactions: Path
    items: Path | None = None
    name: str = ""
    dialect: Dialect | None = None
    items_dialect: Dialect | None = None
    user: str | None = None
    item: str | None = None
    rating: str | None = None
    time: str | None = None
    title: str | None = None
    min_rating: float | None = None
    k_core: int = 0
    duplicates: Duplicates = "exact"

    def to_dict(self) -> dict[str, Any]:
        """Plain values."""
        values = asdict(self)
        return {key: str(value) if isinstance(value, Path) else value for key, value in values.items()}

    @classmethod
    def from_dict(cls, values: dict[str, Any]) -> "ImportPlan":
        """The inverse of `to_dict`."""
        paths = {key: Path(values[key]) for key in ("interactions", "items") if values.get(key)}
        dialects = {k: Dialect.from_dict(values[k]) for k in ("dialect", "items_dialect") if values.get(k)}
        return cls(**{**values, **paths, **dialects})


@dataclass(frozen=True)
class Preview:
    """The beginning of a file as it would be read.

    Attributes:
        path, size: the file and its bytes.
        dialect: as found or given.
        columns, rows: names and values.
        roles: column by role, as guessed.
        notes: sentences on what was seen.
        named: the names come from the file.
    """

    path: Path
    size: int
    dialect: Dialect
    columns: list[str]
    rows: list[list[str]]
    roles: dict[str, str]
    notes: list[str]
    named: bool


def preview(path: Path, dialect: Dialect | None = None, rows: int = 200) -> Preview:
    """Look at the beginning of a file.

    Raises:
        DataError: it is missing, empty, or no table.
    """
    dialect, columns = columns_of(path, dialect, rows)
    roles = guess_roles(columns.names, columns.rows, columns.named)
    size = path.stat().st_size
    return Preview(path, size, dialect, columns.names, columns.rows, roles, _notes(dialect), columns.named)


def propose(paths: Sequence[Path]) -> ImportPlan:
    """Which of several files (or a folder's) holds the interactions and which the items.

    Where none looks like interactions the best guess is proposed, for the person to say which column is which.

    Raises:
        DataError: none of them is a table.
    """
    looks = _looks(_files(paths))
    tables = [look for look in looks if len(look.columns) > 1] or looks
    best = max(tables, key=_like_interactions)
    others = [look for look in tables if look is not best and "item" in look.roles and "user" not in look.roles]
    items = max(others, key=_like_items).path if others else None
    return ImportPlan(best.path, items, default_name(best.path))


def default_name(path: Path) -> str:
    """What to call the dataset of a file: its name without endings, or its folder's where that says more."""
    stem = path.name
    while Path(stem).suffix.lower() in (*ENDINGS, ".gz") and Path(stem).stem:
        stem = Path(stem).stem
    return (path.absolute().parent.name if stem.casefold() in DULL_NAMES else "") or stem


def _files(paths: Sequence[Path]) -> list[Path]:
    files: list[Path] = []
    for path in paths:
        inside = sorted(path.iterdir()) if path.is_dir() else [path]
        files += [file for file in inside if not path.is_dir() or _is_data(file)]
    if not files:
        raise DataError(
            f"There is no file with data in “{paths[0]}”." if paths else "No file was given.",
            "Choose the file with one interaction a line.",
        )
    return files


def _is_data(file: Path) -> bool:
    endings = [ending.lower() for ending in file.suffixes[-2:] if ending.lower() != ".gz"]
    told = file.stem.casefold() in ("readme", "license", "licence")
    return file.is_file() and bool(endings) and endings[-1] in ENDINGS and not told and not file.name.startswith(".")


def _looks(files: Sequence[Path]) -> list[Preview]:
    looks: list[Preview] = []
    failures: list[DataError] = []
    for file in files:
        try:
            looks.append(preview(file))
        except DataError as error:
            failures.append(error)
    if not looks:
        raise failures[0]
    return looks


def _like_interactions(look: Preview) -> tuple[bool, bool, bool, int]:
    return {"user", "item"} <= look.roles.keys(), "rating" in look.roles, "time" in look.roles, look.size


def _like_items(look: Preview) -> tuple[bool, int, int]:
    return "title" in look.roles, len(look.columns), look.size


def _notes(dialect: Dialect) -> list[str]:
    if dialect.form != "delimited":
        return []
    separator = SEPARATOR_NAMES.get(dialect.separator, f"“{dialect.separator}”")
    header = "with" if dialect.header else "no"
    notes = [f"Text in {dialect.encoding}, separated by {separator}, {header} header."]
    if dialect.skip:
        notes.append(f"The table begins in line {dialect.skip + 1}; what stands above is left out.")
    return notes
