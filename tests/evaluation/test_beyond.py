"""Calibration, debiased NDCG, what was not there yet, and groups by time: computed by hand."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from recdesk.data.categories import Categories
from recdesk.data.dataset import Dataset
from recdesk.data.histories import Histories
from recdesk.data.splitting import make_split, train_popularity
from recdesk.evaluation.calibration import SMOOTHING, miscalibration
from recdesk.evaluation.debiased import LEAST, debiased_figure, propensities
from recdesk.evaluation.figures import first_times, future_share, list_figures, per_person
from recdesk.evaluation.groups import breakdowns
from recdesk.evaluation.metrics import Ranks
from recdesk.evaluation.results import Results
from tests.conftest import chain_dataset

DAY = 86_400
KINDS = Categories.of("kind", pd.Series(["a|b", "a", "b", "c", ""]))


def test_a_list_like_its_history_is_calibrated():
    found = miscalibration(np.array([[1, 2, -1]]), Histories.of([[2, 3]]), KINDS)
    assert found[0] == pytest.approx(0.0, abs=1e-12)


def test_miscalibration_is_the_divergence_of_the_smoothed_list():
    found = miscalibration(np.array([[3, 3, 0], [4, -1, -1], [0, 1, 2]]), Histories.of([[2, 2, 3], [1], []]), KINDS)
    p, q = {"a": 2 / 3, "b": 1 / 3}, {"c": 2 / 3, "a": 1 / 6, "b": 1 / 6}
    smooth = {g: (1 - SMOOTHING) * q.get(g, 0) + SMOOTHING * share for g, share in p.items()}
    assert found[0] == pytest.approx(sum(share * np.log(share / smooth[g]) for g, share in p.items()))
    assert np.isnan(found[1:]).all()  # of a list, of a history without a category
    other = miscalibration(np.array([[3]]), Histories.of([[2]]), KINDS)
    assert other[0] == pytest.approx(-np.log(SMOOTHING))


def test_the_size_of_blocks_changes_nothing(monkeypatch):
    rng = np.random.default_rng(0)
    lists = rng.integers(-1, 5, (50, 10))
    histories = Histories.of([rng.integers(1, 6, n) for n in rng.integers(0, 6, 50)])
    whole = miscalibration(lists, histories, KINDS)
    monkeypatch.setattr("recdesk.evaluation.calibration.ROWS_AT_ONCE", 7)
    np.testing.assert_allclose(miscalibration(lists, histories, KINDS), whole)


def test_debiased_ndcg_weighs_by_the_inverse_of_the_root_of_popularity():
    popularity = np.array([400, 100, 1, 0])
    assert propensities(popularity).tolist() == [1.0, 0.5, LEAST, LEAST]
    values, held_out = np.array([1.0, 0.5, 0.0]), np.array([0, 1, 2])
    found = debiased_figure("x", values, held_out, popularity)
    weights = np.array([1.0, 2.0, 1 / LEAST])
    assert found.value == pytest.approx((weights * values).sum() / weights.sum())
    assert found.people == 3 and found.low < found.value < found.high


def test_with_equal_popularity_nothing_is_debiased_and_the_interval_is_the_usual_one():
    values = np.random.default_rng(0).random(200)
    found = debiased_figure("x", values, np.zeros(200, np.int64), np.array([7]))
    half = 1.959964 * values.std(ddof=1) / 200**0.5
    assert (found.value, found.low) == pytest.approx((values.mean(), values.mean() - half))
    assert debiased_figure("x", np.empty(0), np.empty(0, np.int64), np.array([7])).value == 0.0


def test_what_nobody_had_taken_yet_is_counted():
    lists = np.array([[0, 1, 2], [2, -1, -1], [-1, -1, -1]])
    found = future_share(lists, np.array([10, 10, 10]), np.array([10, 11, np.iinfo(np.int64).max]))
    assert found[:2].tolist() == [pytest.approx(2 / 3), 1.0] and np.isnan(found[2])


def timed() -> Dataset:
    """People with gaps of their own before the last event; the last ten came in the last tenth of time."""
    data = chain_dataset(n_users=100, length=5)
    gaps = np.array([0, 60, 3600, 3601, 2 * DAY, 20 * DAY, 100 * DAY, 900 * DAY])[np.arange(100) % 8]
    starts = np.where(np.arange(100) < 90, 0, 9500 * DAY)
    steps = np.tile(np.array([0, 1, 2, 3, 0]), (100, 1))
    times = starts[:, None] + steps
    times[:, 4] = times[:, 3] + gaps
    times[0, 0] = 0
    times[89, 4] = 10_000 * DAY
    return replace(data, times=times.ravel().astype(np.int64))


def results_of(data: Dataset) -> Results:
    rng = np.random.default_rng(0)
    users = np.arange(data.n_users)
    lists = np.array([rng.permutation(data.n_items)[:10] for _ in users], np.int32)
    return Results(Ranks(users, rng.integers(0, 20, len(users)), np.zeros(len(users), np.int64)), lists)


def test_people_are_grouped_by_the_time_since_the_event_before_and_by_when_they_came():
    data = timed()
    split = make_split(data)
    found = {str(each.title): each for each in breakdowns(results_of(data), split, "test")}
    gaps = found["By time since the event before"]
    counts = {str(group.label): group.people for group in gaps.groups}
    assert sum(counts.values()) == 100
    assert counts["at the same time"] == 13 and counts["within an hour"] == 25 and counts["an hour to a day"] == 13
    assert list(counts)[-1] == "more than a year"
    arrival = found["New and older people"]
    assert [group.people for group in arrival.groups] == [10, 90]
    values = per_person(results_of(data).ranks, "ndcg@10")
    assert arrival.groups[0].figures["ndcg@10"].value == pytest.approx(values[90:].mean())


def test_all_of_them_stand_among_the_figures_of_the_lists():
    data = timed()
    split, results = make_split(data), results_of(data)
    found = list_figures(results, split)
    first = first_times(data)
    assert first[int(data.items[0]) - 1] == data.times[data.items == data.items[0]].min()
    targets = data.times[split.test]
    expected = [np.mean([first[item] > at for item in row]) for row, at in zip(results.lists, targets, strict=True)]
    assert found["future@10"].value == pytest.approx(np.mean(expected))
    held_out = data.items[split.test].astype(np.int64) - 1
    debiased = debiased_figure("", per_person(results.ranks, "ndcg@10"), held_out, train_popularity(split))
    assert found["debiased ndcg@10"].value == debiased.value
    assert 0 < found["calibration@10"].value < -np.log(SMOOTHING)
    assert "future@10" not in list_figures(results, make_split(replace(data, times=None)))
