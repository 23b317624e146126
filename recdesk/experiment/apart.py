"""A run in a process of its own, so that several train at the same time on this machine."""

import contextlib
import os
import signal
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from multiprocessing import Pipe
from multiprocessing.connection import Connection, wait
from pathlib import Path

from recdesk.core.errors import RecdeskError
from recdesk.core.machine import usable_cores
from recdesk.core.messages import Message
from recdesk.core.parallel import GRACE_SECONDS, LOOK_SECONDS, TRIES, PartProcess, ended_abruptly, how_ended
from recdesk.core.task import Task
from recdesk.experiment.pipeline import execute
from recdesk.monitor.control import Control, ending_signals
from recdesk.monitor.events import (
    CheckpointSaved,
    Emit,
    EncoderStep,
    Event,
    Failed,
    Finished,
    StageProgress,
    Step,
    Warned,
)
from recdesk.workspace.run_store import RunStore
from recdesk.workspace.runs import Run

THREADS = "OMP_NUM_THREADS"
_starting = threading.Lock()


def threads_each(count: int) -> int:
    """Threads for each of so many runs that train at the same time: their share of the cores, not more than the
    environment allows."""
    own = os.environ.get(THREADS, "")
    share = max(usable_cores() // count, 1)
    return min(share, int(own)) if own.isdigit() and int(own) else share


def execute_apart(run: Run, control: Control, emit: Emit, resume: bool = False, threads: int = 0) -> Run:
    """`pipeline.execute` in a process of its own; returns the run's snapshot at the end. From any thread.

    A process that ends abruptly is followed by another one, which goes on from the last checkpoint; the run fails when
    that happens `TRIES` times without a checkpoint in between.

    Args:
        run, control, emit, resume: as of `pipeline.execute`; `emit` is called in this thread, a moment later.
        threads: to compute with; 0 for as many as a process takes that works alone.
    """
    losses = 0
    while True:
        child = _Child(run, resume or losses > 0, threads)
        code = child.follow(control, emit)
        if code is None:
            break
        if control.stopped:
            _leave_stopped(run, emit)
            break
        losses = 1 if child.got_on else losses + 1
        lost = ended_abruptly(code, losses)
        if losses >= TRIES:
            with contextlib.suppress(RecdeskError):
                RunStore.of(run).set_failed(run, lost.sentence)
            emit(Failed(sentence=lost.sentence, suggestion=lost.suggestion))
            break
        emit(Warned(sentence=Message("study.process-again", exit=how_ended(code))))
    with contextlib.suppress(RecdeskError):  # the drive may be disconnected
        return Run.read(run.folder)
    return run


def _leave_stopped(run: Run, emit: Emit) -> None:
    """Leave a run as stopped whose process ended before it could do that itself; its checkpoints are there."""
    reason = Message("run.stopped-at-once")
    with contextlib.suppress(RecdeskError):
        run = Run.read(run.folder)
        if run.state != "finished":
            RunStore.of(run).set_state(run, "stopped", reason=reason)
    emit(Finished(state="stopped", reason=reason, seconds=run.seconds, metrics={}))


class _Child:
    """The process of a run as the one that started it sees it.

    Attributes:
        got_on: whether a checkpoint was written.
    """

    def __init__(self, run: Run, resume: bool, threads: int) -> None:
        self.got_on = False
        self._begun = False
        self._line, theirs = Pipe()
        with _starting, _signals_held():
            self._process = PartProcess(_train, _Order(run.folder.absolute(), resume, threads, theirs))
        theirs.close()
        self._process.begin(0)

    def follow(self, control: Control, emit: Emit) -> int | None:
        """Pass on what is wanted and what happens until the process ends; its exit code if that was abrupt."""
        told = (False, 0)
        try:
            while True:
                wanted = (control.paused, int(control.stopped) + int(control.hurried))
                if wanted[1] and not self._begun:
                    return self._process.end()
                if wanted != told:
                    self._line.send(wanted)
                    told = wanted
                ready = wait([self._line, self._process.pipe], LOOK_SECONDS)
                if self._line in ready:
                    self._pass_on(emit)
                if self._process.pipe in ready and self._said_last(emit):
                    return None
        except (EOFError, OSError):
            return self._process.end(GRACE_SECONDS)
        finally:
            self._process.end()
            self._line.close()

    def _pass_on(self, emit: Emit) -> None:
        for event in self._line.recv():
            self._begun = True
            self.got_on = self.got_on or isinstance(event, CheckpointSaved)
            emit(event)

    def _said_last(self, emit: Emit) -> bool:
        """Take what the process says of its work; whether that is over."""
        what, value = self._process.pipe.recv()
        if what == "moved":
            return False
        while self._line.poll():
            self._pass_on(emit)
        if what == "failed":
            emit(Failed(sentence=value.sentence, suggestion=value.suggestion, details=value.details))
        return True


@dataclass(frozen=True)
class _Order:
    """What the process needs: events go through the line, and what is wanted comes."""

    folder: Path
    resume: bool
    threads: int
    line: Connection


def _train(order: _Order, _number: int, _task: Task) -> None:
    if order.threads:
        os.environ[THREADS] = str(order.threads)  # before torch is there
    control = Control()
    threading.Thread(target=_obey, args=(order.line, control), name="control", daemon=True).start()
    sender = _Sender(order.line)
    execute(Run.read(order.folder), control, sender, order.resume)
    sender.flush()


def _obey(line: Connection, control: Control) -> None:
    """Do with the control what is wanted, until nobody is there."""
    stops = 0
    with contextlib.suppress(EOFError, OSError):
        while True:
            paused, stop = line.recv()
            if paused and not control.stopped:
                control.pause()
            elif control.paused:
                control.resume()
            while stops < stop:
                stops += 1
                control.stop()


class _Sender:
    """Sends events through a line: steps and progress several at once, the others at once."""

    def __init__(self, line: Connection) -> None:
        self._line, self._lock = line, threading.Lock()
        self._waiting: list[Event] = []
        self._sent = 0.0

    def __call__(self, event: Event) -> None:
        """Take an event."""
        with self._lock:
            self._waiting.append(event)
            if (
                not isinstance(event, Step | EncoderStep | StageProgress)
                or time.monotonic() - self._sent > LOOK_SECONDS
            ):
                self._send()

    def flush(self) -> None:
        """Send what waits."""
        with self._lock:
            self._send()

    def _send(self) -> None:
        waiting, self._waiting = self._waiting, []
        self._sent = time.monotonic()
        if waiting:
            with contextlib.suppress(OSError):  # who listened is gone, and this process ends
                self._line.send(waiting)


@contextlib.contextmanager
def _signals_held() -> Iterator[None]:
    """A process started here never gets the signals of a terminal: the one that started it says what is wanted."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, ending_signals())
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
