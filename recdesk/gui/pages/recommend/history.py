"""Histories as edited: of each user, and of new people who are not in the data. Edits are kept until discarded."""

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import pandas as pd
from PySide6.QtCore import QObject, Signal

from recdesk.data.dataset import Dataset
from recdesk.data.histories import History as PersonHistory
from recdesk.gui.pages.base import Kept
from recdesk.recommend.edited_histories import (
    Entry,
    added_entries,
    edited_entries,
    entries_of,
    history_of,
    record_of,
    reordered,
)


class _State(NamedTuple):
    entries: tuple[Entry, ...] = ()
    wish: str = ""


@dataclass
class _Person:
    """A user or a new person (then `name` is what the list calls them, `saved` whether they were saved under it, and
    `copy_of` the id of the user whose history they began with, "" for none)."""

    name: str = ""
    saved: bool = False
    copy_of: str = ""
    original: tuple[Entry, ...] = ()
    state: _State = field(default_factory=_State)
    undo: list[_State] = field(default_factory=list)
    redo: list[_State] = field(default_factory=list)

    @property
    def edited(self) -> bool:
        return self.state != _State(self.original)


class ChangedPerson(NamedTuple):
    """A user whose history was edited or who has a wish, or a new person.

    Attributes:
        user: user code; below 0 for a new person.
        name: user id, or the name of a new person.
        codes: item codes in time order.
        wish: in words; "" for none.
        saved: a new person who was saved under this name.
        entries: of these items and of those that are gone.
    """

    user: int
    name: str
    codes: tuple[int, ...]
    wish: str
    saved: bool = False
    entries: tuple[Entry, ...] = ()


class History(QObject):
    """The history on the page, item codes in time order, oldest first, with a wish in words; and those of all people
    whose history was edited.

    Signals:
        changed: another person, an edit, or another moment.
        people_changed: whose history is edited, or how.

    Attributes:
        user: code of the user on the page; below 0 for a new person.
        moment: for which is recommended, from what was known then: epoch seconds; None for now.
    """

    changed = Signal()
    people_changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.clear()

    def clear(self) -> None:
        """Reset without emitting signals: the dataset is no longer open."""
        self.user = -1
        self.moment: int | None = None
        self._dataset: Dataset | None = None
        self._people: dict[int, _Person] = {}
        self._set_aside: list[dict[str, Any]] = []
        self._shown = _Person()

    def open(self, dataset: Dataset, records: Sequence[Mapping[str, Any]] = ()) -> int:
        """Use this dataset, with edits as `records` gave them.

        Returns:
            How many records are of people or items that the dataset does not have; they are kept for later.
        """
        self.clear()
        self._dataset = dataset
        for record in records:
            try:
                self._restore(record)
            except (KeyError, TypeError, ValueError):
                self._set_aside.append(dict(record))
        self.people_changed.emit()
        return len(self._set_aside)

    def kept(self) -> Kept:
        """See `Page.kept`."""
        return {
            "dataset": self._dataset, "people": self._people, "set aside": self._set_aside, "moment": self.moment
        }  # fmt: skip

    def take(self, kept: Kept) -> None:
        """See `Page.take`; the edits of all people can be undone as before."""
        self.clear()
        self._dataset, self._people, self._set_aside = kept["dataset"], dict(kept["people"]), kept["set aside"]
        self.moment = kept["moment"]
        self.people_changed.emit()

    @property
    def ratings(self) -> list[float | None]:
        """What the person gave to each item of `codes`; None for those without."""
        return [entry.rating for entry in self.entries if entry.code]

    def records(self) -> list[dict[str, Any]]:
        """All edits as plain values with original ids, for `open`."""
        records = [self._record(person.name, self._people[person.user]) for person in self.people()]
        return [*records, *self._set_aside]

    def people(self) -> list[ChangedPerson]:
        """People with edits, new ones first, in the order of their codes."""
        return [
            ChangedPerson(
                user,
                self.name(user),
                tuple(e.code for e in person.state.entries if e.code),
                person.state.wish,
                person.saved,
                person.state.entries,
            )
            for user, person in sorted(self._people.items(), key=lambda pair: (pair[0] >= 0, abs(pair[0])))
            if user < 0 or person.edited
        ]

    def name(self, user: int) -> str:
        """User id, or the name of a new person."""
        if user < 0:
            return self._people[user].name if user in self._people else ""
        assert self._dataset is not None
        return str(self._dataset.user_ids[user])

    def user_named(self, name: str) -> int | None:
        """Code of the new person with this name, or of the user with this id; None if there is none."""
        new = next((user for user, person in self._people.items() if user < 0 and person.name == name), None)
        if new is not None or self._dataset is None:
            return new
        code = int(self._dataset.user_ids.get_indexer(pd.Index([name], dtype="str"))[0])
        return code if code >= 0 else None

    def show(self, user: int) -> None:
        """Show a user or a new person, with their edits."""
        left = self._shown
        if self.user >= 0 and not (left.edited or left.undo or left.redo):
            self._people.pop(self.user, None)  # nothing to keep
        self.user = user
        self._shown = self._person(user)
        self.changed.emit()

    def new_person(self) -> int:
        """Add a person without a history and show them; returns their code."""
        user = min([*self._people, 0]) - 1
        names = (self.tr("New person {n}").format(n=n) for n in itertools.count(1))
        self._people[user] = _Person(next(name for name in names if self.user_named(name) is None))
        self.people_changed.emit()
        self.show(user)
        return user

    def save_as(self, name: str) -> int:
        """Keep the history and the wish on the page under a name: a new person is called so from now on; of a user, a
        new person begins with them. A saved person of this name is replaced.

        Returns:
            Code of the saved person, who is shown from now on.
        """
        old = self.user_named(name)
        if self.user < 0:
            shown = self.user
            if old is not None and old != shown and old < 0:
                del self._people[old]
            self._shown.name, self._shown.saved = name, True
        else:
            shown = old if old is not None and old < 0 else min([*self._people, 0]) - 1
            entries = tuple(Entry(entry.code, gone=entry.gone) for entry in self.entries)
            state = _State(entries, self.wish)
            self._people[shown] = _Person(name, True, self.name(self.user), (), state)
        self.people_changed.emit()
        self.show(shown)
        return shown

    def is_user(self, name: str) -> bool:
        """Whether a user of the data has this id, so that nobody can be saved under it."""
        return self._dataset is not None and name in self._dataset.user_ids

    def discard(self, user: int) -> None:
        """Undo all edits of a user, which can be undone in turn; forget a new person."""
        person = self._person(user)
        if user < 0:
            del self._people[user]
            self.people_changed.emit()
        elif person.edited:
            self._change(person, _State(person.original))

    def remove(self, position: int) -> None:
        """Remove the item at a position."""
        entries = self._shown.state.entries
        self._change(self._shown, self._shown.state._replace(entries=entries[:position] + entries[position + 1 :]))

    def move(self, position: int, to: int) -> None:
        """Move the item at a position to another one."""
        entries = list(self._shown.state.entries)
        if position != to and 0 <= position < len(entries) and 0 <= to < len(entries):
            entries.insert(to, entries.pop(position))
            self._change(self._shown, self._shown.state._replace(entries=tuple(entries)))

    def add(self, code: int) -> None:
        """Append an item, as if it was taken now."""
        entries = (*self._shown.state.entries, Entry(code))
        self._change(self._shown, self._shown.state._replace(entries=entries))

    def set_wish(self, wish: str) -> None:
        """Change the wish in words; "" for none."""
        if wish != self._shown.state.wish:
            self._change(self._shown, self._shown.state._replace(wish=wish))

    def undo(self) -> None:
        """Undo the last edit of this person."""
        self._step(self._shown.undo, self._shown.redo)

    def redo(self) -> None:
        """Do again what was undone last."""
        self._step(self._shown.redo, self._shown.undo)

    @property
    def entries(self) -> tuple[Entry, ...]:
        """The history as edited."""
        return self._shown.state.entries

    @property
    def codes(self) -> list[int]:
        """Item codes of the history as edited, without items that the dataset does not have."""
        return [entry.code for entry in self._shown.state.entries if entry.code]

    def set_moment(self, moment: int | None) -> None:
        """Recommend as at a moment (epoch seconds); None for now. It stays for other people of the dataset."""
        if moment != self.moment:
            self.moment = moment
            self.changed.emit()

    @property
    def read(self) -> PersonHistory:
        """What the model reads: the history as edited, up to the moment."""
        return PersonHistory.of([]) if self._dataset is None else self._read(self._dataset)

    def _read(self, dataset: Dataset) -> PersonHistory:
        return history_of(self.entries, dataset).until(self.moment)

    @property
    def has_times(self) -> bool:
        """Whether the dataset has times."""
        return self._dataset is not None and self._dataset.times is not None

    @property
    def original(self) -> list[int]:
        """Item codes of the history as it is in the data."""
        return [entry.code for entry in self._shown.original]

    @property
    def wish(self) -> str:
        """The wish in words; "" for none."""
        return self._shown.state.wish

    @property
    def can_undo(self) -> bool:
        """Whether there is an edit to undo."""
        return bool(self._shown.undo)

    @property
    def can_redo(self) -> bool:
        """Whether there is an edit to do again."""
        return bool(self._shown.redo)

    @property
    def edited(self) -> bool:
        """Whether history or wish differ from the data."""
        return self._shown.edited

    @property
    def removed(self) -> int:
        """Number of items of the data that were removed."""
        kept = sum(entry.position >= 0 for entry in self.entries)
        return len(self._shown.original) - kept

    @property
    def added(self) -> int:
        """Number of items that were added by hand."""
        return sum(entry.position < 0 for entry in self.entries)

    @property
    def moved(self) -> bool:
        """Whether items stand in another order than in the data."""
        positions = [entry.position for entry in self.entries]
        return self.user >= 0 and reordered(positions)

    @property
    def gone(self) -> int:
        """Number of items that the dataset does not have."""
        return sum(not entry.code for entry in self.entries)

    @property
    def saved(self) -> bool:
        """Whether the person on the page was saved under a name."""
        return self._shown.saved

    def _person(self, user: int) -> _Person:
        if user not in self._people:
            original = self._in_data(user)
            self._people[user] = _Person(original=original, state=_State(original))
        return self._people[user]

    def _in_data(self, user: int) -> tuple[Entry, ...]:
        assert self._dataset is not None
        return entries_of(self._dataset, user)

    def _change(self, person: _Person, state: _State) -> None:
        person.undo.append(person.state)
        person.redo.clear()
        person.state = state
        self._emit(person)

    def _step(self, source: list[_State], target: list[_State]) -> None:
        if source:
            target.append(self._shown.state)
            self._shown.state = source.pop()
            self._emit(self._shown)

    def _emit(self, person: _Person) -> None:
        self.people_changed.emit()
        if person is self._shown:
            self.changed.emit()

    def _record(self, name: str, own: _Person) -> dict[str, Any]:
        """Edits of a person as plain values."""
        assert self._dataset is not None
        edits = record_of(own.original, own.state.entries, self._dataset)
        if own.name:
            more = {"saved": True} if own.saved else {}
            copied = {"of": own.copy_of} if own.copy_of else {}
            return {"name": name, **more, **copied, **edits, "wish": own.state.wish}
        return {"user": name, **edits, "wish": own.state.wish}

    def _restore(self, record: Mapping[str, Any]) -> None:
        """Take an edit from a record; items that the dataset does not have are kept as gone.

        Raises:
            KeyError: the dataset lacks the person.
            TypeError, ValueError: it is no record.
        """
        dataset = self._dataset
        assert dataset is not None
        wish = str(record["wish"])
        if "name" in record:
            user = min([*self._people, 0]) - 1
            state = _State(added_entries(record, dataset), wish)
            self._people[user] = _Person(
                str(record["name"]), bool(record.get("saved")), str(record.get("of", "")), (), state
            )
            return
        user = int(dataset.user_ids.get_loc(str(record["user"])))  # type: ignore[arg-type]
        person = self._person(user)
        person.state = _State(edited_entries(record, person.original, dataset), wish)
