import pytest
from PySide6.QtWidgets import QWidget

from recdesk.gui import preload_pages
from recdesk.gui.main_window import MainWindow
from recdesk.gui.preload_pages import PagePreload

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")


def test_pages_are_created_one_after_another_after_their_libraries(session, qtbot):
    made = []
    parent = QWidget()
    qtbot.addWidget(parent)
    PagePreload(session, ["a", "b"], made.append, parent)
    assert made == []
    qtbot.waitUntil(lambda: made == ["a", "b"], timeout=20_000)


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
