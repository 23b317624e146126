"""Columns of the table of users, with what they are searched and sorted by; for a million users it takes seconds to
compute, in a job."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from recdesk.core.task import UNWATCHED, Task
from recdesk.data.dataset import Dataset
from recdesk.gui.widgets.tables import Orders

if TYPE_CHECKING:
    import pyarrow as pa

    from recdesk.evaluation.results import Results

ITEMS, NEWEST, RANK = "items", "newest", "rank"
"""Figures of a user: interactions, epoch seconds of the last one, and rank of the held-out item (0: not measured)."""
_BETWEEN = " · "
_BLOCK = 1 << 16
"""Users searched between two checks whether the search is still wanted."""


@dataclass(frozen=True)
class Figure:
    """A number of each user, int64 [n], and the rows sorted by it."""

    values: NDArray[np.int64]
    orders: Orders


@dataclass(frozen=True)
class UserColumns:
    """What the table of users shows.

    Attributes:
        ids: as in the data.
        orders: rows sorted by id: as numbers where all ids are whole numbers, else alphabetically.
        figures: of `ITEMS`, `NEWEST` where the data has times, `RANK` where the run was measured.
        lower: Arrow array of the ids in lower case.
        known: Arrow array of the features in lower case, "age: 25 · occupation: writer"; None without features.
        held_out: int64 [n], position in each history of the item that the run was measured on, -1 for none; None where
            the run was not measured.
    """

    ids: pd.Index
    orders: Orders
    figures: dict[str, Figure]
    lower: "pa.Array"
    known: "pa.Array | None" = None
    held_out: NDArray[np.int64] | None = None

    @classmethod
    def of(cls, dataset: Dataset, measured: "tuple[Results, NDArray[np.int64]] | None" = None) -> "UserColumns":
        """Columns of a dataset, computed without holding the GIL for long.

        Args:
            dataset: of the users.
            measured: ranks of a run on it, and int64 [n_users], row of each user's held-out item, -1 for none.
        """
        import pyarrow as pa
        import pyarrow.compute as pc

        figures = {ITEMS: _figure(np.diff(dataset.offsets))}
        if dataset.times is not None and dataset.n_users:
            figures[NEWEST] = _figure(dataset.times[dataset.offsets[1:] - 1])
        held_out = None
        if measured is not None:
            results, rows = measured
            figures[RANK] = _ranks(results, dataset.n_users)
            held_out = np.where(rows >= 0, rows - dataset.offsets[:-1], -1)
        lower = pc.utf8_lower(pa.array(dataset.user_ids, pa.large_string()))
        ids = _by_id(dataset.user_ids)
        return cls(dataset.user_ids, sorted_rows(ids), figures, lower, _known(dataset.user_features), held_out)

    def containing(
        self, text: str, within: NDArray[np.int64] | None = None, task: Task = UNWATCHED
    ) -> NDArray[np.int64]:
        """Codes of users whose id or features contain the text, whatever its case, ascending.

        Args:
            text: part of an id, of a feature, or of "name: feature".
            within: codes of users among whom to look, ascending; None for all.
            task: checked between blocks of users.

        Raises:
            CancelledError: it was cancelled.
        """
        import pyarrow as pa
        import pyarrow.compute as pc

        wanted = pc.utf8_lower(pa.scalar(text)).as_py()
        searched = [texts for texts in (self.lower, self.known) if texts is not None]
        if within is not None:
            searched = [texts.take(pa.array(within)) for texts in searched]
        found = []
        for begin in range(0, len(searched[0]), _BLOCK):
            task.check()
            blocks = [texts.slice(begin, _BLOCK) for texts in searched]
            hits = [pc.match_substring(block, wanted).to_numpy(zero_copy_only=False) for block in blocks]
            found.append(np.flatnonzero(np.logical_or.reduce(hits)) + begin)
        rows = np.concatenate(found) if found else np.empty(0, np.int64)
        return rows if within is None else within[rows]


def sorted_rows(keys: NDArray[np.int64]) -> Orders:
    """Rows by ascending and by descending keys (int64 [n]); equal ones in the order of the data."""
    return np.argsort(keys, kind="stable"), np.argsort(-keys, kind="stable")


def _figure(values: NDArray[np.int64]) -> Figure:
    return Figure(values, sorted_rows(values))


def _ranks(results: "Results", n_users: int) -> Figure:
    """Ranks of the held-out items; who has none stands last, however they are sorted."""
    from recdesk.evaluation.metrics import NEVER

    measured, values = results.ranks, np.zeros(n_users, np.int64)
    possible = measured.greater < NEVER
    values[measured.users[possible]] = (measured.greater + measured.equal // 2 + 1)[possible]
    none = values == 0
    ascending = np.argsort(np.where(none, NEVER, values), kind="stable")
    return Figure(values, (ascending, np.argsort(-values, kind="stable")))


def _known(features: pd.DataFrame) -> "pa.Array | None":
    import pyarrow as pa
    import pyarrow.compute as pc

    if not len(features.columns):
        return None

    def scalar(text: str) -> pa.Scalar:
        return pa.scalar(text, pa.large_string())

    said = []
    for name, column in features.items():
        texts = pc.utf8_lower(pa.array(column, pa.large_string()))
        named = pc.binary_join_element_wise(scalar(f"{_BETWEEN}{name}: ".lower()), texts, scalar(""))
        said.append(pc.if_else(pc.equal(texts, scalar("")), scalar(""), named))
    # Not joined with null_handling="skip", which leaves out rows that are null throughout (pyarrow 26)
    return pc.utf8_slice_codeunits(pc.binary_join_element_wise(*said, scalar("")), len(_BETWEEN))


def _by_id(ids: pd.Index) -> NDArray[np.int64]:
    """Sort keys of ids."""
    import pyarrow as pa
    import pyarrow.compute as pc

    texts = pa.array(ids, pa.large_string())
    try:
        return pc.cast(texts, pa.int64()).to_numpy(zero_copy_only=False)
    except pa.ArrowInvalid:
        order = np.empty(len(ids), np.int64)
        order[pc.array_sort_indices(texts).to_numpy()] = np.arange(len(ids))
        return order
