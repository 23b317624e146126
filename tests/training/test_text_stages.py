import shutil
import threading
import time
from pathlib import Path

import numpy as np
import pytest
import torch

from recdesk.core.errors import DataError, RecdeskError
from recdesk.core.files import read_json
from recdesk.core.messages import Message
from recdesk.data.dataset import Dataset
from recdesk.data.splitting import Split, make_split
from recdesk.models.text_bert import TextBert, TextShape
from recdesk.monitor.control import Control
from recdesk.monitor.events import EncoderStep, Event, StageEnded, StageScored, StageStarted, Warned
from recdesk.text.encoder import Encoder
from recdesk.text.item_texts import item_texts
from recdesk.text.sources import Source
from recdesk.text.text_paths import TextPaths
from recdesk.text.text_side import load_encoder, load_side
from recdesk.training import masked_language, text_stages
from recdesk.training.config import TextConfig, make_config
from recdesk.training.text_stages import Prepared, encoder_steps, prepare_texts
from tests.conftest import chain_dataset
from tests.text.making import small_encoder


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("encoders") / "small"
    small_encoder(folder)
    return folder


@pytest.fixture(autouse=True)
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(text_stages, "SCRATCH_WIDTH", 32)
    monkeypatch.setattr(text_stages, "SCRATCH_LAYERS", 1)
    monkeypatch.setattr(masked_language, "STEP_TOKENS", 256)
    monkeypatch.setattr(masked_language, "MEASURED", 64)


@pytest.fixture
def text_paths(tmp_path: Path) -> TextPaths:
    return TextPaths(tmp_path / "runs" / "1", tmp_path / "cache", tmp_path / "encoders")


def config(**values) -> TextConfig:
    settings = {"kind": "text-bert", "device": "cpu", "text_width": 16, "text_tokens": 24, "encoder_steps": 12}
    made = make_config(**{**settings, "encoder": "scratch", **values})
    assert isinstance(made, TextConfig)
    return made


def prepare(
    text_paths: TextPaths, split: Split | None = None, seen: list[Event] | None = None, control: Control | None = None,
    resume: bool = False, **values,
) -> Prepared | None:  # fmt: skip
    text_paths.run.mkdir(parents=True, exist_ok=True)
    split = split or make_split(chain_dataset())
    emit = (lambda event: None) if seen is None else seen.append
    return prepare_texts(split, config(**values), text_paths, emit, control or Control(), resume)


def renamed(dataset: Dataset, titles: dict[int, str], genre: str | None = None) -> Dataset:
    """The same with other titles (by item code); `genre` for all if given."""
    from dataclasses import replace

    table = dataset.item_features.copy()
    for code, title in titles.items():
        table.loc[code - 1] = [title, table.loc[code - 1, "genre"] if title else ""]
    if genre is not None:
        table["genre"] = genre
    return replace(dataset, item_features=table)


def stopping_at(step: int, control: Control, seen: list[Event]):
    def on_event(event: Event) -> None:
        seen.append(event)
        if isinstance(event, EncoderStep) and event.done == step:
            control.stop()

    return on_event


def test_items_become_texts_and_texts_whitened_vectors(text_paths: TextPaths):
    seen: list[Event] = []
    split = make_split(chain_dataset())
    prepared = prepare(text_paths, split, seen)
    assert prepared is not None
    assert prepared.texts == item_texts(split.dataset)
    assert prepared.vectors.shape == (40, 16) and prepared.vectors.dtype == np.float32
    assert np.abs(prepared.vectors.mean(0)).max() < 1e-3
    assert [e.stage for e in seen if isinstance(e, StageStarted)] == ["texts", "encoder", "vectors"]
    ended = {e.stage: e for e in seen if isinstance(e, StageEnded)}
    assert ended["encoder"].before is not None and ended["encoder"].after is not None
    assert 0 <= ended["encoder"].before <= 1 and ended["encoder"].figure == "words guessed right"
    assert max(e.done for e in seen if isinstance(e, EncoderStep)) == 12
    (begun,) = [e for e in seen if isinstance(e, StageScored)]
    assert begun.stage == "encoder" and 0 <= begun.metrics["ndcg@10"] <= begun.metrics["recall@10"] <= 1
    facts = read_json(text_paths.facts)
    assert facts["template"] == "title: {title}; genre: {genre}" and facts["own"] and facts["wanted"] == "scratch"
    assert text_paths.whitening.exists() and list((text_paths.cache / "vectors").iterdir())


def test_the_text_side_of_a_run_reads_its_items_and_new_texts_as_it_did(text_paths: TextPaths):
    prepared = prepare(text_paths)
    assert prepared is not None
    best = text_paths.run / "checkpoints" / "best"
    best.mkdir(parents=True)
    TextBert(TextShape(40, 8, 16, 1, 2, text_width=16)).save(best)
    side = load_side(text_paths)
    np.testing.assert_allclose(side.vectors(prepared.texts), prepared.vectors, atol=1e-4)
    found = side.vectors(["", prepared.texts[3]])
    assert not found[0].any()
    np.testing.assert_allclose(found[1], prepared.vectors[3], atol=1e-4)


def test_an_encoder_learns_by_itself_only_where_it_starts_from_nothing():
    assert encoder_steps(config(encoder_steps=None), Source("scratch", "")) == text_stages.SCRATCH_STEPS
    assert encoder_steps(config(encoder_steps=None), Source("folder", "")) == 0
    assert encoder_steps(config(encoder_steps=7), Source("folder", "")) == 7
    assert encoder_steps(config(encoder_steps=0), Source("scratch", "")) == 0


def test_an_encoder_of_a_folder_is_used_as_it_is_and_stays_as_it_is(text_paths: TextPaths, folder: Path):
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    prepared = prepare(text_paths, encoder=str(folder), encoder_steps=None)
    assert prepared is not None and not text_paths.encoder.exists()
    assert not read_json(text_paths.facts)["own"]
    expected = Encoder.load(folder, 24).encode(prepared.texts)
    np.testing.assert_allclose(prepared.side.encoder.encode(prepared.texts), expected, atol=1e-5)
    taught = TextPaths(text_paths.run.parent / "2", text_paths.cache, text_paths.downloads)
    assert prepare(taught, encoder=str(folder)) is not None
    assert (taught.encoder / "model.safetensors").exists() and read_json(taught.facts)["own"]
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before


@pytest.mark.parametrize("steps", [0, 12])
def test_the_same_settings_over_one_folder_give_the_same_vectors(steps: int, text_paths: TextPaths, folder: Path):
    first = prepare(text_paths, encoder=str(folder), encoder_steps=steps)
    other = TextPaths(text_paths.run.parent / "2", text_paths.cache.parent / "another-cache", text_paths.downloads)
    second = prepare(other, encoder=str(folder), encoder_steps=steps)
    assert first is not None and second is not None
    assert first.vectors.tobytes() == second.vectors.tobytes()


def test_resumed_after_its_end_nothing_is_read_or_learned_again(text_paths: TextPaths):
    first = prepare(text_paths)
    seen: list[Event] = []
    again = prepare(text_paths, seen=seen, resume=True)
    assert first is not None and again is not None
    assert not [event for event in seen if isinstance(event, EncoderStep)]
    np.testing.assert_allclose(again.vectors, first.vectors, atol=1e-5)


def test_a_resumed_run_takes_its_vectors_from_the_cache_bit_for_bit(text_paths: TextPaths, monkeypatch):
    first = prepare(text_paths)
    monkeypatch.setattr(Encoder, "encode", lambda *_: pytest.fail("read again"))
    again = prepare(text_paths, resume=True)
    assert first is not None and again is not None
    assert first.vectors.tobytes() == again.vectors.tobytes()


def test_stopped_while_the_encoder_of_a_folder_learns_it_goes_on_to_the_same_vectors(
    text_paths: TextPaths, folder: Path
):
    values = {"encoder": str(folder), "encoder_steps": 12}
    whole = prepare(TextPaths(text_paths.run / "whole", text_paths.cache / "whole", text_paths.downloads), **values)
    control, seen = Control(), []
    text_paths.run.mkdir(parents=True, exist_ok=True)
    split = make_split(chain_dataset())
    stopped = prepare_texts(split, config(**values), text_paths, stopping_at(5, control, seen), control, False)
    assert stopped is None and not text_paths.facts.exists()
    resumed = prepare(text_paths, seen=seen, resume=True, **values)
    assert [event.done for event in seen if isinstance(event, EncoderStep)] == list(range(1, 13))
    assert whole is not None and resumed is not None
    assert resumed.vectors.tobytes() == whole.vectors.tobytes()


def test_stopped_while_an_encoder_from_nothing_learns_its_vocabulary_stays(text_paths: TextPaths):
    control, seen = Control(), []
    text_paths.run.mkdir(parents=True, exist_ok=True)
    split = make_split(chain_dataset())
    assert prepare_texts(split, config(), text_paths, stopping_at(5, control, seen), control, False) is None
    before = Encoder.load(text_paths.begun).tokenizer.get_vocab()
    assert prepare(text_paths, resume=True) is not None and not text_paths.begun.exists()
    assert Encoder.load(text_paths.encoder).tokenizer.get_vocab() == before


def test_stopped_while_vectors_are_read_the_encoder_is_kept(text_paths: TextPaths, folder: Path):
    control = Control()
    control.stop()
    assert prepare(text_paths, control=control, encoder=str(folder), encoder_steps=0) is None
    assert not text_paths.facts.exists() and not text_paths.whitening.exists()
    assert prepare(text_paths, resume=True, encoder=str(folder), encoder_steps=0) is not None
    assert text_paths.facts.exists() and text_paths.whitening.exists()


def test_an_encoder_that_is_not_the_same_any_more_is_refused(text_paths: TextPaths, folder: Path, tmp_path: Path):
    copy = Path(shutil.copytree(folder, tmp_path / "copy"))
    assert prepare(text_paths, encoder=str(copy), encoder_steps=0) is not None
    load_encoder(text_paths)
    changed = Encoder.load(copy)
    with torch.no_grad():
        changed.bert.embeddings.LayerNorm.bias[0] += 1
    changed.save(copy)
    with pytest.raises(DataError, match="is not the one any more that this run used"):
        load_side(text_paths)
    shutil.rmtree(copy)
    with pytest.raises(RecdeskError, match="There is no"):
        load_side(text_paths)


def test_nothing_of_hidden_items_is_learned_from(text_paths: TextPaths, folder: Path, monkeypatch):
    split = make_split(chain_dataset(), "new-items")
    assert split.hidden is not None and split.hidden.sum() == 4
    drawn: list[str] = []
    original = masked_language.Corpus.draw

    def draw(self, step, count):
        found = original(self, step, count)
        drawn.extend(found)
        return found

    monkeypatch.setattr(masked_language.Corpus, "draw", draw)
    prepared = prepare(text_paths, split, encoder=str(folder))
    assert prepared is not None and len(drawn) > 100
    hidden = [text for text, is_hidden in zip(prepared.texts, split.hidden, strict=True) if is_hidden]
    assert not [text for text in drawn if any(part in hidden for part in text.split(" | "))]
    assert prepared.vectors[split.hidden].any(1).all()  # they have vectors all the same
    others = {int(code): "something else" for code in np.flatnonzero(split.hidden) + 1}
    changed = make_split(renamed(chain_dataset(), others), "new-items")
    again = prepare(
        TextPaths(text_paths.run / "2", text_paths.cache, text_paths.downloads), changed, encoder=str(folder)
    )
    assert again is not None
    np.testing.assert_array_equal(again.vectors[~split.hidden], prepared.vectors[~split.hidden])
    assert np.array_equal(again.side.whitening.matrix, prepared.side.whitening.matrix)


def test_items_without_text_are_counted_and_have_no_vector(text_paths: TextPaths, folder: Path):
    split, seen = make_split(renamed(chain_dataset(), {3: "", 9: ""})), []
    prepared = prepare(text_paths, split, seen, encoder=str(folder), encoder_steps=0)
    assert prepared is not None
    assert np.flatnonzero(~prepared.vectors.any(1)).tolist() == [2, 8]
    assert [e.sentence for e in seen if isinstance(e, Warned)] == [
        "2 items have no text; the model knows them by behaviour alone."
    ]


def test_texts_that_are_cut_are_said_to_be(text_paths: TextPaths, folder: Path):
    long = renamed(chain_dataset(), dict.fromkeys(range(1, 11), "red house " * 40))
    seen: list[Event] = []
    assert prepare(text_paths, make_split(long), seen, encoder=str(folder), encoder_steps=0) is not None
    (sentence,) = [e.sentence for e in seen if isinstance(e, Warned)]
    assert "are longer than 24 tokens and are cut" in sentence


@pytest.mark.parametrize("encoder", ["folder", "scratch"])
@pytest.mark.parametrize("filled", [0, 1])
def test_fewer_than_two_texts_are_a_sentence(filled: int, encoder: str, text_paths: TextPaths, folder: Path):
    table = renamed(chain_dataset(), dict.fromkeys(range(1, 41 - filled), ""))
    wanted = {"encoder": str(folder), "encoder_steps": 0} if encoder == "folder" else {"encoder_steps": 2}
    with pytest.raises(RecdeskError, match=r"Fewer than two|no word|no texts"):
        prepare(text_paths, make_split(table), template="{title}", **wanted)


def test_a_run_of_another_version_is_a_sentence(text_paths: TextPaths):
    assert prepare(text_paths, encoder_steps=0) is not None
    text_paths.facts.write_text('{"format": 2}')
    with pytest.raises(RecdeskError, match="another version"):
        load_side(text_paths)


def test_of_trials_that_need_a_shared_encoder_one_trains_it_and_the_others_wait(tmp_path: Path, monkeypatch):
    monkeypatch.setattr(text_stages, "WAIT_SECONDS", 0.01)
    shared, order, told = tmp_path / "encoders" / "1234", list[str](), list[Event]()
    begun, may_end, waiting = threading.Event(), threading.Event(), Control()

    def first() -> None:
        with text_stages._turn(shared, lambda _event: None, Control()) as ours:
            begun.set()
            assert ours and may_end.wait(30)
            order.append("first")

    def second() -> None:
        with text_stages._turn(shared, told.append, Control()) as ours:
            order.append(f"second {ours}")

    threads = [threading.Thread(target=first), threading.Thread(target=second)]
    threads[0].start()
    assert begun.wait(30)
    waiting.stop()
    with text_stages._turn(shared, told.append, waiting) as ours:  # stopped while it waited
        assert not ours
    threads[1].start()
    while len(told) < 2:
        time.sleep(0.01)
    may_end.set()
    for thread in threads:
        thread.join(30)
    assert order == ["first", "second True"]
    assert {event.note for event in told if isinstance(event, StageStarted)} == {Message("encoder.step-2-waiting")}
    with text_stages._turn(None, told.append, Control()) as ours:  # no study: no turns
        assert ours and len(told) == 2
