"""Reads the items file: text features aligned with the items of the catalogue."""

from dataclasses import dataclass, field

import pandas as pd
import pyarrow as pa

from recdesk.core.errors import MisfitError
from recdesk.core.messages import Message
from recdesk.core.task import Task
from recdesk.data.columns.roles import WORDS, guess_roles
from recdesk.data.feature_file import read_feature_file, tidy, tidy_ids
from recdesk.data.files.column_preview import Columns
from recdesk.data.files.dialect import Form
from recdesk.data.plan import ImportPlan
from recdesk.data.report import Reject, Report


@dataclass(frozen=True)
class Features:
    """Features of the items.

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


def read_items(plan: ImportPlan, item_ids: pd.Index, report: Report, task: Task) -> Features:
    """Read the plan's items file; the first row of each id counts.

    Raises:
        DataError: it cannot be read, a column is missing, or it knows none of the items.
        CancelledError: it was cancelled.
    """
    path = plan.items
    assert path is not None
    keys = tidy_ids(item_ids)
    found = read_feature_file(path, plan.items_dialect, "item", keys, plan.interactions.name, report, task)
    frame = found.frame.set_index(found.ids)
    title = _title_column(plan, found.columns, frame)
    repeated = frame.index.duplicated() | (frame.index == "")
    frame, repeats = frame[~repeated], int(repeated.sum())
    used = frame.index.isin(keys)
    report.features_without_items = int((~used).sum())
    report.items_without_features = int((~keys.isin(frame.index)).sum())
    if repeats:
        report.notes.append(Message("item.rows-repeat-id", count=repeats, name=path.name))
    features = frame.reindex(keys, fill_value="").reset_index(drop=True).astype("str")
    return Features(features, title, frame[~used].reset_index(), found.rejects)


def titles_of_rows(titles: pa.Array, form: Form) -> Features:
    """Features where the interactions carry titles: one of each item of the catalogue, null where there is none."""
    return Features(pd.DataFrame({"title": tidy(pa.chunked_array([titles]), form)}, dtype="str"), "title")


def _title_column(plan: ImportPlan, columns: Columns, frame: pd.DataFrame) -> str | None:
    """The plan's word, else a column that is called so, else the first whose texts are words that tell items apart."""
    assert plan.items is not None
    if plan.title is not None:
        if plan.title and plan.title not in frame.columns:
            names = ", ".join(columns.names)
            raise MisfitError(
                Message("column.not-found", name=plan.items.name, column=plan.title),
                Message("column.columns-are", names=names),
            )
        return plan.title or None
    named = guess_roles(columns.names, columns.sample, columns.named).get("title")
    return named if named in frame.columns else next((str(name) for name in frame if _tells_apart(frame[name])), None)


def _tells_apart(texts: pd.Series) -> bool:
    sample = texts[texts != ""].head(1000)
    return len(sample) > 0.9 * min(len(texts), 1000) and bool(
        sample.str.contains(WORDS).mean() > 0.5 and sample.nunique() > 0.5 * len(sample)
    )
