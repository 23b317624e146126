"""Categories of rows in a text feature, one or several a cell ("Action|Drama")."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from recdesk.data.array_ops import distinct
from recdesk.data.dataset import Dataset

SEPARATORS = (";", ",")
"""Besides "|"."""
BLANK_GAIN = 2
"""Words separated by blanks are several values only if they are so many times fewer than the cells: "Drama Romance"."""
MOST_CATEGORIES = 1000
"""A feature with more distinct values is no category."""
LEAST_KNOWN = 0.5
"""Share of the rows that must have a value."""
SAMPLE = 20_000
"""Rows that decide how cells are separated."""


@dataclass(frozen=True)
class Categories:
    """The categories of each row of a text feature.

    Attributes:
        feature: name of the column.
        names: the distinct categories, the most frequent first.
        offsets: int64 [n_rows + 1]; the categories of row r are `codes[offsets[r]:offsets[r + 1]]`, none twice.
        codes: int32 [total], positions in `names`, ascending in a row.
    """

    feature: str
    names: list[str]
    offsets: NDArray[np.int64]
    codes: NDArray[np.int32]

    @classmethod
    def of(cls, feature: str, texts: pd.Series) -> "Categories":
        """Split the cells of a feature by its separator, see `separator_of`; blanks around values and empty ones do not
        count."""
        cells = pa.array(texts, pa.large_string())
        cells = cells.combine_chunks() if isinstance(cells, pa.ChunkedArray) else cells
        separator = separator_of(texts)
        lists = pc.split_pattern(cells, separator) if separator else None
        parts = cells if lists is None else lists.flatten()
        starts = np.arange(len(cells) + 1) if lists is None else np.asarray(lists.offsets, np.int64)
        encoded = pc.dictionary_encode(pc.utf8_trim_whitespace(parts))
        found = [str(name) for name in encoded.dictionary.to_pylist()]
        codes = encoded.indices.to_numpy(zero_copy_only=False).astype(np.int64)
        rows = np.repeat(np.arange(len(cells)), np.diff(starts))
        width = max(len(found), 1)
        keys = distinct(rows * width + codes)  # a value twice in one cell counts once
        rows, codes = keys // width, keys % width
        if "" in found:
            there = codes != found.index("")
            rows, codes = rows[there], codes[there]
        return cls._sorted(feature, found, rows, codes, len(cells))

    @classmethod
    def _sorted(
        cls, feature: str, found: list[str], rows: NDArray[np.int64], codes: NDArray[np.int64], n_rows: int
    ) -> "Categories":
        """From pairs of a row and a position in `found`, ascending by row."""
        counts = np.bincount(codes, minlength=len(found))
        order = np.argsort(-counts, kind="stable")[: int((counts > 0).sum())]
        place = np.zeros(len(found), np.int64)
        place[order] = np.arange(len(order))
        width = max(len(found), 1)
        keys = np.sort(rows * width + place[codes])
        ends = np.concatenate(([0], np.cumsum(np.bincount(rows, minlength=n_rows))))
        return cls(feature, [found[code] for code in order], ends.astype(np.int64), (keys % width).astype(np.int32))

    @property
    def rows(self) -> NDArray[np.int64]:
        """int64 [total], the row of each entry of `codes`."""
        return np.repeat(np.arange(len(self.offsets) - 1), np.diff(self.offsets))

    def bits(self) -> NDArray[np.uint64]:
        """The same as sets, uint64 [n_rows, words]: bit c % 64 of word c // 64 for category c."""
        words = max((len(self.names) + 63) // 64, 1)
        found = np.zeros((len(self.offsets) - 1, words), np.uint64)
        codes = self.codes.astype(np.int64)
        np.bitwise_or.at(found, (self.rows, codes // 64), np.uint64(1) << (codes % 64).astype(np.uint64))
        return found

    def padded(self, items: NDArray[np.int64]) -> NDArray[np.int64]:
        """Categories of items, int64 [*items.shape, most categories]; `len(names)` is padding.

        Args:
            items: item codes (row + 1) of any shape; 0, no item, has no categories.
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

    def having(self, texts: Sequence[str]) -> NDArray[np.bool_]:
        """bool [n_rows]: rows with one of these categories, whatever their case."""
        wanted = {text.casefold() for text in texts}
        hit = np.array([name.casefold() in wanted for name in self.names], bool)
        mask = np.zeros(len(self.offsets) - 1, bool)
        mask[self.rows[hit[self.codes]] if len(hit) else []] = True
        return mask


def separator_of(texts: pd.Series) -> str:
    """The separator of several values in the cells of a feature, judged by a sample: "|", or the one that leaves the
    fewest distinct values; "" for one value a cell."""
    known = texts[texts != ""].head(SAMPLE)
    fewest, chosen = known.nunique(), ""
    if known.str.contains("|", regex=False).any():  # stands in no other text
        return "|"
    for separator in SEPARATORS:
        if known.str.contains(separator, regex=False).mean() < 0.05:
            continue
        parts = known.str.split(separator, regex=False).explode().str.strip().nunique()
        if parts < fewest:
            fewest, chosen = parts, separator
    if not chosen and known.str.contains(" ", regex=False).mean() >= 0.05:
        words = known.str.split(" ", regex=False).explode().nunique()
        chosen = " " if words * BLANK_GAIN <= fewest else ""
    return chosen


def item_categories(dataset: Dataset) -> Categories | None:
    """The feature by which items are told to be of one kind: the first one with several categories a cell, else the
    first one whose values are no numbers; None where there is none."""
    alone: str | None = None
    for name, separator in category_features(dataset.item_features, dataset.title_column):
        texts = dataset.item_features[name]
        if separator:
            return Categories.of(name, texts)
        if alone is None and not are_numbers(texts[texts != ""].head(SAMPLE)):
            alone = name
    return None if alone is None else Categories.of(alone, dataset.item_features[alone])


def category_features(features: pd.DataFrame, title: str | None = None) -> Iterator[tuple[str, str]]:
    """Name and separator of every text feature that sorts most rows into some categories, without the title."""
    for name in features.columns:
        texts = features[name]
        known = texts[texts != ""]
        if name == title or len(known) < max(LEAST_KNOWN * len(texts), 1):
            continue
        sample = known.head(SAMPLE)
        separator = separator_of(sample)
        parts = sample.str.split(separator, regex=False).explode() if separator else sample
        if 2 <= parts.nunique() <= min(MOST_CATEGORIES, len(sample) / 2):
            yield str(name), separator


def are_numbers(texts: pd.Series) -> bool:
    """Whether nearly all texts are numbers that mean an amount: none has a leading zero, as postal codes and ids do."""
    padded = texts.str.match(r"[+-]?0\d").any()
    return bool(len(texts)) and not padded and bool(pd.to_numeric(texts, errors="coerce").notna().mean() > 0.95)
