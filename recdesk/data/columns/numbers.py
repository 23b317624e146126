"""Numeric features of items and users: standardised, and binned into words for text models."""

from collections.abc import Iterable

import numpy as np
import pandas as pd

from recdesk.core.errors import DataError
from recdesk.core.messages import Message

LEVELS = ("low", "medium", "high")
LEAST_SHARE = 0.95
"""Of the texts of a column that must be numbers for the column to be numeric."""
DIGITS = r"[+-]?(?:\d+(?:[.,]\d*)?|[.,]\d+)(?:[eE][+-]?\d+)?"


def numbers(texts: pd.Series) -> pd.Series:
    """Texts as float64, NaN where one is no number; a decimal comma counts as a point."""
    tidy = texts.str.strip().where(texts.str.strip().str.fullmatch(DIGITS))
    return pd.to_numeric(tidy.str.replace(",", ".", regex=False), errors="coerce").astype(np.float64)


def standardised(features: pd.DataFrame) -> pd.DataFrame:
    """Numeric columns with mean 0 and standard deviation 1 over the rows that have a value; NaN where there is none.

    A column is numeric when nearly all of its texts are numbers, of which there are at least three.
    """
    found: dict[str, pd.Series] = {}
    for name in map(str, features.columns):
        texts = features[name].str.strip()
        if (filled := int((texts != "").sum())) == 0:
            continue
        values = numbers(texts)
        spread = float(values.std(ddof=0))
        if values.notna().sum() >= LEAST_SHARE * filled and values.nunique() >= 3 and np.isfinite(spread) and spread:
            found[name] = (values - values.mean()) / spread
    return pd.DataFrame(found, index=features.index)


def with_levels(features: pd.DataFrame, columns: Iterable[str], owners: str = "items") -> pd.DataFrame:
    """Features with a text column “price level” after each such numeric column: low, medium or high, a third each.

    Equal numbers get equal words; who has no number gets none. `owners` is whom the features are of, for people.

    Raises:
        DataError: there is no such column, or it holds no numbers.
    """
    result = features.copy()
    for name in columns:
        if name not in features.columns:
            there = ", ".join(map(str, features.columns))
            raise DataError(
                Message("column.user-not-found", name=name)
                if owners == "users"
                else Message("column.item-not-found", name=name),
                Message("column.their-columns-are", names=there or "none"),
            )
        values = numbers(features[name])
        if values.nunique() < 2:
            raise DataError(
                Message("column.user-not-numeric", name=name)
                if owners == "users"
                else Message("column.item-not-numeric", name=name),
                Message("column.leave-out"),
            )
        lower, upper = np.nanquantile(values, (1 / 3, 2 / 3))
        words = np.select([values.isna(), values <= lower, values <= upper], ["", *LEVELS[:2]], LEVELS[2])
        result.insert(
            list(result.columns).index(name) + 1, _free(f"{name} level", result), pd.Series(words, dtype="str")
        )
    return result


def _free(name: str, features: pd.DataFrame) -> str:
    while name in features.columns:
        name = f"{name}_"
    return name
