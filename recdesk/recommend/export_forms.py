"""Formats of an export, chosen by the ending of the file's name, and the columns of its rows."""

import contextlib
import gzip
import io
import itertools
import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
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
from recdesk.recommend.excel_rows import Workbook, excel_workbook

HEADER = ("user_id", "rank", "item_id", "title", "score")
"""Columns of an export unless others are chosen."""
REASON = "reason"
COLUMNS = (*HEADER, REASON)
"""Columns that every export can have; a feature of the items is one under its own name."""
SEPARATORS = {".csv": ",", ".tsv": "\t"}
"""Of the formats that spreadsheets open as text."""
PACKED = ".gz"
ENDINGS = (".csv", ".tsv", ".jsonl", ".csv.gz", ".tsv.gz", ".jsonl.gz", ".parquet", ".xlsx")

_TYPES = {"rank": pa.int32(), "score": pa.float32()}


@dataclass(frozen=True)
class FileForm:
    """How an export is written.

    Attributes:
        columns: of `COLUMNS`, and names of features of the items, in their order.
        separator: between the cells of CSV and TSV, one character; "" for that of the ending.
        mark: begin CSV and TSV with the byte order mark by which Excel knows UTF-8.
        raw_ids: leave ids in CSV and TSV as they are, even where a spreadsheet would run them as formulas. Other texts
            are always guarded there; the other formats guard nothing, for nothing in them is run.
        owner: what the column "user_id" is called in the file.
    """

    columns: tuple[str, ...] = HEADER
    separator: str = ""
    mark: bool = True
    raw_ids: bool = False
    owner: str = "user_id"

    @property
    def header(self) -> tuple[str, ...]:
        """Names of the columns in the file."""
        return tuple(self.owner if column == "user_id" else column for column in self.columns)

    def check(self, dataset: Dataset) -> None:
        """Check that the dataset has the columns.

        Raises:
            UsageError: a column is unknown or there twice, there is none, or the separator is not one character.
        """
        features = [str(name) for name in dataset.item_features.columns]
        known = ", ".join(dict.fromkeys([*COLUMNS, *features]))
        for column in self.columns:
            if column not in COLUMNS and column not in features:
                raise UsageError(
                    Message("export.column-unknown", column=column), Message("text.columns-are", names=known)
                )
        if not self.columns or len(set(self.columns)) < len(self.columns):
            raise UsageError(Message("export.columns-repeat"), Message("text.columns-are", names=known))
        if len(self.separator) > 1 or self.separator in ('"', "\n", "\r"):
            raise UsageError(
                Message("export.separator-long", separator=self.separator), Message("export.one-character")
            )


class Rows(Protocol):
    """Writes an export row by row.

    Attributes:
        guarded_users: number of users whose ids got an apostrophe in front.
        guarded_items: ids of the items that got one.
    """

    guarded_users: int
    guarded_items: set[str]

    def add(
        self,
        users: NDArray[np.object_],
        items: NDArray[np.int64],
        scores: NDArray[np.float32],
        reasons: NDArray[np.object_] | None = None,
    ) -> None:
        """Write the top-N of some users: ids [n], item codes [n, N] (0 stands for none), scores [n, N], and the
        texts of the column of reasons [n, N], empty without them."""


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
def rows_to(path: Path, dataset: Dataset, form: FileForm) -> Iterator[Rows]:
    """Open an export; see `writing_to` for what becomes of `path`.

    Args:
        path: its ending chooses the format.
        dataset: of the codes that will be added.
        form: columns and, for CSV and TSV, how they are written.

    Raises:
        UsageError: the ending or a column is unknown.
        StorageError: the folder cannot be written or the disk is full.
    """
    form.check(dataset)
    ending = ending_of(path)
    kind = ending.removesuffix(PACKED)
    with contextlib.ExitStack() as stack:
        stream: Any = stack.enter_context(writing_to(path, "wb"))
        if kind == ".parquet":
            schema = schema_of(form)
            yield ParquetRows(stack.enter_context(pq.ParquetWriter(stream, schema)), dataset, form, schema)
            return
        if kind == ".xlsx":
            yield ExcelRows(stack.enter_context(excel_workbook(stream, form.header)), dataset, form)
            return
        if ending != kind:  # without name and time, so that equal exports are equal files
            stream = stack.enter_context(gzip.GzipFile("", "wb", fileobj=stream, mtime=0))
        stream.write(head_of(ending, form))
        text = io.TextIOWrapper(stream, encoding="utf-8", newline="")
        stack.callback(text.detach)
        stack.callback(text.flush)
        if kind == ".jsonl":
            yield JsonRows(text, dataset, form)
        else:
            yield TableRows(text, dataset, form, form.separator or SEPARATORS[kind])


def head_of(ending: str, form: FileForm) -> bytes:
    """What stands before the first row of a text, without packing: mark and header of CSV and TSV."""
    kind = ending.removesuffix(PACKED)
    if kind not in SEPARATORS:
        return b""
    line = f"{cells(form.header, form.separator or SEPARATORS[kind])}\r\n"
    return line.encode("utf-8-sig" if form.mark else "utf-8")


def schema_of(form: FileForm) -> pa.Schema:
    """Columns of a Parquet file."""
    return pa.schema([(name, _TYPES.get(name, pa.string())) for name in form.header])


class _ItemTexts:
    """Texts of the columns that follow from the item."""

    def __init__(self, dataset: Dataset) -> None:
        self._dataset = dataset
        self._texts: dict[str, NDArray[np.object_]] = {}

    def of(self, column: str) -> NDArray[np.object_]:
        """object [n_items], by item code - 1."""
        if column not in self._texts:
            self._texts[column] = self._read(column)
        return self._texts[column]

    def _read(self, column: str) -> NDArray[np.object_]:
        if column == "item_id":
            return self._dataset.item_ids.to_numpy(dtype=object)
        return self._dataset.titles if column == "title" else self._dataset.item_features[column].to_numpy(dtype=object)


_Part = Callable[[str, int, int, float, str], str]
"""Text of one or several columns from: text of the user, rank, item code, score, reason."""


class _TextRows:
    """Lines of text, of parts that a subclass makes; the part of an item's columns is made once for each item."""

    def __init__(self, stream: IO[str], dataset: Dataset, form: FileForm, between: str) -> None:
        self.guarded_users, self.guarded_items = 0, set[str]()
        self._stream, self._between, self._form = stream, between, form
        self._texts = _ItemTexts(dataset)
        of_item = [(name not in ("user_id", "rank", "score", REASON), name) for name in form.columns]
        groups = [(own, [name for _, name in group]) for own, group in itertools.groupby(of_item, lambda one: one[0])]
        self._parts: list[_Part] = []
        for own, names in groups:
            self._parts += [self._item_part(names)] if own else [self._part(name) for name in names]

    def add(
        self,
        users: NDArray[np.object_],
        items: NDArray[np.int64],
        scores: NDArray[np.float32],
        reasons: NDArray[np.object_] | None = None,
    ) -> None:
        """See `Rows`."""
        parts, between = self._parts, self._between
        whys = itertools.repeat(itertools.repeat("")) if reasons is None else iter(reasons.tolist())
        for user, row, own, why in zip(users.tolist(), items.tolist(), scores.tolist(), whys, strict=False):
            text = self.user(str(user)) if "user_id" in self._form.columns else ""
            self._stream.writelines(
                self.line(between.join([part(text, rank, item, score, reason) for part in parts]))
                for rank, (item, score, reason) in enumerate(zip(row, own, why, strict=False), 1)
                if item
            )

    def user(self, user: str) -> str:
        """Text of a user."""
        raise NotImplementedError

    def line(self, parts: str) -> str:
        """A line of a row."""
        raise NotImplementedError

    def cell(self, name: str, text: str) -> str:
        """A cell of text."""
        raise NotImplementedError

    def figure(self, name: str, text: str) -> str:
        """A cell of a number."""
        raise NotImplementedError

    def _part(self, name: str) -> _Part:
        if name == "user_id":
            return lambda user, rank, item, score, reason: user
        if name == "rank":
            return lambda user, rank, item, score, reason: self.figure("rank", str(rank))
        if name == "score":
            return lambda user, rank, item, score, reason: self.figure("score", f"{score:.6g}")
        return lambda user, rank, item, score, reason: self.cell(REASON, reason)

    def _item_part(self, names: Sequence[str]) -> _Part:
        columns = [(name, self._texts.of(name)) for name in names]
        known: dict[int, str] = {}

        def part(user: str, rank: int, item: int, score: float, reason: str) -> str:
            text = known.get(item)
            if text is None:
                text = known[item] = self._between.join(self.cell(n, str(texts[item - 1])) for n, texts in columns)
            return text

        return part


class TableRows(_TextRows):
    """CSV or TSV; `head_of` stands before its rows."""

    def user(self, user: str) -> str:
        """See `_TextRows`."""
        text, guarded = self._id(user)
        self.guarded_users += guarded
        return text

    def line(self, parts: str) -> str:
        """See `_TextRows`."""
        return f"{parts}\r\n"

    def cell(self, name: str, text: str) -> str:
        """See `_TextRows`."""
        if name != "item_id":
            return cells([text], self._between)
        written, guarded = self._id(text)
        if guarded:
            self.guarded_items.add(text)
        return written

    def figure(self, name: str, text: str) -> str:
        """See `_TextRows`."""
        return text if self._between not in text else f'"{text}"'

    def _id(self, text: str) -> tuple[str, bool]:
        guarded = not self._form.raw_ids and safe_cell(text) != text
        return cells([text], self._between, guard=guarded), guarded


class JsonRows(_TextRows):
    """JSON Lines."""

    def __init__(self, stream: IO[str], dataset: Dataset, form: FileForm) -> None:
        super().__init__(stream, dataset, form, ", ")

    def user(self, user: str) -> str:
        """See `_TextRows`."""
        return self.cell(self._form.owner, user)

    def line(self, parts: str) -> str:
        """See `_TextRows`."""
        return f"{{{parts}}}\n"

    def cell(self, name: str, text: str) -> str:
        """See `_TextRows`."""
        return f"{_json(name)}: {_json(text)}"

    def figure(self, name: str, text: str) -> str:
        """See `_TextRows`."""
        return f"{_json(name)}: {text}"


class _ColumnRows:
    """Whole columns of the rows of some users."""

    def __init__(self, dataset: Dataset, form: FileForm) -> None:
        self.guarded_users, self.guarded_items = 0, set[str]()
        self._form, self._texts = form, _ItemTexts(dataset)

    def columns(
        self,
        users: NDArray[np.object_],
        items: NDArray[np.int64],
        scores: NDArray[np.float32],
        reasons: NDArray[np.object_] | None,
    ) -> list[NDArray[Any]]:
        """The columns in their order."""
        rows, ranks = np.nonzero(items)
        codes = items[rows, ranks] - 1
        own: dict[str, Callable[[], NDArray[Any]]] = {
            "user_id": lambda: users[rows],
            "rank": lambda: (ranks + 1).astype(np.int32),
            "score": lambda: scores[rows, ranks],
            REASON: lambda: np.full(len(rows), "", object) if reasons is None else reasons[rows, ranks],
        }
        return [own[name]() if name in own else self._texts.of(name)[codes] for name in self._form.columns]


class ParquetRows(_ColumnRows):
    """Parquet; ids are strings."""

    def __init__(self, writer: pq.ParquetWriter, dataset: Dataset, form: FileForm, schema: pa.Schema) -> None:
        super().__init__(dataset, form)
        self._writer, self._schema = writer, schema

    def add(
        self,
        users: NDArray[np.object_],
        items: NDArray[np.int64],
        scores: NDArray[np.float32],
        reasons: NDArray[np.object_] | None = None,
    ) -> None:
        """See `Rows`."""
        columns = self.columns(users, items, scores, reasons)
        arrays = [pa.array(column, field.type) for column, field in zip(columns, self._schema, strict=True)]
        self._writer.write_batch(pa.record_batch(arrays, schema=self._schema))


class ExcelRows(_ColumnRows):
    """A workbook; texts are texts there, whatever they begin with."""

    def __init__(self, workbook: Workbook, dataset: Dataset, form: FileForm) -> None:
        super().__init__(dataset, form)
        self._workbook = workbook

    def add(
        self,
        users: NDArray[np.object_],
        items: NDArray[np.int64],
        scores: NDArray[np.float32],
        reasons: NDArray[np.object_] | None = None,
    ) -> None:
        """See `Rows`."""
        columns = [column.tolist() for column in self.columns(users, items, scores, reasons)]
        self._workbook.add(zip(*columns, strict=True))


def _json(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)
