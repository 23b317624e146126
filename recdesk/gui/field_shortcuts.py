"""Shortcuts of the window while a field has the focus."""

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import QApplication, QKeySequenceEdit, QWidget
from shiboken6 import isValid

from recdesk.gui.actions import Actions

_Standard = QKeySequence.StandardKey
_EDITING = (
    _Standard.Undo,
    _Standard.Redo,
    _Standard.Cut,
    _Standard.Copy,
    _Standard.Paste,
    _Standard.SelectAll,
)
_MOVING = frozenset(
    (
        Qt.Key.Key_Left,
        Qt.Key.Key_Right,
        Qt.Key.Key_Up,
        Qt.Key.Key_Down,
        Qt.Key.Key_Home,
        Qt.Key.Key_End,
        Qt.Key.Key_PageUp,
        Qt.Key.Key_PageDown,
        Qt.Key.Key_Backspace,
        Qt.Key.Key_Delete,
        Qt.Key.Key_Insert,
    )
)
_WITH = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier | Qt.KeyboardModifier.MetaModifier


class FieldShortcuts(QObject):
    """Keeps Qt's fields from taking keys that are shortcuts of actions.

    On some platforms a field takes Emacs' keys, such as Ctrl+E for the end of the line. What a person knows of fields
    stays theirs: undo, copy, paste, select all, moving and deleting, and every key without Ctrl, Alt or Meta. So does
    everything that is pressed where the keys of a shortcut are asked for.
    """

    def __init__(self, app: QApplication, actions: Actions, parent: QObject) -> None:
        super().__init__(parent)
        self._actions = actions
        self._watched: QWidget | None = None
        app.focusChanged.connect(self._focus_changed)

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        """Leave a key that is the shortcut of an action to that action."""
        if event.type() != QEvent.Type.ShortcutOverride or not isinstance(event, QKeyEvent):
            return False
        if not self.takes(event):
            return False
        event.ignore()
        return True

    def takes(self, event: QKeyEvent) -> bool:
        """Whether an action gets a key rather than the field that has the focus."""
        if not event.modifiers() & _WITH or event.key() in _MOVING:
            return False
        if any(event.matches(key) for key in _EDITING):
            return False
        sequence = QKeySequence(event.keyCombination()).toString(QKeySequence.SequenceFormat.PortableText)
        return self._actions.owner_of(sequence) is not None

    def _focus_changed(self, _old: QWidget | None, now: QWidget | None) -> None:
        if self._watched is not None and isValid(self._watched):
            self._watched.removeEventFilter(self)
        if now is not None and isinstance(now.focusProxy() or now, QKeySequenceEdit):
            now = None  # it asks for the keys of a shortcut
        self._watched = now
        if now is not None:
            now.installEventFilter(self)
