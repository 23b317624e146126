import csv
import os
import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
import torch
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QApplication

from recdesk.gui.main_window import MainWindow
from recdesk.gui.pages.train.progress_card import ProgressCard
from recdesk.gui.pages.train_page import TrainPage
from recdesk.gui.preferences import Preferences
from recdesk.gui.session import Session
from recdesk.gui.starting import STARTING
from recdesk.monitor.curves import RunCurves
from recdesk.monitor.events import Evaluated, Event, Finished, Plan, StageProgress, Step
from recdesk.training.config import PRESETS, make_config
from recdesk.workspace.run_log import events_of
from recdesk.workspace.workspace import Workspace
from tests.conftest import chain_dataset
from tests.gui.person import Person
from tests.gui.plain import labels
from tests.gui.trained import add_dataset, button, leave
from tests.workspace.conftest import small_config

# Said by the platform without a screen whenever a window opens
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")

LEFT = Qt.MouseButton.LeftButton
ENDLESS = {"epochs": 100_000, "patience": 1000}


class Bench:
    """A person before the Train page."""

    def __init__(self, window: MainWindow, qtbot) -> None:
        self.window, self.qtbot, self.session = window, qtbot, window.session
        self.person = Person(window, qtbot)
        window.show_page("train")
        with qtbot.waitActive(window):
            window.activateWindow()
        page = window.pages["train"]
        assert isinstance(page, TrainPage)
        self.page = page

    def use(self, name: str) -> None:
        """Choose a dataset and wait for it."""
        self.session.choose_dataset(name)
        self.until(lambda: self.session.dataset is not None)

    def until(self, seen: Callable[[], bool]) -> None:
        self.qtbot.waitUntil(seen, timeout=60_000)

    def start(self, seen: Callable[[Event], bool] = lambda event: isinstance(event, Step), **settings) -> None:
        """Press Start with small settings and wait for an event."""
        self.page.use_settings(small_config(**settings), "leave-one-out")
        with self.qtbot.waitSignal(
            self.session.training.events, timeout=60_000, check_params_cb=lambda events: any(map(seen, events))
        ):
            self.person.click(self.page.start_button)

    def finish(self) -> None:
        session = self.session
        self.until(lambda: session.training.state == "idle" and not session.jobs.at_work(STARTING))

    def stop(self) -> None:
        if self.session.training.state != "idle":
            self.person.click(self.page.stop_button)
        self.finish()

    def buttons(self) -> list[str]:
        """The words on the buttons of the head that can be seen."""
        page = self.page
        every = (page.pause_button, page.resume_button, page.stop_button, page.start_button, page.recommend_button)
        return [button.text() for button in every if button.isVisible()]


def window_on(session: Session, qtbot) -> MainWindow:
    window = MainWindow(session)
    qtbot.addWidget(window, before_close_func=leave)
    window.resize(1280, 800)
    with qtbot.waitExposed(window):
        window.show()
    return window


@pytest.fixture
def empty(session: Session, qtbot) -> Bench:
    return Bench(window_on(session, qtbot), qtbot)


@pytest.fixture
def bench(empty: Bench) -> Bench:
    """With "chain" chosen."""
    empty.use(add_dataset(empty.session.workspace))
    return empty


# starting


def test_without_data_nothing_can_be_started_and_the_way_is_shown(empty: Bench):
    assert "There is nothing to learn from yet. Add data first, or take the built-in example." in labels(empty.page)
    assert not empty.page.start_button.isEnabled()
    empty.session.actions.trigger("train.start")
    empty.page.start()
    assert empty.session.workspace.runs() == []
    assert empty.session.training.state == "idle"
    empty.person.click(button(empty.page, "Go to Data"))
    assert empty.window.stack.currentWidget() is empty.window.pages["data"]


def test_the_data_and_the_size_of_the_model_are_told_before_the_start(bench: Bench):
    assert bench.page.head.facts() == "chain · 60 users · 40 items · 720 interactions"
    said = [line.text() for line in bench.page.estimate.lines]
    assert "epochs" in said[0] and "weights" in said[1] and "softmax" in said[2]
    weights = said[1]
    bench.page.settings.form.editor("hidden").setValue(512)
    assert bench.page.estimate.lines[1].text() != weights


def test_the_buttons_are_those_that_make_sense_in_each_state(bench: Bench):
    training = bench.session.training
    assert bench.buttons() == ["Start training"]
    bench.start(lambda event: isinstance(event, Evaluated), **ENDLESS)
    assert training.state == "running"
    assert bench.buttons() == ["Pause", "Stop and keep"]
    bench.person.click(bench.page.pause_button)
    assert training.state == "paused"
    assert bench.buttons() == ["Go on", "Stop and keep"]
    bench.until(lambda: bench.session.workspace.runs()[0].state == "paused")
    bench.person.click(bench.page.resume_button)
    assert bench.buttons() == ["Pause", "Stop and keep"]
    training.pause()
    bench.until(lambda: bench.session.workspace.runs()[0].state == "paused")
    bench.person.click(bench.page.stop_button)
    assert bench.buttons() == ["Skip final figures"]
    bench.finish()
    assert bench.buttons() == ["Start training", "Recommendations ›"]
    assert bench.session.workspace.runs()[0].state == "stopped"


def test_settings_cannot_be_changed_under_a_run(bench: Bench):
    bench.start(**ENDLESS)
    assert not bench.page.settings.isEnabled()
    assert not bench.page.model.isEnabled()
    bench.stop()
    assert bench.page.settings.isEnabled()
    assert bench.page.model.isEnabled()


def test_a_run_is_started_with_the_settings_shown(bench: Bench):
    bench.person.click(bench.page.model.choices["bert4rec"])
    form = bench.page.settings.form
    for name, value in {"hidden": 16, "layers": 1, "epochs": 1, "max_length": 10}.items():
        form.editor(name).setValue(value)
    form.editor("device").setCurrentIndex(form.editor("device").findData("cpu"))
    wanted = form.config()
    bench.page.settings.split.setCurrentIndex(bench.page.settings.split.findData("validation-only"))
    bench.person.click(bench.page.start_button)
    bench.finish()
    (run,) = bench.session.workspace.runs()
    assert run.config == wanted
    assert (run.kind, run.split, run.state) == ("bert4rec", "validation-only", "finished")
    assert bench.session.run_id == run.id


def test_ctrl_r_starts_and_a_second_time_does_nothing(bench: Bench):
    bench.page.use_settings(small_config(**ENDLESS), "leave-one-out")
    for _ in range(2):
        bench.qtbot.keyClick(bench.window, Qt.Key.Key_R, Qt.KeyboardModifier.ControlModifier)
        bench.until(lambda: bench.session.training.state == "running")
    bench.page.start()
    assert len(bench.session.workspace.runs()) == 1
    bench.stop()


def test_stopping_twice_skips_the_final_figures(bench: Bench):
    bench.start(lambda event: isinstance(event, Evaluated), **ENDLESS)
    bench.person.click(bench.page.stop_button)
    if bench.page.stop_button.isVisible():
        bench.person.click(bench.page.stop_button)
    bench.finish()
    (run,) = bench.session.workspace.runs()
    assert run.state == "stopped"
    assert run.has_model


def test_the_head_and_the_way_to_recommendations_are_of_the_run_shown_whatever_was_chosen_meanwhile(bench: Bench):
    other = add_dataset(bench.session.workspace, replace(chain_dataset(), name="other"))
    bench.start(lambda event: isinstance(event, Evaluated), **ENDLESS)
    run = bench.session.training.run
    assert run is not None
    bench.use(other)
    assert bench.session.run_id is None
    assert bench.page.head.facts() == "training on chain"
    bench.stop()
    assert bench.page.head.facts().startswith("other")
    bench.person.click(bench.page.recommend_button)
    assert bench.session.run_id == run.id
    bench.until(lambda: bench.session.dataset_name == "chain")


def test_after_a_run_the_recommendations_are_one_click_away(bench: Bench):
    bench.start(epochs=2)
    bench.finish()
    bench.person.click(bench.page.recommend_button)
    page = bench.window.pages["recommend"]
    assert bench.window.stack.currentWidget() is page
    bench.until(lambda: bool(page.top.codes))
    assert page.run.id == bench.session.workspace.runs()[0].id


# failing


def test_a_run_that_fails_is_told_over_the_page_and_another_can_follow(bench: Bench):
    bench.use(add_dataset(bench.session.workspace, replace(chain_dataset(length=2), name="short")))
    bench.page.use_settings(small_config(), "leave-one-out")
    bench.person.click(bench.page.start_button)
    bench.finish()
    assert bench.window.failures.isVisible()
    assert "nobody has 3 or more interactions" in bench.window.failures.sentence()
    assert bench.session.workspace.runs()[0].state == "failed"
    assert bench.buttons() == ["Start training"]
    bench.use("chain")
    bench.start(epochs=1)
    bench.finish()
    assert sorted(run.state for run in bench.session.workspace.runs()) == ["failed", "finished"]


def test_a_device_that_is_not_there_is_told(bench: Bench):
    absent = "mps" if torch.cuda.is_available() else "cuda"  # no machine has both
    bench.page.use_settings(small_config(device=absent), "leave-one-out")
    bench.person.click(bench.page.start_button)
    bench.finish()
    assert absent in bench.window.failures.report().casefold()
    assert bench.buttons() == ["Start training"]


def test_a_dataset_that_was_removed_meanwhile_is_told(bench: Bench):
    bench.session.workspace.remove_dataset("chain")
    bench.page.start()
    bench.finish()
    assert "There is no dataset “chain”." in bench.window.failures.sentence()
    assert bench.session.workspace.runs() == []


def test_settings_that_do_not_go_together_cannot_be_started(bench: Bench):
    bench.page.settings.form.editor("hidden").setValue(10)
    bench.page.settings.form.editor("heads").setValue(4)
    assert not bench.page.start_button.isEnabled()
    assert "Vector size 10 is not divisible by 4 heads." in labels(bench.page.settings)
    bench.session.actions.trigger("train.start")
    assert bench.session.workspace.runs() == []
    bench.page.start()
    assert "not divisible" in bench.window.failures.sentence()
    assert bench.session.workspace.runs() == []


def test_a_window_that_only_reads_cannot_start(workspace: Workspace, preferences: Preferences, qapp, qtbot):
    name = add_dataset(workspace)
    session = Session(workspace, preferences, read_only=True)
    bench = Bench(window_on(session, qtbot), qtbot)
    bench.use(name)
    assert bench.page.start_button.isVisible()
    assert not bench.page.start_button.isEnabled()
    bench.page.start()
    bench.session.actions.trigger("train.start")
    bench.qtbot.keyClick(bench.window, Qt.Key.Key_R, Qt.KeyboardModifier.ControlModifier)
    assert session.training.state == "idle"
    assert list((workspace.folder / "runs").iterdir()) == []
    bench.window.close()
    session.deleteLater()


# settings


def edited(bench: Bench) -> dict:
    """Settings as a person changes them."""
    values = {"hidden": 48, "layers": 3, "patience": 7, "seed": 5, "epochs": 77}
    for name, value in values.items():
        bench.page.settings.form.editor(name).setValue(value)
    bench.page.settings.form.editor("dropout").set_number(0.35)
    bench.page.settings.form.editor("minutes").set_number(2.5)
    return {**values, "dropout": 0.35, "minutes": 2.5}


def test_what_a_person_set_survives_a_change_of_model(bench: Bench):
    wanted = edited(bench)
    for kind in ("bert4rec", "bert-causal", "bert4rec"):
        bench.person.click(bench.page.model.choices[kind])
        config = bench.page.settings.config()
        assert config.model_dump()["kind"] == kind
        assert {name: getattr(config, name) for name in wanted} == wanted


def test_what_nobody_set_is_that_of_the_model(bench: Bench):
    bench.person.click(bench.page.model.choices["bert4rec"])
    assert bench.page.settings.config() == make_config("bert4rec")
    bench.page.settings.form.editor("max_length").setValue(33)
    bench.person.click(bench.page.model.choices["bert-causal"])
    assert bench.page.settings.config() == make_config("bert-causal", max_length=33)


def test_the_advanced_settings_stay_open_when_the_model_changes(bench: Bench):
    bench.page.settings.form.more.setChecked(True)
    bench.person.click(bench.page.model.choices["bert4rec"])
    assert bench.page.settings.form.more.isChecked()
    bench.until(lambda: bench.page.settings.form.editor("layers").isVisible())


def test_models_are_chosen_with_the_arrow_keys_too(bench: Bench):
    bench.page.model.choices["bert-causal"].setFocus()
    bench.qtbot.keyClick(bench.page.model.choices["bert-causal"], Qt.Key.Key_Down)
    assert bench.page.model.kind() == "bert4rec"
    assert bench.page.settings.config().model_dump()["kind"] == "bert4rec"


@pytest.mark.parametrize("preset", PRESETS)
def test_a_preset_sets_the_form(preset: str, bench: Bench):
    box = bench.page.settings.preset
    box.setCurrentIndex(box.findData(preset))
    assert bench.page.settings.config() == make_config("bert-causal", preset)
    assert not bench.page.settings.differ.isVisible()
    bench.person.click(bench.page.model.choices["bert4rec"])
    assert bench.page.settings.config() == make_config("bert4rec", preset)


def test_what_differs_from_the_preset_is_counted_and_can_be_taken_back(bench: Bench):
    settings = bench.page.settings
    edited(bench)
    assert settings.differ.text() == "7 differ from preset"
    assert "Vector size" in settings.differ.toolTip()
    bench.person.click(settings.differ)
    assert settings.config() == make_config("bert-causal")
    assert not settings.differ.isVisible()


def test_the_settings_of_an_earlier_run_are_taken_over_whole(bench: Bench):
    config = make_config("bert4rec", "Quick look", hidden=24, mask_probability=0.3, learning_rate=0.003, minutes=3)
    bench.page.use_settings(config, "time")
    assert bench.page.model.kind() == "bert4rec"
    assert bench.page.settings.config() == config
    assert bench.page.settings.split_kind() == "time"


def test_a_split_by_time_is_offered_where_there_are_times(bench: Bench):
    settings = bench.page.settings
    settings.split.setCurrentIndex(settings.split.findData("time"))
    assert settings.split_kind() == "time"
    bench.use(add_dataset(bench.session.workspace, replace(chain_dataset(), name="timeless", times=None)))
    assert settings.split.findData("time") == -1
    assert settings.split_kind() == "leave-one-out"
    bench.use("chain")
    assert settings.split.findData("time") >= 0


def test_turning_the_wheel_over_the_settings_changes_none(bench: Bench):
    settings = bench.page.settings
    edited(bench)
    before = settings.config(), settings.preset.currentData(), settings.split_kind()
    how = (Qt.MouseButton.NoButton, Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase, False)
    for control in (settings.preset, settings.split, settings.form.editor("device"), settings.form.editor("hidden")):
        at, turn = QPointF(5, 5), QPoint(0, -120)
        QApplication.sendEvent(control, QWheelEvent(at, at, turn, turn, *how))
    assert (settings.config(), settings.preset.currentData(), settings.split_kind()) == before


# watching


def test_a_run_draws_what_it_says(bench: Bench):
    bench.start(epochs=4)
    bench.finish()
    (run,) = bench.session.workspace.runs()
    losses = [event.loss for event in events_of(run) if isinstance(event, Step)]
    ndcg = [event.metrics["ndcg@10"] for event in events_of(run) if isinstance(event, Evaluated)]
    assert bench.page.loss.train.series.y.tolist() == losses
    header, rows = bench.page.quality.plot.table()
    assert header == ["step", "NDCG@10"]
    assert [row[1] for row in rows] == ndcg
    assert bench.page.progress.line.value() == 1.0
    assert bench.page.progress.left.text().endswith("of training")
    assert "EASE" in "".join(label for label in run.baselines)


def test_what_follows_the_steps_is_told_with_how_far_it_is(bench: Bench, monkeypatch):
    going_on = threading.Event()

    def measure(split, model, control, told):
        told(0.5)
        going_on.wait(60)
        return {}, {}

    monkeypatch.setattr("recdesk.monitor.progress.REPORT_SECONDS", -1.0)
    monkeypatch.setattr("recdesk.experiment.pipeline.measure", measure)
    progress = bench.page.progress
    try:
        bench.start(lambda event: isinstance(event, StageProgress) and event.stage == "testing", epochs=2)
        assert len(bench.page.loss.train.series) > 0
        bench.qtbot.waitSignal(bench.page._redraw.timeout, timeout=10_000).wait()
        assert progress.epoch.text() == "Ranking the whole catalogue for everybody's held-out items."
        assert progress.line.value() == 0.5
    finally:
        going_on.set()
    bench.finish()
    assert progress.line.value() == 1.0
    assert progress.epoch.text() == "All 2 epochs are done."
    assert progress.facts.text().endswith("Epoch 2 of at most 2")
    assert progress.left.text().endswith("of training")


def test_what_a_run_waited_for_is_told_no_more_when_it_was_stopped(bench: Bench, monkeypatch):
    monkeypatch.setattr("recdesk.training.waiting.RETRY_SECONDS", 0.01)
    bench.start(lambda event: isinstance(event, Evaluated), **ENDLESS)

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("recdesk.core.tensors.save_file", full)
    bench.until(lambda: bench.session.training.waits)
    bench.person.click(bench.page.pause_button)
    bench.person.click(bench.page.resume_button)
    assert bench.session.training.waits
    bench.stop()
    panel = bench.window.failures
    assert "is full" in panel.sentence() and "waits" not in panel.sentence()
    panel.dismiss()
    assert not panel.isVisible()


@pytest.mark.skipif(os.name == "nt", reason="Windows keeps a folder with open files where it is")
def test_a_run_whose_folder_is_gone_waits_says_so_and_goes_on(bench: Bench, monkeypatch):
    monkeypatch.setattr("recdesk.training.waiting.RETRY_SECONDS", 0.01)
    folder = bench.session.workspace.folder
    panel, strip = bench.window.failures, bench.window.strip
    bench.start(lambda event: isinstance(event, Evaluated), **ENDLESS)
    folder.rename(folder.with_name("away"))
    bench.until(lambda: bench.session.training.waits and bench.page.progress.left.text() == "waiting for the disk")
    assert "Training waits until it can be written to again." in panel.sentence()
    assert panel.isVisible()
    assert "waiting for the disk" in labels(strip)
    step = bench.session.training.curves.step
    folder.with_name("away").rename(folder)
    bench.until(lambda: bench.session.training.curves.step > step)
    assert not panel.isVisible()
    assert "training" in labels(strip)
    bench.stop()
    assert bench.session.workspace.runs()[0].state == "stopped"


def test_the_messages_of_a_run_are_there_to_read(bench: Bench):
    bench.person.click(bench.page.log_chip)
    bench.start(epochs=1)
    bench.finish()
    said = bench.page.log.view.toPlainText()
    assert bench.page.log.isVisible()
    assert "Loading “chain”." in said
    assert bench.session.workspace.runs()[0].reason in said
    bench.start(epochs=1)
    bench.finish()
    assert bench.page.log.view.toPlainText().count("Loading “chain”.") == 1


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
    bench = Bench(window, qtbot)
    bench.until(
        lambda: len(bench.page.loss.train.series) > 0 and bench.page.loss.plot.plot.listDataItems()[0].isVisible()
    )
    assert bench.buttons() == ["Pause", "Stop and keep"]
    assert bench.page.progress.epoch.text().startswith("Epoch")
    bench.stop()


def test_the_metrics_shown_can_be_chosen(bench: Bench):
    quality = bench.page.quality
    bench.person.click(quality.chips["recall@10"])
    bench.start(epochs=2)
    bench.finish()
    assert quality.plot.table()[0] == ["step", "NDCG@10", "Recall@10"]
    bench.person.click(quality.chips["ndcg@10"])
    assert quality.plot.table()[0] == ["step", "Recall@10"]


def test_plots_are_saved_as_table_and_picture(bench: Bench, tmp_path: Path):
    bench.start(epochs=2)
    bench.finish()
    bench.page.loss.export_to(tmp_path / "loss.csv")
    bench.page.loss.export_to(tmp_path / "loss.png")
    bench.until(lambda: (tmp_path / "loss.csv").exists() and not bench.session.jobs.active())
    with (tmp_path / "loss.csv").open(encoding="utf-8-sig", newline="") as stream:
        rows = list(csv.reader(stream))
    assert rows[0] == ["step", "training", "validation"]
    assert [float(row[1]) for row in rows[1:]] == bench.page.loss.train.series.y.tolist()
    assert (tmp_path / "loss.png").read_bytes().startswith(b"\x89PNG")


@pytest.mark.parametrize("name", ["loss.csv", "loss.png", "loss.svg"])
def test_a_plot_that_cannot_be_saved_is_told(name: str, bench: Bench, tmp_path: Path):
    bench.page.loss.export_to(tmp_path / "nowhere" / name)
    bench.until(lambda: not bench.session.jobs.active())
    assert bench.window.failures.isVisible()
    assert "nowhere" in bench.window.failures.sentence() or name in bench.window.failures.sentence()


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


def test_progress_is_told_by_epoch_patience_best_figure_and_time_left(card: ProgressCard):
    steps = [step(number, seconds=number) for number in range(1, 251)]
    card.show_curves(curves(plan(), *steps, evaluated(20, 0.4, True, 0), evaluated(25, 0.3, False, 5)), "running")
    assert card.epoch.text() == "Epoch 26 of at most 100"
    assert card.facts.text() == "no improvement for 5 of 10 evaluations · best NDCG@10 0.400 at epoch 20"
    assert card.line.value() == pytest.approx(0.25)
    assert card.left.text() == "at most 12 min left"  # 75 epochs of ten seconds


def test_a_limit_in_minutes_bounds_the_time_left(card: ProgressCard):
    steps = [step(number, seconds=number) for number in range(1, 251)]
    card.show_curves(curves(plan(minutes=5.0), *steps), "running")
    assert card.left.text() == "at most 50 s left"
    assert card.line.value() == pytest.approx(250 / 300)


@pytest.mark.parametrize(("state", "said"), [("paused", "paused"), ("stopping", "stopping")])
def test_a_run_that_holds_says_so_in_place_of_a_time(state: str, said: str, card: ProgressCard):
    card.show_curves(curves(plan(), step(1, 1.0), step(100, 100.0)), state)
    assert card.left.text() == said


def test_the_end_is_told_by_the_time_it_took(card: ProgressCard):
    end = Finished(state="finished", reason="done", seconds=125.0, metrics={})
    card.show_curves(curves(plan(), step(100, 100.0), end), "idle")
    assert (card.epoch.text(), card.left.text()) == ("done", "2 min of training")
    assert card.facts.text() == "Epoch 10 of at most 100"
    assert card.line.value() == 1.0


def test_nothing_is_promised_before_the_pace_is_known(card: ProgressCard):
    card.show_curves(curves(plan(), step(1, 0.1)), "running")
    assert card.left.text() == ""


def test_how_long_it_will_take_is_measured_when_asked(bench: Bench):
    estimate = bench.page.estimate
    bench.page.use_settings(small_config(), "leave-one-out")
    bench.person.click(estimate.measure)
    bench.until(lambda: "interactions a second" in estimate.lines[0].text())
    assert estimate.measure.isEnabled()
    assert bench.session.workspace.runs() == []


def test_an_epoch_that_time_cut_short_counts_as_the_one_that_was_reached(card: ProgressCard):
    end = Finished(state="finished", reason="time", seconds=60.0, metrics={})
    card.show_curves(curves(plan(minutes=1.0), step(54, 54.0), evaluated(6, 0.4, True, 0), end), "idle")
    assert card.epoch.text() == "time"
    assert card.facts.text() == "best NDCG@10 0.400 at epoch 6 · Epoch 6 of at most 100"


def test_the_dashed_lines_of_the_lower_plot_are_baselines_to_beat(bench: Bench):
    bench.start(epochs=2)
    bench.finish()
    (run,) = bench.session.workspace.runs()
    reached = {name: parts["validation"]["ndcg@10"] for name, parts in run.baselines.items()}
    plot = bench.page.quality.plot
    drawn = {line.value for line in plot._references if line.is_shown()}
    assert drawn == {reached["most popular"], max(reached.values())}
    assert {line._line.pen.style() for line in plot._references} == {Qt.PenStyle.DashLine}
    upper, lower = (card.mapTo(bench.page, card.rect().topLeft()).y() for card in (bench.page.loss, bench.page.quality))
    assert upper < lower
