"""The log that every sample holds: who took what, when, with which rating and event."""

import random
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime

BEGIN = 1_577_843_800
"""2020-01-01 01:56:40 UTC."""
TITLES = (
    "Heat", "Alien", "Brazil", "Up", "Fargo", "Big", "Ran", "M", "Tron", "Dune",
    "Seven", "Jaws", "Rocky", "Babe", "Speed", "Ghost", "Laura", "Gigi", "Shane", "Bambi",
)  # fmt: skip
GENRES = ("Action", "Comedy", "Drama", "Horror")


@dataclass(frozen=True)
class Event:
    """One interaction: numbers from 1 of user and item, epoch seconds, 1 to 5 stars, and a type of event."""

    user: int
    item: int
    time: int
    rating: int
    event: str

    @property
    def moment(self) -> datetime:
        """The time in UTC."""
        return datetime.fromtimestamp(self.time, UTC)

    def at(self, form: str) -> str:
        """The time as `strftime` writes it."""
        return self.moment.strftime(form)


def make_log(n_users: int = 24, n_items: int = 20, length: int = 6, seed: int = 0) -> list[Event]:
    """Events in order of time; nobody takes an item twice, and some minutes lie between two events of a user."""
    rng = random.Random(seed)
    events: list[Event] = []
    for user in range(1, n_users + 1):
        time = BEGIN + rng.randrange(40 * 86_400)
        for item in rng.sample(range(1, n_items + 1), rng.randint(length - 2, length + 2)):
            time += rng.randint(86_400, 200_000)
            rating = rng.choice((1, 2, 3, 3, 4, 4, 4, 5, 5))
            events.append(Event(user, item, time, rating, rng.choices(("view", "cart", "purchase"), (8, 3, 1))[0]))
    return sorted(events, key=lambda event: event.time)


def by_user(events: list[Event]) -> Iterator[tuple[int, list[Event]]]:
    """Each user with their events, in order of time."""
    found: dict[int, list[Event]] = defaultdict(list)
    for event in events:
        found[event.user].append(event)
    yield from sorted(found.items())


@dataclass(frozen=True)
class Right:
    """What an import must give.

    Attributes:
        user, item: ids in the file by number.
        times, ratings, events: whether these are read.
        titles: items have their titles.
        only: events that are there; all by default.
        refused: words of the sentence that refuses the file; "" where it is imported.
    """

    user: Callable[[int], str] = str
    item: Callable[[int], str] = str
    times: bool = True
    ratings: bool = False
    titles: bool = False
    only: Callable[[Event], bool] = field(default=lambda event: True)
    refused: str = ""

    def histories(self, log: list[Event]) -> dict[str, list[str]]:
        """Items of each user, in order of time."""
        found: dict[str, list[str]] = defaultdict(list)
        for event in filter(self.only, log):
            found[self.user(event.user)].append(self.item(event.item))
        return dict(found)
