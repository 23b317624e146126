"""Our own files: JSON that carries its checksum and is read against a schema; checksums of all other files."""

import functools
import json
import zlib
from collections.abc import Iterable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any, TypeVar, cast

from pydantic import AfterValidator, BaseModel, ConfigDict, TypeAdapter, ValidationError

from recdesk.core.errors import DataError, RecdeskError
from recdesk.core.files import read_json, write_json
from recdesk.core.messages import Message, found_in, restored

CHECKSUM = "checksum"
MESSAGES = "messages"
"""Member with keys and values of the messages whose English stands in the other members."""
CHUNK = 1 << 22
OTHER_CHECKSUM = Message("record.checksum-other")

_checked: dict[Path, tuple[int, int, str]] = {}
"""Files found sound by this process: bytes, time of change (ns), checksum. A file is read once for it."""

Kind = TypeVar("Kind")


class NewerError(DataError):
    """A file is of a newer recdesk."""


class Record(BaseModel):
    """Base of schemas: what is not named is let through, a number in quotes is no number, NaN is none at all."""

    model_config = ConfigDict(strict=True, extra="ignore", allow_inf_nan=False)


def _is_moment(text: str) -> str:
    datetime.fromisoformat(text)
    return text


Moment = Annotated[str, AfterValidator(_is_moment)]
"""A date and time as text, ISO 8601."""


def write_record(path: Path, values: Mapping[str, Any]) -> None:
    """Write an object as JSON in one step, its checksum at the end; see `write_json`.

    Raises:
        StorageError: the folder cannot be written or the disk is full.
    """
    found = found_in(values)
    whole = {**values, MESSAGES: found} if found else values
    write_json(path, {**whole, CHECKSUM: checksum_of(_canonical(json.loads(json.dumps(whole))))})


def read_object(path: Path, advice: str = "", newest: int = 0, newer: str = "") -> dict[str, Any]:
    """The object in a JSON file, without its checksum. Files of an older recdesk have none.

    Args:
        path: the file.
        advice: what to do when it is damaged.
        newest: its "format" at most; 0 for files that have none.
        newer: the sentence for a file of a newer recdesk; one that names the file by default.

    Raises:
        DataError: it is missing, is no JSON object, its checksum is another (the file is named), or it was written
            by a newer recdesk.
    """
    try:
        values = read_json(path)
    except RecdeskError as error:
        raise DataError(error.sentence, advice, error.details) from error
    if not isinstance(values, dict):
        raise damaged(path, Message("record.other-content"), advice)
    if newest and isinstance(values.get("format"), int) and values["format"] > newest:
        raise NewerError(newer or Message("record.newer", path=path), Message("record.update-recdesk"))
    kept = values.pop(CHECKSUM, None)
    if kept is not None and kept != checksum_of(_text_of(values, path, advice)):
        raise damaged(path, OTHER_CHECKSUM, advice)
    found = values.pop(MESSAGES, None)
    return restored(values, found) if isinstance(found, list) else values


def read_record(path: Path, schema: type[Record], advice: str = "", newest: int = 0, newer: str = "") -> dict[str, Any]:
    """An object that is as a schema says; see `read_object`.

    Raises:
        DataError: it is missing or damaged (names the file and what is wrong in it), or of a newer recdesk.
    """
    values = read_object(path, advice, newest=newest, newer=newer)
    fitting(values, schema, path, advice)
    return values


def fitting(values: Any, schema: type[Kind], path: Path, advice: str = "") -> Kind:
    """Plain values as a schema (a `Record` or a dataclass) has them.

    Args:
        values: as read from JSON.
        schema: what they must be.
        path: where they stood.
        advice: what to do when they are something else.

    Raises:
        DataError: a value is missing or of another type; names file and value.
    """
    try:
        fits: Kind = _adapter(cast(Any, schema)).validate_json(_text_of(values, path, advice), strict=True)
    except ValidationError as error:
        raise damaged(path, _first_problem(error), advice) from error
    return fits


@functools.cache
def _adapter(schema: Any) -> TypeAdapter[Any]:
    return TypeAdapter(schema)


def checksum_of(data: str | bytes) -> str:
    """CRC-32 as 8 hexadecimal digits: tells a disk that errs, not a person who forges."""
    return f"{zlib.crc32(data.encode() if isinstance(data, str) else data):08x}"


def file_checksum(path: Path) -> str:
    """`checksum_of` a file, at gigabytes a second."""
    crc = 0
    with path.open("rb") as stream:
        while piece := stream.read(CHUNK):
            crc = zlib.crc32(piece, crc)
    return f"{crc:08x}"


def checksums(folder: Path, without: Iterable[str] = ()) -> dict[str, str]:
    """By name relative to the folder, of each file in and below it, hidden ones apart."""
    left_out = set(without)
    names = {path.relative_to(folder).as_posix(): path for path in folder.rglob("*") if path.is_file()}
    return {
        name: file_checksum(names[name]) for name in sorted(names) if name not in left_out and not name.startswith(".")
    }


def check_files(folder: Path, expected: Mapping[str, str], advice: str = "") -> None:
    """Make sure that files are as they were written; a process reads each once, unless it changes.

    Args:
        folder: where they are.
        expected: checksum by name, as `checksums` gave them.
        advice: what to do when one is not.

    Raises:
        DataError: one is missing, cannot be read, or its checksum is another; names it.
    """
    for name, checksum in expected.items():
        path = (folder / name).absolute()
        try:
            about = path.stat()
            known = (about.st_size, about.st_mtime_ns, checksum)
            if _checked.get(path) == known:
                continue
            if file_checksum(path) != checksum:
                raise damaged(path, OTHER_CHECKSUM, advice)
        except FileNotFoundError as error:
            raise DataError(Message("record.missing", path=path), advice) from error
        except OSError as error:
            raise damaged(path, error.strerror or str(error), advice) from error
        _checked[path] = known


def damaged(path: Path, why: str, advice: str = "") -> DataError:
    """The failure of a file that is not as it was written."""
    return DataError(Message("record.damaged-because", path=path, reason=why), advice)


def _canonical(values: Any) -> str:
    """One text for equal values, however they are laid out in the file."""
    return json.dumps(values, sort_keys=True, separators=(",", ":"), allow_nan=False)


def _text_of(values: Any, path: Path, advice: str) -> str:
    try:
        return _canonical(values)
    except (ValueError, RecursionError) as error:  # a number without bounds; nested too deep
        raise damaged(path, str(error), advice) from error


def _first_problem(error: ValidationError) -> str:
    problem = error.errors(include_url=False, include_context=False, include_input=False)[0]
    place = ".".join(str(part) for part in problem["loc"])
    said = problem["msg"][:1].lower() + problem["msg"][1:]
    return f"“{place}”: {said}" if place else said
