"""Lists of several runs in columns: what is marked, what follows the page, and where it leads."""

from pathlib import Path

import pytest

from recdesk.experiment.open_model import open_model
from recdesk.gui.pages.recommend.run_comparison import CompareDialog
from recdesk.gui.preferences import Preferences
from recdesk.gui.session import Session
from recdesk.workspace.workspace import Workspace
from tests.gui.driver import cells
from tests.gui.pages.recommend.driver import RecommendPageDriver
from tests.gui.trained import button, train, trained_workspace

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")


@pytest.fixture(scope="module")
def two_runs(tmp_path_factory) -> Path:
    """A workspace with "chain" and two runs on it; the second one has learned little."""
    folder = tmp_path_factory.mktemp("columns") / "workspace"
    train(trained_workspace(folder), epochs=1, hidden=8)
    return folder


@pytest.fixture
def workspace(two_runs: Path) -> Workspace:
    return Workspace(two_runs)


@pytest.fixture
def driver(session: Session, qtbot) -> RecommendPageDriver:
    made = RecommendPageDriver(session, qtbot)
    made.when_asked(lambda dialog: made.click(dialog.accept_button))
    made.click(made.page.comparison.chip)
    made.settle()
    return made


def other_model(driver: RecommendPageDriver):
    comparison = driver.page.comparison
    (other,) = [run for run in driver.page.loader.runs if run.id == comparison.run_ids[1]]
    return open_model(other)


def test_the_lists_of_both_runs_stand_in_columns_after_the_same_history_and_number(driver: RecommendPageDriver):
    page, view = driver.page, driver.page.comparison.view
    model, dataset = other_model(driver), driver.model.dataset
    assert view.isVisible() and not page.top.table.isVisible() and not page.why.isVisible()
    driver.take_out(0)
    page.top.number.setValue(4)
    driver.settle()
    history = page.history.codes
    for column, live in zip(view.columns, (driver.model, model), strict=True):
        wanted = [dataset.item_ids[item.code - 1] for item in live.top_n(history, 4)]
        assert column.ids() == wanted and column.table.table_model.rowCount() == 4
    shared = set(view.columns[0].ids()) & set(view.columns[1].ids())
    marks = [row[0].split()[1:] for row in cells(view.columns[1].table)]
    alone = [item not in shared for item in view.columns[1].ids()]
    assert [mark == ["alone"] for mark in marks] == alone


def test_an_item_that_is_chosen_in_one_column_is_marked_and_explained_in_all(driver: RecommendPageDriver):
    view, page = driver.page.comparison.view, driver.page
    page.top.number.setValue(40)  # every item is in both lists
    driver.settle()
    first, second = view.columns
    driver.click_cell(second.table, 2, 1)
    driver.settle()
    item = second.ids()[2]
    assert view.item_id == item and first.ids()[first.table.chosen()] == item
    title = driver.model.dataset.titles[driver.model.dataset.item_ids.get_loc(item)]
    for column in view.columns:
        assert column.why.isVisible() and title in column.why.text()


def test_the_held_out_item_is_told_and_as_measured_it_is_in_the_list(driver: RecommendPageDriver):
    view, page = driver.page.comparison.view, driver.page
    dataset = driver.model.dataset
    held_out = dataset.items[dataset.offsets[1] - 1]
    for column in view.columns:
        assert dataset.titles[held_out - 1] in column.held_out.text()
    page.top.number.setValue(40)
    driver.click(view.measured)
    driver.settle()
    for column in view.columns:
        marked = [row[1] for row in cells(column.table) if row[1].startswith("◎")]
        assert marked == [f"◎ {dataset.titles[held_out - 1]}"]


@pytest.mark.slow
def test_it_is_copied_as_a_command_leads_to_runs_and_ends(driver: RecommendPageDriver):
    page, view = driver.page, driver.page.comparison.view
    assert page.command_words()[:3] == ["recommend", *page.comparison.run_ids]
    driver.click(view.to_runs)
    driver.settle()
    runs = driver.window.pages["runs"]
    assert driver.window.stack.currentWidget() is runs
    assert [run.id for run in runs.views.runs] == page.comparison.run_ids
    assert runs.views.comparison.isVisible()
    driver.window.show_page("recommend")
    driver.settle()
    driver.click(view.end)
    driver.settle()
    assert page.top.table.isVisible() and page.why.isVisible() and not view.isVisible()
    assert page.why.sentence.text() and driver.top() == driver.expected(page.history.codes)


def test_a_run_that_has_just_ended_can_be_compared_with(tmp_path: Path, preferences: Preferences, qapp, qtbot):
    workspace = trained_workspace(tmp_path / "one")
    session = Session(workspace, preferences)
    driver = RecommendPageDriver(session, qtbot)
    assert not driver.page.comparison.chip.isEnabled()
    run = workspace.runs()[0]
    second = train(workspace, epochs=1, hidden=8)  # which learns less
    session.runs_changed.emit()
    driver.settle()
    assert driver.page.run.id == run.id and driver.page.comparison.chip.isEnabled()
    workspace.remove_run(second.id)
    session.runs_changed.emit()
    driver.settle()
    assert not driver.page.comparison.chip.isEnabled()
    driver.window.close()


def test_at_most_three_others_can_be_chosen(driver: RecommendPageDriver, check_controls):
    run = driver.page.run
    dialog = CompareDialog(run, [run] * 5, [])
    driver.qtbot.addWidget(dialog)
    check_controls(dialog)
    assert dialog.accept_button.isEnabled() and len(dialog.chosen()) == 1
    dialog.table.selectAll()
    assert not dialog.accept_button.isEnabled()
    dialog.table.choose(1)
    assert dialog.accept_button.isEnabled()
    assert button(driver.page, "compare…") is driver.page.comparison.chip
