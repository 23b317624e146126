"""The Dataset: immutable interactions in CSR form with the original ids beside them."""

import hashlib
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from recdesk.core.errors import DataError, UsageError
from recdesk.core.messages import Message
from recdesk.data.array_ops import counts
from recdesk.data.cleaning.rules import moment
from recdesk.data.histories import Histories, History


@dataclass(frozen=True, eq=False)
class Dataset:
    """Interactions of users with items, each user's in time order, ties in file order.

    Attributes:
        name: what the person calls it.
        user_ids: original ids as text, [n_users].
        item_ids: original ids as text, [n_items]; item code c (1..n_items; 0 is padding) is `item_ids[c - 1]`.
        offsets: int64 [n_users + 1]; user u's rows are `offsets[u]:offsets[u + 1]`.
        items: int32 [n_interactions], item codes.
        times: int64 [n_interactions] epoch seconds, or None where the file has none.
        ratings: float32 [n_interactions], NaN where unknown, or None.
        events: int16 [n_interactions], into `event_names`; None where all are of one kind, or none is known.
        event_names: types of events, such as “view”; "" for an unknown one. For people to see: no model reads them.
        item_features: text columns by name, row c - 1 belongs to item code c; "" where unknown.
        item_numbers: numeric features standardised (mean 0, deviation 1; NaN where unknown), rows as in item_features.
        title_column: the feature that names an item to a person, or None (then its id does).
        user_features: text columns by name, row u belongs to user code u; "" where unknown. For people to see: no model
            reads them.
        user_numbers: their numeric features standardised, rows as in user_features.
        report: what was read, kept, dropped and why (see `data.report`).
        rules: how it was read and cleaned: plain values. The content hash is over what came of it.
        synthetic: what to say wherever the data is shown, when it is generated; "" for real data.
        ceiling: for generated data, the best top-1 accuracy anything can reach on the last item a user; else None.
    """

    name: str
    user_ids: pd.Index
    item_ids: pd.Index
    offsets: NDArray[np.int64]
    items: NDArray[np.int32]
    times: NDArray[np.int64] | None = None
    ratings: NDArray[np.float32] | None = None
    item_features: pd.DataFrame = field(default_factory=pd.DataFrame)
    item_numbers: pd.DataFrame = field(default_factory=pd.DataFrame)
    title_column: str | None = None
    report: dict[str, Any] = field(default_factory=dict)
    rules: dict[str, Any] = field(default_factory=dict)
    synthetic: str = ""
    ceiling: float | None = None
    user_features: pd.DataFrame = field(default_factory=pd.DataFrame)
    user_numbers: pd.DataFrame = field(default_factory=pd.DataFrame)
    events: NDArray[np.int16] | None = None
    event_names: tuple[str, ...] = ()

    @property
    def n_users(self) -> int:
        """Users with at least one interaction."""
        return len(self.user_ids)

    @property
    def n_items(self) -> int:
        """Items of the catalogue: those somebody interacted with."""
        return len(self.item_ids)

    @property
    def n_interactions(self) -> int:
        """Rows kept."""
        return len(self.items)

    def histories(self, ends: NDArray[np.int64] | None = None) -> Histories:
        """Every user's history, up to `ends` (int64 [n_users], exclusive row numbers) or whole."""
        return Histories(self.items, self.offsets[:-1], self.offsets[1:] if ends is None else ends, self.times)

    def history(self, user: int, moment: int | None = None) -> History:
        """The history of the user with this code, as it was at a moment (epoch seconds); None for the whole one."""
        return self.histories().history(user).until(moment)

    def moment(self, text: str) -> int | None:
        """A moment in words (see `cleaning.rules.moment`; of a day its end), epoch seconds; None for "".

        Raises:
            UsageError: it is none, or the dataset has no times.
        """
        if not text:
            return None
        if self.times is None:
            raise UsageError(Message("dataset.no-moments", name=self.name), Message("dataset.import-times"))
        return moment(text, end=True)

    def histories_until(self, moment: int | None) -> Histories:
        """Every user's history as it was at a moment (epoch seconds), and asked about then; None for the whole ones."""
        if moment is None or self.times is None:
            return self.histories()
        before = np.concatenate(([0], np.cumsum(self.times <= moment, dtype=np.int64)))
        ends = self.offsets[:-1] + before[self.offsets[1:]] - before[self.offsets[:-1]]
        return self.histories(ends).asked_by(moment)

    def user_code(self, user_id: str) -> int:
        """Position of a user id.

        Raises:
            UsageError: nobody has this id.
        """
        try:
            return int(self.user_ids.get_loc(user_id))  # type: ignore[arg-type]
        except KeyError:
            example = self.user_ids[0] if len(self.user_ids) else ""
            raise UsageError(
                Message("user.not-found", id=user_id, name=self.name),
                Message("dataset.ids-as-in-file", example=example),
            ) from None

    def known_of_user(self, user: int) -> dict[str, str]:
        """What is known of the user with this code: texts by feature, in the order of the columns."""
        frame = self.user_features
        return {str(name): text for name in frame.columns if (text := str(frame[name].iat[user]))}

    @cached_property
    def titles(self) -> NDArray[np.object_]:
        """What to call each item, [n_items]: its title, or its id where it has none."""
        ids = self.item_ids.to_numpy(dtype=object)
        if self.title_column is None:
            return ids
        titles = self.item_features[self.title_column].to_numpy(dtype=object)
        return np.where(titles == "", ids, titles)

    @cached_property
    def popularity(self) -> NDArray[np.int64]:
        """Interactions of each item, int64 [n_items]."""
        return counts(self.items, self.n_items + 1)[1:]

    @cached_property
    def content_hash(self) -> str:
        """SHA-256 over everything a model can see: ids, order, times, ratings, features of items (not of users)."""
        digest = hashlib.sha256(b"recdesk dataset 1\0")
        for array in (self.offsets, self.items, self.times, self.ratings):
            digest.update(b"none" if array is None else str(array.shape).encode())
            if array is not None:
                digest.update(np.ascontiguousarray(array).data)
        columns: list[tuple[Any, Any]] = [("user", self.user_ids), ("item", self.item_ids), *self.item_features.items()]
        for name, column in columns:
            digest.update(f"{name!r}:{len(column)}".encode("utf-8", "surrogatepass"))
            for part in _lengths_and_bytes(column):
                digest.update(part)
        return digest.hexdigest()

    def checked(self) -> "Dataset":
        """This dataset, after making sure that it can be trained on.

        Raises:
            DataError: it has no interactions, or fewer than two items.
        """
        if not self.n_interactions:
            raise DataError(Message("rule.no-interactions-left", name=self.name), Message("rule.loosen"))
        if self.n_items < 2:
            raise DataError(
                Message("dataset.single-item", name=self.name, item=self.item_ids[0]),
                Message("column.check-item"),
            )
        return self


def _lengths_and_bytes(column: Any) -> tuple[Any, Any]:
    """A text column as bytes for hashing: lengths in characters (int64) and the concatenated UTF-8."""
    try:
        array = pa.array(column, pa.large_string())
        array = array.combine_chunks() if isinstance(array, pa.ChunkedArray) else array
        if array.null_count == 0:
            ends = np.frombuffer(array.buffers()[1], np.int64)[array.offset : array.offset + len(array) + 1]
            texts = memoryview(array.buffers()[2] or b"")[int(ends[0]) : int(ends[-1])] if len(array) else b""
            return pc.utf8_length(array).to_numpy(zero_copy_only=False).astype(np.int64).data, texts
    except (pa.ArrowException, UnicodeError):
        pass  # what is no text, or holds half a character
    plain = [str(text) for text in column]
    return np.fromiter(map(len, plain), np.int64, len(plain)).data, "".join(plain).encode("utf-8", "surrogatepass")


def empty_rows(features: pd.DataFrame) -> int:
    """Rows of which no feature is known; 0 where there are no features at all."""
    return int((features == "").all(axis=1).sum()) if len(features.columns) else 0
