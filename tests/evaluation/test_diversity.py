import itertools

import numpy as np
import pandas as pd
import pytest

from recdesk.data.categories import Categories
from recdesk.evaluation.diversity import diversity, list_distances
from recdesk.evaluation.metrics import gini


def by_hand(items: list[int], sets: list[set[str]]) -> float:
    pairs = [(sets[a], sets[b]) for a, b in itertools.combinations([i for i in items if i >= 0], 2)]
    known = [1 - len(a & b) / len(a | b) for a, b in pairs if a and b]
    return float(np.mean(known)) if known else float("nan")


def test_the_distance_of_a_list_is_the_mean_jaccard_distance_of_its_pairs():
    generator = np.random.default_rng(0)
    names = [f"c{n}" for n in range(70)]  # more than a word of 64 bits
    sets = [set(generator.choice(names, generator.integers(0, 4), replace=False)) for _ in range(30)]
    found = Categories.of("kind", pd.Series(["|".join(sorted(each)) for each in sets], dtype="str"))
    lists = np.array([generator.choice(30, 5, replace=False) for _ in range(40)])
    lists[3, 2:] = -1
    lists[4, :] = -1
    expected = [by_hand(row.tolist(), sets) for row in lists]
    assert list_distances(lists, found.bits()) == pytest.approx(expected, nan_ok=True)
    assert np.isnan(expected[4])


def test_diversity_is_measured_by_the_categories_of_the_data(chain):
    """The feature "genre" of the chain is "odd" and "even" in turn."""
    same, mixed = np.array([[0, 2, 4]]), np.array([[0, 1]])
    assert diversity(same, chain) == {"diversity@10": 0.0}
    assert diversity(mixed, chain) == {"diversity@10": 1.0}
    assert diversity(np.empty((0, 10), np.int64), chain) == {}


def test_gini_is_the_mean_difference_of_all_pairs():
    amounts = np.array([0, 1, 5, 2, 9])
    pairs = np.abs(amounts[:, None] - amounts[None, :]).mean()
    assert gini(amounts) == pytest.approx(pairs / (2 * amounts.mean()))
    assert gini(np.full(7, 3)) == pytest.approx(0.0)
    assert gini(np.array([0, 0, 0, 4])) == pytest.approx(0.75)
    assert gini(np.zeros(3, np.int64)) == 0.0
