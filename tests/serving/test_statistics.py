"""Counts of a server."""

import pytest

from recdesk.serving import statistics
from recdesk.serving.statistics import Counting, Statistics


def test_rates_and_latencies_are_of_the_last_seconds(monkeypatch):
    clock = [1000.0]
    monkeypatch.setattr(statistics.time, "monotonic", lambda: clock[0])
    counting = Counting()
    assert counting.now() == Statistics()
    clock[0] += 100
    for number in range(100):
        counting.add((number + 1) / 1000, 404 if number < 3 else 200)
    now = counting.now()
    assert (now.requests, now.refused, now.per_second) == (100, 3, 10.0)
    assert (now.p50_ms, now.p99_ms) == pytest.approx((50.5, 99.01))
    clock[0] += statistics.WINDOW_SECONDS + 1
    assert counting.now() == Statistics(100, 3)


def test_a_server_that_has_just_begun_does_not_divide_by_seconds_that_were_not(monkeypatch):
    clock = [5.0]
    monkeypatch.setattr(statistics.time, "monotonic", lambda: clock[0])
    counting = Counting()
    clock[0] += 2
    for _ in range(100):
        counting.add(0.001, 200)
    assert counting.now().per_second == 50.0
