import csv
import shutil
import time
from pathlib import Path

import pytest
from PySide6.QtCore import Qt

from recdesk.core.errors import DataError
from recdesk.core.files import write_json
from recdesk.core.records import read_object, write_record
from recdesk.evaluation.sentences import p_text
from recdesk.gui.pages.runs import selection
from recdesk.gui.pages.runs.labels_dialog import LabelsDialog, TrashDialog
from recdesk.gui.pages.runs.metrics_table import metrics_table
from recdesk.gui.pages.runs.runs_table import RunsTable
from recdesk.gui.pages.runs.selection import RunSelection
from recdesk.gui.preferences import Preferences
from recdesk.gui.session import Session
from recdesk.gui.words import run_title
from recdesk.monitor.curves import RunCurves
from recdesk.monitor.events import Resumed, Step
from recdesk.workspace.run_labels import Labels
from recdesk.workspace.run_log import curves_of, events_of
from recdesk.workspace.run_store import RunStore, run_lock
from recdesk.workspace.run_trash import removed_runs
from recdesk.workspace.runs import EVENTS, Run, read_run_record
from recdesk.workspace.workspace import Workspace
from tests.gui.driver import cells
from tests.gui.markup import MARKED_UP_LONG, as_read, labels
from tests.gui.pages.runs.driver import COLUMNS, RunsPageDriver
from tests.gui.trained import answer, train, train_until, trained_workspace, unplugged
from tests.workspace.conftest import small_config

# Said by the platform without a screen whenever a window opens
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    """With "chain" and a finished run on it."""
    return trained_workspace(tmp_path / "trained")


@pytest.fixture
def driver(session: Session, qtbot) -> RunsPageDriver:
    return RunsPageDriver(session, qtbot)


def finished(workspace: Workspace) -> Run:
    return next(run for run in workspace.runs() if run.state == "finished")


def another(workspace: Workspace, of: Run, name: str, **about) -> Run:
    """A copy of a run with other facts about it."""
    folder = of.folder.with_name(name)
    shutil.copytree(of.folder, folder)
    write_json(folder / "run.json", {**read_run_record(folder), "created": time.time(), **about})
    return Run.read(folder)


# the list


def test_without_runs_the_runs_page_leads_to_training(tmp_path: Path, preferences: Preferences, qapp, qtbot):
    session = Session(Workspace(tmp_path / "empty"), preferences)
    driver = RunsPageDriver(session, qtbot)
    assert "Nothing has been trained yet." in labels(driver.page)
    for button in (driver.page.recommend_button, driver.page.export_button, driver.page.remove_button):
        assert not button.isEnabled()
    assert not driver.page.resume_button.isVisible()
    driver.window.close()
    session.deleteLater()


def test_runs_on_a_drive_that_is_gone_are_not_called_none_and_are_there_when_it_is_back(
    driver: RunsPageDriver, workspace: Workspace
):
    shown = driver.ids()
    with unplugged(workspace):
        driver.page.reload()
        driver.settle()
        assert driver.ids() == shown
        driver.page._show_rows([])
        driver.page.reload()
        driver.settle()
        assert "The runs cannot be read just now." in labels(driver.page)
        assert not driver.page.empty.button.isVisible()
        assert driver.window.failures.isVisible()
    driver.page.reload()
    driver.settle()
    assert driver.ids() == shown
    assert not driver.window.failures.isVisible()


def test_a_finished_run_is_listed_with_its_figures(driver: RunsPageDriver, workspace: Workspace):
    run = finished(workspace)
    (row,) = driver.rows()
    assert (row["Run"], row["Dataset"], row["State"], row["On"]) == (run_title(run), "chain", "finished", "test")
    assert row["NDCG@10"] == f"{run.metrics['test']['ndcg@10']:.4f}"
    assert row["Recall@10"] == f"{run.metrics['test']['recall@10']:.4f}"
    assert not driver.page.resume_button.isVisible()
    assert driver.page.recommend_button.isEnabled()


def test_the_chosen_run_is_shown_beside_the_baselines_on_the_same_split(driver: RunsPageDriver, workspace: Workspace):
    run = finished(workspace)
    table = cells(driver.page.figures.table)
    assert [row[0] for row in table] == [run.kind, *run.baselines]
    assert table[0][1] == f"{run.metrics['test']['ndcg@10']:.4f}"
    for row, parts in zip(table[1:], run.baselines.values(), strict=True):
        assert row[1] == f"{parts['test']['ndcg@10']:.4f}"
    said = driver.page.figures.sentence.text()
    assert said.startswith(f"{round(60 * run.metrics['test']['recall@10'])} of 60 people find")
    assert "most popular" in said
    details = driver.page.details.view.toPlainText()
    assert run.id in details and run.protocol["hash"] in details
    assert "Vector size 16" in details
    assert driver.drawn() == [run_title(run)]


def test_a_run_that_is_begun_is_the_one_shown_and_a_choice_made_here_stays(
    driver: RunsPageDriver, workspace: Workspace
):
    old = finished(workspace)
    driver.choose_runs(old)
    new = another(workspace, old, "20990101-000000-bert-causal-aaaa")
    driver.session.choose_run(new.id)  # as its training does
    driver.session.runs_changed.emit()
    driver.settle()
    assert driver.chosen() == {old.id}  # under a person's eyes nothing changes
    driver.window.show_page("train")
    driver.window.show_page("runs")
    driver.settle()
    assert driver.chosen() == {new.id}
    driver.choose_runs(old)
    driver.window.show_page("train")
    driver.window.show_page("runs")
    driver.settle()
    assert driver.chosen() == {old.id}
    driver.choose_runs(old, new)
    driver.session.choose_run(another(workspace, old, "20990102-000000-bert-causal-aaaa").id)
    driver.window.show_page("train")
    driver.window.show_page("runs")
    driver.settle()
    assert driver.chosen() == {old.id, new.id}  # a comparison stays


def test_caveats_of_figures_are_shown_with_them(driver: RunsPageDriver, workspace: Workspace):
    run = finished(workspace)
    kept = read_object(run.folder / "metrics.json")
    kept["notes"]["measured"]["test"] = {"people": 306, "measured": 6, "one_left": 6}
    for figures in (kept["metrics"]["test"], *(parts["test"] for parts in kept["baselines"].values())):
        figures |= {"users": 6.0, "recall@10": 0.5}
    write_record(run.folder / "metrics.json", kept)
    driver.page.reload()
    driver.settle()
    driver.choose_runs(run)
    said = driver.page.figures.sentence.text()
    measured = "6 of 306 people could be measured; of the others there is too little to hold an item out."
    one_left = "For 6 of 6 people one item is left to rank: every model puts it first."
    assert said.startswith("3 of 6 people find what they took next among the first ten.")
    assert "alone it would be 3." in said
    assert measured in said and one_left in said
    assert "Better than" not in said and "clear difference" not in said
    (row,) = driver.rows()
    assert row["On"].startswith(f"test · {measured}") and row["On"].endswith(one_left)
    _, rows = metrics_table([Run.read(run.folder)])
    assert all(line[-1].startswith(measured) == (line[7] == "test") for line in rows)


def test_a_comparison_is_said_with_its_confidence_interval(driver: RunsPageDriver, workspace: Workspace):
    result = finished(workspace).comparisons["most popular"]
    interval = f"(95 % confidence interval {result['low']:+.3f} to {result['high']:+.3f}; p {p_text(result['p holm'])})"
    said = driver.page.figures.sentence.text()
    assert f"most popular: NDCG@10 {result['difference']:+.3f} {interval}." in said
    assert said.count("The intervals of the 5 comparisons hold all together with 95 % confidence (Bonferroni).") == 1
    assert "sure" not in said
    assert said.endswith("(Bonferroni).")  # how it was found comes last


@pytest.mark.parametrize(
    ("differences", "says"),
    [
        ({"most popular": 0.2, "item-kNN": 0.1}, "It is clearly better than every simple recommender beside it."),
        ({"most popular": 0.2, "item-kNN": 0.0}, "It is not clearly better than item-kNN, the best simple"),
        ({"most popular": -0.2, "item-kNN": 0.0}, "It is worse than most popular, a simple recommender"),
        ({"most popular": 0.2, "item-kNN": -0.1}, "It is worse than item-kNN, a simple recommender: train longer"),
    ],
)
def test_what_the_comparisons_come_to_is_said_first(
    driver: RunsPageDriver, workspace: Workspace, differences: dict[str, float], says: str
):
    compared = {
        name: {
            "difference": value,
            "low": value - 0.05,
            "high": value + 0.05,
            "p": 0.01,
            "p holm": 0.01 if value else 0.9,
        }
        for name, value in differences.items()
    }
    said = driver.page.figures._verdict(min(differences, key=lambda name: differences[name]), compared)
    assert said.startswith(says)
    whole = driver.page.figures.sentence.text()
    assert whole.index("simple recommender") < whole.index("confidence interval")


def test_runs_of_another_process_appear_when_the_page_is_entered(driver: RunsPageDriver, workspace: Workspace):
    other = another(workspace, finished(workspace), "20990101-000000-bert-causal-aaaa")
    driver.window.show_page("data")
    driver.window.show_page("runs")
    driver.until(lambda: len(driver.page.table.rows) == 2)
    assert driver.page.table.rows[0].run.id == other.id


def test_a_damaged_run_does_not_hide_the_others(driver: RunsPageDriver, workspace: Workspace):
    run = finished(workspace)
    for number, (name, text) in enumerate((("run.json", "{"), ("metrics.json", "[1"), ("run.json", "{}"))):
        other = another(workspace, run, f"2099010{number}-000000-bert-causal-aaaa")
        (other.folder / name).write_text(text)
    driver.page.reload()
    driver.settle()
    assert run.id in [row.run.id for row in driver.page.table.rows]
    assert not driver.window.failures.isVisible()
    said = driver.page.damaged.text()
    assert driver.page.damaged.isVisible() and len(said.splitlines()) == 3
    assert said.count("run.json") == 2 and said.count("metrics.json") == 1


def test_the_list_can_be_narrowed_to_a_dataset(driver: RunsPageDriver, workspace: Workspace):
    another(workspace, finished(workspace), "20990101-000000-bert-causal-aaaa", dataset_title="films")
    driver.page.reload()
    driver.settle()
    assert driver.page.count.text() == "2"
    driver.page.filter.setCurrentIndex(driver.page.filter.findText("films"))
    driver.settle()
    assert [row["Dataset"] for row in driver.rows()] == ["films"]
    assert driver.page.count.text() == "1"
    driver.page.reload()
    driver.settle()
    assert [row["Dataset"] for row in driver.rows()] == ["films"]


def test_figures_are_sorted_by_value_and_a_run_without_any_is_last(driver: RunsPageDriver, workspace: Workspace):
    run = finished(workspace)
    for number, ndcg in enumerate((0.5, 0.05, 0.25)):
        other = another(workspace, run, f"2099010{number}-000000-bert-causal-aaaa")
        metrics = {"test": {"ndcg@10": ndcg, "recall@10": ndcg}}
        write_json(other.folder / "metrics.json", {"version": 1, "metrics": metrics})
    workspace.create_run("chain", small_config(), "leave-one-out")
    driver.page.reload()
    driver.settle()
    driver.page.table.sortByColumn(COLUMNS.index("NDCG@10"), Qt.SortOrder.DescendingOrder)
    values = [row["NDCG@10"] for row in driver.rows()]
    assert values[0] == f"{run.metrics['test']['ndcg@10']:.4f}"
    assert values[1:] == ["0.5000", "0.2500", "0.0500", "–"]


def test_the_order_and_the_choice_of_a_person_outlast_a_reload(driver: RunsPageDriver, workspace: Workspace):
    run = finished(workspace)
    others = [another(workspace, run, f"2099010{number}-000000-bert-causal-aaaa") for number in range(3)]
    driver.page.reload()
    driver.settle()
    driver.page.table.sortByColumn(COLUMNS.index("Run"), Qt.SortOrder.AscendingOrder)
    driver.choose_runs(others[0], others[2])
    order, chosen = driver.ids(), driver.chosen()
    assert chosen == {others[0].id, others[2].id}
    driver.session.runs_changed.emit()
    driver.settle()
    assert driver.ids() == order
    assert driver.chosen() == chosen


# resuming


def interrupted(workspace: Workspace, **settings) -> Run:
    """A run whose process was killed: at work by its own words, while nobody holds it."""
    run = train_until(workspace, lambda event: isinstance(event, Step) and event.step == 9, **settings)
    (run.folder / "metrics.json").unlink()
    RunStore.of(run).set_state(run, "running", reason="")
    return run


@pytest.mark.slow
def test_a_run_whose_process_is_gone_is_interrupted_and_goes_on_to_the_end(
    driver: RunsPageDriver, workspace: Workspace
):
    run = interrupted(workspace, epochs=5)
    driver.page.reload()
    driver.settle()
    assert [row["State"] for row in driver.rows()] == ["interrupted", "finished"]
    driver.choose_runs(run)
    assert driver.page.resume_button.isVisible() and driver.page.resume_button.isEnabled()
    assert "interrupted" in driver.page.details.view.toPlainText()
    driver.click(driver.page.resume_button)
    assert driver.window.stack.currentWidget() is driver.window.pages["train"]
    assert driver.session.run_id == run.id
    driver.trained()
    run = Run.read(run.folder)
    assert run.state == "finished"
    events = events_of(run)
    assert any(isinstance(event, Resumed) for event in events)
    steps = [(event.step, event.loss) for event in events if isinstance(event, Step)]
    reference = finished_like(workspace, run)
    assert steps == [(event.step, event.loss) for event in events_of(reference) if isinstance(event, Step)]
    assert run.metrics == reference.metrics
    driver.window.show_page("runs")
    driver.until(lambda: [row["State"] for row in driver.rows()][:2] == ["finished", "finished"])


def finished_like(workspace: Workspace, run: Run) -> Run:
    """The same settings, never interrupted."""
    return train(workspace, **{name: v for name, v in run.config.model_dump().items() if name != "kind"})


def test_a_run_at_work_elsewhere_is_not_interrupted_and_not_to_be_touched(driver: RunsPageDriver, workspace: Workspace):
    run = interrupted(workspace)
    lock = run_lock(run.folder)
    lock.acquire(timeout=0)
    try:
        driver.page.reload()
        driver.settle()
        driver.choose_runs(run)
        assert driver.rows()[0]["State"] == "running"
        assert not driver.page.resume_button.isVisible()
        assert not driver.page.remove_button.isEnabled()
    finally:
        lock.release()


def test_only_one_run_is_carried_out_at_a_time(driver: RunsPageDriver, workspace: Workspace):
    run = interrupted(workspace)
    driver.page.reload()
    driver.settle()
    driver.choose_runs(run)
    long = workspace.create_run("chain", small_config(epochs=100_000, patience=1000), "leave-one-out")
    driver.session.training.start(long)
    assert not driver.page.resume_button.isEnabled()
    driver.page.resume()
    assert driver.session.training.run.id == long.id
    driver.session.training.stop()
    driver.until(lambda: driver.session.training.state == "idle")


def test_a_run_whose_dataset_is_gone_is_an_error_when_it_is_resumed(driver: RunsPageDriver, workspace: Workspace):
    run = interrupted(workspace)
    workspace.remove_dataset("chain")
    driver.page.reload()
    driver.settle()
    driver.choose_runs(run)
    driver.click(driver.page.resume_button)
    driver.trained()
    assert "is not in the workspace any more" in driver.window.failures.sentence()


def test_the_settings_of_a_run_are_taken_to_a_new_one(driver: RunsPageDriver, workspace: Workspace):
    run = finished(workspace)
    driver.click(driver.page.again_button)
    page = driver.window.pages["train"]
    assert driver.window.stack.currentWidget() is page
    assert page.settings.config() == run.config
    assert page.settings.split_kind() == run.split


def test_a_window_that_only_reads_changes_no_run(workspace: Workspace, preferences: Preferences, qapp, qtbot):
    run = interrupted(workspace)
    session = Session(workspace, preferences, read_only=True)
    driver = RunsPageDriver(session, qtbot)
    driver.choose_runs(run)
    assert not driver.page.resume_button.isEnabled()
    assert not driver.page.remove_button.isEnabled()
    assert not driver.page.again_button.isEnabled()
    driver.page.resume()
    driver.page.remove()
    assert session.training.state == "idle"
    assert len(workspace.runs()) == 2
    driver.window.close()
    session.deleteLater()


# comparing


def test_runs_measured_alike_are_drawn_together_with_their_baselines(driver: RunsPageDriver, workspace: Workspace):
    run = finished(workspace)
    other = another(workspace, run, "20990101-000000-bert-causal-aaaa")
    driver.page.reload()
    driver.settle()
    driver.choose_runs(run, other)
    assert len(driver.drawn()) == 2
    assert not driver.page.compare.warning.isVisible()
    assert [line.value for line in driver.page.compare.plot.references.lines if line.value is not None]


def test_two_runs_show_the_figures_of_both_and_which_is_ahead(driver: RunsPageDriver, workspace: Workspace):
    first, second = finished(workspace), train(workspace, kind="bert4rec", epochs=1)
    driver.page.reload()
    driver.settle()
    driver.choose_runs(first, second)
    table = cells(driver.page.figures.table)
    titles = {run_title(run) for run in (first, second)}
    assert {row[0] for row in table[:2]} == titles
    shown = {row[0]: row[1] for row in table}
    for run in (first, second):
        assert shown[run_title(run)] == f"{run.metrics['test']['ndcg@10']:.4f}"
    assert [row[0] for row in table[2:]] == list(first.baselines)
    best = max((first, second), key=lambda run: run.metrics["test"]["ndcg@10"])
    assert driver.page.figures.sentence.text().startswith(f"{run_title(best)} is ahead: NDCG@10 +")
    details = driver.page.details.view.toPlainText()
    assert first.id in details and second.id in details
    driver.choose_runs(first)
    assert cells(driver.page.figures.table)[0][0] == first.kind


def test_figures_that_cannot_be_compared_are_shown_without_a_verdict(driver: RunsPageDriver, workspace: Workspace):
    first, second = finished(workspace), train(workspace, split="validation-only", epochs=1)
    driver.page.reload()
    driver.settle()
    driver.choose_runs(first, second)
    assert "cannot be compared" in driver.page.figures.sentence.text()
    assert len(cells(driver.page.figures.table)) == 2


def test_five_runs_are_in_sight_in_a_small_window(driver: RunsPageDriver, workspace: Workspace):
    driver.window.resize(1280, 720)
    for _ in range(5):
        workspace.create_run("chain", small_config(), "leave-one-out")
    driver.page.reload()
    driver.settle()
    driver.qtbot.wait(20)
    table = driver.page.table
    assert driver.page.body.parentWidget().height() <= driver.window.stack.height() - driver.page.head.height()
    last = table.visualRect(table.model().index(4, 0))
    assert table.viewport().rect().contains(last), (last, table.viewport().rect())


def test_runs_of_different_protocols_are_shown_with_a_warning(driver: RunsPageDriver, workspace: Workspace):
    run = finished(workspace)
    other = train(workspace, split="validation-only", epochs=2)
    driver.page.reload()
    driver.settle()
    driver.choose_runs(run, other)
    assert driver.page.compare.warning.isVisible()
    assert "cannot be compared" in driver.page.compare.warning.text()
    assert [line.value for line in driver.page.compare.plot.references.lines if line.value is not None] == []
    driver.choose_runs(run)
    assert not driver.page.compare.warning.isVisible()


def test_a_run_without_figures_beside_another_is_no_reason_to_warn(driver: RunsPageDriver, workspace: Workspace):
    run = finished(workspace)
    queued = workspace.create_run("chain", small_config(), "leave-one-out")
    driver.page.reload()
    driver.settle()
    driver.choose_runs(run, queued)
    assert not driver.page.compare.warning.isVisible()


def test_at_most_eight_runs_are_drawn_and_each_has_its_own_line(driver: RunsPageDriver, workspace: Workspace):
    run = finished(workspace)
    others = [another(workspace, run, f"2099010{number}-000000-bert-causal-aaaa") for number in range(9)]
    driver.page.reload()
    driver.settle()
    driver.choose_runs(*others)
    assert len(driver.drawn()) == 8
    looks = {(curve.style.colour.name(), curve.style.style) for curve in driver.page.compare.plot.curves}
    assert len(looks) == 8


# exporting and removing


def test_the_figures_of_every_run_shown_are_exported(driver: RunsPageDriver, workspace: Workspace, tmp_path: Path):
    run = finished(workspace)
    other = train(workspace, split="validation-only", epochs=2)
    driver.page.reload()
    driver.settle()
    driver.page.export_metrics(tmp_path / "metrics.csv")
    driver.settle()
    with (tmp_path / "metrics.csv").open(encoding="utf-8-sig", newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert {row["run"] for row in rows} == {run.id, other.id}
    (test,) = [row for row in rows if (row["run"], row["model"], row["part"]) == (run.id, run.kind, "test")]
    assert {name: float(test[name]) for name in run.metrics["test"]} == run.metrics["test"]
    assert test["protocol"] == run.protocol["hash"]
    models = {row["model"] for row in rows if row["run"] == run.id}
    assert models == {run.kind, *run.baselines}


def test_an_export_that_cannot_be_written_is_an_error_in_a_sentence(driver: RunsPageDriver, tmp_path: Path):
    driver.page.export_metrics(tmp_path / "nowhere" / "metrics.csv")
    driver.settle()
    assert "nowhere" in driver.window.failures.sentence()


def test_no_runs_make_a_table_of_names_alone():
    assert metrics_table([]) == (
        ["run", "group", "seed", "dataset", "protocol", "state", "model", "part", "caveats"], [],
    )  # fmt: skip


def test_a_run_goes_to_the_trash_after_asking(driver: RunsPageDriver, workspace: Workspace):
    run = finished(workspace)
    driver.session.choose_run(run.id)
    driver.settle()
    title = run_title(run)
    answer("Keep")
    driver.click(driver.page.remove_button)
    assert len(workspace.runs()) == 1
    said = answer("Move to trash")
    driver.click(driver.page.remove_button)
    assert f"Move run {title} to the trash of the workspace?" in said
    driver.settle()
    assert workspace.runs() == []
    assert len(list((workspace.folder / "trash").glob(f"*{run.id}/run.json"))) == 1
    assert driver.session.run_id is None
    assert "Nothing has been trained yet." in labels(driver.page)


def test_many_runs_go_to_the_trash_at_once_and_come_back(driver: RunsPageDriver, workspace: Workspace):
    run = finished(workspace)
    others = [another(workspace, run, f"2099010{number}-000000-bert-causal-aaaa") for number in range(3)]
    driver.page.reload()
    driver.settle()
    driver.choose_runs(*others)
    said = answer("Move to trash")
    driver.click(driver.page.remove_button)
    assert any(text.startswith("Move 3 run") for text in said)
    driver.settle()
    assert driver.ids() == [run.id]
    removed = removed_runs(workspace.folder)
    dialog = TrashDialog(removed)
    driver.qtbot.addWidget(dialog)
    dialog.table.selectAll()
    assert {each.run_id for each in dialog.chosen()} == {other.id for other in others}
    driver.page.run_actions.put_back(dialog.chosen())
    driver.settle()
    assert set(driver.ids()) == {run.id, *(other.id for other in others)}


def test_a_run_that_goes_while_it_is_read_is_no_failure(driver: RunsPageDriver, workspace: Workspace):
    run = finished(workspace)
    others = [another(workspace, run, f"2099010{number}-000000-bert-causal-aaaa") for number in range(2)]
    driver.page.reload()
    driver.settle()
    workspace.remove_run(others[0].id)  # the list does not know yet
    driver.choose_runs(others[0])
    assert not driver.window.failures.isVisible(), driver.window.failures.report()
    driver.choose_runs(others[0], others[1])
    assert not driver.window.failures.isVisible()
    assert driver.chosen() == {each.id for each in others} and driver.drawn() == [run_title(others[1])]
    (others[1].folder / "run.json").unlink()
    driver.choose_runs(others[1])
    assert "is missing" in driver.window.failures.sentence()


def test_a_run_that_goes_between_its_record_and_its_log_is_no_failure(
    driver: RunsPageDriver, workspace: Workspace, monkeypatch: pytest.MonkeyPatch
):
    run = finished(workspace)
    other = another(workspace, run, "20990101-000000-bert-causal-aaaa")
    driver.page.reload()
    driver.settle()

    def removed_first(of: Run) -> RunCurves:
        if of.id == other.id and other.folder.is_dir():
            workspace.remove_run(other.id)
        return curves_of(of)

    monkeypatch.setattr(selection, "curves_of", removed_first)
    rows = driver.page.table.rows
    shown = RunSelection.read(rows, 2)
    assert [each.id for each in shown.runs] == [run.id] and set(shown.curves) == {run.id}
    (run.folder / EVENTS).unlink()
    with pytest.raises(DataError):  # damaged, not removed
        RunSelection.read(rows, 2)


def test_the_trash_may_be_empty(qapp, qtbot):
    dialog = TrashDialog([])
    qtbot.addWidget(dialog)
    assert not dialog.back_button.isEnabled() and "There is no run in the trash." in labels(dialog)


def test_a_run_gets_a_name_tags_and_a_note_and_is_found_by_them(driver: RunsPageDriver, workspace: Workspace):
    run = finished(workspace)
    another(workspace, run, "20990101-000000-bert-causal-aaaa")
    dialog = LabelsDialog(run)
    driver.qtbot.addWidget(dialog)
    dialog.name.setText("Best of May")
    dialog.tags.setText("shop， winter")
    dialog.note.setPlainText("with more dropout")
    dialog._accept()
    driver.page.run_actions.save(run, dialog.labels)
    driver.settle()
    assert Run.read(run.folder).labels == Labels("Best of May", False, ("shop", "winter"), "with more dropout")
    assert {row["Run"] for row in driver.rows()} >= {"Best of May"}
    for text in ("best MAY", "winter", "dropout with", run.id[:20]):
        driver.page.search.setText(text)
        assert driver.ids() == [run.id], text
    driver.page.search.setText("nothing of the kind")
    assert driver.ids() == [] and driver.page.count.text() == "0"
    dialog.name.setText("n" * 81)
    dialog._accept()
    assert dialog.problem.text().startswith("The name, the tags or the note are too long.")


def test_a_click_on_the_star_marks_a_run(driver: RunsPageDriver, workspace: Workspace):
    run = finished(workspace)
    table = driver.page.table
    cell = table.visualRect(table.model().index(0, 0))
    for star in (True, False):
        driver.qtbot.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, pos=cell.center())
        driver.settle()
        assert Run.read(run.folder).labels.star is star
        assert driver.rows()[0]["★"] == ("★" if star else "☆")


def test_columns_are_chosen_and_stay_chosen(driver: RunsPageDriver, workspace: Workspace, preferences: Preferences):
    table = driver.page.table
    actions = {action.text(): action for action in table.column_menu().actions()}
    assert not actions["Run"].isEnabled() and actions["NDCG@10"].isChecked() and not actions["Tags"].isChecked()
    actions["Tags"].toggle()
    actions["MRR@10"].toggle()
    actions["State"].toggle()
    titles = [column.title for column in table.table_model.columns]
    assert titles == ["★", "Run", "Dataset", "Tags", "Training", "NDCG@10", "Recall@10", "MRR@10", "On"]
    run = finished(workspace)
    assert cells(table)[0][7] == f"{run.metrics['test']['mrr@10']:.4f}"
    again = RunsTable(preferences)
    driver.qtbot.addWidget(again)
    again.show_rows(table.rows)
    assert [column.title for column in again.table_model.columns] == titles


@pytest.mark.parametrize("state", ["running", "paused"])
def test_a_run_under_way_does_not_offer_the_recommendations_of_another(
    state: str, driver: RunsPageDriver, workspace: Workspace
):
    run = another(workspace, finished(workspace), "20990101-000000-bert-causal-aaaa", state=state)
    with run_lock(run.folder):
        driver.page.reload()
        driver.settle()
        driver.choose_runs(run)
        assert not driver.page.recommend_button.isEnabled()
        assert "ended" in driver.page.recommend_button.toolTip()
        driver.choose_runs(finished(workspace))
    assert driver.page.recommend_button.isEnabled() and not driver.page.recommend_button.toolTip()


def test_recommendations_of_the_chosen_run_are_one_click_away(driver: RunsPageDriver, workspace: Workspace):
    older = finished(workspace)
    another(workspace, older, "20990101-000000-bert-causal-aaaa")
    driver.page.reload()
    driver.settle()
    driver.choose_runs(older)
    driver.click(driver.page.recommend_button)
    page = driver.window.pages["recommend"]
    assert driver.window.stack.currentWidget() is page
    driver.until(lambda: bool(page.top.codes))
    assert page.run.id == older.id


@pytest.mark.parametrize("text", MARKED_UP_LONG)
def test_names_are_shown_as_they_stand(text: str, driver: RunsPageDriver, workspace: Workspace):
    another(workspace, finished(workspace), "20990101-000000-bert-causal-aaaa", dataset_title=text)
    driver.page.reload()
    driver.settle()
    assert driver.rows()[0]["Dataset"] == text
    tip = driver.page.table.model().index(0, COLUMNS.index("Dataset")).data(Qt.ItemDataRole.ToolTipRole)
    assert tip is None or as_read(tip) == text
    assert driver.page.filter.findText(text) >= 0


def test_what_the_split_leaks_is_said(driver: RunsPageDriver, workspace: Workspace):
    run = finished(workspace)
    leaks = run.notes["leakage"]
    said = driver.page.details.view.toPlainText()
    assert f"Users measured: {leaks['users_tested']:,}" in said and leaks["users_tested"] == 60
    older = leaks["test_before_newest_training"]
    assert f"{100 * older:.0f} % of the test events are older than the newest training event" in said
    assert 0 <= older <= 1
    assert f"{100 * leaks['tied_timestamps']:.0f} % of neighbouring events share one timestamp" in said


# trials


def with_validation(run: Run, value: float) -> Run:
    """The same run, its validation NDCG@10 changed."""
    kept = read_object(run.folder / "metrics.json")
    kept["metrics"]["validation"] = {**kept["metrics"]["test"], "ndcg@10": value}
    write_record(run.folder / "metrics.json", kept)
    RunStore.of(run).set_state(run, run.state, ["metrics.json"])
    return run


def test_a_study_is_its_best_trial_with_the_others_folded(workspace: Workspace, session: Session, qtbot):
    run = finished(workspace)
    for trial, value in enumerate((0.2, 0.9, 0.4)):
        with_validation(another(workspace, run, f"trial-{trial}", study="s", trial=trial), value)
    another(workspace, run, "pruned", study="s", trial=3, state="stopped", reason="Given up early.")
    driver = RunsPageDriver(session, qtbot)
    rows = driver.rows()
    assert len(rows) == 2 and driver.page.head.facts().startswith("5 run")
    study = next(at for at, row in enumerate(driver.page.table.rows) if row.others)
    assert driver.page.table.rows[study].key == "trial-1"
    assert rows[study]["Run"].startswith("▸") and rows[study]["Run"].endswith("trial 2 · best of 4 trials")
    driver.choose_runs(driver.page.table.rows[study].run)
    assert driver.page.commands()["runs.seeds"].enabled()
    driver.page.show_seeds()
    driver.settle()
    assert [row.run.id for row in driver.page.table.rows if row.parent] == ["trial-0", "trial-2", "pruned"]
    shown = [row["Run"] for row in driver.rows()]
    assert shown[study].startswith("▾") and all(title.startswith("   ") for title in shown[study + 1 : study + 4])
    assert driver.page.table.rows[study + 1].title.endswith("trial 1")
    driver.page.export_metrics(workspace.folder / "metrics.csv")
    driver.settle()
    with (workspace.folder / "metrics.csv").open(encoding="utf-8-sig", newline="") as stream:
        written = {line["run"] for line in csv.DictReader(stream)}
    assert written == {run.id, "trial-0", "trial-1", "trial-2", "pruned"}
    driver.page.search.setText("trial-2")  # one that is folded is found by its id
    assert [row.key for row in driver.page.table.rows if not row.parent] == ["trial-1"]


def test_a_study_says_which_of_its_trials_is_at_work(workspace: Workspace, session: Session, qtbot):
    run = finished(workspace)
    with_validation(another(workspace, run, "trial-0", study="s", trial=0), 0.2)
    running = another(workspace, run, "trial-1", study="s", trial=1, state="running")
    with run_lock(running.folder):
        driver = RunsPageDriver(session, qtbot)
        study = next(at for at, row in enumerate(driver.page.table.rows) if row.others)
        assert driver.rows()[study]["State"] == "running"
        assert driver.page.table.rows[study].key == "trial-0"
