"""Titles of items among the interactions: one of each item, unless they describe the row, as headlines of reviews."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

MOST_DIFFERING = 0.2
"""Share of the further rows of items that may say another title than the item's first."""
LEAST_DIFFERING = 3
"""So few are mistakes at most."""


@dataclass(frozen=True)
class Titles:
    """The titles that rows give to items.

    Attributes:
        first: of each item by code the first that is not blank, as it stands; null where there is none.
        differing: rows that give an item another title than its first, but for case and blanks.
        further: rows with a title that are not the first of their item.
    """

    first: pa.Array
    differing: int
    further: int

    @property
    def of_rows(self) -> bool:
        """The texts describe the rows rather than the items."""
        return self.differing >= LEAST_DIFFERING and self.differing > MOST_DIFFERING * self.further


def titles_of(items: NDArray[np.int32], n_items: int, codes: NDArray[np.int32], texts: pa.Array) -> Titles:
    """The titles of items.

    Args:
        items: int32 [rows], item codes.
        n_items: how many items there are.
        codes: int32 [rows], into `texts`; -1 for no title.
        texts: distinct titles.
    """
    folded = pc.dictionary_encode(pc.utf8_lower(pc.utf8_trim_whitespace(texts)))
    alike = folded.indices.to_numpy()
    blank = pc.equal(folded.dictionary, "").to_numpy(zero_copy_only=False)[alike]
    filled = codes >= 0
    filled[filled] = ~blank[codes[filled]]
    items, codes = items[filled], codes[filled]
    first = np.full(n_items, -1, dtype=np.int64)
    first[items[::-1]] = codes[::-1]
    differing = int(np.count_nonzero(alike[first[items]] != alike[codes])) if len(codes) else 0
    further = len(codes) - int(np.count_nonzero(first >= 0))
    return Titles(texts.take(pa.array(first, mask=first < 0)), differing, further)


def without_texts_of_rows(
    roles: Mapping[str, str], columns: Sequence[str], rows: Sequence[Sequence[str]]
) -> dict[str, str]:
    """Roles without a title that differs within the items of a sample of rows."""
    if not {"item", "title"} <= roles.keys():
        return dict(roles)
    items, titles = (_codes([row[at] if len(row) > at else "" for row in rows]) for at in (
        columns.index(roles["item"]), columns.index(roles["title"])
    ))  # fmt: skip
    found = titles_of(items[0], len(items[1]), *titles)
    return {role: column for role, column in roles.items() if role != "title" or not found.of_rows}


def _codes(values: Sequence[str]) -> tuple[NDArray[np.int32], pa.Array]:
    encoded = pc.dictionary_encode(pa.array(values, pa.string()))
    return encoded.indices.to_numpy().astype(np.int32), encoded.dictionary
