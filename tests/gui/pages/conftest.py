"""Fixtures of the tests of pages."""

from collections.abc import Iterator

import pytest

from recdesk.gui.main_window import MainWindow
from recdesk.gui.session import Session
from tests.gui.desk import Desk
from tests.gui.trained import leave


@pytest.fixture
def desk(session: Session, qtbot) -> Iterator[Desk]:
    window = MainWindow(session)
    qtbot.addWidget(window, before_close_func=leave)
    window.resize(1280, 800)
    with qtbot.waitActive(window):
        window.show()
        window.activateWindow()
    return Desk(window, qtbot)
