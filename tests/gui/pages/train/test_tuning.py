import pytest

from recdesk.experiment.study import create_study, studies
from recdesk.gui.main_window import MainWindow
from recdesk.gui.pages.train.page import TrainPage
from recdesk.gui.pages.train.tuning import TuningDialog
from recdesk.workspace.run_log import curves_of
from tests.gui.markup import labels
from tests.gui.trained import add_dataset, leave
from tests.workspace.conftest import small_config

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")


@pytest.fixture
def window(session, qtbot):
    add_dataset(session.workspace)
    window = MainWindow(session)
    qtbot.addWidget(window, before_close_func=leave)
    window.show()
    window.show_page("train")
    session.choose_dataset("chain")
    qtbot.waitUntil(lambda: session.dataset is not None, timeout=60_000)
    return window


@pytest.fixture
def page(window) -> TrainPage:
    page = window.pages["train"]
    page.use_settings(small_config(epochs=3), "leave-one-out")
    return page


def test_a_search_ends_with_its_best_settings_on_the_page_and_its_trials_among_the_runs(page, session, qtbot):
    page.start_search(0.01)
    qtbot.waitUntil(lambda: session.tuning.study is not None, timeout=60_000)
    qtbot.waitUntil(lambda: not session.tuning.active and not page.tuning.card.isHidden(), timeout=120_000)
    study = session.tuning.study
    best = study.best()
    qtbot.waitUntil(lambda: session.run_id == best.id, timeout=60_000)
    assert page.settings.config() == best.config.model_copy(update={"minutes": None})
    said = " ".join(labels(page.tuning.card))
    assert f"{curves_of(best).best[2]:.4f} · trial {best.trial + 1}" in said
    assert {run.study for run in session.workspace.runs()} == {study.id}
    assert page.start_button.isEnabled()


def test_a_stopped_search_keeps_its_trials_and_goes_on_from_the_card(page, session, qtbot):
    page.use_settings(small_config(epochs=100_000, patience=1000), "leave-one-out")
    page.start_search(5)
    qtbot.waitUntil(lambda: session.training.state == "running", timeout=60_000)
    qtbot.waitUntil(lambda: len(session.training.curves.train_loss) > 3, timeout=60_000)
    assert not page.tune_button.isVisible() and page.stop_button.isVisible()
    page.stop_button.click()
    qtbot.waitUntil(lambda: session.training.state == "idle" and not session.tuning.active, timeout=60_000)
    qtbot.waitUntil(page.tuning.card.button.isVisible, timeout=60_000)
    (trial,) = session.workspace.runs()
    page.tuning.card.button.click()
    qtbot.waitUntil(lambda: session.training.state == "running", timeout=60_000)
    assert session.training.run.id == trial.id
    page.stop_button.click()
    qtbot.waitUntil(lambda: session.training.state == "idle" and not session.tuning.active, timeout=60_000)


def test_an_unfinished_search_of_an_earlier_day_is_offered_for_its_dataset(session, qtbot):
    add_dataset(session.workspace)
    create_study(session.workspace, "chain", small_config(), "leave-one-out", 5)
    window = MainWindow(session)
    qtbot.addWidget(window, before_close_func=leave)
    window.show()
    window.show_page("train")
    session.choose_dataset("chain")
    card = window.pages["train"].tuning.card
    qtbot.waitUntil(card.button.isVisible, timeout=60_000)
    assert len(studies(session.workspace)) == 1


def test_the_dialog_says_how_long_a_trial_takes(qtbot):
    dialog = TuningDialog("bert-causal")
    qtbot.addWidget(dialog)
    dialog.minutes.setValue(50)
    assert "at most 5 min" in dialog.note.text()
