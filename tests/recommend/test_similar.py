from dataclasses import replace

import numpy as np
import pytest

from recdesk.core.errors import CancelledError, UsageError
from recdesk.core.task import Task
from recdesk.recommend import nearest as module
from recdesk.recommend.item_facts import item_code, item_facts
from recdesk.recommend.nearest import SimilarItems
from recdesk.recommend.recommender import LiveModel
from recdesk.recommend.similar import item_vectors
from tests.conftest import chain_dataset
from tests.recommend.test_explaining import MODELS, ease


def test_neighbours_are_those_of_all_cosines(monkeypatch):
    monkeypatch.setattr(module, "CELLS_AT_ONCE", 7 * 50)
    vectors = np.random.default_rng(0).normal(size=(50, 6)).astype(np.float32)
    vectors[4] = 0.0
    allowed = np.arange(50) != 9
    found = SimilarItems(vectors).of(np.arange(1, 51), 5, allowed)
    unit = vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-9)
    cosines = unit @ unit.T
    np.fill_diagonal(cosines, -9)
    cosines[:, [4, 9]] = -9
    rows = [row for row in range(50) if row != 4]
    assert (found.codes[rows] - 1).tolist() == np.argsort(-cosines, kind="stable")[rows, :5].tolist()
    np.testing.assert_allclose(found.cosines[rows], -np.sort(-cosines)[rows, :5], atol=1e-6)
    with pytest.raises(CancelledError):
        SimilarItems(vectors).of(np.array([1]), task=Task(cancelled=lambda: True))


@pytest.mark.parametrize("make", [MODELS["bert-causal"], MODELS["bert4rec"], MODELS["two-tower"]])
def test_every_trained_model_has_a_vector_for_each_item(make):
    model = make()
    vectors = item_vectors(model)
    assert vectors.shape == (40, 16)
    lines = LiveModel(model, chain_dataset(n_items=40)).similar(3, 39)
    assert sorted(line.code for line in lines) == [code for code in range(1, 41) if code != 3]


def test_a_model_without_vectors_says_so():
    with pytest.raises(UsageError, match="no item vectors"):
        LiveModel(ease(), chain_dataset(n_items=40)).similar(1)


def test_an_item_is_what_the_data_says_of_it(chain):
    facts = item_facts(chain, 5)
    rows = np.flatnonzero(chain.items == 5)
    assert (facts.item_id, facts.title, facts.features) == ("005", "标题 5, “no. 5”", {"genre": "odd"})
    assert facts.taken == len(rows) == sum(facts.counts)
    times = chain.times[rows]
    assert facts.newest[0][1] == times.max() and len(facts.newest) == min(len(rows), 20)
    last = rows[np.argmax(times)] // 12
    assert facts.newest[0][0] == chain.user_ids[last]
    bare = item_facts(replace(chain, times=None), 5)
    assert bare.periods == [] and bare.newest[0] == (str(chain.user_ids[rows[-1] // 12]), None)
    with pytest.raises(UsageError, match="no item “nothing”"):
        item_code(chain, "nothing")


@pytest.mark.parametrize(("days", "unit", "bars"), [(20, "2020-01-01", 20), (700, "2020-01", 23), (9000, "2020", 25)])
def test_popularity_over_time_is_by_day_month_or_year(chain, days: int, unit: str, bars: int):
    start = np.datetime64("2020-01-01", "s").astype(int)
    times = start + np.linspace(0, (days - 1) * 86400, len(chain.items)).astype(int)
    facts = item_facts(replace(chain, items=np.ones_like(chain.items), times=times), 1)
    assert facts.periods[0] == unit and len(facts.periods) == len(facts.counts) <= 36
    assert abs(len(facts.counts) - bars) <= 1 and sum(facts.counts) == len(chain.items)
