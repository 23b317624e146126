"""Rows that an import could not use, as kept beside a dataset."""

import csv
from collections.abc import Iterable
from dataclasses import astuple, dataclass, fields
from pathlib import Path

from PySide6.QtCore import QCoreApplication

from recdesk.data.report import Reject
from recdesk.data.safe_csv import bare_cell
from recdesk.gui.core_words import core

_MOST = 100_000


@dataclass(frozen=True)
class Rejects:
    """The table of `rejects.csv`: columns, rows (as texts), and whether there were more than are shown."""

    columns: list[str]
    rows: list[list[str]]
    cut: bool = False

    def sentence(self, row: list[str]) -> str:
        """A row in words: "ratings.csv, line 17, column “score”: a rating that is no number: “n/a”"."""
        values = dict(zip(self.columns, row, strict=False))
        place = QCoreApplication.translate("Rejects", "{file}, line {line}")
        if values.get("column"):
            place = QCoreApplication.translate("Rejects", "{file}, line {line}, column “{column}”")
        said = QCoreApplication.translate("Rejects", "{place}: {reason}")
        if values.get("value"):
            said = QCoreApplication.translate("Rejects", "{place}: {reason} (“{value}”)")
        named = {name: values.get(name, "") for name in ("file", "line", "column")}
        return said.format(
            place=place.format(**named), reason=core(values.get("reason", "")), value=values.get("value", "")[:40]
        )


def rejects_of(found: Iterable[Reject]) -> Rejects:
    """Rows that an import under preparation could not use."""
    columns = [field.name for field in fields(Reject)]
    return Rejects(columns, [[str(value) for value in astuple(reject)] for reject in found])


def read_rejects(folder: Path) -> Rejects:
    """Read the rejected rows of a dataset's folder as they stood; none if there is no such file."""
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
            rows.append([bare_cell(cell) for cell in row])
    return Rejects(columns, rows)
