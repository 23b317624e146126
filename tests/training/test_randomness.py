"""What is learned is a function of the seed alone, whatever else in the process draws random numbers meanwhile."""

import random
import threading
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import torch
from torch import nn

from recdesk.data.importing import ImportResult
from recdesk.experiment.pipeline import execute
from recdesk.models.dropout import RandomLayer
from recdesk.monitor.control import Control
from recdesk.text.seeding import Seeded
from recdesk.training import loop, masked_language, text_stages
from recdesk.training.config import make_config
from recdesk.workspace.runs import Run
from recdesk.workspace.workspace import Workspace
from tests.conftest import chain_dataset
from tests.deaths.scenarios import weights

SMALL = {"max_length": 6, "epochs": 2, "device": "cpu", "seed": 3, "dropout": 0.4}
BACKBONE = {"hidden": 8, "layers": 1, "heads": 1}
TEXTS = {"encoder": "scratch", "encoder_steps": 2, "text_tokens": 8}
KINDS = {
    "bert-causal": {**BACKBONE, "negatives": 4},
    "bert4rec": BACKBONE,
    "text-bert": {**BACKBONE, **TEXTS, "text_width": 8, "fine_tune": "low-rank", "fine_tune_epochs": 1},
    "hybrid": {**BACKBONE, **TEXTS, "text_width": 8, "id_dropout": 0.5},
    "two-tower": {**TEXTS, "user_tokens": 16, "cuts": 2},
}


@pytest.fixture(autouse=True)
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(text_stages, "SCRATCH_WIDTH", 32)
    monkeypatch.setattr(text_stages, "SCRATCH_LAYERS", 1)
    monkeypatch.setattr(masked_language, "STEP_TOKENS", 64)
    monkeypatch.setattr(masked_language, "MEASURED", 8)


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    workspace = Workspace(tmp_path / "workspace")
    workspace.add_dataset(ImportResult(chain_dataset(12, 10, 6), [], pd.DataFrame()))
    return workspace


def draw() -> None:
    torch.rand(3)
    np.random.rand(3)
    random.random()


@pytest.fixture
def noise() -> Iterator[None]:
    """Another thread draws from the global generators without a pause."""
    over = threading.Event()

    def keep_drawing() -> None:
        while not over.wait(1e-4):
            torch.manual_seed(random.getrandbits(30))
            draw()

    thread = threading.Thread(target=keep_drawing)
    thread.start()
    yield
    over.set()
    thread.join()


def global_state() -> tuple[bytes, str, str]:
    return torch.get_rng_state().numpy().tobytes(), str(np.random.get_state()), str(random.getstate())


def train(workspace: Workspace, kind: str, on_event=lambda event: None) -> Run:
    run = workspace.create_run("chain", make_config(kind, **{**SMALL, **KINDS[kind]}), "leave-one-out")
    run = execute(run, Control(), on_event)
    assert run.state == "finished", run.reason
    return run


def learned(run: Run) -> tuple[str, str, str]:
    encoder = weights(run.folder / "encoder" / "model.safetensors")
    return weights(run.best_folder / "model.safetensors"), encoder, str(run.metrics)


@pytest.mark.slow
@pytest.mark.parametrize("kind", KINDS)
def test_a_run_neither_changes_the_global_generators_nor_depends_on_them(
    kind: str, workspace: Workspace, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
):
    before = global_state()
    first = train(workspace, kind)
    assert global_state() == before
    seen = watch_dropout(monkeypatch)
    request.getfixturevalue("noise")
    second = train(workspace, kind, lambda event: draw())
    assert learned(first) == learned(second)
    assert seen == ({"ByteDropout", "RowDropout"} if kind == "hybrid" else {"ByteDropout"})


def watch_dropout(monkeypatch: pytest.MonkeyPatch) -> set[str]:
    """Kinds of layers that drop out in the steps to come, each of which must draw from the run's generator."""
    seen: set[str] = set()
    original = loop.forward_backward

    def look(step, *arguments):
        made = original(step, *arguments)
        for layer in step.model.modules():
            assert not (isinstance(layer, nn.Dropout) and layer.p > 0), layer
            if isinstance(layer, RandomLayer) and layer.p > 0:
                assert layer.generator is step.generator
                seen.add(type(layer).__name__)
        return made

    monkeypatch.setattr(loop, "forward_backward", look)
    return seen


@pytest.mark.slow
def test_the_settings_that_a_study_tries_do_not_depend_on_the_global_generators(workspace: Workspace):
    from recdesk.experiment.study import create_study

    def tried(disturb: bool) -> list[dict]:
        base = make_config("bert-causal", **{**SMALL, **BACKBONE, "epochs": 1})
        study = create_study(workspace, "chain", base, "leave-one-out", 1000.0)
        found = []
        for number in range(6):  # the first five are drawn at random, the last from what these reached
            if disturb:
                np.random.seed(number)
                draw()
            run = study.next_run()
            assert run is not None
            run = execute(run, Control(), lambda event: draw() if disturb else None)
            found.append(run.config.model_dump())
        return found

    state = np.random.get_state()
    try:
        assert tried(False) == tried(True)
    finally:
        np.random.set_state(state)


def test_seeded_gives_what_a_global_seed_would_and_leaves_the_global_generator_alone():
    def make() -> list[torch.Tensor]:
        layer = nn.Sequential(nn.Linear(5, 40), nn.Embedding(7, 30), nn.Dropout(0.5))
        more = nn.init.xavier_normal_(torch.empty(6, 6))
        drawn = [torch.randn(9), torch.rand(4), torch.randint(0, 9, (3,)), torch.randint(5, (2,)), torch.randperm(8)]
        return [*layer.parameters(), more, *drawn, torch.normal(0.0, 1.0, (3,)), layer[2](torch.ones(20))]

    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(7)
        expected = make()
    before = torch.get_rng_state()
    with Seeded(7):
        found = make()
    assert torch.equal(torch.get_rng_state(), before)
    assert all(torch.equal(one, other) for one, other in zip(found, expected, strict=True))
