import pytest
import torch
from torch import nn
from transformers import BertConfig, BertModel
from transformers.models.bert.modeling_bert import BertSelfAttention

from recdesk.models.bert import Bert4Rec, BertCausal
from recdesk.models.bf16 import ROWS, Bf16Linear, round_up, to_bf16, use_bf16
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


def test_parameters_stay_the_same_objects_under_the_same_names():
    model = model_of(BertCausal)
    before = dict(model.named_parameters())
    use_bf16(model)
    after = dict(model.named_parameters())
    assert list(after) == list(before)
    assert all(after[name] is parameter for name, parameter in before.items())
    assert not any(type(module) is nn.Linear for module in model.modules())


@pytest.mark.parametrize("bias", [True, False])
def test_a_layer_of_rounded_factors_is_exact_where_nothing_needs_rounding(bias: bool):
    wide = nn.Linear(4, 3, bias=bias)
    with torch.no_grad():
        wide.weight.copy_(torch.arange(12.0).view(3, 4) - 5)
        if bias:
            wide.bias.copy_(torch.tensor([0.5, -2.0, 3.0]))
    narrow, x = Bf16Linear.of(wide), torch.tensor([[1.0, 2.0, -3.0, 0.5]], requires_grad=True)
    assert torch.equal(narrow(x), wide(x))
    narrow(x).sum().backward()
    assert x.grad.tolist() == [wide.weight.sum(0).tolist()]
    assert narrow.weight.grad.tolist() == [x[0].tolist()] * 3
    assert not bias or narrow.bias.grad.tolist() == [1.0] * 3


def attention_of(causal: bool) -> BertSelfAttention:
    torch.manual_seed(0)
    sizes = {"hidden_size": 8, "num_attention_heads": 2, "attention_probs_dropout_prob": 0.0}
    layer = BertSelfAttention(BertConfig(is_decoder=causal, attn_implementation="sdpa", **sizes), is_causal=causal)
    for weight in layer.parameters():
        nn.init.normal_(weight)
    return layer.train()


@pytest.mark.parametrize("said", [True, False])
def test_a_place_sees_nothing_behind_it(said: bool):
    """Whether the caller says so or the layer is so."""
    layer = attention_of(causal=not said)
    how = {"is_causal": True} if said else {}
    states = torch.randn(3, 6, 8)
    wanted = layer(states, **how)[0]
    use_bf16(layer)
    later = states.clone()
    later[:, 4:] += 100
    mixed, changed = layer(states, **how)[0], layer(later, **how)[0]
    assert torch.equal(mixed[:, :4], changed[:, :4])
    assert not torch.equal(mixed[:, 4:], changed[:, 4:])
    assert alike(mixed.float(), wanted)


def test_a_place_sees_nothing_hidden():
    layer = attention_of(causal=False)
    states, seen = torch.randn(3, 6, 8), torch.ones(3, 1, 1, 6, dtype=torch.bool)
    seen[0, ..., 4:] = False
    wanted = layer(states, seen)[0]
    use_bf16(layer)
    hidden = states.clone()
    hidden[0, 4:] += 100
    mixed, changed = layer(states, seen)[0], layer(hidden, seen)[0]
    assert torch.equal(mixed[0, :4], changed[0, :4])
    assert torch.equal(mixed[1:], changed[1:])
    assert alike(mixed.float(), wanted)


def test_where_weights_are_dropped_transformers_own_attention_works():
    layer = attention_of(causal=False)
    layer.dropout.p = 0.5
    states = torch.randn(3, 6, 8)
    use_bf16(layer)
    torch.manual_seed(1)
    mixed, _ = layer(states)
    assert mixed.dtype == torch.float32
    torch.manual_seed(2)
    assert not alike(layer(states)[0], mixed)  # chance is at work


def test_a_layer_with_another_activation_keeps_it():
    torch.manual_seed(0)
    sizes = {"hidden_size": 32, "num_hidden_layers": 1, "num_attention_heads": 2, "intermediate_size": 64}
    bert = BertModel(
        BertConfig(
            vocab_size=20, hidden_dropout_prob=0.0, attention_probs_dropout_prob=0.0, hidden_act="relu", **sizes
        ),
        add_pooling_layer=False,
    ).train()
    ids = torch.randint(1, 20, (2, 5))
    wanted = bert(input_ids=ids).last_hidden_state
    use_bf16(bert)
    found = bert(input_ids=ids).last_hidden_state
    assert alike(found, wanted)
    assert not torch.equal(found, wanted)


def test_padding_is_hidden_from_a_whole_bert():
    torch.manual_seed(0)
    sizes = {"hidden_size": 32, "num_hidden_layers": 2, "num_attention_heads": 2, "intermediate_size": 64}
    bert = BertModel(
        BertConfig(vocab_size=20, hidden_dropout_prob=0.0, attention_probs_dropout_prob=0.0, **sizes),
        add_pooling_layer=False,
    ).train()
    for weight in bert.encoder.parameters():
        if weight.dim() == 2:
            nn.init.xavier_normal_(weight)  # places then matter to each other
    use_bf16(bert)
    ids, real = torch.randint(1, 20, (1, 5)), torch.tensor([[1] * 5 + [0] * 3])
    padded = torch.cat([ids, torch.randint(1, 20, (1, 3))], 1)
    alone = bert(input_ids=ids).last_hidden_state
    assert alike(bert(input_ids=padded, attention_mask=real).last_hidden_state[:, :5], alone)
    assert not alike(bert(input_ids=padded).last_hidden_state[:, :5], alone)


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
    layer = Bf16Linear(4, 8)
    for count in (1, 5, 130, 300):
        layer(torch.randn(count, 4, requires_grad=True)).sum().backward()
    assert shapes - wide == {ROWS, 2 * ROWS, 3 * ROWS}
