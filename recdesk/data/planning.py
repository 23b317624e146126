"""Previews files and proposes the plan of an import."""

import contextlib
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from recdesk.core.errors import DataError
from recdesk.core.messages import Message
from recdesk.data.columns.roles import Doubt, Guess, clock_beside, roles_of
from recdesk.data.columns.times import TimeReading, read_times
from recdesk.data.files.column_preview import Columns, guesses_in
from recdesk.data.files.compression import ENDINGS, PACKED_ENDINGS, looks_like_data
from recdesk.data.files.dialect import SEPARATOR_NAMES, SESSION_FORMS, TABLE_FORMS, Dialect
from recdesk.data.files.normalized import LOST
from recdesk.data.files.orders import find_key
from recdesk.data.files.source import Source
from recdesk.data.plan import ImportPlan, Part, dialect_field
from recdesk.data.titles import without_texts_of_rows

__all__ = ["ImportPlan", "Preview", "default_name", "files_in", "is_folder", "preview", "propose"]

MOST_FILES = 60
"""Of a folder that are looked at."""
DULL_NAMES = ("ratings", "interactions", "data", "events", "inter", "log", "users", "train", "u")
"""Of files whose folder says more about what is in them."""


@dataclass(frozen=True)
class Preview:
    """The beginning of a file as it would be read.

    Attributes:
        path, size: the file and its bytes.
        dialect: as found or given.
        columns, rows: names and values.
        roles: column by role, as guessed with some confidence.
        notes: sentences on what was seen.
        named: the names come from the file.
        guesses: of each column, with a confidence.
        doubts: roles that other columns could play too.
        tables: the sheets, tables or files inside that could be read instead.
        times: how the column with the times is read, where there is one.
        written: how a text file is written, as a sentence; "" for other files.
    """

    path: Path
    size: int
    dialect: Dialect
    columns: list[str]
    rows: list[list[str]]
    roles: dict[str, str]
    notes: list[str]
    named: bool
    guesses: list[Guess] = field(default_factory=list)
    tables: list[str] = field(default_factory=list)
    times: TimeReading | None = None
    written: str = ""
    doubts: list[Doubt] = field(default_factory=list)

    def time_columns(self, time: str | None, clock: str | None, taken: Collection[str] = ()) -> tuple[str, str]:
        """The columns with the times and with their times of day, as an import takes them; "" for none.

        Args:
            time, clock: what the plan says.
            taken: columns that are something else.
        """
        time = self.roles.get("time", "") if time is None else time
        return time, clock_beside(time, self.columns, self.rows, taken) if clock is None else clock

    def open_doubts(self, plan: ImportPlan) -> list[Doubt]:
        """Doubts that a person has to decide: two readings are close, and the plan says nothing of these roles."""
        return [
            doubt
            for doubt in self.doubts
            if doubt.close and all(getattr(plan, role) is None for role in doubt.readings[0].columns)
        ]

    def times_of(self, column: str, form: str | None = None, clock: str = "") -> TimeReading | None:
        """How a column, with the one of its times of day if there is one, would be read; None where it is empty or
        is not there."""
        texts = self._texts(column)
        return read_times(texts, form, self._texts(clock) if clock else None) if any(map(str.strip, texts)) else None

    def _texts(self, column: str) -> list[str]:
        if column not in self.columns:
            return [""] * len(self.rows)
        at = self.columns.index(column)
        return [row[at] if len(row) > at else "" for row in self.rows]


def preview(path: Path, dialect: Dialect | None = None, rows: int = 200, **known: Any) -> Preview:
    """Look at the beginning of a file.

    Args:
        path: the file.
        dialect: how to read it; None finds out.
        rows: how many to show.
        known: what of the dialect is known when it is found out.

    Raises:
        DataError: it is missing, empty, or no table.
    """
    return _preview(Source(path, dialect, **known), rows)


def _preview(source: Source, rows: int = 200) -> Preview:
    path, dialect, columns = source.path, source.dialect, source.columns(rows)
    found = guesses_in(columns)
    guesses = [*found.columns]
    look = Preview(
        path,
        path.stat().st_size,
        dialect,
        columns.names,
        columns.rows,
        without_texts_of_rows(roles_of(guesses), columns.names, columns.rows),
        [],
        columns.named,
        guesses,
        source.tables(),
    )
    times = look.times_of(look.roles["time"], clock=look.roles.get("clock", "")) if "time" in look.roles else None
    doubts = [doubt.note for doubt in found.doubts if doubt.note]
    own = [*_notes(dialect), *columns.layout, *columns.notes, *_lost(columns)]
    notes = [*own, *doubts, *(times.notes if times else [])]
    return replace(look, times=times, notes=notes, written=_written(dialect), doubts=[*found.doubts])


def propose(paths: Sequence[Path]) -> ImportPlan:
    """Which of several files (or a folder's, or a zip file's) holds the interactions, which the items and the users.

    Where none looks like interactions the best guess is proposed, for the person to say which column is which.

    Raises:
        DataError: none of them is a table.
    """
    looks = _looks([source for source, _ in _sources_in(paths)])
    tables = [look for look in looks if len(look.columns) > 1] or looks
    best = max(tables, key=_like_interactions)
    others = [look for look in tables if look is not best]
    if not {"user", "item"} <= best.roles.keys() and (pair := _lines_and_orders(tables)):
        best, orders = pair
        others = [look for look in tables if look is not orders and look.path != best.path]
    items = max((look for look in others if _about(look, "item", "user")), key=_like_items, default=None)
    users = max((look for look in others if _about(look, "user", "item")), key=lambda look: look.size, default=None)
    looks_of: dict[Part, Preview | None] = {"interactions": best, "items": items, "users": users}
    found: dict[str, Any] = {part: look.path for part, look in looks_of.items() if look}
    with_dialect = ((part, look) for part, look in looks_of.items() if look)
    found |= {
        dialect_field(part): look.dialect for part, look in with_dialect if look.dialect.member or look.dialect.orders
    }
    return ImportPlan(**found, name=default_name(best.path))


def default_name(path: Path) -> str:
    """What to call the dataset of a file: its name without endings, or its folder's where that says more."""
    stem = path.name
    while Path(stem).suffix.lower() in (*ENDINGS, *PACKED_ENDINGS) and Path(stem).stem:
        stem = Path(stem).stem
    return (path.absolute().parent.name if stem.casefold() in DULL_NAMES else "") or stem


def files_in(paths: Sequence[Path]) -> list[tuple[Path, str]]:
    """The data files among these and in these folders, and which file inside where one is a zip file.

    Raises:
        DataError: there is none.
    """
    return [(source.path, member) for source, member in _sources_in(paths)]


def _sources_in(paths: Sequence[Path]) -> list[tuple[Source, str]]:
    found: list[tuple[Source, str]] = []
    for path in paths:
        for file in _inside(path) if is_folder(path) else [path]:
            found += _members(Source(file))
    if not found:
        raise DataError(
            Message("file.folder-without-data", folder=paths[0]) if paths else Message("import.no-file"),
            Message("file.choose-data-in-folder"),
        )
    return found[:MOST_FILES]


def is_folder(path: Path) -> bool:
    """Whether a path is a folder; errors are left for when it is read."""
    with contextlib.suppress(OSError):
        return path.is_dir()
    return False


def _inside(folder: Path, deep: int = 3) -> list[Path]:
    """A folder's data files; of a folder that holds nothing but another one, that one's."""
    entries = sorted(folder.iterdir())
    files = [entry for entry in entries if entry.is_file() and looks_like_data(entry.name)]
    folders = [entry for entry in entries if entry.is_dir() and not entry.name.startswith((".", "__"))]
    return _inside(folders[0], deep - 1) if not files and len(folders) == 1 and deep else files


def _members(source: Source) -> list[tuple[Source, str]]:
    with contextlib.suppress(DataError):  # reported when the file is previewed
        if source.packed == "zip":
            return [(source.inside(member), member) for member in source.members]
    return [(source, "")]


def _looks(sources: list[Source]) -> list[Preview]:
    looks: list[Preview] = []
    failures: list[DataError] = []
    while sources:
        try:
            looks.append(_preview(sources.pop(0)))  # what was read for a look is not kept
        except DataError as error:
            failures.append(error)
    if not looks:
        raise failures[0]
    return looks


def _lines_and_orders(looks: Sequence[Preview]) -> tuple[Preview, Preview] | None:
    """The lines of orders, the largest such file, as they are read with their orders; and the orders."""
    tables = [(look, Columns(look.columns, look.named, look.rows)) for look in looks if not look.dialect.member]
    for look, table in sorted(tables, key=lambda entry: -entry[0].size):
        for other, orders in tables:
            if other is not look and (key := find_key(table, orders)):
                beside = other.path.name if other.path.parent == look.path.parent else str(other.path.absolute())
                dialect = replace(look.dialect, orders=beside, order_key=key, unfold="")
                return preview(look.path, dialect), other
    return None


def _about(look: Preview, role: str, other: str) -> bool:
    """A file about items or about users: it has ids of the one and not of the other."""
    return role in look.roles and other not in look.roles


def _like_interactions(look: Preview) -> tuple[bool, bool, bool, int]:
    return {"user", "item"} <= look.roles.keys(), "rating" in look.roles, "time" in look.roles, look.size


def _like_items(look: Preview) -> tuple[bool, int, int]:
    return "title" in look.roles, len(look.columns), look.size


def _written(dialect: Dialect) -> str:
    separator = SEPARATOR_NAMES.get(dialect.separator, f"“{dialect.separator}”")
    if dialect.form in SESSION_FORMS:
        if dialect.form == "sessions":
            return Message("import.sessions-with-user", encoding=dialect.encoding, separator=separator)
        return Message("import.sessions-without-user", encoding=dialect.encoding, separator=separator)
    if dialect.form == "delimited":
        if dialect.header:
            return Message("import.text-with-header", encoding=dialect.encoding, separator=separator)
        return Message("import.text-without-header", encoding=dialect.encoding, separator=separator)
    return ""


def _notes(dialect: Dialect) -> list[str]:
    notes: list[str] = []
    if dialect.form in TABLE_FORMS and dialect.table:
        notes.append(Message("import.table-read", name=dialect.table))
    if dialect.skip:
        notes.append(Message("import.table-begins-at", line=dialect.skip + 1))
    return notes


def _lost(columns: Columns) -> list[str]:
    """A note on characters among the rows shown that are invalid in the encoding."""
    lost = sum(cell.count(LOST) for row in [columns.names, *columns.rows] for cell in row)
    return [Message("import.try-other-encoding", count=lost)] if lost else []
