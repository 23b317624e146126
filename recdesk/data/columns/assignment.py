"""Which unnamed column is the user, the item, the time and so on: told from all columns together by their values.

Points are added up for each pair of a user and an item column (with the time that suits it best); they are rough
log-odds. What a value *is* (a moment, a coordinate, one of few words) counts most; the order of the columns, which is
a habit only, counts least.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import permutations
from types import MappingProxyType

from recdesk.core.messages import Message
from recdesk.data.columns.guess import Doubt, Guess, Guesses, Reading
from recdesk.data.columns.profile import Profile, coordinates, determines, runs_in_order

NEVER = 10.0
ORDER, PLACE = 0.8, 0.35
"""For a user in front of the item; against a column for each other one in front of it that could be an id."""
SPELT = {"user": 0.8, "item": -0.8}
"""For a user, against an item, whose ids are written as those of users or of items are."""
MOST_CANDIDATES = 12
"""Columns that are tried as user or item."""
CLOSE = 0.31
"""Two readings are close whose points differ by less: by no more than ORDER is above what rows of a value that stand
together count for a user."""
FEW_USERS = 5
"""With fewer of them in the sample their items need not come again."""
ENOUGH = 20
"""Rows whose repeats tell something."""
SHOWN_WORDS = 4


@dataclass(frozen=True)
class Scored:
    """A pair of user and item, with its time, and their points."""

    user: Profile
    item: Profile
    time: Profile | None
    points: float


class Assignment:
    """The roles of the columns of a file without names.

    Args:
        profiles: of two columns or more.
        given: the columns of the user and the item by role, where a person said them.
    """

    def __init__(self, profiles: Sequence[Profile], given: Mapping[str, str] = MappingProxyType({})) -> None:
        self.profiles = profiles
        self._given = given
        self.places = coordinates(profiles)
        self._weight = min(len(profiles[0].values) / ENOUGH, 1.0)  # of what a few rows say by chance

    def guesses(self) -> Guesses:
        """The guesses, and a doubt where another reading is close."""
        best = self._ranked[0]
        found = {
            best.user.column: self._of_id("user", best.user, best),
            best.item.column: self._of_id("item", best.item, best),
        }
        if best.time is not None:
            found[best.time.column] = Guess(
                best.time.column, "time", 0.8, "values", Message("evidence.moments", example=best.time.filled[0])
            )
        for kind in (self._event, self._title, self._rating):
            if guess := kind(best, found):
                found[guess.column] = guess
        for column in self.places - found.keys():
            found[column] = Guess(column, "", 0.0, "values", Message("evidence.coordinates"))
        columns = [found.get(profile.column, Guess(profile.column)) for profile in self.profiles]
        return Guesses(columns, self._doubts())

    @cached_property
    def _place(self) -> dict[str, int]:
        """How many columns that could be ids stand in front of each."""
        places, before = {}, 0
        for profile in self.profiles:
            places[profile.column] = before
            before += self._as_id(profile) > -NEVER / 2 and not (profile.constant and profile.at > 0)
        return places

    @cached_property
    def _ranked(self) -> list[Scored]:
        """All pairs, the likeliest first."""
        tried = sorted(self.profiles, key=lambda p: 0.05 * p.at - max(self._as_user(p), self._as_item(p)))
        tried = tried[:MOST_CANDIDATES]
        moments = [profile for profile in self.profiles if profile.moment]
        pairs = [*permutations(tried, 2)]
        said = [pair for pair in pairs if self._as_said(*pair)]
        scored = [self._scored(user, item, moments) for user, item in said or pairs]
        return sorted(scored, key=lambda pair: -pair.points)

    def _as_said(self, user: Profile, item: Profile) -> bool:
        columns = {"user": user.column, "item": item.column}
        return all(columns[role] == column for role, column in self._given.items())

    def _scored(self, user: Profile, item: Profile, moments: Sequence[Profile]) -> Scored:
        others = [profile for profile in moments if profile is not user and profile is not item]
        time = max(others, key=lambda profile: profile.moment, default=None)
        points = self._as_user(user) + self._as_item(item) + self._as_pair(user, item)
        points += time.moment if time is not None else 0.0
        if time is not None and user.grouped and runs_in_order(user, time):
            points += 1.0  # a history after the other, each in the order of its times
        return Scored(user, item, time, points)

    def _as_user(self, profile: Profile) -> float:
        """Points of a column as the user."""
        points = -1.2 if profile.small and not profile.grouped and not profile.constant else 0.0
        points += 0.5 * profile.grouped - 0.3 * (profile.constant and profile.at > 0)
        return self._as_id(profile) + points * self._weight + SPELT.get(profile.says, 0.0)

    def _as_item(self, profile: Profile) -> float:
        """Points of a column as the item."""
        points = -1.6 * profile.small - 2.5 * profile.constant
        return self._as_id(profile) + points * self._weight - SPELT.get(profile.says, 0.0)

    def _as_id(self, profile: Profile) -> float:
        """What speaks against ids of any kind."""
        return self._ids[profile.at]

    @cached_property
    def _ids(self) -> list[float]:
        return [self._against_ids(profile) for profile in self.profiles]

    def _against_ids(self, profile: Profile) -> float:
        if profile.column in self.places or not profile.filled or profile.clock:
            return -NEVER
        points = -NEVER if profile.moment and not profile.numeric else -profile.moment
        points -= 3.0 * profile.fractional + 3.0 * profile.known_events + 1.5 * profile.few_words * self._weight
        points -= 2.5 if profile.counting else 1.5 if profile.never_repeats else 0.0
        points -= 0.7 if profile.text else 0.0
        return points - 2.0 * (1 - profile.share_of_ids)

    def _as_pair(self, user: Profile, item: Profile) -> float:
        """What the two say of each other, and the order in which they stand."""
        points = ORDER if user.at < item.at else 0.0
        points -= PLACE * (self._place[user.column] + self._place[item.column])
        if item.never_repeats and user.distinct < FEW_USERS and user.at < item.at and self._leads(user):
            points += 2.5 if item.counting else 1.5  # few people took everything once: that is to be expected of items
        points -= 2.0 if self._determines(user, item) and not item.constant else 0.0  # a feature of the user
        points -= 2.0 if self._determines(item, user) else 0.0  # an order or a session
        points += 1.3 if self._has_orders(user) else 0.0
        for other in self._finest:  # a feature of another column, such as the category of the item
            finer = other is not user and other is not item and other.distinct > item.distinct
            finer = finer and not (item.hashed and other.numeric)  # a number has no id for a feature
            if finer and self._determines(other, item):
                return points - 1.2
        return points

    @cached_property
    def _finest(self) -> list[Profile]:
        """Columns that could be ids, as far as it is worth to look at so many."""
        return [profile for profile in self.profiles if self._as_id(profile) > -1.5][:MOST_CANDIDATES]

    def _leads(self, user: Profile) -> bool:
        """No column in front of it could be the user."""
        return all(self._as_id(profile) <= -1.0 for profile in self.profiles[: user.at])

    def _has_orders(self, user: Profile) -> bool:
        """Another column has orders or sessions, whose rows stand together, and each is of one of these users."""
        if user.constant or user.grouped or min(map(len, user.counts), default=0) < 4:  # ages and the like
            return False
        return any(
            other.grouped and 0.4 <= user.distinct / other.distinct <= 0.9 and self._determines(other, user)
            for other in self._finest
        )

    def _determines(self, one: Profile, other: Profile) -> bool:
        known = self.__dict__.setdefault("_known", {})
        if (one.at, other.at) not in known:
            known[one.at, other.at] = bool(determines(one, other))
        return bool(known[one.at, other.at])

    def _feature(self, profile: Profile, best: Scored) -> bool:
        """A feature of the user or of the item: theirs is the same in all their rows."""
        least = 30 if profile.small else 8  # ratings of a few rows may be the same by chance
        return bool(determines(best.user, profile, least) or determines(best.item, profile, least))

    def _of_id(self, role: str, profile: Profile, best: Scored) -> Guess:
        """The guess of the user or the item; surer, the farther the next reading is behind."""
        others = [pair for pair in self._ranked if getattr(pair, role) is not profile]
        margin = best.points - others[0].points if others else ORDER
        confidence = round(0.55 + 0.4 * min(margin, 4.0) / 4.0, 3)
        told = role == "user" and profile.grouped
        return Guess(profile.column, role, confidence, "values" if told else "place", self._evidence(role, best))

    def _evidence(self, role: str, pair: Scored) -> Message:
        profile = pair.user if role == "user" else pair.item
        if role == "user" and profile.grouped:
            return Message("evidence.together", count=profile.distinct)
        if profile.never_repeats:
            return Message("evidence.nothing-else")
        rows = len(profile.filled)
        if pair.user.at < pair.item.at:
            return Message("evidence.by-place", count=profile.distinct, rows=rows)
        return Message("evidence.comes-again", count=profile.distinct, rows=rows)

    def _event(self, best: Scored, taken: dict[str, Guess]) -> Guess | None:
        free = [profile for profile in self.profiles if profile.column not in taken]
        for profile in free:
            if profile.known_events:
                return Guess(profile.column, "event", 0.7, "values", _words(profile))
        for profile in free:
            if not profile.few_words:
                continue
            varies = determines(best.item, profile) is False and determines(best.user, profile) is False
            if varies or (profile.constant and profile.at < max(best.user.at, best.item.at)):
                return Guess(profile.column, "event", 0.55, "values", _words(profile))
        return None

    def _title(self, best: Scored, taken: dict[str, Guess]) -> Guess | None:
        """Words that name the item: one for each, hardly two alike."""
        for profile in self.profiles:
            named = profile.column not in taken and profile.words and not profile.few_words
            alike = profile.distinct >= 0.9 * best.item.distinct
            if named and alike and self._determines(best.item, profile):
                return Guess(profile.column, "title", 0.6, "values", Message("evidence.names-the-item"))
        return None

    def _rating(self, best: Scored, taken: dict[str, Guess]) -> Guess | None:
        """Small numbers, those first that are most like ratings."""
        found = []
        for profile in self.profiles:
            if profile.column in taken or profile.column in self.places or not profile.numeric or profile.moment:
                continue
            middle = sorted(map(abs, profile.numbers))[len(profile.numbers) // 2]
            if middle <= 100 and not profile.counting and not self._feature(profile, best):
                found.append((profile.constant, not profile.small, profile.at, profile))
        for constant, _, _, profile in sorted(found, key=lambda entry: entry[:3])[:1]:
            sure = 0.4 if constant and self._weight == 1.0 else 0.6  # one number in all rows rates nothing
            return Guess(profile.column, "rating", sure, "values", Message("evidence.small-numbers"))
        return None

    def _doubts(self) -> list[Doubt]:
        """Another reading of the user or the item whose points are close."""
        best = self._ranked[0]
        near = [pair for pair in self._ranked[1:] if best.points - pair.points < CLOSE]
        if not near:
            return []
        role = "user" if near[0].user is not best.user else "item"
        readings = tuple(self._reading(pair) for pair in (best, near[0]))
        return [Doubt(role, readings, close=True)]

    def _reading(self, pair: Scored) -> Reading:
        evidence = Message(
            "evidence.user-and-item",
            user=pair.user.column,
            user_evidence=self._evidence("user", pair),
            item=pair.item.column,
            item_evidence=self._evidence("item", pair),
        )
        return Reading({"user": pair.user.column, "item": pair.item.column}, evidence)


def _words(profile: Profile) -> Message:
    shown = ", ".join(word for word, _ in profile.counts.most_common(SHOWN_WORDS))
    return Message("evidence.few-words", words=shown)
