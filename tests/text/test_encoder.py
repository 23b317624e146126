import shutil
from itertools import islice
from pathlib import Path

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from safetensors import SafetensorError
from transformers import AutoTokenizer, BertModel

from recdesk.core import errors
from recdesk.core.errors import CancelledError, DataError, RecdeskError, StorageError
from recdesk.core.task import Task
from recdesk.text import encoder as module
from recdesk.text.encoder import Encoder, batches, describe, padded, token_lengths
from tests.text.making import MIXED, TITLES, minilm, small_encoder

LENGTHS = [" ".join(["house", "river", "moon", "red"][: 1 + at % 4] * (1 + at // 3)) for at in range(12)]
"""Texts of one word to more than are read."""


@pytest.fixture
def encoder(folder: Path) -> Encoder:
    return Encoder.load(folder, 24)


def alone(encoder: Encoder, texts: list[str]) -> np.ndarray:
    return np.concatenate([encoder.encode([text]) for text in texts])


def by_hand(folder: Path, texts: list[str], most: int, pooling: str = "mean", unit: bool = False) -> np.ndarray:
    """Text by text with transformers alone: no padding, no batches."""
    bert = BertModel.from_pretrained(folder, add_pooling_layer=False).eval()
    tokenizer = AutoTokenizer.from_pretrained(folder)
    rows = []
    for text in texts:
        read = tokenizer(text, truncation=True, max_length=most, padding=False, return_tensors="pt")
        assert read["attention_mask"].all()
        with torch.no_grad():
            states = bert(**read).last_hidden_state[0].double()
        vector = states.mean(0) if pooling == "mean" else states[0]
        rows.append(vector / vector.norm() if unit else vector)
    return torch.stack(rows).numpy()


def test_padding_and_batches_change_no_vector(encoder: Encoder, monkeypatch: pytest.MonkeyPatch):
    texts = [*TITLES, *LENGTHS]
    expected = alone(encoder, texts)
    for budget in (1, 40, 100, 2048):
        monkeypatch.setattr(module, "BATCH_TOKENS", budget)
        np.testing.assert_allclose(encoder.encode(texts), expected, atol=1e-5)


def test_neither_order_nor_duplicates_change_a_vector(encoder: Encoder):
    texts = [*TITLES, *LENGTHS]
    order = np.random.default_rng(0).permutation(len(texts))
    expected = encoder.encode(texts)
    np.testing.assert_allclose(encoder.encode([texts[at] for at in order]), expected[order], atol=1e-5)
    twice = encoder.encode([*texts, *reversed(texts), texts[0]])
    np.testing.assert_allclose(twice, np.concatenate([expected, expected[::-1], expected[:1]]), atol=1e-5)
    assert np.array_equal(twice[0], twice[-1])


@pytest.mark.parametrize(("pooling", "unit"), [("mean", False), ("mean", True), ("cls", False), ("cls", True)])
def test_vectors_are_those_pooled_by_hand(pooling: str, unit: bool, folder: Path):
    encoder = Encoder.load(folder, 24)
    encoder.pooling, encoder.unit = pooling, unit
    texts = [*TITLES, *LENGTHS, *MIXED[:5]]
    np.testing.assert_allclose(encoder.encode(texts), by_hand(folder, texts, 24, pooling, unit), atol=1e-5)


def test_the_packaged_encoder_gives_the_vectors_pooled_by_hand():
    folder = minilm()
    encoder = Encoder.load(folder)
    texts = [*TITLES, *MIXED[:3]]
    found = encoder.encode(texts)
    np.testing.assert_allclose(found, by_hand(folder, texts, 256, "mean", True), atol=1e-5)
    likeness = encoder.encode(["a scary film about ghosts", "a horror movie with ghosts", "how to bake bread"])
    assert likeness[0] @ likeness[1] > 0.6 > 0.3 > likeness[0] @ likeness[2]


@pytest.mark.slow
def test_the_packaged_encoder_gives_the_vectors_of_sentence_transformers():
    transformers = pytest.importorskip("sentence_transformers")
    folder = minilm()
    texts = [*TITLES, *MIXED]
    theirs = transformers.SentenceTransformer(str(folder), device="cpu").encode(texts)
    np.testing.assert_allclose(Encoder.load(folder).encode(texts), theirs, atol=1e-5)


def test_a_long_text_is_what_its_beginning_is(encoder: Encoder):
    beginning = "house " * 40
    ids = encoder.tokens([beginning, beginning + "moon river"])
    assert [len(row) for row in ids] == [24, 24] and ids[0] == ids[1]
    assert ids[0][0] == encoder.tokenizer.cls_token_id and ids[0][-1] == encoder.tokenizer.sep_token_id
    first, second, other = encoder.encode([beginning, beginning + "moon river", "moon river " + beginning])
    np.testing.assert_allclose(first, second, atol=1e-5)
    assert np.abs(first - other).max() > 1e-3


def test_lengths_are_counted_before_any_cut(encoder: Encoder):
    assert token_lengths(encoder, ["house", "house " * 100, ""]).tolist() == [3, 102, 2]
    assert token_lengths(encoder, []).shape == (0,)


def test_nothing_emoji_mixed_scripts_and_endless_texts_have_vectors(encoder: Encoder):
    found = encoder.encode(MIXED)
    assert found.shape == (len(MIXED), 16) and found.dtype == np.float32
    assert np.isfinite(found).all()
    np.testing.assert_allclose(found, alone(encoder, MIXED), atol=1e-5)
    assert encoder.encode([]).shape == (0, 16)


def test_half_a_character_pair_has_a_vector(encoder: Encoder):
    assert np.isfinite(encoder.encode(["house \ud83d river"])).all()


def test_files_read_again_give_the_same_vectors_bit_for_bit(encoder: Encoder, tmp_path: Path):
    encoder.pooling, encoder.unit = "cls", True
    encoder.save(tmp_path / "copy")
    again = Encoder.load(tmp_path / "copy", 24)
    assert (again.pooling, again.unit, again.most_tokens, again.width, again.name) == ("cls", True, 24, 16, "copy")
    assert np.array_equal(encoder.encode(TITLES), again.encode(TITLES))
    assert not again.training


@pytest.mark.skipif(not Path("/proc/self/maps").exists(), reason="what is mapped is read from Linux's /proc")
def test_the_files_of_an_encoder_are_not_mapped_so_that_windows_can_replace_them(folder: Path, tmp_path: Path):
    shutil.copytree(folder, tmp_path / "copy")
    encoder = Encoder.load(tmp_path / "copy", 24)
    assert encoder.width == 16 and str(tmp_path) not in Path("/proc/self/maps").read_text()


def test_a_checkpoint_with_a_head_is_read_without_it(folder: Path, tmp_path: Path):
    from transformers import BertForMaskedLM

    whole = BertForMaskedLM.from_pretrained(folder)
    shutil.copytree(folder, tmp_path / "with-head")
    (tmp_path / "with-head" / "recdesk.json").unlink()  # others write none
    whole.half().save_pretrained(tmp_path / "with-head")
    encoder = Encoder.load(tmp_path / "with-head", 24)
    assert encoder.bert.dtype == torch.float32
    np.testing.assert_allclose(encoder.encode(TITLES), Encoder.load(folder, 24).encode(TITLES), atol=1e-2)


def test_a_new_encoder_knows_the_texts_and_lies_in_its_folder(tmp_path: Path):
    encoder = small_encoder(tmp_path / "new", hidden=64, layers=2, seed=3)
    assert encoder.width == 64 and encoder.bert.config.num_attention_heads == 2 and not encoder.training
    unknown = encoder.tokenizer.unk_token_id
    assert not any(unknown in ids for ids in encoder.tokens(TITLES))
    assert np.array_equal(Encoder.load(tmp_path / "new", 24).encode(TITLES), encoder.encode(TITLES))
    assert describe(encoder) == "trained here (2 layers, 64 wide)"


@pytest.mark.parametrize("texts", [[], ["", "  "]])
def test_texts_without_a_word_teach_nothing(texts: list[str], tmp_path: Path):
    with pytest.raises(DataError, match="hold no word"):
        Encoder.new(texts, 16, 1, 24, tmp_path / "new", 0)


def test_a_folder_that_cannot_be_written_is_a_sentence(tmp_path: Path):
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(RecdeskError, match="a file or folder of another kind is in its place"):
        small_encoder(tmp_path / "file" / "new")


def test_reading_can_be_cancelled_between_batches_and_tells_how_far_it_is(
    encoder: Encoder, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(module, "BATCH_TOKENS", 24)
    shares: list[float] = []
    encoder.encode(LENGTHS, Task(lambda share, _text: shares.append(share)))
    assert len(shares) > 2 and shares == sorted(shares) and shares[-1] == 1.0
    heard: list[float] = []
    with pytest.raises(CancelledError):
        encoder.encode(LENGTHS, Task(lambda share, _text: heard.append(share), lambda: len(heard) == 2))
    assert heard == shares[:2]


def test_reading_uses_no_dropout_and_leaves_an_encoder_in_training(encoder: Encoder):
    expected = encoder.encode(TITLES)
    encoder.train()
    assert np.array_equal(encoder.encode(TITLES), expected)
    assert encoder.training and encoder.bert.training


def test_vectors_can_be_learned_through(encoder: Encoder):
    ids, real = padded(encoder.tokens(TITLES), encoder.tokenizer.pad_token_id)
    assert real is not None
    vectors = encoder(ids, real)
    np.testing.assert_allclose(vectors.detach().numpy(), encoder.encode(TITLES), atol=1e-5)
    vectors.square().sum().backward()
    gradients = {name: weight.grad for name, weight in encoder.bert.named_parameters()}
    assert all(
        gradient is not None and gradient.abs().sum() > 0
        for name, gradient in gradients.items()
        if "key.bias" not in name
    )
    words = gradients["embeddings.word_embeddings.weight"]
    assert words is not None and not words[encoder.tokenizer.pad_token_id].any()


def test_the_fingerprint_names_all_that_decides_a_vector(encoder: Encoder, folder: Path):
    seen = {encoder.fingerprint}
    assert Encoder.load(folder, 24).fingerprint in seen
    for change in ({"most_tokens": 20}, {"pooling": "cls"}, {"unit": True}):
        other = Encoder.load(folder, 24)
        for name, value in change.items():
            setattr(other, name, value)
        assert other.fingerprint not in seen
        seen.add(other.fingerprint)
    with torch.no_grad():
        encoder.bert.encoder.layer[0].output.dense.bias[3] += 1e-6
    assert encoder.fingerprint not in seen
    words = Encoder.load(folder, 24)
    words.tokenizer.add_tokens(["recdesk"])
    assert words.fingerprint not in seen


def test_the_fingerprint_stays_when_texts_are_read(encoder: Encoder):
    before = encoder.fingerprint
    encoder.encode(TITLES)
    after_reading = encoder.fingerprint
    token_lengths(encoder, TITLES)
    assert before == after_reading == encoder.fingerprint


@given(st.lists(st.integers(1, 60), max_size=60), st.integers(1, 200))
def test_batches_hold_every_row_once_and_no_more_than_asked_for(lengths: list[int], budget: int):
    made = [rows.tolist() for rows in batches(lengths, budget)]
    assert sorted(row for rows in made for row in rows) == list(range(len(lengths)))
    for rows in made:
        assert len(rows) == 1 or len(rows) * max(lengths[row] for row in rows) <= budget
    longest = [max(lengths[row] for row in rows) for rows in made]
    assert longest == sorted(longest, reverse=True)


@pytest.mark.parametrize("lengths", [[0], [3, 0]])
def test_rows_without_a_token_are_in_a_batch_too(lengths: list[int]):
    made = [rows.tolist() for rows in islice(batches(lengths, 100), 10)]
    assert sorted(row for rows in made for row in rows) == list(range(len(lengths)))


def test_padding_stands_behind_and_is_named_only_where_there_is_any():
    ids, real = padded([[5, 6, 7], [8], []], 9)
    assert ids.tolist() == [[5, 6, 7], [8, 9, 9], [9, 9, 9]]
    assert real is not None and real.tolist() == [[True] * 3, [True, False, False], [False] * 3]
    same, none = padded([[1, 2], [3, 4]], 9)
    assert same.tolist() == [[1, 2], [3, 4]] and none is None


@pytest.mark.parametrize(
    ("windows", "error", "sentence"), [
        (False, SafetensorError("Error while serializing: I/O error: No space left (os error 28)"), "is full"),
        (False, Exception("No space left on device (os error 28)"), "is full"),
        (True, SafetensorError("Error while serializing: I/O error: (os error 112)"), "is full"),
        (True, SafetensorError("Error while serializing: I/O error: (os error 32)"), "is open in another program"),
        (True, Exception("(os error 1224)"), "is open in another program"),
    ],
)  # fmt: skip
def test_what_the_system_refuses_a_library_in_rust_is_told_as_what_it_is(
    windows: bool, error: Exception, sentence: str, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    encoder = Encoder.load(folder)
    monkeypatch.setattr(errors, "_WINDOWS", windows)

    def full(*_: object, **__: object) -> None:
        raise error

    monkeypatch.setattr(encoder.bert, "save_pretrained", full)
    with pytest.raises(StorageError, match=sentence):
        encoder.save(tmp_path / "copy")
