"""The manifest of a stored dataset: what lists and runs say of it without opening it."""

from pathlib import Path
from typing import Any

from pydantic import Field

from recdesk.core.errors import DataError, RecdeskError
from recdesk.core.messages import Message
from recdesk.core.records import IsoTime, NewerError, Record, read_object, validated

FORMAT = 1
MANIFEST = "manifest.json"
KEYS = (
    "name", "users", "items", "interactions", "has_times", "has_ratings", "features", "title_column", "synthetic",
    "ceiling", "rules", "hash", "created",
)  # fmt: skip


class Manifest(Record):
    """Schema of `manifest.json`; `files` are checksums of all the others but health.json, which can be made again."""

    name: str
    users: int = Field(ge=0)
    items: int = Field(ge=0)
    interactions: int = Field(ge=0)
    has_times: bool
    has_ratings: bool
    has_events: bool = False
    event_names: list[str] = Field(default_factory=list)
    features: list[str]
    user_features: list[str] = Field(default_factory=list)
    title_column: str | None
    synthetic: str
    ceiling: float | None
    rules: dict[str, Any]
    hash: str
    created: IsoTime
    files: dict[str, str] | None = None
    identity: str = ""


def identity_of(facts: dict[str, Any]) -> str:
    """What an import gives a dataset, by its manifest, and its newer versions keep: another dataset of the same name
    has another. Of those imported by an older recdesk it is the time of the import."""
    return str(facts.get("identity") or facts["created"])


def describe(folder: Path) -> dict[str, Any]:
    """The manifest: name, users, items, interactions, has_times, has_ratings, features, title_column, synthetic,
    ceiling, rules, hash, created; user_features where it was written by a recdesk that keeps some.

    Raises:
        DataError: there is none, or it is of a newer recdesk.
    """
    path = folder / MANIFEST
    try:
        facts = read_object(path, newest=FORMAT, newer=Message("record.dataset-newer", name=folder.name))
    except NewerError:
        raise
    except RecdeskError as error:
        raise damaged_dataset(folder, error.sentence) from error
    if not isinstance(facts.get("format"), int):
        raise damaged_dataset(folder, "its manifest is not one.")
    if missing := [key for key in KEYS if key not in facts]:
        raise damaged_dataset(folder, f"its manifest lacks {', '.join(missing)}.")
    try:
        validated(facts, Manifest, path)
    except RecdeskError as error:
        raise damaged_dataset(folder, error.sentence) from error
    return facts


def damaged_dataset(folder: Path, why: Message | str) -> DataError:
    """The error of a dataset that cannot be used, with the suggestion to import it again."""
    return DataError(Message("record.dataset-damaged", name=folder.name, reason=why), Message("record.import-original"))
