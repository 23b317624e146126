from pathlib import Path

import pytest

from recdesk.experiment.study import create_study
from recdesk.gui.main_window import MainWindow
from recdesk.gui.preferences import Preferences
from recdesk.gui.session import Session
from recdesk.monitor.events import Step
from recdesk.workspace.run_store import RunStore, run_lock
from recdesk.workspace.runs import Run
from recdesk.workspace.workspace import Workspace
from tests.gui.driver import WindowDriver, window_on
from tests.gui.markup import labels
from tests.gui.trained import train_until, trained_workspace
from tests.workspace.conftest import small_config

# Said by the platform without a screen whenever a window opens
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")


def killed(workspace: Workspace) -> Run:
    """A run as a killed process leaves it: under way by its own words, while nobody holds its lock."""
    run = train_until(workspace, lambda event: isinstance(event, Step) and event.step == 9, epochs=8)
    log = run.folder / "events.jsonl"
    lines = log.read_text().splitlines(keepends=True)
    end = max(at for at, line in enumerate(lines) if '"kind": "step"' in line)
    log.write_text("".join(lines[: end + 1]))
    (run.folder / "metrics.json").unlink(missing_ok=True)
    RunStore.of(run).set_state(run, "running", reason="")
    return run


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    """With the dataset "chain" and a finished run."""
    return trained_workspace(tmp_path / "workspace")


def opened(session: Session, qtbot) -> WindowDriver:
    driver = WindowDriver(window_on(session, qtbot), qtbot)
    session.restore()
    driver.settle()
    return driver


def notice(window: MainWindow) -> str:
    """Everything that the notice says; "" while it is hidden."""
    bar = window.interrupted.notice
    return " ".join(labels(bar)) if bar.isVisible() else ""


def test_the_start_after_a_kill_says_which_run_was_interrupted_and_how_far_and_resumes_it(
    session: Session, workspace: Workspace, qtbot
):
    run = killed(workspace)
    driver = opened(session, qtbot)
    said = notice(driver.window)
    assert "bert-causal · " in said and "was interrupted on" in said and "of at most 8" in said, said
    driver.click(driver.window.interrupted.resume_button)
    assert driver.window.stack.currentWidget() is driver.window.pages["train"]
    driver.until(lambda: session.training.state == "running")
    assert session.training.run is not None and session.training.run.id == run.id
    assert notice(driver.window) == ""
    driver.until(lambda: session.training.state == "idle")
    assert Run.read(run.folder).state == "finished"


def test_a_run_that_is_left_is_not_asked_about_again_until_it_is_interrupted_again(
    session: Session, workspace: Workspace, preferences: Preferences, qtbot
):
    run = killed(workspace)
    driver = opened(session, qtbot)
    driver.click(driver.window.interrupted.leave_button)
    driver.settle()
    assert notice(driver.window) == ""
    driver.window.interrupted.look()
    driver.settle()
    assert notice(driver.window) == ""
    assert (Run.read(run.folder).state, Run.read(run.folder).left) == ("interrupted", True)
    RunStore.of(run).set_state(run, "running")
    driver.window.interrupted.look()
    driver.settle()
    assert "was interrupted" in notice(driver.window)


def test_several_are_counted_and_a_run_at_work_elsewhere_is_none_of_them(session: Session, workspace: Workspace, qtbot):
    first, second, other = killed(workspace), killed(workspace), killed(workspace)
    with run_lock(other.folder).acquire(timeout=0):
        driver = opened(session, qtbot)
        assert notice(driver.window).endswith("Also interrupted, see Runs: 1 more.")
        assert {Run.read(run.folder).state for run in (first, second)} == {"interrupted"}
        assert Run.read(other.folder).state == "running"


def test_nothing_is_asked_where_nothing_was_interrupted_or_the_window_only_reads(
    workspace: Workspace, preferences: Preferences, qapp, qtbot
):
    looking = Session(workspace, preferences, read_only=True)
    try:
        killed(workspace)
        driver = opened(looking, qtbot)
        assert notice(driver.window) == ""
    finally:
        looking.shutdown()
        looking.deleteLater()


def test_the_notice_lies_over_the_page_and_moves_nothing(session: Session, workspace: Workspace, qtbot):
    killed(workspace)
    driver = opened(session, qtbot)
    window = driver.window
    shown = window.stack.geometry()
    bar = window.interrupted.notice
    bottom = bar.mapTo(window, bar.rect().bottomLeft()).y()
    assert window.strip.mapTo(window, window.strip.rect().topLeft()).y() - 20 < bottom
    driver.click(window.interrupted.leave_button)
    driver.settle()
    assert window.stack.geometry() == shown


@pytest.mark.slow
def test_train_shows_a_dead_run_as_interrupted_without_a_time_left_and_resumes_it(
    session: Session, workspace: Workspace, preferences: Preferences, qtbot
):
    run = killed(workspace)
    preferences.set_last_choice("run", workspace.folder, run.id)
    preferences.set_last_choice("dataset", workspace.folder, "chain")
    driver = opened(session, qtbot)
    driver.go("train")
    page = driver.window.pages["train"]
    driver.until(lambda: page.progress.left.text() != "")
    assert page.progress.left.text() == "interrupted"
    assert page.progress.facts.text().startswith("Epoch")
    assert page.settings.config() == run.config
    driver.until(page.continue_button.isEnabled)
    driver.click(page.continue_button)
    driver.until(lambda: session.training.state == "running")
    assert session.training.run is not None and session.training.run.id == run.id
    driver.until(lambda: session.training.state == "idle")
    assert not page.continue_button.isVisible()
    assert "of training" in page.progress.left.text()


def test_a_run_that_died_before_its_first_step_says_so(session: Session, workspace: Workspace, qtbot):
    run = workspace.create_run("chain", small_config(), "leave-one-out")
    RunStore.of(run).set_state(run, "running")
    driver = opened(session, qtbot)
    assert "before its first training step" in notice(driver.window)
    session.choose_run(run.id)
    driver.go("train")
    page = driver.window.pages["train"]
    driver.until(lambda: "interrupted" in page.progress.epoch.text())


@pytest.mark.slow
def test_an_interrupted_trial_goes_on_as_part_of_its_search(session: Session, workspace: Workspace, qtbot):
    study = create_study(workspace, "chain", small_config(epochs=100_000, patience=1000), "leave-one-out", 5)
    trial = study.next_run()
    assert trial is not None
    RunStore.of(trial).set_state(trial, "running")
    driver = opened(session, qtbot)
    assert "trial 1" in notice(driver.window)
    driver.click(driver.window.interrupted.resume_button)
    driver.until(lambda: session.training.state == "running")
    assert session.tuning.active and session.tuning.study is not None and session.tuning.study.id == study.id
    assert session.training.run is not None and session.training.run.id == trial.id
    session.tuning.stop()
    driver.until(lambda: session.training.state == "idle" and not session.tuning.active)
    driver.settle()
