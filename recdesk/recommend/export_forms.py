"""Formats of an export, chosen by the ending of the file's name."""

import contextlib
import gzip
import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any, Protocol

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from recdesk.core.errors import UsageError
from recdesk.core.files import check_target, writing_to
from recdesk.core.messages import Message
from recdesk.data.dataset import Dataset
from recdesk.data.safe_csv import cells, safe_cell

HEADER = ("user_id", "rank", "item_id", "title", "score")
SEPARATORS = {".csv": ",", ".tsv": "\t"}
"""Of the formats that spreadsheets open."""
PACKED = ".gz"
ENDINGS = (".csv", ".tsv", ".jsonl", ".csv.gz", ".tsv.gz", ".jsonl.gz", ".parquet")
SCHEMA = pa.schema(
    [
        ("user_id", pa.string()),
        ("rank", pa.int32()),
        ("item_id", pa.string()),
        ("title", pa.string()),
        ("score", pa.float32()),
    ]
)


class Rows(Protocol):
    """Writes an export row by row."""

    guarded_users: int
    guarded_items: int

    def add(self, users: NDArray[np.object_], items: NDArray[np.int64], scores: NDArray[np.float32]) -> None:
        """Write the top-N of some users: ids [n], item codes [n, N] (0 stands for none) and scores [n, N]."""


def ending_of(path: Path) -> str:
    """One of `ENDINGS`; a name without an ending stands for a CSV.

    Raises:
        UsageError: the ending is unknown.
    """
    name = path.name.lower()
    if found := next((ending for ending in ENDINGS if name.endswith(ending)), None):
        return found
    if not path.suffix:
        return ".csv"
    raise UsageError(
        Message("export.form-unknown", extension=path.suffix),
        Message("export.give-known-ending", extensions=", ".join(ENDINGS)),
    )


def check_export(path: Path) -> None:
    """Check that an export can be written to a path.

    Raises:
        UsageError: the ending is unknown.
        StorageError: the folder cannot be written.
    """
    check_target(path)
    ending_of(path)


@contextlib.contextmanager
def rows_to(path: Path, dataset: Dataset, raw_ids: bool) -> Iterator[Rows]:
    """Open an export; see `writing_to` for what becomes of `path`.

    Args:
        path: its ending chooses the format.
        dataset: of the codes that will be added.
        raw_ids: leave ids in CSV and TSV as they are, even where a spreadsheet would run them as formulas. Titles are
            always guarded there; the other formats guard nothing.

    Raises:
        UsageError: the ending is unknown.
        StorageError: the folder cannot be written or the disk is full.
    """
    ending = ending_of(path)
    form = ending.removesuffix(PACKED)
    with contextlib.ExitStack() as stack:
        stream: Any = stack.enter_context(writing_to(path, "wb"))
        if form == ".parquet":
            yield ParquetRows(stack.enter_context(pq.ParquetWriter(stream, SCHEMA)), dataset)
            return
        if ending != form:  # without name and time, so that equal exports are equal files
            stream = stack.enter_context(gzip.GzipFile("", "wb", fileobj=stream, mtime=0))
        encoding = "utf-8-sig" if form in SEPARATORS else "utf-8"
        text = io.TextIOWrapper(stream, encoding=encoding, newline="")
        stack.callback(text.detach)
        stack.callback(text.flush)
        yield JsonRows(text, dataset) if form == ".jsonl" else TableRows(text, dataset, SEPARATORS[form], raw_ids)


class TableRows:
    """CSV or TSV; the cells of an item are formatted once."""

    def __init__(self, stream: IO[str], dataset: Dataset, separator: str, raw_ids: bool) -> None:
        self.guarded_users = self.guarded_items = 0
        self._stream, self._dataset, self._separator, self._raw_ids = stream, dataset, separator, raw_ids
        self._titles = dataset.titles
        self._items: dict[int, str] = {}
        stream.write(f"{cells(HEADER, separator)}\r\n")

    def add(self, users: NDArray[np.object_], items: NDArray[np.int64], scores: NDArray[np.float32]) -> None:
        """See `Rows`."""
        mark = self._separator
        for user, row, own in zip(users.tolist(), items.tolist(), scores.tolist(), strict=True):
            user_id, guarded = self._id(str(user))
            self.guarded_users += guarded
            self._stream.writelines(
                f"{user_id}{mark}{rank}{mark}{self._item(item)}{mark}{score:.6g}\r\n"
                for rank, (item, score) in enumerate(zip(row, own, strict=True), 1)
                if item
            )

    def _item(self, item: int) -> str:
        cell = self._items.get(item)
        if cell is None:
            item_id, guarded = self._id(str(self._dataset.item_ids[item - 1]))
            self.guarded_items += guarded
            cell = f"{item_id}{self._separator}{cells([str(self._titles[item - 1])], self._separator)}"
            self._items[item] = cell
        return cell

    def _id(self, text: str) -> tuple[str, bool]:
        guarded = not self._raw_ids and safe_cell(text) != text
        return cells([text], self._separator, guard=guarded), guarded


class JsonRows:
    """JSON Lines."""

    def __init__(self, stream: IO[str], dataset: Dataset) -> None:
        self.guarded_users = self.guarded_items = 0
        self._stream, self._dataset, self._titles = stream, dataset, dataset.titles
        self._items: dict[int, str] = {}

    def add(self, users: NDArray[np.object_], items: NDArray[np.int64], scores: NDArray[np.float32]) -> None:
        """See `Rows`."""
        for user, row, own in zip(users.tolist(), items.tolist(), scores.tolist(), strict=True):
            user_id = _json(str(user))
            self._stream.writelines(
                f'{{"user_id": {user_id}, "rank": {rank}, {self._item(item)}, "score": {score:.6g}}}\n'
                for rank, (item, score) in enumerate(zip(row, own, strict=True), 1)
                if item
            )

    def _item(self, item: int) -> str:
        cell = self._items.get(item)
        if cell is None:
            item_id, title = str(self._dataset.item_ids[item - 1]), str(self._titles[item - 1])
            cell = self._items[item] = f'"item_id": {_json(item_id)}, "title": {_json(title)}'
        return cell


class ParquetRows:
    """Parquet; ids are strings."""

    def __init__(self, writer: pq.ParquetWriter, dataset: Dataset) -> None:
        self.guarded_users = self.guarded_items = 0
        self._writer = writer
        self._items = dataset.item_ids.to_numpy(dtype=object)
        self._titles = dataset.titles

    def add(self, users: NDArray[np.object_], items: NDArray[np.int64], scores: NDArray[np.float32]) -> None:
        """See `Rows`."""
        rows, ranks = np.nonzero(items)
        codes = items[rows, ranks] - 1
        columns = [
            users[rows],
            (ranks + 1).astype(np.int32),
            self._items[codes],
            self._titles[codes],
            scores[rows, ranks],
        ]
        arrays = [pa.array(column, field.type) for column, field in zip(columns, SCHEMA, strict=True)]
        self._writer.write_batch(pa.record_batch(arrays, schema=SCHEMA))


def _json(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)
