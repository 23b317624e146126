from pathlib import Path

import numpy as np
import pytest
import torch

from recdesk.data.splitting import Split, make_split
from recdesk.evaluation.ranking import evaluate
from recdesk.models.checkpointing import checkpoint_gradients, recomputes
from recdesk.models.two_tower import TwoTower
from recdesk.monitor.control import Control
from recdesk.monitor.events import Evaluated, Event, Step, without_repeats
from recdesk.text.encoder import Encoder
from recdesk.text.item_texts import item_texts
from recdesk.text.text_paths import TextPaths
from recdesk.training.calibration import calibrate
from recdesk.training.checkpoints import Progress
from recdesk.training.config import TwoTowerConfig, make_config
from recdesk.training.fit import fit
from recdesk.training.loop import take_step
from recdesk.training.recommender_stage import Outcome
from recdesk.training.text_stages import Prepared, prepare_texts
from recdesk.training.towers import PrefixSampler, TowerStep
from tests.conftest import chain_dataset


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("encoders") / "small"
    Encoder.new(item_texts(chain_dataset(n_items=12), "{title}"), 32, 1, 24, folder, seed=0)
    return folder


@pytest.fixture(scope="module")
def split() -> Split:
    return make_split(chain_dataset(n_users=60, n_items=12, length=10))


def config(folder: Path, **values) -> TwoTowerConfig:
    settings = {
        "device": "cpu", "encoder": str(folder), "text_tokens": 24, "user_tokens": 32, "batch_tokens": 512,
        "max_length": 3, "epochs": 3, "warmup_steps": 5, "learning_rate": 5e-3, "encoder_rate": 2e-3, "cuts": 4,
        "template": "{title}",
    }  # fmt: skip
    made = make_config("two-tower", **{**settings, **values})
    assert isinstance(made, TwoTowerConfig)
    return made


def prepare(split: Split, settings: TwoTowerConfig, place: Path, resume: bool = False) -> Prepared:
    place.mkdir(parents=True, exist_ok=True)
    text_paths = TextPaths(place, place.parent / "cache", place.parent / "encoders")
    prepared = prepare_texts(split, settings, text_paths, lambda event: None, Control(), resume)
    assert prepared is not None
    return prepared


def train(
    split: Split, settings: TwoTowerConfig, place: Path, emit=lambda event: None, control: Control | None = None,
    resume: bool = False,
) -> Outcome:  # fmt: skip
    prepared = prepare(split, settings, place, resume)
    return fit(split, settings, place, emit, control or Control(), resume, prepared)


def test_an_epoch_predicts_as_many_items_of_each_history_as_asked_and_none_twice(split: Split):
    sampler = PrefixSampler(split, max_length=3, a_user=4, rows=7, seed=0)
    prefixes = sampler.prefixes(0)
    targets = prefixes.ends - 1
    assert len(np.unique(targets)) == len(targets) <= sampler.predictions == 4 * 60
    offsets = split.dataset.offsets
    user = np.searchsorted(offsets, targets, side="right") - 1
    assert (targets > offsets[user]).all() and (targets < split.train_ends[user]).all()
    assert (prefixes.starts == np.maximum(targets - 3, offsets[user])).all()
    assert np.bincount(user).max() <= 4 and len(np.unique(user)) == 60
    again, other = sampler.prefixes(0), sampler.prefixes(1)
    assert np.array_equal(again.ends, prefixes.ends) and not np.array_equal(other.ends, prefixes.ends)


def test_short_histories_are_predicted_at_every_item(split: Split):
    prefixes = PrefixSampler(split, max_length=3, a_user=100, rows=7, seed=0).prefixes(0)
    wanted = [at for u in range(60) for at in range(split.dataset.offsets[u] + 1, split.train_ends[u])]
    assert (prefixes.ends - 1).tolist() == wanted


def test_the_steps_of_an_epoch_hold_every_prefix_once(split: Split):
    sampler = PrefixSampler(split, max_length=3, a_user=4, rows=7, seed=0)
    plan = sampler.plan(2)
    assert max(map(len, plan)) == 7
    assert sorted(end for step in plan for end in step.ends) == sampler.prefixes(2).ends.tolist()


@pytest.mark.slow
def test_it_learns_what_comes_next_and_its_encoder_learns_too(folder: Path, split: Split, tmp_path: Path):
    settings = config(folder, epochs=14, patience=100, averaging=0.5)
    outcome = train(split, settings, tmp_path / "run")
    figures = evaluate(outcome.model, split, "test")
    assert figures is not None
    assert figures.ranks.summary()["accuracy@1"] > 0.5  # who guesses gets 1 in 12
    before = TowerStep.of(split, settings, prepare(split, settings, tmp_path / "other")).model
    assert isinstance(outcome.model, TwoTower)
    now, then = outcome.model.bert.state_dict(), before.bert.state_dict()
    assert (now["encoder.layer.0.output.dense.weight"] - then["encoder.layer.0.output.dense.weight"]).abs().max() > 1e-3


@pytest.mark.slow
def test_stopped_and_resumed_equals_never_stopped(folder: Path, split: Split, tmp_path: Path):
    def figures(events: list[Event]) -> list[tuple]:
        steps = [(e.step, e.loss, e.learning_rate) for e in events if isinstance(e, Step)]
        return steps + [(e.step, e.loss, *sorted(e.metrics.items())) for e in events if isinstance(e, Evaluated)]

    whole: list[Event] = []
    straight = train(split, config(folder), tmp_path / "whole", whole.append)
    control, parts = Control(), []

    def stop_in_the_second_epoch(event: Event) -> None:
        parts.append(event)
        if isinstance(event, Step) and event.step == 23:
            control.stop()

    halted = train(split, config(folder), tmp_path / "parts", stop_in_the_second_epoch, control)
    assert halted.state == "stopped"
    resumed = train(split, config(folder), tmp_path / "parts", parts.append, resume=True)
    assert figures(without_repeats(parts)) == figures(whole)
    for name, value in straight.model.state_dict().items():
        assert torch.equal(value, resumed.model.state_dict()[name]), name


def test_short_of_memory_layers_are_computed_again_and_learn_the_same(
    folder: Path, split: Split, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    def learned(short: bool) -> tuple[list[Event], dict[str, torch.Tensor]]:
        settings = config(folder)
        steps = TowerStep.of(split, settings, prepare(split, settings, tmp_path / str(short)))
        steps.model.train()
        honest, told = steps.loss, []

        def refuse_once(*arguments) -> torch.Tensor:
            monkeypatch.setattr(steps, "loss", honest)
            raise MemoryError

        if short:
            monkeypatch.setattr(steps, "loss", refuse_once)
        progress = Progress()
        for windows in steps.batches.plan(0)[:3]:
            take_step(steps, windows, progress, told.append)
            progress.step += 1
        assert progress.pieces == 1
        assert recomputes(steps.model.bert) == short
        return told, steps.model.state_dict()

    (nothing, plain), (told, spared) = learned(False), learned(True)
    assert not nothing and [event.sentence[:15] for event in told] == ["Memory ran out:"]
    for name, value in plain.items():
        torch.testing.assert_close(spared[name], value, atol=1e-5, rtol=1e-4)


def test_what_is_not_there_to_spare_is_said_by_silence(folder: Path, split: Split, tmp_path: Path):
    steps = TowerStep.of(split, config(folder), prepare(split, config(folder), tmp_path))
    assert steps.spare_memory() != "" and steps.spare_memory() == ""
    assert checkpoint_gradients(steps.model.bert) == ""


@pytest.mark.slow
def test_its_pace_can_be_measured_before_it_is_trained(split: Split):
    measured = calibrate(split, make_config("two-tower", encoder="scratch", user_tokens=16, device="cpu"))
    assert measured is not None
    assert measured.steps_per_epoch == 2 and measured.step_seconds > 0
