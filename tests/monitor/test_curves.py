import itertools
import sys
from dataclasses import replace
from types import FrameType
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from recdesk.monitor.curves import RunCurves
from recdesk.monitor.events import (
    BaselineScored,
    CheckpointSaved,
    Evaluated,
    Finished,
    Plan,
    Resumed,
    StateChanged,
    Step,
)
from recdesk.monitor.series import Series, Smoothed


def filled(count: int, seed: int = 0) -> Series:
    rng = np.random.default_rng(seed)
    series = Series()
    for x, y in zip(np.cumsum(rng.random(count)), rng.normal(size=count), strict=True):
        series.append(x, y)
    return series


@given(st.integers(1, 3000), st.integers(1, 60), st.integers(0, 1000), st.floats(0, 1), st.floats(0, 1))
def test_a_window_keeps_the_extremes_and_is_small(count, points, seed, a, b):
    series = filled(count, seed)
    low, high = sorted([a * series.x[-1], b * series.x[-1]])
    x, y = series.window(low, high, points)
    inside = (series.x >= low) & (series.x <= high)
    assert len(x) == len(y) <= 2 * points * 8 + 40
    assert (np.diff(x) >= 0).all()
    if inside.any():
        assert y.max() >= series.y[inside].max()
        assert y.min() <= series.y[inside].min()


def test_the_whole_of_a_long_series_is_a_few_points_a_pixel():
    series = filled(100_000)
    x, y = series.window(-1, 1e9, 500)
    assert len(x) <= 8 * 2 * 500
    assert y.max() == series.y.max()
    assert y.min() == series.y.min()


def test_what_is_appended_after_a_look_is_seen_at_the_next():
    series = filled(5000)
    series.window(0, 1e9, 10)
    series.append(series.x[-1] + 1, 100.0)
    assert series.window(0, 1e9, 10)[1].max() == 100.0


def test_a_series_cut_back_grows_again_without_a_trace():
    series, fresh = filled(4000), filled(4000)
    series.window(0, 1e9, 10)
    series.append(series.x[-1] + 1, 999.0)
    series.window(0, 1e9, 10)
    series.truncate_after(fresh.x[-1])
    for one, other in zip(series.window(0, 1e9, 10), fresh.window(0, 1e9, 10), strict=True):
        np.testing.assert_array_equal(one, other)


def corrected_averages(values: np.ndarray, weight: float) -> np.ndarray:
    """The definition, a point at a time."""
    mean, found = 0.0, []
    for index, value in enumerate(values.tolist(), 1):
        mean = weight * mean + (1 - weight) * value
        found.append(mean / (1 - weight**index))
    return np.array(found)


@pytest.mark.parametrize("weight", [0.0, 0.6, 0.8, 0.9, 0.97, 0.999])
def test_smoothing_is_the_corrected_moving_average_however_the_points_arrive(weight):
    whole = filled(20_000)
    growing, smoothed = Series(), Smoothed(whole, weight)
    smoothed.source = growing
    for begin, end in itertools.pairwise([0, 1, 2, 3, 10, 100, 101, 5000, 20_000]):
        growing.extend(whole.x[begin:end], whole.y[begin:end])
        smoothed.update()
    np.testing.assert_array_equal(smoothed.series.x, whole.x)
    np.testing.assert_allclose(smoothed.series.y, corrected_averages(whole.y, weight), rtol=1e-12, atol=1e-12)


def test_smoothing_runs_no_python_for_each_point():
    series, lines = Series(), 0
    series.extend(np.arange(1e5), np.random.default_rng(0).random(10**5))

    def count(_frame: FrameType, _event: str, _argument: object) -> Any:
        nonlocal lines
        lines += 1
        return count

    sys.settrace(count)
    try:
        found = Smoothed(series, 0.97).update()
    finally:
        sys.settrace(None)
    assert len(found) == 10**5 and lines < 10**4


def test_smoothing_notices_points_that_were_lost_and_made_up_for_since():
    series = filled(100)
    smoothed = Smoothed(series, 0.9)
    smoothed.update()
    series.truncate_after(series.x[49])
    series.extend(np.arange(1000.0, 1080.0), np.ones(80))
    np.testing.assert_allclose(smoothed.update().y, corrected_averages(series.y, 0.9), rtol=1e-12)


def step(number: int, seconds: float | None = None) -> Step:
    at = number if seconds is None else seconds
    return Step(step=number, epoch=number / 10, loss=1 / number, learning_rate=1e-3, tokens=100, seconds=at)


def evaluated(number: int, ndcg: float, best: bool) -> Evaluated:
    metrics = {"ndcg@10": ndcg, "recall@10": 2 * ndcg}
    return Evaluated(
        epoch=number // 10, step=number, loss=2.0, metrics=metrics, best=best, since_best=int(not best), seconds=number
    )


def plan(minutes: float | None = None) -> Plan:
    return Plan(
        steps_per_epoch=10,
        max_epochs=100,
        patience=10,
        minutes=minutes,
        parameters=1,
        device="CPU",
        softmax="full",
        full_softmax_bytes=1,
    )


def test_curves_hold_exactly_what_the_events_say():
    curves = RunCurves()
    for event in (plan(), *(step(n) for n in range(1, 21)), evaluated(10, 0.1, True), evaluated(20, 0.05, False)):
        curves.add(event)
    assert curves.train_loss.y.tolist() == [1 / n for n in range(1, 21)]
    assert curves.metrics["recall@10"].y.tolist() == [0.2, 0.1]
    assert curves.best == (1, 10, 0.1)
    assert curves.since_best == 1
    assert curves.positions(np.array([10.0, 20.0]), "epoch").tolist() == [1.0, 2.0]
    assert curves.positions(np.array([6.0]), "time").tolist() == [0.1]
    assert curves.step_at(1.0, "epoch") == 10.0


def test_the_time_left_is_of_this_session():
    curves = RunCurves()
    curves.add(plan())
    for number in range(1, 11):
        curves.add(step(number, seconds=1000 + number * 0.5))
    assert curves.seconds_left() == pytest.approx(99 * 5.0)


def test_without_a_better_evaluation_a_run_ends_after_the_rest_of_its_patience():
    curves = RunCurves()
    curves.add(replace(plan(), patience=3))
    assert curves.seconds_without_better() is None
    for number in range(1, 21):
        curves.add(step(number, seconds=number * 0.5))
        if number in (10, 20):
            curves.add(evaluated(number, 0.1, number == 10))
    epoch = curves.seconds_per_epoch()
    assert epoch is not None
    assert curves.seconds_without_better() == pytest.approx(2 * epoch)
    curves.add(step(25, seconds=12.5))
    assert curves.seconds_without_better() == pytest.approx(1.5 * epoch, rel=0.02)


def test_a_time_limit_bounds_what_is_left():
    curves = RunCurves()
    curves.add(plan(minutes=0.2))
    for number in range(1, 11):
        curves.add(step(number))
    assert curves.seconds_left() == pytest.approx(2.0)
    assert curves.share_done() == pytest.approx(10 / 12)


def test_a_resumed_run_draws_over_what_it_does_again():
    curves = RunCurves()
    for event in (
        *(step(n) for n in range(1, 31)),
        evaluated(10, 0.1, True),
        evaluated(30, 0.3, True),
        Resumed(step=20),
    ):
        curves.add(event)
    assert curves.step == 20
    assert curves.metrics["ndcg@10"].y.tolist() == [0.1]
    curves.add(step(21))
    assert curves.train_loss.x[-2:].tolist() == [20, 21]


def test_baselines_and_the_end():
    curves = RunCurves()
    curves.add(BaselineScored(name="EASE", metrics={"validation": {"ndcg@10": 0.05}}))
    curves.add(Finished(state="finished", reason="done", seconds=1.0, metrics={}))
    assert curves.baselines == {"EASE": {"ndcg@10": 0.05}}
    assert curves.share_done() == 1.0


def test_checkpoints_pauses_and_resumes_are_marked_and_those_after_a_resumed_step_are_void():
    curves = RunCurves()
    for number in range(1, 6):
        curves.add(step(number))
        if number in (2, 4):
            curves.add(CheckpointSaved(step=number))
        if number == 3:
            curves.add(StateChanged(state="paused"))
            curves.add(StateChanged(state="running"))
    assert curves.marks == {"checkpoint": [2, 4], "paused": [3], "resumed": [3]}
    curves.add(Resumed(step=2))
    assert curves.marks == {"checkpoint": [2], "paused": [], "resumed": [2]}
