"""Tells in time that the disk of a run is nearly full."""

import contextlib
import shutil
from collections.abc import Callable
from pathlib import Path

from recdesk.core.messages import Message
from recdesk.monitor.events import CheckpointSaved, Event, Load, Warned

CHECKPOINTS = 2
"""Checkpoints that must still have room: the next one is written before the last is removed, and the best is kept."""
BESIDE = 200_000_000
"""Bytes for everything else that a run writes, and for other programs."""


class DiskWatch:
    """An `emit` that warns, once, when the disk of a run's folder has little room left.

    Args:
        folder: of the run.
        emit: gets all events.
        free: bytes free on the disk of a folder.
    """

    def __init__(
        self,
        folder: Path,
        emit: Callable[[Event], None],
        free: Callable[[Path], int] = lambda folder: shutil.disk_usage(folder).free,
    ) -> None:
        self._folder, self._emit, self._free = folder, emit, free
        self._told = False

    def __call__(self, event: Event) -> None:
        """Pass an event on; look at the disk where a checkpoint was written and from time to time."""
        self._emit(event)
        if not self._told and isinstance(event, (CheckpointSaved, Load)):
            with contextlib.suppress(OSError):  # the drive is away: writing will say so
                self._look()

    def _look(self) -> None:
        checkpoint = sum(path.stat().st_size for path in (self._folder / "checkpoints" / "last").rglob("*"))
        needed, free = CHECKPOINTS * checkpoint + BESIDE, self._free(self._folder)
        if free < needed:
            self._told = True
            sentence = Message("run.disk-nearly-full", folder=self._folder, free=free / 1e9, needed=needed / 1e9)
            self._emit(Warned(sentence=sentence, about="disk"))
