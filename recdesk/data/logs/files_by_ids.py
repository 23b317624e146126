"""The items (or users) file told by its ids: a column of it that never repeats holds those of the log."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from recdesk.core.errors import RecdeskError
from recdesk.data.columns.roles import plain_name
from recdesk.data.files import isolated
from recdesk.data.files.column_preview import Columns
from recdesk.data.files.dialect import Dialect
from recdesk.data.files.loading import Loading
from recdesk.data.files.normalized import normalized_file
from recdesk.data.files.reading import database, load
from recdesk.data.files.source import Source

MOST_IDS = 200
"""Of the log that are looked for."""
FEWEST_IDS = 2
LARGEST = 2**28
"""Bytes of a file that is looked through for ids."""
COVERED = 0.9
"""Share of the ids that the file must have: a few items may have no features."""
ID_ENDINGS = re.compile(r"[\s_\-]*(ids?|key|no|nr|code|number)$")


@dataclass(frozen=True)
class Found:
    """A file with the features of what a column of the log has the ids of.

    Attributes:
        number: of the file among those that were looked at.
        column: with the ids.
    """

    number: int
    column: str


def find_by_ids(
    ids: Sequence[str], of: str, words: Sequence[str], files: Sequence[tuple[Path, Dialect, Columns]]
) -> Found | None:
    """The file with a column of distinct values that has nearly all of these ids; None where there is none.

    The rows of files that are no larger than LARGEST are passed through once.

    Args:
        ids: from a sample of the log.
        of: name of the log's column.
        words: that may stand in names of files and columns about the same.
        files: with how they are written, and samples.
    """
    wanted = sorted({value.strip() for value in ids} - {""})[:MOST_IDS]
    if len(wanted) < FEWEST_IDS:
        return None
    found: list[tuple[bool, float, Found]] = []
    for number, (path, dialect, columns) in enumerate(files):
        likely = [column for column in distinct_columns(columns) if _may_be(column, of, path.name, wanted, words)]
        if likely and isolated.size_of(path) <= LARGEST:
            shares = _covered(path, dialect, likely, wanted)
            named = bool(_stem(of)) and _stem(of) in path.name.casefold()
            found += [(named, share, Found(number, column)) for column, share in shares.items() if share >= COVERED]
    return max(found, key=lambda entry: entry[:2])[2] if found else None


def distinct_columns(columns: Columns) -> list[str]:
    """Columns whose values in the sample are all there and all different."""
    rows = columns.sample
    return [
        name
        for at, name in enumerate(columns.names)
        if len(rows) > 1 and len({row[at].strip() for row in rows} - {""}) == len(rows)
    ]


def _may_be(column: str, of: str, file: str, ids: Sequence[str], words: Sequence[str]) -> bool:
    """Whether the names of a column and its file allow for it to have these ids.

    Numbers could be anything's: the column, or where it is just an id its file, has to speak of the same thing.
    """
    if not all(value.isdecimal() for value in ids):
        return True
    stem = _stem(column)
    about = {word for word in (_stem(of), *words) if word}
    return any(word in (stem or file.casefold()) for word in about)


def _stem(column: str) -> str:
    """What a name of ids is about: artist of artistID, nothing of id."""
    name = re.sub(r"[\W\d_]+", "", ID_ENDINGS.sub("", plain_name(column).casefold()))
    return "" if name in ("column", "unnamed") else name.removesuffix("s")


def _covered(path: Path, dialect: Dialect, likely: list[str], ids: Sequence[str]) -> dict[str, float]:
    """Share of the ids that stand in each of these columns, of those that never repeat."""
    counts = ", ".join(
        f"count(DISTINCT trim({c})) = count(*), count(DISTINCT trim({c})) FILTER (list_contains($ids, trim({c})))"
        for c in (f"c{at}" for at in range(len(likely)))
    )
    try:
        columns = Source(path, dialect).columns()
        with normalized_file(path, dialect) as plain, database(size=isolated.size_of(path)) as connection:
            load(Loading(connection, "raw", plain, columns, likely, path.name))
            found = connection.execute(f"SELECT {counts} FROM raw", {"ids": list(ids)}).fetchall()[0]
    except RecdeskError:  # which is said where the file is read
        return {}
    return {column: found[2 * at + 1] / len(ids) for at, column in enumerate(likely) if found[2 * at]}
