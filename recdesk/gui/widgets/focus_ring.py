"""The ring around the control that has the keyboard's focus, outside of its shape."""

from PySide6.QtCore import QObject
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

RINGED = (QAbstractButton, QAbstractItemView, QAbstractSpinBox, QComboBox, QLineEdit, QPlainTextEdit)


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
        """Put the ring around a control of the window itself; dialogs and menus have their own frames."""
        wanted = new if isinstance(new, RINGED) and new.window() is self._window else None
        if self.frame.widget() is not wanted:
            self.frame.setWidget(wanted)  # type: ignore[arg-type]  # None takes it away
