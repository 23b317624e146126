from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from recdesk.core.errors import RecdeskError
from recdesk.core.tensors import MODEL_FILE, load_tensors
from recdesk.data.histories import Histories
from recdesk.models.bert import BertCausal
from recdesk.models.text_bert import Hybrid, TextBert, TextShape, bounded
from recdesk.text.text_side import tuned_encoder
from tests.text.making import small_encoder

SHAPE = TextShape(n_items=30, max_length=8, hidden=16, layers=1, heads=2, text_width=6, correction=0.5)
HISTORIES = Histories.of([[3, 17, 5], [9], [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]])


def new(kind: type[TextBert], **sizes) -> TextBert:
    """A model in use, whose items have texts, own rows and a bias of their own."""
    torch.manual_seed(1)
    model = kind(replace(SHAPE, **sizes))
    model.set_texts(np.random.default_rng(0).normal(size=(30, 6)).astype(np.float32))
    with torch.no_grad():
        model.item_table.normal_()
        model.bias.normal_()
    return model.eval()


@pytest.fixture(params=[TextBert, Hybrid])
def model(request) -> TextBert:
    return new(request.param)


class Readings:
    """How often the texts of the catalogue were read."""

    def __init__(self, model: TextBert) -> None:
        self.count = 0
        model.adaptor.register_forward_hook(self.on_event)

    def on_event(self, *call) -> None:
        self.count += 1


def learn(model: TextBert) -> None:
    """Change all weights, as a step of training does."""
    model.train()
    with torch.no_grad():
        for weight in model.parameters():
            weight += 0.1 * torch.randn_like(weight)
    model.eval()


def test_an_item_without_an_own_row_is_ranked_by_its_text_alone(model: TextBert):
    with torch.no_grad():
        model.item_table[[7, 20]] = 0.0
        model.bias[[6, 19]] = 0.25
        model.texts[20] = model.texts[7]
        text = model.from_texts(model.texts[[7]].float())[0]
        expected = model.user_vectors(HISTORIES) @ text + 0.25
    model.train().eval()
    scores = model.scores(HISTORIES)
    torch.testing.assert_close(scores[:, 6], expected)
    torch.testing.assert_close(scores[:, 6], scores[:, 19])
    with torch.no_grad():  # what others have of their own says nothing about it
        model.train()
        model.item_table[21:] += 1.0
    torch.testing.assert_close(model.eval().scores(HISTORIES)[:, 6], expected)


def test_scores_are_those_of_a_bert_whose_table_is_what_texts_and_own_rows_say(model: TextBert):
    plain = BertCausal(SHAPE).eval()
    state = {name: value for name, value in model.state_dict().items() if name in plain.state_dict()}
    name = "bert.embeddings.word_embeddings.weight"
    plain.load_state_dict({**state, name: model.full_table.detach()})
    torch.testing.assert_close(model.scores(HISTORIES), plain.scores(HISTORIES), rtol=1e-5, atol=1e-5)
    some = np.array([30, 2, 7])
    torch.testing.assert_close(model.scores(HISTORIES, some), model.scores(HISTORIES)[:, some - 1])


def test_rows_that_a_step_reads_are_those_of_the_whole_table(model: TextBert):
    rows = torch.tensor([0, 3, 8, 30])
    with torch.no_grad():
        torch.testing.assert_close(model.embedded(model.item_table[rows], rows), model.full_table[rows])
        instead = torch.randn(4, 6)
        expected = model.from_texts(instead) + model.own_part(model.item_table[rows])
        torch.testing.assert_close(model.embedded(model.item_table[rows], rows, instead), expected)


@pytest.mark.parametrize("correction", [0.0, 0.1, 0.5, 3.0])
def test_a_correction_is_bounded_however_long_the_own_row_is(correction: float):
    model = new(TextBert, correction=correction)
    with torch.no_grad():
        model.item_table.mul_(torch.logspace(-3, 4, 32)[:, None])
        far = (model.full_table - model.from_texts(model.texts.float())).norm(dim=1)
    assert far.max() <= correction * 16**0.5 * (1 + 1e-4)
    if correction:
        assert far.max() > 0.99 * correction * 16**0.5


def test_a_short_correction_hardly_changes_and_keeps_its_direction():
    vectors = torch.randn(5, 16)
    torch.testing.assert_close(bounded(vectors * 1e-3, 2.0), vectors * 1e-3, rtol=1e-3, atol=0)
    torch.testing.assert_close(torch.cosine_similarity(bounded(vectors, 0.5), vectors), torch.ones(5))
    assert not bounded(vectors, 0.0).any()


def test_a_hybrid_item_may_go_as_far_from_its_text_as_it_likes():
    model = new(Hybrid, correction=0.0)
    with torch.no_grad():
        model.item_table[4] = 100.0
        far = (model.full_table - model.from_texts(model.texts.float()))[4]
    torch.testing.assert_close(far, torch.full((16,), 100.0), rtol=1e-4, atol=1e-4)


def test_a_new_text_bert_starts_from_texts_alone():
    torch.manual_seed(0)
    model = TextBert(SHAPE)
    model.set_texts(np.random.default_rng(0).normal(size=(30, 6)).astype(np.float32))
    with torch.no_grad():
        assert torch.equal(model.eval().full_table, model.from_texts(model.texts.float()))
    assert 0.1 < model.output_vectors.std() < 10  # neither quiet nor loud


@pytest.mark.parametrize("kind", [TextBert, Hybrid])
def test_the_gradient_reaches_adaptor_and_item_table_even_where_that_begins_at_nothing(kind: type[TextBert]):
    torch.manual_seed(0)
    model = kind(SHAPE)
    model.set_texts(np.random.default_rng(0).normal(size=(30, 6)).astype(np.float32))
    model.train()
    batch = model.query_batch(HISTORIES)
    (model.hidden_at(batch) @ model.output_vectors.T + model.bias).log_softmax(1)[:, 4].sum().backward()
    for name, weight in [*model.adaptor.named_parameters(), ("through", model.through.weight)]:
        assert weight.grad is not None and weight.grad.abs().sum() > 0, name
    table = model.item_table.grad
    assert table is not None and (table[1:31].abs().sum(1) > 0).all()
    assert not any(name == "texts" for name, _ in model.named_parameters())


def test_the_table_is_computed_once_while_the_model_answers(model: TextBert):
    heard = Readings(model)
    first = model.scores(HISTORIES)
    for _ in range(3):
        assert torch.equal(model.scores(HISTORIES), first)
    model.user_vectors(HISTORIES)
    assert heard.count == 1


def test_the_table_is_refreshed_after_weights_or_texts_change(model: TextBert, tmp_path: Path):
    before = model.scores(HISTORIES)
    table = model.output_vectors.clone()
    state = {name: value.clone() for name, value in model.state_dict().items()}
    learn(model)
    after = model.scores(HISTORIES)
    assert (after - before).abs().max() > 1e-2
    assert (model.output_vectors - table).abs().max() > 1e-2
    model.load_state_dict(state)
    assert torch.equal(model.scores(HISTORIES), before)
    model.set_texts(np.zeros((30, 6), np.float32))
    assert (model.scores(HISTORIES) - before).abs().max() > 1e-2


def test_learning_never_reads_a_remembered_table(model: TextBert):
    model.scores(HISTORIES)
    heard = Readings(model)
    assert model.full_table.requires_grad
    assert model.output_vectors.shape == (30, 16)
    model.train()
    for _ in range(2):
        model.hidden_at(model.query_batch(HISTORIES)).sum().backward()
    assert heard.count == 4


def test_dropped_ids_are_dropped_in_training_only_and_as_often_as_asked():
    model = new(Hybrid, id_dropout=0.3)
    own = torch.ones(20_000, 16)
    assert torch.equal(model.own_part(own), own)
    assert torch.equal(model.scores(HISTORIES), new(Hybrid).scores(HISTORIES))
    model.train()
    torch.manual_seed(0)
    left = model.own_part(own)
    assert set(left.sum(1).tolist()) == {0.0, 16.0}  # a vector goes whole or stays as it is
    assert (left.sum(1) == 0).float().mean().item() == pytest.approx(0.3, abs=0.015)
    assert torch.equal(new(Hybrid).train().own_part(own), own)


def test_saved_and_loaded_gives_identical_scores(model: TextBert, tmp_path: Path):
    model.save(tmp_path)
    again = type(model).load(tmp_path)
    assert again.shape == model.shape and not again.training
    assert torch.equal(again.scores(HISTORIES), model.scores(HISTORIES))
    assert torch.equal(again.output_vectors, model.output_vectors)


def test_a_model_of_the_other_kind_or_with_damaged_weights_is_refused(tmp_path: Path):
    new(TextBert).save(tmp_path)
    with pytest.raises(RecdeskError, match="holds a text-bert model, not a hybrid one"):
        Hybrid.load(tmp_path)
    new(TextBert, text_width=6, hidden=32).save_config(tmp_path)
    with pytest.raises(RecdeskError, match="does not belong to this model"):
        TextBert.load(tmp_path)
    new(TextBert).save(tmp_path)
    path = tmp_path / MODEL_FILE
    path.write_bytes(path.read_bytes()[:-9])
    with pytest.raises(RecdeskError, match="damaged or cut short"):
        TextBert.load(tmp_path)


def test_an_encoder_that_learned_along_is_kept_beside_and_not_part_of_what_ranks(tmp_path: Path):
    model, encoder = new(TextBert), small_encoder(tmp_path / "encoder")
    model.save(tmp_path)
    assert tuned_encoder(tmp_path) == {}
    expected = model.scores(HISTORIES)
    model.encoder = encoder
    model.save(tmp_path)
    assert torch.equal(TextBert.load(tmp_path).scores(HISTORIES), expected)
    kept, state = tuned_encoder(tmp_path), encoder.bert.state_dict()
    assert kept.keys() == state.keys()
    assert all(torch.equal(kept[name], state[name]) for name in kept)
    names = load_tensors(tmp_path / MODEL_FILE)[0].keys()
    assert len(names) == len(kept) + len(new(TextBert).state_dict())


def test_items_added_later_are_ranked_by_text_and_change_nothing_of_the_others(model: TextBert):
    texts = np.random.default_rng(3).normal(size=(2, 6)).astype(np.float32)
    longer = model.extended(texts, np.array([-0.5, 0.25]))
    scores = longer.scores(HISTORIES)
    assert scores.shape == (3, 32)
    torch.testing.assert_close(scores[:, :30], model.scores(HISTORIES))
    with torch.no_grad():
        read = model.from_texts(torch.from_numpy(texts).half().float())
    torch.testing.assert_close(scores[:, 30:], model.user_vectors(HISTORIES) @ read.T + torch.tensor([-0.5, 0.25]))
    assert longer.scores(Histories.of([[31, 5, 32]])).isfinite().all()


def test_a_linear_layer_scores_items_with_weights_of_their_own(tmp_path: Path):
    model = new(TextBert, tied=False)
    with torch.inference_mode():
        expected = model.user_vectors(HISTORIES) @ model.head.T + model.bias
    torch.testing.assert_close(model.scores(HISTORIES), expected)
    model.save(tmp_path)
    loaded = TextBert.load(tmp_path)
    torch.testing.assert_close(loaded.scores(HISTORIES), model.scores(HISTORIES))
    with torch.no_grad():
        loaded.head[4] *= 100.0
    changed = (loaded.scores(HISTORIES) - model.scores(HISTORIES)).abs().amax(0) > 1e-6
    assert changed.nonzero().flatten().tolist() == [4]  # tied, what is read would change with it


def test_vectors_that_score_are_the_same_for_some_items_as_for_all():
    for tied in (True, False):
        model = new(TextBert, tied=tied)
        rows = torch.tensor([3, 9, 30])
        with torch.no_grad():
            some = model.scored_with(model.embedded(model.item_table[rows], rows), rows)
            torch.testing.assert_close(some, model.output_vectors[rows - 1])
