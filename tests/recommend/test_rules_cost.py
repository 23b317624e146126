import numpy as np
import pytest

from recdesk.core.errors import CancelledError
from recdesk.core.task import Task
from recdesk.data.splitting import make_split
from recdesk.recommend.recommender import LiveModel
from recdesk.recommend.rules import Condition, Rules
from recdesk.recommend.rules_cost import rules_cost


def test_the_cost_is_the_difference_of_ndcg_on_held_out_items(live: LiveModel):
    split = make_split(live.dataset)
    rules = live.bind(Rules(conditions=(Condition("genre", "one of", ("odd",)),)))
    found = rules_cost(live, split, rules)
    gains = np.zeros((2, live.dataset.n_users))
    for user, end in enumerate(split.test):
        history = live.dataset.items[live.dataset.offsets[user] : end]
        for at, ruled in enumerate((None, rules)):
            codes = [item.code for item in live.top_n(history, 10, rules=ruled)]
            if (wanted := int(live.dataset.items[end])) in codes:
                gains[at, user] = 1 / np.log2(codes.index(wanted) + 2)
    assert (found.without, found.within) == pytest.approx(tuple(gains.mean(1)))
    assert found.without > 0.5 > found.within > 0
    assert found.low < found.within - found.without < found.high < 0
    assert found.people == 60 and "60 people" in found.sentence


def test_a_sample_is_drawn_and_the_same_again(live: LiveModel):
    split, rules = make_split(live.dataset), live.bind(Rules(cap_feature="genre", cap=3))
    one, other = (rules_cost(live, split, rules, most=20, seed=seed) for seed in (1, 1))
    assert one == other and one.people == 20 and one.short == 20  # of two genres, six fit


def test_it_can_be_cancelled(live: LiveModel):
    with pytest.raises(CancelledError):
        rules_cost(live, make_split(live.dataset), live.bind(Rules(damping=1)), task=Task(cancelled=lambda: True))
