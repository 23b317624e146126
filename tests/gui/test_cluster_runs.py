"""The window and a cluster: where to train, the test of the connection, closing and the next start."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from recdesk.cluster.place import place_of
from recdesk.cluster.runner import execute
from recdesk.gui.main_window import MainWindow
from recdesk.gui.pages.settings.page import SettingsPage
from recdesk.gui.pages.train.page import TrainPage
from recdesk.gui.preferences import Preferences
from recdesk.gui.session import Session
from recdesk.monitor.control import Control
from recdesk.monitor.events import Event, Step
from recdesk.workspace.runs import Run
from recdesk.workspace.workspace import Workspace
from tests.cluster.fake_head import FakeHead, asked_often, here
from tests.gui.driver import WindowDriver, cells, window_on
from tests.gui.markup import labels
from tests.gui.trained import trained_workspace
from tests.workspace.conftest import small_config

# Said by the platform without a screen whenever a window opens
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")


@pytest.fixture
def head(monkeypatch) -> Iterator[FakeHead]:
    yield from asked_often(monkeypatch)


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    """With the dataset "chain" and a finished run."""
    return trained_workspace(tmp_path / "workspace")


def opened(session: Session, qtbot, page: str) -> WindowDriver:
    driver = WindowDriver(window_on(session, qtbot), qtbot)
    session.restore()
    driver.settle()
    driver.window.show_page(page)
    driver.settle()
    return driver


def settings_page(window: MainWindow) -> SettingsPage:
    page = window.pages["settings"]
    assert isinstance(page, SettingsPage)
    return page


def train_page(window: MainWindow) -> TrainPage:
    page = window.pages["train"]
    assert isinstance(page, TrainPage)
    return page


def test_the_settings_test_the_connection_and_say_what_is_there(
    session: Session, preferences: Preferences, head: FakeHead, tmp_path: Path, qtbot
):
    driver = opened(session, qtbot, "settings")
    driver.click(settings_page(driver.window).cluster_button)
    card = settings_page(driver.window).cluster
    assert card.isVisible()
    assert not card.test.isEnabled() and preferences.cluster is None
    card.address.setText(head.address)
    assert "needs a storage" in card.problem.text() and not card.test.isEnabled()
    card.storage.setText(str(tmp_path / "storage"))
    assert card.problem.isHidden() and preferences.cluster == place_of(head.address, str(tmp_path / "storage"))
    card.storage.setText("s3://me:hidden@bucket/x")
    assert "with a key or password" in card.problem.text() and not card.test.isEnabled()
    assert "hidden" not in card.problem.text() and preferences.cluster_parts[1] == str(tmp_path / "storage")
    card.storage.setText(str(tmp_path / "storage"))
    for node, said in (
        ({}, "The cluster is ready. Ray 2.60.0, 2 CPUs, 0 GPUs."),
        ({"versions": here(recdesk="0.0.1")}, "The cluster answers, but runs cannot be trained there."),
    ):
        head.node, card.dialog = node, None
        driver.click(card.test)
        driver.until(lambda: card.dialog is not None)
        assert card.dialog is not None and said in card.dialog.sentence.text()
        shown = " ".join(labels(card.dialog))
        assert "127.0.0.1" in shown and "written and read" in shown
        assert ("has recdesk 0.0.1" in shown) == bool(node)
        card.dialog.close()
        driver.settle()
    head.silent, card.dialog = True, None
    driver.click(card.test)
    driver.until(lambda: card.dialog is not None)
    head.silent = False
    assert card.dialog is not None and "There is no connection." in card.dialog.sentence.text()
    assert "does not answer" in " ".join(labels(card.dialog))
    card.dialog.close()


@pytest.mark.slow
def test_a_run_is_trained_where_the_train_page_says(
    session: Session, workspace: Workspace, preferences: Preferences, head: FakeHead, tmp_path: Path, qtbot
):
    session.choose_dataset("chain")
    driver = opened(session, qtbot, "train")
    page = train_page(driver.window)
    where = page.settings.where
    assert [where.itemText(at) for at in range(where.count())] == ["this computer", "a cluster…"]
    where.setCurrentIndex(1)
    where.activated.emit(1)
    driver.settle()
    assert driver.window.stack.currentWidget() is driver.window.pages["settings"] and where.cluster() is None
    preferences.set_cluster(head.address, str(tmp_path / "storage"), 1)
    driver.window.show_page("train")
    page.use_settings(small_config(epochs=2), "leave-one-out")
    where.setCurrentIndex(1)
    where.activated.emit(1)
    assert (
        where.currentText() == "the cluster" and head.address[7:] in where.toolTip() and preferences.trains_on_cluster
    )
    words = page.command_words()
    assert words is not None and words[-6:] == [
        "--on", head.address, "--storage", str(tmp_path / "storage"), "--cpus", "1"
    ]  # fmt: skip
    driver.click(page.start_button)
    driver.until(lambda: session.training.state == "running")
    driver.until(lambda: session.training.state == "idle")
    run = session.training.run
    assert run is not None and run.state == "finished" and run.cluster is not None and run.has_model
    assert head.taken == [run.cluster.submission] and len(session.training.curves.train_loss) > 1
    assert session.training.curves.finished is not None


def left_run(workspace: Workspace, head: FakeHead, storage: Path) -> Run:
    """A run that goes on on the cluster while nobody follows it."""
    config = small_config(epochs=100_000, patience=1000)
    place = place_of(head.address, str(storage), 1)
    run = workspace.create_run("chain", config, "leave-one-out", cluster=place)
    control = Control()

    def on_event(event: Event) -> None:
        if isinstance(event, Step):
            control.leave()

    return execute(run, control, on_event)


@pytest.mark.slow
def test_closing_leaves_a_run_on_its_cluster_and_the_next_start_offers_to_follow_it(
    session: Session, workspace: Workspace, head: FakeHead, tmp_path: Path, qtbot
):
    run = left_run(workspace, head, tmp_path / "storage")
    driver = opened(session, qtbot, "runs")
    notice = driver.window.cluster_runs.notice
    driver.until(lambda: notice.isVisible())
    assert f"goes on at {head.address[7:]}." in notice.text() and driver.window.interrupted.notice.isHidden()
    table = driver.window.pages["runs"].table  # type: ignore[attr-defined]
    assert f"running, on {head.address[7:]}" in " ".join(map(str, cells(table)))
    driver.click(driver.window.cluster_runs.follow_button)
    driver.until(lambda: session.training.state == "running" and len(session.training.curves.train_loss) > 5)
    assert session.training.goes_on_elsewhere and notice.isHidden()
    assert driver.window.close()  # without a question
    assert Run.read(run.folder).state == "running" and len(head.taken) == 1
    control = Control()
    control.stop()
    assert execute(Run.read(run.folder), control, lambda event: None, True).state == "stopped"
