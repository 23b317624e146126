"""The file that says whose the ids of a log are, where these are finer than people: told by the values of both."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from recdesk.core.errors import RecdeskError
from recdesk.data.columns.named import names_finer, names_people
from recdesk.data.columns.profile import Profile, profiles_of
from recdesk.data.columns.role_names import HASHES, IDS, key_of
from recdesk.data.files import isolated
from recdesk.data.files.column_preview import Columns
from recdesk.data.files.dialect import Dialect
from recdesk.data.files.loading import Loading
from recdesk.data.files.normalized import normalized_file
from recdesk.data.files.orders import ORDER
from recdesk.data.files.reading import database, load
from recdesk.data.files.source import Source
from recdesk.data.logs.files_by_ids import COVERED, FEWEST_IDS, LARGEST, MOST_IDS, distinct_columns

MOST_COLUMNS = 12
"""Of a file that are looked at as ids of people."""
FULL = 0.9
"""Share of the rows of the file that must name a person."""


@dataclass(frozen=True)
class Found:
    """Whose the ids of a log are.

    Attributes:
        number: of the file among those that were looked at.
        key: the column of the log with the finer ids.
        other_key: the same in that file.
        person: the column with the ids of the people.
    """

    number: int
    key: str
    other_key: str
    person: str


@dataclass(frozen=True)
class Table:
    """A file that was looked at: where, how it is written, and its columns with a sample."""

    path: Path
    dialect: Dialect
    columns: Columns


def find_people(
    log: Table, user: str | None, item: str, files: Sequence[Table], orders: Table | None = None
) -> Found | None:
    """The file that maps the ids of a log's users to people of whom some have several ids; None where there is none, or
    where the users of the log may be people themselves.

    They may not be if their name speaks of sessions, devices or cards, or if each has a single order. The rows of files
    that are no larger than LARGEST are passed through.

    Args:
        log: the interactions, with their orders where these are in another file.
        user: the column of its users; None where no column is called so.
        item: that of its items.
        files: the other ones.
        orders: the file with the orders.
    """
    if not log.columns.named:
        return None
    keys = [user] if user is not None else _unclaimed(log.columns, item)
    for key in keys:
        by_name = names_finer(key) or user is None
        found = _people_of(key, _ids(log.columns, key), files, by_name)
        if found and (by_name or _one_for_each_order(log.columns, key, orders)):
            return found
    return None


def same_values(one: Table, column: str, other: Table, other_column: str) -> bool:
    """Nearly all values of a sample of a column stand in a column of another file, where none comes again."""
    ids = _ids(one.columns, column)
    counts = _counts(other, [other_column], ids) if len(ids) >= FEWEST_IDS else None
    return counts is not None and counts[0].distinct == counts[0].filled and counts[0].known >= COVERED * len(ids)


def _people_of(key: str, ids: list[str], files: Sequence[Table], by_name: bool) -> Found | None:
    if len(ids) < FEWEST_IDS:
        return None
    for number, table in enumerate(files):
        if not table.columns.named:
            continue
        for other in _same_key(key, table.columns):
            if person := _person(table, other, ids, by_name):
                return Found(number, key, other, person)
    return None


def _same_key(key: str, columns: Columns) -> list[str]:
    """Columns of a file that may hold the same ids: called so, or merely “id”, in which no value comes again."""
    alone = distinct_columns(columns)
    named = [name for name in alone if key_of(name) == key_of(key)]
    return named or [name for name in alone if key_of(name) in IDS or key_of(key).startswith(key_of(name))]


def _person(table: Table, key: str, ids: list[str], by_name: bool) -> str:
    """The column of people of whom some have several of these ids; "" for none. A column that is not called so is one
    only if it is written as ids are, and only where a person will be asked."""
    likely = [profile for profile in profiles_of(table.columns.names, table.columns.sample) if profile.column != key]
    named = [profile.column for profile in likely if names_people(profile.column)]
    others = [] if by_name or named else [profile.column for profile in likely if _written_as_id(profile)]
    candidates = [*named, *others][:MOST_COLUMNS]
    counts = _counts(table, [key, *candidates], ids) if candidates else None
    if counts is None or counts[0].known < COVERED * len(ids) or counts[0].distinct < counts[0].filled:
        return ""
    several = {
        column: count.distinct
        for column, count in zip(candidates, counts[1:], strict=True)
        if 1 < count.distinct < count.filled and count.filled >= FULL * counts[0].filled
    }
    return max(several, key=lambda column: (column in named, several[column]), default="")


def _written_as_id(profile: Profile) -> bool:
    return profile.hashed or (key_of(profile.column).endswith((*IDS, *HASHES)) and not profile.fractional)


def _unclaimed(columns: Columns, item: str) -> list[str]:
    """Columns of a log without users that may hold finer ids, by their names."""
    return [name for name in columns.names if name != item and names_finer(name)]


def _one_for_each_order(columns: Columns, key: str, orders: Table | None) -> bool:
    """Each user has a single order: in the whole file of the orders, or in the sample where the rows have both."""
    if orders is not None:
        counts = _counts(orders, [key], []) if key in orders.columns.names else None
        return counts is not None and counts[0].distinct == counts[0].filled
    at = columns.names.index(key)
    for number, name in enumerate(columns.names):
        if name == key or not ORDER.fullmatch(name):
            continue
        pairs = {(row[at], row[number]) for row in columns.sample if row[at].strip()}
        if len(pairs) == len({one for one, _ in pairs}) == len({other for _, other in pairs}) >= FEWEST_IDS:
            return True
    return False


def _ids(columns: Columns, column: str) -> list[str]:
    at = columns.names.index(column)
    return sorted({row[at].strip() for row in columns.sample} - {""})[:MOST_IDS]


@dataclass(frozen=True)
class _Count:
    """Of a column the rows with a value, the different values, and (of the first one) how many of the ids it has."""

    filled: int
    distinct: int
    known: int


def _counts(table: Table, columns: Sequence[str], ids: Sequence[str]) -> list[_Count] | None:
    """Counts over all rows; None where the file is too large, or cannot be read.

    Args:
        table: the file.
        columns: of it.
        ids: that are looked for in the first of them.
    """
    size = isolated.size_of(table.path)
    if size > LARGEST:
        return None
    cells = [f"nullif(trim(c{at}), '')" for at in range(len(columns))]
    known = "count(DISTINCT trim(c0)) FILTER (list_contains($ids, trim(c0)))"
    counts = ", ".join(f"count({cell}), count(DISTINCT {cell})" for cell in cells)
    try:
        of_file = Source(table.path, table.dialect).columns()
        with normalized_file(table.path, table.dialect) as plain, database(size=size) as connection:
            load(Loading(connection, "raw", plain, of_file, list(columns), table.path.name))
            row = connection.execute(f"SELECT {known}, {counts} FROM raw", {"ids": list(ids)}).fetchall()[0]
    except RecdeskError:  # which is said where the file is read
        return None
    return [_Count(row[1 + 2 * at], row[2 + 2 * at], row[0] if at == 0 else 0) for at in range(len(columns))]
