"""Items that were added to a run: adding, editing and taking them back, and the line that says what was added."""

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from recdesk.core.messages import Message
from recdesk.gui import words
from recdesk.gui.messages import translated
from recdesk.gui.pages.recommend.item_dialogs import NewItemDialog
from recdesk.gui.pages.recommend.live import add_item, change_item
from recdesk.gui.session import Session
from recdesk.gui.widgets.buttons import Chip
from recdesk.gui.widgets.text import Paragraph
from recdesk.workspace.runs import Run

if TYPE_CHECKING:
    from recdesk.recommend.recommender import LiveModel
    from recdesk.recommend.text_queries import NewItem

_LONGEST = 80


class AddedItemsLine(QWidget):
    """Says which item was added last, or was just removed.

    Signals:
        edit_requested: edit this NewItem.
        remove_requested: take back this NewItem.
        put_back_requested: add this NewItem again.
    """

    edit_requested = Signal(object)
    remove_requested = Signal(object)
    put_back_requested = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        self.sentence = Paragraph("", "small", "good")
        layout.addWidget(self.sentence)
        self.edit, self.remove = Chip(self.tr("Edit…")), Chip(self.tr("Take back"))
        self.put_back = Chip(self.tr("Add again"))
        row = QHBoxLayout()
        row.setSpacing(8)
        signals = (self.edit_requested, self.remove_requested, self.put_back_requested)
        for button, signal in zip((self.edit, self.remove, self.put_back), signals, strict=True):
            button.clicked.connect(lambda _checked=False, signal=signal: signal.emit(self._item))
            row.addWidget(button)
        row.addStretch(1)
        layout.addLayout(row)
        self._item: NewItem | None = None
        self._removed: NewItem | None = None
        self.hide()

    def expect_removal(self, item: "NewItem | None") -> None:
        """Name this item as removed when the run is shown next, or forget what was removed."""
        self._removed = item

    def show_items(self, items: "Sequence[NewItem]", title_column: str | None) -> None:
        """Show the newest of the added items, or the one that was just removed."""
        removed, self._removed = self._removed, None
        self._item = removed or (items[-1] if items else None)
        self.setVisible(self._item is not None)
        if self._item is None:
            return
        name = _name(self._item.item_id, self._item.features, title_column)
        if removed is not None:
            text = self.tr("“{item}” was taken back.").format(item=name)
        else:
            text = self.tr("“{item}” was added: it is ranked for everybody.").format(item=name)
            more = Message("recommend.other-items-added", count=len(items) - 1) if len(items) > 1 else ""
            text = words.together(text, translated(more))
        self.sentence.setText(text)
        self.edit.setVisible(removed is None)
        self.remove.setVisible(removed is None)
        self.put_back.setVisible(removed is not None)


class ItemChanges(QObject):
    """Changes the items that were added to a run, in jobs.

    Signals:
        changed: the model of this Run has to be loaded again; the NewItem that was removed, or None.
    """

    changed = Signal(object, object)

    def __init__(self, session: Session, window: QWidget) -> None:
        super().__init__(window)
        self._session, self._window = session, window

    def ask(self, run: Run, model: "LiveModel") -> None:
        """Ask for a new item, which no user has taken yet."""
        if model.takes_new_items:
            dialog = NewItemDialog(model.dataset, self._window)
            accepted, item_id, features = dialog.exec(), dialog.item_id.text().strip(), dialog.features()
            dialog.deleteLater()
            if accepted:
                self.add(run, item_id, features)

    def add(self, run: Run, item_id: str, features: Mapping[str, str]) -> None:
        """Store a new item with the run."""
        title = self.tr("Adding “{item}”").format(item=item_id)
        self._change(run, title, lambda: add_item(run, item_id, dict(features)))

    def edit(self, run: Run, model: "LiveModel", item: "NewItem") -> None:
        """Ask for other texts of an added item."""
        dialog = NewItemDialog(model.dataset, self._window, item)
        accepted, features = dialog.exec(), dialog.features()
        dialog.deleteLater()
        if accepted:
            title = self.tr("Changing “{item}”").format(item=item.item_id)
            self._change(run, title, lambda: change_item(run, item.item_id, features))

    def remove(self, run: Run, item: "NewItem") -> None:
        """Take back an added item."""
        title = self.tr("Taking back “{item}”").format(item=item.item_id)
        self._change(run, title, lambda: change_item(run, item.item_id, None), item)

    def _change(self, run: Run, title: str, work: Callable[[], None], removed: "NewItem | None" = None) -> None:
        self._session.jobs.run(title, lambda _context: work(), lambda _done: self.changed.emit(run, removed))


def _name(item_id: str, features: Mapping[str, str], title_column: str | None) -> str:
    name = features.get(title_column or "", "") or item_id
    return name if len(name) <= _LONGEST else f"{name[: _LONGEST - 1]}…"
