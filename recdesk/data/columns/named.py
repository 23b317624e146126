"""Which column is what in a file that names its columns: told by the names, then by the values."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from recdesk.core.messages import Message
from recdesk.data.columns.guess import Doubt, Guess, Guesses, Reading
from recdesk.data.columns.moments import MOMENT, NUMBER
from recdesk.data.columns.profile import Profile, coordinates
from recdesk.data.columns.role_names import (
    DEVICES,
    FINER,
    HASHES,
    IDS,
    ITEMS,
    NAMES,
    RATED,
    ROLES,
    THINGS,
    USERS,
    key_of,
)

PLACES = re.compile(r"(?i)lat|lon|lng|long|latitude|longitude|纬度|经度")
EMPTY, FULL, SPARSE = 0.5, 0.9, 0.98
"""A column with ids in fewer of its rows than the first gives way to one with ids in more than the second; between the
first and the last, one that has more is worth a note."""
WHOLE = frozenset({"place", "app", "doc", "pin", "poi", "fan", "repo", "show", "post", "anon"})
"""Words that have to be the whole name, but for its ending: a “marketplace” is no “place”."""
ALIKE = 0.6
"""Names that only resemble have less confidence."""
_ALIKE: Sequence[tuple[str, Sequence[str]]] = (("user", USERS), ("item", ITEMS))


def _with_ids(stems: Iterable[str]) -> tuple[str, ...]:
    return tuple(stem + ending for stem in stems for ending in IDS)


_RARER = tuple(
    (role, frozenset(_with_ids(stems)), _with_ids({*stems} - WHOLE))
    for role, stems in (("user", DEVICES), ("item", THINGS))
)


def names_finer(column: str) -> bool:
    """The name speaks of ids of which a person may have several: sessions, devices, cards."""
    key = key_of(column)
    for ending in (*IDS, *HASHES):
        key = key.removesuffix(ending)
    return key.endswith(FINER) and key not in USERS[: USERS.index("session")]


def names_people(column: str) -> bool:
    """The name speaks of the ids of people."""
    key = key_of(column)
    named = key in NAMES["user"] or (key.endswith((*IDS, *HASHES)) and any(stem in key for stem in USERS))
    return named and not names_finer(column)


def guesses_by_name(profiles: Sequence[Profile]) -> Guesses:
    """A guess for each column; of ROLES each has one column at most."""
    places = coordinates(profiles)
    ranked = [guess for profile in profiles for guess in _of_column(profile, profile.column in places)]
    doubts: list[Doubt] = []
    for role in ("user", "item"):
        ranked, doubt = _fullest(role, ranked, {profile.column: profile for profile in profiles})
        doubts += [doubt] if doubt else []
    taken: dict[str, Guess] = {}
    for guess in sorted(ranked, key=lambda guess: -guess.confidence):
        used = {given.role for given in taken.values()} & {*ROLES}
        if guess.column not in taken and guess.role not in used:
            taken[guess.column] = guess
    _name_the_item(taken, profiles)
    columns = [taken.get(profile.column, Guess(profile.column)) for profile in profiles]
    return Guesses(columns, [doubt for doubt in doubts if _stands(doubt, taken)])


def _of_column(profile: Profile, place: bool) -> Iterator[Guess]:
    """Guesses for a column by its name, else by its values."""
    key = key_of(profile.column)
    not_so = "time" if profile.clock else "clock"
    named = False
    for role, names in NAMES.items():
        if key in names and role != not_so:
            standing = 0.9 - 0.35 * names.index(key) / len(names)
            yield Guess(profile.column, role, _checked(standing, role, profile.filled), "name")
            named = True
    if not named and key in RATED:
        yield Guess(profile.column, "rating", _checked(0.6, "rating", profile.filled), "name")
        named = True
    if named:
        return
    resembling = [*_resembling(key, profile.column)]
    yield from resembling
    if profile.clock:
        if not resembling:
            yield Guess(profile.column, "clock", 0.3, "values")  # without days it is no time
        return
    if not place and not PLACES.fullmatch(key):
        yield from _by_values(profile)


def _resembling(key: str, column: str) -> Iterator[Guess]:
    """Guesses by a name that only resembles: “anonymous_user_id”, “beer_beerid”."""
    for role, stems in _ALIKE:
        if key.endswith((*IDS, *HASHES)) and any(stem in key for stem in stems):
            yield Guess(column, role, 0.55, "name")
    for role, whole, endings in _RARER:
        if key in whole or key.endswith(endings):
            yield Guess(column, role, 0.52, "name")
    if key.endswith("profilename"):
        yield Guess(column, "user", 0.52, "name")


def _by_values(profile: Profile) -> Iterator[Guess]:
    """The role that nearly all values fit; the few others are rejected by the import."""
    if profile.dated:
        yield Guess(profile.column, "time", 0.6, "values", Message("evidence.moments", example=profile.filled[0]))
    elif profile.numeric:
        middle = sorted(map(abs, profile.numbers))[len(profile.numbers) // 2]
        if middle <= 100:
            yield Guess(profile.column, "rating", 0.4, "values", Message("evidence.small-numbers"))
    elif profile.known_events:
        words = ", ".join(word for word, _ in profile.counts.most_common(4))
        yield Guess(profile.column, "event", 0.6, "values", Message("evidence.few-words", words=words))


def _checked(standing: float, role: str, values: Sequence[str]) -> float:
    """A confidence by name, raised or lowered by what the values look like."""
    if not values or role not in ("time", "rating"):
        return standing
    numbers = sum(NUMBER.fullmatch(value) is not None for value in values)
    moments = sum(MOMENT.fullmatch(value) is not None for value in values) if role == "time" else 0
    share = (max(moments, 0.7 * numbers) if role == "time" else numbers) / len(values)  # a time may be any number
    return round(standing + 0.1 * share - 0.2 * (1 - share), 3)


def _fullest(role: str, ranked: list[Guess], profiles: dict[str, Profile]) -> tuple[list[Guess], Doubt | None]:
    """The guesses, in which a column that is mostly empty gives way to a full one; and what else the ids could be."""
    own = sorted((guess for guess in ranked if guess.role == role), key=lambda guess: -guess.confidence)
    if len(own) < 2:
        return ranked, None
    first, share = own[0], profiles[own[0].column].share_of_ids
    fuller = [guess for guess in own[1:] if profiles[guess.column].share_of_ids >= max(FULL, share + 0.02)]
    if fuller and share < EMPTY:
        behind = replace(first, confidence=0.3)
        doubt = _doubt(
            role, fuller[0], first, profiles, Message("evidence.fuller-taken", **_counts(fuller[0], first, profiles))
        )
        return [behind if guess is first else guess for guess in ranked], doubt
    if fuller and share < SPARSE:
        note = Message("evidence.fuller-left", **_counts(fuller[0], first, profiles))
        return ranked, _doubt(role, first, fuller[0], profiles, note)
    if own[0].confidence < ALIKE and own[1].confidence >= own[0].confidence:
        return ranked, replace(_doubt(role, own[0], own[1], profiles, ""), close=True)
    return ranked, None


def _counts(fuller: Guess, emptier: Guess, profiles: dict[str, Profile]) -> dict[str, object]:
    profile = profiles[emptier.column]
    rows = len(profile.values)
    return {
        "count": round((1 - profile.share_of_ids) * rows), "rows": rows, "column": emptier.column,
        "fuller": fuller.column,
    }  # fmt: skip


def _doubt(role: str, taken: Guess, other: Guess, profiles: dict[str, Profile], note: str) -> Doubt:
    readings = tuple(Reading({role: guess.column}, _ids_in(profiles[guess.column])) for guess in (taken, other))
    return Doubt(role, readings, note=note)


def _ids_in(profile: Profile) -> Message:
    return Message(
        "evidence.ids-in", count=round(profile.share_of_ids * len(profile.values)), rows=len(profile.values),
        distinct=profile.distinct,
    )  # fmt: skip


def _stands(doubt: Doubt, taken: dict[str, Guess]) -> bool:
    """The column that the doubt takes has the role; the other one has no other role."""
    column, other = (reading.columns[doubt.role] for reading in doubt.readings)
    return taken[column].role == doubt.role and (other not in taken or taken[other].role not in ROLES)


def _name_the_item(taken: dict[str, Guess], profiles: Sequence[Profile]) -> None:
    """ "user, id, name": where nothing else tells items apart, an id that comes again does, else the name."""
    roles = {guess.role: column for column, guess in taken.items()}
    if "user" not in roles or "item" in roles:
        return
    bare = [
        one.column for one in profiles if key_of(one.column) == "id" and one.column not in taken and one.comes_again
    ]
    if bare:
        taken[bare[0]] = Guess(bare[0], "item", 0.6, "name")
    elif "title" in roles:
        taken[roles["title"]] = Guess(roles["title"], "item", 0.6, "name")
