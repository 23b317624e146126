"""Runs of models over texts, from data to figures."""

import contextlib
import threading
from pathlib import Path

import numpy as np
import pytest

from recdesk.core.errors import RecdeskError, UsageError
from recdesk.core.files import read_json
from recdesk.core.tensors import load_tensors
from recdesk.data.store import load_dataset
from recdesk.experiment.open_model import add_new_item, open_model
from recdesk.experiment.pipeline import execute
from recdesk.experiment.warm_start import text_paths_of
from recdesk.models.text_bert import TextBert
from recdesk.monitor.control import Control
from recdesk.monitor.events import (
    BaselineScored,
    EncoderStep,
    Evaluated,
    Event,
    Failed,
    Finished,
    StageEnded,
    StageStarted,
    Step,
    Warned,
    is_kept,
)
from recdesk.recommend import text_queries
from recdesk.text.encoder import Encoder
from recdesk.text.text_side import load_side
from recdesk.training import masked_language, text_stages
from recdesk.training.config import make_config
from recdesk.workspace.run_log import curves_of, events_of
from recdesk.workspace.runs import Run
from recdesk.workspace.workspace import Workspace
from tests.deaths.scenarios import weights
from tests.workspace.conftest import small_config


@pytest.fixture(autouse=True)
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(text_stages, "SCRATCH_WIDTH", 32)
    monkeypatch.setattr(text_stages, "SCRATCH_LAYERS", 1)
    monkeypatch.setattr(masked_language, "STEP_TOKENS", 256)
    monkeypatch.setattr(masked_language, "MEASURED", 64)


SETTINGS = {"encoder": "scratch", "encoder_steps": 20, "epochs": 2, "text_width": 16, "text_tokens": 24}


def create(workspace: Workspace, kind: str = "text-bert", split: str = "new-items", **values) -> Run:
    return workspace.create_run("chain", small_config(kind, **{**SETTINGS, **values}), split)  # type: ignore[arg-type]


def stages(seen: list[Event]) -> list[str]:
    return [event.stage for event in seen if isinstance(event, StageStarted)]


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["text-bert", "hybrid"])
def test_a_run_over_texts_goes_from_nothing_to_figures_for_items_nobody_has_taken(kind: str, workspace: Workspace):
    run, seen = create(workspace, kind), []
    run = execute(run, Control(), seen.append)
    assert isinstance(seen[-1], Finished) and seen[-1].state == run.state == "finished"
    assert not [event for event in seen if isinstance(event, Warned)]
    assert stages(seen) == ["preparing", "baselines", "texts", "encoder", "vectors", "training", "testing"]
    assert max(event.done for event in seen if isinstance(event, EncoderStep)) == 20
    curves = curves_of(run)
    drawn = [event.loss for event in seen if isinstance(event, EncoderStep)]
    assert curves.encoder.loss.y.tolist() == drawn and len(drawn) == 20
    assert [step.state for step in curves.method.shown({"fine-tuning"})] == ["done", "done", "done", "skipped", "done"]
    assert "encoder-step" not in (run.folder / "log.txt").read_text()
    assert set(run.metrics) == {"train", "validation", "test"}
    assert 0 <= run.metrics["test"]["ndcg@10"] <= 1
    assert {event.name for event in seen if isinstance(event, BaselineScored)} >= {"similar texts", "most popular"}
    assert "similar texts" in run.comparisons
    assert read_json(run.folder / "text.json")["name"] == "trained here"
    assert load_tensors(run.folder / "text.safetensors")[0]["matrix"].shape == (32, 16)
    assert Encoder.load(run.folder / "encoder").width == 32
    assert events_of(run) == [event for event in seen if is_kept(event)]
    # every test target is an item that nobody trained on
    assert run.notes["leakage"]["unseen_targets"] == 1.0
    assert run.notes["leakage"]["repeats"] == 0.0


@pytest.mark.slow
def test_a_run_that_fine_tunes_ends_with_an_encoder_of_its_own(workspace: Workspace):
    run, seen = create(workspace, split="leave-one-out", fine_tune="low-rank", fine_tune_epochs=1, epochs=1), []
    run = execute(run, Control(), seen.append)
    assert run.state == "finished" and run.metrics["test"]
    assert stages(seen)[-3:] == ["training", "fine-tuning", "testing"]
    ended = [event for event in seen if isinstance(event, StageEnded) and event.stage == "fine-tuning"]
    assert len(ended) == 1 and ended[0].before is not None and ended[0].after >= ended[0].before
    model = TextBert.load(run.best_folder)
    side = load_side(text_paths_of(run))
    texts = [text_of(workspace, code) for code in (1, 2, 3)]
    np.testing.assert_allclose(side.vectors(texts), model.texts[1:4].float().numpy(), rtol=5e-3, atol=5e-3)


def text_of(workspace: Workspace, code: int) -> str:
    row = load_dataset(workspace.dataset_folder("chain")).item_features.iloc[code - 1]
    return f"title: {row['title']}; genre: {row['genre']}"


@pytest.mark.slow
def test_stopped_while_the_encoder_learns_and_resumed_it_finishes(workspace: Workspace):
    run, control, seen = create(workspace), Control(), []

    def stop(event: Event) -> None:
        seen.append(event)
        if isinstance(event, EncoderStep) and event.done == 7:
            control.stop()

    run = execute(run, control, stop)
    assert run.state == "stopped" and run.resumable
    assert isinstance(seen[-1], Finished) and seen[-1].state == "stopped" and not seen[-1].metrics
    assert stages(seen)[-1] == "encoder"
    seen.clear()
    run = execute(run, Control(), seen.append, resume=True)
    assert run.state == "finished" and run.metrics["test"]
    assert [event.done for event in seen if isinstance(event, EncoderStep)] == list(range(8, 21))


class Death(BaseException):
    """As if the process were gone: nothing is saved, nothing is said."""


def die_at(step: int, kind: type[Event], seen: list[Event]):
    def on_event(event: Event) -> None:
        seen.append(event)
        if isinstance(event, kind) and getattr(event, "done", getattr(event, "step", 0)) == step:
            raise Death

    return on_event


@pytest.mark.parametrize(
    "often", [True, pytest.param(False, marks=pytest.mark.slow)], ids=["with checkpoints", "without one"]
)
@pytest.mark.slow
def test_killed_while_the_encoder_learns_and_resumed_it_finishes(often: bool, workspace: Workspace, monkeypatch):
    monkeypatch.setattr("recdesk.training.loop.CHECKPOINT_SECONDS", 0.0 if often else 60.0)
    run, seen = create(workspace), []
    with pytest.raises(Death):
        run = execute(run, Control(), die_at(9, EncoderStep, seen))
    assert workspace.run(run.id).state == "interrupted"
    seen.clear()
    run = execute(run, Control(), seen.append, resume=True)
    assert run.state == "finished" and run.metrics["test"]
    first = next(event.done for event in seen if isinstance(event, EncoderStep))
    assert first == (9 if often else 1)


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["hybrid", "text-bert"])
def test_killed_between_its_encoder_and_the_fact_that_it_is_ready_nothing_differs(
    kind: str, workspace: Workspace, monkeypatch
):
    def learned(run: Run) -> tuple:
        files = run.best_folder / "model.safetensors", run.folder / "encoder" / "model.safetensors"
        return *map(weights, files), run.metrics

    values = {"encoder_steps": 4, "epochs": 1}
    reference, run = create(workspace, kind, **values), create(workspace, kind, **values)
    reference = execute(reference, Control(), lambda event: None)
    original = text_stages.write_record

    def die(path: Path, value: object) -> None:
        if path.name == "text.json":
            raise Death
        original(path, value)

    monkeypatch.setattr(text_stages, "write_record", die)
    with pytest.raises(Death):
        run = execute(run, Control(), lambda event: None)
    monkeypatch.setattr(text_stages, "write_record", original)
    run = execute(run, Control(), lambda event: None, resume=True)
    assert run.state == "finished", run.reason
    assert learned(run) == learned(reference)


@pytest.mark.slow
def test_killed_while_the_decoder_learns_the_texts_are_not_learned_again(workspace: Workspace, monkeypatch):
    monkeypatch.setattr("recdesk.training.loop.CHECKPOINT_SECONDS", 0.0)
    reference, whole = create(workspace, encoder_steps=0), []
    run, seen = create(workspace, encoder_steps=0), []
    reference = execute(reference, Control(), whole.append)
    with pytest.raises(Death):
        run = execute(run, Control(), die_at(3, Step, seen))
    run = execute(run, Control(), seen.append, resume=True)
    assert run.state == "finished"
    assert [event.stage for event in seen if isinstance(event, StageEnded)].count("encoder") == 1
    assert len([e for e in events_of(run) if isinstance(e, Evaluated)]) == len(
        [e for e in whole if isinstance(e, Evaluated)]
    )


@pytest.mark.slow
def test_the_same_seed_gives_the_same_run(workspace: Workspace):
    losses = []
    for _ in range(2):
        run, seen = create(workspace), []
        run = execute(run, Control(), seen.append)
        losses.append([event.loss for event in seen if isinstance(event, Step | EncoderStep)])
    assert losses[0] == losses[1]


def test_data_without_texts_fails_with_advice(workspace: Workspace):
    run, seen = create(workspace, template="{director}"), []
    run = execute(run, Control(), seen.append)
    assert isinstance(seen[-1], Failed) and run.state == "failed"
    assert seen[-1].sentence == "The item text asks for “director”, which the items do not have."
    assert seen[-1].suggestion == "The columns are: title, genre."


def test_an_encoder_that_is_not_there_fails_with_advice(workspace: Workspace):
    run, seen = create(workspace, encoder="someone/missing"), []
    run = execute(run, Control(), seen.append)
    assert isinstance(seen[-1], Failed) and "There is no text encoder “someone/missing”" in seen[-1].sentence
    with pytest.raises(RecdeskError):
        load_side(text_paths_of(run))


@pytest.mark.slow
def test_the_trials_of_a_study_train_their_encoder_once(workspace: Workspace):
    def trial(number: int, **values) -> tuple[Run, int]:
        config = small_config("text-bert", **{**SETTINGS, "epochs": 1, **values})
        run = workspace.create_run("chain", config, "leave-one-out", study="a-study", trial=number)
        seen: list[Event] = []
        run = execute(run, Control(), seen.append)
        assert run.state == "finished"
        return run, max((event.done for event in seen if isinstance(event, EncoderStep)), default=0)

    (first, learned), (second, again) = trial(0), trial(1, learning_rate=1e-3)
    assert (learned, again) == (20, 0)
    prints = [Encoder.load(text_paths_of(run).encoder).fingerprint for run in (first, second)]
    assert prints[0] == prints[1]
    other, otherwise = trial(2, encoder_steps=10)
    assert otherwise == 10
    assert Encoder.load(text_paths_of(other).encoder).fingerprint != prints[0]


@pytest.mark.slow
def test_a_two_tower_run_goes_from_nothing_to_recommendations_that_wishes_may_lead(workspace: Workspace):
    config = make_config("two-tower", encoder="scratch", encoder_steps=10, epochs=1, device="cpu", text_tokens=24)
    run, seen = workspace.create_run("chain", config, "leave-one-out"), []
    run = execute(run, Control(), seen.append)
    assert run.state == "finished", run.reason
    assert set(run.metrics) == {"train", "validation", "test"}
    live = open_model(run)
    assert live.search("标题 7", 1)[0].item_id in set(live.dataset.item_ids)
    assert len(live.top_n([1, 2, 3], 5, wish="标题 7")) == 5
    assert not live.takes_new_items
    with pytest.raises(UsageError, match="only the items that it was trained with"):
        add_new_item(run, "new", {"title": "标题 99"})


def test_of_two_items_that_are_added_at_once_none_is_lost(workspace: Workspace, monkeypatch: pytest.MonkeyPatch):
    run = create(workspace, encoder_steps=0, epochs=1)
    run = execute(run, Control(), lambda event: None)
    both, genuine = threading.Barrier(2), text_queries.kept_items

    def kept(*arguments) -> list:
        found = genuine(*arguments)
        with contextlib.suppress(threading.BrokenBarrierError):  # one after another they never meet
            both.wait(0.3)
        return found

    monkeypatch.setattr(text_queries, "kept_items", kept)
    adding = [threading.Thread(target=add_new_item, args=(run, name, {"title": name})) for name in ("one", "two")]
    for thread in adding:
        thread.start()
    for thread in adding:
        thread.join()
    assert {item.item_id for item in genuine(text_paths_of(run))} == {"one", "two"}
    assert Run.read(run.folder).has_added_items
