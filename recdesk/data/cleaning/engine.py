"""Step 1 of the method: which rows stay. A forecast and an import are the same call."""

from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from recdesk.core.errors import UsageError
from recdesk.data.array_ops import counts
from recdesk.data.cleaning.rules import Duplicates, Rules, moment_text
from recdesk.data.interaction_log import Check, InteractionTable, unasked

Mask = NDArray[np.bool_]

REPEATS = {"exact": "exact duplicates", "first": "repeats, first kept", "last": "repeats, last kept"}


@dataclass(frozen=True)
class Effect:
    """What a rule removes of what the rules before it left.

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
    """What the rules do to what was read.

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
    """What rules leave.

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


def clean(rows: InteractionTable, rules: Rules, name: str, check: Check = unasked) -> Cleaned:
    """Apply the rules one after the other.

    Args:
        rows: what can be read.
        rules: what to leave out.
        name: of the file, for people.
        check: asked several times a second; may raise.

    Raises:
        UsageError: a rule needs what the file has not.
    """
    rules.check()
    sieve = _Sieve(rows)
    if rules.normalise_ids:
        check()
        sieve = _Sieve(normalised := rows.normalised(check))
        merged = len(rows.user_ids) - len(normalised.user_ids), len(rows.item_ids) - len(normalised.item_ids)
        sieve.effects.append(Effect("ids brought into one Unicode form (NFC)", 0, *merged))
        rows = normalised
    for rule, kept in _row_rules(rows, rules, name):
        check()
        sieve.drop(rule, kept())
    if rules.duplicates in REPEATS:
        sieve.drop(REPEATS[rules.duplicates], without_repeats(rows, sieve.keep, rules.duplicates, check))
    if rules.max_user:
        robots = sieve.user_counts > rules.max_user
        sieve.drop(f"users with more than {rules.max_user} interactions", ~robots[rows.users])
    if rules.core:
        bounds = rules.least_of_user, rules.least_of_item
        sieve.drop(rules.core, core(rows, sieve.keep, *bounds, check))
    return Cleaned(rows, sieve.keep, tuple(sieve.effects), sieve.user_counts, sieve.item_counts)


class _Sieve:
    """Rows that are still in, and how many each user and item has; each rule's effect is written down."""

    def __init__(self, rows: InteractionTable) -> None:
        self.rows = rows
        self.keep = np.ones(len(rows), dtype=bool)
        self.user_counts, self.item_counts = rows.user_counts.copy(), rows.item_counts.copy()
        self.effects: list[Effect] = []

    def drop(self, rule: str, kept: Mask) -> None:
        """Take out what a rule does not keep."""
        gone = self.keep & ~kept
        lost = []
        for left, codes in ((self.user_counts, self.rows.users), (self.item_counts, self.rows.items)):
            before = np.count_nonzero(left)
            left -= counts(codes[gone], len(left))
            lost.append(int(before - np.count_nonzero(left)))
        self.keep &= kept
        self.effects.append(Effect(rule, int(np.count_nonzero(gone)), *lost))


def _row_rules(rows: InteractionTable, rules: Rules, name: str) -> list[tuple[str, Callable[[], Mask]]]:
    """Rules that look at one row alone: in words, and which rows they keep."""
    found: list[tuple[str, Callable[[], Mask]]] = []
    if (wanted := rules.events) is not None:
        codes = rows.events
        if codes is None:
            raise _lacks(name, "types of events", "there is no type to keep", "the type of event")
        if not set(wanted) & set(rows.event_names):
            there = ", ".join(list(rows.event_counts)[:20])
            raise UsageError(f"“{name}” has no event of type “{', '.join(wanted)}”.", f"There are: {there}.")
        known = np.array([event in wanted for event in rows.event_names], dtype=bool)
        found.append((f"events other than {', '.join(wanted)}", lambda: known[codes]))
    times = rows.times
    if rules.since is not None or rules.until is not None:
        if times is None:
            raise _lacks(name, "times", "there is no first or last day to keep", "the time")
        if (since := rules.since) is not None:
            found.append((f"before {moment_text(since)}", lambda: times >= since))
        if (until := rules.until) is not None:
            found.append((f"after {moment_text(until)}", lambda: times <= until))
    if (least := rules.min_rating) is not None:
        ratings = rows.ratings
        if ratings is None:
            raise _lacks(name, "ratings", "there is no lowest rating to keep", "the rating")
        found.append((f"rating below {least:g}", lambda: ~(ratings < least)))
    return found


def _lacks(name: str, what: str, so: str, role: str) -> UsageError:
    return UsageError(f"“{name}” has no {what}, so {so}.", f"Leave the rule out, or say which column holds {role}.")


def without_repeats(rows: InteractionTable, keep: Mask, policy: Duplicates, check: Check = unasked) -> Mask:
    """Of kept rows with one user and item the first or the last one, or all but exact copies: all values equal, also
    in the further columns that are kept row by row.

    Without times two equal rows may be two visits, so "exact" then keeps them.
    """
    if policy == "all" or (policy == "exact" and rows.times is None):
        return keep
    result = keep.copy()
    for part in rows.chunks():
        check()
        inside = np.flatnonzero(keep[part]) + part.start
        if policy == "exact" and len(inside):
            inside = _tied(rows, inside)
        if len(inside):
            again = _copies(rows, inside) if policy == "exact" else _of_one_item(rows, inside, policy)
            result[inside[again]] = False
    return result


def _tied(rows: InteractionTable, inside: NDArray[np.int64]) -> NDArray[np.int64]:
    """Those of the rows that share user and time with a neighbour: no others can be copies."""
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


def core(rows: InteractionTable, keep: Mask, least_of_user: int, least_of_item: int, check: Check = unasked) -> Mask:
    """Of the kept rows those of users and of items with enough rows each, repeated until nothing changes."""
    result = keep.copy()
    users, items = rows.users[keep], rows.items[keep]
    alive = np.ones(len(users), dtype=bool)
    user_counts = counts(users, len(rows.user_ids))
    item_counts = counts(items, len(rows.item_ids))
    while True:
        check()
        few_users, few_items = user_counts < least_of_user, item_counts < least_of_item
        gone = (few_users[users] | few_items[items]) & alive
        if not gone.any():
            break
        alive &= ~gone
        user_counts -= counts(users[gone], len(user_counts))
        item_counts -= counts(items[gone], len(item_counts))
    result[keep] = alive
    return result
