"""Guesses the role of each column from its name, values and position, with a confidence."""

import re
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from recdesk.data.columns.clocks import CLOCK
from recdesk.data.columns.role_names import EVENTS, IDS, ITEMS, MOVIELENS_100K, MOVIELENS_PEOPLE, NAMES, USERS
from recdesk.data.columns.written_dates import MOMENT

ROLES = ("user", "item", "rating", "time", "clock", "event", "title")
"""Roles that one column has; a clock is the time of day where the column with the time has but the day."""
FEATURES = ("user_feature", "item_feature")
"""Roles that many columns have."""
TAKEN_FOR_GRANTED = 0.5
"""A guess with less confidence is a suggestion only."""
TYPED = re.compile(r"(.+):(token|token_seq|float|float_seq)")
"""A column name of RecBole's atomic files."""
NUMBER = re.compile(r"\s*[+-]?\d+([.,]\d+)?\s*")
WORDS = re.compile(r"[^\W\d] | [^\W\d]|[\u3040-\u9fff\uac00-\ud7a3]{2}")
DAY = re.compile(
    r"(?ix)(?:19|20)\d{6} | [^:时時点點]*[^:时時点點\d][^:时時点點]*?"
    r"(?:[T\s](?:0?0:00(?::00(?:\.0+)?)?(?:Z|[+-]00:?00)?|12:00(?::00)?\sAM))?"
)
"""A date without a clock, or with the midnight that programs write where they know none."""
SPANS = re.compile(r"(?i)duration|length|elapsed|runtime|spent|dauer|时长|用时|耗时|長度|长度")
"""Names of columns whose h:mm values are durations, not times of day."""
NEARLY_ALL = 0.9
"""Share of values."""


@dataclass(frozen=True)
class Guess:
    """The guessed role of a column.

    Attributes:
        column: its name.
        role: one of ROLES or FEATURES, or "".
        confidence: 0..1; from TAKEN_FOR_GRANTED on the role is taken unless a person says otherwise.
        reason: what tells so: "name", "values" or "place".
    """

    column: str
    role: str = ""
    confidence: float = 0.0
    reason: str = "name"


def plain_name(name: str) -> str:
    """A column name without the type that RecBole writes behind it."""
    typed = TYPED.fullmatch(name.strip())
    return typed.group(1) if typed else name.strip()


def role_of_name(name: str) -> str | None:
    """The role of ROLES that a column name speaks of, or None. `Movie_ID` and `movie id:token` are one name."""
    key = _key(name)
    return next((role for role in ROLES if key in NAMES[role]), None)


def guess_columns(columns: Sequence[str], rows: Sequence[Sequence[str]], named: bool) -> list[Guess]:
    """A guess for each column, in their order; of ROLES each has one column at most.

    Args:
        columns: names, or made-up ones where the file has none.
        rows: sample of values.
        named: the names come from the file.
    """
    values = [_values(rows, at) for at in range(len(columns))]
    if named:
        ranked = [guess for column, own in zip(columns, values, strict=True) for guess in _by_name(column, own)]
    else:
        ranked = _by_place(columns, values, rows)
    ranked.sort(key=lambda guess: -guess.confidence)
    taken: dict[str, Guess] = {}
    for guess in ranked:
        used = {given.role for given in taken.values()} & {*ROLES}
        if guess.column not in taken and guess.role not in used:
            taken[guess.column] = guess
    if named:
        _name_the_item(taken)
    _join_clock(columns, rows, taken)
    return [taken.get(column, Guess(column)) for column in columns]


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
    return max(clocks, key=_says_time, default="")


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
    for at in range(1, width):
        column = {row[at].strip().lower() for row in rows if len(row) > at} - {""}
        if column and column <= {"m", "f", "male", "female"}:
            return at
    return 0


def _values(rows: Sequence[Sequence[str]], at: int) -> list[str]:
    """The values of a column, trimmed, without empty ones."""
    return [row[at].strip() for row in rows if len(row) > at and row[at].strip()]


def are_clocks(values: Sequence[str]) -> bool:
    """Nearly all of these (trimmed, not empty) are times of day."""
    return bool(values) and sum(CLOCK.fullmatch(value) is not None for value in values) >= NEARLY_ALL * len(values)


def are_days(values: Sequence[str]) -> bool:
    """Nearly all of these, which are dates or moments, are without a time of day."""
    return bool(values) and sum(DAY.fullmatch(value) is not None for value in values) >= NEARLY_ALL * len(values)


def _says_time(column: str) -> bool:
    return _key(column) in (*NAMES["time"], *NAMES["clock"])


def _key(name: str) -> str:
    return re.sub(r"[\s_\-.#]+", "", plain_name(name).casefold())


def _by_name(column: str, values: Sequence[str]) -> list[Guess]:
    """Guesses for a column by its name, else by its values."""
    key = _key(column)
    found: list[Guess] = []
    not_so = "time" if (clocks := are_clocks(values)) else "clock"
    for role, names in NAMES.items():
        if key in names and role != not_so:
            standing = 0.9 - 0.35 * names.index(key) / len(names)
            found.append(Guess(column, role, _checked(standing, role, values)))
    if found:
        return found
    for role, stems in (("user", USERS), ("item", ITEMS)):
        ids = any(stem in key for stem in stems) and key.endswith(IDS)
        if ids:
            found.append(Guess(column, role, 0.55))
    if clocks:
        return found or [Guess(column, "clock", 0.3, "values")]  # without days it is no time
    role, sure = _role_of_values(values)
    if role:
        found.append(Guess(column, role, min(sure, 0.6 if role in ("time", "event") else 0.4), "values"))
    return found


def _checked(standing: float, role: str, values: Sequence[str]) -> float:
    """A confidence by name, raised or lowered by what the values look like."""
    if not values or role not in ("time", "rating"):
        return standing
    numbers = sum(NUMBER.fullmatch(value) is not None for value in values)
    moments = sum(MOMENT.fullmatch(value) is not None for value in values) if role == "time" else 0
    share = (max(moments, 0.7 * numbers) if role == "time" else numbers) / len(values)  # a time may be any number
    return round(standing + 0.1 * share - 0.2 * (1 - share), 3)


def _name_the_item(taken: dict[str, Guess]) -> None:
    """ "user, name": where nothing else tells items apart, the name does."""
    roles = {guess.role: column for column, guess in taken.items()}
    if "user" in roles and "item" not in roles and "title" in roles:
        taken[roles["title"]] = Guess(roles["title"], "item", 0.6)


def _join_clock(columns: Sequence[str], rows: Sequence[Sequence[str]], taken: dict[str, Guess]) -> None:
    """Two columns “date, time” together make the time."""
    time = roles_of(list(taken.values())).get("time", "")
    others = {column for column, guess in taken.items() if guess.role not in ("clock", "user_feature", "item_feature")}
    if clock := clock_beside(time, columns, rows, others):
        for column in [column for column, guess in taken.items() if guess.role == "clock"]:
            del taken[column]
        taken[clock] = Guess(clock, "clock", 0.9 if _says_time(clock) else 0.6, "values")


def _by_place(columns: Sequence[str], values: Sequence[Sequence[str]], rows: Sequence[Sequence[str]]) -> list[Guess]:
    """Guesses for a file without column names: user and item come first, others are recognised by their values."""
    if len(columns) < 2:
        return []
    if looks_like_people(rows):
        known = [column for column in columns[1:] if _key(column) in NAMES["user_feature"]]
        return [Guess(columns[0], "user", 0.7, "values"), *(Guess(c, "user_feature", 0.6, "place") for c in known)]
    if looks_like_items(rows):
        return [Guess(columns[0], "item", 0.7, "place"), Guess(columns[1], "title", 0.7, "values")]
    found = [Guess(columns[0], "user", 0.6, "place"), Guess(columns[1], "item", 0.6, "place")]
    for column, own in list(zip(columns, values, strict=True))[2:]:
        role, sure = _role_of_values(own)
        if role:
            found.append(Guess(column, role, sure, "values"))
    return found


def _role_of_values(values: Sequence[str]) -> tuple[str, float]:
    """The role that nearly all values fit; the few others are rejected by the import."""
    if not values:
        return "", 0.0
    enough = 0.9 * len(values)
    moments = sum(MOMENT.fullmatch(value) is not None for value in values)
    if moments >= enough:
        return "time", 0.8
    numbers = [abs(float(value.replace(",", "."))) for value in values if NUMBER.fullmatch(value)]
    if len(numbers) >= enough:
        middle = sorted(numbers)[len(numbers) // 2]
        return ("rating", 0.6) if middle <= 100 else ("", 0.0)
    kinds = Counter(value.casefold() for value in values)
    known = sum(count for kind, count in kinds.items() if kind in EVENTS)
    return ("event", 0.7) if known >= 0.5 * len(values) and len(kinds) <= 30 else ("", 0.0)
