import numpy as np
import pytest
from scipy import stats

from recdesk.evaluation.seeds import mean_over_seeds, t_quantile, welch_interval


def test_the_interval_of_a_mean_is_students():
    values = [0.11, 0.13, 0.12, 0.16, 0.10]
    found = mean_over_seeds("ndcg@10", values, people=60)
    low, high = stats.t.interval(0.95, 4, np.mean(values), stats.sem(values))
    assert (found.value, found.low, found.high) == pytest.approx((np.mean(values), low, high))
    assert (found.seeds, found.people) == (5, 60)


def test_one_seed_has_no_interval():
    found = mean_over_seeds("ndcg@10", [0.2])
    assert (found.value, found.low, found.high, found.seeds) == (0.2, None, None, 1)


def test_equal_seeds_have_an_interval_of_no_width():
    found = mean_over_seeds("ndcg@10", [0.5, 0.5, 0.5])
    assert (found.low, found.high) == (0.5, 0.5)
    assert welch_interval([0.5, 0.5], [0.25, 0.25]) == (0.25, 0.25)


def test_the_interval_of_a_difference_is_welchs():
    ours, theirs = [0.20, 0.22, 0.21, 0.25], [0.18, 0.19, 0.17]
    interval = stats.ttest_ind(ours, theirs, equal_var=False).confidence_interval(0.95)
    assert welch_interval(ours, theirs) == pytest.approx((interval.low, interval.high))
    low, high = welch_interval(ours, theirs, family=4)
    wider = stats.ttest_ind(ours, theirs, equal_var=False).confidence_interval(1 - 0.05 / 4)
    assert (low, high) == pytest.approx((wider.low, wider.high))
    assert welch_interval([0.2], theirs) is None


def test_in_nineteen_of_twenty_samples_the_interval_holds_the_mean():
    rng = np.random.default_rng(0)
    inside = [f.low <= 1.0 <= f.high for f in (mean_over_seeds("", rng.normal(1.0, 0.3, 4)) for _ in range(2000))]
    assert np.mean(inside) == pytest.approx(0.95, abs=0.02)
    assert t_quantile(1e9) == pytest.approx(1.96, abs=0.001)
