"""Garbage collection on the GUI thread alone, and never of imported modules."""

import gc
import sys

from PySide6.QtCore import QObject, QTimer

INTERVAL_MS = 500
THRESHOLDS = (700, 10, 10)
"""Thresholds of the three generations, as of `gc.set_threshold`."""


class GarbageCollection(QObject):
    """Replaces Python's automatic garbage collection by a timer on the GUI thread, until `end`.

    Python collects on whichever thread has just allocated. On a training thread it would destroy Qt objects outside
    the thread they belong to, which crashes Qt. And a full collection holds every thread up: while torch and
    transformers are imported there are six of them, of up to 0.18 s.
    """

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._modules = 0
        self._settled = False
        self._timer = QTimer(self, interval=INTERVAL_MS)
        self._timer.timeout.connect(self.collect)
        self._timer.start()
        gc.disable()

    def collect(self) -> None:
        """Collect the generations that are due; none during an import, whose objects are frozen when it is over."""
        if len(sys.modules) != self._modules:
            self._modules, self._settled = len(sys.modules), False
        elif not self._settled:
            gc.freeze()
            self._settled = True
        else:
            due = [
                generation
                for generation, (count, most) in enumerate(zip(gc.get_count(), THRESHOLDS, strict=True))
                if count > most
            ]
            if due:
                gc.collect(due[-1])

    def end(self) -> None:
        """Give collection back to Python."""
        self._timer.stop()
        gc.unfreeze()
        gc.enable()
