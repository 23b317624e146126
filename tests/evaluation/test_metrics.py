import ir_measures
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from ir_measures import RR, R, nDCG

from recdesk.evaluation.metrics import Ranks, bootstrap, compare, in_words


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
    assert in_words({"recall@1": 0.052, "recall@10": 0.309}) == (100, 5, 31)
    assert in_words({"recall@1": 0.052, "recall@10": 0.309, "users": 100.0}) == (100, 5, 31)
    assert in_words({"recall@1": 1 / 6, "recall@10": 0.5, "users": 6.0}) == (6, 1, 3)


def test_an_interval_of_a_family_leaves_less_outside():
    values = np.random.default_rng(0).random(400)
    alone, together = bootstrap(values), bootstrap(values, family=5)
    assert together[0] < alone[0] < alone[1] < together[1]
    error = values.std(ddof=1) / 400**0.5
    assert together[1] - values.mean() == pytest.approx(2.576 * error, rel=0.1)  # 1 % outside instead of 5 %
    many = np.random.default_rng(0).random(25_000)
    half = bootstrap(many, family=5)[1] - many.mean()
    assert half == pytest.approx(2.576 * many.std(ddof=1) / 25_000**0.5, rel=1e-3)


def test_resamples_in_blocks_are_those_of_one_after_the_other(monkeypatch):
    values = np.random.default_rng(0).random(30)
    rng = np.random.default_rng(0)
    means = [values[rng.integers(0, 30, 30)].mean() for _ in range(2000)]
    monkeypatch.setattr("recdesk.evaluation.metrics.RESAMPLED_AT_ONCE", 1000)
    assert bootstrap(values) == pytest.approx(tuple(np.quantile(means, [0.025, 0.975])))


def test_a_true_difference_of_nothing_is_called_one_seldom_in_a_whole_family():
    """Uncorrected, one of five comparisons with equals calls a difference in about a fifth of all families."""
    false = {1: 0, 5: 0}
    for trial in range(60):
        rng = np.random.default_rng(trial)
        ours, *others = (
            Ranks(np.arange(20_001), rng.integers(0, 12, 20_001), np.zeros(20_001, np.int64)) for _ in range(6)
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
