"""Rules bound to a dataset and a model: masks and arrays by item instead of ids and names of features."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from recdesk.core.errors import UsageError
from recdesk.core.messages import Message
from recdesk.data.categories import Categories
from recdesk.data.dataset import Dataset
from recdesk.recommend.rules import Condition, Rules, parse_condition

Vectors = Callable[[], NDArray[np.float32] | None]
_NAMED = 5


class Likeness(Protocol):
    """How alike items are, 0 or below for unlike ones, at most 1."""

    def among(self, items: NDArray[np.int64]) -> "Callable[[NDArray[np.int64]], NDArray[np.float32]]":
        """Prepare item codes [rows, width]; gives a function of int64 [rows], a column of each row, that returns the
        likeness of each item of a row to the one in that column, float32 [rows, width]."""


@dataclass(frozen=True)
class VectorLikeness:
    """Cosine of item vectors.

    Attributes:
        vectors: float32 [n_items + 1, hidden], rows of length 1 by item code; row 0 is zeros.
    """

    vectors: NDArray[np.float32]

    def among(self, items: NDArray[np.int64]) -> Callable[[NDArray[np.int64]], NDArray[np.float32]]:
        """See `Likeness`."""
        own = self.vectors[items]
        rows = np.arange(len(items))
        return lambda columns: np.matmul(own, own[rows, columns][:, :, None])[:, :, 0]


@dataclass(frozen=True)
class CategoryLikeness:
    """Cosine of sets: common entries over the geometric mean of their numbers."""

    categories: Categories

    def among(self, items: NDArray[np.int64]) -> Callable[[NDArray[np.int64]], NDArray[np.float32]]:
        """See `Likeness`."""
        entries, none = self.categories.padded(items), len(self.categories.names)
        sizes = np.maximum((entries < none).sum(2), 1).astype(np.float32)
        rows = np.arange(len(items))

        def to(columns: NDArray[np.int64]) -> NDArray[np.float32]:
            has = np.zeros((len(items), none + 1), bool)
            has[rows[:, None], entries[rows, columns]] = True
            has[:, none] = False
            common = has[rows[:, None, None], entries].sum(2).astype(np.float32)
            shared: NDArray[np.float32] = common / np.sqrt(sizes * sizes[rows, columns][:, None])
            return shared

        return to


@dataclass(frozen=True)
class BoundRules:
    """Rules for one catalogue.

    Attributes:
        rules: the declaration.
        n_items: of the catalogue.
        allowed: bool [n_items], items that may be recommended; None for all.
        penalty: float32 [n_items], standard deviations of a person's scores that are taken off; None for none.
        cap, spread: categories of the rules on lists; None where there is no such rule.
        least: categories that a list has at least: `rules.spread`, or all that the allowed items have.
        most: upper bound of the length of a list under the cap.
        likeness: for diversity; None where there is no such rule.
        notes: messages on what of the rules has no effect here.
    """

    rules: Rules
    n_items: int
    allowed: NDArray[np.bool_] | None = None
    penalty: NDArray[np.float32] | None = None
    cap: Categories | None = None
    spread: Categories | None = None
    least: int = 0
    most: int = 2**62
    likeness: Likeness | None = None
    notes: list[str] = field(default_factory=list)

    @property
    def n_allowed(self) -> int:
        """Items that may be recommended to somebody."""
        return self.n_items if self.allowed is None else int(self.allowed.sum())

    def require_items(self) -> None:
        """Check that something may be recommended.

        Raises:
            UsageError: no item meets the rules.
        """
        if not self.n_allowed:
            raise UsageError(Message("steer.nothing-allowed"), Message("steer.loosen"))

    def shortfall(self, wanted: int, found: int, candidates: int) -> str:
        """Why a list is shorter than wanted, "" where it is not.

        Args:
            wanted: length that was asked for.
            found: items in the list.
            candidates: items that meet the rules on items and may be recommended to this person.
        """
        if found >= min(wanted, self.n_items):
            return ""
        if not self.n_allowed:
            return Message("steer.nothing-allowed")
        if found >= candidates:
            return Message("steer.short-of-items", count=candidates)
        return Message("steer.short-of-cap", count=found, cap=self.rules.cap, feature=self.rules.cap_feature)


def bind(rules: Rules, dataset: Dataset, vectors: Vectors = lambda: None) -> BoundRules:
    """Bind rules to a catalogue.

    Args:
        rules: the declaration.
        dataset: has the catalogue.
        vectors: gives the model's item vectors, float32 [n_items, hidden], or None; called for diversity only.

    Raises:
        UsageError: a feature is not there, a condition on numbers is on a feature without any, or diversity has neither
            vectors nor a feature.
    """
    notes: list[str] = []
    allowed = _allowed(rules, dataset, notes)
    cap = _categories(dataset, rules.cap_feature) if rules.cap else None
    same = rules.spread_feature == rules.cap_feature and cap is not None
    spread = (cap if same else _categories(dataset, rules.spread_feature)) if rules.spread else None
    least = 0
    if spread is not None:
        there = int((_counts(spread, allowed) > 0).sum())
        least = min(rules.spread, there)
        if there < rules.spread:
            notes.append(Message("steer.few-categories", count=there, feature=rules.spread_feature))
    return BoundRules(
        rules=rules,
        n_items=dataset.n_items,
        allowed=allowed,
        penalty=_penalty(rules, dataset),
        cap=cap,
        spread=spread,
        least=least,
        most=2**62 if cap is None else _most(cap, rules.cap, allowed),
        likeness=_likeness(rules, dataset, vectors) if rules.diversity else None,
        notes=notes,
    )


def _allowed(rules: Rules, dataset: Dataset, notes: list[str]) -> NDArray[np.bool_] | None:
    if rules.allow is None and not rules.block and not rules.conditions:
        return None
    mask = np.ones(dataset.n_items, bool)
    if rules.allow is not None:
        mask &= _listed(rules.allow, dataset, notes)
    if rules.block:
        mask &= ~_listed(rules.block, dataset, notes)
    for condition in rules.conditions:
        mask &= meeting(condition, dataset.item_features, dataset.item_ids)
    return mask


def _listed(ids: Sequence[str], dataset: Dataset, notes: list[str]) -> NDArray[np.bool_]:
    codes = dataset.item_ids.get_indexer(pd.Index(list(ids), dtype="str"))
    unknown = [item for item, code in zip(ids, codes, strict=True) if code < 0] if (codes < 0).any() else []
    if unknown:
        named = ", ".join(f"“{item}”" for item in unknown[:_NAMED]) + (", …" if len(unknown) > _NAMED else "")
        notes.append(Message("steer.ids-unknown", count=len(unknown), name=dataset.name, ids=named))
    mask = np.zeros(dataset.n_items, bool)
    mask[codes[codes >= 0]] = True
    return mask


def people_meeting(dataset: Dataset, text: str, codes: Sequence[int] | None = None) -> list[int]:
    """Codes of users, of those given or of all, who meet a condition in words.

    Raises:
        UsageError: it is none, is on a column that users do not have, or nobody meets it.
    """
    mask = meeting(parse_condition(text), dataset.user_features, dataset.user_ids)
    found = [int(code) for code in (np.flatnonzero(mask) if codes is None else codes) if mask[code]]
    if not found:
        raise UsageError(Message("export.people-none", condition=text))
    return found


def meeting(condition: Condition, frame: pd.DataFrame, ids: pd.Index) -> NDArray[np.bool_]:
    """bool [n]: items (or people) that meet a condition. One without the number meets none on numbers.

    Args:
        condition: on a column.
        frame: text columns by name, n rows.
        ids: of the rows.

    Raises:
        UsageError: the feature is not there, or has no number where one is needed.
    """
    if condition.kind == "contains" and not condition.feature:
        return _anywhere(condition.values[0], frame, ids)
    column = frame[_known(frame, condition.feature)]
    if condition.kind == "contains":
        return column.str.contains(condition.values[0], case=False, regex=False).to_numpy(dtype=bool)
    if condition.kind == "one of":
        whole = column.str.casefold().isin([value.casefold() for value in condition.values]).to_numpy(dtype=bool)
        return whole | Categories.of(condition.feature, column).having(condition.values)
    numbers = pd.to_numeric(column, errors="coerce").to_numpy(dtype=np.float64)
    if not np.isfinite(numbers).any():
        raise UsageError(Message("steer.no-numbers", feature=condition.feature), Message("steer.other-condition"))
    low, high = condition.bounds
    return (numbers >= low) & (numbers <= high)


def _anywhere(text: str, frame: pd.DataFrame, ids: pd.Index) -> NDArray[np.bool_]:
    mask = np.asarray(ids.str.contains(text, case=False, regex=False), dtype=bool)
    for name in frame.columns:
        mask |= frame[name].str.contains(text, case=False, regex=False).to_numpy(dtype=bool)
    return mask


def _known(frame: pd.DataFrame, feature: str) -> str:
    names = [str(name) for name in frame.columns]
    if feature not in names:
        known = Message("text.columns-are", names=", ".join(names)) if names else Message("steer.no-features")
        raise UsageError(Message("steer.no-column", name=feature), known)
    return feature


def _categories(dataset: Dataset, feature: str) -> Categories:
    return Categories.of(feature, dataset.item_features[_known(dataset.item_features, feature)])


def _counts(categories: Categories, allowed: NDArray[np.bool_] | None) -> NDArray[np.int64]:
    """Allowed items of each category, int64 [n_categories]."""
    codes = categories.codes
    if allowed is not None:
        codes = codes[np.repeat(allowed, np.diff(categories.offsets))]
    return np.bincount(codes, minlength=len(categories.names))


def _most(categories: Categories, cap: int, allowed: NDArray[np.bool_] | None) -> int:
    free = np.diff(categories.offsets) == 0
    free = free if allowed is None else free & allowed
    return int(np.minimum(_counts(categories, allowed), cap).sum() + free.sum())


def _penalty(rules: Rules, dataset: Dataset) -> NDArray[np.float32] | None:
    """Standardised log popularity times the strength, negative for items that are rarer than the mean."""
    if not rules.damping:
        return None
    logs = np.log1p(dataset.popularity.astype(np.float64))
    standard = (logs - logs.mean()) / max(float(logs.std()), 1e-9)
    return (rules.damping * standard).astype(np.float32)


def _likeness(rules: Rules, dataset: Dataset, vectors: Vectors) -> Likeness:
    if rules.diversity_feature:
        return CategoryLikeness(_categories(dataset, rules.diversity_feature))
    found = vectors()
    if found is None:
        raise UsageError(Message("steer.no-vectors"), Message("steer.name-feature"))
    return VectorLikeness(np.concatenate([np.zeros((1, found.shape[1]), np.float32), unit(found)]))


def unit(vectors: NDArray[np.float32]) -> NDArray[np.float32]:
    """Rows scaled to length 1; rows of zeros stay."""
    return vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-12)
