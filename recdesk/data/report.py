"""The report of an import: what was done with every row."""

from dataclasses import asdict, dataclass, field
from typing import Any


@dataclass(frozen=True)
class Reject:
    """A row that could not be used.

    Attributes:
        file: name of the file.
        line: line number as an editor counts (1 is the first line, the header included); 0 where a format has no lines.
        column: the column at fault, or "".
        value: what stood there.
        reason: a sentence.
        raw: the line as it stands, cut to 1,000 characters.
    """

    file: str
    line: int
    column: str
    value: str
    reason: str
    raw: str


@dataclass
class Report:
    """Counts by rule, in the order the rules ran. `read == kept + rejected + sum(dropped.values())`.

    Attributes:
        files: the files read, by role ("interactions", "items", "users").
        read: rows met, headers and blank lines apart.
        kept: rows in the dataset.
        rejected: rows that could not be used, by reason; the rows themselves are in `rejects.csv`.
        dropped: rows removed by a cleaning rule, by rule ("exact duplicates", "rating below 3.5", "5-core", …).
        effects: of every rule that was on, in the order they ran: "rule", "rows", "users" and "items" that it removed.
        notes: sentences the person should read.
        items_without_features: items of the catalogue that the items file does not know.
        features_without_items: items of the items file that nobody interacted with (left out of the catalogue).
        users_without_features: users of whom no feature is known, where features of users are kept.
        features_without_users: users of the users file without an interaction (left out).
    """

    files: dict[str, str] = field(default_factory=dict)
    read: int = 0
    kept: int = 0
    rejected: dict[str, int] = field(default_factory=dict)
    dropped: dict[str, int] = field(default_factory=dict)
    effects: list[dict[str, Any]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    items_without_features: int = 0
    features_without_items: int = 0
    users_without_features: int = 0
    features_without_users: int = 0

    def to_dict(self) -> dict[str, Any]:
        """Plain values, for `report.json`."""
        return asdict(self)
