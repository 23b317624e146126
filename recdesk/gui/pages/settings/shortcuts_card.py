"""Keyboard shortcuts, and changing them."""

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QHBoxLayout, QHeaderView, QKeySequenceEdit, QPushButton, QSizePolicy, QTableView

from recdesk.gui.actions import Actions
from recdesk.gui.session import Session
from recdesk.gui.widgets.cards import Card
from recdesk.gui.widgets.table_style import style_table
from recdesk.gui.widgets.text import Text

_Index = QModelIndex | QPersistentModelIndex


class ShortcutsCard(Card):
    """A table of all actions with their shortcuts; that of the chosen action can be changed."""

    def __init__(self, session: Session) -> None:
        super().__init__()
        self.set_title(self.tr("Keyboard shortcuts"))
        self._actions = session.actions
        self._model = _ShortcutModel(session.actions)
        self.table = QTableView()
        self.table.setModel(self._model)
        style_table(self.table, self.tr("Keyboard shortcuts"))
        self.table.setMinimumHeight(110)
        self.table.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Ignored)
        header = self.table.horizontalHeader()
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        header.setSectionResizeMode(1, QHeaderView.ResizeMode.ResizeToContents)
        self.editor = QKeySequenceEdit()
        self.editor.setMaximumSequenceLength(1)
        self.editor.setClearButtonEnabled(True)
        self.editor.setAccessibleName(self.tr("New shortcut of the chosen action"))
        self._default = QPushButton(self.tr("Default"))
        self._default.setAccessibleName(self.tr("Default shortcut"))
        self._note = Text("", "small", "warning", wrap=True)
        self._note.hide()
        self._build()
        self.table.selectionModel().currentRowChanged.connect(self._row_changed)
        self.editor.editingFinished.connect(lambda: self.set_shortcut(self.editor.keySequence()))
        self._default.clicked.connect(self._use_default)
        session.actions.changed.connect(self.refresh)
        self.refresh()

    def refresh(self) -> None:
        """Show the list as it is now."""
        row = max(self.table.currentIndex().row(), 0)
        self._model.refresh()
        self.table.setCurrentIndex(self._model.index(min(row, self._model.rowCount() - 1), 0))

    def set_shortcut(self, sequence: QKeySequence) -> None:
        """Set the shortcut of the chosen action; one that cannot be used is refused with a sentence."""
        spec = self._model.specs[self.table.currentIndex().row()]
        problem = self._problem(spec.id, sequence)
        self._note.setVisible(bool(problem))
        self._note.setText(problem)
        if not problem:
            self._actions.set_shortcut(spec.id, sequence.toString(QKeySequence.SequenceFormat.PortableText))

    def _problem(self, action_id: str, sequence: QKeySequence) -> str:
        """Why an action cannot have a shortcut; "" when it can."""
        shortcut = sequence.toString(QKeySequence.SequenceFormat.PortableText)
        owner = self._actions.owner_of(shortcut)
        if owner is not None and owner.id != action_id:
            text = self.tr("“{action}” has {shortcut}. Choose another one.")
            return text.format(action=owner.title, shortcut=shortcut)
        if shortcut and _types_or_moves(sequence):
            return self.tr("{shortcut} alone is needed for working in the window. Add Ctrl or Alt.").format(
                shortcut=shortcut
            )
        return ""

    def _build(self) -> None:
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(Text(self.tr("Shortcut of the chosen action"), "body", "secondary"))
        row.addWidget(self.editor, 1)
        row.addWidget(self._default)
        self.body.addWidget(self.table, 1)
        self.body.addLayout(row)
        self.body.addWidget(self._note)

    def _row_changed(self, index: QModelIndex) -> None:
        if index.isValid():
            self._note.hide()
            self.editor.setKeySequence(self._actions.action(self._model.specs[index.row()].id).shortcut())

    def _use_default(self) -> None:
        self.set_shortcut(QKeySequence(self._model.specs[self.table.currentIndex().row()].shortcut))
        self._row_changed(self.table.currentIndex())


def _types_or_moves(sequence: QKeySequence) -> bool:
    """Whether a key, without Ctrl or Alt, types a letter, moves the focus or closes something."""
    key = sequence[0]  # type: ignore[index]
    by_itself = key.keyboardModifiers() in (Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ShiftModifier)
    return by_itself and not Qt.Key.Key_F1 <= key.key() <= Qt.Key.Key_F35


class _ShortcutModel(QAbstractTableModel):
    def __init__(self, actions: Actions) -> None:
        super().__init__(actions)
        self._actions = actions
        self.specs = actions.all()

    def refresh(self) -> None:
        self.beginResetModel()
        self.specs = self._actions.all()
        self.endResetModel()

    def rowCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008  (Qt's own default)
        return 0 if parent.isValid() else len(self.specs)

    def columnCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else 2

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if role != Qt.ItemDataRole.DisplayRole:
            return None
        spec = self.specs[index.row()]
        return spec.title if index.column() == 0 else self._actions.shortcut(spec.id)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if role != Qt.ItemDataRole.DisplayRole or orientation != Qt.Orientation.Horizontal:
            return None
        return (self.tr("Action"), self.tr("Shortcut"))[section]
