"""The log of a run in an object store: pieces, each named by its first byte."""

from collections.abc import Callable
from pathlib import Path

from recdesk.cluster.object_store import ObjectStore
from recdesk.cluster.shared_run import FileLog

LOOKS = 8
"""For a next piece, until it may have become part of another."""


class ObjectLog:
    """A log in pieces, those of the newest attempt that has any, which begin with all that was before; small ones
    become one again and again, with the name of the first.

    Args:
        store: that they are in.
        attempts: names those of the run, oldest first.
    """

    def __init__(self, store: ObjectStore, attempts: Callable[[], list[str]]) -> None:
        self._store, self._attempts = store, attempts
        self._attempt, self._end = "", -1
        self._kept: tuple[int, bytes] = (0, b"")
        self._fruitless = 0

    def starts_with(self, here: Path) -> bool:
        """See `Log`."""
        found = self._current()
        if found == self._attempt:
            return True
        self._begin(found)
        if not found:
            return True
        done, ours = 0, FileLog(here)
        while (mine := ours.read(done)) and (theirs := self.read(done)):
            both = min(len(mine), len(theirs))
            if mine[:both] != theirs[:both]:
                return False
            done += both
        return not mine

    def read(self, begin: int) -> bytes:
        """See `Log`."""
        if begin == 0:  # who reads on has asked `starts_with`
            self._begin(self._current())
        if not self._attempt:
            return b""
        first, known = self._kept
        if first <= begin < first + len(known):
            return known[begin - first :]
        content = self._store.read(piece_name(self._attempt, begin)) or b""
        if content:
            self._kept = begin, content
        elif begin != self._end or self._fruitless % LOOKS == LOOKS - 1:  # it may be within a piece
            content = self._within(begin)
        self._fruitless = 0 if content else self._fruitless + 1
        self._end = begin + len(content)
        return content

    def _begin(self, attempt: str) -> None:
        self._attempt, self._end, self._kept, self._fruitless = attempt, -1, (0, b""), 0

    def _within(self, begin: int) -> bytes:
        """What a piece has from there on."""
        starts = [int(name) for name in self._store.names(f"{self._attempt}/log") if name.isdecimal()]
        first = max((each for each in starts if each <= begin), default=-1)
        content = self._store.read(piece_name(self._attempt, first)) if first >= 0 else None
        self._kept = first, content or b""
        return (content or b"")[begin - first :]

    def _current(self) -> str:
        for attempt in reversed(self._attempts()):
            if attempt == self._attempt or self._store.names(f"{attempt}/log"):
                return attempt
        return ""


def piece_name(attempt: str, begin: int) -> str:
    """Name of the piece of an attempt that begins with a byte."""
    return f"{attempt}/log/{begin:015}"
