"""Pieces of a log that hold the same rows: copies, and several cuts of one log into rows for training and for testing.

Told from a sample of the rows of each, looked for in all the others at once.
"""

from collections.abc import Sequence
from typing import Protocol, TypeVar

import duckdb
import numpy as np
from numpy.typing import NDArray

from recdesk.core.messages import Message
from recdesk.data.files import limits

MOST_SAMPLED = 200
"""Rows of a piece."""
MOST_IN_ALL = 20_000
FEWEST = 5
"""Distinct rows that tell something where rows have no time."""
WHOLE = 0.95
"""Share of the sampled rows: what is left may have been written otherwise, or changed."""
SHARED = 0.1, 0.5
"""Share from which it is said that rows are shared: with times, and without, where a user may take an item twice."""


class _Table(Protocol):
    @property
    def name(self) -> str: ...
    @property
    def table(self) -> str: ...
    @property
    def rows(self) -> int: ...


T = TypeVar("T", bound=_Table)


def without_repeated(
    connection: duckdb.DuckDBPyConnection, pieces: Sequence[T], telling: Sequence[int], timed: bool
) -> tuple[list[T], list[str]]:
    """The pieces without those whose rows nearly all stand in others, and sentences on what they share.

    A piece that holds all that others have counts before them; else they count in their order.

    Args:
        connection: where their tables are.
        pieces: at least two.
        telling: numbers of the columns that make a row the one it is.
        timed: a time is among them.
    """
    found = _found_in(connection, pieces, telling)
    shares = np.array([own.mean(axis=0) for own in found])
    telling_enough = [timed or len(own) >= FEWEST for own in found]
    whole = [_is_whole(shares, at) for at in range(len(pieces))]
    kept: list[int] = []
    left: list[int] = []
    for at in sorted(range(len(pieces)), key=lambda at: not whole[at]):
        known = found[at][:, kept].any(axis=1).mean() if kept else 0.0
        (left if known >= WHOLE and telling_enough[at] else kept).append(at)
    notes: list[str] = []
    if left:
        names = limits.listed([pieces[at].name for at in sorted(left)])
        others = limits.listed([pieces[at].name for at in sorted(kept) if any(found[a][:, at].any() for a in left)])
        notes.append(Message("import.pieces-repeat", names=names, others=others))
    return [pieces[at] for at in sorted(kept)], [*notes, *_sharing(pieces, shares, sorted(kept), timed)]


def _is_whole(shares: NDArray[np.float64], at: int) -> bool:
    """Whether a piece holds others, and all that it shares rows with: not one of several cuts, which share some."""
    inside, sharing = np.delete(shares[:, at], at), np.delete(np.maximum(shares[:, at], shares[at]), at)
    return bool((inside >= WHOLE).any() and (inside[sharing >= SHARED[0]] >= WHOLE).all())


def _sharing(pieces: Sequence[T], shares: NDArray[np.float64], kept: list[int], timed: bool) -> list[str]:
    """A sentence on the pieces that share many rows and are kept all the same; `shares` as in `without_repeated`."""
    least = SHARED[0] if timed else SHARED[1]
    own = shares[np.ix_(kept, kept)]
    among = np.maximum(own, own.T) >= least
    np.fill_diagonal(among, False)
    sharing = [kept[at] for at in np.flatnonzero(among.any(axis=1))]
    if not sharing:
        return []
    return [Message("import.pieces-share", names=limits.listed([pieces[at].name for at in sharing]))]


def _found_in(
    connection: duckdb.DuckDBPyConnection, pieces: Sequence[T], telling: Sequence[int]
) -> list[NDArray[np.bool_]]:
    """Of each piece bool [sampled rows, pieces]: which sampled row stands in which piece."""
    most = max(min(MOST_SAMPLED, MOST_IN_ALL // len(pieces)), 2)
    key = ", ".join(f"coalesce(c{at}, '') AS k{at}" for at in telling)
    names = ", ".join(f"k{at}" for at in telling)
    samples = " UNION ALL ".join(
        f"(SELECT {number} AS piece, {names} FROM (SELECT DISTINCT {key} FROM {piece.table} "
        f"WHERE n % {max(piece.rows // most, 1)} = 0 ORDER BY ALL LIMIT {most}))"
        for number, piece in enumerate(pieces)
    )
    connection.execute(f"CREATE TEMP TABLE sampled AS SELECT row_number() OVER () - 1 AS id, * FROM ({samples})")
    rows = " UNION ALL ".join(
        f"SELECT {number} AS other, {key} FROM {piece.table}" for number, piece in enumerate(pieces)
    )
    hits = connection.execute(f"SELECT DISTINCT id, other FROM ({rows}) JOIN sampled USING ({names})").fetchnumpy()
    owners = connection.execute("SELECT piece FROM sampled ORDER BY id").fetchnumpy()["piece"]
    connection.execute("DROP TABLE sampled")
    there = np.zeros((len(owners), len(pieces)), dtype=bool)
    there[np.asarray(hits["id"], np.int64), np.asarray(hits["other"], np.int64)] = True
    found = [there[owners == number] for number in range(len(pieces))]
    return [own if len(own) else np.zeros((1, len(pieces)), dtype=bool) for own in found]
