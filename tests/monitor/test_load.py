"""Memory and load of a run: sampled seldom, with child processes, and part of its curves."""

import subprocess
import sys

import numpy as np
import psutil
import pytest

from recdesk.monitor.curves import RunCurves
from recdesk.monitor.events import CheckpointSaved, Epoch, Load, Resumed, StageProgress, Step, from_line, to_line
from recdesk.monitor.load import ALLOWANCE, INTERVAL, MOST_SHARE, LoadLog, LoadSampler


class Clock:
    """A clock that a test moves."""

    now = 0.0

    def __call__(self) -> float:
        return self.now


def step(number: int) -> Step:
    return Step(step=number, epoch=number / 10, loss=1.0, learning_rate=0.1, tokens=8, seconds=float(number))


def test_samples_come_no_closer_than_the_interval_and_say_at_which_step():
    clock, seen = Clock(), []
    log = LoadLog(seen.append, LoadSampler(lambda: 5_000_000, clock))
    for number in range(1, 101):
        clock.now = number / 10
        log(step(number))
    loads = [event for event in seen if isinstance(event, Load)]
    assert 2 <= len(loads) <= 10 / INTERVAL and len(seen) == 100 + len(loads)
    gaps = np.diff([load.step for load in loads])
    assert (gaps >= 10 * INTERVAL).all()
    own = psutil.Process().memory_info().rss
    assert all(0.3 * own < load.memory < 5 * own and load.gpu_memory == 5_000_000 for load in loads)


def test_a_sample_that_takes_long_makes_samples_rarer(monkeypatch):
    clock = Clock()
    sampler = LoadSampler(clock=clock)
    ticks = iter(range(1000))
    monkeypatch.setattr("recdesk.monitor.load.time.thread_time", lambda: 0.01 * next(ticks))  # 10 ms a sample
    taken = 0
    for clock.now in np.arange(0.5, 400.0, 0.5):
        taken += sampler.sample(0) is not None
    assert 30 < taken < 36  # about one in 12.5 s, the first ones sooner
    assert sampler.spent <= MOST_SHARE * 400 + ALLOWANCE + 0.011


def test_memory_and_processor_time_of_child_processes_count():
    clock = Clock()
    sampler = LoadSampler(clock=clock)
    clock.now = 100.0
    alone = sampler._of_tree(clock.now)
    code = "block = b'x' * 80_000_000; print(len(block), flush=True); input()"
    child = subprocess.Popen([sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    try:
        assert child.stdout is not None and child.stdout.readline().strip() == b"80000000"
        with_child = LoadSampler(clock=clock)._of_tree(clock.now)
    finally:
        child.communicate(b"\n")
    assert with_child[0] - alone[0] > 70_000_000
    assert sampler._of_tree(clock.now)[0] < with_child[0]  # one that has ended is no error


def test_nothing_is_sampled_around_the_end_of_a_run():
    clock, seen = Clock(), []
    log = LoadLog(seen.append, LoadSampler(clock=clock))
    for event in (CheckpointSaved(step=3), Resumed(step=3)):
        clock.now += 60
        log(event)
    assert [event.kind for event in seen] == ["checkpoint", "resumed"]
    log(StageProgress(stage="testing", share=0.5))
    assert isinstance(seen[-1], Load) and seen[-1].step == 3


def test_curves_hold_gigabytes_and_percent_and_go_back_with_a_resumed_run():
    curves = RunCurves()
    for number in (10, 20, 30):
        curves.add(step(number))
        curves.add(
            Load(step=number, memory=number * 10**8, cpu=number / 100, gpu_memory=None if number < 30 else 10**9)
        )
    curves.add(Epoch(epoch=3, step=30, loss=1.0, seconds=30.0))
    assert curves.load["memory"].y.tolist() == [1.0, 2.0, 3.0] and curves.load["memory"].x.tolist() == [10, 20, 30]
    assert curves.load["cpu"].y.tolist() == pytest.approx([10, 20, 30]) and curves.load["gpu"].y.tolist() == [1.0]
    curves.add(Resumed(step=20))
    assert curves.load["memory"].x.tolist() == [10, 20] and len(curves.load["gpu"]) == 0


def test_a_sample_survives_the_log():
    load = Load(step=7, memory=123, cpu=0.5, gpu_memory=None)
    assert from_line(to_line(load)) == load
