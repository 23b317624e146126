"""Carries a study out: so many of its trials at the same time, each given up when it falls behind."""

import queue
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Protocol

from recdesk.core.errors import RecdeskError, UsageError
from recdesk.core.messages import Message
from recdesk.experiment.failures import as_event
from recdesk.experiment.run_workers import workers_of
from recdesk.experiment.study import Study
from recdesk.monitor.control import Control, Controls
from recdesk.monitor.events import Emit, Event, Failed
from recdesk.workspace.run_cluster import ClusterRecord
from recdesk.workspace.runs import ACTIVE, Run

Execute = Callable[[Run, Control, Emit, bool], Run]
"""Executes a run, or goes on with it, in the calling thread; see `pipeline.execute`."""
LOOK_SECONDS = 0.1
"""Until a wait for events looks up, so that signals are handled."""
ORPHAN_SECONDS = 5.0
"""In which processes of a killed study end, and leave their trials."""


class Watch(Protocol):
    """Hears of the trials of a study, in the thread that carries it out."""

    def begun(self, run: Run) -> None:
        """A trial begins, or goes on."""

    def happened(self, run: Run, event: Event) -> None:
        """An event of a trial."""

    def ended(self, run: Run) -> None:
        """A trial has ended, or was left where it goes on without this process."""


def carry_out(
    study: Study,
    execute: Execute,
    watch: Watch,
    controls: Controls,
    count: int = 1,
    cluster: ClusterRecord | None = None,
) -> None:
    """Train trial after trial until the study's time is used up, or it is stopped; it can be resumed then.

    Args:
        study: the study.
        execute: called for each trial: in this thread for one at a time, else in threads of their own.
        watch: hears of the trials.
        controls: pauses, stops or leaves all trials.
        count: of trials at the same time.
        cluster: where new trials are trained; None for this computer.

    Raises:
        UsageError: another process carries the study out, or trials with several workers are to train at the same time.
        RecdeskError: a trial failed, as the next one would for the same reason, or none can be begun; those under way
            are stopped and kept.
    """
    if count > 1 and cluster is None and workers_of(study.base) > 1:
        raise UsageError(Message("study.workers-at-once"), Message("study.one-of-both"))
    with study.locked():
        _wait_for_orphans(study, controls)
        _Trials(study, execute, watch, controls, count, cluster).carry_out()


def _wait_for_orphans(study: Study, control: Control) -> None:
    """Wait until the processes of a study that was killed have ended too."""
    limit = time.monotonic() + ORPHAN_SECONDS
    while time.monotonic() < limit and any(run.state in ACTIVE and run.cluster is None for run in study.runs()):
        if control.wait_for_stop(LOOK_SECONDS):
            return


@dataclass(eq=False)
class _Trial:
    """A trial under way."""

    run: Run
    control: Control
    pruned: bool = False
    failed: Failed | None = None


class _Trials:
    def __init__(
        self,
        study: Study,
        execute: Execute,
        watch: Watch,
        controls: Controls,
        count: int,
        cluster: ClusterRecord | None,
    ) -> None:
        self._study, self._execute, self._watch, self._controls = study, execute, watch, controls
        self._count, self._cluster = count, cluster
        self._under_way: dict[str, _Trial] = {}
        self._news: queue.SimpleQueue[tuple[_Trial, Event | Run]] = queue.SimpleQueue()
        self._error: RecdeskError | None = None

    def carry_out(self) -> None:
        """See the function `carry_out`."""
        try:
            self._begin_more()
            while self._under_way:
                self._take()
        except BaseException:
            self._end_at_once()
            raise
        if self._error is not None:
            raise self._error

    def _begin_more(self) -> None:
        """Begin trials until so many are under way as there may be."""
        while len(self._under_way) < self._count and not self._controls.stopped:
            run = self._next()
            if run is None:
                return
            trial = self._under_way[run.id] = _Trial(run, self._controls.member())
            self._watch.begun(run)
            if self._count == 1:
                left = self._execute(run, trial.control, partial(self._happened, trial), run.state != "queued")
                self._ended(trial, left)
            else:
                threading.Thread(target=self._work, args=(trial,), name=f"trial {run.trial}", daemon=True).start()

    def _next(self) -> Run | None:
        try:
            return self._study.next_run(self._under_way, self._cluster)
        except RecdeskError as error:
            self._fail(error)
            return None

    def _fail(self, error: RecdeskError) -> None:
        """Stop and keep the trials under way; the error is raised when they have ended."""
        self._error = self._error or error
        self._controls.stop()

    def _end_at_once(self) -> None:
        """Let no trial train on without anybody who hears of it."""
        self._controls.stop()
        self._controls.stop()
        while self._under_way and self._count > 1:
            trial, what = self._news.get()
            if isinstance(what, Run):
                self._under_way.pop(trial.run.id, None)

    def _work(self, trial: _Trial) -> None:
        """Execute a trial, in a thread of its own."""
        left = trial.run

        def emit(event: Event) -> None:
            self._news.put((trial, event))

        try:
            left = self._execute(trial.run, trial.control, emit, trial.run.state != "queued")
        except Exception as error:
            emit(as_event(error))
        finally:
            self._news.put((trial, left))

    def _take(self) -> None:
        """Wait a moment for news of the trials, and take one."""
        try:
            trial, what = self._news.get(timeout=LOOK_SECONDS)
        except queue.Empty:
            return
        if isinstance(what, Run):
            self._ended(trial, what)
            self._begin_more()
        else:
            self._happened(trial, what)

    def _happened(self, trial: _Trial, event: Event) -> None:
        if isinstance(event, Failed):
            trial.failed = event
        self._watch.happened(trial.run, event)
        if not trial.control.stopped and self._study.should_prune(trial.run, event):
            trial.pruned = True
            trial.control.stop()
            trial.control.stop()

    def _ended(self, trial: _Trial, left: Run) -> None:
        del self._under_way[trial.run.id]
        self._controls.release(trial.control)
        if trial.failed is not None:
            self._fail(RecdeskError(trial.failed.sentence, trial.failed.suggestion, trial.failed.details))
        elif trial.pruned:
            left = self._study.mark_pruned(left)
        self._watch.ended(left)
