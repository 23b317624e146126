from pathlib import Path

import numpy as np
import pytest
import torch
from transformers.models.bert.modeling_bert import BertIntermediate

from recdesk.core.errors import RecdeskError
from recdesk.data.histories import Histories
from recdesk.data.splitting import Split, make_split
from recdesk.evaluation.ranking import evaluate
from recdesk.models.text_bert import TextBert, plain_weights
from recdesk.monitor.control import Control
from recdesk.monitor.events import Evaluated, Event, Resumed, StageEnded, StageStarted, Step, without_repeats
from recdesk.text.encoder import Encoder
from recdesk.text.text_paths import TextPaths
from recdesk.text.text_side import load_side, tuned_encoder
from recdesk.training import loop
from recdesk.training.checkpoints import Progress
from recdesk.training.config import TextConfig, make_config
from recdesk.training.fine_tuning import JointStep, _own_history, is_wanted
from recdesk.training.fit import fit
from recdesk.training.loop import take_step
from recdesk.training.recommender_stage import Outcome
from recdesk.training.text_stages import Prepared, prepare_texts
from recdesk.training.train_step import DecoderStep
from tests.conftest import chain_dataset
from tests.text.making import small_encoder

HOWS = ("whole", "last-layer", "low-rank")
ADAM_STEP = 1e-2


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("encoders") / "small"
    small_encoder(folder, layers=2)
    return folder


@pytest.fixture(scope="module")
def split() -> Split:
    return make_split(chain_dataset(n_users=40, n_items=20, length=8))


def config(folder: Path, **values) -> TextConfig:
    settings = {
        "kind": "text-bert", "device": "cpu", "encoder": str(folder), "text_width": 16, "text_tokens": 24, "hidden": 16,
        "layers": 1, "max_length": 8, "epochs": 3, "warmup_steps": 2, "learning_rate": 5e-3, "batch_tokens": 64,
        "dropout": 0.1, "fine_tune": "whole", "fine_tune_epochs": 2, "fine_tune_rate": 1e-3,
    }  # fmt: skip
    made = make_config(**{**settings, **values})
    assert isinstance(made, TextConfig)
    return made


def text_paths(place: Path) -> TextPaths:
    place.mkdir(parents=True, exist_ok=True)
    return TextPaths(place, place.parent / "cache", place.parent / "encoders")


def prepare(split: Split, settings: TextConfig, place: Path) -> Prepared:
    prepared = prepare_texts(split, settings, text_paths(place), lambda event: None, Control(), False)
    assert prepared is not None
    return prepared


def train(
    split: Split, settings: TextConfig, place: Path, emit=lambda event: None, control: Control | None = None,
    resume: bool = False,
) -> Outcome:  # fmt: skip
    """All five steps, texts included, as a run does."""
    prepared = prepare_texts(split, settings, text_paths(place), emit, control or Control(), resume)
    assert prepared is not None
    return fit(split, settings, place, emit, control or Control(), resume, prepared)


def joint(split: Split, settings: TextConfig, place: Path, steps: int = 3) -> JointStep:
    """A decoder as it begins, and an encoder, after a few steps together."""
    prepared = prepare(split, settings, place)
    model = DecoderStep(split, settings, prepared.vectors).model
    assert isinstance(model, TextBert)
    stepper = JointStep(split, settings, model, prepared)
    model.train()
    progress = Progress()
    for windows in (stepper.batches.plan(0) * 5)[:steps]:
        loss, _, _ = take_step(stepper, windows, progress, lambda event: None)
        assert loss.isfinite()
        progress.step += 1
    model.eval()
    return stepper


def figures(events: list[Event]) -> list[tuple]:
    """All but the clock."""
    steps = [(e.step, e.loss, e.learning_rate) for e in events if isinstance(e, Step)]
    return steps + [(e.step, e.loss, *sorted(e.metrics.items()), e.best) for e in events if isinstance(e, Evaluated)]


def changed(encoder: Encoder, folder: Path) -> set[str]:
    """Names of the encoder's weights that differ from those in its folder."""
    before, now = Encoder.load(folder).bert.state_dict(), plain_weights(encoder.bert)
    assert before.keys() == now.keys()
    return {name for name in before if (before[name] - now[name]).abs().max() > 1e-6}


def test_encoder_and_decoder_learn_together(folder: Path, split: Split, tmp_path: Path):
    settings = config(folder)
    start = DecoderStep(split, settings, prepare(split, settings, tmp_path).vectors).model.state_dict()
    start = {name: value.clone() for name, value in start.items()}
    stepper = joint(split, settings, tmp_path)
    # what nothing read: places beyond the longest text, kinds of sentence but the first
    assert len(changed(stepper.encoder, folder)) == len(stepper.encoder.bert.state_dict())
    now = stepper.model.state_dict()
    same = [name for name in start if name != "texts" and torch.equal(start[name], now[name])]
    assert not same


def test_the_last_layer_alone_leaves_all_others_untouched(folder: Path, split: Split, tmp_path: Path):
    names = changed(joint(split, config(folder, fine_tune="last-layer"), tmp_path).encoder, folder)
    assert names and all(name.startswith("encoder.layer.1.") for name in names)
    assert len(names) >= 15  # keys have a bias that does nothing


def test_low_rank_touches_queries_and_values_only(folder: Path, split: Split, tmp_path: Path):
    names = changed(joint(split, config(folder, fine_tune="low-rank"), tmp_path).encoder, folder)
    assert names == {f"encoder.layer.{at}.attention.self.{what}.weight" for at in (0, 1) for what in ("query", "value")}


def test_low_rank_adapters_merge_to_weights_that_give_the_same_vectors(folder: Path, split: Split, tmp_path: Path):
    stepper = joint(split, config(folder, fine_tune="low-rank", fine_tune_rate=ADAM_STEP), tmp_path, steps=6)
    texts = stepper.prepared.texts
    adapted = stepper.encoder.encode(texts)
    merged = Encoder.load(folder, 24)
    merged.bert.load_state_dict(plain_weights(stepper.encoder.bert))
    np.testing.assert_allclose(merged.encode(texts), adapted, atol=1e-5)
    assert np.abs(Encoder.load(folder, 24).encode(texts) - adapted).max() > 1e-3
    np.testing.assert_allclose(stepper.encoder.encode(texts), adapted, atol=1e-5)  # the adapters are still there
    (tmp_path / "best").mkdir()
    stepper.model.save(tmp_path / "best")
    kept = Encoder.load(folder, 24)
    kept.bert.load_state_dict(tuned_encoder(tmp_path / "best"))
    np.testing.assert_allclose(kept.encode(texts), adapted, atol=1e-5)


def test_what_a_step_reads_are_the_vectors_of_the_whole_catalogue(folder: Path, split: Split, tmp_path: Path):
    stepper = joint(split, config(folder), tmp_path)
    stepper.prepared.texts[4] = ""
    codes = torch.tensor([0, 1, 5, 9, 20])
    with torch.no_grad():
        found = stepper._read(codes).numpy()
    expected = stepper.prepared.side.vectors(stepper.prepared.texts)
    np.testing.assert_allclose(found[[1, 3, 4]], expected[[0, 8, 19]], atol=1e-4)
    assert not found[[0, 2]].any() and not expected[4].any()
    stepper.refresh()
    kept = stepper.model.get_buffer("texts")[1:21].float().numpy()
    np.testing.assert_allclose(kept, expected, rtol=2e-3, atol=1e-3)  # kept in half precision


def test_items_of_a_positions_own_window_are_no_negatives(split: Split, folder: Path, tmp_path: Path):
    stepper = joint(split, config(folder), tmp_path, steps=0)
    batch = stepper.batches.causal(Histories.of([[1, 2, 3, 4], [5, 6], [3, 9, 3]]))
    candidates = torch.unique(batch.targets)
    assert candidates.tolist() == [2, 3, 4, 6, 9]
    windows = [{1, 2, 3, 4}, {5, 6}, {3, 9}]
    expected = [[code in windows[row] for code in candidates.tolist()] for row in [0, 0, 0, 1, 2, 2]]
    assert _own_history(batch, candidates).tolist() == expected


@pytest.mark.parametrize("how", HOWS)
def test_the_best_is_never_worse_than_before(how: str, folder: Path, split: Split, tmp_path: Path):
    seen: list[Event] = []
    outcome = train(split, config(folder, fine_tune=how), tmp_path, seen.append)
    stages = [event.stage for event in seen if isinstance(event, StageStarted)]
    assert stages[-2:] == ["training", "fine-tuning"]
    (ended,) = [event for event in seen if isinstance(event, StageEnded) and event.stage == "fine-tuning"]
    assert ended.before is not None and ended.after is not None
    assert outcome.state == "finished" and ended.after >= ended.before >= 0
    result = evaluate(outcome.model, split, "validation")
    assert result is not None
    assert result.ranks.summary()["ndcg@10"] == pytest.approx(ended.after, abs=1e-9)


def test_ruined_by_far_too_large_steps_the_model_before_is_what_comes_out(folder: Path, split: Split, tmp_path: Path):
    before = train(split, config(folder, fine_tune="off", epochs=8), tmp_path / "off")
    seen: list[Event] = []
    settings = config(folder, epochs=8, fine_tune_rate=0.1)
    try:
        after = train(split, settings, tmp_path / "ruined", seen.append)
    except RecdeskError as error:  # the loss out of control: the best is kept then too
        assert "out of control" in error.sentence
        after = Outcome(TextBert.load(tmp_path / "ruined" / "checkpoints" / "best"), "", "", 0.0)
    bests = [event.best for event in seen if isinstance(event, Evaluated)]
    assert not any(bests[-2:])
    for ours, theirs in zip(after.model.parameters(), before.model.parameters(), strict=True):
        assert torch.equal(ours, theirs)
    assert tuned_encoder(tmp_path / "ruined" / "checkpoints" / "best") == {}


def test_new_texts_are_read_with_the_encoder_that_learned_along(folder: Path, split: Split, tmp_path: Path):
    place = tmp_path / "run"
    outcome = train(split, config(folder, epochs=1, fine_tune_epochs=4, fine_tune_rate=ADAM_STEP), place)
    assert isinstance(outcome.model, TextBert)
    assert tuned_encoder(place / "checkpoints" / "best")
    prepared = prepare(split, config(folder), tmp_path / "plain")
    side, kept = load_side(text_paths(place)), outcome.model.texts[1:21].float().numpy()
    np.testing.assert_allclose(side.vectors(prepared.texts), kept, rtol=5e-3, atol=5e-3)
    assert np.abs(prepared.vectors - kept).max() > 0.05


@pytest.mark.slow
@pytest.mark.parametrize(("how", "stop_at"), [("whole", 1), ("last-layer", 4), ("low-rank", 5)])
def test_stopped_and_resumed_equals_never_stopped(how: str, stop_at: int, folder: Path, split: Split, tmp_path: Path):
    settings = config(folder, epochs=1, fine_tune=how, fine_tune_rate=ADAM_STEP)
    whole: list[Event] = []
    reference = train(split, settings, tmp_path / "whole", whole.append)
    begun = next(e.step for e in whole if isinstance(e, Evaluated))
    control, parts = Control(), []

    def stop_there(event: Event) -> None:
        parts.append(event)
        if isinstance(event, Step) and event.step == begun + stop_at:
            control.stop()

    assert train(split, settings, tmp_path / "parts", stop_there, control).state == "stopped"
    outcome = train(split, settings, tmp_path / "parts", parts.append, resume=True)
    assert [event.step for event in parts if isinstance(event, Resumed)][-1] == begun + stop_at
    assert figures(without_repeats(parts)) == figures(whole)
    ours, theirs = outcome.model.state_dict(), reference.model.state_dict()
    assert all(torch.equal(ours[name], theirs[name]) for name in theirs)
    first, second = (tuned_encoder(tmp_path / name / "checkpoints" / "best") for name in ("parts", "whole"))
    assert first.keys() == second.keys() and all(torch.equal(first[name], second[name]) for name in first)


@pytest.mark.slow
def test_an_encoder_that_was_trained_in_this_process_learns_on_like_one_read_from_its_folder(
    split: Split, tmp_path: Path
):
    """Its dropout was once left on, which whitening made larger than all it said."""
    settings = config(tmp_path, encoder="scratch", encoder_steps=3)
    whole: list[Event] = []
    reference = train(split, settings, tmp_path / "whole", whole.append)
    control, parts = Control(), []

    def stop_early(event: Event) -> None:
        parts.append(event)
        if isinstance(event, Step) and event.step == 1:
            control.stop()

    assert train(split, settings, tmp_path / "parts", stop_early, control).state == "stopped"
    resumed = train(split, settings, tmp_path / "parts", parts.append, resume=True)
    assert resumed.state == reference.state == "finished"
    assert [e for e in parts if isinstance(e, StageStarted)][-1].stage == "fine-tuning"
    assert figures(parts) == figures(whole)


def test_stopped_before_it_began_it_is_made_up_for(folder: Path, split: Split, tmp_path: Path):
    control, seen = Control(), []

    def stop_there(event: Event) -> None:
        seen.append(event)
        if isinstance(event, Step) and event.step == 2:
            control.stop()

    settings = config(folder, epochs=1)
    assert train(split, settings, tmp_path, stop_there, control).state == "stopped"
    assert not any(isinstance(event, StageEnded) and event.stage == "fine-tuning" for event in seen)
    assert train(split, settings, tmp_path, seen.append, resume=True).state == "finished"
    assert [e.stage for e in seen if isinstance(e, StageEnded)][-1] == "fine-tuning"


def test_a_stage_ends_once_however_often_it_is_stopped(folder: Path, split: Split, tmp_path: Path):
    control, seen = Control(), []

    def stop_there(event: Event) -> None:
        seen.append(event)
        if [e for e in seen if isinstance(e, StageStarted)][-1].stage == "fine-tuning" and isinstance(event, Step):
            control.stop()

    settings = config(folder, epochs=1)
    assert train(split, settings, tmp_path, stop_there, control).state == "stopped"
    assert train(split, settings, tmp_path, seen.append, resume=True).state == "finished"
    assert [e.stage for e in seen if isinstance(e, StageEnded)].count("fine-tuning") == 1


class Clock:
    """Each look at it costs `pace` seconds."""

    def __init__(self, pace: float) -> None:
        self.now, self.pace = 0.0, pace

    def monotonic(self) -> float:
        self.now += self.pace
        return self.now


@pytest.mark.parametrize("stop_at", [None, 20, 55])
def test_a_time_limit_is_the_runs_and_leaves_some_of_it_to_fine_tuning(
    stop_at: int | None, folder: Path, split: Split, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(loop, "time", Clock(1.0))
    settings = config(folder, minutes=1.0, epochs=1000, patience=1000, fine_tune_epochs=1000)
    seen: list[Event] = []
    control = Control()

    def on_event(event: Event) -> None:
        seen.append(event)
        if stop_at is not None and isinstance(event, Step) and event.seconds > stop_at:
            control.stop()

    outcome = train(split, settings, tmp_path, on_event, control)
    if stop_at is not None:
        assert outcome.state == "stopped"
        outcome = train(split, settings, tmp_path, seen.append, resume=True)
    assert outcome.state == "finished" and "time limit" in outcome.reason
    begun = next(at for at, e in enumerate(seen) if isinstance(e, StageStarted) and e.stage == "fine-tuning")
    decoder = max(event.seconds for event in seen[:begun] if isinstance(event, Step))
    tuned = max(event.seconds for event in seen[begun:] if isinstance(event, Step))
    assert 40 < decoder < 48 and 55 < tuned < 64
    assert 55 < outcome.seconds < 64


def test_it_is_wanted_only_where_asked_for(folder: Path):
    assert [is_wanted(config(folder, fine_tune=how)) for how in ("off", *HOWS)] == [False, True, True, True]
    assert not is_wanted(make_config("bert-causal"))


@pytest.mark.parametrize("how", HOWS)
def test_short_of_memory_the_encoder_computes_again_and_learns_the_same(
    how: str, folder: Path, split: Split, tmp_path: Path
):
    readings = {True: 0, False: 0}

    def learned(short: bool) -> dict[str, torch.Tensor]:
        def read(*call) -> None:
            readings[short] += 1

        settings = config(folder, fine_tune=how, dropout=0.0)
        stepper = joint(split, settings, tmp_path / str(short), steps=0)
        stepper.model.train()
        if short:
            assert stepper.spare_memory().startswith("Memory ran out")
            assert stepper.spare_memory() == ""
        layers = [module for module in stepper.encoder.modules() if isinstance(module, BertIntermediate)]
        layers[-1].register_forward_hook(read)
        progress = Progress()
        for windows in stepper.batches.plan(0)[:3]:
            take_step(stepper, windows, progress, lambda event: None)
            progress.step += 1
        return plain_weights(stepper.encoder.bert)

    plain, spared = learned(False), learned(True)
    for name, value in plain.items():
        torch.testing.assert_close(spared[name], value, atol=1e-5, rtol=1e-4)
    assert readings[True] == 2 * readings[False] > 0


@pytest.mark.parametrize("negatives", [0, 8])
def test_a_linear_layer_is_learned_with_decoder_and_encoder(negatives: int, folder: Path, split: Split, tmp_path: Path):
    settings = config(folder, output="linear", negatives=negatives, epochs=12, patience=100, averaging=0.5)
    outcome = train(split, settings, tmp_path / "run")
    assert isinstance(outcome.model, TextBert) and not outcome.model.shape.tied
    figures = evaluate(outcome.model, split, "test")
    assert figures is not None
    assert figures.ranks.summary()["accuracy@1"] > 0.15  # who guesses gets 1 in 20
    start = DecoderStep(split, settings, prepare(split, settings, tmp_path / "other").vectors).model
    assert isinstance(start, TextBert)
    assert (outcome.model.head - start.head).abs().amax(1).min() > 1e-3  # of every item
