"""What is attended to equals what BERT itself gives, and stands beside the effects of the items."""

from pathlib import Path

import numpy as np
import pytest
import torch
from transformers import BertModel

from recdesk.core.errors import UsageError
from recdesk.data.histories import Histories
from recdesk.models.baselines.popular import MostPopular
from recdesk.models.bert import Bert4Rec, BertCausal, Shape
from recdesk.recommend.attention import Attention, attention
from recdesk.recommend.recommender import LiveModel
from tests.conftest import chain_dataset

SHAPE = Shape(n_items=40, max_length=8, hidden=16, layers=2, heads=2)


@pytest.mark.parametrize("kind", [BertCausal, Bert4Rec])
def test_weights_are_those_of_bert_itself(kind: type, tmp_path: Path):
    torch.manual_seed(0)
    model = kind(SHAPE).eval()
    for weight in model.bert.encoder.parameters():
        torch.nn.init.normal_(weight, std=0.3)
    model.save(tmp_path)
    direct = BertModel.from_pretrained(
        tmp_path, add_pooling_layer=False, key_mapping={"^bert.": ""}, attn_implementation="eager"
    ).eval()
    histories = Histories.of([[3, 17, 5], [9, 2, 4, 8, 1, 7]])
    batch = model.query_batch(histories)
    with torch.no_grad():
        mask = (batch.inputs != 0).long()
        found = direct(
            input_ids=batch.inputs, position_ids=batch.position_ids, attention_mask=mask, output_attentions=True
        ).attentions
    rows, length = batch.inputs.shape
    last = batch.positions - torch.arange(rows) * length
    expected = torch.stack([layer[torch.arange(rows), :, last] for layer in found])
    torch.testing.assert_close(model.attention(histories), expected, rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize("kind", [BertCausal, Bert4Rec])
def test_a_row_for_each_item_that_is_read_with_its_effect(kind: type):
    torch.manual_seed(0)
    live = LiveModel(kind(SHAPE).eval(), chain_dataset())
    history = live.dataset.history(3)
    found = attention(live, history, 7)
    read = 8 if kind is BertCausal else 7
    assert found.positions.tolist() == list(range(12 - read, 12)) and found.weights.shape == (2, 2, read)
    assert found.titles == tuple(live.dataset.titles[history.items[-read:] - 1])
    assert found.shares.sum() == pytest.approx(1.0)
    if kind is BertCausal:
        np.testing.assert_allclose(found.weights.sum(2), 1.0, rtol=1e-5)
    effects = {reason.position: reason.effect for reason in live.explain(history, 7).reasons}
    assert found.effects.tolist() == [effects[at] for at in found.positions]


def test_how_far_it_agrees_with_the_effects_is_said():
    weights = np.array([[[0.1, 0.2, 0.7]]])
    same = Attention(np.arange(3), ("a", "b", "c"), weights, np.array([0.0, 1.0, 2.0]))
    assert "agrees with that of the effects by +1.00" in same.sentence
    other = Attention(np.arange(3), ("a", "b", "c"), weights, np.array([2.0, 1.0, 0.0]))
    assert "-1.00" in other.sentence
    short = Attention(np.arange(1), ("a",), weights[:, :, :1], np.ones(1))
    assert short.sentence == "Where the model looks is no explanation: an item can be looked at and change nothing."


def test_what_has_no_attention_gets_a_sentence():
    data = chain_dataset()
    live = LiveModel(MostPopular(torch.from_numpy(data.popularity)), data)
    with pytest.raises(UsageError, match="does not attend to items"):
        attention(live, [1, 2], 3)
    with pytest.raises(UsageError, match="Without a history"):
        attention(LiveModel(BertCausal(SHAPE).eval(), data), [], 3)
