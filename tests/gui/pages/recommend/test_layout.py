"""The Recommend page is for reading: what must be in sight, and whole."""

from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, QRect
from PySide6.QtWidgets import QScrollArea, QWidget

from recdesk.gui.session import Session
from recdesk.workspace.workspace import Workspace
from tests.gui.pages.recommend.driver import RecommendPageDriver
from tests.gui.trained import trained_workspace

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    """With "chain" and a trained run on it."""
    return trained_workspace(tmp_path / "trained")


@pytest.fixture
def driver(session: Session, qtbot) -> RecommendPageDriver:
    made = RecommendPageDriver(session, qtbot)
    made.window.resize(1280, 720)
    made.qtbot.waitUntil(lambda: made.window.height() == 720)
    made.settle()
    return made


def in_sight(driver: RecommendPageDriver, widget: QWidget, area: QRect | None = None) -> bool:
    """Whether a part of a widget is in what its page shows without scrolling."""
    area = area or widget.rect()
    viewport = driver.page.findChild(QScrollArea).viewport()
    there = QRect(widget.mapTo(viewport, QPoint(0, 0)) + area.topLeft(), area.size())
    return widget.isVisible() and viewport.rect().contains(there) and widget.rect().contains(area)


def test_all_ten_are_in_sight_in_a_window_of_1280_by_720(driver: RecommendPageDriver):
    table = driver.page.top.table
    assert driver.window.size().toTuple() == (1280, 720) and len(driver.top()) == 10
    assert driver.page.findChild(QScrollArea).verticalScrollBar().maximum() == 0
    for row in range(10):
        cell = table.visualRect(table.model().index(row, 1))
        assert in_sight(driver, table.viewport(), cell), row


def test_why_is_in_sight_whole_sentence_bars_and_legend(driver: RecommendPageDriver):
    why = driver.page.why
    for row in range(10):
        driver.page.top.table.choose(row)
        driver.settle()
        assert in_sight(driver, why.sentence)
        assert why.sentence.height() >= why.sentence.heightForWidth(why.sentence.width())
        bars = [why.table.visualRect(why.table.model().index(row, 1)) for row in range(3)]
        assert all(in_sight(driver, why.table.viewport(), bar) for bar in bars)
        assert in_sight(driver, why.carries) or in_sight(driver, why.lowers)
    assert why.ranks.text() == "rank with → without it"
