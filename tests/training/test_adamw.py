import pytest
import torch
from torch import nn

from recdesk.training.adamw import AdamW, Group

BETAS = (0.9, 0.98)


def parameters() -> list[nn.Parameter]:
    made = torch.Generator().manual_seed(1)
    return [nn.Parameter(torch.randn(size, generator=made)) for size in ((7, 5), (3,), (4, 4), (6,))]


def give_gradients(both: list[nn.Parameter], seed: int, without: set[int]) -> None:
    made = torch.Generator().manual_seed(seed)
    for number, each in enumerate(both):
        gradient = torch.randn(each.shape, generator=made)
        each.grad = None if number in without else gradient


def test_it_is_the_adamw_of_torch_bit_for_bit():
    ours, theirs = parameters(), parameters()
    adamw = AdamW([Group(ours[:2], 0.1), Group([], 0.3), Group(ours[2:], 0.0, share=0.5)], BETAS)
    groups = [{"params": theirs[:2], "weight_decay": 0.1}, {"params": theirs[2:], "weight_decay": 0.0}]
    reference = torch.optim.AdamW(groups, betas=BETAS, fused=True)
    for step, without in enumerate([{1}, set(), {0, 3}, set(), {2, 3}]):  # some have no gradient in some steps
        rate = 0.01 / (step + 1)
        for group, share in zip(reference.param_groups, (1.0, 0.5), strict=True):
            group["lr"] = rate * share
        give_gradients(ours, step, without)
        give_gradients(theirs, step, without)
        adamw.step(rate)
        reference.step()
        for mine, its in zip(ours, theirs, strict=True):
            assert torch.equal(mine, its)
    kept = reference.state_dict()["state"]
    assert adamw.state().keys() == {f"{number}.{name}" for number, each in kept.items() for name in each}
    for name, value in adamw.state().items():
        number, key = name.split(".")
        assert torch.equal(value, kept[int(number)][key])


def test_it_goes_on_from_what_it_kept():
    whole, halves = parameters(), parameters()
    first = AdamW([Group(whole, 0.1)], BETAS)
    before = AdamW([Group(halves, 0.1)], BETAS)
    for step in range(4):
        if step == 2:
            kept = {name: value.clone() for name, value in before.state().items()}
            before = AdamW([Group(halves, 0.1)], BETAS)
            before.restore(kept)
        for optimiser, both in ((first, whole), (before, halves)):
            give_gradients(both, step, {step} if step < 2 else set())
            optimiser.step(0.01)
    for mine, its in zip(whole, halves, strict=True):
        assert torch.equal(mine, its)


@pytest.mark.parametrize(
    "wrong",
    [
        {"0.exp_avg": torch.zeros(5)},
        {"0.exp_avg_sq": None},
        {"9.step": torch.zeros(())},
        {"0.momentum": torch.zeros(())},
    ],
)
def test_what_is_not_of_such_parameters_is_refused(wrong: dict[str, torch.Tensor | None]):
    weights = parameters()
    adamw = AdamW([Group(weights, 0.1)], BETAS)
    give_gradients(weights, 1, set())
    adamw.step(0.01)
    kept = {name: value for name, value in (adamw.state() | wrong).items() if value is not None}
    with pytest.raises((KeyError, ValueError)):
        adamw.restore(kept)


def test_forgotten_gradients_change_nothing():
    weights = parameters()
    before = [each.detach().clone() for each in weights]
    adamw = AdamW([Group(weights, 0.1)], BETAS)
    give_gradients(weights, 1, set())
    adamw.clear()
    adamw.step(0.01)
    assert all(torch.equal(mine, its) for mine, its in zip(weights, before, strict=True))
    assert not adamw.state()
