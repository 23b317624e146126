"""The words that carry a recommendation, in the card that says why."""

import shutil
from pathlib import Path

import pytest

from recdesk.gui.session import Session
from recdesk.recommend.words import word_effects
from recdesk.workspace.workspace import Workspace
from tests.gui.driver import cells
from tests.gui.pages.recommend.driver import RecommendPageDriver
from tests.gui.trained import trained_workspace

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")


@pytest.fixture
def workspace(tmp_path: Path, text_workspace: Path) -> Workspace:
    """A copy of the workspace with a run over texts."""
    shutil.copytree(text_workspace, tmp_path / "texts")
    return Workspace(tmp_path / "texts")


@pytest.mark.slow
def test_words_are_weighed_on_demand_and_follow_the_chosen_item(session: Session, qtbot):
    driver = RecommendPageDriver(session, qtbot)
    page, why = driver.page, driver.page.why
    assert why.words.isVisible()
    items = cells(why.table)
    driver.click(why.words)
    driver.settle()
    for row in (0, 1):
        page.top.table.choose(row)
        driver.settle()
        found = word_effects(driver.model, page.history.codes, page.top.codes[row])
        wanted = [[word, f"{effect:+.3f}"] for word, effect, _ in found.summed()[:3]]
        assert [line[:2] for line in cells(why.table)] == wanted
        assert "integrated gradients" in why.more.text() and "integrated gradients" in why.ranks.toolTip()
        assert why.ranks.isVisible() and f"{found.total:+.3f}" in why.ranks.text()
        assert why.code(0) == 0
    page.top.table.choose(0)
    driver.settle()
    driver.click(why.words)
    assert cells(why.table) == items


def test_a_model_over_ids_offers_no_words(tmp_path: Path, preferences, qtbot, qapp):
    session = Session(trained_workspace(tmp_path / "ids"), preferences)
    driver = RecommendPageDriver(session, qtbot)
    assert driver.page.why.table.isVisible() and not driver.page.why.words.isVisible()
    driver.window.close()
    session.deleteLater()
