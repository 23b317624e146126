import csv
import os
import threading
from dataclasses import replace
from pathlib import Path

import pytest
import torch
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QApplication

from recdesk.gui.pages.train.progress_card import ProgressCard
from recdesk.gui.preferences import Preferences
from recdesk.gui.session import Session
from recdesk.monitor.curves import RunCurves
from recdesk.monitor.events import Evaluated, Event, Finished, Plan, StageProgress, Step
from recdesk.training.config import PRESETS, make_config
from recdesk.workspace.run_log import events_of
from recdesk.workspace.workspace import Workspace
from tests.conftest import chain_dataset
from tests.gui.driver import window_on
from tests.gui.markup import labels
from tests.gui.pages.train.driver import TrainPageDriver
from tests.gui.trained import add_dataset, button, train_until
from tests.workspace.conftest import small_config

# Said by the platform without a screen whenever a window opens
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")

LEFT = Qt.MouseButton.LeftButton
ENDLESS = {"epochs": 100_000, "patience": 1000}


@pytest.fixture
def empty(session: Session, qtbot) -> TrainPageDriver:
    return TrainPageDriver(window_on(session, qtbot), qtbot)


@pytest.fixture
def driver(empty: TrainPageDriver) -> TrainPageDriver:
    """With "chain" chosen."""
    empty.use(add_dataset(empty.session.workspace))
    return empty


# starting


def test_without_data_nothing_can_be_started_and_the_page_leads_to_data(empty: TrainPageDriver):
    assert "There is nothing to learn from yet. Add data first, or take the built-in example." in labels(empty.page)
    assert not empty.page.start_button.isEnabled()
    empty.session.actions.trigger("train.start")
    empty.page.start()
    assert empty.session.workspace.runs() == []
    assert empty.session.training.state == "idle"
    empty.click(button(empty.page, "Go to Data"))
    assert empty.window.stack.currentWidget() is empty.window.pages["data"]


def test_the_sizes_of_data_and_model_are_shown_before_the_start(driver: TrainPageDriver):
    assert driver.page.head.facts() == "chain · 60 users · 40 items · 720 interactions"
    said = [line.text() for line in driver.page.estimate.lines]
    assert "epochs" in said[0] and "weights" in said[1] and "softmax" in said[2]
    weights = said[1]
    driver.page.settings.form.editor("hidden").setValue(512)
    assert driver.page.estimate.lines[1].text() != weights


def test_the_buttons_are_those_that_make_sense_in_each_state(driver: TrainPageDriver):
    training = driver.session.training
    assert driver.buttons() == ["Start training"]
    driver.start(lambda event: isinstance(event, Evaluated), **ENDLESS)
    assert training.state == "running"
    assert driver.buttons() == ["Pause", "Stop and keep"]
    driver.click(driver.page.pause_button)
    assert training.state == "paused"
    assert driver.buttons() == ["Go on", "Stop and keep"]
    driver.until(lambda: driver.session.workspace.runs()[0].state == "paused")
    driver.click(driver.page.resume_button)
    assert driver.buttons() == ["Pause", "Stop and keep"]
    training.pause()
    driver.until(lambda: driver.session.workspace.runs()[0].state == "paused")
    driver.click(driver.page.stop_button)
    assert driver.buttons() == ["Skip final figures"]
    driver.finish()
    assert driver.buttons() == ["Start training", "Recommendations ›"]
    assert driver.session.workspace.runs()[0].state == "stopped"


@pytest.mark.slow
def test_settings_cannot_be_changed_under_a_run(driver: TrainPageDriver):
    driver.start(**ENDLESS)
    assert not driver.page.settings.isEnabled()
    assert not driver.page.model.isEnabled()
    driver.stop()
    assert driver.page.settings.isEnabled()
    assert driver.page.model.isEnabled()


def test_another_model_is_prepared_under_a_run_and_begins_after_it(driver: TrainPageDriver):
    page, session = driver.page, driver.session
    assert not page.prepare_button.isVisible() and page.queue_button.isVisible()
    driver.start(**ENDLESS)
    started = page.settings.config()
    assert not page.queue_button.isVisible() and page.model.accessibleName() == "Model of this run"
    driver.click(page.prepare_button)
    assert page.model.isEnabled() and page.settings.isEnabled()
    assert page.model.accessibleName() == "Model of the next run"
    assert driver.buttons() == ["Pause", "Stop and keep"]  # of the run, which goes on
    driver.click(page.model.choices["bert4rec"])
    for name, value in {"epochs": 1, "hidden": 24}.items():
        page.settings.form.editor(name).setValue(value)
    prepared = page.settings.config()
    assert page.estimate.accessibleName() == "Before you start" and not page.estimate.measure.isVisible()
    driver.click(page.queue_button)
    driver.until(lambda: len(session.queue.waiting) == 1)
    assert session.queue.waiting[0].config == prepared and session.queue.active
    driver.click(page.prepare_button)
    assert page.settings.config() == started and not page.model.isEnabled()
    driver.click(page.prepare_button)
    assert page.settings.config() == prepared and session.training.state == "running"
    driver.stop()
    driver.settle()
    assert not session.queue.active and len(session.queue.waiting) == 1  # who stops wants no other at once
    assert page.settings.config() == prepared and page.model.isEnabled() and not page.prepare_button.isVisible()
    assert page.start_button.isVisible() and not page.memory.preparing


@pytest.mark.slow  # trains twice
def test_what_is_prepared_stays_in_the_form_when_the_queue_begins_the_next_run(driver: TrainPageDriver):
    page, session = driver.page, driver.session
    driver.start(minutes=0.05, **ENDLESS)
    driver.click(page.prepare_button)
    page.use_settings(small_config("bert4rec", hidden=32, minutes=0.05, **ENDLESS), "leave-one-out")
    driver.click(page.queue_button)
    page.use_settings(small_config("bert4rec", hidden=24), "time")
    edited, begun = page.settings.config(), []
    session.training.state_changed.connect(lambda state: begun.append((state, page.settings.config())))
    driver.until(lambda: ("running", edited) in begun)
    assert session.training.run.kind == "bert4rec" and page.settings.isEnabled()
    driver.until(lambda: session.training.state == "idle" and not session.queue.active)
    driver.settle()
    assert page.settings.config() == edited and not page.memory.preparing
    assert [run.state for run in session.workspace.runs()] == ["finished", "finished"]


@pytest.mark.slow
def test_a_resumed_run_shows_its_own_settings_which_cannot_be_changed_meanwhile(driver: TrainPageDriver):
    run = train_until(driver.session.workspace, lambda event: isinstance(event, Step), hidden=24, **ENDLESS)
    driver.page.use_settings(small_config("bert4rec", hidden=32), "time")
    driver.session.choose_run(run.id)
    driver.settle()
    driver.page.entered()
    driver.click(driver.page.continue_button)
    driver.until(lambda: driver.session.training.state == "running")
    assert driver.page.settings.config() == run.config
    assert driver.page.settings.split_kind() == run.split
    assert driver.page.model.kind() == "bert-causal"
    assert not driver.page.settings.isEnabled()
    driver.stop()


def test_settings_of_a_run_that_was_not_begun_here_leave_the_form_as_it_was(driver: TrainPageDriver):
    driver.page.use_settings(small_config("bert4rec", hidden=32), "time")
    before = driver.page.settings.config()
    run = driver.session.workspace.create_run("chain", small_config(minutes=0.01), "leave-one-out")
    with driver.qtbot.waitSignal(driver.session.training.events, timeout=60_000):
        driver.session.training.start(run)
    assert driver.page.settings.config() == run.config
    driver.finish()
    assert driver.page.settings.config() == before
    assert driver.page.settings.split_kind() == "time"
    assert driver.page.model.kind() == "bert4rec"


def test_settings_offered_under_a_run_are_in_the_form_after_it(driver: TrainPageDriver):
    run = driver.session.workspace.create_run("chain", small_config(minutes=0.05, **ENDLESS), "leave-one-out")
    with driver.qtbot.waitSignal(driver.session.training.events, timeout=60_000):
        driver.session.training.start(run)
    offered, said = small_config("bert4rec", hidden=32), []
    driver.session.status_changed.connect(said.append)
    driver.session.offer_settings(offered, "time")
    assert driver.page.settings.config() == run.config and "when the run has ended" in said[-1]
    driver.finish()
    assert driver.page.settings.config() == offered and driver.page.settings.split_kind() == "time"
    driver.session.training.followed_changed.emit()  # of a run that has ended
    assert driver.page.settings.config() == offered and driver.page.memory.own is None


def test_the_preset_that_was_chosen_is_chosen_after_a_restart(driver: TrainPageDriver, qtbot, preferences: Preferences):
    box = driver.page.settings.preset
    box.setCurrentIndex(box.findData("Best quality"))
    assert driver.page.settings.form.differing() == []
    again = TrainPageDriver(window_on(Session(driver.session.workspace, preferences), qtbot), qtbot)
    assert again.page.settings.preset.currentData() == "Best quality"
    assert again.page.settings.config() == driver.page.settings.config() and again.page.settings.form.differing() == []


def test_what_stood_in_the_form_stands_there_after_a_restart(driver: TrainPageDriver, qtbot, preferences: Preferences):
    driver.page.use_settings(small_config("bert4rec", hidden=32, minutes=5.0), "time")
    wanted = driver.page.settings.config()
    session = Session(driver.session.workspace, preferences)
    again = TrainPageDriver(window_on(session, qtbot), qtbot)
    assert again.page.settings.config() == wanted and again.page.model.kind() == "bert4rec"
    again.use("chain")
    assert again.page.settings.split_kind() == "time"
    again.window.close()
    preferences.set_form(session.workspace.folder, {"kind": "bert4rec", "hidden": "many", "split": "time"})
    newer = TrainPageDriver(window_on(Session(session.workspace, preferences), qtbot), qtbot)
    assert newer.page.settings.form.differing() == []


def test_an_impossible_setting_is_named_by_its_title_at_the_field_and_at_the_button(driver: TrainPageDriver):
    form = driver.page.settings.form
    form.editor("hidden").setValue(33)
    assert form.problem() == "“Vector size” is 33, but it must be a multiple of 2."
    assert form._labels["hidden"]._tone == "bad" and form._labels["layers"]._tone == "secondary"
    assert not driver.page.start_button.isEnabled()
    assert driver.page.start_button.toolTip() == form.problem()
    form.editor("hidden").setValue(34)
    assert driver.page.start_button.isEnabled() and driver.page.start_button.toolTip() == ""


def test_a_run_is_started_with_the_settings_shown(driver: TrainPageDriver):
    driver.click(driver.page.model.choices["bert4rec"])
    form = driver.page.settings.form
    for name, value in {"hidden": 16, "layers": 1, "epochs": 1, "max_length": 10}.items():
        form.editor(name).setValue(value)
    form.editor("device").setCurrentIndex(form.editor("device").findData("cpu"))
    wanted = form.config()
    driver.page.settings.split.setCurrentIndex(driver.page.settings.split.findData("validation-only"))
    driver.click(driver.page.start_button)
    driver.finish()
    (run,) = driver.session.workspace.runs()
    assert run.config == wanted
    assert (run.kind, run.split, run.state) == ("bert4rec", "validation-only", "finished")
    assert driver.session.run_id == run.id


def test_ctrl_r_starts_and_a_second_time_does_nothing(driver: TrainPageDriver):
    driver.page.use_settings(small_config(**ENDLESS), "leave-one-out")
    for _ in range(2):
        driver.qtbot.keyClick(driver.window, Qt.Key.Key_R, Qt.KeyboardModifier.ControlModifier)
        driver.until(lambda: driver.session.training.state == "running")
    driver.page.start()
    assert len(driver.session.workspace.runs()) == 1
    driver.stop()


@pytest.mark.slow
def test_stopping_twice_skips_the_final_figures(driver: TrainPageDriver):
    driver.start(lambda event: isinstance(event, Evaluated), **ENDLESS)
    driver.click(driver.page.stop_button)
    if driver.page.stop_button.isVisible():
        driver.click(driver.page.stop_button)
    driver.finish()
    (run,) = driver.session.workspace.runs()
    assert run.state == "stopped"
    assert run.has_model


@pytest.mark.slow
def test_the_head_and_the_way_to_recommendations_are_of_the_run_shown_whatever_was_chosen_meanwhile(
    driver: TrainPageDriver,
):
    other = add_dataset(driver.session.workspace, replace(chain_dataset(), name="other"))
    driver.start(lambda event: isinstance(event, Evaluated), **ENDLESS)
    run = driver.session.training.run
    assert run is not None
    driver.use(other)
    assert driver.session.run_id is None
    assert driver.page.head.facts() == "training on chain"
    driver.stop()
    assert driver.page.head.facts().startswith("other")
    driver.click(driver.page.recommend_button)
    assert driver.session.run_id == run.id
    driver.until(lambda: driver.session.dataset_name == "chain")


@pytest.mark.slow
def test_after_a_run_the_recommendations_are_one_click_away(driver: TrainPageDriver):
    driver.start(epochs=2)
    driver.finish()
    driver.click(driver.page.recommend_button)
    page = driver.window.pages["recommend"]
    assert driver.window.stack.currentWidget() is page
    driver.until(lambda: bool(page.top.codes))
    assert page.run.id == driver.session.workspace.runs()[0].id


# failing


@pytest.mark.slow
def test_the_error_of_a_failed_run_is_shown_above_the_page_and_another_run_can_follow(driver: TrainPageDriver):
    driver.use(add_dataset(driver.session.workspace, replace(chain_dataset(length=2), name="short")))
    driver.page.use_settings(small_config(), "leave-one-out")
    driver.click(driver.page.start_button)
    driver.finish()
    assert driver.window.failures.isVisible()
    assert "nobody has 3 or more interactions" in driver.window.failures.sentence()
    assert driver.session.workspace.runs()[0].state == "failed"
    assert driver.buttons() == ["Start training"]
    driver.use("chain")
    driver.start(epochs=1)
    assert not driver.window.failures.isVisible()
    driver.finish()
    assert sorted(run.state for run in driver.session.workspace.runs()) == ["failed", "finished"]


def test_a_missing_device_is_an_error_in_a_sentence(driver: TrainPageDriver):
    absent = "mps" if torch.cuda.is_available() else "cuda"  # no machine has both
    driver.page.use_settings(small_config(device=absent), "leave-one-out")
    driver.click(driver.page.start_button)
    driver.finish()
    assert absent in driver.window.failures.report().casefold()
    assert driver.buttons() == ["Start training"]


def test_a_dataset_that_was_removed_meanwhile_is_an_error_in_a_sentence(driver: TrainPageDriver):
    driver.session.workspace.remove_dataset("chain")
    driver.page.start()
    driver.finish()
    assert "There is no dataset “chain”." in driver.window.failures.sentence()
    assert driver.session.workspace.runs() == []


def test_settings_that_do_not_go_together_cannot_be_started(driver: TrainPageDriver):
    driver.page.settings.form.editor("hidden").setValue(10)
    driver.page.settings.form.editor("heads").setValue(4)
    assert not driver.page.start_button.isEnabled()
    assert "Vector size 10 is not divisible by 4 heads." in labels(driver.page.settings)
    driver.session.actions.trigger("train.start")
    assert driver.session.workspace.runs() == []
    driver.page.start()
    assert "not divisible" in driver.window.failures.sentence()
    assert driver.session.workspace.runs() == []


def test_a_window_that_only_reads_cannot_start(workspace: Workspace, preferences: Preferences, qapp, qtbot):
    name = add_dataset(workspace)
    session = Session(workspace, preferences, read_only=True)
    driver = TrainPageDriver(window_on(session, qtbot), qtbot)
    driver.use(name)
    assert driver.page.start_button.isVisible()
    assert not driver.page.start_button.isEnabled()
    driver.page.start()
    driver.session.actions.trigger("train.start")
    driver.qtbot.keyClick(driver.window, Qt.Key.Key_R, Qt.KeyboardModifier.ControlModifier)
    assert session.training.state == "idle"
    assert list((workspace.folder / "runs").iterdir()) == []
    driver.window.close()
    session.deleteLater()


# settings


def edited(driver: TrainPageDriver) -> dict:
    """Settings as a person changes them."""
    values = {"hidden": 48, "layers": 3, "patience": 7, "seed": 5, "epochs": 77}
    for name, value in values.items():
        driver.page.settings.form.editor(name).setValue(value)
    driver.page.settings.form.editor("dropout").set_number(0.35)
    driver.page.settings.form.editor("minutes").set_number(2.5)
    return {**values, "dropout": 0.35, "minutes": 2.5}


def test_what_a_person_set_survives_a_change_of_model(driver: TrainPageDriver):
    wanted = edited(driver)
    for kind in ("bert4rec", "bert-causal", "bert4rec"):
        driver.click(driver.page.model.choices[kind])
        config = driver.page.settings.config()
        assert config.model_dump()["kind"] == kind
        assert {name: getattr(config, name) for name in wanted} == wanted


def test_unchanged_settings_follow_the_model(driver: TrainPageDriver):
    driver.click(driver.page.model.choices["bert4rec"])
    assert driver.page.settings.config() == make_config("bert4rec")
    driver.page.settings.form.editor("max_length").setValue(33)
    driver.click(driver.page.model.choices["bert-causal"])
    assert driver.page.settings.config() == make_config("bert-causal", max_length=33)


def test_the_advanced_settings_stay_open_when_the_model_changes(driver: TrainPageDriver):
    driver.page.settings.form.more.setChecked(True)
    driver.click(driver.page.model.choices["bert4rec"])
    assert driver.page.settings.form.more.isChecked()
    driver.until(lambda: driver.page.settings.form.editor("layers").isVisible())


def test_models_are_chosen_with_the_arrow_keys_too(driver: TrainPageDriver):
    driver.page.model.choices["bert-causal"].setFocus()
    driver.qtbot.keyClick(driver.page.model.choices["bert-causal"], Qt.Key.Key_Down)
    assert driver.page.model.kind() == "bert4rec"
    assert driver.page.settings.config().model_dump()["kind"] == "bert4rec"


@pytest.mark.parametrize("preset", PRESETS)
def test_a_preset_sets_the_form(preset: str, driver: TrainPageDriver):
    box = driver.page.settings.preset
    box.setCurrentIndex(box.findData(preset))
    assert driver.page.settings.config() == make_config("bert-causal", preset)
    assert not driver.page.settings.differ.isVisible()
    driver.click(driver.page.model.choices["bert4rec"])
    assert driver.page.settings.config() == make_config("bert4rec", preset)


def test_what_differs_from_the_preset_is_counted_and_can_be_taken_back(driver: TrainPageDriver):
    settings = driver.page.settings
    edited(driver)
    assert settings.differ.text() == "7 differ from preset"
    assert "Vector size" in settings.differ.toolTip()
    driver.click(settings.differ)
    assert settings.config() == make_config("bert-causal")
    assert not settings.differ.isVisible()


def test_the_settings_of_an_earlier_run_are_taken_over_whole(driver: TrainPageDriver):
    config = make_config("bert4rec", "Quick look", hidden=24, mask_probability=0.3, learning_rate=0.003, minutes=3)
    driver.page.use_settings(config, "time")
    assert driver.page.model.kind() == "bert4rec"
    assert driver.page.settings.config() == config
    assert driver.page.settings.split_kind() == "time"


def test_a_split_by_time_is_offered_where_there_are_times(driver: TrainPageDriver):
    settings = driver.page.settings
    settings.split.setCurrentIndex(settings.split.findData("time"))
    assert settings.split_kind() == "time"
    driver.use(add_dataset(driver.session.workspace, replace(chain_dataset(), name="timeless", times=None)))
    assert settings.split.findData("time") == -1
    assert settings.split_kind() == "leave-one-out"
    driver.use("chain")
    assert settings.split.findData("time") >= 0


def test_turning_the_wheel_over_the_settings_changes_none(driver: TrainPageDriver):
    settings = driver.page.settings
    edited(driver)
    before = settings.config(), settings.preset.currentData(), settings.split_kind()
    how = (Qt.MouseButton.NoButton, Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase, False)
    for control in (
        settings.preset,
        settings.split,
        settings.form.editor("device"),
        settings.form.editor("hidden"),
    ):
        at, turn = QPointF(5, 5), QPoint(0, -120)
        QApplication.sendEvent(control, QWheelEvent(at, at, turn, turn, *how))
    assert (settings.config(), settings.preset.currentData(), settings.split_kind()) == before


# watching


def test_a_run_draws_what_it_says(driver: TrainPageDriver):
    driver.start(epochs=4)
    driver.finish()
    (run,) = driver.session.workspace.runs()
    losses = [event.loss for event in events_of(run) if isinstance(event, Step)]
    ndcg = [event.metrics["ndcg@10"] for event in events_of(run) if isinstance(event, Evaluated)]
    assert driver.page.loss.train.series.y.tolist() == losses
    header, rows = driver.page.quality.plot.table()
    assert header[:2] == ["step", "NDCG@10"] and "most popular" in header[2:]
    assert [row[1] for row in rows] == ndcg
    assert driver.page.progress.line.value() == 1.0
    assert driver.page.progress.left.text().endswith("of training")
    assert "EASE" in "".join(label for label in run.baselines)


@pytest.mark.slow
def test_stages_after_training_are_shown_with_their_progress(driver: TrainPageDriver, monkeypatch):
    going_on = threading.Event()

    def measure(split, model, task):
        task.report(0.5)
        going_on.wait(60)
        return {}, {}

    monkeypatch.setattr("recdesk.monitor.progress.REPORT_SECONDS", -1.0)
    monkeypatch.setattr("recdesk.experiment.pipeline.measure", measure)
    progress = driver.page.progress
    try:
        driver.start(lambda event: isinstance(event, StageProgress) and event.stage == "testing", epochs=2)
        assert len(driver.page.loss.train.series) > 0
        driver.qtbot.waitSignal(driver.page._redraw.timeout, timeout=10_000).wait()
        assert progress.epoch.text() == "Ranking the whole catalogue for everybody's held-out items."
        assert progress.line.value() == 0.5
    finally:
        going_on.set()
    driver.finish()
    assert progress.line.value() == 1.0
    assert progress.epoch.text() == "All 2 epochs are done."
    assert progress.facts.text().endswith("Epoch 2 of at most 2")
    assert progress.left.text().endswith("of training")


@pytest.mark.slow
def test_the_warning_of_a_waiting_run_goes_when_it_is_stopped(driver: TrainPageDriver, monkeypatch):
    monkeypatch.setattr("recdesk.training.waiting.RETRY_SECONDS", 0.01)
    driver.start(lambda event: isinstance(event, Evaluated), **ENDLESS)

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("recdesk.core.tensors.save_file", full)
    driver.until(lambda: driver.session.training.waits)
    driver.click(driver.page.pause_button)
    driver.click(driver.page.resume_button)
    assert driver.session.training.waits
    driver.stop()
    panel = driver.window.failures
    assert "is full" in panel.sentence() and "waits" not in panel.sentence()
    panel.dismiss()
    assert not panel.isVisible()


@pytest.mark.slow
@pytest.mark.skipif(os.name == "nt", reason="Windows keeps a folder with open files where it is")
def test_a_run_whose_folder_is_gone_waits_says_so_and_goes_on(driver: TrainPageDriver, monkeypatch):
    monkeypatch.setattr("recdesk.training.waiting.RETRY_SECONDS", 0.01)
    folder = driver.session.workspace.folder
    panel, strip = driver.window.failures, driver.window.strip
    driver.start(lambda event: isinstance(event, Evaluated), **ENDLESS)
    folder.rename(folder.with_name("away"))
    driver.until(lambda: driver.session.training.waits and driver.page.progress.left.text() == "waiting for the disk")
    assert "Training waits until it can be written to again." in panel.sentence()
    assert panel.isVisible()
    assert "waiting for the disk" in labels(strip)
    step = driver.session.training.curves.step
    folder.with_name("away").rename(folder)
    driver.until(lambda: driver.session.training.curves.step > step)
    assert not panel.isVisible()
    assert "training" in labels(strip)
    driver.stop()
    assert driver.session.workspace.runs()[0].state == "stopped"


@pytest.mark.slow
def test_the_messages_of_a_run_are_there_to_read(driver: TrainPageDriver):
    driver.click(driver.page.log_chip)
    driver.start(epochs=1)
    driver.finish()
    said = driver.page.log.view.toPlainText()
    assert driver.page.log.isVisible()
    assert "Loading “chain”." in said
    assert driver.session.workspace.runs()[0].reason in said
    driver.start(epochs=1)
    driver.finish()
    assert driver.page.log.view.toPlainText().count("Loading “chain”.") == 1


@pytest.mark.slow
def test_a_page_that_is_entered_while_a_run_is_under_way_shows_it(session: Session, qtbot):
    window = window_on(session, qtbot)
    run = session.workspace.create_run(add_dataset(session.workspace), small_config(**ENDLESS), "leave-one-out")
    session.choose_run(run.id)
    with qtbot.waitSignal(
        session.training.events,
        timeout=60_000,
        check_params_cb=lambda events: any(isinstance(event, Evaluated) for event in events),
    ):
        session.training.start(run)
    driver = TrainPageDriver(window, qtbot)
    driver.until(
        lambda: len(driver.page.loss.train.series) > 0 and driver.page.loss.plot.plot.listDataItems()[0].isVisible()
    )
    assert driver.buttons() == ["Pause", "Stop and keep"]
    assert driver.page.progress.epoch.text().startswith("Epoch")
    driver.stop()


@pytest.mark.slow
def test_the_metrics_shown_can_be_chosen(driver: TrainPageDriver):
    quality = driver.page.quality
    driver.click(quality.chips["recall@10"])
    driver.start(epochs=2)
    driver.finish()
    assert quality.plot.table()[0][:3] == ["step", "NDCG@10", "Recall@10"]
    driver.click(quality.chips["ndcg@10"])
    assert quality.plot.table()[0][:2] == ["step", "Recall@10"]


@pytest.mark.slow
def test_plots_are_saved_as_table_and_picture(driver: TrainPageDriver, tmp_path: Path):
    driver.start(epochs=2)
    driver.finish()
    driver.page.loss.export_to(tmp_path / "loss.csv")
    driver.page.loss.export_to(tmp_path / "loss.png")
    driver.until(lambda: (tmp_path / "loss.csv").exists() and not driver.session.jobs.active())
    with (tmp_path / "loss.csv").open(encoding="utf-8-sig", newline="") as stream:
        rows = list(csv.reader(stream))
    assert rows[0] == ["step", "training", "validation"]
    assert [float(row[1]) for row in rows[1:]] == driver.page.loss.train.series.y.tolist()
    assert (tmp_path / "loss.png").read_bytes().startswith(b"\x89PNG")


@pytest.mark.parametrize("name", ["loss.csv", "loss.png", "loss.svg"])
def test_a_plot_that_cannot_be_saved_is_an_error_in_a_sentence(name: str, driver: TrainPageDriver, tmp_path: Path):
    driver.page.loss.export_to(tmp_path / "nowhere" / name)
    driver.until(lambda: not driver.session.jobs.active())
    assert driver.window.failures.isVisible()
    assert "nowhere" in driver.window.failures.sentence() or name in driver.window.failures.sentence()


# the line of progress


def curves(*events: Event) -> RunCurves:
    made = RunCurves()
    for event in events:
        made.add(event)
    return made


def plan(**more) -> Plan:
    usual = {
        "steps_per_epoch": 10,
        "max_epochs": 100,
        "patience": 10,
        "minutes": None,
        "parameters": 1000,
        "device": "cpu",
        "softmax": "full",
        "full_softmax_bytes": 1,
    }
    return Plan(**{**usual, **more})


def step(number: int, seconds: float) -> Step:
    return Step(step=number, epoch=number / 10, loss=1.0, learning_rate=0.1, tokens=10, seconds=seconds)


def evaluated(epoch: int, ndcg: float, best: bool, since: int) -> Evaluated:
    metrics = {"ndcg@10": ndcg, "recall@10": ndcg}
    return Evaluated(
        epoch=epoch, step=10 * epoch, loss=1.0, metrics=metrics, best=best, since_best=since, seconds=float(epoch)
    )


@pytest.fixture
def card(qtbot) -> ProgressCard:
    made = ProgressCard()
    qtbot.addWidget(made)
    return made


def test_progress_shows_epoch_patience_best_metric_and_time_left(card: ProgressCard):
    steps = [step(number, seconds=number) for number in range(1, 251)]
    card.show_curves(curves(plan(), *steps, evaluated(20, 0.4, True, 0), evaluated(25, 0.3, False, 5)), "running")
    assert card.epoch.text() == "Epoch 26 of at most 100"
    assert card.facts.text() == "no improvement for 5 of 10 evaluations · best NDCG@10 0.400 at epoch 20"
    assert card.line.value() == pytest.approx(0.25)
    assert card.left.text() == "ends in about 50 s unless it improves"  # five epochs of ten seconds


def test_while_it_improves_the_time_left_is_that_of_all_epochs(card: ProgressCard):
    steps = [step(number, seconds=number) for number in range(1, 251)]
    card.show_curves(curves(plan(), *steps, evaluated(25, 0.4, True, 0)), "running")
    assert card.left.text() == "at most 12 min left"  # 75 epochs of ten seconds


def test_a_run_that_was_still_improving_and_one_that_was_stopped_say_so(card: ProgressCard):
    finished = Finished(state="finished", reason="The time limit is reached.", seconds=250.0, metrics={})
    first, best = evaluated(12, 0.3, True, 0), evaluated(25, 0.4, True, 0)
    card.show_curves(curves(plan(), step(250, seconds=250.0), best, finished), "finished")
    assert card.advice.isHidden()  # one evaluation tells nothing
    card.show_curves(curves(plan(), step(250, seconds=250.0), first, best, finished), "finished")
    assert card.advice.text().startswith("It was still improving when it ended") and card.advice.isVisibleTo(card)
    assert card.left.text() == "4 min of training"
    card.show_curves(
        curves(plan(), step(250, seconds=250.0), best, evaluated(26, 0.3, False, 1), finished), "stopped", "another"
    )
    assert card.advice.isHidden()
    assert card.left.text() == "stopped, 4 min of training"
    late = evaluated(25, 0.399, True, 0), evaluated(26, 0.4, True, 0)  # of which the last one came right after
    for before, then, early in ((0.3, 0.398, False), (0.2, 0.3, True), (0.4, 0.38, False)):  # the last one: a dip
        every = evaluated(10, before, True, 0), evaluated(20, then, True, 0), *late
        card.show_curves(curves(plan(), step(250, seconds=250.0), *every, finished), "finished")
        assert card.advice.isVisibleTo(card) == early


def test_a_limit_in_minutes_bounds_the_time_left(card: ProgressCard):
    steps = [step(number, seconds=number) for number in range(1, 251)]
    card.show_curves(curves(plan(minutes=5.0), *steps), "running")
    assert card.left.text() == "at most 50 s left"
    assert card.line.value() == pytest.approx(250 / 300)


@pytest.mark.parametrize(("state", "said"), [("paused", "paused"), ("stopping", "stopping")])
def test_a_run_that_holds_says_so_in_place_of_a_time(state: str, said: str, card: ProgressCard):
    card.show_curves(curves(plan(), step(1, 1.0), step(100, 100.0)), state)
    assert card.left.text() == said


def test_the_end_of_a_run_shows_the_time_it_took(card: ProgressCard):
    end = Finished(state="finished", reason="done", seconds=125.0, metrics={})
    card.show_curves(curves(plan(), step(100, 100.0), end), "idle")
    assert (card.epoch.text(), card.left.text()) == ("done", "2 min of training")
    assert card.facts.text() == "Epoch 10 of at most 100"
    assert card.line.value() == 1.0


def test_nothing_is_promised_before_the_pace_is_known(card: ProgressCard):
    card.show_curves(curves(plan(), step(1, 0.1)), "running")
    assert card.left.text() == ""


def test_how_long_it_will_take_is_measured_when_asked(driver: TrainPageDriver):
    estimate = driver.page.estimate
    driver.page.use_settings(small_config(), "leave-one-out")
    driver.click(estimate.measure)
    driver.until(lambda: "interactions a second" in estimate.lines[0].text())
    assert estimate.measure.isEnabled()
    assert driver.session.workspace.runs() == []


def test_an_epoch_that_time_cut_short_counts_as_the_one_that_was_reached(card: ProgressCard):
    end = Finished(state="finished", reason="time", seconds=60.0, metrics={})
    card.show_curves(curves(plan(minutes=1.0), step(54, 54.0), evaluated(6, 0.4, True, 0), end), "idle")
    assert card.epoch.text() == "time"
    assert card.facts.text() == "best NDCG@10 0.400 at epoch 6 · Epoch 6 of at most 100"


@pytest.mark.slow
def test_the_dashed_lines_of_the_lower_plot_are_baselines_to_beat(driver: TrainPageDriver):
    driver.start(epochs=2)
    driver.finish()
    (run,) = driver.session.workspace.runs()
    reached = {name: parts["validation"]["ndcg@10"] for name, parts in run.baselines.items()}
    plot = driver.page.quality.plot
    drawn = {line.value for line in plot.references.lines if line.is_shown()}
    assert drawn == {reached["most popular"], max(reached.values())}
    assert {line._line.pen.style() for line in plot.references.lines} == {Qt.PenStyle.DashLine}
    upper, lower = (
        card.mapTo(driver.page, card.rect().topLeft()).y() for card in (driver.page.loss, driver.page.quality)
    )
    assert upper < lower
