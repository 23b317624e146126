"""What data can show, said on the pages Data and Train."""

import pytest

from recdesk.gui.session import Session
from tests.conftest import chain_dataset
from tests.gui.driver import WindowDriver, window_on
from tests.gui.pages.train.driver import TrainPageDriver
from tests.gui.trained import add_dataset

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")


def choose(session: Session, driver: WindowDriver) -> None:
    session.choose_dataset(add_dataset(session.workspace, chain_dataset(n_users=200)))
    driver.until(lambda: session.dataset is not None)
    driver.settle()


def test_the_shape_says_whether_order_matters(session: Session, qtbot):
    driver = WindowDriver(window_on(session, qtbot), qtbot)
    driver.window.show_page("data")
    choose(session, driver)
    page = driver.window.pages["data"]
    page.details.show_card(page.health)
    driver.until(lambda: page.health.order.isVisible())
    assert page.health.order.text().startswith("Order matters here:")
    assert list(session.workspace.cache.glob("signal-*"))


def test_before_a_start_the_smallest_difference_is_said(session: Session, qtbot, monkeypatch):
    monkeypatch.setattr("recdesk.gui.pages.train.pace.REST_MS", 0)
    monkeypatch.setattr("recdesk.gui.pages.train.pace.Pace.measure_later", lambda *_: None)
    driver = TrainPageDriver(window_on(session, qtbot), qtbot)
    choose(session, driver)
    checks = driver.page.estimate.checks
    driver.until(lambda: any("two models must differ" in str(check.sentence) for check in checks.shown))
    (said,) = [check for check in checks.shown if "two models must differ" in check.sentence]
    assert said.level == "good" and said.sentence.startswith("With 200 people measured")
    assert checks.faults() == []
