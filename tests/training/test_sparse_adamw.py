import pytest
import torch
from torch import nn

from recdesk.training.ema import WeightAverage
from recdesk.training.sparse_adamw import SparseAdamW

BETAS = (0.9, 0.98)


def run(steps: list[tuple[list[int], torch.Tensor]], averaging: float = 0.9) -> tuple[SparseAdamW, list[torch.Tensor]]:
    """Apply gradients to the named rows; the table after each step beside it."""
    torch.manual_seed(0)
    updates = SparseAdamW(nn.Parameter(torch.randn(5, 3)), averaging, 0.1, BETAS)
    tables = []
    for step, (rows, gradient) in enumerate(steps, start=1):
        picked = updates.pick(torch.tensor(rows))
        (picked * gradient).sum().backward()
        updates.apply(0.01, step)
        tables.append(updates.table.clone())
    return updates, tables


def test_with_every_row_in_every_step_it_is_adamw():
    gradients = [torch.randn(5, 3) for _ in range(6)]
    updates, _ = run([(list(range(5)), g) for g in gradients])
    torch.manual_seed(0)
    weight = nn.Parameter(torch.randn(5, 3))
    adam = torch.optim.AdamW([weight], lr=0.01, betas=BETAS, weight_decay=0.1)
    for gradient in gradients:
        weight.grad = gradient
        adam.step()
    torch.testing.assert_close(updates.table, weight.detach(), rtol=1e-5, atol=1e-6)


def test_rows_that_are_not_read_rest():
    updates, tables = run([([1, 3], torch.ones(2, 3)), ([3], torch.ones(1, 3))])
    assert torch.equal(tables[1][[0, 1, 2, 4]], tables[0][[0, 1, 2, 4]])
    assert not torch.equal(tables[1][3], tables[0][3])
    assert torch.equal(updates.moment[[0, 2, 4]], torch.zeros(3, 3))


@pytest.mark.parametrize("averaging", [0.0, 0.5, 0.99])
def test_the_average_is_what_keeping_every_row_up_would_give(averaging: float):
    steps = [([1, 3], torch.ones(2, 3)), ([0], torch.ones(1, 3)), ([0, 3], -torch.ones(2, 3)), ([4], torch.ones(1, 3))]
    torch.manual_seed(0)
    followed = torch.randn(5, 3)
    average = WeightAverage([followed], averaging)
    updates, tables = run(steps, averaging)
    for step, table in enumerate(tables, start=1):
        followed.copy_(table)
        average.update(step)
    own = updates.table.clone()
    with updates.averaged():
        torch.testing.assert_close(updates.table, average.average[0], rtol=1e-5, atol=1e-6)
    assert torch.equal(updates.table, own)


def test_a_restored_state_goes_on_alike():
    steps = [([0, 2], torch.ones(2, 3)), ([2, 4], torch.full((2, 3), 2.0))]
    whole, _ = run([*steps, ([1, 2], torch.ones(2, 3))])
    half, _ = run(steps)
    again = SparseAdamW(nn.Parameter(half.table.clone()), 0.9, 0.1, BETAS)
    again.restore({name: value.clone() for name, value in half.state().items()})
    (again.pick(torch.tensor([1, 2])) * torch.ones(2, 3)).sum().backward()
    again.apply(0.01, 3)
    for name, value in whole.state().items():
        assert torch.equal(value, again.state()[name]), name
    assert torch.equal(again.table, whole.table)
