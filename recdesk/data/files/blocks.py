"""Files of blocks of “key: value” lines between blank ones, as SNAP's reviews, read as one row per block."""

import re
from collections import Counter
from collections.abc import Sequence

from recdesk.core.errors import DataError
from recdesk.core.messages import Message
from recdesk.data.files.column_preview import Columns, Loaded
from recdesk.data.files.loading import Loading
from recdesk.data.files.numbered_lines import BLANK, numbered_lines, set_aside
from recdesk.data.sql import sql_text

LINE = re.compile(r"[ \t]*([^\W\d][\w ./#-]{0,40}?)[ \t]*:(?:[ \t]+(.*?))?[ \t]*")
LEAST_BLOCKS = 2
ALIKE = 0.8
"""Share of lines that are “key: value”, and of blocks that begin with the usual key."""
OWN_ID = re.compile(r"(?i)(\w+)/\1_?id")
"""“beer/beerId”: what the reviews are of."""


def find_blocks(lines: Sequence[str]) -> bool:
    """Whether these are several blocks of the same keys."""
    blocks = _blocks(lines)
    if len(blocks) < LEAST_BLOCKS or sum(len(block) > 1 for block in blocks) < ALIKE * len(blocks):
        return False
    pairs = [[LINE.fullmatch(line) for line in block] for block in blocks]
    matched = [pair for block in pairs for pair in block if pair]
    if len(matched) < ALIKE * sum(map(len, blocks)):
        return False
    keys = Counter(pair[1] for pair in matched)
    firsts = Counter(block[0][1] for block in pairs if block[0])
    return len(keys) < len(matched) / 1.5 and max(firsts.values(), default=0) >= ALIKE * len(blocks)


def block_columns(shown: str, lines: Sequence[str], rows: int) -> Columns:
    """The keys as columns, without what all have in front of a slash, with a sample.

    Raises:
        DataError: there is none.
    """
    keys = block_keys(lines)
    if not keys:
        raise DataError(Message("layout.no-blocks", name=shown), Message("file.check-whole-and-form"))
    found = [{pair[1]: pair[2] or "" for line in block if (pair := LINE.fullmatch(line))} for block in _blocks(lines)]
    names = _names(keys)
    table = [[block.get(key, "") for key in keys] for block in found if block]
    return Columns(names, True, table[:rows], told=_told(keys, names), layout=(Message("layout.blocks"),))


def load_blocks(loading: Loading, keys: Sequence[str]) -> Loaded:
    """Make the table with `line` (of a block's first).

    Args:
        loading: what is loaded.
        keys: as `block_keys` found them, in the order of the columns.
    """
    connection, table, wanted = loading.connection, loading.table, loading.wanted
    of = dict(zip(loading.columns.names, range(len(keys)), strict=True))
    usual = " ".join(f"WHEN starts_with(text, {sql_text(key + ':')}) THEN {at}" for at, key in enumerate(keys))
    listed = ", ".join(map(sql_text, keys))
    other = f"list_position([{listed}], trim(split_part(text, ':', 1), e' \\t')) - 1"
    # the line above a block is blank; its number tells the block
    block = f"coalesce(max(CASE WHEN {BLANK} THEN line END) OVER (ROWS UNBOUNDED PRECEDING), 0)"
    pairs = (
        f"SELECT line, block, CASE {usual} ELSE {other} END AS key, text, "
        "trim(substr(text, strpos(text, ':') + 1)) AS value "
        f"FROM (SELECT line, text, {block} AS block FROM {numbered_lines(loading.plain)}) WHERE NOT {BLANK}"
    )
    asked = ", ".join(str(of[name]) for name in wanted)
    connection.execute(
        f"CREATE TEMP TABLE {table}_lines AS SELECT line, block, key, CASE WHEN key >= 0 THEN value END AS value, "
        f"CASE WHEN key IS NULL THEN text END AS text FROM ({pairs}) WHERE key IS NULL OR key IN ({asked})"
    )
    fields = "".join(f", arg_min(value, line) FILTER (key = {of[name]}) AS c{at}" for at, name in enumerate(wanted))
    connection.execute(
        f"CREATE TEMP TABLE {table} AS SELECT row_number() OVER () AS n, * FROM (SELECT block + 1 AS line{fields} "
        f"FROM {table}_lines WHERE key IS NOT NULL GROUP BY block ORDER BY block)"
    )
    reason = Message("reason.not-key-and-value")
    return set_aside(connection, f"{table}_lines", "text IS NOT NULL", reason, loading.plain, loading.shown)


def _blocks(lines: Sequence[str]) -> list[list[str]]:
    blocks: list[list[str]] = [[]]
    for line in lines:
        if line.strip():
            blocks[-1].append(line)
        elif blocks[-1]:
            blocks.append([])
    return [block for block in blocks if block]


def block_keys(lines: Sequence[str]) -> list[str]:
    """The keys that stand in several blocks, or in the first one, in the order of their appearance."""
    blocks = [[pair[1] for line in block if (pair := LINE.fullmatch(line))] for block in _blocks(lines)]
    counts = Counter(key for block in blocks for key in set(block))
    return [key for key, count in counts.items() if count > 1 or key in blocks[0]] if blocks else []


def _names(keys: Sequence[str]) -> list[str]:
    short = [key.rpartition("/")[2] for key in keys]
    return [key if short.count(name) > 1 else name for key, name in zip(keys, short, strict=True)]


def _told(keys: Sequence[str], names: Sequence[str]) -> dict[str, str]:
    """“beer/beerId” is the item, “review/profileName” the user where there is no id of the user."""
    of = dict(zip(keys, names, strict=True))
    items = [name for key, name in of.items() if OWN_ID.fullmatch(key)]
    users = [name for key, name in of.items() if key.startswith("review/") and name in ("userId", "profileName")]
    users.sort(key=lambda name: name != "userId")
    return ({"item": items[0]} if items else {}) | ({"user": users[0]} if users else {})
