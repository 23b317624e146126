"""What in a workspace still tells who is behind the pseudonyms of a dataset once their key is gone."""

import contextlib
from collections.abc import Callable, Iterator
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from recdesk.data.pseudonyms import keeps_file_order, pseudonyms
from recdesk.data.store import describe, load_dataset
from recdesk.errors import RecdeskError

OLD_ORDER = (
    "The people of {where} stand in the order of the file, as an older recdesk kept them: "
    "who has the list of ids can tell who is who."
)
OWN_IDS = (
    "{count:,} of these people are kept under their own ids in {where}: "
    "who compares their histories can tell who is who."
)


def ways_back(workspace: Path, key_name: str, key: bytes | None, check: Callable[[], None]) -> list[str]:
    """Sentences on datasets, older versions and the trash.

    Args:
        workspace: the folder.
        key_name: of the pseudonyms.
        key: the key itself; without it, people under their own ids are not looked for.
        check: asked between datasets; may raise.
    """
    found: list[str] = []
    hidden: set[str] = set()
    places = list(_places(workspace))
    for folder, where in places:
        check()
        with contextlib.suppress(RecdeskError):
            if describe(folder)["rules"].get("pseudonyms") == key_name:
                dataset = load_dataset(folder)
                hidden.update(dataset.user_ids)
                if keeps_file_order(dataset):
                    found.append(OLD_ORDER.format(where=where))
    for folder, where in places if key is not None else ():
        check()
        known = _own_ids(folder)
        assert key is not None
        if known and (count := len(hidden.intersection(pseudonyms(key, known, check)))):
            found.append(OWN_IDS.format(count=count, where=where))
    return list(dict.fromkeys(found))


def _places(workspace: Path) -> Iterator[tuple[Path, str]]:
    """All folders with people in them, also half-made ones, and what to call them."""
    names = {"datasets": "“{name}”", "versions": "an older version of “{name}”", "trash": "the trash"}
    for part, words in names.items():
        for path in sorted((workspace / part).glob("*/users.parquet")):
            name = path.parent.name
            with contextlib.suppress(RecdeskError):
                name = str(describe(path.parent)["name"])
            yield path.parent, words.format(name=name)


def _own_ids(folder: Path) -> list[str]:
    """Ids of the users of a dataset without pseudonyms."""
    with contextlib.suppress(RecdeskError):
        if describe(folder)["rules"].get("pseudonyms"):
            return []
    with contextlib.suppress(OSError, pa.ArrowException):
        column = pq.read_table(folder / "users.parquet").column(0)
        return [str(value) for value in column.to_pylist()]
    return []
