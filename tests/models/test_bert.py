from pathlib import Path

import numpy as np
import pytest
import torch
from transformers import BertModel

from recdesk.core.errors import RecdeskError
from recdesk.core.records import read_object, write_record
from recdesk.data.histories import Histories
from recdesk.models.bert import Batch, Bert4Rec, BertCausal, Shape

SHAPE = Shape(n_items=30, max_length=8, hidden=16, layers=2, heads=2)


@pytest.fixture(params=[BertCausal, Bert4Rec])
def model(request):
    torch.manual_seed(1)
    return request.param(SHAPE).eval()


def test_scores_agree_with_a_direct_call_of_bert_model(model, tmp_path: Path):
    history = [3, 17, 5]
    model.save(tmp_path)
    direct = BertModel.from_pretrained(tmp_path, add_pooling_layer=False, key_mapping={"^bert.": ""})
    direct.eval()
    ids = history if model.causal else [*history, SHAPE.n_items + 1]
    places = torch.arange(SHAPE.max_length - len(ids), SHAPE.max_length)[None]
    with torch.no_grad():
        last = direct(input_ids=torch.tensor([ids]), position_ids=places).last_hidden_state[0, -1]
        expected = direct.embeddings.word_embeddings.weight[1:31] @ last + model.bias
    torch.testing.assert_close(model.scores(Histories.of([history]))[0], expected, rtol=1e-5, atol=1e-5)


def test_what_training_reads_agrees_with_the_whole_backbone_at_every_predicted_position(model):
    windows = Histories.of([[1, 2, 3, 4, 5], [6, 7], [8, 9, 10]])
    codes, kept = windows.padded(SHAPE.max_length)
    positions = np.flatnonzero(codes)[::2]
    batch = Batch.of(codes, kept, SHAPE.max_length, positions, codes.ravel()[positions], both_sides=not model.causal)
    with torch.no_grad():
        x = model.bert.vectors(batch.inputs)
        expected = model.bert(x, batch.position_ids, batch.attention, batch.causal).flatten(0, 1)[positions]
        torch.testing.assert_close(model.hidden_at(batch), expected, rtol=1e-5, atol=1e-5)
        rows = torch.from_numpy(np.unique(codes))
        some = model.hidden_at(batch.renumbered(rows), model.item_table[rows])
    torch.testing.assert_close(some, expected, rtol=1e-5, atol=1e-5)


def test_next_item_steps_of_bert4rec_see_only_what_came_before():
    torch.manual_seed(0)
    model = Bert4Rec(SHAPE).eval()
    first, second = (np.array([[1, 2, 3, *rest]]) for rest in ([4, 5], [9, 8]))
    positions, ahead = np.arange(3), np.array([2, 3, 4])

    def hidden(codes: np.ndarray, both_sides: bool) -> torch.Tensor:
        batch = Batch.of(codes, np.array([5]), SHAPE.max_length, positions, ahead, both_sides)
        with torch.no_grad():
            return model.hidden_at(batch)

    torch.testing.assert_close(hidden(first, False), hidden(second, False))
    assert not torch.allclose(hidden(first, True), hidden(second, True))


def test_a_history_scores_the_same_alone_and_beside_longer_ones(model):
    histories = [[4], [9, 9, 2, 30, 1], [], list(range(1, 20)), [7, 8]]
    together = model.scores(Histories.of(histories))
    for row, history in enumerate(histories):
        alone = model.scores(Histories.of([history]))[0]
        torch.testing.assert_close(together[row], alone, rtol=1e-4, atol=1e-5)


def test_only_the_latest_items_are_read(model):
    kept = SHAPE.max_length if model.causal else SHAPE.max_length - 1
    long = list(range(1, 21))
    torch.testing.assert_close(model.scores(Histories.of([long])), model.scores(Histories.of([long[-kept:]])))


def test_candidates_are_columns_of_the_whole(model):
    histories = Histories.of([[1, 2], [3]])
    some = np.array([5, 1, 30])
    torch.testing.assert_close(model.scores(histories, some), model.scores(histories)[:, some - 1])


def test_saved_and_loaded_scores_are_equal_to_the_bit(model, tmp_path: Path):
    model.save(tmp_path)
    histories = Histories.of([[1, 2, 3], [30]])
    assert torch.equal(type(model).load(tmp_path).scores(histories), model.scores(histories))
    assert {p.name for p in tmp_path.iterdir()} == {"config.json", "model.safetensors"}


def test_a_cut_weights_file_is_refused_with_a_sentence(model, tmp_path: Path):
    model.save(tmp_path)
    whole = (tmp_path / "model.safetensors").read_bytes()
    (tmp_path / "model.safetensors").write_bytes(whole[: len(whole) // 2])
    with pytest.raises(RecdeskError, match="damaged or cut short"):
        type(model).load(tmp_path)


def test_a_model_of_the_other_kind_is_refused(tmp_path: Path):
    BertCausal(SHAPE).save(tmp_path)
    with pytest.raises(RecdeskError, match="holds a bert-causal model, not a bert4rec one"):
        Bert4Rec.load(tmp_path)


def test_a_foreign_model_folder_is_refused(tmp_path: Path):
    (tmp_path / "config.json").write_text('{"model_type": "bert"}')
    with pytest.raises(RecdeskError, match="is not a model of recdesk"):
        BertCausal.load(tmp_path)


def test_a_model_of_a_newer_format_is_refused(tmp_path: Path):
    BertCausal(SHAPE).save(tmp_path)
    config = read_object(tmp_path / "config.json")
    config["recdesk"]["format"] = 9
    write_record(tmp_path / "config.json", config)
    with pytest.raises(RecdeskError, match="newer recdesk"):
        BertCausal.load(tmp_path)


def test_temperature_divides_what_a_history_says_and_not_what_is_popular():
    torch.manual_seed(0)
    warm = BertCausal(Shape(20, 8, 16, 2, 2, temperature=2.0)).eval()
    plain = BertCausal(Shape(20, 8, 16, 2, 2)).eval()
    plain.load_state_dict(warm.state_dict())
    histories = Histories.of([[1, 2, 3], [4], []])
    torch.testing.assert_close(2 * (warm.scores(histories) - warm.bias), plain.scores(histories) - plain.bias)
