"""The log of a run on a cluster, followed by byte offset: the log here is always a beginning of the one there."""

import contextlib
import json
import time
from collections.abc import Iterable, Iterator
from pathlib import Path

from recdesk.cluster.shared_run import CHUNK, Log
from recdesk.core.errors import StorageError
from recdesk.core.files import PRIVATE_FILE
from recdesk.core.refusals import explained
from recdesk.monitor.events import Event, Failed, Finished, from_line, to_line


class Mirror:
    """Copies what is appended to a log.

    Args:
        here: the copy; what is in it already is not read again.
        there: the log that grows.
    """

    def __init__(self, here: Path, there: Log) -> None:
        self._here, self._there = here, there
        self._last: Event | None = None
        self._changed = time.monotonic()
        self._cut()

    def append(self, event: Event) -> None:
        """Add an event of this side; only before the log is sent."""
        self._write(to_line(event).encode())

    def size(self) -> int:
        """Bytes so far."""
        return self._here.stat().st_size if self._here.exists() else 0

    def seconds_silent(self) -> float:
        """Seconds since something new came."""
        return time.monotonic() - self._changed

    def pull(self, held: bool) -> Iterator[Event]:
        """Copy the lines that are new and complete, and give their events.

        Args:
            held: keep the run's last event back: its files are not here yet.

        Raises:
            OSError: the log there cannot be read.
            StorageError: the same, or the copy cannot be written.
        """
        for event in self._new():
            if self._last is not None:  # of an earlier session
                yield self._last
                self._last = None
            if isinstance(event, Finished | Failed):
                self._last = event
            else:
                yield event
        if not held and self._last is not None:
            yield self._last
            self._last = None

    def _new(self) -> Iterator[Event]:
        if not self._there.starts_with(self._here):  # not the log that was copied: begin anew
            self._here.unlink(missing_ok=True)
        while piece := self._there.read(self.size()):
            self._write(piece)
            self._changed = time.monotonic()
            for line in piece.decode("utf-8", "replace").split("\n"):  # not at the line ends of Unicode
                if (event := from_line(line)) is not None:
                    yield event

    def _write(self, piece: bytes) -> None:
        try:
            with explained(self._here):
                self._here.touch(PRIVATE_FILE)
                with self._here.open("ab", buffering=0) as stream:
                    written = 0
                    while written < len(piece):
                        written += stream.write(piece[written:]) or 0
        except BaseException:
            self._cut()
            raise

    def _cut(self) -> None:
        """Cut off a last line that a killed process left incomplete, so that it is copied again whole."""
        with contextlib.suppress(OSError):
            size = self.size()
            if not size:
                return
            with self._here.open("rb+") as stream:
                stream.seek(max(size - CHUNK, 0))
                end = stream.read()
                if not end.endswith(b"\n"):
                    stream.truncate(size - len(end) + end.rfind(b"\n") + 1)


def reached(log: Iterable[bytes]) -> tuple[int, int]:
    """How far a run has got for good, from the lines of its log: its highest checkpoint, in steps, and the highest step
    of its text encoder; -1 before them. Events that come with each new beginning do not count."""
    steps, encoder = -1, -1
    with contextlib.suppress(OSError, StorageError):
        for line in log:
            if line.startswith(b'{"kind": "checkpoint"'):
                steps = max(steps, _number(line, "step"))
            elif line.startswith(b'{"kind": "encoder-step"'):
                encoder = max(encoder, _number(line, "done"))
    return steps, encoder


def _number(line: bytes, name: str) -> int:
    try:
        return int(json.loads(line)[name])
    except (ValueError, KeyError, TypeError):
        return -1
