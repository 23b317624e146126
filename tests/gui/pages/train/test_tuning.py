import pytest

from recdesk.experiment.study import create_study, studies
from recdesk.gui.main_window import MainWindow
from recdesk.gui.pages.train import tuning_dialog
from recdesk.gui.pages.train.page import TrainPage
from recdesk.gui.pages.train.tuning import TuningCard
from recdesk.gui.pages.train.tuning_dialog import TuningDialog, ask_minutes
from recdesk.gui.session import Session
from recdesk.training.config import DEFAULT_PRESET, PRESETS
from recdesk.workspace.presets import Preset, load_presets, save_preset
from recdesk.workspace.run_log import curves_of
from tests.gui.driver import window_on
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


@pytest.mark.slow
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
    assert page.tune_button.isVisible()
    qtbot.waitUntil(lambda: len(load_presets(session.workspace.folder)) == 1, timeout=60_000)
    (preset,) = load_presets(session.workspace.folder)
    assert (preset.study, preset.config, preset.split) == (study.id, page.settings.config(), study.split)
    qtbot.waitUntil(lambda: page.settings.preset.findData(study.id) >= 0, timeout=60_000)


def test_found_settings_can_be_chosen_after_a_restart(page, session, qtbot):
    config = small_config(hidden=24, epochs=7)
    save_preset(session.workspace.folder, Preset("study", "chain", 1e9, "validation-only", 0.5, config))
    save_preset(session.workspace.folder, Preset("other", "elsewhere", 1e9, "leave-one-out", 0.5, config))
    page.entered()
    box = page.settings.preset
    qtbot.waitUntil(lambda: box.count() == len(PRESETS) + 1, timeout=60_000)
    box.setCurrentIndex(box.findData("study"))
    assert page.settings.config() == config
    assert page.settings.split_kind() == "validation-only"
    page.model.choices["bert4rec"].click()
    assert box.count() == len(PRESETS)
    assert box.currentData() == DEFAULT_PRESET


def test_found_settings_are_still_the_chosen_preset_after_a_restart_and_after_a_run_of_another_model(
    page, session, preferences, qtbot
):
    config = small_config(hidden=24, epochs=7)
    save_preset(session.workspace.folder, Preset("study", "chain", 1e9, "validation-only", 0.5, config))
    page.entered()
    box = page.settings.preset
    qtbot.waitUntil(lambda: box.findData("study") >= 0, timeout=60_000)
    box.setCurrentIndex(box.findData("study"))
    page.settings.form.editor("epochs").setValue(8)
    run = session.workspace.create_run("chain", small_config("bert4rec", minutes=0.01), "leave-one-out")
    with qtbot.waitSignal(session.training.events, timeout=60_000):
        session.training.start(run)
    assert page.model.kind() == "bert4rec" and box.findData("study") < 0
    qtbot.waitUntil(lambda: session.training.state == "idle", timeout=60_000)
    qtbot.waitUntil(lambda: box.currentData() == "study", timeout=60_000)
    assert len(page.settings.form.differing()) == 1
    page.window().close()
    again = Session(session.workspace, preferences)
    window = window_on(again, qtbot)
    window.show_page("train")
    settings = window.pages["train"].settings
    assert settings.presets.key == "study"  # before it is read
    again.choose_dataset("chain")
    qtbot.waitUntil(lambda: settings.preset.currentData() == "study", timeout=60_000)
    assert settings.config().epochs == 8 and len(settings.form.differing()) == 1
    qtbot.waitUntil(lambda: again.dataset is not None and not again.jobs.working(), timeout=60_000)
    window.close()


def test_a_best_trial_below_a_baseline_gets_a_word_of_caution(qapp, qtbot):
    card = TuningCard()
    qtbot.addWidget(card)
    card.show_caution(0.0412, ("EASE", 0.0533))
    assert not card.caution.isHidden()
    assert "0.0412" in card.caution.text() and "EASE" in card.caution.text() and "0.0533" in card.caution.text()
    for ndcg, baseline in ((0.06, ("EASE", 0.0533)), (None, ("EASE", 0.1)), (0.1, None)):
        card.show_caution(ndcg, baseline)
        assert card.caution.isHidden()


@pytest.mark.slow
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
    assert page.settings.config() == small_config(epochs=100_000, patience=1000)
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


def test_the_dialog_says_how_long_a_trial_takes(session, qtbot):
    dialog = TuningDialog("bert-causal", session)
    qtbot.addWidget(dialog)
    dialog.minutes.setValue(50)
    assert "at most 5 min" in dialog.note.text()


def test_the_dialog_asks_how_many_trials_train_at_once_and_remembers_it(session, qtbot, monkeypatch):
    monkeypatch.setattr(tuning_dialog, "usable_cores", lambda: 6)
    dialog = TuningDialog("bert-causal", session)
    qtbot.addWidget(dialog)
    assert (dialog.at_once.value(), dialog.at_once.maximum()) == (1, 6) and not dialog.where.isVisible()
    assert "share the cores" not in dialog.note.text()
    dialog.at_once.setValue(3)
    assert "3 trials share the cores" in dialog.note.text()
    monkeypatch.setattr(TuningDialog, "exec", lambda dialog: dialog.at_once.setValue(4) or 1)
    assert ask_minutes("bert-causal", session, dialog) == 30 and session.preferences.trials_at_once == 4


def test_on_a_cluster_there_may_be_more_trials_than_cores_here(session, qtbot, monkeypatch):
    monkeypatch.setattr(tuning_dialog, "usable_cores", lambda: 2)
    session.preferences.set_cluster("head:8265", "/mnt/storage", 2)
    dialog = TuningDialog("bert-causal", session)
    qtbot.addWidget(dialog)
    dialog.show()
    assert dialog.where.isVisible() and dialog.at_once.maximum() == 2
    dialog.where.setCurrentIndex(1)
    dialog.where.activated.emit(1)
    assert dialog.at_once.maximum() == 64 and session.preferences.trains_on_cluster
