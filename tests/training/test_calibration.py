import time

import pytest

from recdesk.core.errors import DataError
from recdesk.core.task import Task
from recdesk.data.splitting import make_split
from recdesk.training.batches import BatchMaker
from recdesk.training.calibration import calibrate
from recdesk.training.config import make_config
from tests.conftest import chain_dataset
from tests.workspace.conftest import small_config


def test_it_tells_the_pace_of_these_data_and_settings():
    split, config = make_split(chain_dataset()), small_config()
    begun = time.perf_counter()
    measured = calibrate(split, config)
    spent = time.perf_counter() - begun
    maker = BatchMaker(split, config.max_length, config.batch_tokens or 256, config.seed)
    assert measured is not None
    assert measured.steps_per_epoch == len(maker.plan(0))
    assert 0 < measured.step_seconds < spent
    assert measured.epoch_seconds == pytest.approx(measured.step_seconds * measured.steps_per_epoch)
    tokens = measured.tokens_per_second * measured.step_seconds
    assert 0.2 * maker.tokens < tokens < 5 * maker.tokens


def test_nobody_waits_for_it_who_does_not_want_it():
    asked: list[int] = []

    def cancelled() -> bool:
        asked.append(1)
        return len(asked) > 2

    assert calibrate(make_split(chain_dataset()), small_config(), Task(cancelled=cancelled)) is None
    assert len(asked) == 3


def test_data_without_anything_to_learn_is_refused():
    with pytest.raises(DataError, match="two interactions"):
        calibrate(make_split(chain_dataset(length=3)), small_config())


def test_the_pace_of_a_model_over_texts_is_told_before_any_text_is_read():
    config = make_config("hybrid", encoder="nowhere at all", hidden=16, layers=1, max_length=10, device="cpu")
    measured = calibrate(make_split(chain_dataset()), config)
    assert measured is not None and measured.step_seconds > 0 and measured.steps_per_epoch > 0


def test_steps_of_other_sizes_are_timed_but_none_larger_than_the_data():
    split = make_split(chain_dataset())
    config = make_config(hidden=16, layers=1, max_length=16, batch_tokens=64, device="cpu")
    predictions = BatchMaker(split, 16, 64, 0).predictions
    measured = calibrate(split, config)
    assert measured is not None
    tokens = [size.tokens for size in measured.sizes]
    assert tokens == [size for size in (32, 64, 128, 256) if size <= predictions]
    assert all(size.tokens_per_second > 0 for size in measured.sizes)
    assert dict(zip(tokens, measured.sizes, strict=True))[64].tokens_per_second == measured.tokens_per_second
    whole = calibrate(split, make_config(hidden=16, layers=1, max_length=16, batch_tokens=predictions, device="cpu"))
    assert whole is not None and max(size.tokens for size in whole.sizes) == predictions


def test_a_size_is_only_another_plan_of_the_same_windows():
    maker = BatchMaker(make_split(chain_dataset()), 16, 64, 3)
    other = maker.of_size(128)
    assert other.predictions == maker.predictions
    assert len(other.plan(0)) < len(maker.plan(0))
    assert sum(len(windows) for windows in other.plan(0)) == sum(len(windows) for windows in maker.plan(0))
