"""What we count on in the binding to Qt."""

import sys

import pytest
from PySide6.QtCore import QObject, QTimer, Signal


class Emitter(QObject):
    plain = Signal()
    said = Signal(object)


@pytest.mark.skipif(sys.version_info >= (3, 12), reason="True, False and None are immortal from Python 3.12 on")
@pytest.mark.parametrize("value", [True, False, None])
def test_signals_and_timers_take_no_reference_that_is_not_theirs(qapp, value: object):
    emitter = Emitter()
    emitter.plain.connect(lambda: None)
    emitter.said.connect(lambda _said: None)
    before = sys.getrefcount(value)
    for _ in range(1000):
        emitter.plain.emit()
        emitter.said.emit(None)
        QTimer(interval=10)
    assert sys.getrefcount(value) > before - 100


def test_releases_known_to_fail_are_not_in_use():
    import PySide6

    assert PySide6.__version__ not in ("6.11.0", "6.11.1")
    assert PySide6.__version__ != "6.12.0" or sys.version_info >= (3, 12)
