"""The queue of runs in the window: it trains the next run when one has ended."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from recdesk.core.errors import RecdeskError
from recdesk.core.messages import Message
from recdesk.gui import words
from recdesk.gui.jobs import JobContext
from recdesk.gui.messages import translated
from recdesk.gui.training_controller import Ready, ready
from recdesk.workspace.runs import Run

if TYPE_CHECKING:
    from recdesk.data.split_kinds import SplitKind
    from recdesk.gui.session import Session
    from recdesk.training.config import RunConfig

_CHANGE = "queue.change"


class QueueController(QObject):
    """Adds runs to the queue of the workspace, changes their order, and trains them one after the other.

    Signals:
        changed: the queue is another, or it began or paused.

    Attributes:
        waiting: the runs that wait, in their order, as they were read last.
        active: whether the next run begins when nothing is trained.
    """

    changed = Signal()

    def __init__(self, session: "Session") -> None:
        super().__init__(session)
        self._session = session
        self.waiting: list[Run] = []
        self.active = False
        self._run = ""
        session.training.state_changed.connect(self._state_changed)
        session.tuning.changed.connect(self._go_on)

    def refresh(self) -> None:
        """Read the queue: another process may have changed it."""
        self._change(lambda: None)

    def add(self, dataset: str, config: "RunConfig", split: "SplitKind") -> None:
        """Add a run with these settings at the end; it begins when the queue is started."""
        workspace, session = self._session.workspace, self._session

        def added() -> None:
            run = workspace.create_run(dataset, config, split)
            workspace.queue.add([run.id])

        def said() -> None:
            session.runs_changed.emit()
            waiting = translated(Message("queue.waiting", count=len(self.waiting)))
            session.status_changed.emit(words.together(waiting, self.tr("Start it from the list of what runs.")))

        self._change(added, said)

    def start(self) -> None:
        """Train what waits, as soon as nothing else is trained."""
        self.active = True
        self._change(lambda: self._session.workspace.queue.set_paused(False), self._go_on)

    def pause(self) -> None:
        """Begin no further run; the one under way goes on."""
        self.active = False
        self._change(lambda: self._session.workspace.queue.set_paused(True))

    def remove(self, run_id: str) -> None:
        """Take a run out of the queue; it stays under Runs."""
        self._change(lambda: self._session.workspace.queue.remove(run_id))

    def move(self, run_id: str, by: int) -> None:
        """Move a run forward (negative) or back."""
        self._change(lambda: self._session.workspace.queue.move(run_id, by))

    def _change(self, change: Callable[[], object], done: Callable[[], object] = lambda: None) -> None:
        """Change the queue on disk in a job, and read it again."""
        queue = self._session.workspace.queue

        def work(_context: JobContext) -> list[Run]:
            change()
            return queue.waiting()

        def changed(waiting: list[Run]) -> None:
            self.waiting = waiting
            done()
            self.changed.emit()

        self._session.jobs.run(self.tr("Changing the queue"), work, changed, visible=False)

    def _free(self) -> bool:
        return self._session.training.state == "idle" and not self._session.tuning.active

    def _go_on(self) -> None:
        """Begin the next run, if there is one and nothing is trained."""
        from recdesk.gui.starting import STARTING

        session, queue = self._session, self._session.workspace.queue
        if not self.active or not self._free() or session.read_only or session.jobs.at_work(STARTING):
            return

        def find(_context: JobContext) -> Ready | None:
            run = queue.next()
            return None if run is None else ready(run.folder, resume=run.state != "queued")

        title = self.tr("Preparing the run")
        session.jobs.run(title, find, self._begin, self._failed, visible=False, replaces=STARTING)

    def _begin(self, found: Ready | None) -> None:
        if found is None:
            self.active = False
        elif self.active and self._free():
            run, earlier = found
            self._run = run.id
            self._session.choose_run(run.id)
            self._session.training.start(run, earlier)
        self.refresh()

    def _failed(self, error: RecdeskError) -> None:
        self.active = False
        self.changed.emit()
        self._session.fail(error)

    def _state_changed(self, state: str) -> None:
        if state == "stopping" and self._run:
            self.active = False  # who stops a run does not want the next one at once
        if state != "idle":
            return
        ended, self._run = self._run, ""
        if ended:
            self._change(lambda: self._session.workspace.queue.end(ended), self._go_on)
        else:
            self._go_on()
