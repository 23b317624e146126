import json
from dataclasses import replace

import numpy as np
import pytest

from recdesk.data.dataset import Dataset
from recdesk.data.splitting import make_split
from recdesk.training.config import TextConfig, make_config
from recdesk.training.objective import build_model
from recdesk.training.plan import (
    choose_dropout,
    choose_hidden,
    choose_softmax,
    estimate,
    evaluation_interval,
    fine_tuning_plan,
    full_softmax_bytes,
    parameter_count,
    predictions_of,
    resolve,
    step_tokens,
)
from recdesk.training.train_step import DecoderStep


@pytest.mark.parametrize("kind", ["bert-causal", "bert4rec"])
@pytest.mark.parametrize("preset", ["Quick look", "Balanced", "Best quality"])
def test_the_count_of_weights_is_that_of_the_model(kind: str, preset: str):
    config = make_config(kind, preset)
    real = sum(parameter.numel() for parameter in build_model(config, np.ones(321, np.int64), 0.1).parameters())
    assert parameter_count(config, 321) == real


@pytest.mark.parametrize("kind", ["bert-causal", "bert4rec"])
def test_large_catalogues_get_larger_vectors(kind: str):
    config = make_config(kind, layers=1, heads=1)
    assert [choose_hidden(config, n_items) for n_items in (1, 20_000, 20_001)] == [64, 64, 128]
    model = build_model(config, np.ones(20_001, np.int64), 0.1)
    assert model.shape.hidden == 128
    assert parameter_count(config, 20_001) == sum(parameter.numel() for parameter in model.parameters())


def test_a_vector_size_that_was_set_stays():
    assert choose_hidden(make_config(hidden=64), 1_000_000) == 64
    assert choose_hidden(make_config("hybrid"), 1_000_000) == 64


def test_the_memory_estimate_is_positions_by_items_in_floats_with_gradient():
    assert full_softmax_bytes(128 * 200, 3416) == 128 * 200 * 3416 * 8


def test_small_catalogues_use_all_items_large_ones_a_sample():
    assert choose_softmax(make_config(), 1000, 3200).kind == "full"
    large = choose_softmax(make_config(), 54_542, 3200)
    assert (large.kind, large.negatives) == ("sampled", 2048)
    assert large.words == "2048 sampled negatives (full softmax: 1.3 GB a step)"


def test_the_persons_number_of_negatives_wins():
    assert choose_softmax(make_config(negatives=64), 1000, 3200).negatives == 64
    assert choose_softmax(make_config(negatives=2000), 1000, 3200).kind == "full"


def test_small_data_gets_small_steps():
    assert step_tokens(make_config(), 8000) == 333
    assert step_tokens(make_config(), 1_000_000) == 3200
    assert step_tokens(make_config(batch_tokens=500), 1_000_000) == 500


def test_a_graphics_processor_gets_larger_steps_where_the_data_leave_an_epoch_enough_of_them():
    assert step_tokens(make_config(), 1_000_000, "cuda") == step_tokens(make_config(), 1_000_000)
    assert step_tokens(make_config(), 8000, "cuda") == 333
    assert step_tokens(make_config(), 5_000_000, "cuda") == 10_000
    assert step_tokens(make_config(), 24_000_000, "cuda") == 32_768
    assert step_tokens(make_config(batch_tokens=500), 24_000_000, "cuda") == 500


def test_evaluation_is_rarer_where_it_is_dear():
    softmax = choose_softmax(make_config(), 54_542, 3200)
    lengths = np.full(2000, 8)
    often = evaluation_interval(make_config(), 270_000, softmax, 54_542, lengths)
    rarely = evaluation_interval(make_config(), 10_000, softmax, 54_542, lengths)
    assert 1 <= often < rarely


@pytest.mark.parametrize(("mean", "expected"), [(5, 0.5), (10, 0.5), (31.6228, 0.35), (100, 0.2), (1000, 0.2)])
def test_short_histories_get_more_dropout(mean: float, expected: float):
    assert choose_dropout(make_config(), int(1000 * mean), 1000) == pytest.approx(expected, abs=1e-4)


@pytest.mark.parametrize("chosen", [0.0, 0.1])
def test_dropout_that_was_set_stays(chosen: float):
    assert choose_dropout(make_config(dropout=chosen), 10_000, 1000) == chosen


@pytest.mark.parametrize("kind", ["bert-causal", "bert4rec", "hybrid", "two-tower"])
def test_what_is_shown_before_the_start_is_what_is_resolved(kind: str, chain: Dataset):
    split = make_split(chain)
    config = make_config(kind, device="cpu")
    resolved = resolve(split, config)
    shown = estimate(config, predictions_of(split), chain.n_users, chain.n_items)
    assert replace(resolved, precision="float32", evaluate_every=1) == replace(shown, evaluate_every=1)
    assert json.loads(json.dumps(resolved.to_dict()))["softmax"]["kind"] == "full"


def test_a_step_does_what_was_resolved(chain: Dataset):
    split, config = make_split(chain), make_config(max_length=10, layers=1)
    resolved = replace(resolve(split, config), hidden=32, step_tokens=77, dropout=0.25, precision="float32")
    step = DecoderStep(split, config, resolved=resolved)
    assert step.model.shape.hidden == 32 and step.model.shape.dropout == 0.25
    assert step.positions == 77 and step.resolved is resolved


def test_fine_tuning_takes_small_steps_in_the_precision_of_its_loaded_decoder(chain: Dataset):
    config = make_config("text-bert", fine_tune="whole", max_length=10)
    assert isinstance(config, TextConfig)
    decoder = replace(
        resolve(make_split(chain), config), step_tokens=3200, precision="bfloat16 matmul", steps_per_epoch=2
    )
    plan = fine_tuning_plan(config, decoder)
    assert (plan.step_tokens, plan.steps_per_epoch, plan.precision) == (640, 10, "float32")
    assert plan.softmax.words == "each target compared with the others of its step"
