"""Edits of people's histories, and of the items that were added to a run: asked for, applied, and stored."""

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from recdesk.core.messages import Message
from recdesk.gui import words
from recdesk.gui.pages.base import Kept
from recdesk.gui.pages.recommend.added_items import ItemChanges
from recdesk.gui.pages.recommend.edit_store import EditStore
from recdesk.gui.pages.recommend.history import History
from recdesk.gui.pages.recommend.item_dialogs import ItemDialog, MeaningSearch
from recdesk.gui.pages.recommend.save_person_dialog import SavePersonDialog
from recdesk.gui.session import Session
from recdesk.gui.widgets.questions import is_sure
from recdesk.workspace.runs import Run

if TYPE_CHECKING:
    from recdesk.recommend.recommender import LiveModel
    from recdesk.recommend.text_queries import NewItem


class PersonEdits(QObject):
    """Carries out what a person changes on the page, for one run at a time.

    Signals:
        items_changed: items were added to this Run or changed; the NewItem that was removed, or None.

    Attributes:
        history: those of all people, as edited.
        item_changes: changes the items that were added to a run.
        note: a message on edits that the run does not know; "" for none.
    """

    items_changed = Signal(object, object)

    def __init__(self, session: Session, window: QWidget) -> None:
        super().__init__(window)
        self._session, self._window = session, window
        self.history = History(self)
        self.item_changes = ItemChanges(session, window)
        self.item_changes.changed.connect(self.items_changed)
        self.note = ""
        self._store = EditStore(session)
        self._run: Run | None = None
        self._model: LiveModel | None = None
        self._person = ""
        self.history.people_changed.connect(self._keep)

    def open(self, run: Run, model: "LiveModel", stored: list[dict[str, Any]]) -> None:
        """Apply the edits to the histories of a run's dataset; note how many the run cannot use."""
        records = self._store.of(run.dataset_name, stored)
        self._run, self._model = None, None  # nothing has changed that would have to be stored
        lacking = self.history.open(model.dataset, records)
        self._run, self._model = run, model
        title = words.run_title(run)
        self.note = Message("recommend.edits-set-aside", count=lacking, run=title) if lacking else ""

    def close(self) -> None:
        """The model is no longer open; the person on the page is remembered for the next one."""
        self._person = self.history.name(self.history.user) or self._person
        self._run = self._model = None
        self.note = ""
        self.history.clear()

    def kept(self) -> Kept:
        """See `Page.kept`."""
        person = self.history.name(self.history.user) if self._model is not None else self._person
        parts = {"store": self._store, "run": self._run, "model": self._model, "note": self.note, "person": person}
        return {**parts, "history": self.history.kept()}

    def take(self, kept: Kept) -> None:
        """See `Page.take`."""
        self._store, self.note, self._person = kept["store"], kept["note"], kept["person"]
        if kept["model"] is not None:
            self.history.take(kept["history"])
            self._run, self._model = kept["run"], kept["model"]

    def last_shown(self) -> int:
        """The user or new person who was on the page before, else the first user."""
        return self.history.user_named(self._person) or 0

    def wish(self) -> str:
        """The wish in words; "" for models that read no texts."""
        return self.history.wish if self._model is not None and self._model.reader is not None else ""

    def ask_for_item(self) -> None:
        """Ask for an item, and add it to the history."""
        model, run = self._model, self._run
        if model is None or run is None:
            return
        meaning = MeaningSearch(self._session, model) if model.reader is not None else None
        dialog = ItemDialog(model.dataset, self._session.jobs, self._window, meaning)
        result, code = dialog.exec(), dialog.code()
        dialog.deleteLater()
        if result == ItemDialog.NEW:
            self.item_changes.ask(run, model)
        elif result and code:
            self.history.add(code)

    def ask_for_name(self) -> int | None:
        """Ask for a name, and save the person on the page under it; the code of the saved person, None for none."""
        if self._model is None:
            return None
        dialog = SavePersonDialog(self.history, self._window)
        accepted, name = dialog.exec(), dialog.chosen()
        dialog.deleteLater()
        return self.history.save_as(name) if accepted else None

    def discard(self, user: int) -> bool:
        """Discard a user's edits, or forget a new person; one who was saved after asking. Whether it was done."""
        person = next((person for person in self.history.people() if person.user == user), None)
        if person is not None and person.saved:
            question = self.tr("Forget “{name}”, who was saved?").format(name=person.name)
            after = self.tr("Their history and wish are deleted.")
            if not is_sure(self._window, question, after, self.tr("Forget"), self.tr("Keep")):
                return False
        self.history.discard(user)
        return True

    def edit_added(self, item: "NewItem") -> None:
        """Ask for other texts of an added item."""
        if self._run is not None and self._model is not None:
            self.item_changes.edit(self._run, self._model, item)

    def remove_added(self, item: "NewItem") -> None:
        """Take an added item back."""
        if self._run is not None:
            self.item_changes.remove(self._run, item)

    def put_back(self, item: "NewItem") -> None:
        """Add an item again that was taken back."""
        if self._run is not None:
            self.item_changes.add(self._run, item.item_id, item.features)

    def _keep(self) -> None:
        """Store the edits of the dataset."""
        if self._run is not None:
            self._store.store(self._run.dataset_name, self.history.records())
