"""Data in a workspace that can still re-identify the pseudonymised users of a dataset after its key was deleted."""

import contextlib
from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from recdesk.core.errors import RecdeskError
from recdesk.core.messages import Message
from recdesk.core.task import UNWATCHED, Task
from recdesk.data.manifest import describe
from recdesk.data.pseudonyms import keeps_file_order, pseudonyms
from recdesk.data.store import load_dataset


def reidentification_risks(workspace: Path, key_name: str, key: bytes | None, task: Task = UNWATCHED) -> list[str]:
    """Risks in datasets, older versions and the trash, one sentence each.

    Two are looked for: users stored in the order of the imported file, and users stored under their own ids elsewhere.

    Args:
        workspace: the folder.
        key_name: name of the key of the pseudonyms.
        key: the key itself; None if it is deleted, which leaves out the second risk.
        task: may cancel, between datasets.

    Raises:
        CancelledError: it was cancelled.
    """
    found: list[str] = []
    pseudonymised: set[str] = set()
    folders = list(_user_folders(workspace))
    for folder, location in folders:
        task.check()
        with contextlib.suppress(RecdeskError):
            if describe(folder)["rules"].get("pseudonyms") == key_name:
                dataset = load_dataset(folder)
                pseudonymised.update(dataset.user_ids)
                if keeps_file_order(dataset):
                    found.append(Message("people.order-in-place", location=location))
    for folder, location in folders if key is not None else ():
        task.check()
        ids = _own_ids(folder)
        assert key is not None
        same = pseudonymised.intersection(pseudonyms(key, ids, task))
        if same:
            found.append(Message("people.own-ids-in-place", count=len(same), location=location))
    return list(dict.fromkeys(found))


def _user_folders(workspace: Path) -> Iterator[tuple[Path, str]]:
    """Every dataset folder with a users file, unfinished ones included, and its name for a sentence."""
    for part in ("datasets", "versions", "trash"):
        for path in sorted((workspace / part).glob("*/users.parquet")):
            name = path.parent.name
            with contextlib.suppress(RecdeskError):
                name = str(describe(path.parent)["name"])
            yield path.parent, _location(part, name)


def _location(part: str, name: str) -> str:
    if part == "versions":
        return Message("people.older-version", name=name)
    return f"“{name}”" if part == "datasets" else Message("people.the-trash")


def _own_ids(folder: Path) -> list[str]:
    """User ids of a dataset without pseudonyms; [] for one with pseudonyms, or that cannot be read."""
    with contextlib.suppress(RecdeskError):
        if describe(folder)["rules"].get("pseudonyms"):
            return []
    with contextlib.suppress(OSError, pa.ArrowException):
        column = pq.read_table(folder / "users.parquet").column(0)
        return [str(value) for value in column.to_pylist()]
    return []
