"""Loads tables whose rows are unfolded: the table as it stands, then a row for each element of its lists."""

from dataclasses import replace

from recdesk.core.messages import Message
from recdesk.data.files.column_preview import MOST_REJECTS, Columns, Loaded
from recdesk.data.files.delimited import text_rows
from recdesk.data.files.loading import Load, Loading
from recdesk.data.files.matrix import EVERY_COLUMN, is_rating_sql, matrix_of
from recdesk.data.files.unfolding import fields_of
from recdesk.data.report import Reject
from recdesk.data.sql import sql_text


def load_unfolded(loading: Loading, load_whole: Load) -> Loaded:
    """Make the table with `row` (of the table as it stands); rows without elements are rejected."""
    connection, table, plain = loading.connection, loading.table, loading.plain
    whole, physical = f"{table}_whole", loading.columns.physical
    assert physical is not None
    if plain.dialect.unfold == EVERY_COLUMN:
        loaded, source, none = _matrix(loading, whole, physical, load_whole)
        reason = Message("reason.no-rating-in-row")
    else:
        loaded, source, none = _lists(loading, whole, physical, load_whole)
        reason = Message("reason.empty-list")
    line = ", line" if loaded.numbered else ""
    connection.execute(
        f"CREATE TEMP TABLE {table} AS SELECT row_number() OVER () AS n, * FROM ({source.format(line=line)})"
    )
    count = connection.execute(f"SELECT count(*) FROM {whole} WHERE {none}").fetchall()[0][0]
    if count:
        found = connection.execute(
            f"SELECT n{line or ', 0'} FROM {whole} WHERE {none} ORDER BY n LIMIT {MOST_REJECTS}"
        ).fetchall()
        lines = dict(found) if loaded.numbered else {}
        texts = {} if loaded.numbered else text_rows(loaded, plain, [n for n, _ in found])
        places = [texts.get(n, (lines.get(n, 0), "")) for n, _ in found]
        rejects = [Reject(loading.shown, line, "", "", reason, text) for line, text in places]
        loaded = replace(loaded, rejects=[*loaded.rejects, *rejects], counts=loaded.counts | {reason: count})
    connection.execute(f"DROP TABLE {whole}")
    return replace(loaded, unfolded=True)


def _lists(loading: Loading, whole: str, physical: Columns, load_whole: Load) -> tuple[Loaded, str, str]:
    """What was loaded; SQL for the unfolded rows; SQL for which rows have no elements."""
    column, wanted = loading.plain.dialect.unfold, loading.wanted
    fields = {field.name: field for field in fields_of(physical, column)}
    needed = list(dict.fromkeys([column, *(fields[name].column for name in wanted)]))
    loaded = load_whole(loading.of(whole, physical, needed))
    of = {name: f"c{at}" for at, name in enumerate(needed)}
    style = next(field.style for field in fields.values() if field.column == column)
    assert style is not None
    unnested = {
        name: f"e{at}" for at, name in enumerate(needed) if any(f.column == name and f.style for f in fields.values())
    }
    styles = {field.column: field.style for field in fields.values() if field.style}
    lists = "".join(f", unnest({styles[name].sql(of[name])}) AS {element}" for name, element in unnested.items())
    kept = "".join(f", {of[name]} AS o{of[name]}" for name in needed if name not in unnested)
    cells = []
    for at, name in enumerate(wanted):
        field = fields[name]
        if field.style is None:
            cells.append(f"o{of[field.column]} AS c{at}")
        elif field.key:
            cells.append(f"{field.style.field_sql(unnested[field.column], field.key)} AS c{at}")
        else:
            cells.append(f"{unnested[field.column]} AS c{at}")
    source = f"SELECT row{{line}}, {', '.join(cells)} FROM (SELECT n AS row{{line}}{kept}{lists} FROM {whole})"
    source = source.replace("{", "{{").replace("}", "}}").replace("{{line}}", "{line}")
    return loaded, source, f"len({style.sql(of[column])}) = 0"


def _matrix(loading: Loading, whole: str, physical: Columns, load_whole: Load) -> tuple[Loaded, str, str]:
    found = matrix_of(physical)
    columns = [*([found.user] if found.user else []), *found.items]
    loaded = load_whole(loading.of(whole, physical, columns))
    begin = len(columns) - len(found.items)
    cells = ", ".join(f"c{at}" for at in range(begin, len(columns)))
    items = ", ".join(sql_text(item) for item in found.items.values()).replace("{", "{{").replace("}", "}}")
    user = "c0" if found.user else "n::VARCHAR"
    rows = f"SELECT n AS row{{line}}, {user} AS u, unnest([{items}]) AS i, unnest([{cells}]) AS r FROM {whole}"
    of = {"user": "u", "item": "i", "rating": "r"}
    fields = ", ".join(f"{of[name]} AS c{at}" for at, name in enumerate(loading.wanted))
    source = f"SELECT row{{line}}, {fields} FROM ({rows}) WHERE {is_rating_sql('r', found.nothing)}"
    given = is_rating_sql("cell", found.nothing)
    return loaded, source, f"len(list_filter([{cells}], lambda cell: {given})) = 0"
