"""Dialogs to add an item to a history: pick one from the catalogue, or describe a new one."""

from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from PySide6.QtCore import QCoreApplication, QTimer
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QFormLayout, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from recdesk.core.errors import RecdeskError
from recdesk.data.dataset import Dataset
from recdesk.gui import theme, words
from recdesk.gui.jobs import Jobs
from recdesk.gui.messages import translated
from recdesk.gui.session import Session
from recdesk.gui.widgets.buttons import Chip
from recdesk.gui.widgets.tables import ArrayTable, Column
from recdesk.gui.widgets.text import Text

if TYPE_CHECKING:
    from recdesk.recommend.query import Recommendation
    from recdesk.recommend.recommender import LiveModel
    from recdesk.recommend.text_queries import NewItem

FOUND = 50
_KEY = "recommend.meaning"
_WAIT_MS = 300
_SEARCH = "recommend.items"


class MeaningSearch:
    """Searches items by the meaning of words, with a model that reads texts; a new search cancels the one under way."""

    def __init__(self, session: Session, model: "LiveModel") -> None:
        self._session, self._model = session, model

    @property
    def takes_new_items(self) -> bool:
        """The model scores items by their texts, also new ones."""
        return self._model.takes_new_items

    def ask(
        self,
        words: str,
        done: "Callable[[list[Recommendation]], None]",
        failed: Callable[[RecdeskError], None],
    ) -> None:
        """Look for items; `done` or `failed` follows."""
        model, title = self._model, QCoreApplication.translate("Meaning", "Looking for items by meaning")
        self._session.jobs.run(
            title, lambda _context: model.search(words, FOUND), done, failed, visible=False, replaces=_KEY
        )

    def drop(self) -> None:
        """Cancel the search under way."""
        self._session.jobs.drop(_KEY)


class ItemDialog(QDialog):
    """Pick an item by any of its texts, popular ones first; where none has the words, by their meaning. It is picked to
    be added to a history or, with `to_look`, to be looked at.

    Attributes:
        new_button: asks for a new item; None where the model knows ids only.
        meaning: always search by meaning; None where the model knows ids only.
    """

    NEW = 2
    """Result of `exec` when a new item is wanted."""

    def __init__(
        self,
        dataset: Dataset,
        jobs: Jobs,
        parent: QWidget | None = None,
        by_meaning: MeaningSearch | None = None,
        to_look: bool = False,
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Find an item") if to_look else self.tr("Add an item"))
        self.resize(600, 500)
        self._dataset, self._jobs, self._by_meaning = dataset, jobs, by_meaning
        self._order = np.argsort(-dataset.popularity, kind="stable")
        self._codes = self._order + 1  # of the rows of the table
        self._matched, self._accepted_early = True, False
        self._later = QTimer(self, singleShot=True, interval=_WAIT_MS)
        self._later.timeout.connect(self._ask)
        layout = QVBoxLayout(self)
        layout.addLayout(self._search_row())
        self.hint = Text("", "small", "secondary", wrap=True)
        self.hint.hide()
        layout.addWidget(self.hint)
        self.table = ArrayTable(self.tr("Items"))
        # accepts the row that was clicked, whatever a search under way would find
        self.table.doubleClicked.connect(lambda _index: QDialog.accept(self))
        layout.addWidget(self.table, 1)
        can_be_new = by_meaning is not None and by_meaning.takes_new_items and not to_look
        layout.addWidget(self._ends(self.tr("Open") if to_look else self.tr("Add"), can_be_new))
        self._list_all()
        self.finished.connect(self._drop)

    def code(self) -> int:
        """Code of the picked item, 0 for none."""
        row = self.table.chosen()
        return int(self._codes[row]) if row >= 0 else 0

    def accept(self) -> None:
        """Accept the picked item, once the search for the last text has ended."""
        self._accepted_early = self._jobs.at_work(_SEARCH)
        if not self._accepted_early:
            super().accept()

    def _search_row(self) -> QHBoxLayout:
        self.search = QLineEdit()
        self.search.setPlaceholderText(self.tr("part of a title, id or feature…"))
        self.search.setAccessibleName(self.tr("Search items"))
        self.search.setMinimumHeight(theme.CONTROL_HEIGHT)
        self.search.textChanged.connect(self._search)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self.search, 1)
        self.meaning = None
        if self._by_meaning is not None:
            self.search.setPlaceholderText(self.tr("part of a title, id or feature, or what it is about…"))
            self.meaning = Chip(self.tr("by meaning"), checkable=True)
            self.meaning.setToolTip(self.tr("Look for what the words mean, not for the words themselves"))
            self.meaning.toggled.connect(lambda _on: self._search(self.search.text()))
            row.addWidget(self.meaning)
        return row

    def _ends(self, accept: str, can_be_new: bool) -> QDialogButtonBox:
        buttons = QDialogButtonBox()
        self.accept_button = buttons.addButton(accept, QDialogButtonBox.ButtonRole.AcceptRole)
        buttons.addButton(self.tr("Cancel"), QDialogButtonBox.ButtonRole.RejectRole)
        self.new_button = None
        if can_be_new:
            self.new_button = buttons.addButton(self.tr("New item…"), QDialogButtonBox.ButtonRole.ActionRole)
            self.new_button.clicked.connect(lambda: self.done(self.NEW))
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        return buttons

    def _list_all(self) -> None:
        """List all items, popular ones first."""
        dataset, self._codes = self._dataset, self._order + 1
        columns = [
            Column(self.tr("Item"), dataset.titles[self._order]),
            Column(self.tr("Id"), dataset.item_ids.to_numpy(dtype=object)[self._order]),
            Column(self.tr("Taken"), dataset.popularity[self._order], numeric=True),
        ]
        self.table.set_columns(columns, (0, 120, 80))
        self.table.selectRow(0)
        self._listed_all = True

    def _search(self, text: str) -> None:
        """Search in a job: a large catalogue with many features takes long."""
        self._drop()
        dataset = self._dataset
        self._jobs.run(
            self.tr("Looking for items"),
            lambda _context: matching(dataset, text),
            lambda mask: self._show_matching(mask, text),
            visible=False,
            replaces=_SEARCH,
        )

    def _show_matching(self, mask: np.ndarray | None, text: str) -> None:
        if not self._listed_all:
            self._list_all()
        self._matched = mask is None or bool(mask.any())
        self.table.table_model.set_filter(None if mask is None else mask[self._order])
        self._show_message("")
        if self.table.table_model.rowCount():
            self.table.selectRow(0)
        wanted = self.meaning is not None and self.meaning.isChecked()
        if mask is not None and (wanted or not self._matched):
            self._look_further(text.strip())
        if self._accepted_early:
            self.accept()

    def _look_further(self, text: str) -> None:
        if self._by_meaning is not None:
            self._show_message(self.tr("Looking for what is meant…"))
            self._later.start()
        else:
            self._show_message(self.tr("Nothing has “{text}” in its title, id or features.").format(text=text))

    def _ask(self) -> None:
        if self._by_meaning is not None:
            self._by_meaning.ask(self.search.text().strip(), self._show_found, self._show_problem)

    def _show_found(self, found: "list[Recommendation]") -> None:
        self._codes = np.array([item.code for item in found], np.int64)
        self._listed_all = False
        columns = [
            Column(self.tr("Item"), [item.title for item in found]),
            Column(self.tr("Id"), [item.item_id for item in found]),
            Column(self.tr("Likeness"), [item.score for item in found], lambda score: f"{score:.2f}", numeric=True),
        ]
        self.table.set_columns(columns, (0, 120, 80))
        self.table.selectRow(0)
        self._show_message(
            self.tr("These are nearest in meaning.")
            if self._matched
            else self.tr("Nothing has these words; these are nearest in meaning.")
        )

    def _show_problem(self, error: RecdeskError) -> None:
        self._show_message(words.together(translated(error.sentence), translated(error.suggestion)), "bad")

    def _show_message(self, sentence: str, tone: str = "secondary") -> None:
        self.hint.setText(sentence)
        self.hint.set_tone(tone)
        self.hint.setVisible(bool(sentence))

    def _drop(self) -> None:
        """Cancel the searches under way."""
        self._later.stop()
        self._accepted_early = False
        self._jobs.drop(_SEARCH)
        if self._by_meaning is not None:
            self._by_meaning.drop()


def matching(dataset: Dataset, text: str) -> np.ndarray | None:
    """bool [n_items]: items with the text in title, id or a feature; None for all if there is no text."""
    wanted = text.strip()
    if not wanted:
        return None
    mask = np.asarray(dataset.item_ids.str.contains(wanted, case=False, regex=False), dtype=bool)
    for name in dataset.item_features.columns:
        column: pd.Series = dataset.item_features[name]
        mask |= column.str.contains(wanted, case=False, regex=False).to_numpy(dtype=bool)
    return mask


class NewItemDialog(QDialog):
    """Id and texts of a new item, or of one that was added before, a line for each column of the items."""

    def __init__(self, dataset: Dataset, parent: QWidget | None = None, added: "NewItem | None" = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("New item") if added is None else self.tr("Edit the added item"))
        self._added = added
        self.setMinimumWidth(460)
        self._taken = dataset.item_ids
        layout = QVBoxLayout(self)
        layout.addWidget(
            Text(self.tr("It is ranked by its text, at once and for everybody."), "body", "secondary", wrap=True)
        )
        form = QFormLayout()
        self.item_id = self._line(self.tr("Id"))
        form.addRow(Text(self.tr("Id")), self.item_id)
        self.lines: dict[str, QLineEdit] = {}
        for name in map(str, dataset.item_features.columns):
            self.lines[name] = self._line(name)
            form.addRow(Text(name), self.lines[name])
        layout.addLayout(form)
        self.problem = Text("", "small", "bad", wrap=True)
        layout.addWidget(self.problem)
        buttons = QDialogButtonBox()
        verb = self.tr("Add") if added is None else self.tr("Save")
        self.accept_button = buttons.addButton(verb, QDialogButtonBox.ButtonRole.AcceptRole)
        buttons.addButton(self.tr("Cancel"), QDialogButtonBox.ButtonRole.RejectRole)
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        layout.addWidget(buttons)
        if added is not None:
            self.item_id.setText(added.item_id)
            self.item_id.setReadOnly(True)
            for name, text in added.features.items():
                self.lines[name].setText(text)
        self._check()

    def features(self) -> dict[str, str]:
        """Texts by column; empty ones are left out."""
        return {name: line.text().strip() for name, line in self.lines.items() if line.text().strip()}

    def _line(self, name: str) -> QLineEdit:
        line = QLineEdit()
        line.setAccessibleName(name)
        line.textChanged.connect(self._check)
        return line

    def _check(self) -> None:
        wanted = self.item_id.text().strip()
        taken = self._added is None and wanted in self._taken
        self.problem.setText(self.tr("There is an item with this id already.") if taken else "")
        self.accept_button.setEnabled(bool(wanted) and not taken and bool(self.features()))
