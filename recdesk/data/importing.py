"""From files to a Dataset: read, take roles, clean, code; everything that does not stay is counted."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from recdesk.data.cleaning import DUPLICATES, Rows, drop_duplicates, drop_low_ratings, k_core
from recdesk.data.dataset import Dataset
from recdesk.data.dialect import Dialect
from recdesk.data.interactions import Interactions, read_interactions
from recdesk.data.items import Features, read_items, titles_of_rows
from recdesk.data.planning import ImportPlan, Preview, default_name, preview, propose
from recdesk.data.report import Reject, Report
from recdesk.errors import CancelledError, DataError, UsageError

__all__ = ["Dialect", "ImportPlan", "ImportResult", "Preview", "import_files", "preview", "propose"]

DUPLICATE_RULES = {"exact": "exact duplicates", "first": "repeats, first kept", "last": "repeats, last kept", "all": ""}


@dataclass(frozen=True)
class ImportResult:
    """A dataset, the rows that could not be used, and items of the items file that nobody interacted with."""

    dataset: Dataset
    rejects: list[Reject]
    unused_items: pd.DataFrame = field(default_factory=pd.DataFrame)


def import_files(
    plan: ImportPlan,
    progress: Callable[[float, str], None] = lambda fraction, sentence: None,
    cancelled: Callable[[], bool] = lambda: False,
) -> ImportResult:
    """Read and clean.

    Args:
        plan: what to do.
        progress: told how far it is (0..1) and what is being done.
        cancelled: asked several times a second.

    Raises:
        DataError: a file cannot be read, a column is missing, or nothing is left.
        UsageError: the plan asks for what cannot be.
        CancelledError: `cancelled` said yes.
    """

    def step(fraction: float, sentence: str) -> None:
        if cancelled():
            raise CancelledError("The import")
        progress(fraction, sentence)

    if plan.duplicates not in DUPLICATES:
        known = ", ".join(DUPLICATES)
        raise UsageError(f"There is no rule “{plan.duplicates}” for duplicates.", f"Choose one of: {known}.")
    report = Report()
    step(0.0, f"Looking into {plan.interactions.name}")
    read = read_interactions(plan, report, step, cancelled)
    step(0.65, "Cleaning")
    users, items = (pc.dictionary_encode(read.table[role].combine_chunks()) for role in ("user", "item"))
    rows = _cleaned(plan, _rows(read.table, users, items), report)
    step(0.75, "Sorting")
    kept_items, item_codes = np.unique(rows.items, return_inverse=True)
    item_ids = _ids(items.dictionary, kept_items)
    step(0.85, f"Reading {plan.items.name}" if plan.items else "Putting together")
    features = _features(plan, read, item_ids, report, cancelled)
    rejects = read.rejects + features.rejects
    if rejects:
        report.notes.append("The rejected rows are kept in rejects.csv beside the dataset.")
    dataset = _dataset(plan, rows, users.dictionary, item_codes, item_ids, features, report, _rules(plan, read))
    step(1.0, "Done")
    return ImportResult(dataset.checked(), rejects, features.unused)


def _rows(table: pa.Table, users: pa.DictionaryArray, items: pa.DictionaryArray) -> Rows:
    """Rows with codes by first appearance in the file."""
    ratings = table["rating"].to_numpy().astype(np.float32) if "rating" in table.column_names else None
    return Rows(
        users.indices.to_numpy().astype(np.int64),
        items.indices.to_numpy().astype(np.int64),
        table["time"].to_numpy().astype(np.int64) if "time" in table.column_names else None,
        None if ratings is None or np.isnan(ratings).all() else ratings,
    )


def _cleaned(plan: ImportPlan, rows: Rows, report: Report) -> Rows:
    def drop(after: Rows, rule: str) -> Rows:
        if len(after) < len(rows):
            report.dropped[rule] = len(rows) - len(after)
        return after

    if plan.min_rating is not None:
        if rows.ratings is None:
            raise UsageError(
                f"“{plan.interactions.name}” has no ratings, so there is no lowest rating to keep.",
                "Leave the rule out, or say which column holds the rating.",
            )
        rows = drop(drop_low_ratings(rows, plan.min_rating), f"rating below {plan.min_rating:g}")
    if rows.times is None:
        report.notes.append("The file has no times: its order is taken as the order of events.")
        if plan.duplicates == "exact" and (repeats := len(rows) - len(drop_duplicates(rows, "first"))):
            report.notes.append(
                f"{repeats:,} rows repeat a user and item; without times they may be real, and are kept."
            )
    rows = drop(drop_duplicates(rows, plan.duplicates), DUPLICATE_RULES[plan.duplicates])
    if plan.k_core > 1:
        rows = drop(k_core(rows, plan.k_core), f"{plan.k_core}-core")
    report.kept = len(rows)
    if not len(rows):
        rules = ", ".join(report.dropped)
        raise DataError(
            f"Nothing of “{plan.interactions.name}” is left after cleaning ({rules}).",
            "Loosen the rules, then import again.",
        )
    return rows


def _features(
    plan: ImportPlan, read: Interactions, item_ids: pd.Index, report: Report, cancelled: Callable[[], bool]
) -> Features:
    if plan.items is not None:
        return read_items(plan, item_ids, report, cancelled)
    if "title" in read.roles:
        return titles_of_rows(read.table, item_ids, read.dialect.form)
    return Features(pd.DataFrame(index=range(len(item_ids))))


def _dataset(
    plan: ImportPlan,
    rows: Rows,
    user_ids: pa.Array,
    item_codes: NDArray[np.int64],
    item_ids: pd.Index,
    features: Features,
    report: Report,
    rules: dict[str, Any],
) -> Dataset:
    """Codes in the order of first appearance in the file; each user's rows by time, ties in file order."""
    kept, users = np.unique(rows.users, return_inverse=True)
    order = np.argsort(users, kind="stable") if rows.times is None else np.lexsort((rows.times, users))
    return Dataset(
        name=plan.name.strip() or default_name(plan.interactions),
        user_ids=_ids(user_ids, kept),
        item_ids=item_ids,
        offsets=np.concatenate(([0], np.cumsum(np.bincount(users)))).astype(np.int64),
        items=(item_codes[order] + 1).astype(np.int32),
        times=None if rows.times is None else rows.times[order],
        ratings=None if rows.ratings is None else rows.ratings[order],
        item_features=features.frame,
        title_column=features.title,
        report=report.to_dict(),
        rules=rules,
    )


def _ids(ids: pa.Array, kept: NDArray[np.int64]) -> pd.Index:
    return pd.Index(ids.take(pa.array(kept)).to_pandas(), dtype="str", name=None)


def _rules(plan: ImportPlan, read: Interactions) -> dict[str, Any]:
    rules = {"min_rating": plan.min_rating, "k_core": plan.k_core, "duplicates": plan.duplicates}
    return {**rules, "dialect": read.dialect.to_dict(), "roles": read.roles}
