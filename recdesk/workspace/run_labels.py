"""What a person says of a run: a name, a star, tags and a note; `labels.json` in its folder."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from pydantic import Field

from recdesk.core.errors import UsageError
from recdesk.core.messages import Message
from recdesk.core.records import Record, read_record, write_record

LABELS = "labels.json"
MOST_NAME, MOST_TAG, MOST_TAGS, MOST_NOTE = 80, 30, 20, 4000


@dataclass(frozen=True)
class Labels:
    """What a person says of a run.

    Attributes:
        name: shown instead of kind and time; "" for none.
        star: whether it is marked.
        tags: short words, without repeats.
        note: any text.
    """

    name: str = ""
    star: bool = False
    tags: tuple[str, ...] = ()
    note: str = ""

    @classmethod
    def of(cls, name: str, star: bool, tags: Iterable[str], note: str) -> "Labels":
        """Tidied: blanks around texts and repeated tags are left out.

        Raises:
            UsageError: a text is too long, or the tags are too many.
        """
        tidy = tuple(dict.fromkeys(tag for each in tags if (tag := " ".join(each.split()))))
        made = cls(" ".join(name.split()), star, tidy, note.strip())
        longest = max(map(len, tidy), default=0)
        if len(made.name) > MOST_NAME or longest > MOST_TAG or len(tidy) > MOST_TAGS or len(made.note) > MOST_NOTE:
            raise UsageError(
                Message("run.labels-too-long"),
                Message("run.labels-limits", name=MOST_NAME, tag=MOST_TAG, tags=MOST_TAGS, note=MOST_NOTE),
            )
        return made

    def starred(self, star: bool) -> "Labels":
        """The same with or without a star."""
        return replace(self, star=star)


class LabelsRecord(Record):
    """Schema of `labels.json`."""

    name: str = ""
    star: bool = False
    tags: list[str] = Field(default_factory=list)
    note: str = ""


def read_labels(folder: Path) -> Labels:
    """The labels of a run; empty ones where it has none.

    Raises:
        DataError: the file is damaged.
    """
    path = folder / LABELS
    if not path.exists():
        return Labels()
    values: dict[str, Any] = read_record(path, LabelsRecord, Message("run.labels-delete"))
    return Labels(
        values.get("name", ""), values.get("star", False), tuple(values.get("tags", ())), values.get("note", "")
    )


def save_labels(folder: Path, labels: Labels) -> None:
    """Write the labels of a run, atomically.

    Raises:
        StorageError: the folder cannot be written or the disk is full.
    """
    write_record(folder / LABELS, {**asdict(labels), "tags": list(labels.tags)})
