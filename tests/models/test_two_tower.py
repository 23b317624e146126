from pathlib import Path

import numpy as np
import pytest
import torch

from recdesk.core.errors import RecdeskError
from recdesk.core.records import read_object, write_record
from recdesk.data.histories import Histories
from recdesk.models.transformer import Sizes
from recdesk.models.two_tower import TowerShape, TwoTower
from recdesk.recommend.recommender import MODELS

TOKENS = [[1, 10, 11, 2], [1, 12, 2], [1, 13, 14, 15, 2], [1, 2], [1, 16, 2]]
HISTORIES = Histories.of([[1, 2, 3], [], [4], [5, 4, 2, 1, 3, 3, 2]])


def new(seed: int = 0, **sizes) -> TwoTower:
    """A small model in use over five items, the fourth of which has no text."""
    torch.manual_seed(seed)
    settings = {"max_length": 10, "user_tokens": 12, "item_tokens": 5, "dropout": 0.5, **sizes}
    shape = TowerShape(n_items=5, first=1, between=2, padding=0, **settings)
    model = TwoTower(shape, Sizes(20, 32, width=16, layers=1, heads=2, dropout=0.1, inner=32))
    model.set_texts(TOKENS)
    with torch.no_grad():
        model.bias.normal_()
        model.head.normal_()
    return model.eval()


def test_forward_takes_the_texts_of_person_and_item_and_scores_every_item():
    model = new()
    user, item = torch.tensor([[1, 10, 11, 2], [1, 12, 2, 0]]), torch.tensor([[1, 13, 2], [1, 14, 2]])
    logits = model(user_input_ids=user, item_input_ids=item)
    assert logits.shape == (2, 5)
    assert logits.dtype == torch.float32


def test_it_works_at_the_size_of_the_sketch():
    """`bert-base-chinese` is 768 wide and reads 21,128 pieces of words; one layer of its twelve will do here."""
    shape = TowerShape(1000, 10, 16, 8, 0.1, first=101, between=102, padding=0)
    model = TwoTower(shape, Sizes(21_128, 512, width=768, layers=1, heads=12, dropout=0.1)).eval()
    ids = torch.tensor([[101, 2769, 4263, 102], [101, 2768, 102, 0], [101, 102, 0, 0]])
    with torch.inference_mode():
        assert model(ids, ids).shape == (3, 1000)


def test_gradients_reach_both_towers():
    for side in ("user", "item"):
        model = new()
        bert, touched = model.bert.embeddings.word_embeddings.weight, {"user": 17, "item": 18}
        model(torch.tensor([[1, 17, 2]]), torch.tensor([[1, 18, 2]]))[0, 2].backward()
        assert bert.grad[touched[side]].abs().sum() > 1e-4
        assert getattr(model, f"{side}_weight").weight.grad.abs().sum() > 1e-6
    assert not bert.grad[19].any()


def test_the_two_sides_are_weighted_vectors_that_add_up_to_one():
    model = new()
    user, item = model._read(torch.tensor([[1, 10, 2]])), model._read(torch.tensor([[1, 14, 2]]))
    with torch.no_grad():
        for weight in (model.user_weight, model.item_weight):
            weight.weight.zero_()
        model.user_weight.bias.fill_(20.0)
        model.item_weight.bias.fill_(-20.0)
    expected = model.norm(user) @ model.head.T + model.bias  # all weight on the person
    torch.testing.assert_close(model(torch.tensor([[1, 10, 2]]), torch.tensor([[1, 14, 2]])), expected)
    assert not torch.allclose(model.norm(item) @ model.head.T + model.bias, expected)


def test_padding_and_the_order_of_a_batch_change_no_score():
    model = new()
    together = model.scores(HISTORIES)
    for row in range(len(HISTORIES)):
        torch.testing.assert_close(model.scores(HISTORIES[[row]])[0], together[row], atol=1e-5, rtol=1e-5)
    turned = model.scores(HISTORIES[[3, 1, 0, 2]])
    torch.testing.assert_close(turned, together[[3, 1, 0, 2]], atol=1e-5, rtol=1e-5)


def test_a_persons_text_is_the_latest_first_and_ends_with_whole_items():
    users, items = new().inputs(HISTORIES)
    assert users[0].tolist()[:10] == [1, 13, 14, 15, 2, 12, 2, 10, 11, 2]
    assert items[0].tolist() == [1, 13, 14, 15, 2]
    assert users[1].tolist()[:3] == [1, 2, 0] and items[1].tolist()[:3] == [1, 2, 0]  # nothing taken
    assert users[2].tolist()[:3] == [1, 2, 0]  # an item without text
    assert users[3].tolist() == [1, 12, 2, 13, 14, 15, 2, 0, 0, 0][: users.shape[1]] or users.shape[1] <= 12
    short, _ = new(user_tokens=8).inputs(HISTORIES)
    assert short[0].tolist() == [1, 13, 14, 15, 2, 12, 2]  # the third does not fit


def test_only_the_latest_items_are_put_into_words():
    users, _ = new(max_length=1).inputs(HISTORIES)
    assert users[0].tolist() == [1, 13, 14, 15, 2]


def test_candidates_are_columns_of_the_whole():
    model = new()
    picked = np.array([4, 2])
    torch.testing.assert_close(model.scores(HISTORIES, picked), model.scores(HISTORIES)[:, [3, 1]])


def test_as_many_texts_are_read_together_as_their_pieces_allow(monkeypatch):
    model, sizes = new(), []
    expected = model.scores(HISTORIES)
    forward = TwoTower.forward
    monkeypatch.setattr(
        TwoTower, "forward", lambda self, users, items: sizes.append(tuple(users.shape)) or forward(self, users, items)
    )
    monkeypatch.setattr("recdesk.models.two_tower.batch_budget", lambda device: 25)
    torch.testing.assert_close(model.scores(HISTORIES), expected)
    assert sizes == [(2, 11), (2, 11)]
    monkeypatch.setattr("recdesk.models.two_tower.batch_budget", lambda device: 5)
    torch.testing.assert_close(model.scores(HISTORIES), expected)
    assert sizes[2:] == 4 * [(1, 11)]


def test_a_loaded_model_is_the_one_saved(tmp_path: Path):
    model = new()
    model.save(tmp_path)
    loaded = MODELS["two-tower"].load(tmp_path)
    assert torch.equal(loaded.scores(HISTORIES), model.scores(HISTORIES))


def test_a_model_of_another_kind_or_a_damaged_one_gets_a_sentence(tmp_path: Path):
    model = new()
    model.save(tmp_path)
    config = tmp_path / "config.json"
    whole = read_object(config)
    write_record(config, {**whole, "recdesk": {**whole["recdesk"], "n_items": 6}})
    with pytest.raises(RecdeskError, match="does not belong to this model"):
        TwoTower.load(tmp_path)
    write_record(config, {**whole, "recdesk": {k: v for k, v in whole["recdesk"].items() if k != "item_tokens"}})
    with pytest.raises(RecdeskError, match="is damaged"):
        TwoTower.load(tmp_path)
