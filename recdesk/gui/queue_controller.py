"""The queue of runs in the window: it trains the next run when one has ended."""

import itertools
import threading
from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from recdesk.core.errors import RecdeskError
from recdesk.core.messages import Message
from recdesk.gui import words
from recdesk.gui.jobs import JobContext
from recdesk.gui.messages import translated
from recdesk.gui.training_controller import STARTING, Ready, TrainingController, ready
from recdesk.workspace.run_groups import create_group, find_group
from recdesk.workspace.runs import Run

if TYPE_CHECKING:
    from recdesk.data.split_kinds import SplitKind
    from recdesk.gui.jobs import Job, Jobs
    from recdesk.gui.tuning_controller import TuningController
    from recdesk.training.config import RunConfig
    from recdesk.workspace.run_cluster import ClusterRecord
    from recdesk.workspace.workspace import Workspace

REPEATING = "queue.repeat"
"""Key of the job that makes the runs of a group."""


class QueueController(QObject):
    """Adds runs to the queue of the workspace, changes their order, and trains them one after the other.

    Signals:
        changed: the queue is another, or it began or paused.
        begun: the next run begins (its id).
        said: a sentence on what was added.
        failure: the next run could not be read (a RecdeskError); the queue pauses.

    Attributes:
        waiting: the runs that wait, in their order, as they were read last.
        active: whether the next run begins when nothing is trained.
    """

    changed = Signal()
    begun = Signal(str)
    said = Signal(str)
    failure = Signal(object)

    def __init__(
        self,
        workspace: "Workspace",
        training: TrainingController,
        tuning: "TuningController",
        jobs: "Jobs",
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._workspace, self._training, self._tuning, self._jobs = workspace, training, tuning, jobs
        self.waiting: list[Run] = []
        self.active = False
        self._run = ""
        self._one_at_a_time, self._readings, self._shown = threading.Lock(), itertools.count(1), 0
        training.state_changed.connect(self._state_changed)
        tuning.changed.connect(self._go_on)

    def refresh(self) -> None:
        """Read the queue: another process may have changed it."""
        self._change(lambda: None)

    def add(
        self,
        dataset: str,
        config: "RunConfig",
        split: "SplitKind",
        repeat: int = 1,
        begin: bool = False,
        cluster: "ClusterRecord | None" = None,
    ) -> "Job[tuple[int, list[Run]]]":
        """Add a run with these settings at the end, which begins when the queue is started; where nothing waited while
        another run is under way, after that one.

        Args:
            dataset, config, split: of the run.
            repeat: how many runs with seeds of their own are made, which are one group.
            begin: put it first and start the queue.
            cluster: where it is trained; None for this computer.
        """
        workspace, follows = self._workspace, not self.waiting and not self._free()

        def added() -> None:
            if repeat > 1:
                runs = create_group(workspace, dataset, config, split, repeat, cluster).runs
            else:
                runs = (workspace.create_run(dataset, config, split, cluster=cluster),)
            workspace.queue.add([run.id for run in runs], first=begin)
            if begin or follows:
                workspace.queue.set_paused(False)

        def said() -> None:
            if begin:
                self._begin_now()
                return
            self.active = self.active or follows
            waiting = translated(Message("queue.waiting", count=len(self.waiting)))
            how = self.tr("Start it from the list of what runs, which a click on the left of the status strip opens.")
            if self.active:
                how = self.tr("The first begins after this run.")
            self.said.emit(words.together(waiting, how))
            self._go_on()

        return self._change(added, said, REPEATING if begin else "")

    def go_on_with_group(self, group_id: str) -> None:
        """Train what is left of a group of seeds, before all else that waits."""
        workspace = self._workspace

        def added() -> None:
            workspace.queue.add([run.id for run in find_group(workspace, group_id).left], first=True)
            workspace.queue.set_paused(False)

        self._change(added, self._begin_now, REPEATING)

    def _begin_now(self) -> None:
        self.active = True
        self._go_on()

    def start(self) -> None:
        """Train what waits, as soon as nothing else is trained."""
        self.active = True
        self._change(lambda: self._workspace.queue.set_paused(False), self._go_on)

    def pause(self) -> None:
        """Begin no further run; the one under way goes on."""
        self.active = False
        self._change(lambda: self._workspace.queue.set_paused(True))

    def remove(self, run_id: str) -> None:
        """Take a run out of the queue; it stays under Runs."""
        self._change(lambda: self._workspace.queue.remove(run_id))

    def move(self, run_id: str, by: int) -> None:
        """Move a run forward (negative) or back."""
        self._change(lambda: self._workspace.queue.move(run_id, by))

    def _change(
        self, change: Callable[[], object], done: Callable[[], object] = lambda: None, key: str = ""
    ) -> "Job[tuple[int, list[Run]]]":
        """Change the queue on disk in a job, and read it again. Of several jobs at once the last that reads is shown:
        it has seen the changes of the others."""
        queue = self._workspace.queue

        def work(_context: JobContext) -> tuple[int, list[Run]]:
            with self._one_at_a_time:
                change()
                return next(self._readings), queue.waiting()

        def changed(found: tuple[int, list[Run]]) -> None:
            if found[0] > self._shown:
                self._shown, self.waiting = found
            done()
            self.changed.emit()

        return self._jobs.run(self.tr("Changing the queue"), work, changed, visible=False, replaces=key)

    def _free(self) -> bool:
        return self._training.state == "idle" and not self._tuning.active

    def _go_on(self) -> None:
        """Begin the next run, if there is one and nothing is trained."""
        queue = self._workspace.queue
        if not self.active or not self._free() or self._jobs.at_work(STARTING):
            return

        def find(_context: JobContext) -> Ready | None:
            run = queue.next()
            return None if run is None else ready(run.folder, resume=run.state != "queued")

        title = self.tr("Preparing the run")
        self._jobs.run(title, find, self._begin, self._failed, visible=False, replaces=STARTING)

    def _begin(self, found: Ready | None) -> None:
        if found is None:
            self.active = False
        elif self.active and self._free():
            run, earlier = found
            self._run = run.id
            self.begun.emit(run.id)
            self._training.start(run, earlier)
        self.refresh()

    def _failed(self, error: RecdeskError) -> None:
        self.active = False
        self.changed.emit()
        self.failure.emit(error)

    def _state_changed(self, state: str) -> None:
        if state == "stopping":
            self.active = False  # who stops a run does not want the next one at once
        if state != "idle":
            return
        ended, self._run = self._run, ""
        if ended:
            self._change(lambda: self._workspace.queue.end(ended), self._go_on)
        else:
            self._go_on()
