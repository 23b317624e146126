import pytest
import torch
from torch import nn

from recdesk.models.dropout import (
    ByteDropout,
    RowDropout,
    draw_from,
    drops,
    same_dropout_again,
    use_byte_dropout,
    use_plain_dropout,
    without_dropout,
)


@pytest.mark.parametrize("p", [0.1, 0.2, 0.5])
def test_it_blanks_its_share_and_keeps_the_mean(p: float):
    torch.manual_seed(0)
    x = torch.ones(100, 999, requires_grad=True)
    y = ByteDropout(p)(x)
    y.sum().backward()
    assert (y == 0).float().mean().item() == pytest.approx(p, abs=0.01)
    assert y.mean().item() == pytest.approx(1.0, abs=0.01)
    assert torch.equal(x.grad, y)  # what is dropped out gets no gradient, what is kept is scaled alike


def test_chance_comes_from_torchs_generator_alone():
    x, layer = torch.ones(7, 13), ByteDropout(0.5)
    torch.manual_seed(5)
    first, second = layer(x), layer(x)
    torch.manual_seed(5)
    assert torch.equal(layer(x), first)
    assert not torch.equal(first, second)


def test_nothing_is_dropped_out_outside_training_or_at_probability_zero():
    x = torch.randn(4, 4)
    assert ByteDropout(0.5).eval()(x) is x
    assert ByteDropout(0.0)(x) is x


def test_every_dropout_of_a_module_is_replaced():
    module = nn.Sequential(nn.Dropout(0.25), nn.Sequential(nn.Linear(2, 2), nn.Dropout(0.5)))
    use_byte_dropout(module)
    assert [m.p for m in module.modules() if isinstance(m, ByteDropout)] == [0.25, 0.5]
    assert not any(isinstance(m, nn.Dropout) for m in module.modules())


def test_plain_dropout_comes_back_with_the_probability_that_was_asked_for():
    module = nn.Sequential(nn.Dropout(0.1), nn.Sequential(nn.Linear(2, 2), nn.Dropout(0.5)))
    use_byte_dropout(module)
    use_plain_dropout(module)
    assert [m.p for m in module.modules() if isinstance(m, nn.Dropout)] == [0.1, 0.5]


def test_a_generator_of_its_own_gives_what_torchs_would_and_nobody_elses_draws_change_it():
    x, module = torch.ones(7, 13), nn.Sequential(ByteDropout(0.5))
    torch.manual_seed(5)
    expected = module(x)
    chance = torch.Generator()
    draw_from(module, chance)
    chance.manual_seed(5)
    torch.rand(9)
    assert torch.equal(module(x), expected)


@pytest.mark.parametrize("kind", [nn.Dropout, ByteDropout])
def test_dropout_of_either_kind_can_be_turned_off(kind):
    x, module = torch.ones(5, 5), nn.Sequential(nn.Linear(5, 5), kind(0.5))
    assert drops(module)
    without_dropout(module)
    assert not drops(module)
    assert torch.equal(module(x), module(x))


def test_whole_rows_are_dropped_and_the_others_stay_as_they_are():
    x, layer = torch.randn(1000, 3), RowDropout(0.3)
    module = nn.Sequential(layer)
    draw_from(module, torch.Generator().manual_seed(1))
    y = module(x)
    kept = (y == x).all(1)
    assert torch.equal(kept, y.any(1))
    assert kept.float().mean().item() == pytest.approx(0.7, abs=0.05)
    assert layer.eval()(x) is x


def test_torchs_own_dropout_is_replaced_where_a_generator_is_given():
    module = nn.Sequential(nn.Linear(3, 3), nn.Dropout(0.5))
    draw_from(module, torch.Generator())
    assert isinstance(module[1], ByteDropout)


def test_what_is_computed_again_drops_out_the_same_and_what_follows_goes_on():
    x, module = torch.ones(50, 50), nn.Sequential(ByteDropout(0.5))
    chance = torch.Generator().manual_seed(2)
    draw_from(module, chance)
    first, again = same_dropout_again(module)
    with first:
        one = module(x)
    two = module(x)
    with again:
        assert torch.equal(module(x), one)
    three = module(x)
    chance.manual_seed(2)
    assert [torch.equal(module(x), y) for y in (one, two, three)] == [True, True, True]
