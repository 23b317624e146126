from pathlib import Path

import numpy as np
import pytest
import torch

from recdesk.data.histories import Histories
from recdesk.errors import RecdeskError
from recdesk.models import knn
from recdesk.models.ease import Ease
from recdesk.models.knn import ItemKnn
from recdesk.models.popular import MostPopular, PopularLately


def test_popular_counts_and_breaks_ties_by_the_newest():
    model = MostPopular.fit(np.array([1, 2, 2, 3, 1, 4]), 5)
    order = model.scores(Histories.of([[5]]))[0].argsort(descending=True) + 1
    assert order.tolist() == [1, 2, 4, 3, 5]


def reference_weights(x: np.ndarray, strength: float) -> np.ndarray:
    """Steck 2019, equation 8, written out."""
    inverse = np.linalg.inv(x.T @ x + strength * np.eye(x.shape[1]))
    weights = -inverse / np.diag(inverse)
    np.fill_diagonal(weights, 0.0)
    return weights


@pytest.mark.parametrize("n_users, n_items", [(50, 12), (12, 50)], ids=["direct", "by Woodbury's identity"])
def test_ease_equals_the_closed_form(n_users: int, n_items: int):
    rng = np.random.default_rng(0)
    x = rng.random((n_users, n_items)) < 0.3
    histories = Histories.of([np.flatnonzero(row) + 1 for row in x])
    model = Ease.fit(histories, n_items, regularisation=5.0)
    assert (model.right is None) == (n_users >= n_items)
    expected = x.astype(float) @ reference_weights(x.astype(float), 5.0)
    np.testing.assert_allclose(model.scores(histories).numpy(), expected, atol=2e-4)


def test_ease_is_the_same_after_saving(tmp_path: Path):
    for sequences, n_items in (([[1, 2], [2, 3], [1, 3], [4]], 4), ([[1, 2], [2, 3]], 6)):
        histories = Histories.of(sequences)
        model = Ease.fit(histories, n_items)
        model.save(tmp_path)
        assert torch.equal(Ease.load(tmp_path).scores(histories), model.scores(histories))


def reference_similarity(x: np.ndarray, k: int, shrinkage: float) -> np.ndarray:
    """Damped cosine of the columns, the k largest of each row kept, written out."""
    norms = np.sqrt(x.sum(0))
    near = (x.T @ x) / (np.outer(norms, norms) + shrinkage)
    np.fill_diagonal(near, 0.0)
    for row in near:
        row[np.argsort(-row, kind="stable")[k:]] = 0.0
    return near


@pytest.mark.parametrize("k, shrinkage", [(3, 0.5), (100, 10.0)])
def test_knn_equals_the_damped_cosine_of_the_nearest(k: int, shrinkage: float):
    x = (np.random.default_rng(1).random((40, 15)) < 0.3).astype(float)
    histories = Histories.of([np.flatnonzero(row) + 1 for row in x])
    model = ItemKnn.fit(histories, 15, k, shrinkage)
    np.testing.assert_allclose(model.scores(histories), x @ reference_similarity(x, k, shrinkage), atol=1e-5)


def test_knn_counts_a_repeated_item_once_and_only_the_latest_of_a_very_long_history():
    once, twice = Histories.of([[1, 2], [2, 3]]), Histories.of([[1, 2, 1, 2], [2, 3, 3]])
    assert torch.equal(ItemKnn.fit(once, 3).scores(once), ItemKnn.fit(twice, 3).scores(once))
    long = Histories.of([[1, *[2] * 300, *[3] * 300]])
    assert ItemKnn.fit(long, 3).scores(Histories.of([[2]]))[0].tolist()[0] == 0.0


def test_knn_is_the_same_after_saving(tmp_path: Path):
    histories = Histories.of([[1, 2], [2, 3], [1, 3], [4]])
    model = ItemKnn.fit(histories, 5)
    model.save(tmp_path)
    assert torch.equal(ItemKnn.load(tmp_path).scores(histories), model.scores(histories))


def test_popular_lately_counts_the_newest_tenth_then_all():
    model = PopularLately.fit(np.array([1] * 50 + [2] * 40 + [3] * 9 + [4]), 5)
    order = model.scores(Histories.of([[5]]))[0].argsort(descending=True, stable=True) + 1
    assert order.tolist() == [3, 4, 1, 2, 5]


def test_popular_is_the_same_after_saving(tmp_path: Path):
    model = MostPopular.fit(np.array([1, 2, 2]), 3)
    model.save(tmp_path)
    assert torch.equal(MostPopular.load(tmp_path).score, model.score)


def test_too_many_pairs_are_refused_before_memory_is_spent(monkeypatch: pytest.MonkeyPatch):
    longer, repeats = Histories.of([range(1, 10)]), Histories.of([[1, 2, 3] * 2])
    monkeypatch.setattr("recdesk.models.knn.MOST_PAIRS", 9)
    assert ItemKnn.fit(repeats, 9).n_items == 9  # 36 pairs, 9 without repeats
    with pytest.raises(RecdeskError, match="16 pairs of items"):
        ItemKnn.fit(Histories.of([range(1, 5)]), 9)
    monkeypatch.setattr("recdesk.models.knn._binary", lambda *a: pytest.fail("memory was spent"))
    with pytest.raises(RecdeskError, match="81 pairs of items"):
        ItemKnn.fit(longer, 9)


def test_item_knn_reads_people_block_by_block_with_the_same_outcome(chain, monkeypatch):
    histories = chain.histories()
    whole = ItemKnn.fit(histories, chain.n_items)
    monkeypatch.setattr("recdesk.models.knn._BLOCK_ROWS", 7)
    parts = ItemKnn.fit(histories, chain.n_items)
    assert torch.equal(parts.scores(histories), whole.scores(histories))


@pytest.mark.parametrize("cells", [0, 2**25])
def test_several_numbers_of_neighbours_are_those_of_each_alone_with_ties_to_the_smaller_code(cells: int, monkeypatch):
    monkeypatch.setattr(knn, "_MOST_CELLS", cells)
    monkeypatch.setattr(knn, "_BLOCK_ROWS", 7)
    rng = np.random.default_rng(0)
    histories = Histories.of([rng.integers(1, 31, 8).astype(np.int32) for _ in range(60)])
    ks = (2, 5, 40)
    found = ItemKnn.fit_each(histories, 30, ks)
    full = ItemKnn.fit(histories, 30, 30).neighbours.toarray()
    for k, model in zip(ks, found, strict=True):
        order = np.argsort(-full, axis=1, kind="stable")[:, :k]
        expected = np.zeros_like(full)
        np.put_along_axis(expected, order, np.take_along_axis(full, order, 1), 1)
        np.testing.assert_array_equal(model.neighbours.toarray(), expected)
        assert (ItemKnn.fit(histories, 30, k).neighbours != model.neighbours).nnz == 0


@pytest.mark.parametrize("people", [12, 90])
def test_ease_of_several_strengths_is_that_of_each_alone(people: int):
    """With fewer people than items, and with more."""
    rng = np.random.default_rng(0)
    histories = Histories.of([rng.integers(1, 31, 8).astype(np.int32) for _ in range(people)])
    strengths = (5.0, 50.0)
    for strength, found in zip(strengths, list(Ease.fit_each(histories, 30, strengths)), strict=True):
        torch.testing.assert_close(found.scores(histories), Ease.fit(histories, 30, strength).scores(histories))
