import numpy as np
import pytest

from recdesk.training.negatives import Negatives

POPULARITY = np.array([1000, 100, 10, 1, 0, 0])


def test_draws_are_distinct_ascending_codes_and_a_function_of_seed_and_step():
    codes, weights = Negatives(POPULARITY, 4, seed=1).draw(7)
    again, _ = Negatives(POPULARITY, 4, seed=1).draw(7)
    others = [tuple(Negatives(POPULARITY, 4, seed=1).draw(step)[0]) for step in range(20)]
    assert list(codes) == sorted(set(codes)) == list(again)
    assert len(codes) == len(weights)
    assert codes.min() >= 1 and codes.max() <= len(POPULARITY)
    assert len(set(others)) > 1


@pytest.mark.slow
def test_weights_stand_for_the_whole_catalogue_whatever_was_drawn_how_often():
    values = np.array([5.0, -1.0, 2.0, 0.5, 7.0, 3.0])
    negatives = Negatives(POPULARITY, 3, seed=0)
    sums = []
    for step in range(20_000):
        codes, weights = negatives.draw(step)
        sums.append((weights * values[codes - 1]).sum())
    assert abs(np.mean(sums) - values.sum()) < 3 * np.std(sums) / np.sqrt(len(sums)) + 1e-6


def test_no_single_draw_stands_for_more_than_uniform_draws_would():
    for step in range(200):
        codes, weights = Negatives(POPULARITY, 8, seed=0).draw(step)
        rarest = weights[codes > 4]
        assert (rarest <= 8 * len(POPULARITY) / (8 * 0.5) + 1e-6).all()


def test_without_a_count_nothing_is_drawn():
    codes, weights = Negatives(POPULARITY, 0, seed=0).draw(0)
    assert len(codes) == len(weights) == 0


def test_of_known_items_only_those_that_are_ever_a_target_are_drawn():
    seen = {int(code) for step in range(300) for code in Negatives(POPULARITY, 4, seed=0, known=True).draw(step)[0]}
    everything = {int(code) for step in range(300) for code in Negatives(POPULARITY, 4, seed=0).draw(step)[0]}
    assert seen == {1, 2, 3, 4}
    assert everything == {1, 2, 3, 4, 5, 6}


def test_weights_of_known_items_stand_for_all_that_are_known():
    values = np.array([5.0, -1.0, 2.0, 0.5, 1e9, 1e9])
    negatives = Negatives(POPULARITY, 3, seed=0, known=True)
    sums = []
    for step in range(5_000):
        codes, weights = negatives.draw(step)
        sums.append((weights * values[codes - 1]).sum())
    assert abs(np.mean(sums) - values[:4].sum()) < 3 * np.std(sums) / np.sqrt(len(sums)) + 1e-6


def test_where_every_item_is_known_nothing_differs():
    everywhere = np.array([9, 1, 4, 2])
    for step in range(10):
        plain, known = (Negatives(everywhere, 5, seed=2, known=known).draw(step) for known in (False, True))
        assert np.array_equal(plain[0], known[0]) and np.array_equal(plain[1], known[1])
