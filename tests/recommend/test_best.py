"""The highest scores of each row, found block by block."""

import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from recdesk.recommend import best
from recdesk.recommend.best import BLOCK, LEAST_BLOCKS, top


@given(
    st.integers(1, 4),
    st.integers(1, 12),
    st.integers(0, 3 * BLOCK),
    st.sampled_from(["any", "equal", "barred"]),
    st.integers(0, 10**6),
)
@settings(max_examples=60)
def test_blocks_find_what_sorting_all_finds(rows: int, width: int, more: int, kind: str, seed: int):
    generator = torch.Generator().manual_seed(seed)
    n_items = width * BLOCK * LEAST_BLOCKS + more
    scores = torch.randn(rows, n_items, generator=generator)
    if kind == "equal":
        scores = scores.round()
    elif kind == "barred":
        scores[:, torch.randperm(n_items, generator=generator)[: n_items - width // 2]] = float("-inf")
    highest, columns = top(scores, width)
    assert torch.equal(highest, scores.topk(width, dim=1).values)
    assert torch.equal(scores.gather(1, columns), highest)
    assert all(len(set(row)) == width for row in columns.tolist())


def test_few_items_are_sorted_whole(monkeypatch):
    monkeypatch.setattr(best, "BLOCK", 10**9)
    assert top(torch.tensor([[1.0, 3.0, 2.0]]), 2)[1].tolist() == [[1, 2]]
