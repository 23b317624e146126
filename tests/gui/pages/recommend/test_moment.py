"""Recommending as of a day: from what was known then, on the page, in the export and as a command."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from PySide6.QtCore import QDate

from recdesk.gui.pages.recommend.moment_dialog import MomentDialog
from recdesk.gui.session import Session
from recdesk.workspace.workspace import Workspace
from tests.conftest import chain_dataset
from tests.gui.pages.recommend.driver import RecommendPageDriver
from tests.gui.pages.recommend.test_export import exported
from tests.gui.trained import add_dataset, button, train, trained_workspace

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")
DAY = 86_400


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return trained_workspace(tmp_path / "trained")


@pytest.fixture
def driver(workspace: Workspace, session: Session, qtbot) -> RecommendPageDriver:
    """With a run of a model that reads the moment, on events a day apart from 1970-01-01 on."""
    usual = chain_dataset()
    daily = replace(usual, name="daily", times=np.tile(np.arange(12, dtype=np.int64) * DAY, 60))
    run = train(workspace, dataset=add_dataset(workspace, daily), epochs=1, times="asked")
    session.recommend_with(run.id)
    return RecommendPageDriver(session, qtbot)


def ask(driver: RecommendPageDriver, day: QDate) -> None:
    def fill(dialog: MomentDialog) -> None:
        assert dialog.day.date() == QDate(1970, 1, 12)  # of the last event
        dialog.day.setDate(day)
        dialog.accept_button.click()

    driver.when_asked(fill)
    driver.click(button(driver.page.history_card, "as of…"))
    driver.settle()


def test_a_list_as_of_a_day_is_made_from_what_was_known_then(driver: RecommendPageDriver):
    page, card = driver.page, driver.page.history_card
    user, now = page.history.user, driver.top()
    ask(driver, QDate(1970, 1, 5))
    then = driver.model.dataset.history(user, 5 * DAY - 1)
    assert len(then) == 5 and then.asked == 5 * DAY - 1
    assert driver.top() == [item.code for item in driver.model.top_n(then)]
    assert page.history.edited is False and len(driver.history()) == 12  # what came later is there, but paler
    assert card.table.table_model.columns[0].tones[:7] == ["secondary"] * 7
    assert card.moment.text() == "as of 1970-01-05 ×" and card.moment.toolTip().startswith("5 of 12 items")
    words = page.command_words()
    assert words[-2:] == ["--as-of", "1970-01-05"]
    driver.choose_user(user + 1)  # it stays for the next person
    assert driver.top() == [
        item.code for item in driver.model.top_n(driver.model.dataset.history(user + 1, 5 * DAY - 1))
    ]
    driver.choose_user(user)
    driver.click(card.moment)
    driver.settle()
    assert driver.top() == now and page.command_words()[-2] != "--as-of"


def test_what_is_exported_is_as_of_the_day_on_the_page(driver: RecommendPageDriver, tmp_path: Path, monkeypatch):
    ask(driver, QDate(1970, 1, 5))
    written = exported(driver, tmp_path / "then.csv", monkeypatch)
    ids = driver.model.dataset.item_ids
    mine = written[written["user_id"] == "user-000"]["item_id"].tolist()
    assert mine == [ids[code - 1] for code in driver.top()]
    whole = exported(driver, tmp_path / "now.csv", monkeypatch, "as of 1970-01-05, from what was known then")
    assert isinstance(whole, pd.DataFrame) and whole["item_id"].tolist() != written["item_id"].tolist()


def test_reasons_are_among_what_was_known_then(driver: RecommendPageDriver):
    ask(driver, QDate(1970, 1, 5))
    assert len(driver.page.why.table.table_model.columns[0].values) <= 5
    known = {driver.model.dataset.titles[code - 1] for code in driver.page.history.read.items}
    assert set(driver.page.why.table.table_model.columns[0].values) <= known


def test_a_run_whose_model_knows_the_moment_says_so(driver: RecommendPageDriver):
    run = driver.page.run
    assert run.protocol["moment"] == "known"
