"""Proposes the plan of an import: which of several files is what."""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from recdesk.core.errors import DataError
from recdesk.core.messages import Message
from recdesk.data.columns.role_names import ITEMS, USERS
from recdesk.data.files import limits
from recdesk.data.files.compression import ENDINGS, PACKED_ENDINGS
from recdesk.data.files.dialect import Dialect
from recdesk.data.files.source import Source
from recdesk.data.joining import like_interactions, with_orders, with_people
from recdesk.data.logs.candidates import Candidates, candidates, fits, is_folder
from recdesk.data.logs.files_by_ids import find_by_ids
from recdesk.data.logs.pieces import Piece, common_name, name_of
from recdesk.data.logs.same_kind import log_of, other_kinds, refuse_outliers
from recdesk.data.plan import ImportPlan, Part, dialect_field
from recdesk.data.preview import Preview, look_at, preview

__all__ = ["ImportPlan", "Preview", "default_name", "files_in", "is_folder", "preview", "propose", "written_as"]

MOST_ALIKE = 20
"""Files of one series that are looked at."""
MOST_TABLES = 60
"""Sheets or tables of a file that are looked at."""
EMPTY = ("file.no-lines", "file.empty", "file.no-sheet-with-cells")
"""Failures of sheets that need no word."""
DULL_NAMES = ("ratings", "interactions", "data", "events", "inter", "log", "users", "train", "u", "part")
"""Of files whose folder says more about what is in them."""


def propose(paths: Sequence[Path], only: Sequence[str] = (), besides: Collection[Path] = ()) -> ImportPlan:
    """Which of several files (or a folder's, an archive's) holds the interactions, which the items and the users.

    Files, sheets and tables of the same columns are one log, in the order of their names. The plan's notes say what is
    left out. Where none looks like interactions the best guess is proposed, for the person to say which column
    is which.

    Args:
        paths: files and folders.
        only: patterns of the names of files, sheets and tables that are looked at; empty for all.
        besides: files that are left to something else.

    Raises:
        DataError: none of them is a table, or one of several parts of a table has other columns.
    """
    found = candidates(paths, only, besides)
    mains, others, doubtful, notes = _looks(found, only)
    refuse_outliers(mains)
    mains, others = with_orders(mains, others)
    mains, people = with_people(mains, others)
    tables = [look for look in mains if len(look.columns) > 1] or mains
    best = max(tables, key=like_interactions)
    (first, *more), said = log_of(best, [*tables, *others, *doubtful])
    rest = [look for look in tables if look not in (first, *more) and look is not best]
    items = max((look for look in rest if _about(look, "item", "user")), key=_like_items, default=None)
    users = max((look for look in rest if _about(look, "user", "item")), key=lambda look: look.size, default=None)
    apart = [
        look
        for look in rest
        if look not in (items, users) and not (look.named and {"user", "item"} <= look.roles.keys())
    ]
    items, apart = (items, apart) if items else _by_ids(best, "item", apart, notes)
    users, apart = (users, apart) if users else _by_ids(best, "user", apart, notes)
    looks_of: dict[Part, Preview | None] = {"interactions": first, "items": items, "users": users}
    plan: dict[str, Any] = {part: look.path for part, look in looks_of.items() if look}
    plan |= {dialect_field(part): look.dialect for part, look in looks_of.items() if look and _says_which(look)}
    if more:
        plan |= {"dialect": first.dialect, "more": tuple(Piece(look.path, look.dialect) for look in more)}
    left = [look for look in (*mains, *others) if look not in (first, *more, items, users, people)]
    notes += [*said, *other_kinds(first, left)]
    return ImportPlan(**plan, only=tuple(only), notes=tuple(notes), name=_name([first, *more]))


def _by_ids(log: Preview, role: str, looks: list[Preview], notes: list[str]) -> tuple[Preview | None, list[Preview]]:
    """The look at the file that has the ids of the log's items or users, if there is one, and the others."""
    of = log.roles.get(role)
    if of is None or not looks:
        return None, looks
    at = log.columns.index(of)
    files = [(look.path, look.dialect, look.table) for look in looks]
    found = find_by_ids([row[at] for row in log.table.sample], of, ITEMS if role == "item" else USERS, files)
    if found is None:
        return None, looks
    look = looks[found.number]
    name = name_of(look.path, look.dialect)
    notes.append(
        Message("import.items-by-ids", name=name, column=found.column, ids=of)
        if role == "item"
        else Message("import.users-by-ids", name=name, column=found.column, ids=of)
    )
    return look, [other for other in looks if other is not look]


def written_as(plan: ImportPlan, known: Mapping[str, Any]) -> ImportPlan:
    """The plan with what a person said of how its interactions are written; the rest is found out with this in mind.

    Raises:
        DataError: a file cannot be read like that.
    """
    first, *more = [Piece(piece.path, _written_as(piece, known)) for piece in plan.pieces]
    return replace(plan, dialect=first.dialect, more=tuple(more))


def _written_as(piece: Piece, known: Mapping[str, Any]) -> Dialect:
    which = {"member": piece.dialect.member, "table": piece.dialect.table} if piece.dialect is not None else {}
    return Source(piece.path, **{**{name: value for name, value in which.items() if value}, **known}).dialect


def _says_which(look: Preview) -> bool:
    """The file holds several tables, so that the dialect has to name the one that was looked at."""
    return bool(look.dialect.member or look.dialect.orders or look.dialect.people) or len(look.tables) > 1


def _name(looks: Sequence[Preview]) -> str:
    """What to call the dataset of these: their name, what several have in common, or that of their folder."""
    first = looks[0]
    if len({(look.path, look.dialect.member) for look in looks}) == 1 or first.dialect.member:
        return default_name(first.path)
    shared = common_name([default_name(look.path) for look in looks])
    if shared and shared.casefold() not in DULL_NAMES:
        return shared
    folders = (folder.name for folder in first.path.absolute().parents if "=" not in folder.name)
    return next(folders, "") or default_name(first.path)


def default_name(path: Path) -> str:
    """What to call the dataset of a file: its name without endings, or its folder's where that says more."""
    stem = path.name
    while Path(stem).suffix.lower() in (*ENDINGS, *PACKED_ENDINGS) and Path(stem).stem:
        stem = Path(stem).stem
    return (path.absolute().parent.name if stem.casefold() in DULL_NAMES else "") or stem


def files_in(paths: Sequence[Path]) -> list[tuple[Path, str]]:
    """The data files among these and in these folders, and which file inside where one is an archive.

    Raises:
        DataError: there is none.
    """
    found = candidates(paths)
    sure = [source for number, source in enumerate(found.sources) if number not in found.doubtful]
    return [(source.path, source.given_member) for source in sure or found.sources]


def _looks(found: Candidates, only: Sequence[str]) -> tuple[list[Preview], list[Preview], list[Preview], list[str]]:
    """Looks at all of them: of each file the table that is likeliest to hold interactions, the other tables, files of
    whose names nothing tells that they are data; and sentences on what is not looked at.

    Raises:
        DataError: none is a table.
    """
    mains: list[Preview] = []
    others: list[Preview] = []
    doubtful: list[Preview] = []
    failures: list[DataError] = []
    notes = list(found.notes)
    series = _Series()
    for number in range(len(found.sources)):
        source = found.sources.pop(0)  # what was read for a look is not kept
        unsure = number in found.doubtful
        try:
            main, *more = [series.look(source)] if not source.holds_tables else _tables(source, only, notes)
            (doubtful if unsure else mains).append(main)
            others += more
        except DataError as error:
            failures.append(error)
            if not unsure:
                name = name_of(source.path, Dialect(member=source.given_member))
                notes.append(Message("import.not-readable", name=name, reason=error.sentence))
    if not mains and not doubtful:
        raise failures[0]
    return (mains, others, doubtful, notes) if mains else (doubtful, others, [], notes)


class _Series:
    """Files whose names differ by numbers alone: of each such series the first MOST_ALIKE are looked at; that the
    others have the same columns is checked when they are read."""

    def __init__(self) -> None:
        self._seen: dict[tuple[str, str], list[Preview]] = {}

    def look(self, source: Source) -> Preview:
        """The file as it is, or as the one before it in its series."""
        names = (str(source.path), source.given_member)
        seen = self._seen.setdefault((re.sub(r"\d+", "#", names[0]), re.sub(r"\d+", "#", names[1])), [])
        if len(seen) < MOST_ALIKE:
            seen.append(look_at(source))
            return seen[-1]
        last = seen[-1]
        dialect = replace(last.dialect, member=source.given_member)
        return replace(last, path=source.path, size=source.path.stat().st_size, dialect=dialect)


def _tables(source: Source, only: Sequence[str], notes: list[str]) -> list[Preview]:
    """The sheets or tables of a file that fit the patterns, the likeliest to hold interactions first."""
    names = source.tables()
    fitting = [name for name in names if fits(name, only)] if not fits(source.path.name, only) else names
    if not fitting:
        raise DataError(
            Message("import.none-fits", patterns=", ".join(only)),
            Message("file.tables-are", names=limits.listed(names)),
        )
    best = source.dialect.table if source.dialect.table in fitting else fitting[0]
    looks = [look_at(source.with_table(best))]
    for name in fitting[:MOST_TABLES]:
        if name != best:
            try:
                looks.append(look_at(source.with_table(name)))
            except DataError as error:
                if getattr(error.sentence, "key", "") not in EMPTY:
                    notes.append(
                        Message("import.not-readable", name=f"{source.path.name}, {name}", reason=error.sentence)
                    )
    if len(fitting) < len(names):
        notes.append(Message("import.not-chosen", count=len(names) - len(fitting), patterns=", ".join(only)))
    return looks


def _about(look: Preview, role: str, other: str) -> bool:
    """A file about items or about users: it has ids of the one and not of the other."""
    return role in look.roles and other not in look.roles


def _like_items(look: Preview) -> tuple[bool, int, int]:
    return "title" in look.roles, len(look.columns), look.size
