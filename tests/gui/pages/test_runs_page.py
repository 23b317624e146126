import csv
import shutil
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt

from recdesk.core.files import write_json
from recdesk.core.records import read_object, write_record
from recdesk.gui.main_window import MainWindow
from recdesk.gui.pages.runs_page import RunsPage, metrics_table
from recdesk.gui.preferences import Preferences
from recdesk.gui.session import Session
from recdesk.gui.words import run_title
from recdesk.monitor.events import Resumed, Step
from recdesk.workspace.run_log import events_of
from recdesk.workspace.run_store import RunStore, lock_of
from recdesk.workspace.runs import Run, read_about
from recdesk.workspace.workspace import Workspace
from tests.gui.person import Person, cells
from tests.gui.plain import MARKED_UP_LONG, as_read, labels
from tests.gui.trained import answer, leave, train, train_until, trained_workspace, unplugged
from tests.workspace.conftest import small_config

# Said by the platform without a screen whenever a window opens
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")

COLUMNS = ("Run", "Dataset", "State", "Training", "NDCG@10", "Recall@10", "On")


class Shelf:
    """A person before the Runs page."""

    def __init__(self, session: Session, qtbot) -> None:
        self.session, self.qtbot = session, qtbot
        self.window = MainWindow(session)
        qtbot.addWidget(self.window, before_close_func=leave)
        self.window.resize(1280, 800)
        with qtbot.waitExposed(self.window):
            self.window.show()
        self.person = Person(self.window, qtbot)
        self.window.show_page("runs")
        page = self.window.pages["runs"]
        assert isinstance(page, RunsPage)
        self.page = page
        self.settle()

    def until(self, seen: Callable[[], bool]) -> None:
        self.qtbot.waitUntil(seen, timeout=60_000)

    def settle(self) -> None:
        """Wait until what was asked for is shown."""
        jobs = self.session.jobs
        self.until(lambda: not jobs._jobs)

    def trained(self) -> None:
        """Wait until a run has begun and ended."""
        training = self.session.training
        self.until(lambda: training.run is not None and training.state == "idle")

    def rows(self) -> list[dict[str, str]]:
        return [dict(zip(COLUMNS, row, strict=True)) for row in cells(self.page.table)]

    def ids(self) -> list[str]:
        """Runs from top to bottom."""
        table = self.page.table
        return [table.rows[table.table_model.source_row(row)].run.id for row in range(len(table.rows))]

    def chosen(self) -> set[str]:
        """Runs that are chosen to be compared."""
        return {self.page.table.rows[index].run.id for index in self.page.table.selected()}

    def choose(self, *runs: Run) -> None:
        """Choose runs as a person does: the first, then others with Ctrl."""
        for number, run in enumerate(runs):
            source = [row.run.id for row in self.page.table.rows].index(run.id)
            shown = self.page.table.table_model.shown_row(source)
            cell = self.page.table.visualRect(self.page.table.model().index(shown, 0))
            key = Qt.KeyboardModifier.ControlModifier if number else Qt.KeyboardModifier.NoModifier
            self.qtbot.mouseClick(self.page.table.viewport(), Qt.MouseButton.LeftButton, key, cell.center())
        self.settle()

    def drawn(self) -> list[str]:
        """Names of the curves compared."""
        return [curve.name for curve in self.page.compare.plot.curves if len(curve.series)]


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    """With "chain" and a finished run on it."""
    return trained_workspace(tmp_path / "trained")


@pytest.fixture
def shelf(session: Session, qtbot) -> Shelf:
    return Shelf(session, qtbot)


def finished(workspace: Workspace) -> Run:
    return next(run for run in workspace.runs() if run.state == "finished")


def another(workspace: Workspace, of: Run, name: str, **about) -> Run:
    """A copy of a run with other facts about it."""
    folder = of.folder.with_name(name)
    shutil.copytree(of.folder, folder)
    write_json(folder / "run.json", {**read_about(folder), "created": time.time(), **about})
    return Run.read(folder)


# the list


def test_without_runs_the_way_to_the_first_is_shown(tmp_path: Path, preferences: Preferences, qapp, qtbot):
    session = Session(Workspace(tmp_path / "empty"), preferences)
    shelf = Shelf(session, qtbot)
    assert "Nothing has been trained yet." in labels(shelf.page)
    for button in (shelf.page.recommend_button, shelf.page.export_button, shelf.page.remove_button):
        assert not button.isEnabled()
    assert not shelf.page.resume_button.isVisible()
    shelf.window.close()
    session.deleteLater()


def test_runs_on_a_drive_that_is_gone_are_not_called_none_and_are_there_when_it_is_back(
    shelf: Shelf, workspace: Workspace
):
    shown = shelf.ids()
    with unplugged(workspace):
        shelf.page.reload()
        shelf.settle()
        assert shelf.ids() == shown
        shelf.page._show_rows([])
        shelf.page.reload()
        shelf.settle()
        assert "The runs cannot be read just now." in labels(shelf.page)
        assert not shelf.page.empty.button.isVisible()
        assert shelf.window.failures.isVisible()
    shelf.page.reload()
    shelf.settle()
    assert shelf.ids() == shown
    assert not shelf.window.failures.isVisible()


def test_a_finished_run_is_listed_with_its_figures(shelf: Shelf, workspace: Workspace):
    run = finished(workspace)
    (row,) = shelf.rows()
    assert (row["Run"], row["Dataset"], row["State"], row["On"]) == (run_title(run), "chain", "finished", "test")
    assert row["NDCG@10"] == f"{run.metrics['test']['ndcg@10']:.4f}"
    assert row["Recall@10"] == f"{run.metrics['test']['recall@10']:.4f}"
    assert not shelf.page.resume_button.isVisible()
    assert shelf.page.recommend_button.isEnabled()


def test_the_chosen_run_is_told_beside_the_baselines_on_the_same_split(shelf: Shelf, workspace: Workspace):
    run = finished(workspace)
    table = cells(shelf.page.figures.table)
    assert [row[0] for row in table] == [run.kind, *run.baselines]
    assert table[0][1] == f"{run.metrics['test']['ndcg@10']:.4f}"
    for row, parts in zip(table[1:], run.baselines.values(), strict=True):
        assert row[1] == f"{parts['test']['ndcg@10']:.4f}"
    said = shelf.page.figures.sentence.text()
    assert said.startswith(f"{round(60 * run.metrics['test']['recall@10'])} of 60 people find")
    assert "most popular" in said
    details = shelf.page.details.view.toPlainText()
    assert run.id in details and run.protocol["hash"] in details
    assert "Vector size 16" in details
    assert shelf.drawn() == [run_title(run)]


def test_what_figures_hide_is_said_on_them(shelf: Shelf, workspace: Workspace):
    run = finished(workspace)
    kept = read_object(run.folder / "metrics.json")
    kept["notes"]["measured"]["test"] = {"people": 306, "measured": 6, "one_left": 6}
    for figures in (kept["metrics"]["test"], *(parts["test"] for parts in kept["baselines"].values())):
        figures |= {"users": 6.0, "recall@10": 0.5}
    write_record(run.folder / "metrics.json", kept)
    shelf.page.reload()
    shelf.settle()
    shelf.choose(run)
    said = shelf.page.figures.sentence.text()
    measured = "6 of 306 people could be measured; of the others there is too little to hold an item out."
    one_left = "For 6 of 6 people one item is left to rank: every model puts it first."
    assert said.startswith("3 of 6 people find what they took next among the first ten.")
    assert "alone it would be 3." in said
    assert measured in said and one_left in said
    assert "Better than" not in said and "clear difference" not in said
    (row,) = shelf.rows()
    assert row["On"].startswith(f"test · {measured}") and row["On"].endswith(one_left)
    _, rows = metrics_table([Run.read(run.folder)])
    assert all(line[-1].startswith(measured) == (line[5] == "test") for line in rows)


def test_a_comparison_is_said_with_its_confidence_interval(shelf: Shelf, workspace: Workspace):
    result = finished(workspace).comparisons["most popular"]
    interval = f"(95 % confidence interval {result['low']:+.3f} to {result['high']:+.3f})"
    said = shelf.page.figures.sentence.text()
    assert f"most popular: NDCG@10 {result['difference']:+.3f} {interval}." in said
    assert said.count("The intervals of the 4 comparisons hold all together with 95 % confidence (Bonferroni).") == 1
    assert "sure" not in said


def test_runs_of_another_process_appear_when_the_page_is_entered(shelf: Shelf, workspace: Workspace):
    other = another(workspace, finished(workspace), "20990101-000000-bert-causal-aaaa")
    shelf.window.show_page("data")
    shelf.window.show_page("runs")
    shelf.until(lambda: len(shelf.page.table.rows) == 2)
    assert shelf.page.table.rows[0].run.id == other.id


def test_a_damaged_run_does_not_hide_the_others(shelf: Shelf, workspace: Workspace):
    run = finished(workspace)
    for number, (name, text) in enumerate((("run.json", "{"), ("metrics.json", "[1"), ("run.json", "{}"))):
        other = another(workspace, run, f"2099010{number}-000000-bert-causal-aaaa")
        (other.folder / name).write_text(text)
    shelf.page.reload()
    shelf.settle()
    assert run.id in [row.run.id for row in shelf.page.table.rows]
    assert not shelf.window.failures.isVisible()
    said = shelf.page.damaged.text()
    assert shelf.page.damaged.isVisible() and len(said.splitlines()) == 3
    assert said.count("run.json") == 2 and said.count("metrics.json") == 1


def test_the_list_can_be_narrowed_to_a_dataset(shelf: Shelf, workspace: Workspace):
    another(workspace, finished(workspace), "20990101-000000-bert-causal-aaaa", dataset_title="films")
    shelf.page.reload()
    shelf.settle()
    assert shelf.page.count.text() == "2"
    shelf.page.filter.setCurrentIndex(shelf.page.filter.findText("films"))
    shelf.settle()
    assert [row["Dataset"] for row in shelf.rows()] == ["films"]
    assert shelf.page.count.text() == "1"
    shelf.page.reload()
    shelf.settle()
    assert [row["Dataset"] for row in shelf.rows()] == ["films"]


def test_figures_are_sorted_by_value_and_a_run_without_any_is_last(shelf: Shelf, workspace: Workspace):
    run = finished(workspace)
    for number, ndcg in enumerate((0.5, 0.05, 0.25)):
        other = another(workspace, run, f"2099010{number}-000000-bert-causal-aaaa")
        metrics = {"test": {"ndcg@10": ndcg, "recall@10": ndcg}}
        write_json(other.folder / "metrics.json", {"version": 1, "metrics": metrics})
    workspace.create_run("chain", small_config(), "leave-one-out")
    shelf.page.reload()
    shelf.settle()
    shelf.page.table.sortByColumn(COLUMNS.index("NDCG@10"), Qt.SortOrder.DescendingOrder)
    values = [row["NDCG@10"] for row in shelf.rows()]
    assert values[0] == f"{run.metrics['test']['ndcg@10']:.4f}"
    assert values[1:] == ["0.5000", "0.2500", "0.0500", "–"]


def test_the_order_and_the_choice_of_a_person_outlast_a_reload(shelf: Shelf, workspace: Workspace):
    run = finished(workspace)
    others = [another(workspace, run, f"2099010{number}-000000-bert-causal-aaaa") for number in range(3)]
    shelf.page.reload()
    shelf.settle()
    shelf.page.table.sortByColumn(0, Qt.SortOrder.AscendingOrder)
    shelf.choose(others[0], others[2])
    order, chosen = shelf.ids(), shelf.chosen()
    assert chosen == {others[0].id, others[2].id}
    shelf.session.runs_changed.emit()
    shelf.settle()
    assert shelf.ids() == order
    assert shelf.chosen() == chosen


# resuming


def interrupted(workspace: Workspace, **settings) -> Run:
    """A run whose process was killed: at work by its own words, while nobody holds it."""
    run = train_until(workspace, lambda event: isinstance(event, Step) and event.step == 9, **settings)
    (run.folder / "metrics.json").unlink()
    RunStore.of(run).set_state(run, "running", reason="")
    return run


def test_a_run_whose_process_is_gone_is_interrupted_and_goes_on_to_the_end(shelf: Shelf, workspace: Workspace):
    run = interrupted(workspace, epochs=5)
    shelf.page.reload()
    shelf.settle()
    assert [row["State"] for row in shelf.rows()] == ["interrupted", "finished"]
    shelf.choose(run)
    assert shelf.page.resume_button.isVisible() and shelf.page.resume_button.isEnabled()
    assert "interrupted" in shelf.page.details.view.toPlainText()
    shelf.person.click(shelf.page.resume_button)
    assert shelf.window.stack.currentWidget() is shelf.window.pages["train"]
    assert shelf.session.run_id == run.id
    shelf.trained()
    run = Run.read(run.folder)
    assert run.state == "finished"
    events = events_of(run)
    assert any(isinstance(event, Resumed) for event in events)
    steps = [(event.step, event.loss) for event in events if isinstance(event, Step)]
    reference = finished_like(workspace, run)
    assert steps == [(event.step, event.loss) for event in events_of(reference) if isinstance(event, Step)]
    assert run.metrics == reference.metrics
    shelf.window.show_page("runs")
    shelf.until(lambda: [row["State"] for row in shelf.rows()][:2] == ["finished", "finished"])


def finished_like(workspace: Workspace, run: Run) -> Run:
    """The same settings, never interrupted."""
    return train(workspace, **{name: v for name, v in run.config.model_dump().items() if name != "kind"})


def test_a_run_at_work_elsewhere_is_not_interrupted_and_not_to_be_touched(shelf: Shelf, workspace: Workspace):
    run = interrupted(workspace)
    lock = lock_of(run.folder)
    lock.acquire(timeout=0)
    try:
        shelf.page.reload()
        shelf.settle()
        shelf.choose(run)
        assert shelf.rows()[0]["State"] == "running"
        assert not shelf.page.resume_button.isVisible()
        assert not shelf.page.remove_button.isEnabled()
    finally:
        lock.release()


def test_only_one_run_is_carried_out_at_a_time(shelf: Shelf, workspace: Workspace):
    run = interrupted(workspace)
    shelf.page.reload()
    shelf.settle()
    shelf.choose(run)
    long = workspace.create_run("chain", small_config(epochs=100_000, patience=1000), "leave-one-out")
    shelf.session.training.start(long)
    assert not shelf.page.resume_button.isEnabled()
    shelf.page.resume()
    assert shelf.session.training.run.id == long.id
    shelf.session.training.stop()
    shelf.until(lambda: shelf.session.training.state == "idle")


def test_a_run_whose_data_are_gone_is_told_when_it_is_resumed(shelf: Shelf, workspace: Workspace):
    run = interrupted(workspace)
    workspace.remove_dataset("chain")
    shelf.page.reload()
    shelf.settle()
    shelf.choose(run)
    shelf.person.click(shelf.page.resume_button)
    shelf.trained()
    assert "is not in the workspace any more" in shelf.window.failures.sentence()


def test_the_settings_of_a_run_are_taken_to_a_new_one(shelf: Shelf, workspace: Workspace):
    run = finished(workspace)
    shelf.person.click(shelf.page.again_button)
    page = shelf.window.pages["train"]
    assert shelf.window.stack.currentWidget() is page
    assert page.settings.config() == run.config
    assert page.settings.split_kind() == run.split


def test_a_window_that_only_reads_changes_no_run(workspace: Workspace, preferences: Preferences, qapp, qtbot):
    run = interrupted(workspace)
    session = Session(workspace, preferences, read_only=True)
    shelf = Shelf(session, qtbot)
    shelf.choose(run)
    assert not shelf.page.resume_button.isEnabled()
    assert not shelf.page.remove_button.isEnabled()
    assert not shelf.page.again_button.isEnabled()
    shelf.page.resume()
    shelf.page.remove()
    assert session.training.state == "idle"
    assert len(workspace.runs()) == 2
    shelf.window.close()
    session.deleteLater()


# comparing


def test_runs_measured_alike_are_drawn_together_with_their_baselines(shelf: Shelf, workspace: Workspace):
    run = finished(workspace)
    other = another(workspace, run, "20990101-000000-bert-causal-aaaa")
    shelf.page.reload()
    shelf.settle()
    shelf.choose(run, other)
    assert len(shelf.drawn()) == 2
    assert not shelf.page.compare.warning.isVisible()
    assert [line.value for line in shelf.page.compare.plot._references if line.value is not None]


def test_runs_of_different_protocols_are_shown_with_a_warning(shelf: Shelf, workspace: Workspace):
    run = finished(workspace)
    other = train(workspace, split="validation-only", epochs=2)
    shelf.page.reload()
    shelf.settle()
    shelf.choose(run, other)
    assert shelf.page.compare.warning.isVisible()
    assert "cannot be compared" in shelf.page.compare.warning.text()
    assert [line.value for line in shelf.page.compare.plot._references if line.value is not None] == []
    shelf.choose(run)
    assert not shelf.page.compare.warning.isVisible()


def test_a_run_without_figures_beside_another_is_no_reason_to_warn(shelf: Shelf, workspace: Workspace):
    run = finished(workspace)
    queued = workspace.create_run("chain", small_config(), "leave-one-out")
    shelf.page.reload()
    shelf.settle()
    shelf.choose(run, queued)
    assert not shelf.page.compare.warning.isVisible()


def test_at_most_six_runs_are_drawn_and_each_has_its_own_line(shelf: Shelf, workspace: Workspace):
    run = finished(workspace)
    others = [another(workspace, run, f"2099010{number}-000000-bert-causal-aaaa") for number in range(7)]
    shelf.page.reload()
    shelf.settle()
    shelf.choose(*others)
    assert len(shelf.drawn()) == 6
    looks = {(curve.style.colour.name(), curve.style.style) for curve in shelf.page.compare.plot.curves}
    assert len(looks) == 6


# exporting and removing


def test_the_figures_of_every_run_shown_are_exported(shelf: Shelf, workspace: Workspace, tmp_path: Path):
    run = finished(workspace)
    other = train(workspace, split="validation-only", epochs=2)
    shelf.page.reload()
    shelf.settle()
    shelf.page.export_metrics(tmp_path / "metrics.csv")
    shelf.settle()
    with (tmp_path / "metrics.csv").open(encoding="utf-8-sig", newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert {row["run"] for row in rows} == {run.id, other.id}
    (test,) = [row for row in rows if (row["run"], row["model"], row["part"]) == (run.id, run.kind, "test")]
    assert {name: float(test[name]) for name in run.metrics["test"]} == run.metrics["test"]
    assert test["protocol"] == run.protocol["hash"]
    models = {row["model"] for row in rows if row["run"] == run.id}
    assert models == {run.kind, *run.baselines}


def test_an_export_that_cannot_be_written_is_told(shelf: Shelf, tmp_path: Path):
    shelf.page.export_metrics(tmp_path / "nowhere" / "metrics.csv")
    shelf.settle()
    assert "nowhere" in shelf.window.failures.sentence()


def test_no_runs_make_a_table_of_names_alone():
    assert metrics_table([]) == (["run", "dataset", "protocol", "state", "model", "part", "caveats"], [])


def test_a_run_goes_to_the_trash_after_asking(shelf: Shelf, workspace: Workspace):
    run = finished(workspace)
    shelf.session.choose_run(run.id)
    shelf.settle()
    title = run_title(run)
    answer("Keep")
    shelf.person.click(shelf.page.remove_button)
    assert len(workspace.runs()) == 1
    said = answer("Move to trash")
    shelf.person.click(shelf.page.remove_button)
    assert f"Move run {title} to the trash of the workspace?" in said
    shelf.settle()
    assert workspace.runs() == []
    assert len(list((workspace.folder / "trash").glob(f"*{run.id}/run.json"))) == 1
    assert shelf.session.run_id is None
    assert "Nothing has been trained yet." in labels(shelf.page)


@pytest.mark.parametrize("state", ["running", "paused"])
def test_a_run_under_way_does_not_offer_the_recommendations_of_another(state: str, shelf: Shelf, workspace: Workspace):
    run = another(workspace, finished(workspace), "20990101-000000-bert-causal-aaaa", state=state)
    with lock_of(run.folder):
        shelf.page.reload()
        shelf.settle()
        shelf.choose(run)
        assert not shelf.page.recommend_button.isEnabled()
        assert "ended" in shelf.page.recommend_button.toolTip()
        shelf.choose(finished(workspace))
    assert shelf.page.recommend_button.isEnabled() and not shelf.page.recommend_button.toolTip()


def test_recommendations_of_the_chosen_run_are_one_click_away(shelf: Shelf, workspace: Workspace):
    older = finished(workspace)
    another(workspace, older, "20990101-000000-bert-causal-aaaa")
    shelf.page.reload()
    shelf.settle()
    shelf.choose(older)
    shelf.person.click(shelf.page.recommend_button)
    page = shelf.window.pages["recommend"]
    assert shelf.window.stack.currentWidget() is page
    shelf.until(lambda: bool(page.top.codes))
    assert page.run.id == older.id


@pytest.mark.parametrize("text", MARKED_UP_LONG)
def test_names_are_shown_as_they_stand(text: str, shelf: Shelf, workspace: Workspace):
    another(workspace, finished(workspace), "20990101-000000-bert-causal-aaaa", dataset_title=text)
    shelf.page.reload()
    shelf.settle()
    assert shelf.rows()[0]["Dataset"] == text
    tip = shelf.page.table.model().index(0, 1).data(Qt.ItemDataRole.ToolTipRole)
    assert tip is None or as_read(tip) == text
    assert shelf.page.filter.findText(text) >= 0


def test_what_the_split_leaks_is_said(shelf: Shelf, workspace: Workspace):
    run = finished(workspace)
    leaks = run.notes["leakage"]
    said = shelf.page.details.view.toPlainText()
    assert f"{leaks['users_tested']:,} people measured" in said and leaks["users_tested"] == 60
    older = leaks["test_before_newest_training"]
    assert f"{100 * older:.0f} % of the test events are older than the newest training event" in said
    assert 0 <= older <= 1
    assert f"{100 * leaks['tied_timestamps']:.0f} % of neighbouring events share one timestamp" in said
