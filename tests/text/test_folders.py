"""What is wrong with an encoder's folder is said in one sentence, whether it is looked at or loaded."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file, save_file

from recdesk.core import records
from recdesk.core.errors import DataError
from recdesk.core.records import checksums, write_record
from recdesk.text import folders
from recdesk.text.encoder import Encoder
from recdesk.text.folders import OURS, SOURCE, check_folder, check_parts, parts, pooling_of
from tests.text.making import minilm, sentence, small_encoder


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """As others write one: without our checksums."""
    folder = tmp_path_factory.mktemp("encoder") / "whole"
    small_encoder(folder)
    (folder / OURS).unlink()
    return folder


@pytest.fixture
def folder(whole: Path, tmp_path: Path) -> Path:
    """A whole encoder to break."""
    return Path(shutil.copytree(whole, tmp_path / "broken"))


def change_config(folder: Path, **values: object) -> None:
    path = folder / "config.json"
    path.write_text(json.dumps({**json.loads(path.read_text(encoding="utf-8")), **values}), encoding="utf-8")


def only_pickled(folder: Path) -> None:
    (folder / "model.safetensors").unlink()
    torch.save({}, folder / "pytorch_model.bin")


def truncate(folder: Path) -> None:
    path = folder / "model.safetensors"
    path.write_bytes(path.read_bytes()[:-100])


def no_tokenizer(folder: Path) -> None:
    for name in ("tokenizer.json", "vocab.txt"):
        (folder / name).unlink(missing_ok=True)


def without_a_size(folder: Path) -> None:
    path = folder / "config.json"
    values = json.loads(path.read_text(encoding="utf-8"))
    del values["hidden_size"]
    path.write_text(json.dumps(values), encoding="utf-8")


SEEN_BEFORE_LOADING: dict[str, tuple[Callable[[Path], object], str]] = {
    "gone": (shutil.rmtree, "There is no folder"),
    "not an encoder": (lambda folder: (folder / "config.json").unlink(), "it has no config.json"),
    "config is no JSON": (lambda folder: (folder / "config.json").write_text("{"), "is damaged"),
    "config is a list": (lambda folder: (folder / "config.json").write_text("[1]"), "holds no settings"),
    "config is not text": (lambda folder: (folder / "config.json").write_bytes(b"\xff\xfe\x00"), "is damaged"),
    "another kind": (lambda folder: change_config(folder, model_type="gpt2"), "of the kind “gpt2”, not a BERT"),
    "no weights": (lambda folder: (folder / "model.safetensors").unlink(), "has no weights"),
    "only pickled weights": (only_pickled, "only as pytorch_model.bin"),
    "no tokenizer": (no_tokenizer, "has no tokenizer"),
    "weights cut short": (truncate, "is damaged or cut short"),
    "weights empty": (lambda folder: (folder / "model.safetensors").write_bytes(b""), "is damaged or cut short"),
    "weights are text": (
        lambda folder: (folder / "model.safetensors").write_text("version https://git-lfs.github.com/spec/v1"),
        "is damaged or cut short",
    ),
    "no vector size": (without_a_size, "is damaged"),
    "a size that is no number": (lambda folder: change_config(folder, num_hidden_layers="many"), "is damaged"),
}


@pytest.mark.parametrize(("harm", "words"), SEEN_BEFORE_LOADING.values(), ids=SEEN_BEFORE_LOADING.keys())
def test_a_broken_folder_is_one_sentence(harm: Callable[[Path], object], words: str, folder: Path):
    harm(folder)
    for look in (check_folder, Encoder.load):
        with pytest.raises(DataError) as caught:
            look(folder)
        assert words in sentence(caught)
        assert folder.name in sentence(caught)


def without_a_tensor(folder: Path) -> None:
    weights = load_file(folder / "model.safetensors")
    del weights["encoder.layer.0.attention.self.query.weight"]
    save_file(weights, folder / "model.safetensors", {"format": "pt"})


def another_shape(folder: Path) -> None:
    weights = load_file(folder / "model.safetensors")
    weights["encoder.layer.0.attention.self.query.weight"] = torch.zeros(3, 3)
    save_file(weights, folder / "model.safetensors", {"format": "pt"})


def fewer_words(folder: Path) -> None:
    weights = load_file(folder / "model.safetensors")
    name = "embeddings.word_embeddings.weight"
    weights[name] = weights[name][:20].clone()
    save_file(weights, folder / "model.safetensors", {"format": "pt"})
    change_config(folder, vocab_size=20)


SEEN_WHEN_LOADING: dict[str, tuple[Callable[[Path], object], str]] = {
    "a tensor is missing": (without_a_tensor, "1 part is missing, such as “encoder.layer.0.attention.self.query"),
    "more layers than weights": (lambda folder: change_config(folder, num_hidden_layers=2), "parts are missing"),
    "a tensor has another shape": (another_shape, "cannot be read"),
    "tokenizer larger than vocabulary": (fewer_words, "its BERT only 20"),
    "tokenizer is no JSON": (lambda folder: (folder / "tokenizer.json").write_text("{"), "cannot be read"),
    "heads do not divide": (lambda folder: change_config(folder, num_attention_heads=3), "cannot be read"),
    "index without its files": (
        lambda folder: (folder / "model.safetensors").rename(folder / "model.safetensors.index.json"),
        "cannot be read",
    ),
}


@pytest.mark.parametrize(("harm", "words"), SEEN_WHEN_LOADING.values(), ids=SEEN_WHEN_LOADING.keys())
def test_files_that_do_not_belong_together_are_one_sentence(harm: Callable[[Path], object], words: str, folder: Path):
    harm(folder)
    with pytest.raises(DataError) as caught:
        Encoder.load(folder)
    assert words in sentence(caught)
    assert folder.name in sentence(caught)


def test_sizes_are_read_before_anything_is_loaded(folder: Path):
    facts = check_folder(folder)
    assert (facts.width, facts.layers, facts.most_tokens) == (16, 1, 512)
    assert facts.bytes == (folder / "model.safetensors").stat().st_size
    (folder / "sentence_bert_config.json").write_text('{"max_seq_length": 40}')
    assert check_folder(folder).most_tokens == 40
    assert Encoder.load(folder).most_tokens == 40
    assert Encoder.load(folder, 100).most_tokens == 40
    assert Encoder.load(folder, 12).most_tokens == 12
    (folder / "sentence_bert_config.json").write_text('{"max_seq_length": 4000}')
    assert check_folder(folder).most_tokens == 512


POOLINGS: dict[str, tuple[dict[str, object], tuple[str, bool]]] = {
    "nothing said": ({}, ("mean", False)),
    "ours": ({"recdesk.json": {"pooling": "cls", "unit": True}}, ("cls", True)),
    "old sentence-transformers": ({"1_Pooling/config.json": {"pooling_mode_cls_token": True}}, ("cls", False)),
    "new sentence-transformers": ({"1_Pooling/config.json": {"pooling_mode": "cls"}}, ("cls", False)),
    "mean and unit": (
        {
            "1_Pooling/config.json": {"pooling_mode_mean_tokens": True},
            "modules.json": [{"type": "sentence_transformers.models.Normalize"}],
        },
        ("mean", True),
    ),
    "of others, strange": ({"modules.json": {"type": 3}, "1_Pooling/config.json": 7}, ("mean", False)),
}


@pytest.mark.parametrize(("files", "expected"), POOLINGS.values(), ids=POOLINGS.keys())
def test_pooling_is_what_the_folder_says(files: dict[str, object], expected: tuple[str, bool], tmp_path: Path):
    (tmp_path / "1_Pooling").mkdir()
    for name, values in files.items():
        (tmp_path / name).write_text(json.dumps(values))
    assert pooling_of(tmp_path) == expected


def test_the_packaged_encoder_pools_as_sentence_transformers_does():
    folder = minilm()
    facts = check_folder(folder)
    assert (facts.width, facts.layers, facts.most_tokens) == (384, 6, 256)
    assert pooling_of(folder) == ("mean", True)


@pytest.mark.parametrize("name", ["recdesk.json", "modules.json", "1_Pooling/config.json", "sentence_bert_config.json"])
def test_what_decides_the_vectors_is_not_passed_over_when_it_is_damaged(name: str, folder: Path):
    (folder / "1_Pooling").mkdir()
    (folder / name).write_text("{")
    with pytest.raises(DataError) as caught:
        Encoder.load(folder)
    assert str(folder / name) in sentence(caught)


@pytest.mark.parametrize("name", ["model.safetensors", "tokenizer.json", "config.json"])
@pytest.mark.parametrize("marker", [OURS, SOURCE])
def test_a_turned_bit_in_what_was_written_here_is_told(marker: str, name: str, folder: Path):
    about = {"model_id": "a/b", "revision": "0", "pooling": "mean", "unit": False, "checksums": checksums(folder)}
    write_record(folder / marker, about)
    Encoder.load(folder)
    data = bytearray((folder / name).read_bytes())
    place = data.rindex(b"0.1") if name == "config.json" else len(data) - 9
    data[place] ^= 1
    (folder / name).write_bytes(data)
    with pytest.raises(DataError) as caught:
        Encoder.load(folder)
    assert sentence(caught) == f"“{folder / name}” is damaged: its checksum is another."
    (folder / name).unlink()
    with pytest.raises(DataError, match="is missing"):
        check_parts(folder)


def test_of_a_persons_folder_only_the_encoders_own_files_are_read(folder: Path, monkeypatch):
    whole = parts(folder)
    assert {"config.json", "model.safetensors", "tokenizer.json"} <= set(whole)
    (folder / "photos").mkdir()
    for name in ("photos/large.bin", "photos/other.safetensors", "pytorch_model.bin", ".hidden.safetensors"):
        (folder / name).write_bytes(b"not ours")
    read: list[str] = []
    before = folders.file_checksum

    def counted(path: Path) -> str:
        read.append(path.relative_to(folder).as_posix())
        return before(path)

    monkeypatch.setattr(records, "file_checksum", counted)
    monkeypatch.setattr(folders, "file_checksum", counted)
    assert parts(folder) == whole
    assert read == sorted(whole)


def test_a_file_of_an_encoder_that_cannot_be_read_is_one_sentence(folder: Path, monkeypatch):
    def refuse(path: Path) -> str:
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr(folders, "file_checksum", refuse)
    with pytest.raises(DataError) as caught:
        parts(folder)
    assert caught.value.sentence == f"“{folder / 'config.json'}” cannot be read: Permission denied."
