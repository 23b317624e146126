"""Categories of rows in a text feature, one or several a cell ("Action|Drama")."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from recdesk.data.dataset import Dataset

SEPARATORS = ("|", ";", ",")
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
    """The categories of each row of a feature.

    Attributes:
        feature: name of the column.
        names: the distinct categories, the most frequent first.
        rows: int64 [m], ascending, row of each (row, category) pair; rows without a value have none.
        codes: int64 [m], its position in `names`.
        n_rows: rows of the feature.
    """

    feature: str
    names: list[str]
    rows: NDArray[np.int64]
    codes: NDArray[np.int64]
    n_rows: int

    @classmethod
    def of(cls, feature: str, texts: pd.Series) -> "Categories":
        """Split the cells of a feature by the separator that leaves the fewest distinct values."""
        separator = separator_of(texts)
        cells = texts.reset_index(drop=True)
        parts = (cells.str.split(separator, regex=False) if separator else cells).explode().str.strip()
        parts = parts[parts != ""].dropna()
        pairs = pd.DataFrame({"row": parts.index, "name": parts.to_numpy()}).drop_duplicates()
        counted = pairs["name"].value_counts(sort=True)
        names = [str(name) for name in counted.index]
        codes = pd.Index(names).get_indexer(pd.Index(pairs["name"]))
        return cls(feature, names, pairs["row"].to_numpy(np.int64), codes.astype(np.int64), len(cells))

    def bits(self) -> NDArray[np.uint64]:
        """The same as sets, uint64 [n_rows, words]: bit c % 64 of word c // 64 for category c."""
        words = max((len(self.names) + 63) // 64, 1)
        found = np.zeros((self.n_rows, words), np.uint64)
        np.bitwise_or.at(found, (self.rows, self.codes // 64), np.uint64(1) << (self.codes % 64).astype(np.uint64))
        return found


def separator_of(texts: pd.Series) -> str:
    """The separator of several values in the cells of a feature, judged by a sample: "|", or the one that leaves the
    fewest distinct values; "" for one value a cell."""
    known = texts[texts != ""].head(SAMPLE)
    fewest, chosen = known.nunique(), ""
    for separator in SEPARATORS:
        if known.str.contains(separator, regex=False).mean() < 0.05:
            continue
        if separator == "|":  # stands in no other text
            return separator
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
