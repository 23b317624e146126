import subprocess
import sys

import pytest
from PySide6.QtWidgets import QWidget

from recdesk.gui import preload_pages
from recdesk.gui.main_window import MainWindow
from recdesk.gui.preload_pages import PagePreload
from recdesk.training import config

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")


def test_pages_are_created_one_after_another_after_their_libraries(session, qtbot):
    made = []
    parent = QWidget()
    qtbot.addWidget(parent)
    PagePreload(session, ["a", "b"], made.append, parent)
    assert made == []
    qtbot.waitUntil(lambda: made == ["a", "b"], timeout=20_000)


def test_the_checks_of_settings_are_built_before_the_page_that_needs_them(session, qtbot):
    config._adapter.cache_clear()
    built: list[int] = []
    parent = QWidget()
    qtbot.addWidget(parent)
    PagePreload(session, ["a"], lambda _key: built.append(config._adapter.cache_info().currsize), parent)
    qtbot.waitUntil(lambda: built == [1], timeout=20_000)


def test_no_type_of_qt_is_left_to_make_when_libraries_come_in_on_another_thread(session, qtbot, monkeypatch):
    """Two threads that make types at once end in a segmentation fault."""
    left: list[list[str]] = []
    monkeypatch.setattr(
        preload_pages, "_import", lambda _context: left.append([name for _, name in preload_pages.unresolved_types()])
    )
    made: list[str] = []
    parent = QWidget()
    qtbot.addWidget(parent)
    PagePreload(session, ["a"], made.append, parent)
    qtbot.waitUntil(lambda: made == ["a"], timeout=20_000)
    assert left == [[]]


def test_qt_names_types_that_are_not_made_yet():
    """What the other test looks for exists: in a process of its own, as here all may be made."""
    code = (
        "from recdesk.gui.preload_pages import unresolved_types; from PySide6 import QtGui\n"
        "left = list(unresolved_types()); print(len(left)); QtGui.QTransform; assert 'QTransform' in vars(QtGui)\n"
        "assert len(list(unresolved_types())) < len(left)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60)
    assert done.returncode == 0 and int(done.stdout) > 100, done.stderr


def test_a_window_that_closes_creates_no_more_pages(session, qtbot):
    window = MainWindow(session)
    qtbot.addWidget(window)
    window.show()
    window.preload()
    window.close()
    assert list(window.pages) == ["data"]
    qtbot.wait(300)
    assert list(window.pages) == ["data"]


def test_torch_is_loaded_last_so_that_start_need_not_wait_for_it(session, qtbot, monkeypatch):
    made: list[str] = []
    monkeypatch.setattr(preload_pages, "preload_torch", lambda: made.append("torch"))
    parent = QWidget()
    qtbot.addWidget(parent)
    PagePreload(session, ["a", "b"], made.append, parent)
    qtbot.waitUntil(lambda: made == ["a", "b", "torch"], timeout=20_000)
    qtbot.waitUntil(session.jobs.quiet, timeout=5_000)
