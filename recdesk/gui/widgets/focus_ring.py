"""The ring around the control that has the keyboard's focus, outside of its shape."""

from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QFocusFrame,
    QLineEdit,
    QPlainTextEdit,
    QWidget,
)
from shiboken6 import isValid

TYPED_INTO = (QAbstractSpinBox, QLineEdit, QPlainTextEdit)
RINGED = (*TYPED_INTO, QAbstractButton, QAbstractItemView, QComboBox)


class FocusRing(QObject):
    """Moves one ring from control to control; `FlatStyle` draws it. No control draws its own focus, so that focus can
    never be taken for *on*.

    Attributes:
        frame: the ring.
    """

    def __init__(self, app: QApplication, window: QWidget) -> None:
        super().__init__(window)
        self._window = window
        self.frame = QFocusFrame(window)
        app.focusChanged.connect(self._move)
        self._move(None, app.focusWidget())

    def _move(self, _old: QWidget | None, new: QWidget | None) -> None:
        """Put the ring around a control of the window itself; dialogs and menus have their own frames. Around
        what is not typed into only once the keyboard has moved the focus: who clicks knows where they are."""
        if not isValid(self._window) or not isValid(self.frame):
            return  # it is being destroyed, and its controls lose the focus
        by_keyboard = self._window.testAttribute(Qt.WidgetAttribute.WA_KeyboardFocusChange)
        kinds = RINGED if by_keyboard else TYPED_INTO
        wanted = new if isinstance(new, kinds) and new.window() is self._window else None
        if self.frame.widget() is not wanted:
            self.frame.setWidget(wanted)  # type: ignore[arg-type]  # None takes it away
