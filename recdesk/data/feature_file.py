"""Reads a file of item or user features whole, as normalised texts with the id of each row."""

import json
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from recdesk.core.errors import DataError
from recdesk.core.messages import Message
from recdesk.core.task import Task
from recdesk.data.columns.roles import guess_roles
from recdesk.data.files import isolated, limits
from recdesk.data.files.column_preview import Columns
from recdesk.data.files.dialect import JOINED, Dialect, Form
from recdesk.data.files.loading import Loading
from recdesk.data.files.normalized import normalized_file
from recdesk.data.files.reading import database, load
from recdesk.data.files.source import Source
from recdesk.data.ids import without_points
from recdesk.data.property_table import as_columns, columns_of, property_columns
from recdesk.data.report import Reject, Report


@dataclass(frozen=True)
class FeatureFile:
    """The contents of a feature file.

    Attributes:
        columns: its columns.
        key: the one with the ids.
        ids: of each row as the keys of `tidy_ids`; "" where there is none.
        frame: the other columns, rows as in `ids`.
        rejects: lines that could not be read.
    """

    columns: Columns
    key: str
    ids: pd.Index
    frame: pd.DataFrame
    rejects: list[Reject]


def read_feature_file(
    path: Path,
    dialect: Dialect | None,
    role: Literal["item", "user"],
    known: pd.Index,
    of: str,
    report: Report,
    task: Task,
) -> FeatureFile:
    """Read a file with a row for each item or user, and enter into the report what could not be read.

    Args:
        path: the file.
        dialect: how it is written; None finds out.
        role: what its rows describe.
        known: keys of the items or users that occur.
        of: name of the file in which they occur.
        report: is added to.
        task: of reading it.

    Raises:
        DataError: it cannot be read, or no column holds ids that are known.
        CancelledError: it was cancelled.
    """
    standing: dict[str, Any] = dict.fromkeys(("unfold", *JOINED), "")  # a row describes one item or user
    source = Source(path, dialect and replace(dialect, **standing), task.silent(), **standing)
    dialect, columns = source.dialect, source.columns()
    limits.refuse_kept(path.name, len(columns.names))
    with normalized_file(path, dialect, task) as plain, database(task, isolated.size_of(path)) as connection:
        loaded = load(Loading(connection, "raw", plain, columns, columns.names, path.name))
        at = {column: f"c{number}" for number, column in enumerate(columns.names)}
        by_property = property_columns(columns, role)
        wide = as_columns(connection, "raw", at, by_property, path.name) if by_property else None
        if wide is not None:
            table, note = wide
            columns = columns_of(table)
            report.notes.append(note)
        else:
            table = connection.sql("SELECT COLUMNS('^c[0-9]+$') FROM raw").to_arrow_table()
    texts = {name: tidy(column, dialect.form) for name, column in zip(columns.names, table.columns, strict=True)}
    frame = pd.DataFrame(texts, dtype="str")
    key = _key(path.name, columns, frame, role, known, of)
    bad = sum(loaded.counts.values())
    report.files[f"{role}s"] = path.name
    report.notes += [
        note
        for count, note in (
            (bad, Message("import.lines-unreadable", count=bad, name=path.name)),
            (
                plain.lost,
                Message("import.characters-misfit", count=plain.lost, name=path.name, encoding=plain.encoding),
            ),
        )
        if count
    ]
    return FeatureFile(columns, key, pd.Index(without_points(frame.pop(key)), name=key), frame, loaded.rejects)


def tidy(column: pa.ChunkedArray, form: Form = "delimited") -> NDArray[np.object_]:
    """Texts trimmed, in Unicode's composed form (NFC), "" for nothing; lists as "a, b"."""
    text = pc.utf8_normalize(pc.fill_null(column.cast(pa.string()), ""), form="NFC")
    texts: pd.Series = pc.utf8_trim_whitespace(text).to_pandas().astype(object)
    if form in ("jsonl", "parquet") and (listed := texts.str.startswith("[") & texts.str.endswith("]")).any():
        texts[listed] = texts[listed].map(_joined)
    return texts.to_numpy(dtype=object)


def tidy_ids(ids: pd.Index) -> pd.Index:
    """Ids normalised like the texts of a feature file, to look them up there."""
    return pd.Index(tidy(pa.chunked_array([pa.array(ids, pa.string())])), dtype="str")


def _joined(text: str) -> str:
    try:
        values = json.loads(text)
    except ValueError:
        return text[1:-1]  # as DuckDB writes a list of a Parquet file
    flat = [entry for value in values for entry in (value if isinstance(value, list) else [value])]
    return ", ".join(entry if isinstance(entry, str) else json.dumps(entry, ensure_ascii=False) for entry in flat)


def _key(name: str, columns: Columns, frame: pd.DataFrame, role: str, known: pd.Index, of: str) -> str:
    """The column that holds the ids: the guessed one, else the one that knows most of them."""

    def knows(column: str) -> int:
        return len(pd.Index(without_points(frame[column])).intersection(known, sort=False))

    guessed = guess_roles(columns.names, columns.sample, columns.named).get(role)
    if guessed is not None and knows(guessed):
        return guessed
    counts = list(map(knows, columns.names))
    if max(counts) == 0:
        raise DataError(
            Message("column.no-user-ids", users_name=name, interactions_name=of)
            if role == "user"
            else Message("column.no-item-ids", items_name=name, interactions_name=of),
            Message("column.check-files-match", names=limits.listed(columns.names)),
        )
    return columns.names[int(np.argmax(counts))]
