"""MIND's behaviors.tsv: impression, user, time, what was read before, what was shown and whether it was clicked."""

import re
from collections.abc import Sequence

from recdesk.core.messages import Message
from recdesk.data.files.column_preview import Columns, Loaded
from recdesk.data.files.loading import Loading
from recdesk.data.files.numbered_lines import BLANK, numbered_lines, set_aside

LINE = re.compile(r"[^\t]*\t([^\t]+)\t([^\t]*\d[^\t]*)\t([^\t]*)\t(\S+-[01](?: \S+-[01])*)\s*")
ALIKE = 0.9
LEAST_LINES = 3
NAMES = ["user", "item", "event"]
HISTORY, CLICK = "history", "click"
TIME = "%m/%d/%Y %I:%M:%S %p"


def find_mind(lines: Sequence[str]) -> bool:
    """Whether nearly all lines have five columns, in the last of them items with -0 or -1 behind."""
    filled = [line for line in lines if line.strip()]
    return len(filled) >= LEAST_LINES and sum(map(bool, map(LINE.fullmatch, filled))) >= ALIKE * len(filled)


def mind_columns(lines: Sequence[str], rows: int) -> Columns:
    """User, item, time and event, with a sample in which a user's history stands where they are first met."""
    table: list[list[str]] = []
    met: set[str] = set()
    for found in filter(None, map(LINE.fullmatch, lines)):
        user, _, before, shown = found.groups()
        if user not in met:
            table += [[user, item, HISTORY] for item in before.split()]
        met.add(user)
        table += [[user, item[:-2], CLICK] for item in shown.split() if item.endswith("-1")]
    told = {name: name for name in NAMES}
    return Columns(NAMES, True, table[:rows], told=told, layout=(Message("layout.mind"),))


def load_mind(loading: Loading) -> Loaded:
    """Make the table with `line`: each user's history once, in front of the earliest of their lines; then the clicks of
    every line, by time. It is left out then, as the times of a history are not known."""
    connection, table = loading.connection, loading.table
    items = "list_filter(string_split(trim(c[{}], e' \\r'), ' '), lambda item: item != '')"
    connection.execute(
        f"CREATE TEMP TABLE {table}_lines AS SELECT line, text, string_split(text, chr(9)) AS c, len(c) = 5 AS good, "
        f"c[2] AS u, c[3] AS t, {items.format(4)} AS before, {items.format(5)} AS shown "
        f"FROM {numbered_lines(loading.plain)} WHERE NOT ({BLANK})"
    )
    when = f"coalesce(try_strptime(t, '{TIME}'), try_cast(t AS TIMESTAMP), 'infinity')"
    clicked = "list_filter(shown, lambda item: item LIKE '%-1')"
    first = f"SELECT u, arg_min(line, ({when}, line)) AS line FROM {table}_lines WHERE good GROUP BY u"
    source = (
        f"SELECT line, 0 AS part, {when} AS t, u, unnest(before) AS i, '{HISTORY}' AS e FROM {table}_lines "
        f"SEMI JOIN ({first}) USING (u, line) WHERE good "
        f"UNION ALL SELECT line, 1, {when}, u, left(x, -2), '{CLICK}' FROM "
        f"(SELECT line, u, t, unnest({clicked}) AS x FROM {table}_lines WHERE good)"
    )
    of = dict(zip(NAMES, "uie", strict=True))
    fields = "".join(f", {of[name]} AS c{at}" for at, name in enumerate(loading.wanted))
    connection.execute(
        f"CREATE TEMP TABLE {table} AS SELECT row_number() OVER () AS n, line{fields} "
        f"FROM (SELECT * FROM ({source}) ORDER BY t, line, part)"
    )
    [(unclicked,)] = connection.execute(
        f"SELECT coalesce(sum(len(shown) - len({clicked})) FILTER (good), 0)::BIGINT FROM {table}_lines"
    ).fetchall()
    notes = (Message("layout.mind-not-clicked", count=unclicked),) if unclicked else ()
    reason = Message("reason.not-five-columns")
    return set_aside(connection, f"{table}_lines", "NOT good", reason, loading.plain, loading.shown, notes)
