"""What in a workspace still tells who is behind the pseudonyms of a dataset once their key is gone."""

import contextlib
from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from recdesk.core.errors import RecdeskError
from recdesk.core.messages import Message
from recdesk.core.task import UNWATCHED, Task
from recdesk.data.pseudonyms import keeps_file_order, pseudonyms
from recdesk.data.store import describe, load_dataset


def ways_back(workspace: Path, key_name: str, key: bytes | None, task: Task = UNWATCHED) -> list[str]:
    """Sentences on datasets, older versions and the trash.

    Args:
        workspace: the folder.
        key_name: of the pseudonyms.
        key: the key itself; without it, people under their own ids are not looked for.
        task: may cancel, between datasets.

    Raises:
        CancelledError: it was cancelled.
    """
    found: list[str] = []
    hidden: set[str] = set()
    places = list(_places(workspace))
    for folder, where in places:
        task.check()
        with contextlib.suppress(RecdeskError):
            if describe(folder)["rules"].get("pseudonyms") == key_name:
                dataset = load_dataset(folder)
                hidden.update(dataset.user_ids)
                if keeps_file_order(dataset):
                    found.append(_of_order(where))
    for folder, where in places if key is not None else ():
        task.check()
        known = _own_ids(folder)
        assert key is not None
        if known and (count := len(hidden.intersection(pseudonyms(key, known, task)))):
            found.append(_of_ids(count, where))
    return list(dict.fromkeys(found))


def _places(workspace: Path) -> Iterator[tuple[Path, str]]:
    """All folders with people in them, also half-made ones, and what to call them."""
    for part in ("datasets", "versions", "trash"):
        for path in sorted((workspace / part).glob("*/users.parquet")):
            name = path.parent.name
            with contextlib.suppress(RecdeskError):
                name = str(describe(path.parent)["name"])
            yield path.parent, _where(part, name)


def _where(part: str, name: str) -> str:
    if part == "versions":
        return Message("people.older-version", name=name)
    return f"“{name}”" if part == "datasets" else Message("people.the-trash")


def _of_order(where: str) -> str:
    return Message("people.order-in-place", location=where)


def _of_ids(count: int, where: str) -> str:
    return Message("people.own-ids-in-place", count=count, location=where)


def _own_ids(folder: Path) -> list[str]:
    """Ids of the users of a dataset without pseudonyms."""
    with contextlib.suppress(RecdeskError):
        if describe(folder)["rules"].get("pseudonyms"):
            return []
    with contextlib.suppress(OSError, pa.ArrowException):
        column = pq.read_table(folder / "users.parquet").column(0)
        return [str(value) for value in column.to_pylist()]
    return []
