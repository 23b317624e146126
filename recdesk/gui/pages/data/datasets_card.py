"""The datasets of the workspace: choose one, remove one."""

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING

from PySide6.QtCore import (
    QAbstractTableModel,
    QCoreApplication,
    QLocale,
    QModelIndex,
    QPersistentModelIndex,
    QPoint,
    Qt,
)
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QHeaderView, QSizePolicy, QStackedLayout, QTableView, QWidget

from recdesk.core.errors import RecdeskError
from recdesk.gui import theme, words
from recdesk.gui.context_menu import show_menu
from recdesk.gui.jobs import JobContext
from recdesk.gui.messages import translated
from recdesk.gui.pages.data.dataset_update import DatasetUpdate, being_trained
from recdesk.gui.session import Session
from recdesk.gui.widgets.buttons import Chip
from recdesk.gui.widgets.cards import Card, EmptyState
from recdesk.gui.widgets.questions import is_sure
from recdesk.gui.widgets.table_style import style_table
from recdesk.gui.widgets.text import Text, plain_tooltip
from recdesk.workspace.runs import ACTIVE

if TYPE_CHECKING:
    from recdesk.workspace.workspace import DatasetInfo

_Index = QModelIndex | QPersistentModelIndex
_COUNTS = {1: "users", 2: "items", 3: "interactions"}
_LEAST_HEIGHT = 32 + 2 * theme.ROW_HEIGHT


class DatasetsModel(QAbstractTableModel):
    """Name, users, items, interactions, when it was imported."""

    def __init__(self) -> None:
        super().__init__()
        self.infos: list[DatasetInfo] = []

    def show(self, infos: "list[DatasetInfo]") -> None:
        """Show these."""
        self.beginResetModel()
        self.infos = infos
        self.endResetModel()

    def row_of(self, name: str | None) -> int:
        """Row of a dataset, -1 for none."""
        return next((row for row, info in enumerate(self.infos) if info.name == name), -1)

    def rowCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008  (Qt's own default)
        """One row a dataset."""
        return 0 if parent.isValid() else len(self.infos)

    def columnCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008
        """Five."""
        return 0 if parent.isValid() else 5

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Texts and their alignment."""
        if role == Qt.ItemDataRole.TextAlignmentRole and index.column() in _COUNTS:
            return int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        info = self.infos[index.row()]
        if role == Qt.ItemDataRole.ToolTipRole:
            return plain_tooltip(info.name)
        if role != Qt.ItemDataRole.DisplayRole:
            return None
        if index.column() == 0:
            return info.title if info.title == info.name else f"{info.title} ({info.name})"
        if index.column() in _COUNTS:
            return QLocale().toString(int(info.facts.get(_COUNTS[index.column()], 0)))
        return _when(info.facts.get("created"))

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Names of the columns, aligned as their cells."""
        if orientation != Qt.Orientation.Horizontal:
            return None
        if role == Qt.ItemDataRole.TextAlignmentRole and section in _COUNTS:
            return int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        if role != Qt.ItemDataRole.DisplayRole:
            return None
        return (self.tr("Name"), self.tr("Users"), self.tr("Items"), self.tr("Interactions"), self.tr("Imported"))[
            section
        ]


def _when(created: object) -> str:
    """A manifest's time of creation (ISO text or epoch seconds), local; "" if there is none."""
    try:
        moment = (
            datetime.fromtimestamp(created)
            if isinstance(created, (int, float))
            else datetime.fromisoformat(str(created))
        )
    except (ValueError, OverflowError, OSError):
        return ""
    return f"{moment.astimezone():%Y-%m-%d %H:%M}"


class DatasetsCard(Card):
    """A table; the chosen row is the chosen dataset."""

    def __init__(self, session: Session, add_example: Callable[[], object]) -> None:
        super().__init__()
        self.set_title(self.tr("Datasets"))
        self._session = session
        self.model = DatasetsModel()
        self.table = QTableView()
        self.table.setModel(self.model)
        style_table(self.table, self.tr("Datasets"))
        header = self.table.horizontalHeader()
        header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        self.updating = DatasetUpdate(session, self)
        self._update = Chip(self.tr("Update from file…"))
        self._update.setToolTip(self.tr("Put a newer file in the place of the dataset: same columns, same rules."))
        self._update.clicked.connect(lambda: self.updating.ask())
        self._extend = Chip(self.tr("Add from file…"))
        self._extend.setToolTip(self.tr("Add a file of new rows to the dataset: same columns, same rules."))
        self._extend.clicked.connect(lambda: self.updating.ask(add=True))
        for chip in (self._update, self._extend):
            self.head.addWidget(chip)
        self._remove = Chip(self.tr("Remove…"))
        self._remove.clicked.connect(self.ask_to_remove)
        self.head.addWidget(self._remove)
        self._refused: RecdeskError | None = None
        self._empty = EmptyState("", self.tr("Use the built-in example"), add_example)
        self._empty.set_text("", with_action=False)  # nothing is known yet
        holder = QWidget()
        self._stack = QStackedLayout(holder)
        self._stack.addWidget(self.table)
        self._stack.addWidget(self._empty)
        self._stack.setCurrentIndex(1)
        self.body.addWidget(holder)
        self._damaged = Text("", "small", "warning", wrap=True)
        self._damaged.hide()
        self.body.addWidget(self._damaged)
        holder.setMinimumHeight(_LEAST_HEIGHT)
        self.table.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Ignored)
        self.table.selectionModel().currentRowChanged.connect(self._row_chosen)
        self.table.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.table.customContextMenuRequested.connect(self._show_menu)
        QShortcut(
            QKeySequence(Qt.Key.Key_Delete), self.table, self.ask_to_remove, context=Qt.ShortcutContext.WidgetShortcut
        )
        session.datasets_changed.connect(self.refresh)
        session.dataset_changed.connect(self._show_choice)
        session.training.state_changed.connect(self._training_changed)
        self.refresh()

    def refresh(self) -> None:
        """Read the list again in a job; if that fails, the table stays as it was."""
        workspace = self._session.workspace

        def work(_context: JobContext) -> "tuple[list[DatasetInfo], list[RecdeskError]]":
            damaged: list[RecdeskError] = []
            return workspace.datasets(damaged), damaged

        self._session.jobs.run(
            self.tr("Reading datasets"),
            work,
            self._show,
            self._not_read,
            visible=False,
            replaces="data.datasets",
        )

    def remove(self, name: str) -> None:
        """Move a dataset to the workspace's trash."""
        workspace = self._session.workspace

        def work(_context: JobContext) -> RecdeskError | None:
            try:
                workspace.remove_dataset(name)
            except RecdeskError as error:
                if any(info.name == name for info in workspace.datasets()):
                    raise
                return error  # the dataset was removed, but its key could not be deleted
            return None

        def removed(error: RecdeskError | None) -> None:
            if error is not None:
                self._session.fail(error)
            self._session.script.add(["datasets", "--remove", name])
            self._session.preferences.set_rules(workspace.folder, name, {})  # another dataset may get its name
            if self._session.dataset_name == name:
                self._session.choose_dataset(None)
            self._session.datasets_changed.emit()

        self._session.jobs.run(self.tr("Moving {name} to the trash").format(name=name), work, removed)

    def _show(self, read: "tuple[list[DatasetInfo], list[RecdeskError]]") -> None:
        infos, damaged = read
        self._damaged.setText(
            "\n".join(words.together(translated(error.sentence), translated(error.suggestion)) for error in damaged)
        )
        self._damaged.setVisible(bool(damaged))
        self._empty.set_text(self.tr("No data yet. Drop a file at the left, or try recdesk on generated data."))
        self.table.selectionModel().blockSignals(True)
        self.model.show(infos)
        self.table.selectionModel().blockSignals(False)
        self._stack.setCurrentIndex(0 if infos else 1)
        self._show_choice()

    def _not_read(self, error: RecdeskError) -> None:
        self._empty.set_text(self.tr("The datasets cannot be read just now."), with_action=False)
        self._session.fail(error)

    def _training_changed(self, state: str) -> None:
        if state == "idle" and self._refused is not None:
            self._session.pass_over(self._refused)
            self._refused = None

    def _show_choice(self) -> None:
        row = self.model.row_of(self._session.dataset_name)
        chosen = row >= 0 and not self._session.read_only
        rules = self.model.infos[row].facts.get("rules", {}) if chosen else {}
        self._remove.setVisible(chosen)
        for chip in (self._update, self._extend):
            chip.setVisible(bool(rules.get("roles")))  # it came from a file
        if row < 0:
            self.table.clearSelection()
        elif self.table.currentIndex().row() != row or not self.table.selectionModel().hasSelection():
            self.table.selectRow(row)

    def _row_chosen(self, index: QModelIndex) -> None:
        if index.isValid():
            self._session.choose_dataset(self.model.infos[index.row()].name)

    def _show_menu(self, at: QPoint) -> None:
        ids = ("train.start", "data.update", "data.split", "data.published", "data.remove")
        show_menu(self._session, ids, self, self.table.viewport().mapToGlobal(at))

    def can_remove(self) -> bool:
        """Whether a dataset is chosen that can be removed."""
        return self.model.row_of(self._session.dataset_name) >= 0 and not self._session.read_only

    def removal_words(self) -> list[str] | None:
        """Words of the command that removes the chosen dataset; None for none."""
        name = self._session.dataset_name
        return ["datasets", "--remove", name] if name is not None and self.can_remove() else None

    def ask_to_remove(self) -> None:
        """Move the chosen dataset to the trash, after asking."""
        row = self.model.row_of(self._session.dataset_name)
        if row < 0 or self._session.read_only:
            return
        info, workspace = self.model.infos[row], self._session.workspace

        def work(_context: JobContext) -> tuple[int, bool, bool]:
            states = [run.state for run in workspace.runs() if run.dataset_name == info.name]
            return len(states), any(state in ACTIVE for state in states), workspace.removal_deletes_key(info.name)

        def ask(found: tuple[int, bool, bool]) -> None:
            runs, at_work, key = found
            if self._session.dataset_name != info.name:
                return  # another one was chosen meanwhile
            if at_work:
                self._refused = being_trained()
                self._session.fail(self._refused)
            elif ask_to_remove(self, info.title, runs, key):
                self.remove(info.name)

        self._session.jobs.run(self.tr("Reading runs"), work, ask, visible=False, replaces="data.remove")


def ask_to_remove(parent: QWidget, title: str, runs: int, key: bool = False) -> bool:
    """Ask before a dataset is moved to the trash; `key`: the key of its pseudonyms will be deleted."""
    translate = QCoreApplication.translate
    question = translate("DatasetsCard", "Remove “{title}”?").format(title=title)
    words = translate("DatasetsCard", "It goes to the trash folder of the workspace; nothing is deleted.")
    if key:
        words = translate(
            "DatasetsCard",
            "It goes to the trash folder of the workspace. The key of its pseudonyms is deleted for good: after that "
            "nobody can find out who is behind them.",
        )
    if runs:
        words += "\n" + translate(
            "DatasetsCard", "Runs trained on it, which cannot recommend without it: {count}."
        ).format(count=runs)
    remove, keep = translate("DatasetsCard", "Remove"), translate("DatasetsCard", "Keep")
    return is_sure(parent, question, words, remove, keep)
