import numpy as np
import pytest

from recdesk.models.baselines.expected_popularity import FEWEST_ITEMS, expected_bias, popularity_bias, typical_bias


def catalogue(n: int = 400, width: int = 8, told: float = 1.0, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """Items whose first number tells how popular they are, as far as `told` says, up to noise."""
    rng = np.random.default_rng(seed)
    vectors = rng.standard_normal((n, width)).astype(np.float32)
    return vectors, np.exp(5 + told * vectors[:, 0] + 0.5 * rng.standard_normal(n)).astype(np.int64)


def test_the_bias_of_an_item_is_the_log_of_its_share():
    bias = popularity_bias(np.array([3, 1, 0]))
    np.testing.assert_allclose(bias, np.log(np.array([4, 2, 1]) / 7 * 3))
    assert typical_bias(np.array([3, 1, 0])) == pytest.approx((3 * bias[0] + bias[1]) / 4)
    assert typical_bias(np.array([5, 5, 5])) == pytest.approx(0.0)
    assert typical_bias(np.zeros(4, np.int64)) == 0.0


def test_texts_that_tell_how_popular_an_item_is_are_believed():
    vectors, popularity = catalogue()
    new = np.zeros((3, 8), np.float32)
    new[:, 0] = [-1, 0, 1]
    expected = expected_bias(vectors, popularity, new)
    assert expected[1] == pytest.approx(typical_bias(popularity), abs=0.15)
    assert expected[2] - expected[0] == pytest.approx(2.0, abs=0.2)


def test_texts_that_tell_nothing_change_hardly_anything():
    vectors, popularity = catalogue(told=0.0)
    expected = expected_bias(vectors, popularity, vectors[:50])
    assert np.abs(expected - typical_bias(popularity)).mean() < 0.1 < np.std(popularity_bias(popularity))


def test_it_predicts_items_that_it_has_not_seen_better_than_one_figure_for_all():
    vectors, popularity = catalogue(n=600)
    truth = popularity_bias(popularity)[300:]
    guessed = expected_bias(vectors[:300], popularity[:300], vectors[300:])
    assert np.var(truth - guessed) < 0.5 * np.var(truth)


def test_a_handful_of_items_teaches_nothing():
    vectors, popularity = catalogue(n=FEWEST_ITEMS - 1)
    expected = expected_bias(vectors, popularity, vectors[:4])
    np.testing.assert_array_equal(expected, np.full(4, typical_bias(popularity)))
