"""Edited histories, and new and saved people of the window, as they are stored."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from recdesk.core.messages import Message
from recdesk.data.dataset import Dataset
from recdesk.recommend.edited_histories import added_entries, edited_entries, entries_of, history_of
from recdesk.recommend.export_options import EditedPerson


@dataclass(frozen=True)
class SavedPeople:
    """Saved people, for one dataset.

    Attributes:
        people: by their names, not in the data.
        gone: items of their histories that the dataset does not have.
        unusable: records that are none.
    """

    people: tuple[EditedPerson, ...]
    gone: int = 0
    unusable: int = 0

    @property
    def notes(self) -> list[str]:
        """Messages on what was left out."""
        notes: list[str] = []
        if self.gone:
            notes.append(Message("people.items-gone", count=self.gone))
        if self.unusable:
            notes.append(Message("people.saved-unusable", count=self.unusable))
        return notes


def saved_people(records: Sequence[Mapping[str, Any]], dataset: Dataset, reads_texts: bool = False) -> SavedPeople:
    """The saved people among the stored edits of a dataset.

    Args:
        records: as `Workspace.edits` gives them.
        dataset: of the model.
        reads_texts: whether the model takes a wish in words.
    """
    return edited_people([record for record in records if record.get("saved")], dataset, reads_texts)


def edited_people(records: Sequence[Mapping[str, Any]], dataset: Dataset, reads_texts: bool = False) -> SavedPeople:
    """Users with another history, and new and saved people, among the stored edits; arguments as `saved_people`."""
    people: list[EditedPerson] = []
    gone = unusable = new = 0
    for record in records:
        try:
            wish, name = str(record["wish"]), str(record["name"] if "name" in record else record["user"])
            if "name" in record:
                new, user, entries = new + 1, -1 - new, added_entries(record, dataset)
            else:
                user = int(dataset.user_ids.get_loc(name))  # type: ignore[arg-type]
                entries = edited_entries(record, entries_of(dataset, user), dataset)
        except (KeyError, TypeError, ValueError):
            unusable += 1
            continue
        gone += sum(not entry.code for entry in entries)
        people.append(EditedPerson(user, name, history_of(entries, dataset), wish if reads_texts else ""))
    return SavedPeople(tuple(people), gone, unusable)
