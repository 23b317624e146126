"""By what the items of a map are coloured: categories, an amount, or how often they were taken."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from recdesk.core.errors import UsageError
from recdesk.core.messages import Message
from recdesk.data.categories import SAMPLE, Categories, are_numbers, category_features, item_categories
from recdesk.data.dataset import Dataset

POPULARITY = "popularity"
"""What is chosen instead of a feature, unless a feature is called so."""
MOST_GROUPS = 6
"""Categories with a colour of their own: as many as are told apart beside each other."""
LEVELS = 32
"""Steps of the scale of an amount."""
_CUT = (2, 98)
"""Percentiles of an amount where its scale ends, so that one extreme value does not take all colours."""
_VIRIDIS = ("#440154", "#472d7b", "#3b528b", "#2c728e", "#21918c", "#28ae80", "#5ec962", "#addc30", "#fde725")

Kind = Literal["categories", "amount"]


@dataclass(frozen=True)
class Colouring:
    """A feature of all items as colours.

    Attributes:
        feature: its name; `POPULARITY` where `popular`.
        kind: categories or an amount.
        popular: whether it is the number of interactions.
        slots: int16 [n_items], the place of each item's colour: for categories a position in `groups`, their number for
            other categories; for an amount a level from 0 to LEVELS - 1; -1 where nothing is known.
        groups: names of the categories that have a colour, the most frequent first.
        counts: items that have each of them, others, and unknown ones: int64 [len(groups) + 2]; of an amount, known and
            unknown ones.
        members: bool [len(groups), n_items], which items have each category.
        several: whether an item can have several.
        low, high: ends of the scale of an amount.
        texts: of each item, for people and files, [n_items].
    """

    feature: str
    kind: Kind
    popular: bool
    slots: NDArray[np.int16]
    groups: tuple[str, ...]
    counts: NDArray[np.int64]
    members: NDArray[np.bool_]
    several: bool
    low: float
    high: float
    texts: NDArray[np.object_]

    @property
    def title(self) -> str:
        """What to call it."""
        return Message("map.popularity") if self.popular else self.feature

    def having(self, slot: int) -> NDArray[np.bool_]:
        """bool [n_items]: items of a category by its position; `len(groups)` for others, -1 for unknown."""
        return self.members[slot] if 0 <= slot < len(self.groups) else self.slots == slot


def choices(dataset: Dataset) -> list[str]:
    """Features by which a map can be coloured, in the order of the columns, then `POPULARITY`."""
    names = _features(dataset)
    return names if POPULARITY in names else [*names, POPULARITY]


def usual_choice(dataset: Dataset) -> str:
    """The feature that tells of which kind items are; `POPULARITY` where there is none."""
    found = item_categories(dataset)
    return POPULARITY if found is None else found.feature


def colouring(dataset: Dataset, feature: str = "") -> Colouring:
    """How to colour items.

    Args:
        dataset: whose items they are.
        feature: one of `choices`; "" for `usual_choice`.

    Raises:
        UsageError: there is no such feature, or it sorts items into no categories and is no amount.
    """
    wanted, features = feature or usual_choice(dataset), _features(dataset)
    if wanted not in (*features, POPULARITY):
        known = ", ".join(choices(dataset))
        there = wanted in dataset.item_features.columns
        what = Message("map.no-colour", feature=wanted) if there else Message("map.no-feature", feature=wanted)
        raise UsageError(what, Message("map.features-are", names=known))
    if wanted not in features:
        taken = dataset.popularity.astype(np.float64)
        counts = np.array([str(count) for count in dataset.popularity], dtype=object)
        return _amount(wanted, taken, counts, popular=True)
    texts = dataset.item_features[wanted]
    if _is_amount(texts):
        values = pd.to_numeric(texts, errors="coerce").to_numpy(np.float64)
        return _amount(wanted, values, texts.to_numpy(dtype=object))
    return _categories(Categories.of(wanted, texts), texts.to_numpy(dtype=object))


def scale_colour(share: float, dark: bool) -> tuple[int, int, int]:
    """Red, green and blue (0 to 255) on the scale of an amount: viridis without the end that is lost on the ground."""
    begin, end = (0.18, 1.0) if dark else (0.0, 0.78)
    at = (begin + min(max(share, 0.0), 1.0) * (end - begin)) * (len(_VIRIDIS) - 1)
    before = min(int(at), len(_VIRIDIS) - 2)
    ends = [[int(text[i : i + 2], 16) for i in (1, 3, 5)] for text in _VIRIDIS[before : before + 2]]
    red, green, blue = (round(a + (at - before) * (b - a)) for a, b in zip(*ends, strict=True))
    return red, green, blue


def _features(dataset: Dataset) -> list[str]:
    frame, title = dataset.item_features, dataset.title_column
    sorting = {name for name, _ in category_features(frame, title)}
    return [str(name) for name in frame.columns if name != title and (name in sorting or _is_amount(frame[name]))]


def _is_amount(texts: pd.Series) -> bool:
    known = texts[texts != ""]
    return are_numbers(known.head(SAMPLE)) and known.head(SAMPLE).nunique() > 2


def _amount(feature: str, values: NDArray[np.float64], texts: NDArray[np.object_], popular: bool = False) -> Colouring:
    """Levels between the ends of the scale; of popularity by its logarithm, as a few items have most of it."""
    known = np.isfinite(values)
    low, high = (float(end) for end in np.percentile(values[known], _CUT)) if known.any() else (0.0, 0.0)
    if popular:
        low, high = (float(values[known].min()), float(values[known].max())) if known.any() else (0.0, 0.0)
    bent = np.log1p if popular else np.asarray
    width = float(bent(high) - bent(low)) or 1.0
    share = np.clip((bent(np.where(known, values, low)) - bent(low)) / width, 0, 1)
    slots = np.where(known, np.minimum(share * LEVELS, LEVELS - 1), -1).astype(np.int16)
    counts = np.array([known.sum(), (~known).sum()])
    none = np.zeros((0, len(values)), bool)
    return Colouring(feature, "amount", popular, slots, (), counts, none, False, low, high, texts)


def _categories(found: Categories, texts: NDArray[np.object_]) -> Colouring:
    """The most frequent categories; an item with several has the colour of its rarest one of these, which says most of
    it."""
    groups = tuple(found.names[:MOST_GROUPS])
    n, rows = len(texts), found.rows
    members = np.zeros((len(groups), n), bool)
    shown = found.codes < len(groups)
    members[found.codes[shown], rows[shown]] = True
    known = np.diff(found.offsets) > 0
    slots = np.where(known, len(groups), -1).astype(np.int16)
    for place in range(len(groups)):
        slots[members[place]] = place
    counts = [*members.sum(axis=1), (slots == len(groups)).sum(), (~known).sum()]
    several = bool((np.diff(found.offsets) > 1).any())
    return Colouring(
        found.feature, "categories", False, slots, groups, np.array(counts), members, several, 0.0, 0.0, texts
    )
