"""One object for progress and cancelling."""

import threading
import time

import pytest

from recdesk.core.errors import CancelledError
from recdesk.core.task import UNWATCHED, Task


def test_what_is_reported_is_heard_within_0_and_1():
    heard: list[tuple[float, str]] = []
    task = Task(lambda share, text: heard.append((share, text)))
    task.report(0.5, "Reading")
    task.report(-1)
    task.report(1.5, "Done")
    assert heard == [(0.5, "Reading"), (0.0, ""), (1.0, "Done")]


def test_a_part_of_a_part_reports_its_share_of_the_whole_and_is_cancelled_with_it():
    heard: list[float] = []
    wished = threading.Event()
    whole = Task(lambda share, _text: heard.append(share), wished.is_set, "The import")
    half = whole.part(0.5, 1.0)
    for task in (half, half.part(0.0, 0.5), half.part(0.5, 1.0)):
        task.report(0.0)
        task.report(1.0)
    assert heard == [0.5, 1.0, 0.5, 0.75, 0.75, 1.0]
    half.part(0.0, 0.5).check()
    wished.set()
    for task in (whole, half, half.part(0.0, 0.5)):
        assert task.cancelled
        with pytest.raises(CancelledError, match="The import was cancelled"):
            task.check()


def test_by_default_nothing_is_reported_and_nothing_cancels():
    UNWATCHED.report(0.5, "Reading")
    UNWATCHED.part(0.0, 0.5).report(2.0)
    UNWATCHED.check()
    assert not UNWATCHED.cancelled


def test_a_part_may_say_what_is_done_for_all_that_is_in_it():
    heard: list[tuple[float, str]] = []
    task = Task(lambda share, text: heard.append((share, text)))
    task.part(0.5, 1.0, "Reading").report(0.5, "a line")
    task.part(0.0, 0.5).report(0.5, "a line")
    task.silent().report(0.5, "a line")
    assert heard == [(0.75, "Reading"), (0.25, "a line")]


def test_a_wait_ends_soon_after_it_is_cancelled_and_else_on_time():
    begun = time.monotonic()
    Task().wait(0.15)
    assert time.monotonic() - begun >= 0.15
    answers = iter([False, False, True])
    with pytest.raises(CancelledError):
        Task(cancelled=lambda: next(answers)).wait(3600.0)
