import time

import numpy as np
import pytest
import torch

from recdesk.core.errors import CancelledError, UsageError
from recdesk.core.task import Task
from recdesk.recommend import item_map as module
from recdesk.recommend.item_map import ItemMap, make_map, principal_components


def groups(n: int, kinds: int = 4, width: int = 8, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """Vectors around some centres, and the centre of each."""
    rng = np.random.default_rng(seed)
    kind = rng.integers(0, kinds, n)
    vectors = 4 * rng.normal(size=(kinds, width))[kind] + rng.normal(size=(n, width))
    return vectors.astype(np.float32), kind


def popular(n: int) -> np.ndarray:
    return np.ones(n, np.int64)


def purity(found: ItemMap, kind: np.ndarray) -> float:
    """Share of items whose nearest item on the map is of their kind."""
    squares = ((found.xy[:, None] - found.xy[None]) ** 2).sum(axis=2)
    np.fill_diagonal(squares, np.inf)
    return float((kind[squares.argmin(axis=1)] == kind).mean())


@pytest.fixture
def quick(monkeypatch):
    monkeypatch.setattr(module, "EARLY", 60)
    monkeypatch.setattr(module, "LATE", 60)


def test_items_that_are_alike_lie_together_and_the_same_whatever_the_number_of_threads(quick):
    vectors, kind = groups(240)
    found = make_map(vectors, popular(240), seed=3)
    assert found.method == "t-sne" and found.notes == () and found.codes.tolist() == list(range(1, 241))
    assert purity(found, kind) > 0.95
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        again = make_map(vectors, popular(240), seed=3)
    finally:
        torch.set_num_threads(threads)
    assert np.array_equal(found.xy, again.xy)
    assert not np.array_equal(found.xy, make_map(vectors, popular(240), seed=4).xy)


def test_the_length_of_vectors_has_no_effect(quick):
    vectors, _ = groups(60)
    scaled = vectors * np.linspace(0.5, 2.0, 60, dtype=np.float32)[:, None]
    assert purity(make_map(scaled, popular(60)), groups(60)[1]) > 0.9


def test_neighbours_by_trees_are_most_of_the_true_ones(monkeypatch, quick):
    vectors, kind = groups(400)
    unit = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    near, exact = module._by_trees(unit, 10, 0, Task()), module._by_all_pairs(unit, 10, Task())
    assert (near != np.arange(400)[:, None]).all()
    shared = np.mean([len(set(a) & set(b)) / 10 for a, b in zip(near.tolist(), exact.tolist(), strict=True)])
    assert shared > 0.9
    monkeypatch.setattr(module, "EXACT_ITEMS", 100)
    found = make_map(vectors, popular(400))
    assert found.approximate and "approximately" in found.notes[0] and purity(found, kind) > 0.95


def test_identical_items_are_no_problem(quick):
    vectors = np.repeat(groups(20)[0], 10, axis=0)
    found = make_map(vectors, popular(200))
    assert np.isfinite(found.xy).all() and np.ptp(found.xy, axis=0).min() > 0


@pytest.mark.parametrize(("n", "spread"), [(1, 0), (2, 1), (3, 2), (5, 2), (15, 2)])
def test_few_items_are_placed_by_components(n: int, spread: int):
    found = make_map(groups(n)[0], popular(n))
    assert found.method == "components" and "So few items" in found.notes[0]
    assert np.isfinite(found.xy).all() and (np.ptp(found.xy, axis=0) > 1e-6).sum() == spread


def test_vectors_that_tell_nothing_apart_are_said():
    same = make_map(np.ones((30, 4), np.float32), popular(30))
    assert same.method == "one place" and not same.xy.any() and "the same vector" in same.notes[0]
    line = make_map(np.arange(1, 31, dtype=np.float32)[:, None], popular(30))
    assert line.xy[:, 0].tolist() == list(range(1, 31)) and not line.xy[:, 1].any()
    assert "one number" in line.notes[0]


def test_items_without_a_usable_vector_are_left_off_and_counted():
    vectors, _ = groups(14)
    vectors[2], vectors[5, 1], vectors[9, 3] = 0.0, np.nan, np.inf
    found = make_map(vectors, popular(14))
    assert found.codes.tolist() == [1, 2, 4, 5, 7, 8, 9, 11, 12, 13, 14]
    assert (found.unusable, found.n_items) == (3, 14) and "3 items are not on the map" in found.notes[0]
    assert found.rows_of(np.array([14, 3, 1, 99])).tolist() == [10, 0]
    for nothing in (np.zeros((3, 4), np.float32), np.full((3, 4), np.nan, np.float32), np.zeros((0, 4), np.float32)):
        with pytest.raises(UsageError, match="usable vector"):
            make_map(nothing, popular(len(nothing)))


def test_a_large_catalogue_is_sampled_by_popularity(quick):
    vectors, _ = groups(1000)
    taken = np.where(np.arange(1000) < 100, 1000, 0)
    found = make_map(vectors, taken, most=90)
    assert len(found.codes) == 90 and (np.diff(found.codes) > 0).all()
    assert (found.codes <= 100).mean() > 0.8
    assert found.notes[0] == "The map shows 90 of 1,000 items, drawn at random, the more popular ones more often."
    assert make_map(vectors, taken, most=90).codes.tolist() == found.codes.tolist()


def test_components_are_those_of_the_covariance():
    rows = groups(50)[0]
    found = principal_components(rows)
    values = np.sort(np.linalg.eigvalsh(np.cov(rows.T.astype(np.float64))))[::-1][:2]
    np.testing.assert_allclose(found.var(axis=0, ddof=1), values, rtol=1e-5)
    assert abs(np.corrcoef(found.T)[0, 1]) < 1e-6
    np.testing.assert_allclose(found.mean(axis=0), 0, atol=1e-6)


def test_progress_is_told_and_a_cancel_is_heard_within_a_second():
    told: list[tuple[float, str]] = []
    begun = time.monotonic()
    task = Task(lambda share, text: told.append((share, text)), lambda: time.monotonic() > begun + 0.3)
    with pytest.raises(CancelledError, match="The map"):
        make_map(groups(2500)[0], popular(2500), task=task)
    assert time.monotonic() - begun < 2.5  # on a busy machine
    shares = [share for share, _ in told]
    assert shares == sorted(shares) and shares[-1] < 1
    assert {text for _, text in told} <= {"Looking for the nearest items of each", "Placing the items"}
