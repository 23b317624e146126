"""Rows that an import could not use, as kept beside a dataset."""

import csv
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QCoreApplication

_MOST = 100_000


@dataclass(frozen=True)
class Rejects:
    """The table of `rejects.csv`: columns, rows (as texts), and whether there were more than are shown."""

    columns: list[str]
    rows: list[list[str]]
    cut: bool = False

    def sentence(self, row: list[str]) -> str:
        """A row in words: "ratings.csv, line 17: …"."""
        values = dict(zip(self.columns, row, strict=False))
        return QCoreApplication.translate("Rejects", "{file}, line {line}: {reason}").format(
            file=values.get("file", ""), line=values.get("line", ""), reason=values.get("reason", "")
        )


def read_rejects(folder: Path) -> Rejects:
    """Read the rejected rows of a dataset's folder; none if there is no such file."""
    path = folder / "rejects.csv"
    if not path.exists():
        return Rejects([], [])
    with path.open(encoding="utf-8-sig", newline="") as stream:
        reader = csv.reader(stream)
        columns = next(reader, [])
        rows: list[list[str]] = []
        for row in reader:
            if len(rows) == _MOST:
                return Rejects(columns, rows, cut=True)
            rows.append(row)
    return Rejects(columns, rows)
