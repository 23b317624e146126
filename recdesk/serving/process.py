"""How a process that serves is set up: threads that compute, and how they share Python with the one that reads requests
and writes answers."""

import gc
import sys

from recdesk.core.machine import usable_cores

SWITCH_SECONDS = 0.0005
"""Until a thread that waits for Python gets it: a tenth of Python's own, as both threads need it for moments only."""
TRIALS = 3
TRY_EVERY = 500
WEIGHT = 0.2
"""Of the latest time in the mean."""


class Threads:
    """How many threads compute.

    A batch leaves one processor free for requests. A query that is alone may have all: on a machine without other work
    that takes half the time, beside other programs a multiple, as all threads wait for the one that was interrupted. So
    both are tried at first and now and then, and the faster one is taken.
    """

    def __init__(self, cores: int) -> None:
        self._many = max(cores - 1, 1)
        self._alone = sorted({self._many, max(cores, 1)})
        self._mean: dict[int, float] = {}
        self._asked = 0

    def for_batch(self, size: int) -> int:
        """Threads for a batch of so many queries."""
        if size > 1 or len(self._alone) == 1:
            return self._many
        self._asked += 1
        if self._asked <= TRIALS * len(self._alone):
            return self._alone[self._asked % len(self._alone)]
        best = min(self._alone, key=lambda threads: self._mean.get(threads, 0.0))
        if self._asked % TRY_EVERY:
            return best
        return next(threads for threads in self._alone if threads != best)

    def took(self, size: int, threads: int, seconds: float) -> None:
        """Note how long a batch took."""
        if size == 1:
            before = self._mean.get(threads, seconds)
            self._mean[threads] = before + WEIGHT * (seconds - before)


def prepare_process() -> Threads:
    """Set up this process once the model is opened."""
    sys.setswitchinterval(SWITCH_SECONDS)
    gc.collect()
    gc.freeze()  # the model is no garbage, and need not be looked through again
    return Threads(usable_cores())


def use(threads: int) -> None:
    """Let torch compute with so many in this thread, where it does."""
    torch = sys.modules.get("torch")
    if torch is not None and torch.get_num_threads() != threads:
        torch.set_num_threads(threads)
