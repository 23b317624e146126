"""Fixtures of the window's tests: a session on its own workspace, and a watch over what tests leave behind."""

import os
import weakref
from collections.abc import Callable, Iterator
from pathlib import Path

if not any(os.environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY")):
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, Qt, QThread, QTimer
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSlider,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QHeaderView,
    QKeySequenceEdit,
    QLineEdit,
    QPlainTextEdit,
    QScrollBar,
    QWidget,
)
from shiboken6 import isValid

from recdesk.gui.preferences import Preferences
from recdesk.gui.session import Session
from recdesk.workspace.workspace import Workspace

_CONTROLS = (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSlider,
    QAbstractSpinBox,
    QComboBox,
    QKeySequenceEdit,
    QLineEdit,
    QPlainTextEdit,
)
_COMPOUND = (QAbstractSpinBox, QComboBox, QKeySequenceEdit, QLineEdit, QAbstractItemView)


@pytest.fixture(autouse=True)
def unasked_measuring(monkeypatch: pytest.MonkeyPatch) -> None:
    """Settings never come to rest, so that nothing is measured beside what a test does."""
    monkeypatch.setattr("recdesk.gui.pages.train.pace.REST_MS", 10**8)


@pytest.fixture(autouse=True)
def nothing_left_running(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Fail a test that leaves a running thread or timer behind."""
    started: list[weakref.ref] = []
    for kind in (QThread, QTimer):
        monkeypatch.setattr(kind, "start", _remembering(kind.start, started))
    yield
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    left = [thing for thing in (reference() for reference in started) if thing is not None and _runs(thing)]
    assert not left, f"left running: {left}"


def _remembering(start: Callable, started: list[weakref.ref]) -> Callable:
    def remembering(thing: QThread | QTimer, *arguments: object) -> None:
        started.append(weakref.ref(thing))
        start(thing, *arguments)

    return remembering


def _runs(thing: QThread | QTimer) -> bool:
    if not isValid(thing):
        return False
    return thing.isRunning() if isinstance(thing, QThread) else thing.isActive()


@pytest.fixture(scope="session")
def qapp(tmp_path_factory: pytest.TempPathFactory) -> QApplication:
    """The application as the program makes it."""
    from recdesk.gui.app import make_application

    preferences = Preferences(tmp_path_factory.mktemp("settings") / "settings.ini")
    preferences.theme = "light"
    preferences.language = "en"
    return make_application(preferences)


@pytest.fixture
def preferences(tmp_path: Path) -> Preferences:
    """Remembered choices in a file of the test's own."""
    return Preferences(tmp_path / "settings.ini")


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    """An empty workspace."""
    return Workspace(tmp_path / "workspace")


@pytest.fixture
def session(qapp: QApplication, workspace: Workspace, preferences: Preferences) -> Iterator[Session]:
    """A session on an empty workspace, shut down at the end."""
    made = Session(workspace, preferences)
    yield made
    made.shutdown()
    made.deleteLater()


@pytest.fixture
def check_controls() -> Callable[[QWidget], None]:
    """A check that every control under a widget has a name for screen readers and can be reached by keyboard."""

    def check(root: QWidget) -> None:
        faults = []
        for widget in root.findChildren(QWidget):
            if not isinstance(widget, _CONTROLS) or _is_part_of_another(widget):
                continue
            name = widget.accessibleName() or (widget.text() if isinstance(widget, QAbstractButton) else "")
            if not name:
                faults.append(f"no accessible name: {_describe(widget)}")
            if widget.focusPolicy() == Qt.FocusPolicy.NoFocus:
                faults.append(f"no focus policy: {_describe(widget)}")
        assert not faults, "\n".join(faults)

    return check


def _is_part_of_another(widget: QWidget) -> bool:
    if isinstance(widget, (QScrollBar, QHeaderView)) or widget.objectName().startswith("qt_"):
        return True
    if widget.testAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents):
        return True  # a fact in the form of a chip
    parent = widget.parentWidget()
    while parent is not None:
        if isinstance(parent, _COMPOUND):
            return True
        parent = parent.parentWidget()
    return False


def _describe(widget: QWidget) -> str:
    owner = widget.parentWidget()
    return f"{type(widget).__name__} “{widget.objectName()}” in {type(owner).__name__ if owner else 'nothing'}"
