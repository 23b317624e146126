"""How rows of a file become interactions, as rows of a form: lists in cells, lines of orders, whose ids they are."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QSignalBlocker, Signal
from PySide6.QtWidgets import QFileDialog, QFormLayout

from recdesk.data.declaration import declarations
from recdesk.data.files.dialect import TABLE_FORMS, Dialect
from recdesk.data.files.matrix import EVERY_COLUMN
from recdesk.gui.pages.data.draft import ImportDraft
from recdesk.gui.pages.data.rules_form import rule_words
from recdesk.gui.widgets.inputs import ChoiceBox, FormLabel, SuggestBox, narrow

if TYPE_CHECKING:
    from recdesk.data.planning import Preview

_ASK = "\0ask"
_FILES = {"orders": ("order_key",), "people": ("people_key", "person")}
"""Parts of the dialect that name another file, each with those that mean nothing without it."""
_KEYS = ("order_key", "people_key")
"""Parts that may name a column of each of the two files, as “order_id=id”."""


class LayoutRows(QObject):
    """A row for each part of the dialect that is declared with a title.

    Signals:
        chosen: values of the dialect, by their names.
    """

    chosen = Signal(dict)

    def __init__(self, draft: ImportDraft, form: QFormLayout, parent: QObject) -> None:
        super().__init__(parent)
        self._draft, self._form = draft, form
        self._preview: Preview | None = None
        self.boxes: dict[str, ChoiceBox | SuggestBox] = {}
        for name, field in declarations(Dialect).items():
            if not field.title:
                continue
            box = self.boxes[name] = SuggestBox([]) if name in _KEYS else ChoiceBox()
            title = rule_words(field.title)
            box.setAccessibleName(title)
            box.setToolTip(rule_words(field.tip or field.help))
            box.activated.connect(lambda _at, name=name: self._choose(name))
            if (line := box.lineEdit()) is not None:
                line.editingFinished.connect(lambda name=name: self._choose(name))
            form.addRow(FormLabel(title, box), narrow(box))

    def refresh(self, preview: "Preview", applies: bool, every: bool) -> None:
        """Show what is in force.

        Args:
            preview: of the file.
            applies: it holds interactions; no rows are shown for others.
            every: show also the rows that say nothing so far.
        """
        self._preview = preview
        for name, box in self.boxes.items():
            value = str(getattr(preview.dialect, name))
            meaningful = bool(preview.dialect.people) or name not in _FILES["people"]
            self._form.setRowVisible(box, applies and (bool(value) or (every and meaningful)))
            with QSignalBlocker(box):
                box.clear()
                for title, meant in self._choices(name, value):
                    box.addItem(title, meant)
                box.setCurrentIndex(max(box.findData(value), 0))

    def _choices(self, name: str, value: str) -> list[tuple[str, str]]:
        """Titles and values that can be chosen; what is in force is one of them."""
        assert self._preview is not None
        if name in _FILES:
            found = [(self.tr("none"), ""), *((_title(other), other) for other in self._others())]
            return [*_with(found, value), (self.tr("Another file…"), _ASK)]
        columns = [(column, column) for column in self._preview.choices.get(name, [])]
        if name == "unfold":
            every = (self.tr("every column an item"), EVERY_COLUMN)
            return _with([(self.tr("interaction"), ""), *columns, every], value)
        return _with([*([] if name == "person" else [(self.tr("none"), "")]), *columns], value)

    def _others(self) -> list[str]:
        """The other tables and files at hand, as a dialect names them."""
        look = self._preview
        assert look is not None
        tables = [table for table in look.tables if look.dialect.form in TABLE_FORMS and table != look.dialect.table]
        members = [member for path, member in self._draft.files if path == look.path and member != look.dialect.member]
        files = [_beside(look.path, path) for path, _ in self._draft.files if path != look.path]
        return list(dict.fromkeys(filter(None, [*tables, *members, *files])))

    def _choose(self, name: str) -> None:
        box, look = self.boxes[name], self._preview
        assert look is not None
        before = getattr(look.dialect, name)
        value = box.value() if isinstance(box, SuggestBox) else box.currentData()
        if value == _ASK:
            chosen, _ = QFileDialog.getOpenFileName(box, self.tr("Choose a file"), str(look.path.parent))
            value = _beside(look.path, Path(chosen)) if chosen else before
        if value != before:
            self.chosen.emit({name: value, **dict.fromkeys(_FILES.get(name, ()), "")})  # its keys are found again
        elif isinstance(box, ChoiceBox):
            box.setCurrentIndex(max(box.findData(value), 0))


def _beside(path: Path, other: Path) -> str:
    return other.name if other.parent == path.parent else str(other.absolute())


def _title(name: str) -> str:
    return name.replace("\\", "/").rpartition("/")[2]


def _with(choices: Sequence[tuple[str, str]], value: str) -> list[tuple[str, str]]:
    known = any(meant == value for _, meant in choices)
    return [*choices] if known else [*choices, (_title(value), value)]
