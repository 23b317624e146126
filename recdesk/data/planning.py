"""Before an import: what to read and how to clean it, and a look at the files to find out."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any

from recdesk.data.dialect import SEPARATOR_NAMES, Dialect
from recdesk.data.reading import columns_of
from recdesk.data.roles import guess_roles
from recdesk.data.rules import Rules
from recdesk.errors import DataError

ENDINGS = (
    ".csv", ".tsv", ".txt", ".dat", ".data", ".inter", ".item", ".user", ".parquet", ".jsonl", ".json", ".ndjson",
)  # fmt: skip
DULL_NAMES = ("ratings", "interactions", "data", "events", "inter", "log", "users", "train", "u")
"""Of files whose folder says more about what is in them."""


@dataclass(frozen=True)
class ImportPlan(Rules):
    """What to read and how to clean it: the rules, and these.

    Attributes:
        interactions: the file with a row for each interaction.
        items: the file with the items' features, or None.
        name: of the dataset; "" takes the file's (or its folder's) name.
        dialect, items_dialect: how the files are written; None finds out.
        user, item, rating, time: columns; None guesses, "" says there is none.
        event: the column with the type of event (view, purchase, …), as for those.
        title: the column that names an item; None guesses.
        features: columns of the items that are kept, besides the title; None keeps all.
        keep_columns: columns of the interactions without a role are kept beside the dataset; else they are left out.
        levels: numeric columns of the items that are also written as words (low, medium, high), which models over texts
            can read.
        pseudonyms: user ids are replaced by keyed pseudonyms.
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
    event: str | None = None
    title: str | None = None
    features: tuple[str, ...] | None = None
    keep_columns: bool = False
    levels: tuple[str, ...] = ()
    pseudonyms: bool = False

    @property
    def rules(self) -> Rules:
        """What to leave out."""
        return Rules(**{field.name: getattr(self, field.name) for field in fields(Rules)})

    def to_dict(self) -> dict[str, Any]:
        """Plain values."""
        values = asdict(self)
        plain = {Path: str, tuple: list}
        return {key: next((to(v) for kind, to in plain.items() if isinstance(v, kind)), v) for key, v in values.items()}

    @classmethod
    def from_dict(cls, values: dict[str, Any]) -> "ImportPlan":
        """The inverse of `to_dict`."""
        paths = {key: Path(values[key]) for key in ("interactions", "items") if values.get(key)}
        dialects = {k: Dialect.from_dict(values[k]) for k in ("dialect", "items_dialect") if values.get(k)}
        lists = {key: tuple(values[key]) for key in ("events", "levels", "features") if values.get(key) is not None}
        return cls(**{**values, **paths, **dialects, **lists})


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
