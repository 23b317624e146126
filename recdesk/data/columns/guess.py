"""The guessed role of a column, what tells so, and what could be meant as well."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

Reason = Literal["name", "values", "place", ""]


@dataclass(frozen=True)
class Guess:
    """The guessed role of a column.

    Attributes:
        column: its name.
        role: one of ROLES or FEATURES, or "".
        confidence: 0..1; from TAKEN_FOR_GRANTED on the role is taken unless a person says otherwise.
        reason: what tells so: "name", "values" or "place"; "" for no role.
        evidence: the same in words, as far as there is more to say than the reason.
    """

    column: str
    role: str = ""
    confidence: float = 0.0
    reason: Reason = ""
    evidence: str = ""

    def to_dict(self) -> dict[str, Any]:
        """Plain values."""
        return dict(vars(self))


@dataclass(frozen=True)
class Reading:
    """One way to read the columns that a doubt is about.

    Attributes:
        columns: column by role.
        evidence: what speaks for it.
    """

    columns: Mapping[str, str]
    evidence: str


@dataclass(frozen=True)
class Doubt:
    """A role that two or more columns could play.

    Attributes:
        role: which.
        readings: the one that is taken, then the others.
        close: they are so close that a person has to choose; else a note says what was taken.
        note: a sentence for that, or "".
    """

    role: str
    readings: tuple[Reading, ...]
    close: bool = False
    note: str = ""

    def to_dict(self) -> dict[str, Any]:
        """Plain values."""
        readings = [{"columns": dict(reading.columns), "evidence": reading.evidence} for reading in self.readings]
        return {"role": self.role, "readings": readings, "close": self.close, "note": self.note}


@dataclass(frozen=True)
class Guesses:
    """What the columns of a file were taken for.

    Attributes:
        columns: a guess for each column, in their order.
        doubts: roles that other columns could play too.
    """

    columns: Sequence[Guess]
    doubts: Sequence[Doubt] = ()
