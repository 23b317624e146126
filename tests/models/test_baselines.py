import sys
from functools import partial

import numpy as np
import pytest
import torch

from recdesk.core.errors import CancelledError, RecdeskError
from recdesk.core.task import Task
from recdesk.data.histories import Histories
from recdesk.models.baselines import als, ease, knn, last_item
from recdesk.models.baselines.ease import Ease
from recdesk.models.baselines.knn import ItemKnn
from recdesk.models.baselines.last_item import LastItem
from recdesk.models.baselines.popular import MostPopular, PopularLately


def test_popular_counts_and_breaks_ties_by_the_newest():
    model = MostPopular.fit(np.array([1, 2, 2, 3, 1, 4]), 5)
    order = model.scores(Histories.of([[5]]))[0].argsort(descending=True) + 1
    assert order.tolist() == [1, 2, 4, 3, 5]


def test_last_item_counts_what_followed_and_orders_the_rest_by_popularity():
    histories = Histories.of([[1, 2, 3, 3, 1], [4, 1, 2], [2, 3], []])
    model = LastItem.fit(histories, 5, weight=2.0)
    followed = np.array([
        [0, 2, 0, 0, 0],
        [0, 0, 2, 0, 0],
        [1, 0, 0, 0, 0],  # 3 after 3 tells nothing
        [1, 0, 0, 0, 0],
        [0, 0, 0, 0, 0],
    ])  # fmt: skip
    shares = np.array([3, 3, 3, 1, 0]) / 10
    asked = Histories.of([[2, 1], [5], [], [3]])
    expected = np.stack([followed[0], followed[4], np.zeros(5), followed[2]]) + 2.0 * shares
    np.testing.assert_allclose(model.scores(asked), expected)
    np.testing.assert_allclose(model.scores(asked, np.array([3, 1])), expected[:, [2, 0]])
    assert model.reads == 1


@pytest.mark.parametrize("block", [1, 3, 10**6])
def test_the_size_of_blocks_changes_no_pair(block: int, monkeypatch):
    rng = np.random.default_rng(0)
    histories = Histories.of([rng.integers(1, 9, n) for n in rng.integers(0, 12, 40)])
    whole = LastItem.fit(histories, 8)
    monkeypatch.setattr(last_item, "AT_ONCE", block)
    parts = LastItem.fit(histories, 8)
    assert (whole.followers - parts.followers).nnz == 0
    assert whole.followers.sum() == sum((np.diff(histories.row(i)) != 0).sum() for i in range(40))


def test_last_item_is_left_out_where_memory_is_short(monkeypatch):
    monkeypatch.setattr(last_item, "available_memory", lambda: 10)
    with pytest.raises(RecdeskError, match="“last item” would need"):
        LastItem.fit(Histories.of([[1, 2]]), 2)


def test_last_item_can_be_cancelled():
    with pytest.raises(CancelledError):
        LastItem.fit(Histories.of([[1, 2]]), 2, task=Task(cancelled=lambda: True))


def test_als_solves_for_the_vector_of_any_history():
    items = np.random.default_rng(0).normal(size=(6, 3)).astype(np.float32)
    model = als.ImplicitAls(items)
    confidence = np.array([als.CONFIDENCE, 1, als.CONFIDENCE, 1, 1, 1])
    wanted = np.array([1, 0, 1, 0, 0, 0])
    system = items.T @ np.diag(confidence) @ items + als.REGULARISATION * np.eye(3)
    vector = np.linalg.solve(system, items.T @ (confidence * wanted))
    scores = model.scores(Histories.of([[1, 3, 1], []]))
    np.testing.assert_allclose(scores[0], items @ vector, atol=1e-4)
    assert not scores[1].any()


def test_als_learns_what_goes_together():
    pytest.importorskip("implicit", reason="needs the library implicit (recdesk[als])")
    histories = Histories.of([[1, 2, 3], [4, 5, 6]] * 30)
    model = als.ImplicitAls.fit(histories, 6)
    assert set((model.scores(Histories.of([[1, 2]]))[0].argsort(descending=True)[:3] + 1).tolist()) == {1, 2, 3}
    again = als.ImplicitAls.fit(histories, 6)
    np.testing.assert_array_equal(model.items, again.items)
    with pytest.raises(CancelledError):
        als.ImplicitAls.fit(histories, 6, task=Task(cancelled=lambda: True))


def test_als_says_what_is_missing_or_too_much(monkeypatch):
    monkeypatch.setitem(sys.modules, "implicit.cpu", None)
    with pytest.raises(RecdeskError, match=r"recdesk\[als\]"):
        als.ImplicitAls.fit(Histories.of([[1]]), 1)
    with pytest.raises(RecdeskError, match="would take long over 1,000,000,000 interactions"):
        als.check_size(10**9, 10**6, 10**6)
    monkeypatch.setattr(als, "available_memory", lambda: 10)
    with pytest.raises(RecdeskError, match="implicit ALS would need"):
        als.check_size(10, 10, 10)


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
    assert (model.taken is None) == (n_users >= n_items)
    expected = x.astype(float) @ reference_weights(x.astype(float), 5.0)
    np.testing.assert_allclose(model.scores(histories).numpy(), expected, atol=2e-4)


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


def test_popular_lately_counts_the_newest_tenth_then_all():
    model = PopularLately.fit(np.array([1] * 50 + [2] * 40 + [3] * 9 + [4]), 5)
    order = model.scores(Histories.of([[5]]))[0].argsort(descending=True, stable=True) + 1
    assert order.tolist() == [3, 4, 1, 2, 5]


def test_too_many_pairs_are_refused_before_memory_is_spent(monkeypatch: pytest.MonkeyPatch):
    longer, repeats = Histories.of([range(1, 10)]), Histories.of([[1, 2, 3] * 2])
    monkeypatch.setattr("recdesk.models.baselines.knn.MOST_PAIRS", 9)
    assert ItemKnn.fit(repeats, 9).n_items == 9  # 36 pairs, 9 without repeats
    with pytest.raises(RecdeskError, match="16 pairs of items"):
        ItemKnn.fit(Histories.of([range(1, 5)]), 9)
    monkeypatch.setattr("recdesk.models.baselines.knn.binary", lambda *a: pytest.fail("memory was spent"))
    with pytest.raises(RecdeskError, match="81 pairs of items"):
        ItemKnn.fit(longer, 9)


def test_item_knn_reads_people_block_by_block_with_the_same_outcome(chain, monkeypatch):
    histories = chain.histories()
    whole = ItemKnn.fit(histories, chain.n_items)
    monkeypatch.setattr("recdesk.models.binary.BLOCK_ROWS", 7)
    parts = ItemKnn.fit(histories, chain.n_items)
    assert torch.equal(parts.scores(histories), whole.scores(histories))


@pytest.mark.parametrize("cells", [0, 2**25])
def test_several_numbers_of_neighbours_are_those_of_each_alone_with_ties_to_the_smaller_code(cells: int, monkeypatch):
    monkeypatch.setattr(knn, "_MOST_CELLS", cells)
    monkeypatch.setattr("recdesk.models.binary.BLOCK_ROWS", 7)
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


@pytest.mark.parametrize("dense_gain", [1, 10**9], ids=["dense blocks", "sparse"])
@pytest.mark.parametrize("people, n_items", [(90, 30), (30, 90)])
def test_ease_of_many_blocks_equals_dense_ease(people: int, n_items: int, dense_gain: int, monkeypatch):
    monkeypatch.setattr(ease, "AT_ONCE", 4)
    monkeypatch.setattr(ease, "BLOCK", 7)
    monkeypatch.setattr(ease, "DENSE_GAIN", dense_gain)
    monkeypatch.setattr("recdesk.models.binary._MOST_PAIRS", 50)
    rng = np.random.default_rng(0)
    histories = Histories.of([rng.integers(1, n_items + 1, rng.integers(0, 12)) for _ in range(people)])
    x = np.zeros((people, n_items))
    rows, items = histories.flat()
    x[rows, items - 1] = 1.0
    for strength, model in zip((20.0, 100.0), Ease.fit_each(histories, n_items, (20.0, 100.0)), strict=True):
        expected = x @ reference_weights(x, strength)
        np.testing.assert_allclose(model.scores(histories), expected, atol=1e-5)
        wanted = np.array([3, 1])
        np.testing.assert_allclose(model.scores(histories, wanted), expected[:, wanted - 1], atol=1e-5)


def test_the_inverse_by_blocks_is_the_inverse():
    a = torch.randn(50, 30, generator=torch.Generator().manual_seed(0))
    gram = a.T @ a + torch.eye(30)
    expected = torch.linalg.inv(gram.double()).float()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ease, "AT_ONCE", 8)
        patch.setattr(ease, "BLOCK", 8)
        torch.testing.assert_close(ease.inverted(gram.clone()), expected, atol=1e-5, rtol=1e-4)


def test_ease_never_lays_out_people_times_items(monkeypatch):
    """Of Netflix' shape that was 32 GB."""
    sizes, zeros = [], torch.zeros
    monkeypatch.setattr(torch, "zeros", lambda *size, **more: sizes.append(np.prod(size)) or zeros(*size, **more))
    rng = np.random.default_rng(0)
    Ease.fit(Histories.of(rng.integers(1, 21, (3000, 4))), 20)
    assert max(sizes) == 20 * 20


@pytest.mark.parametrize("people, n_items", [(90, 30), (30, 90)])
def test_ease_is_refused_before_memory_is_spent_that_is_not_there(people: int, n_items: int, monkeypatch):
    histories = Histories.of(np.random.default_rng(0).integers(1, n_items + 1, (people, 4)))
    monkeypatch.setattr(ease, "available_memory", lambda: 2**10)
    monkeypatch.setattr(ease, "binary", lambda *a: pytest.fail("memory was spent"))
    with pytest.raises(RecdeskError, match=r"EASE would need .* of memory, but only 0\.0 GB are free; it is left out"):
        Ease.fit(histories, n_items)


def test_ease_that_would_take_long_is_refused(monkeypatch):
    monkeypatch.setattr(ease, "MOST_PAIRS", 10)
    monkeypatch.setattr(ease, "DENSE_GAIN", 1)
    with pytest.raises(RecdeskError, match="EASE would have to count 16 pairs of items; it is left out here"):
        Ease.fit(Histories.of([[1, 2], [2, 3], [1, 3], [3, 2]]), 3)


@pytest.mark.parametrize("model", [Ease, ItemKnn])
def test_fitting_can_be_cancelled_at_every_block(model, monkeypatch):
    monkeypatch.setattr(ease, "AT_ONCE", 4)
    monkeypatch.setattr(ease, "BLOCK", 7)
    histories, asked = Histories.of(np.random.default_rng(0).integers(1, 31, (90, 4))), []
    model.fit(histories, 30, task=Task(cancelled=lambda: asked.append(0) or False))
    assert len(asked) >= 2
    for after in range(len(asked)):
        left = iter([False] * after + [True])
        with pytest.raises(CancelledError):
            model.fit(histories, 30, task=Task(cancelled=partial(next, left)))
