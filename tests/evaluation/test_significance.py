import itertools
import time

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from recdesk.evaluation import significance
from recdesk.evaluation.significance import holm, randomization_p


def exact_p(differences: np.ndarray) -> float:
    """Over every assignment of signs."""
    total = abs(differences.sum())
    signs = itertools.product((-1.0, 1.0), repeat=len(differences))
    return float(np.mean([abs(np.dot(sign, differences)) >= total - 1e-9 for sign in signs]))


@settings(max_examples=15)
@given(st.lists(st.sampled_from([-1.0, -0.5, -0.3, 0.0, 0.3, 0.5, 1.0]), min_size=1, max_size=10))
def test_the_p_value_is_that_of_every_assignment_of_signs(values: list[float]):
    differences = np.array(values)
    assert randomization_p(differences) == pytest.approx(exact_p(differences), abs=0.015)


@pytest.mark.parametrize("seed", range(4))
def test_the_p_value_is_that_of_scipy(seed: int):
    shares = [0.6, 0.12, 0.08, 0.12, 0.08]
    differences = np.random.default_rng(seed).choice([0.0, 0.3, 0.63, -0.3, -0.39], 100, p=shares)
    theirs = stats.permutation_test(
        (differences,), lambda x, axis: x.mean(axis=axis), permutation_type="samples", n_resamples=10_000, rng=0
    ).pvalue
    chance = (2 * theirs * (1 - theirs) / 10_000) ** 0.5
    assert randomization_p(differences) == pytest.approx(theirs, abs=4 * chance + 1e-4)


def test_many_distinct_differences_are_approximated_as_they_are_drawn(monkeypatch):
    differences = np.random.default_rng(0).normal(0.05, 1.0, 1000)
    drawn = randomization_p(differences)
    monkeypatch.setattr(significance, "MOST_DISTINCT", 10)
    assert randomization_p(differences) == pytest.approx(drawn, abs=0.01)
    assert drawn == pytest.approx(stats.ttest_1samp(differences, 0).pvalue, abs=0.01)


def test_no_difference_is_no_evidence():
    assert randomization_p(np.zeros(50)) == 1.0
    assert randomization_p(np.empty(0)) == 1.0


def test_many_people_cost_as_little_as_few():
    differences = np.random.default_rng(0).choice([0.0, 0.5, -0.5, 1.0, -1.0], 200_000)
    begun = time.process_time()
    randomization_p(differences)
    assert time.process_time() - begun < 1.0  # 0.03 s; drawing a sign for each person takes a minute


def test_equals_are_called_different_as_often_as_the_level_says():
    generator = np.random.default_rng(1)
    samples = (generator.choice([-0.5, 0.0, 0.5], 80) for _ in range(300))
    assert 5 <= sum(randomization_p(sample, 2000) < 0.05 for sample in samples) <= 26


def test_holm_is_the_worked_example():
    """p = 0.01, 0.04, 0.03, 0.005 at 5 %: the last and the first are rejected, the other two are not."""
    assert holm([0.01, 0.04, 0.03, 0.005]) == pytest.approx([0.03, 0.06, 0.06, 0.02])


@settings(max_examples=50)
@given(st.lists(st.floats(0.0, 1.0), max_size=8), st.floats(0.001, 0.5))
def test_holm_rejects_what_stepping_down_rejects(p_values: list[float], level: float):
    order = sorted(range(len(p_values)), key=lambda index: p_values[index])
    rejected = set()
    for done, index in enumerate(order):
        if (len(p_values) - done) * p_values[index] >= level:
            break
        rejected.add(index)
    assert {index for index, p in enumerate(holm(p_values)) if p < level} == rejected
