import pytest
import torch

from recdesk.models.bert import Bert4Rec, BertCausal
from recdesk.models.bf16 import ROWS, Linear, round_up, to_bf16, use_bf16
from recdesk.models.transformer import Sizes, Transformer
from tests.models.small import batch_of, model_of


def alike(found: torch.Tensor, wanted: torch.Tensor) -> bool:
    return bool((found - wanted).norm() < 0.02 * wanted.norm())


def hidden_and_gradients(model: BertCausal | Bert4Rec) -> dict[str, torch.Tensor]:
    hidden = model.hidden_at(batch_of(model))
    torch.manual_seed(1)
    (hidden * torch.randn_like(hidden)).sum().backward()
    return {"hidden": hidden.detach()} | {
        name: p.grad for name, p in model.named_parameters() if p.grad is not None and "key.bias" not in name
    }  # a query's products with the bias of all keys shift alike: its gradient is zero but for rounding


@pytest.mark.parametrize("kind", [BertCausal, Bert4Rec])
def test_a_model_finds_and_learns_nearly_the_same(kind: type[BertCausal] | type[Bert4Rec]):
    wide, narrow = model_of(kind), model_of(kind)
    use_bf16(narrow)
    wanted, found = hidden_and_gradients(wide), hidden_and_gradients(narrow)
    assert found.keys() == wanted.keys()
    for name, value in found.items():
        assert value.dtype == torch.float32
        assert alike(value, wanted[name]), name
    assert not torch.equal(found["hidden"], wanted["hidden"])


@pytest.mark.parametrize("kind", [BertCausal, Bert4Rec])
def test_nothing_is_rounded_outside_training(kind: type[BertCausal] | type[Bert4Rec]):
    wide, narrow = model_of(kind).eval(), model_of(kind)
    use_bf16(narrow)
    narrow.eval()
    assert torch.equal(narrow.hidden_at(batch_of(narrow)), wide.hidden_at(batch_of(wide)))


@pytest.mark.parametrize("bias", [True, False])
def test_a_layer_of_rounded_factors_is_exact_where_nothing_needs_rounding(bias: bool):
    wide = Linear(4, 3, bias=bias)
    with torch.no_grad():
        wide.weight.copy_(torch.arange(12.0).view(3, 4) - 5)
        if bias:
            wide.bias.copy_(torch.tensor([0.5, -2.0, 3.0]))
    narrow, x = Linear(4, 3, bias=bias), torch.tensor([[1.0, 2.0, -3.0, 0.5]], requires_grad=True)
    narrow.load_state_dict(wide.state_dict())
    use_bf16(narrow)
    assert torch.equal(narrow(x), wide(x))
    narrow(x).sum().backward()
    assert x.grad.tolist() == [wide.weight.sum(0).tolist()]
    assert narrow.weight.grad.tolist() == [x[0].tolist()] * 3
    assert not bias or narrow.bias.grad.tolist() == [1.0] * 3


def test_a_feed_forward_block_with_another_activation_keeps_it():
    torch.manual_seed(0)
    wide = Transformer(Sizes(20, 8, 32, 1, 2, 0.0, activation="relu")).train()
    narrow = Transformer(wide.sizes).train()
    narrow.load_state_dict(wide.state_dict())
    use_bf16(narrow)
    x, positions = torch.randn(2, 5, 32), torch.arange(5)[None]
    wanted, found = wide(x, positions, None, False), narrow(x, positions, None, False)
    assert alike(found, wanted)
    assert not torch.equal(found, wanted)


@pytest.mark.parametrize(("count", "columns"), [(1, 3), (127, 3), (128, 5), (129, 5)])
def test_factors_are_filled_up_with_zeros(count: int, columns: int):
    matrix = torch.ones(count, 3)
    made = to_bf16(matrix, columns)
    assert made.dtype == torch.bfloat16
    assert made.shape == (round_up(count), columns)
    assert round_up(count) % ROWS == 0 and 0 <= round_up(count) - count < ROWS
    assert torch.equal(made[:count, :3].float(), matrix)
    assert made.float().sum() == matrix.sum()


def test_products_of_a_step_have_few_shapes(monkeypatch: pytest.MonkeyPatch):
    """Whatever a batch holds, the rows of its factors are multiples of one number."""
    shapes: set[int] = set()
    mm, addmm = torch.mm, torch.addmm

    def counted(a: torch.Tensor, b: torch.Tensor) -> torch.Tensor:
        shapes.update((a.shape[0], a.shape[1]))
        return mm(a, b)

    def added(bias: torch.Tensor, a: torch.Tensor, b: torch.Tensor) -> torch.Tensor:
        shapes.update((a.shape[0], a.shape[1]))
        return addmm(bias, a, b)

    monkeypatch.setattr(torch, "mm", counted)
    monkeypatch.setattr(torch, "addmm", added)
    wide = {4, 8}  # of the layer itself
    layer = Linear(4, 8)
    use_bf16(layer)
    for count in (1, 5, 130, 300):
        layer(torch.randn(count, 4, requires_grad=True)).sum().backward()
    assert shapes - wide == {ROWS, 2 * ROWS, 3 * ROWS}
