from functools import partial
from pathlib import Path

import pytest
import torch
from transformers import BertConfig, BertModel

from recdesk.models.bert import Bert4Rec, BertCausal
from recdesk.models.bf16 import use_bf16
from recdesk.models.dropout import draw_from, same_dropout_again
from recdesk.models.transformer import Sizes, Transformer
from tests.models.small import LENGTHS, batch_of, model_of

SIZES = Sizes(rows=40, positions=12, width=32, layers=3, heads=4, dropout=0.0)
POSITIONS = torch.arange(12).expand(3, -1)
REAL = torch.arange(12)[None, :] < torch.tensor(LENGTHS)[:, None]


def small(sizes: Sizes = SIZES, seed: int = 0) -> Transformer:
    torch.manual_seed(seed)
    return Transformer(sizes).eval()


def inputs(seed: int = 1) -> torch.Tensor:
    return torch.randint(1, 40, (3, 12), generator=torch.Generator().manual_seed(seed))


@pytest.mark.parametrize("causal", [True, False])
@pytest.mark.parametrize("padded", [True, False])
@pytest.mark.parametrize(
    "more", [{}, {"type_vocab_size": 2, "intermediate_size": 48, "layer_norm_eps": 1e-5, "hidden_act": "relu"}]
)
def test_it_finds_what_bert_model_finds_with_its_weights(causal: bool, padded: bool, more: dict):
    values = {name: value for name, value in SIZES.as_bert(causal).items() if name != "architectures"} | more
    torch.manual_seed(0)
    theirs = BertModel(BertConfig(**values, attn_implementation="sdpa"), add_pooling_layer=False).eval()
    for weight in theirs.encoder.parameters():
        torch.nn.init.normal_(weight, std=0.3)  # positions then matter to each other
    ours = Transformer(Sizes.of_bert(theirs.config.to_dict())).eval()
    assert list(ours.state_dict()) == list(theirs.state_dict())
    ours.load_state_dict(theirs.state_dict())
    if causal and padded:  # padding is behind every position that is read
        mask, real, seen = None, None, REAL
    else:
        mask, real, seen = (REAL.long(), REAL, REAL) if padded else (None, None, torch.ones_like(REAL))
    with torch.no_grad():
        expected = theirs(input_ids=inputs(), position_ids=POSITIONS, attention_mask=mask).last_hidden_state
        found = ours(ours.vectors(inputs()), POSITIONS, real, causal)
    torch.testing.assert_close(found[seen], expected[seen], atol=1e-6, rtol=1e-5)


@pytest.mark.parametrize("kind", [BertCausal, Bert4Rec])
def test_a_saved_model_opens_in_bert_model_with_the_same_outputs(
    kind: type[BertCausal] | type[Bert4Rec], tmp_path: Path
):
    model = model_of(kind).eval()
    model.save(tmp_path)
    theirs = BertModel.from_pretrained(tmp_path, add_pooling_layer=False, key_mapping={"^bert.": ""}).eval()
    batch = batch_of(model)
    with torch.no_grad():
        expected = theirs(
            input_ids=batch.inputs, position_ids=batch.position_ids, attention_mask=batch.attention
        ).last_hidden_state.flatten(0, 1)[batch.positions]
        torch.testing.assert_close(model.hidden_at(batch), expected, atol=1e-6, rtol=1e-5)


@pytest.mark.parametrize("causal", [True, False])
def test_at_some_positions_it_finds_what_it_finds_at_all_of_them(causal: bool):
    model = small()
    x, real = model.vectors(inputs()), None if causal else REAL
    positions = torch.tensor([3, 11, 12, 17, 24, 25])
    last = torch.arange(3) * 12 + torch.tensor(LENGTHS) - 1
    with torch.no_grad():
        every = model(x, POSITIONS, real, causal).flatten(0, 1)
        some = model.at(x, POSITIONS, real, causal, positions, last_only=False)
        alone = model.at(x, POSITIONS, real, causal, last, last_only=True)
    torch.testing.assert_close(some, every[positions], atol=1e-6, rtol=1e-5)
    torch.testing.assert_close(alone, every[last], atol=1e-6, rtol=1e-5)


@pytest.mark.parametrize("low", [True, False])
def test_a_causal_position_does_not_see_what_comes_after(low: bool):
    model = small()
    if low:
        use_bf16(model.train())
    changed = inputs()
    changed[:, 5:] = inputs(2)[:, 5:]
    with torch.no_grad():
        before, after = (model(model.vectors(ids), POSITIONS, None, True) for ids in (inputs(), changed))
    assert torch.equal(before[:, :5], after[:, :5])
    assert not torch.allclose(before[:, 5:], after[:, 5:])


@pytest.mark.parametrize("low", [True, False])
def test_padding_is_hidden(low: bool):
    model = small()
    if low:
        use_bf16(model.train())
    changed = torch.where(REAL, inputs(), inputs(2))
    with torch.no_grad():
        before, after = (model(model.vectors(ids), POSITIONS, REAL, False) for ids in (inputs(), changed))
        everything = model(model.vectors(changed), POSITIONS, None, False)
    torch.testing.assert_close(before[REAL], after[REAL])
    assert not torch.allclose(before[REAL], everything[REAL])


def test_recomputed_activations_give_the_same_gradients_with_dropout():
    gradients = []
    for recomputed in (False, True):
        model = small(Sizes(40, 12, 32, 2, 2, dropout=0.4)).train()
        generator = torch.Generator().manual_seed(5)
        draw_from(model, generator)
        if recomputed:
            model.recompute = partial(same_dropout_again, model)
        (model(model.vectors(inputs()), POSITIONS, None, True) ** 2).sum().backward()
        gradients.append([weight.grad for weight in model.parameters()])
    assert all(torch.equal(one, other) for one, other in zip(*gradients, strict=True))
    assert any(gradient.abs().sum() > 0 for gradient in gradients[0])


def test_sizes_that_cannot_be_are_refused():
    with pytest.raises(ValueError, match="width 32 is not divisible by 5 heads"):
        Sizes(40, 12, 32, 1, 5, 0.0)
    with pytest.raises(ValueError, match="activation 'swish2' is none of gelu"):
        Sizes.of_bert({"hidden_size": 32, "num_attention_heads": 2, "hidden_act": "swish2"})


def test_padding_has_no_vector_to_learn():
    model = small().train()
    assert not model.embeddings.word_embeddings.weight[0].any()
    model(model.vectors(torch.tensor([[0, 1, 2]])), torch.arange(3)[None], None, False).sum().backward()
    assert not model.embeddings.word_embeddings.weight.grad[0].any()
    assert model.embeddings.word_embeddings.weight.grad[1].any()
