import signal
from contextlib import contextmanager

import pytest

from recdesk.monitor.control import Control, Controls, ending_signals

hangups = pytest.mark.skipif(not hasattr(signal, "SIGHUP"), reason="terminals that are closed send a signal on POSIX")


@contextmanager
def hangup_is(handler):
    before = signal.signal(signal.SIGHUP, handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGHUP, before)


@hangups
def test_a_closed_terminal_asks_a_program_to_end_unless_it_is_to_outlast_it():
    with hangup_is(signal.SIG_DFL):
        assert ending_signals() == [signal.SIGINT, signal.SIGTERM, signal.SIGHUP]
    with hangup_is(signal.SIG_IGN):
        assert ending_signals() == [signal.SIGINT, signal.SIGTERM]


def test_a_terminal_that_windows_closes_asks_a_program_to_end(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.delattr(signal, "SIGHUP", raising=False)
    monkeypatch.setattr(signal, "SIGBREAK", signal.SIGABRT, raising=False)  # there is no such number elsewhere
    assert ending_signals() == [signal.SIGINT, signal.SIGTERM, signal.SIGABRT]


def states(*controls: Control) -> list[tuple[bool, bool, bool]]:
    return [(control.paused, control.stopped, control.hurried) for control in controls]


def test_several_runs_are_paused_and_stopped_as_one():
    controls = Controls()
    first, second = controls.member(), controls.member()
    controls.pause()
    third = controls.member()
    assert states(first, second, third) == [(True, False, False)] * 3
    controls.resume()
    assert states(controls, first, second, third) == [(False, False, False)] * 4
    controls.stop()
    assert states(controls, first, second, controls.member()) == [(False, True, False)] * 4
    controls.stop()
    assert states(controls, first, second) == [(False, True, True)] * 3


def test_one_of_several_runs_can_be_stopped_alone_and_no_pause_holds_it():
    controls = Controls()
    first, second = controls.member(), controls.member()
    first.stop()
    controls.pause()
    assert states(controls, first, second) == [(True, False, False), (False, True, False), (True, False, False)]
    controls.release(first)
    controls.stop()
    assert states(first, second) == [(False, True, False), (False, True, False)]


def test_all_of_several_runs_are_left():
    controls = Controls()
    first = controls.member()
    controls.leave()
    assert controls.left and first.left and states(controls, first) == [(False, True, False)] * 2
