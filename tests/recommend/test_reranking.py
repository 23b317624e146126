"""Under any rules: nothing that is barred is in a list, lists are full where the catalogue allows it, and they are in
the order of the scores."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from recdesk.data.dataset import Dataset
from recdesk.data.histories import Histories
from recdesk.models.base import Recommender, pick
from recdesk.recommend import reranking
from recdesk.recommend.bound_rules import bind
from recdesk.recommend.recommender import LiveModel
from recdesk.recommend.reranking import rerank
from recdesk.recommend.rules import Condition, Rules
from tests.conftest import chain_dataset

N_ITEMS = 60


class Fixed(Recommender):
    """Scores of its own for each history's last item."""

    kind = "fixed"

    def __init__(self, seed: int = 0) -> None:
        self.n_items = N_ITEMS
        self.table = torch.from_numpy(np.random.default_rng(seed).normal(size=(N_ITEMS + 1, N_ITEMS)).astype("f4"))

    def scores(self, histories: Histories, candidates=None) -> torch.Tensor:
        last = [int(row[-1]) if len(row := histories.row(at)) else 0 for at in range(len(histories))]
        return pick(self.table[last].clone(), candidates)


def dataset(several: bool, seed: int = 0) -> Dataset:
    rng = np.random.default_rng(seed)
    kinds = [chr(97 + kind) for kind in range(7)]
    genres = ["|".join(rng.choice(kinds, rng.integers(0, 4 if several else 2), replace=False)) for _ in range(N_ITEMS)]
    made = chain_dataset(n_users=20, n_items=N_ITEMS)
    years = [str(1950 + item) if item % 5 else "" for item in range(N_ITEMS)]
    return replace(made, item_features=made.item_features.assign(genres=genres, year=years).astype("str"))


DATA = {several: dataset(several) for several in (False, True)}
LIVE = {several: LiveModel(Fixed(), made) for several, made in DATA.items()}
IDS = st.lists(st.sampled_from([*DATA[True].item_ids, "gone"]), max_size=30).map(tuple)
CONDITIONS = st.sampled_from(
    [
        Condition("genres", "contains", ("A",)),
        Condition("genres", "one of", ("a", "B", "c")),
        Condition("year", "at least", ("1970",)),
        Condition("year", "between", ("1960", "1999.5")),
        Condition("", "contains", ("1",)),
    ]
)
RULES = st.builds(
    Rules,
    allow=st.none() | IDS.filter(bool),
    block=IDS,
    conditions=st.lists(CONDITIONS, max_size=2).map(tuple),
    cap_feature=st.just("genres"),
    cap=st.integers(0, 3),
    spread_feature=st.just("genres"),
    spread=st.integers(0, 8),
    diversity=st.sampled_from([0.0, 0.3, 1.0]),
    diversity_feature=st.just("genres"),
    damping=st.sampled_from([0.0, 0.5]),
)


def entries(made: Dataset, code: int) -> set[str]:
    return set(filter(None, made.item_features["genres"].iat[code - 1].split("|")))


def meets(rules: Rules, made: Dataset, code: int) -> bool:
    """Whether an item may be recommended, as a person would check it."""
    item, row = str(made.item_ids[code - 1]), made.item_features.iloc[code - 1]
    year = float(row.year) if row.year else None
    for condition in rules.conditions:
        if condition.feature == "":
            fine = any("1" in text for text in (item, *row))
        elif condition.kind == "contains":
            fine = "a" in row.genres
        elif condition.kind == "one of":
            fine = bool(entries(made, code) & {"a", "b", "c"})
        else:
            low, high = condition.bounds
            fine = year is not None and low <= year <= high
        if not fine:
            return False
    return item not in rules.block and (rules.allow is None or item in rules.allow)


@pytest.mark.slow
@given(RULES, st.booleans(), st.integers(1, 12), st.integers(0, 19), st.sampled_from([4, 100]))
@settings(max_examples=60)
def test_lists_are_full_allowed_varied_and_in_order(rules, several, n, user, least_pool):
    live, made = LIVE[several], DATA[several]
    history = made.histories().row(user)
    bound = bind(rules, made)
    before, reranking.LEAST_POOL = reranking.LEAST_POOL, least_pool
    times, reranking.POOL_TIMES = reranking.POOL_TIMES, 1
    try:
        ((codes,), (scores,)) = live.ranked(Histories.of([history]), n, rules=bound)
        alike = live.ranked(Histories.of([history, [1]]), n, rules=bound)[0][0]
    finally:
        reranking.LEAST_POOL, reranking.POOL_TIMES = before, times
    assert codes.tolist() == alike.tolist()  # whoever else is in the batch
    found = [int(code) for code in codes if code]
    candidates = [c for c in range(1, N_ITEMS + 1) if c not in history and meets(rules, made, c)]
    assert len(set(found)) == len(found) and set(found) <= set(candidates)
    table = live.model.table[int(history[-1])].double().numpy()
    assert scores[: len(found)] == pytest.approx(table[np.array(found, int) - 1])
    order = table - (0 if bound.penalty is None else bound.penalty * table.std())
    placed = order[np.array(found, int) - 1]
    assert (np.diff(placed) <= 1e-5).all()
    counts = {genre: sum(genre in entries(made, code) for code in found) for genre in "abcdefg"}
    if rules.cap:
        assert max(counts.values()) <= rules.cap
        fitting = [c for c in set(candidates) - set(found) if all(counts[g] < rules.cap for g in entries(made, c))]
    else:
        fitting = list(set(candidates) - set(found))
    assert len(found) == n or not fitting  # nothing could be added to a short list
    if rules.cap and not several:  # then the greatest length is known
        sizes = [sum(entries(made, c) == {g} for c in candidates) for g in "abcdefg"]
        free = sum(not entries(made, c) for c in candidates)
        assert len(found) == min(n, sum(min(size, rules.cap) for size in sizes) + free)
    there = set().union(*(entries(made, c) for c in candidates)) if candidates else set()
    if not rules.cap:
        assert sum(count > 0 for count in counts.values()) >= min(rules.spread, len(there), n, len(found))
    said = bound.shortfall(n, len(found), live.candidates(history, True, bound))
    assert bool(said) == (len(found) < n)
    if not rules.reranks:
        assert found == sorted(candidates, key=lambda code: -order[code - 1])[:n]


def test_without_rules_on_lists_a_list_is_that_of_the_scores():
    scores = torch.from_numpy(np.random.default_rng(1).normal(size=(5, N_ITEMS)).astype("f4"))
    bound = bind(Rules(cap_feature="genres", cap=N_ITEMS), DATA[True])
    assert rerank(scores, 10, bound).tolist() == scores.topk(10).indices.tolist()


def test_diversity_is_maximal_marginal_relevance_of_the_item_vectors():
    """Chosen one by one, in plain steps; then put in the order of the scores."""
    rng = np.random.default_rng(2)
    vectors = rng.normal(size=(N_ITEMS, 4)).astype("f4")
    scores = rng.normal(size=N_ITEMS).astype("f4")
    bound = bind(Rules(diversity=0.6), DATA[True], lambda: vectors)
    unit = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    relevance = (scores - scores.min()) / (scores.max() - scores.min())
    chosen: list[int] = []
    for _ in range(8):
        worth = [
            0.4 * relevance[i] - 0.6 * max((unit[i] @ unit[j] for j in chosen), default=0) if i not in chosen else -9
            for i in range(N_ITEMS)
        ]
        chosen.append(int(np.argmax(worth)))
    found = rerank(torch.from_numpy(scores)[None], 8, bound)[0]
    assert set(found.tolist()) == set(chosen) != set(np.argsort(-scores)[:8].tolist())
    assert found.tolist() == sorted(chosen, key=lambda i: -scores[i])


def test_where_the_greedy_list_is_short_items_of_few_categories_fill_it():
    genres = ["a|b|c", "a", "b", "c", *["d"] * (N_ITEMS - 4)]
    made = replace(DATA[True], item_features=DATA[True].item_features.assign(genres=pd.Series(genres, dtype="str")))
    bound = bind(Rules(cap_feature="genres", cap=1, block=()), made)
    scores = torch.arange(N_ITEMS, 0, -1, dtype=torch.float32)[None]
    assert rerank(scores, 2, bound)[0].tolist() == [0, 4]
    assert rerank(scores, 4, bound)[0].tolist() == [1, 2, 3, 4]
    assert rerank(scores, 9, bound)[0].tolist() == [1, 2, 3, 4, -1, -1, -1, -1, -1]
    assert bound.shortfall(9, 4, N_ITEMS) == "Only 4 items: with at most 1 of the same genres, no other fits."


def test_damping_takes_popular_items_down():
    live = LIVE[False]
    popular = np.argsort(-live.dataset.popularity)[:10] + 1
    share = {
        strength: np.isin(
            live.ranked(live.dataset.histories(), 10, rules=bind(Rules(damping=strength), live.dataset))[0], popular
        ).mean()
        for strength in (0.0, 0.5, 1.0)
    }
    assert share[0.0] > share[0.5] > share[1.0]
