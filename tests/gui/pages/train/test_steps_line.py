"""The Train page while a run goes through the five steps over texts, and afterwards."""

import csv
from pathlib import Path

import pytest

from recdesk.core.errors import DataError
from recdesk.gui import words
from recdesk.gui.pages.train.progress_card import ProgressCard
from recdesk.gui.session import Session
from recdesk.monitor.events import EncoderStep, StageStarted
from recdesk.training import masked_language, text_stages
from recdesk.workspace.run_log import curves_of, events_of
from recdesk.workspace.runs import Run
from recdesk.workspace.workspace import Workspace
from tests.gui.driver import window_on
from tests.gui.pages.train.driver import TrainPageDriver
from tests.gui.trained import add_dataset, train, trained_workspace
from tests.workspace.conftest import small_config

# Said by the platform without a screen whenever a window opens
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")

TEXTS = {"kind": "text-bert", "encoder": "scratch", "encoder_steps": 12, "epochs": 2, "text_width": 16}


@pytest.fixture(autouse=True)
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(text_stages, "SCRATCH_WIDTH", 32)
    monkeypatch.setattr(text_stages, "SCRATCH_LAYERS", 1)
    monkeypatch.setattr(masked_language, "STEP_TOKENS", 256)
    monkeypatch.setattr(masked_language, "MEASURED", 16)


@pytest.fixture
def driver(session: Session, qtbot) -> TrainPageDriver:
    made = TrainPageDriver(window_on(session, qtbot), qtbot)
    made.use(add_dataset(session.workspace))
    return made


def steps(driver: TrainPageDriver) -> list[str]:
    """What the chips say."""
    line = driver.page.progress.steps
    return [chip.text() for chip in line.chips.values()] if line.isVisible() else []


def test_the_steps_of_a_model_over_texts_are_shown_before_the_start(driver: TrainPageDriver):
    assert steps(driver) == []
    driver.page.use_settings(small_config(**TEXTS), "leave-one-out")
    assert steps(driver) == ["1 Texts", "2 Encoder", "3 Decoder", "4 Fine-tuning: skipped", "5 Recommending"]
    driver.page.settings.form.editor("encoder_steps").set_number(0)
    fine_tune = driver.page.settings.form.editor("fine_tune")
    fine_tune.setCurrentIndex(fine_tune.findData("whole"))
    assert steps(driver) == ["1 Texts", "2 Encoder: skipped", "3 Decoder", "4 Fine-tuning", "5 Recommending"]
    assert "lost a tenth of NDCG@10" in driver.page.progress.steps.chips["encoder"].toolTip()


def test_the_switches_of_steps_say_what_skipping_costs(driver: TrainPageDriver):
    driver.page.use_settings(small_config(**TEXTS), "leave-one-out")
    form = driver.page.settings.form
    assert "lost a tenth of NDCG@10" in form.editor("encoder_steps").toolTip()
    assert "cost nothing that could be measured" in form.editor("fine_tune").toolTip()


@pytest.mark.slow
def test_an_encoder_that_learns_draws_its_curves_as_it_does(driver: TrainPageDriver, tmp_path: Path):
    driver.start(lambda event: isinstance(event, EncoderStep), **{**TEXTS, "encoder_steps": 100_000})
    plots = driver.page.plots
    driver.until(lambda: plots.view == "encoder" and len(plots.encoder_loss.line.series) > 3)
    assert steps(driver)[:3] == ["✓ 1 Texts", "▸ 2 Encoder", "3 Decoder"]
    assert driver.page.progress.epoch.text() == "The encoder learns"
    assert plots.encoder_loss.plot.isVisible() and not plots.loss.plot.isVisible()
    driver.until(lambda: plots.encoder_loss.plot.plot.listDataItems()[0].isVisible())
    driver.stop()


@pytest.mark.slow
def test_when_it_is_over_both_steps_can_be_looked_at_and_saved(driver: TrainPageDriver, tmp_path: Path):
    driver.start(lambda event: isinstance(event, StageStarted), **TEXTS)
    driver.finish()
    plots, line = driver.page.plots, driver.page.progress.steps
    assert plots.view == "decoder"
    assert steps(driver) == ["✓ 1 Texts", "✓ 2 Encoder", "✓ 3 Decoder", "4 Fine-tuning: skipped", "✓ 5 Recommending"]
    driver.click(line.chips["encoder"])
    assert plots.encoder_accuracy.plot.isVisible()
    (run,) = driver.session.workspace.runs()
    said = [event for event in events_of(run) if isinstance(event, EncoderStep)]
    assert plots.encoder_accuracy.line.series.y.tolist() == [event.accuracy for event in said]
    plots.encoder_loss.export_to(tmp_path / "loss.csv")
    driver.until((tmp_path / "loss.csv").exists)
    with (tmp_path / "loss.csv").open(encoding="utf-8-sig") as file:
        rows = list(csv.reader(file))
    assert rows[0] == ["step", "loss"] and len(rows) == 13
    assert float(rows[12][1]) == said[-1].loss
    driver.click(line.chips["decoder"])
    assert plots.loss.plot.isVisible()


@pytest.mark.slow
def test_the_curves_of_a_run_that_was_chosen_are_those_it_kept(driver: TrainPageDriver):
    run = train(driver.session.workspace, **TEXTS)
    driver.session.choose_run(run.id)
    plots = driver.page.plots
    driver.until(lambda: len(plots.encoder_loss.line.series) == 12)
    assert plots.encoder_loss.line.series.y.tolist() == curves_of(run).encoder.loss.y.tolist()
    assert len(plots.loss.train.series) > 0
    assert steps(driver)[1] == "✓ 2 Encoder"
    assert driver.page.progress.epoch.text() == words.run_title(run)
    assert driver.buttons() == ["Start training"]
    driver.session.choose_run(None)
    assert len(plots.loss.train.series) == 0
    assert driver.page.progress.epoch.text() == "Not started"


def test_a_new_window_shows_the_curves_of_the_run_chosen_last(tmp_path: Path, preferences, qapp, qtbot):
    workspace: Workspace = trained_workspace(tmp_path / "made")
    (run,) = workspace.runs()
    session = Session(workspace, preferences)
    window = window_on(session, qtbot)
    session.choose_run(run.id)
    page = window.show_page("train")
    qtbot.waitUntil(lambda: len(page.loss.train.series) > 0 and not session.jobs._jobs, timeout=30_000)
    assert page.loss.train.series.y.tolist() == curves_of(run).train_loss.y.tolist()
    assert not page.progress.steps.isVisible()
    assert page.progress.epoch.text().startswith("bert-causal · ")
    window.close()
    session.deleteLater()


@pytest.mark.slow
def test_a_run_that_starts_takes_the_plots_over(driver: TrainPageDriver):
    run = train(driver.session.workspace, **TEXTS)
    driver.session.choose_run(run.id)
    driver.until(lambda: len(driver.page.plots.encoder_loss.line.series) == 12)
    driver.start(epochs=1)
    driver.finish()
    assert len(driver.page.plots.encoder_loss.line.series) == 0
    assert steps(driver) == []
    assert driver.buttons() == ["Start training", "Recommendations ›"]


def test_a_long_word_on_the_stage_leaves_room_for_the_rest(qapp, qtbot):
    card = ProgressCard()
    qtbot.addWidget(card)
    card.show_stage(
        "Step 2 of 5: an encoder with a very long name (2 layers, 128 wide) learns the catalogue's language."
    )
    assert card.minimumSizeHint().width() < 700


@pytest.mark.slow
def test_a_run_that_was_stopped_while_its_encoder_learned_says_so(driver: TrainPageDriver):
    driver.start(lambda event: isinstance(event, EncoderStep), **{**TEXTS, "encoder_steps": 100_000})
    driver.stop()
    assert driver.page.progress.epoch.text() == "Stopped while the texts were read; resume goes on from there."
    assert steps(driver)[:2] == ["✓ 1 Texts", "2 Encoder"]
    assert driver.buttons() == ["Start training"]


def test_a_run_whose_settings_are_damaged_is_named_and_its_curves_can_still_be_read(tmp_path: Path):
    (run,) = trained_workspace(tmp_path / "made").runs()
    (run.folder / "config.json").write_text("{")
    with pytest.raises(DataError, match=r"config\.json” is damaged"):
        Run.read(run.folder)
    assert len(curves_of(run).train_loss) > 0
