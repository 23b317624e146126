"""What a GPU would be given, looked at without one: on torch's “meta” device tensors have a place and a
shape but no values. Whoever asks one for a value, which makes a GPU wait, fails; so does whoever mixes places."""

import contextlib
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from torch import nn
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils._pytree import tree_leaves

from recdesk.core import devices
from recdesk.data.split_kinds import SplitKind
from recdesk.data.splitting import make_split
from recdesk.models.text_bert import TextBert
from recdesk.models.two_tower import TwoTower
from recdesk.monitor.control import Control
from recdesk.monitor.events import Event
from recdesk.text.encoder import Encoder
from recdesk.text.text_paths import TextPaths
from recdesk.training import text_stages
from recdesk.training.checkpoints import Progress
from recdesk.training.config import TextConfig, TwoTowerConfig, make_config
from recdesk.training.fine_tuning import JointStep
from recdesk.training.loop import take_step
from recdesk.training.masked_language import Corpus, MaskedLanguageStep, MaskedWordModel
from recdesk.training.text_stages import prepare_texts
from recdesk.training.towers import TowerStep
from recdesk.training.train_step import DecoderStep, HistoryStep
from tests.conftest import chain_dataset

ELSEWHERE = torch.device("meta")
MOVES = ("_to_copy", "copy_")


class OnePlace(TorchDispatchMode):
    """Every operation has its tensors on one device, but for those that move them and for single numbers."""

    def __torch_dispatch__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        leaves, said = tree_leaves((args, kwargs)), kwargs or {}
        kinds = {x.device.type for x in leaves if isinstance(x, torch.Tensor) and x.dim()}
        kinds |= {x.type for x in leaves if isinstance(x, torch.device)} if kinds == {"cpu"} else set()
        if len(kinds) > 1 and func.overloadpacket.__name__ not in MOVES:
            raise AssertionError(f"{func} mixes {sorted(kinds)}")
        if len(kinds) > 1 and not (said.get("non_blocking") or args[2:] == (True,)):
            raise AssertionError(f"{func} waits for its copy")
        return func(*args, **said)


@pytest.fixture
def elsewhere(monkeypatch):
    """Training takes place on a device that has no values."""
    monkeypatch.setattr(devices, "choose_device", lambda name: ELSEWHERE)
    monkeypatch.setattr(devices, "prepare", lambda device: None)
    monkeypatch.setattr(torch, "autocast", lambda *_, **__: contextlib.nullcontext())  # it knows no such device


def take_steps(stepper: HistoryStep[Any], count: int = 3) -> None:
    progress, warned = Progress(), list[Event]()
    stepper.model.train()
    with OnePlace():
        for windows in stepper.batches.plan(0)[:count]:
            loss, _, tokens = take_step(stepper, windows, progress, warned.append)
            assert loss.device == ELSEWHERE
            assert tokens > 0
            progress.step += 1
    assert progress.step == count
    assert not warned


@pytest.mark.slow
@pytest.mark.parametrize(
    ("kind", "settings", "split_kind"),
    [
        ("bert-causal", {}, "leave-one-out"),
        ("bert-causal", {"temperature": 2.0, "label_smoothing": 0.1}, "leave-one-out"),
        ("bert-causal", {"negatives": 8}, "leave-one-out"),
        ("bert-causal", {"negatives": 8, "label_smoothing": 0.1}, "leave-one-out"),
        ("bert-causal", {"loss": "gbce", "negatives": 4}, "leave-one-out"),
        ("bert4rec", {"next_item_share": 0.0}, "leave-one-out"),
        ("text-bert", {}, "leave-one-out"),
        ("text-bert", {}, "new-items"),
        ("text-bert", {"negatives": 8}, "new-items"),
        ("hybrid", {}, "leave-one-out"),
    ],
)
def test_a_step_stays_on_its_device_and_waits_for_nothing(kind: str, settings: dict, split_kind: SplitKind, elsewhere):
    split = make_split(chain_dataset(), split_kind)
    texts = np.random.default_rng(0).standard_normal((split.dataset.n_items, 24), np.float32)
    sizes = {"hidden": 16, "max_length": 10, "batch_tokens": 128}
    config = make_config(kind, **{**sizes, **settings})
    take_steps(DecoderStep(split, config, texts if kind in ("text-bert", "hybrid") else None))


@pytest.mark.parametrize("padded", [False, True])
def test_so_does_a_text_encoder_that_learns(padded: bool, tmp_path: Path):
    texts = [f"volume {number} of the chronicle" for number in range(1, 20)]
    encoder = Encoder.new(texts, 32, 1, 16, tmp_path / "encoder", seed=0)
    guesser = MaskedWordModel(encoder).to(ELSEWHERE)
    ids = torch.ones(4, 6, dtype=torch.int64, device=ELSEWHERE)
    real = torch.ones(4, 6, dtype=torch.bool, device=ELSEWHERE) if padded else None
    with OnePlace():
        where = torch.ones(3, dtype=torch.int64, device=ELSEWHERE)
        nn.functional.cross_entropy(guesser(ids, real, where), where).backward()
        encoder(ids, real).sum().backward()
    assert guesser.bias.grad is not None and guesser.bias.grad.device == ELSEWHERE


@pytest.mark.slow
def test_so_does_a_step_of_its_learning(tmp_path: Path):
    texts = [f"volume {number} of the chronicle" for number in range(1, 60)]
    encoder = Encoder.new(texts, 32, 1, 16, tmp_path / "encoder", seed=0)
    encoder.bert.to(ELSEWHERE)
    corpus = Corpus(texts, make_split(chain_dataset()).dataset.histories(), 0)
    step = MaskedLanguageStep(encoder, corpus, 9, 1e-3)
    with OnePlace():
        outcome, _, _ = take_step(step, 0, Progress(), list[Event]().append)
    assert outcome.device == ELSEWHERE and outcome.shape == (2,)


def test_so_does_a_step_of_the_two_towers(elsewhere, monkeypatch):
    config = make_config("two-tower", encoder="scratch", max_length=5)
    assert isinstance(config, TwoTowerConfig)
    original = TwoTower.set_texts

    def set_texts(self: TwoTower, tokens: list[list[int]]) -> None:
        original(self, tokens)
        self._item_tokens()  # read back once a run, here while there are values

    monkeypatch.setattr(TwoTower, "set_texts", set_texts)
    take_steps(TowerStep.sketch(make_split(chain_dataset()), config), 1)


@pytest.mark.slow
def test_so_does_a_step_in_which_encoder_and_decoder_learn_together(tmp_path: Path, elsewhere, monkeypatch):
    settings = {"encoder": "scratch", "encoder_steps": 1, "hidden": 16, "max_length": 10, "fine_tune": "whole"}
    config = make_config("text-bert", **settings, text_width=8, batch_tokens=128)
    assert isinstance(config, TextConfig)
    split = make_split(chain_dataset())
    monkeypatch.setattr(text_stages, "choose_device", lambda name: torch.device("cpu"))
    text_paths = TextPaths(tmp_path, tmp_path / "cache", tmp_path / "encoders")
    prepared = prepare_texts(split, config, text_paths, list[Event]().append, Control(), False)
    assert prepared is not None
    model = DecoderStep(split, config, prepared.vectors).model
    assert isinstance(model, TextBert)
    take_steps(JointStep(split, config, model, prepared))


@pytest.mark.parametrize(
    "wrong",
    [
        lambda x, index: x.index_select(0, index),
        lambda x, index: x.sum().item(),
        lambda x, index: x[x > 0],
        lambda x, index: bool((x > 0).any()),
        lambda x, index: x @ index[:, None].float(),
        lambda x, index: index.to(x.device),
        lambda x, index: x[0].copy_(index),
    ],
)
def test_what_would_wait_or_mix_is_found(wrong):
    with OnePlace(), pytest.raises((AssertionError, RuntimeError, NotImplementedError)):
        wrong(torch.empty(3, 3, device=ELSEWHERE), torch.tensor([0, 1, 2]))
