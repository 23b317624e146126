"""Memory and load of this process and its children while a run trains."""

import contextlib
import sys
import time
from collections.abc import Callable

import psutil

from recdesk.core.machine import usable_cpus
from recdesk.monitor.events import Event, Load

INTERVAL = 2.0
"""Seconds between two samples, at least."""
MOST_SHARE = 0.0008
"""Share of the time that sampling takes, at most: where a sample takes long, samples are rarer."""
ALLOWANCE = 0.02
"""Seconds that the first samples may take beyond that share, so that short runs have some."""
_CHILDREN_EVERY = 30.0
"""Seconds after which child processes are looked for again, which reads the table of all processes."""


def _gpu_memory() -> int | None:
    """Bytes of GPU memory in use; None without a GPU, or before torch was imported, which is not done for this."""
    devices = sys.modules.get("recdesk.core.devices")
    return None if devices is None else devices.gpu_memory()


class LoadSampler:
    """Samples memory and load, as often as `INTERVAL` and `MOST_SHARE` allow.

    Args:
        gpu_memory: bytes of GPU memory in use; None where there is no GPU.
        clock: seconds.

    Attributes:
        spent: seconds that all samples took.
    """

    def __init__(
        self, gpu_memory: Callable[[], int | None] = _gpu_memory, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._gpu_memory, self._clock = gpu_memory, clock
        self._process = psutil.Process()
        self._children: list[psutil.Process] = []
        self._looked = -float("inf")
        self._begun = clock()
        self._before = self._begun, _cpu_seconds(self._process)  # time, and CPU seconds until then
        self._next = self._begun + INTERVAL
        self._cpus = usable_cpus()
        self.spent = 0.0

    def sample(self, step: int) -> Load | None:
        """A sample at this step; None where it is not time for one."""
        now = self._clock()
        if now < self._next:
            return None
        begun = time.thread_time()
        memory, cpu_seconds = self._of_tree(now)
        before, self._before = self._before, (now, cpu_seconds)
        cpu = min(max((cpu_seconds - before[1]) / (now - before[0]) / self._cpus, 0.0), 1.0)
        gpu = self._gpu_memory()
        self.spent += time.thread_time() - begun
        self._next = max(now + INTERVAL, self._begun + (self.spent - ALLOWANCE) / MOST_SHARE)
        return Load(step=step, memory=memory, cpu=cpu, gpu_memory=gpu)

    def _of_tree(self, now: float) -> tuple[int, float]:
        """Bytes and CPU seconds of the process and its children."""
        if now - self._looked >= _CHILDREN_EVERY:
            self._looked = now
            with contextlib.suppress(psutil.Error, OSError):
                self._children = self._process.children(recursive=True)
        memory, seconds = 0, 0.0
        for process in (self._process, *self._children):
            with contextlib.suppress(psutil.Error, OSError), process.oneshot():  # a child may have ended
                memory += int(process.memory_info().rss)
                seconds += _cpu_seconds(process)
        return memory, seconds


def _cpu_seconds(process: psutil.Process) -> float:
    times = process.cpu_times()
    return float(times.user + times.system)


class LoadLog:
    """An `emit` that adds samples of the load to the events that it passes on.

    Args:
        emit: gets all of them.
        sampler: takes the samples.
    """

    def __init__(self, emit: Callable[[Event], None], sampler: LoadSampler) -> None:
        self._emit, self._sampler, self._step = emit, sampler, 0

    def __call__(self, event: Event) -> None:
        """Pass an event on, and a sample after it if it is time for one."""
        self._emit(event)
        self._step = getattr(event, "step", self._step)
        if event.kind in _BETWEEN and (load := self._sampler.sample(self._step)) is not None:
            self._emit(load)


_BETWEEN = ("step", "encoder-step", "stage-progress", "evaluated", "epoch")
"""Kinds of events after which samples are taken: those of a run at work, not those around its end."""
