"""User ids replaced by keyed pseudonyms: with the key a person gets the same one again, without it nobody goes back.

Nothing else may tell who is who either. Users stand in the order of their pseudonyms and items in the order of their
ids: in the order of the file, the n-th would be the n-th person of anybody's list of ids.
"""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from recdesk.core.task import UNWATCHED, Task
from recdesk.data.dataset import Dataset
from recdesk.data.interaction_log import CHUNK as ROWS
from recdesk.data.pseudonym_keys import pseudonym
from recdesk.data.report import Reject

CHUNK = 2**17


def pseudonyms(key: bytes, user_ids: Iterable[str], task: Task = UNWATCHED) -> pd.Index:
    """Pseudonyms in the order of the ids."""
    made: list[str] = []
    for number, user_id in enumerate(user_ids):
        if number % CHUNK == 0:
            task.check()
        made.append(pseudonym(key, user_id))
    return pd.Index(made, dtype="str")


def under_pseudonyms(dataset: Dataset, key: bytes, task: Task = UNWATCHED) -> tuple[Dataset, NDArray[np.int64]]:
    """A dataset whose users are known by their pseudonyms, without a trace of the order that they had.

    Returns:
        The dataset, and which row of the given one stands in each of its rows, int64 [n_interactions].
    """
    return in_order_of_ids(replace(dataset, user_ids=pseudonyms(key, dataset.user_ids, task)), task)


def in_order_of_ids(dataset: Dataset, task: Task = UNWATCHED) -> tuple[Dataset, NDArray[np.int64]]:
    """A dataset whose users and items stand in the order of their ids; returns what `under_pseudonyms` does."""
    users, items = _order(dataset.user_ids), _order(dataset.item_ids)
    lengths = np.diff(dataset.offsets)[users]
    offsets = np.concatenate(([0], np.cumsum(lengths))).astype(np.int64)
    task.check()
    rows = np.repeat(dataset.offsets[:-1][users] - offsets[:-1], lengths)
    rows += np.arange(len(rows))
    codes = np.empty(dataset.n_items + 1, np.int32)
    codes[0], codes[items + 1] = 0, np.arange(1, dataset.n_items + 1)
    times, ratings, events = dataset.times, dataset.ratings, dataset.events
    hidden = replace(
        dataset,
        user_ids=dataset.user_ids[users],
        item_ids=dataset.item_ids[items],
        offsets=offsets,
        items=codes[_taken(dataset.items, rows, task)],
        times=None if times is None else _taken(times, rows, task),
        ratings=None if ratings is None else _taken(ratings, rows, task),
        events=None if events is None else _taken(events, rows, task),
        item_features=_reordered(dataset.item_features, items),
        item_numbers=_reordered(dataset.item_numbers, items),
        user_features=_reordered(dataset.user_features, users),
        user_numbers=_reordered(dataset.user_numbers, users),
    )
    return hidden, rows


def keeps_file_order(dataset: Dataset) -> bool:
    """Pseudonyms of an older recdesk: people stand as in the file, so a list of its ids tells who is who."""
    ordered = dataset.user_ids.is_monotonic_increasing and dataset.item_ids.is_monotonic_increasing
    return bool(dataset.rules.get("pseudonyms")) and not ordered


def _order(ids: pd.Index) -> NDArray[np.int64]:
    return np.asarray(ids.argsort(), np.int64)


def _reordered(frame: pd.DataFrame, order: NDArray[np.int64]) -> pd.DataFrame:
    return frame.iloc[order].reset_index(drop=True) if len(frame) else frame


def _taken(array: NDArray[Any], rows: NDArray[np.int64], task: Task) -> NDArray[Any]:
    taken = np.empty_like(array)
    for begin in range(0, len(rows), ROWS):
        task.check()
        taken[begin : begin + ROWS] = array[rows[begin : begin + ROWS]]
    return taken


def without_people(rejects: Iterable[Reject]) -> list[Reject]:
    """Rejected rows with place and reason alone: what stood there may name a person."""
    return [Reject(reject.file, reject.line, reject.column, "", reject.reason, "") for reject in rejects]
