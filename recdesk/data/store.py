"""Datasets on disk: arrays that are mapped into memory, tables as Parquet, a manifest."""

import os
import time
from dataclasses import astuple, fields
from pathlib import Path
from typing import Any, Literal

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from recdesk.data.coded import Check, unasked
from recdesk.data.dataset import Dataset
from recdesk.data.health import Health, health, of_pseudonyms
from recdesk.data.report import Reject
from recdesk.data.safe_csv import write_table
from recdesk.errors import DataError, RecdeskError
from recdesk.files import explained, read_json, write_json

FORMAT = 1
ARRAYS = ("offsets", "items", "times", "ratings")
KEYS = (
    "name", "users", "items", "interactions", "has_times", "has_ratings", "features", "title_column", "synthetic",
    "ceiling", "rules", "hash", "created",
)  # fmt: skip
HEALTH = "health.json"
UNUSED = "unused_items.parquet"
NUMBERS, USER_NUMBERS = "item_numbers.parquet", "user_numbers.parquet"
MAPPED: Literal["r"] | None = None if os.name == "nt" else "r"
"""Arrays stay on disk until they are read; not on Windows, which moves and removes no file that is mapped."""
DTYPES = {"offsets": np.int64, "items": np.int32, "times": np.int64, "ratings": np.float32}


def save_dataset(
    dataset: Dataset,
    folder: Path,
    rejects: list[Reject],
    unused_items: pd.DataFrame,
    found: Health | None = None,
    other_columns: pa.Table | None = None,
    check: Check = unasked,
) -> None:
    """Write a dataset into an empty folder; the manifest comes last, so a folder with one is whole.

    `found` is its health, if that is known already; `other_columns` hold what its rows said besides.
    `check` is asked between files; may raise.

    Raises:
        RecdeskError: the folder cannot be written or the disk is full.
    """
    with explained(folder / "manifest.json"):
        for name in ARRAYS:
            check()
            array = getattr(dataset, name)
            if array is not None:
                np.save(folder / f"{name}.npy", array, allow_pickle=False)
        check()
        pq.write_table(_users(dataset), folder / "users.parquet")
        items = dataset.item_features.copy()
        items.insert(0, _id_column(dataset.item_features, "item_id"), dataset.item_ids.to_numpy())
        items.to_parquet(folder / "items.parquet", index=False)
        for name, numbers in ((NUMBERS, dataset.item_numbers), (USER_NUMBERS, dataset.user_numbers)):
            if len(numbers.columns):
                numbers.to_parquet(folder / name, index=False)
        if other_columns is not None:
            pq.write_table(other_columns, folder / "other_columns.parquet")
        if len(unused_items):
            unused_items.to_parquet(folder / UNUSED, index=False)
        _save_rejects(rejects, folder / "rejects.csv")
    write_json(folder / "report.json", dataset.report)
    if dataset.n_interactions:
        write_json(folder / HEALTH, (found or health(dataset, check)).to_dict())
    check()
    write_json(folder / "manifest.json", _manifest(dataset))


def load_dataset(folder: Path) -> Dataset:
    """Open a dataset; its arrays stay on disk until they are read.

    Raises:
        DataError: it is missing, damaged, or of a newer recdesk.
    """
    facts = describe(folder)
    try:
        there = {"offsets": True, "items": True, "times": facts["has_times"], "ratings": facts["has_ratings"]}
        arrays = {name: _array(folder, name) for name in ARRAYS if there[name]}
        users = _texts(folder, "users.parquet")
        items = _texts(folder, "items.parquet")
        item_numbers, user_numbers = _numbers(folder, NUMBERS), _numbers(folder, USER_NUMBERS)
        report = read_json(folder / "report.json")
    except (OSError, ValueError, EOFError, pa.ArrowException, RecdeskError) as error:
        raise _damaged(folder, str(error)) from error
    dataset = Dataset(
        name=facts["name"],
        user_ids=pd.Index(users.iloc[:, 0].array, dtype="str"),
        item_ids=pd.Index(items.iloc[:, 0].array, dtype="str"),
        item_features=items.iloc[:, 1:].astype("str"),
        item_numbers=item_numbers,
        title_column=facts["title_column"],
        report=report,
        rules=facts["rules"],
        synthetic=facts["synthetic"],
        ceiling=facts["ceiling"],
        user_features=users.iloc[:, 1:].astype("str"),
        user_numbers=user_numbers,
        **arrays,
    )
    _verify(dataset, facts, folder)
    dataset.__dict__["content_hash"] = facts["hash"]
    return dataset


def load_health(folder: Path, dataset: Dataset | None = None) -> Health:
    """How sound a dataset is, as it was found at the import; looked at now where that was not kept.

    Raises:
        DataError: the dataset is damaged.
    """
    try:
        found = Health.from_dict(read_json(folder / HEALTH))
    except (RecdeskError, TypeError):
        return health(dataset or load_dataset(folder))
    if describe(folder)["rules"].get("pseudonyms"):  # what an older recdesk did not look for
        told = [said for said in of_pseudonyms(dataset or load_dataset(folder)) if said not in found.problems]
        found.problems[:0] = told
    return found


def load_unused(folder: Path) -> pd.DataFrame:
    """What the items file said of items that nobody interacted with, ids in the first column; empty for none.

    Raises:
        DataError: it is damaged.
    """
    if not (folder / UNUSED).exists():
        return pd.DataFrame()
    try:
        return _texts(folder, UNUSED)
    except (OSError, ValueError, pa.ArrowException) as error:
        raise _damaged(folder, str(error)) from error


def describe(folder: Path) -> dict[str, Any]:
    """The manifest: name, users, items, interactions, has_times, has_ratings, features, title_column, synthetic,
    ceiling, rules, hash, created; user_features where it was written by a recdesk that keeps some.

    Raises:
        DataError: there is none, or it is of a newer recdesk.
    """
    try:
        facts = read_json(folder / "manifest.json")
    except RecdeskError as error:
        raise _damaged(folder, error.sentence) from error
    if not isinstance(facts, dict) or not isinstance(facts.get("format"), int):
        raise _damaged(folder, "its manifest is not one.")
    if facts["format"] > FORMAT:
        raise DataError(
            f"The dataset “{folder.name}” was written by a newer recdesk.", "Update recdesk, then try again."
        )
    if missing := [key for key in KEYS if key not in facts]:
        raise _damaged(folder, f"its manifest lacks {', '.join(missing)}.")
    return facts


def _manifest(dataset: Dataset) -> dict[str, Any]:
    return {
        "format": FORMAT,
        "name": dataset.name,
        "users": dataset.n_users,
        "items": dataset.n_items,
        "interactions": dataset.n_interactions,
        "has_times": dataset.times is not None,
        "has_ratings": dataset.ratings is not None,
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
    if not (folder / name).exists():
        return pd.DataFrame()
    table = pq.read_table(folder / name)
    if not all(pa.types.is_float64(field.type) for field in table.schema):
        raise ValueError(f"{name} holds something else.")
    return table.to_pandas()


def _verify(dataset: Dataset, facts: dict[str, Any], folder: Path) -> None:
    counts = (dataset.n_users, dataset.n_items, dataset.n_interactions)
    if counts != (facts["users"], facts["items"], facts["interactions"]):
        raise _damaged(folder, "its counts do not agree.")
    offsets, items = dataset.offsets, dataset.items
    sound = (
        len(offsets) == dataset.n_users + 1
        and offsets[0] == 0
        and offsets[-1] == len(items)
        and bool((np.diff(offsets) >= 0).all())
        and (not len(items) or (int(items.min()) >= 1 and int(items.max()) <= dataset.n_items))
        and all(a is None or len(a) == len(items) for a in (dataset.times, dataset.ratings))
        and len(dataset.item_features) == dataset.n_items
        and len(dataset.item_numbers) in (0, dataset.n_items)
        and list(dataset.item_features.columns) == facts["features"]
        and dataset.title_column in (None, *facts["features"])
        and list(dataset.user_features.columns) == facts.get("user_features", [])
        and len(dataset.user_numbers) in (0, dataset.n_users)
    )
    if not sound:
        raise _damaged(folder, "its arrays do not fit together.")


def _damaged(folder: Path, why: str) -> DataError:
    return DataError(f"The dataset “{folder.name}” is damaged: {why}", "Import the original file again.")


def _save_rejects(rejects: list[Reject], path: Path) -> None:
    """What stands in strange files may be meant for the spreadsheet that shows them."""
    if rejects:
        write_table(path, [field.name for field in fields(Reject)], map(astuple, rejects))
