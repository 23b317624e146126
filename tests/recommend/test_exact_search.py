"""The best items are those of scoring all, whatever the vectors."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from recdesk.recommend import exact_search
from recdesk.recommend.exact_search import ExactSearch

KINDS = ["normal", "decaying", "alike", "twins", "zeros", "tiny", "huge", "one direction"]


def vectors_of(kind: str, n_items: int, width: int, rng: np.random.Generator) -> np.ndarray:
    found = rng.normal(size=(n_items, width))
    if kind == "decaying":  # as trained ones: few directions have most of the length, few items are long
        found *= np.arange(1, width + 1) ** -1.0 * rng.pareto(2, (n_items, 1))
    elif kind == "alike":
        found = 1 + 1e-4 * found
    elif kind == "twins":
        found[n_items // 2 :] = found[: n_items - n_items // 2]
    elif kind == "zeros":
        found[rng.random(n_items) < 0.5] = 0
    elif kind in ("tiny", "huge"):
        found *= 1e-12 if kind == "tiny" else 1e12
    elif kind == "one direction":
        found[:, 1:] = 0
    return found.astype(np.float32)


@given(
    kind=st.sampled_from(KINDS),
    query_kind=st.sampled_from(KINDS),
    n_items=st.integers(1, 400),
    width=st.integers(1, 40),
    wanted=st.integers(1, 30),
    bias=st.sampled_from([0.0, 1.0]),
    seed=st.integers(0, 10**6),
)
@settings(max_examples=30, deadline=None)
def test_it_finds_what_scoring_all_finds(
    kind: str, query_kind: str, n_items: int, width: int, wanted: int, bias: float, seed: int
):
    rng = np.random.default_rng(seed)
    vectors, queries = vectors_of(kind, n_items, width, rng), vectors_of(query_kind, 3, width, rng)
    biases = (bias * rng.normal(size=n_items)).astype(np.float32)
    barred = [rng.integers(0, n_items, rng.integers(0, n_items + 1)) for _ in queries]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(exact_search, "CHUNK", 150)
        found = ExactSearch(vectors, biases).best(queries, [wanted, 1, n_items], barred)
    for query, count, never, (rows, scores) in zip(queries, [wanted, 1, n_items], barred, found, strict=True):
        exact = (vectors.astype(np.float64) @ query.astype(np.float64) + biases).astype(np.float32)
        exact[never] = -np.inf
        expected = [row for row in np.argsort(-exact, kind="stable")[:count] if exact[row] > -np.inf]
        assert scores.tolist() == exact[expected].tolist()
        assert rows.tolist() == expected


def test_few_items_are_scored_in_full(monkeypatch):
    rng, counts, ranked = np.random.default_rng(0), [], ExactSearch._ranked

    def counted(search, query, asked):
        counts.append(len(asked.rows))
        return ranked(search, query, asked)

    monkeypatch.setattr(ExactSearch, "_ranked", counted)
    vectors = vectors_of("normal", 30_000, 64, rng)
    queries = rng.normal(size=(4, 64)).astype(np.float32)
    ExactSearch(vectors, np.zeros(30_000, np.float32)).best(queries, [10] * 4, [np.empty(0, np.int64)] * 4)
    assert len(counts) == 4 and all(10 <= count < 200 for count in counts)
