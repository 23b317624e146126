"""One metric with its confidence interval and footnotes."""

from dataclasses import dataclass, replace


@dataclass(frozen=True)
class Figure:
    """One metric.

    Attributes:
        name: such as "ndcg@10".
        value: of it.
        low, high: its 95 % confidence interval: of a bootstrap where it is a mean over people, of Student's t where it
            is a mean over seeds; None where it is neither.
        people: that it is a mean over.
        notes: sentences on what weakens it.
        seeds: of runs that it is a mean over; 0 for a single run.
    """

    name: str
    value: float
    low: float | None = None
    high: float | None = None
    people: int = 0
    notes: tuple[str, ...] = ()
    seeds: int = 0

    def noted(self, *notes: str) -> "Figure":
        """The same with more notes."""
        return replace(self, notes=(*self.notes, *notes))
