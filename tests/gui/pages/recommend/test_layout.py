"""The Recommend page is for reading: what must be in sight, and whole."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from PySide6.QtCore import QEvent, QPoint, QRect, Qt
from PySide6.QtGui import QFontMetrics, QHelpEvent
from PySide6.QtWidgets import QLabel, QScrollArea, QStyleOptionViewItem, QToolTip, QWidget

from recdesk.gui import theme
from recdesk.gui.session import Session
from recdesk.recommend.recommender import Recommendation
from recdesk.workspace.workspace import Workspace
from tests.conftest import chain_dataset
from tests.gui.driver import cells
from tests.gui.markup import labels
from tests.gui.pages.recommend.driver import RecommendPageDriver
from tests.gui.trained import add_dataset, button, train, trained_workspace

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


def dragged(driver: RecommendPageDriver, widget: QWidget, at: QPoint, by: int) -> None:
    """Press the mouse on a widget, move it to the right and let it go."""
    driver.qtbot.mousePress(widget, Qt.MouseButton.LeftButton, pos=at)
    for step in (by // 2, by):
        driver.qtbot.mouseMove(widget, at + QPoint(step, 0))
    driver.qtbot.mouseRelease(widget, Qt.MouseButton.LeftButton, pos=at + QPoint(by, 0))


def in_sight(driver: RecommendPageDriver, widget: QWidget, area: QRect | None = None) -> bool:
    """Whether a part of a widget is in what its page shows without scrolling."""
    area = area or widget.rect()
    viewport = driver.page.findChild(QScrollArea).viewport()
    there = QRect(widget.mapTo(viewport, QPoint(0, 0)) + area.topLeft(), area.size())
    return widget.isVisible() and viewport.rect().contains(there) and widget.rect().contains(area)


def test_all_ten_are_in_sight_in_a_window_of_1280_by_720(driver: RecommendPageDriver):
    table = driver.page.top.table
    assert driver.window.size().toTuple() == (1280, 720) and len(driver.top()) == 10
    driver.until(lambda: driver.page.findChild(QScrollArea).verticalScrollBar().maximum() == 0)
    for row in range(10):
        cell = table.visualRect(table.model().index(row, 1))
        assert in_sight(driver, table.viewport(), cell), row


@pytest.mark.parametrize("height", [800, 900])
def test_a_window_that_becomes_lower_takes_the_further_line_away(driver: RecommendPageDriver, height: int):
    window, why, bar = driver.window, driver.page.why, driver.page.findChild(QScrollArea).verticalScrollBar()
    window.resize(1280, height)
    driver.until(lambda: window.height() == height and why.more.isVisible())
    window.resize(1280, 720)
    driver.until(lambda: window.height() == 720 and not why.more.isVisible())
    driver.until(lambda: bar.maximum() == 0)


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


def test_the_list_of_users_is_made_wider_by_its_edge_and_stays_so(driver: RecommendPageDriver, session, qtbot):
    splitter, before = driver.page.splitter, driver.page.users.width()
    dragged(driver, splitter.handle(1), splitter.handle(1).rect().center(), 60)
    wide = driver.page.users.width()
    assert wide >= before + 60
    driver.page.run_box.run_chosen.emit(driver.page.run.id)
    driver.settle()
    assert driver.page.users.width() == wide
    driver.window.close()
    later = RecommendPageDriver(session, qtbot)
    later.window.resize(1280, 720)
    later.settle()
    assert later.page.users.width() == pytest.approx(wide, abs=2)


def test_a_column_is_made_wider_by_hand_and_stays_so_when_the_list_changes(driver: RecommendPageDriver, session, qtbot):
    table = driver.page.top.table
    head, before = table.horizontalHeader(), table.columnWidth(2)
    edge = QPoint(head.sectionViewportPosition(2) + before - 1, head.height() // 2)
    dragged(driver, head.viewport(), edge, 40)
    assert table.columnWidth(2) == before + 40
    driver.choose_user(5)
    assert table.columnWidth(2) == before + 40
    driver.window.close()
    assert RecommendPageDriver(session, qtbot).page.top.table.columnWidth(2) == before + 40


def test_ids_are_whole_and_where_there_is_no_room_cut_in_the_middle(workspace: Workspace, session: Session, qtbot):
    usual = chain_dataset(n_users=20, n_items=12, length=6)
    ids = pd.Index([f"customer-000000{n:02}-of-the-north" for n in range(20)], dtype="str")
    run = train(workspace, dataset=add_dataset(workspace, replace(usual, name="long", user_ids=ids)), epochs=1)
    session.recommend_with(run.id)
    driver = RecommendPageDriver(session, qtbot)
    table = driver.page.users.table
    index = table.model().index(3, 0)
    assert table.sizeHintForIndex(index).width() <= table.columnWidth(0)
    assert table.textElideMode() == Qt.TextElideMode.ElideMiddle
    driver.page.splitter.setSizes([120, 500, 500])
    qtbot.waitUntil(lambda: table.columnWidth(0) < table.sizeHintForIndex(index).width())
    assert index.data(Qt.ItemDataRole.ToolTipRole) == ids[3]
    short = driver.page.top.table.model().index(0, 1)
    assert short.data(Qt.ItemDataRole.ToolTipRole) is None
    for width, told in ((400, ""), (20, short.data())):
        QToolTip.hideText()
        option = QStyleOptionViewItem()
        option.rect = QRect(0, 0, width, 26)
        event = QHelpEvent(QEvent.Type.ToolTip, QPoint(5, 5), driver.window.mapToGlobal(QPoint(50, 50)))
        table.itemDelegate().helpEvent(event, driver.page.top.table, option, short)
        assert QToolTip.text() == told
    QToolTip.hideText()


def test_scores_are_figures_beside_their_bars_and_none_is_cut(driver: RecommendPageDriver):
    for card in (driver.page.top, driver.page.why):
        bars, table = card._bars, card.table
        (column,) = [at for at, one in enumerate(table.table_model.columns) if one.shares is not None]
        for row in range(table.table_model.rowCount()):
            number = table.model().index(row, column).data()
            assert float(number) == pytest.approx(table.table_model.columns[column].values[row], abs=5e-4)
            needed = QFontMetrics(theme.font("body", tabular=True)).horizontalAdvance(number)
            assert needed < bars.number_width < table.columnWidth(column) - 30


@pytest.mark.slow
def test_it_is_said_whose_history_it_is_and_what_they_thought_of_each_item(
    workspace: Workspace, session: Session, qtbot
):
    usual = chain_dataset()
    ratings = np.where(np.arange(usual.n_interactions) % 3 == 0, np.nan, 3.5).astype(np.float32)
    rated = replace(usual, name="rated", ratings=ratings)
    run = train(workspace, dataset=add_dataset(workspace, rated), epochs=1)
    session.recommend_with(run.id)
    driver = RecommendPageDriver(session, qtbot)
    driver.choose_user(7)
    card = driver.page.history_card
    assert card.accessibleName() == "History of user-007" and "History of user-007" in labels(card)
    assert [c.title for c in card.table.table_model.columns] == ["Item", "Rated", "When", ""]
    assert [row[1] for row in cells(card.table)] == ["★ 3.5", "★ 3.5", ""] * 4
    driver.add("0033")
    assert cells(card.table)[0][1:3] == ["", "now"]
    day = card.table.fontMetrics().horizontalAdvance("2000-07-30")
    assert card.table.columnWidth(2) > day + 12
    driver.click(button(driver.page.users, "+ new"))
    driver.settle()
    assert card.accessibleName() == "History of New person 1" and "New person 1" in labels(card)
    assert not card._title.toolTip()  # it is whole


@pytest.mark.parametrize("width", [960, 1280])
def test_the_sentence_about_quality_is_never_cut(width: int, driver: RecommendPageDriver):
    driver.window.resize(width, 720)
    driver.qtbot.waitUntil(lambda: driver.window.width() == width)
    driver.page.head.set_facts(f"generated example, not real people · {driver.page.head.facts()}")
    (facts,) = [label for label in driver.page.head.findChildren(QLabel) if label.text() == driver.page.head.facts()]
    driver.qtbot.waitUntil(lambda: facts.height() >= facts.heightForWidth(facts.width()) > 0)
    assert "find what they took next among the first ten" in facts.text() and not facts.toolTip()
    assert facts.visibleRegion().boundingRect() == facts.rect()


def test_moves_are_whole_however_far_they_go(driver: RecommendPageDriver):
    driver.take_out(0)
    table = driver.page.top.table
    last = table.table_model.columnCount() - 1
    needed = max(table.sizeHintForIndex(table.model().index(row, last)).width() for row in range(10))
    assert needed <= table.columnWidth(last)
    item = Recommendation(1, 1, "0", "x", 1.0, {"genre": "odd"})
    driver.page.top.show_top([item], {1: 123456}, driver.model.dataset, 1.0)
    index = table.model().index(0, last)
    assert index.data() == "▲ 123455" and table.sizeHintForIndex(index).width() <= table.columnWidth(last)


def test_the_type_of_each_event_stands_in_the_history_where_there_are_several(
    workspace: Workspace, session: Session, qtbot
):
    usual = chain_dataset()
    events = (np.arange(usual.n_interactions) % 2).astype(np.int16)
    typed = replace(usual, name="typed", events=events, event_names=("view", "purchase"))
    session.recommend_with(train(workspace, dataset=add_dataset(workspace, typed), epochs=1).id)
    driver = RecommendPageDriver(session, qtbot)
    table = driver.page.history_card.table
    assert [column.title for column in table.table_model.columns] == ["Item", "Event", "When", ""]
    assert [row[1] for row in cells(table)] == ["purchase", "view"] * 6
    driver.add("0033")
    assert cells(table)[0][1:3] == ["", "now"]
