"""Trials of a study that train at the same time, in the window."""

import threading

import pytest

from recdesk.cluster import runner
from recdesk.core.errors import RecdeskError
from recdesk.experiment.study import Study, create_study
from recdesk.gui.main_window import MainWindow
from recdesk.gui.session import Session
from recdesk.monitor.control import Control
from recdesk.monitor.events import Emit, Failed
from recdesk.workspace.run_store import RunStore
from recdesk.workspace.runs import Run
from tests.experiment.test_trials import Trained
from tests.gui.markup import labels
from tests.gui.trained import add_dataset, leave
from tests.workspace.conftest import small_config

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")
WAIT = 60_000


def slowly(_run: Run, rung: int, control: Control) -> None:
    """The first rungs are quick, the others take longer than a test."""
    control.wait_for_stop(0.01 if rung < 3 else 60)


@pytest.fixture
def carried(monkeypatch) -> list[int]:
    """Trials are executed without training; holds how many at the same time."""
    counts: list[int] = []

    def executor(count: int) -> Trained:
        counts.append(count)
        return Trained(hook=slowly)

    monkeypatch.setattr(runner, "executor", executor)
    return counts


@pytest.fixture
def study(session: Session) -> Study:
    add_dataset(session.workspace)
    return create_study(session.workspace, "chain", small_config(), "leave-one-out", 5)


def wait_for_trials(session: Session, qtbot, count: int = 2) -> list[str]:
    """Ids of the trials, once all have been evaluated."""
    trials = session.training.trials
    qtbot.waitUntil(lambda: len(session.training.trials) == count, timeout=WAIT)
    trials = session.training.trials
    qtbot.waitUntil(lambda: all(trial.curves.best for trial in trials.values()), timeout=WAIT)
    return list(trials)


def test_the_newest_trial_is_followed_or_the_one_chosen_and_all_are_paused_and_stopped(
    session: Session, study: Study, carried: list[int], qtbot
):
    training, changes = session.training, list[str]()
    training.followed_changed.connect(lambda: changes.append(training.run.id))
    session.tuning.start(study, 2)
    first, second = wait_for_trials(session, qtbot)
    assert carried == [2] and session.tuning.active and training.state == "running"
    assert training.run.id == second and training.curves is training.trials[second].curves
    training.follow(first)
    assert changes[-1] == first and training.curves is training.trials[first].curves
    assert [event.kind for event in training.said][:1] == ["evaluated"]
    training.pause()
    assert training.state == "paused"
    training.resume()
    session.tuning.stop()
    assert training.state == "stopping"
    qtbot.waitUntil(lambda: not session.tuning.active, timeout=WAIT)
    assert training.state == "idle" and training.trials == {} and training.run.state == "stopped"
    assert {run.state for run in study.runs()} == {"stopped"} and {run.id for run in study.runs()} == {first, second}


def test_a_study_whose_trial_fails_ends_with_the_reason_told_once(session: Session, study: Study, qtbot, monkeypatch):
    fails = threading.Event()

    def execute(run: Run, control: Control, emit: Emit, _resume: bool) -> Run:
        if run.trial == 1:
            fails.wait()
            RunStore.of(run).set_failed(run, "The GPU caught fire.")
            emit(Failed(sentence="The GPU caught fire."))
            return Run.read(run.folder)
        return Trained(hook=slowly)(run, control, emit, False)

    monkeypatch.setattr(runner, "executor", lambda _count: execute)
    told: list[RecdeskError] = []
    session.failure.connect(told.append)
    session.tuning.start(study, 2)
    qtbot.waitUntil(lambda: len(session.training.trials) == 2, timeout=WAIT)
    session.training._timer.stop()  # the failure and the ends of both trials come in one batch
    fails.set()
    qtbot.waitUntil(lambda: not session.tuning.active, timeout=WAIT)
    assert [error.sentence for error in told] == ["The GPU caught fire."]
    assert sorted(run.state for run in study.runs()) == ["failed", "stopped"]


def test_a_study_under_way_elsewhere_is_not_carried_out(session: Session, study: Study, carried: list[int], qtbot):
    told: list[RecdeskError] = []
    session.failure.connect(told.append)
    with study.locked():
        session.tuning.start(Study(session.workspace, study.folder), 2)
        qtbot.waitUntil(lambda: not session.tuning.active, timeout=WAIT)
    assert "another window or command" in told[0].sentence and session.training.state == "idle"


def test_the_page_lists_the_trials_under_way_and_shows_the_curves_chosen(
    session: Session, study: Study, carried: list[int], qtbot
):
    session.preferences.trials_at_once = 2
    window = MainWindow(session)
    qtbot.addWidget(window, before_close_func=leave)
    window.show()
    window.show_page("train")
    session.choose_dataset("chain")
    page = window.pages["train"]
    qtbot.waitUntil(page.tuning.card.button.isVisible, timeout=WAIT)
    page.tuning.card.button.click()
    first, second = wait_for_trials(session, qtbot)
    box = page.tuning.card.followed
    qtbot.waitUntil(box.isVisible, timeout=WAIT)
    assert [box.itemText(n) for n in range(box.count())] == [
        "Curves of the newest trial, 2", "Curves of trial 1", "Curves of trial 2"
    ]  # fmt: skip
    qtbot.waitUntil(lambda: " ".join(labels(page.tuning.card)).count("training ·") == 2, timeout=WAIT)
    assert page.plots.loss and page._shown.id == second
    box.setCurrentIndex(1)
    box.activated.emit(1)
    assert page._shown.id == first and page._shown.curves is session.training.trials[first].curves
    assert page.stop_button.isVisible() and not page.tune_button.isVisible()
    page.stop_button.click()
    qtbot.waitUntil(lambda: session.training.state == "idle" and not session.tuning.active, timeout=WAIT)
    qtbot.waitUntil(lambda: page.tuning.card.button.isVisible() and not box.isVisible(), timeout=WAIT)
