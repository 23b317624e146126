"""People who were saved under a name in the window: edited histories and new people, as they are stored."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from recdesk.core.messages import Message
from recdesk.data.dataset import Dataset
from recdesk.recommend.export import EditedPerson


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
    people: list[EditedPerson] = []
    gone = unusable = 0
    for record in records:
        if not record.get("saved"):
            continue
        try:
            ids, name, wish = [str(item) for item in record["added"]], str(record["name"]), str(record["wish"])
        except (KeyError, TypeError):
            unusable += 1
            continue
        codes = dataset.item_ids.get_indexer(pd.Index(ids, dtype="str")) + 1
        gone += int((codes == 0).sum())
        history = [int(code) for code in codes if code]
        people.append(EditedPerson(-1 - len(people), name, history, wish if reads_texts else ""))
    return SavedPeople(tuple(people), gone, unusable)
