"""What data can show before anything is trained on it."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from recdesk.core.errors import CancelledError
from recdesk.core.task import Task
from recdesk.data.dataset import Dataset
from recdesk.data.importing import ImportResult
from recdesk.data.splitting import make_split
from recdesk.evaluation import signals
from recdesk.evaluation.baselines import fit_last_item
from recdesk.evaluation.ranking import evaluate
from recdesk.evaluation.signals import Resolution, order_signal, resolution
from recdesk.experiment import data_signals
from recdesk.experiment.data_signals import known_resolution, order_of, resolution_of
from recdesk.workspace.workspace import Workspace
from tests.conftest import chain_dataset


def without_order(n_users: int = 300, seed: int = 0) -> Dataset:
    """Everybody takes some items of their own few, in any order."""
    rng = np.random.default_rng(seed)
    items = np.concatenate([rng.permutation(30)[:8] + 1 for _ in range(n_users)]).astype(np.int32)
    users = pd.Index([f"u{i}" for i in range(n_users)], dtype="str")
    return Dataset("any", users, pd.Index([f"i{i}" for i in range(30)]), np.arange(n_users + 1) * 8, items)


def test_where_one_item_leads_to_the_next_order_matters():
    found = order_signal(chain_dataset(n_users=300, certainty=0.9))
    assert found.people == 300
    assert found.true > 0.7 and found.shuffled < 0.6 and found.low > 0
    assert found.difference == pytest.approx(found.true - found.shuffled)
    assert found.sentence.startswith("Order matters here:")


def test_where_it_does_not_there_is_no_sign_of_it():
    found = order_signal(without_order())
    assert found.low <= 0 <= found.high
    assert found.sentence.startswith("No sign that order matters here:")


def test_shuffling_moves_no_item_to_somebody_else_and_leaves_the_last():
    data = chain_dataset()
    other = signals._shuffled(data, np.random.default_rng(0))
    for user in range(data.n_users):
        ours, theirs = data.histories().row(user), other.histories().row(user)
        assert sorted(ours) == sorted(theirs) and ours[-1] == theirs[-1]
    assert (other.items != data.items).any()


def test_few_people_show_nothing_of_order():
    assert order_signal(chain_dataset(n_users=99)) is None
    assert order_signal(replace(without_order(), offsets=np.arange(301) * 2, items=without_order().items[:600])) is None


def test_a_sample_is_bounded(monkeypatch):
    monkeypatch.setattr(signals, "MOST_INTERACTIONS", 2000)
    monkeypatch.setattr(signals, "LATEST", 5)
    monkeypatch.setattr(signals, "MOST_PEOPLE", 150)
    sample = signals._sample(chain_dataset(n_users=1000), 0)
    assert sample.n_users == 400 and set(np.diff(sample.offsets)) == {5}
    assert order_signal(chain_dataset(n_users=1000)).people == 150


def test_the_smallest_difference_follows_from_people_and_spread():
    split = make_split(chain_dataset(n_users=400, certainty=0.6))
    found = resolution(split)
    values = evaluate(fit_last_item(split), split, "test", with_loss=False).ranks.per_user(10, "ndcg")
    assert found.people == 400
    assert found.deviation == pytest.approx(values.std(ddof=1), rel=0.1)
    assert Resolution(400, 0.2).difference == pytest.approx((1.95996 + 0.84162) * 0.2 / 20, rel=1e-4)
    assert Resolution(1600, 0.2).difference == pytest.approx(Resolution(400, 0.2).difference / 2)
    assert Resolution(0, 0.0).sentence == "" and Resolution(10, 0.0).sentence == ""


def test_four_of_five_paired_tests_find_a_difference_of_that_size():
    rng = np.random.default_rng(0)
    people, sigma = 200, 0.3
    wanted = Resolution(people, sigma).difference
    covariance = sigma**2 * np.array([[1.0, signals.CORRELATION], [signals.CORRELATION, 1.0]])
    pairs = rng.multivariate_normal((0.0, wanted), covariance, (2000, people))
    differences = pairs[..., 1] - pairs[..., 0]
    z = differences.mean(1) / (differences.std(1, ddof=1) / people**0.5)
    assert (np.abs(z) > 1.96).mean() == pytest.approx(0.8, abs=0.03)


def test_it_is_kept_and_what_is_damaged_is_found_out_again(tmp_path, monkeypatch):
    workspace = Workspace(tmp_path / "ws")
    name = workspace.add_dataset(ImportResult(chain_dataset(n_users=200), [], pd.DataFrame()))
    data = workspace.dataset(name)
    first, order = resolution_of(workspace, data, "time"), order_of(workspace, data)
    assert known_resolution(workspace, data.content_hash, "time") == first
    assert known_resolution(workspace, data.content_hash, "leave-one-out") is None
    with monkeypatch.context() as patched:
        patched.setattr(data_signals, "order_signal", lambda *a, **b: pytest.fail("again"))
        assert order_of(workspace, data) == order
    for path in workspace.cache.glob("signal-*"):
        path.write_text("{")
    assert order_of(workspace, data) == order and resolution_of(workspace, data, "time") == first


def test_it_can_be_cancelled():
    with pytest.raises(CancelledError):
        order_signal(chain_dataset(n_users=200), task=Task(cancelled=lambda: True))
    with pytest.raises(CancelledError):
        resolution(make_split(chain_dataset()), Task(cancelled=lambda: True))
