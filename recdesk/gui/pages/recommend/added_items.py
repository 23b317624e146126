"""The line about items that were added to a run: what was added, with the buttons to edit it and to take it back."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from recdesk.core.messages import Message
from recdesk.gui import words
from recdesk.gui.messages import translated
from recdesk.gui.widgets.buttons import Chip
from recdesk.gui.widgets.text import Paragraph

if TYPE_CHECKING:
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


def _name(item_id: str, features: Mapping[str, str], title_column: str | None) -> str:
    name = features.get(title_column or "", "") or item_id
    return name if len(name) <= _LONGEST else f"{name[: _LONGEST - 1]}…"
