import torch
from torch import nn

from recdesk.training.ema import WeightAverage


def test_the_average_follows_its_formula():
    model = nn.Linear(1, 1, bias=False)
    average, expected = WeightAverage(model.parameters(), decay=0.5), model.weight.item()
    for step in range(1, 30):
        with torch.no_grad():
            model.weight.fill_(float(step % 7))
        average.update(step)
        keep = min(0.5, (1 + step) / (10 + step))
        expected = keep * expected + (1 - keep) * (step % 7)
    assert abs(average.average[0].item() - expected) < 1e-5


def test_without_averaging_it_is_the_weights_themselves():
    model = nn.Linear(2, 3)
    average = WeightAverage(model.parameters(), decay=0.0)
    with torch.no_grad():
        model.weight.add_(1.0)
    average.update(1)
    assert torch.equal(average.average[0], model.weight)


def test_the_model_works_with_the_average_inside_the_block_only():
    model = nn.Linear(2, 2, bias=False)
    average, start = WeightAverage(model.parameters(), decay=0.9), model.weight.detach().clone()
    with torch.no_grad():
        model.weight.add_(1.0)
    with average.in_place():
        assert torch.equal(model.weight, start)
    assert torch.equal(model.weight, start + 1.0)
