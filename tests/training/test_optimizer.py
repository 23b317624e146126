from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from recdesk.core.errors import RecdeskError
from recdesk.training.checkpoints import Checkpoints, Progress
from recdesk.training.config import make_config
from recdesk.training.objective import build_model
from recdesk.training.optimizer import Optimizer


@pytest.mark.parametrize("by_rows", [True, False])
def test_a_checkpoint_of_the_other_kind_of_device_is_refused_with_a_sentence(by_rows: bool, tmp_path: Path):
    config = make_config(hidden=8, heads=1, layers=1)
    model = build_model(config, np.ones(9, np.int64), 0.1)
    checkpoints = Checkpoints(tmp_path, "the same run")
    checkpoints.create(model)
    checkpoints.save_last(model, Optimizer(model, config, by_rows), Progress())
    with pytest.raises(RecdeskError, match="another kind of device"):
        checkpoints.restore_last(model, Optimizer(model, config, not by_rows))
    assert checkpoints.restore_last(model, Optimizer(model, config, by_rows)) == Progress()


def test_a_checkpoint_whose_steps_had_another_size_is_refused_and_one_that_did_not_say_is_taken(tmp_path: Path):
    config = make_config(hidden=8, heads=1, layers=1)
    model = build_model(config, np.ones(9, np.int64), 0.1)
    optimizer, checkpoints = Optimizer(model, config, False), Checkpoints(tmp_path, "the same run")
    checkpoints.create(model)
    checkpoints.save_last(model, optimizer, Progress(batch=7, positions=32_768))
    with pytest.raises(RecdeskError, match="another kind of device"):
        checkpoints.restore_last(model, optimizer, 3200)
    assert checkpoints.restore_last(model, optimizer, 32_768) == Progress(batch=7, positions=32_768)
    checkpoints.save_last(model, optimizer, Progress(batch=7))
    assert checkpoints.restore_last(model, optimizer, 3200) == Progress(batch=7, positions=3200)


@pytest.mark.parametrize("by_rows", [True, False])
def test_slow_parameters_take_their_share_of_the_learning_rate(by_rows: bool):
    config = make_config(hidden=8, heads=1, layers=1, averaging=0.0, weight_decay=0.0, clip_norm=1000.0)
    model = build_model(config, np.ones(9, np.int64), 0.0)
    slow = {id(parameter) for parameter in model.bert.encoder.parameters()}
    optimizer = Optimizer(model, config, by_rows, model.bert.encoder.parameters(), 0.1)
    before = {name: weight.detach().clone() for name, weight in model.named_parameters()}
    rows = optimizer.clear(torch.arange(11))
    for parameter in model.parameters():
        parameter.grad = torch.ones_like(parameter)
    if rows is not None:
        rows.grad = torch.ones_like(rows)
    optimizer.clip()
    optimizer.step(0.01, 1)
    for name, weight in model.named_parameters():  # the first step of Adam is as long as its rate
        rate = 0.001 if id(weight) in slow else 0.01
        torch.testing.assert_close(before[name] - weight, torch.full_like(weight, rate), rtol=1e-2, atol=1e-6)


def test_slow_groups_are_in_the_checkpoint(tmp_path: Path):
    config = make_config(hidden=8, heads=1, layers=1)

    def begun() -> tuple[Any, Optimizer]:
        model = build_model(config, np.ones(9, np.int64), 0.0)
        return model, Optimizer(model, config, False, model.bert.encoder.parameters(), 0.1)

    def step(model: Any, optimizer: Optimizer, number: int) -> None:
        optimizer.clear(None)
        torch.manual_seed(number)
        for parameter in model.parameters():
            parameter.grad = torch.randn_like(parameter)
        optimizer.clip()
        optimizer.step(0.01, number)
        optimizer.average(number)

    model, optimizer = begun()
    checkpoints = Checkpoints(tmp_path, "the same run")
    checkpoints.create(model)
    step(model, optimizer, 1)
    checkpoints.save_last(model, optimizer, Progress())
    other, again = begun()
    checkpoints.restore_last(other, again)
    for pair in ((model, optimizer), (other, again)):
        step(*pair, 2)
    for ours, theirs in zip(other.parameters(), model.parameters(), strict=True):
        assert torch.equal(ours, theirs)
