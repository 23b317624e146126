"""Applies the cleaning rules to coded rows; a forecast and an import make the same call."""

from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from recdesk.core.errors import UsageError
from recdesk.core.messages import Message, word
from recdesk.core.task import UNWATCHED, Task
from recdesk.data.array_ops import counts
from recdesk.data.cleaning.rules import Duplicates, Rules, moment_text
from recdesk.data.columns.returns import is_returned
from recdesk.data.interaction_log import InteractionTable

Mask = NDArray[np.bool_]

REPEATS = {
    "exact": Message("reason.exact-duplicate"),
    "first": Message("reason.repeat-first-kept"),
    "last": Message("reason.repeat-last-kept"),
}


@dataclass(frozen=True)
class Effect:
    """How much one step removes of what the steps before it left.

    Attributes:
        rule: in words.
        rows, users, items: how many go.
    """

    rule: str
    rows: int
    users: int
    items: int


@dataclass(frozen=True)
class Forecast:
    """How much all rules remove of what was read.

    Attributes:
        read: rows of the file.
        rejected: rows that cannot be used.
        effects: of every rule that is on, in the order they run.
        rows, users, items: what is left.
    """

    read: int
    rejected: int
    effects: tuple[Effect, ...]
    rows: int
    users: int
    items: int

    def to_dict(self) -> dict[str, Any]:
        """Plain values."""
        return {**asdict(self), "effects": [asdict(effect) for effect in self.effects]}


@dataclass(frozen=True, eq=False)
class Cleaned:
    """The rows that rules leave.

    Attributes:
        rows: all rows, with ids as the rules want them.
        keep: bool, which of them stay.
        effects: of every rule that is on.
        user_counts, item_counts: rows left of each user and item.
    """

    rows: InteractionTable
    keep: Mask
    effects: tuple[Effect, ...]
    user_counts: NDArray[np.int64]
    item_counts: NDArray[np.int64]

    @property
    def left(self) -> int:
        """Rows that stay."""
        return int(self.user_counts.sum())


def clean(rows: InteractionTable, rules: Rules, name: str, task: Task = UNWATCHED) -> Cleaned:
    """Apply the rules one after the other.

    Args:
        rows: what can be read.
        rules: what to leave out.
        name: of the file, for people.
        task: checked several times a second.

    Raises:
        UsageError: a rule needs what the file has not.
    """
    rules.check()
    sieve = Sieve(rows, name, task)
    for step in rules.steps:
        task.check()
        STEPS[step](sieve, rules)
    return Cleaned(sieve.rows, sieve.keep, tuple(sieve.effects), sieve.user_counts, sieve.item_counts)


class Sieve:
    """Rows that are still in, and how many each user and item has; each step's effect is written down.

    Attributes:
        rows: all rows.
        name: of their file, for people.
        task: checked several times a second.
        keep: bool, which rows are still in.
        user_counts, item_counts: of each user and item, rows that are still in.
        effects: of the steps so far.
    """

    def __init__(self, rows: InteractionTable, name: str, task: Task = UNWATCHED) -> None:
        self.name, self.task = name, task
        self.effects: list[Effect] = []
        self._fill(rows)

    def _fill(self, rows: InteractionTable) -> None:
        self.rows = rows
        self.keep = np.ones(len(rows), dtype=bool)
        self.user_counts, self.item_counts = rows.user_counts.copy(), rows.item_counts.copy()

    def drop(self, rule: str, kept: Mask) -> None:
        """Drop the rows that are not in `kept` and record the effect; `rule` names it for people."""
        gone = self.keep & ~kept
        lost = []
        for left, codes in ((self.user_counts, self.rows.users), (self.item_counts, self.rows.items)):
            before = np.count_nonzero(left)
            left -= counts(codes[gone], len(left))
            lost.append(int(before - np.count_nonzero(left)))
        self.keep &= kept
        self.effects.append(Effect(rule, int(np.count_nonzero(gone)), *lost))

    def normalise_ids(self) -> None:
        """Replace all rows by rows with ids in NFC. Starts anew, so it must be the first step."""
        before = self.rows
        self._fill(before.normalised(self.task))
        merged = (
            len(before.user_ids) - len(self.rows.user_ids),
            len(before.item_ids) - len(self.rows.item_ids),
        )
        self.effects.append(Effect(Message("rule.ids-normalised"), 0, *merged))

    def lacks(self, what: str, so: str, role: str) -> UsageError:
        """The error for a rule that needs a column which the file does not have."""
        advice = Message("rule.leave-out-or-say", role=role)
        return UsageError(Message("rule.needs-column", name=self.name, missing=what, consequence=so), advice)


Step = Callable[[Sieve, Any], None]


def _keep_events(sieve: Sieve, rules: Rules) -> None:
    rows, wanted = sieve.rows, rules.events or ()
    if rows.events is None:
        raise sieve.lacks(Message("rule.event-types"), Message("rule.no-type"), Message("rule.the-event-type"))
    if not set(wanted) & set(rows.event_names):
        there = ", ".join(list(rows.event_counts)[:20])
        raise UsageError(
            Message("rule.event-not-found", name=sieve.name, types=", ".join(wanted)),
            Message("rule.there-are", names=there),
        )
    known = np.array([event in wanted for event in rows.event_names], dtype=bool)
    sieve.drop(Message("reason.other-events", types=", ".join(wanted)), known[rows.events])


def _times(sieve: Sieve) -> NDArray[np.int64]:
    if sieve.rows.times is None:
        raise sieve.lacks(word("times"), Message("rule.no-first-last-day"), Message("rule.the-time"))
    return sieve.rows.times


def _drop_before(sieve: Sieve, rules: Rules) -> None:
    assert rules.since is not None
    sieve.drop(Message("reason.before-day", day=moment_text(rules.since)), _times(sieve) >= rules.since)


def _drop_after(sieve: Sieve, rules: Rules) -> None:
    assert rules.until is not None
    sieve.drop(Message("reason.after-day", day=moment_text(rules.until)), _times(sieve) <= rules.until)


def _drop_returns(sieve: Sieve, rules: Rules) -> None:
    returned = returned_rows(sieve.rows, rules)
    sieve.drop(Message("reason.returns"), np.ones(len(sieve.rows), bool) if returned is None else ~returned)


def returned_rows(rows: InteractionTable, rules: Rules) -> Mask | None:
    """Rows that take an item back, or None; types of events that a person asked for are not among them."""
    returned = rows.returned
    if rows.events is not None and rules.events is None:
        kinds = np.array([is_returned(event) for event in rows.event_names], dtype=bool)
        if kinds.any():
            returned = kinds[rows.events] if returned is None else returned | kinds[rows.events]
    return returned


def _drop_low_ratings(sieve: Sieve, rules: Rules) -> None:
    assert rules.min_rating is not None
    if sieve.rows.ratings is None:
        raise sieve.lacks(word("ratings"), Message("rule.no-lowest-rating"), Message("rule.the-rating"))
    sieve.drop(Message("reason.rating-below", minimum=rules.min_rating), ~(sieve.rows.ratings < rules.min_rating))


def _drop_repeats(sieve: Sieve, rules: Rules) -> None:
    kept = without_repeats(sieve.rows, sieve.keep, rules.duplicates, sieve.task)
    sieve.drop(REPEATS[rules.duplicates], kept)


def _drop_robots(sieve: Sieve, rules: Rules) -> None:
    robots = sieve.user_counts > rules.max_user
    sieve.drop(Message("reason.user-over-maximum", count=rules.max_user), ~robots[sieve.rows.users])


def _drop_below_core(sieve: Sieve, rules: Rules) -> None:
    kept = core(sieve.rows, sieve.keep, rules.least_of_user, rules.least_of_item, sieve.task)
    sieve.drop(rules.core, kept)


STEPS: dict[str, Step] = {
    "normalise_ids": lambda sieve, _: sieve.normalise_ids(),
    "events": _keep_events,
    "since": _drop_before,
    "until": _drop_after,
    "returns": _drop_returns,
    "min_rating": _drop_low_ratings,
    "duplicates": _drop_repeats,
    "max_user": _drop_robots,
    "core": _drop_below_core,
}
"""The function that applies each step; rules run in the order in which `Rules` declares them."""


def without_repeats(rows: InteractionTable, keep: Mask, policy: Duplicates, task: Task = UNWATCHED) -> Mask:
    """Deduplicates kept rows: one row per user and item (the first or the last), or no exact copies (all values equal,
    those of further columns included).

    Without times two equal rows may be two visits, so "exact" then keeps them.
    """
    if policy == "all" or (policy == "exact" and rows.times is None):
        return keep
    result = keep.copy()
    for part in rows.chunks():
        task.check()
        inside = np.flatnonzero(keep[part]) + part.start
        if policy == "exact" and len(inside):
            inside = _tied(rows, inside)
        if len(inside):
            again = _copies(rows, inside) if policy == "exact" else _of_one_item(rows, inside, policy)
            result[inside[again]] = False
    return result


def _tied(rows: InteractionTable, inside: NDArray[np.int64]) -> NDArray[np.int64]:
    """Rows that share user and time with a neighbour; only these can be copies."""
    assert rows.times is not None
    users, times = rows.users[inside], rows.times[inside]
    same = (users[1:] == users[:-1]) & (times[1:] == times[:-1])
    return inside[np.append(same, False) | np.append(False, same)]


def _copies(rows: InteractionTable, inside: NDArray[np.int64]) -> Mask:
    columns = {"user": rows.users, "item": rows.items, "time": rows.times, "rating": rows.ratings, "event": rows.events}
    table = pd.DataFrame({name: array[inside] for name, array in columns.items() if array is not None})
    if rows.others is not None:
        for at, name in enumerate(rows.other_texts):
            if name not in rows.user_columns:
                table[f"other {at}"] = rows.others[inside, at]
    return table.duplicated().to_numpy()


def _of_one_item(rows: InteractionTable, inside: NDArray[np.int64], policy: Duplicates) -> Mask:
    pairs = rows.users[inside].astype(np.int64) * len(rows.item_ids) + rows.items[inside]
    return pd.Series(pairs).duplicated(keep="first" if policy == "first" else "last").to_numpy()


def core(rows: InteractionTable, keep: Mask, least_of_user: int, least_of_item: int, task: Task = UNWATCHED) -> Mask:
    """The k-core of the kept rows: users and items with too few rows are dropped until none is left."""
    result = keep.copy()
    users, items = rows.users[keep], rows.items[keep]
    alive = np.ones(len(users), dtype=bool)
    user_counts = counts(users, len(rows.user_ids))
    item_counts = counts(items, len(rows.item_ids))
    while True:
        task.check()
        few_users, few_items = user_counts < least_of_user, item_counts < least_of_item
        gone = (few_users[users] | few_items[items]) & alive
        if not gone.any():
            break
        alive &= ~gone
        user_counts -= counts(users[gone], len(user_counts))
        item_counts -= counts(items[gone], len(item_counts))
    result[keep] = alive
    return result
