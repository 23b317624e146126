"""A run on a cluster as this side sees it: sent once, followed, its files fetched at the end."""

import contextlib
import secrets
import time

from recdesk.cluster.connection import PYTHON, connection_to, versions
from recdesk.cluster.fetching import fetch
from recdesk.cluster.head import Head
from recdesk.cluster.head_watch import HeadWatch
from recdesk.cluster.mirror import Mirror, reached
from recdesk.cluster.shared_run import FileLog, lines_of
from recdesk.cluster.shipping import brought_with, check_shippable, ship
from recdesk.cluster.storage import Job, ProgressFile, Storage, job_prefix
from recdesk.core.errors import CancelledError, RecdeskError, UsageError
from recdesk.core.messages import Message
from recdesk.core.task import Task
from recdesk.experiment.failures import as_event
from recdesk.experiment.pipeline import locked
from recdesk.experiment.run_workers import workers_of
from recdesk.monitor.control import Control
from recdesk.monitor.events import Emit, Event, Failed, Finished, StageProgress, StageStarted, StateChanged, Warned
from recdesk.monitor.progress import throttled
from recdesk.workspace.run_cluster import ClusterRecord
from recdesk.workspace.run_store import RunStore
from recdesk.workspace.runs import ACTIVE, EVENTS, Run

FETCH_SECONDS = 2.0
"""Between two attempts to fetch a run whose storage is away."""
POLL_SECONDS = 0.25
"""Between two looks at the storage."""
MOST_FRUITLESS = 3
"""Jobs in a row that may end without a sign of the run having got on."""
GIVE_UP_SECONDS = 10.0
"""After a second request to stop, until a run that shows no sign of life is left as interrupted."""


def watch(run: Run, control: Control, emit: Emit, wait: bool = True) -> Run:
    """Have a run executed on its cluster and wait for its end; returns its snapshot then. See `runner.execute`.

    Args:
        run: the run; if it is under way already, it is followed.
        control: pauses and stops it, or leaves it alone.
        emit: gets the events in order.
        wait: otherwise it is only sent.
    """
    try:
        with locked(run):
            run = Run.read(run.folder)
            if run.state == "finished":
                raise UsageError(Message("run.finished", run=run.id), Message("run.start-from-settings"))
            _Watch(run, control, emit).watch(wait)
    except RecdeskError as error:  # the folder could not be locked, read or written
        emit(Failed(sentence=error.sentence, suggestion=error.suggestion, details=error.details))
    with contextlib.suppress(RecdeskError):  # the drive may be disconnected
        return Run.read(run.folder)
    return run


class _Watch:
    def __init__(self, run: Run, control: Control, emit: Emit) -> None:
        assert run.cluster is not None
        self._run, self._control, self._emit = run, control, emit
        self._cluster: ClusterRecord = run.cluster
        self._store, self._storage = RunStore.of(run), Storage(run.cluster.storage)
        self._there = self._storage.run(run.id)
        self._head = Head(run.cluster.address)
        self._mirror = Mirror(run.folder / EVENTS, self._there.log)
        self._steered: tuple[bool, int] = (False, 0)
        self._stops_before = 0
        self._told_storage = self._sent = False
        self._logs = run.cluster.attempt == 0
        self._fruitless, self._reached = 0, (-2, -2)
        self._hurried_at: float | None = None
        self._shown = ProgressFile()

    def watch(self, wait: bool) -> None:
        """Send the run unless it is under way, follow it, fetch it. Failures become an event and a state."""
        try:
            if self._run.state not in ACTIVE:
                self._begin()
            self._send()
            if not wait:
                self._submit()
            elif self._follow():
                self._fetch()
        except CancelledError:  # stopped, or left, before it was sent
            self._end_unsent()
        except Exception as error:
            failed = as_event(error)
            if not self._sent:  # else it goes on there, whatever happened here
                with contextlib.suppress(RecdeskError):
                    self._store.set_failed(self._run, failed.sentence)
            self._say(failed)

    def _begin(self) -> None:
        """Check everything, and write down the id of the job to send."""
        self._say(StateChanged(state="running"))
        self._say(StageStarted(stage="sending", note=Message("cluster.testing", host=self._cluster.host)))
        connection = connection_to(self._cluster, self._task("sending"))
        check_shippable(self._run, connection)
        for note in connection.differing():
            self._say(Warned(sentence=note))
        self._next_job()

    def _next_job(self) -> None:
        """Write down the id of another job, before it is sent."""
        attempt = self._cluster.attempt + 1
        self._cluster = self._cluster.with_job(f"{job_prefix(self._run.id)}{attempt}-{secrets.token_hex(4)}")
        self._store.set_state(self._run, "running", cluster=self._cluster.to_dict())

    @property
    def _job(self) -> Job:
        return self._storage.job(self._cluster.submission)

    def _send(self) -> None:
        """Bring everything into the storage and send the job, each unless it is done."""
        if not self._there.exists():
            self._say(StageStarted(stage="sending", note=Message("cluster.sending", storage=self._storage.address)))
            ship(self._run, self._cluster, self._task("sending"))
        if not self._job.created:
            config = self._run.config
            about = {"version": versions()["recdesk"], "cpus": self._cluster.cpus, "brought": brought_with(self._run)}
            self._job.create({"run": self._run.id, "workers": workers_of(config), "device": config.device, **about})
        self._sent, self._logs = True, False

    def _follow(self) -> bool:
        """Follow the job to its end; False if the run was left, or given up, before. An earlier pause ends."""
        with contextlib.suppress(OSError, RecdeskError):  # the storage is away: see below
            asked = self._job.control()
            self._steered, self._stops_before = (asked.paused, asked.stop), asked.stop
        with HeadWatch(self._head, lambda: self._cluster.submission, self._submit) as head:
            while True:
                over, looked = head.lost, True  # asked before the storage, which shows late that the run has ended
                try:
                    self._steer()
                    ended = self._look()
                except (OSError, RecdeskError) as error:
                    ended = looked = self._wait_for_storage(error)
                if self._control.left:
                    return False
                if ended:
                    return True
                for said in head.news():
                    self._emit(said)
                if head.refused is not None:
                    self._leave_interrupted(head.refused.sentence, head.refused.suggestion, head.refused.details)
                    return False
                if over and looked and not self._send_again(head):
                    return False
                if self._given_up():
                    return False
                self._pause()

    def _pause(self) -> None:
        """Wait for the next look, unless something else is wanted by now."""
        until = time.monotonic() + self._storage.store.interval
        time.sleep(POLL_SECONDS)  # in any case: what is wanted stays so while the storage is away
        while time.monotonic() < until and not self._control.left and self._wanted() == self._steered:
            time.sleep(POLL_SECONDS)

    def _submit(self) -> None:
        """Send the job; called by the head's watch until it has arrived."""
        self._head.submit(self._cluster.submission, [PYTHON, "-m", "recdesk", "cluster-work", *self._job.words()])

    def _steer(self) -> None:
        """Pass on what is wanted of the run."""
        wanted = self._wanted()
        if wanted != self._steered and not self._control.left:
            self._job.steer(*wanted)
            self._steered = wanted

    def _wanted(self) -> tuple[bool, int]:
        """Whether it is to be paused, and requests to stop."""
        stop = max(int(self._control.stopped) + int(self._control.hurried), self._stops_before)
        return self._control.paused, stop

    def _look(self) -> bool:
        """Pass on what is new; whether the job has ended."""
        ended = self._job.ended() is not None  # before the log is read, which is complete then
        for event in self._mirror.pull(held=True):
            self._emit(event)
        progress = self._job.progress()
        if progress is not None and progress != self._shown:
            if progress.waiting and not self._shown.waiting:
                self._emit(Warned(sentence=Message("cluster.waiting-for-cpus", host=self._cluster.host)))
            if progress.stage:
                self._emit(StageProgress(stage=progress.stage, share=progress.share))
            self._shown = progress
        if self._told_storage:
            self._told_storage = False
            self._emit(StateChanged(state="running"))
        return ended

    def _wait_for_storage(self, error: Exception) -> bool:
        """Say once that the storage cannot be reached; it is asked again and again."""
        if not self._told_storage:
            self._told_storage = True
            reason = error.sentence if isinstance(error, RecdeskError) else error
            said = Message("cluster.storage-away", storage=self._storage.address, reason=reason)
            self._emit(Warned(sentence=said, urgent=True))
        return False

    def _send_again(self, head: HeadWatch) -> bool:
        """The job is over, or unknown to the head, and did not say that the run ended: send another one, unless jobs
        keep ending so."""
        before, self._reached = self._reached, reached(lines_of(FileLog(self._run.folder / EVENTS)))
        self._fruitless = self._fruitless + 1 if self._reached == before else 0
        if self._fruitless >= MOST_FRUITLESS or self._control.stopped:
            reason = Message("cluster.job-keeps-ending", host=self._cluster.host, count=self._cluster.attempt)
            log = self._head.log(self._cluster.submission)
            self._leave_interrupted(reason, Message("cluster.see-log"), log)
            return False
        self._emit(Warned(sentence=Message("cluster.job-again", host=self._cluster.host)))
        self._next_job()
        self._steered, self._stops_before = (False, 0), 0
        self._send()
        head.watch_next()
        return True

    def _given_up(self) -> bool:
        """Whether a run that was told twice to stop shows no sign of life."""
        if not self._control.hurried:
            return False
        self._hurried_at = self._hurried_at or time.monotonic()
        if time.monotonic() - self._hurried_at < GIVE_UP_SECONDS or self._mirror.seconds_silent() < GIVE_UP_SECONDS:
            return False
        self._leave_interrupted(Message("cluster.given-up", host=self._cluster.host), Message("cluster.resume-later"))
        return True

    def _leave_interrupted(self, reason: str, suggestion: str, details: str = "") -> None:
        """End the watch of a run that does not go on, with what is known of it; it can be resumed."""
        self._store.set_state(self._run, "interrupted", reason=reason, left=False)
        self._emit(Failed(sentence=reason, suggestion=suggestion, details=details))

    def _fetch(self) -> None:
        """Bring the run's files here; its last event comes after that."""
        self._emit(StageProgress(stage="fetching", share=0.0))
        while True:
            try:
                failed = fetch(self._run, self._cluster, self._storage, self._task("fetching", stops=False))
                break
            except CancelledError:  # left: the next look fetches it
                return
            except (OSError, RecdeskError) as error:
                self._wait_for_storage(error)
                begun = time.monotonic()
                while time.monotonic() - begun < FETCH_SECONDS:
                    if self._control.left or self._control.hurried:
                        return
                    time.sleep(POLL_SECONDS)
        events: list[Event] = list(self._mirror.pull(held=False))
        if failed is not None and not any(isinstance(event, Failed | Finished) for event in events):
            events.append(failed)
        for event in events:
            self._emit(event)

    def _task(self, stage: str, stops: bool = True) -> Task:
        """A task whose progress is the stage's, cancelled when the run is stopped or left."""
        return Task(throttled(stage, self._emit), lambda: self._control.left or (stops and self._control.stopped))

    def _end_unsent(self) -> None:
        if self._control.left:
            return
        reason = Message("cluster.stopped-before")
        with contextlib.suppress(RecdeskError):
            self._store.set_state(self._run, "stopped", reason=reason)
        self._say(Finished(state="stopped", reason=reason, seconds=self._run.seconds, metrics={}))

    def _say(self, event: Event) -> None:
        """Pass an event of this side on; it is kept in the log, which is sent with the run, until that is sent."""
        if self._logs:
            self._mirror.append(event)
        self._emit(event)
