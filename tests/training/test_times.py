"""Models that read times: what they can learn from them, and that training and recommending read the same."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import torch

from recdesk.data.dataset import Dataset
from recdesk.data.histories import Histories, History
from recdesk.data.splitting import histories_before, make_split
from recdesk.evaluation.ranking import evaluate
from recdesk.models.bert import Bert4Rec, BertCausal, Shape
from recdesk.monitor.control import Control
from recdesk.training.batches import BatchMaker
from recdesk.training.config import make_config
from recdesk.training.fit import fit

DAY, USERS, ITEMS, LENGTH = 86_400, 400, 90, 12


def spaced(seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """Whether each event comes a day after the one before (else a minute), bool [USERS, LENGTH], and the times."""
    long = np.random.default_rng(seed).random((USERS, LENGTH)) < 0.5
    return long, np.cumsum(np.where(long, DAY, 60), axis=1)


def ring(steps: np.ndarray, times: np.ndarray) -> Dataset:
    """Users walk a ring of items by these steps."""
    first = np.random.default_rng(1).integers(0, ITEMS, (USERS, 1))
    walks = (first + np.cumsum(np.pad(steps[:, 1:], ((0, 0), (1, 0))), axis=1)) % ITEMS + 1
    return Dataset(
        "spaced",
        pd.Index([f"user-{u}" for u in range(USERS)], dtype="str"),
        pd.Index([f"item-{i}" for i in range(ITEMS)], dtype="str"),
        np.arange(USERS + 1, dtype=np.int64) * LENGTH,
        walks.ravel().astype(np.int32),
        times.ravel().astype(np.int64),
    )


def after_gaps() -> Dataset:
    """The gap before an item decides the item after it."""
    long, times = spaced()
    return ring(np.pad(np.where(long, 7, 1)[:, :-1], ((0, 0), (1, 0)), constant_values=1), times)


def at_moments() -> Dataset:
    """The time of an item decides it: after a day another one than after a minute."""
    long, times = spaced()
    return ring(np.where(long, 7, 1), times)


def accuracy(dataset: Dataset, kind: str, times: str, folder: Path) -> float:
    split = make_split(dataset)
    sizes = {"hidden": 32, "layers": 1, "heads": 2, "max_length": 12}
    settings = {**sizes, "epochs": 25, "warmup_steps": 5, "learning_rate": 5e-3, "times": times, "device": "cpu"}
    outcome = fit(split, make_config(kind, **settings), folder, lambda event: None, Control(), False)
    found = evaluate(outcome.model, split, "test")
    return float(((found.ranks.greater + found.ranks.equal) == 0).mean())


@pytest.mark.slow
def test_gaps_are_learned_from(tmp_path: Path):
    assert accuracy(after_gaps(), "bert-causal", "gaps", tmp_path / "gaps") > 0.9
    assert accuracy(after_gaps(), "bert-causal", "ignored", tmp_path / "order") < 0.6  # half is what can be guessed


@pytest.mark.slow
def test_the_moment_that_is_asked_about_is_learned_from(tmp_path: Path):
    assert accuracy(at_moments(), "bert-causal", "asked", tmp_path / "asked") > 0.9
    assert accuracy(at_moments(), "bert-causal", "gaps", tmp_path / "gaps") < 0.6


@pytest.mark.slow
@pytest.mark.parametrize(("make", "times"), [(after_gaps, "gaps"), (at_moments, "asked")], ids=["gaps", "asked"])
def test_masked_items_are_learned_from_times_too(make: Callable[[], Dataset], times: str, tmp_path: Path):
    assert accuracy(make(), "bert4rec", times, tmp_path) > 0.65


def test_times_are_nothing_to_a_model_that_ignores_them():
    torch.manual_seed(0)
    model = BertCausal(Shape(ITEMS, 12, 16, 1, 2)).eval()
    dataset = after_gaps()
    plain = Histories(dataset.items, dataset.offsets[:-1], dataset.offsets[1:])
    torch.testing.assert_close(model.scores(dataset.histories()), model.scores(plain), rtol=0, atol=0)
    assert not any(name in model.state_dict() for name in ("gaps", "waits"))


@pytest.mark.parametrize("times", ["gaps", "asked"])
def test_recommending_reads_what_training_read(times: str):
    """The last position of a causal batch is the query for the item after it."""
    torch.manual_seed(0)
    model = BertCausal(Shape(ITEMS, 12, 16, 1, 2, times=times)).eval()
    for table in (model.gaps, getattr(model, "waits", model.gaps)):
        torch.nn.init.normal_(table)
    split = make_split(after_gaps())
    users = np.arange(5)
    windows = split.dataset.histories(split.train_ends)[users]
    batch = BatchMaker(split, 12, 256, 0, times).causal(windows)
    last = np.flatnonzero(np.append(np.diff(batch.positions // batch.inputs.shape[1]), 1))
    before = histories_before(split, split.train_ends - 1, users)
    with torch.no_grad():
        torch.testing.assert_close(model.hidden_at(batch)[last], model.user_vectors(before), rtol=1e-5, atol=1e-5)


@pytest.mark.parametrize("kind", [BertCausal, Bert4Rec])
def test_another_moment_gives_another_list_where_it_is_read(kind: type):
    torch.manual_seed(0)
    histories = [History(np.array([1, 2], np.int32), np.array([0, 60]), asked) for asked in (120, 60 + 300 * DAY, None)]
    for times, differ in (("asked", True), ("gaps", False)):
        model = kind(Shape(ITEMS, 12, 16, 1, 2, times=times)).eval()
        for table in (model.gaps, getattr(model, "waits", model.gaps)):
            torch.nn.init.normal_(table)
        soon, late, unknown = model.scores(Histories.of(histories))
        assert (not torch.equal(soon, late) and not torch.equal(soon, unknown)) == differ
        assert model.reads_moment == differ


def test_the_mask_of_an_item_hides_its_time_where_the_moment_is_not_read():
    split = make_split(after_gaps())
    windows = split.dataset.histories(split.train_ends)[:20]
    hidden, known = (BatchMaker(split, 12, 256, 0, t).masked(windows, 0, 0, 91, 0.4, 0.3) for t in ("gaps", "asked"))
    masked = (hidden.inputs == 91).numpy()
    assert masked.any() and (hidden.gaps.numpy()[masked] == 0).all()
    assert (known.gaps.numpy()[masked & (np.arange(masked.shape[1]) > 0)] > 0).all()
    assert (hidden.gaps.numpy() == known.gaps.numpy())[~masked].all()
