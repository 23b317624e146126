import psutil
import pytest

from recdesk.gui.pages.train.estimate_card import EstimateCard, process_memory, total_time
from recdesk.monitor.events import Plan
from recdesk.training.calibration import Calibration, StepSize
from recdesk.training.config import make_config
from tests.conftest import chain_dataset
from tests.gui.trained import answer

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")


@pytest.fixture
def card(qtbot) -> EstimateCard:
    made = EstimateCard()
    qtbot.addWidget(made)
    made.show_estimate(chain_dataset(), make_config())
    return made


def test_everything_automatic_is_shown_before_the_start_and_as_it_is_in_the_run(card: EstimateCard):
    card.show_estimate(chain_dataset(), make_config(batch_tokens=500, hidden=64, dropout=0.25, device="cpu"))
    said = [line.text() for line in card.lines]
    assert said[0] == "about 1 step an epoch, at most 1,000 epochs"
    assert said[3:] == ["500 interactions a step · vectors of 64 · dropout 0.25", "evaluated every 7 epochs · on cpu"]
    card.show_plan(
        Plan(
            steps_per_epoch=9,
            max_epochs=20,
            patience=3,
            minutes=None,
            parameters=12_345,
            device="cpu",
            softmax="full softmax",
            full_softmax_bytes=0,
            precision="float32",
            step_tokens=4_000,
            hidden=96,
        )
    )
    assert [line.text() for line in card.lines] == [
        "9 steps an epoch, at most 20 epochs",
        "12,345 weights",
        "full softmax",
        "4,000 interactions a step · vectors of 96 · dropout 0",
        "evaluated after each epoch · cpu · float32",
    ]


def test_the_memory_is_that_of_the_whole_program_and_what_is_missing_is_said(card: EstimateCard, monkeypatch):
    assert process_memory(10**9) > 10**9 + 0.9 * psutil.Process().memory_info().rss
    monkeypatch.setattr("recdesk.gui.pages.train.estimate_card.resident_memory", lambda: 2**30)
    monkeypatch.setattr("recdesk.gui.pages.train.estimate_card.available_memory", lambda: 2**33)
    card.show_estimate(chain_dataset(), make_config())
    assert [check.level for check in card.checks.shown] == ["warning", "good", "good"]  # 60 people; memory; histories
    memory = str(card.checks.shown[1].sentence)
    assert memory.startswith("It fits: this program will take about 1.") and memory.endswith(" of 9.0 GB of memory.")
    assert card.checks.faults() == []
    assert card.allows_start()
    monkeypatch.setattr("recdesk.gui.pages.train.estimate_card.available_memory", lambda: 0)
    card.show_estimate(chain_dataset(), make_config())
    assert "1.0 GB are free." in card.checks.faults()[0]


def test_a_start_that_hardly_ends_well_is_asked_about(card: EstimateCard):
    card.show_estimate(chain_dataset(), make_config(), disk=1000)
    (fault,) = card.checks.faults()
    assert fault.startswith("The disk has room for 0.0 GB")
    asked = answer("Do not start")
    assert not card.allows_start()
    assert f"• {fault}" in asked
    answer("Start anyway")
    assert card.allows_start()


def test_the_whole_time_is_said_by_the_limit_that_comes_first():
    assert total_time(make_config(epochs=100), 36) == (
        "At most 1 h 0 min, at 36 s an epoch. It ends sooner: after 10 evaluations without improvement."
    )
    assert total_time(make_config(epochs=100, minutes=2), 36) == "At most 2 min, at 36 s an epoch."
    assert total_time(make_config(epochs=100, minutes=20), 36).endswith(
        "It ends sooner: after 10 evaluations without improvement."
    )
    assert total_time(make_config(epochs=5), 2) == "At most 10 s, at 2.0 s an epoch."


def test_the_measured_pace_is_shown_for_each_size_of_step(card: EstimateCard):
    assert card.sizes.isHidden()
    others = (StepSize(6400, 66_049.0), StepSize(1600, 51_000.0))
    card.show_pace(Calibration(0.05, 312, 62_040.0, 3200, others))
    assert card.lines[0].text() == "15 s an epoch on this computer, 62,000 interactions a second"
    said = card.sizes.text().replace("\N{NO-BREAK SPACE}", " ")
    assert said == "interactions a second by those in a step: 1,600 → 51,000 · 3,200 → 62,000 · 6,400 → 66,000"
    assert not card.sizes.isHidden()


def test_other_settings_make_what_was_measured_void(card: EstimateCard):
    card.show_pace(Calibration(0.05, 312, 62_000.0, 3200, (StepSize(6400, 66_000.0),)))
    card.show_estimate(chain_dataset(), make_config(batch_tokens=500))
    assert card.sizes.isHidden()
    assert "this computer" not in card.lines[0].text()


def test_a_model_that_was_timed_in_one_size_only_shows_no_others(card: EstimateCard):
    card.show_pace(Calibration(1.5, 40, 900.0))
    assert card.sizes.isHidden()
    card.show_pace(None)
    assert card.measure.isEnabled()


def test_the_time_of_several_seeds_is_that_of_all_of_them():
    config = make_config(epochs=10, patience=10)
    assert total_time(config, 60.0) == "At most 10 min, at 1 min an epoch."
    assert total_time(config, 60.0, repeat=3) == "At most 30 min for all 3 seeds, at 1 min an epoch."
