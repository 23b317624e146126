"""The items file: texts that describe the items, aligned with the items that somebody took."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from recdesk.data.dialect import Form
from recdesk.data.plain import plain_file
from recdesk.data.planning import ImportPlan
from recdesk.data.reading import Columns, columns_of, database, load
from recdesk.data.report import Reject, Report
from recdesk.data.roles import WORDS, guess_roles
from recdesk.errors import DataError


@dataclass(frozen=True)
class Features:
    """What is known of the items.

    Attributes:
        frame: text columns, a row for each item of the catalogue; "" where unknown.
        title: the column that names an item, or None.
        unused: rows of the items file that nobody interacted with, with their id column.
        rejects: lines of the items file that could not be read.
    """

    frame: pd.DataFrame
    title: str | None = None
    unused: pd.DataFrame = field(default_factory=pd.DataFrame)
    rejects: list[Reject] = field(default_factory=list)


def read_items(plan: ImportPlan, item_ids: pd.Index, report: Report, cancelled: Callable[[], bool]) -> Features:
    """Read the plan's items file; the first row of each id counts.

    Raises:
        DataError: it cannot be read, a column is missing, or it knows none of the items.
        CancelledError: `cancelled` said yes.
    """
    path = plan.items
    assert path is not None
    dialect, columns = columns_of(path, plan.items_dialect, cancelled=cancelled)
    with plain_file(path, dialect, cancelled) as plain, database(cancelled) as connection:
        loaded = load(connection, "raw", plain, columns, columns.names, path.name)
        table = connection.sql("SELECT COLUMNS('^c[0-9]+$') FROM raw").to_arrow_table()
    texts = {name: tidy(column, dialect.form) for name, column in zip(columns.names, table.columns, strict=True)}
    frame = pd.DataFrame(texts, dtype="str")
    key = _key_column(plan, columns, frame, item_ids)
    frame.index = pd.Index(frame.pop(key), name=key)
    title = _title_column(plan, columns, frame)
    repeated = frame.index.duplicated() | (frame.index == "")
    frame, repeats = frame[~repeated], int(repeated.sum())
    used = frame.index.isin(item_ids)
    report.files["items"] = path.name
    report.features_without_items = int((~used).sum())
    report.items_without_features = int((~item_ids.isin(frame.index)).sum())
    bad = sum(loaded.counts.values())
    report.notes += [
        note
        for count, note in (
            (bad, f"{bad:,} lines of “{path.name}” could not be read."),
            (plain.lost, f"{plain.lost:,} characters of “{path.name}” do not fit its encoding ({plain.encoding})."),
            (repeats, f"{repeats:,} rows of “{path.name}” repeat an id or have none; the first of each id counts."),
        )
        if count
    ]
    features = frame.reindex(item_ids, fill_value="").reset_index(drop=True).astype("str")
    return Features(features, title, frame[~used].reset_index(), loaded.rejects)


def titles_of_rows(titles: pa.Array, form: Form) -> Features:
    """Features where the interactions carry titles: one of each item of the catalogue, null where there is none."""
    return Features(pd.DataFrame({"title": tidy(pa.chunked_array([titles]), form)}, dtype="str"), "title")


def tidy(column: pa.ChunkedArray, form: Form) -> NDArray[np.object_]:
    """Texts trimmed, in Unicode's composed form (NFC), "" for nothing; lists as "a, b"."""
    text = pc.utf8_normalize(pc.fill_null(column.cast(pa.string()), ""), form="NFC")
    texts: pd.Series = pc.utf8_trim_whitespace(text).to_pandas().astype(object)
    if form in ("jsonl", "parquet") and (listed := texts.str.startswith("[") & texts.str.endswith("]")).any():
        texts[listed] = texts[listed].map(_joined)
    return texts.to_numpy(dtype=object)


def _joined(text: str) -> str:
    try:
        values = json.loads(text)
    except ValueError:
        return text[1:-1]  # as DuckDB writes a list of a Parquet file
    flat = [entry for value in values for entry in (value if isinstance(value, list) else [value])]
    return ", ".join(entry if isinstance(entry, str) else json.dumps(entry, ensure_ascii=False) for entry in flat)


def _key_column(plan: ImportPlan, columns: Columns, frame: pd.DataFrame, item_ids: pd.Index) -> str:
    """The column that holds the items' ids: the guessed one, else the one that knows most of the items."""
    assert plan.items is not None
    guessed = guess_roles(columns.names, columns.rows, columns.named).get("item")
    if guessed is not None and frame[guessed].isin(item_ids).any():
        return guessed
    known = [len(pd.Index(frame[name]).intersection(item_ids)) for name in columns.names]
    if max(known) == 0:
        raise DataError(
            f"No column of “{plan.items.name}” holds ids of items of “{plan.interactions.name}”.",
            f"Check that the two files belong together. Its columns are: {', '.join(columns.names)}.",
        )
    return columns.names[int(np.argmax(known))]


def _title_column(plan: ImportPlan, columns: Columns, frame: pd.DataFrame) -> str | None:
    """The plan's word, else a column that is called so, else the first whose texts are words that tell items apart."""
    assert plan.items is not None
    if plan.title is not None:
        if plan.title and plan.title not in frame.columns:
            names = ", ".join(columns.names)
            raise DataError(f"“{plan.items.name}” has no column “{plan.title}”.", f"Its columns are: {names}.")
        return plan.title or None
    named = guess_roles(columns.names, columns.rows, columns.named).get("title")
    return named if named in frame.columns else next((str(name) for name in frame if _tells_apart(frame[name])), None)


def _tells_apart(texts: pd.Series) -> bool:
    sample = texts[texts != ""].head(1000)
    return len(sample) > 0.9 * min(len(texts), 1000) and bool(
        sample.str.contains(WORDS).mean() > 0.5 and sample.nunique() > 0.5 * len(sample)
    )
