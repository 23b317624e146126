"""What a dataset can show, see `evaluation.signals`: computed once and kept in the cache of the workspace."""

import contextlib
from dataclasses import asdict
from pathlib import Path
from typing import TypeVar

from recdesk.core.errors import RecdeskError
from recdesk.core.files import make_folder
from recdesk.core.records import Record, read_record, write_record
from recdesk.core.task import UNWATCHED, Task
from recdesk.data.dataset import Dataset
from recdesk.data.split_kinds import SplitKind
from recdesk.data.splitting import make_split
from recdesk.evaluation.signals import OrderSignal, Resolution, order_signal, resolution
from recdesk.workspace.workspace import Workspace

VERSION = 1
T = TypeVar("T", OrderSignal, Resolution)


class _Order(Record):
    people: int
    true: float
    shuffled: float
    difference: float
    low: float
    high: float


class _Resolution(Record):
    people: int
    deviation: float


def order_of(workspace: Workspace, dataset: Dataset, task: Task = UNWATCHED) -> OrderSignal | None:
    """Whether order matters in a dataset; None where too few people have enough items.

    Raises:
        RecdeskError: there is not enough memory.
        CancelledError: it was cancelled.
    """
    path = _path(workspace, "order", dataset.content_hash)
    if (known := _read(path, _Order, OrderSignal)) is not None:
        return known
    found = order_signal(dataset, task=task)
    if found is not None:
        _keep(path, found)
    return found


def resolution_of(workspace: Workspace, dataset: Dataset, kind: SplitKind, task: Task = UNWATCHED) -> Resolution:
    """The smallest difference that a split of a dataset can show.

    Raises:
        UsageError: the dataset cannot be split so.
        RecdeskError: there is not enough memory.
        CancelledError: it was cancelled.
    """
    path = _path(workspace, f"resolution-{kind}", dataset.content_hash)
    if (known := _read(path, _Resolution, Resolution)) is not None:
        return known
    found = resolution(make_split(dataset, kind), task)
    _keep(path, found)
    return found


def known_resolution(workspace: Workspace, content_hash: str, kind: SplitKind) -> Resolution | None:
    """The same, if it is in the cache."""
    return _read(_path(workspace, f"resolution-{kind}", content_hash), _Resolution, Resolution)


def _path(workspace: Workspace, name: str, content_hash: str) -> Path:
    return workspace.cache / f"signal-{VERSION}-{name}-{content_hash[:32]}.json"


def _read(path: Path, schema: type[Record], made: type[T]) -> T | None:
    """What the cache has; None where it is missing or damaged."""
    try:
        values = read_record(path, schema) if path.exists() else None
    except RecdeskError:
        return None
    return None if values is None else made(**{name: values[name] for name in schema.model_fields})


def _keep(path: Path, found: OrderSignal | Resolution) -> None:
    """Write to the cache; where that fails, it is computed again the next time."""
    with contextlib.suppress(RecdeskError):
        make_folder(path.parent)
        write_record(path, asdict(found))
