"""The rules of cleaning as values: what to leave out, saved with the dataset and applied to newer files."""

import math
from dataclasses import asdict, dataclass, fields
from datetime import UTC, datetime, timedelta
from typing import Any, Literal

from recdesk.core.errors import UsageError

Duplicates = Literal["exact", "first", "last", "all"]
DUPLICATES: tuple[Duplicates, ...] = ("exact", "first", "last", "all")
DAY = 86_400
FIRST_MOMENT, LAST_MOMENT = -62_135_596_800, 253_402_300_799
"""Epoch seconds of the years 1 to 9999, which calendars here know."""


@dataclass(frozen=True, kw_only=True)
class Rules:
    """What stays of the readable rows. The rules run in the order in which they stand here.

    Attributes:
        normalise_ids: ids that are one text in Unicode's composed form (NFC) are one id. Off, ids stay exactly as they
            are.
        events: types of events that stay; None for all.
        since, until: first and last moment that stays, epoch seconds, both included; None for no bound.
        min_rating: rows rated lower are dropped; rows without a rating stay.
        duplicates: "exact" drops copies of a row, "first" and "last" keep one row a user and item, "all" keeps all.
        max_user: users with more rows are taken for robots and dropped; 0 for off.
        k_core: users and items with fewer rows are dropped, repeatedly; 0 or 1 for off.
        min_user, min_item: the same with a bound for each; the higher one of two bounds counts.
    """

    normalise_ids: bool = False
    events: tuple[str, ...] | None = None
    since: int | None = None
    until: int | None = None
    min_rating: float | None = None
    duplicates: Duplicates = "exact"
    max_user: int = 0
    k_core: int = 0
    min_user: int = 0
    min_item: int = 0

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
        """The last rule in words; "" where it is off."""
        user, item = self.least_of_user, self.least_of_item
        if user == item:
            return f"{user}-core" if user > 1 else ""
        if item == 1:
            return f"users with fewer than {user} interactions"
        if user == 1:
            return f"items with fewer than {item} interactions"
        return f"users with fewer than {user} or items with fewer than {item} interactions"

    def to_dict(self) -> dict[str, Any]:
        """Plain values, for the manifest."""
        return {key: list(value) if isinstance(value, tuple) else value for key, value in asdict(self).items()}

    @classmethod
    def from_dict(cls, values: dict[str, Any]) -> "Rules":
        """The inverse of `to_dict`; values that are no rules are left out, so older manifests can be read."""
        known = {field.name: values[field.name] for field in fields(Rules) if field.name in values}
        if known.get("events") is not None:
            known["events"] = tuple(known["events"])
        return cls(**known)

    def check(self) -> None:
        """Refuse what cannot be.

        Raises:
            UsageError: says which rule.
        """
        if self.duplicates not in DUPLICATES:
            known = ", ".join(DUPLICATES)
            raise UsageError(f"There is no rule “{self.duplicates}” for duplicates.", f"Choose one of: {known}.")
        for bound in (self.since, self.until):
            if bound is not None and not FIRST_MOMENT <= bound <= LAST_MOMENT:
                raise UsageError(f"“{bound}” is no moment between the years 1 and 9999.", "Give seconds since 1970.")
        if self.min_rating is not None and not math.isfinite(self.min_rating):
            raise UsageError(f"“{self.min_rating}” is no rating.", "Give a number.")
        if self.since is not None and self.until is not None and self.since > self.until:
            raise UsageError(
                f"The first day that stays ({moment_text(self.since)}) is later than the last "
                f"({moment_text(self.until)}).",
                "Exchange the two.",
            )


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
        raise UsageError(f"“{text}” is no date.", "Write it as year-month-day, such as 2019-03-31.") from None
    return int((exact if exact.tzinfo else exact.replace(tzinfo=UTC)).timestamp())


def instant(seconds: int) -> datetime:
    """Epoch seconds as a date and time in UTC, also before 1970, where Windows' `fromtimestamp` ends.

    Raises:
        OverflowError: beyond the years 1 to 9999.
    """
    return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds)


def moment_text(seconds: int) -> str:
    """A moment for people: the day alone where it is the day's first or last second (UTC)."""
    told = instant(seconds)
    return f"{told:%Y-%m-%d}" if seconds % DAY in (0, DAY - 1) else f"{told:%Y-%m-%d %H:%M:%S}"
