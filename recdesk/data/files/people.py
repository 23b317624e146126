"""Ids that are finer than people (one for each order, session, device or card), with whose they are in another file."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from recdesk.core.messages import Message
from recdesk.data.columns.guess import Doubt, Reading
from recdesk.data.columns.named import names_people
from recdesk.data.files.column_preview import Columns, Loaded, unique
from recdesk.data.files.dialect import Dialect
from recdesk.data.files.keys import key_of_columns
from recdesk.data.files.loading import Load, Loading
from recdesk.data.files.normalized import NormalizedFile

LEAST_ROWS = 3


@dataclass(frozen=True)
class People:
    """Whose each of the finer ids is.

    Attributes:
        key: the column with the finer id, in the rows.
        person: the column with the person's id, in the file of the people.
        name: what that is called beside the columns of the rows.
        other_key: the column with the finer id, in the file of the people.
        path, dialect, table: that file, how it is written, its columns.
    """

    key: str
    person: str
    name: str
    other_key: str
    path: Path
    dialect: Dialect
    table: Columns


def likely_key(rows: Columns, people: Columns, user: str) -> str:
    """The column with the finer id: the one of the users, or one that both have; else the first of the other file."""
    shared = [name for name in rows.names if name in people.names]
    if user in shared or not (user or shared):
        return user or rows.names[0]
    return shared[0] if shared else key_of_columns(user, people.names[0])


def likely_person(people: Columns, key: str) -> str:
    """The column with the person's id besides the one with the finer id: by its name, else the first."""
    others = [name for name in people.names if name != key] or people.names
    return next(filter(names_people, others), others[0])


def with_people(
    rows: Columns,
    roles: Mapping[str, str],
    people: Columns,
    keys: tuple[str, str],
    person: str,
    path: Path,
    dialect: Dialect,
) -> Columns:
    """The columns of the rows and the person's id, which is the user; a doubt where its name does not say so.

    Args:
        rows: the columns of the rows; `roles` their columns by role.
        people: those of the file of the people, at `path`, written as `dialect` says.
        keys: the column with the finer id, here and there.
        person: the column with the person's id.
    """
    own, other = keys
    name = unique([*rows.names, person])[-1]
    at, key_at, person_at = rows.names.index(own), people.names.index(other), people.names.index(person)
    of = {row[key_at].strip(): row[person_at] for row in people.rows}
    sample = [[*row, of.get(row[at].strip(), "")] for row in rows.rows]
    if sum(bool(row[-1].strip()) for row in sample) < LEAST_ROWS:  # the two files are in different orders
        blank = [""] * len(rows.names)
        more = [[*blank[:at], row[key_at], *blank[at + 1 :], row[person_at]] for row in people.rows]
        half = len(sample) // 2
        sample = [*sample[: len(sample) - half], *more[:half]]
    told = {role: column for role, column in roles.items() if column != own} | {"user": name}
    doubts = () if names_people(person) else (_doubt(name, own, person, path.name),)
    note = Message("layout.people-joined", name=path.name, key=own, person=person)
    return replace(
        rows,
        names=[*rows.names, name],
        rows=sample,
        told=told,
        layout=(*rows.layout, note),
        physical=rows,
        far=[],
        lists={},
        orders=None,
        partitions={},
        people=People(own, person, name, other, path, dialect, people),
        doubts=doubts,
    )


def _doubt(name: str, key: str, person: str, file: str) -> Doubt:
    """Whether somebody is who the other file says, or the id of the rows."""
    joined = Reading({"user": name}, Message("evidence.person-of-ids", name=file, person=person, key=key))
    own = Reading({"user": key}, Message("evidence.ids-of-rows", key=key))
    return Doubt("user", (joined, own), close=True)


def load_with_people(loading: Loading, file: NormalizedFile, load: Load) -> Loaded:
    """Make the table as `load` does, with the person's id of each row, which stands in `file`; NULL where it does
    not."""
    connection, table, wanted = loading.connection, loading.table, loading.wanted
    rows, people = loading.columns.physical, loading.columns.people
    assert rows is not None and people is not None
    if people.name not in wanted:
        return load(loading.of(table, rows, wanted))
    own = [name for name in wanted if name != people.name]
    needed = own if people.key in own else [*own, people.key]
    loaded = load(loading.of(f"{table}_keyed", rows, needed))
    ids = [people.other_key, people.person]
    load(loading.of(f"{table}_people", people.table, ids).of_other(file, people.path.name))
    there = connection.table(f"{table}_keyed").columns
    kept = "".join(f", r.{name}" for name in ("row", "line") if name in there)
    cells = "".join(
        f", {'p.person' if name == people.name else f'r.c{needed.index(name)}'} AS c{at}"
        for at, name in enumerate(wanted)
    )
    key = f"trim(r.c{needed.index(people.key)})"
    connection.execute(
        f"CREATE TEMP TABLE {table} AS SELECT r.n{kept}{cells} FROM {table}_keyed r LEFT JOIN "
        f"(SELECT trim(c0) AS id, arg_min(c1, n) AS person FROM {table}_people GROUP BY id) p ON {key} = p.id "
        "ORDER BY r.n"
    )
    connection.execute(f"DROP TABLE {table}_keyed; DROP TABLE {table}_people")
    return loaded
