"""Orders and their lines: who and when stands once for each order, in its first line or in another file."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from recdesk.core.messages import Message
from recdesk.data.columns.role_names import IDS, key_of
from recdesk.data.columns.roles import guess_columns, roles_of
from recdesk.data.files.column_preview import Columns, Loaded, unique
from recdesk.data.files.dialect import Dialect
from recdesk.data.files.keys import key_of_columns
from recdesk.data.files.loading import Load, Loading
from recdesk.data.files.normalized import NormalizedFile

ORDER = re.compile(r"(?i).*(order|invoice|transaction|basket|receipt|ticket|cart|bestell|rechnung|订单|单号|流水).*")
ADDRESS = re.compile(r"(?i)e-?mail( address)?")
ARTICLE = re.compile(r"(?i)(line[ _]?item|product|article|item).*(sku|id|number)")
LEAST_LINES = 3
OF_AN_ORDER = ("user", "time", "clock")
"""Roles of what is said once for each order."""


@dataclass(frozen=True)
class Orders:
    """What is said once for each order.

    Attributes:
        key: the column with the order's id, in the lines.
        other_key: the same in the orders' own file.
        columns: those of the orders' own file; or those of the lines that are filled in an order's first line only.
        names: what they are called beside the lines' columns.
        path: the orders' own file; None where the lines hold them.
        dialect: how that is written.
        table: the columns of that file.
    """

    key: str
    columns: tuple[str, ...]
    names: tuple[str, ...]
    other_key: str = ""
    path: Path | None = None
    dialect: Dialect | None = None
    table: Columns | None = None


def possible_keys(lines: Columns, orders: Columns) -> list[tuple[str, str]]:
    """Columns by which lines and orders may belong together, in the lines and in the orders, the likeliest first: the
    lines have the items, the orders the users, and an order's id does not come again there."""
    of_lines, of_orders = (roles_of(guess_columns(table.names, table.sample, table.named)) for table in (lines, orders))
    if not lines.named or not orders.named or "item" not in of_lines or "user" in of_lines or "user" not in of_orders:
        return []
    own = [name for name in lines.names if ORDER.fullmatch(name) and name != of_lines["item"]]
    alone = [name for name in orders.names if name != of_orders["user"] and _never_again(_values(orders, name))]
    shared = [(name, name) for name in own if name in alone]
    others = [name for name in alone if ORDER.fullmatch(name) or key_of(name) in IDS]
    return shared or [(name, other) for name in own for other in others]


def find_key(lines: Columns, orders: Columns) -> str:
    """The likeliest key of lines and orders, as `key_of_columns` writes it; "" for none."""
    return next((key_of_columns(own, other) for own, other in possible_keys(lines, orders)), "")


def _never_again(values: Sequence[str]) -> bool:
    return len(set(values)) == len(values) > 1


def find_filled_key(table: Columns) -> str:
    """The column with the order's id in a table where only an order's first line has the user; "" where each line has
    it."""
    if not any(not cell.strip() for row in table.rows for cell in row):
        return ""
    user = _user(table)
    if not table.named or user is None:
        return ""
    users = [bool(value) for value in _values(table, user)]
    if users.count(False) < LEAST_LINES or not users[0]:
        return ""
    likely = [name for name in table.names if ORDER.fullmatch(name)]
    for name in [*likely, *(name for name in table.names[:1] if name not in likely)]:
        values = _values(table, name)
        first = [at == 0 or value != values[at - 1] for at, value in enumerate(values)]
        once = len(set(values)) == sum(first)
        if name != user and all(values) and once and users == first:
            return name
    return ""


def _user(table: Columns) -> str | None:
    """The column of the users; where none is called so, that of their addresses."""
    found = roles_of(guess_columns(table.names, table.sample, table.named)).get("user")
    return found or next((name for name in table.names if ADDRESS.fullmatch(name)), None)


def filled_orders(table: Columns, key: str) -> Orders:
    """The columns that only the first line of an order has."""
    values = _values(table, key)
    later = [at > 0 and value == values[at - 1] for at, value in enumerate(values)]
    columns = tuple(
        name
        for name in table.names
        if name != key
        and any(cells := _values(table, name))
        and not any(c for c, on in zip(cells, later, strict=True) if on)
    )
    return Orders(key, columns, columns)


def with_filled(table: Columns, orders: Orders, rows: int) -> Columns:
    """The same columns, in the sample filled down from the first line of each order."""
    at = table.names.index(orders.key)
    places = [table.names.index(name) for name in orders.columns]
    first: dict[str, list[str]] = {}
    sample = []
    for row in table.rows:
        head = first.setdefault(row[at], row)
        sample.append([head[n] if n in places and not cell.strip() else cell for n, cell in enumerate(row)])
    note = Message("layout.orders-filled", key=orders.key)
    known = roles_of(guess_columns(table.names, table.sample, table.named))
    told = {"user": user} if "user" not in known and (user := _user(table)) else {}
    articles = [name for name in table.names if ARTICLE.fullmatch(name) and name not in known.values()]
    told |= {"item": articles[0]} if known.get("item") in (None, orders.key) and articles else {}
    return replace(
        table, told=told, rows=sample[:rows], far=[], layout=(*table.layout, note), physical=table, orders=orders
    )


def with_orders(
    lines: Columns, orders: Columns, keys: tuple[str, str], path: Path, dialect: Dialect, rows: int
) -> Columns:
    """The columns of the lines and of their orders, with a sample; what it does not hold of one is blank."""
    key, other_key = keys
    others = tuple(name for name in orders.names if name != other_key)
    names = unique([*lines.names, *others])
    of_orders = {row[orders.names.index(other_key)]: row for row in orders.rows}
    at = [orders.names.index(name) for name in others]
    known = [(row, of_orders.get(row[lines.names.index(key)])) for row in lines.rows]
    sample = [[*row, *(order[place] for place in at)] for row, order in known if order]
    if len(sample) < LEAST_LINES:
        sample = [[*row, *("" for _ in at)] for row, _ in known[: rows // 2]]
        sample += [[*("" for _ in lines.names), *(order[place] for place in at)] for order in orders.rows[: rows // 2]]
    names_of_orders = tuple(names[len(lines.names) :])
    of_lines, found = (roles_of(guess_columns(table.names, table.sample, True)) for table in (lines, orders))
    called = dict(zip(others, names_of_orders, strict=True))
    told = {role: called[found[role]] for role in OF_AN_ORDER if found.get(role) in called}
    told |= {role: name for role, name in of_lines.items() if role not in told and name != key}
    note = Message("layout.orders-joined", name=path.name, key=key)
    return replace(
        lines,
        names=names,
        rows=sample[:rows],
        told=told,
        layout=(*lines.layout, note),
        physical=lines,
        far=[],
        lists={},
        orders=Orders(key, others, names_of_orders, other_key, path, dialect, orders),
    )


def load_with_orders(loading: Loading, file: NormalizedFile, load_whole: Load) -> Loaded:
    """Make the table with `row` (of the lines): the lines in the order of their orders, which stand in `file`."""
    connection, table, wanted = loading.connection, loading.table, loading.wanted
    lines, orders = loading.columns.physical, loading.columns.orders
    assert lines is not None and orders is not None
    of_orders = dict(zip(orders.names, orders.columns, strict=True))
    own = [name for name in wanted if name in lines.names]
    of_lines = list(dict.fromkeys([orders.key, *own]))
    loaded = load_whole(loading.of(f"{table}_lines", lines, of_lines))
    at = {name: f"c{n}" for n, name in enumerate(of_lines)}
    heads = [name for name in wanted if name in of_orders]
    if orders.table is None:
        first = "".join(
            f", arg_min({at[name]}, n) FILTER (trim({at[name]}) != '') AS o{n}" for n, name in enumerate(heads)
        )
        source = f"(SELECT {at[orders.key]} AS k, min(n) AS o{first} FROM {table}_lines GROUP BY k)"
    else:
        assert orders.path is not None
        needed = [orders.other_key, *(of_orders[name] for name in heads)]
        load_whole(loading.of(f"{table}_orders", orders.table, needed).of_other(file, orders.path.name))
        first = "".join(f", arg_min(c{n + 1}, n) AS o{n}" for n in range(len(heads)))
        source = f"(SELECT c0 AS k, min(n) AS o{first} FROM {table}_orders GROUP BY k)"
    cells = "".join(
        f", {_cell(at.get(name) if orders.table is None or name not in heads else None, heads, name)} AS c{n}"
        for n, name in enumerate(wanted)
    )
    line = ", line" if loaded.numbered else ""
    connection.execute(
        f"CREATE TEMP TABLE {table} AS SELECT row_number() OVER () AS n, * FROM (SELECT l.n AS row{line}{cells} "
        f"FROM {table}_lines l LEFT JOIN {source} h ON l.{at[orders.key]} = h.k ORDER BY h.o, l.n)"
    )
    connection.execute(f"DROP TABLE {table}_lines; DROP TABLE IF EXISTS {table}_orders")
    return replace(loaded, unfolded=True)


def _cell(own: str | None, heads: Sequence[str], name: str) -> str:
    head = f"h.o{heads.index(name)}" if name in heads else ""
    if own is None:
        return head
    return f"coalesce(nullif(trim(l.{own}), ''), {head})" if head else f"l.{own}"


def _values(table: Columns, name: str) -> list[str]:
    at = table.names.index(name)
    return [row[at].strip() for row in table.rows]
