"""Datasets on disk: arrays that are mapped into memory, tables as Parquet, a manifest."""

import os
import time
from dataclasses import astuple, fields
from pathlib import Path
from typing import Any, Literal
from uuid import uuid4

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from recdesk.core.errors import DataError, RecdeskError
from recdesk.core.messages import Message
from recdesk.core.records import (
    check_files,
    checksums,
    read_object,
    validated,
    write_record,
)
from recdesk.core.refusals import explained
from recdesk.core.task import UNWATCHED, Task
from recdesk.data.dataset import Dataset
from recdesk.data.health import Health, health, of_pseudonyms
from recdesk.data.manifest import FORMAT, MANIFEST, damaged_dataset, describe
from recdesk.data.report import Reject, Report
from recdesk.data.safe_csv import write_table

ARRAYS = ("offsets", "items", "times", "ratings", "events")
REPORT, HEALTH = "report.json", "health.json"
OTHERS = "other_columns.parquet"
UNUSED = "unused_items.parquet"
NUMBERS, USER_NUMBERS = "item_numbers.parquet", "user_numbers.parquet"
MAPPED: Literal["r"] | None = None if os.name == "nt" else "r"
"""Arrays stay on disk until they are read; not on Windows, which moves and removes no file that is mapped."""
DTYPES = {"offsets": np.int64, "items": np.int32, "times": np.int64, "ratings": np.float32, "events": np.int16}


def save_dataset(
    dataset: Dataset,
    folder: Path,
    rejects: list[Reject],
    unused_items: pd.DataFrame,
    found: Health | None = None,
    other_columns: pa.Table | None = None,
    task: Task = UNWATCHED,
    identity: str = "",
) -> None:
    """Write a dataset into an empty folder; the manifest comes last, so a folder with one is whole. It has the
    checksums of the other files.

    `found` is its health, if that is known already; `other_columns` are the columns without a role, row by row.
    `task` is checked between files. `identity`: that of the version before it, see `identity_of`; "" for a new one.

    Raises:
        RecdeskError: the folder cannot be written or the disk is full.
    """
    with explained(folder / MANIFEST):
        for name in ARRAYS:
            task.check()
            array = getattr(dataset, name)
            if array is not None:
                np.save(folder / f"{name}.npy", array, allow_pickle=False)
        task.check()
        pq.write_table(_users(dataset), folder / "users.parquet")
        items = dataset.item_features.copy()
        items.insert(0, _id_column(dataset.item_features, "item_id"), dataset.item_ids.to_numpy())
        items.to_parquet(folder / "items.parquet", index=False)
        for name, numbers in ((NUMBERS, dataset.item_numbers), (USER_NUMBERS, dataset.user_numbers)):
            if len(numbers.columns):
                numbers.to_parquet(folder / name, index=False)
        if other_columns is not None:
            pq.write_table(other_columns, folder / OTHERS)
        if len(unused_items):
            unused_items.to_parquet(folder / UNUSED, index=False)
        _save_rejects(rejects, folder / "rejects.csv")
    write_record(folder / REPORT, dataset.report)
    if dataset.n_interactions:
        write_record(folder / HEALTH, (found or health(dataset, task)).to_dict())
    task.check()
    with explained(folder / MANIFEST):
        files = checksums(folder, without=[HEALTH])
    write_record(folder / MANIFEST, {**_manifest(dataset), "identity": identity or uuid4().hex, "files": files})


def load_dataset(folder: Path) -> Dataset:
    """Open a dataset; its arrays stay on disk until they are read. What it holds is what was written: the checksums of
    its files are compared, or, where an older recdesk kept none, its content hash is worked out again.

    Raises:
        DataError: it is missing, damaged, or of a newer recdesk.
    """
    facts = describe(folder)
    wanted = [f"{name}.npy" for name in ARRAYS if facts.get(f"has_{name}", name != "events")]
    wanted += ["users.parquet", "items.parquet", REPORT]
    wanted += [name for name in (NUMBERS, USER_NUMBERS) if _has(facts, folder, name)]
    _check(folder, facts, wanted)
    try:
        arrays = {name: _array(folder, name) for name in ARRAYS if f"{name}.npy" in wanted}
        users, items = _texts(folder, "users.parquet"), _texts(folder, "items.parquet")
        numbers = [_numbers(folder, name) if name in wanted else pd.DataFrame() for name in (NUMBERS, USER_NUMBERS)]
        report = read_object(folder / REPORT)
        validated(report, Report, folder / REPORT)
        dataset = Dataset(
            name=facts["name"],
            user_ids=pd.Index(users.iloc[:, 0].array, dtype="str"),
            item_ids=pd.Index(items.iloc[:, 0].array, dtype="str"),
            item_features=items.iloc[:, 1:].astype("str"),
            item_numbers=numbers[0],
            title_column=facts["title_column"],
            report=report,
            rules=facts["rules"],
            synthetic=facts["synthetic"],
            ceiling=facts["ceiling"],
            user_features=users.iloc[:, 1:].astype("str"),
            user_numbers=numbers[1],
            event_names=tuple(facts.get("event_names", ())),
            **arrays,
        )
        _verify(dataset, facts, folder)
    except DataError:
        raise
    except Exception as error:  # numpy and pyarrow raise whatever they like about damaged files
        raise damaged_dataset(folder, str(error)) from error
    if facts.get("files") is not None:
        dataset.__dict__["content_hash"] = facts["hash"]
    elif dataset.content_hash != facts["hash"]:
        raise damaged_dataset(folder, Message("record.manifest-mismatch"))
    return dataset


def load_health(folder: Path, dataset: Dataset | None = None) -> Health:
    """How sound a dataset is, as it was found at the import; looked at now where that was not kept.

    Raises:
        DataError: the dataset is damaged.
    """
    path = folder / HEALTH
    try:
        found = Health.from_dict(read_object(path))
        validated(found.to_dict(), Health, path)
    except (RecdeskError, TypeError):
        return health(dataset or load_dataset(folder))
    if describe(folder)["rules"].get("pseudonyms"):  # what an older recdesk did not look for
        missing = [
            problem for problem in of_pseudonyms(dataset or load_dataset(folder)) if problem not in found.problems
        ]
        found.problems[:0] = missing
    return found


def load_unused(folder: Path) -> pd.DataFrame:
    """Rows of the items file of items that nobody interacted with, ids in the first column; empty for none.

    Raises:
        DataError: it is damaged.
    """
    facts = describe(folder)
    if not _has(facts, folder, UNUSED):
        return pd.DataFrame()
    _check(folder, facts, [UNUSED])
    try:
        return _texts(folder, UNUSED)
    except Exception as error:  # see `load_dataset`
        raise damaged_dataset(folder, str(error)) from error


def load_others(folder: Path) -> pa.Table | None:
    """The columns without a role, row by row; None where they are not kept.

    Raises:
        DataError: they are damaged.
    """
    facts = describe(folder)
    if not _has(facts, folder, OTHERS):
        return None
    _check(folder, facts, [OTHERS])
    try:
        return pq.read_table(folder / OTHERS)
    except Exception as error:  # see `load_dataset`
        raise damaged_dataset(folder, str(error)) from error


def _has(facts: dict[str, Any], folder: Path, name: str) -> bool:
    """A dataset has a file that not all have: its manifest says so, or that of an older recdesk says nothing."""
    files = facts.get("files")
    return name in files if files is not None else (folder / name).exists()


def _check(folder: Path, facts: dict[str, Any], names: list[str]) -> None:
    files = facts.get("files")
    if files is None:
        return
    try:
        check_files(folder, {name: files.get(name, "") for name in names})
    except RecdeskError as error:
        raise damaged_dataset(folder, error.sentence) from error


def _manifest(dataset: Dataset) -> dict[str, Any]:
    return {
        "format": FORMAT,
        "name": dataset.name,
        "users": dataset.n_users,
        "items": dataset.n_items,
        "interactions": dataset.n_interactions,
        "has_times": dataset.times is not None,
        "has_ratings": dataset.ratings is not None,
        **({} if dataset.events is None else {"has_events": True, "event_names": list(dataset.event_names)}),
        "features": list(dataset.item_features.columns),
        "user_features": list(dataset.user_features.columns),
        "title_column": dataset.title_column,
        "synthetic": dataset.synthetic,
        "ceiling": dataset.ceiling,
        "rules": dataset.rules,
        "hash": dataset.content_hash,
        "created": time.strftime("%Y-%m-%dT%H:%M:%S"),
    }


def _users(dataset: Dataset) -> pa.Table:
    """Ids and, where there are some, features."""
    features = dataset.user_features
    columns = {_id_column(features, "user_id"): dataset.user_ids, **{str(name): features[name] for name in features}}
    return pa.table({name: pa.array(column, pa.string()) for name, column in columns.items()})


def _id_column(features: pd.DataFrame, name: str) -> str:
    while name in features.columns:
        name = f"_{name}"
    return name


def _array(folder: Path, name: str) -> NDArray[Any]:
    array = np.load(folder / f"{name}.npy", mmap_mode=MAPPED, allow_pickle=False)
    if array.ndim != 1 or array.dtype != DTYPES[name]:
        raise ValueError(f"{name}.npy holds something else.")
    return array


def _texts(folder: Path, name: str) -> pd.DataFrame:
    table = pq.read_table(folder / name)
    types = [field.type for field in table.schema]
    if not types or not all(pa.types.is_string(kind) or pa.types.is_large_string(kind) for kind in types):
        raise ValueError(f"{name} holds something else.")
    return table.to_pandas()


def _numbers(folder: Path, name: str) -> pd.DataFrame:
    table = pq.read_table(folder / name)
    if not all(pa.types.is_float64(field.type) for field in table.schema):
        raise ValueError(f"{name} holds something else.")
    return table.to_pandas()


def _verify(dataset: Dataset, facts: dict[str, Any], folder: Path) -> None:
    counts = (dataset.n_users, dataset.n_items, dataset.n_interactions)
    if counts != (facts["users"], facts["items"], facts["interactions"]):
        raise damaged_dataset(folder, "its counts do not agree.")
    offsets, items = dataset.offsets, dataset.items
    sound = (
        len(offsets) == dataset.n_users + 1
        and offsets[0] == 0
        and offsets[-1] == len(items)
        and bool((np.diff(offsets) >= 0).all())
        and (not len(items) or (int(items.min()) >= 1 and int(items.max()) <= dataset.n_items))
        and all(a is None or len(a) == len(items) for a in (dataset.times, dataset.ratings, dataset.events))
        and (dataset.events is None or _are_codes(dataset.events, len(dataset.event_names)))
        and len(dataset.item_features) == dataset.n_items
        and len(dataset.item_numbers) in (0, dataset.n_items)
        and list(dataset.item_features.columns) == facts["features"]
        and dataset.title_column in (None, *facts["features"])
        and list(dataset.user_features.columns) == facts.get("user_features", [])
        and len(dataset.user_numbers) in (0, dataset.n_users)
    )
    if not sound:
        raise damaged_dataset(folder, "its arrays do not fit together.")


def _are_codes(codes: NDArray[np.int16], count: int) -> bool:
    return not len(codes) or (int(codes.min()) >= 0 and int(codes.max()) < count)


def _save_rejects(rejects: list[Reject], path: Path) -> None:
    """What stands in strange files may be meant for the spreadsheet that shows them."""
    if rejects:
        write_table(path, [field.name for field in fields(Reject)], map(astuple, rejects))
