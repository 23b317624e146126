import time
import tracemalloc
from statistics import NormalDist

import ir_measures
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from ir_measures import RR, R, nDCG
from scipy import stats

from recdesk.evaluation.metrics import Ranks, bootstrap, compare, in_people


def ranks_of(scores: np.ndarray, targets: np.ndarray) -> Ranks:
    at = scores[np.arange(len(targets)), targets][:, None]
    return Ranks(np.arange(len(targets)), (scores > at).sum(1), (scores == at).sum(1) - 1)


@settings(max_examples=30)
@given(st.integers(1, 12), st.integers(2, 40), st.integers(0, 10_000))
def test_metrics_agree_with_ir_measures(n_users: int, n_items: int, seed: int):
    rng = np.random.default_rng(seed)
    scores = rng.permuted(np.tile(np.arange(n_items, dtype=float), (n_users, 1)), axis=1)
    targets = rng.integers(0, n_items, n_users)
    qrels = {str(u): {str(t): 1} for u, t in enumerate(targets)}
    run = {str(u): {str(i): float(s) for i, s in enumerate(row)} for u, row in enumerate(scores)}
    measures = [R @ 1, R @ 5, R @ 10, nDCG @ 5, nDCG @ 10, RR @ 10]
    judge = {str(m): v for m, v in ir_measures.calc_aggregate(measures, qrels, run).items()}
    ours = ranks_of(scores, targets).summary()
    for name in ("R@1", "R@5", "R@10"):
        assert ours[name.replace("R@", "recall@")] == pytest.approx(judge[name])
    assert ours["ndcg@5"] == pytest.approx(judge["nDCG@5"])
    assert ours["ndcg@10"] == pytest.approx(judge["nDCG@10"])
    assert ours["mrr@10"] == pytest.approx(judge["RR@10"])


@pytest.mark.parametrize("gain", ["recall", "ndcg", "mrr"])
def test_a_tie_is_worth_the_mean_over_all_ways_to_break_it(gain: str):
    rng = np.random.default_rng(1)
    scores = np.array([[3.0, 2.0, 2.0, 2.0, 2.0, 1.0]])
    tied = ranks_of(scores, np.array([3])).per_user(3, gain)[0]
    broken = [ranks_of(scores + rng.random(6) * 1e-6, np.array([3])).per_user(3, gain)[0] for _ in range(4000)]
    assert tied == pytest.approx(np.mean(broken), abs=0.02)


def test_a_model_that_says_the_same_of_everything_gets_what_chance_gets():
    ranks = ranks_of(np.zeros((5, 100)), np.arange(5))
    assert ranks.summary()["recall@10"] == pytest.approx(0.1)


def test_nobody_scores_zero():
    empty = Ranks(*(np.empty(0, np.int64) for _ in range(3)))
    assert empty.summary()["ndcg@10"] == 0.0


def test_the_interval_holds_the_mean_and_narrows_with_users():
    rng = np.random.default_rng(0)
    few, many = rng.random(50), rng.random(5000)
    low, high = bootstrap(few)
    assert low < few.mean() < high
    assert np.subtract(*bootstrap(many)[::-1]) < (high - low) / 5
    exact = 1.96 * many.std(ddof=1) / 5000**0.5
    assert bootstrap(many)[1] - many.mean() == pytest.approx(exact, rel=0.15)


def test_a_paired_comparison_sees_a_small_steady_difference():
    rng = np.random.default_rng(0)
    theirs = Ranks(np.arange(400), rng.integers(0, 12, 400), np.zeros(400, np.int64))
    ours = Ranks(theirs.users, np.maximum(theirs.greater - 1, 0), theirs.equal)
    result = compare(ours, theirs)
    assert 0 < result["low"] < result["difference"] < result["high"]


def test_only_the_same_users_can_be_compared():
    one = Ranks(np.arange(2), np.zeros(2, np.int64), np.zeros(2, np.int64))
    other = Ranks(np.arange(1, 3), one.greater, one.equal)
    with pytest.raises(ValueError, match="same users"):
        compare(one, other)


def test_words_are_of_a_hundred_people_or_of_those_measured_where_these_are_fewer():
    assert in_people({"recall@1": 0.052, "recall@10": 0.309}) == (100, 5, 31)
    assert in_people({"recall@1": 0.052, "recall@10": 0.309, "users": 100.0}) == (100, 5, 31)
    assert in_people({"recall@1": 1 / 6, "recall@10": 0.5, "users": 6.0}) == (6, 1, 3)


def test_an_interval_of_a_family_leaves_less_outside():
    values = np.random.default_rng(0).random(400)
    alone, together = bootstrap(values), bootstrap(values, family=5)
    assert together[0] < alone[0] < alone[1] < together[1]
    error = values.std(ddof=1) / 400**0.5
    assert together[1] - values.mean() == pytest.approx(2.576 * error, rel=0.1)  # 1 % outside instead of 5 %
    many = np.random.default_rng(0).random(25_000)
    half = bootstrap(many, family=5)[1] - many.mean()
    assert half == pytest.approx(2.576 * many.std(ddof=1) / 25_000**0.5, rel=1e-3)


@pytest.fixture
def skewed() -> np.ndarray:
    """NDCG@10 of 300 users, of whom few find what they take."""
    places = np.random.default_rng(0).geometric(0.02, 300)
    return np.where(places <= 10, 1 / np.log2(places + 1.0), 0.0)


def test_resamples_in_blocks_are_those_of_one_after_the_other(skewed: np.ndarray, monkeypatch):
    whole = bootstrap(skewed)
    monkeypatch.setattr("recdesk.evaluation.metrics.CELLS_AT_ONCE", 1000)
    assert bootstrap(skewed) == pytest.approx(whole, rel=1e-12)


@pytest.mark.parametrize("family", [1, 5])
def test_the_interval_is_the_bca_interval_of_scipy(skewed: np.ndarray, family: int):
    def average(values: np.ndarray, axis: int) -> np.ndarray:
        return values.mean(axis=axis)

    reference = stats.bootstrap(
        (skewed,), average, n_resamples=50_000, batch=5000, confidence_level=1 - 0.05 / family, rng=1
    ).confidence_interval
    low, high = bootstrap(skewed, family, resamples=50_000)
    width = reference.high - reference.low
    assert low == pytest.approx(reference.low, abs=0.015 * width)
    assert high == pytest.approx(reference.high, abs=0.015 * width)
    assert high - skewed.mean() > 1.05 * (skewed.mean() - low)  # skewed as the values are


def test_the_interval_misses_the_truth_as_often_as_it_says():
    """Of 300 samples of skewed values, 95 % are to hold the mean that they are drawn from."""
    values = np.array([0.0, 0.3, 1.0])
    shares = np.array([0.94, 0.03, 0.03])
    truth, generator = float(values @ shares), np.random.default_rng(0)
    samples = (generator.choice(values, 150, p=shares) for _ in range(300))
    inside = sum(low <= truth <= high for low, high in map(bootstrap, samples))
    assert 275 <= inside <= 293


def test_equal_values_leave_nothing_to_doubt():
    assert bootstrap(np.full(50, 0.25)) == (0.25, 0.25)
    assert bootstrap(np.array([])) == (0.0, 0.0)


def test_many_users_cost_as_little_as_few():
    generator = np.random.default_rng(0)
    places = generator.geometric(0.02, 100_000)
    values = np.where(places <= 10, 1 / np.log2(places + 1.0), 0.0)
    tracemalloc.start()
    begun = time.process_time()
    low, high = bootstrap(values, family=6)
    taken, most = time.process_time() - begun, tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert taken < 2.0  # 0.1 s; drawing users one by one takes ten
    assert most < 40 * 2**20
    half = NormalDist().inv_cdf(1 - 0.05 / 12) * values.std(ddof=1) / len(values) ** 0.5
    assert (low, high) == pytest.approx((values.mean() - half, values.mean() + half), abs=0.05 * half)


@pytest.mark.slow
def test_a_true_difference_of_nothing_is_called_one_seldom_in_a_whole_family():
    """Uncorrected, one of five comparisons with equals calls a difference in about a fifth of all families."""
    false = {1: 0, 5: 0}
    for trial in range(60):
        generator = np.random.default_rng(trial)
        ours, *others = (
            Ranks(np.arange(5000), 11 * generator.integers(0, 2, 5000), np.zeros(5000, np.int64)) for _ in range(6)
        )
        for family in false:
            results = [compare(ours, other, family) for other in others]
            false[family] += any(result["low"] > 0 or result["high"] < 0 for result in results)
    assert false[5] <= 6 < false[1]


def test_what_is_measured_on_fewer_is_compared_on_these():
    rng = np.random.default_rng(0)
    ours = Ranks(np.arange(0, 200, 2), rng.integers(0, 12, 100), np.zeros(100, np.int64))
    some = np.arange(10, 60)
    theirs = Ranks(ours.users[some], ours.greater[some] + 1, ours.equal[some])
    expected = compare(Ranks(theirs.users, ours.greater[some], ours.equal[some]), theirs)
    assert compare(ours, theirs) == expected
    assert expected["users"] == 50
