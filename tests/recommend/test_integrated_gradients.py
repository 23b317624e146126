"""Integrated gradients have their closed form where there is one, and add up elsewhere."""

import pytest
import torch

from recdesk.core.errors import CancelledError
from recdesk.core.task import Task
from recdesk.recommend.integrated_gradients import MOST_STEPS, integrated_gradients


def test_of_a_linear_score_each_part_is_its_weight_times_its_distance_from_the_baseline():
    generator = torch.Generator().manual_seed(0)
    weights, inputs, baseline = (torch.randn(3, 4, 5, generator=generator, dtype=torch.float64) for _ in range(3))
    found = integrated_gradients(lambda x: (weights * x).sum() + 7, inputs, baseline)
    assert torch.allclose(found.parts, weights * (inputs - baseline), atol=1e-12)
    assert found.total == pytest.approx(float((weights * (inputs - baseline)).sum()))
    assert found.error < 1e-12


def test_of_a_product_both_factors_share_it():
    inputs, baseline = torch.tensor([3.0, 5.0]), torch.tensor([1.0, 0.0])
    found = integrated_gradients(lambda x: x[0] * x[1], inputs, baseline)
    # by hand: ∫ (x₁ − b₁)(b₂ + t(x₂ − b₂)) dt = 2 · 2.5, and ∫ (x₂ − b₂)(b₁ + t(x₁ − b₁)) dt = 5 · 2
    assert found.parts.tolist() == pytest.approx([5.0, 10.0])


def test_a_curved_score_gets_more_steps_until_the_parts_add_up():
    inputs, baseline = torch.full((6,), 3.0, dtype=torch.float64), torch.zeros(6, dtype=torch.float64)
    found = integrated_gradients(lambda x: torch.sigmoid(4 * (x.sum() - 9)), inputs, baseline)
    assert 8 < found.steps <= MOST_STEPS and found.error < 0.005
    assert float(found.parts.sum()) == pytest.approx(1.0, abs=0.005)


def test_a_score_that_does_not_change_has_no_error_and_work_can_be_cancelled():
    found = integrated_gradients(lambda x: (0 * x).sum(), torch.ones(2), torch.zeros(2))
    assert (found.total, found.error, found.parts.tolist()) == (0.0, 0.0, [0.0, 0.0])
    with pytest.raises(CancelledError):
        integrated_gradients(lambda x: x.sum(), torch.ones(2), torch.zeros(2), Task(cancelled=lambda: True))
