import signal
from contextlib import contextmanager

import pytest

from recdesk.monitor.control import ending_signals

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
