"""Garbage: looked for on the window's thread alone, and never among what was imported."""

import gc
import sys

from PySide6.QtCore import QObject, QTimer

INTERVAL_MS = 500
OFTEN = (700, 10, 10)
"""Allocations before the youngest objects are looked through, and times that is done before older ones are too."""


class Tidying(QObject):
    """Collects garbage in Python's place, for as long as the window lives.

    Python collects on whichever thread has just allocated. On a thread that trains it would destroy Qt's objects away
    from the thread they belong to, which Qt does not survive. And now and then it looks through everything there is:
    while torch and transformers come in, six times and for up to 0.18 s, in which no other thread runs.
    """

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._modules = 0
        self._settled = False
        self._timer = QTimer(self, interval=INTERVAL_MS)
        self._timer.timeout.connect(self.tidy)
        self._timer.start()
        gc.disable()

    def tidy(self) -> None:
        """Collect what has become old enough; while modules come in, nothing; once they are in, leave them alone."""
        if len(sys.modules) != self._modules:
            self._modules, self._settled = len(sys.modules), False
        elif not self._settled:
            gc.freeze()
            self._settled = True
        else:
            due = [age for age, (count, most) in enumerate(zip(gc.get_count(), OFTEN, strict=True)) if count > most]
            if due:
                gc.collect(due[-1])

    def end(self) -> None:
        """Leave it to Python again."""
        self._timer.stop()
        gc.unfreeze()
        gc.enable()
