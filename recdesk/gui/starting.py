"""Begins a run: its folder is made or read off the GUI thread, then it is trained."""

from collections.abc import Callable

from PySide6.QtCore import QCoreApplication

from recdesk.gui.jobs import Job
from recdesk.gui.session import Session
from recdesk.gui.training_controller import Ready

STARTING = "run.start"
"""Key of the job, of which there is one at a time."""


def begin_run(session: Session, find: Callable[[], Ready]) -> Job[Ready]:
    """Choose and train the run that `find` makes or reads on a worker thread, unless another one began meanwhile."""

    def begin(found: Ready) -> None:
        if session.training.state == "idle" and not session.tuning.active:
            run, earlier = found
            session.choose_run(run.id)
            session.training.start(run, earlier)

    title = QCoreApplication.translate("Starting", "Preparing the run")
    return session.jobs.run(title, lambda _context: find(), begin, visible=False, replaces=STARTING)
