"""The command palette: every action, person, item, run and dataset, found by a few letters."""

from PySide6.QtCore import (
    QAbstractListModel,
    QEvent,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QHideEvent, QKeyEvent, QKeySequence, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import (
    QFrame,
    QLineEdit,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from recdesk.gui import theme
from recdesk.gui.actions import Actions, ActionSpec
from recdesk.gui.widgets.text import Text

_SIZE = QSize(560, 380)
FOUND = "found."
"""How ids begin of entries that are no actions."""
_Index = QModelIndex | QPersistentModelIndex


def matching(specs: list[ActionSpec], typed: str) -> list[ActionSpec]:
    """Actions whose title or menu contains all typed words, those whose title starts with the first word first."""
    words = typed.casefold().split()

    def found(spec: ActionSpec) -> bool:
        text = f"{spec.title} {spec.menu}".casefold()
        return all(word in text for word in words)

    def later(spec: ActionSpec) -> bool:
        return bool(words) and not spec.title.casefold().startswith(words[0])

    return sorted(filter(found, specs), key=later)


class CommandPalette(QWidget):
    """A list over the window. Escape, or a click elsewhere, closes it.

    Signals:
        typed: letters to look for among what is not an action.
        command_copied: the command of an action is to be copied (an ActionSpec), or why there is none is to be said.
    """

    command_copied = Signal(object)

    typed = Signal(str)

    def __init__(self, actions: Actions, parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Popup | Qt.WindowType.FramelessWindowHint)
        self.setAccessibleName(self.tr("Commands"))
        self._window = parent
        self._actions = actions
        self._model = _CommandModel(actions)
        self.field = QLineEdit()
        self.field.setPlaceholderText(self.tr("An action, a person, an item, a run or a dataset"))
        self.field.setAccessibleName(self.tr("Filter the commands"))
        self.field.textChanged.connect(self._filter)
        self.field.installEventFilter(self)
        self.list = QListView()
        self.list.setModel(self._model)
        self.list.setItemDelegate(_CommandDelegate(self.list))
        self.list.setFrameShape(QFrame.Shape.NoFrame)
        self.list.setUniformItemSizes(True)
        self.list.setMouseTracking(True)
        self.list.setAccessibleName(self.tr("Commands"))
        self.list.clicked.connect(self._run)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(10, 10, 10, 10)
        layout.addWidget(self.field)
        layout.addWidget(self.list)
        self.nothing = Text(self.tr("Nothing is called so: no action, person, item, run or dataset."), tone="secondary")
        self.nothing.setContentsMargins(8, 4, 8, 8)
        layout.addWidget(self.nothing)

    def open(self) -> None:
        """Show it in the upper middle of the window."""
        self.field.clear()
        self._filter("")
        window = self._window
        self.resize(min(_SIZE.width(), window.width() - 32), min(_SIZE.height(), window.height() - 60))
        corner = window.mapToGlobal(window.rect().topLeft())
        self.move(corner.x() + (window.width() - self.width()) // 2, corner.y() + 72)
        self.show()
        self.field.setFocus()

    def hideEvent(self, event: QHideEvent) -> None:
        """Nothing is looked for any more."""
        super().hideEvent(event)
        self.typed.emit("")

    def titles(self) -> list[str]:
        """Titles in the list."""
        return [spec.title for spec in self._model.specs]

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Send arrow keys and Return to the list while the text field has the focus."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            step = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1, Qt.Key.Key_PageDown: 8, Qt.Key.Key_PageUp: -8}
            if event.key() in step:
                self._move(step[Qt.Key(event.key())])
                return True
            if event.matches(QKeySequence.StandardKey.Copy) and not self.field.hasSelectedText():
                self._copy(self.list.currentIndex())
                return True
            if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                self._run(self.list.currentIndex())
                return True
        return super().eventFilter(watched, event)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the surface."""
        painter = QPainter(self)
        painter.setPen(QPen(theme.roles().edge, 1))
        painter.setBrush(theme.roles().card)
        painter.drawRect(self.rect().adjusted(0, 0, -1, -1))

    def _filter(self, typed: str) -> None:
        self._model.show(matching(self._actions.all(), typed))
        self.list.setCurrentIndex(self._model.index(0))
        self.nothing.hide()
        self.typed.emit(typed)

    def add(self, found: list[ActionSpec]) -> None:
        """Add what was found to the list, below the actions; what is chosen stays chosen."""
        row = max(self.list.currentIndex().row(), 0)
        self._model.show([*(spec for spec in self._model.specs if not spec.id.startswith(FOUND)), *found])
        self.list.setCurrentIndex(self._model.index(row))
        self.nothing.setVisible(not self._model.specs)

    def _move(self, step: int) -> None:
        last = self._model.rowCount() - 1
        row = min(max(self.list.currentIndex().row() + step, 0), last)
        self.list.setCurrentIndex(self._model.index(row))

    def _copy(self, index: QModelIndex) -> None:
        """Ask for the command line of an action to be copied."""
        if index.isValid():
            spec = self._model.specs[index.row()]
            self.close()
            self.command_copied.emit(spec)

    def _run(self, index: QModelIndex) -> None:
        if index.isValid() and index.flags() & Qt.ItemFlag.ItemIsEnabled:
            self.close()
            spec = self._model.specs[index.row()]
            if spec.id.startswith(FOUND):
                spec.callback()
            else:
                self._actions.trigger(spec.id)


class _CommandModel(QAbstractListModel):
    def __init__(self, actions: Actions) -> None:
        super().__init__(actions)
        self._actions = actions
        self.specs: list[ActionSpec] = []

    def show(self, specs: list[ActionSpec]) -> None:
        self.beginResetModel()
        self.specs = specs
        self.endResetModel()

    def rowCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008  (Qt's own default)
        return 0 if parent.isValid() else len(self.specs)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        spec = self.specs[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return spec.title
        if role == Qt.ItemDataRole.UserRole:
            return spec.menu if spec.id.startswith(FOUND) else self._actions.shortcut(spec.id)
        return None

    def flags(self, index: _Index) -> Qt.ItemFlag:
        if not self.specs[index.row()].enabled():
            return Qt.ItemFlag.ItemIsSelectable
        return Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemIsEnabled


class _CommandDelegate(QStyledItemDelegate):
    """Draws a row: the title of an action, and its shortcut at the right."""

    def sizeHint(self, _option: QStyleOptionViewItem, _index: _Index) -> QSize:
        return QSize(200, theme.ROW_HEIGHT)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        roles = theme.roles()
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if option.state & QStyle.StateFlag.State_Selected:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(roles.raised)
            painter.drawRoundedRect(QRectF(option.rect).adjusted(0, 1, 0, -1), 6, 6)
            painter.setBrush(roles.accent)
            painter.drawRoundedRect(
                QRectF(option.rect.left(), option.rect.top() + 6, 3, option.rect.height() - 12), 1, 1
            )
        area = option.rect.adjusted(14, 0, -12, 0)
        enabled = bool(index.flags() & Qt.ItemFlag.ItemIsEnabled)
        painter.setPen(roles.text if enabled else roles.edge)
        painter.drawText(area, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, index.data())
        painter.setPen(roles.secondary if enabled else roles.edge)
        painter.setFont(theme.font("small"))
        shortcut = index.data(Qt.ItemDataRole.UserRole)
        painter.drawText(area, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight, shortcut)
        painter.restore()
