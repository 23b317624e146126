"""The rules of cleaning, each declared once: default, command option, check, row of the window's form, saved form."""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from types import MappingProxyType
from typing import Annotated, Any, Literal

from recdesk.core.errors import UsageError
from recdesk.core.messages import Message
from recdesk.data.declaration import Declared, declarations, listed, plain, unchanged

Duplicates = Literal["exact", "first", "last", "all"]
Returns = Literal["drop", "keep"]
DAY = 86_400
FIRST_MOMENT, LAST_MOMENT = -62_135_596_800, 253_402_300_799
"""Epoch seconds of the years 1 to 9999, which calendars here know."""


def moment(text: str, end: bool = False) -> int:
    """Epoch seconds of “2019-03-31”, “2019-03”, “2019” or “2019-03-31 12:30[:00]” (UTC); `end` takes its last second.

    Raises:
        UsageError: it is no date.
    """
    for form, length in (("%Y-%m-%d", 10), ("%Y-%m", 7), ("%Y", 4)):
        if len(text.strip()) == length:
            try:
                begin = datetime.strptime(text.strip(), form).replace(tzinfo=UTC)
                following = begin
                if form == "%Y":
                    following = begin.replace(year=begin.year + 1)
                elif form == "%Y-%m":
                    following = begin.replace(year=begin.year + begin.month // 12, month=begin.month % 12 + 1)
            except ValueError:
                break
            if not end:
                return int(begin.timestamp())
            return int(following.timestamp()) - 1 if form != "%Y-%m-%d" else int(begin.timestamp()) + DAY - 1
    try:
        exact = datetime.fromisoformat(text.strip())
    except ValueError:
        raise UsageError(Message("rule.not-a-date", text=text), Message("rule.write-date")) from None
    return int((exact if exact.tzinfo else exact.replace(tzinfo=UTC)).timestamp())


def instant(seconds: int) -> datetime:
    """Epoch seconds as a date and time in UTC, also before 1970, where Windows' `fromtimestamp` ends.

    Raises:
        OverflowError: beyond the years 1 to 9999.
    """
    return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds)


def moment_text(seconds: int) -> str:
    """A moment for people: the day alone where it is the day's first or last second (UTC)."""
    date = instant(seconds)
    return f"{date:%Y-%m-%d}" if seconds % DAY in (0, DAY - 1) else f"{date:%Y-%m-%d %H:%M:%S}"


RuleKind = Literal["switch", "names", "first moment", "last moment", "number", "choice", "count"]


@dataclass(frozen=True, kw_only=True)
class Rule(Declared):
    """A rule of cleaning: the declaration of a field of `Rules`.

    Attributes:
        kind: of its value; option, check and control follow from it (see `KINDS`).
        caption: beside the control of a switch.
        row: where the row stands; rows with a high number come last.
        rare: the row stands under “More rules”.
        needs: role of the column without which it cannot be applied; "" for none.
        noun: what a value is called where it is refused.
        choices: values of a choice with their titles.
        off: the value with which it removes nothing; a count does so up to it.
        step: key in `engine.STEPS`, where several rules share one step; "" for its name.
    """

    kind: RuleKind
    caption: str = ""
    row: int = 100
    rare: bool = False
    needs: str = ""
    noun: str = "number"
    choices: Mapping[str, str] = field(default_factory=dict)
    off: Any = None
    step: str = ""

    def is_on(self, value: Any) -> bool:
        """Whether a value removes anything."""
        return bool(value > self.off) if self.kind == "count" else value != self.off

    def check(self, name: str, value: Any) -> None:
        """Refuse a value that the rule of this name cannot have.

        Raises:
            UsageError: says why.
        """
        if value is not None:
            KINDS[self.kind].check(self, name, value)


def rule(kind: RuleKind, **more: Any) -> Rule:
    """The declaration of a rule; what follows from its kind can be left out."""
    by_kind = {name: value for name, value in vars(KINDS[kind]).items() if name != "check"}
    return Rule(kind=kind, group=1, **{**by_kind, **more})


def _any(rule: Rule, name: str, value: Any) -> None:
    """Every value is allowed."""


def _check_choice(rule: Rule, name: str, value: str) -> None:
    if value not in rule.choices:
        raise UsageError(
            Message("rule.unknown-choice", value=value, name=name),
            Message("settings.choose-one-of", names=", ".join(rule.choices)),
        )


def _check_moment(rule: Rule, name: str, value: int) -> None:
    if not FIRST_MOMENT <= value <= LAST_MOMENT:
        raise UsageError(Message("rule.moment-out-of-range", text=value), Message("rule.give-epoch-seconds"))


def _check_number(rule: Rule, name: str, value: float) -> None:
    if not math.isfinite(value):
        raise UsageError(
            Message("rule.not-a-rating", text=value)
            if rule.noun == "rating"
            else Message("rule.not-number", text=value),
            Message("rule.give-number"),
        )


@dataclass(frozen=True)
class Kind:
    """What follows from the kind of a rule's value.

    Attributes:
        typed, parse, lowest, many: of its option, see `Declared`.
        off: the value with which a rule of this kind usually removes nothing.
        check: raises a UsageError for a value that cannot be; called with the rule, its name and the value.
    """

    typed: Any
    parse: Callable[[Any], Any] = unchanged
    lowest: int | None = None
    many: bool = False
    off: Any = None
    check: Callable[[Rule, str, Any], None] = _any


KINDS: Mapping[RuleKind, Kind] = MappingProxyType(
    {
        "switch": Kind(bool, off=False),
        "names": Kind(str | None, parse=listed, many=True),
        "first moment": Kind(str | None, parse=moment, check=_check_moment),
        "last moment": Kind(str | None, parse=partial(moment, end=True), check=_check_moment),
        "number": Kind(float | None, check=_check_number),
        "choice": Kind(str, check=_check_choice),
        "count": Kind(int, lowest=0, off=0),
    }
)


@dataclass(frozen=True, kw_only=True)
class Rules:
    """What stays of the readable rows. The rules run in the order in which they stand here.

    A rule is added by its declaration here and by a step in `engine.STEPS` that applies it.

    Attributes:
        normalise_ids: ids that are one text in Unicode's composed form (NFC) are one id. Off, ids stay exactly as they
            are.
        events: types of events that stay; None for all.
        since, until: first and last moment that stays, epoch seconds, both included; None for no bound.
        returns: "drop" leaves rows out that take an item back, "keep" takes them for interactions.
        min_rating: rows rated lower are dropped; rows without a rating stay.
        duplicates: "exact" drops copies of a row, "first" and "last" keep one row a user and item, "all" keeps all.
        max_user: users with more rows are taken for robots and dropped; 0 for off.
        k_core: users and items with fewer rows are dropped, repeatedly; 0 or 1 for off.
        min_user, min_item: the same with a bound for each; the higher one of two bounds counts.
    """

    normalise_ids: Annotated[bool, rule(
        "switch", help="Ids of one text in NFC are one id.",
        row=10, rare=True, title="Ids in", caption="one form of Unicode (NFC)",
        tip="Ids that look the same but are written with other bytes become one. Off, ids stay exactly.",
    )] = False  # fmt: skip
    events: Annotated[tuple[str, ...] | None, rule(
        "names", help="Types of events to keep, such as view,buy.", needs="event",
        row=9, rare=True, title="Events other than", tip="Types of events that stay.",
    )] = None  # fmt: skip
    since: Annotated[int | None, rule(
        "first moment", flags=("--from",), help="First day to keep, such as 2019-03-31.", needs="time",
        row=7, rare=True, title="Days before", tip="The first day that stays.",
    )] = None  # fmt: skip
    until: Annotated[int | None, rule(
        "last moment", flags=("--to",), help="Last day to keep.", needs="time",
        row=8, rare=True, title="Days after", tip="The last day that stays.",
    )] = None  # fmt: skip
    returns: Annotated[Returns, rule(
        "choice", off="keep",
        help="Rows that take an item back (a quantity below zero, an order cancelled or refunded): drop or keep.",
        choices={"drop": "left out", "keep": "kept"},
        row=11, rare=True, title="Returns", tip="Quantities below zero, and orders that were cancelled or refunded.",
    )] = "drop"  # fmt: skip
    min_rating: Annotated[float | None, rule(
        "number", help="Drop rows rated lower.", needs="rating", noun="rating",
        row=1, title="Ratings below", tip="Ratings that say somebody did not like it.",
    )] = None  # fmt: skip
    duplicates: Annotated[Duplicates, rule(
        "choice", off="all",
        help="Rows of one user and item: exact (drop copies), first, last, all (keep all).",
        choices={"exact": "exact copies", "first": "all but the first", "last": "all but the last", "all": "none"},
        row=2, title="Repeats", tip="When a user took the same item more than once.",
    )] = "exact"  # fmt: skip
    max_user: Annotated[int, rule(
        "count", help="Drop users with more interactions (robots); 0: none.",
        row=6, rare=True, title="Users with more than", tip="Who has so many may be a robot.",
    )] = 0  # fmt: skip
    k_core: Annotated[int, rule(
        "count", step="core", off=1, help="Keep users and items with at least so many interactions.",
        row=3, title="Users and items with fewer than",
        tip="Repeated until every user and every item that is left has as many interactions (k-core).",
    )] = 0  # fmt: skip
    min_user: Annotated[int, rule(
        "count", step="core", off=1, help="The same for users alone.",
        row=4, rare=True, title="Users with fewer than", tip="The same for users alone.",
    )] = 0  # fmt: skip
    min_item: Annotated[int, rule(
        "count", step="core", off=1, help="The same for items alone.",
        row=5, rare=True, title="Items with fewer than", tip="The same for items alone.",
    )] = 0  # fmt: skip

    @classmethod
    def declared(cls) -> Mapping[str, Rule]:
        """The rules by their names, in the order in which they run."""
        return {name: found for name, found in declarations(cls).items() if isinstance(found, Rule)}

    @property
    def steps(self) -> dict[str, str]:
        """What is to be applied, in order: each step by name, with the first rule that turns it on."""
        found: dict[str, str] = {}
        for name, rule in self.declared().items():
            if rule.is_on(getattr(self, name)):
                found.setdefault(rule.step or name, name)
        return found

    @property
    def least_of_user(self) -> int:
        """Fewest rows of a user that stays."""
        return max(self.k_core, self.min_user, 1)

    @property
    def least_of_item(self) -> int:
        """Fewest rows of an item that stays."""
        return max(self.k_core, self.min_item, 1)

    @property
    def core(self) -> str:
        """The last step in words; "" where it is off."""
        user, item = self.least_of_user, self.least_of_item
        if user == item:
            return Message("reason.k-core", k=user) if user > 1 else ""
        if item == 1:
            return Message("reason.user-short", count=user)
        if user == 1:
            return Message("reason.item-short", count=item)
        return Message("reason.user-or-item-short", user_minimum=user, item_minimum=item)

    def to_dict(self) -> dict[str, Any]:
        """Plain values, for the manifest."""
        return {name: plain(getattr(self, name)) for name in self.declared()}

    @classmethod
    def from_dict(cls, values: dict[str, Any]) -> "Rules":
        """The inverse of `to_dict`; values that are no rules are left out, so that older manifests can be read."""
        return cls(**{name: rule.restored(values[name]) for name, rule in cls.declared().items() if name in values})

    def check(self) -> None:
        """Refuse what cannot be.

        Raises:
            UsageError: says which rule.
        """
        for name, rule in self.declared().items():
            rule.check(name, getattr(self, name))
        if self.since is not None and self.until is not None and self.since > self.until:
            raise UsageError(
                Message("rule.days-reversed", first=moment_text(self.since), last=moment_text(self.until)),
                Message("rule.exchange-days"),
            )
