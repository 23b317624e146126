"""Which run the Recommend page opens with, and the box to choose another."""

import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from recdesk.core.records import write_record
from recdesk.gui.pages.recommend.run_choice import RunBox
from recdesk.gui.session import Session
from recdesk.workspace.runs import METRICS, RUN_FILE, Run
from recdesk.workspace.workspace import Workspace
from tests.conftest import chain_dataset
from tests.gui.driver import window_on
from tests.gui.markup import labels
from tests.gui.pages.recommend.driver import RecommendPageDriver
from tests.gui.trained import add_dataset, trained_workspace

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    """With "chain", "other" and a trained run on "chain"."""
    workspace = trained_workspace(tmp_path / "trained")
    add_dataset(workspace, replace(chain_dataset(), name="other"))
    return workspace


def copied(workspace: Workspace, name: str, ndcg: float | None, **about) -> Run:
    """A copy of the trained run that is a minute newer for each run there is, with another figure and other facts."""
    runs = workspace.runs()
    folder = runs[-1].folder.with_name(name)
    shutil.copytree(runs[-1].folder, folder)
    run = runs[-1]
    facts = {
        "format": 1, "state": "finished", "created": run.created.timestamp() + 60 * len(runs), "kind": run.kind,
        "dataset": run.dataset_name, "dataset_title": run.dataset_title, "dataset_hash": run.dataset_hash,
        "split": run.split, "has": list(run.has),
    }  # fmt: skip
    write_record(folder / RUN_FILE, {**facts, **about})
    if ndcg is None:
        (folder / METRICS).unlink()
        write_record(folder / RUN_FILE, {**facts, "has": [n for n in run.has if n != METRICS], **about})
    else:
        write_record(folder / METRICS, {"metrics": {"validation": {"ndcg@10": ndcg}}})
    return Run.read(folder)


def opened(session: Session, qtbot, dataset: str = "chain") -> RecommendPageDriver:
    session.choose_dataset(dataset)
    return RecommendPageDriver(session, qtbot)


def test_the_best_finished_run_of_the_dataset_is_opened_not_the_newest(workspace: Workspace, session: Session, qtbot):
    copied(workspace, "best", 0.99)
    copied(workspace, "worse", 0.2)
    copied(workspace, "failed", 1.0, state="failed")
    copied(workspace, "pruned", None, state="stopped", study="s", trial=3, reason="Given up early.")
    newest = copied(workspace, "elsewhere", 1.0, dataset="other", dataset_title="other")
    session.choose_run(newest.id)
    driver = opened(session, qtbot)
    session.choose_dataset("chain")
    driver.settle()
    assert driver.page.run is not None and driver.page.run.id == "best"
    assert driver.page.run_box.currentText().endswith(" · 0.990 on validation · chain")


def test_a_run_that_has_just_been_started_or_restored_is_not_taken_for_a_wish(
    workspace: Workspace, session: Session, qtbot
):
    copied(workspace, "best", 0.99)
    copied(workspace, "worse", 0.2)
    session.choose_run("worse")
    driver = opened(session, qtbot)
    assert driver.page.run is not None and driver.page.run.id == "best"
    session.recommend_with("worse")
    driver.settle()
    assert driver.page.run.id == "worse"
    driver.window.show_page("data")
    driver.window.show_page("recommend")
    driver.settle()
    assert driver.page.run.id == "worse"


def test_a_run_that_was_stopped_and_measured_is_better_than_none(workspace: Workspace, session: Session, qtbot):
    copied(workspace, "kept", 0.9, dataset="other", dataset_title="other", state="stopped")
    copied(workspace, "trial", 0.95, dataset="other", dataset_title="other", state="stopped", study="s", trial=0)
    driver = opened(session, qtbot, "other")
    assert driver.page.run is not None and driver.page.run.id == "kept"


def test_without_a_finished_run_of_the_dataset_the_page_says_so_and_offers_the_others(
    workspace: Workspace, session: Session, qtbot
):
    session.choose_dataset("other")
    window = window_on(session, qtbot)
    page = window.show_page("recommend")
    qtbot.waitUntil(lambda: not session.jobs._jobs, timeout=60_000)
    said = "No training on this dataset has finished yet. Train a model, or choose one of the runs above."
    assert page.run is None and page.empty.isVisible() and said in labels(page)
    assert page.run_box.isVisible() and page.run_box.currentIndex() == -1 and page.run_box.count() == 1
    assert not page.export_button.isVisible()
    page.run_box.activated.emit(0)
    qtbot.waitUntil(lambda: page.model is not None, timeout=60_000)
    qtbot.waitUntil(lambda: not session.jobs._jobs, timeout=60_000)
    assert session.dataset_name == "chain" and page.top.codes


def test_trials_are_folded_under_the_best_of_their_study(workspace: Workspace, qapp, qtbot, monkeypatch):
    for trial, ndcg in enumerate((0.3, 0.5, 0.4)):
        copied(workspace, f"trial-{trial}", ndcg, study="s", trial=trial)
    copied(workspace, "elsewhere", 1.0, dataset="other", dataset_title="other")
    box, chosen = RunBox(), []
    qtbot.addWidget(box)
    monkeypatch.setattr(box, "showPopup", lambda: None)
    box.run_chosen.connect(chosen.append)
    runs = workspace.runs()
    box.show_runs(runs, "chain", None)
    assert box.ids() == ["trial-1", "", runs[-1].id, "elsewhere"]
    assert box.itemText(0).endswith(" · 0.500 on validation · best of 3 trials · chain")
    assert box.itemText(1).strip() == "▸ 2 other trials"
    box.activated.emit(1)
    assert box.ids() == ["trial-1", "", "trial-0", "trial-2", runs[-1].id, "elsewhere"]
    assert chosen == []
    box.activated.emit(2)
    assert chosen == ["trial-0"]
    box.activated.emit(1)
    assert len(box.ids()) == 4
    box.show_runs(runs, "chain", "trial-0")
    assert box.ids()[box.currentIndex()] == "trial-0"
    box.show_runs(runs, "other", None)
    assert box.ids()[0] == "elsewhere"


def test_seeds_are_folded_under_the_best_of_their_group(workspace: Workspace, qapp, qtbot):
    (alone,) = workspace.runs()
    for seed, ndcg in enumerate((0.3, 0.5)):
        copied(workspace, f"seed-{seed}", ndcg, group="seeds-1", group_size=2)
    box = RunBox()
    qtbot.addWidget(box)
    box.show_runs(workspace.runs(), "chain", None)
    assert box.ids() == ["seed-1", "", alone.id]
    assert box.itemText(0).endswith(" · 0.500 on validation · best of 2 seeds · chain")
    assert box.itemText(1).strip() == "▸ 1 other seed"
