"""Jobs: work on worker threads, with results and progress delivered on the GUI thread."""

import contextlib
import threading
import time
import traceback
from collections.abc import Callable
from functools import partial
from typing import Any, Generic, Literal, TypeVar

from PySide6.QtCore import QCoreApplication, QObject, Qt, QThreadPool, QTimer, Signal
from PySide6.QtWidgets import QWidget
from shiboken6 import isValid

from recdesk.core.errors import CancelledError, RecdeskError
from recdesk.core.refusals import unforeseen
from recdesk.core.task import Task

T = TypeVar("T")
JobState = Literal["running", "done", "failed", "cancelled"]
PROGRESS_INTERVAL_MS = 66
ABANDON_SECONDS = 0.1
"""Seconds between two checks whether the result is still wanted."""


class JobContext(Task):
    """The task that a job's work gets: progress and cancellation. Thread-safe."""

    def __init__(self) -> None:
        self._wish_to_cancel = threading.Event()
        super().__init__(cancelled=self._wish_to_cancel.is_set)
        self._lock = threading.Lock()
        self._latest: tuple[float, str] | None = None

    def report(self, share: float, text: str = "") -> None:
        """Report progress (0 to 1). The window shows the latest report at its next update."""
        with self._lock:
            self._latest = (min(max(share, 0.0), 1.0), text)

    def cancel(self) -> None:
        """Request the end of the work."""
        self._wish_to_cancel.set()

    def abandonable(self, work: Callable[[], T]) -> T:
        """Run what cannot be interrupted, such as a network request, in a thread that is abandoned on cancelling.

        Raises:
            CancelledError: the job was cancelled.
        """
        ended: list[tuple[T | None, BaseException | None]] = []

        def carry_out() -> None:
            try:
                ended.append((work(), None))
            except BaseException as error:  # raised again in the waiting thread
                ended.append((None, error))

        thread = threading.Thread(target=carry_out, name="abandonable", daemon=True)
        thread.start()
        while thread.is_alive():
            if self.cancelled:
                raise CancelledError("The request")
            thread.join(ABANDON_SECONDS)
        result, error = ended[0]
        if error is not None:
            raise error
        return result  # type: ignore[return-value]

    def take(self) -> tuple[float, str] | None:
        """The latest progress report since the last call, if there is one."""
        with self._lock:
            latest, self._latest = self._latest, None
        return latest


def _nothing(*_: object) -> Any:
    """Replaces the callables of a job that has ended."""


class Job(QObject, Generic[T]):
    """One piece of work. Its signals are emitted on the GUI thread, where it is deleted when it has ended: a worker
    thread emits none of them, as it may not have returned from that by then.

    Attributes:
        title: what it does, for the person ("Importing ratings.csv").
        visible: whether the status strip names it.
        reads: whether it only reads, so that nothing is lost when it is cancelled.
        state: running, done, failed or cancelled.
        error: why it failed, if it did.
        share: what is done of it, 0 to 1; None before it has said.
        begun: when it began, by `time.monotonic`.
    """

    progressed = Signal(float, object)
    ended = Signal(str)

    def __init__(
        self,
        title: str,
        work: Callable[[JobContext], T],
        done: Callable[[T], None] | None,
        failed: Callable[[RecdeskError], None],
        visible: bool,
        replaces: str,
        reads: bool = False,
    ) -> None:
        super().__init__()
        self.title = title
        self.visible = visible
        self.reads = reads
        self.replaces = replaces
        self.state: JobState = "running"
        self.error: RecdeskError | None = None
        self.share: float | None = None
        self.begun = time.monotonic()
        self.context = JobContext()
        self._work = work
        self._done = done
        self._failed = failed

    def cancel(self) -> None:
        """Cancel it; no result is delivered from now on."""
        self.context.cancel()
        self._end("cancelled")

    def perform(self, settled: "Callable[[Job[T], T | None, RecdeskError | None], None]") -> None:
        """Carry out the work, and call `settled` with its result or its failure (on a worker thread)."""
        try:
            if self.context.cancelled:  # before it was started
                raise CancelledError(self.title)
            result = self._work(self.context)
        except BaseException as error:  # shown to the user, whatever it is
            settled(self, None, _without_frames(explained(error)))
        else:
            settled(self, result, None)

    def meant_for(self) -> list[QObject]:
        """The objects that its result is for, as far as its handlers refer to them."""
        return [*_objects_of(self._done), *_objects_of(self._failed)]

    def report(self) -> None:
        """Emit the latest progress report."""
        latest = self.context.take()
        if latest is not None and self.state == "running":
            self.share = latest[0]
            self.progressed.emit(*latest)

    def settle(self, result: T, error: RecdeskError | None) -> None:
        """Hand over the result or the failure of the work, unless it was cancelled meanwhile."""
        self.deleteLater()
        done, failed = self._done, self._failed
        self._work, self._done, self._failed = _nothing, None, _nothing  # their closures can hold large data
        if self.state != "running":
            return
        self.report()
        if isinstance(error, CancelledError):
            self._end("cancelled")
        elif error is not None:
            self.error = error
            self._end("failed")
            if _is_there(failed):
                failed(error)
        else:
            self._end("done")
            if done is not None and _is_there(done):
                done(result)

    def _end(self, state: JobState) -> None:
        if self.state == "running":
            self.state = state
            self.ended.emit(state)


class Jobs(QObject):
    """Every job of the window.

    Signals:
        changed: a job began or ended.
        finished: a job has ended (a Job).
        failure: a job without a handler of its own failed (a RecdeskError).
        passed: a job has succeeded whose key an earlier one had that failed (the RecdeskError of that failure).
    """

    changed = Signal()
    finished = Signal(object)
    failure = Signal(object)
    passed = Signal(object)
    _settled = Signal(object, object, object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._settled.connect(self._settle, Qt.ConnectionType.QueuedConnection)
        self._pool = QThreadPool(self)
        self._pool.setMaxThreadCount(5)  # four for what ends, one for a server
        self._jobs: list[Job[Any]] = []
        self._failed: dict[str, RecdeskError] = {}
        self._timer = QTimer(self, interval=PROGRESS_INTERVAL_MS)
        self._timer.timeout.connect(self._report)

    def run(
        self,
        title: str,
        work: Callable[[JobContext], T],
        done: Callable[[T], None] | None = None,
        failed: Callable[[RecdeskError], None] | None = None,
        *,
        visible: bool = True,
        replaces: str = "",
        reads: bool = False,
    ) -> Job[T]:
        """Start `work` on a worker thread; `done` or `failed` follows on the GUI thread, unless it is cancelled first.

        A job with the same `replaces` key as a running one cancels that one. One that only `reads` is cancelled without
        asking when the window closes. Without `failed` the failure panel shows
        the error.
        """
        if replaces:
            self.drop(replaces)
        job: Job[T] = Job(title, work, done, failed or self.failure.emit, visible, replaces, reads)
        job.setParent(self)
        job.ended.connect(self._ended)
        self._jobs.append(job)
        self._timer.start()
        self._pool.start(partial(job.perform, self._settled.emit))
        self.changed.emit()
        return job

    def drop(self, key: str) -> None:
        """Cancel the jobs with this `replaces` key."""
        for job in [job for job in self._jobs if job.replaces == key]:
            job.cancel()

    def at_work(self, key: str) -> bool:
        """Whether a job with this `replaces` key runs."""
        return any(job.replaces == key for job in self._jobs)

    def active(self) -> list[str]:
        """Titles of the visible jobs under way."""
        return [job.title for job in self._jobs if job.visible]

    def visible_jobs(self) -> "list[Job[Any]]":
        """The visible jobs under way."""
        return [job for job in self._jobs if job.visible]

    def of(self, owner: QWidget) -> "list[Job[Any]]":
        """The visible jobs that do more than read and whose result is for a widget or one below it."""
        return [
            job
            for job in self._jobs
            if job.visible and not job.reads and any(_belongs(found, owner) for found in job.meant_for())
        ]

    def working(self) -> list[str]:
        """Titles of the visible jobs that do more than read."""
        return [job.title for job in self._jobs if job.visible and not job.reads]

    def cancel_all(self) -> None:
        """Cancel every job; worker threads may still be at work for a while."""
        for job in list(self._jobs):
            job.cancel()

    def quiet(self) -> bool:
        """Whether no worker thread is at work."""
        return self._pool.activeThreadCount() == 0

    def shutdown(self) -> None:
        """Cancel everything and wait until the worker threads are done."""
        self.cancel_all()
        self._timer.stop()
        self._pool.waitForDone()

    def _settle(self, job: Job[Any], result: Any, error: RecdeskError | None) -> None:
        job.settle(result, error)

    def _report(self) -> None:
        for job in list(self._jobs):
            job.report()

    def _done_again(self, job: Job[Any]) -> None:
        """Remember the failure of a job, and emit `passed` when one with the same key succeeds."""
        if job.error is not None:
            self._failed[job.replaces] = job.error
        elif job.state == "done" and job.replaces in self._failed:
            self.passed.emit(self._failed.pop(job.replaces))

    def _ended(self) -> None:
        ended = [job for job in self._jobs if job.state != "running"]
        self._jobs = [job for job in self._jobs if job.state == "running"]
        for job in ended:
            if job.replaces:
                self._done_again(job)
            self.finished.emit(job)
        if not self._jobs:
            self._timer.stop()
        self.changed.emit()


def _is_there(handler: object) -> bool:
    """Whether no widget that a handler refers to has been deleted."""
    return all(map(isValid, _objects_of(handler)))


def _belongs(found: QObject | None, owner: QWidget) -> bool:
    while found is not None:
        if found is owner:
            return True
        found = found.parent()
    return False


def _objects_of(handler: object, depth: int = 4) -> list[QObject]:
    """The QObjects that a callable refers to: as its owner, an argument bound to it, or a variable of its closure."""
    if isinstance(handler, QObject):
        return [handler]
    if handler is None or not callable(handler) or not depth:
        return []
    if isinstance(handler, partial):
        near: list[object] = [handler.func, *handler.args, *handler.keywords.values()]
    else:
        near = [getattr(handler, "__self__", None)]
        for cell in getattr(handler, "__closure__", None) or ():
            with contextlib.suppress(ValueError):  # a variable that has no value yet
                near.append(cell.cell_contents)
    return [found for one in near for found in _objects_of(one, depth - 1)]


def _without_frames(error: RecdeskError) -> RecdeskError:
    """The same, holding nothing of what was worked on: failures are kept to be read again, and a traceback keeps every
    variable of every function in it."""
    at: BaseException | None = error
    while at is not None:
        at.__traceback__, at = None, at.__cause__ or at.__context__
    return error


def explained(error: BaseException) -> RecdeskError:
    """Any exception as a RecdeskError; one from elsewhere keeps its traceback as details."""
    if isinstance(error, RecdeskError):
        if not error.details and error.__cause__ is not None:
            error.details = "".join(traceback.format_exception(error))
        return error
    details = "".join(traceback.format_exception(error))
    if isinstance(error, OSError) and (found := unforeseen(error)) is not None:
        return RecdeskError(found.sentence, found.suggestion, details)
    if isinstance(error, MemoryError):
        return RecdeskError(
            QCoreApplication.translate("Jobs", "There is not enough memory for this."),
            QCoreApplication.translate("Jobs", "Close other programs, or work with less data."),
            details,
        )
    return RecdeskError(
        QCoreApplication.translate("Jobs", "Something went wrong that recdesk did not foresee ({error}).").format(
            error=type(error).__name__
        ),
        QCoreApplication.translate("Jobs", "Nothing you have saved is lost. Please report it with the details below."),
        details,
    )
