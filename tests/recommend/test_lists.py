"""Queries answered together get what each gets alone."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from recdesk.data.dataset import Dataset
from recdesk.data.histories import Histories, History
from recdesk.recommend.bound_rules import bind
from recdesk.recommend.lists import lists
from recdesk.recommend.query import Query
from recdesk.recommend.recommender import LiveModel
from recdesk.recommend.rules import Condition, Rules
from tests.recommend.test_reranking import DATA, LIVE, N_ITEMS
from tests.serving.making import drawn

BOUND = [
    None,
    *(
        bind(rules, DATA[True])
        for rules in (
            Rules(conditions=(Condition("genres", "contains", ("a",)),)),
            Rules(cap_feature="genres", cap=1),
            Rules(damping=0.7, block=("003",)),
            Rules(diversity=0.5, diversity_feature="genres"),
        )
    ),
]
QUERIES = st.builds(
    Query,
    history=st.lists(st.integers(1, N_ITEMS), max_size=30).map(History.of),
    n=st.integers(1, N_ITEMS + 5),
    exclude_seen=st.booleans(),
    rules=st.sampled_from(BOUND),
)


@given(st.lists(QUERIES, max_size=12))
@settings(max_examples=40)
def test_queries_of_all_kinds_get_what_each_gets_alone(queries: list[Query]):
    live = LIVE[True]
    found = lists(live, queries)
    assert len(found) == len(queries)
    for query, own in zip(queries, found, strict=True):
        (codes,), (scores,) = live.ranked(Histories.of([query.history]), query.n, query.exclude_seen, rules=query.rules)
        assert own.codes.tolist() == codes[codes > 0].tolist()
        assert own.scores.tolist() == scores[codes > 0].tolist()
        assert not query.exclude_seen or not set(own.codes.tolist()) & set(query.history.items.tolist())


def test_a_model_that_reads_histories_gives_the_same_lists_whatever_is_asked_beside(chain: Dataset):
    live = LiveModel(drawn(chain.n_items), chain)
    asked = [Query(live.dataset.history(user)[: user % 12], n=5) for user in range(20)]
    for query, own in zip(asked, lists(live, asked), strict=True):
        alone = live.top_n(query.history, 5)
        assert own.codes.tolist() == [line.code for line in alone]
        np.testing.assert_allclose(own.scores, [line.score for line in alone], rtol=1e-5)
    assert [len(own.codes) for own in lists(live, [Query(History.of(range(1, 41)))])] == [0]
