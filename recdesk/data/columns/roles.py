"""Guesses the role of each column from its name, its values and all columns together, with a confidence."""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType

from recdesk.core.messages import Message
from recdesk.data.columns.assignment import Assignment
from recdesk.data.columns.guess import Doubt, Guess, Guesses, Reading
from recdesk.data.columns.moments import MOMENT, NUMBER, are_clocks, are_days
from recdesk.data.columns.named import guesses_by_name
from recdesk.data.columns.profile import Profile, profiles_of
from recdesk.data.columns.role_names import (
    FEATURES,
    MADE_UP,
    MOVIELENS_100K,
    MOVIELENS_PEOPLE,
    NAMES,
    ROLES,
    TYPED,
    key_of,
    plain_name,
    role_of_name,
    says_time,
)
from recdesk.data.columns.times import seconds_of

__all__ = [
    "FEATURES", "NUMBER", "ROLES", "TAKEN_FOR_GRANTED", "TYPED", "WORDS", "Doubt", "Guess", "Guesses", "Reading",
    "clock_beside", "entity_names", "guess_columns", "guess_roles", "guesses_of", "plain_name", "role_of_name",
    "roles_of", "user_columns_of",
]  # fmt: skip

TAKEN_FOR_GRANTED = 0.5
"""A guess with less confidence is a suggestion only."""
WORDS = re.compile(r"[^\W\d] | [^\W\d]|[\u3040-\u9fff\uac00-\ud7a3]{2}")
SPANS = re.compile(r"(?i)duration|length|elapsed|runtime|spent|dauer|时长|用时|耗时|長度|长度")
"""Names of columns whose h:mm values are durations, not times of day."""
DAY_SECONDS = 86_400


def guesses_of(
    columns: Sequence[str],
    rows: Sequence[Sequence[str]],
    named: bool,
    given: Mapping[str, str] = MappingProxyType({}),
    breaks: Collection[int] = (),
) -> Guesses:
    """A guess for each column, in their order, and the doubts; of ROLES each has one column at most.

    Args:
        columns: names, or made-up ones where the file has none.
        rows: sample of values.
        named: the names come from the file.
        given: the columns of the user and the item by role, as far as a person said them; without names one tells the
            other.
        breaks: numbers of the rows before which others are left out.
    """
    profiles = profiles_of(columns, rows, breaks)
    if named and not all(MADE_UP.fullmatch(column) for column in columns):
        found = guesses_by_name(profiles)
    else:
        found = _unnamed(profiles, rows, given)
    taken = {guess.column: guess for guess in found.columns if guess.role or guess.evidence}
    doubt = _finer_time(profiles, taken)
    _join_clock(columns, rows, taken)
    guesses = [taken.get(column, Guess(column)) for column in columns]
    return Guesses(guesses, [*found.doubts, *([doubt] if doubt else [])])


def guess_columns(columns: Sequence[str], rows: Sequence[Sequence[str]], named: bool) -> list[Guess]:
    """The guesses alone."""
    return [*guesses_of(columns, rows, named).columns]


def guess_roles(columns: Sequence[str], rows: Sequence[Sequence[str]], named: bool) -> dict[str, str]:
    """Column of each of ROLES that is found with some confidence."""
    return roles_of(guess_columns(columns, rows, named))


def roles_of(guesses: Sequence[Guess]) -> dict[str, str]:
    """The same of guesses already made."""
    found = {guess.role: guess.column for guess in guesses if guess.confidence >= TAKEN_FOR_GRANTED}
    return {role: found[role] for role in ROLES if role in found}


def user_columns_of(guesses: Sequence[Guess], roles: Mapping[str, str]) -> tuple[str, ...]:
    """Columns that seem to describe the user and have no other role."""
    found = [guess for guess in guesses if guess.role == "user_feature" and guess.confidence >= TAKEN_FOR_GRANTED]
    return tuple(guess.column for guess in found if guess.column not in roles.values())


def clock_beside(time: str, columns: Sequence[str], rows: Sequence[Sequence[str]], taken: Collection[str] = ()) -> str:
    """The column with the time of day that belongs to the days of the column `time`; "" where it needs or has none.

    Args:
        time: the column with the times; "" for none.
        columns: names.
        rows: sample of values.
        taken: columns that are something else.
    """
    if time not in columns or not are_days(_values(rows, columns.index(time))):
        return ""
    free = (at for at, column in enumerate(columns) if column != time and column not in taken)
    clocks = [columns[at] for at in free if not SPANS.search(columns[at]) and are_clocks(_values(rows, at))]
    return max(clocks, key=says_time, default="")


def looks_like_items(rows: Sequence[Sequence[str]]) -> bool:
    """An unnamed file of items: its first column never repeats and its second is mostly words, hardly repeated."""
    first = [row[0] for row in rows if row]
    second = [row[1] for row in rows if len(row) > 1]
    words = [value for value in second if WORDS.search(value.strip())]
    moments = [value for value in second if MOMENT.fullmatch(value)]
    return (
        len(first) > 1
        and len(set(first)) == len(first)
        and 2 * len(words) > len(second) > 2 * len(moments)
        and 2 * len(set(second)) > len(second)
    )


def looks_like_people(rows: Sequence[Sequence[str]]) -> bool:
    """An unnamed file of users, as MovieLens' u.user and users.dat: ids that never repeat, and a column of sexes."""
    first = [row[0] for row in rows if row]
    width = min((len(row) for row in rows), default=0)
    return width > 2 and len(first) > 1 and len(set(first)) == len(first) and _sexes(rows, width) > 0


def entity_names(rows: Sequence[Sequence[str]], width: int) -> list[str] | None:
    """Names for the columns of an unnamed file of items or users: MovieLens' files, and their like."""
    if looks_like_people(rows):
        known = MOVIELENS_PEOPLE.get((_sexes(rows, width), width))
        return list(known or ("user", *(f"column {at}" for at in range(2, width + 1))))
    if not looks_like_items(rows):
        return None
    if width == 3:
        return ["item", "title", "genres"]
    if width == len(MOVIELENS_100K):
        return list(MOVIELENS_100K)
    return ["item", "title", *(f"column {at}" for at in range(3, width + 1))]


def _sexes(rows: Sequence[Sequence[str]], width: int) -> int:
    """The first column with nothing but sexes; 0 for none."""
    sexes = {"m", "f", "male", "female", ""}
    for at in range(1, width):
        column = (row[at].strip().lower() for row in rows if len(row) > at)
        if all(value in sexes for value in column) and any(row[at].strip() for row in rows if len(row) > at):
            return at
    return 0


def _values(rows: Sequence[Sequence[str]], at: int) -> list[str]:
    """The values of a column, trimmed, without empty ones."""
    return [row[at].strip() for row in rows if len(row) > at and row[at].strip()]


def _unnamed(profiles: Sequence[Profile], rows: Sequence[Sequence[str]], given: Mapping[str, str]) -> Guesses:
    """Guesses for a file without column names: of items or users by their looks, of interactions by all values."""
    columns = [profile.column for profile in profiles]
    if len(columns) < 2:
        return Guesses([Guess(column) for column in columns])
    found: dict[str, Guess] = {}
    if looks_like_people(rows):
        found = {column: Guess(column, "user_feature", 0.6, "place") for column in columns[1:] if _of_person(column)}
        found[columns[0]] = Guess(columns[0], "user", 0.7, "values")
    elif looks_like_items(rows):
        found[columns[0]] = Guess(columns[0], "item", 0.7, "place")
        found[columns[1]] = Guess(columns[1], "title", 0.7, "values")
    else:
        return Assignment(profiles, given).guesses()
    return Guesses([found.get(column, Guess(column)) for column in columns])


def _of_person(column: str) -> bool:
    return key_of(column) in NAMES["user_feature"]


def _finer_time(profiles: Sequence[Profile], taken: dict[str, Guess]) -> Doubt | None:
    """Moments beside their days are the time, which becomes so in `taken`."""
    day = next((profile for profile in profiles if _role(taken, profile) == "time"), None)
    if day is None or not are_days(day.filled):
        return None
    free = [profile for profile in profiles if _role(taken, profile) in ("", "clock", *FEATURES) and profile.moment]
    for finer in free:
        if finer is day or are_days(finer.filled) or finer.share_of_ids < 0.9 * day.share_of_ids:
            continue
        if _same_days(day.values, finer.values):
            note = Message("evidence.finer-time", column=day.column, finer=finer.column)
            readings = tuple(
                Reading({"time": profile.column}, Message("evidence.moments", example=profile.filled[0]))
                for profile in (finer, day)
            )
            was = taken.pop(day.column)
            taken[finer.column] = replace(was, column=finer.column, reason="values", evidence=readings[0].evidence)
            return Doubt("time", readings, note=note)
    return None


def _role(taken: Mapping[str, Guess], profile: Profile) -> str:
    return taken[profile.column].role if profile.column in taken else ""


def _same_days(days: Sequence[str], moments: Sequence[str]) -> bool:
    """Nearly all moments are of their day, or of the one beside it where the clocks are of different zones."""
    both = [(day, moment) for day, moment in zip(days, moments, strict=True) if day and moment]
    read = zip(seconds_of([day for day, _ in both]), seconds_of([moment for _, moment in both]), strict=True)
    near = sum(
        one is not None and other is not None and -DAY_SECONDS < other - one < 2 * DAY_SECONDS for one, other in read
    )
    return bool(both) and near >= 0.9 * len(both)


def _join_clock(columns: Sequence[str], rows: Sequence[Sequence[str]], taken: dict[str, Guess]) -> None:
    """Two columns “date, time” together make the time."""
    time = roles_of(list(taken.values())).get("time", "")
    others = {column for column, guess in taken.items() if guess.role not in ("clock", "user_feature", "item_feature")}
    if clock := clock_beside(time, columns, rows, others):
        for column in [column for column, guess in taken.items() if guess.role == "clock"]:
            del taken[column]
        taken[clock] = Guess(clock, "clock", 0.9 if says_time(clock) else 0.6, "values")
