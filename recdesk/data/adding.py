"""Adds newer rows to the rows of a dataset, as one reading that is cleaned as a whole."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from recdesk.core.messages import Message
from recdesk.core.task import UNWATCHED, Task
from recdesk.data.dataset import Dataset
from recdesk.data.importing import Intake
from recdesk.data.interaction_log import InteractionTable, grouped
from recdesk.data.pseudonyms import pseudonyms
from recdesk.data.updating import changes

COUNTING = ("core", "max_user")
"""Steps of cleaning that count rows, which see no row that was left out earlier."""


def added_to(
    old: Dataset, intake: Intake, key: bytes | None = None, others: pa.Table | None = None, task: Task = UNWATCHED
) -> Intake:
    """The rows of a dataset, then those that were read, sorted as one log; equal times keep this order.

    Args:
        old: the dataset.
        intake: what is added, read by a plan of `updating.plan_of`.
        key: of the dataset's pseudonyms, if it has them.
        others: the dataset's columns without a role, row by row, if they are kept.
        task: checked between chunks of work.

    Raises:
        CancelledError: it was cancelled.
    """
    rows = intake.rows
    if key is not None:
        rows = replace(rows, user_ids=pa.array(pseudonyms(key, rows.user_ids.to_pylist(), task), pa.string()))
    repeats = old.n_interactions - changes(old, _dataset_of(rows)).gone_interactions
    plan, report = intake.plan, intake.report
    notes = [Message("dataset.rows-added", count=len(rows), old=old.n_interactions, repeats=repeats)]
    if set(COUNTING) & plan.rules.steps.keys():
        notes.append(Message("dataset.added-to-cleaned"))
    user_ids, users = _joined_ids(old.user_ids, rows.user_ids)
    item_ids, items = _joined_ids(old.item_ids, rows.item_ids)
    events, names = _events(old, rows, plan.rules.events)
    titles = None if intake.titles is None else _titles(old, intake.titles, items, len(item_ids))
    codes, texts = _others(old, rows, others)
    joined = InteractionTable(
        np.concatenate((_users_of(old), users[rows.users])),
        np.concatenate((old.items - 1, items[rows.items])).astype(np.int32),
        user_ids,
        item_ids,
        None if old.times is None or rows.times is None else np.concatenate((old.times, rows.times)),
        _ratings(old, rows),
        events,
        names,
        codes,
        texts,
        rows.user_columns,
    )
    report = replace(report, read=report.read + old.n_interactions, notes=[*notes, *report.notes])
    return replace(intake, rows=grouped(joined, task), titles=titles, report=report, hidden=key is not None)


def _users_of(old: Dataset) -> NDArray[np.int32]:
    return np.repeat(np.arange(old.n_users, dtype=np.int32), np.diff(old.offsets))


def _dataset_of(rows: InteractionTable) -> Dataset:
    """Rows as a dataset, to be compared with another one."""
    return Dataset(
        "",
        pd.Index(rows.user_ids.to_pandas(), dtype="str"),
        pd.Index(rows.item_ids.to_pandas(), dtype="str"),
        np.concatenate(([0], np.cumsum(rows.user_counts))).astype(np.int64),
        rows.items + np.int32(1),
        rows.times,
    )


def _joined_ids(old: pd.Index, new: pa.Array) -> tuple[pa.Array, NDArray[np.int32]]:
    """The ids of both, the old ones first; and for each new code its code among them."""
    known = pd.Index(new.to_pandas(), dtype="str")
    both = old.append(known[~known.isin(old)])
    return pa.array(both, pa.string()), both.get_indexer(known).astype(np.int32)


def _ratings(old: Dataset, rows: InteractionTable) -> NDArray[np.float32] | None:
    if old.ratings is None and rows.ratings is None:
        return None
    parts = ((old.ratings, old.n_interactions), (rows.ratings, len(rows)))
    return np.concatenate([np.full(n, np.nan, np.float32) if found is None else found for found, n in parts])


def _events(
    old: Dataset, rows: InteractionTable, kept: tuple[str, ...] | None
) -> tuple[NDArray[np.int32] | None, tuple[str, ...]]:
    """Types of events of both. Those that are not known are one that the rule on them keeps, or have no name."""
    if old.events is None and rows.events is None:
        return None, ()
    unknown = (kept[0] if kept else "",)
    parts = (
        (old.events, old.event_names, old.n_interactions),
        (rows.events, rows.event_names, len(rows)),
    )
    names = tuple(dict.fromkeys(name for codes, own, _ in parts for name in (unknown if codes is None else own)))
    codes = [
        np.full(count, names.index(unknown[0]), np.int32)
        if found is None
        else np.array([names.index(name) for name in own], np.int32)[found]
        for found, own, count in parts
    ]
    return np.concatenate(codes), names


def _titles(old: Dataset, titles: pa.Array, codes: NDArray[np.int32], n_items: int) -> pa.Array:
    """Titles of the items of both, the old ones where both have some."""
    found = np.full(n_items, None, dtype=object)
    found[codes] = titles.to_numpy(zero_copy_only=False)
    if old.title_column is not None:
        known = old.item_features[old.title_column].to_numpy(dtype=object)
        found[: old.n_items] = np.where(known == "", found[: old.n_items], known)
    return pa.array(found, pa.string())


def _others(
    old: Dataset, rows: InteractionTable, others: pa.Table | None
) -> tuple[NDArray[np.int32] | None, dict[str, pa.Array]]:
    """Further columns of both; "" where the old rows have none."""
    if rows.others is None:
        return None, {}
    columns: list[NDArray[np.int32]] = []
    texts: dict[str, pa.Array] = {}
    for at, (name, new) in enumerate(rows.other_texts.items()):
        if others is not None and name in others.column_names:
            coded = pc.cast(others[name], pa.string()).combine_chunks().dictionary_encode()
        else:
            coded = pa.array(np.full(old.n_interactions, ""), pa.string()).dictionary_encode()
        texts[name], shifted = pa.concat_arrays([coded.dictionary, pc.cast(new, pa.string())]), len(coded.dictionary)
        columns.append(np.concatenate((coded.indices.to_numpy(), rows.others[:, at] + shifted)).astype(np.int32))
    return np.stack(columns, axis=1), texts
