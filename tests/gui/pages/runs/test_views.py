"""Views of the Runs page: figures, for whom, side by side."""

from pathlib import Path

import numpy as np
import pytest

from recdesk.core.records import read_object, write_record
from recdesk.experiment.comparison import compare_runs
from recdesk.experiment.run_figures import how_good
from recdesk.gui.pages.runs.curves_card import on_axis
from recdesk.gui.session import Session
from recdesk.gui.words import run_title
from recdesk.workspace.run_log import curves_of
from recdesk.workspace.run_results import load_results, save_results
from recdesk.workspace.runs import RESULTS, Run
from recdesk.workspace.workspace import Workspace
from tests.gui.driver import cells
from tests.gui.pages.runs.driver import RunsPageDriver
from tests.gui.pages.runs.test_page import another, finished
from tests.gui.trained import trained_workspace

# Said by the platform without a screen whenever a window opens
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    """With "chain" and two finished runs on it, of which the newer has other lists and settings."""
    workspace = trained_workspace(tmp_path / "trained")
    run = finished(workspace)
    other = another(workspace, run, "20990101-000000-bert-causal-aaaa")
    results = load_results(run, 60, 40)
    results["test"].lists[5] = np.arange(30, 40)
    results["test"].ranks.greater[:] += 3
    save_results(other, results)
    config = read_object(other.folder / "config.json")
    write_record(other.folder / "config.json", {**config, "epochs": 77})
    return workspace


@pytest.fixture
def driver(session: Session, qtbot) -> RunsPageDriver:
    return RunsPageDriver(session, qtbot)


def choose(driver: RunsPageDriver, view: int) -> None:
    driver.click(driver.page.views.chips[view])
    driver.settle()


def test_figures_stand_with_their_intervals_and_footnotes(driver: RunsPageDriver, workspace: Workspace):
    run = finished(workspace)
    driver.choose_runs(run)
    choose(driver, 1)
    found = how_good(run)
    rows = cells(driver.page.views.figures.table)
    assert [row[0] for row in rows] == ["first 1", "first 5", "first 10", "first 20", "first 50"]
    figure = found.figures["ndcg@10"]
    assert rows[2][1].startswith(f"{figure.value:.4f} ({figure.low:.3f}–{figure.high:.3f})")
    lists = dict(cells(driver.page.views.lists.table))
    assert lists["Coverage"] == f"{found.figures['coverage@10'].value:.4f}"
    assert lists["Diversity within a list, by “genre”"].startswith(f"{found.figures['diversity@10'].value:.4f}")
    assert "Holm's method" in driver.page.views.lists.sentences.toPlainText()


def test_the_protocol_of_older_papers_is_shown_where_asked_for_with_its_warning(driver, workspace: Workspace):
    driver.choose_runs(finished(workspace))
    choose(driver, 1)
    card, found = driver.page.views.figures, how_good(finished(workspace))
    assert card.choice.currentText() == "the whole catalogue" and "older papers" not in card.notes.toPlainText()
    card.choice.setCurrentIndex(1)
    assert cells(card.table)[2][1] == f"{found.sampled.figures['ndcg@10']:.4f}"
    assert "Not comparable with any other figure here" in card.notes.toPlainText()
    card.choice.setCurrentIndex(0)
    assert cells(card.table)[2][1].startswith(f"{found.figures['ndcg@10'].value:.4f} (")


def test_groups_are_chosen_by_a_property(driver: RunsPageDriver, workspace: Workspace):
    run = finished(workspace)
    driver.choose_runs(run)
    choose(driver, 2)
    groups = driver.page.views.groups
    titles = [groups.choice.itemText(at) for at in range(groups.choice.count())]
    assert titles == [str(breakdown.title) for breakdown in how_good(run).breakdowns]
    groups.choice.setCurrentText("By “genre” of the held-out item")
    rows = cells(groups.table)
    expected = next(b for b in how_good(run).breakdowns if "genre" in b.title)
    assert [(row[0], row[1]) for row in rows] == [(g.label, str(g.people)) for g in expected.groups]


def test_a_click_opens_a_badly_served_person_in_recommend(driver: RunsPageDriver, workspace: Workspace):
    run = finished(workspace)
    driver.choose_runs(run)
    choose(driver, 2)
    people = driver.page.views.people
    worst = how_good(run).worst
    assert [row[0] for row in cells(people.table)] == [person.user_id for person in worst]
    people.table.clicked.emit(people.table.model().index(1, 0))
    page = driver.window.pages["recommend"]
    assert driver.window.stack.currentWidget() is page
    driver.until(lambda: page.model is not None and page.history.name(page.history.user) == worst[1].user_id)
    assert page.run.id == run.id
    driver.window.show_page("runs")
    driver.settle()
    people.table.clicked.emit(people.table.model().index(0, 0))  # the model is open already
    driver.until(lambda: page.history.name(page.history.user) == worst[0].user_id)


def test_best_served_people_are_one_click_away(driver: RunsPageDriver, workspace: Workspace):
    run = workspace.runs()[1]
    driver.choose_runs(run)
    choose(driver, 2)
    people = driver.page.views.people
    driver.click(people.best)
    assert not people.worst.isChecked() and people.shown() == how_good(run).best
    assert people.shown()[0].rank == 1


def test_runs_are_beside_each_other_with_what_is_more_than_chance(driver: RunsPageDriver, workspace: Workspace):
    older, newer = sorted(workspace.runs(), key=lambda run: run.created)
    driver.choose_runs(newer, older)
    runs = [Run.read(run.folder) for run in driver.page.views.runs]
    choose(driver, 3)
    found = compare_runs(runs)
    rows = {row[0]: row[1:] for row in cells(driver.page.views.comparison.table)}
    each = found.difference(runs[1], "ndcg@10")
    assert rows["NDCG@10: difference"][1] == f"{each.difference:+.4f} ({each.low:+.3f} … {each.high:+.3f})"
    assert rows["   p (Holm)"][1].endswith("*") and each.real
    assert run_title(runs[1]) in driver.page.views.comparison.sentences.toPlainText()
    differences = driver.page.views.differences
    assert ["Epochs at most", *(f"{run.config.epochs}" for run in runs)] in cells(differences.settings)
    driver.click(differences.people_chip)
    assert cells(differences.people)[0][0] == "user-005"


def test_runs_that_cannot_be_compared_say_why(driver: RunsPageDriver, workspace: Workspace):
    older, newer = sorted(workspace.runs(), key=lambda run: run.created)
    protocol = read_object(newer.folder / "protocol.json")
    write_record(newer.folder / "protocol.json", {**protocol, "hash": "another"})
    driver.choose_runs(older, newer)
    choose(driver, 3)
    said = driver.page.views.comparison.sentences.toPlainText()
    assert "measured in other ways" in said and not cells(driver.page.views.comparison.table)


def test_one_run_is_not_compared(driver: RunsPageDriver, workspace: Workspace):
    older, newer = sorted(workspace.runs(), key=lambda run: run.created)
    driver.choose_runs(older, newer)
    choose(driver, 3)
    driver.choose_runs(older)
    assert not driver.page.views.chips[3].isEnabled() and driver.page.views.chips[0].isChecked()


def test_a_run_of_an_older_version_says_what_it_lacks(driver: RunsPageDriver, workspace: Workspace):
    run = finished(workspace)
    (run.folder / RESULTS).unlink()
    about = read_object(run.folder / "run.json")
    write_record(run.folder / "run.json", {**about, "has": [name for name in about["has"] if name != RESULTS]})
    driver.page.reload()
    driver.settle()
    driver.choose_runs(run)
    choose(driver, 1)
    assert "recdesk evaluate" in driver.page.views.figures.notes.toPlainText()
    choose(driver, 2)
    assert "kept no ranks" in driver.page.views.groups.notes.toPlainText()


def test_curves_stand_by_step_epoch_or_time(driver: RunsPageDriver, workspace: Workspace):
    run = finished(workspace)
    driver.choose_runs(run)
    curves = curves_of(run)
    card = driver.page.compare
    for index, axis in enumerate(("step", "epoch", "time")):
        card.axis.setCurrentIndex(index)
        (line,) = [curve for curve in card.plot.curves if len(curve.series)]
        expected = curves.positions(curves.metrics["ndcg@10"].x, axis)
        assert line.series.x.tolist() == expected.tolist() == on_axis(curves, axis).x.tolist()
    assert on_axis(curves, "epoch").x.tolist() == pytest.approx([5], abs=0.01)


@pytest.mark.parametrize("ending", [".html", ".pdf", ".md"])
def test_a_report_is_written_from_the_window(ending: str, driver: RunsPageDriver, workspace: Workspace, tmp_path: Path):
    older, newer = sorted(workspace.runs(), key=lambda run: run.created)
    driver.choose_runs(older, newer)
    target = tmp_path / f"report{ending}"
    driver.page.reporter.write(driver.page.views.runs, target)
    driver.settle()
    content = target.read_bytes()
    if ending == ".pdf":
        assert content.startswith(b"%PDF") and len(content) > 20_000
    else:
        assert "Comparison of 2 runs" in content.decode() and older.id in content.decode()


def test_every_control_has_a_name(driver: RunsPageDriver, workspace: Workspace, check_controls):
    older, newer = sorted(workspace.runs(), key=lambda run: run.created)
    driver.choose_runs(older, newer)
    for view in range(5):
        choose(driver, view)
        check_controls(driver.page)
