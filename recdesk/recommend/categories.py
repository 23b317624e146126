"""Categories of items: the entries of a text feature, such as “Action|Comedy”, as codes."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from recdesk.data.array_ops import distinct
from recdesk.data.categories import separator_of


@dataclass(frozen=True)
class Categories:
    """Entries of a feature by item.

    Attributes:
        names: object [n_categories], texts of the entries.
        offsets: int64 [n_items + 1]; the entries of item code c are `codes[offsets[c - 1]:offsets[c]]`.
        codes: int32 [total], indices into `names`, distinct within an item.
    """

    names: NDArray[np.object_]
    offsets: NDArray[np.int64]
    codes: NDArray[np.int32]

    def padded(self, items: NDArray[np.int64]) -> NDArray[np.int64]:
        """Entries of items, int64 [*items.shape, most entries]; `len(names)` is padding.

        Args:
            items: item codes of any shape; 0, no item, has no entries.
        """
        flat = items.ravel()
        begins = np.where(flat > 0, self.offsets[flat - 1], 0)
        lengths = np.where(flat > 0, self.offsets[flat] - begins, 0)
        width = int(lengths.max(initial=1))
        column = np.arange(width)
        inside = column < lengths[:, None]
        where = np.where(inside, begins[:, None] + column, 0)
        found = self.codes[where] if len(self.codes) else np.zeros(where.shape, np.int32)
        return np.where(inside, found, len(self.names)).astype(np.int64).reshape(*items.shape, width)

    def having(self, texts: tuple[str, ...]) -> NDArray[np.bool_]:
        """bool [n_items]: items with one of these entries, whatever their case."""
        wanted = {text.casefold() for text in texts}
        hit = np.array([str(name).casefold() in wanted for name in self.names], bool)
        mask = np.zeros(len(self.offsets) - 1, bool)
        rows = np.repeat(np.arange(len(mask)), np.diff(self.offsets))
        mask[rows[hit[self.codes]] if len(hit) else rows[:0]] = True
        return mask


def categories_of(column: pd.Series) -> Categories:
    """The categories that the entries of a text column are; blanks around them and empty ones do not count."""
    texts = pa.array(column, pa.large_string())
    texts = texts.combine_chunks() if isinstance(texts, pa.ChunkedArray) else texts
    bars = pc.any(pc.match_substring(texts, "|")).as_py()  # "|" stands in no other text: it separates wherever it is
    mark = "|" if bars else separator_of(column)
    if not mark:
        parts, offsets = texts, np.arange(len(texts) + 1, dtype=np.int64)
    else:
        lists = pc.split_pattern(texts, mark)
        parts, offsets = lists.flatten(), np.asarray(lists.offsets, dtype=np.int64)
    encoded = pc.dictionary_encode(pc.utf8_trim_whitespace(parts))
    names = encoded.dictionary.to_numpy(zero_copy_only=False)
    codes = encoded.indices.to_numpy(zero_copy_only=False).astype(np.int64)
    rows = np.repeat(np.arange(len(texts), dtype=np.int64), np.diff(offsets))
    blank = np.array([name == "" for name in names], bool)
    kept = ~blank[codes] if len(codes) else np.empty(0, bool)
    keys = distinct(rows[kept] * max(len(names), 1) + codes[kept])  # an entry twice in one item counts once
    rows, codes = keys // max(len(names), 1), keys % max(len(names), 1)
    ends = np.concatenate(([0], np.cumsum(np.bincount(rows, minlength=len(texts)))))
    return Categories(names, ends.astype(np.int64), codes.astype(np.int32))
