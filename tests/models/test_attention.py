import pytest
import torch
from transformers import BertConfig, BertModel
from transformers.models.bert.modeling_bert import BertSelfAttention

from recdesk.models import attention
from recdesk.models.attention import ChunkedSelfAttention
from recdesk.models.bert import Bert4Rec, BertCausal
from recdesk.models.bf16 import use_bf16
from tests.models.small import LENGTHS, SHAPE, batch_of, model_of


def hold(histories: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(attention, "CHUNK_BYTES", 4 * SHAPE.heads * 12**2 * histories)


@pytest.mark.parametrize("kind", [BertCausal, Bert4Rec])
@pytest.mark.parametrize("histories", [1, 2, 100])
def test_parts_find_what_transformers_finds(
    kind: type[BertCausal] | type[Bert4Rec], histories: int, monkeypatch: pytest.MonkeyPatch
):
    hold(histories, monkeypatch)
    model = model_of(kind).eval()
    batch = batch_of(model)
    with torch.inference_mode():
        found = model.hidden_at(batch)
        for layer in model.bert.encoder.layer:
            assert type(layer.attention.self) is ChunkedSelfAttention
            layer.attention.self.__class__ = BertSelfAttention
        wanted = model.hidden_at(batch)
    torch.testing.assert_close(found, wanted, atol=1e-5, rtol=0)


def test_an_encoder_of_texts_that_learned_narrow_reads_as_before(monkeypatch: pytest.MonkeyPatch):
    hold(2, monkeypatch)
    torch.manual_seed(0)
    sizes = {"hidden_size": 32, "num_hidden_layers": 2, "num_attention_heads": 2, "intermediate_size": 64}
    encoder = BertModel(BertConfig(vocab_size=50, attention_probs_dropout_prob=0.0, **sizes)).eval()
    words = torch.randint(1, 50, (3, 12))
    mask = (torch.arange(12)[None, :] < torch.tensor(LENGTHS)[:, None]).long()
    with torch.no_grad():
        wanted = encoder(words, attention_mask=mask).last_hidden_state[mask.bool()]
        use_bf16(encoder)
        found = encoder(words, attention_mask=mask).last_hidden_state[mask.bool()]
    assert isinstance(encoder.encoder.layer[0].attention.self, ChunkedSelfAttention)
    torch.testing.assert_close(found, wanted, atol=1e-5, rtol=0)


def test_weights_of_few_histories_are_held_at_once(monkeypatch: pytest.MonkeyPatch):
    hold(2, monkeypatch)
    held: list[int] = []
    mixed = ChunkedSelfAttention._mixed

    def noting(self, states, *others):
        held.append(len(states))
        return mixed(self, states, *others)

    monkeypatch.setattr(ChunkedSelfAttention, "_mixed", noting)
    model = model_of(BertCausal).eval()
    with torch.inference_mode():
        model.hidden_at(batch_of(model))
    assert held == [2, 1] * SHAPE.layers
