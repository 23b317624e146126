"""Any item opens its page; from there to similar ones, to people, and to the rules."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from recdesk.gui.pages.recommend.attention_dialog import AttentionDialog
from recdesk.gui.pages.recommend.item_dialogs import ItemDialog
from recdesk.gui.pages.recommend.item_page import ItemPage
from recdesk.gui.session import Session
from recdesk.workspace.workspace import Workspace
from tests.gui.driver import cells
from tests.gui.pages.recommend.driver import RecommendPageDriver
from tests.gui.trained import trained_workspace

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")


@pytest.fixture
def workspace(tmp_path) -> Workspace:
    return trained_workspace(tmp_path / "trained")


@pytest.fixture
def driver(session: Session, qtbot) -> RecommendPageDriver:
    return RecommendPageDriver(session, qtbot)


def test_enter_on_a_recommendation_opens_its_page_and_the_page_leads_on(driver: RecommendPageDriver, check_controls):
    page, model = driver.page, driver.model
    code, seen = driver.top()[1], []

    def look(dialog: QWidget) -> None:
        assert isinstance(dialog, ItemPage)
        driver.settle()
        check_controls(dialog)
        assert dialog.title.text() == model.dataset.titles[code - 1]
        assert dialog.standing.text().startswith("number 2 in the ranking of user-000")
        near = model.similar(code, 20)
        assert [row[0] for row in cells(dialog.similar)] == [item.title for item in near]
        driver.qtbot.keyClick(dialog.similar, Qt.Key.Key_Down)
        dialog.similar.setCurrentIndex(dialog.similar.table_model.index(2, 0))
        driver.qtbot.keyClick(dialog.similar, Qt.Key.Key_Return)
        driver.settle()
        assert dialog.title.text() == near[2].title
        seen.append(model.dataset.item_ids[near[2].code - 1])
        driver.click(dialog.block)

    page.top.table.choose(1)
    driver.settle()
    driver.when_asked(look)
    driver.qtbot.keyClick(page.top.table, Qt.Key.Key_Return)
    driver.settle()
    assert page.steering.rules.block == (str(seen[0]),)


def test_any_item_is_found_by_its_title_and_opens_its_page(driver: RecommendPageDriver, session: Session):
    code, seen = 37, []
    assert code not in driver.top()

    def look(dialog: QWidget) -> None:
        driver.settle()
        seen.append(dialog.title.text())
        dialog.close()

    def find(dialog: QWidget) -> None:
        assert isinstance(dialog, ItemDialog) and dialog.new_button is None
        driver.qtbot.keyClicks(dialog.search, "no. 37")
        driver.until(lambda: dialog.table.table_model.rowCount() == 1)
        driver.when_asked(look)
        driver.click(dialog.accept_button)

    driver.when_asked(find)
    session.actions.trigger("recommend.item")
    assert seen == [driver.model.dataset.titles[code - 1]]
    assert not driver.page.history.edited  # looked at, not added


def test_an_item_of_the_history_is_taken_and_leads_to_who_took_it(driver: RecommendPageDriver):
    page, model = driver.page, driver.model
    names: list[str] = []

    def look(dialog: QWidget) -> None:
        assert isinstance(dialog, ItemPage)
        driver.settle()
        assert dialog.standing.text() == "user-000 has taken it"
        names.extend(row[0] for row in cells(dialog.newest))
        dialog.newest.setCurrentIndex(dialog.newest.table_model.index(len(names) - 1, 0))
        driver.qtbot.keyClick(dialog.newest, Qt.Key.Key_Return)

    page.history_card.table.choose(0)
    driver.when_asked(look)
    driver.qtbot.keyClick(page.history_card.table, Qt.Key.Key_Return)
    driver.settle()
    assert page.history.name(page.history.user) == names[-1]
    assert model.dataset.histories().row(page.history.user).tolist() == page.history.codes


def test_attention_stands_under_diagnostics_with_its_caveat(driver: RecommendPageDriver, check_controls):
    page, seen = driver.page, []

    def look(dialog: AttentionDialog) -> None:
        driver.settle()
        check_controls(dialog)
        rows = cells(dialog.table)
        assert [row[0] for row in rows] == driver.history()[: len(rows)]
        assert sum(float(row[1].split()[0]) for row in rows) == pytest.approx(100, abs=1)
        assert dialog.caveat.text().startswith("Where the model looks is no explanation.")
        before = [row[1] for row in rows]
        dialog.head.setCurrentIndex(1)
        assert [row[1] for row in cells(dialog.table)] != before
        seen.append(dialog.head.currentText())
        dialog.reject()

    driver.when_asked(look)
    driver.session.actions.trigger("recommend.attention")
    assert seen == ["layer 1, head 1"]
    assert "--attention" in page.commands()["recommend.attention"].words()
