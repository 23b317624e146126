"""The beginning of a file as it would be read: its columns, what they are taken for, and what is odd about them."""

from collections.abc import Collection
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from recdesk.core.messages import Message
from recdesk.data.columns.roles import Doubt, Guess, clock_beside, roles_of
from recdesk.data.columns.times import TimeReading, read_times
from recdesk.data.files.column_preview import Columns, guesses_in
from recdesk.data.files.dialect import SEPARATOR_NAMES, SESSION_FORMS, TABLE_FORMS, Dialect
from recdesk.data.files.normalized import LOST
from recdesk.data.files.source import Source
from recdesk.data.logs.people_of_ids import Table
from recdesk.data.plan import ImportPlan
from recdesk.data.titles import without_texts_of_rows


@dataclass(frozen=True)
class Preview:
    """The beginning of a file as it would be read.

    Attributes:
        path, size: the file and its bytes.
        dialect: as found or given.
        columns, rows: names and values.
        far: rows from the middle and the end, which tell what the first ones do not.
        choices: columns that parts of the dialect can name, by the names of these parts.
        roles: column by role, as guessed with some confidence.
        notes: sentences on what was seen.
        named: the names come from the file.
        guesses: of each column, with a confidence.
        doubts: roles that other columns could play too.
        tables: the sheets, tables or files inside that could be read instead.
        times: how the column with the times is read, where there is one.
        written: how a text file is written, as a sentence; "" for other files.
    """

    path: Path
    size: int
    dialect: Dialect
    columns: list[str]
    rows: list[list[str]]
    roles: dict[str, str]
    notes: list[str]
    named: bool
    guesses: list[Guess] = field(default_factory=list)
    tables: list[str] = field(default_factory=list)
    times: TimeReading | None = None
    written: str = ""
    doubts: list[Doubt] = field(default_factory=list)
    far: list[list[list[str]]] = field(default_factory=list)
    choices: dict[str, list[str]] = field(default_factory=dict)

    @property
    def table(self) -> Columns:
        """Its columns, with the rows."""
        return Columns(self.columns, self.named, self.rows, far=self.far)

    @property
    def at(self) -> Table:
        """Where it is read."""
        return Table(self.path, self.dialect, self.table)

    def time_columns(self, time: str | None, clock: str | None, taken: Collection[str] = ()) -> tuple[str, str]:
        """The columns with the times and with their times of day, as an import takes them; "" for none.

        Args:
            time, clock: what the plan says.
            taken: columns that are something else.
        """
        time = self.roles.get("time", "") if time is None else time
        return time, clock_beside(time, self.columns, self.table.sample, taken) if clock is None else clock

    def open_doubts(self, plan: ImportPlan) -> list[Doubt]:
        """Doubts that a person has to decide: two readings are close, and the plan says nothing of these roles."""
        return [
            doubt
            for doubt in self.doubts
            if doubt.close and all(getattr(plan, role) is None for role in doubt.readings[0].columns)
        ]

    def times_of(self, column: str, form: str | None = None, clock: str = "") -> TimeReading | None:
        """How a column, with the one of its times of day if there is one, would be read; None where it is empty or
        is not there."""
        texts = self._texts(column)
        return read_times(texts, form, self._texts(clock) if clock else None) if any(map(str.strip, texts)) else None

    def _texts(self, column: str) -> list[str]:
        if column not in self.columns:
            return [""] * len(self.table.sample)
        at = self.columns.index(column)
        return [row[at] if len(row) > at else "" for row in self.table.sample]


def preview(path: Path, dialect: Dialect | None = None, rows: int = 200, **known: Any) -> Preview:
    """Look at the beginning of a file.

    Args:
        path: the file.
        dialect: how to read it; None finds out.
        rows: how many to show.
        known: what of the dialect is known when it is found out.

    Raises:
        DataError: it is missing, empty, or no table.
    """
    return look_at(Source(path, dialect, **known), rows)


def look_at(source: Source, rows: int = 200) -> Preview:
    """The same of a file whose beginning may be read already."""
    path, dialect, columns = source.path, source.dialect, source.columns(rows)
    found = guesses_in(columns)
    guessed = roles_of(found.columns)
    roles = without_texts_of_rows(guessed, columns.names, columns.sample)
    guesses = [_of_rows(guess) if guess.role == "title" and roles != guessed else guess for guess in found.columns]
    look = Preview(
        path,
        path.stat().st_size,
        dialect,
        columns.names,
        columns.rows,
        roles,
        [],
        columns.named,
        guesses,
        source.tables(),
        far=columns.far,
        choices=_choices(columns),
    )
    times = look.times_of(look.roles["time"], clock=look.roles.get("clock", "")) if "time" in look.roles else None
    doubts = [doubt.note for doubt in found.doubts if doubt.note]
    own = [*_notes(dialect), *columns.layout, *columns.notes, *_lost(columns)]
    notes = [*own, *doubts, *(times.notes if times else [])]
    return replace(look, times=times, notes=notes, written=_written(dialect), doubts=[*found.doubts])


def _choices(columns: Columns) -> dict[str, list[str]]:
    """Columns that the layout of a table can be told by."""
    joined = (columns.physical or columns) if columns.people is not None else columns
    own = (joined.physical or joined).names
    of_people = columns.people.table.names if columns.people is not None else []
    return {"unfold": own, "order_key": own, "people_key": joined.names, "person": of_people}


def _of_rows(title: Guess) -> Guess:
    """A column that was taken for the title of the items, and says something of each row."""
    return Guess(title.column, evidence=Message("evidence.differs-within-item"))


def _written(dialect: Dialect) -> str:
    separator = SEPARATOR_NAMES.get(dialect.separator, f"“{dialect.separator}”")
    if dialect.form in SESSION_FORMS:
        if dialect.form == "sessions":
            return Message("import.sessions-with-user", encoding=dialect.encoding, separator=separator)
        return Message("import.sessions-without-user", encoding=dialect.encoding, separator=separator)
    if dialect.form == "delimited":
        if dialect.header:
            return Message("import.text-with-header", encoding=dialect.encoding, separator=separator)
        return Message("import.text-without-header", encoding=dialect.encoding, separator=separator)
    return ""


def _notes(dialect: Dialect) -> list[str]:
    notes: list[str] = []
    if dialect.form in TABLE_FORMS and dialect.table:
        notes.append(Message("import.table-read", name=dialect.table))
    if dialect.skip:
        notes.append(Message("import.table-begins-at", line=dialect.skip + 1))
    return notes


def _lost(columns: Columns) -> list[str]:
    """A note on characters among the rows shown that are invalid in the encoding."""
    lost = sum(cell.count(LOST) for row in [columns.names, *columns.rows] for cell in row)
    return [Message("import.try-other-encoding", count=lost)] if lost else []
