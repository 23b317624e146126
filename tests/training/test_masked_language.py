from pathlib import Path

import numpy as np
import pytest
import torch

from recdesk.core import devices
from recdesk.core.errors import RecdeskError
from recdesk.data.histories import Histories
from recdesk.monitor.control import Control
from recdesk.monitor.events import EncoderStep, Event, StateChanged, Warned
from recdesk.text.encoder import Encoder
from recdesk.training import loop, masked_language
from recdesk.training.masked_language import Corpus, MaskedLanguage, MaskedLanguageStep, MaskedWordModel, mask
from tests.text.making import TITLES, small_encoder

HISTORIES = Histories.of([[1, 2, 3, 4], [5], [6, 7], []])


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("encoders") / "small"
    small_encoder(folder, hidden=32)
    return folder


@pytest.fixture(autouse=True)
def small_steps(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(masked_language, "STEP_TOKENS", 256)
    monkeypatch.setattr(masked_language, "MEASURED", 64)


def learning(
    folder: Path, place: Path, steps: int = 10, emit=lambda event: None, control: Control | None = None, **more
) -> MaskedLanguage:
    corpus = Corpus(more.get("texts", TITLES), HISTORIES, more.get("seed", 0))
    encoder = Encoder.load(folder, 24)
    return MaskedLanguage(encoder, corpus, steps, more.get("rate", 2e-3), place, emit, control or Control())


def same_weights(first: Encoder, second: Encoder) -> bool:
    ours, theirs = first.bert.state_dict(), second.bert.state_dict()
    return all(torch.equal(ours[name], theirs[name]) for name in theirs)


def test_tokens_are_masked_replaced_and_left_as_often_as_bert_does(folder: Path):
    tokenizer = Encoder.load(folder).tokenizer
    special = tokenizer.all_special_ids
    rng = np.random.default_rng(0)
    words = rng.integers(max(special) + 1, len(tokenizer), (2000, 40))
    ids = np.concatenate(
        [np.full((2000, 1), tokenizer.cls_token_id), words, np.full((2000, 1), tokenizer.sep_token_id)], 1
    )
    before = ids.copy()
    hidden, where, what = mask(ids, np.random.default_rng(1), tokenizer)
    assert np.array_equal(ids, before)
    assert len(where) / words.size == pytest.approx(0.15, abs=0.005)
    assert np.array_equal(what, ids.ravel()[where])
    now = hidden.ravel()[where]
    masked, left = (now == tokenizer.mask_token_id).mean(), (now == what).mean()
    drawn = 0.1 / len(tokenizer)  # a random piece may be the mask or the very same piece
    assert masked == pytest.approx(0.8 + drawn, abs=0.015)
    assert left == pytest.approx(0.1 + drawn, abs=0.01)
    others = now[(now != tokenizer.mask_token_id) & (now != what)]
    assert len(others) / len(now) == pytest.approx(0.1, abs=0.01)
    assert len(set(others.tolist())) > 0.9 * len(tokenizer)
    untouched = np.ones(ids.size, bool)
    untouched[where] = False
    assert np.array_equal(hidden.ravel()[untouched], ids.ravel()[untouched])


def test_special_tokens_are_never_predicted_and_every_text_with_a_word_has_one_to_predict(folder: Path):
    tokenizer = Encoder.load(folder).tokenizer
    pad, unknown, cls, sep, hidden = (
        tokenizer.pad_token_id, tokenizer.unk_token_id, tokenizer.cls_token_id, tokenizer.sep_token_id,
        tokenizer.mask_token_id,
    )  # fmt: skip
    ids = np.array([[cls, 9, sep, pad, pad], [cls, 8, unknown, hidden, sep], [cls, sep, pad, pad, pad]] * 300)
    _, where, what = mask(ids, np.random.default_rng(0), tokenizer)
    assert set(what.tolist()) == {8, 9}
    assert np.array_equal(np.unique(where // 5), np.flatnonzero(np.arange(900) % 3 < 2))
    hidden, where, what = mask(ids[2:3], np.random.default_rng(0), tokenizer)
    assert len(where) == len(what) == 0 and np.array_equal(hidden, ids[2:3])


def test_examples_are_a_function_of_seed_and_step():
    first, again, other = (Corpus(TITLES, HISTORIES, seed) for seed in (1, 1, 2))
    assert first.draw(3, 40) == again.draw(3, 40)
    assert first.draw(3, 40) != first.draw(4, 40)
    assert first.draw(3, 40) != other.draw(3, 40)
    assert first.draw(-1, 40) != first.draw(0, 40)


def test_examples_are_items_and_what_people_took_in_a_row_latest_first():
    examples = Corpus(TITLES, HISTORIES, 0).draw(0, 4000)
    single = [text for text in examples if text in TITLES]
    assert len(single) / 4000 == pytest.approx(0.5, abs=0.03)
    assert set(single) == set(TITLES)
    chains = {" | ".join(TITLES[at] for at in row) for row in ([1, 0], [2, 1, 0], [3, 2, 1, 0], [6, 5])}
    assert set(examples) - set(single) == chains


def test_an_item_without_text_and_a_person_with_one_item_teach_nothing():
    texts = ["", *TITLES[1:]]
    assert "" not in Corpus(texts, Histories.of([[5], []]), 0).draw(0, 500)
    assert set(Corpus(texts, Histories.of([[5], []]), 0).draw(0, 500)) == set(TITLES[1:])


@pytest.mark.slow
def test_the_loss_falls_and_more_words_are_guessed_right(folder: Path, tmp_path: Path):
    seen: list[Event] = []
    ended, before, after = learning(folder, tmp_path, 60, seen.append, rate=5e-3).run(False)
    steps = [event for event in seen if isinstance(event, EncoderStep)]
    assert ended == "done" and [event.done for event in steps] == list(range(1, 61))
    first, last = (np.mean([event.loss for event in part]) for part in (steps[:10], steps[-10:]))
    assert first == pytest.approx(np.log(Encoder.load(folder).bert.config.vocab_size), rel=0.3)
    assert last < 0.75 * first
    assert after > before + 0.1
    assert np.mean([event.accuracy for event in steps[-10:]]) > np.mean([event.accuracy for event in steps[:10]])


def test_the_encoder_itself_learns(folder: Path, tmp_path: Path):
    trainer = learning(folder, tmp_path)
    trainer.run(False)
    before, after = Encoder.load(folder).bert.state_dict(), trainer.step.encoder.bert.state_dict()
    same = [name for name in before if torch.equal(before[name], after[name])]
    assert not [name for name in same if "position" not in name and "token_type" not in name]


@pytest.mark.parametrize("stop_at", [7])
def test_stopped_and_resumed_equals_never_stopped_bit_for_bit(stop_at: int, folder: Path, tmp_path: Path):
    whole: list[Event] = []
    reference = learning(folder, tmp_path / "whole", emit=whole.append)
    figures = reference.run(False)
    control, parts = Control(), []

    def stop_there(event: Event) -> None:
        parts.append(event)
        if isinstance(event, EncoderStep) and event.done == stop_at:
            control.stop()

    assert learning(folder, tmp_path / "parts", emit=stop_there, control=control).run(False)[0] == "stopped"
    torch.rand(5)  # chance elsewhere changes nothing
    resumed = learning(folder, tmp_path / "parts", emit=parts.append)
    assert resumed.run(True) == figures
    losses = [[(e.done, e.loss, e.accuracy) for e in seen if isinstance(e, EncoderStep)] for seen in (whole, parts)]
    assert losses[0] == losses[1]
    assert same_weights(resumed.step.encoder, reference.step.encoder)


def test_died_without_a_word_it_goes_on_from_its_last_checkpoint(folder: Path, tmp_path: Path, monkeypatch):
    monkeypatch.setattr(loop, "CHECKPOINT_SECONDS", 0.0)
    reference = learning(folder, tmp_path / "whole")
    figures = reference.run(False)

    class Death(BaseException):
        pass

    def die(event: Event) -> None:
        if isinstance(event, EncoderStep) and event.done == 8:
            raise Death

    with pytest.raises(Death):
        learning(folder, tmp_path / "parts", emit=die).run(False)
    seen: list[Event] = []
    resumed = learning(folder, tmp_path / "parts", emit=seen.append)
    assert resumed.run(True) == figures
    assert min(event.done for event in seen if isinstance(event, EncoderStep)) == 8
    assert same_weights(resumed.step.encoder, reference.step.encoder)


def test_outcomes_that_are_fetched_together_are_the_same(folder: Path, tmp_path: Path, monkeypatch):
    """As on a GPU, which each question makes wait."""
    one_by_one: list[Event] = []
    learning(folder, tmp_path / "one", emit=one_by_one.append).run(False)
    asked: list[int] = []
    monkeypatch.setattr(devices, "should_synchronize", lambda device, waiting: asked.append(waiting) or waiting >= 4)
    together: list[Event] = []
    learning(folder, tmp_path / "four", emit=together.append).run(False)
    assert asked == [1, 2, 3, 4, 1, 2, 3, 4, 1, 2]
    told = [
        [(e.done, e.loss, e.accuracy) for e in seen if isinstance(e, EncoderStep)] for seen in (one_by_one, together)
    ]
    assert told[0] == told[1] and len(told[0]) == 10


def test_a_loss_that_is_no_number_ends_it_with_a_sentence_and_keeps_the_checkpoint_before(folder: Path, tmp_path: Path):
    control = Control()

    def stop_there(event: Event) -> None:
        if isinstance(event, EncoderStep) and event.done == 3:
            control.stop()

    learning(folder, tmp_path, emit=stop_there, control=control).run(False)
    kept = (tmp_path / "training.safetensors").read_bytes()
    broken = learning(folder, tmp_path)
    broken.restore()
    with torch.no_grad():
        broken.step.model.bias.fill_(float("nan"))
    with pytest.raises(RecdeskError, match="out of control at step 4"):
        broken.run(False)
    assert (tmp_path / "training.safetensors").read_bytes() == kept


def test_pause_holds_between_steps_with_everything_on_disk(folder: Path, tmp_path: Path):
    control, seen = Control(), []

    def watch(event: Event) -> None:
        seen.append(event)
        if isinstance(event, EncoderStep) and event.done == 2:
            control.pause()
        if isinstance(event, StateChanged) and event.state == "paused":
            assert (tmp_path / "training.safetensors").exists()
            control.resume()

    assert learning(folder, tmp_path, 4, watch, control).run(False)[0] == "done"
    assert [type(event).__name__ for event in seen] == ["EncoderStep"] * 2 + ["StateChanged"] * 2 + ["EncoderStep"] * 2


def test_out_of_memory_halves_the_step_and_a_resume_knows(folder: Path, tmp_path: Path, monkeypatch):
    original, seen, control = MaskedWordModel.forward, list[Event](), Control()

    def too_large(self, ids, real, positions):
        if self.training and len(ids) > 4:
            raise torch.OutOfMemoryError
        return original(self, ids, real, positions)

    def stop_there(event: Event) -> None:
        seen.append(event)
        if isinstance(event, EncoderStep) and event.done == 3:
            control.stop()

    monkeypatch.setattr(MaskedWordModel, "forward", too_large)
    assert learning(folder, tmp_path, emit=stop_there, control=control).run(False)[0] == "stopped"
    said = [event.sentence for event in seen if isinstance(event, Warned)]
    assert "computes again" in said[0] and said[-1].endswith("parts.")
    resumed = learning(folder, tmp_path)
    resumed.restore()
    assert resumed.progress.pieces > 1 and resumed.progress.step == 3
    assert resumed.run(True)[0] == "done"


@pytest.mark.parametrize("parts", [2, 3, 100])
def test_the_parts_of_a_batch_are_the_batch(parts: int, folder: Path):
    step = MaskedLanguageStep(Encoder.load(folder, 24), Corpus(TITLES, HISTORIES, 0), 10, 1e-3)
    step.model.eval()
    for batch in step.examples(0, 40):
        divided = batch.divided(parts)
        assert 1 < len(divided) <= parts or len(batch.ids) == 1
        assert torch.cat([part.targets for part in divided]).tolist() == batch.targets.tolist()
        whole = step.model(batch.ids, batch.real, batch.positions)
        pieces = [step.model(part.ids, part.real, part.positions) for part in divided]
        torch.testing.assert_close(torch.cat(pieces), whole, rtol=1e-4, atol=1e-5)


def test_a_checkpoint_of_other_settings_or_another_encoder_or_damaged_is_refused(folder: Path, tmp_path: Path):
    control = Control()
    control.stop()
    place = tmp_path / "run"
    assert learning(folder, place, control=control).run(False)[0] == "stopped"
    with pytest.raises(RecdeskError, match="belongs to a run with other settings"):
        learning(folder, place, steps=11).run(True)
    small_encoder(tmp_path / "other", hidden=16)
    with pytest.raises(RecdeskError, match="belongs to a run with other settings"):
        learning(tmp_path / "other", place).run(True)
    path = place / "training.safetensors"
    path.write_bytes(path.read_bytes()[:-50])
    with pytest.raises(RecdeskError, match="damaged or cut short"):
        learning(folder, place).run(True)


def test_a_checkpoint_of_another_seed_is_refused(folder: Path, tmp_path: Path):
    control = Control()
    control.stop()
    learning(folder, tmp_path, control=control).run(False)
    with pytest.raises(RecdeskError):
        learning(folder, tmp_path, seed=9).run(True)


def test_where_no_item_has_a_text_there_is_a_sentence(folder: Path, tmp_path: Path):
    with pytest.raises(RecdeskError):
        learning(folder, tmp_path, texts=[""] * 8).run(False)
