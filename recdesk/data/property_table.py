"""Feature files with a row for each property of an item (item, property, value, perhaps a time), as columns."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

import duckdb
import pyarrow as pa

from recdesk.core.messages import Message
from recdesk.data.columns.roles import guess_roles, plain_name
from recdesk.data.columns.times import epoch_seconds, read_column
from recdesk.data.files.column_preview import Columns
from recdesk.data.sql import sql_name, sql_text

PROPERTIES = (
    "property", "propertyname", "propertyid", "attribute", "attributename", "attr", "attrname", "feature",
    "featurename", "field", "key", "characteristic", "eigenschaft", "属性", "属性名", "特征",
)  # fmt: skip
VALUES = (
    "value", "val", "propertyvalue", "attributevalue", "attrvalue", "featurevalue", "wert", "valor", "valeur", "值",
    "属性值", "特征值",
)  # fmt: skip
MOST_PROPERTIES = 20
"""Properties that become columns, the most frequent ones."""
SHOWN = 200


@dataclass(frozen=True)
class PropertyColumns:
    """Which columns of a file are what.

    Attributes:
        owner: the ids.
        property, value: names of properties and their values.
        time: since when, or "".
    """

    owner: str
    property: str
    value: str
    time: str = ""


def property_columns(columns: Columns, role: str) -> PropertyColumns | None:
    """Those of a file with a row for each property; None for others."""
    by_key = {re.sub(r"[\s_\-.]+", "", plain_name(name)).casefold(): name for name in columns.names}
    kind = next((by_key[key] for key in PROPERTIES if key in by_key), None)
    value = next((by_key[key] for key in VALUES if key in by_key), None)
    if not columns.named or kind is None or value is None:
        return None
    left = [name for name in columns.names if name not in (kind, value)]
    roles = guess_roles(columns.names, columns.sample, columns.named)
    time = roles.get("time", "") if roles.get("time") in left else ""
    owners = [name for name in left if name != time]
    owner = roles[role] if roles.get(role) in owners else (owners[0] if len(owners) == 1 else None)
    return None if owner is None or len(left) > 2 else PropertyColumns(owner, kind, value, time)


def as_columns(
    connection: duckdb.DuckDBPyConnection, table: str, at: Mapping[str, str], found: PropertyColumns, name: str
) -> tuple[pa.Table, Message] | None:
    """A row for each id with the latest value of each of the most frequent properties, and a note; None where no id
    has several rows.

    Args:
        connection: where `table` is.
        table: `n` and text columns.
        at: the table's column by the name of the file's.
        found: which columns are what.
        name: of the file, for people.
    """
    owner, kind, value = (f"trim({at[column]})" for column in (found.owner, found.property, found.value))
    filled = f"{table} WHERE {owner} != '' AND {kind} != ''"
    rows, owners = connection.execute(f"SELECT count(*), count(DISTINCT {owner}) FROM {filled}").fetchall()[0]
    if rows == owners:
        return None
    counted = f"SELECT {kind}, approx_count_distinct({owner}) AS owners FROM {filled} GROUP BY 1"
    ranked = [kind for kind, _ in connection.execute(f"{counted} ORDER BY owners DESC, 1").fetchall()]
    taken = ranked[:MOST_PROPERTIES]
    latest = f"arg_max({value}, {_order(connection, table, at, found)})"
    listed = ", ".join(map(sql_text, taken))
    of_taken = f"SELECT {owner} AS owner, {kind} AS kind, {latest} AS latest FROM {filled} AND {kind} IN ({listed})"
    cells = ", ".join(
        f"max(latest) FILTER (kind = {sql_text(kind)}) AS {sql_name(_free(kind, found.owner))}" for kind in taken
    )
    wide = connection.sql(
        f"SELECT owner AS {sql_name(found.owner)}, {cells} FROM ({of_taken} GROUP BY ALL) GROUP BY owner ORDER BY owner"
    )
    note = Message("item.properties-as-columns", name=name, count=len(taken), left=len(ranked) - len(taken))
    return wide.to_arrow_table(), note


def columns_of(table: pa.Table) -> Columns:
    """The columns of a table of texts."""
    rows = [[cell or "" for cell in row.values()] for row in table.slice(0, SHOWN).to_pylist()]
    return Columns(table.column_names, True, rows)


def _order(connection: duckdb.DuckDBPyConnection, table: str, at: Mapping[str, str], found: PropertyColumns) -> str:
    """SQL of what is greatest in the latest row: the time, if there is one, then the place in the file."""
    if not found.time:
        return "n"
    form = read_column(connection, table, at[found.time]).form
    return f"(coalesce({epoch_seconds(form, f'trim({at[found.time]})')}, -9223372036854775807), n)"


def _free(kind: str, owner: str) -> str:
    return f"{kind}_" if kind.casefold() == owner.casefold() else kind
