"""Edits of people's histories, in the folder of the dataset that they are of: they go where it goes."""

from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import Any

from recdesk.core.errors import RecdeskError
from recdesk.core.messages import Message
from recdesk.core.records import Record, read_record, write_record
from recdesk.core.refusals import explained

FILE = "edits.json"
FORMAT = 1


class _File(Record):
    format: int
    edits: list[dict[str, Any]]


def load_edits(dataset: Path) -> list[dict[str, Any]]:
    """The edits in a dataset's folder; none where the file is damaged: they are worth less than what they are shown
    beside."""
    path = dataset / FILE
    try:
        return list(read_record(path, _File, Message("record.restore-copy"), newest=FORMAT)["edits"])
    except RecdeskError:
        return []


def save_edits(dataset: Path, records: Sequence[Mapping[str, Any]]) -> None:
    """Store edits in a dataset's folder; without any the file is deleted.

    Raises:
        StorageError: the folder cannot be written or the disk is full.
    """
    path = dataset / FILE
    if records:
        write_record(path, {"format": FORMAT, "edits": [dict(record) for record in records]})
    else:
        with explained(path):
            path.unlink(missing_ok=True)


def carry_edits(old: Path, new: Path, user_ids: Collection[str]) -> None:
    """Take the edits of a dataset over into a newer version of it, without those of people who are gone and without
    saved people whose history began as a copy of theirs.

    Raises:
        StorageError: the folder cannot be written or the disk is full.
    """
    whose = (record.get("user") or record.get("of") for record in load_edits(old))
    kept = [record for record, user in zip(load_edits(old), whose, strict=True) if not user or user in user_ids]
    save_edits(new, kept)
