"""Garbage collection on the GUI thread alone, and of imported libraries only while nobody looks."""

import gc
import sys
from collections.abc import Callable

from PySide6.QtCore import QObject, Qt, QTimer
from PySide6.QtGui import QGuiApplication

INTERVAL_MS = 500
THRESHOLDS = (700, 10, 10)
"""Thresholds of the three generations, as of `gc.set_threshold`."""

A_LIBRARY = 100
"""So many new modules are a library, such as torch, whose objects take .2 s to look through."""


def elsewhere() -> bool:
    """Whether the person is at another program."""
    return QGuiApplication.applicationState() != Qt.ApplicationState.ApplicationActive


AWAY_TICKS = 20
"""Intervals after which a person who is away will not be back at once."""


class GarbageCollection(QObject):
    """Replaces Python's automatic garbage collection by a timer on the GUI thread, until `end`.

    Python collects on whichever thread has just allocated. On a training thread this would destroy Qt objects outside
    the thread they belong to, which crashes Qt. A full collection also blocks every thread: importing torch and
    transformers triggers six of them, of up to 0.18 s each.

    Args:
        away: whether a pause of half a second would hardly be noticed now.
    """

    def __init__(self, parent: QObject | None = None, away: Callable[[], bool] = elsewhere) -> None:
        super().__init__(parent)
        self._away = away
        self._modules = self._frozen = self._absent = 0
        self._settled = self._searched = False
        self._timer = QTimer(self, interval=INTERVAL_MS)
        self._timer.timeout.connect(self.collect)
        self._timer.start()
        gc.disable()

    def collect(self) -> None:
        """Collect the generations that are due; during an import of modules wait, and freeze the objects of a library
        afterwards.

        Everything else is frozen with it, and stays if it is garbage later: an open dataset, a window. So that is not
        done for a few modules, of which some come in with most dialogs, and what is frozen is looked through once
        whenever the person has gone away for a while.
        """
        self._absent = self._absent + 1 if self._away() else 0
        self._searched = self._searched and bool(self._absent)
        if len(sys.modules) != self._modules:
            self._modules, self._settled = len(sys.modules), False
        elif not self._settled:
            if self._modules - self._frozen >= A_LIBRARY:
                gc.freeze()
                self._frozen = self._modules
            self._settled = True
        elif self._absent >= AWAY_TICKS and not self._searched:
            gc.unfreeze()
            gc.collect()
            gc.freeze()
            self._searched = True
        else:
            due = [
                generation
                for generation, (count, most) in enumerate(zip(gc.get_count(), THRESHOLDS, strict=True))
                if count > most
            ]
            if due:
                gc.collect(due[-1])

    def end(self) -> None:
        """Restore Python's automatic collection."""
        self._timer.stop()
        gc.unfreeze()
        gc.enable()
