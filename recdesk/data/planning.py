"""Previews files and proposes the plan of an import."""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from recdesk.core.errors import DataError
from recdesk.core.messages import Message
from recdesk.data.columns.role_names import ITEMS, USERS
from recdesk.data.columns.roles import Doubt, Guess, clock_beside, roles_of
from recdesk.data.columns.times import TimeReading, read_times
from recdesk.data.files import limits
from recdesk.data.files.column_preview import Columns, guesses_in
from recdesk.data.files.compression import ENDINGS, PACKED_ENDINGS
from recdesk.data.files.dialect import SEPARATOR_NAMES, SESSION_FORMS, TABLE_FORMS, Dialect
from recdesk.data.files.keys import key_of_columns
from recdesk.data.files.normalized import LOST
from recdesk.data.files.orders import possible_keys
from recdesk.data.files.source import Source
from recdesk.data.logs.candidates import Candidates, candidates, fits, is_folder
from recdesk.data.logs.files_by_ids import find_by_ids
from recdesk.data.logs.people_of_ids import Table, find_people, same_values
from recdesk.data.logs.pieces import Piece, common_name, name_of
from recdesk.data.logs.same_kind import log_of, matched, other_kinds
from recdesk.data.plan import ImportPlan, Part, dialect_field
from recdesk.data.titles import without_texts_of_rows

__all__ = ["ImportPlan", "Preview", "default_name", "files_in", "is_folder", "preview", "propose", "written_as"]

MOST_ALIKE = 20
"""Files of one series that are looked at."""
MOST_TABLES = 60
"""Sheets or tables of a file that are looked at."""
EMPTY = ("file.no-lines", "file.empty", "file.no-sheet-with-cells")
"""Failures of sheets that need no word."""
DULL_NAMES = ("ratings", "interactions", "data", "events", "inter", "log", "users", "train", "u")
"""Of files whose folder says more about what is in them."""


@dataclass(frozen=True)
class Preview:
    """The beginning of a file as it would be read.

    Attributes:
        path, size: the file and its bytes.
        dialect: as found or given.
        columns, rows: names and values.
        far: rows from the middle and the end, which tell what the first ones do not.
        choices: columns that parts of the dialect can name, by the names of these parts.
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
    far: list[list[list[str]]] = field(default_factory=list)
    choices: dict[str, list[str]] = field(default_factory=dict)

    @property
    def table(self) -> Columns:
        """Its columns, with the rows."""
        return Columns(self.columns, self.named, self.rows, far=self.far)

    @property
    def at(self) -> Table:
        """Where it is read."""
        return Table(self.path, self.dialect, self.table)

    def time_columns(self, time: str | None, clock: str | None, taken: Collection[str] = ()) -> tuple[str, str]:
        """The columns with the times and with their times of day, as an import takes them; "" for none.

        Args:
            time, clock: what the plan says.
            taken: columns that are something else.
        """
        time = self.roles.get("time", "") if time is None else time
        return time, clock_beside(time, self.columns, self.table.sample, taken) if clock is None else clock

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
            return [""] * len(self.table.sample)
        at = self.columns.index(column)
        return [row[at] if len(row) > at else "" for row in self.table.sample]


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
    guessed = roles_of(found.columns)
    roles = without_texts_of_rows(guessed, columns.names, columns.sample)
    guesses = [_of_rows(guess) if guess.role == "title" and roles != guessed else guess for guess in found.columns]
    look = Preview(
        path,
        path.stat().st_size,
        dialect,
        columns.names,
        columns.rows,
        roles,
        [],
        columns.named,
        guesses,
        source.tables(),
        far=columns.far,
        choices=_choices(columns),
    )
    times = look.times_of(look.roles["time"], clock=look.roles.get("clock", "")) if "time" in look.roles else None
    doubts = [doubt.note for doubt in found.doubts if doubt.note]
    own = [*_notes(dialect), *columns.layout, *columns.notes, *_lost(columns)]
    notes = [*own, *doubts, *(times.notes if times else [])]
    return replace(look, times=times, notes=notes, written=_written(dialect), doubts=[*found.doubts])


def _choices(columns: Columns) -> dict[str, list[str]]:
    """Columns that the layout of a table can be told by."""
    joined = (columns.physical or columns) if columns.people is not None else columns
    own = (joined.physical or joined).names
    of_people = columns.people.table.names if columns.people is not None else []
    return {"unfold": own, "order_key": own, "people_key": joined.names, "person": of_people}


def _of_rows(title: Guess) -> Guess:
    """A column that was taken for the title of the items, and says something of each row."""
    return Guess(title.column, evidence=Message("evidence.differs-within-item"))


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
        DataError: none of them is a table.
    """
    found = candidates(paths, only, besides)
    mains, others, doubtful, notes = _looks(found, only)
    mains, others = _with_orders(mains, others)
    mains, people = _with_people(mains, others)
    tables = [look for look in mains if len(look.columns) > 1] or mains
    best = max(tables, key=_like_interactions)
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
            seen.append(_preview(source))
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
    looks = [_preview(source.with_table(best))]
    for name in fitting[:MOST_TABLES]:
        if name != best:
            try:
                looks.append(_preview(source.with_table(name)))
            except DataError as error:
                if getattr(error.sentence, "key", "") not in EMPTY:
                    notes.append(
                        Message("import.not-readable", name=f"{source.path.name}, {name}", reason=error.sentence)
                    )
    if len(fitting) < len(names):
        notes.append(Message("import.not-chosen", count=len(names) - len(fitting), patterns=", ".join(only)))
    return looks


def _with_orders(mains: list[Preview], others: list[Preview]) -> tuple[list[Preview], list[Preview]]:
    """Where none names users and items: the lines of orders as they are read with their orders, and the other files."""
    looks = [*mains, *others]
    if any(look.named and {"user", "item"} <= look.roles.keys() for look in looks):
        return mains, others
    for look in sorted(looks, key=lambda look: -look.size):
        for orders in looks:
            if orders is not look and (key := _order_key(look, orders)):
                lines = [one for one in looks if one is not orders and matched(look.table, one.table)]
                joined = [_joined(one, orders=_beside(one, orders), order_key=key, unfold="") for one in lines]
                used = [orders, *lines]
                left = [[one for one in part if not _among(one, used)] for part in (mains, others)]
                return [*joined, *left[0]], left[1]
    return mains, others


def _order_key(lines: Preview, orders: Preview) -> str:
    """The key of the lines of orders and of the orders; one of two names is looked for in the values."""
    for own, other in possible_keys(lines.table, orders.table):
        if own == other or same_values(lines.at, own, orders.at, other):
            return key_of_columns(own, other)
    return ""


def _with_people(mains: list[Preview], others: list[Preview]) -> tuple[list[Preview], Preview | None]:
    """Logs whose users are finer than people, such as sessions or the customers of single orders, as they are read with
    the people; and the file that says whose they are."""
    logs = [look for look in mains if "item" in look.roles and len(look.columns) > 1]
    for log in sorted(logs, key=_like_interactions, reverse=True):
        files = [look for look in (*mains, *others) if look is not log and not matched(log.table, look.table)]
        orders = Source(log.path, log.dialect).beside(log.dialect.orders) if log.dialect.orders else None
        of_orders = None if orders is None else Table(orders.path, orders.dialect, orders.columns())
        found = find_people(log.at, log.roles.get("user"), log.roles["item"], [look.at for look in files], of_orders)
        if found is not None:
            people = files[found.number]
            same = [look for look in mains if look is log or matched(log.table, look.table)]
            given = {"people_key": key_of_columns(found.key, found.other_key), "person": found.person}
            return [
                _joined(one, people=_beside(one, people), **given) if _among(one, same) else one for one in mains
            ], people
    return mains, None


def _among(look: Preview, looks: Sequence[Preview]) -> bool:
    return any(look is one for one in looks)


def _beside(look: Preview, other: Preview) -> str:
    """How a dialect names another table: by its own name in the same file or folder, else by its whole path."""
    if look.path == other.path:
        return other.dialect.table or other.dialect.member
    return other.path.name if other.path.parent == look.path.parent else str(other.path.absolute())


def _joined(look: Preview, **given: str) -> Preview:
    return preview(look.path, replace(look.dialect, **given))


def _about(look: Preview, role: str, other: str) -> bool:
    """A file about items or about users: it has ids of the one and not of the other."""
    return role in look.roles and other not in look.roles


def _like_interactions(look: Preview) -> tuple[bool, bool, bool, bool, int]:
    joined = bool(look.dialect.orders or look.dialect.people)
    return {"user", "item"} <= look.roles.keys(), joined, "rating" in look.roles, "time" in look.roles, look.size


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
