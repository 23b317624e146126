"""How many users the metrics of a split are measured on, and for how many they mean nothing; shown beside metrics."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from recdesk.core.messages import Message
from recdesk.data.array_ops import counts, distinct
from recdesk.data.split_kinds import drawn_sentence

if TYPE_CHECKING:  # a list of runs reads what was measured, and must not wait for pandas
    from recdesk.data.splitting import Split

SAID_FROM = 0.1
"""Share of users from which a limitation is mentioned."""
FEW = 30
"""Below this number of users, bootstrap confidence intervals are too narrow."""
_TOGETHER = 2048
"""Users per block."""


@dataclass(frozen=True)
class Measured:
    """Numbers of users behind the metrics of one part of a split.

    Attributes:
        people: users of the dataset.
        measured: users with a held-out item that is ranked.
        not_drawn: users with a held-out item who are not in the sample.
        repeats: measured users who took their held-out item before, so that it cannot be recommended.
        one_left, ten_left: measured users other than `repeats` with at most one, at most ten unseen items.
        items: in the catalogue.
    """

    people: int
    measured: int
    not_drawn: int = 0
    repeats: int = 0
    one_left: int = 0
    ten_left: int = 0
    items: int = 0

    @classmethod
    def of(cls, split: "Split", part: Literal["validation", "test"]) -> "Measured":
        """Count the users of a part."""
        from recdesk.data.splitting import repeated

        dataset, targets = split.dataset, split.targets(part)
        users = np.flatnonzero(targets >= 0)
        lengths = targets[users] - dataset.offsets[users]
        left = dataset.n_items - lengths  # at least
        few = np.flatnonzero(left <= 10)
        histories = dataset.histories(np.maximum(targets, dataset.offsets[:-1]))[users[few]]
        for begin in range(0, len(few), _TOGETHER):
            block = slice(begin, begin + _TOGETHER)
            rows, items = histories[block].flat()
            seen = distinct(rows * dataset.n_items + (items - 1)) // dataset.n_items
            left[few[block]] = dataset.n_items - counts(seen, len(few[block]))
        again = repeated(split, targets)[users]
        return cls(
            people=dataset.n_users,
            measured=len(users),
            not_drawn=split.not_drawn,
            repeats=int(again.sum()),
            one_left=int((left[~again] <= 1).sum()),
            ten_left=int((left[~again] <= 10).sum()),
            items=dataset.n_items,
        )

    @classmethod
    def read(cls, notes: Mapping[str, Any], part: str) -> "Measured | None":
        """Read the counts of a part from a run's notes; None where there are none. Older runs noted fewer."""
        kept = notes.get("measured")
        kept = kept.get(part) if isinstance(kept, dict) else None
        leaks = notes.get("leakage")
        try:
            if isinstance(kept, dict):
                return cls(**{name: int(value) for name, value in kept.items() if name in cls.__match_args__})
            if isinstance(leaks, dict):
                tested, waiting = int(leaks["users_tested"]), int(leaks["users_not_drawn"])
                everybody = tested + waiting + int(leaks["users_without_target"])
                return cls(everybody, tested, waiting, round(float(leaks["repeats"]) * tested))
        except (KeyError, TypeError, ValueError):
            pass
        return None

    def to_dict(self) -> dict[str, int]:
        """As a dict, for `metrics.json`."""
        return asdict(self)

    @property
    def who(self) -> str:
        """A sentence where many users are not measured, else ""."""
        if self.not_drawn and self.items:
            return drawn_sentence(self.measured, self.people, self.items)
        if self.not_drawn:
            return Message("figures.sample-drawn", measured=self.measured, total=self.people)
        if self.people - self.measured < SAID_FROM * self.people:
            return ""
        return Message("figures.some-not-measurable", measured=self.measured, total=self.people)

    @property
    def limits(self) -> list[str]:
        """Sentences where metrics mean nothing for many users, the most important first."""
        least = max(SAID_FROM * self.measured, 1)
        if 0 < self.measured == self.repeats:
            return [Message("figures.nothing-can-hit")]
        said: list[str] = []
        if self.measured < FEW:
            said.append(Message("figures.too-few-people", count=self.measured))
        if self.repeats >= least:
            said.append(Message("figures.some-cannot-hit", affected=self.repeats, measured=self.measured))
        if self.one_left >= least:
            said.append(Message("figures.one-item-left", affected=self.one_left, measured=self.measured))
        elif self.ten_left >= least:
            said.append(Message("figures.ten-items-left", affected=self.ten_left, measured=self.measured))
        return said

    @property
    def comparable(self) -> bool:
        """Whether the metrics can tell a better model from a worse one."""
        return self.measured >= FEW and self.repeats + self.one_left < self.measured

    @property
    def sentences(self) -> list[str]:
        """All sentences to show beside the metrics."""
        return [sentence for sentence in (self.who, *self.limits) if sentence]


def measured_parts(split: "Split") -> dict[str, Measured]:
    """`Measured` of each held-out part of a split."""
    parts: tuple[Literal["validation", "test"], ...] = ("validation", "test")
    return {part: Measured.of(split, part) for part in parts if (split.targets(part) >= 0).any()}


def family_sentence(compared: Mapping[str, Mapping[str, float]]) -> str:
    """A sentence whether the confidence intervals of several comparisons hold together; "" for one comparison."""
    count = len(compared)
    if count < 2:
        return ""
    if all(result.get("family", 1) >= count for result in compared.values()):
        return Message("figures.intervals-corrected", count=count)
    return Message("figures.intervals-uncorrected", count=count)
