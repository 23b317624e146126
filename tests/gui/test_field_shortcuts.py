import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import QApplication, QLineEdit, QPlainTextEdit, QSpinBox, QWidget

from recdesk.gui.actions import ActionSpec
from recdesk.gui.field_shortcuts import FieldShortcuts
from recdesk.gui.session import Session
from tests.gui.driver import window_on

# Said by the platform without a screen whenever a window opens
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")

CONTROL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def done(session: Session) -> list[str]:
    """The actions that were carried out, among those of an app with a shortcut each."""
    carried_out: list[str] = []
    for key in ("Ctrl+E", "Ctrl+K", "Ctrl+Z", "Ctrl+V", "Ctrl+Left", "E", "F6"):
        session.actions.add(ActionSpec(f"test.{key}", key, lambda key=key: carried_out.append(key), key))
    return carried_out


def event(key: str) -> QKeyEvent:
    combination = QKeySequence(key)[0]
    return QKeyEvent(QEvent.Type.ShortcutOverride, combination.key(), combination.keyboardModifiers())


@pytest.mark.parametrize(
    ("key", "taken"),
    [("Ctrl+E", True), ("Ctrl+K", True), ("Ctrl+Z", False), ("Ctrl+V", False), ("Ctrl+Left", False), ("E", False)],
)
def test_an_action_gets_its_key_unless_fields_are_known_for_it(
    key: str, taken: bool, session: Session, done: list[str], qapp
):
    assert FieldShortcuts(qapp, session.actions, session).takes(event(key)) is taken


def test_a_key_that_is_no_shortcut_stays_with_the_field(session: Session, done: list[str], qapp):
    shortcuts = FieldShortcuts(qapp, session.actions, session)
    assert not shortcuts.takes(event("Ctrl+D"))
    session.actions.set_shortcut("test.Ctrl+E", "Ctrl+D")
    assert shortcuts.takes(event("Ctrl+D")) and not shortcuts.takes(event("Ctrl+E"))


class Emacs(QLineEdit):
    """Takes every key with Ctrl for itself, as fields do on some platforms."""

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ShortcutOverride:
            event.accept()
            return True
        return super().event(event)


@pytest.mark.parametrize("kind", [Emacs, QLineEdit, QSpinBox, QPlainTextEdit])
def test_the_shortcut_works_while_a_field_has_the_focus(kind: type[QWidget], session: Session, qtbot):
    window = window_on(session, qtbot)
    carried_out: list[str] = []
    session.actions.set_shortcut("recommend.export", "")
    session.actions.add(ActionSpec("test.e", "Test", lambda: carried_out.append("E"), "Ctrl+E"))
    field = kind(window.stack.currentWidget())
    field.show()
    with qtbot.waitActive(window):
        window.activateWindow()
    field.setFocus()
    assert QApplication.focusWidget() is field
    qtbot.keyClick(field, Qt.Key.Key_E, CONTROL)
    assert carried_out == ["E"]
    field.deleteLater()
