"""Rules of what is recommended: which items may be shown, how varied a list is, how popular. A declaration without a
dataset, as it is stored, edited and given to commands."""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

from pydantic import Field

from recdesk.core.errors import UsageError
from recdesk.core.messages import Message
from recdesk.core.records import Record

ConditionKind = Literal["contains", "one of", "at least", "at most", "between"]
CONDITION_KINDS: tuple[ConditionKind, ...] = ("contains", "one of", "at least", "at most", "between")
ANY_FEATURE = ""
"""Feature of a condition on the id or any feature of an item."""
MOST_IDS = 5_000_000
"""Ids of a list in stored rules."""

_SIGNS: dict[str, ConditionKind] = {
    "contains": "contains", "one of": "one of", ">=": "at least", "<=": "at most", "between": "between",
}  # fmt: skip
_WRITTEN = {kind: sign for sign, kind in _SIGNS.items()}
_CONDITION = re.compile(r"^\s*(.*?)\s+(contains|one of|>=|<=|between)\s+(.+?)\s*$", re.DOTALL)
_BOUNDS = re.compile(r"^(.+?)\s+and\s+(.+)$", re.DOTALL)


@dataclass(frozen=True)
class Condition:
    """A condition that an item must meet.

    Attributes:
        feature: a column of the items; "" for the id or any column ("contains" only).
        kind: "contains": the feature has the text, whatever its case; "one of": it is one of these texts, or has one of
            them as an entry; "at least", "at most", "between": it is a number within the bounds, which belong to it.
        values: one text; the texts; one or two numbers as texts.
    """

    feature: str
    kind: ConditionKind
    values: tuple[str, ...]

    @property
    def text(self) -> str:
        """As a person writes it, see `parse_condition`."""
        joined = " and ".join(self.values) if self.kind == "between" else ", ".join(self.values)
        return f"{self.feature or 'any'} {_WRITTEN[self.kind]} {joined}"

    @property
    def bounds(self) -> tuple[float, float]:
        """Smallest and largest number of a condition on numbers.

        Raises:
            UsageError: one is no number, or the lower one is above the upper one.
        """
        numbers = [_number(value) for value in self.values]
        low = float("-inf") if self.kind == "at most" else numbers[0]
        high = float("inf") if self.kind == "at least" else numbers[-1]
        if low > high:
            raise UsageError(Message("steer.bounds-reversed", condition=self.text), Message("rule.exchange-days"))
        return low, high


@dataclass(frozen=True)
class Rules:
    """Rules that hold before and while items are ranked.

    Attributes:
        name: under which they are stored; "" for none.
        allow: ids of the only items that may be recommended; None for all.
        block: ids of items that are never recommended.
        conditions: that an item must meet, all of them.
        cap_feature, cap: at most `cap` items of a list have the same entry of this feature; 0 for no such rule. An item
            counts for each of its entries ("Action|Comedy" has two).
        spread_feature, spread: a list has at least so many entries of this feature, where the items have them.
        diversity: 0 to 1, weight of unlikeness to the items before it in a list (maximal marginal relevance, Carbonell
            & Goldstein 1998).
        diversity_feature: unlikeness by the entries of this feature; "" for the model's item vectors.
        damping: 0 to 1, how much of a popular item's score is taken away: one standard deviation of the scores for each
            standard deviation of log popularity, times this.
    """

    name: str = ""
    allow: tuple[str, ...] | None = None
    block: tuple[str, ...] = ()
    conditions: tuple[Condition, ...] = ()
    cap_feature: str = ""
    cap: int = 0
    spread_feature: str = ""
    spread: int = 0
    diversity: float = 0.0
    diversity_feature: str = ""
    damping: float = 0.0

    def __post_init__(self) -> None:
        """Check the numbers.

        Raises:
            UsageError: one is out of its range.
        """
        for share in (self.diversity, self.damping):
            if not 0.0 <= share <= 1.0:
                raise UsageError(Message("steer.strength-range", value=share), Message("steer.give-strength"))
        for count in (self.cap, self.spread):
            if count < 0:
                raise UsageError(Message("steer.count-negative", value=count), Message("steer.give-count"))

    @property
    def empty(self) -> bool:
        """Whether they change nothing."""
        return replace(self, name="", diversity_feature="", cap_feature="", spread_feature="") == Rules()

    @property
    def reranks(self) -> bool:
        """Whether an item's place depends on the other items of the list."""
        return bool(self.cap or self.spread or self.diversity)

    def fitting(self, features: Collection[str]) -> "Rules":
        """Without what speaks of other features than these."""
        conditions = tuple(c for c in self.conditions if c.feature in features or c.feature == ANY_FEATURE)
        return replace(
            self,
            conditions=conditions,
            cap=self.cap if self.cap_feature in features else 0,
            spread=self.spread if self.spread_feature in features else 0,
            diversity=self.diversity if self.diversity_feature in ("", *features) else 0.0,
        )

    def with_text(self, text: str) -> "Rules":
        """These, and the id or any feature must contain a text; "" for no such condition."""
        wanted = text.strip()
        if not wanted:
            return self
        return replace(self, conditions=(*self.conditions, Condition(ANY_FEATURE, "contains", (wanted,))))

    def with_rules(self, others: "Rules") -> "Rules":
        """These, and others: both hold; where a single value is given by both, that of the others."""
        base = Rules()
        single = ("cap_feature", "cap", "spread_feature", "spread", "diversity", "diversity_feature", "damping")
        given = {name: value for name in single if (value := getattr(others, name)) != getattr(base, name)}
        allow = self.allow
        if others.allow is not None:
            both = set(others.allow)
            allow = others.allow if allow is None else tuple(item for item in allow if item in both)
        return replace(
            self,
            allow=allow,
            block=tuple(dict.fromkeys((*self.block, *others.block))),
            conditions=(*self.conditions, *others.conditions),
            **given,
        )

    @property
    def sentences(self) -> list[str]:
        """What they say, a message each."""
        said: list[str] = []
        if self.allow is not None:
            said.append(Message("steer.allow", count=len(self.allow)))
        if self.block:
            said.append(Message("steer.block", count=len(self.block)))
        said += [_condition_sentence(condition) for condition in self.conditions]
        if self.cap:
            said.append(Message("steer.cap", count=self.cap, feature=self.cap_feature))
        if self.spread:
            said.append(Message("steer.spread", count=self.spread, feature=self.spread_feature))
        if self.diversity and self.diversity_feature:
            said.append(Message("steer.diversity-by", share=self.diversity, feature=self.diversity_feature))
        elif self.diversity:
            said.append(Message("steer.diversity", share=self.diversity))
        if self.damping:
            said.append(Message("steer.damping", share=self.damping))
        return said


NO_RULES = Rules()


class ConditionRecord(Record):
    """Schema of a condition."""

    feature: str
    kind: ConditionKind
    values: list[str] = Field(min_length=1)


class RulesRecord(Record):
    """Schema of stored rules."""

    name: str
    allow: list[str] | None = Field(default=None, max_length=MOST_IDS)
    block: list[str] = Field(default_factory=list, max_length=MOST_IDS)
    conditions: list[ConditionRecord] = Field(default_factory=list)
    cap_feature: str = ""
    cap: int = Field(default=0, ge=0)
    spread_feature: str = ""
    spread: int = Field(default=0, ge=0)
    diversity: float = Field(default=0.0, ge=0, le=1)
    diversity_feature: str = ""
    damping: float = Field(default=0.0, ge=0, le=1)


def to_record(rules: Rules) -> dict[str, Any]:
    """Rules as plain values, for `from_record`."""
    conditions = [{**vars(condition), "values": list(condition.values)} for condition in rules.conditions]
    allow = None if rules.allow is None else list(rules.allow)
    return {**vars(rules), "allow": allow, "block": list(rules.block), "conditions": conditions}


def from_record(values: dict[str, Any]) -> Rules:
    """Rules from plain values that match `RulesRecord`."""
    known = RulesRecord(**values).model_dump()
    conditions = tuple(Condition(c["feature"], c["kind"], tuple(c["values"])) for c in known["conditions"])
    allow = None if known["allow"] is None else tuple(known["allow"])
    return Rules(**{**known, "allow": allow, "block": tuple(known["block"]), "conditions": conditions})


def parse_condition(text: str) -> Condition:
    """A condition as a person writes it: “genres contains Comedy”, “genres one of Comedy, Drama”, “year >= 1990”,
    “year <= 1999”, “year between 1990 and 1999”; “any contains moon” looks at the id and all features.

    Raises:
        UsageError: it is none, or a bound is no number.
    """
    found = _CONDITION.match(text)
    if not found or not found[1]:
        raise UsageError(Message("steer.no-condition", text=text), Message("steer.write-condition"))
    feature, sign, rest = found.groups()
    kind = _SIGNS[sign]
    return condition_of(ANY_FEATURE if feature == "any" and kind == "contains" else feature, kind, rest)


def condition_of(feature: str, kind: ConditionKind, text: str) -> Condition:
    """A condition from its parts.

    Args:
        feature: a column of the items; "" for the id or any column ("contains" only).
        kind: see `Condition`.
        text: the text or number; texts with commas between for "one of", two numbers with “and” for "between".

    Raises:
        UsageError: the text is empty, or a bound is no number.
    """
    rest = text.strip()
    values: Sequence[str] = (rest,) if rest else ()
    if kind == "one of":
        values = [part.strip() for part in rest.split(",") if part.strip()]
    elif kind == "between":
        pair = _BOUNDS.match(rest)
        values = pair.groups() if pair else ()
    if not values or (not feature and kind != "contains"):
        raise UsageError(Message("steer.no-condition", text=text), Message("steer.write-condition"))
    condition = Condition(feature, kind, tuple(values))
    if kind not in ("contains", "one of"):
        _ = condition.bounds  # raises
    return condition


_MOST_DIGITS = 9


def parse_count(text: str) -> tuple[str, int]:
    """Feature and number of “genres=2”.

    Raises:
        UsageError: it is no such pair.
    """
    feature, equals, count = text.rpartition("=")
    sound = count.strip().isdecimal() and len(count.strip()) <= _MOST_DIGITS and int(count) > 0
    if not equals or not feature.strip() or not sound:
        raise UsageError(Message("steer.no-count", text=text), Message("steer.write-count"))
    return feature.strip(), int(count)


def _number(text: str) -> float:
    try:
        number = float(text)
    except ValueError:
        number = float("nan")
    if number != number or number in (float("inf"), float("-inf")):
        raise UsageError(Message("rule.not-number", text=text), Message("rule.give-number"))
    return number


def _condition_sentence(condition: Condition) -> str:
    feature, values = condition.feature, ", ".join(condition.values)
    if condition.kind == "contains" and not feature:
        return Message("steer.any-contains", text=values)
    if condition.kind == "contains":
        return Message("steer.contains", feature=feature, text=values)
    if condition.kind == "one of":
        return Message("steer.one-of", feature=feature, texts=values)
    if condition.kind == "between":
        return Message("steer.between", feature=feature, low=condition.values[0], high=condition.values[-1])
    if condition.kind == "at least":
        return Message("steer.at-least", feature=feature, low=values)
    return Message("steer.at-most", feature=feature, high=values)
