"""Several seeds of one configuration in the window."""

from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt

from recdesk.gui.session import Session
from recdesk.gui.words import group_title
from recdesk.workspace.run_groups import RunGroup, find_group, folded
from recdesk.workspace.run_store import RunStore
from recdesk.workspace.workspace import Workspace
from tests.gui.driver import cells, window_on
from tests.gui.pages.runs.driver import RunsPageDriver
from tests.gui.pages.train.driver import TrainPageDriver
from tests.gui.trained import trained_workspace
from tests.workspace.conftest import small_config

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")


def copied_group(workspace: Workspace, values: tuple[float, ...]) -> RunGroup:
    """A finished group whose NDCG@10 are these, made of the figures of the run that is there."""
    import shutil

    from recdesk.core.records import read_object, write_record
    from recdesk.workspace.run_groups import create_group

    (run,) = workspace.runs()
    group = create_group(workspace, "chain", run.config, run.split, len(values))
    for member, value in zip(group.runs, values, strict=True):
        for name in ("metrics.json", "protocol.json", "events.jsonl", "results.npz"):
            shutil.copy(run.folder / name, member.folder / name)
        shutil.copytree(run.folder / "checkpoints", member.folder / "checkpoints")
        kept = read_object(member.folder / "metrics.json")
        kept["metrics"]["test"]["ndcg@10"] = value
        write_record(member.folder / "metrics.json", kept)
        RunStore.of(member).set_state(member, "finished", ["metrics.json", "protocol.json", "results.npz"])
    return find_group(workspace, group.id)


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    """With "chain" and a finished run on it."""
    return trained_workspace(tmp_path / "trained")


@pytest.fixture
def runs(session: Session, workspace: Workspace, qtbot) -> RunsPageDriver:
    """The Runs page with a run and a group of three seeds, .10, .20 and .30."""
    copied_group(workspace, (0.1, 0.2, 0.3))
    return RunsPageDriver(session, qtbot)


def group_in(workspace: Workspace) -> RunGroup:
    (group,) = [entry for entry in folded(workspace.runs()) if isinstance(entry, RunGroup)]
    return group


def test_a_group_is_one_row_with_mean_and_interval_and_unfolds(runs: RunsPageDriver, workspace: Workspace):
    group = group_in(workspace)
    rows = runs.rows()
    assert [row["Run"] for row in rows] == [f"▸  {group_title(group)}", rows[1]["Run"]]
    assert rows[0]["NDCG@10"] == "0.2000 ±0.2484"  # t(2) · .1 / √3
    assert rows[0]["State"] == "finished" and "over seeds" in rows[0]["On"]
    assert runs.page.head.facts().startswith("4 run")
    table = runs.page.table
    table.setFocus()
    runs.qtbot.keyClick(table, Qt.Key.Key_Right)
    runs.settle()
    rows = runs.rows()
    assert [row["NDCG@10"] for row in rows[:4]] == ["0.2000 ±0.2484", "0.1000", "0.2000", "0.3000"]
    assert rows[0]["Run"].startswith("▾") and all("seed" in row["Run"] for row in rows[1:4])
    table.sortByColumn(5, Qt.SortOrder.AscendingOrder)
    assert [row["NDCG@10"] for row in runs.rows()].index("0.1000") - 1 == runs.rows().index(rows[0])
    runs.qtbot.keyClick(table, Qt.Key.Key_Left)
    assert len(runs.rows()) == 2


def test_a_click_on_the_mark_unfolds_a_group_and_one_beside_it_does_not(runs: RunsPageDriver):
    table = runs.page.table
    cell = table.visualRect(table.model().index(0, 1))
    runs.qtbot.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, pos=cell.center())
    assert len(runs.rows()) == 2
    on_mark = QPoint(cell.left() + 10, cell.center().y())
    runs.qtbot.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, pos=on_mark)
    assert len(runs.rows()) == 5


def test_a_chosen_group_is_said_as_one_result_with_its_seeds_below(runs: RunsPageDriver, workspace: Workspace):
    said = runs.page.figures.sentence.text()
    assert said.startswith("NDCG@10 is 0.2000 in the mean of 3 seeds (95 % confidence interval -0.0484 to 0.4484;")
    names = [row[0].strip() for row in cells(runs.page.figures.table)]
    assert names[:4] == ["mean of 3", "seed 0", "seed 1", "seed 2"]
    assert "most popular" in names
    assert len(runs.drawn()) == 3
    assert runs.page.command_words() == ["runs", group_in(workspace).id]
    runs.page.views.choose(1)
    runs.settle()
    figures = cells(runs.page.views.figures.table)
    assert figures[2][1].startswith("0.2000 (-0.048–0.448)")


def test_a_group_and_a_run_are_compared_and_a_report_is_of_the_group(runs: RunsPageDriver, workspace: Workspace):
    group = group_in(workspace)
    runs.qtbot.keyClick(runs.page.table, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    runs.settle()
    assert len(runs.page.views.entries) == 2
    runs.page.views.choose(3)
    runs.settle()
    said = runs.page.views.comparison.sentences.toPlainText()
    assert "a person’s value is its mean over them" in said and "is a single seed" in said
    assert runs.page.commands()["runs.compare"].words()[1:] == [group.id, runs.page.table.rows[1].key]


def test_removing_a_group_removes_its_runs(runs: RunsPageDriver, workspace: Workspace):
    runs.choose_runs(runs.page.table.rows[0].run)
    assert len(runs.page.selected()) == 3


class TrainDriver(TrainPageDriver):
    def repeat(self, count: int, **settings) -> None:
        self.page.use_settings(small_config(**settings), "leave-one-out")
        self.write(self.page.repeat, str(count))


@pytest.fixture
def train(session: Session, qtbot, tmp_path: Path) -> TrainDriver:
    made = TrainDriver(window_on(session, qtbot), qtbot)
    made.use("chain")
    return made


@pytest.mark.slow  # trains twice, as does the next one
def test_start_trains_the_seeds_one_after_the_other(train: TrainDriver, workspace: Workspace):
    train.repeat(2, epochs=1)
    assert train.page.command_words()[-2:] == ["--repeat", "2"]
    train.click(train.page.start_button)
    train.until(lambda: train.session.training.state == "running")
    train.until(lambda: not train.session.queue.waiting and train.session.training.state == "idle")
    train.settle()
    group = group_in(workspace)
    assert [(run.config.seed, run.state) for run in group.runs] == [(0, "finished"), (1, "finished")]
    assert train.session.script.entries[0].words[-2:] == ("--repeat", "2")


@pytest.mark.slow
def test_an_interrupted_seed_goes_on_with_its_group(train: TrainDriver, workspace: Workspace):
    train.repeat(2, epochs=1)
    train.click(train.page.queue_button)
    train.until(lambda: len(train.session.queue.waiting) == 2)
    group = group_in(workspace)
    RunStore.of(group.runs[1]).set_state(group.runs[1], "interrupted")
    from recdesk.gui.starting import resume_run

    resume_run(train.session, find_group(workspace, group.id).runs[1])
    train.until(lambda: train.session.training.state == "running")
    assert train.session.training.run.config.seed == 1  # what was begun goes first
    train.until(lambda: not train.session.queue.waiting and train.session.training.state == "idle")
    train.settle()
    assert {run.state for run in group_in(workspace).runs} == {"finished"}
