"""Edits of people's histories, in the folder of the dataset that they are of: they go where it goes."""

from collections.abc import Mapping, Sequence
from typing import Any

from recdesk.core.errors import RecdeskError, UsageError
from recdesk.core.files import explained
from recdesk.core.messages import Message
from recdesk.core.records import Record, read_record, write_record
from recdesk.workspace.workspace import Workspace

FILE = "edits.json"
FORMAT = 1


class _File(Record):
    format: int
    edits: list[dict[str, Any]]


def load_edits(workspace: Workspace, dataset: str) -> list[dict[str, Any]]:
    """The stored edits of a dataset; none where it is gone, or the file is damaged: they are worth less than what they
    are shown beside."""
    try:
        path = workspace.dataset_folder(dataset) / FILE
        if not path.exists():
            return []
        return list(read_record(path, _File, Message("record.restore-copy"), newest=FORMAT)["edits"])
    except RecdeskError:
        return []


def save_edits(workspace: Workspace, dataset: str, records: Sequence[Mapping[str, Any]]) -> None:
    """Store edits with their dataset, unless that is gone; without any the file is deleted.

    Raises:
        StorageError: the folder cannot be written or the disk is full.
    """
    try:
        path = workspace.dataset_folder(dataset) / FILE
    except UsageError:
        return
    if records:
        write_record(path, {"format": FORMAT, "edits": [dict(record) for record in records]})
    else:
        with explained(path):
            path.unlink(missing_ok=True)
