"""What the workspace stores about users, part by part, and how it is deleted."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QAbstractTableModel, QCoreApplication, QLocale, QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtWidgets import QHBoxLayout, QHeaderView, QPushButton, QSizePolicy, QTableView, QWidget

from recdesk.gui import words
from recdesk.gui.jobs import Job, JobContext
from recdesk.gui.messages import translated
from recdesk.gui.session import Session
from recdesk.gui.widgets.cards import Card
from recdesk.gui.widgets.questions import is_sure
from recdesk.gui.widgets.table_style import style_table
from recdesk.gui.widgets.text import Text

if TYPE_CHECKING:
    from recdesk.workspace.inventory import Part, PartInventory

_Index = QModelIndex | QPersistentModelIndex
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter


class InventoryCard(Card):
    """A row for each part of the workspace; the chosen one can be deleted for good."""

    def __init__(self, session: Session) -> None:
        super().__init__()
        self.set_title(self.tr("What is kept of people"))
        self._session = session
        self._job: Job[PartInventory] | None = None
        self.model = _PartsModel(self)
        self.table = QTableView()
        self.table.setModel(self.model)
        style_table(self.table, self.tr("What is kept of people"))
        header = self.table.horizontalHeader()
        header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        self.table.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.table.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.note = Text("", "small", "secondary", wrap=True)
        self.delete = QPushButton(self.tr("Delete…"))
        self.empty = QPushButton(self.tr("Empty the trash…"))
        self.cancel = QPushButton(self.tr("Cancel"))
        self.cancel.hide()
        for button, callback in (
            (self.delete, self._delete_chosen),
            (self.empty, lambda: self._ask("trash")),
            (self.cancel, self._cancel),
        ):
            button.setAccessibleName(button.text())
            button.clicked.connect(lambda _checked=False, callback=callback: callback())
        self.delete.setAccessibleName(self.tr("Delete the chosen part for good"))
        self._build()
        self.table.selectionModel().currentRowChanged.connect(self._show_choice)
        session.datasets_changed.connect(self._changed)
        session.runs_changed.connect(self._changed)
        self._fit()
        self._show_choice()

    def refresh(self) -> None:
        """Read the parts again, in a job."""

        def work(context: JobContext) -> "list[PartInventory]":
            from recdesk.workspace.inventory import inventory

            return inventory(self._session.workspace.folder, context)

        self._session.jobs.run(self.tr("What is kept"), work, self._show, visible=False, replaces="settings.kept")

    def delete_part(self, part: "Part") -> None:
        """Delete a part for good, in a job."""
        if part in ("datasets", "runs", "versions"):  # Windows cannot delete open files
            self._session.choose_run(None)
        if part == "datasets":
            self._session.choose_dataset(None)

        def work(context: JobContext) -> "PartInventory":
            from recdesk.workspace.inventory import delete_part

            return delete_part(self._session.workspace, part, context)

        title = self.tr("Deleting: {part}").format(part=_titles()[part])
        self._job = self._session.jobs.run(title, work, self._removed, replaces="settings.remove")
        self._job.progressed.connect(lambda _share, sentence: self.note.setText(translated(sentence)))
        self._job.ended.connect(self._ended)
        self._show_choice()

    def _build(self) -> None:
        self.body.addWidget(self.table)
        self.body.addWidget(self.note)
        row = QHBoxLayout()
        for button in (self.delete, self.empty, self.cancel):
            row.addWidget(button)
        row.addStretch(1)
        self.body.addLayout(row)

    def _changed(self) -> None:
        if self.isVisible():
            self.refresh()

    def _show(self, found: "list[PartInventory]") -> None:
        row = max(self.table.currentIndex().row(), 0)
        self.model.show([part for part in found if part.entries or part.part != "temporary"])
        self._fit()
        self.table.setCurrentIndex(self.model.index(row, 0))
        self._show_choice()

    def _fit(self) -> None:
        """All rows without scrolling."""
        rows = self.model.rowCount() * self.table.verticalHeader().defaultSectionSize()
        self.table.setFixedHeight(rows + self.table.horizontalHeader().sizeHint().height() + 2)

    def _show_choice(self) -> None:
        busy = self._job is not None
        chosen = self.model.at(self.table.currentIndex().row())
        free = not busy and not self._session.read_only
        self.delete.setEnabled(free and chosen is not None and bool(chosen.entries))
        self.empty.setEnabled(free and any(part.part == "trash" and part.entries for part in self.model.parts))
        self.cancel.setVisible(busy)
        if chosen is not None and not busy:
            self.note.setText(_about()[chosen.part])

    def _delete_chosen(self) -> None:
        chosen = self.model.at(self.table.currentIndex().row())
        if chosen is not None:
            self._ask(chosen.part)

    def _ask(self, part: "Part") -> None:
        (found,) = (one for one in self.model.parts if one.part == part)
        if ask_to_delete(self, found):
            self.delete_part(part)

    def _cancel(self) -> None:
        if self._job is not None:
            self._job.cancel()

    def _removed(self, gone: "PartInventory") -> None:
        text = self.tr("Deleted for good: {size}").format(size=words.size(gone.size))
        self._session.status_changed.emit(text)

    def _ended(self, _state: str) -> None:
        self._job = None
        self._show_choice()
        self._session.datasets_changed.emit()
        self._session.runs_changed.emit()
        self.refresh()


def ask_to_delete(parent: QWidget, found: "PartInventory") -> bool:
    """Ask before a part is deleted for good."""
    translate = QCoreApplication.translate
    question = translate("InventoryCard", "Delete “{part}” for good?").format(part=_titles()[found.part])
    much = translate("InventoryCard", "{count} with {size}. This cannot be undone.").format(
        count=QLocale().toString(len(found.entries)), size=words.size(found.size)
    )
    consequences = "\n".join(filter(None, (much, _consequences().get(found.part, ""))))
    delete, keep = translate("InventoryCard", "Delete for good"), translate("InventoryCard", "Keep")
    return is_sure(parent, question, consequences, delete, keep)


class _PartsModel(QAbstractTableModel):
    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.parts: list[PartInventory] = []

    def show(self, parts: "list[PartInventory]") -> None:
        """Show these."""
        self.beginResetModel()
        self.parts = parts
        self.endResetModel()

    def at(self, row: int) -> "PartInventory | None":
        """The part in a row."""
        return self.parts[row] if 0 <= row < len(self.parts) else None

    def rowCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008  (Qt's own default)
        return 0 if parent.isValid() else len(self.parts)

    def columnCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else 4

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if role == Qt.ItemDataRole.TextAlignmentRole and index.column():
            return _RIGHT
        if role != Qt.ItemDataRole.DisplayRole:
            return None
        part, number = self.parts[index.row()], QLocale().toString
        texts = (
            _titles()[part.part],
            number(len(part.entries)) if part.entries else "–",
            words.size(part.size) if part.size else "–",
            number(part.people) if part.people else "–",
        )
        return texts[index.column()]

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if orientation != Qt.Orientation.Horizontal:
            return None
        if role == Qt.ItemDataRole.TextAlignmentRole and section:
            return _RIGHT
        if role != Qt.ItemDataRole.DisplayRole:
            return None
        return (self.tr("Part"), self.tr("Count"), self.tr("Size"), self.tr("People"))[section]


def _titles() -> "dict[Part, str]":
    translate = QCoreApplication.translate
    return {
        "datasets": translate("InventoryCard", "Datasets"),
        "versions": translate("InventoryCard", "Older versions of datasets"),
        "runs": translate("InventoryCard", "Runs and studies"),
        "cache": translate("InventoryCard", "Cache"),
        "keys": translate("InventoryCard", "Keys of pseudonyms"),
        "logs": translate("InventoryCard", "Logs"),
        "temporary": translate("InventoryCard", "Left by a program that was killed"),
        "trash": translate("InventoryCard", "Trash"),
    }


def _about() -> "dict[Part, str]":
    translate = QCoreApplication.translate
    return {
        "datasets": translate(
            "InventoryCard", "Who took what, and when. Files that you exported are where you put them."
        ),
        "versions": translate(
            "InventoryCard", "Runs made before an update were trained on them; people who left are still in them."
        ),
        "runs": translate("InventoryCard", "Models, figures and logs: made from what people did, without their names."),
        "cache": translate("InventoryCard", "Computed from datasets, without names; it is computed again when needed."),
        "keys": translate("InventoryCard", "With its key the pseudonym of a person can be found."),
        "logs": translate("InventoryCard", "Errors and crashes; a message may quote a value."),
        "temporary": translate(
            "InventoryCard", "Half-made and temporary files; they go at the next start by themselves."
        ),
        "trash": translate(
            "InventoryCard", "Datasets and runs that were removed. They stay until the trash is emptied."
        ),
    }


def _consequences() -> "dict[Part, str]":
    translate = QCoreApplication.translate
    return {
        "datasets": translate(
            "InventoryCard", "Runs on them cannot recommend any more; keys of their pseudonyms go too."
        ),
        "versions": translate("InventoryCard", "Runs made on them cannot recommend any more."),
        "runs": translate("InventoryCard", "Their models are gone; older versions that only they needed go too."),
        "keys": translate(
            "InventoryCard", "Nobody can find out who is behind a pseudonym, nor update a dataset that has pseudonyms."
        ),
    }
