"""A disk that is full when a step begins: whatever the step writes waits until there is room, and nothing differs."""

import os
from pathlib import Path

import numpy as np
import pytest
import torch

from recdesk.core import tensors
from recdesk.core.tensors import load_tensors, save_tensors
from recdesk.experiment.pipeline import execute
from recdesk.experiment.warm_start import settings_from
from recdesk.monitor.control import Control
from recdesk.monitor.events import EncoderStep, Event, Failed, StageStarted, StateChanged, Warned
from recdesk.text import vector_cache
from recdesk.training import loop, masked_language, text_stages, waiting
from recdesk.workspace.runs import Run
from recdesk.workspace.workspace import Workspace
from tests.deaths.scenarios import weights
from tests.workspace.conftest import small_config

TEXTS = {"encoder": "scratch", "encoder_steps": 2, "text_tokens": 8, "text_width": 8, "hidden": 8, "epochs": 1,
         "fine_tune": "last-layer", "fine_tune_epochs": 1}  # fmt: skip


class Disk(Control):
    """A disk, and a control that waits for it: full when a stage begins, with room again after two attempts."""

    def __init__(self) -> None:
        super().__init__()
        self.attempts_left = 0
        self.stage = ""
        self.waited: list[str] = []
        self.seen: list[Event] = []
        self._sync = os.fsync

    def fsync(self, handle: int) -> None:
        if self.attempts_left:
            raise OSError(28, "No space left on device")
        self._sync(handle)

    def on_event(self, event: Event) -> None:
        self.seen.append(event)
        if isinstance(event, StageStarted):
            self.attempts_left, self.stage = 2, event.stage

    def wait_for_stop(self, seconds: float) -> bool:
        assert self.attempts_left
        self.attempts_left -= 1
        self.waited.append(self.stage)
        return self.stopped


@pytest.fixture(autouse=True)
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(text_stages, "SCRATCH_WIDTH", 32)
    monkeypatch.setattr(text_stages, "SCRATCH_LAYERS", 1)
    monkeypatch.setattr(masked_language, "STEP_TOKENS", 64)
    monkeypatch.setattr(masked_language, "MEASURED", 8)
    monkeypatch.setattr(loop, "CHECKPOINT_SECONDS", 0.0)
    monkeypatch.setattr(waiting, "RETRY_SECONDS", 0.01)


def finished(workspace: Workspace, config, on_event=lambda event: None, control: Control | None = None) -> Run:
    run = workspace.create_run("chain", config, "leave-one-out")
    run = execute(run, control or Control(), on_event)
    assert run.state == "finished", run.reason
    return run


def files(run: Run) -> list[str]:
    return [weights(path) for path in (run.best_folder / "model.safetensors", run.folder / "encoder/model.safetensors")]


@pytest.mark.slow
def test_every_step_of_a_run_waits_for_a_full_disk(workspace: Workspace, monkeypatch: pytest.MonkeyPatch):
    config = small_config("text-bert", **TEXTS)
    reference, disk = finished(workspace, config), Disk()
    monkeypatch.setattr(os, "fsync", disk.fsync)
    run = finished(workspace, config, disk.on_event, disk)
    stages = ("preparing", "texts", "encoder", "vectors", "training", "fine-tuning", "testing")
    assert disk.waited == [stage for stage in stages for _ in range(2)]  # the baselines' figures are in the cache
    assert files(run) == files(reference) and run.metrics == reference.metrics
    urgent = [event.sentence for event in disk.seen if isinstance(event, Warned) and event.urgent]
    assert len(urgent) == 7 and all("is full" in said and "waits until" in said for said in urgent)
    states = [event.state for event in disk.seen if isinstance(event, StateChanged)]
    assert states == ["running", *7 * ["paused", "running"]]
    assert not list(run.folder.rglob("*.part"))


@pytest.mark.slow
def test_what_a_run_takes_over_from_another_waits_for_a_full_disk_too(workspace: Workspace, monkeypatch):
    start = finished(workspace, small_config("text-bert", **{**TEXTS, "fine_tune": "off"}))
    config = settings_from(start, epochs=1, seed=5)
    reference, disk = finished(workspace, config), Disk()
    monkeypatch.setattr(os, "fsync", disk.fsync)
    run = finished(workspace, config, disk.on_event, disk)
    assert "start" in disk.waited
    assert files(run) == files(reference) and run.metrics == reference.metrics


@pytest.mark.slow
def test_stopped_while_step_2_waits_it_fails_with_advice_and_can_be_resumed(workspace: Workspace, monkeypatch):
    config = small_config("text-bert", **TEXTS)
    reference = finished(workspace, config)
    run, disk = workspace.create_run("chain", config, "leave-one-out"), Disk()

    def on_event(event: Event) -> None:
        disk.seen.append(event)
        if isinstance(event, EncoderStep):
            disk.attempts_left = 1_000
            disk.stop()

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", disk.fsync)
        run = execute(run, disk, on_event)
    assert isinstance(disk.seen[-1], Failed) and "is full" in disk.seen[-1].sentence
    assert workspace.run(run.id).resumable
    run = execute(run, Control(), lambda event: None, resume=True)
    assert run.state == "finished" and files(run) == files(reference)


def test_two_writers_of_one_file_do_not_delete_each_others_halves(tmp_path: Path, monkeypatch):
    path = tmp_path / "vectors.safetensors"
    original = vector_cache.save_file
    first, second = np.zeros((1, 4), np.float32), np.ones((1, 4), np.float32)

    def meanwhile(*arguments, **named):  # another process writes the same file while this one is at it
        monkeypatch.setattr(vector_cache, "save_file", original)
        vector_cache._write(path, [b"1" * 32], second)
        return original(*arguments, **named)

    monkeypatch.setattr(vector_cache, "save_file", meanwhile)
    vector_cache._write(path, [b"0" * 32], first)
    assert vector_cache._read(path, 4)[0] == [b"0" * 32]

    original_tensors = tensors.save_file

    def at_once(*arguments, **named):
        monkeypatch.setattr(tensors, "save_file", original_tensors)
        save_tensors(path, {"a": torch.ones(2)}, {})
        return original_tensors(*arguments, **named)

    monkeypatch.setattr(tensors, "save_file", at_once)
    save_tensors(path, {"a": torch.zeros(2)}, {})
    assert torch.equal(load_tensors(path)[0]["a"], torch.zeros(2))
    assert [file.name for file in tmp_path.iterdir()] == [path.name]
