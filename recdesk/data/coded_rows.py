"""Rows of a log with users, items, events and titles as integer codes, collected batch by batch in the file's order."""

from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from recdesk.core.errors import DataError
from recdesk.core.messages import Message
from recdesk.core.refusals import no_room
from recdesk.core.task import Task
from recdesk.data.columns.parse_columns import BLANKS, Parsed
from recdesk.data.columns.roles import ROLES
from recdesk.data.files.column_preview import MOST_REJECTS
from recdesk.data.ids import tidy_ids
from recdesk.data.interaction_log import InteractionTable
from recdesk.data.titles import Titles, titles_of

BATCH = 500_000
"""Rows per Arrow batch that is fetched from DuckDB."""
MOST_RUNS, VECTOR = 1000, 2048
TEXT_ROLES = ("user", "item", "event", "title")
DTYPES = {"time": np.int64, "rating": np.float32, "returned": np.bool_}


class CodedRows:
    """Collects parsed rows in batches, with texts dictionary-encoded.

    Attributes:
        problems: rows with each of the parsed problems.
        bad: numbers and problems of these rows, the first MOST_REJECTS.
        notes: sentences on the ids, when the rows were taken out.
        read, sound: rows so far, and those without a problem.
    """

    def __init__(self, parsed: Parsed, task: Task, others: list[str]) -> None:
        self._task, self._others = task, others
        texts = [*TEXT_ROLES, *map(name_of_other, range(len(others)))]
        self._texts: dict[str, list[pa.Array]] = {role: [] for role in texts if role in parsed.columns}
        self._numbers: dict[str, list[NDArray[Any]]] = {role: [] for role in DTYPES if role in parsed.columns}
        self.problems = np.zeros(len(parsed.problems), dtype=np.int64)
        self._firsts: list[int] = []
        self.bad: list[pa.RecordBatch] = []
        self.notes: list[Message] = []
        self.read = self.sound = self._bad = 0

    def take(self, connection: duckdb.DuckDBPyConnection, folder: Path) -> None:
        """Go through all rows of the table or view "parsed"; `folder` holds what does not fit into memory."""
        total = max(row_count(connection, "raw"), 1)
        columns = ", ".join(f'"{column}"' for column in (*self._texts, *self._numbers))
        reader = connection.sql(f"SELECT n, problem, {columns} FROM parsed").to_arrow_reader(BATCH)
        try:
            for batch in reader:
                self._task.step(0.4 + 0.3 * min(self.read / total, 1.0), Message("import.reading-values"))
                for run in _runs(batch):
                    self._firsts.append(run.column("n")[0].as_py())
                    self._keep(run)
        except OSError as error:  # as which the reader passes on what befell the query
            self._task.step(0.7, Message("import.reading-values"))
            if refusal := no_room(folder / "values", error):
                raise refusal from error
            raise DataError(Message("import.values-cut-off"), Message("import.see-details"), str(error)) from error

    def _keep(self, batch: pa.RecordBatch) -> None:
        self.read += len(batch)
        problem = batch.column("problem")
        if problem.null_count < len(batch):
            wrong = batch.select(["n", "problem"]).filter(problem.is_valid())
            self.problems += np.bincount(wrong.column("problem").to_numpy(), minlength=len(self.problems))
            if self._bad < MOST_REJECTS:
                self.bad.append(wrong[: MOST_REJECTS - self._bad])
                self._bad += len(self.bad[-1])
            batch = batch.filter(problem.is_null())
        self.sound += len(batch)
        for role, codes in self._texts.items():
            column = batch.column(role)
            column = column if role in ROLES else pc.utf8_trim(column, characters=BLANKS)
            codes.append(pc.dictionary_encode(column if role == "title" else column.fill_null("")))
        for role, numbers in self._numbers.items():
            numbers.append(batch.column(role).to_numpy(zero_copy_only=False).astype(DTYPES[role]))

    def coded(self, name: str) -> tuple[InteractionTable, Titles | None]:
        """All sound rows of the file of this name, in file order, and the items' titles where there are any. To be
        called once."""
        self._sort()
        users, user_ids = self._ids("user", name)
        items, item_ids = self._ids("item", name)
        events, names = None, []
        if "event" in self._texts:
            events, found = self._codes("event")
            names = found.to_pylist()
        ratings, returned = self._column("rating"), self._column("returned")
        others = [self._codes(name_of_other(number)) for number in range(len(self._others))]
        titles = None
        if "title" in self._texts:
            titles = titles_of(items, len(item_ids), *self._codes("title"))
        rows = InteractionTable(
            users,
            items,
            user_ids,
            item_ids,
            self._column("time"),
            None if ratings is None or np.isnan(ratings).all() else ratings,
            events,
            tuple(names),
            np.stack([codes for codes, _ in others], axis=1) if others else None,
            {column: texts for column, (_, texts) in zip(self._others, others, strict=True)},
            returned=returned if returned is not None and returned.any() else None,
        )
        return rows, titles

    def _sort(self) -> None:
        """Put the runs of rows into the order of the file: DuckDB's threads pass on what they are done with."""
        order = np.argsort(self._firsts, kind="stable")
        for values in (*self._texts.values(), *self._numbers.values()):
            values[:] = [values[at] for at in order]

    def _ids(self, role: str, name: str) -> tuple[NDArray[np.int32], pa.Array]:
        """The same of ids, which are tidied."""
        codes, ids = self._codes(role)
        tidy = tidy_ids(ids, role, name)
        self.notes += tidy.notes
        return codes if tidy.codes is None else tidy.codes[codes], tidy.ids

    def _codes(self, role: str) -> tuple[NDArray[np.int32], pa.Array]:
        """Codes by first appearance, and the texts that they stand for."""
        self._task.step(0.72, Message("word.sorting"))  # here only to be asked whether to go on
        column = pa.chunked_array(self._texts.pop(role)).unify_dictionaries()
        codes = np.concatenate([chunk.indices.fill_null(-1).to_numpy() for chunk in column.chunks])
        return codes.astype(np.int32, copy=False), column.chunk(0).dictionary

    def _column(self, role: str) -> NDArray[Any] | None:
        self._task.step(0.72, Message("word.sorting"))
        return np.concatenate(self._numbers.pop(role)) if role in self._numbers else None


def _runs(batch: pa.RecordBatch) -> Iterator[pa.RecordBatch]:
    """The parts of a batch within which row numbers follow each other.

    Where records that are no rows make many gaps, these alone part nothing: threads take turns by 2,048 rows or more.
    """
    steps = np.diff(batch.column("n").to_numpy())
    ends = np.flatnonzero(steps != 1)
    if len(ends) > MOST_RUNS:
        ends = np.flatnonzero((steps < 1) | (steps > VECTOR))
    begins = [0, *(ends + 1).tolist(), len(batch)]
    for begin, end in pairwise(begins):
        if end > begin:
            yield batch.slice(begin, end - begin)


def name_of_other(number: int) -> str:
    """What a further column goes by."""
    return f"other {number}"


def row_count(connection: duckdb.DuckDBPyConnection, table: str) -> int:
    """Rows of a table or view."""
    return int(connection.execute(f"SELECT count(*) FROM {table}").fetchall()[0][0])
