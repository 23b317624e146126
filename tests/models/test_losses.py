import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch.nn.functional import cross_entropy

from recdesk.models import losses
from recdesk.training.negatives import Negatives


def tensors(positions: int, n_items: int, width: int, seed: int = 0) -> tuple[torch.Tensor, ...]:
    torch.manual_seed(seed)
    hidden = torch.randn(positions, width, dtype=torch.float64, requires_grad=True)
    items = torch.randn(n_items, width, dtype=torch.float64, requires_grad=True)
    bias = torch.randn(n_items, dtype=torch.float64, requires_grad=True)
    return hidden, items, bias, torch.randint(0, n_items, (positions,))


@settings(max_examples=25)
@given(st.integers(1, 40), st.integers(2, 30), st.sampled_from([0.0, 0.1, 0.5]), st.integers(1, 2000))
def test_the_chunked_softmax_equals_the_plain_one_in_value_and_gradient(positions, n_items, smoothing, chunk):
    hidden, items, bias, targets = tensors(positions, n_items, 5, seed=chunk)
    before, losses.CHUNK_BYTES = losses.CHUNK_BYTES, chunk
    try:
        ours = losses.full_softmax(hidden, items, bias, targets, smoothing)
    finally:
        losses.CHUNK_BYTES = before
    ours.backward()
    gradients = [t.grad.clone() for t in (hidden, items, bias)]
    for tensor in (hidden, items, bias):
        tensor.grad = None
    plain = cross_entropy(torch.addmm(bias, hidden, items.T), targets, label_smoothing=smoothing)
    plain.backward()
    assert ours.item() == pytest.approx(plain.item(), rel=1e-5)
    for gradient, tensor in zip(gradients, (hidden, items, bias), strict=True):
        torch.testing.assert_close(gradient, tensor.grad, rtol=1e-4, atol=1e-6)


def plain_sampled(hidden, items, bias, targets, negatives, weights, smoothing):
    """The formula of the docstring, left to autograd."""
    positive = (hidden * items[targets]).sum(1) + bias[targets]
    logits = hidden @ items[negatives].T + bias[negatives] + weights.log()
    same = negatives[None, :] == targets[:, None]
    joined = torch.cat([positive[:, None], logits.masked_fill(same, float("-inf"))], 1)
    loss = (joined.logsumexp(1) - positive).mean()
    return loss + smoothing * (positive - logits.masked_fill(same, 0.0).mean(1)).mean()


@settings(max_examples=25)
@given(st.integers(1, 40), st.integers(2, 30), st.sampled_from([0.0, 0.1]), st.integers(1, 30), st.integers(0, 99))
def test_the_sampled_softmax_equals_its_formula_in_value_and_gradient(positions, n_items, smoothing, count, seed):
    hidden, items, bias, targets = tensors(positions, n_items, 5, seed)
    negatives = torch.randperm(n_items)[:count].sort().values
    weights = torch.rand(len(negatives)) * 3 + 0.1
    ours = losses.sampled_softmax(hidden, items, bias, targets, negatives, weights, smoothing)
    ours.backward()
    gradients = [t.grad.clone() for t in (hidden, items, bias)]
    for tensor in (hidden, items, bias):
        tensor.grad = None
    plain = plain_sampled(hidden, items, bias, targets, negatives, weights, smoothing)
    plain.backward()
    assert ours.item() == pytest.approx(plain.item(), rel=1e-5)
    for gradient, tensor in zip(gradients, (hidden, items, bias), strict=True):
        torch.testing.assert_close(gradient, tensor.grad, rtol=1e-4, atol=1e-5)


def test_the_sampled_softmax_estimates_the_full_one():
    hidden, items, bias, targets = tensors(64, 500, 8)
    hidden, items, bias = hidden.float() / 4, items.float(), bias.float()
    full = losses.full_softmax(hidden, items, bias, targets).item()
    negatives = Negatives(np.arange(500) ** 2, 256, seed=0)

    def estimate(step: int) -> float:
        codes, weights = negatives.draw(step)
        drawn, counts = torch.from_numpy(codes - 1), torch.from_numpy(weights)
        return losses.sampled_softmax(hidden, items, bias, targets, drawn, counts).item()

    assert np.mean([estimate(step) for step in range(50)]) == pytest.approx(full, abs=0.03)


def test_a_negative_that_is_the_target_does_not_count_against_it():
    hidden, items, bias, _ = tensors(1, 4, 3)
    target = torch.tensor([2])
    loss = losses.sampled_softmax(hidden, items, bias, target, torch.tensor([2]), torch.ones(1))
    assert loss.item() == pytest.approx(0.0)


def test_gbce_equals_its_formula_and_leaves_out_negatives_that_are_the_target():
    hidden, items, bias, targets = tensors(12, 20, 4)
    negatives = torch.randperm(20)[:6].sort().values
    alpha, t = 6 / 19, 0.75
    beta = alpha * (t * (1 - 1 / alpha) + 1 / alpha)
    expected = 0.0
    for h, target in zip(hidden, targets, strict=True):
        expected -= beta * torch.sigmoid(items[target] @ h + bias[target]).log()
        for negative in negatives:
            if negative != target:
                expected -= torch.sigmoid(-(items[negative] @ h + bias[negative])).log()
    assert losses.gbce(hidden, items, bias, targets, negatives, alpha).item() == pytest.approx(
        expected.item() / 12, rel=1e-5
    )


def test_gbce_without_calibration_against_everything_is_binary_cross_entropy():
    hidden, items, bias, targets = tensors(5, 7, 3)
    every = torch.arange(7)
    logits = hidden @ items.T + bias
    wanted = torch.nn.functional.one_hot(targets, 7).to(logits.dtype)
    plain = torch.nn.functional.binary_cross_entropy_with_logits(logits, wanted, reduction="sum") / 5
    assert losses.gbce(hidden, items, bias, targets, every, 1.0, 0.0).item() == pytest.approx(plain.item(), rel=1e-5)


@pytest.mark.parametrize("smoothing", [0.0, 0.1])
def test_half_precision_as_on_a_graphics_processor_gives_nearly_the_same(smoothing: float):
    hidden, items, bias, targets = (t.float().detach() if t.is_floating_point() else t for t in tensors(40, 60, 8))
    negatives, weights = torch.arange(0, 60, 2), torch.full((30,), 2.0)
    items = items / 3

    def gradients(dtype: torch.dtype) -> list[torch.Tensor]:
        found = []
        for loss in (
            lambda h, i: losses.full_softmax(h, i, bias, targets, smoothing),
            lambda h, i: losses.sampled_softmax(h, i, bias, targets, negatives, weights, smoothing),
        ):
            h, i = hidden.to(dtype).requires_grad_(), items.clone().requires_grad_()
            value = loss(h, i)
            value.backward()
            assert value.dtype == torch.float32 and h.grad.dtype == dtype
            found += [value.detach(), h.grad.float(), i.grad]
        return found

    for half, whole in zip(gradients(torch.bfloat16), gradients(torch.float32), strict=True):
        torch.testing.assert_close(half, whole, rtol=0.05, atol=0.05)


@pytest.mark.parametrize("smoothing", [0.0, 0.1])
def test_narrow_products_change_the_loss_and_what_is_learned_by_little(smoothing: float):
    hidden, items, bias, targets = (t.float().detach() if t.is_floating_point() else t for t in tensors(40, 60, 8))
    negatives, weights = torch.arange(0, 60, 2), torch.full((30,), 2.0)

    def found(narrow: bool) -> list[torch.Tensor]:
        made = []
        for loss in (
            lambda h, i, b: losses.full_softmax(h, i, b, targets, smoothing, narrow),
            lambda h, i, b: losses.sampled_softmax(h, i, b, targets, negatives, weights, smoothing, narrow),
        ):
            given = [tensor.clone().requires_grad_() for tensor in (hidden, items / 3, bias)]
            value = loss(*given)
            value.backward()
            made += [value.detach(), *(tensor.grad for tensor in given)]
        return made

    for narrow, wide in zip(found(True), found(False), strict=True):
        assert narrow.dtype == torch.float32
        assert not torch.equal(narrow, wide)
        assert torch.nn.functional.cosine_similarity(narrow.flatten(), wide.flatten(), 0).item() > 0.9999
        assert (narrow - wide).norm() < 0.01 * wide.norm()


def plain_in_batch(hidden, items, bias, targets, chance, blocked) -> float:
    """Position by position, candidate by candidate."""
    total = 0.0
    for position, target in enumerate(targets.tolist()):
        logits = {
            at: float(hidden[position] @ items[at] + bias[at] - chance[at].log())
            for at in range(len(items))
            if at == target or not blocked[position, at]
        }
        total -= logits[target] - np.log(sum(np.exp(value) for value in logits.values()))
    return total / len(targets)


@settings(max_examples=25)
@given(st.integers(1, 12), st.integers(1, 9), st.integers(0, 99))
def test_the_in_batch_softmax_equals_a_plain_loop(positions: int, candidates: int, seed: int):
    hidden, items, bias, targets = (tensor.detach() for tensor in tensors(positions, candidates, 4, seed))
    chance = torch.rand(candidates, dtype=torch.float64) + 0.01
    blocked = torch.rand(positions, candidates) < 0.4
    found = losses.in_batch_softmax(hidden, items, bias, targets, chance, blocked)
    assert found.dtype == torch.float32
    assert found.item() == pytest.approx(
        plain_in_batch(hidden, items, bias, targets, chance, blocked), rel=1e-5, abs=1e-6
    )


def test_what_is_blocked_in_the_batch_does_not_matter_but_the_target_always_counts():
    hidden, items, bias, _ = tensors(3, 5, 4)
    targets, chance = torch.tensor([0, 1, 0]), torch.full((5,), 0.2, dtype=torch.float64)
    blocked = torch.zeros(3, 5, dtype=torch.bool)
    blocked[:, 3:] = True
    blocked[0, 0] = True  # its own target stands in its history: it counts all the same
    loss = losses.in_batch_softmax(hidden, items, bias, targets, chance, blocked)
    loss.backward()
    assert items.grad[3:].abs().max() == 0 == bias.grad[3:].abs().max()
    assert items.grad[:3].abs().min() > 0
    with torch.no_grad():
        items[3:] *= 100
    assert losses.in_batch_softmax(hidden, items, bias, targets, chance, blocked).item() == loss.item()
    blocked[:] = True
    assert losses.in_batch_softmax(hidden, items, bias, targets, chance, blocked).item() == 0.0
