"""Files of libSVM and libFM, “label index:value index:value”: a line is a user, or a user and an item."""

import re
from collections.abc import Sequence

from recdesk.core.messages import Message
from recdesk.data.files.column_preview import Columns, Loaded
from recdesk.data.files.dialect import Form
from recdesk.data.files.loading import Loading
from recdesk.data.files.numbered_lines import BLANK, numbered_lines, set_aside

NUMBER = r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?"
LINE = re.compile(rf"\s*({NUMBER})((?:\s+\d+:{NUMBER})+)\s*(?:#.*)?")
ALIKE = 0.9
LEAST_LINES = 3
MANY_LABELS = 10
"""Ratings repeat in so many lines."""
NAMES = {"libsvm": ["user", "item", "rating", "label"], "libfm": ["user", "item", "rating"]}


def find_libsvm(lines: Sequence[str]) -> Form | None:
    """ "libfm" where each line has a user's and then an item's index, each of value 1 and of ranges of its own;
    "libsvm" of other lines of a number and then pairs; None where they are something else."""
    filled = [line for line in lines if line.strip()]
    rows = [found for line in filled if (found := LINE.fullmatch(line))]
    if len(filled) < LEAST_LINES or len(rows) < ALIKE * len(filled):
        return None
    pairs = [[pair.split(":") for pair in row[2].split()] for row in rows]
    if all(len(row) > 1 and float(row[0][1]) == float(row[1][1]) == 1 for row in pairs):
        first, second = ({int(row[at][0]) for row in pairs} for at in (0, 1))
        if max(first) < min(second) and len({len(row) for row in pairs}) == 1:
            return "libfm"
    return "libsvm"


def labels_are_users(lines: Sequence[str]) -> bool:
    """Whether the labels are ids: whole numbers of which none comes twice."""
    labels = [found[1] for line in lines if (found := LINE.fullmatch(line))]
    return len(labels) > MANY_LABELS and len(set(labels)) == len(labels) and all(map(str.isdigit, labels))


def libsvm_columns(lines: Sequence[str], form: Form, skip: int, rows: int) -> Columns:
    """User, item, rating (and the label), with a sample."""
    table: list[list[str]] = []
    labelled = labels_are_users(lines)
    for number, line in enumerate(lines[skip:], skip + 1):
        if len(table) >= rows or not (found := LINE.fullmatch(line)):
            continue
        pairs = [pair.split(":") for pair in found[2].split()]
        if form == "libsvm":
            table += [[found[1] if labelled else str(number), index, value, found[1]] for index, value in pairs]
        elif len(pairs) > 1:
            table.append([pairs[0][0], pairs[1][0], found[1]])
    if form == "libfm":
        note = Message("layout.libfm")
    else:
        note = Message("layout.libsvm-with-users") if labelled else Message("layout.libsvm")
    told = {role: role for role in ("user", "item", "rating")}
    return Columns(NAMES[form], True, table[:rows], skip, told=told, layout=(note,))


def load_libsvm(loading: Loading, labelled: bool) -> Loaded:
    """Make the table with `line`; lines that are written otherwise are set aside.

    Args:
        loading: what is loaded.
        labelled: the labels are the users.
    """
    connection, table, plain = loading.connection, loading.table, loading.plain
    form, skip = plain.dialect.form, plain.dialect.skip
    tokens = "string_split_regex(trim(regexp_replace(text, '#.*$', ''), e' \\t'), '[ \\t]+')"
    sound = f"regexp_full_match(text, '{LINE.pattern}')" + ("" if form == "libsvm" else " AND len(t) > 2")
    connection.execute(
        f"CREATE TEMP TABLE {table}_lines AS SELECT *, {tokens} AS t, {sound} AS good FROM {numbered_lines(plain)} "
        f"WHERE line > {skip} AND NOT ({BLANK})"
    )
    if form == "libsvm":
        of = {
            "user": "l" if labelled else "line::VARCHAR",
            "item": "split_part(p, ':', 1)",
            "rating": "split_part(p, ':', 2)",
            "label": "l",
        }
        source = f"SELECT line, t[1] AS l, unnest(t[2:]) AS p FROM {table}_lines WHERE good"
    else:
        of = {"user": "split_part(t[2], ':', 1)", "item": "split_part(t[3], ':', 1)", "rating": "t[1]"}
        source = f"SELECT line, t FROM {table}_lines WHERE good"
    fields = "".join(f", {of[name]} AS c{at}" for at, name in enumerate(loading.wanted))
    connection.execute(f"CREATE TEMP TABLE {table} AS SELECT row_number() OVER () AS n, line{fields} FROM ({source})")
    return set_aside(connection, f"{table}_lines", "NOT good", Message("reason.not-libsvm"), plain, loading.shown)
