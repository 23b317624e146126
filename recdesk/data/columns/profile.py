"""What the values of a column are, from a sample of its rows."""

import re
from collections import Counter
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby, pairwise

from recdesk.data.columns.left_out import SPELLINGS, suspects_in
from recdesk.data.columns.moments import CLOCK, MOMENT, NEARLY_ALL, NUMBER
from recdesk.data.columns.role_names import EVENTS

LETTERS = re.compile(r"[^\W\d_]")
DIGIT = re.compile(r"\d")
FRACTION = re.compile(r"\s*[+-]?\d+[.,](\d+)\s*")
HASH = re.compile(r"(?i)[0-9a-z+/=_-]{16,}")
BOOK = re.compile(r"B0[0-9A-Z]{8}|\d{9}[\dX]")
"""Amazon's ASIN; an ISBN of ten digits."""
PERSON = re.compile(r"A[0-9A-Z]{11,27}|[^@\s]+@[^@\s]+\.\w+|(?i:user|member|customer|visitor|client)[ _-]?\w*\d")
"""Amazon's ids of users, mail addresses, ids that begin with what they are."""
THING = re.compile(r"(?i)(?:item|movie|film|product|prod|sku|article|book|song|track|video|game)[ _-]?\w*\d")
LIKELY = ((631_152_000, 2_100_000_000), (631e9, 2_100e9), (631e12, 2_100e12), (631e15, 2_100e15))
"""Epoch numbers of 1990 to 2036 in seconds, milli-, micro- and nanoseconds."""
FEW = 20
"""In fewer rows nothing needs to come again."""
MOST_KINDS = 12
"""Words that a column of types of events has at most."""


@dataclass(frozen=True)
class Profile:
    """The sample of a column.

    Attributes:
        column: its name.
        at: its number, from 0.
        values: of each row, trimmed; "" for nothing, and for words that say so.
        breaks: numbers of the rows before which others are left out.
    """

    column: str
    at: int
    values: tuple[str, ...]
    breaks: frozenset[int] = frozenset()

    @cached_property
    def filled(self) -> list[str]:
        """The values that are there."""
        return [value for value in self.values if value]

    @cached_property
    def share_of_ids(self) -> float:
        """Share of the rows that have a value which does not stand for nobody."""
        nobody = sum(self.counts[value] for value, said in suspects_in(self.counts.items()).items() if said == "nobody")
        return (len(self.filled) - nobody) / max(len(self.values), 1)

    @cached_property
    def counts(self) -> Counter[str]:
        """Rows of each value."""
        return Counter(self.filled)

    @property
    def distinct(self) -> int:
        """Different values."""
        return len(self.counts)

    @property
    def constant(self) -> bool:
        """There is one value only."""
        return self.distinct == 1

    @property
    def comes_again(self) -> bool:
        """A value is there more than once."""
        return self.distinct < len(self.filled)

    @property
    def never_repeats(self) -> bool:
        """No value comes again, in so many rows that one could."""
        return len(self.filled) >= FEW and self.distinct == len(self.filled)

    @cached_property
    def numbers(self) -> list[float]:
        """The values that are numbers."""
        return [float(value.replace(",", ".")) for value in self.filled if NUMBER.fullmatch(value)]

    @cached_property
    def numeric(self) -> bool:
        """Nearly all values are numbers."""
        return self._nearly_all(NUMBER.fullmatch)

    def _nearly_all(self, fits: Callable[[str], object]) -> bool:
        """Nearly all values fit; ends as soon as too many do not."""
        left = int((1 - NEARLY_ALL) * len(self.filled) + 1e-9)
        for value in self.filled:
            if not fits(value):
                left -= 1
                if left < 0:
                    return False
        return bool(self.filled)

    @cached_property
    def fractional(self) -> bool:
        """Numbers of which some have decimals other than zeros: no ids."""
        if not self.numeric or all(number.is_integer() for number in self.numbers):
            return False
        found = (FRACTION.fullmatch(value) for value in self.filled)
        return any(match is not None and match[1].strip("0") for match in found)

    @cached_property
    def counting(self) -> bool:
        """It counts the rows."""
        if not self.numeric or not len(self.numbers) == len(self.values) >= 3:
            return False
        steps = [after - before for before, after in pairwise(self.numbers)]
        beside = {step for at, step in enumerate(steps, 1) if at not in self.breaks}
        leaps = {step > 0 for step in steps}
        return beside in ({1.0}, {-1.0}) and len(leaps) == 1

    @cached_property
    def dated(self) -> bool:
        """Nearly all values could be moments, if only as numbers of their size."""
        return self._nearly_all(MOMENT.fullmatch)

    @cached_property
    def moment(self) -> float:
        """How much the values look like moments: 0 not at all, 3 as text with a date or as fine epoch numbers.

        Numbers of nine or ten digits that are no seconds of 1990 to 2036 are ids.
        """
        if not self.dated:
            return 0.0
        if not self.numeric:
            return 3.0
        if all(len(value) == 8 for value in self.filled):
            return 2.0  # 20241231
        middle = sorted(self.numbers)[len(self.numbers) // 2]
        unit = next((at for at, (low, high) in enumerate(LIKELY) if low <= middle <= high), None)
        if unit is None:
            return 2.0 if all(len(value) == 14 for value in self.filled) else 0.0
        again = len(self.filled) >= 20 and self.distinct < 0.3 * len(self.filled)  # ids of nine digits come again
        return (2.0 if unit == 0 else 3.0) - 1.5 * again

    @cached_property
    def clock(self) -> bool:
        """Nearly all values are times of day."""
        return self._nearly_all(CLOCK.fullmatch)

    @cached_property
    def words(self) -> bool:
        """Nearly all values have letters and no digits."""
        return self._nearly_all(lambda value: LETTERS.search(value) and not DIGIT.search(value))

    @cached_property
    def text(self) -> bool:
        """Most values are of several words."""
        said = sum(" " in value and bool(LETTERS.search(value)) for value in self.filled)
        return 2 * said > len(self.filled) > 0

    @cached_property
    def known_events(self) -> bool:
        """Half of the values are known types of events, and there are few."""
        known = sum(count for value, count in self.counts.items() if value.casefold() in EVENTS)
        return bool(self.filled) and 2 * known >= len(self.filled) and self.distinct <= 30

    @cached_property
    def few_words(self) -> bool:
        """A few words that come again and again, as types of events are."""
        few = self.distinct <= MOST_KINDS and len(self.filled) >= max(10, 5 * self.distinct)
        return self.words and few and not self.text

    @cached_property
    def hashed(self) -> bool:
        """Long ids of one length, as programs make them: no numbers, no words."""
        long = not self.numeric and len({*map(len, self.filled)}) == 1
        return long and self._nearly_all(HASH.fullmatch) and any(DIGIT.search(value) for value in self.filled)

    @cached_property
    def says(self) -> str:
        """What the ids are by the way they are written: "user", "item" or ""."""
        if self._nearly_all(BOOK.fullmatch):
            typical = sum(value[0] in "B0" or value[-1] == "X" for value in self.filled)
            return "item" if 5 * typical >= len(self.filled) else ""
        if self._nearly_all(THING.fullmatch):
            return "item"
        return "user" if not self.hashed and self._nearly_all(PERSON.fullmatch) else ""

    @cached_property
    def small(self) -> bool:
        """Ratings by their scale: 0 to 5 or up to 10 in whole or half steps."""
        if not self.numeric or self.distinct > 21:
            return False
        least, most = min(self.numbers), max(self.numbers)
        return least >= 0 and (most <= 5 or most == 10) and all((2 * number).is_integer() for number in self.numbers)

    @cached_property
    def grouped(self) -> bool:
        """Values come again, and the rows of each stand together."""
        runs = sum(1 for _ in groupby(self.values))
        return 1 < self.distinct == runs and len(self.values) >= 2 * self.distinct

    def coordinate(self, most: float) -> bool:
        """Numbers of ±`most` that nearly all have three decimals or more."""
        if not self.numeric or not all(abs(number) <= most for number in self.numbers):
            return False
        decimals = [len(match[1]) for value in self.filled if (match := FRACTION.fullmatch(value))]
        return len(decimals) >= NEARLY_ALL * len(self.filled) and sum(n >= 3 for n in decimals) >= 0.5 * len(decimals)


def profiles_of(columns: Sequence[str], rows: Sequence[Sequence[str]], breaks: Collection[int] = ()) -> list[Profile]:
    """The sample of each column; a header that stands again among the rows is none of them."""
    names = [*columns]
    again = [at for at, row in enumerate(rows) if row[:1] == names[:1] and [*row] == names]
    if again:
        breaks = [at - sum(header < at for header in again) for at in breaks]
        rows = [row for at, row in enumerate(rows) if at not in again]
    inside = frozenset(at for at in breaks if 0 < at < len(rows))
    return [
        Profile(column, at, tuple(_value(row[at]) if len(row) > at else "" for row in rows), inside)
        for at, column in enumerate(columns)
    ]


def _value(cell: str) -> str:
    value = cell.strip()
    return "" if value in SPELLINGS else value


def coordinates(profiles: Sequence[Profile]) -> set[str]:
    """Columns with latitude and longitude: decimals within ±90 and within ±180 beside each other."""
    found: set[str] = set()
    for one, other in pairwise(profiles):
        if {one.column, other.column} & found:
            continue
        if (one.coordinate(90) and other.coordinate(180)) or (one.coordinate(180) and other.coordinate(90)):
            found |= {one.column, other.column}
    return found


def determines(one: Profile, other: Profile, least: int = 8) -> bool | None:
    """Each value of the one has a single value of the other; None where fewer rows than `least` come again."""
    first: dict[str, str] = {}
    agreed = 0
    for value, beside in zip(one.values, other.values, strict=True):
        if not value:
            continue
        if value not in first:
            first[value] = beside
        elif first[value] != beside:
            return False
        else:
            agreed += 1
    return True if agreed >= least and other.distinct > 1 else None


def runs_in_order(groups: Profile, numbers: Profile) -> bool:
    """Within the rows of each group the other column rises (or falls) throughout, over all rows it does not."""
    runs = [
        [number for _, number in run]
        for _, run in groupby(zip(groups.values, numbers.values, strict=True), key=lambda row: row[0])
    ]
    whole = [number for run in runs for number in run]
    longer = [run for run in runs if len(run) > 1]
    return len(longer) > 1 and all(map(_rises, longer)) and not _rises(whole)


def _rises(values: Sequence[str]) -> bool:
    """Never falls, or never rises; as texts, which moments of one form are ordered by mostly."""
    keys = [(len(value), value) if value.isdigit() else (0, value) for value in values]
    return all(a <= b for a, b in pairwise(keys)) or all(a >= b for a, b in pairwise(keys))
