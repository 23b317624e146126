import gc
import sys
import threading
from collections.abc import Iterator
from types import ModuleType

import pytest

from recdesk.gui.garbage_collection import A_LIBRARY, AWAY_TICKS, THRESHOLDS, GarbageCollection


class Knot:
    """Garbage that only a search finds; says on which thread it went."""

    def __init__(self, gone: list[threading.Thread]) -> None:
        self.itself, self.gone = self, gone

    def __del__(self) -> None:
        self.gone.append(threading.current_thread())


@pytest.fixture
def away() -> list[bool]:
    """Whether the person is at another program, in its last element."""
    return [False]


@pytest.fixture
def tidying(qapp, away: list[bool]) -> Iterator[GarbageCollection]:
    gc.collect()
    made = GarbageCollection(away=lambda: away[-1])
    yield made
    made.end()
    made.deleteLater()


def settle(tidying: GarbageCollection) -> None:
    """As after a second without imports."""
    tidying.collect()
    tidying.collect()


def test_garbage_of_any_thread_is_collected_on_the_gui_thread(tidying: GarbageCollection, qtbot):
    settle(tidying)
    gone: list[threading.Thread] = []
    kept: list[list[object]] = []

    def work() -> None:
        Knot(gone)
        kept.extend([] for _ in range(100 * THRESHOLDS[0]))  # Python itself would look for garbage here, and often

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert gone == []
    qtbot.waitUntil(lambda: bool(gone))
    assert gone == [threading.current_thread()]


def come_in(monkeypatch: pytest.MonkeyPatch, count: int) -> None:
    for number in range(count):
        monkeypatch.setitem(sys.modules, f"tests.another{number}", ModuleType(f"another{number}"))


def test_what_is_garbage_after_a_few_modules_came_in_is_collected(tidying: GarbageCollection, monkeypatch):
    """Frozen with them it would stay: thirty removed datasets did in twenty minutes of use."""
    settle(tidying)
    gone: list[threading.Thread] = []
    before, alive = Knot(gone), Knot(gone)
    del before
    come_in(monkeypatch, A_LIBRARY - 1)
    settle(tidying)
    del alive
    gc.collect()
    assert len(gone) == 2


def test_imported_libraries_are_not_scanned_again(tidying: GarbageCollection, monkeypatch):
    settle(tidying)
    gone: list[threading.Thread] = []
    come_in(monkeypatch, A_LIBRARY)
    kept = [[] for _ in range(100 * THRESHOLDS[0])]
    Knot(gone)
    tidying.collect()
    assert gone == []  # modules come in: nothing is looked through
    before = gc.get_freeze_count()
    tidying.collect()
    assert gc.get_freeze_count() > before + len(kept) - 1
    assert len(gc.get_objects()) < len(kept)


def go_away(tidying: GarbageCollection, away: list[bool]) -> None:
    """For so long that what is frozen is looked through."""
    away.append(True)
    for _ in range(AWAY_TICKS):
        tidying.collect()


def test_what_was_frozen_with_a_library_is_given_back_while_the_person_is_away(
    tidying: GarbageCollection, away: list[bool], monkeypatch
):
    gone: list[threading.Thread] = []
    knot, later = Knot(gone), Knot(gone)
    come_in(monkeypatch, A_LIBRARY)
    settle(tidying)
    del knot
    tidying.collect()
    assert gc.collect() == 0 and gone == []
    away.append(True)
    tidying.collect()
    assert gone == []  # who only looks elsewhere for a moment is not made to wait
    go_away(tidying, away)
    assert len(gone) == 1
    assert gc.get_freeze_count() > 1000 > len(gc.get_objects())
    del later  # frozen again by that
    go_away(tidying, away)
    assert len(gone) == 1  # once an absence
    away.append(False)
    tidying.collect()
    go_away(tidying, away)
    assert len(gone) == 2


def test_older_generations_are_collected_too(tidying: GarbageCollection):
    settle(tidying)
    gone: list[threading.Thread] = []
    knot = Knot(gone)
    gc.collect(0), gc.collect(1)  # has become old
    del knot
    kept: list[list[object]] = []
    for _ in range((THRESHOLDS[1] + 1) * (THRESHOLDS[2] + 1) + 1):
        kept.extend([] for _ in range(2 * THRESHOLDS[0]))
        tidying.collect()
    assert gone


def test_at_the_end_python_collects_by_itself_again(qapp):
    tidying = GarbageCollection()
    settle(tidying)
    assert not gc.isenabled() and gc.get_freeze_count()
    tidying.end()
    assert gc.isenabled() and not gc.get_freeze_count()
    tidying.deleteLater()
