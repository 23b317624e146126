"""Ids and titles of items beside an exported model, in the order of its item codes 1, 2, …"""

from pathlib import Path

import numpy as np
import pandas as pd

from recdesk.core.errors import DataError
from recdesk.core.messages import Message
from recdesk.core.records import damaged
from recdesk.data.dataset import Dataset

ITEMS = "items.csv"


def write_items(dataset: Dataset, path: Path) -> None:
    """Ids and titles in the order of the codes."""
    frame = pd.DataFrame({"item_id": dataset.item_ids.to_numpy(), "title": np.asarray(dataset.titles)})
    frame.to_csv(path, index=False)


def catalogue(path: Path, name: str, n_items: int, advice: str) -> Dataset:
    """Items without anybody's history, from `items.csv`.

    Raises:
        DataError: the file is damaged.
    """
    try:
        frame = pd.read_csv(path, dtype="str", keep_default_na=False)
        ids = pd.Index(frame["item_id"], dtype="str")
        titles = frame.get("title", frame["item_id"]).astype("str")
    except (KeyError, ValueError, OSError) as error:
        raise damaged(path, str(error), advice) from error
    if len(ids) != n_items or not ids.is_unique:
        raise DataError(Message("record.model-misfit", path=path), advice)
    return Dataset(
        name=name,
        user_ids=pd.Index([], dtype="str"),
        item_ids=ids,
        offsets=np.zeros(1, np.int64),
        items=np.empty(0, np.int32),
        item_features=pd.DataFrame({"title": titles}),
        title_column="title",
    )
