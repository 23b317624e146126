"""Parts of a large job computed side by side: what an engine does, and the engine of processes on this machine."""

import contextlib
import multiprocessing
import os
import signal
import sys
import threading
import time
import traceback
from collections import Counter, deque
from collections.abc import Callable, Iterator, Sequence
from multiprocessing.connection import Connection, wait
from typing import Any, Protocol, TypeVar

from recdesk.core.errors import RecdeskError, is_out_of_memory
from recdesk.core.machine import available_memory, usable_cores
from recdesk.core.messages import Message
from recdesk.core.refusals import unforeseen
from recdesk.core.task import Task

TRIES = 3
"""Processes that may end abruptly at one part before the job fails."""
LOOK_SECONDS = 0.1
"""Interval between checks whether the job was cancelled, and between two reports of a part."""
GRACE_SECONDS = 2.0
"""In which a process that says nothing any more writes down why."""
MEMORY_SHARE = 0.8
"""Of the free memory, what the processes of a job may take together."""

MKL_MODE = "AUTO,STRICT"
"""In which MKL's matrix products have the same bits with any number of threads; it costs no time that was measured."""

Job = TypeVar("Job")
Result = TypeVar("Result")
Work = Callable[[Job, int, Task], Result]
"""Computes the part with a number. A function of a module that other processes can import; the part's task carries its
progress only, for an engine ends its processes when the job is cancelled."""


class Watch(Protocol[Result]):  # type: ignore[misc]  # it only takes results
    """Hears of the parts of a job, in the thread that called the engine."""

    def moved(self, number: int, share: float) -> None:
        """A part is so far, 0 to 1."""

    def done(self, number: int, result: Result) -> None:
        """A part is computed."""

    def lost(self, number: int) -> None:
        """The process that computed a part ended abruptly; it is computed again."""


class Engine(Protocol):
    """Computes parts of a job, on this machine or on others.

    Attributes:
        count: parts that are computed at the same time; 0 for as many as there is room for where they are computed.
        threads: to compute each with; 0 for as many as a process that works alone takes.
    """

    count: int
    threads: int

    def run_all(
        self, work: Work[Job, Result], job: Job, numbers: Sequence[int], watch: Watch[Result], task: Task
    ) -> None:
        """Call `work` for each number until each has a result. What is under way when it raises is ended.

        Args:
            work, job: picklable; the job travels once to each process.
            numbers: of the parts, begun in this order.
            watch: hears of each.
            task: checked several times a second.

        Raises:
            CancelledError: it was cancelled.
            RecdeskError: that of a part, or processes ended abruptly.
        """


class Processes:
    """Processes of this machine, started afresh; they end with this one, however it ends.

    Args:
        count: how many.
    """

    def __init__(self, count: int) -> None:
        self.count = max(count, 1)
        self.threads = max(usable_cores() // self.count, 1)

    def run_all(
        self, work: Work[Job, Result], job: Job, numbers: Sequence[int], watch: Watch[Result], task: Task
    ) -> None:
        """See `Engine`."""
        waiting, losses = deque(numbers), Counter[int]()
        processes: list[PartProcess] = []
        try:
            while waiting or any(process.busy for process in processes):
                task.check()
                while waiting and len(processes) < self.count:
                    processes.append(PartProcess(work, job))
                for process in processes:
                    if waiting and not process.busy:
                        process.begin(waiting.popleft())
                for process in _heard(processes):
                    try:
                        process.pass_on(watch)
                    except (EOFError, OSError):
                        processes.remove(process)
                        number, code = process.number, process.end(GRACE_SECONDS)
                        losses[number] += 1
                        if losses[number] >= TRIES:
                            raise ended_abruptly(code, TRIES) from None
                        watch.lost(number)
                        waiting.appendleft(number)
        finally:
            for process in processes:
                process.end()


class PartProcess:
    """A process as the one that started it sees it.

    Attributes:
        number: of the part that it computes, or computed last.
        busy: whether it computes one.
    """

    def __init__(self, work: Work[Any, Any], job: Any) -> None:
        self.number, self.busy = -1, False
        context = multiprocessing.get_context("spawn")
        self.pipe, theirs = context.Pipe()
        self._process = context.Process(target=_serve, args=(theirs, work, job), name="recdesk part", daemon=True)
        with _interrupts_ignored():
            self._process.start()
        theirs.close()

    @property
    def pid(self) -> int | None:
        """Its number, by which the system knows it."""
        return self._process.pid

    def begin(self, number: int) -> None:
        """Have it compute a part."""
        self.number, self.busy = number, True
        with contextlib.suppress(OSError):  # it has ended, which is noticed when it is read
            self.pipe.send(number)

    def pass_on(self, watch: Watch[Any]) -> None:
        """Hand on what it said.

        Raises:
            EOFError, OSError: it has ended.
        """
        what, value = self.pipe.recv()
        if what == "moved":
            watch.moved(self.number, value)
            return
        if what == "failed":
            raise value
        self.busy = False
        watch.done(self.number, value)

    def end(self, after: float = 0.0) -> int:
        """End it at once, whatever it does, or after so many seconds in which it may end by itself; its exit code."""
        self._process.join(after)
        self._process.kill()
        self._process.join()
        self.pipe.close()
        return self._process.exitcode or 0


def _heard(processes: Sequence[PartProcess]) -> list[PartProcess]:
    """The processes that have said something or ended."""
    ready = wait([process.pipe for process in processes], LOOK_SECONDS)
    return [process for process in processes if process.pipe in ready]


@contextlib.contextmanager
def _interrupts_ignored() -> Iterator[None]:
    """Ctrl-C goes to all processes of a terminal; those that are started here leave it to the one that started them."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def ended_abruptly(code: int, times: int) -> RecdeskError:
    """The failure of so many processes that ended with an exit code at the same work."""
    exit_words = how_ended(code)
    return RecdeskError(
        Message("parallel.process-ended", count=times, exit=exit_words), Message("parallel.fewer-at-once")
    )


def how_ended(code: int) -> str:
    """An exit code in words: "signal 9"."""
    return f"signal {-code}" if code < 0 else f"exit code {code}"


def _serve(pipe: Connection, work: Work[Any, Any], job: Any) -> None:
    """Compute parts, in a process of its own, until nobody asks for more."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    with contextlib.suppress(EOFError, OSError):  # whoever asked is gone
        while True:
            pipe.send(outcome(work, job, pipe.recv(), Task(_Report(pipe))))


def _end_with_parent() -> None:
    """Wait until the process that started this one has ended, then end at once, whatever is computed."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def outcome(work: Work[Any, Any], job: Any, number: int, task: Task) -> tuple[str, Any]:
    """A part's result or error, such that it can travel to another process: ("done", result) or ("failed", error)."""
    try:
        return "done", work(job, number, task)
    except RecdeskError as error:
        return "failed", error
    except Exception as error:
        return "failed", _explained(error, traceback.format_exc())


def _explained(error: Exception, details: str) -> RecdeskError:
    """An error that nobody foresaw, such that it can travel."""
    if is_out_of_memory(error):
        return RecdeskError(Message("parallel.no-memory"), Message("parallel.fewer-at-once"), details)
    found = unforeseen(error) if isinstance(error, OSError) else None
    if found is not None:
        return RecdeskError(found.sentence, found.suggestion, details)
    return RecdeskError(Message("parallel.failed", error=type(error).__name__), details=details)


class _Report:
    """Says through a pipe how far a part is."""

    def __init__(self, pipe: Connection) -> None:
        self._pipe, self._last = pipe, 0.0

    def __call__(self, share: float, _text: str) -> None:
        if time.monotonic() - self._last > LOOK_SECONDS:
            self._last = time.monotonic()
            with contextlib.suppress(OSError):  # whoever listened is gone; see `_end_with_parent`
                self._pipe.send(("moved", share))


def fix_products() -> None:
    """Have this process, and those it starts, compute matrix products whose bits do not depend on the number of threads
    (with MKL; elsewhere it does nothing). Once torch is there it is too late, and nothing is changed."""
    if "torch" not in sys.modules:
        os.environ.setdefault("MKL_CBWR", MKL_MODE)


def fitting(memory: int, parts: int) -> int:
    """Processes that fit into this machine for so many parts, where each takes so many bytes of memory; at least 1."""
    return max(1, min(usable_cores(), int(MEMORY_SHARE * available_memory()) // max(memory, 1), parts))
