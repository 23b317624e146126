"""A split as files that others read: train, validation and test rows with original ids, their protocol and hashes."""

import hashlib
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray
from pydantic import Field

from recdesk import __version__
from recdesk.core.errors import DataError, UsageError
from recdesk.core.files import new_folder, write_json
from recdesk.core.messages import Message
from recdesk.core.records import Record, read_object, validated
from recdesk.core.refusals import explained
from recdesk.core.task import UNWATCHED, Task
from recdesk.data.dataset import Dataset
from recdesk.data.safe_csv import FORMULA_STARTS
from recdesk.data.split_kinds import SplitKind
from recdesk.data.splitting import Split, make_split

FORMS = ("csv", "parquet")
PARTS = ("train", "validation", "test", "other")
"""Every row is in one of them; "other" are rows of histories that are neither trained on nor held out."""
ABOUT = "split.json"
FORMAT = 1
ROWS_AT_ONCE = 2**20


class _Protocol(Record):
    split: SplitKind
    max_users: int | None = Field(None, ge=1)
    seed: int = Field(0, ge=0)


class _File(Record):
    part: str
    name: str
    rows: int
    rows_sha256: str
    sha256: str


class SplitRecord(Record):
    """Schema of `split.json`, as far as it is read."""

    format: int
    dataset_hash: str
    protocol: _Protocol
    files: list[_File]


@dataclass(frozen=True)
class PartFile:
    """A file of a part.

    Attributes:
        part: one of `PARTS`.
        name: of the file.
        rows: in it.
        rows_sha256: of its ids: "user TAB item LF" for each row, in UTF-8; the same for every form of file.
        sha256: of the file itself.
    """

    part: str
    name: str
    rows: int
    rows_sha256: str
    sha256: str = ""


@dataclass(frozen=True)
class SplitFiles:
    """What was written.

    Attributes:
        folder: with the files and `split.json`.
        files: of each part that has rows.
        hash: of the split: SHA-256 of the lines "part rows_sha256".
        notes: sentences on what a reader must know.
    """

    folder: Path
    files: tuple[PartFile, ...]
    hash: str
    notes: tuple[str, ...]


def write_split(split: Split, folder: Path, form: str = "csv", task: Task = UNWATCHED) -> SplitFiles:
    """Write a split into a new folder.

    Args:
        split: what to write.
        folder: must not exist.
        form: of the files, one of `FORMS`.
        task: checked before each block; gets the share of the rows written.

    Raises:
        UsageError: the folder exists, or the form is unknown.
        StorageError: it cannot be written or the disk is full; nothing is left then.
        CancelledError: it was cancelled; nothing is left then.
    """
    if form not in FORMS:
        raise UsageError(
            Message("split-files.no-form", form=form), Message("settings.choose-one-of", names=", ".join(FORMS))
        )
    with explained(folder):
        if folder.exists():
            raise UsageError(Message("split-files.folder-there", path=folder), Message("split-files.other-folder"))
    notes = tuple(_notes(split))
    with new_folder(folder) as made, explained(folder):
        files = tuple(_write_parts(split, made, form, task))
        hash_of_all = _hash_of(files)
        write_json(made / ABOUT, _about(split, files, hash_of_all, notes, form))
    return SplitFiles(folder, files, hash_of_all, notes)


def check_split(dataset: Dataset, folder: Path, task: Task = UNWATCHED) -> SplitFiles:
    """Check that the files in a folder are as they were written, and that a dataset split by their protocol gives the
    same rows.

    Raises:
        DataError: a file was changed, or the dataset or its split is another one.
        CancelledError: it was cancelled.
    """
    advice = Message("split-files.write-again")
    values = read_object(folder / ABOUT, advice, newest=FORMAT, newer=Message("split-files.newer", path=folder))
    about = validated(values, SplitRecord, folder / ABOUT, advice)
    files, protocol = tuple(PartFile(**dict(file)) for file in about.files), about.protocol
    for file in files:
        path = folder / file.name
        with explained(path):
            if Path(file.name).name != file.name or not path.is_file() or _sha256(path) != file.sha256:
                raise DataError(Message("split-files.changed", path=path), advice)
    if dataset.content_hash != about.dataset_hash:
        raise DataError(
            Message("split-files.other-data", name=dataset.name, path=folder), Message("split-files.same-data")
        )
    split = make_split(dataset, protocol.split, protocol.max_users, protocol.seed)
    found = digests(split, task)
    if {file.part: file.rows_sha256 for file in files} != {part: hashed for part, (_, hashed) in found.items()}:
        raise DataError(Message("split-files.other-rows", name=dataset.name, path=folder), advice)
    return SplitFiles(folder, files, _hash_of(files), tuple(_notes(split)))


def digests(split: Split, task: Task = UNWATCHED) -> dict[str, tuple[int, str]]:
    """Rows and `PartFile.rows_sha256` of each part that has rows.

    Raises:
        CancelledError: it was cancelled.
    """
    hashes, counted = {part: hashlib.sha256() for part in PARTS}, dict.fromkeys(PARTS, 0)
    for part, rows in _blocks(split, task):
        hashes[part].update(_lines(rows))
        counted[part] += len(rows)
    return {part: (counted[part], hashes[part].hexdigest()) for part in PARTS if counted[part]}


def part_of_rows(split: Split) -> NDArray[np.int8]:
    """Index in `PARTS` of each row of the split's dataset, int8 [n_interactions]."""
    offsets = split.dataset.offsets
    parts = np.full(split.dataset.n_interactions, PARTS.index("other"), np.int8)
    position = np.arange(split.dataset.n_interactions) - np.repeat(offsets[:-1], np.diff(offsets))
    parts[position < np.repeat(split.train_ends - offsets[:-1], np.diff(offsets))] = PARTS.index("train")
    for part, targets in (("validation", split.validation), ("test", split.test)):
        parts[targets[targets >= 0]] = PARTS.index(part)
    return parts


def _blocks(split: Split, task: Task) -> Iterator[tuple[str, pa.Table]]:
    """Rows of the parts, block by block, in the order of people and of time."""
    dataset, parts = split.dataset, part_of_rows(split)
    users, items = pa.array(dataset.user_ids, pa.string()), pa.array(dataset.item_ids, pa.string())
    for begin in range(0, dataset.n_interactions, ROWS_AT_ONCE):
        task.step(begin / dataset.n_interactions)
        block = slice(begin, min(begin + ROWS_AT_ONCE, dataset.n_interactions))
        rows = np.arange(block.start, block.stop)
        owners = np.searchsorted(dataset.offsets, rows, side="right") - 1
        columns = {"user_id": users.take(pa.array(owners)), "item_id": items.take(pa.array(dataset.items[block] - 1))}
        columns["position"] = pa.array(rows - dataset.offsets[owners] + 1)
        if dataset.times is not None:
            columns["timestamp"] = pa.array(np.asarray(dataset.times[block]))
        if dataset.ratings is not None:
            columns["rating"] = pa.array(np.asarray(dataset.ratings[block]), from_pandas=True)
        if dataset.events is not None:
            names = pa.array(dataset.event_names, pa.string())
            columns["event"] = names.take(pa.array(np.asarray(dataset.events[block])))
        table = pa.table(columns)
        for number, part in enumerate(PARTS):
            chosen = np.flatnonzero(parts[block] == number)
            if len(chosen):
                yield part, table.take(pa.array(chosen))


def _write_parts(split: Split, folder: Path, form: str, task: Task) -> Iterator[PartFile]:
    import pyarrow.csv
    import pyarrow.parquet

    writers: dict[str, Any] = {}
    hashes, counted = {part: hashlib.sha256() for part in PARTS}, dict.fromkeys(PARTS, 0)
    try:
        for part, rows in _blocks(split, task):
            if part not in writers:
                path = folder / f"{part}.{form}"
                kind = pyarrow.csv.CSVWriter if form == "csv" else pyarrow.parquet.ParquetWriter
                writers[part] = kind(path, rows.schema)
            writers[part].write_table(rows)
            hashes[part].update(_lines(rows))
            counted[part] += len(rows)
    finally:
        for writer in writers.values():
            writer.close()
    for part in PARTS:
        if part in writers:
            name = f"{part}.{form}"
            yield PartFile(part, name, counted[part], hashes[part].hexdigest(), _sha256(folder / name))


def _lines(rows: pa.Table) -> bytes:
    """ "user TAB item LF" for each row."""
    pairs = pc.binary_join_element_wise(rows["user_id"], rows["item_id"], "\t")
    lines = pc.binary_join_element_wise(pairs, "", "\n")
    return b"".join(_bytes(chunk) for chunk in lines.chunks)


def _bytes(texts: pa.StringArray) -> bytes:
    """Texts one after the other."""
    if not len(texts):
        return b""
    _, offsets, data = texts.buffers()
    ends = np.frombuffer(offsets, np.int32)[texts.offset : texts.offset + len(texts) + 1]
    return bytes(data[int(ends[0]) : int(ends[-1])])


def _sha256(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _hash_of(files: tuple[PartFile, ...]) -> str:
    return hashlib.sha256("".join(f"{file.part} {file.rows_sha256}\n" for file in files).encode()).hexdigest()


def _about(
    split: Split, files: tuple[PartFile, ...], hash_of_all: str, notes: tuple[str, ...], form: str
) -> dict[str, Any]:
    dataset = split.dataset
    return {
        "format": FORMAT,
        "made_by": f"recdesk {__version__}",
        "dataset": dataset.name,
        "dataset_hash": split.protocol.dataset_hash,
        "protocol": split.protocol.to_dict(),
        "counts": {
            "users": dataset.n_users,
            "items": dataset.n_items,
            **{file.part: file.rows for file in files},
            "users_not_measured": split.not_drawn,
        },
        "columns": {
            "user_id": "as in the data that was imported",
            "item_id": "as in the data that was imported",
            "position": "in the history of the person, from 1: order by it, as times may be tied",
            **({"timestamp": "seconds since 1970-01-01 UTC"} if dataset.times is not None else {}),
            **({"rating": "as imported"} if dataset.ratings is not None else {}),
            **({"event": "as imported"} if dataset.events is not None else {}),
        },
        "hash": hash_of_all,
        "hashed": "hash: SHA-256 of the lines “part rows_sha256”; rows_sha256: of its rows, “user_id TAB item_id LF”; "
        "sha256: of the file",
        "form": form,
        "files": [asdict(file) for file in files],
        "notes": list(notes),
    }


def _notes(split: Split) -> Iterator[str]:
    yield Message("split-files.input")
    if (part_of_rows(split) == PARTS.index("other")).any():
        yield Message("split-files.other-means")
    if split.hidden is not None:
        yield Message("split-files.new-items", count=int(split.hidden.sum()))
    if split.who_is_measured:
        yield split.who_is_measured
    ids = (*split.dataset.user_ids, *split.dataset.item_ids)
    if any(text.startswith(FORMULA_STARTS) for text in ids):
        yield Message("split-files.formulas")
