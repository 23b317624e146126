"""What an export is asked for as two files, for whoever computes it elsewhere: values as JSON, long lists as arrays."""

from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from recdesk.core.errors import DataError
from recdesk.core.files import replacing_file
from recdesk.core.messages import Message
from recdesk.core.records import Record, damaged, read_record, write_record
from recdesk.data.histories import History
from recdesk.recommend.export_forms import FileForm
from recdesk.recommend.export_options import EditedPerson, ExportOptions
from recdesk.recommend.rules import RulesRecord, from_record, to_record

FORMAT = 1
VALUES, ARRAYS = "options.json", "options.npz"
ADVICE = Message("shards.same-command")


class PersonRecord(Record):
    """An `EditedPerson`; `timed`: whether the times of the history are known."""

    user: int
    user_id: str
    wish: str = ""
    asked: int | None = None
    timed: bool = False


class FormRecord(Record):
    """A `FileForm`."""

    columns: list[str]
    separator: str
    mark: bool
    raw_ids: bool
    owner: str


class OptionsFile(Record):
    """Schema of `options.json`, see `ExportOptions`. `options.npz` has `users`, `allowed`, and items and times of the
    edited histories, one after another, with their `lengths`."""

    format: int
    ending: str
    n: int = Field(ge=1)
    exclude_seen: bool
    form: FormRecord
    rules: RulesRecord
    edited: list[PersonRecord]
    strangers: list[str]
    as_of: int | None = None


def write_options(options: ExportOptions, folder: Path) -> None:
    """Write both files into a folder.

    Raises:
        StorageError: the folder cannot be written or the disk is full.
    """
    histories = [History.of(person.history) for person in options.edited]
    arrays: dict[str, NDArray[Any] | None] = {"users": options.users, "allowed": options.allowed, **_packed(histories)}
    given: dict[str, Any] = {name: array for name, array in arrays.items() if array is not None}
    with replacing_file(folder / ARRAYS) as path, path.open("wb") as stream:
        np.savez(stream, allow_pickle=False, **given)
    people = [
        {"user": person.user, "user_id": person.user_id, "wish": person.wish, "asked": history.asked,
         "timed": history.times is not None}
        for person, history in zip(options.edited, histories, strict=True)
    ]  # fmt: skip
    values = {
        "format": FORMAT,
        "ending": options.ending,
        "n": options.n,
        "exclude_seen": options.exclude_seen,
        "form": {**asdict(options.form), "columns": list(options.form.columns)},
        "rules": to_record(options.rules),
        "edited": people,
        "strangers": list(options.strangers),
        "as_of": options.as_of,
    }
    write_record(folder / VALUES, values)


def read_options(folder: Path) -> ExportOptions:
    """The options that `write_options` wrote.

    Raises:
        DataError: a file is missing or damaged.
    """
    values = read_record(folder / VALUES, OptionsFile, ADVICE, FORMAT)
    arrays = _arrays(folder / ARRAYS)
    form = values["form"]
    histories = _unpacked(arrays, values["edited"], folder / ARRAYS)
    return ExportOptions(
        ending=values["ending"],
        n=values["n"],
        users=arrays.get("users"),
        exclude_seen=values["exclude_seen"],
        form=FileForm(tuple(form["columns"]), form["separator"], form["mark"], form["raw_ids"], form["owner"]),
        allowed=arrays.get("allowed"),
        edited=[
            EditedPerson(person["user"], person["user_id"], history, person.get("wish", ""))
            for person, history in zip(values["edited"], histories, strict=True)
        ],
        rules=from_record(values["rules"]),
        strangers=values["strangers"],
        as_of=values.get("as_of"),
    )


def _packed(histories: Sequence[History]) -> dict[str, NDArray[Any]]:
    """Histories one after another; `times` of those that have them."""
    items = [history.items for history in histories]
    times = [history.times for history in histories if history.times is not None]
    return {
        "lengths": np.array([len(one) for one in items], np.int64),
        "items": np.concatenate([np.empty(0, np.int32), *items]).astype(np.int32),
        "times": np.concatenate([np.empty(0, np.int64), *times]).astype(np.int64),
    }


def _unpacked(arrays: dict[str, NDArray[Any]], people: Sequence[dict[str, Any]], path: Path) -> list[History]:
    """See `_packed`."""
    lengths = arrays.get("lengths", np.empty(0, np.int64))
    timed = np.array([bool(person.get("timed")) for person in people], bool)
    if len(lengths) != len(people) or lengths.sum() != len(arrays["items"]):
        raise damaged(path, Message("record.other-content"), ADVICE)
    if lengths[timed].sum() != len(arrays["times"]):
        raise damaged(path, Message("record.other-content"), ADVICE)
    items = np.split(arrays["items"], np.cumsum(lengths)[:-1])
    times = iter(np.split(arrays["times"], np.cumsum(lengths[timed])[:-1]))
    return [
        History(items[number], next(times) if timed[number] else None, person.get("asked"))
        for number, person in enumerate(people)
    ]


def _arrays(path: Path) -> dict[str, NDArray[Any]]:
    try:
        with np.load(path, allow_pickle=False) as found:
            return {name: found[name] for name in found.files}
    except FileNotFoundError as error:
        raise DataError(Message("record.missing", path=path), ADVICE) from error
    except (OSError, ValueError, EOFError, BadZipFile) as error:
        raise damaged(path, str(error), ADVICE) from error
