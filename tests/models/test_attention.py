import numpy as np
import pytest
import torch
from transformers.models.bert.modeling_bert import BertSelfAttention

from recdesk.models import attention
from recdesk.models.attention import PartedSelfAttention
from recdesk.models.bert import Batch, Bert4Rec, BertCausal, Shape

SHAPE = Shape(n_items=50, max_length=12, hidden=32, layers=2, heads=2)
LENGTHS = np.array([12, 7, 2, 12, 1])


def batch_of(model: BertCausal | Bert4Rec) -> Batch:
    inputs = np.random.default_rng(0).integers(1, 51, (len(LENGTHS), 12))
    inputs[np.arange(12) >= LENGTHS[:, None]] = 0
    positions = np.flatnonzero(inputs)
    return Batch.of(inputs, LENGTHS, 12, positions, np.ones(len(positions), np.int64), not model.causal)


@pytest.mark.parametrize("kind", [BertCausal, Bert4Rec])
@pytest.mark.parametrize("histories", [1, 2, 100])
def test_parts_find_what_transformers_finds(
    kind: type[BertCausal] | type[Bert4Rec], histories: int, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(attention, "PART_BYTES", 4 * SHAPE.heads * 12**2 * histories)
    torch.manual_seed(0)
    model = kind(SHAPE).eval()
    batch = batch_of(model)
    with torch.inference_mode():
        found = model.hidden_at(batch)
        for layer in model.bert.encoder.layer:
            assert type(layer.attention.self) is PartedSelfAttention
            layer.attention.self.__class__ = BertSelfAttention
        wanted = model.hidden_at(batch)
    torch.testing.assert_close(found, wanted, atol=1e-5, rtol=0)


def test_weights_of_few_histories_are_held_at_once(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(attention, "PART_BYTES", 4 * SHAPE.heads * 12**2 * 2)
    held: list[torch.Size] = []
    monkeypatch.setattr(PartedSelfAttention, "_mixed", _noting(held, PartedSelfAttention._mixed))
    torch.manual_seed(0)
    model = BertCausal(SHAPE).eval()
    with torch.inference_mode():
        model.hidden_at(batch_of(model))
    assert [shape[0] for shape in held] == [2, 2, 1] * SHAPE.layers


def _noting(held, mixed):
    def note(self, states, *others):
        held.append(states.shape)
        return mixed(self, states, *others)

    return note
