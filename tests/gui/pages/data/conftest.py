"""Fixtures of the tests of pages."""

from collections.abc import Iterator

import pytest

from recdesk.gui.main_window import MainWindow
from recdesk.gui.session import Session
from tests.gui.pages.data.driver import DataPageDriver
from tests.gui.trained import leave


@pytest.fixture
def driver(session: Session, qtbot) -> Iterator[DataPageDriver]:
    window = MainWindow(session)
    qtbot.addWidget(window, before_close_func=leave)
    window.resize(1280, 800)
    with qtbot.waitActive(window):
        window.show()
        window.activateWindow()
    return DataPageDriver(window, qtbot)
