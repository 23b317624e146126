"""Tables where a row has several interactions, as a row for each: lists in cells, events inside of objects."""

import itertools
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from recdesk.core.messages import Message
from recdesk.data.columns.role_names import ITEMS, USERS
from recdesk.data.columns.roles import TAKEN_FOR_GRANTED, guess_columns, role_of_name, roles_of
from recdesk.data.files.column_preview import Columns, unique
from recdesk.data.files.list_cells import ListStyle, style_of

SPEAKING = re.compile(
    r"(?i)(history|hist|sequence|seq|events?|items?|basket|cart|clicked|clicks|viewed|bought|purchased|purchases|liked|"
    r"rated|watched|read|interactions?|log|list|products?)"
)
"""Words in the names of columns that hold lists of items."""
SAMPLED = 200
"""Elements by which the roles of their fields are guessed."""
ADDRESSES = ("uri", "url")

Styles = dict[str, ListStyle]
"""How the lists of columns are written, by the names of the columns."""


@dataclass(frozen=True)
class Field:
    """A column of the unfolded table.

    Attributes:
        name: of it.
        column: of the table as it stands that it comes from.
        style: how the lists of that are written; None where each of the new rows has the whole cell.
        key: of the objects in the lists; "" for the elements themselves.
    """

    name: str
    column: str
    style: ListStyle | None = None
    key: str = ""


def find_unfolding(table: Columns) -> str:
    """The column whose cells hold the items of a row, or their events; "" where every row is one interaction."""
    styles = _styles(table)
    if not styles:
        return ""
    outer = [name for name in table.names if name not in styles]
    known = _known(table, outer)
    for name, style in styles.items():
        if style.kind == "objects" and _told(table, name, styles) is not None:
            return name
    if "item" in known:
        return ""
    lists = [name for name, style in styles.items() if style.kind != "objects" and (outer or not table.named)]
    best = max(lists, key=lambda name: _speaks(table, name), default="")
    sure = styles[best].certain and len(table.names) == 2 if best else False
    return best if best and ((_speaks(table, best) and "user" in known) or (sure and not table.named)) else ""


def unfolded_columns(table: Columns, column: str, rows: int) -> Columns:
    """The columns of the unfolded table, with a sample; the table itself where that column has no lists."""
    styles = _styles(table)
    fields = fields_of(table, column, styles)
    if not any(field.style for field in fields):
        return table
    sample: list[list[str]] = []
    for at in range(len(table.rows)):
        sample += _rows(table, at, fields)
        if len(sample) >= rows:
            break
    told = _told(table, column, styles) or {}
    listed = [field for field in fields if field.style]
    if listed[0].key:
        note = Message("layout.events-unfolded", column=column)
    elif len(listed) > 1:
        note = Message("layout.lists-unfolded", columns=", ".join(field.column for field in listed))
    else:
        note = Message("layout.list-unfolded", column=column)
    names = [field.name for field in fields]
    return replace(
        table,
        names=names,
        rows=sample[:rows],
        far=[],
        told=told,
        layout=(*table.layout, note),
        physical=table,
        lists={},
    )


def fields_of(table: Columns, column: str, styles: Styles | None = None) -> list[Field]:
    """The columns of the unfolded table: those that stand, then the elements; lists beside that are always as long
    are unfolded with them.

    Args:
        table: as it stands.
        column: that is unfolded.
        styles: of the columns with lists, where they are known.
    """
    styles = _styles(table) if styles is None else styles
    style = styles.get(column)
    if style is None:
        return [Field(name, name) for name in table.names]
    if style.kind == "objects":
        fields = [Field(name, name) for name in table.names if name != column]
        inner = [Field(key, column, style, key) for key in style.keys]
        taken = {field.name for field in fields}
        inner = [replace(field, name=f"{column}.{field.key}") if field.name in taken else field for field in inner]
        names = unique([field.name for field in (*fields, *inner)])
        return [replace(field, name=name) for field, name in zip((*fields, *inner), names, strict=True)]
    parallel = {column, *_parallel(table, column, styles)}
    return [Field(name, name, styles[name] if name in parallel else None) for name in table.names]


def _styles(table: Columns) -> Styles:
    found = {}
    for at, name in enumerate(table.names):
        cells = table.lists[name] if name in table.lists else [row[at] for row in table.rows]
        if style := style_of(cells):
            found[name] = style
    return found


def _cells(table: Columns, name: str) -> Sequence[str]:
    at = table.names.index(name)
    return table.lists[name] if name in table.lists else [row[at] for row in table.rows]


def _parallel(table: Columns, column: str, styles: Styles) -> list[str]:
    """Other lists, each as long as that of the column in its row."""
    lengths = [len(styles[column].elements(cell)) for cell in _cells(table, column)]
    return [
        name
        for name, style in styles.items()
        if name != column
        and style.kind != "objects"
        and [len(style.elements(cell)) for cell in _cells(table, name)] == lengths
    ]


def _known(table: Columns, names: Sequence[str]) -> dict[str, str]:
    """Roles of columns that are told by name or, without names, by their place."""
    rows = [[row[table.names.index(name)] for name in names] for row in table.rows]
    return roles_of(guess_columns(names, rows, table.named))


def _speaks(table: Columns, name: str) -> bool:
    """The name is one of items."""
    plural = name.strip().casefold().removesuffix("s")
    return table.named and bool(
        role_of_name(name) == "item" or role_of_name(plural) == "item" or SPEAKING.search(name)
        or any(stem in name.casefold() for stem in ITEMS)
    )  # fmt: skip


def _told(table: Columns, column: str, styles: Styles) -> dict[str, str] | None:
    """Columns of the unfolded table by the roles that follow from what is a list; None where no role of user and item
    does."""
    fields = fields_of(table, column, styles)
    inner = [field for field in fields if field.style]
    outer = [field.name for field in fields if not field.style and field.column not in styles]
    known = _known(table, outer)
    if not inner:
        return None
    if not inner[0].key:
        roles = {role_of_name(name.name.strip().removesuffix("s")) or "": name.name for name in inner}
        roles = {role: name for role, name in roles.items() if role in ("time", "rating", "event")}
        by_user = {"user": known["user"]} if "user" in known else {}
        return by_user | roles | {"item": column}
    every = (_rows(table, at, inner) for at in range(len(table.rows)))
    sample = list(itertools.islice(itertools.chain.from_iterable(every), SAMPLED))
    names = [field.name for field in inner]
    guesses = guess_columns([field.key for field in inner], sample, named=True)
    found = {
        guess.role: name for guess, name in zip(guesses, names, strict=True) if guess.confidence >= TAKEN_FOR_GRANTED
    }
    roles = {role: found[role] for role in ("time", "clock", "rating", "event", "title") if role in found}
    if "user" in found and "item" in known and "item" not in found:
        return roles | {"user": found["user"], "item": known["item"]}
    item = found.get("item") or _item_among(inner, set(roles.values()))
    user = known.get("user") or known.get("item") or _first_id(outer)
    if not item or not user:
        return None
    return {role: name for role, name in roles.items() if name != item} | {"user": user, "item": item}


def _item_among(fields: Sequence[Field], taken: set[str]) -> str:
    """The key that holds ids or addresses of items, where none is named for it."""

    def fits(field: Field) -> int:
        key = field.key.casefold().replace("_", "").replace("-", "")
        if any(stem in key for stem in USERS):
            return 0
        if any(stem in key for stem in ITEMS) and key.endswith(ADDRESSES):
            return 3
        return 2 if key.endswith("id") else 1 if key.endswith(ADDRESSES) else 0

    best = max((field for field in fields if field.name not in taken), key=fits, default=None)
    return best.name if best is not None and fits(best) else ""


def _first_id(names: Sequence[str]) -> str:
    return next((name for name in names if name.casefold().endswith("id")), "")


def _rows(table: Columns, at: int, fields: Sequence[Field]) -> list[list[str]]:
    """The rows that come of one of the sample."""
    lists = []
    for field in fields:
        cell = _cells(table, field.column)[at] if field.style else table.rows[at][table.names.index(field.column)]
        if field.style is None:
            lists.append([cell])
            continue
        elements = field.style.elements(cell)
        lists.append([entry.get(field.key, "") if isinstance(entry, dict) else entry for entry in elements])
    count = max((len(own) for own, field in zip(lists, fields, strict=True) if field.style), default=0)
    return [
        [
            own[0] if field.style is None else own[n] if n < len(own) else ""
            for own, field in zip(lists, fields, strict=True)
        ]
        for n in range(count)
    ]
