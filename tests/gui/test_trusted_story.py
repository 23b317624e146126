"""The path of somebody who answers for what is recommended: from a person served badly to a run made again."""

from pathlib import Path

import pandas as pd
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialogButtonBox, QWidget

from recdesk.gui.pages.recommend.item_page import ItemPage
from recdesk.gui.preferences import Preferences
from recdesk.gui.session import Session
from recdesk.workspace.workspace import Workspace
from tests.gui.driver import cells
from tests.gui.pages.recommend.driver import RecommendPageDriver
from tests.gui.pages.runs.driver import RunsPageDriver
from tests.gui.trained import train, trained_workspace

# Said by the platform without a screen whenever a window opens
pytestmark = [pytest.mark.slow, pytest.mark.qt_log_ignore("This plugin does not support")]


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    """With "chain", a run that learned it, and a newer one that learned little."""
    workspace = trained_workspace(tmp_path / "first")
    train(workspace, epochs=1, hidden=8)
    return workspace


def find_somebody_served_badly(driver: RecommendPageDriver) -> str:
    """Their id; the page then shows their history, list and reasons."""
    users = driver.page.users
    driver.choose(users.order, "worst served")
    users.order.activated.emit(users.order.currentIndex())
    driver.click_cell(users.table, 0, 0)
    driver.settle()
    name = driver.page.history.name(driver.page.history.user)
    assert cells(users.table)[0][0] == name and int(cells(users.table)[0][1]) > 10
    assert "was held out in the test: the run ranked it number" in driver.page.history_card.held_out.text()
    return name


def block_the_first_item(driver: RecommendPageDriver) -> str:
    """Its id, blocked from its own page."""
    page = driver.page
    item = str(driver.model.dataset.item_ids[driver.top()[0] - 1])

    def block(dialog: QWidget) -> None:
        assert isinstance(dialog, ItemPage)
        driver.settle()
        driver.click(dialog.block)

    page.top.table.choose(0)
    driver.settle()
    assert driver.model.dataset.titles[driver.top()[0] - 1] in page.why.sentence.text()
    driver.when_asked(block)
    driver.qtbot.keyClick(page.top.table, Qt.Key.Key_Return)
    driver.settle()
    return item


def cap_genres(driver: RecommendPageDriver) -> None:
    """At most five of a genre; what that costs is said beside it."""

    def cap(dialog: QWidget) -> None:
        driver.choose(dialog.cap_feature, "genre")
        driver.write(dialog.cap, "5")
        driver.until(lambda: dialog.cost.text().startswith("NDCG@10"))
        driver.click(dialog.use)

    driver.when_asked(cap)
    driver.click(driver.page.steering.chip)
    driver.settle()


def export_with_reasons(driver: RecommendPageDriver, path: Path, monkeypatch: pytest.MonkeyPatch) -> pd.DataFrame:
    def answer(dialog: QWidget) -> None:
        driver.click(dialog.columns["reason"])
        buttons = dialog.findChild(QDialogButtonBox)
        driver.click(next(b for b in buttons.buttons() if b.text() == "Choose file…"))

    driver.will_save_as(monkeypatch, path)
    driver.when_asked(answer)
    driver.click(driver.page.export_button)
    driver.settle()
    return pd.read_csv(path, dtype=str, encoding="utf-8-sig")


def test_somebody_who_answers_for_what_is_recommended_can(
    session: Session, qapp, qtbot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    driver = RecommendPageDriver(session, qtbot)
    dataset, name = driver.model.dataset, find_somebody_served_badly(driver)
    blocked = block_the_first_item(driver)
    cap_genres(driver)
    top = [str(dataset.item_ids[code - 1]) for code in driver.top()]
    assert blocked not in top and len(top) == 10

    driver.when_asked(lambda dialog: driver.click(dialog.accept_button))
    driver.click(driver.page.comparison.chip)
    driver.settle()
    first, second = driver.page.comparison.view.columns
    assert first.ids() == top and second.ids() != top and blocked not in second.ids()
    driver.page.comparison.end()
    driver.settle()

    written = export_with_reasons(driver, tmp_path / "top.csv", monkeypatch)
    own = written[written.user_id == name]
    genre = dict(zip(dataset.item_ids, dataset.item_features.genre, strict=True))
    assert own.item_id.tolist() == top and own.reason.str.len().min() > 0
    assert blocked not in set(written.item_id)
    assert written.assign(genre=written.item_id.map(genre)).groupby(["user_id", "genre"]).size().max() <= 5

    runs = RunsPageDriver(session, qtbot)
    run = next(run for run in session.workspace.runs() if run.config.epochs != 1)
    runs.choose_runs(run)
    monkeypatch.setattr("recdesk.gui.pages.runs.reporting.ask_for_file", lambda *_: tmp_path / "report.html")
    runs.click(runs.page.report_button)
    runs.settle()
    assert name in (tmp_path / "report.html").read_text(encoding="utf-8")

    package = tmp_path / "chain.recdesk"
    monkeypatch.setattr("recdesk.gui.pages.runs.run_files.ask_for_file", lambda *_: package)
    runs.when_asked(lambda dialog: runs.click(dialog.findChild(QDialogButtonBox).buttons()[0]))
    session.actions.trigger("package.save")
    runs.settle()
    assert package.exists()
    reproduced_elsewhere(package, run.id, qapp, qtbot, tmp_path)


def reproduced_elsewhere(package: Path, run_id: str, qapp, qtbot, folder: Path) -> None:
    """Drop the file on the window of an empty workspace, and train its run again there."""
    session = Session(Workspace(folder / "second"), Preferences(folder / "second.ini"))
    driver = RunsPageDriver(session, qtbot)
    driver.drop(driver.window, [package])
    driver.until(lambda: driver.ids() == [run_id] and not session.jobs.working())
    driver.choose_runs(*session.workspace.runs())
    session.actions.trigger("runs.reproduce")
    driver.until(lambda: bool(driver.window.run_files.notice.text().startswith("Run ")))
    assert driver.window.run_files.notice.text() == f"Run {run_id} came out the same, bit by bit."
    session.shutdown()
    session.deleteLater()
