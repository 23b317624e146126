"""The highest scores of arrays are those of sorting, ties by column."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from recdesk.recommend.highest import BLOCK, top


@given(
    st.integers(1, 4),
    st.integers(1, 8),
    st.integers(0, 2 * BLOCK),
    st.sampled_from(["any", "ties", "barred", "all barred"]),
    st.integers(0, 10**6),
)
@settings(max_examples=40)
def test_it_finds_what_sorting_finds(rows: int, width: int, more: int, kind: str, seed: int):
    rng = np.random.default_rng(seed)
    scores = rng.normal(size=(rows, width + more)).astype(np.float32)
    if kind == "ties":
        scores = scores.round()
    elif kind != "any":
        scores[:, rng.random(width + more) < (0.9 if kind == "barred" else 2)] = -np.inf
    values, columns = top(scores, width)
    expected = np.argsort(-scores, axis=1, kind="stable")[:, :width]
    np.testing.assert_array_equal(values, np.take_along_axis(scores, expected, 1))
    there = values > -np.inf
    assert (columns[there] == expected[there]).all() and not columns[~there].any()
