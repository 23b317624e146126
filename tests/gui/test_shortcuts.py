"""Shortcuts and the palette do what can be done now, whatever could be done before."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from recdesk.gui.actions import ActionSpec
from recdesk.gui.main_window import MainWindow
from recdesk.gui.session import Session

# Said by the platform without a screen whenever a menu or a dialog opens
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")

PAGES = ("data", "train", "runs", "recommend", "settings")


@pytest.fixture
def window(session: Session, qtbot) -> Iterator[MainWindow]:
    """A window in front."""
    made = MainWindow(session)
    qtbot.addWidget(made)
    with qtbot.waitActive(made):
        made.show()
    yield made


def press(widget: QWidget, key: Qt.Key) -> None:
    """Press Ctrl and a key."""
    QTest.keyClick(widget, key, Qt.KeyboardModifier.ControlModifier)


def open_and_close_palette(window: MainWindow, qtbot) -> list[str]:
    """Look into the palette; what it offers."""
    press(window, Qt.Key.Key_K)
    qtbot.waitUntil(window.palette_popup.isVisible)
    titles = window.palette_popup.titles()
    QTest.keyClick(window.palette_popup.field, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: not window.palette_popup.isVisible())
    return titles


def test_a_shortcut_works_that_could_not_when_the_palette_was_last_open(window: MainWindow, qtbot):
    done, possible = [], []
    window.session.actions.add(
        ActionSpec("try.it", "Try it", lambda: done.append(1), "Ctrl+U", "Run", lambda: bool(possible))
    )
    open_and_close_palette(window, qtbot)
    press(window, Qt.Key.Key_U)
    assert done == []
    possible.append(True)
    press(window, Qt.Key.Key_U)
    assert done == [1]


@pytest.mark.slow
@pytest.mark.parametrize("page", PAGES)
def test_every_command_is_found_whichever_page_the_window_opens_with(session: Session, qtbot, page: str):
    session.preferences.last_page = page
    window = MainWindow(session)
    qtbot.addWidget(window)
    with qtbot.waitActive(window):
        window.show()
    at_first = open_and_close_palette(window, qtbot)
    for key in PAGES:
        window.show_page(key)
    assert sorted(at_first) == sorted(open_and_close_palette(window, qtbot))
