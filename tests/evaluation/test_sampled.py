import numpy as np
import pytest

from recdesk.data.splitting import make_split
from recdesk.evaluation.metrics import NEVER, Ranks
from recdesk.evaluation.sampled import others, sampled_figures
from tests.conftest import chain_dataset


def drawn(greater: int, equal: int, count: int, negatives: int, draws: int, rng: np.random.Generator) -> np.ndarray:
    """Ranks among random items, by drawing them."""
    scores = np.concatenate([np.full(greater, 2), np.full(equal, 1), np.zeros(count - greater - equal)])
    places = []
    for _ in range(draws):
        some = rng.choice(scores, min(negatives, count), replace=False)
        places.append((some == 2).sum() + rng.integers(0, (some == 1).sum() + 1))
    return np.array(places) + 1


@pytest.mark.parametrize(("greater", "equal", "count"), [(0, 0, 500), (30, 0, 500), (60, 40, 500), (3, 2, 20)])
def test_the_mean_over_all_draws_is_what_drawing_gives(greater: int, equal: int, count: int):
    places = drawn(greater, equal, count, 100, 20_000, np.random.default_rng(0))
    one = Ranks(np.array([0]), np.array([greater]), np.array([equal]))
    found = sampled_figures(one, np.array([count]), 100)
    for k in (1, 5, 10, 50):
        hit = places <= k
        assert found[f"recall@{k}"] == pytest.approx(hit.mean(), abs=0.012)
        assert found[f"ndcg@{k}"] == pytest.approx((hit / np.log2(places + 1)).mean(), abs=0.012)
        assert found[f"mrr@{k}"] == pytest.approx((hit / places).mean(), abs=0.012)


def test_all_items_drawn_are_the_whole_catalogue():
    rng = np.random.default_rng(1)
    greater, equal = rng.integers(0, 60, 200), rng.integers(0, 4, 200)
    greater[3] = NEVER
    ranks = Ranks(np.arange(200), greater, equal)
    found, whole = sampled_figures(ranks, np.full(200, 80), 10_000), ranks.summary()
    for name in ("recall@10", "ndcg@10", "mrr@10", "ndcg@50"):
        assert found[name] == pytest.approx(whole[name], abs=1e-12)


def test_what_is_drawn_from_leaves_out_the_history_and_the_target():
    split = make_split(chain_dataset())
    users = np.array([0, 7])
    histories = [set(split.dataset.items[split.dataset.offsets[u] : split.targets("test")[u]].tolist()) for u in users]
    assert others(split, "test", users).tolist() == [40 - 1 - len(history) for history in histories]


def test_of_nobody_there_is_no_figure():
    nobody = Ranks(*(np.empty(0, np.int64),) * 3)
    assert np.isnan(sampled_figures(nobody, np.empty(0, np.int64))["ndcg@10"])
