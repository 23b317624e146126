"""recdesk's own files: JSON with a checksum, validated against a schema; checksums of all other files."""

import contextlib
import functools
import json
import zlib
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any, TypeVar, cast

from pydantic import AfterValidator, BaseModel, ConfigDict, TypeAdapter, ValidationError

from recdesk.core.errors import DataError, RecdeskError
from recdesk.core.files import as_json, parse_json, read_json, write_json
from recdesk.core.messages import Message, found_in, restored

CHECKSUM = "checksum"
MESSAGES = "messages"
"""Member with keys and values of the messages whose English is in the other members."""
CHUNK = 1 << 22
OTHER_CHECKSUM = Message("record.checksum-other")

_checked: dict[Path, tuple[int, int, str]] = {}
"""Files that this process has verified: size in bytes, time of change (ns), checksum."""

Kind = TypeVar("Kind")


class NewerError(DataError):
    """A file was written by a newer recdesk."""


class Record(BaseModel):
    """Base of schemas: unknown members are ignored, types are not converted, NaN and infinity are errors."""

    model_config = ConfigDict(strict=True, extra="ignore", allow_inf_nan=False, defer_build=True)


def _check_iso_time(text: str) -> str:
    datetime.fromisoformat(text)
    return text


IsoTime = Annotated[str, AfterValidator(_check_iso_time)]
"""A date and time as text, ISO 8601."""


def write_record(path: Path, values: Mapping[str, Any]) -> None:
    """Write an object as JSON with its checksum, atomically; see `write_json`.

    Raises:
        StorageError: the folder cannot be written or the disk is full.
    """
    write_json(path, _whole(values))


def encoded(values: Mapping[str, Any]) -> bytes:
    """The content of the file that `write_record` writes."""
    return as_json(_whole(values))


def _whole(values: Mapping[str, Any]) -> dict[str, Any]:
    """An object with its messages and its checksum."""
    found = found_in(values)
    whole = {**values, MESSAGES: found} if found else values
    return {**whole, CHECKSUM: checksum_of(_canonical(json.loads(json.dumps(whole))))}


def read_object(path: Path, advice: str = "", newest: int = 0, newer: str = "") -> dict[str, Any]:
    """The object in a JSON file, without its checksum, which files of older versions lack.

    Args:
        path: the file.
        advice: suggestion of the error if it is damaged.
        newest: the highest "format" that can be read; 0 for files without one.
        newer: sentence of the error for a higher format; "" for one that names the file.

    Raises:
        DataError: it is missing, is no JSON object, or has a wrong checksum.
        NewerError: its format is higher than `newest`.
    """
    with _as_data_error(advice):
        values = read_json(path)
    return _object_of(values, path, advice, newest, newer)


@contextlib.contextmanager
def _as_data_error(advice: str) -> Iterator[None]:
    try:
        yield
    except RecdeskError as error:
        raise DataError(error.sentence, advice, error.details) from error


def _object_of(values: Any, path: Path | str, advice: str, newest: int, newer: str) -> dict[str, Any]:
    """See `read_object`."""
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
    """The object in a JSON file, validated against a schema; see `read_object`.

    Raises:
        DataError: as `read_object`, or it does not match the schema.
    """
    values = read_object(path, advice, newest=newest, newer=newer)
    validated(values, schema, path, advice)
    return values


def decoded(
    content: bytes, name: str, schema: type[Record], advice: str = "", newest: int = 0, newer: str = ""
) -> dict[str, Any]:
    """The same from the content of a file, whose `name` is for errors; see `read_record`.

    Raises:
        DataError, NewerError: as `read_record`.
    """
    with _as_data_error(advice):
        read = parse_json(content, name)
    values = _object_of(read, name, advice, newest, newer)
    validated(values, schema, name, advice)
    return values


def validated(values: Any, schema: type[Kind], path: Path | str, advice: str = "") -> Kind:
    """Validate values read from JSON; returns them as an instance of the schema.

    Args:
        values: as read.
        schema: a `Record` or a dataclass.
        path: of the file, for the error.
        advice: suggestion of the error.

    Raises:
        DataError: a value is missing or of another type.
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
    """CRC-32 as 8 hexadecimal digits, against disk errors; it does not protect against deliberate changes."""
    return f"{zlib.crc32(data.encode() if isinstance(data, str) else data):08x}"


def file_checksum(path: Path) -> str:
    """`checksum_of` the content of a file, read in chunks."""
    crc = 0
    with path.open("rb") as stream:
        while piece := stream.read(CHUNK):
            crc = zlib.crc32(piece, crc)
    return f"{crc:08x}"


def checksums(folder: Path, without: Iterable[str] = ()) -> dict[str, str]:
    """Checksums of all files in and below a folder, by relative path; without hidden files and those in `without`."""
    left_out = set(without)
    names = {path.relative_to(folder).as_posix(): path for path in folder.rglob("*") if path.is_file()}
    return {
        name: file_checksum(names[name]) for name in sorted(names) if name not in left_out and not name.startswith(".")
    }


def check_files(folder: Path, expected: Mapping[str, str], advice: str = "") -> None:
    """Verify the checksums of files; each file is read once per process, unless it changes.

    Args:
        folder: of the files.
        expected: checksum by relative path, as from `checksums`.
        advice: suggestion of the error.

    Raises:
        DataError: a file is missing, cannot be read, or has another checksum; names it.
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


def damaged(path: Path | str, why: str, advice: str = "") -> DataError:
    """The error of a damaged file."""
    return DataError(Message("record.damaged-because", path=path, reason=why), advice)


def _canonical(values: Any) -> str:
    """Canonical JSON: the same text for equal values, whatever the layout of the file."""
    return json.dumps(values, sort_keys=True, separators=(",", ":"), allow_nan=False)


def _text_of(values: Any, path: Path | str, advice: str) -> str:
    try:
        return _canonical(values)
    except (ValueError, RecursionError) as error:  # NaN or infinity; nested too deep
        raise damaged(path, str(error), advice) from error


def _first_problem(error: ValidationError) -> str:
    problem = error.errors(include_url=False, include_context=False, include_input=False)[0]
    location = ".".join(str(part) for part in problem["loc"])
    message = problem["msg"][:1].lower() + problem["msg"][1:]
    return f"“{location}”: {message}" if location else message
